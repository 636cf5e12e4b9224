"""Straight lines cannot draw a smile (section 12.1 of our source): how many bends does it take?"""

from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, Rectangle

from lessonkit.activations import relu
from lessonkit.explorers.nonlinearity.largest_error import ErrorCurve, largest_error
from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import number, several
from lessonkit.live import explore, in_pieces, lesson_style

MOST_UNITS = 40
HEIGHT = 0.75  # of the smile, which is 2 wide
MAGNIFICATION = 20  # of a small square on the face
XS = np.linspace(-1, 1, 2001)
SMILE = HEIGHT * XS**2


@as_table
class Facts(NamedTuple):
    """The straight pieces that a network of ReLU units draws for a smile."""

    units: int
    x: np.ndarray  # (units + 2,): the left end, the joints, the right end
    y: np.ndarray  # (units + 2,): how high these stand
    bends: int
    error: float  # the largest, in % of the smile's height
    error_of_line: float  # with no unit: one straight line


@lesson_style()
def smile():
    """Show a smile drawn by 0 to 40 ReLU units, the straight pieces and the joints between them.

    The smile is a parabola. Every unit bends a straight line once. The joints and weights keep the
    largest error as small as that many bends can make it. Control: the number of units.
    """
    panels = _Panels()
    units = ipywidgets.IntSlider(4, min=0, max=MOST_UNITS, description="ReLU units")
    return explore(measure, panels.figure, panels.paint, say, units=units).recorded("units")


def measure(units):
    """Return the facts of the best smile that this many units can draw."""
    x, y = pieces(units)
    slopes = np.diff(y) / np.diff(x)
    bends = int(np.sum(np.abs(np.diff(slopes)) > 1e-9))
    return Facts(units, x, y, bends, error_of(units), error_of(0))


def pieces(units):
    """Return x and y of the ends and joints of the pieces that this many ReLU units draw.

    A parabola bends equally everywhere, so the joints are evenly spaced, `width` apart, and every
    unit changes the slope by as much. A chord of the parabola rises above it by up to
    HEIGHT · width² / 4. Lowered by half of that, each piece misses by as much above as below.
    """
    width = 2 / (units + 1)
    x = np.linspace(-1, 1, units + 2)
    line = 1 - width**2 / 8 + (width - 2) * (x + 1)
    bends = 2 * width * relu(x[:, np.newaxis] - x[1:-1])  # one column per unit
    return x, HEIGHT * (line + bends.sum(axis=1))


def error_of(units):
    """Return the largest error that this many units leave, in % of the smile's height."""
    return largest_error(SMILE, np.interp(XS, *pieces(units)))


class _Panels:
    """A face whose mouth is the pieces, a square of it magnified, and the largest error."""

    def __init__(self):
        self.figure = figure = Figure(figsize=(7.6, 3.7))
        in_pieces(figure, (0, 365), (386, 760))
        face = figure.add_axes((0, 0.01, 0.48, 0.98))
        _draw_face(face)
        axes = figure.add_axes((0.575, 0.13, 0.415, 0.77), xlim=(-1.5, 53), ylim=(0.015, 100))
        axes.set_xticks([0, 10, 20, 30, 40])
        title = "largest error, in % of the smile's height"
        self.errors = ErrorCurve(axes, title, "ReLU units", [0.1, 1, 10, 100])
        every = range(MOST_UNITS + 1)
        self.errors.curve.set_data(every, [error_of(units) for units in every])
        self.mouths = [_Mouth(axes) for axes in (face, _magnifier(figure, face))]

    def paint(self, facts):
        for mouth in self.mouths:
            mouth.paint(facts.x, facts.y)
        self.errors.mark(facts.units, facts.error)


def _draw_face(axes):
    """Draw a face with the smile it should have."""
    axes.set(xlim=(-1.62, 1.62), ylim=(-0.99, 2.25), aspect="equal")
    axes.axis("off")
    axes.add_patch(Circle((0, 0.63), 1.56, fc="#FFF9EA", ec="0.75", lw=1.5))
    for x in (-0.5, 0.5):
        axes.add_patch(Ellipse((x, 1.3), 0.16, 0.24, color="0.35"))
    axes.plot(XS, SMILE, color="0.8", lw=8, solid_capstyle="round")
    axes.text(1.08, HEIGHT, "smile", color="0.4", va="center")
    axes.text(0, -0.38, "straight pieces", color=ink(COLOURS["relu"]), ha="center")


def _magnifier(figure, face):
    """Return axes that show a small square of the face magnified."""
    axes = figure.add_axes((0.81, 0.47, 0.18, 0.18 * 7.6 / 3.7), xticks=[], yticks=[])
    axes.spines[["top", "right"]].set_visible(True)
    axes.set_title(f"{MAGNIFICATION} times as large", pad=5)
    # The face's axes take 0.48 of the figure's width, these take 0.18.
    side = np.ptp(face.get_xlim()) * 0.18 / 0.48 / MAGNIFICATION
    left, bottom = 0.5 - side / 2, HEIGHT * 0.5**2 - side / 2
    axes.set(xlim=(left, left + side), ylim=(bottom, bottom + side))
    axes.plot(XS, SMILE, color="0.8", lw=4)
    face.add_patch(Rectangle((left, bottom), side, side, fill=False, ec="0.3", zorder=3))
    return axes


class _Mouth:
    """Straight pieces with a dot at every joint."""

    def __init__(self, axes):
        self.pieces = axes.plot([], [], color=COLOURS["relu"], lw=2.5, animated=True)[0]
        self.joints = axes.plot([], [], "o", color="0.2", animated=True)[0]

    def paint(self, x, y):
        self.pieces.set_data(x, y)
        self.joints.set_data(x[1:-1], y[1:-1])
        self.joints.set_markersize(5 if len(x) < 22 else 3)  # so that 40 do not touch


def say(facts):
    """Return the caption: how many bends, and how large an error they leave."""
    bends, times = facts.bends, round(facts.error_of_line / facts.error)
    caption = f"{several(facts.units, 'ReLU unit')}, {several(bends, 'bend')}, "
    caption += f"{several(bends + 1, 'straight piece')}: "
    caption += f"the largest error is {number(facts.error)} % of the smile's height"
    return caption + (f", {times:,} times smaller than with one straight line." if bends else ".")
