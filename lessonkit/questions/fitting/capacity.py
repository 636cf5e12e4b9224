"""Predictions about explorers.fitting.capacity()."""

from lessonkit.explorers.fitting.capacity import Facts
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_y


def capacity(explorer):
    """Ask what an exact fit is worth on new points, and what more points and a ridge change."""
    return ask(explorer, Facts, "fitting.capacity", EXACT, MORE_POINTS, EPOCHS)


def of_degree(facts, degree, points):
    """Tell whether a polynomial of this degree without a ridge is shown, fitted to so many points.

    The data must be the wave as it is at first.
    """
    x, _ = facts.study.seen
    is_wave = facts.study.noise == 0.3
    shown = facts.model, facts.capacity, facts.ridge, x.size
    return is_wave and shown == ("polynomial", degree, 0, points)


EXACT = Number(
    name="exact",
    text="Degree 15 passes through all 16 points. How far off is it, typically, on new ones?",
    low=0.1,
    high=8,
    step=0.1,
    truth=lambda facts: facts.new_error,
    close=0.7,
    mark=at_y(1),
    believed=lambda facts, guess: (
        "An exact fit keeps each point's error, and swings between the points to do so."
        if guess < 1
        else ""
    ),
    settled=lambda facts: of_degree(facts, 15, 16),
    state="model=polynomial 'data=noisy sine' degree=15 ridge=0 points=16 noise=0.3 seed=2",
    finding=lambda facts: (
        f"It is off by {number(facts.seen_error)} on the points seen and by "
        f"{number(facts.new_error)} on new ones, though the noise is only 0.3."
    ),
)

MORE_POINTS = Choice(
    name="more_points",
    text="Degree 15, but 200 points instead of 16: on new points it does …",
    options={
        "worse: more complete data is not better": "Our source says so, and it is the other way.",
        "no better: it still has as many bends": "It could bend as much, but 200 points hold it.",
        "much better": "Yes: there are too many points to follow each one's error.",
    },
    right="much better",
    settled=lambda facts: of_degree(facts, 15, 200),
    state="model=polynomial 'data=noisy sine' degree=15 ridge=0 points=200 noise=0.3 seed=2",
    finding=lambda facts: (
        f"With 200 points degree 15 is off by {number(facts.new_error)} on new ones, as good as it "
        "gets with this noise."
    ),
)

EPOCHS = Choice(
    name="epochs",
    text="The network is trained for 20,000 epochs. On new points, the last one is …",
    options={
        "the best: it has learned longest": "It has learned the 16 points longest, errors and all.",
        "as good as any: in the end nothing changes": "On the points seen it goes on changing.",
        "worse than one long before": "Yes. To stop in time is called early stopping.",
    },
    right="worse than one long before",
    settled=lambda facts: facts.model == "network" and facts.capacity == 20_000,
    state="model=network epoch=20,000",
    finding=lambda facts: (
        f"Epoch {facts.best} is the best on new points, off by "
        f"{number(facts.study.errors[1].min())}; after {facts.capacity:,} epochs it is "
        f"{number(facts.new_error)}, and {number(facts.seen_error)} on the points seen."
    ),
)
