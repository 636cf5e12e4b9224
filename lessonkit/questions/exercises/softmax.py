"""Exercises of notebooks/05_softmax.ipynb."""

import numpy as np

from lessonkit.questions.exercises.exercise import Exercise, Mistake


def softmax(z):
    exponentials = np.exp(z - z.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def cross_entropy_gradient(z, labels):
    gradient = softmax(z)
    gradient[np.arange(len(z)), labels] -= 1
    return gradient / len(z)


def dropout(x, rate, rng):
    kept = rng.random(x.shape) >= rate
    return x * kept / (1 - rate)


def fc6_parameters():
    return 512 * 7 * 7 * 4096 + 4096


def overflows(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def over_columns(z):
    exponentials = np.exp(z - z.max(axis=0))
    return exponentials / exponentials.sum(axis=0)


def over_all(z):
    exponentials = np.exp(z - z.max())
    return exponentials / exponentials.sum()


def one_maximum_for_all(z):
    exponentials = np.exp(z - z.max())
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def without_exponentials(z):
    return z / z.sum(axis=1, keepdims=True)


def not_divided(z):
    return np.exp(z - z.max(axis=1, keepdims=True))


def not_a_mean(z, labels):
    return cross_entropy_gradient(z, labels) * len(z)


def nothing_subtracted(z, labels):
    return softmax(z) / len(z)


def from_the_winner(z, labels):
    return cross_entropy_gradient(z, z.argmax(axis=1))


def wrong_sign(z, labels):
    return -cross_entropy_gradient(z, labels)


def of_the_scores(z, labels):
    gradient = z.copy()
    gradient[np.arange(len(z)), labels] -= 1
    return gradient / len(z)


def unscaled(x, rate, rng):
    return x * (rng.random(x.shape) >= rate)


def scaled_by_rate(x, rate, rng):
    return x * (rng.random(x.shape) >= rate) / rate


def kept_for_dropped(x, rate, rng):
    return x * (rng.random(x.shape) < rate) / (1 - rate)


def made_smaller(x, rate, rng):
    return x * (rng.random(x.shape) >= rate) * (1 - rate)


def one_mask_for_all(x, rate, rng):
    return x * (rng.random(x.shape[1:]) >= rate) / (1 - rate)


def without_biases():
    return 512 * 7 * 7 * 4096


def one_map_only():
    return 7 * 7 * 4096 + 4096


def one_number_per_map():
    return 512 * 4096 + 4096


def whole_network():
    return 138_357_544


def biases_of_the_inputs():
    return 512 * 7 * 7 * 4096 + 512 * 7 * 7


def seen(case, value):
    """Return what dropout has done to x: shares, and by how much it multiplied what it kept."""
    factors = np.asarray(value, float) / case[0]
    kept = factors != 0
    return {
        "a share of zeros of": 1 - kept.mean(),
        "the others times": factors[kept].mean() if kept.any() else 0.0,
        "a share of samples with the same mask of": np.mean((kept[1:] == kept[0]).all(axis=1)),
    }


SOFTMAX = Exercise(
    task="Return the probabilities of each row of scores. z is (N, K). Scores may be as large as "
    "±1000.",
    hints=(
        "Subtract from each row its largest score: the result is the same, and nothing overflows.",
        "axis=1 goes along a row; keepdims=True keeps the shape (N, 1), so that it fits z.",
    ),
    reference=softmax,
    mistakes=(
        Mistake(overflows, "Large scores overflow: subtract the largest of each row first."),
        Mistake(over_columns, "You went down the columns; the scores of a sample are its row."),
        Mistake(over_all, "All rows together sum to 1 in yours; each row must by itself."),
        Mistake(
            one_maximum_for_all,
            "You subtracted one maximum for all rows: a row far below it becomes 0 / 0.",
        ),
        Mistake(without_exponentials, "You divided the scores themselves; e to their power first."),
        Mistake(not_divided, "These are exponentials; divide each by the sum of its row."),
    ),
    cases=(
        (np.array([[4.0, 1, -2]]),),
        (np.array([[0.0, 0], [2, -2]]),),
        (np.array([[1000.0, 1001, 999]]),),
        (np.array([[1000.0, 1000], [-1000, -1000]]),),
    ),
)
CROSS_ENTROPY_GRADIENT = Exercise(
    task="Return the gradient of the mean cross-entropy with respect to the scores z, (N, K). "
    "labels has the right class of each sample.",
    hints=(
        "For one sample: its probabilities, with 1 subtracted for the right class.",
        "The loss is a mean over N samples, so each sample's gradient is divided by N.",
    ),
    reference=cross_entropy_gradient,
    mistakes=(
        Mistake(nothing_subtracted, "You returned probabilities; subtract 1 for the right class."),
        Mistake(from_the_winner, "You subtracted 1 from the winner; it must be the right class."),
        Mistake(wrong_sign, "The sign is turned: this way the loss would be made larger."),
        Mistake(not_a_mean, "You did not divide by N: the loss is a mean over the samples."),
        Mistake(of_the_scores, "You subtracted 1 from a score; softmax comes first."),
    ),
    cases=(
        (np.array([[4.0, 1, -2]]), np.array([1])),
        (np.array([[0.0, 1], [2, -1], [1, 1]]), np.array([0, 0, 1])),
    ),
)
DROPOUT = Exercise(
    task="Set each number of x to 0 with probability `rate`, and divide the others by 1 − rate. "
    "x is (N, neurons); rng.random(shape) draws numbers from 0 to 1.",
    hints=(
        "rng.random(x.shape) >= rate is True for those that stay.",
        "True counts as 1 and False as 0, so x can be multiplied by it.",
    ),
    reference=dropout,
    mistakes=(
        Mistake(unscaled, "You left the others as they are; divide them by 1 − rate."),
        Mistake(scaled_by_rate, "You divided by the rate; it must be 1 − rate."),
        Mistake(kept_for_dropped, "You dropped those that should stay: the rate is that of zeros."),
        Mistake(made_smaller, "You multiplied by 1 − rate; divide by it."),
        Mistake(one_mask_for_all, "All samples lost the same neurons; each needs its own mask."),
    ),
    cases=(
        (np.ones((60, 50)), 0.2, np.random.default_rng(0)),
        (np.full((60, 50), 3.0), 0.75, np.random.default_rng(1)),
    ),
    features=seen,
    tolerance=0.03,
)
FC6_PARAMETERS = Exercise(
    task="fc6 is VGG-16's first fully connected layer: it sees 512 maps of 7×7 and has 4,096 "
    "outputs. Return how many numbers it learns.",
    hints=(
        "Every output has a weight for every number that it sees.",
        "And every output has a bias.",
    ),
    reference=fc6_parameters,
    mistakes=(
        Mistake(without_biases, "The biases are missing: one for each of the 4,096 outputs."),
        Mistake(one_map_only, "You counted one map; there are 512."),
        Mistake(one_number_per_map, "You counted one number per map; each has 7·7."),
        Mistake(whole_network, "That is the whole of VGG-16; only fc6 is asked for."),
        Mistake(biases_of_the_inputs, "A bias belongs to an output, not to an input."),
    ),
    cases=((),),
)
