"""Read what a learner's function returned, compare it and show it."""

import numpy as np

LARGEST = 100_000  # numbers: what is larger is not looked into
FEW = 16  # numbers that fit into a sentence


class UnreadableError(Exception):
    """What was returned is not made of numbers; the message says what it is."""


def numbers(value):
    """Return value as an array of float64; None stays None.

    Raises UnreadableError for what is no number, no array and no list of numbers. An array too
    large to be right becomes one of NaN whose elements nobody looks at.
    """
    if value is None:
        return None
    if hasattr(value, "send"):  # a generator or a coroutine
        value.close()
        raise UnreadableError(_what(value))
    if isinstance(value, str | bytes | set | dict) or callable(value):
        raise UnreadableError(_what(value))
    try:
        array = np.asarray(value)
    except ValueError:
        raise UnreadableError("a list whose rows have different lengths") from None
    if array.size > LARGEST:
        return np.broadcast_to(np.float64(np.nan), array.shape)
    if array.dtype.kind == "c":
        raise UnreadableError("complex numbers")
    if array.dtype == object and any(element is None for element in array.flat):
        raise UnreadableError("None among the numbers")
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError):
        raise UnreadableError(_what(value)) from None


def _what(value):
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def same(answer, other):
    """Say whether two arrays, or None, are equal but for rounding in float32."""
    if answer is None or other is None:
        return answer is other
    if answer.shape != other.shape:
        return False
    return answer.size > LARGEST or np.allclose(answer, other, rtol=1e-5, atol=1e-6, equal_nan=True)


def shown(value):
    """Return a number or a small array as a learner would type it; of a larger one, its shape."""
    if np.size(value) > FEW:
        return f"an array of shape {value.shape}"
    if np.ndim(value):
        return f"[{', '.join(shown(row) for row in value)}]"
    if np.isfinite(value) and value == int(value):
        return f"{int(value)}"
    return f"{float(value):.5g}"
