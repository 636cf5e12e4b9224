"""Every number in the notebooks' text comes from code: it stands in an output, or a test finds it.

CLAIMS has, for each notebook, what the text says and how to work it out another way. A number that
is neither in an output nor in a claim fails; so does a claim that the text no longer makes.
"""

import functools
import inspect
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import expit

from lessonkit.activations import ACTIVATIONS
from lessonkit.explorers import activation

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
NUMBER = re.compile(r"√½|√2|[¼½¾]|[−-]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")
WORDS_A_MINUTE = 100  # of a text that is worked through, not skimmed


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
    "03_activation.ipynb": {
        "even there it is only ¼": lambda: sigmoid_slope(0) == 1 / 4,
        "costs the gradient three quarters or more": lambda: 1 - sigmoid_slope(0) == 3 / 4,
        "a band 4.1 wide around 0": lambda: f"{sigmoid_band():.1f}" == "4.1",
        "At $x = 6$ it is down to 0.002": lambda: f"{sigmoid_slope(6):.3f}" == "0.002",
        "multiplies the gradient by 0.237 in each layer": lambda: (
            ladder("activation=sigmoid depth=20 weight_scale=1") == "0.237"
        ),
        "a number with twelve zeros after the point": lambda: (
            math.floor(
                -math.log10(float(ladder("activation=sigmoid depth=20 weight_scale=1")) ** 20)
            )
            == 12
        ),
        "too, to 0.705 of its size in each layer": lambda: (
            ladder("activation=ReLU depth=20 weight_scale=1") == "0.705"
        ),
        "At a weight scale of 1.41 ReLU's bars stay nearly level, even through 50 layers": lambda: (
            float(ladder("activation=ReLU depth=50 weight_scale=1.41")) > 0.97
        ),
        "it needs a weight scale of more than 4 just to break even": lambda: (
            4 * sigmoid_slope(0) == 1
        ),
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
        "Weights larger by √2 make up for it": lambda: math.isclose(
            1 / math.sqrt(1 / 2), math.sqrt(2)
        ),
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
    },
}
# What others measured: the source stands in the text itself, under "Where to read on".
SOURCED = {
    "03_activation.ipynb": {
        "fewer than 1 % of its neurons": "Lennie",
        'The "1–4 %" that you often read': "Glorot",
        "down to the brain's 1–4 %": "Glorot",
    },
}
# Numbers that ask, build or count, and so say nothing about the world.
NOT_CLAIMS = [
    r"^\d+\. |<https?:[^>]*>",  # of an item, in an address
    r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`",  # formulas and code
    r"\b(?:19|20)\d\d\b",  # years
    r"\b\d×\d\b",  # sizes
    r"(?:weight scale|bias|slope|threshold) (?:of |to |is )*[−\d.]+",  # settings to choose
    r"\b(?:1|20|50) (?:sigmoid )?layers\b",
    r"(?<![\d.,])[01](?![\d.,]*\d)",  # what sigmoid, ReLU and their slopes are made of
    r"\bsays 0\.05\b|\bfrom −1 to\b|$^",
]


def texts(path):
    notebook = json.loads(path.read_text("utf-8"))
    return {
        c["id"]: "".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown"
    }


def printed(path):
    """Return the numbers that the notebook's cells print."""
    pieces = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            pieces += output.get("text", []), output.get("data", {}).get("text/plain", [])
    return set(NUMBER.findall(" ".join("".join(piece) for piece in pieces)))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_number_has_a_source(path):
    known = printed(path) | set(NUMBER.findall(" ".join(CLAIMS[path.name])))
    covered = [*CLAIMS[path.name], *SOURCED[path.name], "about 10 seconds to run"]
    unknown = []
    for cell, text in texts(path).items():
        text = re.sub(r"\d+ minutes to read", "", text)  # has a test of its own, below
        for sentence in covered:
            text = text.replace(sentence, "")
        for pattern in NOT_CLAIMS:
            text = re.sub(pattern, "", text, flags=re.MULTILINE | re.DOTALL)
        unknown += [(cell, number) for number in NUMBER.findall(text) if number not in known]
    assert not unknown, "add a cell that prints it, or a claim that works it out"


@pytest.mark.parametrize(
    ("notebook", "sentence"), [(n, sentence) for n, claims in CLAIMS.items() for sentence in claims]
)
def test_claim_is_made_and_true(notebook, sentence):
    (path,) = [path for path in NOTEBOOKS if path.name == notebook]
    assert any(sentence in text for text in texts(path).values()), "the text no longer says this"
    assert CLAIMS[notebook][sentence](), "the text says this, and it is not so"


@pytest.mark.parametrize(
    ("notebook", "sentence"), [(n, sentence) for n, known in SOURCED.items() for sentence in known]
)
def test_what_others_measured_names_its_source(notebook, sentence):
    (path,) = [path for path in NOTEBOOKS if path.name == notebook]
    assert any(sentence in text for text in texts(path).values())
    assert f"- {SOURCED[notebook][sentence]}" in texts(path)["summary"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_time_to_read_is_that_of_its_words(path):
    words = sum(len(text.split()) for text in texts(path).values())
    (said,) = re.findall(r"(\d+) minutes to read", texts(path)["title"])
    assert int(said) == 5 * math.ceil(words / WORDS_A_MINUTE / 5)
