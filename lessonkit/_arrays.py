"""How every function of the package takes in what it is given, and how it refuses it."""

import operator

import numpy as np


def real_array(x, name="x"):
    """Return x as an array of real numbers, in its own dtype and not copied.

    Raises TypeError for complex numbers, text and other objects.
    """
    try:
        array = np.asarray(x)
    except ValueError:  # rows of unequal length
        raise TypeError(
            f"{name} must be an array of real numbers; its rows differ in length"
        ) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers; got {array.dtype}")
    return array


def float_array(x, name="x"):
    """Return x as floating point: floats keep their dtype, integers and booleans become float64."""
    array = real_array(x, name)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def whole_number(value, name, least):
    """Return value as an int; TypeError unless it is a whole number, ValueError below `least`."""
    try:
        if isinstance(value, bool | np.bool_):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number; got {value!r}") from None
    if number < least:
        raise ValueError(f"{name} must be at least {least}; got {number}")
    return number


def whole_numbers(value, name, least, count):
    """Return `count` whole numbers, one an axis: a single number goes for all of them.

    Raises what `whole_number` raises, and ValueError for a tuple or list of another length.
    """
    if not isinstance(value, tuple | list):
        return (whole_number(value, name, least),) * count
    if len(value) != count:
        raise ValueError(f"{name} must be one whole number or {count}, one an axis; got {value}")
    return tuple(whole_number(number, name, least) for number in value)


def finite_number(value, name, dtype):
    """Return value as one number of dtype (so that float32 arrays stay float32 beside it).

    Raises TypeError unless value is real, ValueError unless it is single, finite and fits dtype.
    """
    array = real_array(value, name)
    with np.errstate(over="ignore"):
        number = array.astype(dtype)
    if number.ndim > 0 or not np.isfinite(number):
        raise ValueError(f"{name} must be one finite number ({dtype}); got {value}")
    return number[()]
