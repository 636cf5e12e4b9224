"""Too little, too much: notebooks/02_fitting.ipynb."""

from lessonkit.explorers.fitting._old import capacity, frogs, sampling

__all__ = [
    "capacity",
    "frogs",
    "sampling",
]
