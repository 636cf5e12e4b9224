"""The machine does not mind the mosaic and pooling prevents overfitting, says our source (12.4)."""

from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import digits, record
from lessonkit.explorers.drawing import SpreadCurve
from lessonkit.explorers.style import COLOURS, HALO, NEW, SEEN, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import formatted, percent, several
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.pooling import pool

BETWEEN = 4  # pixels between two digits
LABELLED = 1  # place of the window size at which the curves carry their names


class Accuracies(NamedTuple):
    """Shares of digits that five networks read correctly, (window sizes,) each."""

    mean: np.ndarray
    least: np.ndarray
    most: np.ndarray


@as_table
class Facts(NamedTuple):
    """What networks see of pooled digits, and how many they read correctly."""

    kernel_size: int
    statistic: str
    training_digits: int  # how many each network learned from
    pixels: int  # of a pooled digit
    weights: int  # of a network, biases included
    images: np.ndarray  # (10, height, width): a 0, a 1 … a 9, pooled
    training_accuracy: float  # mean of the five networks, 0..1
    test_accuracy: float
    gap: float  # the first less the second
    place: int  # of kernel_size among all window sizes
    training: Accuracies  # for all window sizes
    test: Accuracies


@lesson_style()
def pooled_digits():
    """Show ten test digits as a network sees them, and how many such networks read correctly.

    The networks were trained on pooled digits beforehand, five for each point of the curves;
    data/README.md says how. Controls: kernel_size, the side of the window; the statistic; and the
    number of training digits.
    """
    runs = record("pooled_digits")["runs"]
    data = digits()
    one_of_each = data.test_images[np.unique(data.test_labels, return_index=True)[1]]
    sizes, statistics, counts = (
        list(dict.fromkeys(run[name] for run in runs))
        for name in ("kernel_size", "statistic", "training_digits")
    )

    def measure(kernel_size, statistic="mean", training_digits=1000):
        images = pool(one_of_each, kernel_size, ceil_mode=True, statistic=statistic)
        wanted = (statistic, training_digits)
        chosen = [r for r in runs if (r["statistic"], r["training_digits"]) == wanted]
        return facts_of(chosen, sizes.index(kernel_size), images)

    panels = _Panels(runs)
    slider = ipywidgets.SelectionSlider(options=sizes, value=4)
    controls = {"kernel_size": slider, "statistic": statistics, "training_digits": counts}
    return explore(measure, panels.figure, panels.paint, say, **controls).recorded(
        "statistic training_digits kernel_size"
    )


def facts_of(runs, place, images):
    """Return the facts of the run at a place, among runs that differ only in their windows."""
    training, test = (_accuracies(runs, part) for part in ("training", "test"))
    recorded = (runs[place][name] for name in Facts._fields[:5])  # a run has them by these names
    seen, new = float(training.mean[place]), float(test.mean[place])
    return Facts(*recorded, images, seen, new, seen - new, place, training, test)


def _accuracies(runs, part):
    shares = np.array([run[f"{part}_accuracies"] for run in runs])
    return Accuracies(shares.mean(axis=1), shares.min(axis=1), shares.max(axis=1))


class _Panels:
    """On the left ten digits; on the right how many are read correctly, against the window."""

    def __init__(self, runs):
        self.figure = figure = Figure(figsize=(7.6, 3.7))
        in_pieces(figure, (0, 145), (124, 760), fit=self.fit)
        axes = figure.add_axes((0.017, 0.03, 120 / 760, 316 / 370), title="what it sees")
        axes.axis("off")
        look = {"cmap": "gray_r", "clim": (0, 1), "aspect": "auto", "animated": True}
        self.image = axes.imshow(two_columns(np.zeros((10, 28, 28)), 1), **look)
        self.pixels = {run["kernel_size"]: run["pixels"] for run in runs}
        self.axes, self.headings = _accuracy_axes(figure, self.pixels)
        axes = self.axes
        self.now = axes.axvline(color=COLOURS["now"], lw=1, zorder=1, animated=True)
        self.training, self.test = SpreadCurve(axes, SEEN), SpreadCurve(axes, NEW)
        text = {"ha": "center", "path_effects": HALO, "animated": True}
        self.names = [
            axes.text(LABELLED, 0, "training digits", color=ink(SEEN), va="bottom", **text),
            axes.text(LABELLED, 0, "test digits", color=ink(NEW), va="top", **text),
        ]

    def fit(self, narrow):
        """Tell only every second number of pixels on a narrow page; keep words clear of numbers."""
        self.axes.set_xticklabels(_tick_labels(self.pixels, 2 if narrow else 1))
        for heading in self.headings:
            heading.set_x(-0.95 if narrow else -0.55)
        for name in self.names:
            name.set(ha="left" if narrow else "center", x=-0.2 if narrow else LABELLED)

    def paint(self, facts):
        self.image.set_data(two_columns(facts.images, facts.kernel_size))
        curves = (self.training, facts.training, 2), (self.test, facts.test, -3)
        for (curve, part, away), name in zip(curves, self.names, strict=True):
            mean, least, most = 100 * np.array(part)
            curve.draw(range(len(mean)), mean, least, most, facts.place)
            name.set_y(mean[LABELLED] + away)
        self.now.set_xdata([facts.place] * 2)


def two_columns(images, kernel_size):
    """Return ten pooled digits in two columns, each as large as it was before."""
    large = images.repeat(kernel_size, axis=1).repeat(kernel_size, axis=2)[:, :28, :28]
    framed = np.pad(large, ((0, 0), (0, BETWEEN), (0, BETWEEN)))
    grid = framed.reshape(2, 5, *framed.shape[1:]).transpose(1, 2, 0, 3)
    return grid.reshape(5 * framed.shape[1], -1)[:-BETWEEN, :-BETWEEN]


def _accuracy_axes(figure, pixels):
    """Return the axes of the curves, and what its ticks are called.

    pixels: window size → how many pixels are left.
    """
    axes = figure.add_axes((0.29, 0.19, 0.7, 0.69), xlim=(-0.4, 10.4), ylim=(0, 110))
    axes.set_title("digits read correctly")
    axes.set_yticks([0, 50, 100], ["0", "50", "100 %"])
    axes.axhline(10, color="0.8", lw=1)
    axes.text(0.2, 10, "guessing", color="0.4", va="bottom")
    axes.set_xticks(range(len(pixels)), _tick_labels(pixels), linespacing=1.5)
    text = {"transform": axes.get_xaxis_transform(), "ha": "right", "color": "0.2"}
    headings = ("window", -0.037), ("pixels left", -0.11)
    return axes, [axes.text(-0.55, y, words, va="top", **text) for words, y in headings]


def _tick_labels(pixels, every=1):
    """Return a label for each window size, with the pixels left for every first, second …"""
    told = enumerate(pixels.items())
    return [f"{size}\n{left if i % every == 0 else ' '}" for i, (size, left) in told]


def say(facts):
    """Return the caption of the networks with one window size."""
    without = f" Without pooling it reads {percent(facts.test.mean[0])} of them."
    least, most = 100 * facts.test.least[facts.place], percent(facts.test.most[facts.place])
    return (
        f"From {several(facts.pixels, 'pixel')}, with {facts.weights:,} weights, the "
        f"network reads {percent(facts.training_accuracy)} of its {facts.training_digits:,} "
        f"training digits and {percent(facts.test_accuracy)} of the test digits "
        f"({least:.1f} to {most} in five runs), a gap of {formatted(100 * facts.gap, '.1f')} "
        f"points.{without if facts.kernel_size > 1 else ''}"
    )
