"""Predictions about explorers.activation.training_race()."""

from lessonkit.explorers.activation.training_race import Facts
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_x

DEEP_RATE = 0.003  # that of ReLU in the deep network, where each has its own
DEEP = "'hidden_layers=5 (deep)' own_rates=true epoch=30"


def training_race(explorer):
    """Ask who is first, how soon ReLU is there, and whether it eases overfitting."""
    return ask(explorer, Facts, "activation.training_race", FIRST, RELU, GAP)


def has_run(facts, epoch, *names):
    """Tell whether these have run so far in the deep network, each at its own rate."""
    relu = facts.racers.get("relu")
    is_deep = relu is not None and relu.learning_rate == DEEP_RATE
    return is_deep and facts.epoch >= epoch and all(name in facts.racers for name in names)


FIRST = Choice(
    name="first",
    text="Deep network, each at its own rate: how far ahead of tanh is ReLU?",
    options={
        "far ahead: ReLU learns much faster": "So our source says; it is true of the plain sigmoid "
        "alone.",
        "not ahead at all": "Yes.",
        "it never gets there": "It does, and soon.",
    },
    right="not ahead at all",
    settled=lambda facts: has_run(facts, 10, "tanh"),
    state=f"tanh=true relu=true {DEEP}",
    finding=lambda facts: (
        f"ReLU takes {facts.racers['relu'].epochs_needed} epochs to a training loss of 0.1, tanh "
        f"{facts.racers['tanh'].epochs_needed}."
    ),
)

RELU = Number(
    name="relu",
    text="After how many epochs is the deep ReLU network down to a training loss of 0.1?",
    low=1,
    high=30,
    step=1,
    truth=lambda facts: facts.racers["relu"].epochs_needed,
    close=1,
    mark=at_x(0),
    settled=lambda facts: has_run(facts, 10),
    state=f"relu=true {DEEP}",
    finding=lambda facts: (
        f"It takes {facts.racers['relu'].epochs_needed} epochs: the ring marks the epoch."
    ),
)

GAP = Choice(
    name="gap",
    text="Does ReLU ease overfitting? Its gap at epoch 30, compared with that of tanh, is …",
    options={
        "smaller": "Our source says so; here it was not borne out.",
        "about the same": "The bars are further apart than their ranges.",
        "larger": "Yes.",
    },
    right="larger",
    settled=lambda facts: has_run(facts, 30, "tanh"),
    state=f"tanh=true relu=true {DEEP}",
    finding=lambda facts: (
        f"ReLU's validation loss is {facts.racers['relu'].gap:.2f} above its training loss, tanh's "
        f"{facts.racers['tanh'].gap:.2f}."
    ),
)
