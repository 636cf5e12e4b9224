"""Predictions about explorers.fitting.capacity()."""

from lessonkit import explorers
from lessonkit.explorers.fitting.capacity import Facts
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_y
from lessonkit.questions.states import facts_at


def capacity(explorer):
    """Ask what noise does to an exact fit, and what more points do."""
    return ask(explorer, Facts, "fitting.capacity", NO_NOISE, MORE_POINTS)


def of_degree(facts, degree, points, noise):
    """Tell whether a polynomial of this degree without a ridge is fitted to such points."""
    x, _ = facts.study.seen
    shown = facts.model, facts.capacity, facts.ridge, x.size, facts.study.noise
    return shown == ("polynomial", degree, 0, points, noise)


NO_NOISE = Choice(
    name="no_noise",
    text="Degree 15, fitted to 16 points, is far off on new ones. Without any noise it would be …",
    options={
        "just as far off: it has too many bends": "It bends only as the points make it bend.",
        "less far off, but worse than degree 3": "Without noise even degree 3 is further off.",
        "as good as exact": "Then there are no errors to follow.",
    },
    right="as good as exact",
    settled=lambda facts: of_degree(facts, 15, 16, 0),
    state="model=polynomial 'data=noisy sine' degree=15 ridge=0 points=16 noise=0 seed=2",
    finding=lambda facts: (
        f"Without noise it is off by {number(facts.new_error)} on new points; with a noise of 0.3, "
        f"by {number(facts_at(explorers.fitting.capacity, 'degree=15').new_error)}. What a model "
        "overfits to is the errors in its data."
    ),
)

MORE_POINTS = Number(
    name="more_points",
    text="Degree 15 is off by 3.49 on new points if it has seen 16. And if it has seen 200?",
    low=0.1,
    high=8,
    step=0.1,
    truth=lambda facts: facts.new_error,
    close=0.1,
    mark=at_y(1),
    belongs=lambda facts: facts.model == "polynomial" and facts.study.noise is not None,
    believed=lambda facts, guess: _belief_about_more_points(guess),
    settled=lambda facts: of_degree(facts, 15, 200, 0.3),
    state="model=polynomial 'data=noisy sine' degree=15 ridge=0 points=200 noise=0.3 seed=2",
    finding=lambda facts: (
        f"With 200 points degree 15 is off by {number(facts.new_error)} on new ones, as good as it "
        "gets with this noise."
    ),
)


def _belief_about_more_points(guess):
    if guess < 0.3:
        return "New points are noisy too, and no model can foresee their noise."
    if guess > 3.4:
        return "Our source says that more complete data is not better. Here it is."
    return "It could bend as much as before, but 200 points hold it."
