"""One hidden layer: facts against networks that SciPy fits, on the photograph's own pixels."""

import functools
import math

import numpy as np
import pytest
from explored import numbers, shown
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from PIL import Image
from scipy.linalg import lstsq
from scipy.special import expit

from lessonkit.datasets import DATA
from lessonkit.explorers.nonlinearity import approximation as make
from lessonkit.explorers.style import COLOURS
from lessonkit.explorers.words import number

HIDDEN = {
    "ReLU": lambda x, n, k: np.where(n * x > k, 3 * (n * x - k), 0),
    "sigmoid": lambda x, n, k: expit(3 * (n * x - k - 0.5)),
    "tanh": lambda x, n, k: 1 - 2 * expit(-6 * (n * x - k - 0.5)),
}


@pytest.fixture(scope="module")
def opened():
    return shown(make)


@pytest.fixture
def approximation(opened):
    opened.set("target=smile activation=ReLU hidden_units=10")
    return opened


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
        return float(x > 0.5) if x != 0.5 else math.nan
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


def split(line):
    """Return the lines that a line with gaps stands for."""
    points = line.get_xydata()
    parts = np.split(points, np.flatnonzero(np.isnan(points[:, 1])))
    return [part[~np.isnan(part[:, 1])] for part in parts if len(part) > 1]


def assert_picture_shows(explorer):
    """Assert that curves, units, the largest miss and the errors are those of the facts."""
    facts, (curves, units_below, errors) = explorer.facts, explorer.picture.axes
    target, network, miss = curves.lines
    np.testing.assert_array_equal(target.get_data(), [facts.x, facts.target])
    np.testing.assert_array_equal(network.get_data(), [facts.x, facts.network])
    worst, (x, y) = facts.worst, miss.get_data()
    assert list(x) == [facts.x[worst]] * 2
    assert list(y) == [facts.target[worst], facts.network[worst]]
    assert miss.get_color() == COLOURS["now"]

    below = split(units_below.lines[-1])
    assert len(below) == facts.units
    for line, part in zip(below, facts.parts.T, strict=True):
        np.testing.assert_array_equal(line.T, [facts.x[::2], part[::2]])
    for line in (network, units_below.lines[-1]):
        assert to_hex(line.get_color()) == COLOURS[facts.activation].lower()

    (curve, dot), (label,) = errors.lines, errors.texts
    np.testing.assert_array_equal(curve.get_data(), [range(1, 101), facts.errors])
    assert dot.get_xydata().tolist() == [[facts.units, facts.error]]
    assert tuple(label.xy) == (facts.units, facts.error)
    assert label.get_text() == f"{number(facts.error)} %"


@given(
    st.sampled_from(["smile", "sine wave", "row of pixels", "step"]),
    st.sampled_from(list(HIDDEN)),
    st.integers(1, 100),
)
@example("sine wave", "ReLU", 100)
@example("row of pixels", "sigmoid", 100)
@example("step", "tanh", 1)
@example("smile", "ReLU", 7)
@example("sine wave", "ReLU", 7)
@example("row of pixels", "ReLU", 7)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_networks_and_their_captions(approximation, target, activation, units):
    approximation.set(f"'target={target}' activation={activation} hidden_units={units}")
    assert_picture_shows(approximation)
    facts = approximation.facts
    assert facts.x[500:503].tolist() == [np.nextafter(0.5, 0), 0.5, np.nextafter(0.5, 1)]
    np.testing.assert_allclose(np.delete(facts.x, [500, 502]), np.arange(1001) / 1000, atol=1e-15)
    heights = np.array([height_of(target, x) for x in facts.x])
    np.testing.assert_allclose(facts.target, heights, atol=1e-6)
    fit, parts = network_by_hand(target, activation, units, facts.x)
    np.testing.assert_allclose(facts.network, fit, atol=1e-6)
    np.testing.assert_allclose(facts.parts, parts, atol=1e-4)
    misses = 100 * np.abs(fit - heights) / (np.nanmax(heights) - np.nanmin(heights))
    error = np.nanmax(misses)
    assert facts.units == units
    assert facts.error == pytest.approx(error, rel=1e-4)
    assert misses[facts.worst] > 0.998 * error, "it is the largest that is marked"

    said = numbers(approximation.caption)
    assert said[:2] == [units, units + 1]
    assert said[2] == pytest.approx(error, rel=0.006, abs=0.00051)
    words = f"{units} hidden unit{'s' * (units > 1)} ({activation}), {units + 1} learned numbers: "
    assert approximation.caption.startswith(words)
    assert approximation.caption.endswith("at least half the jump.") == (target == "step")


@pytest.mark.parametrize("activation", HIDDEN)
def test_units_and_bias_add_up_to_the_network(approximation, activation):
    approximation.set(f"'target=sine wave' activation={activation} hidden_units=12")
    rest = approximation.facts.network - sum(approximation.facts.parts.T)
    np.testing.assert_allclose(rest, rest[0], atol=1e-9)  # the output bias, the same for every x


@pytest.mark.parametrize("activation", HIDDEN)
def test_no_number_of_units_bridges_a_step(approximation, activation):
    approximation.set(f"target=step activation={activation}")
    for units in range(1, 101):
        approximation.set(f"hidden_units={units}")
        assert "the largest error is 50.0 % of the target's height." in approximation.caption
    facts = approximation.facts
    assert min(facts.errors) >= 50 - 1e-9
    (gap,) = np.flatnonzero(np.isnan(facts.target))
    assert facts.x[gap] == 0.5
    assert np.ptp(facts.x[gap - 1 : gap + 2]) < 1e-15
    assert facts.target[gap - 1 : gap + 2 : 2].tolist() == [0, 1]
    assert facts.x[facts.worst] == pytest.approx(0.5)
    assert abs(facts.network[facts.worst] - facts.target[facts.worst]) >= 0.5 - 1e-9


def test_errors_against_units(approximation):
    approximation.set("'target=sine wave' activation=tanh")
    axes, errors = approximation.picture.axes[2], approximation.facts.errors
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    for units in range(1, 101, 9):
        approximation.set(f"hidden_units={units}")
        facts = approximation.facts
        largest = 100 * np.abs(facts.network - facts.target).max() / np.ptp(facts.target)
        assert facts.error == errors[units - 1] == pytest.approx(largest)
        said = axes.texts[0].get_text()
        assert f"largest error is {said} of the target" in approximation.caption


def test_twice_the_units_leave_a_quarter_of_the_error(approximation):
    errors = []
    for units in (10, 20, 40, 80):
        approximation.set(f"hidden_units={units}")
        errors.append(approximation.facts.error)
    np.testing.assert_allclose(np.divide(errors[:-1], errors[1:]), 4, rtol=0.05)
