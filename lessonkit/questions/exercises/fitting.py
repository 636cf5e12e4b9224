"""Exercises of chapter 2: the mean squared error, and a degree chosen on validation data."""

import numpy as np

from lessonkit.fitting import fit_polynomial, noisy_sine
from lessonkit.fitting import mean_squared_error as error_of
from lessonkit.questions.exercises.exercise import Exercise

DEGREES = range(16)
POINTS, NEW_POINTS, NOISE = 16, 100, 0.3
TEST_SEED = 2026  # of the points that nothing else uses


def mean_squared_error(predicted, y):
    return np.mean((np.array(predicted) - np.array(y)) ** 2)


def mean_difference(predicted, y):
    """You did not square; errors of +1 and −1 then cancel, as if there were none."""
    return np.mean(predicted - y)


def mean_absolute(predicted, y):
    """You took the size of each error; square it instead, so that large errors count more."""
    return np.mean(np.abs(predicted - y))


def sum_of_squares(predicted, y):
    """You added the squares up; divide by how many there are, for their mean."""
    return np.sum((predicted - y) ** 2)


def root(predicted, y):
    """You took the square root at the end; the mean squared error has none."""
    return np.sqrt(np.mean((predicted - y) ** 2))


def square_of_mean(predicted, y):
    """You squared the mean error; square each error first, then take the mean."""
    return np.mean(predicted - y) ** 2


def all_squares(predicted, y):
    """You returned a square for each point; the error is one number, their mean."""
    return (predicted - y) ** 2


def choose_degree(x, y, new_x, new_y):
    errors = []
    for degree in range(16):
        fit = fit_polynomial(x, y, degree)
        errors.append(np.mean((fit(new_x) - new_y) ** 2))
    return int(np.argmin(errors))


def _errors(seen, judged, degrees=DEGREES):
    """Return each degree's error on the points judged, fitted to those seen."""
    return [error_of(fit_polynomial(*seen, degree)(judged[0]), judged[1]) for degree in degrees]


def by_training_error(x, y, new_x, new_y):
    """You chose by the error on the points that were fitted; there, more bends always do better."""
    return int(np.argmin(_errors((x, y), (x, y))))


def always_the_largest(x, y, new_x, new_y):
    """You always took the largest degree, whatever the points; let the new points choose."""
    return 15


def lowest_error(x, y, new_x, new_y):
    """You returned the error; return the degree that has it."""
    return min(_errors((x, y), (new_x, new_y)))


def fitted_to_the_new_points(x, y, new_x, new_y):
    """You fitted the new points; once a curve has seen them, they are no longer new."""
    return int(np.argmin(_errors((new_x, new_y), (new_x, new_y))))


def fitted_to_all_points(x, y, new_x, new_y):
    """You fitted all points together; those that judge the curve must not have shaped it."""
    together = np.concatenate([x, new_x]), np.concatenate([y, new_y])
    return int(np.argmin(_errors(together, (new_x, new_y))))


def fitted_the_other_way(x, y, new_x, new_y):
    """You fitted the new points and judged by the others; it is the other way round."""
    return int(np.argmin(_errors((new_x, new_y), (x, y))))


def worst_degree(x, y, new_x, new_y):
    """You took the degree with the largest error on the new points; take the smallest error."""
    return int(np.argmax(_errors((x, y), (new_x, new_y))))


def stops_before_15(x, y, new_x, new_y):
    """You tried no degree above 14; range(15) stops there, so write range(16)."""
    return int(np.argmin(_errors((x, y), (new_x, new_y), range(15))))


def one_too_many(x, y, new_x, new_y):
    """Your degree is one too high: the list of errors begins with degree 0, not 1."""
    return int(np.argmin(_errors((x, y), (new_x, new_y)))) + 1


def opened_test_set():
    """Return a sentence on the error of the degree chosen, on points that chose nothing."""
    seen, new = noisy_sine(POINTS, NOISE, seed=2), noisy_sine(NEW_POINTS, NOISE, seed=99)
    degree = choose_degree(*seen, *new)
    fit = fit_polynomial(*seen, degree)
    x, y = noisy_sine(1000, NOISE, TEST_SEED)
    return (
        f"Now the test set is opened, once: degree {degree}, chosen on {NEW_POINTS} validation "
        f"points of the wave above, is typically off by {error_of(fit(x), y) ** 0.5:.3f} there."
    )


def _line(points, seed):
    """Return noisy points of a straight line."""
    x, errors = np.linspace(0, 1, points), np.random.default_rng(seed).standard_normal(points)
    return x, 2 * x - 1 + 0.2 * errors


def _winding(points, noise, seed):
    """Return noisy points of a polynomial of degree 15, and of no lower one."""
    x, errors = np.linspace(0, 1, points), np.random.default_rng(seed).standard_normal(points)
    return x, np.polynomial.Legendre([0] * 15 + [1], [0, 1])(x) + noise * errors


NOTHING = np.linspace(0, 1, 16), np.zeros(16)

FITTING = (
    Exercise(
        reference=mean_squared_error,
        task="Write the mean squared error of the values `predicted`, where `y` was right.",
        hints=(
            "The error of each point is `predicted - y`.",
            "First square, then take the mean: `np.mean`.",
        ),
        cases=tuple(
            (np.array(predicted), np.array(y))
            for predicted, y in (
                ([3.0], [1.0]),
                ([1.0, -1.0], [0.0, 0.0]),
                ([1, 2, 3], [1, 2, 5]),
                ([0.5, 0.0, -2.0, 1.0], [0.0, 0.25, -1.0, 4.0]),
            )
        ),
        mistakes=(
            *(mean_difference, mean_absolute, sum_of_squares, root, square_of_mean),
            all_squares,
        ),
    ),
    Exercise(
        reference=choose_degree,
        task="Choose the degree of a polynomial, from 0 to 15. The points are split in three: "
        "`x, y`, the *training set*, are there to fit to; `new_x, new_y`, the *validation set*, to "
        "choose by; a *test set* is opened once, at the end, for the final mark. "
        "Of equally good degrees, take the lowest. Return the degree.",
        hints=(
            "Fit all 16 degrees, one after the other: `fit = fit_polynomial(x, y, degree)`.",
            "The error of each on the new points goes into a list. "
            "`np.argmin` finds the place of its smallest number.",
        ),
        cases=(
            (*NOTHING, *NOTHING),
            (*_line(16, seed=1), *_line(NEW_POINTS, seed=2)),
            (*noisy_sine(POINTS, NOISE, seed=2), *noisy_sine(NEW_POINTS, NOISE, seed=99)),
            (*NOTHING, *noisy_sine(18, NOISE, seed=6)),
            (*noisy_sine(200, NOISE, seed=3), *noisy_sine(NEW_POINTS, NOISE, seed=4)),
            (*_winding(40, 0.1, seed=1), *_winding(NEW_POINTS, 0.1, seed=2)),
        ),
        situations=(
            "16 points that all have y = 0",
            "16 points near a straight line",
            "16 points near a wave",
            "16 points that all have y = 0, and new ones near a wave",
            "200 points near a wave",
            "40 points near a wilder curve",
        ),
        mistakes=(
            *(by_training_error, always_the_largest, lowest_error, fitted_to_the_new_points),
            *(fitted_to_all_points, fitted_the_other_way, worst_degree, one_too_many),
            stops_before_15,
        ),
        reward=opened_test_set,
    ),
)
