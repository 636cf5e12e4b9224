"""Predictions about explorers.softmax.dropout()."""

from lessonkit import explorers
from lessonkit.explorers.softmax.dropout import Facts
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_y
from lessonkit.questions.states import facts_at


def dropout(explorer):
    """Ask what dropout does to the losses, and what becomes of the outputs that remain."""
    return ask(explorer, Facts, "softmax.dropout", TRAINING, NONE, FACTOR)


TRAINING = Choice(
    name="training",
    text="After 10 epochs, what has dropout done to the loss on the training digits?",
    options={
        "made it smaller: dropout helps to learn": "It helps on new digits, not on these.",
        "made it larger": "Yes, for a while: smaller networks learn more slowly.",
        "nothing": "At the end, nearly; after ten epochs it can be seen.",
    },
    right="made it larger",
    settled=lambda facts: facts.epoch == 10 and facts.rate == 0.5,
    state="rate=0.5 epoch=10",
    finding=lambda facts: (
        f"After 10 epochs it is {number(facts.training.mean[-1])} at a rate of 0.5, and "
        f"{number(_without(10).training.mean[-1])} without dropout."
    ),
)

NONE = Number(
    name="none",
    text="Without dropout, what is the lowest loss on the validation digits in 60 epochs?",
    low=0,
    high=0.58,
    step=0.01,
    truth=lambda facts: min(facts.validation.mean),
    close=0.03,
    mark=at_y(1, left=0.35),
    settled=lambda facts: facts.rate == 0 and facts.epoch >= 20,
    state="rate=0 epoch=60",
    finding=lambda facts: (
        f"It is lowest after {facts.best_epoch} epochs, at {number(min(facts.validation.mean))}, "
        f"and rises to {number(_without(60).validation.mean[-1])}: that is overfitting."
    ),
)

FACTOR = Choice(
    name="factor",
    text="At a rate of 0.8, four of five neurons are out. The others' outputs are multiplied by …",
    options={
        "0.2": "That would make the next layer's sums smaller still.",
        "1.8": "One in five is left, so it must stand in for five.",
        "5": "Yes.",
    },
    right="5",
    settled=lambda facts: facts.rate == 0.8,
    state="rate=0.8",
    finding=lambda facts: (
        f"They are multiplied by {facts.factor:.2f}, so that the next layer's sums stay as "
        "large as they will be when all neurons work."
    ),
)


def _without(epoch):
    return facts_at(explorers.softmax.dropout, f"rate=0 epoch={epoch}")
