"""How a learner's guess is drawn in a picture: always in one colour, dotted, and named."""

from collections.abc import Callable

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from lessonkit.explorers.style import HALO

GUESS = "#882255"  # of nothing else; ask.css has it too
LOOK = {"color": GUESS, "lw": 2.2, "ls": (0, (1, 1.2)), "zorder": 5, "animated": True}
Mark = Callable[[Figure, float], list[Artist]]


def at_x(
    place: int, height: float = 1, name: float = 0.02, at: Callable = float, bottom: float = 0
) -> Mark:
    """Return a mark at the guess on the x axis of the figure's axes number `place`.

    bottom, height: from where and up to where it reaches, name: where its name stands, as shares of
    the axes' height. at: function of the guess that returns where it is on the axis.
    """

    def mark(figure, guess):
        axes, x = figure.axes[place], at(guess)
        words = _name(axes, (x, name), axes.get_xaxis_transform())
        return [axes.axvline(x, ymin=bottom, ymax=height, **LOOK), words]

    return mark


def at_y(place: int, left: float = 0.03, at: Callable = float) -> Mark:
    """Return a mark at the guess on the y axis of the figure's axes number `place`.

    left: where its name begins, as a share of the axes' width. at: as above.
    """

    def mark(figure, guess):
        axes, y = figure.axes[place], at(guess)
        name = _name(axes, (left, y), axes.get_yaxis_transform())
        return [axes.axhline(y, **LOOK), name]

    return mark


def as_wide(place: int, height: float) -> Mark:
    """Return a mark as wide as the guess, with its middle at x = 0, in the axes number `place`.

    height: of the mark, as a share of the axes' height.
    """

    def mark(figure, guess):
        axes = figure.axes[place]
        across = axes.get_xaxis_transform()
        ends = [-guess / 2, guess / 2]
        (line,) = axes.plot(ends, [height] * 2, marker="|", ms=12, transform=across, **LOOK)
        return [line, _name(axes, (guess / 2, height), across)]

    return mark


def _name(axes, place, transform):
    """Write whose mark it is to the right of a place and above it, or where there is room."""
    x, y = axes.transAxes.inverted().transform(transform.transform(place))
    aside, ha = (6, "left") if x < 0.7 else (-6, "right")
    above, va = (0, "bottom") if y < 0.93 else (-2, "top")
    look = {"color": GUESS, "weight": "bold", "path_effects": HALO, "zorder": 6, "animated": True}
    how = {"xycoords": transform, "textcoords": "offset points", "ha": ha, "va": va}
    return axes.annotate("your guess", place, (aside, above), **how, **look)
