"""Enough hidden units approximate any continuous function (section 12.2 of our source)."""

import functools
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from lessonkit.activations import ACTIVATIONS
from lessonkit.datasets import photograph
from lessonkit.explorers.nonlinearity.broken_lines import broken
from lessonkit.explorers.nonlinearity.largest_error import (
    ErrorCurve,
    first_largest,
    largest_error,
)
from lessonkit.explorers.style import COLOURS, NAMES
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import number, several
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.pooling import pool

MOST_UNITS = 100
WEIGHT = 3  # times the number of units: a hidden unit's weight, so more units are steeper
BLOCK, ROW = 4, 48  # side of the photograph's blocks in pixels; the row of blocks across the cup
TO_FIT = (np.arange(400) + 0.5) / 400
TO_TEST = np.union1d(np.linspace(0, 1, 1001), np.nextafter(0.5, [0, 1]))  # and beside the step


def _between_pixels(x):
    """Return the brightness of the row at x, with a straight line from each pixel to the next."""
    row = pool(photograph("coffee").mean(axis=0), BLOCK, statistic="mean")[ROW]
    return np.interp(x, np.linspace(0, 1, row.size), row)


TARGETS = {
    "smile": lambda x: (2 * x - 1) ** 2,
    "sine wave": lambda x: 0.5 + 0.5 * np.sin(4 * np.pi * x),
    "row of pixels": _between_pixels,
    "step": lambda x: np.heaviside(x - 0.5, np.nan),  # at the step itself it has no value
}


@as_table
class Facts(NamedTuple):
    """A curve, and the network of one hidden layer that is fitted to it."""

    activation: str
    units: int
    x: np.ndarray  # (1003,), in 0..1: where the network is compared with the target
    target: np.ndarray  # (1003,): its heights, nan where it has none
    parts: np.ndarray  # (1003, units): what each hidden unit adds
    network: np.ndarray  # (1003,): their sum and the output bias
    worst: int  # the place in x where the network misses most
    error: float  # there, in % of the target's height
    errors: list[float]  # (100,): the same with 1 unit, with 2, and so on


@lesson_style()
def approximation():
    """Show how well one hidden layer of 1 to 100 units can draw a given curve.

    The hidden weights and biases are set by hand, so that the units bend one after the other from
    left to right. The output weights and bias are learned: least squares at 400 points. The largest
    error is measured at others. Controls: the target, the activation, the number of hidden units.
    """
    panels = _Panels()
    activations = [(NAMES[name], name) for name in ("relu", "sigmoid", "tanh")]
    controls = {"target": list(TARGETS), "activation": activations, "hidden_units": (1, MOST_UNITS)}
    return explore(measure, panels.figure, panels.paint, say, **controls).recorded(
        "hidden_units",
        "target hidden_units=1,2,3,4,5,6,8,10,15,20,30,50,70,100",
        "activation hidden_units=10,100",
    )


def measure(target="sine wave", activation="relu", hidden_units=10):
    """Return the facts of a network with this many hidden units, fitted to a target."""
    _, wanted = heights(target)
    outputs, weights, bias = fitted(target, activation, hidden_units)
    parts, network = outputs * weights, outputs @ weights + bias
    (worst,) = first_largest(np.abs(network - wanted))
    errors = errors_of(target, activation)
    error = errors[hidden_units - 1]
    return Facts(activation, hidden_units, TO_TEST, wanted, parts, network, worst, error, errors)


@functools.cache
def heights(target):
    """Return a target's heights at TO_FIT, and those at TO_TEST."""
    return TARGETS[target](TO_FIT), TARGETS[target](TO_TEST)


def fitted(target, activation, units):
    """Return the hidden units' outputs at TO_TEST, (x, units), the output weights and the bias."""
    function = ACTIVATIONS[activation]
    inputs = np.column_stack([hidden(function, units, TO_FIT), np.ones(TO_FIT.size)])
    # Normal equations are 40 times as fast as lstsq, and as exact here: the units differ enough.
    learned = np.linalg.solve(inputs.T @ inputs, inputs.T @ heights(target)[0])
    return hidden(function, units, TO_TEST), learned[:-1], learned[-1]


def hidden(function, units, x):
    """Return the hidden units' outputs at x, (x, units): unit k bends at k / units, or midway."""
    # The first ReLU bends at x = 0 and gives the first piece its slope; the others are steps.
    places = np.arange(units) + (0 if function.name == "relu" else 0.5)
    return function(WEIGHT * (units * x[:, np.newaxis] - places))


@functools.cache  # the number of units does not change them
def errors_of(target, activation):
    """Return the largest error with 1 hidden unit, with 2, and so on."""
    (_, wanted), errors = heights(target), []
    for units in range(1, MOST_UNITS + 1):
        outputs, weights, bias = fitted(target, activation, units)
        errors.append(largest_error(wanted, outputs @ weights + bias))
    return errors


class _Panels:
    """Target and network; below them the units that add up to it, beside them the error."""

    def __init__(self):
        self.figure = figure = Figure(figsize=(7.6, 4.4))
        in_pieces(figure, (0, 462), (470, 760))
        curves = figure.add_axes((0.05, 0.5, 0.55, 0.43), xlim=(0, 1), ylim=(-0.2, 1.2))
        units = figure.add_axes((0.05, 0.03, 0.55, 0.36), xlim=(0, 1), ylim=(-1.5, 1.5))
        curves.set(title="target (grey) and network", yticks=[0, 1])
        units.set(title="its hidden units, each times its output weight", yticks=[-1, 0, 1])
        for axes in (curves, units):
            axes.set_xticks([])
            axes.spines[["left", "bottom"]].set_visible(False)
        units.axhline(0, color="0.8", lw=1)
        look = {"color": "0.8", "lw": 6, "solid_capstyle": "round", "animated": True}
        self.target = curves.plot([], [], **look)[0]
        self.network = curves.plot([], [], animated=True)[0]
        look = {"color": COLOURS["now"], "animated": True}
        self.miss = curves.plot([], [], "-o", **look, lw=1.5, ms=4, clip_on=False)[0]
        self.parts = units.plot([], [], lw=1, animated=True)[0]
        errors = figure.add_axes((0.705, 0.125, 0.285, 0.805), xlim=(0.85, 800), ylim=(0.004, 130))
        ticks = [0.01, 0.1, 1, 10, 100]
        self.errors = ErrorCurve(errors, "largest error", "hidden units", ticks)
        errors.set_xscale("log")
        errors.set_xticks([1, 10, 100], ["1", "10", "100"])
        errors.set_xticks([], minor=True)

    def paint(self, facts):
        x, worst = facts.x, facts.worst
        self.target.set_data(x, facts.target)
        self.network.set_data(x, facts.network)
        self.miss.set_data([x[worst]] * 2, [facts.target[worst], facts.network[worst]])
        lines = np.stack(np.broadcast_arrays(x, facts.parts.T), axis=-1)
        self.parts.set_data(*broken(lines[:, ::2]))
        for line in (self.network, self.parts):
            line.set_color(COLOURS[facts.activation])
        self.errors.curve.set_data(range(1, MOST_UNITS + 1), facts.errors)
        self.errors.mark(facts.units, facts.error)


def say(facts):
    """Return the caption: how many numbers are learned, and how large an error they leave."""
    caption = (
        f"{several(facts.units, 'hidden unit')} ({NAMES[facts.activation]}), {facts.units + 1} "
        f"learned numbers: the largest error is {number(facts.error)} % of the target's height."
    )
    if np.isnan(facts.target).any():
        caption += " The target jumps; a network cannot: it misses by at least half the jump."
    return caption
