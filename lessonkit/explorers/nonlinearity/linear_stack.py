"""A stack of linear layers is no more than one linear layer (section 12.2 of our source)."""

import itertools
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.activations import leaky_relu, relu, tanh
from lessonkit.explorers.nonlinearity.broken_lines import broken
from lessonkit.explorers.nonlinearity.largest_error import first_largest
from lessonkit.explorers.style import COLOURS
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import formatted, number, scientific, several
from lessonkit.live import explore, in_pieces, lesson_style

# Each layer: by what it stretches x and y, how far it then turns (in degrees), and its shift.
LAYERS = [
    (0.96, 0.93, 31, 0.3, 0.2),
    (0.9, 0.96, -18, 0.2, 0.2),
    (1.15, 1.04, 49, 0.4, -0.6),
    (0.9, 0.98, 73, 0.2, 0.1),
    (1.29, 1.15, -23, -0.4, -0.1),
    (1.2, 0.93, -31, -0.6, -0.4),
]
BETWEEN = {  # what can be put between two layers; all but tanh have one sharp bend
    "nothing": None,
    "ReLU": relu,
    "leaky ReLU": lambda x: leaky_relu(x, negative_slope=0.25),
    "tanh": tanh,
}
LINES, POINTS = 9, 49  # straight lines each way, and points on each
GRID_COLOURS = "#4b2e83", "#b59ad8"  # of the vertical lines and of the horizontal ones
ROUNDING = 1e-12  # what is closer than this counts as equal


@as_table
class Facts(NamedTuple):
    """A grid sent through a stack of layers, and through the one layer that comes nearest to it."""

    layers: int
    activation: str  # what is between them
    stacked: np.ndarray  # (2, lines, points, 2): the grid's points after the layers
    single: np.ndarray  # (2, lines, points, 2): the same after the one layer
    matrix: np.ndarray  # (2, 2), of the one layer
    bias: np.ndarray  # (2,), of the one layer
    bends: list[int]  # how often each of the 18 lines bends, vertical ones first
    worst: tuple[int, ...]  # index of the point that the one layer misses most
    error: float  # by how much it misses that point; the grid is 2 wide


@lesson_style()
def linear_stack():
    """Show a grid sent through 1 to 6 linear layers, and through one that should do the same.

    A layer is a 2 × 2 matrix and a bias. With nothing between the layers, the one layer is their
    product. With an activation between them, it is the best one by least squares.
    Controls: the number of layers, and what is between them.
    """
    panels = _Panels()
    between = ipywidgets.Dropdown(options=list(BETWEEN), description="between them")
    controls = {"layers": (1, len(LAYERS)), "activation": between}
    return explore(measure, panels.figure, panels.paint, say, **controls).recorded(
        "activation layers"
    )


def measure(layers=3, activation="nothing"):
    """Return the facts of the first `layers` layers with an activation between them."""
    stack, function = [layer(*numbers) for numbers in LAYERS[:layers]], BETWEEN[activation]
    stacked = through(grid(), stack, function)
    is_linear = function is None or layers == 1
    matrix, bias = product(stack) if is_linear else nearest_layer(stacked)
    single = grid() @ matrix.T + bias
    distances = np.hypot(*np.moveaxis(single - stacked, -1, 0))
    worst, error = first_largest(distances), distances.max()
    return Facts(layers, activation, stacked, single, matrix, bias, bends(stacked), worst, error)


def layer(stretch_x, stretch_y, turn, *shift):
    """Return the matrix that stretches the axes and then turns (in degrees), and the bias."""
    cos, sin = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    return np.array([[cos, -sin], [sin, cos]]) * [stretch_x, stretch_y], np.array(shift)


def grid():
    """Return the grid's lines, vertical and horizontal: (2, lines, points on each, 2)."""
    places, steps = np.linspace(-1, 1, LINES), np.linspace(-1, 1, POINTS)
    vertical = np.stack(np.meshgrid(places, steps, indexing="ij"), axis=-1)
    return np.stack([vertical, vertical[..., ::-1]])


def through(points, stack, function):
    """Send points through the layers, and through the function between any two of them."""
    (matrix, bias), *others = stack
    points = points @ matrix.T + bias
    for matrix, bias in others:
        points = (function(points) if function else points) @ matrix.T + bias
    return points


def product(stack):
    """Return the one layer that does the same as a stack with nothing between its layers."""
    matrix, bias = stack[0]
    for weight, shift in stack[1:]:
        matrix, bias = weight @ matrix, weight @ bias + shift
    return matrix, bias


def nearest_layer(results):
    """Return the one layer that sends the grid closest to these results, by least squares."""
    points = grid().reshape(-1, 2)
    inputs = np.column_stack([points, np.ones(len(points))])
    weights = np.linalg.lstsq(inputs, results.reshape(-1, 2), rcond=None)[0]
    return weights[:2].T, weights[2]


def bends(points):
    """Return how often each line of a grid bends; points that coincide are no bend."""
    counts = []
    for line in points.reshape(-1, POINTS, 2):
        steps = np.diff(line, axis=0)
        x, y = steps[np.abs(steps).max(axis=1) > ROUNDING].T
        turns = np.abs(x[:-1] * y[1:] - y[:-1] * x[1:]) > ROUNDING
        # A bend between two points turns the line at both, a bend at a point turns it there.
        counts.append(sum(-(-sum(run) // 2) for _, run in itertools.groupby(turns.tolist())))
    return counts


class _Panels:
    """The grid before and after the layers, and after the one layer; below, what these are."""

    def __init__(self):
        self.figure = figure = Figure(figsize=(7.6, 3.35))
        in_pieces(
            figure,
            (0, 0, 236, 265),
            (236, 0, 485, 265),
            (0, 265, 485, 335),
            (475, 0, 760, 265),
            (515, 265, 760, 335),
        )
        _GridPanel(figure, 0.01, "a grid").paint(grid())
        self.stacked = _GridPanel(figure, 0.32, "through the layers")
        self.single = _GridPanel(figure, 0.69, "through one layer")
        self.sign = figure.text(0.652, 0.56, "", size=26, ha="center", va="center", animated=True)
        self.recipe = figure.text(0.012, 0.1, "", va="center", linespacing=1.5, animated=True)
        look = {"family": "DejaVu Sans Mono", "va": "center", "linespacing": 1.3, "animated": True}
        self.numbers = figure.text(0.69, 0.1, "", **look)
        look = {"color": COLOURS["now"], "lw": 1.5, "ms": 4, "animated": True}
        self.miss = self.single.axes.plot([], [], "-o", **look)[0]

    def paint(self, facts):
        self.stacked.paint(facts.stacked)
        self.single.paint(facts.single)
        self.recipe.set_text(_recipe(facts.layers, facts.activation))
        self.numbers.set_text(_layer_in_text(facts.matrix, facts.bias))
        is_equal = bool(facts.error < ROUNDING)
        self.sign.set_text("=" if is_equal else "≠")
        self.miss.set_data(np.transpose([facts.single[facts.worst], facts.stacked[facts.worst]]))
        self.miss.set_visible(not is_equal)


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

    def paint(self, points):
        for line, part in zip(self.lines, points, strict=True):
            line.set_data(*broken(part))
        self.corner.set_data(points[0, -1, -1:].T)


def _recipe(layers, activation):
    """Return the layers in order, with what is between them, as text."""
    names = ["layer 1", *map(str, range(2, layers + 1))]
    if activation == "nothing" or layers == 1:
        return " → ".join(names)
    return f"{' → f → '.join(names)}\nf: {activation}"


def _layer_in_text(matrix, bias):
    rows = np.column_stack([matrix, bias])
    lines = ["".join(formatted(value, "7.2f") for value in row) for row in rows]
    return "\n".join([f"{'matrix':>14}{'bias':>7}", *lines])


def say(facts):
    """Return the caption: which lines stay straight, and whether one layer does the same."""
    layers, activation, counts = facts.layers, facts.activation, facts.bends
    between = f", {activation} between them"
    caption = f"{several(layers, 'layer')}{between if layers > 1 else ''}: "
    straight = counts.count(0)
    caption += f"{straight} of {len(counts)} lines stay{'s' * (straight == 1)} straight"
    if activation not in ("nothing", "tanh") and layers > 1:  # tanh bends everywhere
        caption += f"; the others bend {sum(counts)} times in all, up to {max(counts)} times each"
    if facts.error == 0:
        return f"{caption}. One layer does exactly the same."
    if facts.error < ROUNDING:  # its digits depend on the computer, its power of ten hardly
        power = scientific(10 ** np.ceil(np.log10(facts.error)))
        caption += ". One layer does the same, up to rounding"
        return f"{caption}: no point is off by more than {power}."
    caption += ". No single layer can do that: the closest overall is off by"
    return f"{caption} up to {number(facts.error)} on a grid 2 wide."
