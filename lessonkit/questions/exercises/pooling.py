"""Exercises of notebooks/04_pooling.ipynb."""

import math

import numpy as np

from lessonkit import pooling
from lessonkit.questions.exercises.exercise import Exercise, Mistake


def output_size(length, kernel_size, stride):
    return (length - kernel_size) // stride + 1


def max_pool(x, kernel_size):
    rows, columns = x.shape[0] // kernel_size, x.shape[1] // kernel_size
    return x.reshape(rows, kernel_size, columns, kernel_size).max(axis=(1, 3))


def max_pool_backward(grad_output, x, kernel_size):
    grad = np.zeros(x.shape)
    for row, column in np.ndindex(grad_output.shape):
        top, left = row * kernel_size, column * kernel_size
        window = x[top : top + kernel_size, left : left + kernel_size]
        i, j = np.unravel_index(window.argmax(), window.shape)
        grad[top + i, left + j] = grad_output[row, column]
    return grad


def mean_pool_backward(grad_output, x, kernel_size):
    share = grad_output / kernel_size**2
    return share.repeat(kernel_size, axis=0).repeat(kernel_size, axis=1)


def first_place_forgotten(length, kernel_size, stride):
    return (length - kernel_size) // stride


def rounded_up(length, kernel_size, stride):
    return math.ceil((length - kernel_size) / stride) + 1


def window_forgotten(length, kernel_size, stride):
    return length // stride


def every_place(length, kernel_size, stride):
    return length - kernel_size + 1


def not_rounded(length, kernel_size, stride):
    return (length - kernel_size) / stride + 1


def mean_for_max(x, kernel_size):
    return pooling.pool(x, kernel_size, statistic="mean")


def smallest(x, kernel_size):
    return -max_pool(-x, kernel_size)


def sum_for_max(x, kernel_size):
    return pooling.pool(x, kernel_size, statistic="sum")


def overlapping(x, kernel_size):
    return pooling.pool(x, kernel_size, stride=1)


def transposed(x, kernel_size):
    return max_pool(x, kernel_size).T


def one_for_all(x, kernel_size):
    return x.max()


def put_back_max(grad_output, x, kernel_size):
    return pooling.unpool(max_pool(x, kernel_size), x, kernel_size)


def to_all_ties(grad_output, x, kernel_size):
    return pooling.pool_backward(grad_output, x, kernel_size, ties="all")


def to_last_tie(grad_output, x, kernel_size):
    turned = grad_output[::-1, ::-1], x[::-1, ::-1], kernel_size
    return max_pool_backward(*turned)[::-1, ::-1]


def to_everyone(grad_output, x, kernel_size):
    return grad_output.repeat(kernel_size, axis=0).repeat(kernel_size, axis=1)


def shared_like_mean(grad_output, x, kernel_size):
    return pooling.pool_backward(grad_output, x, kernel_size, statistic="mean")


def whole_to_each(grad_output, x, kernel_size):
    return to_everyone(grad_output, x, kernel_size)


def put_back_mean(grad_output, x, kernel_size):
    return pooling.unpool(mean_for_max(x, kernel_size), x, kernel_size, statistic="mean")


def side_for_area(grad_output, x, kernel_size):
    return to_everyone(grad_output, x, kernel_size) / kernel_size


def like_max(grad_output, x, kernel_size):
    return max_pool_backward(grad_output, x, kernel_size)


SMALL = np.array([[1.0, 2], [4, 3]])
WIDE = np.array([[1.0, 5, 0, 2], [2, 0, 8, 4]])
TIED = np.array([[3.0, 3], [1, 3]])
LARGE = np.arange(36.0).reshape(6, 6) % 7 - 3
FORWARD = ((SMALL, 2), (WIDE, 2), (LARGE, 3), (LARGE, 2))
BACKWARD = (
    (np.array([[2.0]]), SMALL, 2),
    (np.array([[4.0]]), TIED, 2),
    (np.array([[1.0, -2]]), WIDE, 2),
    (np.array([[1.0, 2], [3, 4]]), LARGE, 3),
)

OUTPUT_SIZE = Exercise(
    task="Return how many windows fit along an axis of `length` numbers. They are kernel_size wide "
    "and move on by the stride.",
    hints=(
        "The last window may begin no later than at length − kernel_size.",
        "Count the steps of a stride up to there, rounded down; the first place comes on top.",
    ),
    reference=output_size,
    mistakes=(
        Mistake(first_place_forgotten, "You counted the steps; the first place comes before them."),
        Mistake(rounded_up, "You rounded up; a window that does not fit is not counted."),
        Mistake(window_forgotten, "You divided the whole length; a window needs room at the end."),
        Mistake(every_place, "You moved on by 1 each time; the stride may be larger."),
        Mistake(not_rounded, "You did not round down: there is no part of a window."),
    ),
    cases=((4, 2, 2), (6, 3, 2), (6, 2, 1), (7, 2, 3), (32, 5, 1)),
)
MAX_POOL = Exercise(
    task="Return the largest number of each window. x is (H, W); the windows of kernel_size × "
    "kernel_size lie side by side, and a whole number of them fits.",
    hints=(
        "Make an array of (H / kernel_size, W / kernel_size), and fill it in two loops.",
        "Or x.reshape(rows, kernel_size, columns, kernel_size), then the maximum over two axes.",
    ),
    reference=max_pool,
    mistakes=(
        Mistake(mean_for_max, "You took the mean of each window; max pooling keeps the largest."),
        Mistake(smallest, "You kept the smallest number of each window."),
        Mistake(sum_for_max, "You added up each window; max pooling picks one number."),
        Mistake(overlapping, "Your windows overlap; here they lie side by side."),
        Mistake(transposed, "Rows and columns are exchanged in your result."),
        Mistake(one_for_all, "You took one maximum of the whole; each window has its own."),
    ),
    cases=FORWARD,
)
MAX_POOL_BACKWARD = Exercise(
    task="Return the gradient with respect to x. grad_output has one number per window; in each "
    "window the first largest number gets all of it, the others get 0.",
    hints=(
        "Begin with zeros of x's shape, and go through the windows.",
        "window.argmax() is the place of the first maximum, counted along the rows.",
    ),
    reference=max_pool_backward,
    mistakes=(
        Mistake(put_back_max, "You put the pooled value back; that is unpooling, no gradient."),
        Mistake(to_all_ties, "With a tie you gave the gradient to each: more goes out than came."),
        Mistake(to_last_tie, "With a tie the last maximum got it; our rule is the first."),
        Mistake(to_everyone, "Every number got the gradient; only the largest moves the result."),
        Mistake(shared_like_mean, "You shared it out evenly: that is mean pooling's gradient."),
    ),
    cases=BACKWARD,
)
MEAN_POOL_BACKWARD = Exercise(
    task="Return the gradient with respect to x when each window is replaced by its mean. "
    "grad_output has one number per window.",
    hints=(
        "A window has kernel_size² numbers. If one rises by 1, by how much does their mean?",
        "array.repeat(kernel_size, axis=0) writes every row kernel_size times.",
    ),
    reference=mean_pool_backward,
    mistakes=(
        Mistake(
            whole_to_each, "Each number got the whole gradient; a mean moves by a share of it."
        ),
        Mistake(put_back_mean, "You put the mean back; our source does, but it is no gradient."),
        Mistake(side_for_area, "You divided by kernel_size; a window has kernel_size² numbers."),
        Mistake(like_max, "Only the largest got it; a mean is moved by all of its numbers."),
    ),
    cases=BACKWARD,
)
