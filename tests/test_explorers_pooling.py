"""The explorers of the pooling chapter: what is drawn, and whether the captions tell the truth.

The oracles use plain loops and SciPy, never lessonkit's own maths nor the explorers' helpers.
"""

import datetime
import io
import itertools
import json
import math
import re

import numpy as np
import pytest
from explored import NUMBER, full_redraws, numbers, picture, shown
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from PIL import Image
from scipy import ndimage

from lessonkit.datasets import DATA
from lessonkit.explorers import COLOURS, pooling

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def _windows():
    return shown(pooling.sliding_window)


@pytest.fixture(scope="module")
def _backward():
    return shown(pooling.forward_and_backward)


@pytest.fixture(scope="module")
def _steady():
    return shown(pooling.steadiness)


@pytest.fixture
def windows(_windows):
    _windows.set("statistic=max kernel_size=2 stride=2 step=1")
    return _windows


@pytest.fixture
def backward(_backward):
    _backward.set("'numbers=1 2 3 2' statistic=max grad_output=1 ties=first")
    return _backward


@pytest.fixture
def steady(_steady):
    _steady.set(
        "photograph=camera layer_input=photograph transform=shift shift=2 turn=5 scale=1.1 "
        "kernel_size=4"
    )
    return _steady


def words_in(axes):
    """Return (x, y) → text for what is written in an axes, places rounded to a half."""
    return {
        tuple(np.round(np.multiply(text.get_position(), 2)) / 2): text.get_text()
        for text in axes.texts
        if text.get_text()
    }


def number_of(word):
    return float(word.replace("−", "-"))


# -- the sliding window --------------------------------------------------------------------------


def grid(axes):
    """Return the numbers written in the squares of an axes, row by row."""
    words = words_in(axes)
    rows = sorted({y for _, y in words})
    return [[number_of(words[x, y]) for x in sorted({x for x, _ in words})] for y in rows]


def summary(values, statistic):
    if statistic == "max":
        return max(values)
    if statistic == "L2":
        return math.sqrt(sum(value * value for value in values))
    return sum(values) / (len(values) if statistic == "mean" else 1)


def window_places(size, stride):
    """Return the (top, left) of every window over 6×6, row by row."""
    starts = [start for start in range(6) if start % stride == 0 and start + size <= 6]
    return [(top, left) for top in starts for left in starts]


SLIDING = (
    rf"Window (\d+) of (\d+): (.*) [=≈] ({NUMBER})\. 36 numbers become (\d+) \(({NUMBER}) %\), so "
    r"a fully connected layer with 10 outputs (?:needs (\d+) instead of|still needs) (\d+) "
    r"weights; pooling itself has none\.(?: (\d+) numbers lie in no window\.)?"
)


@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_windows_numbers_and_caption(windows, size, stride):
    statistic = ["max", "mean", "sum", "L2"][(size + stride) % 4]  # each with each of the others
    windows.set(f"statistic={statistic} kernel_size={size} stride={stride}")
    source, output = windows.picture.axes
    pixels = grid(source)
    places = window_places(size, stride)
    side = math.isqrt(len(places))
    assert windows.controls["step"].max == len(places)
    inside = [[pixels[t + i][u + j] for i in range(size) for j in range(size)] for t, u in places]
    wanted = [summary(window, statistic) for window in inside]
    np.testing.assert_allclose(np.ravel(grid(output)), wanted, atol=0.0051)
    for step in {1, (1 + len(places)) // 2, len(places)}:
        windows.set(f"step={step}")
        said = re.fullmatch(SLIDING, windows.caption)
        assert (int(said[1]), int(said[2]), int(said[5])) == (step, len(places), side * side)
        assert float(said[6]) == pytest.approx(100 * side * side / 36, abs=0.051)
        assert said[7] == (None if side == 6 else str(10 * side * side))
        assert said[8] == "360"
        covered = {(t + i, u + j) for t, u in places for i in range(size) for j in range(size)}
        assert said[9] == (None if len(covered) == 36 else str(36 - len(covered)))
        assert float(said[4]) == pytest.approx(wanted[step - 1], abs=0.0051)


@given(
    st.sampled_from(["max", "mean", "sum", "L2"]),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(0, 35),
)
@QUICK
def test_arithmetic_is_that_of_the_framed_window(windows, statistic, size, stride, step):
    places = window_places(size, stride)
    step %= len(places)
    windows.set(f"statistic={statistic} kernel_size={size} stride={stride} step={step + 1}")
    source, output = windows.picture.axes
    (top, left), side = places[step], math.isqrt(len(places))
    assert [p.get_bbox().bounds for p in source.patches] == [(left, top, size, size)]
    assert [p.get_bbox().bounds for p in output.patches] == [(step % side, step // side, 1, 1)]
    pixels = grid(source)
    inside = [pixels[top + i][left + j] for i in range(size) for j in range(size)]
    (arithmetic,) = [text.get_text() for text in windows.picture.texts]
    assert f": {arithmetic}. " in windows.caption
    left_side, sign, result = re.fullmatch(rf"(.*) ([=≈]) ({NUMBER})", arithmetic).groups()
    exact = summary(inside, statistic)
    written = numbers(left_side.replace("²", ""))
    assert written == inside + ([size * size] if statistic == "mean" else [])
    python = left_side.replace("²", "**2").replace("√", "math.sqrt").replace("max(", "max(0, ")
    assert eval(python) == pytest.approx(exact)
    assert float(result) == pytest.approx(exact, abs=0.0051)
    assert (sign == "=") == (abs(float(result) - exact) < 1e-9)


def test_output_fills_in_number_by_number(windows):
    _, output = windows.picture.axes
    box = output.get_window_extent()

    def ink(place):
        """Return whether there is anything black in the middle of a square, as a learner sees."""
        row, column = divmod(place, 3)
        cell = box.width / 6
        y, x = box.y1 - (row + 0.5) * cell, box.x0 + (column + 0.5) * cell
        whole = picture(windows)
        y = len(whole) - y
        return whole[int(y) - 9 : int(y) + 9, int(x) - 9 : int(x) + 9].min() < 100

    for step in range(1, 10):
        windows.set(f"step={step}")
        assert [ink(place) for place in range(9)] == [True] * step + [False] * (9 - step)


def test_first_window_by_hand(windows):
    for statistic, arithmetic in {
        "max": "max(1, 5, 2, 0) = 5",
        "mean": "(1 + 5 + 2 + 0) / 4 = 2",
        "sum": "1 + 5 + 2 + 0 = 8",
        "L2": "√(1² + 5² + 2² + 0²) ≈ 5.48",
    }.items():
        windows.set(f"statistic={statistic}")
        assert windows.caption == (
            f"Window 1 of 9: {arithmetic}. 36 numbers become 9 (25.0 %), so a fully connected "
            "layer with 10 outputs needs 90 instead of 360 weights; pooling itself has none."
        )


def test_numbers_that_no_window_covers_are_pale(windows):
    windows.set("kernel_size=2 stride=4")
    source, _ = windows.picture.axes
    pale = {
        (int(t.get_position()[1]), int(t.get_position()[0]))
        for t in source.texts
        if t.get_color() != "black"
    }
    assert pale == {(r, c) for r in range(6) for c in range(6) if {r, c} & {2, 3}}
    windows.set("kernel_size=2 stride=2")
    assert all(text.get_color() == "black" for text in source.texts)


def test_step_ends_at_the_last_window(windows):
    windows.set("step=9")
    windows.controls["kernel_size"].value = 4  # 4 windows are left
    assert windows.caption.startswith("Window 4 of 4")
    assert windows.code == "statistic=max kernel_size=4 stride=2 step=4"
    windows.controls["stride"].value = 4
    assert windows.code.endswith("step=1")
    assert windows.controls["step"].max == 1


def test_code_brings_back_any_step_in_any_order(windows):
    windows.set("kernel_size=1 stride=1 step=36")
    code, png = windows.code, windows.png()
    windows.set("kernel_size=4 stride=4")
    windows.set(code)
    assert (windows.code, windows.png()) == (code, png)
    windows.set("kernel_size=4 stride=4")
    windows.set("step=36 stride=1 kernel_size=1")
    assert windows.code == code


def test_code_that_is_refused_changes_nothing(windows):
    windows.set("step=9")
    code = windows.code
    with pytest.raises(ValueError, match="stride must be one of 1, 2, 3, 4"):
        windows.set("kernel_size=4 stride=9")
    with pytest.raises(ValueError, match="step must be a number from 1 to 4"):
        windows.set("kernel_size=4 step=9")
    assert {n: c.value for n, c in windows.controls.items()} == {
        "statistic": "max",
        "kernel_size": 2,
        "stride": 2,
        "step": 9,
    }
    assert windows.code == code


def test_page_that_asks_for_a_window_beyond_the_last_gets_the_last(windows):
    windows.set("step=9")
    windows.children[-1]._handle_custom_msg({"values": [0, 3, 1, 9]}, [])  # kernel_size 4, too soon
    assert windows.caption.startswith("Window 4 of 4")
    assert not windows.error


def test_only_the_step_is_drawn_fast(windows, monkeypatch):
    redraws = full_redraws(windows, monkeypatch)
    for step in (5, 9, 2):
        windows.set(f"step={step}")
    assert redraws == []
    windows.set("statistic=sum")
    assert redraws == [1]


def test_longest_arithmetic_fits(windows):
    windows.set("statistic=L2 kernel_size=4 stride=1 step=9")
    (text,) = windows.picture.texts
    assert text.get_window_extent().x1 < 760
    _, output = windows.picture.axes
    square = output.get_window_extent().width / 6
    assert max(text.get_window_extent().width for text in output.texts) < square


# -- forward and backward ------------------------------------------------------------------------


def rows_of(explorer):
    """Return the rows as a learner reads them: label → (words in the squares, remark)."""
    words = explorer.picture.axes[0].texts
    rows = {}
    for y in sorted({text.get_position()[1] for text in words}):
        row = [text for text in words if text.get_position()[1] == y]
        inside = [t for t in row if 0 < t.get_position()[0] < 4]
        inside.sort(key=lambda text: text.get_position()[0])
        (label,) = [t.get_text() for t in row if t.get_position()[0] < 0]
        (remark,) = [t.get_text() for t in row if t.get_position()[0] > 4]
        rows[label] = [t.get_text() for t in inside], remark
    return rows


BACKWARD = (
    r"(max|mean)\((.*)\) = (\S+)\. For g = (\S+) the gradient is (.*) \(sum (\S+) ([=≠]) g\), "
    r"and (the measurement agrees|at the tie, where steps down and up differ, a rule "
    r"decides)\. Our source's (.*) is the gradient for (no g|g = (\S+) only)\."
)


def slopes_by_hand(x, statistic, ties):
    """Return the derivative for each number: by the rule, for a step down and for one up."""
    if statistic == "mean":
        return [1 / 4] * 4, [1 / 4] * 4, [1 / 4] * 4
    top = max(x)
    winners = [i for i in range(4) if x[i] == top]
    rule = {"first": {winners[0]: 1}, "split": dict.fromkeys(winners, 1 / len(winners))}
    rule["all"] = dict.fromkeys(winners, 1)
    down = [1 if winners == [i] else 0 for i in range(4)]
    up = [1 if i in winners else 0 for i in range(4)]
    return [rule[ties].get(i, 0) for i in range(4)], down, up


@given(
    st.lists(st.integers(-9900, 9900), min_size=4, max_size=4)
    | st.lists(st.integers(-1, 1).map(lambda n: 100 * n), min_size=4, max_size=4),
    st.sampled_from(["max", "mean"]),
    st.integers(-16, 16),
    st.sampled_from(["first", "split", "all"]),
)
@example([300, 300, 300, 0], "max", 2, "split")  # thirds
@example([0, 0, 0, 0], "max", 0, "all")
@QUICK
def test_rows_and_caption_of_backward(backward, hundredths, statistic, halves, ties):
    x, g = [n / 100 for n in hundredths], halves / 2
    text = " ".join(f"{n:g}" for n in x)
    backward.set(f"'numbers={text}' statistic={statistic} grad_output={g} ties={ties}")
    result = max(x) if statistic == "max" else sum(x) / 4
    rule, down, up = slopes_by_hand(x, statistic, ties)
    put_back = [result] * 4
    if statistic == "max":
        put_back = [result if i == x.index(result) else 0 for i in range(4)]
    rows = rows_of(backward)
    assert list(rows) == [
        "input",
        f"forward: {statistic}",
        "backward in our source",
        "gradient, for this g",
        "measured",
    ]
    (shown_x, _), (shown_result, _), (copied, verdict), (gradient, _), (measured, agrees) = (
        rows.values()
    )
    near = {"abs": 0.00006}
    assert list(map(number_of, shown_x)) == pytest.approx(x)
    assert list(map(number_of, shown_result)) == pytest.approx([result], **near)
    assert list(map(number_of, copied)) == pytest.approx(put_back, **near)
    assert list(map(number_of, gradient)) == pytest.approx([g * s for s in rule], **near)
    pairs = [[number_of(word) for word in cell.split(" | ")] for cell in measured]
    assert [pair[0] for pair in pairs] == pytest.approx([g * s for s in down], **near)
    assert [pair[-1] for pair in pairs] == pytest.approx([g * s for s in up], **near)
    equal = all(abs(c - g * s) < 1e-6 for c, s in zip(put_back, rule, strict=True))
    assert verdict == ("= gradient" if equal else "≠ gradient")
    sure = g == 0 or (down == up == rule)
    assert agrees == ("agrees" if sure else "tiny step down | tiny step up")

    said = re.fullmatch(BACKWARD, backward.caption)
    assert said[1] == statistic
    assert (said[2], said[3]) == (", ".join(shown_x), *shown_result)
    assert number_of(said[4]) == g
    assert (said[5], said[9]) == (", ".join(gradient), ", ".join(copied))
    assert number_of(said[6]) == pytest.approx(g * sum(rule), **near)
    assert (said[7] == "=") == (abs(g * sum(rule) - g) < 1e-9)
    assert (said[8] == "the measurement agrees") == sure
    # for which g the copied values are the gradient: the first number that a slope reaches decides
    own = next(c / s for c, s in zip(put_back, rule, strict=True) if s)
    fits = all(abs(c - own * s) < 1e-6 for c, s in zip(put_back, rule, strict=True))
    assert (said[10] != "no g") == fits
    if fits:
        assert number_of(said[11]) == pytest.approx(own, **near)
    tie = statistic == "max" and x.count(max(x)) > 1
    assert (backward.controls["ties"].layout.display == "flex") == tie


def test_numbers_of_our_source(backward):
    assert backward.caption == (
        "max(1, 2, 3, 2) = 3. For g = 1 the gradient is 0, 0, 1, 0 (sum 1 = g), "
        "and the measurement agrees. Our source's 0, 0, 3, 0 is the gradient for g = 3 only."
    )
    backward.set("grad_output=3")
    assert rows_of(backward)["backward in our source"] == (["0", "0", "3", "0"], "= gradient")
    backward.set("statistic=mean grad_output=2")
    assert backward.caption == (
        "mean(1, 2, 3, 2) = 2. For g = 2 the gradient is 0.5, 0.5, 0.5, 0.5 (sum 2 = g), "
        "and the measurement agrees. Our source's 2, 2, 2, 2 is the gradient for "
        "g = 8 only."
    )


def test_only_what_gets_something_back_is_grey(backward):
    backward.set("'numbers=3 1 3 2' ties=first")
    meshes = backward.picture.axes[0].collections
    grey = [mesh.get_array().astype(bool).ravel().tolist() for mesh in meshes]
    assert grey == [
        [False] * 4,
        [False],
        [True, False, False, False],
        [True, False, False, False],
        [True, False, True, False],
    ]


@pytest.mark.parametrize(
    "text",
    ["", "1 2 3", "1 2 3 2 1", "1 2 x 2", "1 2 inf 2", "1 2 nan 2", "1 2 100 2", "1 −100 3 2"],
)
def test_numbers_that_are_none_are_refused_in_words(backward, text):
    code, png = backward.code, backward.png()
    backward.controls["numbers"].value = text
    assert "numbers must be 4 numbers from −99 to 99, such as 1 2 3 2" in backward.error
    assert backward.error.endswith(f"; got {text!r}")  # and no line of the code: it is all right
    assert (backward.code, backward.png()) == (code, png)
    backward.controls["numbers"].value = "5, 1; −2/2"
    assert not backward.error
    assert backward.caption.startswith("max(5, 1, −2, 2) = 5.")


def test_numbers_are_rounded_to_what_the_squares_can_hold_and_that_is_said(backward):
    backward.set("'numbers=0.001 2 3.456 −4.5' statistic=max ties=first")
    assert backward.caption.startswith("max(0, 2, 3.46, −4.5) = 3.46.")
    assert backward.caption.endswith(" only. The numbers were rounded to two decimals.")
    backward.set("'numbers=99 99 99 98.99' statistic=mean")
    assert backward.caption.startswith("mean(99, 99, 99, 98.99) = 98.9975."), "it is exact"
    assert backward.caption.endswith(" only.")


def test_every_control_of_backward_changes_the_picture(backward, monkeypatch):
    backward.set("'numbers=3 1 3 2' grad_output=2")
    redraws = full_redraws(backward, monkeypatch)
    seen = set()
    for g in (-8, 0, 8):
        backward.controls["grad_output"].value = g
        seen.add(picture(backward).tobytes())
    assert len(seen) == 3
    assert redraws == []
    for name in ("ties", "statistic"):
        seen = set()
        for option in backward.controls[name].options:
            backward.set(f"{name}={option}")
            seen.add(picture(backward).tobytes())
        assert len(seen) == len(backward.controls[name].options), name
    backward.set("'numbers=-1.25 -99 0 7'")
    code, png = backward.code, backward.png()
    backward.set("'numbers=1 1 1 1' statistic=max grad_output=-3 ties=all")
    assert backward.png() != png
    backward.set(code)
    assert (backward.code, backward.png()) == (code, png)


# -- steadiness ----------------------------------------------------------------------------------

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


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


STEADY = (
    rf"(A shift by (\d+) px|A turn by (\d+)°|Scaling by (\S+)) changes the (.*) by ({NUMBER}) % of "
    rf"the mean value\. After mean pooling (\d)×\7 the change is ({NUMBER}) %, after max pooling "
    rf"({NUMBER}) %\. (.*)"
)


MOVES = [("shift", 1, 2), ("shift", 8, 4), ("turn", 7, 4), ("turn", 15, 8), ("scale", 1.06, 8)]


@pytest.mark.parametrize(
    ("name", "layer_input", "move"),
    [
        (name, ["photograph", "edges after ReLU"][(i + j) % 2], move)
        for i, name in enumerate(["astronaut", "camera", "cat", "coffee"])
        for j, move in enumerate(MOVES)
    ],
)
def test_caption_of_the_change(steady, name, layer_input, move):
    transform, amount, size = move
    steady.set(
        f"photograph={name} 'layer_input={layer_input}' transform={transform} "
        f"{transform}={amount} kernel_size={size}"
    )
    before = passed_on(square_by_hand(name), layer_input, size)
    moved = square_by_hand(name, **{transform: amount})
    after = passed_on(moved, layer_input, size)
    none, mean, largest = wanted = [change(*pair) for pair in zip(before, after, strict=True)]
    said = re.fullmatch(STEADY, steady.caption)
    assert float(said[2] or said[3] or said[4]) == amount
    assert (said[5], said[7]) == (layer_input, str(size))
    assert [float(said[i]) for i in (6, 8, 9)] == pytest.approx(wanted, abs=0.06)
    words = {
        (True, True): "Both reduce the change, neither removes it.",
        (True, False): "Only mean pooling reduces the change, and it does not remove it.",
        (False, True): "Only max pooling reduces the change, and it does not remove it.",
        (False, False): "Neither reduces the change.",
    }
    assert said[10] == words[mean < none, largest < none]
    images = np.array(steady.picture.axes[0].images).reshape(3, 3)
    for (one, other, differs), a, b in zip(images, before, after, strict=True):
        np.testing.assert_allclose(one.get_array(), a, atol=2e-6)
        np.testing.assert_allclose(other.get_array(), b, atol=2e-6)
        np.testing.assert_allclose(differs.get_array(), np.abs(a - b) / a.mean(), atol=2e-4)


def test_a_shift_is_exact_and_comes_from_the_photograph(steady):
    pixels = np.asarray(Image.open(DATA / "photographs" / "camera.png"), dtype=float) / 255
    halved = pixels.reshape(256, 2, 256, 2).mean(axis=(1, 3))
    steady.set("shift=8")
    after = steady.picture.axes[0].images[1].get_array()
    np.testing.assert_allclose(after, halved[32:224, 24:216], atol=1e-6)


@pytest.mark.parametrize("transform", ["shift", "turn", "scale"])
def test_curves_tell_what_the_captions_tell(steady, transform):
    steady.set(f"transform={transform}")
    slider, chart = steady.controls[transform], steady.picture.axes[1]
    curves = [line for line in chart.lines if len(line.get_xdata()) > 2]
    dots = [line for line in chart.lines if line.get_marker() == "o"]
    (now,) = [line for line in chart.lines if len(line.get_xdata()) == 2]
    amounts = curves[0].get_xdata()
    np.testing.assert_allclose(amounts, np.arange(slider.min, slider.max + 0.001, slider.step))
    for place, amount in enumerate(amounts):
        slider.value = amount
        heights = [curve.get_ydata()[place] for curve in curves]
        assert [dot.get_ydata()[0] for dot in dots] == pytest.approx(heights)
        assert [dot.get_xdata()[0] for dot in dots] == pytest.approx([amount] * 3)
        assert now.get_xdata()[0] == pytest.approx(amount)
        said = re.fullmatch(STEADY, steady.caption)
        assert [float(said[i]) for i in (6, 8, 9)] == pytest.approx(heights, abs=0.051)


def test_nothing_moved_nothing_changed(steady):
    for code in ("shift=0", "transform=turn turn=0", "transform=scale scale=1"):
        steady.set(code)
        assert steady.caption.endswith(
            "by 0.0 % of the mean value. After mean pooling 4×4 the change is 0.0 %, after max "
            "pooling 0.0 %. Nothing has moved yet."
        )


def test_what_the_lesson_says_of_steadiness(steady):
    """On feature maps both reduce the change, max a shift's more; on photographs max need not."""
    worse = set()
    for name in steady.controls["photograph"].options:
        for layer_input in ("photograph", "edges after ReLU"):
            for transform in ("shift", "turn", "scale"):
                for size in (2, 8):
                    steady.set(
                        f"photograph={name} 'layer_input={layer_input}' transform={transform} "
                        f"kernel_size={size}"
                    )
                    none, mean, largest = (
                        line.get_ydata()[1:]
                        for line in steady.picture.axes[1].lines
                        if len(line.get_xdata()) > 2
                    )
                    assert np.all((mean < none) & (mean > 0) & (largest > 0))
                    if (layer_input, transform) == ("edges after ReLU", "shift"):
                        assert np.all(largest < mean)
                    if np.any(largest >= none):
                        worse.add((name, layer_input, size))
    assert {(name, layer_input) for name, layer_input, _ in worse} == {("coffee", "photograph")}


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


def test_every_control_of_steadiness_changes_the_picture(steady, monkeypatch):
    for name in ("photograph", "layer_input", "transform", "kernel_size"):
        seen = set()
        for option in steady.controls[name].options:
            steady.controls[name].value = option
            assert not steady.error
            seen.add(picture(steady).tobytes())
        assert len(seen) == len(steady.controls[name].options), name
    redraws = full_redraws(steady, monkeypatch)
    for name, places in {"shift": [0, 4, 8], "turn": [0, 7, 15], "scale": [1, 1.1, 1.2]}.items():
        steady.set(f"transform={name}")
        redraws.clear()
        seen = set()
        for place in places:
            steady.controls[name].value = place
            assert not steady.error
            seen.add(picture(steady).tobytes())
        assert len(seen) == 3, name
        assert redraws == []


def test_code_of_steadiness_brings_the_picture_back(steady):
    steady.set("photograph=cat 'layer_input=edges after ReLU' transform=scale scale=1.18")
    code, png = steady.code, steady.png()
    steady.set("photograph=coffee layer_input=photograph transform=turn turn=3 kernel_size=8")
    assert steady.png() != png
    steady.set(code)
    assert (steady.code, steady.png()) == (code, png)


def test_labels_of_the_curves_do_not_touch(steady):
    chart = steady.picture.axes[1]
    for name in steady.controls["photograph"].options:
        for size in (2, 4, 8):
            steady.set(f"photograph={name} kernel_size={size}")
            boxes = sorted((t.get_window_extent() for t in chart.texts), key=lambda box: box.y0)
            assert all(low.y1 <= high.y0 for low, high in itertools.pairwise(boxes))
            assert max(box.x1 for box in boxes) < 760


# -- anywhere in the picture -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def anywhere():
    return shown(pooling.anywhere)


def stages_by_hand(right, down):
    """Return canvas, feature map and 2×2 maxima of the first test digit, in whole numbers."""
    with np.load(DATA / "digits.npz") as stored:
        digit = stored["test_images"][0].astype(int)
    canvas = np.pad(digit, ((down, 36 - down), (right, 36 - right)))
    edges = np.maximum(ndimage.correlate(canvas, SOBEL)[1:-1, 1:-1], 0)
    return canvas, edges, edges.reshape(31, 2, 31, 2).max(axis=(1, 3))


PLACES = re.compile(
    r"The digit is moved (\d+) px to the right and (\d+) px down, and its feature map as far, "
    r"exactly\. (\d+) of 961 2×2 maxima have changed; the maximum of all, (\S+), has not\."
)


@pytest.mark.parametrize("down", [0, 1, 18, 36])
@pytest.mark.parametrize("right", [0, 3, 36])
def test_stages_and_caption_wherever_the_digit_stands(anywhere, right, down):
    anywhere.set(f"right={right} down={down}")
    wanted, maxima_at_first = stages_by_hand(right, down), stages_by_hand(0, 0)[2]
    images = [axes.images[0].get_array() for axes in anywhere.picture.axes]
    for image, stage in zip(images[:3], wanted, strict=True):
        assert_allclose(image, stage / 255, atol=1e-6)
    top, left = (indices.min() for indices in wanted[1].nonzero())
    first_top, first_left = (indices.min() for indices in stages_by_hand(0, 0)[1].nonzero())
    assert (top - first_top, left - first_left) == (down, right)
    largest = wanted[1].max() / 255
    assert_allclose(images[3], [[largest]])
    (number,) = anywhere.picture.axes[3].texts
    assert number.get_text() == f"{largest:.2f}"
    said = PLACES.fullmatch(anywhere.caption).groups()
    others = np.count_nonzero(wanted[2] != maxima_at_first)
    assert said == (str(right), str(down), str(others), f"{largest:.2f}")


def test_caption_does_not_hide_a_map_that_did_not_move_along(anywhere, monkeypatch):
    wrong = pooling.correlate2d
    monkeypatch.setattr(pooling, "correlate2d", lambda *a: wrong(*a)[::-1])
    anywhere.set("right=5 down=2")
    assert "its feature map not just as far." in anywhere.caption
    monkeypatch.setattr(pooling, "correlate2d", lambda *a: 2 * wrong(*a))
    anywhere.set("right=5 down=3")
    assert "has changed too." in anywhere.caption


def test_sliders_move_the_digit_and_redraw_nothing_else(anywhere, monkeypatch):
    redraws = full_redraws(anywhere, monkeypatch)
    for name in ("right", "down"):
        seen = set()
        for place in (0, 18, 36):
            anywhere.controls[name].value = place
            assert not anywhere.error
            seen.add((picture(anywhere).tobytes(), anywhere.caption))
        assert len(seen) == 3
    assert redraws == []
    anywhere.set("right=4 down=30")
    code, png = anywhere.code, anywhere.png()
    anywhere.set("right=0 down=0")
    assert anywhere.png() != png
    anywhere.set(code)
    assert (anywhere.code, anywhere.png()) == (code, png)


def test_four_stages_stand_apart_and_have_their_names(anywhere):
    axes = anywhere.picture.axes
    names = [stage.get_title(loc="left") for stage in axes]
    assert names == ["canvas", "feature map", "2×2 maxima", "maximum of all"]
    boxes = [stage.get_tightbbox() for stage in axes]
    assert all(one.x1 < next_one.x0 for one, next_one in itertools.pairwise(boxes))
    assert boxes[0].x0 >= 0
    assert boxes[-1].x1 <= 760


# -- what they share -----------------------------------------------------------------------------


def test_explorers_fit_the_page_and_have_ink(windows, backward, steady, anywhere):
    for explorer in (windows, backward, steady, anywhere):
        width, _ = explorer.picture.get_size_inches() * explorer.picture.dpi
        assert picture(explorer).std() > 10
        assert width == 760


# -- digits pooled more and more -------------------------------------------------------------------

RUNS = json.loads((DATA / "records" / "pooled_digits.json").read_text("utf-8"))["runs"]
SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 10, 14, 28]


@pytest.fixture(scope="module")
def _pooled():
    return shown(pooling.pooled_digits)


@pytest.fixture
def pooled(_pooled):
    _pooled.set("kernel_size=4 statistic=mean training_digits=1000")
    return _pooled


def recorded(window, statistic, count):
    """Return one recorded run."""
    (run,) = [
        run
        for run in RUNS
        if (run["kernel_size"], run["statistic"], run["training_digits"])
        == (window, statistic, count)
    ]
    return run


def blocks_by_hand(window, statistic):
    """Return a 0, a 1 … a 9 of the test digits, each window's pixels all set to its statistic."""
    with np.load(DATA / "digits.npz") as stored:
        images, labels = stored["test_images"], stored["test_labels"].tolist()
    shown = images[[labels.index(digit) for digit in range(10)]] / 255
    for digit in shown:
        for top, left in itertools.product(range(0, 28, window), repeat=2):
            block = digit[top : top + window, left : left + window]
            block[:] = block.max() if statistic == "max" else block.mean()
    return shown


READS = re.compile(
    rf"From ({NUMBER}) pixels?, with ({NUMBER}) weights, the network reads ({NUMBER}) % of its "
    rf"({NUMBER}) training digits and ({NUMBER}) % of the test digits \(({NUMBER}) to ({NUMBER}) % "
    rf"in five runs\), a gap of ({NUMBER}) points\."
    rf"(?: Without pooling it reads ({NUMBER}) % of them\.)?"
)


@pytest.mark.parametrize("window", SIZES)
@pytest.mark.parametrize("statistic", ["max", "mean"])
@pytest.mark.parametrize("count", [200, 1000, 4000])
def test_caption_of_the_pooled_digits(pooled, window, statistic, count):
    pooled.set(f"kernel_size={window} statistic={statistic} training_digits={count}")
    run = recorded(window, statistic, count)
    seen, new = (100 * np.array(run[f"{part}_accuracies"]) for part in ("training", "test"))
    pixels = len(range(0, 28, window)) ** 2
    words = READS.fullmatch(pooled.caption).groups()
    assert (words[-1] is None) == (window == 1), "that would be the same number again"
    unpooled = 100 * np.mean(recorded(1, statistic, count)["test_accuracies"])
    words = [word or f"{unpooled:.1f}" for word in words]
    said = [float(word.replace(",", "").replace("−", "-")) for word in words]
    assert said[0] == pixels
    assert said[1] == (pixels + 1) * 64 + (64 + 1) * 10
    assert said[3] == count
    wanted = [seen.mean(), new.mean(), new.min(), new.max(), seen.mean() - new.mean(), unpooled]
    assert [said[2], *said[4:]] == pytest.approx(wanted, abs=0.0501)


@pytest.mark.parametrize("window", SIZES)
@pytest.mark.parametrize("statistic", ["max", "mean"])
def test_digits_shown_are_pooled_and_as_large_as_before(pooled, window, statistic):
    pooled.set(f"kernel_size={window} statistic={statistic}")
    image = pooled.picture.axes[0].images[0].get_array()
    for digit, wanted in enumerate(blocks_by_hand(window, statistic)):
        top, left = 32 * (digit % 5), 32 * (digit // 5)  # 4 pixels of paper between two
        assert_allclose(image[top : top + 28, left : left + 28], wanted, atol=1e-6)
    assert image.shape == (5 * 32 - 4, 2 * 32 - 4)
    assert not image[28:32].any()
    assert not image[:, 28:32].any()


@pytest.mark.parametrize("statistic", ["max", "mean"])
@pytest.mark.parametrize("count", [200, 1000, 4000])
def test_curves_are_the_recorded_means_within_the_recorded_spread(pooled, statistic, count):
    pooled.set(f"kernel_size=7 statistic={statistic} training_digits={count}")
    axes = pooled.picture.axes[1]
    lines = [line for line in axes.lines if len(line.get_xdata()) == len(SIZES)]
    for part, line, band in zip(("training", "test"), lines, axes.patches, strict=True):
        shares = 100 * np.array(
            [recorded(size, statistic, count)[f"{part}_accuracies"] for size in SIZES]
        )
        assert_allclose(line.get_ydata(), shares.mean(axis=1))
        assert_allclose(line.get_xdata(), range(11))
        corners = band.get_xy()[:22]  # one more may close it
        assert_allclose(corners[:11], np.column_stack([range(11), shares.min(axis=1)]))
        assert_allclose(corners[11:][::-1], np.column_stack([range(11), shares.max(axis=1)]))
        (dot,) = [
            dot.get_xydata().tolist()
            for dot in axes.lines
            if dot.get_marker() == "o" and dot.get_color() == line.get_color()
        ]
        assert_allclose(dot, [[6, shares[6].mean()]])
    (now,) = [line for line in axes.lines if line.get_color() == COLOURS["now"]]
    assert list(now.get_xdata()) == [6, 6]
    labels = [label.get_text().split("\n")[0] for label in axes.get_xticklabels()]
    assert labels == [str(size) for size in SIZES]


def test_names_of_the_curves_stand_on_their_sides(pooled):
    for statistic, count in itertools.product(("max", "mean"), (200, 1000, 4000)):
        pooled.set(f"statistic={statistic} training_digits={count}")
        axes = pooled.picture.axes[1]
        names = {text.get_text(): text for text in axes.texts}
        above, below = names["training digits"], names["test digits"]
        (place, place_below) = (int(text.get_position()[0]) for text in (above, below))
        assert place == place_below
        lines = [line.get_ydata()[place] for line in axes.lines if len(line.get_xdata()) == 11]
        assert above.get_position()[1] > lines[0] >= lines[1] > below.get_position()[1]
        boxes = [text.get_window_extent() for text in (above, below)]
        assert not boxes[0].overlaps(boxes[1])


def test_no_control_of_the_pooled_digits_redraws_what_stands_still(pooled, monkeypatch):
    redraws = full_redraws(pooled, monkeypatch)
    axes = pooled.picture.axes[1]
    limits = axes.get_xlim(), axes.get_ylim()
    for name, control in pooled.controls.items():
        places = control.options if name != "kernel_size" else [1, 6, 28]
        seen, captions = set(), set()
        for place in places:
            control.value = place
            assert not pooled.error
            seen.add(picture(pooled).tobytes())
            captions.add(pooled.caption)
        assert len(seen) == len(captions) == len(places), name
        pooled.set("kernel_size=4 statistic=mean training_digits=1000")
    assert redraws == []
    assert (axes.get_xlim(), axes.get_ylim()) == limits


def test_code_of_the_pooled_digits_brings_the_picture_back(pooled):
    pooled.set("kernel_size=10 statistic=max training_digits=4000")
    code, caption, before = pooled.code, pooled.caption, picture(pooled)
    pooled.set("kernel_size=1 statistic=mean training_digits=200")
    assert pooled.caption != caption
    pooled.set(code)
    assert (pooled.code, pooled.caption) == (code, caption)
    assert np.array_equal(picture(pooled), before)
    for wrong in ("kernel_size=9", "statistic=sum", "training_digits=5000"):
        with pytest.raises(ValueError, match="must be one of"):
            pooled.set(wrong)
    assert pooled.code == code


def test_pooled_digits_fit_the_page(pooled):
    width, _ = pooled.picture.get_size_inches() * pooled.picture.dpi
    assert width == 760
    assert picture(pooled).std() > 10
    assert len(pooled.png()) < 60_000
