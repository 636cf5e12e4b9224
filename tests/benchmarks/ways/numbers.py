"""What all ways show: four curves, two dots on them and a sentence; a photograph and its mosaic."""

import functools

import numpy as np

XS = np.linspace(-6, 6, 400)
RANGES = ((-0.3, 6.3), (-0.05, 1.05))  # of the two axes, from bottom to top
X = {"min": -6, "max": 6, "step": 0.1}
KERNEL_SIZE = {"min": 1, "max": 32}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def slope(x):
    return sigmoid(x) * (1 - sigmoid(x))


def curves():
    """Return two curves for each of the two axes."""
    return (sigmoid(XS), np.maximum(XS, 0)), (slope(XS), (XS > 0).astype(float))


def heights(x):
    """Return how high the two dots stand at x."""
    return float(sigmoid(x)), float(slope(x))


def sentence(x):
    left, right = heights(x)
    return f"At x = {x:.1f} the sigmoid is {left:.3f} and its slope {right:.3f}."


@functools.cache
def photograph():
    """Return the camera man, (512, 512) float in 0..1."""
    from lessonkit import datasets  # not above: the plot must not wait for it

    return datasets.photograph("camera")[0]


def mosaic_of(kernel_size):
    from lessonkit.pooling import pool

    return pool(photograph(), kernel_size, statistic="mean", ceil_mode=True)


def in_bytes(picture):
    """Return a picture as uint8, an eighth of what a page would have to be sent."""
    return np.round(255 * picture).astype(np.uint8)
