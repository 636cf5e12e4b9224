"""Predictions about explorers.pooling.anywhere()."""

import numpy as np

from lessonkit import explorers
from lessonkit.explorers.pooling.anywhere import Facts
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, ask
from lessonkit.questions.states import facts_at


def anywhere(explorer):
    """Ask what the maxima of small windows do when the digit moves."""
    return ask(explorer, Facts, "pooling.anywhere", MAXIMA)


def places_moved(facts):
    """Return how many columns the 2×2 maxima are further right than in the first picture."""
    first = facts_at(explorers.pooling.anywhere).maxima
    moved = (np.roll(first, columns, axis=1) for columns in range(len(first)))
    return [np.array_equal(maxima, facts.maxima) for maxima in moved].index(True)


MAXIMA = Choice(
    name="maxima",
    text="The digit moves from 21 to 23, 2 pixels to the right. What do the 2×2 maxima do?",
    options={
        "They stay: pooling forgives small shifts": "They still say where the digit stands, only "
        "less finely.",
        "They move one place to the right": "Two pixels are one window.",
        "They move two places, as the digit does": "Each stands for two columns of the map.",
    },
    right="They move one place to the right",
    settled=lambda facts: (facts.right, facts.down) == (23, 9),
    state="right=23 down=9",
    finding=lambda facts: (
        f"The same maxima now stand {places_moved(facts)} column further right. Only the maximum "
        f"of the whole map has not moved: it is {number(facts.maximum)}."
    ),
)
