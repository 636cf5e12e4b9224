"""Explorers of the first chapter, notebooks/01_nonlinearity.ipynb: why a network must bend."""

import functools
import itertools

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, Rectangle

from lessonkit.activations import ACTIVATIONS, leaky_relu, relu, tanh
from lessonkit.datasets import photograph
from lessonkit.explorers.style import COLOURS, HALO, NAMES, ink
from lessonkit.explorers.words import formatted, number, scientific, several
from lessonkit.live import explore, lesson_style
from lessonkit.pooling import pool

# -- what they share -------------------------------------------------------------------------------


class _ErrorCurve:
    """The largest error, in percent on a log axis, against the number of units; a dot for now."""

    def __init__(self, axes, title, label, ticks):
        axes.set(yscale="log", title=title)
        axes.set_xlabel(label, loc="left")
        axes.set_yticks(ticks, [f"{tick:g} %" for tick in ticks])
        axes.set_yticks([], minor=True)
        axes.grid(axis="y")
        now = COLOURS["now"]
        self.curve = axes.plot([], [], ".-", color="0.6", lw=1, ms=4, animated=True)[0]
        self.dot = axes.plot([], [], "o", color=now, mec="white", ms=9, animated=True)[0]
        look = {"color": ink(now), "path_effects": HALO, "animated": True}
        self.label = axes.annotate("", (1, 1), (7, 5), textcoords="offset points", **look)

    def move(self, units, error):
        """Put the dot where so many units leave this error, in percent."""
        self.dot.set_data([units], [error])
        self.label.xy = (units, error)
        self.label.set_text(f"{number(error)} %")


def _broken(lines):
    """Return x and y of several lines, (lines, points, 2), as those of one line with gaps."""
    gaps = np.full((len(lines), 1, 2), np.nan)
    return np.concatenate([lines, gaps], axis=1).reshape(-1, 2).T


def _first_largest(sizes):
    """Return the place of the first of the largest sizes; which of two equals is more is chance."""
    return np.unravel_index(np.argmax(sizes > 0.999 * np.nanmax(sizes)), sizes.shape)


def _largest_error(wanted, drawn):
    """Return how far what is drawn misses what is wanted, in % of the height of that."""
    return 100 * np.nanmax(np.abs(drawn - wanted)) / (np.nanmax(wanted) - np.nanmin(wanted))


# -- how many bends does a smile need? -------------------------------------------------------------

MOST_BENDS = 40
HEIGHT = 0.75  # of the smile, which is 2 wide
TIMES = 20  # as large the magnifier shows a bit of it
XS = np.linspace(-1, 1, 2001)
SMILE = HEIGHT * XS**2


@lesson_style()
def smile():
    """Show a smile drawn by 0 to 40 ReLU units, the straight pieces and the joints between them.

    The smile is a parabola. Every unit bends a straight line once. The joints and weights are those
    that keep the largest error as small as so many bends can. Control: the number of units.
    """
    figure = Figure(figsize=(7.6, 3.7))
    face = figure.add_axes((0, 0.01, 0.48, 0.98))
    _draw_face(face)
    axes = figure.add_axes((0.575, 0.13, 0.415, 0.77), xlim=(-1.5, 53), ylim=(0.015, 100))
    axes.set_xticks([0, 10, 20, 30, 40])
    title = "largest error, in % of the smile's height"
    panel = _ErrorCurve(axes, title, "ReLU units", [0.1, 1, 10, 100])
    counts = range(MOST_BENDS + 1)
    errors = [_largest_error(SMILE, np.interp(XS, *_pieces(units))) for units in counts]
    panel.curve.set_data(counts, errors)
    mouths = [_Mouth(axes) for axes in (face, _magnifier(figure, face))]

    def draw(units):
        for mouth in mouths:
            mouth.draw(*_pieces(units))
        drawn = mouths[0].pieces.get_data()
        error = _largest_error(SMILE, np.interp(XS, *drawn))
        panel.move(units, error)
        return _caption_of_smile(units, *drawn, error, errors[0])

    return explore(
        draw, figure, units=ipywidgets.IntSlider(4, min=0, max=MOST_BENDS, description="ReLU units")
    )


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
    """Return axes that show a small square of the face, TIMES as large."""
    axes = figure.add_axes((0.81, 0.47, 0.18, 0.18 * 7.6 / 3.7), xticks=[], yticks=[])
    axes.spines[["top", "right"]].set_visible(True)
    axes.set_title(f"{TIMES} times as large", pad=5)
    # 3.24 are the face's axes wide, and 0.48 of the figure; these here 0.18 of it.
    side = np.ptp(face.get_xlim()) * 0.18 / 0.48 / TIMES
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

    def draw(self, x, y):
        self.pieces.set_data(x, y)
        self.joints.set_data(x[1:-1], y[1:-1])
        self.joints.set_markersize(5 if len(x) < 22 else 3)  # so that 40 do not touch


def _pieces(units):
    """Return the ends and joints of the pieces that a network of so many ReLU units draws.

    A parabola bends everywhere alike, so the joints stand evenly, `width` apart, and every unit
    bends by the same slope. A chord of the parabola lies above it by up to HEIGHT · width² / 4:
    half of that further down, all pieces miss by the same, above as below.
    """
    width = 2 / (units + 1)
    x = np.linspace(-1, 1, units + 2)
    line = 1 - width**2 / 8 + (width - 2) * (x + 1)
    bends = 2 * width * relu(x[:, np.newaxis] - x[1:-1])  # one column a unit
    return x, HEIGHT * (line + bends.sum(axis=1))


def _caption_of_smile(units, x, y, error, error_of_line):
    slopes = np.diff(y) / np.diff(x)
    bends = np.sum(np.abs(np.diff(slopes)) > 1e-9)
    caption = f"{several(units, 'ReLU unit')}, {several(bends, 'bend')}, "
    caption += f"{several(bends + 1, 'straight piece')}: "
    caption += f"the largest error is {number(error)} % of the smile's height"
    times = round(error_of_line / error)
    return caption + (f", {times:,} times less than with one straight line." if bends else ".")


# -- a stack of linear layers is one linear layer --------------------------------------------------

# A layer stretches the two axes, turns the plane by so many degrees, and shifts it.
LAYERS = [
    (0.96, 0.93, 31, 0.3, 0.2),
    (0.9, 0.96, -18, 0.2, 0.2),
    (1.15, 1.04, 49, 0.4, -0.6),
    (0.9, 0.98, 73, 0.2, 0.1),
    (1.29, 1.15, -23, -0.4, -0.1),
    (1.2, 0.93, -31, -0.6, -0.4),
]
BETWEEN = {  # what may stand between two layers; all but tanh have one sharp bend
    "nothing": None,
    "ReLU": relu,
    "leaky ReLU": lambda x: leaky_relu(x, negative_slope=0.25),
    "tanh": tanh,
}
LINES, POINTS = 9, 49  # straight lines each way, and points on each
GRID_COLOURS = "#4b2e83", "#b59ad8"  # of the upright lines and the level ones
ROUNDING = 1e-12  # what is nearer than this is equal


@lesson_style()
def linear_stack():
    """Show a grid sent through 1 to 6 linear layers, and through one that should do the same.

    A layer is a 2 × 2 matrix and a bias. With nothing between the layers the one layer is made of
    theirs. With an activation between them it is the best one by least squares.
    Controls: the number of layers, and what stands between them.
    """
    figure = Figure(figsize=(7.6, 3.35))
    before = _GridPanel(figure, 0.01, "a grid")
    stack = _GridPanel(figure, 0.32, "through the layers")
    single = _GridPanel(figure, 0.69, "through one layer")
    before.draw(_grid())
    sign = figure.text(0.652, 0.56, "", size=26, ha="center", va="center", animated=True)
    recipe = figure.text(0.012, 0.1, "", va="center", linespacing=1.5, animated=True)
    look = {"family": "DejaVu Sans Mono", "va": "center", "linespacing": 1.3, "animated": True}
    numbers = figure.text(0.69, 0.1, "", **look)
    miss = single.axes.plot([], [], "-o", color=COLOURS["now"], lw=1.5, ms=4, animated=True)[0]
    all_layers = [_layer(*layer) for layer in LAYERS]

    def draw(layers, activation):
        chosen, function = all_layers[:layers], BETWEEN[activation]
        stack.draw(_through(_grid(), chosen, function))
        matrix, bias = _one_layer(chosen, function, stack.points())
        single.draw(_grid() @ matrix.T + bias)
        recipe.set_text(_recipe(layers, activation))
        numbers.set_text(_layer_in_text(matrix, bias))
        largest = _draw_miss(miss, single.points(), stack.points())
        sign.set_text("=" if largest < ROUNDING else "≠")
        return _caption_of_stack(layers, activation, _bends(stack.points()), largest)

    return explore(
        draw,
        figure,
        layers=ipywidgets.IntSlider(3, min=1, max=len(LAYERS)),
        activation=ipywidgets.Dropdown(options=list(BETWEEN), description="between them"),
    )


class _GridPanel:
    """The lines of a grid wherever layers have put them; a dot marks one corner."""

    def __init__(self, figure, left, title):
        self.axes = figure.add_axes((left, 0.22, 0.3, 0.3 * 7.6 / 3.35))
        self.axes.set(xlim=(-2, 2), ylim=(-2, 2), xticks=[], yticks=[], title=title)
        self.axes.spines[:].set_visible(False)
        self.axes.axhline(0, color="0.9", lw=1, zorder=0)
        self.axes.axvline(0, color="0.9", lw=1, zorder=0)
        look = {"lw": 1.5, "animated": True}
        self.lines = [self.axes.plot([], [], color=colour, **look)[0] for colour in GRID_COLOURS]
        self.corner = self.axes.plot([], [], "o", color="0.2", ms=6, animated=True)[0]

    def draw(self, points):
        for line, part in zip(self.lines, points, strict=True):
            line.set_data(*_broken(part))
        self.corner.set_data(points[0, -1, -1:].T)

    def points(self):
        """Return the points that are drawn, as `_grid` does."""
        data = np.array([line.get_xydata() for line in self.lines])
        return data.reshape(2, LINES, POINTS + 1, 2)[:, :, :-1]


def _bends(points):
    """Return how often each line of a grid bends; where points coincide it only stands still."""
    counts = []
    for line in points.reshape(-1, POINTS, 2):
        steps = np.diff(line, axis=0)
        x, y = steps[np.abs(steps).max(axis=1) > ROUNDING].T
        turns = np.abs(x[:-1] * y[1:] - y[:-1] * x[1:]) > ROUNDING
        # A bend between two points turns the line at both, one at a point turns it there.
        counts.append(sum(-(-sum(run) // 2) for _, run in itertools.groupby(turns)))
    return counts


def _grid():
    """Return the grid's lines, upright and level ones: (2, lines, points on each, 2)."""
    places, steps = np.linspace(-1, 1, LINES), np.linspace(-1, 1, POINTS)
    upright = np.stack(np.meshgrid(places, steps, indexing="ij"), axis=-1)
    return np.stack([upright, upright[..., ::-1]])


def _layer(stretch_x, stretch_y, turn, *shift):
    """Return the matrix that stretches the axes and then turns by so many degrees, and the bias."""
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    return np.array([[cos, -sin], [sin, cos]]) * [stretch_x, stretch_y], np.array(shift)


def _through(points, layers, function):
    """Send points through the layers, and through the function between each two of them."""
    (matrix, bias), *others = layers
    points = points @ matrix.T + bias
    for matrix, bias in others:
        points = (function(points) if function else points) @ matrix.T + bias
    return points


def _one_layer(layers, function, results):
    """Return the matrix and the bias of the one layer that comes nearest to the results."""
    if function is None or len(layers) == 1:
        matrix, bias = layers[0]
        for weight, shift in layers[1:]:
            matrix, bias = weight @ matrix, weight @ bias + shift
        return matrix, bias
    points = _grid().reshape(-1, 2)
    inputs = np.column_stack([points, np.ones(len(points))])
    weights = np.linalg.lstsq(inputs, results.reshape(-1, 2), rcond=None)[0]
    return weights[:2].T, weights[2]


def _recipe(layers, activation):
    """Return the order of the layers, and of what stands between them, as text."""
    names = ["layer 1", *map(str, range(2, layers + 1))]
    if activation == "nothing" or layers == 1:
        return " → ".join(names)
    return f"{' → f → '.join(names)}\nf: {activation}"


def _layer_in_text(matrix, bias):
    rows = np.column_stack([matrix, bias])
    lines = ["".join(formatted(value, "7.2f") for value in row) for row in rows]
    return "\n".join([f"{'matrix':>14}{'bias':>7}", *lines])


def _draw_miss(line, points, wanted):
    """Draw the largest distance between points and where they should be; return it."""
    distances = np.hypot(*np.moveaxis(points - wanted, -1, 0))
    place, largest = _first_largest(distances), distances.max()
    line.set_data(np.transpose([points[place], wanted[place]]))
    line.set_visible(bool(largest > ROUNDING))
    return largest


def _caption_of_stack(layers, activation, bends, largest):
    between = f", {activation} between them"
    caption = f"{several(layers, 'layer')}{between if layers > 1 else ''}: "
    straight = bends.count(0)
    caption += f"{straight} of {len(bends)} lines stay{'s' * (straight == 1)} straight"
    if activation not in ("nothing", "tanh") and layers > 1:  # tanh bends everywhere
        caption += f"; the others bend {sum(bends)} times in all, up to {max(bends)} times each"
    if largest == 0:
        return f"{caption}. One layer does the same, exactly."
    if largest < ROUNDING:  # it differs from one computer to the next, its power of ten hardly does
        power = scientific(10 ** np.ceil(np.log10(largest)))
        caption += ". One layer does the same, up to rounding"
        return f"{caption}: no point is off by more than {power}."
    caption += ". No single layer can do that: the one that comes nearest on the whole is off"
    return f"{caption} by up to {number(largest)}, where the grid is 2 wide."


# -- enough hidden units approximate any continuous function ---------------------------------------

MOST_UNITS = 100
WEIGHT = 3  # of a hidden unit, for each of the units: the more there are, the steeper they rise
BLOCK, ROW = 4, 48  # the photograph in blocks of so many pixels; a row of these, across the cup
TO_FIT = (np.arange(400) + 0.5) / 400
TO_TEST = np.union1d(np.linspace(0, 1, 1001), np.nextafter(0.5, [0, 1]))  # step: both its sides


def _between_pixels(x):
    """Return the row's brightness at x, on a straight line from each pixel to the next."""
    row = pool(photograph("coffee").mean(axis=0), BLOCK, statistic="mean")[ROW]
    return np.interp(x, np.linspace(0, 1, row.size), row)


TARGETS = {
    "smile": lambda x: (2 * x - 1) ** 2,
    "sine wave": lambda x: 0.5 + 0.5 * np.sin(4 * np.pi * x),
    "row of pixels": _between_pixels,
    "step": lambda x: np.heaviside(x - 0.5, np.nan),  # at the step itself it has no value
}


@functools.cache
def _heights(target):
    """Return a target's heights at TO_FIT, and those at TO_TEST."""
    return TARGETS[target](TO_FIT), TARGETS[target](TO_TEST)


@lesson_style()
def approximation():
    """Show how well one hidden layer of 1 to 100 units can draw a given curve.

    The hidden weights and biases are set by hand, so that the units bend one after the other from
    left to right. The output weights and bias are learned: least squares on 400 points. The largest
    error is measured on others. Controls: the target, the activation, the number of hidden units.
    """
    figure = Figure(figsize=(7.6, 4.4))
    panels = _FitPanels(figure)

    def draw(target, activation, hidden_units):
        function = ACTIVATIONS[activation]
        heights, wanted = _heights(target)
        panels.aim(wanted, _errors(function, target), COLOURS[activation])
        weights = _learned(function, hidden_units, heights)
        panels.draw(_hidden(function, hidden_units, TO_TEST) * weights[:-1], weights[-1])
        return panels.caption(NAMES[activation])

    return explore(
        draw,
        figure,
        target=ipywidgets.Dropdown(options=list(TARGETS), value="sine wave"),
        activation=ipywidgets.Dropdown(
            options=[(NAMES[name], name) for name in ("relu", "sigmoid", "tanh")]
        ),
        hidden_units=ipywidgets.IntSlider(10, min=1, max=MOST_UNITS),
    )


class _FitPanels:
    """Target and network, below them the units that add up to it; beside them the error."""

    def __init__(self, figure):
        curves = figure.add_axes((0.05, 0.5, 0.55, 0.43), xlim=(0, 1), ylim=(-0.2, 1.2))
        units = figure.add_axes((0.05, 0.03, 0.55, 0.36), xlim=(0, 1), ylim=(-1.5, 1.5))
        curves.set(title="target (grey) and network", yticks=[0, 1])
        units.set(title="its hidden units, each times its output weight", yticks=[-1, 0, 1])
        for axes in (curves, units):
            axes.set_xticks([])
            axes.spines[["left", "bottom"]].set_visible(False)
        units.axhline(0, color="0.8", lw=1)
        look = {"color": "0.8", "lw": 6, "solid_capstyle": "round", "animated": True}
        self.wanted = curves.plot([], [], **look)[0]
        self.fit = curves.plot([], [], animated=True)[0]
        look = {"color": COLOURS["now"], "animated": True}
        self.miss = curves.plot([], [], "-o", **look, lw=1.5, ms=4, clip_on=False)[0]
        self.parts = units.plot([], [], lw=1, animated=True)[0]
        errors = figure.add_axes((0.705, 0.125, 0.285, 0.805), xlim=(0.85, 800), ylim=(0.004, 130))
        ticks = [0.01, 0.1, 1, 10, 100]
        self.error = _ErrorCurve(errors, "largest error", "hidden units", ticks)
        errors.set_xscale("log")
        errors.set_xticks([1, 10, 100], ["1", "10", "100"])
        errors.set_xticks([], minor=True)

    def aim(self, wanted, errors, colour):
        """Show a target, the largest error that each number of units leaves, and their colour."""
        self.wanted.set_data(TO_TEST, wanted)
        self.error.curve.set_data(range(1, MOST_UNITS + 1), errors)
        self.fit.set_color(colour)
        self.parts.set_color(colour)

    def draw(self, parts, bias):
        """Show what each unit adds, (x, units), the network, and where it misses most."""
        wanted, fit = self.wanted.get_ydata(), parts.sum(axis=1) + bias
        self.fit.set_data(TO_TEST, fit)
        lines = np.stack(np.broadcast_arrays(TO_TEST, parts.T), axis=-1)
        self.parts.set_data(*_broken(lines[:, ::2]))
        (worst,) = _first_largest(np.abs(fit - wanted))
        self.miss.set_data([TO_TEST[worst]] * 2, [wanted[worst], fit[worst]])
        self.error.move(parts.shape[1], _largest_error(wanted, fit))

    def caption(self, activation):
        wanted = self.wanted.get_ydata()
        units = np.isnan(self.parts.get_ydata()).sum()
        error = _largest_error(wanted, self.fit.get_ydata())
        caption = (
            f"{several(units, 'hidden unit')} ({activation}), {units + 1} learned numbers: "
            f"the largest error is {number(error)} % of the target's height."
        )
        if np.isnan(wanted).any():
            caption += " The target jumps; a network cannot: it misses by half the jump or more."
        return caption


def _hidden(function, units, x):
    """Return what the hidden units give at x, (x, units): unit k bends at k / units, or midway."""
    # The first ReLU bends where x begins: it gives the first piece its slope. The others are steps.
    places = np.arange(units) + (0 if function is relu else 0.5)
    return function(WEIGHT * (units * x[:, np.newaxis] - places))


def _learned(function, units, heights):
    """Return the output weights, and last the bias, that fit the heights at TO_FIT best."""
    inputs = np.column_stack([_hidden(function, units, TO_FIT), np.ones(TO_FIT.size)])
    # Normal equations are 40 times faster than lstsq; as 100 units differ enough, as exact here.
    return np.linalg.solve(inputs.T @ inputs, inputs.T @ heights)


@functools.cache  # the slider of the units alone does not change it
def _errors(function, target):
    """Return the largest error with 1 hidden unit, with 2, and so on."""
    (heights, wanted), errors = _heights(target), []
    for units in range(1, MOST_UNITS + 1):
        weights = _learned(function, units, heights)
        fit = _hidden(function, units, TO_TEST) @ weights[:-1] + weights[-1]
        errors.append(_largest_error(wanted, fit))
    return errors
