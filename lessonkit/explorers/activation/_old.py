"""Explorers of the activation chapter, notebooks/03_activation.ipynb."""

import inspect

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lessonkit.activations import ACTIVATIONS, leaky_relu
from lessonkit.convolution import FILTERS, correlate2d
from lessonkit.datasets import PHOTOGRAPHS, photograph
from lessonkit.explorers.controls import show_while, typed_numbers
from lessonkit.explorers.drawing import NetworkDrawing
from lessonkit.explorers.style import COLOURS, DASHES, HALO, NAMES, SIGNED, ink
from lessonkit.explorers.words import formatted, joined, number, percent, scientific, several
from lessonkit.live import explore, lesson_style
from lessonkit.pooling import pool

# -- functions and their slopes ------------------------------------------------------------------

XS = np.linspace(-6, 6, 1201)
ENOUGH = 0.1  # a slope above this still passes on a useful share of the gradient
LOWEST = -1.7  # a label stands no lower
# Where a function's label stands: x on its curve, and how the text lies to that point.
LABELS = {
    "sigmoid": (5.9, "right", "bottom"),
    "tanh": (-2.0, "left", "top"),
    "relu": (3.1, "left", "top"),
    "leaky_relu": (-5.9, "left", "top"),
    "prelu": (-1.6, "left", "top"),
    "rrelu": (-5.9, "left", "bottom"),
    "elu": (-3.2, "left", "bottom"),
    "silu": (2.7, "left", "top"),
}


@lesson_style()
def functions_and_slopes():
    """Show activation functions, their derivatives and where the slope is still of use.

    A checkbox for each function, a slider for x, and one for each function's parameter.
    """
    figure = Figure(figsize=(7.6, 4))
    panels = _function_panels(figure)
    rows = [_FunctionRow(name, *panels) for name in ACTIVATIONS]
    now = [panel.axvline(color=COLOURS["now"], lw=1, zorder=1, animated=True) for panel in panels]

    def draw(x, lower_upper, **values):
        values["lower"], values["upper"] = lower_upper
        for line in now:
            line.set_xdata([x, x])
        chosen = [row for row in rows if values[row.name]]
        for row in rows:
            place = (chosen.index(row) + 0.5) / max(3, len(chosen)) if row in chosen else None
            row.draw(x, values, place)
        return _caption_of_functions(x, chosen)

    return explore(draw, figure, **_function_controls())


def _function_panels(figure):
    """Return the axes for the functions, for their slopes and for the widths under those."""
    values = figure.add_axes((0.04, 0.08, 0.43, 0.84), xlim=(-6, 6), ylim=(-2, 3.3))
    slopes = figure.add_axes((0.61, 0.5, 0.375, 0.42), xlim=(-6, 6), ylim=(-0.12, 1.2))
    widths = figure.add_axes((0.61, 0.02, 0.375, 0.32), xlim=(-6, 6), ylim=(1, 0))
    values.set(title="function of x", yticks=[-1, 0, 1, 2, 3])
    slopes.set(title="its slope (derivative)", yticks=[0, 0.25, 1], yticklabels=["0", "¼", "1"])
    widths.set_title(f"slope above {ENOUGH}: where, how wide", pad=5)
    widths.axis("off")
    for panel in (values, slopes):
        panel.set_xticks([-6, -3, 0, 3, 6])
        panel.spines[["left", "bottom"]].set_visible(False)
        panel.axhline(0, color="0.8", lw=1)
    slopes.axhline(0.25, color="0.8", lw=1)
    return values, slopes, widths


def _function_controls():
    """Return name → control; a function's parameter can be moved while the function is shown."""
    bounds = ipywidgets.FloatRangeSlider(value=(0.125, 0.333), min=0, max=0.5, step=0.001)
    parameters = {
        "leaky_relu": ("negative_slope", ipywidgets.FloatSlider(0.01, min=0, max=0.5, step=0.01)),
        "prelu": ("slope", ipywidgets.FloatSlider(0.25, min=0, max=0.5, step=0.01)),
        "rrelu": ("lower_upper", bounds),
        "elu": ("alpha", ipywidgets.FloatSlider(1, min=0, max=1.5, step=0.05)),
    }
    ticks = {
        name: ipywidgets.Checkbox(name in ("sigmoid", "relu"), description=words, indent=False)
        for name, words in NAMES.items()
    }
    for name, (_, slider) in parameters.items():
        slider.description = f"{NAMES[name]} {'α' if name == 'elu' else 'a'}"
        show_while(slider, ticks[name], True)
    x = ipywidgets.FloatSlider(2, min=-6, max=6, step=0.1)
    return ticks | {"x": x} | dict(parameters.values())


class _FunctionRow:
    """One function on the three panels: curve, tangent and dots, and the bar of its width."""

    def __init__(self, name, values, slopes, widths):
        self.name, self.function = name, ACTIVATIONS[name]
        _, *self.parameters = inspect.signature(self.function.derivative).parameters
        # What a slider changes is animated; what only a checkbox changes is drawn once.
        moves = bool(self.parameters)
        look = {"color": COLOURS[name], "ls": DASHES.get(name, "-"), "animated": moves}
        if name == "relu":  # its cousins lie on it for every positive x: it still shows
            look |= {"lw": 4.5, "solid_capstyle": "butt", "zorder": 1.9}
        self.curve = values.plot([], [], **look)[0]
        self.slopes = slopes.plot([], [], **look)[0]
        self.bar = widths.plot([], [], **look | {"ls": "-", "lw": 6, "solid_capstyle": "butt"})[0]
        self.label_from, ha, va = LABELS[name]
        text = {"color": ink(COLOURS[name]), "path_effects": HALO}
        # The label stands beside its curve, and above the line of x, which may cross it.
        aside = (3 if ha == "left" else -3, 2 if va == "bottom" else -2)  # points
        place = {"xytext": aside, "textcoords": "offset points", "ha": ha, "va": va}
        self.label = values.annotate(NAMES[name], (0, 0), **place, **text, animated=True)
        self.width = widths.text(-6.4, 0, "", **text, ha="right", va="center", animated=moves)
        self.tangent = values.plot(
            [], [], color="0.2", lw=1, ls=(0, (5, 4)), zorder=2.5, animated=True
        )[0]
        dot = {"color": COLOURS[name], "marker": "o", "mec": "white", "zorder": 3, "animated": True}
        self.dots = [panel.plot([], [], **dot)[0] for panel in (values, slopes)]
        self._drawn = None

    def draw(self, x, values, place):
        """Move to x. place: 0..1 down the panel of widths, or None for a function not shown."""
        parameters = {name: values[name] for name in self.parameters}
        if (parameters, place) != self._drawn:  # to touch a still artist is to redraw everything
            self._drawn = (parameters, place)
            self._draw_curves(parameters, place)
        value = self.function(x, **parameters)
        slope = self.function.derivative(x, **parameters)
        self.dots[0].set_data([x], [value])
        self.dots[1].set_data([x], [slope])
        self.tangent.set_data([x - 1.5, x + 1.5], [value - 1.5 * slope, value + 1.5 * slope])

    def _draw_curves(self, parameters, place):
        heights = self.function(XS, **parameters)
        self.curve.set_data(XS, heights)
        self.slopes.set_data(*_with_gaps(XS, self.function.derivative(XS, **parameters)))
        labelled = np.argmax((self.label_from <= XS) & (heights >= LOWEST))
        self.label.xy = (XS[labelled], heights[labelled])
        start, end = self.useful()
        self.bar.set_data([start, end], [place, place])
        self.width.set_text(f"{NAMES[self.name]} {self.useful_width()}")
        self.width.set_y(place or 0)
        moving = (self.tangent, *self.dots)
        for artist in (self.curve, self.slopes, self.bar, self.label, self.width, *moving):
            artist.set_visible(place is not None)

    def useful(self):
        """Return the ends of the part of the drawn slope that exceeds ENOUGH; NaN for no part."""
        xs, slopes = self.slopes.get_data()
        xs = xs[slopes > ENOUGH]
        return (xs[0], xs[-1]) if xs.size else (np.nan, np.nan)

    def useful_width(self):
        """Return how wide that part is, as text: it has no end where it runs off the picture."""
        start, end = self.useful()
        if np.isnan(start):
            return "0"
        return "∞" if end == XS[-1] else f"{end - start:.1f}"


def _with_gaps(xs, ys):
    """Return the curve with a gap where it jumps; beyond the gap it starts at its limit there."""
    places = np.flatnonzero(np.abs(np.diff(ys)) > 0.02) + 1
    limits = np.stack([np.full(places.size, np.nan), ys[places]], axis=1)
    twice = places.repeat(2)
    return np.insert(xs, twice, xs[twice - 1]), np.insert(ys, twice, limits.ravel())


def _caption_of_functions(x, rows):
    if not rows:
        return "No function is shown: tick one."
    values = [
        f"{NAMES[row.name]} is {number(row.dots[0].get_ydata()[0])}"
        f" with slope {scientific(row.dots[1].get_ydata()[0])}"  # small, but hardly ever 0
        for row in rows
    ]
    widths = [f"{_useful_in_words(row)} ({NAMES[row.name]})" for row in rows]
    where = f"At x = {formatted(x, '.1f')}"
    return f"{where}, {joined(values)}. The slope exceeds {ENOUGH} {joined(widths)}."


def _useful_in_words(row):
    start, end = row.useful()
    if np.isnan(start):
        return "nowhere"
    if end < XS[-1]:
        return f"over a width of {row.useful_width()}"
    return "everywhere" if start == XS[0] else f"for every x above {formatted(start, '.2g')}"


# -- the gradient ladder ---------------------------------------------------------------------------

NEURONS = 64  # in every layer
DEEPEST = 50
FLOOR, TOP = 1e-36, 1e18  # of the log axis: room for sigmoid at 50 layers and for large weights


@lesson_style()
def gradient_ladder():
    """Show how large a gradient still is after it came back through 1 to 50 layers.

    A network of fully connected layers, 64 neurons each, with random weights of mean 0 and standard
    deviation weight_scale / √64. Its inputs are random too. Controls: activation, depth, and
    weight_scale.
    """
    figure = Figure(figsize=(7.6, 3.6))
    ladder = _LadderPanel(figure)
    rng = np.random.default_rng(12)
    normal = rng.standard_normal((DEEPEST, NEURONS, NEURONS)) / np.sqrt(NEURONS)
    norms = np.linalg.norm(normal, ord=2, axis=(1, 2))
    inputs = rng.standard_normal((NEURONS, 16))
    start = rng.standard_normal((NEURONS, 16))
    start /= np.linalg.norm(start, axis=0)

    def draw(activation, depth, weight_scale):
        function = ACTIVATIONS[activation]
        sizes = _gradient_sizes(function, weight_scale * normal[:depth], inputs, start)
        steepest = function.derivative(XS).max()
        highest = np.cumprod((steepest * weight_scale * norms[:depth])[::-1])[::-1]
        ladder.draw(sizes, highest, COLOURS[activation])
        return _caption_of_ladder(activation, depth, sizes[0], ladder.ceiling.get_ydata()[0])

    return explore(
        draw,
        figure,
        activation=[(words, name) for name, words in NAMES.items()],
        depth=ipywidgets.IntSlider(20, min=1, max=DEEPEST),
        weight_scale=ipywidgets.FloatSlider(1, min=0.5, max=4, step=0.01),
    )


class _LadderPanel:
    """A bar for the gradient that leaves each layer, and the ceiling it cannot exceed."""

    def __init__(self, figure):
        axes = figure.add_axes((0.09, 0.13, 0.89, 0.79), xlim=(0.3, DEEPEST + 5))
        axes.set(yscale="log", ylim=(FLOOR, TOP), xticks=[1, 10, 20, 30, 40, 50])
        axes.set_yticks([1e-30, 1e-20, 1e-10, 1, 1e10])
        axes.set_yticks([], minor=True)
        axes.set_title(
            "size of the gradient as it leaves a layer, travelling left (it starts as 1)"
        )
        axes.set_xlabel("layer, counted from the input", loc="left")
        axes.axhline(1, color="0.8", lw=1)
        self.bars = axes.vlines([], FLOOR, [], lw=5, animated=True)
        self.ceiling = axes.plot([], [], color="0.35", lw=1, ls=(0, (4, 2)), animated=True)[0]
        text = {"color": "0.35", "va": "center", "path_effects": HALO, "animated": True}
        self.label = axes.text(1, 1, "ceiling", **text)

    def draw(self, sizes, highest, colour):
        """Show the gradient's size below each layer, and the highest it can have there."""
        ends = np.clip(sizes, FLOOR, TOP)
        bars = [[(layer, FLOOR), (layer, end)] for layer, end in enumerate(ends, 1)]
        self.bars.set_segments(bars)
        self.bars.set_color(colour)
        depth = len(highest)
        self.ceiling.set_data(np.arange(1, depth + 1), highest)
        self.ceiling.set_marker("_" if depth == 1 else "")  # of one point there is no line
        self.label.set_position((depth + 0.7, highest[-1]))  # it starts here, always in the picture


def _gradient_sizes(function, weights, values, gradient):
    """Return the mean size of the gradient below each layer, the first layer first."""
    sums = []
    for matrix in weights:
        sums.append(matrix @ values)
        values = function(sums[-1])
    sizes = []
    for matrix, layer_sums in zip(weights[::-1], sums[::-1], strict=True):
        gradient = matrix.T @ (function.derivative(layer_sums) * gradient)
        sizes.append(np.linalg.norm(gradient, axis=0).mean())
    return np.array(sizes[::-1])


def _caption_of_ladder(activation, depth, size, highest):
    a_layer = f": each layer multiplies it by {number(size ** (1 / depth))} on average"
    return (
        f"Back through {several(depth, 'layer')} of {NAMES[activation]}, a gradient of size 1 "
        f"becomes {scientific(size)}{a_layer if depth > 1 else ''}. "
        f"It cannot exceed the ceiling, {scientific(highest)}."
    )


# -- silent neurons --------------------------------------------------------------------------------

PATCH, CELL = 3, 8  # a patch is 3 × 3 cells of 8 × 8 pixels: a neuron sees its 9 mean values
HIDDEN, OUTPUTS = 20, 5
SMALL = 0.1  # a sigmoid below this says "nothing here", yet is not 0


@lesson_style()
def silent_neurons():
    """Show which neurons of a layer ReLU silences on a patch of a photograph, and how many on all.

    The layer has 20 neurons with random weights. It sees patches of the camera photograph, each
    less its mean and divided by its spread. Controls: the patch, the bias that every neuron adds,
    and the activation.
    """
    figure = Figure(figsize=(7.6, 3.8))
    square, zoom = _photo_panels(figure)
    layers = figure.add_axes((0.34, 0.02, 0.29, 0.89))
    layers.set_title(f"{PATCH**2} inputs, {HIDDEN} neurons, next layer")
    network = NetworkDrawing(layers, PATCH**2, HIDDEN, OUTPUTS)
    shares = _ShareBars(figure.add_axes((0.685, 0.09, 0.27, 0.82)))
    patches, corners = _patches(_grey_square("camera"))
    spread = patches.std(axis=1, keepdims=True)
    weights = np.random.default_rng(1).standard_normal((PATCH**2, HIDDEN)) / PATCH
    sums = (patches - patches.mean(axis=1, keepdims=True)) / spread @ weights

    def draw(patch, bias, activation):
        square.set_xy(corners[patch - 1])
        zoom.set_data(patches[patch - 1].reshape(PATCH, PATCH))
        network.draw(ACTIVATIONS[activation](sums[patch - 1] + bias), COLOURS[activation])
        shares.draw(sums + bias)
        return _caption_of_silence(activation, network, shares)

    return explore(
        draw,
        figure,
        patch=ipywidgets.IntSlider(5, min=1, max=len(patches)),
        bias=ipywidgets.FloatSlider(0, min=-3, max=3, step=0.05),
        activation=[("ReLU", "relu"), ("sigmoid", "sigmoid")],
    )


def _patches(grey):
    """Return the patches of a grid that are not even, (number, 9), and their corners (x, y)."""
    cells = pool(grey, CELL, statistic="mean")
    count = len(cells) // PATCH
    patches = cells.reshape(count, PATCH, count, PATCH).swapaxes(1, 2).reshape(-1, PATCH**2)
    corners = np.indices((count, count)).reshape(2, -1).T[:, ::-1] * PATCH * CELL
    seen = patches.std(axis=1) > 0.02  # in an even patch there is nothing to see
    return patches[seen], corners[seen]


def _photo_panels(figure):
    """Draw the photograph; return the square on it and the image of the patch inside."""
    photo = figure.add_axes((0.017, 0.385, 0.263, 0.526), title="a patch of a photograph")
    photo.axis("off")
    grey = pool(_grey_square("camera"), 2, statistic="mean")
    ends = (0, 2 * len(grey), 2 * len(grey), 0)  # in pixels of the map, as the corners are
    photo.imshow(grey, cmap="gray", clim=(0, 1), extent=ends)
    side = PATCH * CELL
    look = {"fill": False, "ec": COLOURS["now"], "lw": 3, "animated": True}
    square = photo.add_patch(Rectangle((0, 0), side, side, **look))
    zoom = figure.add_axes((0.064, 0.02, 0.169, 0.338))
    zoom.axis("off")
    return square, zoom.imshow(np.zeros((2, 2)), cmap="gray", clim=(0, 1), animated=True)


class _ShareBars:
    """Shares of all values on all patches that are not 0, beside two estimates for the brain."""

    def __init__(self, axes):
        axes.set(title="active at once, all patches", xlim=(0, 100), ylim=(4, -0.4), yticks=[])
        axes.set_xticks([0, 50, 100], ["0", "50", "100 %"])
        axes.spines["left"].set_visible(False)
        bar = {"height": 0.3, "animated": True}
        self.relu = axes.barh([0.35], [0], color=COLOURS["relu"], **bar)[0]
        self.sigmoid = axes.barh([1.35], [0], color=COLOURS["sigmoid"], **bar)[0]
        pale = {"hatch": "////", "ec": "white"}  # small: hardly active, but not silent
        self.hardly = axes.barh([1.35], [0], color=COLOURS["sigmoid"], **bar | pale)[0]
        self.words = [axes.text(0, row, "", va="bottom", animated=True) for row in (0.15, 1.15)]
        axes.barh([2.35, 3.35], [1, 4], color="0.35", height=0.3)
        axes.text(0, 2.15, "brain, Lennie 2003: under 1 %", va="bottom")
        axes.text(0, 3.15, "brain, Glorot 2011: 1–4 %", va="bottom")

    def draw(self, sums):
        self.relu.set_width(100 * np.mean(ACTIVATIONS["relu"](sums) != 0))
        values = ACTIVATIONS["sigmoid"](sums)
        self.sigmoid.set_width(100 * np.mean(values >= SMALL))
        self.hardly.set_x(self.sigmoid.get_width())
        self.hardly.set_width(100 * np.mean((values != 0) & (values < SMALL)))
        self.words[0].set_text(f"ReLU: {self.relu.get_width():.1f} %")
        active = self.sigmoid.get_width() + self.hardly.get_width()
        self.words[1].set_text(f"sigmoid: {active:.1f} %, striped < {SMALL}")


def _caption_of_silence(activation, network, shares):
    active, hardly = shares.relu.get_width(), shares.hardly.get_width()
    sigmoid_zero = abs(100 - shares.sigmoid.get_width() - hardly)
    return (
        f"On this patch {network.silent()} of the {HIDDEN} neurons are exactly 0 after "
        f"{NAMES[activation]}. On all patches {active:.1f} % of ReLU's values are active and "
        f"{100 - active:.1f} % exactly 0; of sigmoid's, {hardly:.1f} % are smaller than {SMALL} "
        f"and {sigmoid_zero:.1f} % exactly 0."
    )


# -- a feature map before and after ReLU -----------------------------------------------------------

SIDE = 236  # pixels of a map, shown one to one
GAP = 13  # pixels between the panels, and at the edges of the paper
MARGIN = 2  # pixels around it that a 5×5 kernel still needs
OWN, OWN_NUMBERS = "own 3×3", "0 -1 0, -1 4 -1, 0 -1 0"


@lesson_style()
def feature_map():
    """Show a photograph, the signed map a filter makes of it, and the map after ReLU.

    Controls: the photograph, the filter (or nine numbers of one's own), the threshold that is
    subtracted before ReLU, and the slope that ReLU gives to negative values.
    """
    figure = Figure(figsize=(7.6, 3.4))
    photo, _ = _image_panel(figure, 0, "photograph")
    signed, _ = _image_panel(figure, 1, "feature map")
    rectified, title = _image_panel(figure, 2, "", animated=True)
    photo.set(cmap="gray", clim=(0, 1))
    scale, mark = _colour_scale(figure)
    figure.text(0.017, 0.1, "filter", va="center", color="#333333")
    kernel_text = figure.text(0.055, 0.1, "", family="DejaVu Sans Mono", va="center")
    shown = {}  # the map on show and what it was made from: sliders alone do not make it again

    def draw(photograph, filter, own, threshold, negative_slope):
        kernel = FILTERS.get(filter)
        if filter == OWN:
            kernel = typed_numbers(own, 9, 99, OWN_NUMBERS).reshape(3, 3)
        source = (photograph, kernel.tobytes())
        if shown.get("source") != source:
            grey = _grey_square(photograph)
            feature_map = _map_of(grey, kernel)
            photo.set_data(grey[MARGIN:-MARGIN, MARGIN:-MARGIN])
            signed.set_data(feature_map)
            limit = np.ceil(10 * np.percentile(np.abs(feature_map), 98)) / 10 or 1.0
            for image in (signed, rectified):
                image.set(cmap=SIGNED, clim=(-limit, limit))
            scale.set_xticklabels([f"−{limit:g} and less", "0", f"{limit:g} and more"])
            rows = ["".join(formatted(value, "8.3g") for value in row) for row in kernel]
            kernel_text.set_text("\n".join(rows))
            shown["source"] = source
        title.set_text(f"after {_rectifier(negative_slope)}")
        rectified.set_data(leaky_relu(signed.get_array() - threshold, negative_slope))
        mark.set_xdata([threshold / signed.get_clim()[1]] * 2)
        return _caption_of_maps(signed, rectified, threshold, negative_slope)

    return explore(draw, figure, **_map_controls())


def _map_controls():
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


def _image_panel(figure, column, title, animated=False):
    """Return an image, SIDE pixels wide, and the title above it."""
    width, height = figure.get_size_inches() * figure.dpi
    left, top = (GAP + column * (SIDE + GAP)) / width, 1 - 30 / height
    axes = figure.add_axes((left, top - SIDE / height, SIDE / width, SIDE / height))
    axes.axis("off")
    image = axes.imshow(np.zeros((SIDE, SIDE)), animated=animated)
    return image, figure.text(left, top + 8 / height, title, animated=animated)


def _colour_scale(figure):
    """Draw the colours of both maps, from −1 to 1; return the axes and the threshold's mark."""
    axes = figure.add_axes((0.345, 0.11, 0.638, 0.04), xlim=(-1, 1))
    colours = np.linspace(-1, 1, 255)[np.newaxis]
    axes.imshow(colours, cmap=SIGNED, extent=(-1, 1, 0, 1), aspect="auto")
    axes.set(yticks=[], xticks=[-1, 0, 1])
    first, _, last = axes.get_xticklabels()
    first.set_ha("left")
    last.set_ha("right")
    return axes, axes.axvline(0, color=COLOURS["now"], lw=2, animated=True)


def _grey_square(name):
    """Return the middle of a photograph in grey, SIDE + 2 · MARGIN pixels square."""
    grey = photograph(name).mean(axis=0)
    side = SIDE + 2 * MARGIN
    grey = pool(grey, min(grey.shape) // side, statistic="mean")
    top, left = ((length - side) // 2 for length in grey.shape)
    return grey[top : top + side, left : left + side]


def _map_of(grey, kernel):
    """Return the SIDE × SIDE map of a kernel of any odd size up to 5 × 5."""
    cut = MARGIN - len(kernel) // 2
    feature_map = correlate2d(grey[cut : len(grey) - cut, cut : len(grey) - cut], kernel)
    return feature_map.round(6)  # an even wall gives exactly 0, not ±1e-8 by rounding


def _caption_of_maps(signed, rectified, threshold, negative_slope):
    before, after = signed.get_array(), rectified.get_array()
    count = f"of the map's {before.size:,} values"
    smallest = number(before.min())
    start = f"None {count} is negative; the smallest is {smallest}."
    if before.min() < 0:
        negative = _share(before < 0)
        start = f"{negative.capitalize()} {count} are negative (purple), down to {smallest}."
    name = _rectifier(negative_slope)
    if negative_slope:
        name += f" (slope {negative_slope:.2f})"
    if threshold:
        name = f"{'subtracting' if threshold > 0 else 'adding'} {abs(threshold):.2f} and {name}"
    still = f", {_share(after < 0)} are negative, down to {number(after.min())},"
    return (
        f"{start} After {name}, {_share(after == 0)} are exactly 0"
        f"{still if after.min() < 0 else ''} and the largest is {number(after.max())}."
    )


def _share(chosen):
    """Return how many of the values are chosen; a few are not said to be none."""
    share = np.mean(chosen)
    return "fewer than 0.1 %" if 0 < share < 0.0005 else percent(share)


def _rectifier(negative_slope):
    return "leaky ReLU" if negative_slope else "ReLU"
