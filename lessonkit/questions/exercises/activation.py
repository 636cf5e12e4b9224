"""Exercises of notebooks/03_activation.ipynb."""

import numpy as np

from lessonkit.activations import sigmoid
from lessonkit.questions.exercises.exercise import Exercise, Mistake


def relu(x):
    return np.maximum(x, 0)


def relu_slope(x):
    return np.where(x > 0, 1.0, 0.0)


def absolute_value(x):
    return np.abs(x)


def smaller_of_both(x):
    return np.minimum(x, 0)


def leaky(x):
    return np.where(x > 0, x, 0.01 * x)


def step(x):
    return np.where(x > 0, 1.0, 0.0)


def whole_numbers(x):
    return np.maximum(x, 0).astype(int)


def changes_its_input(x):
    x[x < 0] = 0
    return x


def prints(x):
    print(np.maximum(x, 0))


def one_at_zero(x):
    return np.where(x >= 0, 1.0, 0.0)


def sign(x):
    return np.sign(x)


def value_not_slope(x):
    return np.maximum(x, 0)


def slope_of_sigmoid(x):
    return sigmoid.derivative(x)


CASES = (
    (np.array([-1.0]),),
    (np.array([0.0]),),
    (np.array([-2.0, -0.5, 0, 0.5, 3]),),
    (np.array([[1.5, -1.5], [-0.25, 0.25]]),),
)
RELU = Exercise(
    task="Return x where it is positive and 0 elsewhere, for an array of any shape.",
    hints=("np.maximum compares two numbers at every place.", "The other number is 0."),
    reference=relu,
    mistakes=(
        Mistake(absolute_value, "You turned the sign of the negative numbers; ReLU makes them 0."),
        Mistake(smaller_of_both, "You kept the negative numbers; ReLU keeps the positive ones."),
        Mistake(leaky, "A little of the negative numbers is left: that is leaky ReLU."),
        Mistake(step, "You returned 1 for every positive number; that is ReLU's slope."),
        Mistake(whole_numbers, "What was behind the point is lost: do not turn it into integers."),
        Mistake(changes_its_input, "relu must not change its x: work on a copy of it."),
        Mistake(prints, "It printed its result but returned nothing: use return."),
    ),
    cases=CASES,
)
RELU_SLOPE = Exercise(
    task="Return ReLU's slope at each x: 1 where x is positive, 0 elsewhere, at x = 0 too.",
    hints=("x > 0 is True or False at each place.", "np.where(condition, 1.0, 0.0) chooses."),
    reference=relu_slope,
    mistakes=(
        Mistake(one_at_zero, "At x = 0 there is a corner; we take the slope of its left side, 0."),
        Mistake(sign, "You returned the sign; on the flat side the slope is 0, not −1."),
        Mistake(value_not_slope, "You returned ReLU's value; its slope is how steep it is there."),
        Mistake(slope_of_sigmoid, "That is sigmoid's slope; ReLU's is 1 or 0."),
    ),
    cases=(CASES[1], CASES[0], *CASES[2:]),
)
