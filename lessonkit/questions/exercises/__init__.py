"""Exercises that check themselves, a file a chapter.

>>> def my_relu(x):
...     return abs(x)
>>> print(EXERCISES["relu"].check(my_relu).message[:62])
You took away the minus sign; ReLU turns every negative number
"""

from lessonkit.questions.exercises.activation import ACTIVATION
from lessonkit.questions.exercises.exercise import Exercise
from lessonkit.questions.exercises.fitting import FITTING
from lessonkit.questions.exercises.nonlinearity import NONLINEARITY
from lessonkit.questions.exercises.pooling import POOLING
from lessonkit.questions.exercises.pooling_backward import POOLING_BACKWARD
from lessonkit.questions.exercises.softmax import SOFTMAX
from lessonkit.questions.exercises.verdict import Verdict
from lessonkit.questions.exercises.whole_network import WHOLE_NETWORK

CHAPTERS = {
    "nonlinearity": NONLINEARITY,
    "fitting": FITTING,
    "activation": ACTIVATION,
    "pooling": POOLING + POOLING_BACKWARD,
    "softmax": SOFTMAX,
    "whole_network": WHOLE_NETWORK,
}
EXERCISES = {exercise.name: exercise for chapter in CHAPTERS.values() for exercise in chapter}

__all__ = ["CHAPTERS", "EXERCISES", "Exercise", "Verdict"]
