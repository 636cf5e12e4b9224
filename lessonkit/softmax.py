"""Softmax, and the two losses that judge scores: cross-entropy and the hinge loss of an SVM.

Scores z are real numbers (TypeError otherwise): float32 stays float32, whole numbers become
float64, and z itself is never changed. NaN gives NaN, and nothing warns. Nothing overflows on the
way to a result that fits its dtype.
"""

import numpy as np

from lessonkit._arrays import (
    finite_number,
    float_array,
    in_float64,
    real_array,
    shape_of,
    whole_number,
)
from lessonkit.activations import relu


@in_float64
@np.errstate(all="ignore")
def softmax(z, axis=-1, temperature=1.0):
    """Return e^(z_j / T) / Σ_k e^(z_k / T), the sum along axis; T is the temperature.

    The highest score is subtracted from all of them first, so that no e^ overflows. That changes
    nothing else: it divides the numerator and the denominator by the same number.

    z: any shape with at least one score along axis. The result has the same shape; it is in [0, 1]
    and sums to 1 along axis. Scores of +∞ share the 1 equally; scores that are all −∞ give NaN.
    Raises ValueError for an axis that z does not have, and unless temperature is positive and
    finite. Source: equation 12-2; temperature: Hinton et al. 2015.

    >>> softmax([4, 1, -2]).round(4)
    array([0.9503, 0.0473, 0.0024])
    """
    e = np.exp(_gaps(z, axis, temperature))  # gaps: (z − the highest score) / T
    return e / e.sum(axis=axis, keepdims=True)


@in_float64
@np.errstate(all="ignore")
def log_softmax(z, axis=-1, temperature=1.0):
    """Return the natural logarithm of softmax, in [−∞, 0].

    It keeps its digits where softmax itself rounds to 0 or 1. Shapes, errors, source and
    infinities as for softmax.

    >>> log_softmax([4, 1, -2]).round(3)
    array([-0.051, -3.051, -6.051])
    """
    gaps = _gaps(z, axis, temperature)
    # gaps − log(Σ e^gaps). The highest score's e⁰ is 1, and log1p(others) is log(1 + others) with
    # all its digits: log(1 + 1e-20) would be 0.
    others = np.exp(gaps)
    np.put_along_axis(others, gaps.argmax(axis=axis, keepdims=True), 0, axis=axis)
    return gaps - np.log1p(others.sum(axis=axis, keepdims=True))


def _gaps(z, axis, temperature):
    """Return (z − the highest score along axis) / temperature."""
    z, divisor = _scores_and_divisor(z, axis, temperature)
    highest = z.max(axis=axis, keepdims=True)
    if divisor > 1:  # a gap may overflow that would fit once divided; its half does not
        z, highest, divisor = z / 2, highest / 2, divisor / 2
    gaps = z - highest
    gaps /= divisor
    if np.isposinf(highest).any():
        gaps[np.isposinf(highest) & (z == highest)] = 0  # ∞ − ∞ would be NaN
    return gaps


def _scores_and_divisor(z, axis, temperature):
    """Check both; return z as floats, and temperature in their dtype."""
    z = float_array(z, "z")
    if z.ndim == 0:
        raise ValueError("z must have at least one axis; got a single number")
    if whole_number(axis, "axis", least=-z.ndim) >= z.ndim:
        raise ValueError(f"axis must be at most {z.ndim - 1}; got {axis}")
    if z.shape[axis] == 0:
        raise ValueError(f"z must hold a score along axis {axis}; got shape {z.shape}")
    divisor = finite_number(temperature, "temperature", z.dtype)
    if divisor <= 0:
        raise ValueError(f"temperature must be a positive number ({z.dtype}); got {temperature}")
    return z, divisor


@in_float64
@np.errstate(all="ignore")
def cross_entropy(z, labels):
    """Return the mean of −log softmax(z)[label] over the samples, in [0, ∞].

    z: scores of shape (N, K), N samples and K classes. labels: the N correct classes, whole
    numbers in 0 … K − 1. Raises ValueError for other shapes and classes, TypeError for labels
    that are not whole numbers. Source: section 12.5; Bridle 1990.

    >>> cross_entropy([[4, 1, -2]], [0]).round(3)
    np.float64(0.051)
    """
    z, right = _scores_and_right_ones(z, labels)
    return _mean_of_sums(-log_softmax(z)[right], len(z))


@in_float64
@np.errstate(all="ignore")
def cross_entropy_gradient(z, labels):
    """Return the derivative of cross_entropy with respect to every score.

    It is (softmax(z) − one-hot labels) / N, of the same shape as z and in [−1/N, 1/N]. Errors as
    for cross_entropy.

    >>> cross_entropy_gradient([[4, 1, -2]], [0]).round(4)
    array([[-0.0497,  0.0473,  0.0024]])
    """
    z, right = _scores_and_right_ones(z, labels)
    gradient = softmax(z)
    gradient[right] -= 1
    return gradient / len(z)


@in_float64
@np.errstate(all="ignore")
def hinge_loss(z, labels, margin=1.0):
    """Return the loss of a multi-class support vector machine, in [0, ∞].

    It is Σ max(0, margin + z_wrong − z_right) over the wrong classes, then the mean over the
    samples: 0 as soon as the right score leads by the margin. margin: a finite number of at
    least 0. Shapes and errors as for cross_entropy. Source: Weston & Watkins 1999.

    >>> hinge_loss([[4, 1, -2], [1, 1.5, 0]], [0, 0])
    np.float64(0.75)
    """
    z, right = _scores_and_right_ones(z, labels)
    return _mean_of_sums(relu(_violations(z, right, margin)), len(z))


@in_float64
@np.errstate(all="ignore")
def hinge_loss_gradient(z, labels, margin=1.0):
    """Return the derivative of hinge_loss with respect to every score.

    It is 1/N for each wrong score that violates the margin, and minus their sum for the right
    score. Exactly on the margin it is 0, as for relu. Shape: that of z. Errors as for hinge_loss.

    >>> hinge_loss_gradient([[4, 1, -2], [1, 1.5, 0]], [0, 0])
    array([[ 0. ,  0. ,  0. ],
           [-0.5,  0.5,  0. ]])
    """
    z, right = _scores_and_right_ones(z, labels)
    gradient = relu.derivative(_violations(z, right, margin))
    gradient[right] -= gradient.sum(axis=1)
    return gradient / len(z)


def _violations(z, right, margin):
    """Return margin + z_wrong − z_right, and 0 for the right class."""
    margin = finite_number(margin, "margin", z.dtype)
    if margin < 0:
        raise ValueError(f"margin must be at least 0; got {margin}")
    violations = z - z[right][:, np.newaxis] + margin
    violations[right] = 0
    return violations


def _mean_of_sums(losses, samples):
    """Return the sum of losses / samples, divided first: the sum may overflow where this fits."""
    return (losses / samples).sum()


def _scores_and_right_ones(z, labels):
    """Return z as floats and the index of the right score in each row."""
    z = float_array(z, "z")
    if z.ndim != 2 or z.size == 0:
        raise ValueError(f"z must have shape (samples, classes), neither 0; got {shape_of(z)}")
    labels = real_array(labels, "labels", z.shape[:1], "one label for each row of z")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be whole numbers; got {labels.dtype}")
    unknown = labels[(labels < 0) | (labels >= z.shape[1])]
    if unknown.size:
        raise ValueError(f"labels must lie in 0 … {z.shape[1] - 1}; got {unknown[0]}")
    return z, (np.arange(len(z)), labels)
