"""The kernel's half of a live picture: from the controls' values to what the page shows."""

import base64
import contextlib
import math
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets
from matplotlib.figure import Figure

from lessonkit.live import canvas, task
from lessonkit.live.canvas import GAP, Pixels, Plot
from lessonkit.live.controls import (
    Control,
    check_value,
    code_of,
    describe_values,
    is_same,
    is_serializable,
    make_controls,
    set_value,
    snap,
    values_from_code,
    values_from_page,
)
from lessonkit.live.internals import is_set_by_page
from lessonkit.live.look import LOCK, in_turn, lesson_style
from lessonkit.live.messages import heed_all
from lessonkit.live.page import Page
from lessonkit.live.recorded import parts_of
from lessonkit.live.task import Recipe, Task

HERE = Path(__file__).parent
PATIENCE = 1.0  # seconds of work after which a progress bar appears
SILENCE = 3.0  # seconds without a request after which no page is taken to pace the work


def explore(
    measure: Callable,
    picture: Figure | Pixels,
    /,
    paint: Callable[[Any], None] | None = None,
    say: Callable[[Any], str] | None = None,
    on_point: Callable[[float, float], dict | None] | None = None,
    **controls: Any,
) -> "Explorer":
    """Show `picture` with controls above it and, under it, a sentence with the numbers seen.

    measure: function of the controls' values that works out the facts, a NamedTuple; its defaults
        are the first values. A generator yields the facts after each piece of work of at most
        100 ms; it may yield (facts, share done) instead, the share in 0..1, for a progress bar.
    picture: a Matplotlib Figure (not pyplot's) or Pixels. Artists made with ``animated=True`` are
        drawn above the others, fast; any other change is seen too and costs a full redraw.
    paint: function that moves what is in the picture already, so that it shows the facts.
    say: function that returns the caption of the facts, one or two sentences.
        Without paint and say, `measure` does it all: it moves the artists and returns the caption.
    on_point: function of a place in the picture, x and y in CSS pixels from its top left. What it
        returns, name → value of some controls or None, the pointer sets by moving there.
    controls: name → ``interact``'s abbreviations ((min, max, step) → slider, list → dropdown,
        bool → checkbox) or an ipywidgets widget.

    Returns an Explorer. Raises TypeError or ValueError for what cannot be a control or a picture,
    and whatever the functions raise for the first values; later errors are shown under the picture.
    """
    if (paint is None) != (say is None):
        raise TypeError("explore must be given both paint and say, or neither")
    widgets = make_controls(measure, controls)
    return Explorer(Recipe(measure, paint, say), picture, widgets, on_point)


class Explorer(ipywidgets.VBox):
    """A picture, its controls and its caption, as `explore` makes them.

    controls: name → widget.  picture: the Figure or Pixels.  facts: what `measure` found for the
    values last drawn (None where one function draws and says all).  caption: the sentence under it.
    error: what went wrong at the last move, in words, or "".
    code: the values last drawn, as text that `set` takes back.
    recordings: what `recorded` was told.
    """

    def __init__(
        self,
        recipe: Recipe,
        picture: Figure | Pixels,
        controls: dict[str, Control],
        on_point: Callable | None = None,
    ) -> None:
        self.controls, self.picture = controls, picture
        self.facts, self.caption, self.error, self._code = None, "", "", ""
        self._serializable = {n: c for n, c in controls.items() if is_serializable(c)}
        self._recipe, self._on_point = recipe, on_point
        self._canvas = picture if isinstance(picture, Pixels) else Plot(picture)
        self._panels = None  # the pixels that every page shows now
        self._number = 0  # of this picture, by which a page sees that it has missed one
        self._drawn = None  # the values that made them
        self._task = None  # one that has more to do, while a page paces it
        self._page_requests = False  # a page watches the controls and requests its pictures itself
        self._last_request = -SILENCE  # when it did, in seconds
        self._turns = {}  # page → how many values it has sent
        self._requested = {}  # the values requested last: the kernel may know older ones
        self._follows = True  # a control's change is drawn at once
        self._page = None
        self._listeners = []  # called with the facts after each move
        self.recordings = []

        with LOCK:
            self._requested = self._values()
            self._begin(self._requested, raises=True)
        self._page = Page(
            controls=list(self._serializable.values()),
            names=list(self._serializable),
            uploads=[c for c in controls.values() if isinstance(c, ipywidgets.FileUpload)],
            pointed=on_point is not None,
            snapshot=in_turn(self._message),
        )
        self._page.on_msg(lambda _, message, __: self._on_message(message))
        row = ipywidgets.HBox(list(controls.values()))
        super().__init__([row, self._page] if controls else [self._page])
        row.add_class("lessonkit-controls")
        self.add_class("lessonkit-explorer")
        heed_all(self)
        for control in controls.values():
            control.observe(self._on_change, "value")

    @property
    def code(self) -> str:
        return self._code

    @in_turn
    def set(self, code: str) -> None:
        """Take values back from `code`: ``explorer.set("x=4 activation=relu")``.

        Controls that are not named keep their value. Raises ValueError for an unknown name or a
        value the control cannot have, TypeError for what is no text; then nothing is changed. What
        is wrong in a text box is told under the picture, as if it had been typed: see `error`.
        """
        wanted = values_from_code(self._serializable, code)
        with self._held():
            self._set_controls(wanted)
            self._show(self._values())

    @in_turn
    def set_quietly(self, name: str, value: Any) -> None:
        """Set a control and draw nothing; a page that shows it will request the picture.

        So `measure` hears of the new value only once the page has: what the page had on its way
        still has the old one.
        """
        self._follows = False
        try:
            self.controls[name].value = value
        finally:
            self._follows = True
        self._requested = self._requested | {name: value}

    @in_turn
    def facts_at(self, code: str) -> Any:
        """Return the facts of another state, ``explorer.facts_at("x=4")``; the picture stays.

        Controls that are not named have the values they have now. Errors: see `set`.
        """
        wanted = values_from_code(self._serializable, code)
        for name, value in wanted.items():
            check_value(name, self.controls[name], value)
        return Task(self._recipe, self._values() | wanted).facts()

    def pointed_at(self, x: float, y: float) -> dict[str, Any]:
        """Return what the pointer sets at a place in the picture, in CSS pixels: name → value."""
        return (self._on_point and self._on_point(x, y)) or {}

    @property
    def is_paced(self) -> bool:
        """Whether a page that shows it has been heard from lately: it paces longer work."""
        return time.monotonic() - self._last_request < SILENCE

    def hear(self) -> None:
        """Note that the page is there, as other widgets in it have noticed."""
        if self._page_requests:
            self._last_request = time.monotonic()

    def on_facts(self, listener: Callable[[Any], None]) -> None:
        """Call `listener` with the facts of every picture from now on, once it is drawn."""
        self._listeners.append(listener)

    def recorded(self, *groups: str) -> "Explorer":
        """Say which states the web edition records, to show them before Python runs there.

        groups: each names controls with spaces between them, the one that moves least first. All
            combinations of their values are recorded, while the others keep their first values.
            "x/2" takes every second value of x only, "x=4,5" these alone.

        Returns the explorer. Raises ValueError for an unknown name, for a value that the control
        cannot have, and for a control that has no list of values; TypeError for what is no text.
        """
        self.recordings = [parts_of(self._serializable, group) for group in groups]
        return self

    @in_turn
    def redraw(self) -> None:
        """Draw the same facts again: something was added to the picture, or taken away."""
        old = self._panels
        self._take(self._canvas.panels())
        self._notify_page(self._message(old))

    def png(self) -> bytes:
        """Return the picture as it is now, as the bytes of a PNG file of at most 256 colours.

        It is the wide one, whatever a page has room for.
        """
        with self._wide() as panels:
            return canvas.reduced_png(self._canvas.enlarge(panels))

    @in_turn  # else a slider that moves meanwhile gives it one state's words, another's picture
    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        bundle["text/plain"] = self.caption
        bundle["image/png"] = base64.b64encode(self.png()).decode()
        with self._wide() as panels:
            width, height = self._canvas.size(panels)
        width += (len(panels) - 1) * (GAP + width)
        return bundle, {"image/png": {"alt": self.caption, "width": width, "height": height}}

    @contextlib.contextmanager
    def _wide(self):
        """Yield the panels as a page shows them that has room for all of the picture."""
        with LOCK:
            room = self._canvas.room
            try:
                yield self._panels if room is None else self._drawn_for(None)
            finally:
                self._lay_out(room)

    def _drawn_for(self, width):
        self._lay_out(width)
        return self._canvas.panels()

    def _lay_out(self, width):
        """Lay the picture out for a page with so many CSS pixels; None: with enough of them."""
        with lesson_style():
            if self._canvas.set_room(width) and self._recipe.paint is not None:
                self._recipe.paint(self.facts)

    # -- from a control to the picture ---------------------------------------------------------

    def _set_controls(self, wanted):
        """Give controls their values by name; ValueError, and no change, for an impossible one."""
        before = {name: control.value for name, control in self._serializable.items()}
        for name, value in wanted.items():
            control = self.controls[name]
            if not set_value(control, value):
                problem = f"{name} must be {describe_values(control)}; got {value!r}"
                for changed, old in before.items():
                    self.controls[changed].value = old
                raise ValueError(problem)

    def _values(self):
        return {name: snap(c, c.value) for name, c in self.controls.items()}

    @contextlib.contextmanager
    def _held(self):
        """Let several controls change without a picture for each, here or requested by a page."""
        self._follows = False
        self._notify_page({"hold": True})
        try:
            yield
        finally:
            self._follows = True
            self._notify_page({"hold": False})

    def _on_change(self, change):
        # A page that shows the picture requests it at every move, sooner and more often than the
        # control's own messages come. To follow those too would jump back and forth.
        control = change.owner
        name = next(name for name, other in self.controls.items() if other is control)
        by_page = name in self._serializable and is_set_by_page(control)
        with LOCK:
            if self._follows and not (by_page and self._page_requests):
                # Newer than the last request is what a page sets right now, and this change.
                newer = [n for n, c in self._serializable.items() if is_set_by_page(c)]
                now = self._values()
                self._show(self._requested | {n: now[n] for n in (*newer, name)})

    def _on_message(self, message):
        """Answer a page: it has opened, or wants the picture of some values, or the next piece.

        What no page of ours says is only acknowledged.
        """
        with LOCK:
            self._last_request = time.monotonic()
            if not self._is_readable(message):  # who opens gets a picture in any case
                message = {"density": message.get("density")}
            if not self._is_readable(message):
                self._notify_page({"answer": True, "after": self._number})
                return
            late = self._is_late(message)
            if "density" in message:
                self._open(message, self._requested if late else self._told(message))
            elif late:
                self._notify_page({"answer": True, "after": self._number})
            elif "values" in message:
                if "pointer" in message:
                    self._point(message["pointer"], message["values"])
                else:
                    self._show(self._told(message), answer="whole" not in message)
                if "whole" in message:
                    self._notify_page(self._message() | {"answer": True})
            elif self._task is not None and message.get("next") == self._task.pieces:
                self._step()

    def _is_readable(self, message):
        try:
            if "values" in message:
                values_from_page(self._serializable, message["values"])
        except ValueError:
            return False
        numbers = [message[name] for name in ("density", "turn") if name in message]
        if "pointer" in message:
            place = message["pointer"]
            if self._on_point is None or not isinstance(place, list) or len(place) != 2:
                return False
            numbers += place
        is_page = isinstance(message.get("page", ""), str)
        return is_page and all(type(n) in (int, float) and math.isfinite(n) for n in numbers)

    def _told(self, message):
        """Return the controls' values, as the page knows them that sent a message."""
        sent = message.get("values")
        return self._values() | (values_from_page(self._serializable, sent) if sent else {})

    def _is_late(self, message):
        """Whether a message has values and newer ones of its page have been seen.

        A kernel may send a page's messages to either of two threads, and only one of them is free.
        """
        page, turn = message.get("page"), message.get("turn", 0)
        late = turn < self._turns.get(page, 0)
        self._turns[page] = max(turn, self._turns.get(page, 0))
        return late

    def _open(self, message, values):
        """Show a page that has opened the picture of some values, for its screen."""
        self._page_requests = True
        self._canvas.set_density(message["density"])
        self._lay_out(message.get("width"))
        shown = self._drawn
        self._show(values)
        if self._drawn is shown and not self.error:  # else the artists may be half moved
            self._take(self._canvas.panels())
        self._notify_page(self._message())

    def _point(self, place, page_values):
        """Set the controls to what lies under a page's pointer, and show that."""
        self._follows = False  # and the page requests nothing before it has the answer
        try:
            in_wide = self._canvas.place(*place)
            wanted = self.pointed_at(*in_wide) if in_wide else {}
            self._set_controls(wanted)
            # Read only now, as a new value may have made another slider shorter.
            sent = values_from_page(self._serializable, page_values)
        except Exception as problem:
            self.error = _in_words(problem)
            self._notify_page(self._message(self._panels) | {"answer": True})
        else:
            self._show(self._values() | sent | wanted, answer=True)
        finally:
            self._follows = True

    def _show(self, values, answer=False):
        """Show the picture of `values`, unless it is the one that is shown."""
        shown = all(is_same(value, self._drawn[name]) for name, value in values.items())
        self._requested = values
        if not shown or self.error:
            self._begin(values, answer)
        elif answer:
            self._notify_page({"answer": True, "after": self._number})

    def _begin(self, values, answer=False, raises=False):
        if self._task is not None:
            self._task.close()
        self._task = Task(self._recipe, values)
        self._step(answer, raises)
        paced = self.is_paced
        while self._task is not None and not paced:  # nobody asks for the next piece: do it all
            self._step(raises=raises)

    def _step(self, answer=False, raises=False):
        """Do the next piece of the task in hand and send what it changed."""
        current, old = self._task, self._panels
        try:
            with lesson_style():  # artists that are made while drawing look like the others
                facts, caption = current.step() or (self.facts, self.caption)
                panels = self._canvas.panels()
        except Exception as problem:
            self._task = None
            if raises:
                raise
            self.error = _in_words(problem)
        else:
            self.facts, self.caption, self.error = facts, caption, ""
            self._take(panels)
            self._drawn = current.values
            self._code = code_of(self._serializable, current.values)
            if current.done:
                self._task = None
        if self._page is not None:
            self._notify_page(self._message(old) | {"answer": answer})
        if not self.error:
            for listener in self._listeners:
                listener(self.facts)

    def _take(self, panels):
        self._panels, self._number = panels, self._number + 1

    # -- from the picture to the page ----------------------------------------------------------

    def _message(self, old=None):
        """Return what a page must know; of the pixels, what differs from the `old` ones, or all."""
        panels = self._panels
        message = {"caption": self.caption, "error": self.error, "size": self._canvas.size(panels)}
        message["number"] = self._number
        if old is not None:
            message["after"] = self._number - (old is not panels)
        message["pixelated"] = isinstance(self._canvas, Pixels)
        message["squares"] = [square for _, square in panels]
        patches = list(self._canvas.changes(panels, old))
        message["whole"] = all(pixels is panels[number].pixels for number, *_, pixels in patches)
        message["patches"] = [_described(*patch) for patch in patches]
        message["pixels"] = [canvas.compress(pixels) for *_, pixels in patches]
        if self._task is not None:
            message["next"] = self._task.pieces
            if time.perf_counter() - self._task.began > PATIENCE:
                message["progress"] = self._task.share
        return message

    def _notify_page(self, message):
        self._page.send(message, message.pop("pixels", []))


def _described(panel, x, y, pixels):
    """Return where a patch lies and what its pixels are: [panel, x, y, width, height, channels]."""
    height, width, *channels = pixels.shape
    return [panel, x, y, width, height, *(channels or [1])]


def _in_words(problem):
    """Return an exception as a sentence, with the place where the author of `draw` has to look."""
    words = f"{type(problem).__name__}: {problem}"
    places = traceback.extract_tb(problem.__traceback__)
    place = next((p for p in places if p.filename not in (__file__, task.__file__)), None)
    if place is None or place.filename == canvas.__file__:  # the author's functions went well
        return words
    if isinstance(problem, ValueError) and HERE.parent in Path(place.filename).parents:
        return words  # an explorer of the package refuses what a learner typed
    file = "the cell" if "ipykernel" in place.filename else Path(place.filename).name
    return f"{words} (line {place.lineno} of {file})"
