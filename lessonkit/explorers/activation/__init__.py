"""The activation layer: notebooks/03_activation.ipynb."""

from lessonkit.explorers.activation._old import (
    feature_map,
    functions_and_slopes,
    gradient_ladder,
    silent_neurons,
)
from lessonkit.explorers.activation._old_training import dead_units, training_race

__all__ = [
    "dead_units",
    "feature_map",
    "functions_and_slopes",
    "gradient_ladder",
    "silent_neurons",
    "training_race",
]
