"""Too little, too much: notebooks/02_fitting.ipynb."""

from lessonkit.explorers.fitting.capacity import capacity
from lessonkit.explorers.fitting.frogs import frogs
from lessonkit.explorers.fitting.sampling import sampling

__all__ = [
    "capacity",
    "frogs",
    "sampling",
]
