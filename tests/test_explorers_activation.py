"""The explorers of the activation chapter: what is drawn, and whether the captions tell the truth.

The oracles use Python's math and SciPy, never lessonkit's own maths nor the artists on show.
"""

import itertools
import math
import re

import numpy as np
import pytest
from explored import NUMBER, full_redraws, numbers, picture, plain, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from PIL import Image
from scipy import ndimage
from scipy.special import expit

from lessonkit.datasets import DATA
from lessonkit.explorers import COLOURS, NAMES, activation, ink, number


@pytest.fixture(scope="module")
def _slopes():
    return shown(activation.functions_and_slopes)


@pytest.fixture(scope="module")
def _ladder():
    return shown(activation.gradient_ladder)


@pytest.fixture(scope="module")
def _silence():
    return shown(activation.silent_neurons)


@pytest.fixture(scope="module")
def _maps():
    return shown(activation.feature_map)


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


@pytest.fixture
def ladder(_ladder):
    _ladder.set("activation=sigmoid depth=20 weight_scale=1")
    return _ladder


@pytest.fixture
def silence(_silence):
    _silence.set("patch=5 bias=0 activation=ReLU")
    return _silence


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
        words = rf"\b{re.escape(NAMES[name])} is ({NUMBER}) with slope ({NUMBER}(?: × 10\S+)?)"
        said = re.findall(rf"(?<!leaky ){words}", slopes.caption)
        assert len(said) == 1, (name, slopes.caption)
        said_value, said_slope = map(plain, said[0])
        assert said_value == pytest.approx(value, abs=0.0051 if abs(value) >= 0.999 else 0.00051)
        if 0 < abs(slope) < 0.0009:
            assert said_slope == pytest.approx(slope, rel=0.06), "small, and not 0"
        else:
            assert said_slope == pytest.approx(
                slope, abs=0.0051 if abs(slope) >= 0.999 else 0.00051
            )


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


def test_relu_shows_beside_the_cousin_that_lies_on_it(slopes):
    slopes.set("sigmoid=false leaky_relu=true x=-6")
    colours = [255 * np.array(to_rgb(COLOURS[name])) for name in ("relu", "leaky_relu")]
    for axes, height in zip(slopes.picture.axes[:2], (2, 1), strict=True):
        x, y = axes.transData.transform((2, height)).astype(int)
        row = int(slopes.picture.bbox.height) - y
        around = picture(slopes)[row - 5 : row + 6, x - 5 : x + 6]
        for colour in colours:
            assert (np.abs(around - colour).sum(axis=-1) < 30).sum() > 9


def test_labels_do_not_hide_each_other(slopes):
    slopes.set(" ".join(f"{name}=true" for name in NAMES))
    for a, alpha in ((0, 0), (0.25, 1), (0.5, 1.5)):
        slopes.set(f"negative_slope={a} slope={a} lower_upper={a},{a} alpha={alpha}")
        boxes = [text.get_window_extent() for text in slopes.picture.axes[0].texts]
        for one, other in itertools.combinations(boxes, 2):
            assert not one.padded(-2).overlaps(other.padded(-2)), (a, alpha)


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
        assert ("subtracting 0.20" in maps.caption) == (threshold == 0.2)
    else:
        negative, down_to = said[-3:-1]
        assert negative == pytest.approx(100 * np.mean(after < -1e-6), abs=0.11)
        assert down_to == pytest.approx(after.min(), abs=0.0051)
        assert f"leaky ReLU (slope {slope:.2f})" in maps.caption
        assert ("adding 0.50" in maps.caption) == (threshold == -0.5)


def test_own_filter_is_applied_as_written(maps):
    maps.set("'filter=own 3×3' 'own=0 0 0; 0 0 1, 0 0 0'")
    right_neighbour = np.zeros((3, 3))
    right_neighbour[1, 2] = 1
    shown = maps.picture.axes[1].images[0].get_array()
    np.testing.assert_allclose(shown, map_by_hand("camera", right_neighbour), atol=2e-6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 2 3",
        "1 2 3 4 5 6 7 8 nine",
        "1 2 3 4 5 6 7 8 nan",
        "1 " * 10,
        "1e308 " * 9,
        "1 " * 8 + "−100",
    ],
)
def test_own_filter_that_is_none_is_refused_in_words(maps, text):
    maps.set("'filter=own 3×3'")
    code, png = maps.code, maps.png()
    maps.controls["own"].value = text
    assert "numbers must be 9 numbers from −99 to 99, such as 0 -1 0, -1 4 -1, 0" in maps.error
    assert maps.error.endswith(f"; got {text!r}")
    assert (maps.code, maps.png()) == (code, png)
    maps.controls["own"].value = "0 -1 0, -1 4 -1, 0 -1 0"
    assert not maps.error


def test_all_zero_filter_has_a_scale_all_the_same(maps):
    maps.set("'filter=own 3×3' 'own=0 0 0, 0 0 0, 0 0 0'")
    assert not maps.error
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
    assert re.search(rf" and ReLU, {share} are exactly 0 and the largest is \S+\.$", maps.caption)
    maps.set("negative_slope=0.5")
    still = rf", {share} are negative, down to −0.\d+, and the" if few else " and the"
    assert re.search(rf"\d % are exactly 0{still} largest is \S+\.$", maps.caption)


def test_few_negative_values_begin_a_sentence(maps):
    kernel = np.array([[0, -1, 0], [-1, 8, -1], [0, -1, 0]])
    assert 0 < np.mean(map_by_hand("cat", kernel) < 0) < 0.0005
    maps.set("photograph=cat 'filter=own 3×3' 'own=0 -1 0, -1 8 -1, 0 -1 0'")
    start = "Fewer than 0.1 % of the map's 55,696 values are negative (purple), down to −"
    assert maps.caption.startswith(start)


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


# -- the gradient ladder -------------------------------------------------------------------------


def sizes_by_autodiff(activation, depth, weight_scale):
    """Return the sizes below each layer, by finite differences of the network itself."""
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


LADDER = (
    r"becomes (\S+(?: × 10\S+)?)(?:: each layer multiplies it by (\S+) on average)?\. "
    r"It cannot exceed the ceiling, (.*)\."
)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU", "ELU"])
@pytest.mark.parametrize(("depth", "weight_scale"), [(1, 1), (3, 1.41), (8, 2.5)])
def test_caption_of_the_ladder(ladder, activation, depth, weight_scale):
    ladder.set(f"activation={activation} depth={depth} weight_scale={weight_scale}")
    size, highest = sizes_by_autodiff(activation, depth, weight_scale)
    said_size, said_factor, said_highest = re.search(LADDER, ladder.caption).groups()
    assert plain(said_size) == pytest.approx(size, rel=0.05)
    if depth == 1:
        assert said_factor is None, "the size itself"
    else:
        assert plain(said_factor) == pytest.approx(size ** (1 / depth), rel=0.02)
    assert plain(said_highest) == pytest.approx(highest, rel=0.05)
    assert (
        f"Back through {depth} layer{'s' if depth > 1 else ''} of {activation}," in ladder.caption
    )


def test_bars_and_ceiling_of_the_ladder(ladder):
    ladder.set("activation=sigmoid depth=50 weight_scale=1")
    (axes,) = ladder.picture.axes
    ends = np.array([segment[1] for segment in axes.collections[0].get_segments()])
    assert ends[:, 0].tolist() == list(range(1, 51))
    assert np.all(np.diff(ends[:, 1]) > 0), "sigmoid loses something in every layer"
    ceiling = axes.lines[-1].get_ydata()
    assert np.all(ends[:, 1] <= ceiling)
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
        return plain(re.search(LADDER, ladder.caption)[2])

    assert factor("activation=ReLU depth=20 weight_scale=1") == 0.705
    assert factor("depth=50 weight_scale=1.41") > 0.97
    assert max(factor(f"activation=sigmoid weight_scale={s}") for s in (1, 2, 3, 4)) < 0.7
    assert factor("activation=ReLU weight_scale=4") > 2


def test_every_control_of_the_ladder_changes_the_picture(ladder, monkeypatch):
    redraws = full_redraws(ladder, monkeypatch)
    for name, control in ladder.controls.items():
        places = getattr(control, "options", None) or [control.min, 25, control.max]
        if name == "weight_scale":
            places = [control.min, 2.25, control.max]
        seen = set()
        for place in places:
            control.value = place[1] if isinstance(place, tuple) else place
            assert not ladder.error
            seen.add(picture(ladder).tobytes())
        assert len(seen) == len(places), name
        ladder.set("activation=sigmoid depth=20 weight_scale=1")
    assert redraws == []


# -- silent neurons ------------------------------------------------------------------------------


def sums_by_hand():
    """Return (patches, neurons) of sums at bias 0, from the photograph's file."""
    pixels = np.asarray(Image.open(DATA / "photographs" / "camera.png"), dtype=float) / 255
    grey = pixels.reshape(256, 2, 256, 2).mean(axis=(1, 3))[8:248, 8:248]
    weights = np.random.default_rng(1).standard_normal((9, 20)) / 3
    rows = []
    for top in range(0, 240, 24):
        for left in range(0, 240, 24):
            patch = grey[top : top + 24, left : left + 24].reshape(3, 8, 3, 8).mean(axis=(1, 3))
            if patch.std() > 0.02:
                rows.append((patch.ravel() - patch.mean()) / patch.std() @ weights)
    return np.array(rows)


SILENCE = (
    rf"On this patch (\d+) of the 20 neurons are exactly 0 after (\w+)\. On all patches "
    rf"({NUMBER}) % of ReLU's values are active and ({NUMBER}) % exactly 0; "
    rf"of sigmoid's, ({NUMBER}) % are smaller than 0\.1 and ({NUMBER}) % exactly 0\."
)


@pytest.mark.parametrize("activation", ["ReLU", "sigmoid"])
@pytest.mark.parametrize("bias", [-3, -1, 0, 0.55, 3])
@pytest.mark.parametrize("patch", [1, 40, 49])
def test_caption_of_silence(silence, activation, bias, patch):
    silence.set(f"patch={patch} bias={bias} activation={activation}")
    sums = sums_by_hand() + bias
    said = re.fullmatch(SILENCE, silence.caption).groups()
    silent, name, relu_active, relu_zero, small, zero = said
    here = sums[patch - 1]
    assert int(silent) == (np.sum(here <= 0) if activation == "ReLU" else 0)
    assert name == activation
    assert float(relu_active) == pytest.approx(100 * np.mean(sums > 0), abs=0.051)
    assert float(relu_zero) == pytest.approx(100 * np.mean(sums <= 0), abs=0.051)
    assert float(small) == pytest.approx(100 * np.mean(expit(sums) < 0.1), abs=0.051)
    assert zero == "0.0"


def test_silent_neurons_have_no_connections(silence):
    silence.set("bias=-1")
    silent = int(re.fullmatch(SILENCE, silence.caption)[1])
    network = silence.picture.axes[2]
    lines, neurons = network.collections
    assert len(lines.get_segments()) == (20 - silent) * (9 + 5)
    white = np.all(neurons.get_facecolor()[:, :3] == 1, axis=1)
    assert white.sum() == silent
    connected = {y for segment in lines.get_segments() for x, y in segment if x == 1}
    assert connected == set(np.flatnonzero(~white))


def test_every_control_of_silence_changes_the_picture(silence, monkeypatch):
    redraws = full_redraws(silence, monkeypatch)
    for name, places in {"patch": [1, 25, 49], "bias": [-3, 0, 3]}.items():
        seen = set()
        for place in places:
            silence.controls[name].value = place
            assert not silence.error
            seen.add(picture(silence).tobytes())
        assert len(seen) == 3, name
    before = picture(silence).tobytes()
    silence.controls["activation"].value = "sigmoid"
    assert picture(silence).tobytes() != before
    assert silence.controls["patch"].max == len(sums_by_hand()) == 49
    assert redraws == []


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


def test_explorers_fit_the_page_and_have_ink(slopes, ladder, silence, maps):
    for explorer in (slopes, ladder, silence, maps):
        width, _ = explorer.picture.get_size_inches() * explorer.picture.dpi
        assert picture(explorer).std() > 10
        assert width == 760
