"""Why a network must bend: notebooks/01_nonlinearity.ipynb."""

from lessonkit.explorers.nonlinearity.approximation import approximation
from lessonkit.explorers.nonlinearity.linear_stack import linear_stack
from lessonkit.explorers.nonlinearity.smile import smile

__all__ = [
    "approximation",
    "linear_stack",
    "smile",
]
