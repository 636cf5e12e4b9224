"""Steadiness: facts against SciPy's interpolation of the photographs' files."""

import itertools
import math
import re

import numpy as np
import pytest
from explored import NUMBER, shown_once
from numpy.testing import assert_allclose
from PIL import Image
from scipy import ndimage

from lessonkit.datasets import DATA
from lessonkit.explorers.pooling import steadiness
from lessonkit.explorers.style import COLOURS

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
MOVES = [("shift", 1, 2), ("shift", 8, 4), ("turn", 7, 4), ("turn", 15, 8), ("scale", 1.06, 8)]
CAPTION = re.compile(
    rf"(A shift by (\d+) px|A turn by (\d+)°|Scaling by (\S+)) changes the (.*) by ({NUMBER}) % of "
    rf"the mean value\. After (\d)×\7 mean pooling the change is ({NUMBER}) %, after max pooling "
    rf"({NUMBER}) %\. (.*)"
)
VERDICTS = {  # by whether means, and whether maxima, change less
    (True, True): "Both reduce the change; neither removes it.",
    (True, False): "Only mean pooling reduces the change, and it does not remove it.",
    (False, True): "Only max pooling reduces the change, and it does not remove it.",
    (False, False): "Neither reduces the change.",
}


@pytest.fixture
def steady():
    explorer = shown_once(steadiness)
    explorer.set(
        "photograph=camera layer_input=photograph transform=shift shift=2 turn=5 scale=1.1 "
        "kernel_size=4"
    )
    return explorer


def assert_picture_shows(explorer):
    """Assert that maps, curves and dots are the facts', and that the caption tells these."""
    facts, (pictures, chart) = explorer.facts, explorer.picture.axes
    images = [image.get_array() for image in pictures.images]
    rows = [images[start : start + 3] for start in (0, 3, 6)]
    for (one, other, differs), a, b in zip(rows, facts.before, facts.after, strict=True):
        assert_allclose(one, a)
        assert_allclose(other, b)
        assert_allclose(differs, np.abs(a - b) / np.abs(a).mean(), atol=1e-6)
    windows = f"{facts.kernel_size}×{facts.kernel_size}"
    names = ["no pooling", f"mean {windows}", f"max {windows}"]
    assert [text.get_text() for text in pictures.texts if text.get_rotation()] == names
    assert [text.get_text().strip() for text in chart.texts] == names
    changes = [facts.change, facts.change_of_mean, facts.change_of_max]
    curves = [line for line in chart.lines if len(line.get_xdata()) > 2]
    dots = [line for line in chart.lines if line.get_marker() == "o"]
    for curve, dot, heights, change in zip(curves, dots, facts.changes, changes, strict=True):
        assert_allclose(curve.get_data(), [facts.amounts, heights])
        assert_allclose(dot.get_xydata(), [[facts.amount, change]])
        assert change == pytest.approx(heights[facts.amounts == facts.amount].item())
    (now,) = [line for line in chart.lines if len(line.get_xdata()) == 2]
    assert list(now.get_xdata()) == [facts.amount] * 2
    assert now.get_color() == COLOURS["now"]

    said = CAPTION.fullmatch(explorer.caption)
    place = {"shift": 2, "turn": 3, "scale": 4}[facts.transform]
    assert float(said[place]) == pytest.approx(facts.amount)
    assert (said[5], said[7]) == (facts.layer_input, str(facts.kernel_size))
    assert [float(said[i]) for i in (6, 8, 9)] == pytest.approx(changes, abs=0.051)
    none, mean, largest = changes
    still = "Nothing has moved yet." if none == 0 else VERDICTS[mean < none, largest < none]
    assert said[10] == still


def grey_by_hand(name):
    """Return a photograph in grey from its file, halved where both halves are 240 pixels."""
    pixels = np.asarray(Image.open(DATA / "photographs" / f"{name}.png"), dtype=float) / 255
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=-1)
    if min(grey.shape) < 480:
        return grey
    height, width = grey.shape
    return grey.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))


def square_by_hand(name, shift=0, turn=0, scale=1):
    """Return 192×192 pixels from the middle of a photograph that was moved, and one around."""
    grey, margin = grey_by_hand(name), 1
    top, left = ((length - 194) // 2 + 1 for length in grey.shape)
    middle = np.array([[top + 95.5], [left + 95.5]])
    ys, xs = np.indices((192 + 2 * margin,) * 2).reshape(2, -1) - margin - 95.5
    angle = math.radians(turn)
    # a content turned by an angle is looked up at minus that angle; y points down
    back = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    places = back @ np.array([ys, xs]) / scale + middle - np.array([[0], [shift]])
    square = ndimage.map_coordinates(grey, places, order=1)
    return square.reshape((192 + 2 * margin,) * 2)


def passed_on(square, layer_input, size):
    """Return what a layer without, with mean and with max pooling passes on."""
    given = square[1:-1, 1:-1]
    if layer_input != "photograph":
        given = np.maximum(ndimage.correlate(square, SOBEL)[1:-1, 1:-1], 0)
    blocks = given.reshape(192 // size, size, 192 // size, size)
    return given, blocks.mean(axis=(1, 3)), blocks.max(axis=(1, 3))


def change(before, after):
    return 100 * np.abs(after - before).mean() / np.abs(before).mean()


@pytest.mark.parametrize(
    ("name", "layer_input", "move"),
    [
        (name, ["photograph", "edges after ReLU"][(i + j) % 2], move)
        for i, name in enumerate(["astronaut", "camera", "cat", "coffee"])
        for j, move in enumerate(MOVES)
    ],
)
def test_maps_and_their_changes(steady, name, layer_input, move):
    transform, amount, size = move
    steady.set(
        f"photograph={name} 'layer_input={layer_input}' transform={transform} "
        f"{transform}={amount} kernel_size={size}"
    )
    before = passed_on(square_by_hand(name), layer_input, size)
    after = passed_on(square_by_hand(name, **{transform: amount}), layer_input, size)
    facts = steady.facts
    for maps, oracles in ((facts.before, before), (facts.after, after)):
        for one, oracle in zip(maps, oracles, strict=True):
            assert_allclose(one, oracle, atol=2e-6)
    changes = [facts.change, facts.change_of_mean, facts.change_of_max]
    wanted = [change(*pair) for pair in zip(before, after, strict=True)]
    assert changes == pytest.approx(wanted, abs=0.009)
    told = (facts.layer_input, facts.kernel_size, facts.transform)
    assert told == (layer_input, size, transform)
    assert facts.amount == pytest.approx(amount)
    differences = [image.get_array() for image in steady.picture.axes[0].images[2::3]]
    for differs, a, b in zip(differences, before, after, strict=True):
        assert_allclose(differs, np.abs(a - b) / a.mean(), atol=2e-4)
    assert_picture_shows(steady)
    none, mean, largest = wanted
    assert steady.caption.endswith(VERDICTS[mean < none, largest < none])


def test_a_shift_is_exact_and_comes_from_the_photograph(steady):
    pixels = np.asarray(Image.open(DATA / "photographs" / "camera.png"), dtype=float) / 255
    halved = pixels.reshape(256, 2, 256, 2).mean(axis=(1, 3))
    steady.set("shift=8")
    np.testing.assert_allclose(steady.facts.after[0], halved[32:224, 24:216], atol=1e-6)


@pytest.mark.parametrize("transform", ["shift", "turn", "scale"])
def test_curves_tell_what_the_captions_tell(steady, transform):
    steady.set(f"transform={transform}")
    slider, curves = steady.controls[transform], steady.facts.changes
    amounts = np.arange(slider.min, slider.max + 0.001, slider.step)
    assert_allclose(steady.facts.amounts, amounts)
    for place, amount in enumerate(amounts):
        slider.value = amount
        facts = steady.facts
        changes = [facts.change, facts.change_of_mean, facts.change_of_max]
        assert changes == pytest.approx(curves[:, place].tolist())
        assert facts.amount == pytest.approx(amount)
        assert_picture_shows(steady)


def test_nothing_moved_nothing_changed(steady):
    for code in ("shift=0", "transform=turn turn=0", "transform=scale scale=1"):
        steady.set(code)
        assert steady.caption.endswith(
            "by 0.0 % of the mean value. After 4×4 mean pooling the change is 0.0 %, after max "
            "pooling 0.0 %. Nothing has moved yet."
        )


def test_what_the_lesson_says_of_steadiness(steady):
    """On feature maps both reduce the change, max a shift's more; on photographs max need not."""
    worse = set()
    for name, layer_input, transform, size in itertools.product(
        steady.controls["photograph"].options,
        ("photograph", "edges after ReLU"),
        ("shift", "turn", "scale"),
        (2, 8),
    ):
        steady.set(
            f"photograph={name} 'layer_input={layer_input}' transform={transform} "
            f"kernel_size={size}"
        )
        none, mean, largest = steady.facts.changes[:, 1:]
        assert np.all((mean < none) & (mean > 0) & (largest > 0))
        if (layer_input, transform) == ("edges after ReLU", "shift"):
            assert np.all(largest < mean)
        if np.any(largest >= none):
            worse.add((name, layer_input))
    assert worse == {("coffee", "photograph")}


def test_share_of_changed_outputs_can_grow_while_their_size_shrinks():
    """The numbers of the text: the camera photograph, one pixel further, 2×2 windows."""
    pixels = np.asarray(Image.open(DATA / "photographs" / "camera.png"), dtype=int)
    one, other = pixels[:, :-2], pixels[:, 1:-1]
    blocks = [p.reshape(256, 2, 255, 2) for p in (one, other)]
    sums, tops = [b.sum(axis=(1, 3)) for b in blocks], [b.max(axis=(1, 3)) for b in blocks]
    shares = [np.mean(a != b) for a, b in ((one, other), sums, tops)]
    assert [f"{share:.2f}" for share in shares] == ["0.76", "0.86", "0.52"]
    sizes = [change(a, b) for a, b in ((one, other), sums, tops)]
    assert [f"{size:.1f}" for size in sizes] == ["5.4", "3.4", "3.4"]


def test_one_slider_is_shown_for_what_is_done(steady):
    for chosen in ("shift", "turn", "scale"):
        steady.set(f"transform={chosen}")
        for name in ("shift", "turn", "scale"):
            display = steady.controls[name].layout.display
            assert display == ("flex" if name == chosen else "none")


def test_labels_of_the_curves_do_not_touch(steady):
    chart = steady.picture.axes[1]
    for name in steady.controls["photograph"].options:
        for size in (2, 4, 8):
            steady.set(f"photograph={name} kernel_size={size}")
            boxes = sorted((t.get_window_extent() for t in chart.texts), key=lambda box: box.y0)
            assert all(low.y1 <= high.y0 for low, high in itertools.pairwise(boxes))
            assert max(box.x1 for box in boxes) < 760
