"""Pooling (section 12.4 of our source): a sliding window leaves one number at each place.

The windows lie on the trailing axes; leading axes are a batch, pooled one by one. A window is
clipped to the input: padding only shifts the windows, and its pixels never enter a statistic.

In plain loops, for a picture x and a statistic such as np.max:

>>> def pooled(x, kernel_size, stride, statistic):
...     height, width = x.shape
...     rows = []
...     for top in range(0, height - kernel_size + 1, stride):
...         row = []
...         for left in range(0, width - kernel_size + 1, stride):
...             window = x[top : top + kernel_size, left : left + kernel_size]
...             row.append(statistic(window))
...         rows.append(row)
...     return np.array(rows)

`pool` gives the same, faster, and for whole batches:

>>> x = np.random.default_rng(0).random((7, 8))
>>> loops = {"max": np.max, "mean": np.mean, "sum": np.sum, "l2": np.linalg.norm}
>>> for name, statistic in loops.items():
...     assert np.allclose(pool(x, 3, 2, statistic=name), pooled(x, 3, 2, statistic))
"""

import functools
import itertools
import math
from typing import NamedTuple

import numpy as np

from lessonkit._arrays import check_choice, float_array, real_array, whole_numbers

FEW = 1024  # float32 numbers are added up one after the other with no digit lost that matters
LONG = 1024  # pixels; windows that are longer, and few, are taken one by one


@np.errstate(all="ignore")
def pool(x, kernel_size, stride=None, padding=0, ceil_mode=False, statistic="max"):
    """Return one number per window of x.

    For the pixels x₁ … xₙ of a window, n of them inside the input:
        max: the largest    sum: Σ xᵢ    mean: Σ xᵢ / n    l2: √(Σ xᵢ²)

    x: real numbers, one axis or more; a colour photograph must be (3, H, W), as an axis of colours
    at the end would be pooled. kernel_size: one whole number for the last two axes (or the only
    one), or a tuple with one number for each trailing axis to be pooled. stride: the step from
    window to window, kernel_size if not given. 0 <= padding < kernel_size: how far before the input
    the first window starts. ceil_mode: keep a last window that reaches beyond the padding.
    statistic: a name in STATISTICS.

    Returns a new array of shape `output_shape(x.shape, …)`. The maximum keeps the dtype of x; the
    others keep a float dtype and turn integers and booleans into float64. NaN in a window gives
    NaN. A sum too large for its dtype is ±inf, and so is the mean that divides it; L2 is inf only
    where its true value is too large.

    Raises TypeError for numbers that are not real and sizes that are not whole, ValueError for
    sizes that do not fit x and for an unknown statistic.

    Source: section 12.4, figures 12-7 and 12-8. The mean is PyTorch's with count_include_pad=False.

    >>> pool([1, 2, 3, 2], 4), pool([1, 2, 3, 2], 4, statistic="mean")
    (array([3]), array([2.]))
    """
    x = real_array(x)
    axes = _pooled_axes(x.shape, kernel_size, stride, padding, ceil_mode)
    check_choice(statistic, "statistic", STATISTICS)
    forward, _ = STATISTICS[statistic]
    return forward(x, axes)


@np.errstate(all="ignore")
def pool_backward(
    grad_output,
    x,
    kernel_size,
    stride=None,
    padding=0,
    ceil_mode=False,
    statistic="max",
    ties="first",
):
    """Return the gradient of Σ grad_output · pool(x, …) with respect to x.

    What a window hands back to its pixel xᵢ, for the gradient g of its output:
        max: g if xᵢ is the maximum, else 0    sum: g    mean: g / n    l2: g · xᵢ / √(Σ xᵢ²)
    Where windows overlap, a pixel adds up what it gets.

    grad_output: one number per window, in the shape of pool's result; the other arguments are those
    of pool. ties: who gets g if several pixels are the maximum: the "first", row by row (PyTorch's
    rule); "split", each an equal part; "all", each the whole g, so that the sum of gradients grows.
    Where all pixels are 0, L2 has no gradient; it counts as 0.

    Returns a new array of x's shape in its float dtype (float64 for integers and booleans). If a
    maximum is NaN, the NaN pixels count as the maximum. Where L2 is inf, finite pixels get 0 and
    infinite ones NaN.

    Raises what pool raises, and ValueError for a statistic without a gradient, an unknown `ties`,
    and a grad_output of another shape.

    Source: the chain rule. What section 12.4 calls backward is `unpool`.

    >>> pool_backward([1], [1, 2, 3, 2], 4), pool_backward([1], [1, 2, 3, 2], 4, statistic="mean")
    (array([0., 0., 1., 0.]), array([0.25, 0.25, 0.25, 0.25]))
    """
    x = float_array(x)
    if x.dtype == np.float16:
        options = (kernel_size, stride, padding, ceil_mode, statistic, ties)
        return pool_backward(grad_output, x.astype(np.float64), *options).astype(np.float16)
    axes = _pooled_axes(x.shape, kernel_size, stride, padding, ceil_mode)
    check_choice(statistic, "statistic", STATISTICS)
    check_choice(ties, "ties", ("first", "split", "all"))
    _, backward = STATISTICS[statistic]
    if backward is None:
        raise ValueError(f"statistic must be one that has a gradient; got {statistic!r}")
    return backward(_one_per_window(grad_output, "grad_output", x, axes), x, axes, ties)


@np.errstate(all="ignore")
def unpool(values, x, kernel_size, statistic="max"):
    """Return our source's "backward": the pooled values themselves go back where they came from.

    "max": each value goes to the first maximum of its window in x, and the other places get 0;
    "mean": to every place of its window. This is not a gradient; `pool_backward` is.

    values: one number per window. Windows do not overlap (the stride is kernel_size); places that
    no window covers get 0. Returns a new array of x's shape in its float dtype. Raises what pool
    raises, and ValueError for values of another shape.

    Source: section 12.4, backward(3) and backward(2).

    >>> unpool([3], [1, 2, 3, 2], 4), unpool([2], [1, 2, 3, 2], 4, statistic="mean")
    (array([0., 0., 3., 0.]), array([2., 2., 2., 2.]))
    """
    x = float_array(x)
    axes = _pooled_axes(x.shape, kernel_size)
    ways_back = {"max": _max_backward, "mean": _sum_backward}
    check_choice(statistic, "statistic", ways_back)
    return ways_back[statistic](_one_per_window(values, "values", x, axes), x, axes, ties="first")


def output_shape(shape, kernel_size, stride=None, padding=0, ceil_mode=False):
    """Return the shape of pool's result for an array of this shape.

    A pooled axis of W pixels becomes ⌊(W + 2·padding − kernel_size) / stride⌋ + 1 windows. With
    ceil_mode the quotient is rounded up, but a window that would start at or beyond the input's end
    is dropped. shape: that of the whole array, batch axes included. The other arguments and the
    errors are those of pool.

    Source: section 12.4; torch.nn.MaxPool2d for ceil_mode.

    >>> output_shape((32, 32), 2), output_shape((3, 5, 5), 2, ceil_mode=True)
    ((16, 16), (3, 3, 3))
    """
    if not isinstance(shape, tuple | list):
        raise TypeError(f"shape must be a tuple of lengths, such as x.shape; got {shape!r}")
    if len(shape) == 0:
        raise ValueError("shape must have at least one length; got ()")
    shape = whole_numbers(shape, "shape", 0, len(shape))
    return _shape_of_windows(shape, _pooled_axes(shape, kernel_size, stride, padding, ceil_mode))


# Each statistic, forward and backward.


def _max(x, axes):
    kind = x.dtype.kind
    lowest = -np.inf if kind == "f" else False if kind == "b" else np.iinfo(x.dtype).min
    return _combine(np.maximum, x, axes, start=lowest)


def _max_backward(grad, x, axes, ties):
    largest = _max(x, axes)
    # A NaN makes its window's maximum NaN. Without one there is no NaN to look for.
    is_largest = _equal_or_nan if np.isnan(largest).any() else np.equal
    if ties == "split":
        count = np.zeros(largest.shape, x.dtype)
        for windows, pixels in _places(axes):
            count[windows] += is_largest(x[pixels], largest[windows])
        grad = grad / count
    undecided = np.ones(largest.shape, bool)  # windows whose first maximum is still to come
    grad_x = np.zeros(x.shape, x.dtype)
    for windows, pixels in _places(axes):
        receives = is_largest(x[pixels], largest[windows])
        if ties == "first":
            receives &= undecided[windows]
            undecided[windows] &= ~receives
        # Not grad · receives: an infinite g times 0 is NaN.
        grad_x[pixels] += np.where(receives, grad[windows], 0)
    return grad_x


def _equal_or_nan(pixels, largest):
    return (pixels == largest) | np.isnan(pixels)


def _sum(x, axes):
    x = float_array(x)
    return _combine(np.add, _for_sums(x, axes), axes, start=0).astype(x.dtype, copy=False)


def _for_sums(x, axes):
    """Return floats in a dtype in which the sum of a window keeps all the digits of x's own."""
    few = x.dtype != np.float16 and math.prod(axis.size for axis in axes) <= FEW
    return x if few else x.astype(np.promote_types(x.dtype, np.float64))


def _sum_backward(grad, x, axes, ties):
    grad_x = np.zeros(x.shape, x.dtype)
    for windows, pixels in _places(axes):
        grad_x[pixels] += grad[windows]
    return grad_x


def _mean(x, axes):
    x = float_array(x)
    total = _sum(_for_sums(x, axes), axes)
    return (total / _pixels_in(axes, total.dtype)).astype(x.dtype, copy=False)


def _mean_backward(grad, x, axes, ties):
    return _sum_backward(grad / _pixels_in(axes, x.dtype), x, axes, ties)


def _norm(x, axes):
    x = float_array(x)
    return _wide_norm(_for_sums(x, axes), axes).astype(x.dtype, copy=False)


def _wide_norm(x, axes):
    # hypot(a, b) is √(a² + b²), and no square overflows on the way.
    norm = _combine(np.hypot, x, axes, start=0)
    norm[_combine(np.maximum, np.isnan(x), axes, start=False)] = np.nan  # hypot(∞, NaN) is ∞
    return norm


def _norm_backward(grad, x, axes, ties):
    norm = _norm(x, axes)
    norm[norm == 0] = 1  # all pixels are 0 as well: 0 / 1 is the gradient wanted
    grad_x = np.zeros(x.shape, x.dtype)
    for windows, pixels in _places(axes):
        grad_x[pixels] += grad[windows] * (x[pixels] / norm[windows])
    return grad_x


# name → (forward, backward), all called alike, with an _Axis for each pooled axis:
#     forward(x, axes) returns one number per window;
#     backward(grad, x, axes, ties) returns the gradient by x. None: pool_backward refuses it.
STATISTICS = {
    "max": (_max, _max_backward),
    "mean": (_mean, _mean_backward),
    "sum": (_sum, _sum_backward),
    "l2": (_norm, _norm_backward),
}


# The windows: where they are, and how to go through them.


class _Axis(NamedTuple):
    """The windows along one axis: number i starts at pixel i · stride − padding."""

    length: int  # pixels in
    windows: int  # numbers out
    size: int
    stride: int
    padding: int

    def places(self):
        """For each place in a window, yield the windows with a pixel there, and those pixels."""
        before = self.padding - (self.windows - 1) * self.stride  # the last window starts there
        for place in range(max(0, before), min(self.size, self.padding + self.length)):
            shift = place - self.padding  # window i has pixel i · stride + shift at this place
            first = max(0, -(shift // self.stride))  # -(a // b) rounds -a / b up
            last = min(self.windows - 1, (self.length - 1 - shift) // self.stride)
            if first <= last:
                start, stop = first * self.stride + shift, last * self.stride + shift + 1
                yield slice(first, last + 1), slice(start, stop, self.stride)

    def pixels(self):
        """For each window, yield a slice of its pixels; unlike `places`, window by window."""
        for first in range(-self.padding, self.windows * self.stride - self.padding, self.stride):
            yield slice(max(0, first), first + self.size)


def _places(axes):
    """For each place in a window, row by row, yield indices of the windows and of their pixels."""
    for place in itertools.product(*(axis.places() for axis in axes)):
        windows, pixels = zip(*place, strict=True)
        yield (..., *windows), (..., *pixels)


def _combine(ufunc, x, axes, start):
    """Combine the pixels of each window by ufunc, beginning with start.

    One axis after another, as the maximum of a window is the maximum of its rows' maxima: 2 · k
    steps instead of k · k. All windows take each step together.
    """
    for number, axis in enumerate(axes):
        after = (slice(None),) * (len(axes) - 1 - number)
        if axis.size > max(LONG, axis.windows):  # window by window is fewer steps
            along = number - len(axes)
            each = [
                ufunc.reduce(x[(..., pixels, *after)], along, x.dtype, keepdims=True, initial=start)
                for pixels in axis.pixels()
            ]
            x = np.concatenate(each, along)
            continue
        shape = list(x.shape)
        shape[number - len(axes)] = axis.windows
        result = np.full(shape, start, x.dtype)
        for windows, pixels in axis.places():
            part = result[(..., windows, *after)]
            ufunc(part, x[(..., pixels, *after)], out=part)
        x = result
    return x


def _pixels_in(axes, dtype):
    """Return how many pixels of each window lie inside the input: sum pooling of ones."""
    counts = (_sum(np.ones(axis.length, dtype), [axis]) for axis in axes)
    return functools.reduce(np.multiply.outer, counts)


def _shape_of_windows(shape, axes):
    return (*shape[: -len(axes)], *(axis.windows for axis in axes))


def _pooled_axes(shape, kernel_size, stride=None, padding=0, ceil_mode=False):
    """Check pool's arguments against the shape of x; return an _Axis for each pooled axis."""
    if len(shape) == 0:
        raise ValueError("x must have at least one axis; got a single number, shape ()")
    count = len(kernel_size) if isinstance(kernel_size, tuple | list) else min(len(shape), 2)
    if not 1 <= count <= len(shape):
        raise ValueError(f"kernel_size must be for 1 to {len(shape)} axes of x; got {kernel_size}")
    kernel = whole_numbers(kernel_size, "kernel_size", 1, count)
    step = kernel if stride is None else whole_numbers(stride, "stride", 1, count)
    edge = whole_numbers(padding, "padding", 0, count)
    if any(p >= k for p, k in zip(edge, kernel, strict=True)):
        raise ValueError(f"padding must be less than kernel_size, {kernel}; got {edge}")
    if not isinstance(ceil_mode, bool | np.bool_):
        raise TypeError(f"ceil_mode must be True or False; got {ceil_mode!r}")
    lengths = shape[-count:]
    if 0 in lengths:
        raise ValueError(f"x must have a pixel along every pooled axis; got shape {shape}")
    axes = [
        _Axis(n, _count_windows(n, k, s, p, ceil_mode), k, s, p)
        for n, k, s, p in zip(lengths, kernel, step, edge, strict=True)
    ]
    if any(axis.windows < 1 for axis in axes):
        padded = tuple(n + 2 * p for n, p in zip(lengths, edge, strict=True))
        what = "the input with its padding" if any(edge) else "the input"
        raise ValueError(f"kernel_size must be at most {what}, {padded}; got {kernel}")
    return axes


def _count_windows(length, size, stride, padding, ceil_mode):
    room = length + 2 * padding - size
    count = (room + (stride - 1 if ceil_mode else 0)) // stride + 1
    starts_outside = (count - 1) * stride - padding >= length  # only ever the last one
    return count - 1 if starts_outside else count


def _one_per_window(values, name, x, axes):
    return float_array(values, name, _shape_of_windows(x.shape, axes), "one number per window")
