"""Exercises that check themselves, a module a chapter.

>>> import numpy as np
>>> EXERCISES["relu"].check(np.abs)
Not yet. You turned the sign of the negative numbers; ReLU makes them 0. For x = [−1] it must \
return [0]; yours returned [1].
"""

from lessonkit.questions.exercises import (
    activation,
    fitting,
    nonlinearity,
    pooling,
    softmax,
    whole_network,
)
from lessonkit.questions.exercises.exercise import Exercise

CHAPTERS = nonlinearity, fitting, activation, pooling, softmax, whole_network
EXERCISES = {
    exercise.name: exercise
    for chapter in CHAPTERS
    for exercise in vars(chapter).values()
    if isinstance(exercise, Exercise)
}

__all__ = ["EXERCISES", "Exercise"]
