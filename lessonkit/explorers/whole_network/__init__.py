"""All layers together: notebooks/06_whole_network.ipynb."""

from lessonkit.explorers.whole_network._old import whole_network

__all__ = [
    "whole_network",
]
