"""Predictions about explorers.activation.silent_neurons()."""

import numpy as np

from lessonkit import explorers
from lessonkit.explorers.activation.silent_neurons import Facts
from lessonkit.explorers.words import percent
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_x
from lessonkit.questions.states import facts_at


def silent_neurons(explorer):
    """Ask how many neurons a bias silences, and whether the silent ones are always the same."""
    return ask(explorer, Facts, "activation.silent_neurons", BIAS, OTHERS)


BIAS = Number(
    name="bias",
    text="With a bias of 0 about half of ReLU's values are active. And with a bias of −1?",
    low=0,
    high=100,
    step=1,
    unit=" %",
    truth=lambda facts: 100 * (1 - facts.relu_zero),
    close=5,
    mark=at_x(3, bottom=0.73, height=0.88, name=0.72),
    believed=lambda facts, guess: (
        "A bias of −1 is about as large as a typical sum, so it silences most."
        if guess > 30
        else ""
    ),
    settled=lambda facts: facts.relu_zero == _at(BIAS.state).relu_zero,
    state="bias=-1",
    finding=lambda facts: f"At a bias of −1 only {percent(1 - facts.relu_zero)} stay active.",
)

OTHERS = Choice(
    name="others",
    text="On this patch 11 of the 20 ReLU neurons are silent. On another patch …",
    options={
        "the same ones: their weights are too small": "A sum can be negative with any weights.",
        "about as many, but not the same ones": "",
        "all of them or none": "Patches differ, but none is that one-sided.",
    },
    right="about as many, but not the same ones",
    settled=lambda facts: facts.relu_zero == _at("").relu_zero and is_told_apart(facts),
    state="patch=7 bias=0 activation=ReLU",
    finding=lambda facts: (
        f"On patch 5, {_at('').silent} of the 20 are silent; on this one, {facts.silent}, and not "
        "the same ones. The weights have not changed: the input decides who speaks."
    ),
)


def is_told_apart(facts):
    """Tell whether ReLU silences other neurons than on the patch that is shown first."""
    return facts.activation == "relu" and np.any((facts.values == 0) != (_at("").values == 0))


def _at(code):
    return facts_at(explorers.activation.silent_neurons, code)
