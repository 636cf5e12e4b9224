"""The weights of three ways to connect: facts against a count output by output."""

import math
import re

import numpy as np
import pytest
from explored import NUMBER, numbers, picture, shown_once
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from lessonkit.explorers.softmax import parameter_ledger

SLIDES = settings(max_examples=25, deadline=None)
KINDS = ["fully connected", "locally connected", "convolution"]
CAPTION = re.compile(
    rf"Fully connected: (?P<dense>{NUMBER}) weights\. Local connections (?:"
    rf"divide that by (?P<saved>{NUMBER}), to (?P<local>{NUMBER})|"
    rf"save nothing, as the kernel is no smaller than the input: (?P<more>{NUMBER}))"
    rf"(?: \((?P<border>{NUMBER}) of them see only the border of zeros\))?; "
    rf"sharing the weights then divides by (?P<sharing>{NUMBER}), to (?P<shared>{NUMBER})\."
)


def opened(size=32, kernel_size=5, inputs=1, outputs=1):
    explorer = shown_once(parameter_ledger)
    sizes = f"input_size={size} kernel_size={kernel_size}"
    explorer.set(f"{sizes} in_channels={inputs} out_channels={outputs}")
    return explorer


def texts(axes):
    return [text.get_text() for text in axes.texts]


def windows_of(ledger):
    """Return what is drawn of two outputs' windows, in three ways."""
    return [patch for patch in ledger.picture.axes[0].patches if patch.get_animated()]


def told(ledger):
    said = CAPTION.fullmatch(ledger.caption).groupdict()
    return {name: numbers(word)[0] for name, word in said.items() if word}


def assert_picture_shows(explorer):
    """Assert that bars, products and windows are the facts'."""
    facts, (seen, bars) = explorer.facts, explorer.picture.axes
    counts = [facts.dense, facts.local, facts.shared]
    assert [bar.get_width() for (bar,) in bars.containers] == counts
    assert bars.get_xlim()[1] > max(counts)
    assert [text for text in texts(bars) if text in KINDS] == KINDS
    products = [text for text in texts(bars) if "=" in text]
    for text, count in zip(products, counts, strict=True):
        factors, _, product = text.replace(",", "").partition(" = ")
        assert int(product) == count
        assert math.prod(int(factor) for factor in re.findall(r"\d+", factors)) == count
    assert texts(seen) == ["output A sees", "output B sees"]
    squares = [patch for patch in seen.patches if not patch.get_animated()]
    reach = [(0, 1), (0, 1), *facts.windows, *facts.windows]
    for square, window, (start, end) in zip(squares, windows_of(explorer), reach, strict=True):
        side = square.get_width()
        assert window.get_x() == pytest.approx(square.get_x() + side * start)
        assert window.get_y() == pytest.approx(square.get_y() + side * start)
        assert window.get_width() == window.get_height() == pytest.approx(side * (end - start))


def counted_by_hand(size, kernel_size, in_channels, out_channels):
    """Return the weights of the three ways, and those beyond the border, output by output."""
    reach = kernel_size // 2
    places = range(size)
    window = range(-reach, reach + 1)
    inside = sum(
        0 <= row + i < size and 0 <= column + j < size
        for row in places
        for column in places
        for i in window
        for j in window
    )
    pairs = in_channels * out_channels
    dense = sum(size * size for _ in range(size * size)) * pairs
    local = sum(len(window) * len(window) for _ in range(size * size)) * pairs
    return dense, local, len(window) ** 2 * pairs, local - inside * pairs


def test_the_chapter_s_layer_in_the_ledger():
    said = {"dense": 1_048_576, "saved": 41.0, "local": 25_600, "border": 1_884, "shared": 25}
    assert told(opened()) == said | {"sharing": 1_024}
    # 32⁴; 32² · 25; along a side 32 · 5 − 2 (1 + 2) = 154 places lie inside, and 154² = 23,716
    assert 25_600 - 154**2 == 1_884


@given(
    st.integers(8, 20), st.sampled_from([1, 3, 5, 7, 9, 11]), st.integers(1, 8), st.integers(1, 8)
)
@example(9, 9, 2, 3)  # a window as large as the input
@SLIDES
def test_counts_picture_and_caption(size, kernel_size, inputs, outputs):
    ledger = opened(size, kernel_size, inputs, outputs)
    facts = ledger.facts
    dense, local, shared, border = counted_by_hand(size, kernel_size, inputs, outputs)
    assert (facts.inputs, facts.outputs) == (inputs * size**2, outputs * size**2)
    assert facts[2:5] == (kernel_size, inputs, outputs)
    assert (facts.dense, facts.local, facts.shared, facts.border) == (dense, local, shared, border)
    assert_picture_shows(ledger)
    said = told(ledger)
    assert (said["dense"], said["shared"]) == (dense, shared)
    assert said["sharing"] == pytest.approx(local / shared, rel=0.006)
    if kernel_size < size:
        assert said["local"] == local
        assert said["saved"] == pytest.approx(dense / local, rel=0.006)
        assert said["saved"] > 1
    else:
        assert said["more"] == local >= dense
    assert said.get("border", 0) == border
    assert ("border" in said) == (kernel_size > 1), "a window of 1×1 never leaves the input"


@pytest.mark.parametrize(
    ("size", "kernel_size", "first", "second"),
    [  # from where to where the windows reach, in places of the input; what lies outside is cut off
        (32, 5, (6, 11), (21, 26)),
        (32, 1, (8, 9), (23, 24)),
        (64, 11, (11, 22), (42, 53)),
        (8, 5, (0, 5), (3, 8)),
        (8, 9, (0, 7), (1, 8)),
        (9, 11, (0, 8), (1, 9)),
    ],
)
def test_what_two_outputs_see(size, kernel_size, first, second):
    ledger = opened(size, kernel_size)
    assert_allclose(ledger.facts.windows * size, [first, second])
    assert_picture_shows(ledger)
    box = ledger.picture.axes[0].patches[0].get_window_extent()
    assert box.width == pytest.approx(box.height, abs=0.5), "a square"


def test_outputs_that_share_their_weights_look_alike():
    ledger = opened(kernel_size=11)
    windows = windows_of(ledger)
    looks = [(window.get_facecolor(), window.get_hatch()) for window in windows]
    assert [a == b for a, b in zip(looks[::2], looks[1::2], strict=True)] == [False, False, True]

    def grey(window):
        box = window.get_window_extent()
        pixels = picture(ledger)[::-1][int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
        return np.mean(pixels)

    greys = [grey(window) for window in windows]
    for a, b in ((0, 1), (2, 3)):
        assert greys[b] - greys[a] > 40, "hatched is lighter than filled"
    assert greys[4] == pytest.approx(greys[5], abs=2)
