"""The pooling layer: notebooks/04_pooling.ipynb."""

from lessonkit.explorers.pooling._old import (
    anywhere,
    forward_and_backward,
    pooled_digits,
    sliding_window,
    steadiness,
)
from lessonkit.explorers.pooling.mosaics import mosaics

__all__ = [
    "anywhere",
    "forward_and_backward",
    "mosaics",
    "pooled_digits",
    "sliding_window",
    "steadiness",
]
