"""The quiz at the end of notebooks/03_activation.ipynb."""

from lessonkit import explorers
from lessonkit.explorers.words import number, percent
from lessonkit.live import ask
from lessonkit.questions.states import facts_at


def quiz():
    """Ask what the chapter has shown."""
    questions = STEEPEST, TWENTY, LEVEL, QUIET, SAVES, OPPOSITE, FASTEST, DEAD
    return ask.quiz("activation.quiz", *questions)


STEEPEST = ask.Choice(
    name="steepest",
    text="How much of a gradient does a single sigmoid pass on at best?",
    options={
        "All of it": "ReLU does, where it is active.",
        "Half of it": "Half is sigmoid's value at 0, not its slope.",
        "A quarter": "",
    },
    right="A quarter",
    finding=lambda facts: (
        f"Its slope at 0 is {_sigmoid_at('x=0').slope:.2f}, and smaller elsewhere."
    ),
)

TWENTY = ask.Choice(
    name="twenty",
    text="Why do the first layers of a deep sigmoid network hardly learn?",
    options={
        "They are too far from the data": "They are the ones that see the data.",
        "The slopes of all layers above multiply": "",
        "Their weights are too large": "Larger weights would even help a little.",
    },
    right="The slopes of all layers above multiply",
    finding=lambda facts: (
        f"Each layer multiplied the gradient by {number(_ladder('activation=sigmoid').factor)}; "
        "twenty of them left next to nothing."
    ),
)

LEVEL = ask.Choice(
    name="level",
    text="What keeps ReLU's gradient level at the start of training?",
    options={
        "Its slope of 1": "About half of the neurons have slope 0.",
        "Weights √2 times as large": "That is the He initialisation.",
        "A negative bias": "That silences even more neurons.",
    },
    right="Weights √2 times as large",
    finding=lambda facts: (
        f"At weight scale 1 each layer left {number(_ladder('activation=ReLU').factor)} of it. "
        "At 1.41 the bars stayed nearly level."
    ),
)

QUIET = ask.Choice(
    name="quiet",
    text="A sigmoid neuron says 0.05, a ReLU neuron 0. What do they add to the next layer?",
    options={
        "Nothing, neither of them": "0.05 times a weight is small, but it is not 0.",
        "A little, both of them": "0 times a weight is 0.",
        "The sigmoid a little, the ReLU nothing": "Quiet is not silent.",
    },
    right="The sigmoid a little, the ReLU nothing",
    finding=lambda facts: (
        f"At a bias of −1, {percent(_silent('bias=-1').relu_zero)} of ReLU's values were exactly 0 "
        f"and {percent(_silent('bias=-1').sigmoid_zero)} of sigmoid's."
    ),
)

SAVES = ask.Choice(
    name="saves",
    text="Half of a layer's outputs are 0 after ReLU. What does that save, by itself?",
    options={
        "Half of the multiplications": "The zeros are multiplied like any other number.",
        "Half of the weights": "Another input needs those weights.",
        "Nothing": "What it is good for is telling inputs apart.",
    },
    right="Nothing",
    finding=lambda facts: (
        f"On the patch that you saw first, {_silent('').silent} of 20 neurons were silent; on "
        "others it was other ones."
    ),
)

OPPOSITE = ask.Choice(
    name="opposite",
    text="A filter answers an edge from dark to bright. After ReLU, one from bright to dark is …",
    options={
        "as strong as the first": "That would need the absolute value.",
        "0": "A network that needs both keeps a second filter.",
        "negative": "It was, before ReLU.",
    },
    right="0",
    finding=lambda facts: (
        f"{percent(facts_at(explorers.activation.feature_map).negative)} of the map's numbers were "
        "negative, and ReLU made all of these 0."
    ),
)

FASTEST = ask.Choice(
    name="fastest",
    text="In our fair race, whom did ReLU clearly beat?",
    options={
        "All the others": "Tanh was an epoch faster.",
        "The plain sigmoid, in a deep network": "",
        "The plain sigmoid, in any network": "In the shallow one sigmoid was an epoch faster.",
    },
    right="The plain sigmoid, in a deep network",
    finding=lambda facts: (
        f"In the deep network ReLU took {_race('relu').epochs_needed} epochs, tanh "
        f"{_race('tanh').epochs_needed}; the plain sigmoid did not get there in 30."
    ),
)

DEAD = ask.Choice(
    name="dead",
    text="What kills ReLU neurons most surely?",
    options={
        "Large steps early in training": "",
        "Long training": "Most deaths came early.",
        "Small weights": "They leave the sums small, not negative for every digit.",
    },
    right="Large steps early in training",
    finding=lambda facts: (
        f"At a rate of 0.05, {_dead('learning_rate=0.05')} were dead in the end; at 0.1, "
        f"{_dead('learning_rate=0.1')}; at 0.2, {_dead('learning_rate=0.2')}."
    ),
)


def _sigmoid_at(code):
    return facts_at(explorers.activation.functions_and_slopes, code).functions["sigmoid"]


def _ladder(code):
    return facts_at(explorers.activation.gradient_ladder, code)


def _silent(code):
    return facts_at(explorers.activation.silent_neurons, code)


def _race(name):
    return facts_at(explorers.activation.training_race, "epoch=30").racers[name]


def _dead(code):
    return percent(facts_at(explorers.activation.dead_units, code).census["relu"].negative)
