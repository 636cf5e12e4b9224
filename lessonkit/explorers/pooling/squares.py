"""How squares that hold numbers look in this chapter: shaded from white to grey."""

from matplotlib.colors import LinearSegmentedColormap

SHADES = LinearSegmentedColormap.from_list("shades", ["1", "0.75"])
SQUARES = {"cmap": SHADES, "edgecolors": "0.7", "lw": 1}
