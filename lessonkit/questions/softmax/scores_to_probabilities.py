"""Predictions about explorers.softmax.scores_to_probabilities()."""

import numpy as np

from lessonkit import explorers
from lessonkit.explorers.softmax.scores_to_probabilities import Facts
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_x
from lessonkit.questions.states import facts_at


def scores_to_probabilities(explorer):
    """Ask what a temperature, one more point for all, and 1000 more make of probabilities."""
    return ask(explorer, Facts, "softmax.scores_to_probabilities", TEMPERATURE, SHIFTED, NAIVE)


TEMPERATURE = Number(
    name="temperature",
    text="The scores stay 4, 1 and −2. At a temperature of 2, what is the cat's probability?",
    low=0,
    high=1,
    step=0.01,
    truth=lambda facts: facts.safe.probabilities[0],
    close=0.05,
    mark=at_x(2, name=-0.24),
    believed=lambda facts, guess: (
        "Softmax does not say how sure the network is: same scores, another number."
        if guess > 0.9
        else ""
    ),
    settled=lambda facts: facts.temperature == 2 and has_scores(facts, 4, 1, -2),
    state="cat=4 dog=1 ship=-2 temperature=2 plus_1000=false",
    finding=lambda facts: (
        f"At a temperature of 2 it is {facts.safe.probabilities[0]:.4f}, at 1 it was "
        f"{facts_at(explorers.softmax.scores_to_probabilities).safe.probabilities[0]:.4f}. The "
        "order never changes."
    ),
)

SHIFTED = Choice(
    name="shifted",
    text="1 is added to all three scores: 5, 2 and −1. The cat's probability …",
    options={
        "rises": "Its score has risen, but so have the others.",
        "stays exactly the same": "Only the differences count.",
        "falls, as the ship gains most": "All gain a point, and nothing is left of it.",
    },
    right="stays exactly the same",
    settled=lambda facts: has_scores(facts, 5, 2, -1),
    state="cat=5 dog=2 ship=-1 temperature=1 plus_1000=false",
    finding=lambda facts: (
        f"The scores 5, 2 and −1 give {facts.safe.probabilities[0]:.4f}, exactly as 4, 1 and −2 do."
    ),
)

NAIVE = Choice(
    name="naive",
    text="1000 is added to all scores, at temperature 1. Going exactly by the two "
    "steps, a computer gets …",
    options={
        "the same probabilities": "Only on paper: a computer cannot hold such exponentials.",
        "⅓ for each": "The differences are still there; the numbers are not.",
        "no numbers at all": "",
    },
    right="no numbers at all",
    settled=lambda facts: facts.added == 1000 and bool(np.isnan(facts.written.probabilities).any()),
    state="cat=4 dog=1 ship=-2 temperature=1 plus_1000=true",
    finding=lambda facts: (
        "Infinity divided by infinity is “not a number”. With the largest score subtracted first, "
        f"the cat still has {facts.safe.probabilities[0]:.4f}."
    ),
)


def has_scores(facts, *scores):
    """Tell whether these are the scores, before anything is added to all."""
    return np.allclose(facts.written.scores - facts.added, scores)
