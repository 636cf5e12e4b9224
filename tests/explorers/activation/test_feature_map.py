"""The feature map: facts against SciPy, from the photographs' files."""

import re

import numpy as np
import pytest
from explored import numbers, shown_once
from PIL import Image
from scipy import ndimage

from lessonkit.datasets import DATA
from lessonkit.explorers.activation import feature_map
from lessonkit.explorers.words import number, percent

SOBEL = np.array(
    [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
)  # 1968; the positive side is the brighter right


@pytest.fixture
def maps():
    explorer = shown_once(feature_map)
    own = "'own=0 -1 0, -1 4 -1, 0 -1 0'"
    explorer.set(f"photograph=camera 'filter=vertical edges' {own} threshold=0 negative_slope=0")
    return explorer


def grey_by_hand(name):
    """Return the square of a photograph, 240 pixels wide, from the file itself."""
    pixels = np.asarray(Image.open(DATA / "photographs" / f"{name}.png"), dtype=float) / 255
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=-1)
    times = min(grey.shape) // 240
    height, width = (length // times * times for length in grey.shape)
    blocks = grey[:height, :width].reshape(height // times, times, width // times, times)
    grey = blocks.mean(axis=(1, 3))
    top, left = ((length - 240) // 2 for length in grey.shape)
    return grey[top : top + 240, left : left + 240]


def map_by_hand(name, kernel):
    return ndimage.correlate(grey_by_hand(name), kernel)[2:-2, 2:-2]


def assert_picture_shows(explorer):
    """Assert that the three images, the kernel, the scale and its mark are those of the facts."""
    facts, axes = explorer.facts, explorer.picture.axes
    photo, signed, rectified = (panel.images[0] for panel in axes[:3])
    np.testing.assert_array_equal(photo.get_array(), facts.photo)
    np.testing.assert_array_equal(signed.get_array(), facts.before)
    np.testing.assert_array_equal(rectified.get_array(), facts.after)
    low, high = signed.get_clim()
    assert rectified.get_clim() == (low, high) == (-high, high)
    assert signed.get_cmap() == rectified.get_cmap()
    labels = [label.get_text() for label in axes[3].get_xticklabels()]
    assert numbers(" ".join(labels)) == pytest.approx([low, 0, high])
    assert set(axes[3].lines[-1].get_xdata()) == {facts.threshold / high}
    *_, title, _, kernel = (text.get_text() for text in explorer.picture.texts)
    assert title == f"after {'leaky ReLU' if facts.negative_slope else 'ReLU'}"
    assert numbers(kernel) == pytest.approx(facts.kernel.ravel().tolist(), rel=0.005)


@pytest.mark.parametrize("name", ["camera", "astronaut", "cat", "coffee"])
@pytest.mark.parametrize(
    ("threshold", "slope", "words"),
    [
        (0, 0, "ReLU"),
        (0.2, 0, "subtracting 0.20 and applying ReLU"),
        (-0.5, 0.1, "adding 0.50 and applying leaky ReLU (slope 0.10)"),
        (0, 1, "leaky ReLU (slope 1.00)"),
    ],
)
def test_shares_and_extremes(maps, name, threshold, slope, words):
    maps.set(f"photograph={name} threshold={threshold} negative_slope={slope}")
    before = map_by_hand(name, SOBEL)
    moved = before - threshold
    after = np.where(moved > 0, moved, slope * moved)
    facts = maps.facts
    np.testing.assert_allclose(facts.photo, grey_by_hand(name)[2:-2, 2:-2], atol=1e-6)
    np.testing.assert_array_equal(facts.kernel, SOBEL)
    np.testing.assert_allclose(facts.before, before, atol=2e-6)
    np.testing.assert_allclose(facts.after, after, atol=2e-6)
    # values that an even wall leaves within rounding of 0 may fall to either side
    assert facts.negative == pytest.approx(np.mean(before < -1e-6), abs=0.001)
    assert facts.still_negative == pytest.approx(np.mean(after < -1e-6), abs=0.001)
    assert facts.zero == pytest.approx(np.mean(np.abs(after) < 1e-6), abs=0.001)
    zero = "fewer than 0.1 %" if 0 < facts.zero < 0.0005 else percent(facts.zero)
    still = f", {percent(facts.still_negative)} are negative, down to {number(facts.after.min())},"
    assert maps.caption == (
        f"{percent(facts.negative)} of the map's 55,696 values are negative (purple), "
        f"down to {number(facts.before.min())}. After {words}, {zero} are exactly 0"
        f"{still if slope else ''} and the largest is {number(facts.after.max())}."
    )


def test_own_filter_is_applied_as_written(maps):
    maps.set("'filter=own 3×3' 'own=0 0 0; 0 0 1, 0 0 0'")
    right_neighbour = np.zeros((3, 3))
    right_neighbour[1, 2] = 1
    np.testing.assert_array_equal(maps.facts.kernel, right_neighbour)
    np.testing.assert_allclose(maps.facts.before, map_by_hand("camera", right_neighbour), atol=2e-6)


@pytest.mark.parametrize("text", ["", "1 " * 8 + "−100"])  # more of them: test_controls.py
def test_an_own_filter_that_is_not_nine_numbers_is_refused(maps, text):
    maps.set("'filter=own 3×3'")
    code, png = maps.code, maps.png()
    maps.controls["own"].value = text
    assert "numbers must be 9 numbers from −99 to 99, such as 0 -1 0, -1 4 -1, 0" in maps.error
    assert maps.error.endswith(f"; got {text!r}")
    assert (maps.code, maps.png()) == (code, png)
    maps.controls["own"].value = "0 -1 0, -1 4 -1, 0 -1 0"
    assert not maps.error


def test_a_filter_of_zeros_still_has_a_scale(maps):
    maps.set("'filter=own 3×3' 'own=0 0 0, 0 0 0, 0 0 0'")
    assert not maps.error
    assert_picture_shows(maps)
    assert "None of the map's 55,696 values is negative; the smallest is 0.000." in maps.caption
    assert "100.0 % are exactly 0" in maps.caption


@pytest.mark.parametrize(
    ("threshold", "share"), [(-0.3, "fewer than 0.1 %"), (-0.2, "0.1 %"), (-0.5, "0.0 %")]
)
def test_a_few_values_are_not_said_to_be_none(maps, threshold, share):
    sharpen = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    few = np.mean(map_by_hand("cat", sharpen) < threshold)
    assert (0 < few < 0.0005) == ("fewer" in share)
    maps.set(f"photograph=cat filter=sharpen threshold={threshold} negative_slope=0")
    assert re.search(
        rf" applying ReLU, {share} are exactly 0 and the largest is \S+\.$", maps.caption
    )
    maps.set("negative_slope=0.5")
    still = rf", {share} are negative, down to −0.\d+, and the" if few else " and the"
    assert re.search(rf"\d % are exactly 0{still} largest is \S+\.$", maps.caption)


def test_few_negative_values_begin_a_sentence(maps):
    kernel = np.array([[0, -1, 0], [-1, 8, -1], [0, -1, 0]])
    assert 0 < np.mean(map_by_hand("cat", kernel) < 0) < 0.0005
    maps.set("photograph=cat 'filter=own 3×3' 'own=0 -1 0, -1 8 -1, 0 -1 0'")
    start = "Fewer than 0.1 % of the map's 55,696 values are negative (purple), down to −"
    assert maps.caption.startswith(start)


def test_own_numbers_are_shown_while_they_are_used(maps):
    assert maps.controls["own"].layout.display == "none"
    maps.set("'filter=own 3×3'")
    assert maps.controls["own"].layout.display == "flex"
