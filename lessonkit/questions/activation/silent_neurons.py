"""Predictions about explorers.activation.silent_neurons()."""

from lessonkit import explorers
from lessonkit.explorers.activation.silent_neurons import Facts
from lessonkit.explorers.words import percent
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_x
from lessonkit.questions.states import facts_at


def silent_neurons(explorer):
    """Ask how many neurons a bias silences, and whether sigmoid ever falls silent."""
    return ask(explorer, Facts, "activation.silent_neurons", BIAS, SIGMOID)


BIAS = Number(
    name="bias",
    text="With a bias of 0 half of ReLU's values are active. And with a bias of −1?",
    low=0,
    high=100,
    step=1,
    unit=" %",
    truth=lambda facts: 100 * (1 - facts.relu_zero),
    close=5,
    mark=at_x(3, name=0.5),
    believed=lambda facts, guess: (
        "A bias of −1 is about as large as a typical sum, so it silences most."
        if guess > 30
        else ""
    ),
    settled=lambda facts: facts.relu_zero == _at_bias_minus_one().relu_zero,
    state="bias=-1",
    finding=lambda facts: f"At a bias of −1 only {percent(1 - facts.relu_zero)} stay active.",
)

SIGMOID = Choice(
    name="sigmoid",
    text="Sigmoid instead of ReLU, bias −1: what share of its values is exactly 0?",
    options={
        "about as many as after ReLU": "Its small values are small, not 0.",
        "those below 0.1": "A neuron that says 0.05 is quiet, but it is not silent.",
        "none": "Yes.",
    },
    right="none",
    settled=lambda facts: (
        facts.activation == "sigmoid" and facts.relu_zero == _at_bias_minus_one().relu_zero
    ),
    state="bias=-1 activation=sigmoid",
    finding=lambda facts: (
        f"{percent(facts.sigmoid_zero)} of sigmoid's values are exactly 0, and "
        f"{percent(facts.sigmoid_small)} are smaller than 0.1. Every connection stays."
    ),
)


def _at_bias_minus_one():
    return facts_at(explorers.activation.silent_neurons, "bias=-1")
