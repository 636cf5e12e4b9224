"""The colours, dashes and names that mean the same in every picture."""

import matplotlib.colors
from matplotlib.patheffects import withStroke

# Okabe and Ito's colours (2008), told apart by the colour-blind too. Each activation keeps its own
# everywhere; the three cousins of ReLU with a straight negative side share a hue and differ in
# their dashes. So do those that would be the same grey. The blue is also what is new to a model.
COLOURS = {
    "sigmoid": "#0072B2",
    "tanh": "#009E73",
    "relu": "#E69F00",
    "leaky_relu": "#CC79A7",
    "prelu": "#CC79A7",
    "rrelu": "#CC79A7",
    "elu": "#56B4E9",
    "silu": "#000000",
    "now": "#D55E00",
}
SEEN, NEW = "0.15", COLOURS["sigmoid"]  # what a model has learned from, and what is new to it
# Of signed maps. Purple is what ReLU cuts off, orange what it lets pass.
SIGNED = matplotlib.colors.LinearSegmentedColormap.from_list(
    "signed", ["#2d1250", "#7d4bb0", "#ffffff", "#e69f00", "#6b3a00"]
)
DASHES = {
    "leaky_relu": (0, (6, 1.2, 1.2, 1.2)),
    "prelu": (0, (5, 1.5)),
    "rrelu": (0, (1.5, 1.2)),
    "elu": (0, (9, 2)),
}
HALO = [withStroke(linewidth=3, foreground="white")]  # a label stays readable on any line
NAMES = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "prelu": "PReLU",
    "rrelu": "RReLU",
    "elu": "ELU",
    "silu": "SiLU",
}


def ink(colour):
    """Return `colour` dark enough for text on white paper (contrast 4.5:1 and more)."""
    return tuple(0.6 * part for part in matplotlib.colors.to_rgb(colour))
