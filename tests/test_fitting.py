"""fitting: against NumPy's and SciPy's least squares, exact fractions, and trees grown by hand."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial import Chebyshev
from scipy.special import eval_legendre

from lessonkit.fitting import (
    fit_polynomial,
    fit_tree,
    mean_squared_error,
    noisy_sine,
    sine,
    training_and_test_errors,
)

samples = st.builds(
    lambda seed, count: np.random.default_rng(seed).normal(size=(2, count)),
    st.integers(0, 10**6),
    st.integers(1, 40),
)


def columns(x, degree, low, high):
    """Return P_0 … P_degree at x, one per column, from SciPy."""
    u = 2 * (np.asarray(x, float) - low) / (high - low) - 1
    return np.stack([eval_legendre(k, u) for k in range(degree + 1)], axis=1)


# -- points and errors -----------------------------------------------------------------------------


def test_the_sine_is_one_wave():
    assert sine([0, 1 / 12, 0.25, 0.75]) == pytest.approx([0, 0.5, 1, -1])
    with warnings.catch_warnings(action="error"):
        assert np.isnan(sine([np.inf, -np.inf, np.nan])).all()


@given(st.integers(1, 200), st.floats(0, 3), st.integers(0, 10**9))
def test_noisy_sine_is_the_sine_plus_normal_errors(points, noise, seed):
    x, y = noisy_sine(points, noise, seed)
    assert x.shape == y.shape == (points,)
    if points > 1:
        assert (x[0], x[-1]) == (0, 1)
        np.testing.assert_allclose(np.diff(x), 1 / (points - 1))
    errors = np.random.default_rng(seed).normal(0, noise, points)
    np.testing.assert_allclose(y, np.sin(2 * np.pi * x) + errors, atol=1e-12)


def test_the_noise_is_the_standard_deviation():
    x, y = noisy_sine(20_000, 0.3, seed=5)
    assert np.std(y - np.sin(2 * np.pi * x)) == pytest.approx(0.3, rel=0.02)
    assert not np.array_equal(y, noisy_sine(20_000, 0.3, seed=6)[1])


@given(samples)
def test_mean_squared_error_by_a_loop(points):
    prediction, target = points
    total = sum((float(p) - float(t)) ** 2 for p, t in zip(prediction, target, strict=True))
    assert mean_squared_error(prediction, target) == pytest.approx(total / len(target))


def test_mean_squared_error_of_what_is_not_finite():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isnan(mean_squared_error([np.nan, 1], [0, 0]))
        assert mean_squared_error([1e200], [0]) == np.inf
    assert mean_squared_error(np.float32([1]), np.float32([0])).dtype == np.float32


def test_training_and_test_errors_by_hand():
    fits = [lambda x: np.full(len(x), 1.0), lambda x: 2.0 * np.asarray(x)]
    errors = training_and_test_errors(fits, ([0, 1], [1, 1]), ([2, 3, 4], [1, 2, 4]))
    np.testing.assert_allclose(errors, [[0, 1], [10 / 3, (9 + 16 + 16) / 3]])


# -- polynomials -----------------------------------------------------------------------------------


@given(samples, st.integers(0, 15))
def test_polynomial_is_numpys_least_squares(points, degree):
    x, y = np.sort(points[0]), points[1]
    if len(x) <= degree:
        return
    x = np.linspace(-1, 3, len(x)) + 0.3 * np.tanh(x) / len(x)  # apart, as if measured
    fit = fit_polynomial(x, y, degree)
    expected = Chebyshev.fit(x, y, degree, domain=(-2, 4))  # another basis, the same curves
    between = np.linspace(x[0], x[-1], 50)
    tolerance = 1e-7 * max(1, np.abs(expected(between)).max())
    np.testing.assert_allclose(fit(between), expected(between), rtol=0, atol=tolerance)


@given(samples, st.integers(0, 15), st.floats(1e-6, 1e4))
def test_ridge_solves_the_normal_equations(points, degree, ridge):
    x, y = points[0] % 1, points[1]
    fit = fit_polynomial(x, y, degree, ridge, domain=(0, 1))
    design = columns(x, degree, 0, 1)
    penalised = np.diag([0.0] + [ridge] * degree)
    gradient = design.T @ (design @ fit.coef - y) + penalised @ fit.coef
    np.testing.assert_allclose(gradient, 0, atol=1e-8 * (1 + np.abs(y).sum()))


def test_a_strong_ridge_leaves_the_mean():
    x, y = noisy_sine(30, 0.3, seed=1)
    np.testing.assert_allclose(fit_polynomial(x, y + 7, 9, ridge=1e12)(x), np.mean(y) + 7)


@pytest.mark.parametrize("count", [1, 2, 5, 10, 15])
def test_fewer_points_than_coefficients_give_the_least_norm(count):
    x, y = noisy_sine(count, 0.3, seed=count)
    fit = fit_polynomial(x, y, 15, domain=(0, 1))
    np.testing.assert_allclose(fit(x), y, atol=1e-9)
    expected = scipy.linalg.pinv(columns(x, 15, 0, 1)) @ y
    np.testing.assert_allclose(fit.coef, expected, atol=1e-7)


@pytest.mark.parametrize("count", [10, 16, 30, 200])
def test_degree_15_is_exact_to_many_digits(count):
    """A polynomial is fitted to points on itself; it and its values are exact fractions."""
    rng = np.random.default_rng(3)
    factors = [int(f) for f in rng.integers(-9, 10, min(count, 16))]
    x = [Fraction(i, count - 1) for i in range(count)]
    values = [sum(f * p**k for k, f in enumerate(factors)) for p in x]
    fit = fit_polynomial(np.array(x, float), np.array(values, float), len(factors) - 1)
    np.testing.assert_allclose(fit(np.array(x, float)), np.array(values, float), rtol=0, atol=1e-10)
    middle = Fraction(17, 29)
    expected = float(sum(f * middle**k for k, f in enumerate(factors)))
    assert fit(float(middle)) == pytest.approx(expected, abs=1e-9)


def test_degree_15_through_16_points_is_lagranges():
    x, y = noisy_sine(16, 0.3, seed=2)
    nodes, values = [Fraction(v) for v in x], [Fraction(v) for v in y]

    def lagrange(p):
        total = Fraction(0)
        for i, node in enumerate(nodes):
            others = nodes[:i] + nodes[i + 1 :]
            weight = Fraction(1)
            for other in others:
                weight *= (p - other) / (node - other)
            total += values[i] * weight
        return float(total)

    fit = fit_polynomial(x, y, 15)
    for p in (0.01, 0.3, 0.77, 0.99):
        assert fit(p) == pytest.approx(lagrange(Fraction(p)), abs=1e-8)


@given(samples, st.integers(0, 6), st.floats(-50, 50), st.floats(0.1, 10))
@settings(max_examples=50)
def test_shift_and_scale(points, degree, shift, scale):
    x, y = np.linspace(0, 1, len(points[0])), points[1]
    fit = fit_polynomial(x, y, degree, ridge=0.1)
    moved = fit_polynomial(scale * x + shift, y + shift, degree, ridge=0.1)
    np.testing.assert_allclose(moved(scale * x + shift), fit(x) + shift, atol=1e-8)


def test_all_points_at_one_x():
    fit = fit_polynomial([2, 2, 2], [1, 2, 6], 3)
    assert fit(2) == pytest.approx(3)


@pytest.mark.parametrize(
    ("x", "degree", "domain"),
    [
        ([-1e308, 1e308], 1, None),  # the width is ∞
        ([1, 2], 1, (-1e308, 1e308)),
        ([1e308, 1.7e308], 0, None),  # the sum of the ends is ∞
        ([0, 1e-308], 1, None),  # 1 / width is ∞
        ([1e17], 1, None),  # 1e17 ± 1 are one number
        ([1e300], 3, (0, 1)),  # (1e300)³ is ∞
    ],
)
def test_sizes_that_float64_cannot_hold_are_refused_without_a_warning(x, degree, domain):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=r"^x and domain must not be too wide.*; got x from "):
            fit_polynomial(x, np.arange(len(x)), degree, domain=domain)


@pytest.mark.parametrize("x", [[-8e307, 8e307], [0, 1e-300], [1, 1 + 2**-52], [1e300, 2e300]])
def test_sizes_that_float64_holds_are_fitted(x):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit = fit_polynomial(x, [1, 2], 1)
        np.testing.assert_allclose(fit(np.array(x)), [1, 2])


def test_beyond_the_domain_it_goes_on():
    fit = fit_polynomial([0, 1, 2], [0, 1, 4], 2, domain=(0, 2))
    assert fit(10) == pytest.approx(100)


# -- trees -----------------------------------------------------------------------------------------


def questions(tree):
    return 0 if tree.threshold is None else 1 + max(questions(tree.left), questions(tree.right))


def test_a_tree_grown_by_hand():
    # Squared errors of both sides: 0 | 0 1 6 8 44.75, 0 0 | 1 6 8 26, 0 0 1 | 6 8 2.67, else 24.75
    tree = fit_tree([5, 1, 2, 3, 4], [8, 0, 0, 1, 6], depth=2)
    assert tree.value == 3
    assert tree.threshold == 3.5
    assert (tree.left.value, tree.right.value) == (pytest.approx(1 / 3), 7)
    assert (tree.left.threshold, tree.right.threshold) == (2.5, 4.5)
    np.testing.assert_allclose(tree([0, 2.5, 2.6, 3.5, 4, 4.6, 99]), [0, 0, 1, 1, 6, 8, 8])
    assert tree(4) == 6
    assert tree([[1, 4], [3, 5]]).tolist() == [[0, 6], [1, 8]]


def test_depth_0_is_the_mean():
    np.testing.assert_allclose(fit_tree([1, 2, 3], [4, 5, 9], 0)([-1, 7]), 6)


def squared_errors(y):
    return sum((value - sum(y) / len(y)) ** 2 for value in y)


def grown_by_loops(points, depth):
    """Return a function like a tree, from loops over every cut; points: sorted (x, y)."""
    ys = [y for _, y in points]
    cuts = [i for i in range(1, len(points)) if points[i - 1][0] < points[i][0]]
    if depth == 0 or not cuts:
        return lambda x: sum(ys) / len(ys)
    cut = min(cuts, key=lambda i: squared_errors(ys[:i]) + squared_errors(ys[i:]))
    middle = (points[cut - 1][0] + points[cut][0]) / 2
    left, right = (grown_by_loops(side, depth - 1) for side in (points[:cut], points[cut:]))
    return lambda x: left(x) if x <= middle else right(x)


@given(samples, st.integers(0, 6))
@settings(max_examples=60, deadline=None)
def test_a_tree_is_that_of_plain_loops(points, depth):
    x, y = points
    tree = fit_tree(x, y, depth)
    by_loops = grown_by_loops(sorted(zip(x.tolist(), y.tolist(), strict=True)), depth)
    asked = np.concatenate([x, np.linspace(-3, 3, 20)])
    np.testing.assert_allclose(tree(asked), [by_loops(a) for a in asked], atol=1e-12)
    assert questions(tree) <= depth


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(-5, 5)), min_size=1, max_size=25))
def test_the_first_split_is_the_best_also_where_values_repeat(pairs):
    x, y = (np.array(column) for column in zip(*pairs, strict=True))
    tree = fit_tree(x, y, 1)
    fractions = [(p, Fraction(q)) for p, q in sorted(pairs)]
    ways = [squared_errors([q for _, q in fractions])]
    for threshold in sorted({p for p, _ in fractions})[:-1]:
        sides = (
            [q for p, q in fractions if p <= threshold],
            [q for p, q in fractions if p > threshold],
        )
        ways.append(sum(map(squared_errors, sides)))
    assert np.sum((tree(x) - y) ** 2) == pytest.approx(float(min(ways)), abs=1e-9)
    if min(ways) == ways[0]:
        assert tree.threshold is None, "a split that lowers nothing"


def test_rounding_is_no_reason_to_split():
    # Both sides have the mean 0.2; in floating point their sums differ by 2e-16.
    assert fit_tree([0, 0, 0, 1, 1, 1], [0.1, 0.2, 0.3, 0.3, 0.2, 0.1], 3).threshold is None


@given(samples)
@settings(max_examples=40)
def test_deeper_trees_err_less_on_what_they_saw_and_are_pruned_to_the_shallower(points):
    x, y = points
    deepest = fit_tree(x, y, 40)
    errors = [np.mean((fit_tree(x, y, depth)(x) - y) ** 2) for depth in range(8)]
    assert np.all(np.diff(errors) <= 1e-12)
    np.testing.assert_allclose(deepest(x), y, atol=1e-12)
    for depth in range(8):
        assert deepest.pruned(depth) == fit_tree(x, y, depth)


@pytest.mark.parametrize("value", [0.1, 0, -7e300, 1e-300])
def test_equal_values_are_not_split(value):
    assert fit_tree(np.arange(7), [value] * 7, 5).threshold is None


LARGEST = np.finfo(float).max


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1, 1e160, 1e300, LARGEST])
def test_no_size_of_the_values_overflows(scale):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree = fit_tree([1, 2, 3, 4], np.array([0, 0, 1, 1]) * scale, 3)
    assert tree([1, 4]).tolist() == [0, scale]
    assert tree.threshold == 2.5


@pytest.mark.parametrize("count", [1, 2, 3, 5, 11, 100, 1000])
@pytest.mark.parametrize("value", [LARGEST, -LARGEST, 1.7e308])
def test_the_mean_of_the_largest_values_is_finite(value, count):
    with np.errstate(all="raise"):
        assert fit_tree(np.arange(count), [value] * count, 3).value == pytest.approx(value, 1e-15)


@given(st.lists(st.floats(-LARGEST, LARGEST), min_size=1, max_size=20))
@settings(deadline=None)
def test_a_mean_fits_where_the_sum_does_not(y):
    exact = sum(map(Fraction, y)) / len(y)
    tolerance = 1e-15 * max(map(abs, y)) + 5e-324  # numbers of both signs may leave little
    with np.errstate(all="raise"):
        tree = fit_tree(np.arange(len(y)), y, 3)
    assert tree.value == pytest.approx(float(exact), rel=1e-15, abs=tolerance)
    assert np.isfinite(tree(np.arange(len(y)))).all()


@given(st.floats(-1e300, 1e300))
def test_neighbouring_numbers_are_told_apart(low):
    high = np.nextafter(low, np.inf)
    assert fit_tree([low, high], [0, 1], 1)([low, high]).tolist() == [0, 1]


def test_where_x_is_unknown_so_is_the_answer():
    assert np.isnan(fit_tree([1, 2], [3, 4], 1)(np.nan))
    assert fit_tree([1, 2], [3, 4], 1)([np.nan, np.inf, -np.inf]).tolist()[1:] == [4, 3]


# -- both ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fit", [lambda x, y: fit_polynomial(x, y, 3), lambda x, y: fit_tree(x, y, 3)]
)
def test_order_and_dtype_do_not_matter_and_nothing_is_changed(fit):
    x, y = np.float32([3, 1, 2, 5, 4]), np.array([1, 0, 1, 0, 2])
    kept = x.copy(), y.copy()
    order = np.argsort(x)
    np.testing.assert_allclose(fit(x, y)(x), fit(x[order].tolist(), y[order])(x), atol=1e-12)
    assert np.array_equal(x, kept[0])
    assert np.array_equal(y, kept[1])
    assert fit(x, y)(x).dtype == np.float64


WRONG_POINTS = [
    ([], [], ValueError, r"x must be \(points,\), one point or more; got \(0,\)"),
    ([[1, 2]], [[1, 2]], ValueError, r"x must be \(points,\), one point or more; got \(1, 2\)"),
    (1, 2, ValueError, r"x must be \(points,\), one point or more; got a single number$"),
    ([1, 2], [1], ValueError, r"y must have shape \(2,\), one number for each x; got \(1,\)"),
    ([1], 1, ValueError, r"y must have shape \(1,\), one number for each x; got a single number$"),
    ([1, np.nan], [1, 2], ValueError, r"x must be finite; got nan"),
    ([1, 2], [1, -np.inf], ValueError, r"y must be finite; got -inf"),
    (["a"], [1], TypeError, r"x must hold real numbers; got 'a'$"),
    ([1], [1j], TypeError, r"y must hold real numbers; got 1j$"),
]


@pytest.mark.parametrize(("x", "y", "kind", "words"), WRONG_POINTS)
@pytest.mark.parametrize("fit", [fit_polynomial, fit_tree])
def test_points_that_are_none(fit, x, y, kind, words):
    with pytest.raises(kind, match=words):
        fit(x, y, 1)


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: fit_polynomial([1], [1], -1), ValueError, "degree must be at least 0; got -1"),
        (
            lambda: fit_polynomial([1], [1], 1.5),
            TypeError,
            "degree must be a whole number; got 1.5",
        ),
        (
            lambda: fit_polynomial([1], [1], 1, -0.1),
            ValueError,
            "ridge must be at least 0; got -0.1",
        ),
        (lambda: fit_polynomial([1], [1], 1, np.nan), ValueError, "ridge must be one finite"),
        (
            lambda: fit_polynomial([1], [1], 1, domain=(2, 2)),
            ValueError,
            "domain must be two finite",
        ),
        (lambda: fit_polynomial([1], [1], 1, domain=3), ValueError, "domain must be two finite"),
        (lambda: fit_polynomial([1], [1], 1, domain=(0, np.inf)), ValueError, "smaller first; got"),
        (lambda: fit_tree([1], [1], -1), ValueError, "depth must be at least 0; got -1"),
        (lambda: fit_tree([1], [1], True), TypeError, "depth must be a whole number; got True"),
        (lambda: fit_tree([1], [1], 1).pruned(-1), ValueError, "depth must be at least 0; got -1"),
        (lambda: noisy_sine(0, 0.3, 1), ValueError, "points must be at least 1; got 0"),
        (lambda: noisy_sine(5, -1, 1), ValueError, "noise must be at least 0; got -1"),
        (lambda: noisy_sine(5, 0.3, -1), ValueError, "seed must be at least 0; got -1"),
        (lambda: noisy_sine(5, 0.3, None), TypeError, "seed must be a whole number; got None"),
        (lambda: mean_squared_error([1, 2], [1]), ValueError, r"got \(2,\) and \(1,\)"),
        (lambda: mean_squared_error([], []), ValueError, "not empty"),
        (lambda: mean_squared_error(1, [1]), ValueError, r"got a single number and \(1,\)$"),
        (
            lambda: training_and_test_errors(fit_tree([1], [1], 1), ([1], [1]), ([1], [1])),
            TypeError,
            r"^fits must be a list of fits, such as \[fit\]; got a single one$",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(call, kind, words):
    with pytest.raises(kind, match=words):
        call()
