"""What a live picture is drawn on: a Matplotlib figure or an array of pixels."""

import io
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import ArrayLike
from PIL import Image

from lessonkit.live.internals import cache_texts
from lessonkit.live.look import lesson_style
from lessonkit.live.narrow import narrow_layout, room_for

FIRST_DENSITY = 2  # device pixels per CSS pixel, until a page has told what its screen has
GAP = 12  # CSS pixels between two panels, as in page.css


class Panel(NamedTuple):
    """What one canvas of the page shows."""

    pixels: np.ndarray  # (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, uint8
    square: int = 1  # how many pixels of the first panel one of these covers, each way


Patch = tuple[int, int, int, np.ndarray]  # number of the panel, left, top, pixels


class Pixels:
    """A picture of square pixels: an array, enlarged without blur and without Matplotlib.

    width: CSS pixels that the picture takes on the page, whatever the array's width.
    panels: how many arrays it shows, side by side. All get the space that the first one needs.
    height: CSS pixels that it takes at most; it is made narrower for that. None: any number.
    """

    def __init__(self, width: int = 512, panels: int = 1, height: int | None = None) -> None:
        self.width, self.height = width, height
        self._panels = [None] * panels

    def set_array(self, array: ArrayLike, panel: int = 0, square: int = 1) -> None:
        """Show `array`: (H, W) grey or (3, H, W) colour; floats in 0..1, or uint8.

        panel: where, counted from 0 at the left. Only what is set again travels to the page.
        square: how many pixels of the first panel one of these covers, each way; what would reach
        beyond the panel is cut off.

        Raises ValueError for another shape, for floats outside 0..1 and for NaN, TypeError for what
        is no number.
        """
        if isinstance(array, np.ma.MaskedArray):
            raise TypeError("array must not be masked; use array.filled(0), say, to fill it")
        array = np.asarray(array)
        if not (array.ndim == 2 or (array.ndim == 3 and array.shape[0] == 3)) or 0 in array.shape:
            raise ValueError(f"array must be (H, W) or (3, H, W), not empty; got {array.shape}")
        if array.dtype.kind not in "buif":
            raise TypeError(f"array must hold real numbers; got {array.dtype}")
        if array.dtype != np.uint8:
            low, high = array.min(), array.max()
            if not (low >= -1e-6 and high <= 1 + 1e-6):  # false for NaN as well
                raise ValueError(f"array must hold values in 0..1 or be uint8; got {low} to {high}")
            array = np.rint(array * 255).astype(np.uint8)
        pixels = array.copy() if array.ndim == 2 else np.moveaxis(array, 0, -1).copy()
        self._panels[panel] = Panel(pixels, square)

    room = None  # as Plot has it; an array is enlarged less, and has no text

    def set_density(self, density: float) -> None:
        """Do nothing: the page enlarges, for any screen."""

    def set_room(self, width: float | None) -> bool:
        """Do nothing: the page enlarges less. Return False."""
        return False

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return a place in the picture as it is."""
        return x, y

    def panels(self) -> list[Panel]:
        """Return what the panels show now, from left to right."""
        if None in self._panels:
            raise ValueError("draw must give the picture its pixels: picture.set_array(array)")
        return self._panels.copy()

    def changes(self, panels: list[Panel], old: list[Panel] | None) -> Iterator[Patch]:
        """Yield what is not in the `old` panels, always whole panels."""
        for number, panel in enumerate(panels):
            if old is None or panel is not old[number]:
                yield number, 0, 0, panel.pixels

    def size(self, panels: list[Panel]) -> tuple[int, int]:
        """Return the width and height of each panel on the page, in CSS pixels."""
        height, width = panels[0].pixels.shape[:2]
        most = (self.width - GAP * (len(panels) - 1)) / len(panels)
        scale = min(most / width, (self.height or np.inf) / height)
        return max(1, round(width * scale)), max(1, round(height * scale))

    def enlarge(self, panels: list[Panel]) -> np.ndarray:
        """Return the panels side by side as RGB, about as large as the page shows them."""
        height, width = panels[0].pixels.shape[:2]
        across, down = self.size(panels)
        times = max(1, round(across / width))
        height, width, gap = times * height, times * width, round(times * width / across * GAP)
        steps = range(0, len(panels) * (width + gap), width + gap)
        paper = np.full((height, steps[-1] + width, 3), 255, np.uint8)
        for left, (pixels, square) in zip(steps, panels, strict=True):
            side = times * square
            grown = pixels.repeat(side, axis=0).repeat(side, axis=1)[:height, :width]
            place = paper[: grown.shape[0], left : left + grown.shape[1]]
            place[:] = grown if grown.ndim == 3 else grown[..., np.newaxis]
        if width <= 1.25 * across:
            return paper
        size = (round(paper.shape[1] / width * across), down)
        return np.asarray(Image.fromarray(paper).resize(size, Image.Resampling.BOX))


class Plot:
    """A Matplotlib figure of which only what moves is drawn again.

    room: CSS pixels for which it is drawn there; None: the figure is as wide as it was made.
    """

    def __init__(self, figure: Figure) -> None:
        if not isinstance(figure, Figure):
            raise TypeError(
                f"picture must be a matplotlib.figure.Figure or Pixels; got {type(figure).__name__}"
            )
        if figure.canvas.manager is not None:
            raise ValueError(
                "picture must be made by matplotlib.figure.Figure(...); "
                "one of pyplot's would be shown a second time"
            )
        self._figure, self._canvas = figure, FigureCanvasAgg(figure)
        if hasattr(figure, "plot"):  # of a cell that is run again
            figure.plot.set_room(None)
        figure.plot = self
        # Kept with the figure: a cell that is run again must not enlarge it once more.
        figure.css_dpi = self._css_dpi = getattr(figure, "css_dpi", figure.dpi)
        self._size = tuple(int(side) for side in np.rint(figure.get_size_inches() * self._css_dpi))
        self._wide, self.room = self._size, None
        figure.css_width = self._wide[0]
        self._narrow = narrow_layout(figure, self._wide)
        self._background = None  # what stands still, as drawn last
        self.set_density(FIRST_DENSITY)

    def set_room(self, width: float | None) -> bool:
        """Draw for a page with so many CSS pixels; None: as wide as the figure was made.

        Returns whether that changes the picture: then all must be painted again.
        """
        room = room_for(width, self._wide[0]) if self._narrow else None
        if room == self.room:
            return False
        self.room, self._background = room, None
        if room is None:
            self._size = self._wide
            self._narrow.undo()
        self._figure.css_width = room or self._wide[0]
        self._narrow.fit(room is not None)
        return True

    def place(self, x: float, y: float) -> tuple[float, float] | None:
        """Return where a place of the picture is in the wide one; None: nowhere."""
        return self._narrow.place_in_wide(x, y) if self.room else (x, y)

    def size(self, panels: list[Panel]) -> tuple[int, int]:
        """Return the width and height of the figure on the page, in CSS pixels."""
        return self._size

    def set_density(self, density: float) -> None:
        """Draw `density` device pixels per CSS pixel, 1 to 3."""
        self._figure.set_dpi(self._css_dpi * min(max(density, 1), 3))

    def panels(self) -> list[Panel]:
        """Return the figure as the only panel, (H, W, 4)."""
        with lesson_style():
            return [self._drawn()]

    def _drawn(self):
        is_stale = self._figure.stale or self._background is None
        if self.room and is_stale:
            self._size = self._narrow.lay_out(self.room, self._canvas.get_renderer())
        cache_texts(self._canvas.get_renderer())  # another one after a change of size or density
        # Artists with animated=True do not make the figure stale: if it is, something else changed.
        if is_stale:
            self._draw_background()
        else:
            self._canvas.restore_region(self._background)
        for artist in self._animated:
            if artist.get_visible():
                (artist.axes or self._figure).draw_artist(artist)
        pixels = np.asarray(self._canvas.buffer_rgba())
        if self.room:
            pixels = self._narrow.arrange(pixels)
        return Panel(pixels.copy())  # the buffer is drawn on again

    def _draw_background(self):
        self._background = None  # until all went well: a figure whose drawing failed is not stale
        self._canvas.draw()
        self._background = self._canvas.copy_from_bbox(self._figure.bbox)
        animated = self._figure.findobj(lambda artist: artist.get_animated())
        self._animated = sorted(animated, key=lambda artist: artist.zorder)

    def changes(self, panels: list[Panel], old: list[Panel] | None) -> Iterator[Patch]:
        """Yield every rectangle that differs from the `old` panel's."""
        new = panels[0].pixels
        if old is None or old[0].pixels.shape != new.shape:
            yield 0, 0, 0, new
        else:
            for x0, y0, x1, y1 in changed_boxes(new, old[0].pixels):
                yield 0, x0, y0, new[y0:y1, x0:x1]

    def enlarge(self, panels: list[Panel]) -> np.ndarray:
        """Return the pixels as they are: a figure is drawn at the size at which it is shown."""
        return panels[0].pixels


def changed_boxes(
    new: np.ndarray, old: np.ndarray, gap: int = 48
) -> Iterator[tuple[int, int, int, int]]:
    """Yield (x0, y0, x1, y1) around the pixels of `new` that differ from `old`, (H, W, 4) uint8.

    Changes with more than `gap` unchanged columns between them, as in two axes, get a box each.
    """
    differs = (new.view(np.uint32) != old.view(np.uint32))[..., 0]
    columns = np.flatnonzero(differs.any(axis=0))
    if columns.size:
        for run in np.split(columns, np.flatnonzero(np.diff(columns) > gap) + 1):
            x0, x1 = int(run[0]), int(run[-1]) + 1
            rows = np.flatnonzero(differs[:, x0:x1].any(axis=1))
            yield x0, int(rows[0]), x1, int(rows[-1]) + 1


def compress(pixels: np.ndarray) -> bytes:
    """Return `pixels`, uint8 of any shape, row by row and lightly compressed (zlib).

    On the way to a page on the same machine time counts more than bytes.
    """
    return zlib.compress(np.ascontiguousarray(pixels), level=1)


def reduced_png(pixels: np.ndarray, colours: int = 256) -> bytes:
    """Return `pixels`, (H, W, 3 or 4) uint8, as a PNG small enough to keep in a notebook."""
    file = io.BytesIO()
    rgb = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    rgb.quantize(colours).save(file, "PNG", optimize=True)
    return file.getvalue()
