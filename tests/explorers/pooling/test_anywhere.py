"""A digit anywhere in the picture: facts against SciPy, in whole numbers."""

import importlib
import itertools
import re

import numpy as np
import pytest
from explored import shown, shown_once
from numpy.testing import assert_allclose
from scipy import ndimage

from lessonkit.datasets import DATA
from lessonkit.explorers.pooling import anywhere

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
CAPTION = re.compile(
    r"The digit stands (\d+) px from the left and (\d+) px from the top, and its feature map has "
    r"moved along exactly\. Compared with the digit at the top left, (\d+) of 961 2×2 maxima "
    r"differ; the overall maximum, (\S+), is the same\."
)


def assert_picture_shows(explorer):
    """Assert that the four stages are the facts', and that the caption tells these."""
    facts, axes = explorer.facts, explorer.picture.axes
    stages = facts.canvas, facts.feature_map, facts.maxima, [[facts.maximum]]
    for panel, stage in zip(axes, stages, strict=True):
        assert_allclose(panel.images[0].get_array(), stage)
    (number,) = axes[3].texts
    assert number.get_text() == f"{facts.maximum:.2f}"
    said = CAPTION.fullmatch(explorer.caption).groups()
    numbers = facts.right, facts.down, facts.changed_maxima
    assert said == (*map(str, numbers), number.get_text())
    assert facts.map_moves_along
    assert facts.maximum_stays


def stages_by_hand(right, down):
    """Return canvas, feature map and 2×2 maxima of the first test digit, in whole numbers."""
    with np.load(DATA / "digits.npz") as stored:
        digit = stored["test_images"][0].astype(int)
    canvas = np.pad(digit, ((down, 36 - down), (right, 36 - right)))
    edges = np.maximum(ndimage.correlate(canvas, SOBEL)[1:-1, 1:-1], 0)
    return canvas, edges, edges.reshape(31, 2, 31, 2).max(axis=(1, 3))


@pytest.mark.parametrize("down", [0, 1, 18, 36])
@pytest.mark.parametrize("right", [0, 3, 36])
def test_stages_wherever_the_digit_stands(right, down):
    explorer = shown_once(anywhere)
    explorer.set(f"right={right} down={down}")
    facts = explorer.facts
    assert (facts.right, facts.down) == (right, down)
    canvas, edges, maxima = stages_by_hand(right, down)
    _, edges_at_first, maxima_at_first = stages_by_hand(0, 0)
    stages = facts.canvas, facts.feature_map, facts.maxima
    for stage, wanted in zip(stages, (canvas, edges, maxima), strict=True):
        assert_allclose(stage, wanted / 255, atol=1e-6)
    top, left = (indices.min() for indices in edges.nonzero())
    first_top, first_left = (indices.min() for indices in edges_at_first.nonzero())
    assert (top - first_top, left - first_left) == (down, right)
    assert facts.maximum == pytest.approx(edges.max() / 255)
    assert facts.changed_maxima == np.count_nonzero(maxima != maxima_at_first)
    assert_picture_shows(explorer)


def test_caption_does_not_hide_a_map_that_did_not_move_along(monkeypatch):
    module = importlib.import_module("lessonkit.explorers.pooling.anywhere")
    right, explorer = module.correlate2d, anywhere()
    monkeypatch.setattr(module, "correlate2d", lambda *a: right(*a)[::-1])
    explorer.set("right=5 down=2")
    assert ", but its feature map has not moved just as far." in explorer.caption
    assert not explorer.facts.map_moves_along
    monkeypatch.setattr(module, "correlate2d", lambda *a: 2 * right(*a))
    explorer.set("right=5 down=3")
    assert "differs too." in explorer.caption
    assert not explorer.facts.maximum_stays


def test_four_stages_stand_apart_and_have_their_names():
    axes = shown(anywhere).picture.axes
    names = [stage.get_title(loc="left") for stage in axes]
    assert names == ["canvas", "feature map", "2×2 maxima", "overall maximum"]
    boxes = [stage.get_tightbbox() for stage in axes]
    assert all(one.x1 < next_one.x0 for one, next_one in itertools.pairwise(boxes))
    assert boxes[0].x0 >= 0
    assert boxes[-1].x1 <= 760
