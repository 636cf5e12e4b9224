"""Activation functions, each beside its derivative.

An activation is applied to each number of an array on its own, so x may have any shape, and the
result has the same one. float32 stays float32, whole numbers become float64, and x itself is never
changed. NaN gives NaN, ±∞ give the limits, and nothing warns. Anything but real numbers is a
TypeError. The ranges given are those of the true values; rounding can reach an open end.
"""

import functools
import inspect

import numpy as np

from lessonkit._arrays import finite_number, float_array


def _on_floats(function):
    """Let function compute with a floating-point array, and silence NumPy's warnings.

    An exponential that overflows to ∞ or underflows to 0 is on its way to the right limit here.
    """

    @functools.wraps(function)
    def on_floats(x, *args, **kwargs):
        with np.errstate(all="ignore"):
            return function(float_array(x), *args, **kwargs)[()]  # [()]: 0-d array → plain number

    return on_floats


class Activation:
    """A function together with what belongs to it; it is called like any function.

    name: as in the code. formula, derivative_formula: their right-hand sides in LaTeX; a notebook
    shows both where an activation is the last line of a cell. derivative: a function with the same
    parameters. inspect.signature(activation) has the parameters and their defaults.

    >>> @activation(r"x^2")
    ... def square(x):
    ...     return x**2
    >>> @square.derivative_is(r"2 x")
    ... def square_derivative(x):
    ...     return 2 * x
    >>> square([1, 2, 3]), square.derivative([1, 2, 3])
    (array([1., 4., 9.]), array([2., 4., 6.]))
    """

    def __init__(self, function, formula, where):
        functools.update_wrapper(self, function)
        self._call = _on_floats(function)
        self.name = function.__name__
        self.formula, self.where = formula, where

    def __call__(self, x, *args, **kwargs):
        return self._call(x, *args, **kwargs)

    def __repr__(self):
        return f"<activation {self.name}{inspect.signature(self)}>"

    def _repr_latex_(self):
        name = rf"\mathrm{{{self.name}}}".replace("_", r"\_")
        lines = [rf"{name}(x) &= {self.formula}"]
        if hasattr(self, "derivative"):
            lines.append(rf"{name}'(x) &= {self.derivative_formula}")
        if self.where:
            lines.append(self.where)
        return r"$$\begin{aligned} " + r" \\[1ex] ".join(lines) + r" \end{aligned}$$"

    def derivative_is(self, formula):
        """Return a decorator that makes a function the derivative, with this formula (LaTeX)."""

        def register(function):
            self.derivative, self.derivative_formula = _on_floats(function), formula
            return self.derivative

        return register


def activation(formula, where=""):
    """Return a decorator that makes a function an Activation with this formula (LaTeX).

    where: what a letter of the formula stands for, in LaTeX too, with an & to align it at.
    """
    return lambda function: Activation(function, formula, where)


@activation(r"\frac{1}{1 + e^{-x}}")
def sigmoid(x):
    """1 / (1 + e^−x), in (0, 1). It comes out as 0 where e^−x is too large for the dtype (x below
    about −709.8, in float32 −88.7). Source: equation 12-1.

    >>> sigmoid([-1, 0, 1]).round(3)
    array([0.269, 0.5  , 0.731])
    """
    return 1 / (1 + np.exp(-x))


@sigmoid.derivative_is(r"\frac{e^{-x}}{(1 + e^{-x})^{2}}")
def sigmoid_derivative(x):
    """e^−|x| / (1 + e^−|x|)², in (0, 1/4]. It equals s·(1 − s) with s = sigmoid(x).

    >>> print(f"{sigmoid.derivative(40):.3g}")
    4.25e-18
    """
    e = np.exp(-np.abs(x))
    return e / (1 + e) ** 2  # s·(1 − s) would already be 0 at x = 37


@activation(r"\frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}")
def tanh(x):
    """(e^x − e^−x) / (e^x + e^−x), in (−1, 1). Source: section 12.3; LeCun et al. 1998.

    >>> tanh([-1, 0, 1]).round(3)
    array([-0.762,  0.   ,  0.762])
    """
    return np.tanh(x)


@tanh.derivative_is(r"1 - \tanh(x)^{2}")
def tanh_derivative(x):
    """1 / cosh²(x), in (0, 1]. It equals 1 − tanh²(x).

    >>> print(f"{tanh.derivative(20):.3g}")
    1.7e-17
    """
    return (1 / np.cosh(x)) ** 2  # 1 − tanh² would already be 0 at x = 20


@activation(r"\max(x, 0)")
def relu(x):
    """max(x, 0), in [0, ∞). Source: Nair & Hinton 2010; rectifying units: Fukushima 1969.

    >>> relu([-2, 0, 3])
    array([0., 0., 3.])
    """
    return np.maximum(x, 0)


@relu.derivative_is(r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}")
def relu_derivative(x):
    """1 where x > 0, 0 where x ≤ 0.

    >>> relu.derivative([-2, 0, 3])
    array([0., 0., 1.])
    """
    return np.heaviside(x, 0)


BENT = r"\max(x, 0) + a \, \min(x, 0)"
BENT_SLOPE = r"\begin{cases} 1 & x > 0 \\ a & x \le 0 \end{cases}"


def _bend(x, slope):
    """Return max(x, 0) + slope · min(x, 0): a straight line bent at 0."""
    left = slope * np.minimum(x, 0)
    return np.maximum(x, 0) + np.where(slope == 0, 0, left)  # 0 · −∞ would be NaN


def _bend_derivative(x, slope):
    """Return 1 where x > 0, slope where x ≤ 0."""
    return np.heaviside(x, 0) + slope * np.heaviside(-x, 1)


@activation(BENT, where=r"a &= \mathrm{negative\_slope}")
def leaky_relu(x, negative_slope=0.01):
    """max(x, 0) + a · min(x, 0), any real number; a is negative_slope, one finite number
    (ValueError otherwise). Source: Maas et al. 2013.

    >>> leaky_relu([-2, 0, 3])
    array([-0.02,  0.  ,  3.  ])
    """
    return _bend(x, finite_number(negative_slope, "negative_slope", x.dtype))


@leaky_relu.derivative_is(BENT_SLOPE)
def leaky_relu_derivative(x, negative_slope=0.01):
    """1 where x > 0, negative_slope where x ≤ 0.

    >>> leaky_relu.derivative([-2, 0, 3])
    array([0.01, 0.01, 1.  ])
    """
    return _bend_derivative(x, finite_number(negative_slope, "negative_slope", x.dtype))


@activation(BENT, where=r"a &= \mathrm{slope}")
def prelu(x, slope=0.25):
    """max(x, 0) + a · min(x, 0) like leaky_relu, but a, the slope, is learned and may be an array.

    It broadcasts against x: shape (C, 1, 1) is one slope per channel of x with shape
    (N, C, H, W). The result has the shape of both broadcast together. Raises ValueError if they
    do not broadcast and for an infinite slope; a slope of NaN gives NaN. Source: He et al. 2015.

    >>> prelu([[-2, 3], [-2, 3]], slope=[[0.5], [0.1]])
    array([[-1. ,  3. ],
           [-0.2,  3. ]])
    """
    return _bend(x, _slope_for(x, slope))


@prelu.derivative_is(BENT_SLOPE)
def prelu_derivative(x, slope=0.25):
    """1 where x > 0, slope where x ≤ 0.

    >>> prelu.derivative([-2, 0, 3])
    array([0.25, 0.25, 1.  ])
    """
    return _bend_derivative(x, _slope_for(x, slope))


@_on_floats
def prelu_slope_gradient(x):
    """min(x, 0), the derivative of prelu with respect to its slope.

    Where several values share a slope, add up theirs.

    >>> prelu.slope_gradient([-2, 0, 3])
    array([-2.,  0.,  0.])
    """
    return np.minimum(x, 0)


prelu.slope_gradient = prelu_slope_gradient


def _slope_for(x, slope):
    """Return slope in the dtype of x, so that float32 stays float32."""
    given = float_array(slope, "slope")
    slope = given.astype(x.dtype)
    if np.isinf(slope).any():
        raise ValueError(f"slope must be finite ({x.dtype}); got {given[np.isinf(slope)][0]}")
    try:
        np.broadcast_shapes(x.shape, slope.shape)
    except ValueError:
        raise ValueError(
            f"slope must broadcast against x, of shape {x.shape}; got shape {slope.shape}"
        ) from None
    return slope


@activation(BENT, where=r"\mathrm{lower} \le a &\le \mathrm{upper}")
def rrelu(x, lower=1 / 8, upper=1 / 3, rng=None):
    """max(x, 0) + a · min(x, 0) like leaky_relu, but a is random between lower and upper.

    With rng, a numpy.random.Generator, each value draws its own a (training); without, a is the
    mean (lower + upper) / 2. Raises ValueError unless lower ≤ upper, both finite, and TypeError
    for another rng. Source: Xu et al. 2015.

    >>> rrelu([-3, 0, 3], lower=0.1, upper=0.3)
    array([-0.6,  0. ,  3. ])
    >>> rrelu([-3, -3, 3], rng=np.random.default_rng(0)).round(3)
    array([-0.773, -0.544,  3.   ])
    """
    lower, upper = _bounds_for(x, lower, upper)
    if rng is None:
        return _bend(x, lower / 2 + upper / 2)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be None or a numpy.random.Generator; got {rng!r}")
    return _bend(x, rng.uniform(lower, upper, x.shape).astype(x.dtype))


@rrelu.derivative_is(BENT_SLOPE)
def rrelu_derivative(x, lower=1 / 8, upper=1 / 3):
    """1 where x > 0, (lower + upper) / 2 where x ≤ 0. In training, draw slopes and use prelu.

    >>> rrelu.derivative([-3, 0, 3], lower=0.1, upper=0.3)
    array([0.2, 0.2, 1. ])
    """
    lower, upper = _bounds_for(x, lower, upper)
    return _bend_derivative(x, lower / 2 + upper / 2)


def _bounds_for(x, lower, upper):
    lower = finite_number(lower, "lower", x.dtype)
    upper = finite_number(upper, "upper", x.dtype)
    if lower > upper:
        raise ValueError(f"lower must be at most upper, {upper}; got {lower}")
    return lower, upper


@activation(r"\max(x, 0) + \alpha \, (e^{\min(x, 0)} - 1)")
def elu(x, alpha=1.0):
    """x where x > 0, α · (e^x − 1) where x ≤ 0; never below −α if α ≥ 0. alpha is one finite
    number (ValueError otherwise). Source: Clevert et al. 2016.

    >>> elu([-2, 0, 3]).round(3)
    array([-0.865,  0.   ,  3.   ])
    """
    alpha = finite_number(alpha, "alpha", x.dtype)
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


@elu.derivative_is(r"\begin{cases} 1 & x > 0 \\ \alpha \, e^{x} & x \le 0 \end{cases}")
def elu_derivative(x, alpha=1.0):
    """1 where x > 0, α · e^x where x ≤ 0.

    >>> elu.derivative([-2, 0, 3], alpha=0.5).round(3)
    array([0.068, 0.5  , 1.   ])
    """
    alpha = finite_number(alpha, "alpha", x.dtype)
    return np.where(x > 0, 1, alpha * np.exp(x))


@activation(r"\frac{x}{1 + e^{-x}}")
def silu(x):
    """x · sigmoid(x), never below −0.2785. Source: Hendrycks & Gimpel 2016; Elfwing et al. 2018.

    >>> silu([-2, 0, 3]).round(3)
    array([-0.238,  0.   ,  2.858])
    """
    x = np.maximum(x, np.finfo(x.dtype).min)  # −∞ · 0 would be NaN
    return x * sigmoid(x)


@silu.derivative_is(r"\frac{1}{1 + e^{-x}} + \frac{x \, e^{-x}}{(1 + e^{-x})^{2}}")
def silu_derivative(x):
    """sigmoid(x) + x · sigmoid′(x) by the product rule, between −0.0998 and 1.0998.

    >>> silu.derivative([-2, 0, 3]).round(3)
    array([-0.091,  0.5  ,  1.088])
    """
    x = np.clip(x, np.finfo(x.dtype).min, np.finfo(x.dtype).max)  # ±∞ · 0 would be NaN
    return sigmoid(x) + x * sigmoid.derivative(x)


ACTIVATIONS = {
    each.name: each for each in (sigmoid, tanh, relu, leaky_relu, prelu, rrelu, elu, silu)
}
