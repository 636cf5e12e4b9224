"""What ipywidgets and Matplotlib keep private and we use all the same, each with the reason.

Where a later release lacks it, the lesson still works: slower, or with a flicker. Nothing private
is used anywhere else in the package.
"""

import contextlib
import contextvars
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import matplotlib
import numpy as np
from ipywidgets import ValueWidget, Widget
from ipywidgets.widgets import widget as widgets_module
from matplotlib.backends.backend_agg import RendererAgg, get_hinting_flag

LETTER_BY_LETTER = matplotlib.__version_info__ >= (3, 11)  # so it draws a text, and slowly
TEXTS = 1000  # that a figure remembers: some megabytes


def is_set_by_page(control: ValueWidget) -> bool:
    """Tell whether a control is taking over a value from the page right now.

    ipywidgets locks a property while it does: the only sign by which a change made in the page
    differs from one made in Python. Without it every change counts as Python's and is drawn at
    once, so that a picture may flicker while a slider is dragged.
    """
    return bool({"value", "index"} & set(getattr(control, "_property_lock", ())))


def message_handler(widget: Widget) -> Callable[[dict], None]:
    """Return what a widget does with a page's messages, to be called with those that are checked.

    Without it they are dropped: the page's own requests go another way, see page.py.
    """
    return getattr(widget, "_handle_msg", lambda message: None)


def widget_of(model_id: str) -> Widget | None:
    """Return the widget of an id, or None if it was closed.

    Without ipywidgets' list of them, None: then widgets of a cell that runs anew stay in memory.
    """
    return getattr(widgets_module, "_instances", {}).get(model_id)


def echo_nothing() -> None:
    """Let widgets not tell a page again what it has just told them.

    Between two kernels and two browsers that keeps all the same; a page that is alone with its
    Python would see its slider jump back. Without the switch it does.
    """
    widgets_module.JUPYTER_WIDGETS_ECHO = False


# How many own_params() this thread (or task) is inside, and what they say.
_depth = contextvars.ContextVar("depth", default=0)
_settings = contextvars.ContextVar("settings", default={})  # noqa: B039 (it is never changed)


class _LayeredParams(matplotlib.RcParams):
    """Matplotlib's rcParams, over which a thread can lay values that only it sees."""

    def __getitem__(self, key):
        if _depth.get() and self is matplotlib.rcParams and key in _settings.get():
            return _settings.get()[key]
        return super().__getitem__(key)


with contextlib.suppress(TypeError):  # a later release may forbid it
    matplotlib.rcParams.__class__ = _LayeredParams


@contextlib.contextmanager
def own_params(settings: Mapping[str, Any]) -> Iterator[None]:
    """Let this thread alone see `settings` in place of Matplotlib's rcParams, which stay untouched.

    Matplotlib's own contexts change one dictionary for all threads: a learner's cell that plots
    meanwhile would take the lesson's look, and two contexts that interleave leave it wrong. Without
    the layer it is such a context after all, and only as safe as that.
    """
    if not isinstance(matplotlib.rcParams, _LayeredParams):
        with matplotlib.rc_context(dict(settings)):
            yield
        return
    _settings.set(settings)
    _depth.set(_depth.get() + 1)
    try:
        yield
    finally:
        _depth.set(_depth.get() - 1)


def cache_texts(renderer: RendererAgg) -> None:
    """Let a renderer keep bitmaps of the level texts that it draws, and put them on whole pixels.

    Matplotlib 3.11 shapes a text twice and fills each letter again in every frame, to place it on a
    64th of a pixel: that took most of a frame's time. Before 3.11 it drew a text as one, as here.
    Without the private parts texts are drawn as Matplotlib draws them.
    """
    if not LETTER_BY_LETTER or "draw_text" in vars(renderer):  # it is cached already
        return
    agg, prepare_font = (getattr(renderer, n, None) for n in ("_renderer", "_prepare_font"))
    if not hasattr(agg, "draw_text_image") or prepare_font is None:
        return
    measure, draw, texts = renderer.get_text_width_height_descent, renderer.draw_text, {}

    def cached(text, font):
        key = text, hash(font)
        if key not in texts:
            if len(texts) >= TEXTS:
                texts.clear()
            texts[key] = _shape(prepare_font(font), text)
        return texts[key]

    def measure_once(text, font, ismath):
        return measure(text, font, ismath) if ismath else cached(text, font).extent

    def draw_as_one(gc, x, y, text, font, angle, ismath=False, mtext=None):
        own = mtext is not None and (mtext.get_fontfeatures() or mtext.get_language())
        if angle or ismath or own or (shaped := cached(text, font)).hangs:
            return draw(gc, x, y, text, font, angle, ismath, mtext)
        agg.draw_text_image(shaped.bitmap, round(x), round(y) + shaped.below, 0, gc)

    renderer.get_text_width_height_descent, renderer.draw_text = measure_once, draw_as_one


class _Text(NamedTuple):
    """A text as Matplotlib measures and fills it."""

    extent: tuple  # width, height and descent, in pixels; down to the baseline at least
    bitmap: np.ndarray  # (H, W) uint8, the share of ink, from where the baseline begins
    below: int  # how many of its rows are below the baseline
    hangs: bool  # left of where the baseline begins


def _shape(font, text):
    # The empty letter lets the bitmap begin where the baseline does. Else it begins at the first
    # ink, and where that is between two pixels the first letter is one off.
    font.set_text("\u200b" + text, 0, flags=get_hinting_flag())
    font.draw_glyphs_to_bitmap()
    bitmap = font.get_image().copy()  # it is drawn on again
    sides = (*font.get_width_height(), font.get_descent())
    width, height, descent = (side / 64 for side in sides)
    above = math.floor(height - descent) + 1  # Matplotlib leaves a row free
    hangs = font.get_bitmap_offset()[0] < 0
    return _Text((width, height, descent), bitmap, len(bitmap) - above, hangs)
