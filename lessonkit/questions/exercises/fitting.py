"""Exercises of notebooks/02_fitting.ipynb."""

import numpy as np

from lessonkit.fitting import fit_polynomial, noisy_sine
from lessonkit.fitting import mean_squared_error as error_of
from lessonkit.questions.exercises.exercise import Exercise, Mistake


def mean_squared_error(predicted, y):
    return np.mean((predicted - y) ** 2)


def choose_degree(x, y, new_x, new_y):
    errors = []
    for degree in range(16):
        fit = fit_polynomial(x, y, degree)
        errors.append(np.mean((fit(new_x) - new_y) ** 2))
    return np.argmin(errors)


def not_squared(predicted, y):
    return np.mean(predicted - y)


def sum_of_squares(predicted, y):
    return np.sum((predicted - y) ** 2)


def root_as_well(predicted, y):
    return np.mean((predicted - y) ** 2) ** 0.5


def absolute(predicted, y):
    return np.mean(np.abs(predicted - y))


def by_seen_points(x, y, new_x, new_y):
    errors = [error_of(fit_polynomial(x, y, degree)(x), y) for degree in range(16)]
    return np.argmin(errors)


def fitted_to_the_new(x, y, new_x, new_y):
    return choose_degree(new_x, new_y, x, y)


def its_error(x, y, new_x, new_y):
    fits = [fit_polynomial(x, y, degree) for degree in range(16)]
    return min(error_of(fit(new_x), new_y) for fit in fits)


def one_too_high(x, y, new_x, new_y):
    return choose_degree(x, y, new_x, new_y) + 1


MEAN_SQUARED_ERROR = Exercise(
    task="Return the mean of the squared differences between what is predicted and y.",
    hints=("First the differences, then their squares.", "np.mean adds up and divides."),
    reference=mean_squared_error,
    mistakes=(
        Mistake(not_squared, "Without the square, errors up and errors down cancel."),
        Mistake(
            sum_of_squares, "You added the squares up; the mean divides by how many there are."
        ),
        Mistake(
            root_as_well, "You took the root as well; that is the typical error, not this one."
        ),
        Mistake(absolute, "You took absolute values; a square makes large errors count more."),
    ),
    cases=(
        (np.array([1.0, 3.0]), np.array([0.0, 1.0])),
        (np.array([2.0, -1.0, 0.5]), np.array([0.0, 1.0, 0.5])),
    ),
)
CHOOSE_DEGREE = Exercise(
    task="Fit polynomials of degree 0 to 15 to (x, y), and return the degree that does best on "
    "(new_x, new_y). fit_polynomial(x, y, degree) returns the fitted curve, a function.",
    hints=(
        "For each degree: fit to x and y, then measure the error at new_x.",
        "Keep the 16 errors in a list; np.argmin says where the smallest is.",
    ),
    reference=choose_degree,
    mistakes=(
        Mistake(by_seen_points, "You chose by the points that were fitted: there 15 always wins."),
        Mistake(
            fitted_to_the_new, "You fitted the new points and chose by the others: exchange them."
        ),
        Mistake(its_error, "You returned the smallest error; return the degree that has it."),
        Mistake(
            one_too_high, "Your degree is one too high: the list of errors begins at degree 0."
        ),
    ),
    cases=(
        (*noisy_sine(16, noise=0.3, seed=2), *noisy_sine(50, noise=0.3, seed=7)),
        (*noisy_sine(16, noise=0.3, seed=5), *noisy_sine(50, noise=0.3, seed=8)),
    ),
)
