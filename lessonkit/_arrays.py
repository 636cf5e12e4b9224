"""How every function of the package checks what it is given, and how it refuses it."""

import operator
import reprlib
from numbers import Real

import numpy as np


def real_array(x, name="x", shape=None, what=None):
    """Return x as an array of real numbers, in its own dtype and without a copy.

    Raises TypeError for complex numbers, text and other objects, and ValueError for another shape
    than `shape`, if that is given; `what` says in words what has this shape.
    """
    try:
        array = np.asarray(x)
    except ValueError:  # rows of unequal length
        raise TypeError(
            f"{name} must be an array of real numbers; its rows differ in length"
        ) from None
    if array.dtype.kind not in "biuf":
        odd = (v for v in np.asarray(x, object).flat if not isinstance(v, Real | np.bool_))
        raise TypeError(f"{name} must hold real numbers; got {reprlib.repr(next(odd, x))}")
    if shape is not None and array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, {what}; got {shape_of(array)}")
    return array


def shape_of(array):
    """Return the shape of an array in an error's words: () would tell a beginner nothing."""
    return array.shape or "a single number"


def float_array(x, name="x", shape=None, what=None):
    """Do the same as `real_array`, but return integers and booleans as float64."""
    array = real_array(x, name, shape, what)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def whole_number(value, name, least, what="a whole number"):
    """Return value as an int; TypeError unless it is a whole number, ValueError below `least`."""
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be {what}; got {value!r}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}; got {number}")
    return number


def whole_numbers(value, name, least, count):
    """Return `count` whole numbers, one per axis: a single number stands for all of them.

    Raises what `whole_number` raises, and ValueError for a tuple or list of another length.
    """
    if not isinstance(value, tuple | list):
        return (whole_number(value, name, least, "a whole number or a tuple of them"),) * count
    if len(value) != count:
        raise ValueError(f"{name} must be one whole number or {count}, one per axis; got {value}")
    return tuple(whole_number(each, f"{name}[{axis}]", least) for axis, each in enumerate(value))


def check_choice(value, name, choices):
    """Raise ValueError, naming the choices, unless value is the name of one of them."""
    if not (isinstance(value, str) and value in choices):
        raise ValueError(f"{name} must be one of {', '.join(choices)}; got {value!r}")


def finite_number(value, name, dtype):
    """Return value as one number of dtype, so that a float32 array stays float32 beside it.

    Raises TypeError unless value is real, ValueError unless it is single, finite and fits dtype.
    """
    array = real_array(value, name)
    with np.errstate(over="ignore"):
        number = array.astype(dtype)
    if number.ndim > 0 or not np.isfinite(number):
        raise ValueError(f"{name} must be one finite number ({dtype}); got {value}")
    return number[()]


def generator(rng, name="rng"):
    """Return rng itself, or if it is a seed, a numpy.random.Generator made from it."""
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError) as error:
        what = "a whole number of at least 0 or a numpy.random.Generator"
        raise type(error)(f"{name} must be {what}; got {rng!r}") from None
