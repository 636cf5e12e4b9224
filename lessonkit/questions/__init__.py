"""What the notebooks ask: predictions about the explorers and a quiz, a folder a chapter.

EXERCISES has the functions that learners write: name → an exercise that checks itself.

>>> from lessonkit import explorers, questions
>>> asked = questions.nonlinearity.smile(explorers.nonlinearity.smile())
>>> asked.questions.answer("below_one_percent", 12)
>>> asked.explorer.set("units=10")
>>> print(asked.questions.verdicts["below_one_percent"][:22])
You said 12: too high.
"""

from lessonkit.questions import activation, fitting, nonlinearity, pooling, softmax, whole_network
from lessonkit.questions.exercises import EXERCISES

__all__ = [
    "EXERCISES",
    "activation",
    "fitting",
    "nonlinearity",
    "pooling",
    "softmax",
    "whole_network",
]
