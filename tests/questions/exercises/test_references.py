"""The references against plain loops, SciPy, numbers worked by hand and finite differences."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from questions.exercises.test_exercises import backward_with_loops, pooled_with_loops
from scipy import special

from lessonkit.fitting import noisy_sine
from lessonkit.questions import EXERCISES

RNG = np.random.default_rng(0)


def reference(name, *arguments):
    return EXERCISES[name].reference(*arguments)


NUMBERS = st.floats(-100, 100)


@given(arrays(float, array_shapes(max_dims=1), elements=NUMBERS))
def test_relu_and_its_slope(x):
    assert reference("relu", x).tolist() == [v if v > 0 else 0 for v in x]
    assert reference("relu_slope", x).tolist() == [1 if v > 0 else 0 for v in x]


@given(arrays(float, array_shapes(min_dims=2, max_dims=2), elements=st.floats(-700, 700)))
def test_softmax(z):
    np.testing.assert_allclose(reference("softmax", z), special.softmax(z, axis=1), atol=1e-15)


@given(st.integers(1, 40), st.integers(1, 10), st.integers(1, 10))
def test_output_size(length, kernel_size, stride):
    fits = [start for start in range(0, length, stride) if start + kernel_size <= length]
    if length >= kernel_size:
        assert reference("output_size", length, kernel_size, stride) == len(fits)


@given(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3), st.integers(0, 2**32))
def test_max_pool_and_the_way_back(rows, columns, kernel_size, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 4, (rows * kernel_size, columns * kernel_size)).astype(float)
    g = rng.standard_normal((rows, columns))
    assert reference("max_pool", x, kernel_size).tolist() == pooled_with_loops(x, kernel_size)
    assert np.array_equal(
        reference("max_pool_backward", g, x, kernel_size), backward_with_loops(g, x, kernel_size)
    )


def differences(function, x, step=1e-6):
    """Return the gradient of function at x, by nudging each number."""
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[place] = step
        gradient[place] = (function(x + nudge) - function(x - nudge)) / (2 * step)
    return gradient


def test_backward_is_the_derivative():
    x, g = RNG.standard_normal((4, 6)), RNG.standard_normal((2, 3))

    def mean_loss(x):
        windows = {(i, j): x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] for i, j in np.ndindex(g.shape)}
        return sum(g[place] * window.mean() for place, window in windows.items())

    def max_loss(x):
        return np.sum(g * pooled_with_loops(x, 2))

    close = {"atol": 1e-8}
    np.testing.assert_allclose(
        reference("mean_pool_backward", g, x, 2), differences(mean_loss, x), **close
    )
    np.testing.assert_allclose(
        reference("max_pool_backward", g, x, 2), differences(max_loss, x), **close
    )


def test_cross_entropy_gradient_is_the_derivative():
    z, labels = RNG.standard_normal((4, 3)), np.array([0, 2, 1, 2])

    def loss(z):
        return -special.log_softmax(z, axis=1)[np.arange(4), labels].mean()

    gradient = reference("cross_entropy_gradient", z, labels)
    np.testing.assert_allclose(gradient, differences(loss, z), atol=1e-8)


def test_the_other_references_by_hand():
    assert reference("fc6_parameters") == 102_764_544  # as in Simonyan and Zisserman's network
    assert [reference("map_size", side) for side in (28, 32, 16)] == [4, 5, 1]
    assert reference("accuracy", np.array([[1, 2], [4, 3], [0, 1]]), np.array([1, 1, 1])) == 2 / 3
    assert reference("mean_squared_error", [1, 2, 3], [1, 2, 5]) == pytest.approx(4 / 3)
    x = np.array([-2, -1, -0.5, 0, 0.25, 1, 7])
    assert reference("bump", x).tolist() == [0, 0, 0.5, 1, 0.75, 0, 0]


def test_one_layer_does_what_two_do():
    w2, b2, w1, b1 = (RNG.standard_normal(shape) for shape in ((2, 3), 2, (3, 4), 3))
    weight, bias = reference("one_layer", w2, b2, w1, b1)
    x = RNG.standard_normal(4)
    np.testing.assert_allclose(weight @ x + bias, w2 @ (w1 @ x + b1) + b2)


def test_dropout_keeps_the_mean():
    dropped = reference("dropout", np.ones(100_000), 0.3, np.random.default_rng(1))
    assert set(dropped) == {0, 1 / 0.7}
    assert dropped.mean() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("name", ["choose_degree"])
def test_choices_are_clear(name):
    """Rounding never decides which degree is best, neither on new points nor on the fitted ones."""
    for x, y, new_x, new_y in EXERCISES[name].cases:
        curves = [np.polynomial.Polynomial.fit(x, y, degree) for degree in range(16)]
        errors = sorted(((curve(new_x) - new_y) ** 2).mean() for curve in curves)
        seen = sorted(((curve(x) - y) ** 2).mean() for curve in curves)
        if y.any():
            assert errors[1] > 1.005 * errors[0]
            assert seen[1] > 1.00001 * seen[0]
        else:  # they are equal to the last digit, and the lowest degree is right
            assert errors[0] == errors[-1]
            assert seen[0] == seen[-1] == 0


def test_whoever_chose_a_degree_is_told_its_error_on_points_that_chose_nothing():
    """The root of the mean squared error on 1,000 points that no case has."""
    exercise = EXERCISES["choose_degree"]
    x, y, new_x, new_y = exercise.cases[exercise.situations.index("16 points near a wave")]
    curves = [np.polynomial.Polynomial.fit(x, y, degree) for degree in range(16)]
    best = min(range(16), key=lambda degree: ((curves[degree](new_x) - new_y) ** 2).mean())
    test_x, test_y = noisy_sine(1000, 0.3, seed=2026)
    assert not any(
        np.isin(test_y, case[place]).any() for case in exercise.cases for place in (1, 3)
    )
    off = math.sqrt(((curves[best](test_x) - test_y) ** 2).mean())
    assert exercise.check(exercise.reference).message.endswith(
        f" Now the test set is opened, once: degree {best}, chosen on 100 validation points of the "
        f"wave above, is typically off by {off:.3f} there."
    )
