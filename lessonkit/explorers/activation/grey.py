"""The grey square of a photograph that this chapter's neurons and filters look at."""

from lessonkit.datasets import photograph
from lessonkit.pooling import pool


def grey_square(name, side):
    """Return the middle of a photograph in grey, (side, side) float32 in 0..1.

    A photograph at least twice as large is first made smaller, by a whole number of times.
    Raises ValueError for a name that is not one of lessonkit.datasets.PHOTOGRAPHS.

    >>> grey_square("cat", 240).shape
    (240, 240)
    """
    grey = photograph(name).mean(axis=0)
    grey = pool(grey, min(grey.shape) // side, statistic="mean")
    top, left = ((length - side) // 2 for length in grey.shape)
    return grey[top : top + side, left : left + side]
