"""What the tests of all explorers need: to show one, to read its captions, to see its pixels."""

import contextlib
import datetime
import functools
import io
import re
import warnings
import weakref
import zlib

import numpy as np
from ipywidgets.widgets.widget import _instances
from PIL import Image

from lessonkit import explorers

NUMBER = r"−?\d[\d,]*(?:\.\d+)?"


def shown(make):
    """Return an explorer as a page with an ordinary screen shows it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "Glyph")  # one that the font lacks
        explorer = make()
    explorer.children[-1]._handle_custom_msg({"density": 1}, [])
    return explorer


@functools.cache
def shown_once(make):
    """Return an explorer that is made and shown once, for tests that set it before they look."""
    return shown(make)


@functools.cache
def made(make):
    """Return an explorer that is made once for all who only ask what it says."""
    return make()


@contextlib.contextmanager
def at_once(explorer):
    """Let several controls change, files too, and draw only what they come to."""
    with explorer._held():
        yield
        explorer._show(explorer._values())


OPENING = weakref.WeakKeyDictionary()  # explorer → the values of its controls as it opened


@functools.cache
def opened(chapter, name):
    """Return an explorer by its name, kept as `shown_once` does; OPENING has its first values."""
    explorer = shown(getattr(getattr(explorers, chapter), name))
    OPENING[explorer] = {name: control.value for name, control in explorer.controls.items()}
    return explorer


@contextlib.contextmanager
def released():
    """Let go of the explorers that are made meanwhile; ipywidgets keeps each until it is closed."""
    before = set(_instances)
    yield
    made.cache_clear()
    opened.cache_clear()
    shown_once.cache_clear()
    for name in set(_instances) - before:
        _instances[name].close()


def says(make, code, *words):
    """Tell whether an explorer's caption, after its controls were set, has all of these words.

    make: the function that makes it; it is made once. The captions have tests of their own.
    """
    explorer = made(make)
    explorer.set(code)
    return not explorer.error and all(some in explorer.caption for some in words)


def numbers(text):
    """Return the numbers of a caption."""
    return [float(n.replace("−", "-").replace(",", "")) for n in re.findall(NUMBER, text)]


def plain(text):
    """Return the number that a caption writes as 3.1 × 10⁻¹³."""
    digits = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")
    return float(text.translate(digits).replace(" × 10", "e").replace(",", ""))


def picture(explorer):
    """Return what is drawn on an explorer's figure now, (H, W, 3) uint8."""
    return np.asarray(explorer.picture.canvas.buffer_rgba())[..., :3].copy()


def panels(explorer):
    """Return the pixels of each panel, as a page that opens now gets them."""
    opening = explorer.children[-1].get_state()["opening"]
    return [pixels_of(*pair) for pair in zip(opening["patches"], opening["pixels"], strict=True)]


def pixels_of(patch, zipped):
    """Return the pixels that were sent for a patch, (H, W) or (H, W, channels) uint8."""
    *_, width, height, channels = patch
    pixels = np.frombuffer(zlib.decompress(zipped), np.uint8).reshape(height, width, channels)
    return pixels[..., 0] if channels == 1 else pixels


def png_of(pixels):
    """Return pixels, uint8, as the bytes of a PNG file."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def uploaded(content, name="mine.png", size=None):
    """Return what ipywidgets makes of one uploaded file."""
    size = len(content) if size is None else size
    file = {"name": name, "type": "image/png", "size": size, "content": memoryview(content)}
    return (file | {"last_modified": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},)


def full_redraws(explorer, monkeypatch):
    """Return a list that grows with every redraw of the whole figure."""
    redraws = []
    canvas = explorer.picture.canvas
    whole = canvas.draw
    monkeypatch.setattr(canvas, "draw", lambda: (redraws.append(1), whole()))
    return redraws
