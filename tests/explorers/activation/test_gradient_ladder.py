"""The gradient ladder: facts against finite differences of the network itself."""

import math

import numpy as np
import pytest
from explored import shown_once
from matplotlib.colors import same_color
from scipy.special import expit

from lessonkit.explorers.activation import gradient_ladder
from lessonkit.explorers.style import COLOURS
from lessonkit.explorers.words import number, scientific


@pytest.fixture
def ladder():
    explorer = shown_once(gradient_ladder)
    explorer.set("activation=sigmoid depth=20 weight_scale=1")
    return explorer


def by_hand(activation, depth, weight_scale):
    """Return the gradient's mean size below the first layer, by differences, and its ceiling."""
    function, steepest = {
        "sigmoid": (expit, 0.25),
        "tanh": (np.tanh, 1),
        "ReLU": (lambda x: np.where(x > 0, x, 0), 1),
        "ELU": (lambda x: np.where(x > 0, x, np.exp(x) - 1), 1),
    }[activation]
    rng = np.random.default_rng(12)
    matrices = rng.standard_normal((50, 64, 64)) / 8 * weight_scale
    inputs, start = rng.standard_normal((64, 16)), rng.standard_normal((64, 16))
    start /= np.sqrt((start**2).sum(axis=0))
    highest = math.prod(
        steepest * np.sqrt(np.linalg.eigvalsh(m.T @ m).max()) for m in matrices[:depth]
    )

    def network(x):
        for matrix in matrices[:depth]:
            x = function(matrix @ x)
        return (start * x).sum(axis=0)

    step, gradient = 1e-6, np.empty((64, 16))
    for i in range(64):
        nudge = np.zeros((64, 1))
        nudge[i] = step
        gradient[i] = (network(inputs + nudge) - network(inputs - nudge)) / (2 * step)
    return np.sqrt((gradient**2).sum(axis=0)).mean(), highest


def assert_picture_shows(explorer):
    """Assert that bars and ceiling are those of the facts, clipped to the picture."""
    facts, (axes,) = explorer.facts, explorer.picture.axes
    layers = list(range(1, len(facts.sizes) + 1))
    (bars,), ceiling, (word,) = axes.collections, axes.lines[-1], axes.texts
    lowest, highest = axes.get_ylim()
    segments = np.array(bars.get_segments())
    assert segments[:, :, 0].tolist() == [[layer, layer] for layer in layers]
    assert set(segments[:, 0, 1]) == {lowest}
    np.testing.assert_array_equal(segments[:, 1, 1], np.clip(facts.sizes, lowest, highest))
    assert same_color(bars.get_color()[0], COLOURS[facts.activation])
    np.testing.assert_array_equal(ceiling.get_data(), (layers, facts.ceiling))
    assert word.get_text() == "ceiling"


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU", "ELU"])
@pytest.mark.parametrize(("depth", "weight_scale"), [(1, 1), (3, 1.41), (8, 2.5)])
def test_size_factor_and_ceiling(ladder, activation, depth, weight_scale):
    ladder.set(f"activation={activation} depth={depth} weight_scale={weight_scale}")
    size, highest = by_hand(activation, depth, weight_scale)
    facts = ladder.facts
    assert facts.sizes[0] == pytest.approx(size, rel=1e-4)
    assert facts.factor == pytest.approx(size ** (1 / depth), rel=1e-4)
    assert facts.ceiling[0] == pytest.approx(highest)
    layers = "1 layer" if depth == 1 else f"{depth} layers"
    each = f": each layer multiplies it by {number(facts.factor)} on average"
    assert ladder.caption == (
        f"Back through {layers} of {activation}, a gradient of size 1 becomes "
        f"{scientific(facts.sizes[0])}{each if depth > 1 else ''}. "
        f"It cannot exceed the ceiling, {scientific(facts.ceiling[0])}."
    )


def test_every_layer_of_sigmoids_loses_something(ladder):
    ladder.set("depth=50")
    sizes, ceiling = ladder.facts.sizes, ladder.facts.ceiling
    assert sizes.shape == ceiling.shape == (50,)
    assert np.all(np.diff(sizes) > 0)
    assert np.all(sizes <= ceiling)
    np.testing.assert_allclose(ceiling[:-1] / ceiling[1:], 0.25 * 2, rtol=0.1)  # ‖W‖₂ is near 2


@pytest.mark.parametrize("depth", [1, 2, 20, 50])
@pytest.mark.parametrize("code", ["sigmoid weight_scale=0.5", "ReLU", "ELU weight_scale=4"])
def test_the_word_ceiling_stands_where_its_line_begins(ladder, code, depth):
    ladder.set(f"activation={code} depth={depth}")
    (axes,) = ladder.picture.axes
    line, (word,) = axes.lines[-1], axes.texts
    x, y = axes.transData.transform(line.get_xydata()[-1])
    box = word.get_window_extent()
    assert 5 < box.x0 - x < 25, "beside the bar, not on it"
    assert box.y0 < y < box.y1
    assert box.x1 < ladder.picture.bbox.x1
    assert line.get_marker() == ("_" if depth == 1 else ""), "one point draws no line"


def test_what_the_chapter_says_of_the_ladder(ladder):
    def factor(code):
        ladder.set(code)
        return ladder.facts.factor

    assert f"{factor('activation=ReLU depth=20 weight_scale=1'):.3f}" == "0.705"
    assert factor("depth=50 weight_scale=1.41") > 0.97
    assert max(factor(f"activation=sigmoid weight_scale={s}") for s in (1, 2, 3, 4)) < 0.7
    assert factor("activation=ReLU weight_scale=4") > 2
