"""What the text of notebooks/03_activation.ipynb claims, and each claim worked out another way."""

import functools
import inspect
import json
import math
import re

import numpy as np
from explored import says
from scipy.optimize import brentq
from scipy.special import expit

from lessonkit.activations import ACTIVATIONS
from lessonkit.datasets import DATA
from lessonkit.explorers import activation, activation_training


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


def race_record():
    return json.loads((DATA / "records" / "training_race.json").read_text("utf-8"))


def recorded_gap(activation):
    """Return validation less training loss after 30 epochs of the deep network, the mean of five.

    At a rate of its own, which stands in the first of the two records of each activation.
    """
    runs = race_record()["runs"]
    run = next(r for r in runs if r["activation"] == activation and r["hidden_layers"] == 5)
    gaps = np.subtract(run["validation_losses"], run["training_losses"])
    return f"{gaps[:, -1].mean():.2f}"


def race_says(code, *words):
    start = "'hidden_layers=5 (deep)' own_rates=true epoch=30 validation=false "
    return says(activation_training.training_race, start + code, *words)


def census_says(code, *words):
    start = "activation=ReLU 'layer=the only one' learning_rate=0.05 bias=0 'after=16 epochs' "
    return says(activation_training.dead_units, start + code, *words)


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
    "the plain sigmoid does not reach a training loss of 0.1 in 30 epochs. ReLU takes 7, tanh 6, "
    "and sigmoid with larger first weights takes 7": lambda: race_says(
        "", "sigmoid (over 30), sigmoid ×4 (7), tanh (6) and ReLU (7)"
    ),
    "Sigmoid takes 5 epochs, tanh 4, ReLU 6": lambda: race_says(
        "'hidden_layers=1 (shallow)'", "sigmoid (5)", "tanh (4)", "ReLU (6)"
    ),
    "**One rate for all:** both sigmoids seem hopeless": lambda: race_says(
        "own_rates=false", "sigmoid (over 30), sigmoid ×4 (over 30)"
    ),
    "at epoch 30 ReLU's gap is 0.49 in the deep network, tanh's is 0.32": lambda: (
        recorded_gap("relu") == "0.49" and recorded_gap("tanh") == "0.32"
    ),
    "five hidden layers with 64 neurons each learned 2,000 handwritten digits": lambda: (
        race_record()["training_digits"] == 2000
    ),
    "At 0.05 only 2.2 % of the neurons are dead after 16 epochs, at 0.1 it is 11.2 %, at 0.2 it is "
    "56.6 %": lambda: all(
        census_says(f"learning_rate={rate}", f"{share} % of the ReLU units")
        for rate, share in ((0.05, "2.2"), (0.1, "11.2"), (0.2, "56.6"))
    ),
    "At 0.1, 6.9 % are dead after the first epoch already": lambda: census_says(
        "learning_rate=0.1", "after the first epoch 6.9 %", "came in the first epoch"
    ),
    "Only at 0.2, where training itself hardly works any more, most die after that": lambda: (
        census_says("learning_rate=0.2", "came after the first epoch")
    ),
    "A **bias** of −4 at the start makes 50.3 % of them dead before any training": lambda: (
        census_says("bias=-4", "Before training it was 50.3 %")
    ),
    "there the slope is 0.01, not 0": lambda: census_says(
        "'activation=leaky ReLU'", "their slope there is 0.01"
    ),
    "the middle 80 % of its slopes end between −0.034 and 0.280": lambda: census_says(
        "activation=PReLU", "the middle 80 % lie from −0.034 to 0.280"
    ),
    "starting from 0.25, the middle": lambda: (
        inspect.signature(ACTIVATIONS["prelu"]).parameters["slope"].default == 0.25
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
    r"which makes up for its slope of ¼|training loss of 0\.1 first|one hidden layer of 64 neurons",
    r"learning rate of 0\.\d+|\*Sigmoid ×4\*|Krizhevsky and others, 2012",
    r"\b(?:1|20|50) (?:sigmoid )?layers\b",
    r"\bsays 0\.05\b|\bfrom −1 to\b",
]
