"""All layers together: notebooks/06_whole_network.ipynb."""

from lessonkit.explorers.whole_network.confusion import confusion
from lessonkit.explorers.whole_network.silence import silence
from lessonkit.explorers.whole_network.train_it_yourself import train_it_yourself
from lessonkit.explorers.whole_network.whole_network import whole_network

__all__ = ["confusion", "silence", "train_it_yourself", "whole_network"]
