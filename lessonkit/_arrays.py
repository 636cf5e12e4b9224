"""How every function of the package checks what it is given, and how it refuses it."""

import contextlib
import functools
import inspect
import math
import operator
import reprlib
from numbers import Real

import numpy as np

HALVES = (np.dtype(np.float16), np.dtype(np.float16).newbyteorder())
MOST_NUMBERS = 2**27  # in an array that an argument alone makes large: 1 GiB of float64


def real_array(x, name="x", shape=None, what=None):
    """Return x as an array of real numbers, in its own dtype and without a copy.

    Numbers that no dtype of NumPy holds, such as 10**30 or a Fraction, become float64, and numbers
    in another machine's byte order become a copy in this one's. Raises
    TypeError for complex numbers, text and other objects and for masked arrays, and ValueError for
    another shape than `shape`, if that is given; `what` says in words what has this shape.
    """
    if _is_masked(x):
        raise TypeError(
            f"{name} must not be masked, for its masked values would count like the others; use "
            f"{name}.compressed() to leave them out or {name}.filled(0) to replace them"
        )
    try:
        array = np.asarray(x)
    except ValueError:  # rows of unequal length
        raise TypeError(
            f"{name} must be an array of real numbers; its rows differ in length"
        ) from None
    if array.dtype.kind not in "biuf":
        array = _floats_of(x, array, name)
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if shape is not None and array.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, {what}; got {shape_of(array)}")
    return array


def _floats_of(x, array, name):
    """Return numbers that no dtype of NumPy holds as float64; TypeError for anything else."""
    values = np.asarray(x, object).ravel()
    odd = [value for value in values if not isinstance(value, Real | np.bool_)]
    if not odd and not isinstance(x, np.ndarray):
        with contextlib.suppress(OverflowError):  # float64 ends at 1.8e308
            return np.reshape([float(value) for value in values], array.shape)
    raise TypeError(f"{name} must hold real numbers; got {reprlib.repr((odd or [x])[0])}")


def _is_masked(x):
    if isinstance(x, tuple | list):
        return any(map(_is_masked, x))
    return isinstance(x, np.ma.MaskedArray)


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


def check_size(shape, name):
    """Raise ValueError, naming what asks for it, if an array of this shape would be far too large.

    The computer would stand still, or Python would end without a word.
    """
    count = math.prod(shape)
    if count > MOST_NUMBERS:
        raise ValueError(
            f"{name} must be smaller: it asks for {_large(count)} numbers, and {MOST_NUMBERS:,} "
            "are the most"
        )


def _large(count):
    return f"{count:,}" if count < 10**15 else f"about 10**{math.log10(count):.0f}"


def check_pair(value, name, what="(x, y)"):
    """Return value, or raise TypeError unless it is a pair."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError(f"{name} must be a pair {what}; got {reprlib.repr(value)}")
    return value


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


def in_float64(function):
    """Decorate a function of floats that adds many up: a float16 array is added up in float64.

    The result is float16 again. float16 itself counts no further than 2048: 2048 + 1 is 2048.
    """

    first = next(iter(inspect.signature(function).parameters))

    @functools.wraps(function)
    def widened(*args, **kwargs):
        x = args[0] if args else kwargs.get(first)
        if not _is_half(x):
            return function(*args, **kwargs)
        wide = real_array(x, first).astype(np.float64)
        with np.errstate(over="ignore"):
            if args:
                return function(wide, *args[1:], **kwargs).astype(np.float16)
            return function(**kwargs | {first: wide}).astype(np.float16)

    return widened


def _is_half(x):
    """Tell whether x is a float16 array, or a list of them."""
    if isinstance(x, tuple | list):
        return len(x) > 0 and all(map(_is_half, x))
    return getattr(x, "dtype", None) in HALVES
