"""All layers together: notebooks/06_whole_network.ipynb."""

from lessonkit.explorers.whole_network.whole_network import whole_network

__all__ = [
    "whole_network",
]
