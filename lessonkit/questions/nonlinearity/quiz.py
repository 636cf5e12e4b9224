"""The quiz at the end of notebooks/01_nonlinearity.ipynb."""

from lessonkit.explorers.nonlinearity.approximation import measure as approximate
from lessonkit.explorers.nonlinearity.linear_stack import measure as stack
from lessonkit.explorers.nonlinearity.smile import measure as smile
from lessonkit.explorers.words import number
from lessonkit.live import ask


def quiz():
    """Ask what the chapter has shown."""
    questions = TEN_LAYERS, BENDS, DRAWN, THEOREM, JUMP, HIDDEN
    return ask.quiz("nonlinearity.quiz", *questions)


TEN_LAYERS = ask.Choice(
    name="ten_layers",
    text="A network has ten layers and no activation function. How many layers could do the same?",
    options={
        "Ten: each adds something": "Each adds a matrix, and matrices multiply into one.",
        "Five: pairs can be merged": "They can, and then the pairs again, until one is left.",
        "One": "",
    },
    right="One",
    finding=lambda facts: (
        f"Of the grid, {stack(6).bends.count(0)} of 18 lines were still straight after 6 linear "
        "layers, and one layer did the same."
    ),
)

BENDS = ask.Choice(
    name="bends",
    text="How many bends has the sum of a straight line and 5 ReLU units, at most?",
    options={
        "1": "Each unit has one, at a place of its own.",
        "5": "",
        "10": "A ReLU bends once: flat on one side, straight on the other.",
    },
    right="5",
    finding=lambda facts: (
        f"The smile with 5 units has {smile(5).bends} bends, and is off by "
        f"{number(smile(5).error)} % of its height at most."
    ),
)

DRAWN = ask.Choice(
    name="drawn",
    text="A smile of 20 straight pieces is read as a curve because …",
    options={
        "each piece is slightly curved": "Look through the magnifier: every piece is straight.",
        "the direction changes a little at each bend": "",
        "ReLU is a smooth function": "It has a corner at 0, and corners are all there is here.",
    },
    right="the direction changes a little at each bend",
    finding=lambda facts: (
        f"With 20 pieces the largest error is {number(smile(19).error)} % of the height."
    ),
)

THEOREM = ask.Choice(
    name="theorem",
    text="What does the universal approximation theorem promise?",
    options={
        "Training finds good weights": "It says that they exist, not that training finds them.",
        "Good weights exist, if there are enough hidden units": "The function must be continuous.",
        "A hundred hidden units are always enough": "Enough depends on the function.",
    },
    right="Good weights exist, if there are enough hidden units",
    finding=lambda facts: (
        f"With 100 ReLU units the wave is missed by {number(_error('sine wave', 100))} % of its "
        f"height, the row of pixels by {number(_error('row of pixels', 100))} %."
    ),
)

JUMP = ask.Choice(
    name="jump",
    text="Why can the network not follow a step, however many units it has?",
    options={
        "It has too few units": "More units make the climb steeper; they do not make it a jump.",
        "What it draws is continuous, and a step is not": "",
        "Least squares is a poor way to fit it": "Any other fit must pass through the middle too.",
    },
    right="What it draws is continuous, and a step is not",
    finding=lambda facts: (
        f"With 10 units the largest error is {number(_error('step', 10))} % of the height, with "
        f"100 it is {number(_error('step', 100))} %."
    ),
)

HIDDEN = ask.Choice(
    name="hidden",
    text="Why is a hidden layer called hidden?",
    options={
        "Its weights are secret": "Anyone may look at them.",
        "It does nothing that can be seen": "Without it there would be no bends.",
        "It is neither what you put in nor what you get out": "",
    },
    right="It is neither what you put in nor what you get out",
    finding=lambda facts: (
        "You give the network a number and get one back. Nobody asked for the numbers in between."
    ),
)


def _error(target, units):
    return approximate(target, "relu", units).error
