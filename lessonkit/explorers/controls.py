"""What explorers' controls share: to be shown only while they are of use, and typed numbers."""

import re
from typing import Any

import numpy as np
from ipywidgets import DOMWidget, ValueWidget


def show(control: DOMWidget, on: bool) -> None:
    """Show a control, or hide it and give its room to the others."""
    control.layout.display = "flex" if on else "none"


def show_while(control: DOMWidget, chooser: ValueWidget, value: Any) -> None:
    """Show `control` only while `chooser` has this value."""

    def follow(_=None):
        show(control, chooser.value == value)

    chooser.observe(follow, "value")
    follow()


def typed_numbers(text, count, largest, example):
    """Return the numbers in a text, (count,) float64, between which stand spaces, commas and such.

    The text is that of a control labelled numbers; `example` is one that is right.

    >>> typed_numbers("1 2, 3 / −4.5", 4, 99, "1 2 3 2")
    array([ 1. ,  2. ,  3. , -4.5])
    >>> typed_numbers("1 2, 3", 4, 99, "1 2 3 2")
    Traceback (most recent call last):
    ValueError: numbers must be 4 numbers from −99 to 99, such as 1 2 3 2; got '1 2, 3'
    """
    try:
        numbers = [float(w) for w in re.split(r"[\s,;/]+", text.strip().replace("−", "-"))]
    except ValueError:
        numbers = []
    if len(numbers) != count or not np.abs(numbers).max() <= largest:  # as nan is not
        raise ValueError(
            f"numbers must be {count} numbers from −{largest} to {largest}, such as {example}; "
            f"got {text!r}"
        )
    return np.array(numbers)
