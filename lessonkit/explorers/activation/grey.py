"""The grey square of a photograph that this chapter's neurons and filters look at."""

from lessonkit.datasets import photograph
from lessonkit.pooling import pool


def grey_square(name, side):
    """Return the middle of a photograph in grey, (side, side) in 0..1, made smaller to fit.

    >>> grey_square("cat", 240).shape
    (240, 240)
    """
    grey = photograph(name).mean(axis=0)
    grey = pool(grey, min(grey.shape) // side, statistic="mean")
    top, left = ((length - side) // 2 for length in grey.shape)
    return grey[top : top + side, left : left + side]
