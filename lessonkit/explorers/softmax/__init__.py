"""The fully connected layer and softmax: notebooks/05_softmax.ipynb."""

from lessonkit.explorers.softmax._old import (
    dropout,
    parameter_ledger,
    scores_to_probabilities,
    two_losses,
    where_the_parameters_are,
)

__all__ = [
    "dropout",
    "parameter_ledger",
    "scores_to_probabilities",
    "two_losses",
    "where_the_parameters_are",
]
