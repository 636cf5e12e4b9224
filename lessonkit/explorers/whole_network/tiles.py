"""Numbers as coloured squares, drawn fast."""

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist

from lessonkit.explorers.style import SIGNED


def _as_words(colours):
    """Return colours, (…, 4) uint8, as one number each: they are copied four times as fast."""
    return colours.view(np.uint32)[..., 0]


SIGNED_COLOURS = _as_words(SIGNED(range(256), bytes=True))  # of −1 … 1, as all colours here
INK_COLOURS = _as_words(colormaps["gray_r"](np.clip(np.linspace(-1, 1, 256), 0, 1), bytes=True))


class Tiles(Artist):
    """Pixels, (H, W), at a place in the figure.

    Matplotlib's own images take far longer: they are resampled. Here pixels are repeated.
    """

    def __init__(self, figure, left, top, width, height, animated=True):
        super().__init__()
        self.set_animated(animated)
        self.left, self.top = left, top
        self.pixels = np.zeros((height, width), np.uint32)  # each the four bytes of its colour
        figure.add_artist(self)

    def draw(self, renderer):
        times = self.figure.dpi / 100
        rows, columns = ((np.arange(int(n * times)) / times).astype(int) for n in self.pixels.shape)
        grown = self.pixels.take(columns, axis=1).take(rows[::-1], axis=0)  # from the bottom up
        bottom = renderer.height - self.top * times - rows.size
        colours = grown.view(np.uint8).reshape(*grown.shape, 4)
        renderer.draw_image(renderer.new_gc(), self.left * times, bottom, colours)

    def put(self, place, cell, values, scale, colours=SIGNED_COLOURS):
        """Draw a map at (left, top), each value as a square of cell × cell pixels.

        scale: the value that has the fullest colour.
        """
        left, top = place[0] - self.left, place[1] - self.top
        shades = np.clip(127.5 * (values / scale + 1), 0, 255).astype(np.uint8)
        squares = colours[shades].repeat(cell, axis=0).repeat(cell, axis=1)
        height, width = squares.shape[:2]
        self.pixels[top : top + height, left : left + width] = squares
        self.stale = True  # costs a full redraw, unless it is animated


def colours_of(stage):
    """Return the colours in which the numbers of a stage are shown."""
    return INK_COLOURS if stage == "input" else SIGNED_COLOURS
