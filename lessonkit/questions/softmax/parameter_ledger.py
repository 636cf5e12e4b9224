"""Predictions about explorers.softmax.parameter_ledger()."""

import numpy as np

from lessonkit.explorers.softmax.parameter_ledger import Facts
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_x


def parameter_ledger(explorer):
    """Ask how the weights of three kinds of layer grow with the picture."""
    return ask(explorer, Facts, "softmax.parameter_ledger", DENSE, SHARED)


def is_single(facts, side):
    """Tell whether one map of this size becomes another."""
    return (facts.inputs, facts.outputs) == (side**2, side**2)


DENSE = Number(
    name="dense",
    text="A map of 64×64 becomes another, fully connected. How many weights: 10 to the power of …?",
    low=2,
    high=9,
    step=0.1,
    truth=lambda facts: float(np.log10(facts.dense)),
    close=0.2,
    mark=at_x(1, bottom=0.7, height=0.87, name=0.72, at=lambda guess: 10.0**guess),
    believed=lambda facts, guess: (
        "Twice the side is four times the inputs and four times the outputs." if guess < 7 else ""
    ),
    settled=lambda facts: is_single(facts, 64),
    state="input_size=64 kernel_size=5 in_channels=1 out_channels=1",
    finding=lambda facts: (
        f"Every output sees every input: {facts.inputs:,} times {facts.outputs:,}, "
        f"{facts.dense:,} weights."
    ),
)

SHARED = Choice(
    name="shared",
    text="The map grows from 32×32 to 64×64. The weights of a 5×5 convolution …",
    options={
        "grow fourfold": "That is how those of local connections grow.",
        "double": "The kernel does not know how large the map is.",
        "stay the same": "All outputs share them.",
    },
    right="stay the same",
    settled=lambda facts: is_single(facts, 64) and facts.kernel_size == 5,
    state="input_size=64 kernel_size=5 in_channels=1 out_channels=1",
    finding=lambda facts: (
        f"The convolution still has {facts.shared}; local connections have {facts.local:,} now."
    ),
)
