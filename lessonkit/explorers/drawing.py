"""How explorers draw: what stands still and what moves, and drawings that several share."""

import functools

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Polygon


def if_changed(paint):
    """Decorate a method that paints artists which stand still: it runs only for new arguments.

    To touch an artist that is not animated is to draw the whole figure again, which is too slow
    while a slider moves. The arguments are numbers, text or arrays; arrays must not be changed in
    place.
    """

    @functools.wraps(paint)
    def painter(self, *now):
        painted = vars(self).setdefault("_painted", {})
        before = painted.pop(paint.__name__, None)  # and stays away if painting fails
        pairs = zip(before or (), now, strict=before is not None)
        if before is None or not all(a is b or np.array_equal(a, b) for a, b in pairs):
            paint(self, *now)
        painted[paint.__name__] = now

    return painter


class NetworkDrawing:
    """A layer between its inputs and the next layer; a silent neuron has no connections."""

    def __init__(self, axes, inputs, neurons, outputs):
        axes.set(xlim=(-0.1, 2.1), ylim=(neurons - 0.3, -0.7))
        axes.axis("off")
        middle = (neurons - 1) / 2
        self.inputs = middle + 2 * (np.arange(inputs) - inputs // 2)
        self.outputs = middle + 4 * (np.arange(outputs) - outputs // 2)
        self.lines = LineCollection([], colors="0.6", lw=0.5, zorder=1, animated=True)
        axes.add_collection(self.lines)
        for column, places in ((0, self.inputs), (2, self.outputs)):
            axes.plot(np.full(len(places), column), places, "o", color="0.5", animated=True)
        ones, places = np.ones(neurons), np.arange(neurons)
        look = {"s": 70, "edgecolors": "0.4", "zorder": 2, "animated": True}
        self.neurons = axes.scatter(ones, places, **look)

    def draw(self, values, colour):
        """Show the neurons' values: the larger, the fuller the colour; white is 0."""
        active = np.flatnonzero(values)
        before = [[(0, y), (1, neuron)] for neuron in active for y in self.inputs]
        after = [[(1, neuron), (2, y)] for neuron in active for y in self.outputs]
        self.lines.set_segments(before + after)
        fullness = np.where(values > 0, 1 - 0.75 * np.exp(-values / 2), 0)[:, np.newaxis]
        self.neurons.set_facecolor(fullness * to_rgb(colour) + (1 - fullness))


class SpreadCurve:
    """The mean of several runs as a line, and their whole range as a band."""

    def __init__(self, axes, colour):
        self.band = axes.add_patch(Polygon([(0, 0)], fc=colour, alpha=0.25, animated=True))
        self.line = axes.plot([], [], color=colour, animated=True)[0]
        look = {"marker": "o", "mec": "white", "zorder": 3, "animated": True}
        self.dot = axes.plot([], [], color=colour, **look)[0]

    def draw(self, xs, mean, least, most, place=-1):
        """Show the runs at xs; the dot marks one of these places."""
        self.line.set_data(xs, mean)
        self.band.set_xy(np.column_stack([[*xs, *xs[::-1]], [*least, *most[::-1]]]))
        self.dot.set_data([xs[place]], [mean[place]])


def apart(heights, least, lowest=-np.inf, highest=np.inf):
    """Return labels' heights, moved as little as possible to be `least` apart and within bounds.

    >>> apart([1, 1.5, 1], 0.25)
    array([0.875, 1.5  , 1.125])
    """
    order = np.argsort(heights, kind="stable")
    room = least * np.arange(len(order))  # what the labels below each one need
    free = np.array(heights)[order] - room
    every = range(len(order))
    # The least squares among numbers that do not fall: isotonic regression.
    parted = [
        max(min(free[i : j + 1].mean() for j in every[place:]) for i in every[: place + 1])
        for place in every
    ]
    moved = np.empty(len(order))
    moved[order] = room + np.clip(parted, lowest, highest - least * (len(order) - 1))
    return moved
