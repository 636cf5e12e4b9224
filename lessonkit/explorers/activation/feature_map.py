"""What ReLU leaves of a feature map: one-sided suppression (section 12.3 of our source)."""

import functools
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.activations import leaky_relu
from lessonkit.convolution import FILTERS, correlate2d
from lessonkit.datasets import PHOTOGRAPHS
from lessonkit.explorers.activation.grey import grey_square
from lessonkit.explorers.controls import show_while, typed_numbers
from lessonkit.explorers.drawing import if_changed
from lessonkit.explorers.style import COLOURS, SIGNED
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import formatted, number, percent
from lessonkit.live import explore, in_pieces, lesson_style

SIDE = 236  # pixels of a map, shown one to one
GAP = 13  # pixels between the panels, and at the edges of the paper
MARGIN = 2  # pixels around a map that a 5×5 kernel still needs
OWN, OWN_NUMBERS = "own 3×3", "0 -1 0, -1 4 -1, 0 -1 0"


@as_table
class Facts(NamedTuple):
    """A feature map before and after ReLU."""

    photo: np.ndarray  # (236, 236): grey, in 0..1
    kernel: np.ndarray  # (3, 3) or (5, 5): the filter's weights
    before: np.ndarray  # (236, 236): the map that the filter makes of the photograph
    threshold: float  # subtracted from the map before ReLU
    negative_slope: float  # 0 for ReLU; else that of leaky ReLU
    after: np.ndarray  # (236, 236): the map after both
    negative: float  # share of the values that are negative before
    zero: float  # share of the values that are exactly 0 after
    still_negative: float  # share of the values that are negative after


@lesson_style()
def feature_map():
    """Show a photograph, the signed map a filter makes of it, and the map after ReLU.

    Controls: the photograph, the filter (or nine numbers of one's own), the threshold that is
    subtracted before ReLU, and the slope that ReLU gives to negative values.
    """
    figure = Figure(figsize=(7.6, 3.4))
    in_pieces(
        figure,
        (0, 0, 255, 268),
        (255, 0, 504, 268),
        (504, 0, 760, 268),
        (0, 268, 255, 340),
        (250, 268, 760, 340),
    )
    return explore(measure, figure, _Panels(figure).paint, say, **_controls()).recorded(
        "negative_slope/10", "threshold/25", "filter", "photograph"
    )


def _controls():
    filters = ipywidgets.Dropdown(options=[*FILTERS, OWN], value="vertical edges")
    own = ipywidgets.Text(OWN_NUMBERS, continuous_update=False, description="numbers")
    show_while(own, filters, OWN)
    return {
        "photograph": ipywidgets.Dropdown(options=PHOTOGRAPHS, value="camera"),
        "filter": filters,
        "own": own,
        "threshold": ipywidgets.FloatSlider(0, min=-1, max=1, step=0.02),
        "negative_slope": ipywidgets.FloatSlider(0, min=0, max=1, step=0.01),
    }


def measure(photograph, own, threshold, negative_slope, **chosen):
    """Return the facts. chosen: {"filter": its name, or OWN for the numbers in the text own}."""
    photo, kernel, before = _convolved(photograph, chosen["filter"], own)
    after = leaky_relu(before - threshold, negative_slope)
    shares = (float(np.mean(some)) for some in (before < 0, after == 0, after < 0))
    return Facts(photo, kernel, before, threshold, negative_slope, after, *shares)


@functools.lru_cache(maxsize=4)
def _convolved(photograph, name, own):
    """Return the photograph, the kernel of any odd size up to 5 × 5, and the map of both."""
    kernel = FILTERS.get(name)
    if name == OWN:
        kernel = typed_numbers(own, 9, 99, OWN_NUMBERS).reshape(3, 3)
    grey = grey_square(photograph, SIDE + 2 * MARGIN)
    cut = MARGIN - len(kernel) // 2
    feature_map = correlate2d(grey[cut : len(grey) - cut, cut : len(grey) - cut], kernel)
    # Rounded, so that a plain wall gives exactly 0, not ±1e-8.
    return grey[MARGIN:-MARGIN, MARGIN:-MARGIN], kernel, feature_map.round(6)


class _Panels:
    """The photograph, the map before and after; below them the kernel and the colour scale."""

    def __init__(self, figure):
        self.photo, _ = _image_panel(figure, 0, "photograph")
        self.before, _ = _image_panel(figure, 1, "feature map")
        self.after, self.title = _image_panel(figure, 2, "", animated=True)
        self.photo.set(cmap="gray", clim=(0, 1))
        self.scale, self.mark = _colour_scale(figure)
        figure.text(0.017, 0.1, "filter", va="center", color="#333333")
        self.kernel = figure.text(0.055, 0.1, "", family="DejaVu Sans Mono", va="center")

    def paint(self, facts):
        self._paint_filtered(facts.photo, facts.kernel, facts.before)
        self.title.set_text(f"after {_rectifier(facts.negative_slope)}")
        self.after.set_data(facts.after)
        self.mark.set_xdata([facts.threshold / self.limit] * 2)

    @if_changed
    def _paint_filtered(self, photo, kernel, before):
        self.photo.set_data(photo)
        self.before.set_data(before)
        self.limit = np.ceil(10 * np.percentile(np.abs(before), 98)) / 10 or 1.0
        for image in (self.before, self.after):
            image.set(cmap=SIGNED, clim=(-self.limit, self.limit))
        self.scale.set_xticklabels([f"−{self.limit:g} or less", "0", f"{self.limit:g} or more"])
        rows = ["".join(formatted(value, "8.3g") for value in row) for row in kernel]
        self.kernel.set_text("\n".join(rows))


def _image_panel(figure, column, title, animated=False):
    """Return an image, SIDE pixels wide, and the title above it."""
    width, height = figure.get_size_inches() * figure.dpi
    left, top = (GAP + column * (SIDE + GAP)) / width, 1 - 30 / height
    axes = figure.add_axes((left, top - SIDE / height, SIDE / width, SIDE / height))
    axes.axis("off")
    image = axes.imshow(np.zeros((SIDE, SIDE)), animated=animated)
    return image, figure.text(left, top + 8 / height, title, animated=animated)


def _colour_scale(figure):
    """Draw the colour scale of both maps; return its axes, −1 to 1, and the threshold's mark."""
    axes = figure.add_axes((0.345, 0.11, 0.638, 0.04), xlim=(-1, 1))
    colours = np.linspace(-1, 1, 255)[np.newaxis]
    axes.imshow(colours, cmap=SIGNED, extent=(-1, 1, 0, 1), aspect="auto")
    axes.set(yticks=[], xticks=[-1, 0, 1])
    first, _, last = axes.get_xticklabels()
    first.set_ha("left")
    last.set_ha("right")
    return axes, axes.axvline(0, color=COLOURS["now"], lw=2, animated=True)


def say(facts):
    """Return the caption: what is negative before, and what is left after."""
    before, after = facts.before, facts.after
    count = f"of the map's {before.size:,} values"
    start = f"None {count} is negative; the smallest is"
    if facts.negative:
        start = f"{_share(facts.negative).capitalize()} {count} are negative (purple), down to"
    name = _rectifier(facts.negative_slope)
    if facts.negative_slope:
        name += f" (slope {facts.negative_slope:.2f})"
    if facts.threshold:
        way = "subtracting" if facts.threshold > 0 else "adding"
        name = f"{way} {abs(facts.threshold):.2f} and applying {name}"
    still = f", {_share(facts.still_negative)} are negative, down to {number(after.min())},"
    return (
        f"{start} {number(before.min())}. After {name}, {_share(facts.zero)} are exactly 0"
        f"{still if facts.still_negative else ''} and the largest is {number(after.max())}."
    )


def _share(share):
    """Return a share for the caption, but never 0.0 % for a few."""
    return "fewer than 0.1 %" if 0 < share < 0.0005 else percent(share)


def _rectifier(negative_slope):
    return "leaky ReLU" if negative_slope else "ReLU"
