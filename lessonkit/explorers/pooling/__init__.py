"""The pooling layer: notebooks/04_pooling.ipynb."""

from lessonkit.explorers.pooling.anywhere import anywhere
from lessonkit.explorers.pooling.forward_and_backward import forward_and_backward
from lessonkit.explorers.pooling.mosaics import mosaics
from lessonkit.explorers.pooling.pooled_digits import pooled_digits
from lessonkit.explorers.pooling.sliding_window import sliding_window
from lessonkit.explorers.pooling.steadiness import steadiness

__all__ = [
    "anywhere",
    "forward_and_backward",
    "mosaics",
    "pooled_digits",
    "sliding_window",
    "steadiness",
]
