"""A photograph becomes a mosaic (figure 12-9 of our source)."""

from typing import NamedTuple

import ipywidgets
import numpy as np

from lessonkit.datasets import PHOTOGRAPHS, photograph
from lessonkit.explorers.controls import show_while
from lessonkit.explorers.drawing import if_changed
from lessonkit.explorers.pooling import statistics
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import percent
from lessonkit.live import Pixels, explore
from lessonkit.pooling import pool
from lessonkit.uploads import photograph_from_bytes

OWN = "your own"
KEPT = {"max": "the largest", "l2": "the L2 norm"}  # in words; any other is "the …"
PALE = np.full((1, 1), 0.9)  # shown while there is no photograph yet


@as_table
class Facts(NamedTuple):
    """A photograph and its mosaic."""

    photo: np.ndarray | None  # (H, W) or (3, H, W), in 0..1; None: no photograph yet
    mosaic: np.ndarray | None = None  # what pooling makes of it
    kernel_size: int = 1
    statistic: str = "mean"
    largest: float = 1.0  # what an all-white window is pooled to
    is_cut: bool = False  # whether the windows at the edges are cut
    brightness: tuple = ()  # mean brightness before and after, in 0..1


def mosaics():
    """Show a photograph beside the mosaic that pooling makes of it.

    Controls: the photograph, or one's own as an upload; the windows' side in pixels; and the
    statistic, the one number per colour that each leaves. At the edges windows are cut, not left
    out.
    """
    photos = _Photographs()

    def measure(photograph, upload, kernel_size=8, statistic="mean"):
        source = upload if photograph == OWN else photograph
        if not source:
            return Facts(photo=None)
        return pooled(photos.read(source), kernel_size, statistic)

    panels = _Panels()
    return explore(measure, panels.picture, panels.paint, say, **_controls()).recorded(
        "statistic kernel_size", "photograph"
    )


def _controls():
    chooser = ipywidgets.Dropdown(options=[*PHOTOGRAPHS, OWN])
    upload = ipywidgets.FileUpload(
        accept=".png,.jpg,.jpeg,.webp",
        description="upload",
        icon="",
        tooltip="a PNG, JPEG or WebP file of at most 10 MB",
    )
    show_while(upload, chooser, OWN)
    return {
        "photograph": chooser,
        "upload": upload,
        "kernel_size": (1, 32),
        "statistic": statistics.options(),
    }


class _Photographs:
    """Reads photographs and keeps the last one, so that a slider does not read it again."""

    def __init__(self):
        self.source = None

    def read(self, source):
        """Return the photograph of a name or an upload, with one channel if it is grey."""
        if source != self.source:
            photo = photograph(source) if isinstance(source, str) else _uploaded(source)
            self.photo = photo[0] if (photo == photo[0]).all() else photo
            self.source = source
        return self.photo


def _uploaded(upload):
    (file,) = upload
    return photograph_from_bytes(file["content"], file["name"], file["size"])


def pooled(photo, kernel_size, statistic):
    """Return the facts of a photograph, (H, W) or (3, H, W), pooled in square windows."""
    mosaic = pool(photo, kernel_size, ceil_mode=True, statistic=statistic)
    white = np.ones((kernel_size, kernel_size))
    largest = pool(white, kernel_size, statistic=statistic).item()
    heights, widths = (_sides(length, kernel_size) for length in photo.shape[-2:])
    shown = mosaic.reshape(-1, len(heights), len(widths)).mean(axis=0) / largest
    after = heights @ shown @ widths / (heights.sum() * widths.sum())
    is_cut = heights[-1] < kernel_size or widths[-1] < kernel_size
    brightness = (float(photo.mean()), float(after))
    return Facts(photo, mosaic, kernel_size, statistic, largest, bool(is_cut), brightness)


def _sides(length, kernel_size):
    """Return how many pixels each window covers along a side; the last may be cut."""
    return np.minimum(kernel_size, length - np.arange(0, length, kernel_size))


class _Panels:
    """The photograph on the left, its mosaic on the right."""

    def __init__(self):
        self.picture = Pixels(width=760, panels=2, height=512)

    def paint(self, facts):
        self._paint_photograph(PALE if facts.photo is None else facts.photo)
        if facts.photo is None:
            self.picture.set_array(PALE, panel=1)
        else:
            self.picture.set_array(facts.mosaic / facts.largest, panel=1, square=facts.kernel_size)

    @if_changed
    def _paint_photograph(self, photo):
        self.picture.set_array(photo)


def say(facts):
    """Return the caption of a mosaic."""
    if facts.photo is None:
        return "No photograph yet: press “upload” and choose a PNG, JPEG or WebP file."
    (height, width), (rows, columns) = facts.photo.shape[-2:], facts.mosaic.shape[-2:]
    side, (before, after) = facts.kernel_size, facts.brightness
    what = KEPT.get(facts.statistic, f"the {facts.statistic}")
    if facts.largest > 1:
        cut = "; darker at cut edges" if facts.is_cut else ""
        what += f" (at most {facts.largest:,.0f}, shown ÷ {facts.largest:,.0f}{cut})"
    return (
        f"Each {side}×{side} window becomes one number{' per colour' * (facts.photo.ndim == 3)}, "
        f"{what}: {rows} × {columns} = {rows * columns:,} of {height * width:,} pixels are kept "
        f"({percent(rows * columns / (height * width))}). Mean brightness: {before:.2f} before, "
        f"{after:.2f} after."
    )
