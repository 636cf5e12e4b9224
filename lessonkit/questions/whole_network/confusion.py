"""Predictions about explorers.whole_network.confusion()."""

from lessonkit.explorers.whole_network.confusion import Facts
from lessonkit.explorers.whole_network.facts import UNMOVED
from lessonkit.live.ask import Choice, ask


def confusion(explorer):
    """Ask what moved digits are taken for."""
    return ask(explorer, Facts, "whole_network.confusion", ONES, NINES)


def is_moved(facts, **moves):
    """Tell whether all test digits have been read, moved in this way alone."""
    return facts.moves == UNMOVED | moves and facts.matrix.sum() == 1000


STILL = "shift_x=0 shift_y=0 turn=0 scale=1 blur=0"

ONES = Choice(
    name="ones",
    text="All digits move 4 pixels to the right. What are most of the ones read as?",
    options={
        "As ones: a stroke is a stroke": "The last layer has learned where a one stands, too.",
        "As all kinds of digits": "The errors are not scattered; they go one way.",
        "As fours": "",
    },
    right="As fours",
    settled=lambda facts: is_moved(facts, shift_x=4),
    state=STILL.replace("shift_x=0", "shift_x=4"),
    finding=lambda facts: (
        f"Of {facts.matrix[1].sum()} ones, {facts.matrix[1, 4]} are read as 4. Accuracy alone does "
        "not tell you how a network fails."
    ),
)

NINES = Choice(
    name="nines",
    text="All digits are turned counter-clockwise by 90°. What are most of the nines read as?",
    options={
        "As nines": "It has never seen one that lies on its side.",
        "As sixes": "And yet a nine must be turned twice as far to be one.",
        "As fours": "That is what becomes of the ones.",
    },
    right="As sixes",
    settled=lambda facts: is_moved(facts, turn=90),
    state=STILL.replace("turn=0", "turn=90"),
    finding=lambda facts: f"{facts.matrix[9, 6]} of the nines are read as 6.",
)
