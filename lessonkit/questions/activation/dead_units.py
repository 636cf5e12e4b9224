"""Predictions about explorers.activation.dead_units()."""

from lessonkit import explorers
from lessonkit.explorers.activation.dead_units import Facts
from lessonkit.explorers.words import percent
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_y
from lessonkit.questions.states import facts_at


def dead_units(explorer):
    """Ask how many neurons a large rate kills, and whether the dead wake in either layer."""
    return ask(explorer, Facts, "activation.dead_units", RATE, ASLEEP, SECOND)


def is_state(facts, code):
    """Tell whether the ReLU neurons are as they are in a state of the explorer."""
    return facts.census["relu"] == facts_at(explorers.activation.dead_units, code).census["relu"]


RATE = Number(
    name="rate",
    text="At a rate of 0.1, 11.2 % of ReLU's neurons are dead in the end. And at 0.2?",
    low=0,
    high=100,
    step=1,
    unit=" %",
    truth=lambda facts: 100 * facts.census["relu"].negative,
    close=8,
    mark=at_y(0),
    belongs=lambda facts: facts.layer == 0,
    believed=lambda facts, guess: (
        "Twice the rate does far more than twice the harm." if guess < 35 else ""
    ),
    settled=lambda facts: is_state(facts, RATE.state),
    state="activation=ReLU 'layer=the only one' learning_rate=0.2 bias=0 'after=16 epochs'",
    finding=lambda facts: (
        f"At 0.2 it is {percent(facts.census['relu'].negative)}: a few large steps turn a neuron's "
        "weights so far that every digit's sum is negative."
    ),
)

ASLEEP = Choice(
    name="asleep",
    text="One layer, bias −4, rate 0.05: 50.3 % are dead before training. Afterwards?",
    options={
        "fewer: training wakes them": "A dead neuron gets no gradient, so it cannot wake itself.",
        "as many: nothing changes for the dead": "Nothing does, but others join them.",
        "more": "Not one wakes, and others die.",
    },
    right="more",
    settled=lambda facts: is_state(facts, ASLEEP.state),
    state="activation=ReLU 'layer=the only one' learning_rate=0.05 bias=-4 'after=16 epochs'",
    finding=lambda facts: (
        f"Before training {percent(facts.course[0, 0])} are dead, in the end "
        f"{percent(facts.census['relu'].negative)}: their inputs are the pixels, and these never "
        "change."
    ),
)

SECOND = Choice(
    name="second",
    text="Second of two layers, bias −2, rate 0.05: 73.1 % are dead before training. Afterwards?",
    options={
        "about as many: the dead stay dead": "In a first layer they do. Here the inputs change.",
        "nearly all": "Training can wake neurons, too.",
        "hardly any": "The layer below has learned, and sends other numbers.",
    },
    right="hardly any",
    settled=lambda facts: is_state(facts, SECOND.state),
    state="activation=ReLU 'layer=second of two' learning_rate=0.05 bias=-2 'after=16 epochs'",
    finding=lambda facts: (
        f"Before training {percent(facts.course[0, 0])} are dead, in the end "
        f"{percent(facts.census['relu'].negative)}."
    ),
)
