"""Live pictures: a function that draws, and controls that call it, become an explorer.

Who knows ``ipywidgets.interact`` knows ``explore``. The difference is speed: the figure is drawn
once, then only what moved is drawn again, and only the rectangles that changed travel to the page.
``live.js`` beside this file is the other half; it says how the page asks and what it shows.
"""

import base64
import contextlib
import inspect
import time
import traceback
from pathlib import Path

import anywidget
import ipywidgets
import traitlets

from lessonkit import _controls, _paper
from lessonkit._paper import (
    GAP,
    ONE_AT_A_TIME,
    Pixels,
    Plot,
    encode_png,
    lesson_style,
    reduced_png,
)

__all__ = ["Explorer", "Pixels", "explore", "lesson_style"]

HERE = Path(__file__).parent
PATIENCE = 1.0  # seconds of work after which a progress bar appears
SILENCE = 3.0  # seconds without a question after which no page is taken to pace the work


def explore(draw, picture, /, at=None, **controls):
    """Show `picture` with controls above it and, under it, the sentence that `draw` returns.

    draw: function of the controls' values. It moves what is in the picture already and returns the
        caption: one or two sentences with the numbers seen. Its defaults are the first values.
        A generator yields a caption after each piece of work of at most 100 ms; it may yield
        (caption, share done) instead, the share in 0..1, for the progress bar of long work.
    picture: a Matplotlib Figure (not pyplot's) or Pixels. Artists made with ``animated=True`` are
        drawn above the others, fast; any other change is seen too and costs a full redraw.
    at: function of a place in the picture, x and y in CSS pixels from its top left. What it
        returns, name → value of some controls or None, the pointer sets by moving there.
    controls: name → ``interact``'s abbreviations ((min, max, step) → slider, list → dropdown,
        bool → checkbox) or an ipywidgets widget.

    Returns an Explorer. Raises TypeError or ValueError for what cannot be a control or a picture,
    and whatever `draw` raises for the first values; later errors are shown under the picture.
    """
    return Explorer(draw, picture, _controls.make_controls(draw, controls), at)


class Explorer(ipywidgets.VBox):
    """A picture, its controls and its caption, as `explore` makes them.

    controls: name → widget.  picture: the Figure or Pixels.  caption: the sentence under it.
    error: what went wrong at the last move, in words, or "".
    code: the values last drawn, as text that `set` takes back.
    """

    def __init__(self, draw, picture, controls, at=None):
        self.controls, self.picture = controls, picture
        self._plain = {name: c for name, c in controls.items() if _controls.is_plain(c)}
        self.caption = self.error = self._code = ""
        self._draw, self._at = draw, at
        self._paper = picture if isinstance(picture, Pixels) else Plot(picture)
        self._panels = None  # the pixels that every page shows now
        self._drawn = None  # the values that made them
        self._work = None  # a draw that has more to do, while a page paces it
        self._page_asks = False  # a page listens to the controls and asks for its pictures itself
        self._last_asked = -SILENCE  # when it did, in seconds
        self._wanted = {}  # the values asked for last: the kernel may know older ones
        self._follows = True  # a control's change is drawn at once
        self._view = None

        with ONE_AT_A_TIME:
            self._wanted = self._values()
            self._begin(self._wanted, raises=True)
        self._view = Picture(
            controls=list(self._plain.values()),
            uploads=[c for c in controls.values() if isinstance(c, ipywidgets.FileUpload)],
            pointed=at is not None,
            current=self._news,
        )
        self._view.on_msg(lambda _, message, __: self._asked(message))
        row = ipywidgets.HBox(list(controls.values()))
        super().__init__([row, self._view] if controls else [self._view])
        row.add_class("lessonkit-controls")
        self.add_class("lessonkit-explorer")
        for control in controls.values():
            control.observe(self._control_changed, "value")

    @property
    def code(self):
        return self._code

    def set(self, code):
        """Take values back from `code`: ``explorer.set("x=4 activation=relu")``.

        Controls that are not named keep their value. Raises ValueError for an unknown name or a
        value the control cannot have, TypeError for what is no text; then nothing is changed. What
        is wrong in a text box is told under the picture, as if it had been typed: see `error`.
        """
        wanted = _controls.values_from_code(self._plain, code)
        with ONE_AT_A_TIME, self._held():
            self._give(wanted)
            self._show(self._values())

    def png(self):
        """Return the picture as it is now, as the bytes of a PNG file of at most 256 colours."""
        return reduced_png(self._paper.enlarge(self._panels))

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["text/plain"] = self.caption
        bundle["image/png"] = base64.b64encode(self.png()).decode()
        width, height = self._paper.size(self._panels)
        width += (len(self._panels) - 1) * (GAP + width)
        return bundle, {"image/png": {"alt": self.caption, "width": width, "height": height}}

    # -- from a control to the picture ---------------------------------------------------------

    def _give(self, wanted):
        """Give controls their values by name; ValueError, and no change, for an impossible one."""
        before = {name: control.value for name, control in self._plain.items()}
        for name, value in wanted.items():
            control = self.controls[name]
            if not _controls.give(control, value):
                problem = f"{name} must be {_controls.possible(control)}; got {value!r}"
                for changed, old in before.items():
                    self.controls[changed].value = old
                raise ValueError(problem)

    def _values(self):
        return {name: _controls.tidy(c, c.value) for name, c in self.controls.items()}

    @contextlib.contextmanager
    def _held(self):
        """Let several controls change without a picture for each, here or asked for by a page."""
        self._follows = False
        self._tell({"hold": True})
        try:
            yield
        finally:
            self._follows = True
            self._tell({"hold": False})

    def _control_changed(self, change):
        # A page that shows the picture asks for it at every move, sooner and more often than the
        # control tells. To follow the control's belated news as well would jump back and forth.
        control = change.owner
        name = next(name for name, other in self.controls.items() if other is control)
        told_by_page = name in self._plain and _controls.is_told_by_page(control)
        with ONE_AT_A_TIME:
            if self._follows and not (told_by_page and self._page_asks):
                # Newer than what was asked for is what a page tells right now, and this.
                newer = [n for n, c in self._plain.items() if _controls.is_told_by_page(c)]
                now = self._values()
                self._show(self._wanted | {n: now[n] for n in (*newer, name)})

    def _asked(self, message):
        """Answer a page: it has opened, or wants the picture of some values, or the next piece."""
        with ONE_AT_A_TIME:
            self._last_asked = time.monotonic()
            if "density" in message:
                self._page_asks = True
                self._paper.set_density(message["density"])
                if not self.error:  # after an error the artists may be half moved: keep the frame
                    self._panels = self._paper.panels()
                self._tell(self._news())
            elif "values" in message:
                if "pointer" in message:
                    self._point(message["pointer"], message["values"])
                else:
                    told = _controls.values_from_page(self._plain, message["values"])
                    self._show(self._values() | told, answer=True)
            elif self._work is not None and message.get("next") == self._work.pieces:
                self._go_on()

    def _point(self, place, page_values):
        """Set the controls to what lies under a page's pointer, and show that."""
        self._follows = False  # and the page asks nothing before it has the answer
        try:
            wanted = self._at(*place) or {}
            self._give(wanted)
            # Read only now, as what was given may have made another slider shorter.
            told = _controls.values_from_page(self._plain, page_values)
        except Exception as problem:
            self.error = _in_words(problem)
            self._tell(self._news(self._panels) | {"answer": True})
        else:
            self._show(self._values() | told | wanted, answer=True)
        finally:
            self._follows = True

    def _show(self, values, answer=False):
        """Show the picture of `values`, unless it is the one that is shown."""
        shown = all(_controls.same(value, self._drawn[name]) for name, value in values.items())
        self._wanted = values
        if not shown or self.error:
            self._begin(values, answer)
        elif answer:
            self._tell({"answer": True})

    def _begin(self, values, answer=False, raises=False):
        if self._work is not None:
            self._work.close()
        self._work = _Work(self._draw, values)
        self._go_on(answer, raises)
        paced = time.monotonic() - self._last_asked < SILENCE
        while self._work is not None and not paced:  # nobody asks for the next piece: do it all
            self._go_on(raises=raises)

    def _go_on(self, answer=False, raises=False):
        """Do the next piece of the work in hand and send what it changed."""
        work, old = self._work, self._panels
        try:
            caption = work.next_caption()
            panels = self._paper.panels()
        except Exception as problem:
            self._work = None
            if raises:
                raise
            self.error = _in_words(problem)
        else:
            self.caption, self.error = caption or self.caption, ""
            self._panels, self._drawn = panels, work.values
            self._code = _controls.code_of(self._plain, work.values)
            if work.done:
                self._work = None
        if self._view is not None:
            self._tell(self._news(old) | {"answer": answer})

    # -- from the picture to the page ----------------------------------------------------------

    def _news(self, old=None):
        """Return what a page must know; of the pixels, what differs from `old`, or all."""
        panels = self._panels
        news = {"caption": self.caption, "error": self.error, "size": self._paper.size(panels)}
        news["pixelated"] = isinstance(self._paper, Pixels)
        news["squares"] = [square for _, square in panels]
        pieces = list(self._paper.changes(panels, old))
        news["whole"] = all(pixels is panels[number].pixels for number, _, _, pixels in pieces)
        news["corners"] = [corner for *corner, _ in pieces]
        news["pngs"] = [encode_png(pixels) for *_, pixels in pieces]
        if self._work is not None:
            news["next"] = self._work.pieces
            if time.perf_counter() - self._work.began > PATIENCE:
                news["progress"] = self._work.share
        return news

    def _tell(self, news):
        self._view.send(news, news.pop("pngs", []))


class Picture(anywidget.AnyWidget):
    """Canvases, caption and message in the page; all else about them stands in live.js."""

    _esm = (HERE / "live.js").read_text("utf-8")
    _css = (HERE / "live.css").read_text("utf-8")
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)
    uploads = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)  # to be weighed
    pointed = traitlets.Bool().tag(sync=True)  # the pointer sets controls too
    # What a page that opens later begins with. It is made when it is asked for, so that it is
    # always the current picture and costs nothing while a slider moves.
    shown = traitlets.Any().tag(sync=True, to_json=lambda _, picture: picture.current())

    def __init__(self, current, **state):
        self.current = current
        super().__init__(**state)


class _Work:
    """One call of draw: its only piece, or the pieces of a draw that yields."""

    def __init__(self, draw, values):
        self._draw, self._rest = draw, None
        self.values = values
        self.pieces = 0
        self.share = None  # of the work done, 0..1, where draw tells it
        self.done = False
        self.began = time.perf_counter()

    def next_caption(self):
        """Do one piece. Return its caption, or None where a draw that yields has ended."""
        self.pieces += 1
        if self._rest is None:
            caption = self._draw(**self.values)
            if not inspect.isgenerator(caption):
                self.done = True
                return _checked_caption(caption)
            self._rest = caption
        try:
            piece = next(self._rest)
        except StopIteration:
            self.done = True
            return _checked_caption(None) if self.pieces == 1 else None
        caption, share = piece if isinstance(piece, tuple) and len(piece) == 2 else (piece, None)
        if share is not None and not 0 <= share <= 1:
            raise ValueError(f"draw must yield the share done as a number in 0..1; got {share!r}")
        self.share = share
        return _checked_caption(caption)

    def close(self):
        if self._rest is not None:
            self._rest.close()


def _checked_caption(caption):
    if not isinstance(caption, str) or not caption.strip():
        raise TypeError(
            f"draw must return the caption, a sentence with the numbers; got {caption!r}"
        )
    return caption


def _in_words(problem):
    """Return an exception as a sentence, with the place in draw where its author has to look."""
    words = f"{type(problem).__name__}: {problem}"
    places = traceback.extract_tb(problem.__traceback__)
    place = next((p for p in places if p.filename != __file__), None)
    if place is None or place.filename == _paper.__file__:  # draw itself went well
        return words
    if isinstance(problem, ValueError) and HERE in Path(place.filename).parents:
        return words  # an explorer of the package refuses what a learner typed
    file = "the cell" if "ipykernel" in place.filename else Path(place.filename).name
    return f"{words} (line {place.lineno} of {file})"
