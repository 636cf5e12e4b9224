"""Models that can fit too little or too much: least-squares polynomials and a regression tree.

x and y are points: two arrays of one axis and equal length, real and finite (TypeError or
ValueError otherwise), in any order; they are not changed. Fits are computed in float64. A fit is
called like a function, with x of any shape.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.polynomial import Legendre, legendre

from lessonkit._arrays import (
    check_pair,
    check_size,
    finite_number,
    float_array,
    in_float64,
    shape_of,
    whole_number,
)


@np.errstate(all="ignore")  # sine(∞) is NaN
def sine(x):
    """Return sin(2πx), one wave over 0..1: the truth behind the points of `noisy_sine`."""
    return np.sin(2 * np.pi * float_array(x))


def noisy_sine(points, noise, seed):
    """Return x, evenly spaced from 0 to 1, and y = sine(x) plus random errors.

    The errors are normal with mean 0; noise is their standard deviation. The same seed (a whole
    number) gives the same errors. Source of the example: Bishop 2006, section 1.1.

    >>> x, y = noisy_sine(5, noise=0, seed=1)
    >>> x, y.round(3) + 0
    (array([0.  , 0.25, 0.5 , 0.75, 1.  ]), array([ 0.,  1.,  0., -1.,  0.]))
    """
    points = whole_number(points, "points", 1)
    check_size((points,), "points")
    x = np.linspace(0, 1, points)
    errors = np.random.default_rng(whole_number(seed, "seed", 0)).standard_normal(len(x))
    return x, sine(x) + _at_least_0(noise, "noise") * errors


@in_float64
def mean_squared_error(prediction, target):
    """Return the mean of (prediction − target)². Its square root is a typical error.

    Raises ValueError unless both have the same shape, with at least one number.

    >>> mean_squared_error([1, 2, 3], [1, 2, 5]).round(3)
    np.float64(1.333)
    """
    prediction, target = float_array(prediction, "prediction"), float_array(target, "target")
    if prediction.shape != target.shape or target.size == 0:
        raise ValueError(
            f"prediction and target must have the same shape, not empty; "
            f"got {shape_of(prediction)} and {shape_of(target)}"
        )
    with np.errstate(all="ignore"):
        return np.mean((prediction - target) ** 2)


def training_and_test_errors(fits, training, test):
    """Return the mean squared error of each fit on (x, y) = training and on (x, y) = test.

    The shape is (2, number of fits). The lower the first row, the closer the fits follow the
    points they have seen; only the second row tells whether they have learned from them.

    >>> seen, new = ([0, 1, 2], [0, 1, 0]), ([0.5, 1.5], [0.5, 0.5])
    >>> fits = [fit_polynomial(*seen, degree) for degree in (0, 1, 2)]
    >>> training_and_test_errors(fits, seen, new).round(2) + 0
    array([[0.22, 0.22, 0.  ],
           [0.03, 0.03, 0.06]])
    """
    if callable(fits):
        raise TypeError("fits must be a list of fits, such as [fit]; got a single one")
    if not isinstance(fits, tuple | list) or not all(map(callable, fits)):
        raise TypeError(f"fits must be a list of fits, such as [fit]; got {fits!r}")
    pairs = check_pair(training, "training"), check_pair(test, "test")
    return np.array([[mean_squared_error(fit(x), y) for fit in fits] for x, y in pairs])


# -- polynomials ---------------------------------------------------------------------------------


def fit_polynomial(x, y, degree, ridge=0.0, domain=None):
    """Return the polynomial of this degree that fits the points best, as NumPy's Legendre series.

    f = Σ c_k P_k with the Legendre polynomials P_0 … P_degree, stretched from [−1, 1] to domain, a
    pair (low, high), or by default to the range of x. (Powers of x make the same curves, but at
    high degrees rounding spoils their coefficients.) It minimises

        Σ (f(x_i) − y_i)² + ridge · (c_1² + … + c_degree²)

    ridge, at least 0, pulls the curve towards a constant; the constant c_0 itself is not
    penalised. Where many curves are equally good (ridge 0, and fewer points than coefficients)
    it is the one with the smallest Σ c_k². Source of the penalty: Hoerl & Kennard 1970.

    >>> line = fit_polynomial([0, 1, 2], [1, 3, 5], degree=1)
    >>> line(10).round(6)
    np.float64(21.0)
    """
    x, y = _points(x, y)
    degree = whole_number(degree, "degree", 0)
    check_size((x.size + degree, degree + 1), "degree")
    ridge = _at_least_0(ridge, "ridge")
    series = Legendre(np.zeros(degree + 1), domain=_domain(x, domain))
    columns = _columns(series, x)
    # Least squares knows no penalty, but rows that ask for √ridge · c_k = 0 add exactly that.
    penalty = np.sqrt(ridge) * np.eye(degree + 1)[1:]
    rows, wanted = np.vstack([columns, penalty]), np.append(y, np.zeros(degree))
    series.coef = np.linalg.lstsq(rows, wanted)[0]
    return series


def _columns(series, x):
    """Return P_0 … P_degree at x, one per column; ValueError for sizes that do not fit float64."""
    with np.errstate(all="ignore"):
        offset, scale = series.mapparms()
        columns = legendre.legvander(offset + scale * x, series.degree())
    if scale == 0 or not np.isfinite(columns).all():
        raise ValueError(
            "x and domain must not be too wide, too narrow or too far apart for float64; got x "
            f"from {x.min()} to {x.max()}, domain from {series.domain[0]} to {series.domain[1]}"
        )
    return columns


def _domain(x, domain):
    if domain is None:  # if all points are at one x, leave room on both sides of it
        return (x.min(), x.max()) if x.min() < x.max() else (x.min() - 1, x.max() + 1)
    ends = float_array(domain, "domain")
    if ends.shape != (2,) or not np.isfinite(ends).all() or ends[0] >= ends[1]:
        raise ValueError(f"domain must be two finite numbers, the smaller first; got {domain}")
    return ends


# -- trees -----------------------------------------------------------------------------------------


class Tree(NamedTuple):
    """A regression tree on one feature: it asks "is x ≤ threshold?" and goes left or right.

    >>> tree = fit_tree([1, 2, 3, 4], [0, 0, 5, 7], depth=2)
    >>> tree.threshold, tree([0, 3.2, 9]), tree.pruned(1)([0, 3.2, 9])
    (np.float64(2.5), array([0., 5., 7.]), array([0., 6., 6.]))
    """

    value: np.float64  # the mean y of its points: its answer if it asks no question
    threshold: np.float64 | None = None
    left: "Tree | None" = None
    right: "Tree | None" = None

    def __call__(self, x):
        x = float_array(x)
        if self.threshold is None:
            return np.where(np.isnan(x), np.nan, self.value)[()]
        return np.where(x <= self.threshold, self.left(x), self.right(x))[()]

    def pruned(self, depth):
        """Return the tree that asks at most `depth` questions and then answers with the mean."""
        if whole_number(depth, "depth", 0) == 0 or self.threshold is None:
            return Tree(self.value)
        left, right = self.left.pruned(depth - 1), self.right.pruned(depth - 1)
        return self._replace(left=left, right=right)


@np.errstate(all="ignore")
def fit_tree(x, y, depth):
    """Return the `Tree` that greedy splitting grows, with at most `depth` questions in a row.

    Each question splits its points half-way between two neighbours, where the squared errors around
    the two means add up to the least. It does not look ahead, so a shallower tree is the upper part
    of a deeper one. A split that reduces nothing is not made. Source: Breiman et al. 1984.
    """
    x, y = _points(x, y)
    order = np.argsort(x, kind="stable")
    return _grown(x[order], y[order], whole_number(depth, "depth", 0))


def _grown(x, y, depth):
    cut = _best_cut(x, y) if depth > 0 else 0
    if cut == 0:
        return Tree(_mean(y))
    middle = x[cut - 1] / 2 + x[cut] / 2
    threshold = min(middle, np.nextafter(x[cut], -np.inf))  # not rounded up to the right one
    left, right = _grown(x[:cut], y[:cut], depth - 1), _grown(x[cut:], y[cut:], depth - 1)
    return Tree(_mean(y), threshold, left, right)


def _mean(y):
    """Return the mean of y, which fits float64 even where the sum of y does not."""
    mean, unit = y.mean(), 2.0**1000  # a power of 2, so that dividing by it loses no digits
    return mean if math.isfinite(mean) else (y / unit).mean() * unit


def _best_cut(x, y):
    """Return how many points go left in the best split of points sorted by x, or 0 for none.

    With the mean subtracted from y, a split of n points that puts m of them left, with sum S,
    lowers the sum of squared errors by S² · (1/m + 1/(n − m)).
    """
    count = len(x)
    if count < 2 or y.max() == y.min():
        return 0
    y = y / np.abs(y).max()
    sums = np.cumsum(y - y.mean())[:-1]
    sums[np.abs(sums) <= count * np.finfo(float).eps] = 0  # what rounding makes of 0
    sums[x[:-1] == x[1:]] = 0  # no question tells these two apart
    left = np.arange(1, count)
    gains = sums**2 * (1 / left + 1 / (count - left))
    return gains.argmax() + 1 if gains.any() else 0


# -- what both take --------------------------------------------------------------------------------


def _points(x, y):
    x = float_array(x).astype(np.float64)
    if x.ndim != 1 or x.size == 0:
        raise ValueError(f"x must be (points,), one point or more; got {shape_of(x)}")
    y = float_array(y, "y", x.shape, "one number for each x").astype(np.float64)
    for name, values in (("x", x), ("y", y)):
        if not np.isfinite(values).all():
            raise ValueError(f"{name} must be finite; got {values[~np.isfinite(values)][0]}")
    return x, y


def _at_least_0(value, name):
    number = finite_number(value, name, np.float64)
    if number < 0:
        raise ValueError(f"{name} must be at least 0; got {value}")
    return number
