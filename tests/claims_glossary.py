"""What notebooks/glossary.ipynb claims, each claim from an oracle of the lesson that shows it."""

import json

import numpy as np
from claims_02_fitting import fit_says
from claims_04_pooling import PLAIN, back_says, run, test_accuracy
from claims_05_softmax import in_digits, network_says
from explored import says
from scipy.special import softmax

from lessonkit.activations import sigmoid
from lessonkit.datasets import DATA
from lessonkit.explorers.pooling import steadiness


def rows():
    """Return the number of terms: the rows of the tables, without their heads."""
    notebook = json.loads((DATA.parent / "notebooks" / "glossary.ipynb").read_text("utf-8"))
    lines = "".join("".join(cell["source"]) + "\n" for cell in notebook["cells"]).splitlines()
    return sum(line.startswith("| [") for line in lines)


def nudged(statistic):
    """Return the change of a window's statistic for each of its numbers, times 2, by nudging."""
    x, step = np.array([1.0, 2, 3, 2]), 1e-6
    nudges = step * np.eye(4)
    return [round(2 * (statistic(x + n) - statistic(x - n)) / (2 * step), 6) for n in nudges]


def first_zero():
    """Return the first whole x where the slope of sigmoid is 0, as its formula is written."""
    x = np.arange(100)
    s = 1 / (1 + np.exp(-x.astype(float)))
    return x[s * (1 - s) == 0][0]


CLAIMS = {
    "title": {"terms: 98": lambda: rows() == 98},
    "erratum-back": {
        "windows: 0 0 3 0 2 2 2 2": lambda: (
            back_says("statistic=max grad_output=1", "Our source's 0, 0, 3, 0")
            and back_says("statistic=mean grad_output=1", "Our source's 2, 2, 2, 2")
        ),
        "gradient: 0 0 0 4 0.5 2": lambda: (
            nudged(np.mean) == [0.5] * 4 and nudged(np.max) == [0, 0, 2, 0]
        ),
        "when it holds: 3 8": lambda: (
            back_says("statistic=max grad_output=1", "for g = 3 only")
            and back_says("statistic=mean grad_output=1", "for g = 8 only")
        ),
    },
    "erratum-printed": {
        "printed: 4 1 −2 0.95 0.04 0.0": lambda: f"{softmax([4, 1, -2])[1]:.3f}"[:4] == "0.04",
        "probabilities: 0.9503 0.0473 0.0024": lambda: (
            in_digits(softmax([4, 1, -2])) == ["0.9503", "0.0473", "0.0024"]
        ),
        "rounded: 0.05": lambda: f"{softmax([4, 1, -2])[1]:.2f}" == "0.05",
    },
    "erratum-unchanged": {
        "a shift by 1: 7.5 4 4 3.4": lambda: says(
            steadiness, PLAIN.format(4, "shift") + " shift=1", " 7.5 %", " 3.4 %"
        ),
    },
    "erratum-slope": {
        "slope of sigmoid: 0 ¼ 0 0 ¼ 0": lambda: sigmoid.derivative(0.0) == 0.25,
        "where it is rounded: 37": lambda: first_zero() == 37,
    },
    "erratum-samples": {
        "samples: 15 3.49 16 0.302 200": lambda: (
            fit_says("degree=15 points=16", "3.49 on new ones")
            and fit_says("degree=15 points=200", "0.302 on new ones")
        ),
    },
    "erratum-saves": {
        "digits: 4 4 1,000 89.4 89.7": lambda: (
            run("mean", 4, 1000)["training_accuracies"] == [1.0] * 5
            and (test_accuracy("mean", 4, 1000), test_accuracy("mean", 1, 1000)) == ("89.4", "89.7")
        ),
    },
    "erratum-share": {
        "AlexNet: 96.2": lambda: network_says("AlexNet", "96.2 %"),
        "VGG-16: -16 89.4": lambda: network_says("VGG-16", "89.4 %"),
        "ResNet-50: -50 8.0": lambda: network_says("ResNet-50", "8.0 %"),
    },
}
SOURCED = {}
NOT_CLAIMS = [
    r"\[[^]]*\]\([^)]*\)",  # a link
    r"^### \d+\.",  # the number of an erratum
    r"```python.*?```",  # what to paste; test_glossary.py runs it
    r"\bL2\b|√2",  # a name; an item of chapter 3
]
