"""The activation layer: notebooks/03_activation.ipynb."""

from lessonkit.explorers.activation.dead_units import dead_units
from lessonkit.explorers.activation.feature_map import feature_map
from lessonkit.explorers.activation.functions_and_slopes import functions_and_slopes
from lessonkit.explorers.activation.gradient_ladder import gradient_ladder
from lessonkit.explorers.activation.silent_neurons import silent_neurons
from lessonkit.explorers.activation.training_race import training_race

__all__ = [
    "dead_units",
    "feature_map",
    "functions_and_slopes",
    "gradient_ladder",
    "silent_neurons",
    "training_race",
]
