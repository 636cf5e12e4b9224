"""Predictions about explorers.nonlinearity.linear_stack()."""

from lessonkit.explorers.nonlinearity.linear_stack import Facts, measure
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, ask


def linear_stack(explorer):
    """Ask what six linear layers do to straight lines, and what a bend between them changes."""
    return ask(explorer, Facts, "nonlinearity.linear_stack", SIX_LINEAR, BENT)


def bends_of(layers):
    """Return how many bends so many layers make with leaky ReLU between them."""
    return sum(measure(layers, "leaky ReLU").bends)


SIX_LINEAR = Choice(
    name="six_linear",
    text="Six layers with nothing between them: what becomes of the straight lines of the grid?",
    options={
        "They curve, as six layers can do more than one": "More layers sound like more power, but "
        "linear after linear is linear.",
        "They stay straight, but no single layer could do the same": "They do stay straight, "
        "but one layer is enough.",
        "They stay straight, and a single layer could do the same": "",
    },
    right="They stay straight, and a single layer could do the same",
    settled=lambda facts: facts.layers == 6 and facts.activation == "nothing",
    state="layers=6 activation=nothing",
    finding=lambda facts: (
        f"After 6 layers {facts.bends.count(0)} of 18 lines are straight, and the product of all "
        "six matrices, with one bias, does the same up to rounding."
    ),
)

BENT = Choice(
    name="bent",
    text="With leaky ReLU between the layers, the number of bends in the picture …",
    options={
        "is the same for 2 layers and for 6": "That would be so if only the first bend counted.",
        "grows with every layer": "",
        "is at most one per line": "One unit bends once; but what is bent can be bent again.",
    },
    right="grows with every layer",
    settled=lambda facts: facts.activation == "leaky ReLU" and facts.layers == 6,
    state="layers=6 'activation=leaky ReLU'",
    finding=lambda facts: (
        f"With leaky ReLU, 2 layers make {bends_of(2)} bends in all, 6 make {bends_of(6)}. The "
        f"best single layer misses what 3 do by up to {number(measure(3, 'leaky ReLU').error)}."
    ),
)
