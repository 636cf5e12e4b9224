"""The activation layer: what notebooks/03_activation.ipynb asks."""

from lessonkit.questions.activation.dead_units import dead_units
from lessonkit.questions.activation.feature_map import feature_map
from lessonkit.questions.activation.functions_and_slopes import functions_and_slopes
from lessonkit.questions.activation.gradient_ladder import gradient_ladder
from lessonkit.questions.activation.quiz import quiz
from lessonkit.questions.activation.silent_neurons import silent_neurons
from lessonkit.questions.activation.training_race import training_race

__all__ = [
    "dead_units",
    "feature_map",
    "functions_and_slopes",
    "gradient_ladder",
    "quiz",
    "silent_neurons",
    "training_race",
]
