"""Exercises of chapter 1: a bump of three ReLUs, and two linear layers in one."""

import numpy as np

from lessonkit.activations import relu
from lessonkit.questions.exercises.answers import UnreadableError, numbers, shown
from lessonkit.questions.exercises.exercise import Exercise


def bump(x):
    return relu(x + 1) - 2 * relu(x) + relu(x - 1)


def never_comes_down(x):
    """Your bump rises and stays up; a third ReLU must bring it back to 0."""
    return relu(x + 1) - relu(x)


def not_steep_enough(x):
    """Your bump has a flat top; the middle ReLU turns the slope from 1 to −1, so count it twice."""
    return relu(x + 1) - relu(x) - relu(x - 1) + relu(x - 2)


def moved_right(x):
    """Your bump is in the wrong place; its top belongs at x = 0."""
    return relu(x) - 2 * relu(x - 1) + relu(x - 2)


def without_relu(x):
    """You left out ReLU; without anything that bends, the three lines add up to 0."""
    return (x + 1) - 2 * x + (x - 1)


def upside_down(x):
    """Your bump is upside down; the first unit must turn the line upwards."""
    return -bump(x)


def keeps_falling(x):
    """Your bump falls on beyond 0; a third ReLU must make it flat again."""
    return relu(x + 1) - 2 * relu(x)


def one_layer(w2, b2, w1, b1):
    return w2 @ w1, w2 @ b1 + b2


def _weight_and_bias(value):
    """Return the pair as one array, the bias in the last column."""
    if value is None:
        return None
    try:
        weight, bias = value
    except (TypeError, ValueError):
        raise UnreadableError("something else than a weight and a bias") from None
    weight, bias = numbers(weight), numbers(bias)
    if weight is None or bias is None:
        raise UnreadableError("None for one of the two")
    if weight.ndim != 2 or bias.shape != weight.shape[:1]:
        raise UnreadableError(f"a weight of shape {weight.shape} and a bias of {bias.shape}")
    return np.column_stack([weight, bias])


def _in_words(pair):
    return f"weight {shown(pair[:, :-1])} and bias {shown(pair[:, -1])}"


def wrong_order(w2, b2, w1, b1):
    """You multiplied in the wrong order; w1 is the first to meet x, so it stands on the right."""
    return w1 @ w2, w2 @ b1 + b2


def biases_added(w2, b2, w1, b1):
    """You only added the biases; the second layer multiplies b1 too, by w2."""
    return w2 @ w1, b1 + b2


def forgets_first_bias(w2, b2, w1, b1):
    """You forgot b1; the second layer multiplies it by w2 and passes it on."""
    return w2 @ w1, b2


def forgets_second_bias(w2, b2, w1, b1):
    """You forgot b2; it is added at the very end."""
    return w2 @ w1, w2 @ b1


def number_by_number(w2, b2, w1, b1):
    """You multiplied number by number with *; matrices are multiplied with @."""
    return w2 * w1, w2 @ b1 + b2


def weights_added(w2, b2, w1, b1):
    """You added the matrices; layers one after the other multiply them."""
    return w2 + w1, w2 @ b1 + b2


LAYERS = (
    (np.array([[2.0]]), np.array([1.0]), np.array([[3.0]]), np.array([4.0])),
    (
        *(np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([1.0, -1.0])),
        *(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])),
    ),
    (
        *(np.array([[1.0, -1.0], [0.5, 2.0]]), np.array([0.0, 3.0])),
        *(np.array([[2.0, 0.0], [1.0, -3.0]]), np.array([-1.0, 1.0])),
    ),
)

NONLINEARITY = (
    Exercise(
        reference=bump,
        task="Write a bump from three ReLUs: 0 up to $x = -1$, then up in a straight line to 1 "
        "at $x = 0$, down in a straight line to 0 at $x = 1$, and 0 from there on. "
        "`relu` is there to be used.",
        hints=(
            "Where does the slope change? Each of these places needs one ReLU.",
            "By how much does the slope change there? That is the weight of the ReLU.",
        ),
        cases=tuple(
            (np.array(x),)
            for x in ([0.0], [-1.0], [0.5], [2.0], [-3.0, -0.75, -0.25, 0.0, 0.5, 1.0, 4.0])
        ),
        mistakes=(
            *(never_comes_down, not_steep_enough, moved_right, without_relu),
            *(upside_down, keeps_falling),
        ),
    ),
    Exercise(
        reference=one_layer,
        task="Two linear layers: the first turns $x$ into `w1 @ x + b1`, the second "
        "multiplies that by `w2` and adds `b2`. Return the weight and the bias of the single "
        "layer that does the same.",
        hints=(
            "Write down what the second layer does with `w1 @ x + b1`, and multiply out.",
            "What stands before $x$ is the weight; all the rest is the bias. "
            "`return weight, bias` returns both.",
        ),
        cases=LAYERS,
        mistakes=(
            *(wrong_order, biases_added, forgets_first_bias, forgets_second_bias),
            *(number_by_number, weights_added),
        ),
        read=_weight_and_bias,
        show=_in_words,
    ),
)
