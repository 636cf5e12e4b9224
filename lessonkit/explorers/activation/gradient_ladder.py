"""Gradients vanish in deep networks of sigmoids (section 12.3 of our source)."""

from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.activations import ACTIVATIONS
from lessonkit.explorers.style import COLOURS, HALO, NAMES
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import number, scientific, several
from lessonkit.live import explore, in_pieces, lesson_style

NEURONS = 64  # in every layer
DEEPEST = 50
FLOOR, TOP = 1e-36, 1e18  # of the log axis: room for 50 layers of sigmoid, and for large weights


@as_table
class Facts(NamedTuple):
    """A gradient of size 1 on its way back through a network."""

    activation: str
    sizes: np.ndarray  # (layers,): its size as it leaves each layer, the first layer first
    ceiling: np.ndarray  # (layers,): what these sizes cannot exceed
    factor: float  # by which a layer multiplies the size: the geometric mean


@lesson_style()
def gradient_ladder():
    """Show how large a gradient still is after it has come back through 1 to 50 layers.

    A network of fully connected layers, 64 neurons each, with random weights of mean 0 and standard
    deviation weight_scale / √64. Its inputs are random too. Controls: activation, depth, and
    weight_scale.
    """
    figure = Figure(figsize=(7.6, 3.6))
    panel = _LadderPanel(figure)
    in_pieces(figure, (0, 760), fit=panel.fit)
    return explore(
        _Network().measure,
        figure,
        panel.paint,
        say,
        activation=[(words, name) for name, words in NAMES.items()],
        depth=ipywidgets.IntSlider(20, min=1, max=DEEPEST),
        weight_scale=ipywidgets.FloatSlider(1, min=0.5, max=4, step=0.01),
    ).recorded("activation", "activation=sigmoid,ReLU depth", "activation=ReLU weight_scale/5")


class _Network:
    """Layers of random weights, random inputs, and random gradients of size 1 at the last layer."""

    def __init__(self):
        rng = np.random.default_rng(12)
        self.weights = rng.standard_normal((DEEPEST, NEURONS, NEURONS)) / np.sqrt(NEURONS)
        self.norms = np.linalg.norm(self.weights, ord=2, axis=(1, 2))
        self.inputs = rng.standard_normal((NEURONS, 16))
        self.gradients = rng.standard_normal((NEURONS, 16))
        self.gradients /= np.linalg.norm(self.gradients, axis=0)

    def measure(self, activation, depth, weight_scale):
        """Return the facts of the first `depth` layers, with their weights scaled."""
        function, weights = ACTIVATIONS[activation], weight_scale * self.weights[:depth]
        sizes = gradient_sizes(function, weights, self.inputs, self.gradients)
        steepest = function.derivative(np.linspace(-6, 6, 1201)).max()
        ceiling = np.cumprod((steepest * weight_scale * self.norms[:depth])[::-1])[::-1]
        return Facts(activation, sizes, ceiling, float(sizes[0] ** (1 / depth)))


def gradient_sizes(function, weights, values, gradient):
    """Return the gradient's mean size below each layer, (layers,), the first layer first."""
    sums = []
    for matrix in weights:
        sums.append(matrix @ values)
        values = function(sums[-1])
    sizes = []
    for matrix, layer_sums in zip(weights[::-1], sums[::-1], strict=True):
        gradient = matrix.T @ (function.derivative(layer_sums) * gradient)
        sizes.append(np.linalg.norm(gradient, axis=0).mean())
    return np.array(sizes[::-1])


class _LadderPanel:
    """A bar for the gradient that leaves each layer, and the ceiling it cannot exceed."""

    def __init__(self, figure):
        self.axes = axes = figure.add_axes((0.09, 0.13, 0.89, 0.79), xlim=(0.3, DEEPEST + 5))
        axes.set(yscale="log", ylim=(FLOOR, TOP), xticks=[1, 10, 20, 30, 40, 50])
        axes.set_yticks([1e-30, 1e-20, 1e-10, 1, 1e10])
        axes.set_yticks([], minor=True)
        title = "size of the gradient as it leaves a layer, travelling left (it starts at 1)"
        axes.set_title(title)
        axes.set_xlabel("layer, counted from the input", loc="left")
        axes.axhline(1, color="0.8", lw=1)
        self.bars = axes.vlines([], FLOOR, [], lw=5, animated=True)
        self.ceiling = axes.plot([], [], color="0.35", lw=1, ls=(0, (4, 2)), animated=True)[0]
        text = {"color": "0.35", "va": "center", "path_effects": HALO, "animated": True}
        self.label = axes.text(1, 1, "ceiling", **text)

    def fit(self, narrow):
        """Keep the bars apart on a narrow page, and leave room for the label behind them."""
        self.bars.set_linewidth(2.5 if narrow else 5)
        self.axes.set_xlim(0.3, DEEPEST + (18 if narrow else 5))

    def paint(self, facts):
        ends = np.clip(facts.sizes, FLOOR, TOP)
        bars = [[(layer, FLOOR), (layer, end)] for layer, end in enumerate(ends, 1)]
        self.bars.set_segments(bars)
        self.bars.set_color(COLOURS[facts.activation])
        depth = len(facts.ceiling)
        self.ceiling.set_data(np.arange(1, depth + 1), facts.ceiling)
        self.ceiling.set_marker("_" if depth == 1 else "")  # of one point there is no line
        # The line starts here, and this end is always in the picture.
        self.label.set_position((depth + 0.7, facts.ceiling[-1]))


def say(facts):
    """Return the caption: what is left of the gradient below the first layer."""
    depth, size = len(facts.sizes), facts.sizes[0]
    a_layer = f": each layer multiplies it by {number(facts.factor)} on average"
    return (
        f"Back through {several(depth, 'layer')} of {NAMES[facts.activation]}, a gradient of size 1"
        f" becomes {scientific(size)}{a_layer if depth > 1 else ''}. "
        f"It cannot exceed the ceiling, {scientific(facts.ceiling[0])}."
    )
