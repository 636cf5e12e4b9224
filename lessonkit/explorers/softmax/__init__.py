"""The fully connected layer and softmax: notebooks/05_softmax.ipynb."""

from lessonkit.explorers.softmax.dropout import dropout
from lessonkit.explorers.softmax.parameter_ledger import parameter_ledger
from lessonkit.explorers.softmax.scores_to_probabilities import scores_to_probabilities
from lessonkit.explorers.softmax.two_losses import two_losses
from lessonkit.explorers.softmax.where_the_parameters_are import where_the_parameters_are

__all__ = [
    "dropout",
    "parameter_ledger",
    "scores_to_probabilities",
    "two_losses",
    "where_the_parameters_are",
]
