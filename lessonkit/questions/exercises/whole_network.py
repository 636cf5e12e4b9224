"""Exercises of notebooks/06_whole_network.ipynb."""

import numpy as np

from lessonkit.questions.exercises.exercise import Exercise, Mistake


def map_side(side):
    for _ in range(2):
        side = (side - 5 + 1) // 2
    return side


def accuracy(scores, labels):
    return np.mean(scores.argmax(axis=1) == labels)


def border_kept(side):
    return side // 2 // 2


def one_round(side):
    return (side - 4) // 2


def never_pooled(side):
    return side - 8


def five_taken_off(side):
    for _ in range(2):
        side = (side - 5) // 2
    return side


def how_many(scores, labels):
    return np.sum(scores.argmax(axis=1) == labels)


def down_the_columns(scores, labels):
    return np.mean(scores.argmax(axis=0)[: len(labels)] == labels[: scores.shape[1]])


def share_of_errors(scores, labels):
    return np.mean(scores.argmax(axis=1) != labels)


def score_for_class(scores, labels):
    return np.mean(scores.max(axis=1) == labels)


MAP_SIDE = Exercise(
    task="A square picture passes a convolution with 5×5 kernels and 2×2 pooling, then both once "
    "more. Return the side of the last maps. No border is added.",
    hints=(
        "A 5×5 window fits in at side − 4 places.",
        "2×2 pooling leaves half of that, rounded down.",
    ),
    reference=map_side,
    mistakes=(
        Mistake(border_kept, "Your convolutions keep the size; without a border they take 4 off."),
        Mistake(one_round, "You went one round; there are two."),
        Mistake(never_pooled, "You forgot the pooling, which halves the side."),
        Mistake(five_taken_off, "A 5×5 window takes 4 off, not 5: the first place counts."),
    ),
    cases=((16,), (28,), (32,), (64,)),
)
ACCURACY = Exercise(
    task="Return the share of the samples whose highest score is that of the right class. scores "
    "is (N, K), labels (N,).",
    hints=(
        "scores.argmax(axis=1) is the answer for each sample.",
        "The mean of True and False is the share of True.",
    ),
    reference=accuracy,
    mistakes=(
        Mistake(how_many, "You counted the right answers; divide by how many there are."),
        Mistake(down_the_columns, "You looked down the columns; a sample's scores are its row."),
        Mistake(share_of_errors, "That is the share of wrong answers."),
        Mistake(score_for_class, "You compared the score itself; argmax says which class has it."),
    ),
    cases=(
        (np.array([[2.0, 1], [0, 3]]), np.array([0, 0])),
        (np.array([[2.0, 1, 0], [0, 3, 1], [1, 1.5, 4]]), np.array([0, 1, 1])),
        (np.array([[0.0, 1], [5, 3], [2, 4], [1, 0]]), np.array([1, 0, 0, 0])),
    ),
)
