"""Too little, too much: what notebooks/02_fitting.ipynb asks."""

from lessonkit.questions.fitting.capacity import capacity
from lessonkit.questions.fitting.cures import cures
from lessonkit.questions.fitting.frogs import frogs
from lessonkit.questions.fitting.quiz import quiz
from lessonkit.questions.fitting.sampling import sampling

__all__ = [
    "capacity",
    "cures",
    "frogs",
    "quiz",
    "sampling",
]
