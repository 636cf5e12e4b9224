"""Exercises of chapter 3: ReLU and its slope."""

import numpy as np

from lessonkit.questions.exercises.exercise import Exercise


def relu(x):
    return np.maximum(x, 0)


def absolute(x):
    """You took away the minus sign; ReLU turns every negative number into 0."""
    return np.abs(x)


def smaller(x):
    """You kept the smaller of each number and 0; ReLU keeps the larger."""
    return np.minimum(x, 0)


def switch(x):
    """You returned 1 for the positive numbers; ReLU returns the numbers themselves."""
    return (x > 0) * 1.0


def leaky(x):
    """You let a hundredth of the negative numbers through: that is leaky ReLU."""
    return np.where(x > 0, x, 0.01 * x)


def positive_ones_only(x):
    """You left the negative numbers out; each of them must become a 0, in its place."""
    return x[x > 0]


def largest_of_all(x):
    """You returned the largest number of all; ReLU looks at each number on its own."""
    return max(0, x.max())


def written_into_x(x):
    """You wrote the zeros into x itself; x must stay as it is, so work on a copy."""
    x[x < 0] = 0
    return x


def relu_printed(x):
    """You printed the result; end the function with return, so that others can use it."""
    print(np.maximum(x, 0))


def relu_slope(x):
    return np.where(x > 0, 1.0, 0.0)


def one_at_zero(x):
    """You took 1 as the slope at 0; there we take 0, the slope of the left side."""
    return np.where(x >= 0, 1.0, 0.0)


def half_at_zero(x):
    """You took ½ as the slope at 0; there we take 0, the slope of the left side."""
    return np.where(x > 0, 1.0, np.where(x == 0, 0.5, 0.0))


def relu_itself(x):
    """You returned ReLU itself; its slope is how steep it is, 1 or 0."""
    return np.maximum(x, 0)


def sign(x):
    """You returned −1 for the negative numbers; there ReLU is flat, with slope 0."""
    return np.sign(x)


def one_everywhere(x):
    """You returned 1 everywhere; on the left side ReLU is flat, with slope 0."""
    return np.ones(len(x))


def slope_of_leaky(x):
    """You returned 0.01 for the negative numbers: that is the slope of leaky ReLU."""
    return np.where(x > 0, 1.0, np.where(x < 0, 0.01, 0.0))


CASES = (
    (np.array([2.0]),),
    (np.array([-1.0]),),
    (np.array([0.0]),),
    (np.array([-2.0, -0.5, 0.0, 0.5, 3.0]),),
    (np.array([4, -3, 0, 7]),),
)

ACTIVATION = (
    Exercise(
        reference=relu,
        task="Write ReLU for an array `x` of numbers: the negative ones become 0, "
        "the others stay as they are. `x` itself must not change.",
        hints=(
            "ReLU is the larger of each number and 0.",
            "`np.maximum` compares number by number; `max` looks for the largest of all.",
        ),
        cases=CASES,
        mistakes=(
            *(absolute, smaller, switch, leaky, positive_ones_only, largest_of_all),
            *(written_into_x, relu_printed),
        ),
    ),
    Exercise(
        reference=relu_slope,
        task="Write the slope of ReLU at each number of an array `x`. "
        "At the corner, take the slope of the left side.",
        hints=(
            "ReLU has only two slopes. Which one belongs to which side?",
            "`np.where(condition, a, b)` chooses between `a` and `b` for each number.",
        ),
        cases=CASES,
        mistakes=(*(one_at_zero, half_at_zero, relu_itself, sign, one_everywhere, slope_of_leaky),),
    ),
)
