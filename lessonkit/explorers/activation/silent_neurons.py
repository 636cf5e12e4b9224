"""ReLU silences neurons, and a sigmoid does not (section 12.3 of our source)."""

from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lessonkit.activations import ACTIVATIONS
from lessonkit.explorers.activation.grey import grey_square
from lessonkit.explorers.drawing import NetworkDrawing
from lessonkit.explorers.style import COLOURS, NAMES
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import percent
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.pooling import pool

SIDE = 240  # pixels of the photograph
PATCH, CELL = 3, 8  # a patch is 3 × 3 cells of 8 × 8 pixels: a neuron sees the 9 means
HIDDEN, OUTPUTS = 20, 5
SMALL = 0.1  # a sigmoid below this says "nothing here", yet is not 0


@as_table
class Facts(NamedTuple):
    """What a layer of neurons makes of one patch of a photograph, and of all patches."""

    corner: np.ndarray  # x and y of the patch in the photograph, in pixels
    pixels: np.ndarray  # (3, 3): what the neurons see of it, in 0..1
    activation: str
    values: np.ndarray  # (20,): the neurons' outputs for this patch
    silent: int  # how many of these are exactly 0
    relu_zero: float  # share of ReLU's values on all patches that are exactly 0
    sigmoid_zero: float  # share of sigmoid's that are
    sigmoid_small: float  # share of sigmoid's that are below 0.1, but not 0


@lesson_style()
def silent_neurons():
    """Show which neurons ReLU silences on a patch of a photograph, and what share on all patches.

    The layer has 20 neurons with random weights. It sees patches of the camera photograph, each
    less its mean and divided by its spread. Controls: the patch, the bias that every neuron adds,
    and the activation.
    """
    grey = grey_square("camera", SIDE)
    layer = _Layer(grey)
    figure = Figure(figsize=(7.6, 3.8))
    in_pieces(figure, (0, 235), (235, 500), (505, 760))
    return explore(
        layer.measure,
        figure,
        _Panels(figure, grey).paint,
        say,
        patch=ipywidgets.IntSlider(5, min=1, max=len(layer.patches)),
        bias=ipywidgets.FloatSlider(0, min=-3, max=3, step=0.05),
        activation=[("ReLU", "relu"), ("sigmoid", "sigmoid")],
    ).recorded("activation patch", "activation bias/4")


class _Layer:
    """Neurons with random weights that look at the patches of a grey photograph."""

    def __init__(self, grey):
        self.patches, self.corners = _patches(grey)
        spread = self.patches.std(axis=1, keepdims=True)
        weights = np.random.default_rng(1).standard_normal((PATCH**2, HIDDEN)) / PATCH
        self.sums = (self.patches - self.patches.mean(axis=1, keepdims=True)) / spread @ weights

    def measure(self, patch, bias, activation):
        """Return the facts of a patch, counted from 1, and of all patches."""
        sums, at = self.sums + bias, patch - 1
        seen = self.corners[at], self.patches[at].reshape(PATCH, PATCH)
        values = ACTIVATIONS[activation](sums[at])
        relu, sigmoid = (ACTIVATIONS[name](sums) for name in ("relu", "sigmoid"))
        small = (sigmoid != 0) & (sigmoid < SMALL)
        shares = (float(np.mean(some)) for some in (relu == 0, sigmoid == 0, small))
        return Facts(*seen, activation, values, int(np.sum(values == 0)), *shares)


def _patches(grey):
    """Return the patches with something to see, (number, 9), and their corners, (number, 2)."""
    cells = pool(grey, CELL, statistic="mean")
    count = len(cells) // PATCH
    patches = cells.reshape(count, PATCH, count, PATCH).swapaxes(1, 2).reshape(-1, PATCH**2)
    corners = np.indices((count, count)).reshape(2, -1).T[:, ::-1] * PATCH * CELL
    seen = patches.std(axis=1) > 0.02  # in a plain patch there is nothing to see
    return patches[seen], corners[seen]


class _Panels:
    """The patch on the photograph and enlarged; the layer between its neighbours; the shares."""

    def __init__(self, figure, grey):
        photo = figure.add_axes((0.017, 0.385, 0.263, 0.526), title="a patch of a photograph")
        photo.axis("off")
        small = pool(grey, 2, statistic="mean")
        photo.imshow(small, cmap="gray", clim=(0, 1), extent=(0, SIDE, SIDE, 0))
        look = {"fill": False, "ec": COLOURS["now"], "lw": 3, "animated": True}
        self.square = photo.add_patch(Rectangle((0, 0), PATCH * CELL, PATCH * CELL, **look))
        zoom = figure.add_axes((0.064, 0.02, 0.169, 0.338))
        zoom.axis("off")
        self.zoom = zoom.imshow(np.zeros((2, 2)), cmap="gray", clim=(0, 1), animated=True)
        layers = figure.add_axes((0.34, 0.02, 0.29, 0.89))
        layers.set_title(f"{PATCH**2} inputs, {HIDDEN} neurons, next layer")
        self.network = NetworkDrawing(layers, PATCH**2, HIDDEN, OUTPUTS)
        self.shares = _ShareBars(figure.add_axes((0.685, 0.09, 0.27, 0.82)))

    def paint(self, facts):
        self.square.set_xy(facts.corner)
        self.zoom.set_data(facts.pixels)
        self.network.draw(facts.values, COLOURS[facts.activation])
        self.shares.paint(facts)


class _ShareBars:
    """The shares of values that are not 0 over all patches, beside two estimates for the brain."""

    def __init__(self, axes):
        axes.set(title="active at once, all patches", xlim=(0, 100), ylim=(4, -0.4), yticks=[])
        axes.set_xticks([0, 50, 100], ["0", "50", "100 %"])
        axes.spines["left"].set_visible(False)
        bar = {"height": 0.3, "animated": True}
        self.relu = axes.barh([0.35], [0], color=COLOURS["relu"], **bar)[0]
        self.sigmoid = axes.barh([1.35], [0], color=COLOURS["sigmoid"], **bar)[0]
        pale = {"hatch": "////", "ec": "white"}  # small: hardly active, but not silent
        self.small = axes.barh([1.35], [0], color=COLOURS["sigmoid"], **bar | pale)[0]
        self.words = [axes.text(0, row, "", va="bottom", animated=True) for row in (0.15, 1.15)]
        axes.barh([2.35, 3.35], [1, 4], color="0.35", height=0.3)
        axes.text(0, 2.15, "brain, Lennie 2003: under 1 %", va="bottom")
        axes.text(0, 3.15, "brain, Glorot 2011: 1–4 %", va="bottom")

    def paint(self, facts):
        relu, sigmoid = 1 - facts.relu_zero, 1 - facts.sigmoid_zero
        large = sigmoid - facts.sigmoid_small
        self.relu.set_width(100 * relu)
        self.sigmoid.set_width(100 * large)
        self.small.set(x=100 * large, width=100 * facts.sigmoid_small)
        self.words[0].set_text(f"ReLU: {percent(relu)}")
        self.words[1].set_text(f"sigmoid: {percent(sigmoid)}, striped < {SMALL}")


def say(facts):
    """Return the caption: who is silent on this patch, and what share of values over all."""
    verb = "is" if facts.silent == 1 else "are"
    return (
        f"On this patch {facts.silent} of the {HIDDEN} neurons {verb} exactly 0 after "
        f"{NAMES[facts.activation]}. Over all patches {percent(1 - facts.relu_zero)} of ReLU's "
        f"values are active and {percent(facts.relu_zero)} exactly 0; of sigmoid's, "
        f"{percent(facts.sigmoid_small)} are smaller than {SMALL} and "
        f"{percent(facts.sigmoid_zero)} exactly 0."
    )
