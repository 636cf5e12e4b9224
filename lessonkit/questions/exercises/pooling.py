"""Exercises of chapter 4: how many windows fit in, and the largest number of each."""

import numpy as np

from lessonkit.questions.exercises.exercise import Exercise


def output_size(length, kernel_size, stride):
    return (length - kernel_size) // stride + 1


def rounded_up(length, kernel_size, stride):
    """You rounded up; a last window that does not fit is left out, so round down."""
    return -(-(length - kernel_size) // stride) + 1


def without_the_first(length, kernel_size, stride):
    """You counted the steps; there is one window more than steps, so add 1."""
    return (length - kernel_size) // stride


def not_rounded(length, kernel_size, stride):
    """You did not round; a part of a window does not count, so round down."""
    return (length - kernel_size) / stride + 1


def without_the_window(length, kernel_size, stride):
    """You divided the whole length; the window itself takes up kernel_size of it."""
    return length // stride


def side_by_side(length, kernel_size, stride):
    """You moved on by kernel_size; the window moves on by the stride."""
    return length // kernel_size


def stride_one(length, kernel_size, stride):
    """You forgot to divide by the stride: that is how many windows a stride of 1 gives."""
    return length - kernel_size + 1


def max_pool(x, kernel_size):
    rows, columns = x.shape[0] // kernel_size, x.shape[1] // kernel_size
    pooled = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * kernel_size, column * kernel_size
            pooled[row, column] = x[top : top + kernel_size, left : left + kernel_size].max()
    return pooled


def windows(x, kernel_size):
    """Return the windows, (rows, columns, kernel_size²)."""
    rows, columns = x.shape[0] // kernel_size, x.shape[1] // kernel_size
    blocks = x.reshape(rows, kernel_size, columns, kernel_size)
    return blocks.swapaxes(1, 2).reshape(rows, columns, kernel_size**2)


def mean_of_windows(x, kernel_size):
    """You took the mean of each window; max pooling keeps the largest number."""
    return windows(x, kernel_size).mean(axis=2)


def smallest_of_windows(x, kernel_size):
    """You kept the smallest number of each window; max pooling keeps the largest."""
    return windows(x, kernel_size).min(axis=2)


def sum_of_windows(x, kernel_size):
    """You added up each window; max pooling keeps the largest number."""
    return windows(x, kernel_size).sum(axis=2)


def first_of_windows(x, kernel_size):
    """You kept the first number of each window, whatever it is; keep the largest."""
    return x[::kernel_size, ::kernel_size]


def overlapping(x, kernel_size):
    """You moved the window on by 1; here the windows lie side by side."""
    every = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size))
    return every.max(axis=(2, 3))


def largest_in_map(x, kernel_size):
    """You returned the largest number of the whole map; each window keeps its own."""
    return x.max()


SIZES = ((2, 2, 2), (3, 1, 1), (6, 2, 2), (6, 3, 2), (7, 3, 1), (5, 2, 3), (32, 5, 3), (28, 5, 1))
MAPS = (
    (np.array([[1, 2], [3, 4]]), 2),
    (np.array([[-4.0, -1.0], [-2.0, -3.0]]), 2),
    (np.array([[1, 5, 2, 0], [3, 4, 8, 9]]), 2),
    (np.array([[3, 1], [2, 4]]), 1),
    (np.array([[0, 7, 1, 2], [6, 5, 3, 9], [8, 1, 4, 4], [2, 2, 0, 5]]), 2),
    (np.array([[1, 2, 3], [9, 5, 4], [6, 7, 8]]), 3),
)
POOLING = (
    Exercise(
        reference=output_size,
        task="Along an axis of `length` numbers moves a window of `kernel_size` numbers, "
        "by `stride` each time. Return how many windows fit in.",
        hints=(
            "The first window takes up `kernel_size` numbers. How many steps fit into the rest?",
            "`//` divides and rounds down. And the first window needs no step.",
        ),
        cases=SIZES,
        mistakes=(
            *(rounded_up, without_the_first, not_rounded, without_the_window),
            *(side_by_side, stride_one),
        ),
    ),
    Exercise(
        reference=max_pool,
        task="Write max pooling for a map `x` with rows and columns. The windows have "
        "`kernel_size` rows and columns and lie side by side, with none left over.",
        hints=(
            "How many windows are there below each other, and how many beside each other?",
            "Two loops visit the windows; `x[top:bottom, left:right]` is one of them.",
        ),
        cases=MAPS,
        mistakes=(
            *(mean_of_windows, smallest_of_windows, sum_of_windows, first_of_windows),
            *(overlapping, largest_in_map),
        ),
    ),
)
