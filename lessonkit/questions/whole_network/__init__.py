"""All layers together: what notebooks/06_whole_network.ipynb asks."""

from lessonkit.questions.whole_network.confusion import confusion
from lessonkit.questions.whole_network.quiz import quiz
from lessonkit.questions.whole_network.silence import silence
from lessonkit.questions.whole_network.train_it_yourself import train_it_yourself
from lessonkit.questions.whole_network.whole_network import whole_network

__all__ = [
    "confusion",
    "quiz",
    "silence",
    "train_it_yourself",
    "whole_network",
]
