"""A sample is a part that stands for the whole (section 12.2 of our source): when does it?"""

import functools
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import PHOTOGRAPHS, photograph
from lessonkit.explorers.drawing import if_changed
from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import number, percent
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.pooling import pool

SIDE = 256  # pixels, of a picture, at most
BARS = 16  # of a histogram
EDGES = np.linspace(0, 1, BARS + 1)  # of its bars, in brightness
STRIPES, GRID = "stripes", "every n-th row and column"


class Brightness(NamedTuple):
    """How bright some pixels are, from 0, black, to 1, white."""

    pixels: int
    mean: float
    shares: np.ndarray  # (16,): of the pixels in each sixteenth of the range


@as_table
class Facts(NamedTuple):
    """A picture and a sample of its pixels."""

    grey: np.ndarray  # (H, W), in 0..1
    taken: np.ndarray  # (H, W) bool: the sample
    n: int | None  # every n-th row and column is taken; None: sampled another way
    whole: Brightness
    sample: Brightness
    wrong: float  # share of the sample that is in the wrong bar of the histogram


@lesson_style()
def sampling():
    """Show how well a sample of a picture's pixels stands for all of them.

    Photographs in grey, or drawn stripes 8 pixels wide. Controls: the picture, the way of sampling
    (pixels at random, the first of every n rows and n columns, or a block in the corner) and the
    desired fraction; n is the smallest that does not exceed it.
    """
    panels = _Panels()
    pictures = [*PHOTOGRAPHS, STRIPES]
    chooser = ipywidgets.Dropdown(options=pictures, value="camera", description="picture")
    fraction = ipywidgets.FloatLogSlider(0.01, min=-3, max=0, step=0.05, readout_format=".1%")
    controls = {"photograph": chooser, "way": ["random", GRID, "corner"], "fraction": fraction}
    return explore(measure, panels.figure, panels.paint, say, **controls).recorded(
        "way fraction", "photograph way", "photograph=stripes way fraction"
    )


def measure(photograph, way, fraction):
    """Return the facts of a sample of about this fraction of the pixels."""
    grey, whole = picture(photograph)
    # rounding must not turn 10 into 11
    n = int(np.ceil(1 / np.sqrt(fraction) - 1e-9)) if way == GRID else None
    taken = pixels_taken(grey.shape, way, fraction, n)
    sample = brightness(grey[taken])
    wrong = np.abs(sample.shares - whole.shares).sum() / 2
    return Facts(grey, taken, n, whole, sample, wrong)


@functools.cache
def picture(name):
    """Return a photograph in grey, no side longer than SIDE, or the stripes; and its brightness."""
    if name == STRIPES:
        grey = np.tile(np.repeat([0.9, 0.2], 8), (SIDE, SIDE // 16))
    else:
        grey = photograph(name).mean(axis=0)
        grey = pool(grey, -(-max(grey.shape) // SIDE), statistic="mean")
    return grey, brightness(grey)


def brightness(values):
    return Brightness(values.size, values.mean(), np.histogram(values, EDGES)[0] / values.size)


def pixels_taken(shape, way, fraction, n):
    """Return which pixels the sample takes, as a bool array of this shape; at least one."""
    taken = np.zeros(shape, bool)
    if way == "random":
        places = random_order()
        places = places[places < taken.size]
        taken.ravel()[places[: max(1, round(fraction * taken.size))]] = True
    elif way == "corner":
        rows, columns = (max(1, round(np.sqrt(fraction) * side)) for side in shape)
        taken[:rows, :columns] = True
    else:
        taken[::n, ::n] = True
    return taken


@functools.cache
def random_order():
    """Return the places of all pixels, shuffled once: a larger sample adds to a smaller one."""
    return np.random.default_rng(8).permutation(SIDE * SIDE)


class _Panels:
    """The picture, dimmed, with its sample at full contrast; beside it the histograms of both."""

    def __init__(self):
        self.figure = figure = Figure(figsize=(7.6, 3.1))
        in_pieces(figure, (0, 290), (320, 760))
        figure.text(0.017, 0.91, "the sample at full contrast", color="0.4")
        frame = figure.add_axes((0.017, 0.04, SIDE / 760, SIDE / 310))
        frame.axis("off")
        self.dimmed = frame.imshow([[0]], cmap="gray", vmin=0, vmax=1)
        self.sample = frame.imshow([[0]], cmap="gray", vmin=0, vmax=1, animated=True)
        self.histograms = _Histograms(figure)

    def paint(self, facts):
        self._paint_whole(facts.grey)
        self.histograms.paint_whole(facts.whole.shares)
        self.sample.set_data(np.ma.array(facts.grey, mask=~facts.taken))
        self.histograms.paint(facts.whole, facts.sample)

    @if_changed
    def _paint_whole(self, grey):
        self.dimmed.set_data(0.45 + 0.2 * grey)
        for image in (self.dimmed, self.sample):
            image.set_extent((0, grey.shape[1], grey.shape[0], 0))


class _Histograms:
    """Histograms of brightness, in shares of the pixels: of the whole picture and of the sample."""

    def __init__(self, figure):
        self.axes = axes = figure.add_axes((0.44, 0.14, 0.54, 0.7), xlim=(0, 1), yticks=[])
        axes.spines["left"].set_visible(False)
        axes.set_xticks([0, 1], ["black", "white"])
        for label, place in zip(axes.get_xticklabels(), ("left", "right"), strict=True):
            label.set_ha(place)
        zero, now = np.zeros(BARS), COLOURS["now"]
        self.whole = axes.stairs(zero, EDGES, fill=True, color="0.8")
        self.sample = axes.stairs(zero, EDGES, color=now, lw=2, animated=True)
        dashed = {"ls": (0, (4, 2)), "animated": True}
        self.means = [axes.axvline(0, color=colour, **dashed) for colour in ("0.4", now)]
        look = {"rotation": 90, "ha": "center", "va": "top", "color": ink(now), "animated": True}
        look |= {"transform": axes.get_xaxis_transform()}
        look |= {"bbox": {"fc": "white", "lw": 0, "pad": 1}}  # hides the lines of the means
        self.too_high = [axes.text(middle, 0.98, "", **look) for middle in EDGES[:-1] + 0.5 / BARS]
        figure.text(0.44, 0.91, "all pixels", color="0.4", weight="bold")
        figure.text(0.553, 0.91, "sample", color=ink(COLOURS["now"]), weight="bold")
        figure.text(0.64, 0.91, "(dashed: their means)", color="0.4")

    @if_changed
    def paint_whole(self, shares):
        self.whole.set_data(shares)
        self.top = 1.6 * shares.max()
        self.axes.set_ylim(0, self.top)

    def paint(self, whole, sample):
        self.sample.set_data(sample.shares)
        for line, pixels in zip(self.means, (whole, sample), strict=True):
            line.set_xdata([pixels.mean] * 2)
        for text, share in zip(self.too_high, sample.shares, strict=True):
            # the text is rotated, so its arrow points up
            text.set_text(f"{percent(share)} ▶" if share > self.top else "")


def say(facts):
    """Return the caption: how well the sample stands for the whole."""
    whole, sample = facts.whole, facts.sample
    step = f" (n = {facts.n})" if facts.n else ""
    return (
        f"The sample's {sample.pixels:,} pixels{step}, {percent(sample.pixels / whole.pixels)} of "
        f"all, have a mean brightness of {number(sample.mean)}; all pixels have "
        f"{number(whole.mean)}. In the histogram, {percent(facts.wrong)} of the sample is in the "
        f"wrong bar."
    )
