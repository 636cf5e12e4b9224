"""Too little, too much: notebooks/02_fitting.ipynb."""

from lessonkit.explorers.fitting._old import frogs, sampling
from lessonkit.explorers.fitting.capacity import capacity

__all__ = [
    "capacity",
    "frogs",
    "sampling",
]
