"""A face is recognised anywhere in the picture, says our source (12.4): which layer does that?"""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from lessonkit.activations import relu
from lessonkit.convolution import FILTERS, correlate2d
from lessonkit.datasets import digits
from lessonkit.explorers.table import as_table
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.pooling import pool

CANVAS = 64  # pixels on a side
STAGES = ("canvas", "feature map", "2×2 maxima", "overall maximum")


@as_table
class Facts(NamedTuple):
    """A digit somewhere on a canvas, what a network makes of it, and what the place changes."""

    right: int  # pixels from the left edge
    down: int  # pixels from the top
    canvas: np.ndarray  # (64, 64): the digit on empty paper, 0..1
    feature_map: np.ndarray  # (62, 62): its vertical edges after ReLU
    maxima: np.ndarray  # (31, 31): of the map's 2×2 windows
    maximum: float  # of the whole map
    map_moves_along: bool  # whether it is the top-left digit's map, moved as far as the digit
    changed_maxima: int  # how many of the maxima differ from those of the digit at the top left
    maximum_stays: bool  # whether the maximum is the same as there


@lesson_style()
def anywhere():
    """Show a digit that may stand anywhere on a canvas, and what a network makes of it.

    From the left: the canvas, its vertical edges after ReLU, the maxima of this map's 2×2 windows,
    and the maximum of the whole map. Controls: how far the digit is moved from the top left.
    """
    digit = digits().test_images[0]
    at_first = _stages(digit, 0, 0)

    def measure(right=21, down=9):
        _, edges, maxima, maximum = stages = _stages(digit, right, down)
        _, first_edges, first_maxima, first = at_first
        along = np.array_equal(edges, np.roll(first_edges, (down, right), axis=(0, 1)))
        changed = int(np.sum(maxima != first_maxima))
        return Facts(right, down, *stages, along, changed, maximum == first)

    panels, room = _Panels(), (0, CANVAS - len(digit))
    return explore(measure, panels.figure, panels.paint, say, right=room, down=room).recorded(
        "right", "right=19,20,21,22,23 down"
    )


def _stages(digit, right, down):
    """Return the canvas, the feature map, its 2×2 maxima and its maximum."""
    canvas = np.zeros((CANVAS, CANVAS))
    canvas[down : down + len(digit), right : right + len(digit)] = digit
    edges = relu(correlate2d(canvas, FILTERS["vertical edges"]))
    return canvas, edges, pool(edges, 2), pool(edges, len(edges)).item()


class _Panels:
    """The four stages side by side, each as large as the others and in a frame."""

    def __init__(self):
        self.figure = Figure(figsize=(7.6, 2.04))
        in_pieces(self.figure, (0, 195), (195, 391), (391, 586), (586, 760))
        self.images = [self._image(number) for number in range(len(STAGES))]
        look = {"color": "white", "fontsize": 20, "ha": "center", "va": "center_baseline"}
        self.value = self.images[-1].axes.text(0, 0, "", animated=True, **look)

    def _image(self, number):
        width, height, side = 760, 204, 172
        left = 1 + (width - 2 - side) / 3 * number
        place = (left / width, 2 / height, side / width, side / height)
        axes = self.figure.add_axes(place, xticks=[], yticks=[], title=STAGES[number])
        axes.spines[:].set(visible=True, color="0.8", animated=True)
        last = 1 if number == 0 else 4  # of an edge from 0 to 1
        return axes.imshow([[0]], cmap="Greys", clim=(0, last), animated=True)

    def paint(self, facts):
        stages = facts.canvas, facts.feature_map, facts.maxima, [[facts.maximum]]
        for image, values in zip(self.images, stages, strict=True):
            image.set_data(values)
        self.value.set_text(f"{facts.maximum:.2f}")


def say(facts):
    """Return the caption: where the digit stands, and what is not as at the top left."""
    along = "and its feature map has moved along exactly"
    also = along if facts.map_moves_along else "but its feature map has not moved just as far"
    return (
        f"The digit stands {facts.right} px from the left and {facts.down} px from the top, "
        f"{also}. Compared with the digit at the top left, {facts.changed_maxima} of "
        f"{facts.maxima.size} 2×2 maxima differ; the overall maximum, {facts.maximum:.2f}, "
        f"{'is the same' if facts.maximum_stays else 'differs too'}."
    )
