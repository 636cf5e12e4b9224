"""The pooling layer: what notebooks/04_pooling.ipynb asks."""

from lessonkit.questions.pooling.anywhere import anywhere
from lessonkit.questions.pooling.forward_and_backward import forward_and_backward
from lessonkit.questions.pooling.mosaics import mosaics
from lessonkit.questions.pooling.pooled_digits import pooled_digits
from lessonkit.questions.pooling.quiz import quiz
from lessonkit.questions.pooling.sliding_window import sliding_window
from lessonkit.questions.pooling.steadiness import steadiness

__all__ = [
    "anywhere",
    "forward_and_backward",
    "mosaics",
    "pooled_digits",
    "quiz",
    "sliding_window",
    "steadiness",
]
