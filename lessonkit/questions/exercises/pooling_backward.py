"""Exercises of chapter 4, the way back: who gets the gradient, through maximum and mean."""

import numpy as np

from lessonkit.questions.exercises.exercise import Exercise
from lessonkit.questions.exercises.pooling import max_pool, windows


def _put_back(parts, kernel_size):
    """Return the array that has these windows."""
    rows, columns, _ = parts.shape
    blocks = parts.reshape(rows, columns, kernel_size, kernel_size).swapaxes(1, 2)
    return blocks.reshape(rows * kernel_size, columns * kernel_size)


def max_pool_backward(grad_output, x, kernel_size):
    gradient = np.zeros(x.shape)
    for row in range(grad_output.shape[0]):
        for column in range(grad_output.shape[1]):
            top, left = row * kernel_size, column * kernel_size
            window = x[top : top + kernel_size, left : left + kernel_size]
            down, right = np.unravel_index(window.argmax(), window.shape)
            gradient[top + down, left + right] = grad_output[row, column]
    return gradient


def _shared(grad_output, x, kernel_size, share):
    """Return what each pixel gets: share(window's numbers) times the window's gradient."""
    return _put_back(share(windows(x, kernel_size)) * grad_output[..., np.newaxis], kernel_size)


def _ties(parts):
    return (parts == parts.max(axis=2, keepdims=True)) * 1.0


def all_ties(grad_output, x, kernel_size):
    """You gave every tied maximum the whole gradient; only the first of them gets it."""
    return _shared(grad_output, x, kernel_size, _ties)


def split_ties(grad_output, x, kernel_size):
    """You split the gradient between tied maxima; here the first of them gets all of it."""

    def share(parts):
        return _ties(parts) / _ties(parts).sum(axis=2, keepdims=True)

    return _shared(grad_output, x, kernel_size, share)


def last_tie(grad_output, x, kernel_size):
    """You gave the gradient to the last of the tied maxima; here the first gets it."""

    def share(parts):
        last = parts.shape[2] - 1 - parts[..., ::-1].argmax(axis=2)
        return (np.arange(parts.shape[2]) == last[..., np.newaxis]) * 1.0

    return _shared(grad_output, x, kernel_size, share)


def unpooled(grad_output, x, kernel_size):
    """You put the maximum back where it was: that is unpooling. Put the gradient there."""
    return max_pool_backward(max_pool(x, kernel_size), x, kernel_size)


def unpooled_at_ties(grad_output, x, kernel_size):
    """You put the maximum back, wherever it stands: put the gradient there, at the first place."""
    return all_ties(max_pool(x, kernel_size), x, kernel_size)


def to_the_whole_window(grad_output, x, kernel_size):
    """You gave the gradient to the whole window; only the maximum moved the result."""
    return _shared(grad_output, x, kernel_size, np.ones_like)


def one_for_the_maximum(grad_output, x, kernel_size):
    """You put a 1 where the maximum is; put the window's number of grad_output there."""
    return max_pool_backward(np.ones_like(grad_output), x, kernel_size)


def mean_pool_backward(grad_output, x, kernel_size):
    gradient = np.zeros(x.shape)
    for row in range(grad_output.shape[0]):
        for column in range(grad_output.shape[1]):
            top, left = row * kernel_size, column * kernel_size
            share = grad_output[row, column] / kernel_size**2
            gradient[top : top + kernel_size, left : left + kernel_size] = share
    return gradient


def undivided(grad_output, x, kernel_size):
    """You gave each number the whole gradient; of n numbers, each gets one nth of it."""
    return mean_pool_backward(grad_output * kernel_size**2, x, kernel_size)


def divided_by_the_side(grad_output, x, kernel_size):
    """You divided by kernel_size; a window holds kernel_size times kernel_size numbers."""
    return mean_pool_backward(grad_output * kernel_size, x, kernel_size)


def mean_put_back(grad_output, x, kernel_size):
    """You put the mean back into its window: that is unpooling. Share out the gradient."""
    return undivided(windows(x, kernel_size).mean(axis=2), x, kernel_size)


def as_for_the_maximum(grad_output, x, kernel_size):
    """You gave everything to the maximum; in a mean, every number has the same share."""
    return max_pool_backward(grad_output, x, kernel_size)


def whole_numbers_only(grad_output, x, kernel_size):
    """You made the result with the whole numbers of x, which cut off what follows the point."""
    return mean_pool_backward(grad_output, x, kernel_size).astype(x.dtype)


BACKWARD = (
    (np.array([[2.0]]), np.array([[1, 2], [3, 2]]), 2),
    (np.array([[1.0]]), np.array([[3, 3], [1, 0]]), 2),
    (np.array([[-1.0, 0.5]]), np.array([[0.0, 1.5, 2.0, 0.5], [1.0, 0.5, 2.0, 1.0]]), 2),
    (np.array([[3.0, 1.0], [2.0, 4.0]]), np.array([[1, 2], [3, 4]]), 1),
    (
        np.array([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[0, 7, 1, 2], [6, 5, 3, 9], [8, 1, 4, 4], [2, 2, 0, 3]]),
        2,
    ),
)

POOLING_BACKWARD = (
    Exercise(
        reference=max_pool_backward,
        task="Now the way back. `grad_output` has one gradient for each window of `x`. Return "
        "the gradient of every number in `x`. Of tied maxima, the first gets all of it.",
        hints=(
            "Begin with zeros in the shape of `x`. Each window then changes one of them.",
            "`window.argmax()` counts through a window row by row and finds the first maximum; "
            "`np.unravel_index` turns that into a row and a column.",
        ),
        cases=BACKWARD,
        mistakes=(
            *(all_ties, split_ties, last_tie, unpooled, unpooled_at_ties),
            *(to_the_whole_window, one_for_the_maximum),
        ),
    ),
    Exercise(
        reference=mean_pool_backward,
        task="The same for mean pooling: return the gradient of every number in `x`.",
        hints=(
            "All numbers of a window get the same share of its gradient.",
            "A window holds `kernel_size**2` numbers.",
        ),
        cases=BACKWARD,
        mistakes=(
            *(undivided, divided_by_the_side, mean_put_back, as_for_the_maximum),
            whole_numbers_only,
        ),
    ),
)
