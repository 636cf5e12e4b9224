"""Exercises of chapter 5: softmax, the gradient of cross-entropy, and the weights of a layer.

Dropout is in a file of its own, as a random answer is judged by what can be measured of it.
"""

import numpy as np

from lessonkit.questions.exercises.dropout import DROPOUT
from lessonkit.questions.exercises.exercise import Exercise


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def overflows(z):
    """You did not subtract the largest score first, so the exponentials overflow."""
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def over_the_whole_array(z):
    """You divided by the sum over all samples; each row has to sum to 1 by itself."""
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum()


def overflows_over_the_whole_array(z):
    """You divided by the sum of all exponentials; each row has a sum of its own, and a maximum."""
    return np.exp(z) / np.exp(z).sum()


def one_maximum_for_all(z):
    """You subtracted the largest score of all rows; each row needs its own, or it underflows."""
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


def wrong_axis(z):
    """You summed down the columns, over the samples; sum along each row, over the classes."""
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def scores_divided(z):
    """You divided the scores by their sum; take e to the power of each score first."""
    return z / z.sum(axis=1, keepdims=True)


def not_normalised(z):
    """You stopped at the exponentials; divide them by their sum, so that they add up to 1."""
    return np.exp(z - z.max(axis=1, keepdims=True))


def one_for_the_highest(z):
    """You gave the highest score a 1 and the others a 0; softmax leaves each its share."""
    return np.eye(z.shape[1])[z.argmax(axis=1)]


def minus_and_plus(z):
    """You turned the scores round: the lowest now gets the most."""
    return softmax(-z)


def cross_entropy_gradient(z, labels):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    gradient = e / e.sum(axis=1, keepdims=True)
    gradient[np.arange(len(z)), labels] -= 1
    return gradient / len(z)


def _one_hot(z, labels):
    return np.eye(z.shape[1])[labels]


def not_a_mean(z, labels):
    """You did not divide by the number of samples; the loss is their mean, not their sum."""
    return softmax(z) - _one_hot(z, labels)


def probabilities_only(z, labels):
    """You returned the probabilities, divided; 1 has to be subtracted for the right class."""
    return softmax(z) / len(z)


def wrong_sign(z, labels):
    """You subtracted the probabilities from the labels; the gradient has the other sign."""
    return (_one_hot(z, labels) - softmax(z)) / len(z)


def highest_instead_of_right(z, labels):
    """You subtracted 1 where the score is highest; subtract it for the right class."""
    return cross_entropy_gradient(z, z.argmax(axis=1))


def next_class(z, labels):
    """You subtracted 1 one class too far left; labels count from 0."""
    return cross_entropy_gradient(z, labels - 1)


def divided_by_all(z, labels):
    """You divided by the number of all scores; divide by the number of samples."""
    return cross_entropy_gradient(z, labels) / z.shape[1]


def from_every_score(z, labels):
    """You subtracted 1 from every class in the row; subtract it for the right one only."""
    return (softmax(z) - 1) / len(z)


def fc6_parameters():
    weights = 512 * 7 * 7 * 4096
    return weights + 4096


def without_biases():
    """You forgot the biases; each of the 4096 outputs has one."""
    return 512 * 7 * 7 * 4096


def without_maps():
    """You forgot that there are 512 maps; every output sees all of them."""
    return 7 * 7 * 4096 + 4096


def the_picture_instead():
    """You took the picture's 224×224; after five poolings the maps are 7×7."""
    return 512 * 224 * 224 * 4096 + 4096


def one_side():
    """You counted 7 numbers for each map; a map of 7×7 has 49."""
    return 512 * 7 * 4096 + 4096


def a_bias_for_each_input():
    """You gave every input a bias; the outputs have them, one each."""
    return 512 * 7 * 7 * 4096 + 512 * 7 * 7


def shared_weights():
    """You shared one set of weights, as a convolution does; here each output has its own."""
    return 512 * 7 * 7 + 4096


SCORES = tuple(
    np.array(z)
    for z in (
        [[0.0, 0.0]],
        [[4.0, 1.0, -2.0]],
        [[1, 2], [3, -1], [0, 0]],
        [[1000.0, 999.0, -1000.0]],
        [[-1000.0, -1001.0], [1000.0, 1000.0]],
    )
)
LABELLED = (
    (np.array([[0.0, 0.0]]), np.array([0])),
    (np.array([[4.0, 1.0, -2.0]]), np.array([1])),
    (np.array([[1, 2], [3, -1], [0, 0]]), np.array([1, 1, 0])),
    (np.array([[1000.0, 999.0, -1000.0], [0.5, 0.0, 1.0]]), np.array([0, 2])),
)

SOFTMAX = (
    Exercise(
        reference=softmax,
        task="Write softmax. `z` has a row of scores for each sample; return a row of "
        "probabilities for each. It must hold for scores of ±1000 too.",
        hints=(
            "First subtract the highest score of each row.",
            "`z.max(axis=1, keepdims=True)` has one number for each row, and can be "
            "subtracted from `z`. The sum is taken in the same way.",
        ),
        cases=tuple((z,) for z in SCORES),
        mistakes=(
            *(overflows, over_the_whole_array, overflows_over_the_whole_array),
            *(one_maximum_for_all, wrong_axis, scores_divided, not_normalised),
            *(one_for_the_highest, minus_and_plus),
        ),
    ),
    Exercise(
        reference=cross_entropy_gradient,
        task="Write the gradient of the cross-entropy with respect to the scores `z`, a row for "
        "each sample. `labels` has the right class of each sample, counted from 0. The loss is "
        "the *mean* over the samples.",
        hints=(
            "Begin with the softmax of each row.",
            "`gradient[np.arange(len(z)), labels]` is the right class's number in each row.",
            "In a mean over N samples, each counts one Nth.",
        ),
        cases=LABELLED,
        mistakes=(
            *(not_a_mean, probabilities_only, wrong_sign, highest_instead_of_right),
            *(next_class, divided_by_all, from_every_score),
        ),
    ),
    Exercise(
        reference=fc6_parameters,
        task="How many parameters has fc6, the first fully connected layer of VGG-16? It sees "
        "`512` maps of `7×7` and has `4096` outputs. Let the function work it out.",
        hints=(
            "How many numbers does one output see?",
            "Each output has one weight for each of them, and a bias.",
        ),
        cases=((),),
        mistakes=(
            *(without_biases, without_maps, the_picture_instead, one_side),
            *(a_bias_for_each_input, shared_weights),
        ),
    ),
    DROPOUT,
)
