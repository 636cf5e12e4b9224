"""Predictions about explorers.whole_network.whole_network()."""

from lessonkit.explorers.whole_network.facts import Facts
from lessonkit.explorers.words import number, percent
from lessonkit.live.ask import Choice, ask


def whole_network(explorer):
    """Ask what ReLU leaves, and what a shift does to one answer and to all."""
    return ask(explorer, Facts, "whole_network.whole_network", RELU, SHIFTED, ALL)


def shift_alone(facts, shift_x):
    """Tell whether the digit is shifted to the right by this many pixels, and nothing else."""
    others = {name: value for name, value in facts.moves.items() if name != "shift_x"}
    unmoved = {"shift_y": 0, "turn": 0, "scale": 1, "blur": 0}
    return facts.moves["shift_x"] == shift_x and others == unmoved and facts.label is not None


UNMOVED = "'input=a test digit' digit=101 shift_x=0 shift_y=0 turn=0 scale=1 blur=0"

RELU = Choice(
    name="relu",
    text="Look at a square that is purple in “convolve”. In the ReLU map beside it, it is …",
    options={
        "orange: ReLU turns the sign": "That would be the absolute value.",
        "white": "Yes: what is negative becomes 0.",
        "purple, but paler": "That is leaky ReLU.",
    },
    right="white",
    settled=lambda facts: facts.making.stage == "ReLU 1" and facts.making.result == 0,
    state=f"{UNMOVED} 'stage=ReLU 1' map=3 row=0 column=0",
    finding=lambda facts: (
        f"This square was {number(facts.making.window.item())} before ReLU and is "
        f"{number(facts.making.result)} after it."
    ),
)

SHIFTED = Choice(
    name="shifted",
    text="The 6 moves two pixels to the right. What does the network say?",
    options={
        "6: pooling forgives a small shift": "It forgives a little in the maps; the last layer "
        "does not.",
        "another digit, but hardly surer than by chance": "It is not in doubt at all.",
        "another digit, and quite sure": "Yes.",
    },
    right="another digit, and quite sure",
    settled=lambda facts: shift_alone(facts, 2) and facts.label == 6,
    state=UNMOVED.replace("shift_x=0", "shift_x=2"),
    finding=lambda facts: (
        f"It says {facts.answer} with {facts.probabilities[facts.answer]:.2f}. The maps have moved "
        "along with the digit; the answer has not stayed."
    ),
)

ALL = Choice(
    name="all",
    text="All 1,000 test digits move four pixels to the right. How many are still read correctly?",
    options={
        "nearly all": "A network trained on digits in the middle has not learned others.",
        "about half": "Yes.",
        "one in ten, as by guessing": "That takes eight pixels.",
    },
    right="about half",
    settled=lambda facts: shift_alone(facts, 4),
    state=UNMOVED.replace("shift_x=0", "shift_x=4"),
    finding=lambda facts: (
        f"{percent(facts.accuracies['shift_x'])} are read correctly, and {percent(facts.accuracy)} "
        "where they stand in the middle."
    ),
)
