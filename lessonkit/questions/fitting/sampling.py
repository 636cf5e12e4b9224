"""Predictions about explorers.fitting.sampling()."""

import numpy as np

from lessonkit import explorers
from lessonkit.explorers.fitting.sampling import Facts
from lessonkit.explorers.words import number, percent
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_x
from lessonkit.questions.states import facts_at


def sampling(explorer):
    """Ask whether a large sample from one corner stands for the whole."""
    return ask(explorer, Facts, "fitting.sampling", CORNER, SIZE)


def is_state(facts, code):
    """Tell whether the same pixels of the same picture are taken as in a state of the explorer."""
    there = facts_at(explorers.fitting.sampling, code)
    return facts.whole.mean == there.whole.mean and np.array_equal(facts.taken, there.taken)


def share(facts):
    """Return what share of the pixels is taken."""
    return facts.sample.pixels / facts.whole.pixels


CORNER = Number(
    name="corner",
    text="All pixels have a mean brightness of 0.506. And a tenth of them, all from the top left "
    "corner?",
    low=0,
    high=1,
    step=0.01,
    truth=lambda facts: facts.sample.mean,
    close=0.06,
    mark=at_x(1),
    believed=lambda facts, guess: (
        "Many pixels alone make no good sample: these are all sky and shoulder."
        if 0.4 < guess < 0.6
        else ""
    ),
    settled=lambda facts: is_state(facts, CORNER.state),
    state="photograph=camera way=corner fraction=0.1",
    finding=lambda facts: (
        f"{percent(share(facts))} of the pixels, all from a corner, have a mean of "
        f"{number(facts.sample.mean)}; all pixels have {number(facts.whole.mean)}."
    ),
)

SIZE = Choice(
    name="size",
    text="One pixel in a thousand, at random: 66, whose errors mostly cancel. Their mean is off "
    "by …",
    options={
        "more than a tenth of the scale": "66 sounds like too few, but they come from everywhere.",
        "a few hundredths": "",
        "nothing that can be seen": "66 pixels are few: some chance remains.",
    },
    right="a few hundredths",
    settled=lambda facts: is_state(facts, SIZE.state),
    state="photograph=camera way=random fraction=0.001",
    finding=lambda facts: (
        f"{facts.sample.pixels} random pixels have a mean of {number(facts.sample.mean)}, all have "
        f"{number(facts.whole.mean)}. A corner with {_corner_pixels():,} has {_corner_mean()}."
    ),
)


def _corner_pixels():
    return facts_at(explorers.fitting.sampling, CORNER.state).sample.pixels


def _corner_mean():
    return number(facts_at(explorers.fitting.sampling, CORNER.state).sample.mean)
