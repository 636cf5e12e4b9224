"""Predictions about explorers.softmax.two_losses()."""

import numpy as np

from lessonkit.explorers.softmax.two_losses import Facts
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_y


def two_losses(explorer):
    """Ask which judge complains first, and how hard each pulls."""
    return ask(explorer, Facts, "softmax.two_losses", FIRST, WRONG)


def is_shown(facts, label, *scores):
    """Tell whether these are the right class and the scores."""
    return facts.label == label and np.allclose(facts.scores, scores)


FIRST = Choice(
    name="first",
    text="The picture is a cat, and its score falls from 4 to 2. Which loss has risen?",
    options={
        "Both": "The hinge loss is content as long as the right score leads by 1.",
        "Only cross-entropy": "",
        "Neither, as the cat still leads": "Cross-entropy never stops asking for more.",
    },
    right="Only cross-entropy",
    settled=lambda facts: is_shown(facts, "cat", 2, 1, -2),
    state="cat=2 dog=1 ship=-2 label=cat",
    finding=lambda facts: (
        f"The cat leads by {facts.lead:.2f}: the hinge loss is still {facts.hinge.loss:g}, "
        f"cross-entropy {number(facts.cross_entropy.loss)}."
    ),
)

WRONG = Number(
    name="wrong",
    text="The right class is the dog, the scores stay 4, 1 and −2. How large is the hinge loss?",
    low=0,
    high=9,
    step=0.25,
    truth=lambda facts: facts.hinge.loss,
    close=0.5,
    mark=at_y(2, left=0.45),
    believed=lambda facts, guess: (
        "The margin of 1 is added to the dog's shortfall." if guess == 3 else ""
    ),
    settled=lambda facts: is_shown(facts, "dog", 4, 1, -2),
    state="cat=4 dog=1 ship=-2 label=dog",
    finding=lambda facts: (
        f"The dog trails the cat by {-facts.lead:.2f} and should lead by 1: the hinge loss is "
        f"{facts.hinge.loss:.2f}. Cross-entropy is {number(facts.cross_entropy.loss)}."
    ),
)
