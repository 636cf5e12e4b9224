"""The explorers of the lessons: a folder for each chapter, a file for each explorer.

An explorer's file reads from the top: the facts, the maker, then measure → paint → say. What
several share: words.py (captions), style.py (colours and names), drawing.py, controls.py.
"""

from lessonkit.explorers import (
    activation,
    fitting,
    nonlinearity,
    pooling,
    softmax,
    whole_network,
)

__all__ = ["activation", "fitting", "nonlinearity", "pooling", "softmax", "whole_network"]
