"""The quiz at the end of notebooks/05_softmax.ipynb."""

from lessonkit import explorers
from lessonkit.explorers.words import number, percent
from lessonkit.live import ask
from lessonkit.questions.states import facts_at


def quiz():
    """Ask what the chapter has shown."""
    questions = SURE, ZERO, SUBTRACT, CONTENT, SHARE, DROPPED
    return ask.quiz("softmax.quiz", *questions)


SURE = ask.Choice(
    name="sure",
    text="Softmax gives 0.95 for “cat”. Is the network right in 95 of 100 such cases?",
    options={
        "Yes, that is what a probability is": "All that softmax guarantees is a sum of 1.",
        "Nobody can tell from the number": "Count on pictures that it has not seen.",
        "No, it is always less": "It may be more, too.",
    },
    right="Nobody can tell from the number",
    finding=lambda facts: (
        f"The same scores gave the cat {_cat(''):.4f} at temperature 1 and "
        f"{_cat('temperature=2'):.4f} at temperature 2; only counting can tell."
    ),
)

ZERO = ask.Choice(
    name="zero",
    text="Can softmax give a class exactly 0?",
    options={
        "Yes, if its score is negative": "e to a negative power is small, and positive.",
        "Yes, if its score is 0": "e to the power of 0 is 1.",
        "No, for no finite score": "No score is low enough. A computer rounds, though.",
    },
    right="No, for no finite score",
    finding=lambda facts: f"With −2 the ship still had {_probabilities('temperature=1')[2]:.4f}.",
)

SUBTRACT = ask.Choice(
    name="subtract",
    text="Why is the largest score subtracted before softmax?",
    options={
        "So that no exponential overflows": "",
        "To make the probabilities sum to 1": "The division does that.",
        "To make the network surer": "Only the differences count, and they stay.",
    },
    right="So that no exponential overflows",
    finding=lambda facts: (
        "With 1000 added, the formula as written overflowed; the other way the cat still had "
        f"{_cat('plus_1000=true'):.4f}."
    ),
)

CONTENT = ask.Choice(
    name="content",
    text="The right score leads by 3. Which loss still asks for more?",
    options={
        "The hinge loss": "It is content with a lead of 1.",
        "Cross-entropy": "And it never stops.",
        "Neither": "One of them is never content.",
    },
    right="Cross-entropy",
    finding=lambda facts: (
        f"At 4, 1, −2 the hinge loss was {facts_at(explorers.softmax.two_losses).hinge.loss:g}, "
        f"cross-entropy {number(facts_at(explorers.softmax.two_losses).cross_entropy.loss)}."
    ),
)

SHARE = ask.Choice(
    name="share",
    text="“Most weights are in the fully connected layers.” Of which network is that not true?",
    options={
        "AlexNet": "Nearly all of its weights are there.",
        "VGG-16": "Nine in ten of its weights are there.",
        "ResNet-50": "",
    },
    right="ResNet-50",
    finding=lambda facts: (
        f"In AlexNet it is {_dense('AlexNet')}, in VGG-16 {_dense('VGG-16')}, in ResNet-50 "
        f"{_dense('ResNet-50')}."
    ),
)

DROPPED = ask.Choice(
    name="dropped",
    text="A neuron silenced by dropout, and one silenced by ReLU: what is the difference?",
    options={
        "Dropout's is drawn at random, and only in training": "",
        "There is none": "ReLU's silence depends on the input, and goes on after training.",
        "Dropout removes the neuron for good": "It may be back in the next step.",
    },
    right="Dropout's is drawn at random, and only in training",
    finding=lambda facts: (
        "Dropout draws anew in each training step: in the first mask that you saw, "
        f"{int((facts_at(explorers.softmax.dropout).neurons == 0).sum())} of 20 neurons were out; "
        "in the next, others were."
    ),
)


def _probabilities(code):
    return facts_at(explorers.softmax.scores_to_probabilities, code).safe.probabilities


def _cat(code):
    return _probabilities(code)[0]


def _dense(network):
    facts = facts_at(explorers.softmax.where_the_parameters_are, f"network={network}")
    return percent(facts.dense / facts.parameters)
