"""The explorers of the first chapter: what is drawn, and whether the captions tell the truth.

The oracles are numbers worked out by hand, plain loops and SciPy, never lessonkit's own maths nor
the artists on show.
"""

import functools
import itertools
import math
import re

import numpy as np
import pytest
from explored import NUMBER, full_redraws, numbers, picture, plain, shown
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from PIL import Image
from scipy.linalg import lstsq
from scipy.special import expit

from lessonkit.datasets import DATA
from lessonkit.explorers import COLOURS, nonlinearity

HEALTHY = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.fixture(scope="module")
def _smile():
    return shown(nonlinearity.smile)


@pytest.fixture(scope="module")
def _stack():
    return shown(nonlinearity.linear_stack)


@pytest.fixture(scope="module")
def _approximation():
    return shown(nonlinearity.approximation)


@pytest.fixture
def smile(_smile):
    _smile.set("units=4")
    return _smile


@pytest.fixture
def stack(_stack):
    _stack.set("layers=3 activation=nothing")
    return _stack


@pytest.fixture
def approximation(_approximation):
    _approximation.set("target=smile activation=ReLU hidden_units=10")
    return _approximation


def lines_of(axes, colour):
    """Return the lines of one colour."""
    return [line for line in axes.lines if to_hex(line.get_color()) == colour.lower()]


def text_of(explorer, pattern):
    """Return the one text of the figure that matches."""
    texts = [t.get_text() for t in explorer.picture.findobj(lambda a: hasattr(a, "get_text"))]
    (text,) = {text for text in texts if re.fullmatch(pattern, text, re.DOTALL)}
    return text


def states_of(control):
    """Return the least, a middle and the greatest value of a slider, or every option."""
    if hasattr(control, "_options_values"):
        return control._options_values
    return [control.min, (control.min + control.max) // 2, control.max]


# -- how many bends does a smile need? -----------------------------------------------------------


@pytest.mark.parametrize("units", range(41))
def test_caption_of_the_smile(smile, units):
    smile.set(f"units={units}")
    # A line misses a parabola on an interval of length h by h² / 8 at least; here the parabola is
    # x², 1 high where it is 2 wide, and h = 2 / (units + 1).
    error = 100 / (2 * (units + 1) ** 2)
    said = numbers(smile.caption)
    assert said[:3] == [units, units, units + 1]
    assert said[3] == pytest.approx(error, abs=0.0051 if error > 1 else 0.00051)
    assert said[4:] == ([(units + 1) ** 2] if units else [])
    one = units == 1
    assert smile.caption.startswith(f"{units} ReLU unit{'s' * (not one)}, {units} bend")
    assert f"{units + 1} straight piece{'s' * (units > 0)}: the largest" in smile.caption


@given(st.integers(0, 40))
@settings(max_examples=15, **HEALTHY)
def test_mouth_touches_its_error_on_every_piece(smile, units):
    smile.set(f"units={units}")
    face, _, magnifier = smile.picture.axes
    (mouth,) = lines_of(face, COLOURS["relu"])
    x, y = mouth.get_data()
    (enlarged,) = lines_of(magnifier, COLOURS["relu"])
    np.testing.assert_array_equal(enlarged.get_xydata(), mouth.get_xydata())
    (wanted,) = (line for line in face.lines if len(line.get_xdata()) == 2001)
    height = np.ptp(wanted.get_ydata())
    np.testing.assert_allclose(wanted.get_ydata(), height * wanted.get_xdata() ** 2)
    error = height / (2 * (units + 1) ** 2)
    np.testing.assert_allclose(y - height * x**2, -error)  # below it at every joint and end
    middles = (x[1:] + x[:-1]) / 2
    np.testing.assert_allclose((y[1:] + y[:-1]) / 2 - height * middles**2, error)
    (joints,) = (line for line in face.lines if line.get_marker() == "o")
    np.testing.assert_array_equal(joints.get_xydata(), mouth.get_xydata()[1:-1])


def test_magnifier_shows_the_framed_square_20_times_as_large(smile):
    face, _, magnifier = smile.picture.axes
    assert magnifier.get_title("left") == "20 times as large"
    (frame,) = (patch for patch in face.patches if type(patch).__name__ == "Rectangle")
    ends = magnifier.viewLim.get_points()
    np.testing.assert_allclose(ends, frame.get_bbox().get_points())
    small, large = face.transData.transform(ends), magnifier.transData.transform(ends)
    np.testing.assert_allclose(np.diff(large, axis=0), 20 * np.diff(small, axis=0), rtol=0.01)
    (wanted,) = (line for line in magnifier.lines if len(line.get_xdata()) == 2001)
    middle = ends.mean(axis=0)
    assert np.interp(middle[0], *wanted.get_data()) == pytest.approx(middle[1], abs=1e-6)


@given(
    st.lists(st.floats(-1, 1), min_size=1, max_size=6, unique=True).map(sorted),
    st.lists(st.floats(-0.5, 1.5), min_size=8, max_size=8),
)
@settings(max_examples=200, deadline=None)
def test_no_other_joints_and_heights_miss_less(joints, heights):
    x = np.array([-1, *joints, 1])
    fine = np.linspace(-1, 1, 4001)
    error = np.abs(np.interp(fine, x, heights[: len(x)]) - fine**2).max()
    assert error >= 0.999 / (2 * (len(joints) + 1) ** 2)


def test_errors_of_all_smiles_and_the_dot_on_them(smile):
    _, axes, _ = smile.picture.axes
    (curve,) = (line for line in axes.lines if len(line.get_xdata()) == 41)
    (dot,) = lines_of(axes, COLOURS["now"])
    assert list(curve.get_xdata()) == list(range(41))
    np.testing.assert_allclose(curve.get_ydata(), [50 / (n + 1) ** 2 for n in range(41)])
    assert axes.get_yscale() == "log"
    for units, label in {0: "50.0 %", 4: "2.00 %", 40: "0.030 %"}.items():
        smile.set(f"units={units}")
        assert dot.get_xydata().tolist() == [[units, curve.get_ydata()[units]]]
        assert axes.texts[0].get_text() == label
        assert tuple(axes.texts[0].xy) == (units, curve.get_ydata()[units])


# -- a stack of linear layers is one linear layer --------------------------------------------------

LAYERS = [  # stretches, degrees, shifts
    (0.96, 0.93, 31, 0.3, 0.2),
    (0.9, 0.96, -18, 0.2, 0.2),
    (1.15, 1.04, 49, 0.4, -0.6),
    (0.9, 0.98, 73, 0.2, 0.1),
    (1.29, 1.15, -23, -0.4, -0.1),
    (1.2, 0.93, -31, -0.6, -0.4),
]
BEND = {
    "nothing": lambda x: x,
    "ReLU": lambda x: max(x, 0.0),
    "leaky ReLU": lambda x: x if x > 0 else x / 4,
    "tanh": math.tanh,
}


def sent(x, y, layers, activation):
    """Return where the layers put one point."""
    for layer, (stretch_x, stretch_y, degrees, shift_x, shift_y) in enumerate(LAYERS[:layers]):
        if layer:
            x, y = BEND[activation](x), BEND[activation](y)
        z = complex(stretch_x * x, stretch_y * y) * complex(
            math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        )
        x, y = z.real + shift_x, z.imag + shift_y
    return x, y


def grid_points(points=49):
    """Return the 18 lines of so many points, upright lines first."""
    places, steps = [k / 4 - 1 for k in range(9)], np.linspace(-1, 1, points).tolist()
    upright = [[(x, y) for y in steps] for x in places]
    return np.array(upright + [[(x, y) for x in steps] for y in places])


def codes(layers, activation):
    return f"layers={layers} 'activation={activation}'"


def results_by_hand(layers, activation):
    return np.array(
        [[sent(x, y, layers, activation) for x, y in line] for line in grid_points().tolist()]
    )


def drawn_grid(axes):
    """Return the points of the grid that is drawn, 18 lines of 33."""
    long = [line.get_xydata() for line in axes.lines if len(line.get_xdata()) > 100]
    points = np.concatenate(long)
    return points[~np.isnan(points[:, 0])].reshape(18, 49, 2)


def is_straight(line):
    """Say whether points lie on one line, by the cross products with the longest way."""
    ways = line - line[0]
    longest = ways[np.argmax((ways**2).sum(axis=1))]
    return np.abs(ways[:, 0] * longest[1] - ways[:, 1] * longest[0]).max() < 1e-9


@pytest.mark.parametrize("activation", BEND)
@pytest.mark.parametrize("layers", range(1, 7))
def test_grids_and_caption_of_the_stack(stack, layers, activation):
    stack.set(codes(layers, activation))
    before, through, single = stack.picture.axes
    results = results_by_hand(layers, activation)
    np.testing.assert_array_equal(drawn_grid(before), grid_points())
    np.testing.assert_allclose(drawn_grid(through), results, atol=1e-12)
    straight = int(sum(map(is_straight, results)))
    assert f": {straight} of 18 lines stay{'s' * (straight == 1)} straight" in stack.caption

    inputs = np.array([(x, y, 1) for x, y in grid_points().reshape(-1, 2)])
    best = lstsq(inputs, results.reshape(-1, 2))[0]
    one_layer = (inputs @ best).reshape(results.shape)
    np.testing.assert_allclose(drawn_grid(single), one_layer, atol=1e-12)
    largest = max(math.dist(*pair) for pair in zip(*_flat(one_layer, results), strict=True))
    (sign,) = {text_of(stack, "[=≠]")}
    (miss,) = lines_of(single, COLOURS["now"])
    if activation == "nothing" or layers == 1:
        assert straight == 18
        assert largest < 1e-12
        assert sign == "="
        assert not miss.get_visible()
    else:
        assert straight < 18
        said = float(
            re.search(rf"on the whole is off by up to ({NUMBER}), where", stack.caption)[1]
        )
        assert said == pytest.approx(largest, abs=0.00051)
        assert sign == "≠"
        assert miss.get_visible()
        assert math.dist(*miss.get_xydata()) == pytest.approx(largest, rel=2e-3)
        assert stack.caption.startswith(f"{layers} layers, {activation} between them: ")


def _flat(*grids):
    return [grid.reshape(-1, 2).tolist() for grid in grids]


@functools.cache
def bends_by_hand(layers, activation):
    """Return how often each line bends: how often its way, on 6,001 points, changes direction."""
    counts = []
    for line in grid_points(6001).reshape(18, -1, 2):
        path = line.T
        for layer, (stretch_x, stretch_y, degrees, *shift) in enumerate(LAYERS[:layers]):
            if layer:
                path = np.where(path > 0, path, path * {"ReLU": 0, "leaky ReLU": 0.25}[activation])
            turn = np.exp(1j * np.radians(degrees))
            z = (stretch_x * path[0] + 1j * stretch_y * path[1]) * turn + complex(*shift)
            path = np.array([z.real, z.imag])
        way = np.diff(path)
        way = way[:, np.abs(way).max(axis=0) > 1e-12]  # all that ReLU makes 0 stays at one place
        cross = np.abs(way[0, :-1] * way[1, 1:] - way[1, :-1] * way[0, 1:]) > 1e-13
        counts.append(int(np.sum(cross[1:] & ~cross[:-1])))  # a bend is one turn, or two at once
    return counts


@pytest.mark.parametrize("activation", ["ReLU", "leaky ReLU"])
@pytest.mark.parametrize("layers", range(2, 7))
def test_bends_of_the_stack(stack, layers, activation):
    stack.set(codes(layers, activation))
    bends = bends_by_hand(layers, activation)
    words = f"; the others bend {sum(bends)} times in all, up to {max(bends)} times each. No single"
    assert words in stack.caption
    assert f"{bends.count(0)} of 18" in stack.caption


def test_more_layers_bend_more():
    for activation in ("ReLU", "leaky ReLU"):
        totals = [sum(bends_by_hand(layers, activation)) for layers in range(2, 7)]
        assert totals == sorted(set(totals))


def test_no_bends_are_told_where_there_are_none_or_where_all_is_bent(stack):
    for activation, layers in [("nothing", 6), ("tanh", 3), ("ReLU", 1)]:
        stack.set(codes(layers, activation))
        assert "bend" not in stack.caption


def test_words_for_equal(stack):
    assert stack.caption.startswith("3 layers, nothing between them: 18 of 18 lines stay straight.")
    said = re.search(
        r"does the same, up to rounding: no point is off by more than (.*)\.$", stack.caption
    )
    assert 1e-16 <= plain(said[1]) <= 1e-14
    through, single = (drawn_grid(axes) for axes in stack.picture.axes[1:])
    assert 0 < np.sqrt(((through - single) ** 2).sum(axis=-1)).max() <= plain(said[1])
    for activation in BEND:
        stack.set(codes(1, activation))
        assert stack.caption.startswith("1 layer: 18 of 18 lines stay straight. One layer does")
        assert stack.caption.endswith(" does the same, exactly.")


@pytest.mark.parametrize("activation", BEND)
@pytest.mark.parametrize("layers", range(1, 7))
def test_numbers_of_the_one_layer(stack, layers, activation):
    stack.set(codes(layers, activation))
    if activation == "nothing" or layers == 1:
        bias, right, up = (sent(*point, layers, activation) for point in ((0, 0), (1, 0), (0, 1)))
        wanted = np.transpose([np.subtract(right, bias), np.subtract(up, bias), bias])
    else:
        inputs = np.array([(x, y, 1) for x, y in grid_points().reshape(-1, 2)])
        wanted = lstsq(inputs, results_by_hand(layers, activation).reshape(-1, 2))[0].T
    said = text_of(stack, r".*matrix +bias\n.*")
    np.testing.assert_allclose([numbers(row) for row in said.splitlines()[1:]], wanted, atol=0.0051)
    assert "−0.00" not in said


@pytest.mark.parametrize("activation", BEND)
@pytest.mark.parametrize("layers", range(1, 7))
def test_order_of_the_layers(stack, layers, activation):
    stack.set(codes(layers, activation))
    said = text_of(stack, "layer 1.*")
    if activation == "nothing" or layers == 1:
        assert said == " → ".join(["layer 1", "2", "3", "4", "5", "6"][:layers])
    else:
        order = " → f → ".join(["layer 1", "2", "3", "4", "5", "6"][:layers])
        assert said == f"{order}\nf: {activation}"


def test_dot_marks_the_same_corner_everywhere(stack):
    for activation in BEND:
        stack.set(codes(5, activation))
        for axes, place in zip(
            stack.picture.axes[:2], [(1, 1), sent(1, 1, 5, activation)], strict=True
        ):
            (dot,) = (line for line in axes.lines if line.get_marker() == "o")
            np.testing.assert_allclose(dot.get_xydata(), [place], atol=1e-12)


def test_grids_stay_inside_their_panels(stack):
    for activation in BEND:
        for layers in range(1, 7):
            stack.set(codes(layers, activation))
            for axes in stack.picture.axes:
                assert axes.get_xlim() == axes.get_ylim() == (-2, 2)
                assert np.abs(drawn_grid(axes)).max() < 1.95


def test_layers_are_well_conditioned():
    for stretch_x, stretch_y, *_ in LAYERS:
        assert max(stretch_x, stretch_y) / min(stretch_x, stretch_y) < 1.3


# -- enough hidden units approximate any continuous function ---------------------------------------

HIDDEN = {
    "ReLU": lambda x, n, k: np.where(n * x > k, 3 * (n * x - k), 0),
    "sigmoid": lambda x, n, k: expit(3 * (n * x - k - 0.5)),
    "tanh": lambda x, n, k: 1 - 2 * expit(-6 * (n * x - k - 0.5)),
}


@functools.cache
def row_across_the_cup():
    """Return a row of 4 × 4 blocks, from the photograph's file."""
    grey = np.asarray(Image.open(DATA / "photographs" / "coffee.png"), dtype=float) / 255
    strip = grey.mean(axis=-1)[192:196]
    return np.array([strip[:, left : left + 4].mean() for left in range(0, 512, 4)])


def height_of(target, x):
    if target == "smile":
        return 4 * (x - 0.5) ** 2
    if target == "sine wave":
        return (1 + math.sin(2 * 2 * math.pi * x)) / 2
    if target == "step":
        return float(x > 0.5)
    row = row_across_the_cup()
    left = min(int(127 * x), 126)
    return row[left] + (127 * x - left) * (row[left + 1] - row[left])


def network_by_hand(target, activation, units, xs):
    """Return the heights of a network fitted by SciPy at 400 points, and each unit's part."""

    def values(points):
        columns = [HIDDEN[activation](points, units, k) for k in range(units)]
        return np.array([*columns, np.ones(len(points))]).T

    points = np.array([(k + 0.5) / 400 for k in range(400)])
    weights = lstsq(values(points), [height_of(target, x) for x in points])[0]
    parts = values(xs) * weights
    return parts.sum(axis=1), parts[:, :-1]


@given(
    st.sampled_from(["smile", "sine wave", "row of pixels", "step"]),
    st.sampled_from(list(HIDDEN)),
    st.integers(1, 100),
)
@example("sine wave", "ReLU", 100)
@example("row of pixels", "sigmoid", 100)
@example("step", "tanh", 1)
@settings(max_examples=12, **HEALTHY)
def test_caption_of_the_approximation(approximation, target, activation, units):
    approximation.set(f"'target={target}' activation={activation} hidden_units={units}")
    xs = np.array([*np.arange(1001) / 1000, 0.5 + 1e-15])
    heights = np.array([height_of(target, x) for x in xs])
    fit, parts = network_by_hand(target, activation, units, xs)
    error = 100 * np.abs(fit - heights).max() / np.ptp(heights)
    said = numbers(approximation.caption)
    assert said[:2] == [units, units + 1]
    assert said[2] == pytest.approx(error, rel=0.006, abs=0.00051)
    words = f"{units} hidden unit{'s' * (units > 1)} ({activation}), {units + 1} learned numbers: "
    assert approximation.caption.startswith(words)
    assert approximation.caption.endswith("half the jump or more.") == (target == "step")

    curves, units_below, _ = approximation.picture.axes
    drawn = drawn_lines(curves, activation)[0]
    np.testing.assert_allclose(np.interp(xs[:-1], *drawn.T), fit[:-1], atol=2e-6)
    below = drawn_lines(units_below, activation)
    assert len(below) == units
    for line, part in zip(below, parts.T, strict=True):
        expected = np.interp(line[:, 0], xs[:-1], part[:-1])
        np.testing.assert_allclose(line[:, 1], expected, atol=2e-3 * np.abs(part).max() + 1e-4)


def drawn_lines(axes, activation):
    """Return the lines of an activation's colour, split at their gaps."""
    (line,) = lines_of(axes, COLOURS[activation.lower()])
    points = line.get_xydata()
    gaps = np.flatnonzero(np.isnan(points[:, 1]))
    return [part[~np.isnan(part[:, 1])] for part in np.split(points, gaps) if len(part) > 1]


@pytest.mark.parametrize("activation", HIDDEN)
def test_units_and_bias_add_up_to_the_network(approximation, activation):
    approximation.set(f"'target=sine wave' activation={activation} hidden_units=12")
    curves, units_below, _ = approximation.picture.axes
    (fit,) = drawn_lines(curves, activation)
    parts = drawn_lines(units_below, activation)
    rest = np.interp(parts[0][:, 0], *fit.T) - sum(part[:, 1] for part in parts)
    np.testing.assert_allclose(rest, rest[0], atol=1e-9)  # the output bias, the same for every x


@pytest.mark.parametrize("activation", HIDDEN)
def test_no_number_of_units_bridges_a_step(approximation, activation):
    approximation.set(f"target=step activation={activation}")
    for units in range(1, 101):
        approximation.set(f"hidden_units={units}")
        assert "the largest error is 50.0 % of the target's height." in approximation.caption
    curves, _, errors = approximation.picture.axes
    assert min(errors.lines[0].get_ydata()) >= 50 - 1e-9
    target = curves.lines[0].get_xydata()
    (gap,) = np.flatnonzero(np.isnan(target[:, 1]))
    assert target[gap, 0] == 0.5
    assert np.ptp(target[gap - 1 : gap + 2, 0]) < 1e-15
    assert target[gap - 1 : gap + 2 : 2, 1].tolist() == [0, 1]
    (miss,) = lines_of(curves, COLOURS["now"])
    np.testing.assert_allclose(miss.get_xdata(), 0.5)
    assert abs(np.diff(miss.get_ydata())[0]) >= 0.5 - 1e-9


@pytest.mark.parametrize("target", ["smile", "sine wave", "row of pixels"])
def test_the_largest_miss_is_marked(approximation, target):
    approximation.set(f"'target={target}' hidden_units=7")
    curves = approximation.picture.axes[0]
    (miss,) = lines_of(curves, COLOURS["now"])
    (x, x_again), (wanted, fit) = miss.get_data()
    assert x == x_again
    assert wanted == pytest.approx(height_of(target, x))
    assert fit == pytest.approx(network_by_hand(target, "ReLU", 7, np.array([x]))[0][0], abs=1e-6)
    height = np.ptp(curves.lines[0].get_ydata())
    said = numbers(approximation.caption)[2]
    assert 100 * abs(fit - wanted) / height == pytest.approx(said, rel=0.006)


def test_errors_against_units_and_the_dot(approximation):
    approximation.set("'target=sine wave' activation=tanh")
    axes = approximation.picture.axes[2]
    curve, dot = axes.lines
    counts = curve.get_xdata()
    assert list(counts) == list(range(1, 101))
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    for count, error in list(zip(*curve.get_data(), strict=True))[::9]:
        approximation.set(f"hidden_units={count}")
        assert dot.get_xydata().tolist() == [[count, pytest.approx(error)]]
        said = axes.texts[0].get_text()
        assert f"largest error is {said} of the target" in approximation.caption


def test_twice_the_units_leave_a_quarter_of_the_error(approximation):
    errors = []
    for units in (10, 20, 40, 80):
        approximation.set(f"hidden_units={units}")
        errors.append(approximation.picture.axes[2].lines[1].get_ydata()[0])
    np.testing.assert_allclose(np.divide(errors[:-1], errors[1:]), 4, rtol=0.05)


# -- what they share -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["smile", "stack", "approximation"])
def test_every_control_changes_picture_and_caption(name, request):
    explorer = request.getfixturevalue(name)
    start = explorer.code
    for control_name, control in explorer.controls.items():
        explorer.set(start)
        pictures, captions = set(), set()
        for state in states_of(control):
            control.value = state
            assert not explorer.error
            assert picture(explorer).std() > 10
            pictures.add(picture(explorer).tobytes())
            captions.add(explorer.caption)
        assert len(pictures) == len(captions) == len(states_of(control)), control_name


@pytest.mark.parametrize("name", ["smile", "stack", "approximation"])
def test_no_control_redraws_the_whole_figure(name, request, monkeypatch):
    explorer = request.getfixturevalue(name)
    redraws = full_redraws(explorer, monkeypatch)
    for control in explorer.controls.values():
        for state in states_of(control):
            control.value = state
    assert redraws == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("smile", "units=17"),
        ("stack", "layers=6 activation=tanh"),
        ("approximation", "'target=row of pixels' activation=sigmoid hidden_units=63"),
    ],
)
def test_code_brings_a_picture_back(name, code, request):
    explorer = request.getfixturevalue(name)
    start = explorer.code
    explorer.set(code)
    assert explorer.code == code
    seen, caption = picture(explorer), explorer.caption
    explorer.set(start)
    assert (picture(explorer) != seen).any()
    explorer.set(code)
    assert (picture(explorer) == seen).all()
    assert explorer.caption == caption


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("smile", "units=41", "units must be a number from 0 to 40"),
        ("stack", "layers=0", "layers must be a number from 1 to 6"),
        (
            "stack",
            "activation=sigmoid",
            "activation must be one of nothing, ReLU, leaky ReLU, tanh",
        ),
        ("approximation", "target=circle", "target must be one of smile, sine wave, row of pixels"),
        ("approximation", "hidden_units=101", "hidden_units must be a number from 1 to 100"),
    ],
)
def test_what_cannot_be_is_refused_in_words(name, code, message, request):
    explorer = request.getfixturevalue(name)
    before = explorer.code
    with pytest.raises(ValueError, match=message):
        explorer.set(code)
    assert explorer.code == before


@pytest.mark.parametrize("name", ["smile", "stack", "approximation"])
def test_explorers_fit_the_page(name, request):
    explorer = request.getfixturevalue(name)
    width, height = explorer.picture.get_size_inches() * explorer.picture.dpi
    assert (width, height) == (760, pytest.approx(400, abs=70))
    for control in explorer.controls.values():
        for state in states_of(control):
            control.value = state
            boxes = boxes_of_texts(explorer.picture)
            for box in boxes:
                assert 0 <= box.x0 < box.x1 <= 760
            overlaps = [pair for pair in itertools.combinations(boxes, 2) if overlap(*pair)]
            assert not overlaps, explorer.code


def boxes_of_texts(figure):
    texts = figure.findobj(lambda artist: hasattr(artist, "get_fontsize") and artist.get_text())
    renderer = figure.canvas.get_renderer()
    assert all(text.get_fontsize() >= 10 for text in texts)
    return [text.get_window_extent(renderer) for text in texts if text.get_visible()]


def overlap(one, other):
    return (
        min(one.x1, other.x1) - max(one.x0, other.x0) > 1
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 1
    )
