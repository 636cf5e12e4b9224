"""Explorers of the fitting chapter, notebooks/02_fitting.ipynb."""

import functools
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import PHOTOGRAPHS, animals, photograph, record, temperatures
from lessonkit.explorers.drawing import apart
from lessonkit.explorers.style import COLOURS, HALO, NEW, SEEN, ink
from lessonkit.explorers.words import joined, number, percent, scientific, several
from lessonkit.fitting import fit_polynomial, fit_tree, noisy_sine, sine, training_and_test_errors
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


# -- error against capacity ------------------------------------------------------------------------

DEGREES, DEPTHS = range(16), range(9)
RIDGES = (0, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10)
FROM_STRONGEST = RIDGES[::-1]
NEW_SEED = 99  # of the new points
KNOWN_DAYS = 273  # January to September: from these a model learns, and on these it is tested
AS_GOOD = 1.1  # an error this many times the best one is as good, and so is one of 0.000


class _Study(NamedTuple):
    """Points to learn from and new ones, and what models of each capacity make of them."""

    seen: tuple  # (x, y)
    new: tuple
    capacities: list
    grid: np.ndarray  # x where the fits are drawn
    curves: np.ndarray  # (capacities, grid)
    errors: np.ndarray  # (2, capacities), roots of mean squares: on the points seen, on new ones
    noise: float | None = None  # and the truth, where the points are made up
    truth: np.ndarray | None = None


@lesson_style()
def capacity():
    """Show what more capacity does to a fit, and to its error on seen and on new points.

    Models: polynomials of degree 0 to 15, regression trees of depth 0 to 8, and a network after 1
    to 20,000 epochs (recorded). Data: points of a sine with noise, tested on 1001 others; or days
    of January to September, evenly spread, tested on the other days of these months, while October
    to December is never used. An error is the root of the mean squared error. Controls: the model
    and the data, and what can be chosen of them: the capacity, the polynomial's ridge, the number
    of points, their noise, and its seed.
    """
    figure = Figure(figsize=(7.6, 3.7))
    fit, errors = _FitPanel(figure), _ErrorPanel(figure)

    def draw(model, data, degree, depth, epoch, ridge, points, noise, seed):
        made_up = (noise, seed) if data == "noisy sine" else None
        if model != "polynomial":
            ridge = 0  # whatever its hidden control says
        study = _recorded_study() if model == "network" else _study(model, points, made_up, ridge)
        now = {"polynomial": degree, "tree": depth, "network": epoch}[model]
        place = study.capacities.index(now)
        fit.draw(study, place)
        errors.draw(study, place, model)
        errors_of_ridges = _errors_of_ridges(points, made_up, degree) if ridge else None
        return _caption_of_capacity(model, now, fit, errors, ridge, errors_of_ridges)

    return explore(draw, figure, **_capacity_controls())


def _capacity_controls():
    """Return name → control, each shown only while the model and the data have a use for it."""
    epochs = [(f"{epoch:,}", epoch) for epoch in record("fitting_network")["epochs"]]
    controls = {
        "model": ipywidgets.Dropdown(options=["polynomial", "tree", "network"]),
        "data": ipywidgets.Dropdown(options=["noisy sine", "temperatures"]),
        "degree": ipywidgets.IntSlider(3, min=DEGREES[0], max=DEGREES[-1]),
        "depth": ipywidgets.IntSlider(2, min=DEPTHS[0], max=DEPTHS[-1]),
        "epoch": ipywidgets.SelectionSlider(options=epochs, value=500),
        "ridge": ipywidgets.SelectionSlider(options=[(f"{r:g}", r) for r in RIDGES]),
        "points": ipywidgets.IntSlider(16, min=10, max=200),
        "noise": ipywidgets.FloatSlider(0.3, min=0, max=1, step=0.05),
        "seed": ipywidgets.IntSlider(2, min=1, max=20),
    }
    model, data = controls["model"], controls["data"]

    def follow(_=None):
        fits_now = model.value != "network"  # a recorded network has its own data
        makes_up = fits_now and data.value == "noisy sine"
        used = {"degree": model.value == "polynomial", "depth": model.value == "tree"}
        used |= {"ridge": used["degree"], "epoch": not fits_now, "data": fits_now}
        used |= {"points": fits_now, "noise": makes_up, "seed": makes_up}
        for name, on in used.items():
            controls[name].layout.display = "flex" if on else "none"

    for chooser in (model, data):
        chooser.observe(follow, "value")
    follow()
    return controls


# While only the capacity moves, nothing is fitted again.
@functools.lru_cache(maxsize=8)
def _study(model, points, made_up, ridge):
    data = _data(points, made_up)
    if model == "tree":
        capacities = list(DEPTHS)
        deepest = fit_tree(*data["seen"], DEPTHS[-1])
        fits = [deepest.pruned(depth) for depth in DEPTHS]
    else:
        capacities = list(DEGREES)
        fits = [fit_polynomial(*data["seen"], degree, ridge) for degree in DEGREES]
    errors = np.sqrt(training_and_test_errors(fits, data["seen"], data["new"]))
    curves = np.array([fit(data["grid"]) for fit in fits])
    return _Study(**data, capacities=capacities, curves=curves, errors=errors)


@functools.lru_cache(maxsize=2 * len(DEGREES))
def _errors_of_ridges(points, made_up, degree):
    """Return the errors on new points with each ridge, the strongest first."""
    data = _data(points, made_up)
    fits = [fit_polynomial(*data["seen"], degree, ridge) for ridge in FROM_STRONGEST]
    return np.sqrt(training_and_test_errors(fits, data["seen"], data["new"])[1])


def _data(points, made_up):
    """Return what of a _Study is not made by a model. made_up: (noise, seed), or None for days."""
    if made_up:
        noise, seed = made_up
        seen, new = noisy_sine(points, noise, seed), noisy_sine(1001, noise, NEW_SEED)
        grid = np.linspace(0, 1, 501)
        return {"seen": seen, "new": new, "grid": grid, "noise": noise, "truth": sine(grid)}
    degrees, days = temperatures(), np.arange(365)
    chosen = np.linspace(0, KNOWN_DAYS - 1, points).round().astype(int)
    others = np.setdiff1d(days[:KNOWN_DAYS], chosen)
    return {"seen": (chosen, degrees[chosen]), "new": (others, degrees[others]), "grid": days}


@functools.cache
def _recorded_study():
    kept = record("fitting_network")
    data = _data(len(kept["x"]), (kept["noise"], kept["seed"]))
    curves = np.array(kept["curves"])
    grid = np.linspace(0, 1, curves.shape[1])
    data |= {"seen": (np.array(kept["x"]), np.array(kept["y"])), "grid": grid, "truth": sine(grid)}
    errors = np.sqrt([kept["training_errors"][0], kept["test_errors"][0]])
    return _Study(**data, capacities=kept["epochs"], curves=curves, errors=errors)


class _FitPanel:
    """The points, the truth where it is known, and the fit."""

    def __init__(self, figure):
        self.axes = figure.add_axes((0.045, 0.115, 0.5, 0.765))
        dots = {"ls": "", "marker": "o", "animated": True}
        self.new = self.axes.plot([], [], **dots, color=NEW, alpha=0.3, ms=2.5, mew=0)[0]
        self.later = self.axes.plot([], [], **dots, color="0.6", ms=2.5, mew=0)[0]
        self.truth = self.axes.plot([], [], color="0.4", ls=(0, (4, 2)), animated=True)[0]
        self.fit = self.axes.plot([], [], color=COLOURS["now"], zorder=4, animated=True)[0]
        dots |= {"color": SEEN, "mec": "white", "clip_on": False}
        self.above, self.below = (
            self.axes.plot([], [], **dots | {"marker": marker}, zorder=5)[0] for marker in "^v"
        )
        self.seen = self.axes.plot([], [], **dots, zorder=3)[0]
        figure.text(0.045, 0.93, "seen points", color=SEEN, weight="bold")
        figure.text(0.19, 0.93, "new points", color=ink(NEW), weight="bold")
        figure.text(0.325, 0.93, "fit", color=ink(COLOURS["now"]), weight="bold")
        self.fourth = figure.text(0.37, 0.93, "", color="0.4", weight="bold")
        self.made_up = None

    def draw(self, study, place):
        """Show the fit of the capacity at this place in the list."""
        made_up = study.truth is not None
        if made_up != self.made_up:
            self.made_up = made_up
            self._scale()
        (x, y), (low, high) = study.seen, self.axes.get_ylim()
        self.seen.set_data(x, np.where((y >= low) & (y <= high), y, np.nan))
        self.above.set_data(x, np.where(y > high, high, np.nan))
        self.below.set_data(x, np.where(y < low, low, np.nan))
        self.seen.set_markersize(7 if len(study.seen[0]) <= 60 else 5)
        self.new.set_data(*study.new)
        self.fit.set_data(study.grid, study.curves[place])
        if made_up:
            self.truth.set_data(study.grid, study.truth)

    def _scale(self):
        axes = self.axes
        if self.made_up:
            axes.set(xlim=(-0.02, 1.02), ylim=(-2.4, 2.4))
            axes.set_xticks([0, 0.5, 1], ["0", "x = 0.5", "1"])
            axes.set_yticks([-2, -1, 0, 1, 2], ["−2", "−1", "0", "1", "2"])
            self.fourth.set_text("truth")
            self.later.set_data([], [])
        else:
            axes.set(xlim=(-5, 367), ylim=(-6, 42))
            axes.set_xticks([0, 90, 181, 273], ["1 Jan", "1 Apr", "1 Jul", "1 Oct"])
            axes.set_yticks([0, 10, 20, 30, 40], ["0", "10", "20", "30", "°C"])
            self.fourth.set_text("later, never used")
            self.truth.set_data([], [])
            self.later.set_data(np.arange(KNOWN_DAYS, 365), temperatures()[KNOWN_DAYS:])


class _ErrorPanel:
    """Both errors against capacity, with the capacity of now and the best one marked."""

    def __init__(self, figure):
        self.axes = axes = figure.add_axes((0.615, 0.115, 0.25, 0.765), yscale="log")
        axes.set_title("typical error (root mean square)", pad=10)
        self.noise = axes.axhline(1, color="0.6", lw=1, ls=(0, (4, 2)), animated=True)
        self.now = axes.axvline(1, color=COLOURS["now"], lw=1, animated=True)
        ring = {"ms": 13, "mfc": "none", "mec": NEW, "mew": 1.5, "clip_on": False}
        self.best = axes.plot([], [], "o", **ring, animated=True)[0]
        self.lines = [axes.plot([], [], color=c, animated=True)[0] for c in (SEEN, NEW)]
        dot = {"marker": "o", "mec": "white", "zorder": 3, "clip_on": False, "animated": True}
        self.dots = [axes.plot([], [], color=c, **dot)[0] for c in (SEEN, NEW)]
        text = {"transform": axes.get_yaxis_transform(), "va": "center", "animated": True}
        self.labels = [
            axes.text(1.04, 1, label, color=colour, **text)
            for label, colour in (("seen points", SEEN), ("noise", "0.4"), ("new points", ink(NEW)))
        ]
        beside = {"textcoords": "offset points", "path_effects": HALO, "animated": True}
        self.says_best = axes.annotate("", (0, 0), (0, 0), color=ink(NEW), **beside)
        kept = record("fitting_network")  # test_errors: (networks, epochs)
        spread = np.sqrt([np.min(kept["test_errors"], axis=0), np.max(kept["test_errors"], axis=0)])
        self.band = axes.fill_between(kept["epochs"], *spread, color=NEW, alpha=0.25)
        self.kind = None

    def draw(self, study, place, model):
        """Show the errors of a study, and mark the place in its list of capacities."""
        kind = (model, study.truth is None)
        if kind != self.kind:
            self.kind = kind
            self._scale(study.capacities[-1], *kind)
        capacities = study.capacities
        low, high = self.axes.get_ylim()
        for line, dot, errors in zip(self.lines, self.dots, study.errors, strict=True):
            line.set_data(capacities, errors)
            dot.set_data([capacities[place]], [np.clip(errors[place], low, high)])
            dot.set_marker("v" if errors[place] < low else "^" if errors[place] > high else "o")
        self.now.set_xdata([capacities[place]] * 2)
        self._mark_best(capacities, study.errors[1])
        for artist in (self.noise, self.labels[1]):
            artist.set_visible(bool(study.noise))
        self.noise.set_ydata([study.noise] * 2)
        seen, new = study.errors[:, -1]
        self._part_labels(np.array([seen, study.noise, new] if study.noise else [seen, new]))

    def _mark_best(self, capacities, errors):
        best = errors.argmin()
        low, high = self.axes.get_ylim()
        x, y = capacities[best], np.clip(errors[best], 1.2 * low, high)  # above the ticks' labels
        self.best.set_data([x], [y])
        self.says_best.xy = x, y
        shift, side = (7, "left") if best < 0.7 * len(capacities) else (-7, "right")
        self.says_best.set(text=f"best: {x:,}", position=(shift, 10), ha=side)

    def _part_labels(self, ends):
        """Put each label at the end of its line, or so far from the others that all are read."""
        low, high = np.log(self.axes.get_ylim())
        heights = np.interp(np.log(np.maximum(ends, 1e-99)), [low, high], [0, 1])
        labels = [label for label in self.labels if label.get_visible()]
        for label, height in zip(labels, apart(heights, 0.07, 0, 1), strict=True):
            label.set_y(np.exp(low + height * (high - low)))

    def _scale(self, last, model, measured):
        """Set what depends on the model and the kind of data alone; last: the highest capacity."""
        axes, network = self.axes, model == "network"
        name, ticks = {
            "polynomial": ("degree", [0, 5, 10, 15]),
            "tree": ("depth", [0, 2, 4, 6, 8]),
            "network": ("epoch (band: five networks)", [1, 100, 10_000]),
        }[model]
        axes.set_xscale("log" if network else "linear")
        axes.set_xlim((0.8, 3 * last) if network else (-0.04 * last, 1.04 * last))
        axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        axes.set_xlabel(name, labelpad=1)
        axes.set_ylim((1, 25) if measured else (0.04, 10))
        ticks = [1, 3, 10] if measured else [0.1, 0.3, 1, 3, 10]
        axes.set_yticks(ticks, [f"{tick:g}{' °C' * measured}" for tick in ticks])
        axes.minorticks_off()
        self.band.set_visible(network)


def _caption_of_capacity(model, now, fit, errors, ridge, errors_of_ridges):
    """errors_of_ridges: on new points, of the capacity of now, the strongest first; or None."""
    word, name = {
        "polynomial": ("degree", f"Degree {now}"),
        "tree": ("depth", f"A tree of depth {now}"),
        "network": ("epoch", f"After {several(now, 'epoch')} the network"),
    }[model]
    on_seen, on_new = (line.get_ydata() for line in errors.lines)
    capacities = list(errors.lines[1].get_xdata())
    place = capacities.index(now)
    unit = "" if fit.made_up else " °C"
    verdict = _verdict(word, capacities, place, on_new, unit)
    if ridge:
        name += f" with ridge {ridge:g}"
        chosen = FROM_STRONGEST.index(ridge)
        if not _is_good(errors_of_ridges, chosen):
            verdict = _verdict("ridge", FROM_STRONGEST, chosen, errors_of_ridges, unit)
    return (
        f"{name} is typically off by {_error(on_seen[place])}{unit} on the "
        f"{len(fit.seen.get_xdata())} points seen and by {_error(on_new[place])}{unit} on new "
        f"ones: {verdict}. {_beyond(fit, unit)}"
    )


def _is_good(on_new, place):
    return on_new[place] <= max(AS_GOOD * on_new.min(), 0.0005)


def _verdict(word, choices, place, on_new, unit):
    """Judge the choice at this place of a list that begins with what can fit least."""
    best = on_new.argmin()
    at_best = f"{word} {choices[best]:,} is best, {_error(on_new[best])}{unit}"
    if place == best:
        return f"no other {word} does better"
    if _is_good(on_new, place):
        return f"about as good as it gets ({at_best})"
    return f"it {'under' if place < best else 'over'}fits ({at_best})"


def _beyond(fit, unit):
    """Say how far the fit is from the truth, or from the days that it was kept away from."""
    where = "the truth" if fit.made_up else "October to December, never seen,"
    xs, ys = (fit.truth if fit.made_up else fit.later).get_data()
    distance = np.sqrt(np.mean((np.interp(xs, *fit.fit.get_data()) - ys) ** 2))
    return f"From {where} it is off by {_error(distance)}{unit}."


def _error(value):
    return scientific(value) if value >= 1000 else number(value)


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
