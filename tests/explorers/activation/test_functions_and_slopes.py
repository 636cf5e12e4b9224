"""The activation functions: facts against Python's math, and what the picture makes of them."""

import itertools
import math

import numpy as np
import pytest
from explored import full_redraws, picture, shown_once
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from lessonkit.explorers.activation import functions_and_slopes
from lessonkit.explorers.style import COLOURS, NAMES
from lessonkit.explorers.words import formatted, number, scientific

EVERY = " ".join(f"{name}=true" for name in NAMES)
SLIDERS = {
    "leaky_relu": "negative_slope",
    "prelu": "slope",
    "rrelu": "lower_upper",
    "elu": "alpha",
}


@pytest.fixture
def slopes():
    explorer = shown_once(functions_and_slopes)
    explorer.set(
        "sigmoid=true tanh=false relu=true leaky_relu=false prelu=false rrelu=false elu=false "
        "silu=false x=2 negative_slope=0.01 slope=0.25 lower_upper=0.125,0.333 alpha=1"
    )
    return explorer


def by_hand(x, negative_slope, slope, lower, upper, alpha):
    """Return name → (value, slope) from the definitions."""
    mean = (lower + upper) / 2
    s = 1 / (1 + math.exp(-x))
    straight = {"relu": 0, "leaky_relu": negative_slope, "prelu": slope, "rrelu": mean}
    bent = {name: (x, 1) if x > 0 else (a * x, a) for name, a in straight.items()}
    return bent | {
        "sigmoid": (s, s * (1 - s)),
        "tanh": (math.tanh(x), 1 - math.tanh(x) ** 2),
        "elu": (x, 1) if x > 0 else (alpha * (math.exp(x) - 1), alpha * math.exp(x)),
        "silu": (x * s, s + x * s * (1 - s)),
    }


def drawn(explorer):
    """Return name → its artists: on the left, on the upper right and on the lower right."""
    values, slopes, widths = explorer.picture.axes
    of_values, of_slopes = values.lines[1:-1], slopes.lines[2:-1]  # without what stands still
    left = zip(of_values[::3], of_values[1::3], of_values[2::3], values.texts, strict=True)
    right = zip(of_slopes[::2], of_slopes[1::2], strict=True)
    below = zip(widths.lines[:-1], widths.texts, strict=True)
    return dict(zip(NAMES, zip(left, right, below, strict=True), strict=True))


def assert_picture_shows(explorer):
    """Assert that curves, dots, tangents, bars and their numbers are those of the facts."""
    facts = explorer.facts
    for axes in explorer.picture.axes:
        assert axes.lines[-1].get_xdata() == [facts.x, facts.x]
    for name, artists in drawn(explorer).items():
        visible = {artist.get_visible() for artist in itertools.chain(*artists)}
        assert visible == {name in facts.functions}, name
        if name in facts.functions:
            assert_drawn(name, facts.functions[name], facts.x, *artists)


def assert_drawn(name, shown, x, left, right, below):
    (curve, tangent, dot, label), (derivative, slope_dot), (bar, width) = left, right, below
    np.testing.assert_array_equal(curve.get_data(), shown.values)
    np.testing.assert_array_equal(derivative.get_data(), shown.slopes)
    assert np.ravel(dot.get_data()).tolist() == [x, shown.value]
    assert np.ravel(slope_dot.get_data()).tolist() == [x, shown.slope]
    (x0, x1), (y0, y1) = tangent.get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(shown.slope)
    assert y0 + (x - x0) * shown.slope == pytest.approx(shown.value)
    assert bar.get_xdata().tolist() == np.clip(shown.useful, -6, 6).tolist()
    assert set(bar.get_ydata()) == {width.get_position()[1]}
    assert label.get_text() == NAMES[name]
    assert label.xy[1] == np.interp(label.xy[0], *shown.values)
    words = "∞" if shown.width == math.inf else f"{shown.width:.1f}"
    assert width.get_text() == f"{NAMES[name]} {words}"


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
def test_value_and_slope_of_every_function_shown(slopes, x, a, b, bounds, c):
    x, a, b, c = x / 10, a / 100, b / 100, c / 20
    lower, upper = (bound / 1000 for bound in bounds)
    slopes.set(
        f"{EVERY} x={x} negative_slope={a} slope={b} lower_upper={lower},{upper} alpha={c:.10g}"
    )
    facts, truth = slopes.facts, by_hand(x, a, b, lower, upper, c)
    assert list(facts.functions) == list(NAMES)
    for name, shown in facts.functions.items():
        assert (shown.value, shown.slope) == pytest.approx(truth[name], rel=1e-6, abs=1e-12)
    said = ", ".join(
        f"{NAMES[name]} is {number(shown.value)} with slope {scientific(shown.slope)}"
        for name, shown in facts.functions.items()
    )
    said = " and".join(said.rsplit(",", 1))
    assert slopes.caption.startswith(f"At x = {formatted(x, '.1f')}, {said}. The slope exceeds 0.1")


def test_the_curves_are_those_of_the_formulas(slopes):
    slopes.set(f"{EVERY} negative_slope=0.2 slope=0.5 lower_upper=0.1,0.3 alpha=1.5")
    for name, shown in slopes.facts.functions.items():
        for column, curve in enumerate((shown.values, shown.slopes)):
            assert curve[0].min() == -6
            assert curve[0].max() == 6
            away = curve[:, np.abs(curve[0]) > 0.01][:, ::40]  # from the corner, where both meet
            truth = [by_hand(x, 0.2, 0.5, 0.1, 0.3, 1.5)[name][column] for x in away[0]]
            np.testing.assert_allclose(away[1], truth, rtol=1e-6, atol=1e-12)


def test_widths_where_the_slope_exceeds_a_tenth(slopes):
    slopes.set("tanh=true elu=true")
    # s(1 − s) = 0.1 has the roots s = (1 ± √0.6)/2; 1 − t² = 0.1 has t = ±√0.9; e^x = 0.1
    s = (1 + math.sqrt(0.6)) / 2
    widths = {"sigmoid": 2 * math.log(s / (1 - s)), "tanh": 2 * math.atanh(math.sqrt(0.9))}
    for name, width in widths.items():
        assert slopes.facts.functions[name].width == pytest.approx(width, abs=0.02)
        assert f"over a width of {width:.1f} ({name})" in slopes.caption
    assert slopes.facts.functions["relu"].useful == (0, math.inf)
    assert slopes.facts.functions["elu"].useful == pytest.approx((math.log(0.1), np.inf), abs=0.01)
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
    (shown,) = slopes.facts.functions.values()
    assert (shown.useful[0] == -math.inf) == ("everywhere" in words)


def test_no_function_shown(slopes):
    slopes.set("sigmoid=false relu=false")
    assert slopes.caption == "No function is shown: tick one."
    assert not slopes.error


def test_relu_shows_beside_the_cousin_that_lies_on_it(slopes):
    slopes.set("sigmoid=false leaky_relu=true x=-6")
    colours = [255 * np.array(to_rgb(COLOURS[name])) for name in ("relu", "leaky_relu")]
    for axes, height in zip(slopes.picture.axes[:2], (2, 1), strict=True):
        x, y = axes.transData.transform((2, height)).astype(int)
        row = int(slopes.picture.bbox.height) - y
        # Wide enough for a whole dash of the cousin.
        around = picture(slopes)[row - 15 : row + 16, x - 15 : x + 16]
        for colour in colours:
            assert (np.abs(around - colour).sum(axis=-1) < 30).sum() > 9


def test_labels_do_not_hide_each_other(slopes):
    slopes.set(EVERY)
    for a, alpha in ((0, 0), (0.25, 1), (0.5, 1.5)):
        slopes.set(f"negative_slope={a} slope={a} lower_upper={a},{a} alpha={alpha}")
        boxes = [text.get_window_extent() for text in slopes.picture.axes[0].texts]
        for one, other in itertools.combinations(boxes, 2):
            assert not one.padded(-2).overlaps(other.padded(-2)), (a, alpha)


def test_a_jump_of_the_slope_is_a_gap_not_a_line(slopes):
    xs, ys = slopes.facts.functions["relu"].slopes
    (gap,) = np.flatnonzero(np.isnan(ys))
    assert xs[gap - 1] == xs[gap + 1] == 0
    assert (ys[gap - 1], ys[gap + 1]) == (0, 1)


@pytest.mark.parametrize("name", list(NAMES))
def test_a_label_can_be_read_where_the_line_of_x_crosses_it(slopes, name):
    slopes.set(" ".join(f"{other}={str(other == name).lower()}" for other in NAMES) + " x=0")
    values = slopes.picture.axes[0]
    (label,) = [text for text in values.texts if text.get_visible()]
    box = label.get_window_extent()
    rows = slice(*(int(slopes.picture.bbox.height - y) for y in (box.y1, box.y0)))
    columns = slice(int(box.x0), int(box.x1))

    middle = values.transData.inverted().transform(((box.x0 + box.x1) / 2, 0))[0]
    slopes.set(f"x={middle:.1f}")
    colour = 255 * np.array(to_rgb(COLOURS["now"]))
    line = np.abs(picture(slopes)[rows, columns] - colour).sum(axis=-1) < 70
    assert line.any(axis=1).mean() < 0.6, "the label is above the line, which ends at its halo"


def test_no_line_crosses_a_label_as_the_picture_opens(slopes):
    values = slopes.picture.axes[0]
    line = values.transData.transform((slopes.controls["x"].value, 0))[0]
    for label in values.texts:
        box = label.get_window_extent()
        assert not label.get_visible() or not box.x0 - 2 < line < box.x1 + 2


def test_a_checkbox_redraws_the_whole_figure_once(slopes, monkeypatch):
    redraws = full_redraws(slopes, monkeypatch)
    slopes.set("tanh=true")
    assert redraws == [1]


@pytest.mark.parametrize(("function", "slider"), SLIDERS.items())
def test_a_parameter_is_shown_while_its_function_is(slopes, function, slider):
    layout = slopes.controls[slider].layout
    assert layout.display == "none"
    slopes.set(f"{function}=true")
    assert layout.display == "flex"
    slopes.set(f"{function}=false")
    assert layout.display == "none"
