"""Predictions about explorers.whole_network.train_it_yourself()."""

import numpy as np

from lessonkit.explorers.whole_network.own_training import BUDGET, HELD_OUT, Facts, Settings
from lessonkit.explorers.words import percent
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_x

GOAL = 0.9
AS_IT_IS = "activation=ReLU pooling=max dropout=0.25 learning_rate=0.03 digits=4,000 start=true"


def train_it_yourself(explorer):
    """Ask how soon a network reads well, and what it makes of few digits."""
    return ask(explorer, Facts, "whole_network.train_it_yourself", SOON, FEW)


def seen_when_it_read(facts):
    """Return from how many digits it had learned when it first reached the GOAL, or None."""
    seen, _, shares = facts.held_out.T
    return int(seen[shares >= GOAL][0]) if np.any(shares >= GOAL) else None


def _rounds(facts):
    """Return how often it had met each training digit by then, in words."""
    rounds = -(-seen_when_it_read(facts) // facts.settings.digits)
    return {1: "once", 2: "at most twice"}.get(rounds, f"at most {rounds} times")


SOON = Number(
    name="soon",
    text="Start it as it is. After how many digits does it read nine of ten held-out digits?",
    low=0,
    high=BUDGET,
    step=1000,
    unit=" digits",
    truth=seen_when_it_read,
    close=4000,
    mark=at_x(1),
    settled=lambda facts: facts.settings == Settings() and seen_when_it_read(facts) is not None,
    state=AS_IT_IS,
    believed=lambda facts, guess: (
        "All the rest is for the last few percent." if guess > seen_when_it_read(facts) else ""
    ),
    finding=lambda facts: (
        f"It first read nine of ten after {seen_when_it_read(facts):,} digits: it had met each "
        f"training digit {_rounds(facts)}."
    ),
)

FEW = Choice(
    name="few",
    text="With only 100 different training digits, what does it read in the end?",
    options={
        "All digits nearly as well: it takes as many steps": (
            "As many steps, but always with the same hundred."
        ),
        "Those that it learned from, but fewer of the new ones": "",
        "Few of either: a hundred are not enough to learn from": "A hundred it learns by heart.",
    },
    right="Those that it learned from, but fewer of the new ones",
    settled=lambda facts: facts.status == "finished" and facts.settings == Settings(digits=100),
    state=AS_IT_IS.replace("4,000", "100"),
    finding=lambda facts: (
        f"It reads {percent(facts.training[-1, 2])} of those that it learned from last, but "
        f"{percent(facts.held_out[-1, 2])} of the {HELD_OUT:,} held out. That gap is overfitting."
    ),
)
