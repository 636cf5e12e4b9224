"""What the tests of live pictures need: explorers to show, and a page that shows one.

There is no kernel and no browser, only what a page would say and receive.
"""

import contextlib
import io
import threading

import numpy as np
from explored import pixels_of
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from lessonkit.live import Pixels, explore, lesson_style


class Dot:
    """A figure with a dot that a slider moves, drawn the fast way or, for comparison, plainly."""

    def __init__(self, animated=True, dpi=100):
        with lesson_style():
            self.figure = Figure(figsize=(3, 2), dpi=dpi)
            self.axes = self.figure.subplots()
            self.axes.set(xlim=(-6, 6), ylim=(-6, 6), xticks=[0, 5], yticks=[0])
            self.axes.plot([-6, 6], [-6, 6])
            look = {"animated": animated, "zorder": 9}
            self.dot = self.axes.plot([0], [0], "o", **look)[0]
            self.text = self.axes.text(0, 0, "", color="#D55E0080", **look)
        self.drawn = []  # the arguments of every call

    def draw(self, x=0.0, **others):
        self.drawn.append({"x": x} | others)
        self.dot.set_data([x], [x / 2])
        self.text.set(position=(x, -x), text=f"{x:g}")
        return f"The dot is at {self.dot.get_xdata()[0]:g}."

    def explorer(self, **controls):
        return explore(self.draw, self.figure, **({"x": (-6.0, 6.0, 0.1)} | controls))


class Changing(Dot):
    """A figure in which still things change too: title, limits, a curve, what is there at all."""

    def draw(self, x=0.0, wide=False):
        caption = super().draw(x)
        self.axes.set_xlim((-12, 12) if wide else (-6, 6))
        self.axes.lines[0].set_visible(x < 3)
        self.dot.set_visible(x > -4)
        if x.is_integer():
            self.axes.set_title(f"whole: {x}")
        return caption


def speck(on_point=None, **controls):
    """Return an explorer of one pixel and the list of the values it draws."""
    picture, drawn = Pixels(width=1), []

    def draw(**values):
        drawn.append(values)
        picture.set_array([[0.5]])
        return "One pixel."

    return explore(draw, picture, on_point=on_point, **controls), drawn


def tell(control, value):
    """Give a control a value as a page does, by ipywidgets' own message."""
    name = "index" if "index" in control.keys else "value"
    data = {"method": "update", "state": {name: value}, "buffer_paths": []}
    control._handle_msg({"content": {"data": data}, "buffers": []})


def meanwhile(action):
    """Do `action` in another thread; return that, as soon as it is done or has to wait."""
    thread = threading.Thread(target=action)
    thread.start()
    thread.join(0.2)
    return thread


class Page:
    """A page that shows an explorer: it composes the picture from what the kernel sends.

    paces: whether it asks for the next piece of longer work as soon as it has one.
    """

    def __init__(self, explorer, density=1, paces=False, **values):
        self.explorer, self.paces = explorer, paces
        self.received, self.panels, self.number = [], {}, explorer._number
        explorer._page.send = self._receive
        self.say(density=density, **values)

    def say(self, **message):
        self.explorer._page._handle_custom_msg(message, [])

    def ask(self, *values):
        self.say(values=list(values))
        return self.received[-1]

    def _receive(self, message, pixels=()):
        self.received.append(message)
        assert message.get("after", self.number) == self.number  # it can be shown
        self.number = message.get("number", self.number)
        if "caption" not in message:
            return
        for zipped, patch in zip(pixels, message["patches"], strict=True):
            (panel, x, y, *_), piece = patch, pixels_of(patch, zipped)
            if message["whole"]:
                self.panels[panel] = piece.copy()
            self.panels[panel][y : y + len(piece), x : x + piece.shape[1]] = piece
        if self.paces and "next" in message:
            self.say(next=message["next"])

    @property
    def pixels(self):
        return self.panels[0]


def fresh_pixels(figure, density=1):
    """Return a figure's pixels from Matplotlib alone."""
    figure.set_dpi(figure.dpi * density)
    canvas = FigureCanvasAgg(figure)
    with lesson_style():
        canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()


def assert_looks_like(pixels, expected):
    """Assert that two pictures are the same, up to rounding where letters touch."""
    np.testing.assert_allclose(pixels.astype(int), expected, atol=8)
    assert np.mean(pixels != expected) < 1e-3


def png_pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)))


@contextlib.contextmanager
def unchanged(explorer, drawn):
    """Assert that nothing of an explorer changes meanwhile."""

    def state():
        values = {name: control.value for name, control in explorer.controls.items()}
        return values, explorer.code, explorer.caption, explorer.error, explorer.png(), len(drawn)

    before = state()
    yield
    assert state() == before
