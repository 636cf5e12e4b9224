"""Exercises of notebooks/01_nonlinearity.ipynb."""

import numpy as np

from lessonkit.activations import relu
from lessonkit.questions.exercises.exercise import Exercise, Mistake


def bump(x):
    return relu(x) - 2 * relu(x - 1) + relu(x - 2)


def one_layer(w1, b1, w2, b2):
    return w2 @ w1, w2 @ b1 + b2


def never_comes_down(x):
    return relu(x) - relu(x - 1)


def never_flat_again(x):
    return relu(x) - 2 * relu(x - 1)


def no_bend_outside(x):
    return 1 - np.abs(x - 1)


def one_too_far_left(x):
    return relu(x + 1) - 2 * relu(x) + relu(x - 1)


def twice_as_high(x):
    return 2 * bump(x)


def other_order(w1, b1, w2, b2):
    return w1 @ w2, w2 @ b1 + b2


def biases_added(w1, b1, w2, b2):
    return w2 @ w1, b1 + b2


def second_bias_alone(w1, b1, w2, b2):
    return w2 @ w1, b2


def number_by_number(w1, b1, w2, b2):
    return w2 * w1, w2 @ b1 + b2


BUMP = Exercise(
    task="Write a function that is 0 up to x = 0, rises in a straight line to 1 at x = 1, falls "
    "back to 0 at x = 2 and stays there. Use relu only.",
    hints=(
        "Each relu(x − b) adds one bend, at x = b. You need three.",
        "The slope is 0, then 1, then −1, then 0. By how much does it change at each bend?",
    ),
    reference=bump,
    mistakes=(
        Mistake(
            never_comes_down, "Yours rises and stays up: at x = 1 the slope must change by −2."
        ),
        Mistake(never_flat_again, "Yours falls for ever: a third bend at x = 2 must make it flat."),
        Mistake(no_bend_outside, "Yours is straight on both sides: it must be 0 out there."),
        Mistake(one_too_far_left, "Your bump is one too far to the left."),
        Mistake(twice_as_high, "Your bump has the right form, but it is twice as high."),
    ),
    cases=((np.array([1.0]),), (np.array([-1.0, 0, 0.5, 1, 1.5, 2, 4]),)),
)
_W1, _B1 = np.array([[1.0, 2], [0, 1]]), np.array([1.0, 0])
_W2, _B2 = np.array([[0.0, 1], [3, 0]]), np.array([0.0, 5])
ONE_LAYER = Exercise(
    task="Two linear layers, y = w2 @ (w1 @ x + b1) + b2, are one. Return its weight and its bias.",
    hints=(
        "Multiply the bracket out: w2 @ w1 @ x + …",
        "What is multiplied by x is the weight. What is left is the bias, two terms.",
    ),
    reference=one_layer,
    mistakes=(
        Mistake(other_order, "The matrices stand in the wrong order: x meets w1 first."),
        Mistake(biases_added, "The first bias goes through the second layer, too."),
        Mistake(second_bias_alone, "The first bias is lost: the second layer multiplies it by w2."),
        Mistake(number_by_number, "* multiplies number by number; layers need the product @."),
    ),
    cases=((_W1, _B1, _W2, _B2), (2 * _W2, _B2, _W1, -_B1)),
)
