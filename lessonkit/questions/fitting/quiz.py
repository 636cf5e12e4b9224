"""The quiz at the end of notebooks/02_fitting.ipynb."""

from lessonkit import explorers
from lessonkit.explorers.words import number
from lessonkit.live import ask
from lessonkit.questions.states import facts_at


def quiz():
    """Ask what the chapter has shown."""
    questions = UNDERFITS, OVERFITS, CHOOSE, CURE, RIDGE, SAMPLE
    return ask.quiz("fitting.quiz", *questions)


def fitted(code):
    """Return the facts of a fit to the wave."""
    return facts_at(explorers.fitting.capacity, code)


def errors(code):
    """Return in words how far off a fit is, on the points seen and on new ones."""
    facts = fitted(code)
    return (
        f"{number(facts.seen_error)} on the points seen and {number(facts.new_error)} on new ones"
    )


UNDERFITS = ask.Choice(
    name="underfits",
    text="A model does badly on what it has seen and on what is new. It …",
    options={
        "overfits": "A model that overfits does well on what it has seen.",
        "underfits": "It sees too little.",
        "needs more examples": "They do not help what is too simple.",
    },
    right="underfits",
    finding=lambda facts: f"A straight line was off by {errors('degree=1')}.",
)

OVERFITS = ask.Choice(
    name="overfits",
    text="The error on the points seen is 0. What does that say about new points?",
    options={
        "The error there is 0 too": "It would be, if the points had no errors of their own.",
        "The error there is small": "It can be many times the noise.",
        "Nothing yet": "Only points that the model has not seen can tell.",
    },
    right="Nothing yet",
    finding=lambda facts: f"Degree 15 was off by {errors('degree=15')}.",
)

CHOOSE = ask.Choice(
    name="choose",
    text="You choose the degree by the error on some points. Which points?",
    options={
        "Those the model was fitted to": "By these the highest degree always wins.",
        "Those kept for the final mark": "Points that helped to choose are no longer new.",
        "Points kept for choosing alone": "They are the validation set.",
    },
    right="Points kept for choosing alone",
    finding=lambda facts: (
        f"On the points seen, degree 15 had the smallest error, "
        f"{number(fitted('degree=15').seen_error)}; on new ones it was degree "
        f"{fitted('degree=15').best}."
    ),
)

CURE = ask.Choice(
    name="cure",
    text="What do more examples cure?",
    options={
        "Overfitting": "",
        "Underfitting": "A straight line stays a straight line.",
        "Both": "Only what has capacity to spare gains from them.",
    },
    right="Overfitting",
    finding=lambda facts: (
        f"With 200 points, degree 15 was off by {number(fitted('degree=15 points=200').new_error)} "
        f"on new ones, a straight line by {number(fitted('degree=1 points=200').new_error)}."
    ),
)

RIDGE = ask.Choice(
    name="ridge",
    text="What does a ridge do?",
    options={
        "It lowers the degree": "The degree stays; wild curves become expensive.",
        "It puts a price on large coefficients": "It is a brake.",
        "It removes the noise from the data": "The data stay as they are.",
    },
    right="It puts a price on large coefficients",
    finding=lambda facts: (
        f"With a ridge of 1, degree 15 was off by {number(fitted('degree=15 ridge=1').new_error)} "
        f"on new points instead of {number(fitted('degree=15').new_error)}; with 10 it "
        f"underfitted, off by {number(fitted('degree=15 ridge=10').new_error)}."
    ),
)

SAMPLE = ask.Choice(
    name="sample",
    text="What matters most if a part is to stand for the whole?",
    options={
        "That it is large": "A tenth of the photograph, from a corner, was far off.",
        "That it comes from everywhere": "",
        "That it is regular": "Every 16th column of a striped picture saw only light stripes.",
    },
    right="That it comes from everywhere",
    finding=lambda facts: (
        f"One pixel in a hundred, at random, had a mean of {_mean('way=random fraction=0.01')}; a "
        f"tenth of all, from a corner, {_mean('way=corner fraction=0.1')}; all had "
        f"{number(facts_at(explorers.fitting.sampling).whole.mean)}."
    ),
)


def _mean(code):
    return number(facts_at(explorers.fitting.sampling, code).sample.mean)
