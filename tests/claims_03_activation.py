"""What the text of notebooks/03_activation.ipynb claims, and each claim worked out another way."""

import functools
import inspect
import math
import re

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from lessonkit.activations import ACTIVATIONS
from lessonkit.explorers import activation


def sigmoid_slope(x):
    return expit(x) * expit(-x)


@functools.cache
def gradient_ladder():
    return activation.gradient_ladder()


def ladder(code):
    """Return the factor a layer that the gradient ladder's caption tells."""
    gradient_ladder().set(code)
    return re.search(r"multiplies it by (\S+)", gradient_ladder().caption)[1]


def scale_of_ceiling(code):
    """Return the factor a layer of the ceiling that the gradient ladder draws."""
    gradient_ladder().set(code)
    heights = gradient_ladder().picture.axes[0].lines[-1].get_ydata()
    return (heights[0] / heights[-1]) ** (1 / (len(heights) - 1))


def sigmoid_band():
    """Return how wide the region is in which sigmoid's slope exceeds 0.1."""
    return 2 * brentq(lambda x: sigmoid_slope(x) - 0.1, 0, 10)


def relu_silent(code):
    """Return the percentage of values that the caption of the silent neurons gives for ReLU."""
    explorer = activation.silent_neurons()
    explorer.set(code)
    return float(re.search(r"active and (\S+) % exactly 0", explorer.caption)[1])


CLAIMS = {
    "even there it is only ¼": lambda: sigmoid_slope(0) == 1 / 4,
    "costs the gradient three quarters or more": lambda: 1 - sigmoid_slope(0) == 3 / 4,
    "a band 4.1 wide around 0": lambda: f"{sigmoid_band():.1f}" == "4.1",
    "At $x = 6$ it is down to 0.002": lambda: f"{sigmoid_slope(6):.3f}" == "0.002",
    "multiplies the gradient by 0.237 in each layer": lambda: (
        ladder("activation=sigmoid depth=20 weight_scale=1") == "0.237"
    ),
    "a number with twelve zeros after the point": lambda: (
        math.floor(-math.log10(float(ladder("activation=sigmoid depth=20 weight_scale=1")) ** 20))
        == 12
    ),
    "too, to 0.705 of its size in each layer": lambda: (
        ladder("activation=ReLU depth=20 weight_scale=1") == "0.705"
    ),
    "At a weight scale of 1.41 ReLU's bars stay nearly level, even through 50 layers": lambda: (
        float(ladder("activation=ReLU depth=50 weight_scale=1.41")) > 0.97
    ),
    "it needs a weight scale of more than 4 just to break even": lambda: 4 * sigmoid_slope(0) == 1,
    "Larger weights do help, but less than they should": lambda: (
        0.237
        < float(ladder("activation=sigmoid depth=20 weight_scale=2"))
        < float(ladder("activation=sigmoid depth=20 weight_scale=4"))
        < 4 * 0.237
    ),
    "At 4, each layer still keeps only 0.620": lambda: (
        ladder("activation=sigmoid depth=20 weight_scale=4") == "0.620"
    ),
    "its favourite direction it stretches to almost twice the length": lambda: (
        1.9
        < np.linalg.norm(
            np.random.default_rng(0).standard_normal((99, 64, 64)) / 8, 2, (1, 2)
        ).mean()
        < 2
    ),
    "At 4, ReLU's gradient *explodes*": lambda: (
        float(ladder("activation=ReLU depth=50 weight_scale=4")) > 2
    ),
    "Each layer has 64 neurons": lambda: activation.NEURONS == 64,
    "ten thousand million times the one below": lambda: (
        np.diff(np.log10(gradient_ladder().picture.axes[0].get_yticks())).tolist() == [10] * 4
    ),
    "the typical size of what passes (the root of the mean square) is √½": lambda: math.isclose(
        np.sqrt(np.mean(np.square([0, 1]))), math.sqrt(1 / 2)
    ),
    "Weights larger by √2 make up for it": lambda: math.isclose(1 / math.sqrt(1 / 2), math.sqrt(2)),
    "the ceiling rises by almost 2 in each layer": lambda: (
        1.9 < float(scale_of_ceiling("activation=ReLU depth=20 weight_scale=1")) < 2
    ),
    "(Its parameter is 0.25 here.)": lambda: (
        inspect.signature(ACTIVATIONS["prelu"]).parameters["slope"].default == 0.25
    ),
    "20 neurons look at one small patch": lambda: activation.HIDDEN == 20,
    "At bias 0 about half of ReLU's values are exactly 0": lambda: (
        abs(relu_silent("bias=0") - 50) < 5
    ),
    "at −1 only 13.2 % stay active": lambda: f"{100 - relu_silent('bias=-1'):.1f}" == "13.2",
    "size: √2 larger than for no activation at all": lambda: math.isclose(
        1 / math.sqrt(1 / 2), math.sqrt(2)
    ),
}
# What others measured: the source stands in the text itself, under "Where to read on".
SOURCED = {
    "fewer than 1 % of its neurons": "Lennie",
    'The "1–4 %" that you often read': "Glorot",
    "down to the brain's 1–4 %": "Glorot",
}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"\b(?:1|20|50) (?:sigmoid )?layers\b",
    r"\bsays 0\.05\b|\bfrom −1 to\b",
]
