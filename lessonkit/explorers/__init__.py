"""The explorers of the lessons: what is drawn, its controls, its caption.

There is a module for each chapter, and a second one for what training shows in the activation one.
"""

import re

import matplotlib.colors
import numpy as np
from matplotlib.patheffects import withStroke

# Okabe and Ito's colours (2008), told apart by the colour-blind too. Each activation keeps its own
# everywhere; the three cousins of ReLU with a straight negative side share a hue and differ in
# their dashes. The blue is also what is new to a model.
COLOURS = {
    "sigmoid": "#0072B2",
    "tanh": "#009E73",
    "relu": "#E69F00",
    "leaky_relu": "#CC79A7",
    "prelu": "#CC79A7",
    "rrelu": "#CC79A7",
    "elu": "#56B4E9",
    "silu": "#000000",
    "now": "#D55E00",
}
SEEN, NEW = "0.15", COLOURS["sigmoid"]  # what a model has learned from, and what is new to it
# Of signed maps. Purple is what ReLU cuts off, orange what it lets pass.
SIGNED = matplotlib.colors.LinearSegmentedColormap.from_list(
    "signed", ["#2d1250", "#7d4bb0", "#ffffff", "#e69f00", "#6b3a00"]
)
DASHES = {"prelu": (0, (5, 1.5)), "rrelu": (0, (1.5, 1.2))}
HALO = [withStroke(linewidth=3, foreground="white")]  # a label stays readable on any line
NAMES = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "prelu": "PReLU",
    "rrelu": "RReLU",
    "elu": "ELU",
    "silu": "SiLU",
}


def ink(colour):
    """Return `colour` dark enough for text on white paper (contrast 4.5:1 and more)."""
    return tuple(0.6 * part for part in matplotlib.colors.to_rgb(colour))


def number(value):
    """Return a number for a caption: three digits, a real minus sign, and always as long.

    >>> number(0.8808), number(2.5), number(-0.00247), number(12.3), number(55696), number(-1e-9)
    ('0.881', '2.50', '−0.002', '12.3', '55,696', '0.000')
    """
    size = abs(value)
    decimals = 3 if size < 0.9995 else 2 if size < 9.995 else 1 if size < 99.95 else 0
    return formatted(value, f",.{decimals}f")


def formatted(value, spec):
    """Return a number as `format` does, but with a real minus sign, and never −0.

    >>> formatted(-1.25, ".1f"), formatted(-0.004, ".2f"), formatted(-2, "g")
    ('−1.2', '0.00', '−2')
    """
    return f"{float(value):z{spec}}".replace("-", "−")


def scientific(value):
    """Return a number of any size for a caption: plain where it is short, else times a power of 10.

    >>> scientific(9.1e-13), scientific(0.25), scientific(0), scientific(np.inf)
    ('9.1 × 10⁻¹³', '0.250', '0.000', 'inf')
    """
    if value == 0 or 0.001 <= abs(value) < 1000 or not np.isfinite(value):
        return number(value)
    digits, power = f"{value:.1e}".split("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits} × 10{raised}".replace("-", "−")


def percent(share):
    """Return a share, 0..1, for a caption.

    >>> percent(0.4971), percent(0)
    ('49.7 %', '0.0 %')
    """
    return f"{100 * share:.1f} %"


def several(count, thing):
    """Return how many there are of a thing.

    >>> several(1, "layer"), several(20_000, "epoch")
    ('1 layer', '20,000 epochs')
    """
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def joined(parts):
    """Return several words as one list.

    >>> joined(["max"]), joined(["max", "mean", "sum"])
    ('max', 'max, mean and sum')
    """
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]


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


def show_while(chooser, value, control):
    """Show `control` only while `chooser` has this value."""

    def follow(_=None):
        control.layout.display = "flex" if chooser.value == value else "none"

    chooser.observe(follow, "value")
    follow()
