"""The fully connected layer and softmax: what notebooks/05_softmax.ipynb asks."""

from lessonkit.questions.softmax.dropout import dropout
from lessonkit.questions.softmax.parameter_ledger import parameter_ledger
from lessonkit.questions.softmax.quiz import quiz
from lessonkit.questions.softmax.scores_to_probabilities import scores_to_probabilities
from lessonkit.questions.softmax.two_losses import two_losses
from lessonkit.questions.softmax.where_the_parameters_are import where_the_parameters_are

__all__ = [
    "dropout",
    "parameter_ledger",
    "quiz",
    "scores_to_probabilities",
    "two_losses",
    "where_the_parameters_are",
]
