"""A window slides over numbers and keeps one at each place (section 12.4 of our source)."""

import functools
import math
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lessonkit.explorers.drawing import if_changed
from lessonkit.explorers.pooling import statistics
from lessonkit.explorers.pooling.squares import SQUARES
from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import percent
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.pooling import output_shape, pool, pool_backward

NUMBERS = np.array(
    [
        [1, 5, 0, 2, 3, 1],
        [2, 0, 8, 4, 1, 6],
        [0, 3, 1, 0, 2, 0],
        [7, 2, 2, 1, 1, 1],
        [4, 1, 0, 9, 5, 2],
        [0, 3, 1, 2, 4, 1],
    ]
)
NEXT = 10  # outputs of the fully connected layer that follows
WHOLE = ("max", "sum")  # give whole numbers here; the other statistics get two decimals
COVER = ListedColormap(["none", "white"])


@as_table
class Facts(NamedTuple):
    """A window at one of its places, and what pooling makes of the whole input."""

    statistic: str
    kernel_size: int
    output: np.ndarray  # (rows, columns): one number per window
    is_covered: np.ndarray  # (6, 6): whether a number of the input is in any window
    share: float  # size of the output as a share of the input's, 0..1
    weights: int  # of a fully connected layer with 10 outputs that follows
    window: int  # number of the window shown, counted from 1, row by row
    place: tuple[int, int]  # row and column of its number in the output
    corner: tuple[int, int]  # row and column of its first number in the input
    pixels: np.ndarray  # (kernel_size²,): the numbers in it, row by row
    result: float  # what they are pooled to


@lesson_style()
def sliding_window():
    """Show a window that slides over 6×6 numbers and keeps one number at each place.

    Controls: the statistic, the window's size, its stride, and a slider from window to window.
    Input numbers that no window covers are pale.
    """
    panels = _Panels()
    return explore(measure, panels.figure, panels.paint, say, **_controls()).recorded(
        "statistic step", "kernel_size stride statistic", "kernel_size stride step"
    )


def _controls():
    """Return name → control; the last slider ends at the last window, however many there are."""
    kernel_size, stride = (ipywidgets.Dropdown(options=[1, 2, 3, 4], value=2) for _ in range(2))
    step = ipywidgets.IntSlider(1, min=1, max=1)

    def follow(_=None):
        step.max = math.prod(output_shape(NUMBERS.shape, kernel_size.value, stride.value))

    for control in (kernel_size, stride):
        control.observe(follow, "value")
    follow()
    options = statistics.options()
    return {"statistic": options, "kernel_size": kernel_size, "stride": stride, "step": step}


def measure(statistic, kernel_size, stride, step):
    """Return the facts of the window that this step reaches, or of the last one."""
    output, is_covered = _pooled(statistic, kernel_size, stride)
    window = min(step, output.size)
    row, column = divmod(window - 1, output.shape[1])
    top, left = row * stride, column * stride
    pixels = NUMBERS[top : top + kernel_size, left : left + kernel_size].ravel()
    kept = output, is_covered, output.size / NUMBERS.size, NEXT * output.size
    shown = window, (row, column), (top, left), pixels, float(output[row, column])
    return Facts(statistic, kernel_size, *kept, *shown)


@functools.lru_cache(maxsize=1)  # the step does not change it
def _pooled(statistic, kernel_size, stride):
    """Return the output and, for each number of the input, whether any window covers it."""
    output = pool(NUMBERS, kernel_size, stride, statistic=statistic)
    ones = np.ones(output.shape)
    windows = pool_backward(ones, NUMBERS, kernel_size, stride, statistic="sum")  # over each number
    return output, windows > 0


class _Panels:
    """The input with its window, the output so far, and how its latest number is worked out."""

    def __init__(self):
        self.figure = figure = Figure(figsize=(7.6, 3.65))
        in_pieces(figure, (25, 0, 330, 335), (425, 0, 730, 335), (25, 320, 760, 375))
        self.input, self.output = _Board(figure, 40, "input"), _Board(figure, 440, "output")
        look = {"color": ink(COLOURS["now"]), "fontsize": 11, "va": "center", "animated": True}
        self.arithmetic = figure.text(40 / 760, 0.06, "", **look)

    def paint(self, facts):
        (top, left), (row, column) = facts.corner, facts.place
        self.input.show(NUMBERS, 0, facts.is_covered)
        self.input.frame.set_bounds(left, top, facts.kernel_size, facts.kernel_size)
        self.output.show(facts.output, _decimals(facts.statistic), True)
        self.output.frame.set_bounds(column, row, 1, 1)
        self.output.cover.set_array(np.arange(facts.output.size) >= facts.window)
        self.arithmetic.set_text(_arithmetic(facts))


class _Board:
    """Up to 6×6 squares with a number in each; the larger it is, the darker its square."""

    def __init__(self, figure, left, name):
        place = (left / 760, 57 / 365, 276 / 760, 276 / 365)  # 46 pixels per square
        self.axes = figure.add_axes(place, xlim=(0, len(NUMBERS)), ylim=(len(NUMBERS), 0))
        self.axes.axis("off")
        self.name, self.title = name, self.axes.set_title("")
        look = {"ha": "center", "va": "center_baseline"}
        self.texts = np.empty(NUMBERS.shape, object)
        for row, column in np.ndindex(NUMBERS.shape):
            self.texts[row, column] = self.axes.text(column + 0.5, row + 0.5, "", **look)
        look = {"fill": False, "ec": COLOURS["now"], "lw": 3, "clip_on": False, "animated": True}
        self.frame = self.axes.add_patch(Rectangle((0, 0), 1, 1, zorder=3, **look))

    @if_changed
    def show(self, values, decimals, seen):
        """Put values, (rows, columns), into the squares. seen: False makes a number pale."""
        self.title.set_text(f"{self.name}: {values.shape[0]}×{values.shape[1]}")
        seen = np.broadcast_to(seen, values.shape)
        for text in self.texts.flat:
            text.set_text("")
        for place, value in np.ndenumerate(values):
            colour, size = "black" if seen[place] else "0.7", 10 if decimals else 12
            self.texts[place].set(text=f"{value:.{decimals}f}", color=colour, fontsize=size)
        for mesh in list(self.axes.collections):  # the previous squares and their cover
            mesh.remove()
        self.axes.pcolormesh(seen * values, clim=(0, values.max()), clip_on=False, **SQUARES)
        look = SQUARES | {"cmap": COVER, "clim": (0, 1), "clip_on": False, "animated": True}
        self.cover = self.axes.pcolormesh(np.zeros(values.shape), **look)


def _decimals(statistic):
    return 0 if statistic in WHOLE else 2


def _arithmetic(facts):
    """Return how the window's number is worked out, such as "(1 + 5 + 2 + 0) / 4 = 2"."""
    statistic, pixels = facts.statistic, facts.pixels
    total = " + ".join(f"{pixel}²" if statistic == "l2" else f"{pixel}" for pixel in pixels)
    ways = {"mean": f"({total}) / {pixels.size}", "sum": total, "l2": f"√({total})"}
    way = ways.get(statistic, f"{statistics.label(statistic)}({', '.join(map(str, pixels))})")
    shown = round(facts.result, _decimals(statistic))
    return f"{way} {'=' if math.isclose(shown, facts.result) else '≈'} {shown:g}"


def say(facts):
    """Return the caption of a window."""
    before, after, pale = NUMBERS.size, facts.output.size, np.sum(~facts.is_covered)
    needs = f"needs {facts.weights} instead of" if after < before else "still needs"
    unseen = f" {pale} numbers lie in no window." if pale else ""
    return (
        f"Window {facts.window} of {after}: {_arithmetic(facts)}. {before} numbers become {after} "
        f"({percent(facts.share)}), so a fully connected layer with {NEXT} outputs {needs} "
        f"{NEXT * before} weights; pooling itself has none.{unseen}"
    )
