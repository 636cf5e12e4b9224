"""Predictions about explorers.nonlinearity.smile()."""

from lessonkit.explorers.nonlinearity.smile import Facts, measure
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_x


def smile(explorer):
    """Ask how many bends a smile needs, and what twice as many straight pieces gain."""
    return ask(explorer, Facts, "nonlinearity.smile", PIECES, BELOW_ONE_PERCENT)


def units_below(percent):
    """Return the smallest number of units whose largest error is below so many percent."""
    return next(units for units in range(41) if measure(units).error < percent)


PIECES = Choice(
    name="pieces",
    text="With twice as many straight pieces, the largest error is …",
    options={
        "half as large": "It falls faster than in proportion.",
        "a quarter as large": "",
        "just as large, as the pieces stay straight": "They do stay straight, but each "
        "has less to bridge.",
    },
    right="a quarter as large",
    settled=lambda facts: facts.units >= 9,
    state="units=9",
    finding=lambda facts: (
        f"5 pieces leave {number(measure(4).error)} % of the smile's height, 10 pieces "
        f"{number(measure(9).error)} %. A curve as smooth as this strays only a quarter as far "
        "from a straight piece half as wide."
    ),
)

BELOW_ONE_PERCENT = Number(
    name="below_one_percent",
    text="How many ReLU units does it take until the largest error is below 1 %?",
    low=1,
    high=40,
    step=1,
    truth=lambda facts: units_below(1),
    close=2,
    mark=at_x(1, height=0.42),
    believed=lambda facts, guess: (
        "Many believe that a curve needs a great many straight pieces."
        if guess > units_below(1)
        else ""
    ),
    settled=lambda facts: facts.error < 1,
    state="units=7",
    finding=lambda facts: (
        f"{units_below(1)} units are enough: the error is then "
        f"{number(measure(units_below(1)).error)} %. It is the bends that draw the smile."
    ),
)
