"""How large the largest error is, where it is, and how it falls as units are added."""

import numpy as np

from lessonkit.explorers.style import COLOURS, HALO, ink
from lessonkit.explorers.words import number


def largest_error(wanted, drawn):
    """Return by how much the drawing misses what is wanted at most, in % of the height wanted."""
    return 100 * np.nanmax(np.abs(drawn - wanted)) / (np.nanmax(wanted) - np.nanmin(wanted))


def first_largest(sizes):
    """Return the index of the first of the largest sizes; rounding must not choose among equals."""
    return np.unravel_index(np.argmax(sizes > 0.999 * np.nanmax(sizes)), sizes.shape)


class ErrorCurve:
    """The largest error in percent, on a log axis, against the number of units; a dot marks one."""

    def __init__(self, axes, title, label, ticks):
        axes.set(yscale="log", title=title)
        axes.set_xlabel(label, loc="left")
        axes.set_yticks(ticks, [f"{tick:g} %" for tick in ticks])
        axes.set_yticks([], minor=True)
        axes.grid(axis="y")
        now = COLOURS["now"]
        self.curve = axes.plot([], [], ".-", color="0.6", lw=1, ms=4, animated=True)[0]
        self.dot = axes.plot([], [], "o", color=now, mec="white", ms=9, animated=True)[0]
        look = {"color": ink(now), "path_effects": HALO, "animated": True}
        self.label = axes.annotate("", (1, 1), (7, 5), textcoords="offset points", **look)

    def mark(self, units, error):
        """Put the dot where this many units leave this error, in percent."""
        self.dot.set_data([units], [error])
        self.label.xy = (units, error)
        self.label.set_text(f"{number(error)} %")
