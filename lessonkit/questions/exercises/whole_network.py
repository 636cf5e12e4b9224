"""Exercises of chapter 6: how large the last maps are, and how many digits are read correctly."""

import numpy as np

from lessonkit.questions.exercises.exercise import Exercise


def map_size(side):
    for _ in range(2):
        side = side - 4  # a window of 5 must fit inside
        side = side // 2
    return side


def as_if_padded(side):
    """You let the convolutions keep the size; a window of 5×5 must fit inside, which costs 4."""
    return side // 2 // 2


def window_subtracted(side):
    """You subtracted 5 for a window of 5×5; it fits in 4 times less, not 5."""
    return ((side - 5) // 2 - 5) // 2


def only_once(side):
    """You stopped after the first pooling; convolution and pooling come twice."""
    return (side - 4) // 2


def never_pooled(side):
    """You left out the pooling; each one halves the side."""
    return side - 8


def pooled_first(side):
    """You pooled before each convolution; the convolution comes first."""
    return (side // 2 - 4) // 2 - 4


def count(side):
    """You returned how many numbers a map has; its side was asked for."""
    return map_size(side) ** 2


def accuracy(scores, labels):
    return np.mean(scores.argmax(axis=1) == labels)


def right_ones(scores, labels):
    """You counted the right answers; divide by the number of all, for their share."""
    return np.sum(scores.argmax(axis=1) == labels)


def wrong_ones(scores, labels):
    """You returned the share of wrong answers; accuracy is the share of right ones."""
    return np.mean(scores.argmax(axis=1) != labels)


def percent(scores, labels):
    """You returned percent; a share is between 0 and 1."""
    return 100 * accuracy(scores, labels)


def lowest_scores(scores, labels):
    """You took the class with the lowest score; the network says the one with the highest."""
    return np.mean(scores.argmin(axis=1) == labels)


def one_for_each(scores, labels):
    """You returned right or wrong for each sample; take the mean of them."""
    return scores.argmax(axis=1) == labels


def any_positive_score(scores, labels):
    """You counted a right class as soon as its score is positive; it must be the highest."""
    return np.mean(scores[np.arange(len(scores)), labels] > 0)


WHOLE_NETWORK = (
    Exercise(
        reference=map_size,
        task="A square picture with `side` rows goes through this network: convolution with 5×5, "
        "pooling with 2×2, and both once more. How many rows do the last maps have? Where a window "
        "no longer fits, it is left out.",
        hints=(
            "The network above turns 28 rows into 24, then 12, then 8, then 4.",
            "`//` divides and rounds down.",
        ),
        cases=((28,), (16,), (18,), (32,), (45,)),
        mistakes=(
            *(as_if_padded, window_subtracted, only_once, never_pooled, pooled_first, count),
        ),
    ),
    Exercise(
        reference=accuracy,
        task="`scores` has a row of scores for each digit, `labels` the right class of each. "
        "Return the share of the digits that are read correctly, from 0 to 1.",
        hints=(
            "The network's answer is the class with the highest score: `scores.argmax(axis=1)`.",
            "Comparing with `==` gives true or false for each; their mean is the share.",
        ),
        cases=(
            (np.array([[2.0, 1.0]]), np.array([0])),
            (np.array([[2.0, 1.0]]), np.array([1])),
            (np.array([[0.0, 3.0, 1.0], [4.0, 5.0, -1.0]]), np.array([1, 0])),
            (np.array([[-1, -2], [0, 3], [2, 1], [1, 4]]), np.array([0, 1, 0, 0])),
        ),
        mistakes=(
            *(right_ones, wrong_ones, percent, lowest_scores, one_for_each, any_positive_score),
        ),
    ),
)
