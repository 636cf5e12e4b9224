"""Predictions about explorers.whole_network.whole_network()."""

import numpy as np

from lessonkit import explorers
from lessonkit.explorers.whole_network.facts import Facts
from lessonkit.live.ask import Choice, ask
from lessonkit.questions.states import facts_at

UNMOVED = "'input=a test digit' digit=101 shift_x=0 shift_y=0 turn=0 scale=1 blur=0"
MOVED = UNMOVED.replace("shift_x=0", "shift_x=2")


def whole_network(explorer):
    """Ask what one number is made of, and what a shift does to the maps and to the answer."""
    return ask(explorer, Facts, "whole_network.whole_network", PRODUCTS, MAPS, ANSWER)


def is_moved(facts):
    """Tell whether the digit shown is the first picture's, two pixels further right."""
    return facts.moves["shift_x"] == 2 and np.array_equal(facts.digit, _at(MOVED).digit)


def columns_moved(facts, stage):
    """Return by how many columns a stage's maps have moved to the right, but for the border."""
    before, after = _at(UNMOVED).stages[stage], facts.stages[stage]
    width = after.shape[-1]
    moved = (np.array_equal(before[..., : width - n], after[..., n:]) for n in range(width))
    return list(moved).index(True)


PRODUCTS = Choice(
    name="products",
    text="One number of the second convolution: of how many products is it the sum?",
    options={
        "25, as in the first": "Its window is 5×5, but in each of the six maps.",
        "150": "A window of 5×5 in each of the six maps.",
        "864, all that the six maps hold": "A fully connected layer would add up all of them.",
    },
    right="150",
    settled=lambda facts: facts.making.stage == "convolution 2",
    state=f"{UNMOVED} 'stage=convolution 2' map=3 row=4 column=4",
    finding=lambda facts: (
        f"It adds up {facts.making.products.size} products: its kernel has 5×5 weights for each of "
        f"the {len(facts.making.window)} maps before it."
    ),
)

MAPS = Choice(
    name="maps",
    text="The 6 (digit 101) moves 2 pixels to the right. What do the first pooled maps do?",
    options={
        "They stay: pooling forgives small shifts": "A window of 2×2 forgives less than its width.",
        "They move one column to the right": "Two pixels are one window.",
        "They change beyond recognition": "Each layer so far does the same at every place.",
    },
    right="They move one column to the right",
    settled=is_moved,
    state=MOVED,
    finding=lambda facts: (
        f"They hold the same numbers, {columns_moved(facts, 'pooling 1')} column further right."
    ),
)

ANSWER = Choice(
    name="answer",
    text="And what does the network say of this 6, two pixels further right?",
    options={
        "6: a small shift does not matter": "It has been trained on digits in the middle only.",
        "Another digit, with a probability below 0.5": "It is not in doubt at all.",
        "Another digit, with a probability above 0.9": "",
    },
    right="Another digit, with a probability above 0.9",
    settled=is_moved,
    state=MOVED,
    finding=lambda facts: (
        f"It says {facts.answer} with {facts.probabilities[facts.answer]:.2f}. The maps have moved "
        "along; the layer that decides has not."
    ),
)


def _at(code):
    return facts_at(explorers.whole_network.whole_network, code)
