"""The smile: facts against what is known of parabolas and their chords."""

import numpy as np
import pytest
from explored import numbers, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from lessonkit.explorers.nonlinearity import smile as make
from lessonkit.explorers.style import COLOURS
from lessonkit.explorers.words import number


@pytest.fixture(scope="module")
def opened():
    return shown(make)


@pytest.fixture
def smile(opened):
    opened.set("units=4")
    return opened


def lines_of(axes, colour):
    """Return the lines of one colour."""
    return [line for line in axes.lines if to_hex(line.get_color()) == colour.lower()]


def wanted_smile(axes):
    """Return x and y of the smile that should be drawn."""
    (wanted,) = (line for line in axes.lines if len(line.get_xdata()) == 2001)
    return wanted.get_data()


def assert_picture_shows(explorer):
    """Assert that both mouths are the pieces of the facts, and the dot their error."""
    facts = explorer.facts
    face, errors, magnifier = explorer.picture.axes
    pieces = np.column_stack([facts.x, facts.y])
    for axes in (face, magnifier):
        (mouth,) = lines_of(axes, COLOURS["relu"])
        np.testing.assert_array_equal(mouth.get_xydata(), pieces)
        (joints,) = (line for line in axes.lines if line.get_marker() == "o")
        np.testing.assert_array_equal(joints.get_xydata(), pieces[1:-1])
    (dot,), (label,) = lines_of(errors, COLOURS["now"]), errors.texts
    assert dot.get_xydata().tolist() == [[facts.units, facts.error]]
    assert tuple(label.xy) == (facts.units, facts.error)
    assert label.get_text() == f"{number(facts.error)} %"


@pytest.mark.parametrize("units", range(41))
def test_the_mouth_touches_its_error_on_every_piece_and_the_caption_says_it(smile, units):
    smile.set(f"units={units}")
    assert_picture_shows(smile)
    facts = smile.facts
    # A line misses a parabola on an interval of length h by h² / 8 at least; here the parabola is
    # x², 1 high where it is 2 wide, and h = 2 / (units + 1).
    error = 100 / (2 * (units + 1) ** 2)
    assert (facts.units, facts.bends, len(facts.x)) == (units, units, units + 2)
    assert (facts.error, facts.error_of_line) == (pytest.approx(error), pytest.approx(50))

    wanted_x, wanted_y = wanted_smile(smile.picture.axes[0])
    height = np.ptp(wanted_y)
    np.testing.assert_allclose(wanted_y, height * wanted_x**2)
    x, y, miss = facts.x, facts.y, error / 100 * height
    np.testing.assert_allclose(y - height * x**2, -miss)  # below it at every joint and end
    middles = (x[1:] + x[:-1]) / 2
    np.testing.assert_allclose((y[1:] + y[:-1]) / 2 - height * middles**2, miss)

    said = numbers(smile.caption)
    assert said[:3] == [units, units, units + 1]
    assert said[3] == pytest.approx(error, abs=0.0051 if error > 1 else 0.00051)
    assert said[4:] == ([(units + 1) ** 2] if units else [])
    one = units == 1
    assert smile.caption.startswith(f"{units} ReLU unit{'s' * (not one)}, {units} bend")
    assert f"{units + 1} straight piece{'s' * (units > 0)}: the largest" in smile.caption


def test_magnifier_shows_the_framed_square_20_times_as_large(smile):
    face, _, magnifier = smile.picture.axes
    assert magnifier.get_title("left") == "20 times as large"
    (frame,) = (patch for patch in face.patches if type(patch).__name__ == "Rectangle")
    ends = magnifier.viewLim.get_points()
    np.testing.assert_allclose(ends, frame.get_bbox().get_points())
    small, large = face.transData.transform(ends), magnifier.transData.transform(ends)
    np.testing.assert_allclose(np.diff(large, axis=0), 20 * np.diff(small, axis=0), rtol=0.01)
    middle = ends.mean(axis=0)
    assert np.interp(middle[0], *wanted_smile(magnifier)) == pytest.approx(middle[1], abs=1e-6)


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
    axes = smile.picture.axes[1]
    (curve,) = (line for line in axes.lines if len(line.get_xdata()) == 41)
    assert list(curve.get_xdata()) == list(range(41))
    np.testing.assert_allclose(curve.get_ydata(), [50 / (n + 1) ** 2 for n in range(41)])
    assert axes.get_yscale() == "log"
    for units, label in {0: "50.0 %", 4: "2.00 %", 40: "0.030 %"}.items():
        smile.set(f"units={units}")
        assert smile.facts.error == curve.get_ydata()[units]
        assert axes.texts[0].get_text() == label
