"""Predictions about explorers.activation.training_race()."""

import numpy as np

from lessonkit import explorers
from lessonkit.explorers.activation.training_race import Facts
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_x
from lessonkit.questions.states import facts_at

TICKED = "sigmoid=true tanh=true relu=true own_rates=true epoch=30"
DEEP = f"{TICKED} 'hidden_layers=5 (deep)'"
SHALLOW = f"{TICKED} 'hidden_layers=1 (shallow)'"


def training_race(explorer):
    """Ask whether ReLU beats tanh, eases overfitting, and beats sigmoid in a shallow network."""
    return ask(explorer, Facts, "activation.training_race", FIRST, GAP, CLOSER)


def has_run(facts, code, epoch, *names):
    """Tell whether these have run at least so far, as they do in a state of the explorer."""
    if facts.epoch < epoch:
        return False
    there = facts_at(explorers.activation.training_race, code).racers
    return all(
        name in facts.racers
        and np.array_equal(facts.racers[name].training, there[name].training[:, : facts.epoch + 1])
        for name in names
    )


def epochs(facts, name):
    """Return how many epochs one needs to get down to the training loss that all race to."""
    return facts.racers[name].epochs_needed


FIRST = Choice(
    name="first",
    text="Deep network, each at its own rate: how far ahead of tanh is ReLU?",
    options={
        "far ahead, by half of the epochs": "Our source says so, but it is true only against the "
        "plain sigmoid.",
        "ahead, but only by an epoch or two": "Not even that.",
        "not ahead at all": "",
    },
    right="not ahead at all",
    settled=lambda facts: has_run(facts, DEEP, 10, "tanh", "relu"),
    state=DEEP,
    finding=lambda facts: (
        f"ReLU takes {epochs(facts, 'relu')} epochs to a training loss of 0.1, tanh "
        f"{epochs(facts, 'tanh')}."
    ),
)

GAP = Number(
    name="gap",
    text="Deep network, epoch 30: tanh's validation loss is 0.32 above its training loss. "
    "And ReLU's?",
    low=0,
    high=0.8,
    step=0.02,
    truth=lambda facts: facts.racers["relu"].gap,
    close=0.06,
    mark=at_x(1, height=0.48),
    believed=lambda facts, guess: (
        "Our source says that ReLU eases overfitting. Here it does not." if guess < 0.32 else ""
    ),
    settled=lambda facts: has_run(facts, DEEP, 30, "relu"),
    state=DEEP,
    finding=lambda facts: (
        f"ReLU's is {facts.racers['relu'].gap:.2f} above: here it overfits more than tanh."
    ),
)

CLOSER = Choice(
    name="closer",
    text="In the deep network the plain sigmoid is left behind. And with one hidden layer?",
    options={
        "It is left behind there too": "What held it back was its small gradient through many "
        "layers.",
        "It gets there, but long after ReLU": "With one layer its slope costs the gradient little.",
        "It gets there about as soon as ReLU": "",
    },
    right="It gets there about as soon as ReLU",
    settled=lambda facts: has_run(facts, SHALLOW, 10, "sigmoid", "relu"),
    state=SHALLOW,
    finding=lambda facts: (
        f"In the shallow network sigmoid takes {epochs(facts, 'sigmoid')} epochs and ReLU "
        f"{epochs(facts, 'relu')}."
    ),
)
