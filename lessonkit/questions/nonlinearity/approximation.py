"""Predictions about explorers.nonlinearity.approximation()."""

from lessonkit.explorers.nonlinearity.approximation import Facts, measure
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_y


def approximation(explorer):
    """Ask how well a wave, a row of pixels and a step can be followed."""
    return ask(explorer, Facts, "nonlinearity.approximation", PIXELS, STEP)


def error_of(target, units):
    """Return the largest error that so many ReLU units leave, in % of the target's height."""
    return measure(target, "relu", units).error


PIXELS = Choice(
    name="pixels",
    text="To be followed as closely as a wave of two periods, a jagged row of pixels needs …",
    options={
        "as many units: the theorem holds for both": "It promises that some number is enough for "
        "each. It does not say which.",
        "many more units": "",
        "no number is enough": "It is continuous, so some number is.",
    },
    right="many more units",
    settled=lambda facts: facts.errors == measure("row of pixels").errors,
    state="'target=row of pixels' activation=ReLU hidden_units=20",
    finding=lambda facts: (
        f"20 ReLU units leave {number(error_of('sine wave', 20))} % of the wave's height, but "
        f"{number(error_of('row of pixels', 20))} % of the row's; 100 units leave "
        f"{number(error_of('row of pixels', 100))} % of it."
    ),
)

STEP = Number(
    name="step",
    text="A step jumps at one place. With 100 ReLU units, how large is the largest error?",
    low=1,
    high=100,
    step=1,
    unit=" %",
    truth=lambda facts: error_of("step", 100),
    close=3,
    mark=at_y(2),
    believed=lambda facts, guess: (
        "The theorem promises any accuracy, but only for what is continuous, and a jump is not."
        if guess < 47
        else ""
    ),
    settled=lambda facts: facts.errors == measure("step").errors and facts.units == 100,
    state="target=step activation=ReLU hidden_units=100",
    finding=lambda facts: (
        f"It is {number(error_of('step', 100))} % of the height, half the jump, with 100 units as "
        f"with 10 ({number(error_of('step', 10))} %). Close to the jump the network must be "
        "somewhere in between."
    ),
)
