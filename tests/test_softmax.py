"""Softmax and the losses against high-precision decimals, fractions, SciPy and differences."""

import decimal
import math
import re
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal

from lessonkit.activations import sigmoid
from lessonkit.softmax import (
    cross_entropy,
    cross_entropy_gradient,
    hinge_loss,
    hinge_loss_gradient,
    log_softmax,
    softmax,
)

LOSSES = [cross_entropy, hinge_loss]
GRADIENTS = [cross_entropy_gradient, hinge_loss_gradient]
INF, NAN, MAX = math.inf, math.nan, np.finfo(float).max
float_types = pytest.mark.parametrize("dtype", [np.float32, np.float64])
losses_and_gradients = pytest.mark.parametrize("function", LOSSES + GRADIENTS)
some = settings(max_examples=40, deadline=None)


def strictly(function, *args, **kwargs):
    """Call function where whatever would warn raises."""
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        return function(*args, **kwargs)


# -- independent oracles: plain loops over exact numbers ----------------------------------------

DIGITS = decimal.Context(prec=340, traps=[])  # ln(1 + 1e-308) keeps some of them


def textbook_probabilities(row, temperature=1.0):
    """Return (probabilities, their logarithms) of one row of scores, as decimals."""
    scaled = [Decimal(float(score)) / Decimal(float(temperature)) for score in row]
    highest = max(scaled)
    exponentials = [(score - highest).exp() for score in scaled]
    total = sum(exponentials)
    logarithm = total.ln()
    return (
        [each / total for each in exponentials],
        [score - highest - logarithm for score in scaled],
    )


def textbook_softmax(rows, temperature=1.0):
    with decimal.localcontext(DIGITS):
        return [[float(p) for p in textbook_probabilities(row, temperature)[0]] for row in rows]


def textbook_log_softmax(rows, temperature=1.0):
    with decimal.localcontext(DIGITS):
        return [[float(p) for p in textbook_probabilities(row, temperature)[1]] for row in rows]


def textbook_cross_entropy(rows, labels):
    with decimal.localcontext(DIGITS):
        losses = [
            -textbook_probabilities(row)[1][label] for row, label in zip(rows, labels, strict=True)
        ]
        return float(sum(losses) / len(losses))


def textbook_cross_entropy_gradient(rows, labels):
    probabilities = textbook_softmax(rows)
    for row, label in zip(probabilities, labels, strict=True):
        row[label] -= 1
    return [[p / len(rows) for p in row] for row in probabilities]


def textbook_hinge_loss(rows, labels, margin=1.0):
    total = Fraction(0)
    for row, label in zip(rows, labels, strict=True):
        for wrong, score in enumerate(row):
            if wrong != label:
                gap = Fraction(float(score)) - Fraction(float(row[label]))
                total += max(Fraction(0), Fraction(float(margin)) + gap)
    try:
        return float(total / len(rows))
    except OverflowError:
        return INF


def textbook_hinge_loss_gradient(rows, labels, margin=1.0):
    gradient = [[0.0] * len(row) for row in rows]
    for row, label, slopes in zip(rows, labels, gradient, strict=True):
        for wrong, score in enumerate(row):
            gap = Fraction(float(score)) - Fraction(float(row[label]))
            if wrong != label and gap + Fraction(float(margin)) > 0:
                slopes[wrong] += 1 / len(rows)
                slopes[label] -= 1 / len(rows)
    return gradient


ORACLE = {
    cross_entropy: textbook_cross_entropy,
    cross_entropy_gradient: textbook_cross_entropy_gradient,
    hinge_loss: textbook_hinge_loss,
    hinge_loss_gradient: textbook_hinge_loss_gradient,
}


def scores(dtype=float):
    """Strategy: an array (N, K) of scores, at times ordinary ones, at times anything finite."""
    width = np.finfo(dtype).bits
    ordinary = st.floats(-30, 30, width=width)
    finite = st.floats(allow_nan=False, allow_infinity=False, width=width)
    shapes = hnp.array_shapes(min_dims=2, max_dims=2, max_side=3)
    return st.one_of(hnp.arrays(dtype, shapes, elements=each) for each in (ordinary, finite))


def labels_for(data, z):
    return data.draw(hnp.arrays(int, len(z), elements=st.integers(0, z.shape[1] - 1)))


# -- known numbers ------------------------------------------------------------------------------


def test_the_chapter_s_scores():
    assert_array_equal(softmax([4, 1, -2]).round(4), [0.9503, 0.0473, 0.0024])
    assert cross_entropy([[4, 1, -2]], [0]) == pytest.approx(math.log(1 + math.e**-3 + math.e**-6))
    assert hinge_loss([[4, 1, -2]], [0]) == 0


def test_numbers_worked_by_hand():
    ln = math.log
    assert_allclose(softmax([ln(1), ln(2), ln(5)]), [1 / 8, 2 / 8, 5 / 8])
    assert_allclose(softmax([ln(1), ln(4)], temperature=2), [1 / 3, 2 / 3])
    assert_allclose(softmax([7, 7, 7, 7]), [1 / 4] * 4)
    assert_allclose(log_softmax([ln(1), ln(2), ln(5)]), [-ln(8), -ln(4), -ln(1.6)])
    z, labels = [[ln(1), ln(3)], [ln(1), ln(1)]], [0, 1]
    assert cross_entropy(z, labels) == pytest.approx((ln(4) + ln(2)) / 2)
    assert_allclose(cross_entropy_gradient(z, labels), [[-3 / 8, 3 / 8], [1 / 4, -1 / 4]])
    z, labels = [[1, 1.5, 3], [2, 0, 1.5]], [1, 0]
    assert hinge_loss(z, labels) == (0.5 + 2.5 + 0.5) / 2
    assert hinge_loss(z, labels, margin=0) == 1.5 / 2
    assert_array_equal(hinge_loss_gradient(z, labels), [[0.5, -1, 0.5], [-0.5, 0, 0.5]])
    assert_array_equal(hinge_loss_gradient(z, labels, margin=0), [[0, -0.5, 0.5], [0, 0, 0]])


def test_on_the_margin_the_hinge_loss_has_no_slope():
    assert_array_equal(hinge_loss_gradient([[2, 1], [0, 1]], [0, 0]), [[0, 0], [-0.5, 0.5]])
    assert not np.signbit(hinge_loss_gradient([[4.0, 1.0]], [0])).any()  # no "-0." to puzzle over


def test_a_loss_of_zero_has_no_sign():
    assert not np.signbit(cross_entropy([[1000, 0]], [0]))


# -- ordinary and extreme scores ----------------------------------------------------------------


@float_types
@some
@given(data=st.data())
def test_softmax_is_the_textbook_s(dtype, data):
    z = data.draw(scores(dtype))
    limits = np.finfo(dtype)
    got = strictly(softmax, z)
    assert got.dtype == dtype
    assert_allclose(got, textbook_softmax(z), rtol=2e2 * limits.eps, atol=limits.tiny)
    got = strictly(log_softmax, z)
    assert got.dtype == dtype
    with np.errstate(over="ignore"):
        expected = np.array(textbook_log_softmax(z)).astype(dtype)
    assert_allclose(got, expected, rtol=1e2 * limits.eps, atol=limits.tiny)


@some
@given(z=scores(), temperature=st.floats(1e-300, MAX))
def test_temperature_divides_the_scores(z, temperature):
    got = strictly(softmax, z, temperature=temperature)
    assert_allclose(got, textbook_softmax(z, temperature), rtol=1e-12, atol=1e-300)
    got = strictly(log_softmax, z, temperature=temperature)
    assert_allclose(got, textbook_log_softmax(z, temperature), rtol=1e-13, atol=1e-300)


def test_a_difference_that_overflows():
    assert_array_equal(strictly(softmax, [1e308, -1e308]), [1, 0])
    assert_array_equal(strictly(log_softmax, [1e308, -1e308]), [0, -INF])
    assert_array_equal(strictly(log_softmax, [5e307, -1e308]), [0, -1.5e308])
    assert_array_equal(strictly(log_softmax, [MAX, -MAX], temperature=2), [0, -MAX])
    assert_allclose(strictly(softmax, [MAX, -MAX], temperature=MAX), softmax([1, -1]))
    assert_array_equal(strictly(softmax, np.float32([3e38, -3e38])), [1, 0])
    assert_array_equal(strictly(softmax, [1000, 1000, 0]), [0.5, 0.5, 0])
    assert_array_equal(strictly(softmax, [-1000, -1000]), [0.5, 0.5])


@pytest.mark.parametrize("lead", [30, 37, 100, 700])
def test_a_sure_answer_still_costs_something(lead):
    assert cross_entropy([[lead, 0]], [0]) == pytest.approx(math.exp(-lead), rel=1e-12)


@losses_and_gradients
@float_types
@some
@given(data=st.data())
def test_losses_are_the_textbook_s(function, dtype, data):
    z = data.draw(scores(dtype))
    labels = labels_for(data, z)
    got, before = strictly(function, z, labels), z.copy()
    assert got.dtype == dtype
    assert got.shape == (() if function in LOSSES else z.shape)
    assert_array_equal(z, before)
    expected = np.array(ORACLE[function](z, labels))
    limits = np.finfo(dtype)
    if function is hinge_loss_gradient:
        # a score may be so near to the margin that rounding decides
        gaps = z.astype(np.longdouble) - z[np.arange(len(z)), labels, np.newaxis] + 1
        if (np.abs(gaps) < 1e-5 * (1 + np.abs(z).max())).any():
            return
    if not np.all(np.abs(expected) <= 0.4 * limits.max):
        return  # one sample's loss alone may not fit: see below
    assert_allclose(got, expected, rtol=2e2 * limits.eps, atol=1e2 * limits.eps)


def test_losses_fit_where_their_sum_does_not():
    z = [[0, 1.5e308]] * 4
    assert strictly(cross_entropy, z, [0] * 4) == pytest.approx(1.5e308)
    assert strictly(hinge_loss, z, [0] * 4) == pytest.approx(1.5e308)
    z = np.array([[0, 3e38]] * 4, np.float32)
    for loss in LOSSES:
        assert strictly(loss, z, [0] * 4) == pytest.approx(3e38)
        assert loss(z, [0] * 4).dtype == np.float32


@some
@given(data=st.data(), margin=st.floats(0, 10))
def test_the_hinge_loss_uses_its_margin(data, margin):
    z = data.draw(hnp.arrays(float, (3, 4), elements=st.integers(-20, 20).map(lambda n: n / 4)))
    labels, margin = labels_for(data, z), round(margin * 4) / 4  # quarters are exact
    assert hinge_loss(z, labels, margin) == pytest.approx(textbook_hinge_loss(z, labels, margin))
    got = hinge_loss_gradient(z, labels, margin=margin)
    assert_allclose(got, textbook_hinge_loss_gradient(z, labels, margin), atol=1e-15)


@pytest.mark.parametrize(("loss", "gradient"), [*zip(LOSSES, GRADIENTS, strict=True)])
@some
@given(data=st.data())
def test_gradients_are_the_slopes_of_their_losses(loss, gradient, data):
    z = data.draw(hnp.arrays(float, (2, 3), elements=st.integers(-20, 20).map(lambda n: n / 7)))
    labels, h = labels_for(data, z), 1e-6
    if loss is hinge_loss:
        z[:, 1] += 0.01
        z[:, 2] += 0.03  # away from the margin, where there are two slopes
    for place in np.ndindex(z.shape):
        up, down = z.copy(), z.copy()
        up[place] += h
        down[place] -= h
        difference = (loss(up, labels) - loss(down, labels)) / (2 * h)
        assert gradient(z, labels)[place] == pytest.approx(difference, abs=1e-7)


# -- relations ----------------------------------------------------------------------------------

tensors = hnp.arrays(float, hnp.array_shapes(max_dims=4, max_side=4), elements=st.floats(-99, 99))


@some
@given(z=tensors, data=st.data())
def test_any_axis_as_scipy_does(z, data):
    axis = data.draw(st.integers(-z.ndim, z.ndim - 1))
    got = softmax(z, axis=axis)
    assert_allclose(got, scipy.special.softmax(z, axis=axis), rtol=1e-12)
    assert_allclose(got.sum(axis=axis), 1, rtol=1e-14)
    got = log_softmax(z, axis=axis)
    assert_allclose(got, scipy.special.log_softmax(z, axis=axis), rtol=1e-12, atol=1e-15)
    logsumexp = scipy.special.logsumexp(z, axis=axis, keepdims=True)
    assert_allclose(got, z - logsumexp, atol=1e-12)


@given(z=st.floats(-700, 700))
def test_with_two_scores_softmax_is_the_sigmoid(z):
    assert softmax([z, 0])[0] == pytest.approx(sigmoid(z), rel=1e-14, abs=1e-300)


@some
@given(z=tensors, shift=st.floats(-1e3, 1e3))
def test_a_number_added_to_all_scores_changes_nothing(z, shift):
    assert_allclose(softmax(z + shift), softmax(z), rtol=1e-10)


def test_a_small_gap_between_large_scores_keeps_its_digits():
    lower, higher = log_softmax([1e16, 1e16 + 2], temperature=3)
    assert higher - lower == pytest.approx(2 / 3, rel=1e-14)


def test_temperature_flattens_and_sharpens():
    assert_allclose(softmax([4, 1, -2], temperature=2), softmax([2, 0.5, -1]))
    assert_allclose(softmax([4, 1, -2], temperature=1e9), [1 / 3] * 3, rtol=1e-8)
    assert_array_equal(softmax([4, 1, -2], temperature=1e-9), [1, 0, 0])


# -- infinities and NaN -------------------------------------------------------------------------


@float_types
def test_infinite_scores_give_the_limit(dtype):
    most = np.finfo(dtype).max
    z = np.array([[INF, 1, -2], [INF, 0, INF], [-INF, 0, 0], [INF, -INF, most]], dtype)
    expected = [[1, 0, 0], [0.5, 0, 0.5], [0, 0.5, 0.5], [1, 0, 0]]
    assert_allclose(strictly(softmax, z), expected)
    half = -math.log(2)
    logarithms = [[0, -INF, -INF], [half, -INF, half], [-INF, half, half], [0, -INF, -INF]]
    assert_allclose(strictly(log_softmax, z), logarithms, rtol=1e-6)
    assert_allclose(strictly(softmax, z, temperature=3), expected)
    assert_allclose(strictly(softmax, z.T, axis=0), np.transpose(expected))


def test_nan_and_minus_infinity_alone_give_nan():
    z = np.array([[NAN, 1], [-INF, -INF], [NAN, INF], [1, 1], [INF, 1]])
    for function in (softmax, log_softmax):
        assert_array_equal(np.isnan(strictly(function, z)), [[True] * 2] * 3 + [[False] * 2] * 2)
        assert np.isnan(strictly(function, [[NAN], [-INF]])).all()


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_of_infinite_scores(loss):
    assert strictly(loss, [[INF, 0], [0, -INF]], [0, 0]) == 0
    assert strictly(loss, [[INF, 0], [0, 0]], [1, 0]) == INF
    assert strictly(loss, [[0, -INF], [0, 0]], [1, 0]) == INF
    assert np.isnan(strictly(loss, [[NAN, 0], [0, 0]], [0, 0]))
    assert np.isnan(strictly(loss, [[0, NAN], [0, 0]], [0, 0]))


@pytest.mark.parametrize("gradient", GRADIENTS)
def test_gradients_of_infinite_scores(gradient):
    assert_array_equal(strictly(gradient, [[INF, 0], [INF, 0]], [0, 1]), [[0, 0], [0.5, -0.5]])
    assert np.isnan(strictly(gradient, [[NAN, 0]], [0])).all()
    assert np.isnan(strictly(gradient, [[0, NAN]], [0])).all()


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("count", [2, 32, 33, 100])
def test_few_scores_and_many_are_treated_alike(count, axis):
    rows = np.random.default_rng(0).normal(0, 3, (3, count))
    powers = [[math.exp(score) for score in row] for row in rows]
    expected = np.array([[p / math.fsum(row) for p in row] for row in powers])
    z = rows.T if axis == 0 else rows
    expected = expected.T if axis == 0 else expected
    assert_allclose(softmax(z, axis), expected, rtol=1e-13)
    assert_allclose(log_softmax(z, axis), np.log(expected), rtol=1e-12)


# -- shapes, dtypes and errors ------------------------------------------------------------------

DTYPES = [(np.float16,) * 2, (np.float32,) * 2, (np.float64,) * 2, (np.longdouble,) * 2]
DTYPES += [(other, np.float64) for other in (bool, np.int8, np.int64, np.uint8)]


@pytest.mark.parametrize(("given_type", "expected"), DTYPES)
@pytest.mark.parametrize("number", [1, 2.0, np.float64(0.5), np.array(3.0)])
def test_floats_keep_their_dtype_and_whole_numbers_become_float64(given_type, expected, number):
    z = np.array([[1, 0, 1], [0, 0, 1]], given_type)
    assert softmax(z, temperature=number).dtype == expected
    assert log_softmax(z, temperature=number).dtype == expected
    for function in LOSSES + GRADIENTS:
        assert function(z, [0, 2]).dtype == expected
    for function in (hinge_loss, hinge_loss_gradient):
        assert function(z, [0, 2], margin=number).dtype == expected


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_softmax_leaves_its_input_and_takes_lists_views_and_no_rows(function):
    z = np.random.default_rng(0).normal(size=(4, 6))
    z.flags.writeable = False
    assert_allclose(function(z.tolist()), function(z))
    assert_allclose(function(z[::2, ::-1]), function(z[::2])[:, ::-1])
    assert function(np.ones((0, 3))).shape == (0, 3)
    assert function([5.0]).shape == (1,)


@pytest.mark.parametrize("function", [softmax, log_softmax])
def test_softmax_refuses_what_makes_no_sense(function):
    for z in (1j, "a", [None], [[1, 2], [3]]):
        with pytest.raises(TypeError, match=r"^z must"):
            function(z)
    with pytest.raises(ValueError, match=r"^z must have at least one axis; got a single number"):
        function(3.0)
    with pytest.raises(ValueError, match=r"^z must hold a score along axis 1; got shape \(3, 0\)"):
        function(np.ones((3, 0)), axis=1)
    with pytest.raises(ValueError, match=r"^axis must be at most 1; got 2"):
        function(np.ones((2, 3)), axis=2)
    with pytest.raises(ValueError, match=r"^axis must be at least -2; got -3"):
        function(np.ones((2, 3)), axis=-3)
    for axis in (0.0, "0", None, True, (0, 1)):
        with pytest.raises(TypeError, match=r"^axis must be a whole number; got"):
            function(np.ones((2, 3)), axis=axis)
    for temperature in (0, -1, INF, NAN, [1, 2]):
        with pytest.raises(ValueError, match=r"^temperature must .*; got"):
            function([1, 2], temperature=temperature)
    with pytest.raises(ValueError, match=r"^temperature must .*float32.*; got 1e-300"):
        function(np.float32([1, 2]), temperature=1e-300)
    for temperature in ("1", None, 1j):
        with pytest.raises(TypeError, match=r"^temperature must"):
            function([1, 2], temperature=temperature)


@losses_and_gradients
def test_losses_refuse_what_makes_no_sense(function):
    z = [[4, 1, -2], [0, 1, 2]]
    for wrong in ([[1j, 2]], "a", [[1, 2], [3]]):
        with pytest.raises(TypeError, match=r"^z must"):
            function(wrong, [0])
    for wrong in ([4, 1, -2], 3.0, np.ones((0, 3)), np.ones((3, 0)), np.ones((1, 1, 1))):
        with pytest.raises(ValueError, match=r"^z must have shape \(samples, classes\).*; got"):
            function(wrong, [0])
    words = r"^z must have shape \(samples, classes\), neither 0; got a single number$"
    with pytest.raises(ValueError, match=words):
        function(3.0, [0])
    for labels in ([0], [0, 1, 2], 0, [[0, 1]], []):
        got = re.escape(str(np.shape(labels) or "a single number"))
        words = rf"^labels must have shape \(2,\), one label for each row of z; got {got}$"
        with pytest.raises(ValueError, match=words):
            function(z, labels)
    for labels in ([0.0, 1.0], [True, False], ["a", "b"], [None, 1]):
        with pytest.raises(TypeError, match=r"^labels must"):
            function(z, labels)
    for labels, wrong in (([0, 3], 3), ([-1, 0], -1), (np.uint8([0, 255]), 255)):
        with pytest.raises(ValueError, match=rf"^labels must lie in 0 … 2; got {wrong}$"):
            function(z, labels)


@pytest.mark.parametrize("function", [hinge_loss, hinge_loss_gradient])
def test_a_margin_is_one_finite_number_of_at_least_zero(function):
    for margin in (-0.5, INF, NAN, [1, 2]):
        with pytest.raises(ValueError, match=r"^margin must .*; got"):
            function([[1, 2]], [0], margin=margin)
    with pytest.raises(TypeError, match=r"^margin must"):
        function([[1, 2]], [0], margin="1")


@losses_and_gradients
@pytest.mark.parametrize("label_type", [np.int8, np.uint8, np.int32, np.uint64])
def test_labels_of_every_whole_type(function, label_type):
    z = np.random.default_rng(0).normal(size=(3, 200))
    z.flags.writeable = False
    labels = [0, 5, 100]
    assert_array_equal(function(z, np.array(labels, label_type)), function(z, labels))


@losses_and_gradients
def test_one_class_costs_nothing(function):
    assert_array_equal(function([[3.0], [INF]], [0, 0]), 0 if function in LOSSES else [[0], [0]])


def test_losses_of_many_float16_scores():
    z = np.zeros((4096, 2), np.float16)
    z[:, 1] = 1
    labels = np.arange(4096) % 2
    for loss in (cross_entropy, hinge_loss):
        assert loss(z, labels).dtype == np.float16
        np.testing.assert_allclose(loss(z, labels), loss(z.astype(float), labels), rtol=1e-3)
    many = np.zeros(70_000, np.float16)
    assert (softmax(many) == np.float16(1 / 70_000)).all()
    np.testing.assert_allclose(log_softmax(many), -np.log(70_000), rtol=1e-3)
    assert softmax(many).dtype == np.float16
