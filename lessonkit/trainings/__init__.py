"""The trainings whose results the lessons show: a module for each record in data/records/.

Run them with `python -m lessonkit.trainings dropout`. Each module's `make()` trains and returns
the files to write, name → bytes. What several share: digit_samples.py (what is learned from),
digit_classifiers.py (the networks that learn), files.py (how results are written).
"""

from lessonkit.trainings import (
    dead_units,
    dropout,
    fitting_network,
    pooled_digits,
    training_race,
    whole_network,
)

__all__ = [
    "dead_units",
    "dropout",
    "fitting_network",
    "pooled_digits",
    "training_race",
    "whole_network",
]
