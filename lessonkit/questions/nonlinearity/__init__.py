"""Why a network must bend: what notebooks/01_nonlinearity.ipynb asks."""

from lessonkit.questions.nonlinearity.approximation import approximation
from lessonkit.questions.nonlinearity.linear_stack import linear_stack
from lessonkit.questions.nonlinearity.quiz import quiz
from lessonkit.questions.nonlinearity.smile import smile

__all__ = [
    "approximation",
    "linear_stack",
    "quiz",
    "smile",
]
