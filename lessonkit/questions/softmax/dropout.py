"""Predictions about explorers.softmax.dropout()."""

from lessonkit import explorers
from lessonkit.explorers.softmax.dropout import Facts
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_x
from lessonkit.questions.states import facts_at


def dropout(explorer):
    """Ask what dropout does to the losses, and to the outputs that remain."""
    return ask(explorer, Facts, "softmax.dropout", TRAINING, FACTOR, LOWEST)


TRAINING = Choice(
    name="training",
    text="After 10 epochs, what has dropout done to the loss on the training digits?",
    options={
        "Made it smaller: dropout helps to learn": "It helps on new digits, not on these.",
        "Made it larger": "For a while, that is: smaller networks learn more slowly.",
        "Nothing": "At the end, nearly; after ten epochs it can be seen.",
    },
    right="Made it larger",
    settled=lambda facts: facts.epoch == 10 and facts.rate == 0.5,
    state="rate=0.5 epoch=10",
    finding=lambda facts: (
        f"After 10 epochs it is {number(facts.training.mean[-1])} at a rate of 0.5, and "
        f"{number(_without(10).training.mean[-1])} without dropout."
    ),
)

FACTOR = Choice(
    name="factor",
    text="At a rate of 0.8, one neuron in five is left. So that the next layer's sums stay "
    "as large, its output is multiplied by …",
    options={
        "0.2": "That would make the next layer's sums smaller still.",
        "1.8": "One in five is left, so it must stand in for five.",
        "5": "",
    },
    right="5",
    settled=lambda facts: facts.rate == 0.8,
    state="rate=0.8",
    finding=lambda facts: (
        f"They are multiplied by {facts.factor:.2f}, so that the next layer's sums stay as "
        "large as they will be when all neurons work."
    ),
)

LOWEST = Number(
    name="lowest",
    text="At a rate of 0.8 the learning rate is 0.003, not 0.01. After how many epochs is the "
    "validation loss lowest?",
    low=1,
    high=60,
    step=1,
    truth=lambda facts: facts.best_epoch,
    close=6,
    mark=at_x(1),
    believed=lambda facts, guess: (
        f"Without dropout it rises after {_without(60).best_epoch} epochs; here the steps are "
        "smaller, and little is learned by heart."
        if guess < 30
        else ""
    ),
    settled=lambda facts: facts.rate == 0.8 and facts.epoch == 60,
    state="rate=0.8 epoch=60",
    finding=lambda facts: (
        f"It is lowest after {facts.best_epoch} epochs. More dropout is not better, though: the "
        f"test loss is {number(facts.test_loss)}, and {number(_at('rate=0.6').test_loss)} at a "
        "rate of 0.6."
    ),
)


def _at(code):
    return facts_at(explorers.softmax.dropout, code)


def _without(epoch):
    return _at(f"rate=0 epoch={epoch}")
