"""If the input is shifted a little, "the output does not change", says our source (12.4)."""

import functools
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from lessonkit.activations import relu
from lessonkit.convolution import FILTERS, correlate2d
from lessonkit.datasets import PHOTOGRAPHS, photograph
from lessonkit.explorers.controls import show_while
from lessonkit.explorers.drawing import apart, if_changed
from lessonkit.explorers.style import COLOURS
from lessonkit.explorers.table import as_table
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.pooling import pool

CROP = 192  # pixels of the square that the layer sees
THUMB, GAP = 96, 10  # pixels of a thumbnail's side, and between two thumbnails
AMOUNTS = {  # by how much the photograph is moved, the label of that axis, and the caption
    "shift": (np.arange(9), "shift in pixels", "A shift by {:.0f} px"),
    "turn": (np.arange(16), "turn in degrees", "A turn by {:.0f}°"),
    "scale": (np.linspace(1, 1.2, 11), "scale", "Scaling by {:.2f}"),
}
# What the layer is given: its colours, the value of the last of them, the change drawn black.
INPUTS = {"photograph": ("gray", 1, 1), "edges after ReLU": ("Greys", 2, 4)}
POOLINGS = {"no pooling": ("0.6", "-"), "mean": ("black", (0, (4, 1.5))), "max": ("black", "-")}


@as_table
class Facts(NamedTuple):
    """What is passed on before and after a move, without pooling, with mean and with max pooling.

    A change is the mean absolute difference, in percent of the mean absolute value before.
    """

    layer_input: str
    kernel_size: int
    transform: str  # shift, turn or scale
    amount: float  # in pixels, in degrees, or a factor
    change: float  # of the layer's input: without pooling
    change_of_mean: float  # after mean pooling
    change_of_max: float  # after max pooling
    amounts: np.ndarray  # (n,): every value of the slider
    changes: np.ndarray  # (3, n): the three changes at each of these
    before: list[np.ndarray]  # the three maps
    after: list[np.ndarray]  # the three maps of the moved photograph


@lesson_style()
def steadiness():
    """Show how much of a shift, a turn or an enlargement is left after pooling.

    The change is the mean absolute difference over the mean absolute value before. The whole
    photograph is moved, then a square is cut out of its middle, so what enters at the edges is
    real. Controls: the photograph; whether the layer is given the photograph itself or its vertical
    edges after ReLU; the move and its amount; and the size of the windows.
    """
    panels = _Panels()
    return explore(measure, panels.figure, panels.paint, say, **_controls()).recorded(
        "shift",
        "kernel_size",
        "transform=turn turn",
        "transform=scale scale/2",
        "layer_input shift=1,2",
        "photograph",
    )


def _controls():
    transform = ipywidgets.Dropdown(options=list(AMOUNTS))
    sliders = {
        "shift": ipywidgets.IntSlider(2, min=0, max=8),
        "turn": ipywidgets.IntSlider(5, min=0, max=15),
        "scale": ipywidgets.FloatSlider(1.1, min=1, max=1.2, step=0.02),
    }
    for name, slider in sliders.items():
        show_while(slider, transform, name)
    return {
        "photograph": ipywidgets.Dropdown(options=PHOTOGRAPHS, value="camera"),
        "layer_input": ipywidgets.Dropdown(options=list(INPUTS)),
        "transform": transform,
        **sliders,
        "kernel_size": ipywidgets.Dropdown(options=[2, 4, 8], value=4),
    }


def measure(photograph, layer_input, transform, kernel_size, **sliders):
    """Return the facts of the photograph, moved by as much as the transform's slider says."""
    amounts, *_ = AMOUNTS[transform]
    outputs, changes = _outputs_when_moved(photograph, layer_input, transform, kernel_size)
    place = np.abs(amounts - sliders[transform]).argmin()
    moved = layer_input, kernel_size, transform, float(amounts[place])
    before, after = ([maps[i] for maps in outputs] for i in (0, place))
    return Facts(*moved, *map(float, changes[:, place]), amounts, changes, before, after)


@functools.lru_cache(maxsize=1)  # the sliders do not change this
def _outputs_when_moved(name, layer_input, transform, kernel_size):
    """Return what is passed on without, with mean and with max pooling, and the changes.

    The outputs are three arrays, each with one map per amount; the changes are (3, amounts).
    """
    grey = photograph(name).mean(axis=0)
    grey = pool(grey, min(grey.shape) // 240, statistic="mean")  # large enough to turn CROP in
    moved = [_moved(grey, **{transform: amount}) for amount in AMOUNTS[transform][0]]
    if layer_input == "photograph":
        given = np.array(moved)[:, 1:-1, 1:-1]
    else:
        given = np.array([relu(correlate2d(square, FILTERS["vertical edges"])) for square in moved])
    outputs = given, pool(given, kernel_size, statistic="mean"), pool(given, kernel_size)
    return outputs, np.array([relative_changes(maps) for maps in outputs])


def relative_changes(maps):
    """Return how much each map differs from the first, (maps,), in percent of the first's mean."""
    return 100 * np.abs(maps - maps[0]).mean(axis=(1, 2)) / np.abs(maps[0]).mean()


def _moved(grey, shift=0, turn=0, scale=1):
    """Move a photograph; return the square in its middle, with one more pixel on each side."""
    side = CROP + 2
    along, across = (f(np.radians(turn)) / scale for f in (np.cos, np.sin))
    y, x = ((length - side) // 2 + side / 2 for length in grey.shape)
    back = (  # from a pixel of the square to its place in the photograph
        *(along, across, x - shift - (along + across) * side / 2),
        *(-across, along, y - (along - across) * side / 2),
    )
    how = {"method": Image.Transform.AFFINE, "resample": Image.Resampling.BILINEAR}
    return np.asarray(Image.fromarray(grey).transform((side, side), data=back, **how))


class _Panels:
    """On the left the maps before and after, on the right the change against the amount."""

    def __init__(self):
        self.figure = figure = Figure(figsize=(7.6, 3.6))
        in_pieces(figure, (0, 380), (366, 760))
        pictures = figure.add_axes((0, 0, 0.5, 1), xlim=(-34, 346), ylim=(328, -32))  # in pixels
        pictures.axis("off")
        self.rows = [_PictureRow(pictures, number) for number in range(len(POOLINGS))]
        self.chart = _ChangeChart(figure)

    def paint(self, facts):
        windows = f"{facts.kernel_size}×{facts.kernel_size}"
        names = ["no pooling", f"mean {windows}", f"max {windows}"]
        for row, *maps in zip(self.rows, names, facts.before, facts.after, strict=True):
            row.paint(facts.layer_input, *maps)
        self.chart.draw(names, facts.transform, facts.amounts, facts.changes)
        changes = facts.change, facts.change_of_mean, facts.change_of_max
        self.chart.mark(facts.amount, changes)


class _PictureRow:
    """What is passed on, before and after, and how much each value of it has changed."""

    def __init__(self, axes, number):
        top = number * (THUMB + GAP)
        self.label = axes.text(-16, top + THUMB / 2, "", rotation=90, va="center", ha="center")
        self.images = []
        for column, title in enumerate(("before", "after", "change")):
            left = column * (THUMB + GAP)
            if number == 0:
                axes.text(left, -10, title)
            ends = (left, left + THUMB, top + THUMB, top)
            moves = title != "before"
            self.images.append(axes.imshow([[0]], extent=ends, animated=moves))
            frame = Rectangle((left, top), THUMB, THUMB, fill=False, ec="0.8", animated=moves)
            axes.add_patch(frame)
        self.before, self.after, self.change = self.images
        self.change.set_cmap("Greys")

    def paint(self, layer_input, name, before, after):
        self._paint_before(layer_input, name, before)
        self.after.set_data(after)
        self.change.set_data(np.abs(after - before) / np.abs(before).mean())

    @if_changed
    def _paint_before(self, layer_input, name, before):
        cmap, last, black = INPUTS[layer_input]
        for image in (self.before, self.after):
            image.set(cmap=cmap, clim=(0, last))
        self.change.set_clim(0, black)
        self.before.set_data(before)
        self.label.set_text(name)


class _ChangeChart:
    """The change against the amount, one curve per kind of pooling."""

    def __init__(self, figure):
        self.axes = figure.add_axes((0.525, 0.135, 0.33, 0.78), title="change in % of the mean")
        self.curves, self.dots, self.labels = [], [], []
        look = {"color": COLOURS["now"], "clip_on": False, "animated": True}
        for colour, dashes in POOLINGS.values():
            self.curves.append(self.axes.plot([], [], color=colour, ls=dashes)[0])
            self.dots.append(self.axes.plot([], [], "o", mec="white", zorder=3, **look)[0])
            self.labels.append(self.axes.text(0, 0, "", va="center", color="0.2"))
        self.now = self.axes.axvline(0, lw=1, **look)

    @if_changed
    def draw(self, names, transform, amounts, changes):
        """Draw the curves through the changes, (3, amounts)."""
        for curve, heights in zip(self.curves, changes, strict=True):
            curve.set_data(amounts, heights)
        most = 1.12 * changes.max()
        self.axes.set(xlim=amounts[[0, -1]], xlabel=AMOUNTS[transform][1], ylim=(0, most))
        self.axes.locator_params(nbins=4)
        heights = apart(changes[:, -1], 0.065 * most, 0)
        for label, name, height in zip(self.labels, names, heights, strict=True):
            label.set(text=f"  {name}", x=amounts[-1], y=height)

    def mark(self, amount, changes):
        """Put the dots on the curves at an amount."""
        for dot, height in zip(self.dots, changes, strict=True):
            dot.set_data([amount], [height])
        self.now.set_xdata([amount] * 2)


def say(facts):
    """Return the caption of the three changes."""
    before, mean, maximum = facts.change, facts.change_of_mean, facts.change_of_max
    smaller = [name for name, rate in (("mean", mean), ("max", maximum)) if rate < before]
    verdict = {
        2: "Both reduce the change; neither removes it.",
        1: f"Only {''.join(smaller)} pooling reduces the change, and it does not remove it.",
        0: "Neither reduces the change." if before > 0 else "Nothing has moved yet.",
    }[len(smaller)]
    moved, size = AMOUNTS[facts.transform][2].format(facts.amount), facts.kernel_size
    return (
        f"{moved} changes the {facts.layer_input} by {before:.1f} % of the mean value. After "
        f"{size}×{size} mean pooling the change is {mean:.1f} %, after max pooling "
        f"{maximum:.1f} %. {verdict}"
    )
