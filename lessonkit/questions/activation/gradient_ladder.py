"""Predictions about explorers.activation.gradient_ladder()."""

import numpy as np

from lessonkit import explorers
from lessonkit.explorers.activation.gradient_ladder import Facts
from lessonkit.explorers.words import number, scientific
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_y
from lessonkit.questions.states import facts_at


def gradient_ladder(explorer):
    """Ask what fifty layers leave of a gradient, and whether ReLU leaves it as it is."""
    return ask(explorer, Facts, "activation.gradient_ladder", FIFTY, RELU)


def is_at_scale_one(facts):
    """Tell whether the weights have the scale 1: then the ceiling is the one known for it."""
    code = f"activation={facts.activation} depth={facts.sizes.size} weight_scale=1"
    code = code.replace("relu", "ReLU")
    return np.array_equal(
        facts.ceiling, facts_at(explorers.activation.gradient_ladder, code).ceiling
    )


FIFTY = Number(
    name="fifty",
    text="Back through 50 layers of sigmoid, a gradient of 1 becomes 10 to the power of what?",
    low=-35,
    high=-2,
    step=1,
    truth=lambda facts: float(np.log10(facts.sizes[0])),
    close=3,
    mark=at_y(0, left=0.6, at=lambda guess: 10.0**guess),
    believed=lambda facts, guess: (
        "Every layer takes the same share again: nothing levels off." if guess > -20 else ""
    ),
    settled=lambda facts: (
        facts.activation == "sigmoid" and facts.sizes.size == 50 and is_at_scale_one(facts)
    ),
    state="activation=sigmoid depth=50 weight_scale=1",
    finding=lambda facts: (
        f"Of a gradient of size 1 there is {scientific(facts.sizes[0])} left: each layer "
        f"multiplies it by {number(facts.factor)}."
    ),
)

RELU = Choice(
    name="relu",
    text="ReLU's slope is 1 or 0. At weight scale 1, its gradient on the way back …",
    options={
        "stays as it is": "“ReLU does not let gradients vanish” is often heard, and not true.",
        "shrinks in every layer": "",
        "grows in every layer": "That takes larger weights.",
    },
    right="shrinks in every layer",
    settled=lambda facts: facts.activation == "relu" and is_at_scale_one(facts),
    state="activation=ReLU depth=20 weight_scale=1",
    finding=lambda facts: (
        f"At weight scale 1 it shrinks to {number(facts.factor)} of its size in each layer: about "
        "half of the neurons are on their flat side and pass nothing back."
    ),
)
