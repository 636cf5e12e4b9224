"""The sliding window: facts against plain loops over the numbers that are drawn."""

import math
import re

import numpy as np
import pytest
from explored import NUMBER, full_redraws, numbers, picture, shown_once
from numpy.testing import assert_allclose

from lessonkit.explorers.pooling import sliding_window

CAPTION = re.compile(
    rf"Window (\d+) of (\d+): (.*) ([=≈]) ({NUMBER})\. 36 numbers become (\d+) \(({NUMBER}) %\), "
    r"so a fully connected layer with 10 outputs (?:needs (\d+) instead of|still needs) 360 "
    r"weights; pooling itself has none\.(?: (\d+) numbers lie in no window\.)?"
)


@pytest.fixture
def windows():
    explorer = shown_once(sliding_window)
    explorer.set("statistic=max kernel_size=2 stride=2 step=1")
    return explorer


def grid(axes):
    """Return the numbers written in the squares of an axes, row by row."""
    words = {text.get_position(): text.get_text() for text in axes.texts if text.get_text()}
    rows = sorted({y for _, y in words})
    return np.array([[float(words[x, y]) for x in sorted({x for x, _ in words})] for y in rows])


def assert_picture_shows(explorer):
    """Assert that squares, frames and arithmetic are the facts'."""
    facts, (source, output) = explorer.facts, explorer.picture.axes
    (rows, columns), (top, left), (row, column) = facts.output.shape, facts.corner, facts.place
    names = [axes.get_title("left") for axes in (source, output)]
    assert names == ["input: 6×6", f"output: {rows}×{columns}"]
    frames = [patch.get_bbox().bounds for axes in (source, output) for patch in axes.patches]
    assert frames == [(left, top, facts.kernel_size, facts.kernel_size), (column, row, 1, 1)]
    size, pixels = facts.kernel_size, grid(source)
    assert pixels[top : top + size, left : left + size].ravel().tolist() == facts.pixels.tolist()
    assert_allclose(grid(output), facts.output, atol=0.0051)
    assert_allclose(source.collections[0].get_array(), pixels * facts.is_covered)
    black = [text.get_color() == "black" for text in source.texts]
    assert black == facts.is_covered.ravel().tolist()
    squares, cover = output.collections
    assert_allclose(squares.get_array(), facts.output)
    is_hidden = np.arange(rows * columns) >= facts.window
    assert np.ravel(cover.get_array()).tolist() == is_hidden.tolist()
    (arithmetic,) = [text.get_text() for text in explorer.picture.texts]
    assert f": {arithmetic}. " in explorer.caption


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


@pytest.mark.parametrize("statistic", ["max", "mean", "sum", "L2"])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_window_there_is(windows, size, stride, statistic):
    windows.set(f"statistic={statistic} kernel_size={size} stride={stride}")
    pixels, places = grid(windows.picture.axes[0]), window_places(size, stride)
    inside = [[pixels[t + i][u + j] for i in range(size) for j in range(size)] for t, u in places]
    wanted = [summary(window, statistic) for window in inside]
    covered = {(t + i, u + j) for t, u in places for i in range(size) for j in range(size)}
    side = math.isqrt(len(places))
    assert windows.controls["step"].max == len(places)
    for step, place in enumerate(places, 1):
        windows.set(f"step={step}")
        facts = windows.facts
        assert (facts.statistic, facts.kernel_size) == (statistic.lower(), size)
        assert_allclose(facts.output, np.reshape(wanted, (side, side)))
        assert {(y, x) for y, x in np.ndindex(6, 6) if facts.is_covered[y, x]} == covered
        assert (facts.share, facts.weights) == (len(places) / 36, 10 * len(places))
        assert (facts.window, facts.corner) == (step, place)
        assert facts.place == ((step - 1) // side, (step - 1) % side)
        assert facts.pixels.tolist() == inside[step - 1]
        assert facts.result == pytest.approx(wanted[step - 1])
        assert_picture_shows(windows)
        assert_caption_says(windows)


def assert_caption_says(explorer):
    """Assert that the caption tells the facts, and works out the result from the numbers."""
    facts, said = explorer.facts, CAPTION.fullmatch(explorer.caption)
    count = facts.output.size
    assert (int(said[1]), int(said[2]), int(said[6])) == (facts.window, count, count)
    assert float(said[7]) == pytest.approx(100 * facts.share, abs=0.051)
    assert said[8] == (None if count == 36 else str(facts.weights))
    pale = np.sum(~facts.is_covered)
    assert said[9] == (str(pale) if pale else None)
    way, sign, result = said[3], said[4], float(said[5])
    written = numbers(way.replace("²", ""))
    assert written == [*facts.pixels, *[len(facts.pixels)] * (facts.statistic == "mean")]
    python = way.replace("²", "**2").replace("√", "math.sqrt").replace("max(", "max(0, ")
    assert eval(python) == pytest.approx(facts.result)
    assert result == pytest.approx(facts.result, abs=0.0051)
    assert (sign == "=") == (abs(result - facts.result) < 1e-9)


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


def test_another_statistic_draws_the_figure_once(windows, monkeypatch):
    redraws = full_redraws(windows, monkeypatch)
    windows.set("step=5")
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
