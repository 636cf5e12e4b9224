"""What a live picture is drawn on: a Matplotlib figure or an array of pixels."""

import contextlib
import io
import math
import struct
import threading
import zlib
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg, get_hinting_flag
from matplotlib.figure import Figure
from PIL import Image

STYLE = Path(__file__).parent / "lessonkit.mplstyle"
FIRST_DENSITY = 2  # device pixels for a CSS pixel, until a page has told what its screen has
GAP = 12  # CSS pixels between two panels, as in live.css
TEXTS = 1000  # that a figure remembers: some megabytes
LETTER_BY_LETTER = matplotlib.__version_info__ >= (3, 11)  # so it draws a text, and slowly


# A kernel can run a cell in one thread and answer the page in another (Jupyter's subshells).
# Matplotlib's settings and figures bear only one at a time, so whoever draws holds this lock.
ONE_AT_A_TIME = threading.RLock()


@contextlib.contextmanager
def lesson_style():
    """Return the look of the lessons: a context (``with``) or a decorator of figure makers."""
    with ONE_AT_A_TIME, style.context(STYLE):
        yield


class Panel(NamedTuple):
    """What one canvas of the page shows."""

    pixels: np.ndarray  # (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, uint8
    square: int = 1  # how many pixels of the first panel one of these covers, each way


class Pixels:
    """A picture of square pixels: an array, enlarged without blur and without Matplotlib.

    width: CSS pixels that the picture takes on the page, whatever the array's width.
    panels: how many arrays it shows, side by side. All get the space that the first one needs.
    height: CSS pixels that it takes at most; it is made narrower for that. None: any number.
    """

    def __init__(self, width=512, panels=1, height=None):
        self.width, self.height = width, height
        self._panels = [None] * panels

    def set_array(self, array, panel=0, square=1):
        """Show `array`: (H, W) grey or (3, H, W) colour; floats in 0..1, or uint8.

        panel: where, counted from 0 at the left. Only what is set again travels to the page.
        square: how many pixels of the first panel one of these covers, each way; what would reach
        beyond the panel is cut off.

        Raises ValueError for another shape, for floats outside 0..1 and for NaN, TypeError for what
        is no number.
        """
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

    def set_density(self, density):
        """Do nothing: the page enlarges, for any screen."""

    def panels(self):
        """Return what the panels show now, from left to right."""
        if None in self._panels:
            raise ValueError("draw must give the picture its pixels: picture.set_array(array)")
        return self._panels.copy()

    def changes(self, panels, old):
        """Yield (number, x, y, pixels) for what is not in the `old` panels: here a panel's all."""
        for number, panel in enumerate(panels):
            if old is None or panel is not old[number]:
                yield number, 0, 0, panel.pixels

    def size(self, panels):
        """Return the width and height of each panel on the page, in CSS pixels."""
        height, width = panels[0].pixels.shape[:2]
        most = (self.width - GAP * (len(panels) - 1)) / len(panels)
        scale = min(most / width, (self.height or np.inf) / height)
        return max(1, round(width * scale)), max(1, round(height * scale))

    def enlarge(self, panels):
        """Return the panels as RGB, about as large as on the page, for a reader without one."""
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
    """A Matplotlib figure of which only what moves is drawn again."""

    def __init__(self, figure):
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
        # Kept with the figure: a cell that is run again must not enlarge it once more.
        figure.css_dpi = self._css_dpi = getattr(figure, "css_dpi", figure.dpi)
        self._size = tuple(int(side) for side in np.rint(figure.get_size_inches() * self._css_dpi))
        self._still = None  # what stands still, as drawn last
        self.set_density(FIRST_DENSITY)

    def size(self, panels):
        """Return the width and height of the figure on the page, in CSS pixels."""
        return self._size

    def set_density(self, density):
        """Draw `density` device pixels for a CSS pixel, 1 to 3."""
        self._figure.set_dpi(self._css_dpi * min(max(density, 1), 3))

    def panels(self):
        """Return the figure as the only panel, (H, W, 4)."""
        # Artists with animated=True do not make the figure stale: if it is, something else changed.
        if LETTER_BY_LETTER:  # the renderer is another one after a change of the density
            _remember_texts(self._canvas.get_renderer())
        if self._figure.stale or self._still is None:
            self._still = None  # until all went well: a figure that could not be drawn is not stale
            with lesson_style():
                self._canvas.draw()
            self._still = self._canvas.copy_from_bbox(self._figure.bbox)
            moving = self._figure.findobj(lambda artist: artist.get_animated())
            self._moving = sorted(moving, key=lambda artist: artist.zorder)
        else:
            self._canvas.restore_region(self._still)
        for artist in self._moving:
            if artist.get_visible():
                (artist.axes or self._figure).draw_artist(artist)
        # A copy: the buffer is drawn on again.
        return [Panel(np.asarray(self._canvas.buffer_rgba()).copy())]

    def changes(self, panels, old):
        """Yield (0, x, y, pixels) for every rectangle that differs from the `old` panel's."""
        new = panels[0].pixels
        if old is None or old[0].pixels.shape != new.shape:
            yield 0, 0, 0, new
        else:
            for x0, y0, x1, y1 in changed_boxes(new, old[0].pixels):
                yield 0, x0, y0, new[y0:y1, x0:x1]

    def enlarge(self, panels):
        """Return the pixels as they are: a figure is drawn at the size it is shown."""
        return panels[0].pixels


def _remember_texts(renderer):
    """Let a renderer keep pictures of the level texts that it draws, and put them on whole pixels.

    Matplotlib shapes a text twice and fills each letter again in every frame, to place it on a 64th
    of a pixel: that took most of the frame's time. Before 3.11 it drew a text as one, as here.
    """
    measure, draw, texts = renderer.get_text_width_height_descent, renderer.draw_text, {}
    if "draw_text" in vars(renderer):
        return  # it does already

    def remembered(text, font):
        key = text, hash(font)
        if key not in texts:
            if len(texts) >= TEXTS:
                texts.clear()
            texts[key] = _shape_text(renderer, text, font)
        return texts[key]

    def measure_once(text, font, ismath):
        return measure(text, font, ismath) if ismath else remembered(text, font).extent

    def draw_as_one(gc, x, y, text, font, angle, ismath=False, mtext=None):
        own = mtext is not None and (mtext.get_fontfeatures() or mtext.get_language())
        if angle or ismath or own or (shaped := remembered(text, font)).hangs:
            return draw(gc, x, y, text, font, angle, ismath, mtext)
        place = round(x), round(y) + shaped.below
        renderer._renderer.draw_text_image(shaped.picture, *place, 0, gc)

    renderer.get_text_width_height_descent, renderer.draw_text = measure_once, draw_as_one


class _Text(NamedTuple):
    """A text as Matplotlib measures and fills it."""

    extent: tuple  # width, height and descent, in pixels; down to the line at least
    picture: np.ndarray  # (H, W) uint8, the share of ink, from where the line begins
    below: int  # how many of its rows are below the line
    hangs: bool  # left of where the line begins


def _shape_text(renderer, text, properties):
    font = renderer._prepare_font(properties)
    # The empty letter lets the picture begin where the line does. Else it begins at the first ink,
    # and where that is between two pixels the first letter is one off.
    font.set_text("\u200b" + text, 0, flags=get_hinting_flag())
    font.draw_glyphs_to_bitmap()
    picture = font.get_image().copy()  # it is drawn on again
    sides = (*font.get_width_height(), font.get_descent())
    width, height, descent = (side / 64 for side in sides)
    above = math.floor(height - descent) + 1  # Matplotlib leaves a row free
    hangs = font.get_bitmap_offset()[0] < 0
    return _Text((width, height, descent), picture, len(picture) - above, hangs)


def changed_boxes(new, old, gap=48):
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


def encode_png(pixels):
    """Return `pixels` as a PNG file: (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, uint8.

    Unfiltered and lightly compressed, three times as fast as Pillow's default: on the way to a page
    on the same machine time counts more than bytes. Source: PNG specification, W3C 2003.
    """
    height, width = pixels.shape[:2]
    colour_type = {2: 0, 3: {3: 2, 4: 6}.get(pixels.shape[-1])}[pixels.ndim]
    rows = np.zeros((height, pixels.size // height + 1), np.uint8)  # a row begins with its filter
    rows[:, 1:] = pixels.reshape(height, -1)

    def chunk(kind, data):
        checksum = zlib.crc32(data, zlib.crc32(kind))
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    data = zlib.compress(rows, level=1)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def reduced_png(pixels, colours=256):
    """Return `pixels`, (H, W, 3 or 4) uint8, as a PNG small enough to keep in a notebook."""
    file = io.BytesIO()
    rgb = Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    rgb.quantize(colours).save(file, "PNG", optimize=True)
    return file.getvalue()
