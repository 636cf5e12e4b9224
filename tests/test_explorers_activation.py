"""The explorers of the activation chapter: what is drawn, and whether the captions tell the truth.

The oracles use Python's math and SciPy, never lessonkit's own maths nor the artists on show.
"""

import math
import re
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy import ndimage

from lessonkit.datasets import DATA
from lessonkit.explorers import COLOURS, NAMES, activation, ink, number

NUMBER = r"−?\d[\d,]*(?:\.\d+)?"


@pytest.fixture(scope="module")
def _slopes():
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that the font lacks is a warning
        return activation.functions_and_slopes()


@pytest.fixture(scope="module")
def _maps():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return activation.feature_map()


@pytest.fixture
def slopes(_slopes):
    _slopes.set(
        "sigmoid=true tanh=false relu=true leaky_relu=false prelu=false rrelu=false elu=false "
        "silu=false x=2 negative_slope=0.01 slope=0.25 lower_upper=0.125,0.333 alpha=1"
    )
    return _slopes


@pytest.fixture
def maps(_maps):
    own = "'own=0 -1 0, -1 4 -1, 0 -1 0'"
    _maps.set(f"photograph=camera 'filter=vertical edges' {own} threshold=0 negative_slope=0")
    return _maps


def numbers(text):
    return [float(n.replace("−", "-").replace(",", "")) for n in re.findall(NUMBER, text)]


def picture(explorer):
    return np.asarray(explorer.picture.canvas.buffer_rgba())[..., :3].copy()


def full_redraws(explorer, monkeypatch):
    """Return a list that grows with every redraw of the whole figure."""
    redraws = []
    canvas = explorer.picture.canvas
    whole = canvas.draw
    monkeypatch.setattr(canvas, "draw", lambda: (redraws.append(1), whole()))
    return redraws


# -- functions and slopes ------------------------------------------------------------------------


def logistic(x):
    return 1 / (1 + math.exp(-x))


def by_hand(x, negative_slope, slope, lower, upper, alpha):
    """Return name → (value, slope) from the definitions."""
    mean = (lower + upper) / 2
    s = logistic(x)
    straight = {"relu": 0, "leaky_relu": negative_slope, "prelu": slope, "rrelu": mean}
    bent = {name: (x, 1) if x > 0 else (a * x, a) for name, a in straight.items()}
    return bent | {
        "sigmoid": (s, s * (1 - s)),
        "tanh": (math.tanh(x), 1 - math.tanh(x) ** 2),
        "elu": (x, 1) if x > 0 else (alpha * (math.exp(x) - 1), alpha * math.exp(x)),
        "silu": (x * s, s + x * s * (1 - s)),
    }


@given(
    st.integers(-60, 60),
    st.integers(0, 50),
    st.integers(0, 50),
    st.tuples(st.integers(0, 500), st.integers(0, 500)).map(sorted),
    st.integers(0, 30),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_caption_says_value_and_slope_of_every_function_shown(slopes, x, a, b, bounds, c):
    x, a, b, c = x / 10, a / 100, b / 100, c / 20
    lower, upper = (bound / 1000 for bound in bounds)
    every = " ".join(f"{name}=true" for name in NAMES)
    slopes.set(
        f"{every} x={x} negative_slope={a} slope={b} lower_upper={lower},{upper} alpha={c:.10g}"
    )
    truth = by_hand(x, a, b, lower, upper, c)
    assert slopes.caption.startswith(f"At x = {x:.1f},".replace("-", "−"))
    for name, (value, slope) in truth.items():
        words = rf"\b{re.escape(NAMES[name])} is ({NUMBER}) with slope ({NUMBER})"
        said = re.findall(rf"(?<!leaky ){words}", slopes.caption)
        assert len(said) == 1, (name, slopes.caption)
        said_value, said_slope = numbers(" ".join(said[0]))
        assert said_value == pytest.approx(value, abs=0.0051 if abs(value) >= 0.999 else 0.00051)
        assert said_slope == pytest.approx(slope, abs=0.0051 if abs(slope) >= 0.999 else 0.00051)


def test_widths_where_the_slope_exceeds_a_tenth(slopes):
    slopes.set("tanh=true elu=true")
    # s(1 − s) = 0.1 has the roots s = (1 ± √0.6)/2; 1 − t² = 0.1 has t = ±√0.9; e^x = 0.1
    s = (1 + math.sqrt(0.6)) / 2
    sigmoid_width = 2 * math.log(s / (1 - s))
    tanh_width = 2 * math.atanh(math.sqrt(0.9))
    assert f"over a width of {sigmoid_width:.1f} (sigmoid)" in slopes.caption
    assert f"over a width of {tanh_width:.1f} (tanh)" in slopes.caption
    assert "for every x above 0 (ReLU)" in slopes.caption
    assert f"for every x above −{-math.log(0.1):.2g} (ELU)" in slopes.caption


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("leaky_relu=true negative_slope=0.1", "for every x above 0 (leaky ReLU)"),
        ("leaky_relu=true negative_slope=0.11", "everywhere (leaky ReLU)"),
        ("prelu=true slope=0.5", "everywhere (PReLU)"),
        ("rrelu=true lower_upper=0,0.1", "for every x above 0 (RReLU)"),
        ("elu=true alpha=0", "for every x above 0 (ELU)"),
    ],
)
def test_parameters_move_the_width(slopes, code, words):
    slopes.set(f"sigmoid=false relu=false {code}")
    assert words in slopes.caption


def test_no_function_shown(slopes):
    slopes.set("sigmoid=false relu=false")
    assert slopes.caption == "No function is shown: tick one."
    assert not slopes.error


def test_dots_and_tangents_are_where_the_caption_says(slopes):
    values, derivatives, _ = slopes.picture.axes
    slopes.set("relu=false x=1.5")
    s = logistic(1.5)
    (dot,) = [line for line in values.lines if line.get_marker() == "o" and line.get_visible()]
    np.testing.assert_allclose(np.ravel(dot.get_data()), [1.5, s])
    (dot,) = [line for line in derivatives.lines if line.get_marker() == "o" and line.get_visible()]
    np.testing.assert_allclose(np.ravel(dot.get_data()), [1.5, s * (1 - s)])
    (tangent,) = [
        line
        for line in values.lines
        if len(line.get_xdata()) == 2 and line.get_zorder() == 2.5 and line.get_visible()
    ]
    (x0, x1), (y0, y1) = tangent.get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(s * (1 - s))
    assert y0 + (1.5 - x0) * s * (1 - s) == pytest.approx(s)


def test_a_jump_of_the_slope_is_a_gap_not_a_line(slopes):
    derivatives = slopes.picture.axes[1]
    (relu,) = [
        line
        for line in derivatives.lines
        if line.get_color() == COLOURS["relu"] and len(line.get_xdata()) > 2
    ]
    xs, ys = relu.get_data()
    (gap,) = np.flatnonzero(np.isnan(ys))
    assert xs[gap - 1] == xs[gap + 1] == 0
    assert (ys[gap - 1], ys[gap + 1]) == (0, 1)


def test_every_control_of_the_slopes_changes_the_picture(slopes):
    slopes.set(" ".join(f"{name}=true" for name in NAMES) + " x=-2")
    for name, control in slopes.controls.items():
        if isinstance(control.value, bool):
            places = [False, True]
        elif isinstance(control.value, tuple):
            places = [(0, 0), (0.1, 0.4), (0.5, 0.5)]
        else:
            places = [control.min, (control.min + control.max) / 2, control.max]
        seen = set()
        for place in places:
            control.value = place
            assert not slopes.error, name
            seen.add(picture(slopes).tobytes())
        assert len(seen) == len(places), name
        slopes.set("x=-2")


def test_only_a_checkbox_redraws_the_whole_figure(slopes, monkeypatch):
    slopes.set("elu=true prelu=true")
    redraws = full_redraws(slopes, monkeypatch)
    for code in ["x=-1", "x=5.5", "alpha=0.5", "slope=0.1", "alpha=1.5"]:
        slopes.set(code)
    assert redraws == []
    slopes.set("tanh=true")
    assert redraws == [1]


def test_a_parameter_is_shown_while_its_function_is(slopes):
    sliders = {
        "leaky_relu": "negative_slope",
        "prelu": "slope",
        "rrelu": "lower_upper",
        "elu": "alpha",
    }
    for function, slider in sliders.items():
        assert slopes.controls[slider].layout.display == "none"
        slopes.set(f"{function}=true")
        assert slopes.controls[slider].layout.display == "flex"
        slopes.set(f"{function}=false")
        assert slopes.controls[slider].layout.display == "none"


# -- the feature map -----------------------------------------------------------------------------

SOBEL = np.array(
    [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
)  # 1968; the positive side is the brighter right


def map_by_hand(name, kernel):
    """Return the map by SciPy, from the file itself."""
    pixels = np.asarray(Image.open(DATA / "photographs" / f"{name}.png"), dtype=float) / 255
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=-1)
    times = min(grey.shape) // 240
    height, width = (length // times * times for length in grey.shape)
    grey = (
        grey[:height, :width]
        .reshape(height // times, times, width // times, times)
        .mean(axis=(1, 3))
    )
    top, left = ((length - 240) // 2 for length in grey.shape)
    return ndimage.correlate(grey[top : top + 240, left : left + 240], kernel)[2:-2, 2:-2]


@pytest.mark.parametrize("name", ["camera", "astronaut", "cat", "coffee"])
@pytest.mark.parametrize(("threshold", "slope"), [(0, 0), (0.2, 0), (-0.5, 0.1), (0, 1)])
def test_caption_tells_shares_and_extremes(maps, name, threshold, slope):
    maps.set(f"photograph={name} threshold={threshold} negative_slope={slope}")
    before = map_by_hand(name, SOBEL)
    moved = before - threshold
    after = np.where(moved > 0, moved, slope * moved)
    said = numbers(maps.caption)
    share, count, lowest = said[:3]
    assert count == 236 * 236
    # values that an even wall leaves within rounding of 0 may fall to either side
    assert share == pytest.approx(100 * np.mean(before < -1e-6), abs=0.11)
    assert lowest == pytest.approx(before.min(), abs=0.0051)
    assert said[-1] == pytest.approx(after.max(), abs=0.0051)
    if slope == 0:
        zero = said[-3]  # "… % are exactly 0 and the largest is …"
        assert zero == pytest.approx(100 * np.mean(moved < 1e-6), abs=0.11)
        assert ("subtracting" in maps.caption) == (threshold != 0)
    else:
        negative, down_to = said[-3:-1]
        assert negative == pytest.approx(100 * np.mean(after < -1e-6), abs=0.11)
        assert down_to == pytest.approx(after.min(), abs=0.0051)
        assert f"leaky ReLU (slope {slope:.2f})" in maps.caption


def test_own_filter_is_applied_as_written(maps):
    maps.set("'filter=own 3×3' 'own=0 0 0; 0 0 1, 0 0 0'")
    right_neighbour = np.zeros((3, 3))
    right_neighbour[1, 2] = 1
    shown = maps.picture.axes[1].images[0].get_array()
    np.testing.assert_allclose(shown, map_by_hand("camera", right_neighbour), atol=2e-6)


@pytest.mark.parametrize(
    "text", ["", "1 2 3", "1 2 3 4 5 6 7 8 nine", "1 2 3 4 5 6 7 8 nan", "1 " * 10]
)
def test_own_filter_that_is_none_is_refused_in_words(maps, text):
    maps.set("'filter=own 3×3'")
    code, png = maps.code, maps.png()
    maps.controls["own"].value = text
    assert "nine numbers, row by row" in maps.error
    assert repr(text) in maps.error
    assert (maps.code, maps.png()) == (code, png)
    maps.controls["own"].value = "0 -1 0, -1 4 -1, 0 -1 0"
    assert not maps.error


def test_all_zero_filter_has_a_scale_all_the_same(maps):
    maps.set("'filter=own 3×3' 'own=0 0 0, 0 0 0, 0 0 0'")
    assert not maps.error
    assert "0.0 % of the map's 55,696 values are negative" in maps.caption
    assert "100.0 % are exactly 0" in maps.caption


def test_both_maps_share_one_scale_that_the_labels_tell(maps):
    for filter in maps.controls["filter"].options:
        maps.set(f"'filter={filter}'")
        signed, rectified = (axes.images[0] for axes in maps.picture.axes[1:3])
        low, high = signed.get_clim()
        assert rectified.get_clim() == (low, high) == (-high, high)
        labels = [label.get_text() for label in maps.picture.axes[3].get_xticklabels()]
        assert numbers(" ".join(labels)) == pytest.approx([low, 0, high])


def test_every_control_of_the_map_changes_the_picture(maps):
    for name, control in maps.controls.items():
        if name == "own":
            maps.set("'filter=own 3×3'")
            places = ["0 0 0, 0 1 0, 0 0 0", "0 0 0, 0 0 1, 0 0 0"]
        elif hasattr(control, "options"):
            places = control.options
        else:
            places = [control.min, (control.min + control.max) / 2, control.max]
        seen = set()
        for place in places:
            control.value = place
            assert not maps.error, (name, place, maps.error)
            seen.add(picture(maps).tobytes())
        assert len(seen) == len(places), name


def test_sliders_of_the_map_redraw_only_what_moves(maps, monkeypatch):
    redraws = full_redraws(maps, monkeypatch)
    for code in ["threshold=0.5", "negative_slope=0.3", "threshold=-1"]:
        maps.set(code)
    assert redraws == []


def test_own_numbers_are_shown_while_they_are_used(maps):
    assert maps.controls["own"].layout.display == "none"
    maps.set("'filter=own 3×3'")
    assert maps.controls["own"].layout.display == "flex"


# -- what they share -----------------------------------------------------------------------------


@pytest.mark.parametrize("colour", COLOURS.values())
def test_ink_is_readable_on_white(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in ink(colour)]
    luminance = np.dot([0.2126, 0.7152, 0.0722], linear)  # WCAG 2.2, relative luminance
    assert 1.05 / (luminance + 0.05) >= 4.5


@given(st.floats(-1e6, 1e6))
def test_number_is_near_and_short(value):
    text = number(value)
    assert numbers(text) == pytest.approx([value], rel=0.006, abs=0.00051)
    assert sum(c.isdigit() for c in text) <= 4 or abs(value) >= 1000


def test_explorers_fit_the_page_and_have_ink(slopes, maps):
    for explorer in (slopes, maps):
        width, _ = explorer.picture.get_size_inches() * explorer.picture.dpi
        assert picture(explorer).std() > 10
        assert width == 760 * 2  # drawn for a screen of density 2 until a page tells
