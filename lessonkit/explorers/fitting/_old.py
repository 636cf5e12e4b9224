"""Explorers of the fitting chapter, notebooks/02_fitting.ipynb."""

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import PHOTOGRAPHS, animals, photograph
from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.words import joined, number, percent
from lessonkit.live import explore, lesson_style
from lessonkit.pooling import pool

# -- what makes a frog? ----------------------------------------------------------------------------

ROW, COLUMN = 25, 22  # pixels
HEAD = 112  # where the dots begin, in pixels from a table's top


@lesson_style()
def frogs():
    """Show which animals are taken for frogs by the features that a frog must have.

    A table of known animals and one of new animals; a box to tick for each feature.
    """
    kinds = animals()
    figure = Figure(figsize=(7.6, 3.1))
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 760), ylim=(310, 0))
    axes.axis("off")
    known = _AnimalTable(axes, 6, 166, "known animals", kinds, ~kinds.is_new)
    new = _AnimalTable(axes, 376, 548, "new animals", kinds, kinds.is_new)
    boxes = {
        feature.replace(" ", "_"): ipywidgets.Checkbox(
            feature == "four legs", description=feature, indent=False
        )
        for feature in kinds.features
    }

    def draw(**ticked):
        asked = np.array([ticked[name] for name in boxes])
        for table in (known, new):
            table.draw(asked)
        return _caption_of_frogs(np.array(kinds.features)[asked], known, new)

    return explore(draw, figure, **boxes)


class _AnimalTable:
    """Rows of animals, a dot for each feature that they have, and whether they pass as frogs."""

    def __init__(self, axes, left, first_column, title, kinds, chosen):
        self.title = title
        self.names, self.is_frog = kinds.names[chosen], kinds.is_frog[chosen]
        self.has = kinds.has[chosen]
        rows = HEAD + ROW * np.arange(len(self.names))
        columns = first_column + COLUMN * np.arange(self.has.shape[1])
        axes.text(left, 24, title, fontsize=12, weight="bold")
        self.count = axes.text(left, 50, "", fontsize=12, animated=True)
        for name, is_frog, row in zip(self.names, self.is_frog, rows, strict=True):
            axes.text(left, row, name, va="center", weight="bold" if is_frog else "normal")
        for feature, column in zip(kinds.features, columns, strict=True):
            axes.text(column, HEAD - 18, feature, rotation=45, rotation_mode="anchor")
        xs, ys = np.meshgrid(columns, rows)
        axes.scatter(xs[self.has], ys[self.has], s=55, c="0.2", zorder=2, animated=True)
        axes.scatter(xs[~self.has], ys[~self.has], s=8, c="0.8", zorder=2, animated=True)
        band = {"width": COLUMN - 2, "bottom": HEAD - 14, "color": COLOURS["now"], "alpha": 0.2}
        self.bands = axes.bar(columns, ROW * len(rows), **band, lw=0, animated=True)
        look = {"va": "center", "animated": True}
        self.verdicts = [axes.text(columns[-1] + 17, row, "", **look) for row in rows]

    def draw(self, asked):
        """Show who passes as a frog where the `asked` features are a must."""
        for band, on in zip(self.bands, asked, strict=True):
            band.set_visible(on)
        passes = self.has[:, asked].all(axis=1)
        wrong = passes != self.is_frog
        alarm = ink(COLOURS["now"])
        for text, taken, is_wrong in zip(self.verdicts, passes, wrong, strict=True):
            text.set_text(f"{'✗' if is_wrong else '✓'} {'frog' if taken else 'no frog'}")
            text.set(color=alarm if is_wrong else "0.4", weight="bold" if is_wrong else "normal")
        self.count.set(text=f"{wrong.sum() or 'none'} wrong", color=alarm if wrong.any() else "0.4")

    def mistakes(self):
        """Return how many verdicts are wrong, and about whom, in words."""
        texts = np.array([text.get_text() for text in self.verdicts])
        taken = self.names[texts == "✗ frog"].tolist()
        missed = self.names[texts == "✗ no frog"].tolist()
        who = [f"taken for frogs: {joined(taken)}"] if taken else []
        who += [f"missed: {joined(missed)}"] if missed else []
        count = f"{len(taken + missed)} of {len(texts)} {self.title}"
        return f"{count} ({'; '.join(who)})" if who else count


def _caption_of_frogs(asked, known, new):
    rule = joined(asked) if len(asked) else "anything"
    on_known, on_new = known.mistakes(), new.mistakes()
    takes, misses = (word in on_known + on_new for word in ("taken", "missed"))
    right_so_far = on_known.startswith("0")
    fits = "overfits" if right_so_far else "underfits"
    asks = {
        (False, False): "just enough",
        (True, False): f"too little: it {fits}",
        (False, True): f"too much: it {fits}",
        (True, True): "for the wrong features: "
        + (f"it {fits}" if right_so_far else "too little and too much at once"),
    }[takes, misses]
    return f"The rule “{rule}” is wrong about {on_known} and {on_new}. It asks {asks}."


# -- a sample for the whole ------------------------------------------------------------------------

SIDE = 256  # pixels of a picture, at most
BARS = 16  # of a histogram
STRIPES, GRID = "stripes", "every n-th row and column"


@lesson_style()
def sampling():
    """Show how well a sample of a picture's pixels stands for all of them.

    Photographs in grey, or drawn stripes 8 pixels wide. Controls: the picture, the way of sampling
    (pixels at random, the first of every n rows and n columns, or a block in the corner) and the
    fraction that is wanted; n is the smallest that does not take more.
    """
    figure = Figure(figsize=(7.6, 3.1))
    figure.text(0.017, 0.91, "the sample in full contrast", color="0.4")
    frame = figure.add_axes((0.017, 0.04, SIDE / 760, SIDE / 310))
    frame.axis("off")
    dimmed = frame.imshow([[0]], cmap="gray", vmin=0, vmax=1)
    sample = frame.imshow([[0]], cmap="gray", vmin=0, vmax=1, animated=True)
    histograms = _Histograms(figure)
    places = np.random.default_rng(8).permutation(SIDE * SIDE)  # a larger sample adds to a smaller
    shown = {}

    def draw(photograph, way, fraction):
        if shown.get("name") != photograph:  # to touch a still artist is to redraw everything
            shown.update(name=photograph, grey=_grey(photograph))
            dimmed.set_data(0.45 + 0.2 * shown["grey"])
            for image in (dimmed, sample):
                image.set_extent((0, shown["grey"].shape[1], shown["grey"].shape[0], 0))
            histograms.set_whole(shown["grey"])
        taken = _taken(shown["grey"].shape, way, fraction, places)
        sample.set_data(np.ma.array(shown["grey"], mask=~taken))
        histograms.draw(sample.get_array().compressed())
        return _caption_of_sampling(sample.get_array(), way == GRID, histograms)

    return explore(
        draw,
        figure,
        photograph=ipywidgets.Dropdown(
            options=[*PHOTOGRAPHS, STRIPES], value="camera", description="picture"
        ),
        way=ipywidgets.Dropdown(options=["random", GRID, "corner"]),
        fraction=ipywidgets.FloatLogSlider(0.01, min=-3, max=0, step=0.05, readout_format=".1%"),
    )


def _grey(name):
    """Return a photograph in grey, no side longer than SIDE, or the stripes."""
    if name == STRIPES:
        return np.tile(np.repeat([0.9, 0.2], 8), (SIDE, SIDE // 16))
    grey = photograph(name).mean(axis=0)
    return pool(grey, -(-max(grey.shape) // SIDE), statistic="mean")


def _taken(shape, way, fraction, places):
    """Return which pixels the sample takes, as a bool array of this shape; at least one."""
    taken = np.zeros(shape, bool)
    if way == "random":
        here = places[places < taken.size]
        taken.ravel()[here[: max(1, round(fraction * taken.size))]] = True
    elif way == "corner":
        rows, columns = (max(1, round(np.sqrt(fraction) * side)) for side in shape)
        taken[:rows, :columns] = True
    else:
        step = int(np.ceil(1 / np.sqrt(fraction) - 1e-9))  # rounding must not make 10 an 11
        taken[::step, ::step] = True
    return taken


class _Histograms:
    """How many pixels are how bright, as shares: in the whole picture and in the sample."""

    def __init__(self, figure):
        self.axes = axes = figure.add_axes((0.44, 0.14, 0.54, 0.7), xlim=(0, 1), yticks=[])
        axes.spines["left"].set_visible(False)
        axes.set_xticks([0, 1], ["black", "white"])
        for label, place in zip(axes.get_xticklabels(), ("left", "right"), strict=True):
            label.set_ha(place)
        self.edges = np.linspace(0, 1, BARS + 1)
        zero, now = np.zeros(BARS), COLOURS["now"]
        self.whole = axes.stairs(zero, self.edges, fill=True, color="0.8")
        self.sample = axes.stairs(zero, self.edges, color=now, lw=2, animated=True)
        dashed = {"ls": (0, (4, 2)), "animated": True}
        self.means = [axes.axvline(0, color=colour, **dashed) for colour in ("0.4", now)]
        look = {"rotation": 90, "ha": "center", "va": "top", "color": ink(now), "animated": True}
        look |= {"transform": axes.get_xaxis_transform()}
        look |= {"bbox": {"fc": "white", "lw": 0, "pad": 1}}  # no mean's line crosses it
        middles = self.edges[:-1] + 0.5 / BARS
        self.too_high = [axes.text(middle, 0.98, "", **look) for middle in middles]
        figure.text(0.44, 0.91, "all pixels", color="0.4", weight="bold")
        figure.text(0.553, 0.91, "sample", color=ink(COLOURS["now"]), weight="bold")
        figure.text(0.64, 0.91, "(dashed: their means)", color="0.4")

    def set_whole(self, grey):
        self.whole.set_data(self._shares(grey))
        self.axes.set_ylim(0, 1.6 * self.whole.get_data().values.max())
        self.means[0].set_xdata([grey.mean()] * 2)

    def draw(self, values):
        shares, (_, top) = self._shares(values), self.axes.get_ylim()
        self.sample.set_data(shares)
        self.means[1].set_xdata([values.mean()] * 2)
        for text, share in zip(self.too_high, shares, strict=True):
            text.set_text(f"{percent(share)} ▶" if share > top else "")  # rotated: it points up

    def _shares(self, values):
        return np.histogram(values, self.edges)[0] / values.size


def _caption_of_sampling(pixels, on_grid, histograms):
    whole, sample = (patch.get_data().values for patch in (histograms.whole, histograms.sample))
    all_mean, mean = (line.get_xdata()[0] for line in histograms.means)
    wrong = np.abs(sample - whole).sum() / 2
    columns = np.flatnonzero(~np.ma.getmaskarray(pixels)[0])
    step = f" (n = {columns[1] - columns[0]})" if on_grid else ""
    return (
        f"The sample's {pixels.count():,} pixels{step}, {percent(pixels.count() / pixels.size)} of "
        f"all, have a mean brightness of {number(mean)}; all pixels have {number(all_mean)}. "
        f"In the histogram {percent(wrong)} of the sample stand in the wrong bar."
    )
