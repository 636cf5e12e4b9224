"""Correlation against its definition in plain Python, SciPy, and finite differences."""

import itertools
import math
import warnings

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lessonkit.convolution import FILTERS, correlate2d, correlate2d_backward

# The definition, term by term.


def terms(images, kernels, stride, padding):
    """Every product of the sum: the indices of the result, of the kernel, and of the pixel."""
    (n_images, channels, *size), (outputs, _, *kernel) = images.shape, kernels.shape
    rows, columns = (
        range((size[i] + 2 * padding[i] - kernel[i]) // stride[i] + 1) for i in range(2)
    )
    for n, o, i, j in itertools.product(range(n_images), range(outputs), rows, columns):
        for c, a, b in itertools.product(range(channels), *map(range, kernel)):
            y, x = i * stride[0] + a - padding[0], j * stride[1] + b - padding[1]
            if 0 <= y < size[0] and 0 <= x < size[1]:  # elsewhere the picture is 0
                yield (n, o, i, j), (o, c, a, b), (n, c, y, x)


def correlate_by_hand(images, kernels, stride, padding):
    result = {}
    for place, k, pixel in terms(images, kernels, stride, padding):
        result[place] = result.get(place, 0.0) + float(kernels[k]) * float(images[pixel])
    return result


def backward_by_hand(grad, images, kernels, stride, padding):
    grad_images, grad_kernels = np.zeros(images.shape), np.zeros(kernels.shape)
    for place, k, pixel in terms(images, kernels, stride, padding):
        grad_images[pixel] += grad[place] * kernels[k]
        grad_kernels[k] += grad[place] * images[pixel]
    return grad_images, grad_kernels


@st.composite
def problems(draw):
    """Images, kernels, stride and padding, with small whole numbers as values: sums are exact."""
    sides = st.integers(1, 6)
    n, channels, outputs = draw(st.integers(0, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    size, kernel = (draw(sides), draw(sides)), (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    stride = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    padding = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    assume(all(k <= m + 2 * p for k, m, p in zip(kernel, size, padding, strict=True)))
    values = st.integers(-9, 9)
    images = draw(arrays(np.int64, (n, channels, *size), elements=values))
    kernels = draw(arrays(np.int64, (outputs, channels, *kernel), elements=values))
    return images, kernels, stride, padding


@settings(max_examples=60, deadline=None)
@given(problems())
def test_correlation_follows_the_definition(problem):
    result = correlate2d(*problem)
    images, kernels, stride, padding = problem
    assert result.dtype == np.float64
    assert result.shape[:2] == (len(images), len(kernels))
    assert result.shape[2:] == tuple(
        (images.shape[2 + i] + 2 * padding[i] - kernels.shape[2 + i]) // stride[i] + 1
        for i in range(2)
    )
    expected = np.zeros(result.shape)
    for place, value in correlate_by_hand(*problem).items():
        expected[place] = value
    assert np.array_equal(result, expected)


@settings(max_examples=50, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_backward_follows_the_definition(problem, random):
    shape = correlate2d(*problem).shape
    grad = np.array([random.randint(-9, 9) for _ in range(math.prod(shape))]).reshape(shape)
    for got, expected in zip(
        correlate2d_backward(grad, *problem), backward_by_hand(grad, *problem), strict=True
    ):
        assert np.array_equal(got, expected)


# Hand-worked numbers.


def test_one_window_step_by_step():
    image = [[1, 2, 0], [0, 1, 3], [2, 1, 1]]
    kernel = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    # 1·1 + 2·0 + 1·2 from the left column, −1·0 − 2·3 − 1·1 from the right one
    assert correlate2d(image, kernel).tolist() == [[3 - 7]]


def test_the_kernel_is_not_flipped():
    assert correlate2d([[0, 0, 0], [0, 1, 0], [0, 0, 0]], [[1, 2], [3, 4]]).tolist() == [
        [4, 3],
        [2, 1],
    ]


def test_stride_and_padding_keep_to_their_axes():
    image = np.arange(1.0, 13).reshape(3, 4)
    assert correlate2d(image, [[1]], stride=(2, 3)).tolist() == [[1, 4], [9, 12]]
    assert correlate2d(image[:1, :2], [[1]], padding=(1, 0)).tolist() == [[0, 0], [1, 2], [0, 0]]
    assert correlate2d(image[:1, :2], [[1]], padding=(0, 1)).tolist() == [[0, 1, 2, 0]]
    assert correlate2d(image, [[1]], 2, 1).tolist() == [[0, 0, 0], [0, 6, 8], [0, 0, 0]]


def test_channels_are_summed_and_outputs_kept_apart():
    images = np.array([[[[1.0]], [[10.0]]], [[[2.0]], [[20.0]]]])  # 2 images of 2 channels
    kernels = np.array([[[[1.0]], [[1.0]]], [[[3.0]], [[0.0]]], [[[0.0]], [[-1.0]]]])
    assert correlate2d(images, kernels)[..., 0, 0].tolist() == [[11, 3, -10], [22, 6, -20]]


def test_gradients_by_hand():
    grad_image, grad_kernel = correlate2d_backward([[1, 10]], [[1, 2, 3]], [[4, 5]])
    assert grad_image.tolist() == [[4, 5 + 40, 50]]  # the middle pixel is in both windows
    assert grad_kernel.tolist() == [[1 + 20, 2 + 30]]


# Others' code, and differences.


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 3), (2, 5)])
def test_agrees_with_scipy(rows, columns):
    rng = np.random.default_rng(1)
    image, kernel = rng.normal(size=(9, 8)), rng.normal(size=(rows, columns))
    valid = scipy.signal.correlate2d(image, kernel, "valid")
    full = scipy.signal.correlate2d(image, kernel, "full")
    np.testing.assert_allclose(correlate2d(image, kernel), valid, atol=1e-12)
    np.testing.assert_allclose(
        correlate2d(image, kernel, padding=(rows - 1, columns - 1)), full, atol=1e-12
    )


@pytest.mark.parametrize(
    ("stride", "padding"), [(1, 0), (2, 1), ((1, 2), (2, 0)), ((3, 1), (0, 2))]
)
@pytest.mark.parametrize("batched", [False, True])
def test_backward_agrees_with_finite_differences(stride, padding, batched):
    rng = np.random.default_rng(2)
    image = rng.normal(size=(2, 2, 5, 6) if batched else (5, 6))
    kernel = rng.normal(size=(3, 2, 3, 2) if batched else (3, 2))
    grad = rng.normal(size=correlate2d(image, kernel, stride, padding).shape)
    got = correlate2d_backward(grad, image, kernel, stride, padding)
    for array, analytic in zip((image, kernel), got, strict=True):
        numeric = np.zeros(array.shape)
        for i in np.ndindex(array.shape):
            kept, sides = array[i], []
            for step in (1e-3, -1e-3):
                array[i] = kept + step
                sides.append(np.sum(grad * correlate2d(image, kernel, stride, padding)))
            array[i] = kept
            numeric[i] = (sides[0] - sides[1]) / 2e-3
        np.testing.assert_allclose(analytic, numeric, atol=1e-9)


# Dtypes, NaN, memory.


@pytest.mark.parametrize(
    ("image", "kernel", "result"),
    [
        ("f4", "f4", "f4"), ("f8", "f8", "f8"), ("f4", "f8", "f8"), ("f8", "f4", "f8"),
        ("u1", "f4", "f8"), ("u1", "i8", "f8"), ("?", "?", "f8"), ("f4", "i4", "f8"),
    ],
)  # fmt: skip
def test_dtypes(image, kernel, result):
    image, kernel = np.ones((4, 4), image), np.ones((2, 2), kernel)
    assert correlate2d(image, kernel).dtype == np.dtype(result)
    gradients = correlate2d_backward(np.ones((3, 3), np.float64), image, kernel)
    for got, array in zip(gradients, (image, kernel), strict=True):
        assert got.dtype == (array.dtype if array.dtype.kind == "f" else np.float64)
        assert got.shape == array.shape


def test_bytes_do_not_wrap_around():
    image = np.full((2, 2), 255, np.uint8)
    assert correlate2d(image, np.full((2, 2), 255, np.uint8)).tolist() == [[4 * 255 * 255]]


def test_nan_and_infinity_stay_in_the_windows_that_see_them():
    image = np.zeros((5, 5))
    image[1, 1], image[4, 4] = math.nan, math.inf
    result = correlate2d(image, np.ones((3, 3)))
    assert np.isnan(result).tolist() == [[True, True, False], [True, True, False], [False] * 3]
    assert result[2, 2] == math.inf


@settings(max_examples=30, deadline=None)
@given(data=st.data(), width=st.sampled_from([32, 64]))
def test_no_finite_input_warns(data, width):
    finite = st.floats(width=width, allow_nan=False, allow_infinity=False)
    dtype = f"f{width // 8}"
    image = data.draw(arrays(dtype, (3, 3), elements=finite))
    kernel = data.draw(arrays(dtype, (2, 2), elements=finite))
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        result = correlate2d(image, kernel)
        correlate2d_backward(np.full((2, 2), 1e300), image, kernel)
    assert result.dtype == dtype


@pytest.mark.parametrize("shape", [(3, 4), (1, 1, 3, 4)])
def test_inputs_stay_as_they_are_and_results_are_new(shape):
    image, kernel = np.arange(12.0).reshape(shape), np.ones((*shape[:-2], 1, 1))
    grad = np.ones(shape)
    for array in (image, kernel, grad):
        array.flags.writeable = False
    results = [correlate2d(image, kernel), *correlate2d_backward(grad, image, kernel)]
    for result, array in itertools.product(results, (image, kernel, grad)):
        assert not np.shares_memory(result, array)
        assert result.flags.writeable
    assert np.array_equal(results[0], image)


def test_memory_layout_does_not_matter():
    rng = np.random.default_rng(3)
    image, kernel = rng.normal(size=(2, 3, 6, 6)), rng.normal(size=(4, 3, 3, 3))
    expected = correlate2d(image, kernel, 2, 1)
    grads = correlate2d_backward(expected, image, kernel, 2, 1)
    for same in (np.asfortranarray, np.ndarray.tolist, lambda a: a.astype(">f8")):
        np.testing.assert_allclose(correlate2d(same(image), same(kernel), 2, 1), expected)
        got = correlate2d_backward(same(expected), same(image), same(kernel), 2, 1)
        for one, other in zip(got, grads, strict=True):
            np.testing.assert_allclose(one, other)


def test_an_empty_batch_gives_an_empty_batch():
    images, kernels = np.zeros((0, 2, 4, 4), np.float32), np.ones((3, 2, 3, 3), np.float32)
    assert correlate2d(images, kernels).shape == (0, 3, 2, 2)
    grad_images, grad_kernels = correlate2d_backward(np.zeros((0, 3, 2, 2)), images, kernels)
    assert grad_images.shape == (0, 2, 4, 4)
    assert np.array_equal(grad_kernels, np.zeros((3, 2, 3, 3)))


# The filters.


def test_filters_are_small_odd_float_kernels_nobody_can_change():
    assert list(FILTERS) == [
        "identity", "vertical edges", "horizontal edges", "outline", "blur", "sharpen", "emboss",
    ]  # fmt: skip
    for kernel in FILTERS.values():
        assert kernel.shape == (3, 3)
        assert kernel.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            kernel[0, 0] = 1


def test_filters_on_an_even_area():
    flat = np.full((3, 3), 0.5)
    for name, kernel in FILTERS.items():
        expected = 0 if name in ("vertical edges", "horizontal edges", "outline") else 0.5
        assert correlate2d(flat, kernel).tolist() == [[expected]], name


def test_filters_give_positive_values_in_the_direction_they_say():
    to_the_right = np.tile([0.0, 0.5, 1.0], (3, 1))
    dot = np.pad([[1.0]], 1)
    seen = {name: correlate2d(to_the_right, kernel)[0, 0] for name, kernel in FILTERS.items()}
    assert seen["vertical edges"] == 4
    assert correlate2d(to_the_right.T, FILTERS["vertical edges"]) == 0
    assert seen["horizontal edges"] == 0
    assert correlate2d(to_the_right.T, FILTERS["horizontal edges"]) == 4
    assert seen["outline"] == 0
    assert correlate2d(dot, FILTERS["outline"]) == 8
    assert correlate2d(dot, FILTERS["blur"]) == 0.25
    assert correlate2d(dot, FILTERS["sharpen"]) == 5
    assert seen["emboss"] > 0.5
    assert correlate2d(to_the_right.T, FILTERS["emboss"]) == seen["emboss"]
    assert correlate2d(to_the_right[:, ::-1], FILTERS["emboss"]) < 0.5


def test_edges_are_sobels():
    image = np.random.default_rng(4).random((8, 9))
    for name, axis in [("vertical edges", 1), ("horizontal edges", 0)]:
        expected = scipy.ndimage.sobel(image, axis=axis)[1:-1, 1:-1]
        np.testing.assert_allclose(correlate2d(image, FILTERS[name]), expected, atol=1e-12)


def test_filters_stay_within_the_range_their_comments_give():
    reach = {
        name: (kernel.clip(max=0).sum(), kernel.clip(min=0).sum())
        for name, kernel in FILTERS.items()
    }
    assert reach == {
        "identity": (0, 1),
        "vertical edges": (-4, 4),
        "horizontal edges": (-4, 4),
        "outline": (-8, 8),
        "blur": (0, 1),
        "sharpen": (-4, 5),
        "emboss": (-4, 5),
    }


# Errors a learner can act on.


IMAGE, KERNEL = np.zeros((4, 4)), np.zeros((3, 3))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: correlate2d(IMAGE, np.zeros((5, 3))), ValueError,
         "kernel must be at most the image, (4, 4); got (5, 3)"),
        (lambda: correlate2d(IMAGE, np.zeros((3, 7)), padding=1), ValueError,
         "kernel must be at most the image with its padding, (6, 6); got (3, 7)"),
        (lambda: correlate2d(IMAGE, np.zeros((0, 3))), ValueError,
         "kernel must have at least one number; got shape (0, 3)"),
        (lambda: correlate2d(np.zeros(4), KERNEL), ValueError,
         "image and kernel must be (H, W) and (kh, kw), or (N, C, H, W) and (O, C, kh, kw); "
         "got (4,) and (3, 3)"),
        (lambda: correlate2d(IMAGE, KERNEL[None, None]), ValueError, "got (4, 4) and (1, 1, 3, 3)"),
        (lambda: correlate2d(IMAGE[None, None], np.zeros((1, 2, 3, 3))), ValueError,
         "kernel must have as many channels (axis 1) as image, 1; got 2"),
        (lambda: correlate2d(1, KERNEL), ValueError,
         "image and kernel must be (H, W) and (kh, kw), or (N, C, H, W) and (O, C, kh, kw); "
         f"got a single number and {np.shape(KERNEL)}"),
        (lambda: correlate2d(IMAGE, KERNEL, 0), ValueError, "stride must be at least 1; got 0"),
        (lambda: correlate2d(IMAGE, KERNEL, (1, 1, 1)), ValueError,
         "stride must be one whole number or 2, one per axis; got (1, 1, 1)"),
        (lambda: correlate2d(IMAGE, KERNEL, 1.5), TypeError,
         "stride must be a whole number or a tuple of them; got 1.5"),
        (lambda: correlate2d(IMAGE, KERNEL, 1, -1), ValueError,
         "padding must be at least 0; got -1"),
        (lambda: correlate2d(IMAGE, KERNEL, 1, "same"), TypeError,
         "padding must be a whole number or a tuple of them; got 'same'"),
        (lambda: correlate2d(IMAGE * 1j, KERNEL), TypeError,
         "image must hold real numbers; got 0j"),
        (lambda: correlate2d(IMAGE, [["a"]]), TypeError, "kernel must hold real numbers; got 'a'"),
        (lambda: correlate2d(IMAGE, [[None]]), TypeError,
         "kernel must hold real numbers; got None"),
        (lambda: correlate2d_backward(IMAGE, IMAGE, KERNEL), ValueError,
         "grad_output must have shape (2, 2), that of the result; got (4, 4)"),
        (lambda: correlate2d_backward(IMAGE, IMAGE[None, None], KERNEL[None, None]), ValueError,
         "grad_output must have shape (1, 1, 2, 2), that of the result; got (4, 4)"),
        (lambda: correlate2d_backward([[1j]], IMAGE, KERNEL), TypeError,
         "grad_output must hold real numbers; got 1j"),
    ],
)  # fmt: skip
def test_errors_say_what_was_expected(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
