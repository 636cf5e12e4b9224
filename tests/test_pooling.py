"""Pooling against its definition, written out window by window in plain Python."""

import itertools
import math
import warnings

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lessonkit import pooling
from lessonkit.network import Pool
from lessonkit.pooling import output_shape, pool, pool_backward, unpool

STATISTICS = ["max", "mean", "sum", "l2"]
TIES = ["first", "split", "all"]


# The definition.


def windows_along(length, size, stride, padding, ceil_mode):
    """The pixels of each window along one axis, those outside the input left out."""
    windows = []
    for start in itertools.count(-padding, stride):
        fits = start + size <= length + padding
        one_before_fits_with_room = start - stride + size < length + padding
        if not (fits or (ceil_mode and one_before_fits_with_room and start < length)):
            return windows
        windows.append([i for i in range(start, start + size) if 0 <= i < length])


def windows_of(shape, kernel, stride, padding, ceil_mode):
    """For each window, in order, the coordinates of its pixels, row by row."""
    lengths = shape[len(shape) - len(kernel) :]
    along = [
        windows_along(*numbers, ceil_mode)
        for numbers in zip(lengths, kernel, stride, padding, strict=True)
    ]
    batch = itertools.product(*(range(n) for n in shape[: len(shape) - len(kernel)]))
    for index in batch:
        for window in itertools.product(*along):
            yield [index + place for place in itertools.product(*window)]


def statistic_of(pixels, statistic):
    if statistic == "max":
        return max(pixels)
    if statistic == "l2":
        return math.hypot(*pixels)
    return math.fsum(pixels) / (len(pixels) if statistic == "mean" else 1)


def pool_by_hand(x, kernel, stride, padding, ceil_mode, statistic):
    return [
        statistic_of([float(x[i]) for i in window], statistic)
        for window in windows_of(x.shape, kernel, stride, padding, ceil_mode)
    ]


def shares_by_hand(pixels, statistic, ties):
    """How much of its gradient a window hands to each of its pixels."""
    if statistic == "sum":
        return [1] * len(pixels)
    if statistic == "mean":
        return [1 / len(pixels)] * len(pixels)
    if statistic == "l2":
        norm = math.hypot(*pixels)
        return [x / norm if norm else 0 for x in pixels]
    tied = [i for i, x in enumerate(pixels) if x == max(pixels)]
    if ties == "first":
        tied = tied[:1]
    share = 1 / len(tied) if ties == "split" else 1
    return [share if i in tied else 0 for i in range(len(pixels))]


def backward_by_hand(grad, x, kernel, stride, padding, ceil_mode, statistic, ties):
    grad_x = np.zeros(x.shape)
    windows = windows_of(x.shape, kernel, stride, padding, ceil_mode)
    for g, window in zip(grad.ravel(), windows, strict=True):
        shares = shares_by_hand([float(x[i]) for i in window], statistic, ties)
        for i, share in zip(window, shares, strict=True):
            grad_x[i] += g * share
    return grad_x


@st.composite
def geometries(draw):
    """A shape with pool's numbers for it: 1 to 3 pooled axes, different for each axis."""
    pooled = draw(st.integers(1, 3))
    batch = draw(st.lists(st.integers(0, 2), max_size=2))
    lengths = draw(st.lists(st.integers(1, 6), min_size=pooled, max_size=pooled))
    kernel = draw(st.lists(st.integers(1, 4), min_size=pooled, max_size=pooled))
    stride = draw(st.lists(st.integers(1, 5), min_size=pooled, max_size=pooled))
    padding = [draw(st.integers(0, k - 1)) for k in kernel]
    ceil_mode = draw(st.booleans())
    return (*batch, *lengths), tuple(kernel), tuple(stride), tuple(padding), ceil_mode


def has_windows(shape, kernel, stride, padding, ceil_mode):
    numbers = zip(shape[len(shape) - len(kernel) :], kernel, stride, padding, strict=True)
    return all(windows_along(*along, ceil_mode) for along in numbers)


# What the chapter says.


def test_the_chapters_four_numbers():
    assert pool([1, 2, 3, 2], 4).tolist() == [3]
    assert pool([1, 2, 3, 2], 4, statistic="mean").tolist() == [2]
    assert pool([1, 2, 3, 2], 4, statistic="sum").tolist() == [8]
    assert pool([1, 2, 3, 2], 4, statistic="l2") == pytest.approx([math.sqrt(18)])
    assert unpool([3], [1, 2, 3, 2], 4).tolist() == [0, 0, 3, 0]
    assert unpool([2], [1, 2, 3, 2], 4, "mean").tolist() == [2, 2, 2, 2]


def test_the_true_gradients_of_the_chapters_four_numbers():
    assert pool_backward([3], [1, 2, 3, 2], 4).tolist() == [0, 0, 3, 0]
    assert pool_backward([2], [1, 2, 3, 2], 4, statistic="mean").tolist() == [0.5] * 4
    assert pool_backward([2], [1, 2, 3, 2], 4, statistic="sum").tolist() == [2] * 4
    assert pool_backward([1], [3, 4], 2, statistic="l2").tolist() == [0.6, 0.8]


def test_a_quarter_of_the_data_is_left():
    assert pool(np.zeros((32, 32)), 2).shape == output_shape((32, 32), 2) == (16, 16)
    assert output_shape((3, 512, 512), 2) == (3, 256, 256)


# Sizes.


@pytest.mark.parametrize(
    ("shape", "kernel_size", "stride", "padding", "ceil_mode", "expected"),
    [  # each confirmed with torch.nn.functional.max_pool1d, 2d or 3d, version 2.13
        ((32, 32), 2, None, 0, False, (16, 16)),
        ((5, 5), 2, None, 0, False, (2, 2)),
        ((5, 5), 2, None, 0, True, (3, 3)),
        ((28, 28), 3, 2, 1, False, (14, 14)),
        ((28, 28), 3, 2, 1, True, (15, 15)),
        ((28, 28), 3, 2, 0, False, (13, 13)),
        ((28, 28), 3, 2, 0, True, (14, 14)),
        ((4,), 2, 2, 1, True, (3,)),
        ((5,), 2, 2, 1, True, (3,)),
        ((5,), 2, 3, 1, True, (2,)),
        ((6,), 2, 3, 1, True, (3,)),
        ((1,), 1, 5, 0, True, (1,)),
        ((3,), 1, 3, 0, True, (1,)),
        ((4,), 1, 3, 0, True, (2,)),
        ((3,), 4, 2, 0, True, (1,)),
        ((7, 10), (3, 2), (2, 3), (1, 0), True, (4, 4)),
        ((2, 7, 9), (3, 2), (2, 3), (1, 0), False, (2, 4, 3)),
        ((64, 16, 28, 28), 2, None, 0, False, (64, 16, 14, 14)),
        ((2, 6, 5, 7), (2, 3, 1), (1, 2, 2), (1, 0, 0), False, (2, 7, 2, 4)),
    ],
)
def test_sizes_are_those_of_pytorch(shape, kernel_size, stride, padding, ceil_mode, expected):
    assert output_shape(shape, kernel_size, stride, padding, ceil_mode) == expected
    assert pool(np.zeros(shape), kernel_size, stride, padding, ceil_mode).shape == expected


@settings(max_examples=150, deadline=None)
@given(geometries())
def test_sizes_follow_the_definition_and_no_window_is_empty(geometry):
    shape, kernel, stride, padding, ceil_mode = geometry
    pooled = shape[len(shape) - len(kernel) :]
    along = [
        windows_along(*numbers, ceil_mode)
        for numbers in zip(pooled, kernel, stride, padding, strict=True)
    ]
    if not all(along):
        with pytest.raises(ValueError, match="kernel_size must be at most the input"):
            output_shape(*geometry)
        return
    assert output_shape(*geometry) == shape[: -len(kernel)] + tuple(len(w) for w in along)
    assert all(window for windows in along for window in windows)


@pytest.mark.parametrize("shape", [(7,), (4, 6), (3, 4, 6), (2, 3, 4, 6)])
def test_one_number_is_for_the_last_two_axes(shape):
    x = np.random.default_rng(1).normal(size=shape)
    axes = min(len(shape), 2)
    whole = (2,) * axes, (1,) * axes, (1,) * axes
    assert np.array_equal(pool(x, 2, 1, 1), pool(x, *whole))
    assert output_shape(shape, 2, 1, 1) == output_shape(list(shape), *whole)
    assert np.array_equal(pool(x, [2] * axes), pool(x, np.int64(2)))


# Values.


@pytest.mark.parametrize("statistic", STATISTICS)
@settings(max_examples=60, deadline=None)
@given(data=st.data(), geometry=geometries())
def test_pool_follows_the_definition(statistic, data, geometry):
    assume(has_windows(*geometry))
    x = data.draw(arrays(np.float64, geometry[0], elements=st.floats(-1e6, 1e6)))
    result = pool(x, *geometry[1:], statistic)
    assert result.shape == output_shape(*geometry)
    expected = pool_by_hand(x, *geometry[1:], statistic)
    np.testing.assert_allclose(result.ravel(), expected, rtol=1e-12, atol=1e-9)


def test_mean_divides_by_the_pixels_inside_the_input():
    x = np.full((5, 5), 7.0)
    assert np.array_equal(pool(x, 3, 2, 2, True, "mean"), np.full((4, 4), 7.0))
    assert pool([1.0, 2.0, 3.0], 2, 2, 1, statistic="mean").tolist() == [1.0, 2.5]
    assert pool([1.0, 2.0, 3.0], 2, ceil_mode=True, statistic="mean").tolist() == [1.5, 3.0]


def test_padding_is_never_the_maximum():
    assert pool([[-5.0, -7.0]], 2, 1, 1).tolist() == [[-5, -5, -7], [-5, -5, -7]]
    assert pool(np.array([-5, -7], np.int8), 2, 1, 1).tolist() == [-5, -5, -7]
    assert pool([-math.inf], 3, 1, 2).tolist() == [-math.inf] * 3


def test_maximum_is_scipys_filter_at_stride_1():
    x = np.random.default_rng(2).normal(size=(9, 11))
    expected = scipy.ndimage.maximum_filter(x, size=(3, 5), mode="constant", cval=-math.inf)
    assert np.array_equal(pool(x, (3, 5), 1, (1, 2)), expected)


def test_stride_and_padding_keep_to_their_axes():
    x = np.arange(24).reshape(4, 6)
    assert pool(x, 1, (3, 2)).tolist() == [[0, 2, 4], [18, 20, 22]]
    assert pool(x, (1, 2), (1, 2), (0, 1)).tolist() == [
        [0, 2, 4, 5], [6, 8, 10, 11], [12, 14, 16, 17], [18, 20, 22, 23],
    ]  # fmt: skip


@pytest.mark.parametrize("statistic", STATISTICS)
def test_a_batch_is_pooled_one_by_one(statistic):
    x = np.random.default_rng(3).normal(size=(2, 3, 7, 5))
    one_by_one = [[pool(image, 3, 2, 1, statistic=statistic) for image in images] for images in x]
    assert np.array_equal(pool(x, 3, 2, 1, statistic=statistic), one_by_one)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_an_empty_batch_gives_an_empty_batch(statistic):
    x = np.zeros((0, 4, 4), np.float32)
    assert pool(x, 2, statistic=statistic).shape == (0, 2, 2)
    grad = pool_backward(np.zeros((0, 2, 2)), x, 2, statistic=statistic)
    assert (grad.shape, grad.dtype) == ((0, 4, 4), np.float32)
    assert unpool(np.zeros((0, 2, 2)), x, 2).shape == (0, 4, 4)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_memory_layout_does_not_matter(statistic):
    x = np.random.default_rng(4).normal(size=(3, 8, 8))
    grad = np.random.default_rng(5).normal(size=(3, 3, 3))
    expected = pool(x, 3, 2, 0, statistic=statistic)
    expected_grad = pool_backward(grad, x, 3, 2, statistic=statistic)
    turned = np.ascontiguousarray(x[:, ::-1, ::-1])[:, ::-1, ::-1]
    for same in (np.asfortranarray(x), turned, x.astype(">f8"), x.tolist()):
        assert np.array_equal(pool(same, 3, 2, statistic=statistic), expected)
        got = pool_backward(np.asfortranarray(grad), same, 3, 2, statistic=statistic)
        assert np.array_equal(got, expected_grad)


# Dtypes, extremes, NaN.


@pytest.mark.parametrize(
    "dtype", ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]
)
def test_the_maximum_keeps_the_dtype_and_the_others_keep_floats(dtype):
    floating = np.dtype(dtype) if dtype[0] == "f" else np.dtype("f8")
    x = np.array([[0, 1, 1], [1, 0, 1]]).astype(dtype)
    assert pool(x, 2, 1, 1).dtype == np.dtype(dtype)
    assert pool(x, 2, 1, 1).tolist() == [[0, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]]
    for statistic in ["mean", "sum", "l2"]:
        assert pool(x, 2, 1, 1, statistic=statistic).dtype == floating
    for statistic, ties in itertools.product(STATISTICS, TIES):
        grad = np.ones((3, 4), np.float32)
        got = pool_backward(grad, x, 2, 1, 1, statistic=statistic, ties=ties)
        assert got.dtype == floating
    assert unpool(np.ones((1, 1)), x, 2).dtype == floating
    assert unpool(np.ones((1, 1)), x, 2, "mean").dtype == floating


@pytest.mark.parametrize("dtype", ["?", "i1", "u1", "i8", "u8", "f4", "f8"])
def test_the_lowest_and_highest_number_survive_the_maximum(dtype):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        ends = [False, True]
    else:
        info = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
        ends = [info.min, info.max]
    for end in ends:
        x = np.full((3, 3), end, dtype)
        assert np.array_equal(pool(x, 2, 1, 1), np.full((4, 4), end, dtype))


def test_large_whole_numbers_stay_exact():
    x = [2**53, 2**53 + 1]
    assert pool(x, 2).tolist() == [2**53 + 1]


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_l2_neither_overflows_nor_underflows(dtype):
    info = np.finfo(dtype)
    for unit in (info.max / 16, 1, info.smallest_normal, info.smallest_subnormal):
        x = np.array([[3, 0], [0, -4]], dtype) * np.array(unit, dtype)
        assert pool(x, 2, statistic="l2") == np.array(5, dtype) * np.array(unit, dtype)
        grad = pool_backward([[1]], x, 2, statistic="l2")
        np.testing.assert_allclose(grad, [[0.6, 0], [0, -0.8]], rtol=1e-6)


def test_nan_makes_its_windows_nan_and_no_others():
    x = np.arange(16.0).reshape(4, 4)
    x[1, 2] = math.nan
    for statistic in STATISTICS:
        result = pool(x, 2, statistic=statistic)
        assert np.isnan(result).tolist() == [[False, True], [False, False]]
    for row in ([math.nan, math.inf], [math.inf, math.nan]):
        assert all(np.isnan(pool(row, 2, statistic=statistic))[0] for statistic in STATISTICS)


def test_infinities_give_the_limit():
    inf = math.inf
    for row, expected in [
        ([inf, 1], {"max": inf, "mean": inf, "sum": inf, "l2": inf}),
        ([-inf, 1], {"max": 1, "mean": -inf, "sum": -inf, "l2": inf}),
        ([-inf, -inf], {"max": -inf, "mean": -inf, "sum": -inf, "l2": inf}),
    ]:
        assert {s: pool(row, 2, statistic=s)[0] for s in STATISTICS} == expected
    assert pool([inf, -inf], 2, statistic="l2").tolist() == [inf]
    assert np.isnan(pool([inf, -inf], 2, statistic="sum")[0])


@pytest.mark.parametrize("statistic", STATISTICS)
@settings(max_examples=30, deadline=None)
@given(
    data=st.data(),
    width=st.sampled_from([32, 64]),
    ties=st.sampled_from(TIES),
)
def test_no_finite_input_warns(statistic, data, width, ties):
    finite = {"allow_nan": False, "allow_infinity": False}
    x = data.draw(arrays(f"f{width // 8}", (4, 4), elements=st.floats(width=width, **finite)))
    grad = data.draw(arrays("f8", (3, 3), elements=st.floats(**finite)))
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        result = pool(x, 2, 2, 1, statistic=statistic)
        grad_x = pool_backward(grad, x, 2, 2, 1, statistic=statistic, ties=ties)
        unpool(grad[:2, :2], x, 2)
        unpool(grad[:2, :2], x, 2, "mean")
    assert result.dtype == grad_x.dtype == x.dtype
    if statistic in ("max", "l2"):
        with np.errstate(over="ignore"):
            expected = np.array(pool_by_hand(x, (2, 2), (2, 2), (1, 1), False, statistic), x.dtype)
        tiny = np.finfo(x.dtype).smallest_subnormal
        np.testing.assert_allclose(result.ravel(), expected, rtol=4e-7, atol=4 * tiny)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("statistic", STATISTICS)
def test_what_overflows_does_so_silently(dtype, statistic):
    x = np.full((4, 4), np.finfo(dtype).max, dtype)
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        result = pool(x, 2, statistic=statistic)
        lowest = pool(-x, 2, statistic=statistic)
        grads = pool_backward(np.full((3, 3), 1.5e308), x, 2, 1, 0, False, statistic)
    infinite = statistic != "max"
    assert np.isinf(result).all() == np.isinf(lowest).all() == infinite
    assert grads.dtype == dtype
    assert not np.isnan(grads).any()


@pytest.mark.parametrize("dtype", ["?", "u1", "f4", "f8"])
def test_inputs_stay_as_they_are_and_results_are_new(dtype):
    x = np.array([[0, 1], [1, 0]]).astype(dtype)
    grad = np.array([[1, 2], [3, 4]], dtype="f8")
    before, grad_before = x.copy(), grad.copy()
    x.flags.writeable = grad.flags.writeable = False
    for statistic in STATISTICS:
        results = [pool(x, 1, statistic=statistic)]
        for ties in TIES:
            results.append(pool_backward(grad, x, 1, statistic=statistic, ties=ties))
        for result in results:
            assert not np.shares_memory(result, x)
            assert not np.shares_memory(result, grad)
            assert result.flags.writeable
    for statistic in ("max", "mean"):
        assert not np.shares_memory(unpool(grad, x, 1, statistic), grad)
    assert np.array_equal(x, before)
    assert np.array_equal(grad, grad_before)


# Backward.


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("statistic", STATISTICS)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), geometry=geometries())
def test_backward_follows_the_definition(statistic, ties, data, geometry):
    assume(has_windows(*geometry))
    x = data.draw(
        arrays(np.int64, geometry[0], elements=st.integers(-2, 2))
    )  # few values: many ties
    grad = data.draw(arrays(np.int64, output_shape(*geometry), elements=st.integers(-9, 9)))
    result = pool_backward(grad, x, *geometry[1:], statistic, ties)
    expected = backward_by_hand(grad, x, *geometry[1:], statistic, ties)
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize(
    "geometry",
    [
        (2, None, 0, False),
        (3, 2, 1, True),
        ((3, 2), (1, 2), (2, 1), False),
        ((2, 2, 3), 2, 1, True),
    ],
)
def test_backward_agrees_with_finite_differences(statistic, geometry):
    rng = np.random.default_rng(6)
    x = rng.permutation(2 * 5 * 6) / 10 + 0.05  # no ties, neighbours a hundred steps apart
    x = x.reshape(2, 5, 6) * rng.choice([-1, 1], size=(2, 5, 6))
    grad = rng.normal(size=output_shape(x.shape, *geometry))
    step, numeric = 1e-4, np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        there, back = x.copy(), x.copy()
        there[i] += step
        back[i] -= step
        change = pool(there, *geometry, statistic) - pool(back, *geometry, statistic)
        numeric[i] = np.sum(grad * change) / (2 * step)
    analytic = pool_backward(grad, x, *geometry, statistic)
    np.testing.assert_allclose(analytic, numeric, atol=1e-6)


def test_ties_by_hand():
    x = [[5, 1], [5, 5]]
    assert pool_backward([[6]], x, 2).tolist() == [[6, 0], [0, 0]]
    assert pool_backward([[6]], x, 2, ties="split").tolist() == [[2, 0], [2, 2]]
    assert pool_backward([[6]], x, 2, ties="all").tolist() == [[6, 0], [6, 6]]
    # row by row: the later column of the first row comes before the earlier one of the second
    assert pool_backward([[6]], [[1, 5], [5, 1]], 2).tolist() == [[0, 6], [0, 0]]


@pytest.mark.parametrize("statistic", ["max", "mean"])
def test_first_split_and_mean_hand_back_exactly_what_came(statistic):
    rng = np.random.default_rng(7)
    x = rng.integers(0, 3, size=(4, 9, 9))
    grad = rng.normal(size=output_shape(x.shape, 3, 2, 2, True))
    for ties in ("first", "split"):
        got = pool_backward(grad, x, 3, 2, 2, True, statistic, ties)
        np.testing.assert_allclose(got.sum(axis=(1, 2)), grad.sum(axis=(1, 2)), atol=1e-12)
    everyone = pool_backward(np.ones(grad.shape), x, 3, 2, 2, True, "max", "all")
    assert everyone.sum() > grad.size


def test_overlapping_windows_add_up():
    assert pool_backward([1, 10, 100], [0, 9, 8, 0], 2, 1).tolist() == [0, 11, 100, 0]
    assert pool_backward([1, 10, 100], [0, 0, 0, 0], 2, 1, statistic="sum").tolist() == [
        1, 11, 110, 100,
    ]  # fmt: skip


def test_a_nan_maximum_sends_its_gradient_to_the_nan():
    nan = math.nan
    x = [9, nan, math.inf, nan]
    assert pool_backward([6], x, 4).tolist() == [0, 6, 0, 0]
    assert pool_backward([6], x, 4, ties="split").tolist() == [0, 3, 0, 3]
    assert pool_backward([6], x, 4, ties="all").tolist() == [0, 6, 0, 6]
    for statistic in ("mean", "sum"):
        assert not np.isnan(pool_backward([6], x, 4, statistic=statistic)).any()
    assert np.isnan(pool_backward([6], x, 4, statistic="l2")).all()


def test_infinite_gradients_go_to_the_maximum_alone():
    assert pool_backward([math.inf, 1], [1, 2, 4, 3], 2).tolist() == [0, math.inf, 1, 0]
    assert pool_backward([5], [-math.inf], 3, 1, 1).tolist() == [5]
    assert pool_backward([5, 7], [-math.inf, -math.inf], 3, 2, 1, True).tolist() == [5, 7]


def test_the_gradient_of_l2_at_all_zeros_is_zero():
    assert pool_backward([6], [0.0, -0.0], 2, statistic="l2").tolist() == [0, 0]
    got = pool_backward([6, 6], [0, 0, 0, -2], 2, statistic="l2")
    assert got.tolist() == [0, 0, 0, -6]


# Unpooling.


def test_unpooling_the_mean_makes_the_mosaic():
    x = np.random.default_rng(8).normal(size=(3, 7, 8))
    values = pool(x, (2, 3), statistic="mean")
    mosaic = unpool(values, x, (2, 3), "mean")
    expected = np.zeros(x.shape)
    expected[:, :6, :6] = np.kron(values, np.ones((2, 3)))
    assert np.array_equal(mosaic, expected)


def test_unpooling_the_maximum_puts_it_back_in_its_place():
    x = np.array([[1, 7, 3], [7, 2, 9], [4, 4, 4]], np.float32)
    assert unpool([[7.5]], x, 2).tolist() == [[0, 7.5, 0], [0, 0, 0], [0, 0, 0]]
    x = np.random.default_rng(9).permutation(36).reshape(6, 6)
    back = unpool(pool(x, 3), x, 3)
    assert np.array_equal(back[back > 0], x[back > 0])
    assert np.count_nonzero(back) == 4


# The table of statistics.


def test_the_table_has_every_statistic_in_teaching_order():
    assert list(pooling.STATISTICS) == STATISTICS


def test_a_new_statistic_is_one_row_of_the_table(monkeypatch):
    def smallest(x, axes):
        return -pooling.STATISTICS["max"][0](-x, axes)

    def smallest_backward(grad, x, axes, ties):
        return pooling.STATISTICS["max"][1](grad, -x, axes, ties)

    monkeypatch.setitem(pooling.STATISTICS, "min", (smallest, smallest_backward))
    x = np.array([[4, 3, 9, 9], [3, 5, 7, 8]])
    assert pool(x, 2, statistic="min").tolist() == [[3, 7]]
    assert pool_backward([[1, 5]], x, 2, statistic="min").tolist() == [[0, 1, 0, 0], [0, 0, 5, 0]]
    split = pool_backward([[1, 5]], x, 2, statistic="min", ties="split")
    assert split.tolist() == [[0, 0.5, 0, 0], [0.5, 0, 5, 0]]
    layer = Pool(2, "min")
    assert layer.forward(x[np.newaxis, np.newaxis]).tolist() == [[[[3, 7]]]]
    assert layer.backward([[[[1, 5]]]]).tolist() == [[[[0, 1, 0, 0], [0, 0, 5, 0]]]]


def test_a_statistic_may_have_no_gradient(monkeypatch):
    def middle(x, axes):  # of one window, as large as x
        return np.median(x, axis=-1, keepdims=True)

    monkeypatch.setitem(pooling.STATISTICS, "middle", (middle, None))
    assert pool([1, 2, 3, 9], 4, statistic="middle").tolist() == [2.5]
    with pytest.raises(ValueError, match=r"^statistic must be one that has a .*; got 'middle'$"):
        pool_backward([1], [1, 2, 3, 9], 4, statistic="middle")
    for refused in (
        lambda: pool([1], 1, statistic="mode"),
        lambda: pool_backward([1], [1], 1, statistic="mode"),
    ):
        with pytest.raises(ValueError, match=r"one of max, mean, sum, l2, middle; got 'mode'$"):
            refused()


# Errors a learner can act on.


IMAGE = np.zeros((4, 4))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: pool(IMAGE, 6), ValueError,
         "kernel_size must be at most the input, (4, 4); got (6, 6)"),
        (lambda: pool(IMAGE, 7, padding=1), ValueError,
         "kernel_size must be at most the input with its padding, (6, 6); got (7, 7)"),
        (lambda: pool(IMAGE, 0), ValueError, "kernel_size must be at least 1; got 0"),
        (lambda: pool(IMAGE, 2.0), TypeError,
         "kernel_size must be a whole number or a tuple of them; got 2.0"),
        (lambda: pool(IMAGE, "2"), TypeError,
         "kernel_size must be a whole number or a tuple of them; got '2'"),
        (lambda: pool(IMAGE, True), TypeError,
         "kernel_size must be a whole number or a tuple of them; got True"),
        (lambda: pool(IMAGE, np.array([2, 2])), TypeError,
         "kernel_size must be a whole number or a tuple of them; got array([2, 2])"),
        (lambda: pool(IMAGE, (2, "2")), TypeError,
         "kernel_size[1] must be a whole number; got '2'"),
        (lambda: pool(IMAGE, 2, (0, 2)), ValueError, "stride[0] must be at least 1; got 0"),
        (lambda: pool(IMAGE, ()), ValueError, "kernel_size must be for 1 to 2 axes of x; got ()"),
        (lambda: pool(IMAGE, (1, 1, 1)), ValueError,
         "kernel_size must be for 1 to 2 axes of x; got (1, 1, 1)"),
        (lambda: pool(IMAGE, 2, 0), ValueError, "stride must be at least 1; got 0"),
        (lambda: pool(IMAGE, 2, (1, 1, 1)), ValueError,
         "stride must be one whole number or 2, one per axis; got (1, 1, 1)"),
        (lambda: pool(IMAGE, 2, 2, -1), ValueError, "padding must be at least 0; got -1"),
        (lambda: pool(IMAGE, 2, 2, 2), ValueError,
         "padding must be less than kernel_size, (2, 2); got (2, 2)"),
        (lambda: pool(IMAGE, (2, 1), 1, 1), ValueError,
         "padding must be less than kernel_size, (2, 1); got (1, 1)"),
        (lambda: pool(IMAGE, 2, ceil_mode="yes"), TypeError,
         "ceil_mode must be True or False; got 'yes'"),
        (lambda: pool(IMAGE, 2, statistic="min"), ValueError,
         "statistic must be one of max, mean, sum, l2; got 'min'"),
        (lambda: pool(IMAGE, 2, statistic=["max"]), ValueError, "statistic must be one of"),
        (lambda: pool(5, 1), ValueError,
         "x must have at least one axis; got a single number, shape ()"),
        (lambda: pool(np.zeros((3, 0)), 1), ValueError,
         "x must have a pixel along every pooled axis; got shape (3, 0)"),
        (lambda: pool([1j], 1), TypeError, "x must hold real numbers; got 1j"),
        (lambda: pool(["a"], 1), TypeError, "x must hold real numbers; got 'a'"),
        (lambda: pool([None], 1), TypeError, "x must hold real numbers; got None"),
        (lambda: pool_backward(IMAGE, IMAGE, 2), ValueError,
         "grad_output must have shape (2, 2), one number per window; got (4, 4)"),
        (lambda: pool_backward([[1j]], IMAGE, 4), TypeError, "grad_output must hold real numbers"),
        (lambda: pool_backward([[1]], IMAGE, 4, ties="last"), ValueError,
         "ties must be one of first, split, all; got 'last'"),
        (lambda: pool_backward([[1]], IMAGE, 4, statistic="min"), ValueError,
         "statistic must be one of max, mean, sum, l2; got 'min'"),
        (lambda: unpool(IMAGE, IMAGE, 2), ValueError,
         "values must have shape (2, 2), one number per window; got (4, 4)"),
        (lambda: unpool(3, [1, 2, 3, 2], 4), ValueError,
         "values must have shape (1,), one number per window; got a single number"),
        (lambda: unpool([[1]], IMAGE, 4, "sum"), ValueError,
         "statistic must be one of max, mean; got 'sum'"),
        (lambda: output_shape(4, 2), TypeError,
         "shape must be a tuple of lengths, such as x.shape; got 4"),
        (lambda: output_shape((4.0,), 2), TypeError, "shape[0] must be a whole number; got 4.0"),
        (lambda: output_shape((-4,), 2), ValueError, "shape[0] must be at least 0; got -4"),
        (lambda: output_shape((), 2), ValueError, "shape must have at least one length; got ()"),
    ],
)  # fmt: skip
def test_errors_say_what_was_expected(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("side", [1, 3, 100, 256])
@pytest.mark.parametrize("statistic", ["mean", "sum", "l2"])
def test_many_narrow_numbers_are_added_up_right(dtype, side, statistic):
    x = np.random.default_rng(side).random((side, side)).astype(dtype)
    true = {"mean": np.mean, "sum": np.sum, "l2": np.linalg.norm}[statistic](x.astype(np.float64))
    result = pool(x, side, statistic=statistic)
    assert result.dtype == dtype
    np.testing.assert_allclose(result, true, rtol=2 * np.finfo(dtype).eps)
    ones = pool(np.ones((side, side), dtype), side, statistic="mean")
    assert ones.item() == 1


def test_a_very_long_window_of_float32():
    ones = np.ones(2**24 + 9, np.float32)  # added up one by one they would stop at 2²⁴
    assert pool(ones, ones.size, statistic="mean").item() == 1


@pytest.mark.parametrize("axis", [-1, -2])
@pytest.mark.parametrize("dtype", [np.float64, np.float16, np.int16])
@pytest.mark.parametrize(("stride", "windows"), [(1700, 1), (600, 3)])
def test_few_long_windows_are_what_numpy_says_of_their_pixels(axis, dtype, stride, windows):
    size, padding = 1700, 300
    x = np.random.default_rng(0).integers(-5, 0, (2, 2700)).astype(dtype)
    x[:, stride * (windows - 1) + size - padding :] = 100  # no window reaches these
    starts = [stride * i - padding for i in range(windows)]
    pixels = [x[:, max(0, i) : i + size].astype(float) for i in starts]
    expected = {
        "max": [each.max() for each in pixels],
        "mean": [each.mean() for each in pixels],
        "sum": [each.sum() for each in pixels],
        "l2": [np.sqrt((each**2).sum()) for each in pixels],
    }
    turn = np.s_[:] if axis == -1 else np.s_[::-1]
    given = [(2, size)[turn], (2, stride)[turn], (0, padding)[turn]]
    for statistic, numbers in expected.items():
        found = pool(x if axis == -1 else x.T, *given, statistic=statistic)
        assert found.shape == (1, windows)[turn]
        rounding = 1e-3 if found.dtype == np.float16 else 1e-12
        np.testing.assert_allclose(found.ravel().astype(float), numbers, rounding)


def test_a_float16_gradient_of_many_pixels():
    x = np.ones((256, 256), np.float16)
    for statistic, each in (("mean", 2.0**-16), ("sum", 1), ("l2", 2.0**-8)):
        gradient = pool_backward(np.ones((1, 1)), x, 256, statistic=statistic)
        assert gradient.dtype == np.float16
        assert (gradient == np.float16(each)).all()
    overlapping = pool_backward(
        np.ones((1, 1000), np.float16), np.ones((1, 3999)), (1, 3000), 1, statistic="sum"
    )
    assert overlapping.max() == 1000


def test_a_window_far_larger_than_the_input_is_no_more_work():
    far = 5 * 10**8
    assert pool([1, 2, 3], 2 * far + 1, stride=1, padding=far).tolist() == [3, 3, 3]
    assert pool([1, 2, 3], 2 * far + 1, 1, far, statistic="mean").tolist() == [2, 2, 2]
