"""Why a network must bend: notebooks/01_nonlinearity.ipynb."""

from lessonkit.explorers.nonlinearity._old import approximation, linear_stack, smile

__all__ = [
    "approximation",
    "linear_stack",
    "smile",
]
