"""What the widgets of a lesson take from a page: what a page of ours says, and nothing else.

A page is a program of its own. One of another version, or an extension in it, may send a slider a
text, a number that is none, or new bounds; ipywidgets would take them over, or write a traceback to
the log of the kernel. Such a message is dropped here, and the page is told what holds.
"""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import ipywidgets
import traitlets

from lessonkit.live.controls import checked_value, is_serializable
from lessonkit.live.internals import message_handler
from lessonkit.live.look import in_turn

State = dict[str, Any]


def heed(widget: ipywidgets.Widget, read: Callable[[State], State]) -> None:
    """Let a widget take from a page only what it can make sense of.

    read: function of what a page has set, name → value, that returns what of it the widget is to
        take over. It raises whatever it likes for what cannot be.
    """
    handle = message_handler(widget)

    @in_turn  # never between an explorer's `set` and its picture
    def set_state(state):
        try:
            type(widget).set_state(widget, state)
        except traitlets.TraitError:  # the widget refuses it
            _remind(widget)

    def heard(message):
        try:
            message = _readable(message, read)
        except Exception:  # it may be anything
            _remind(widget)
        else:
            handle(message)

    widget.set_state = set_state
    widget.comm.on_msg(heard)


def heed_all(root: ipywidgets.Widget) -> None:
    """Let a box, and all in it, take from a page what a learner can do to them, and no more."""
    for widget in _with_parts(root):
        own = type(widget).__module__.startswith("ipywidgets.")
        if own or isinstance(widget, ipywidgets.Box):  # any other one has its own rules
            heed(widget, lambda state, widget=widget: _done_by_learner(widget, state))
        if isinstance(widget, ipywidgets.Box):
            widget.observe(_heed_new, "children")


def _heed_new(change):
    heed_all(change.owner)


def nothing(state: State) -> State:
    """Take nothing over: for widgets whose pages only send requests."""
    return {}


def _with_parts(widget) -> Iterator[ipywidgets.Widget]:
    yield widget
    for part in (*getattr(widget, "children", ()), widget.layout, getattr(widget, "style", None)):
        if isinstance(part, ipywidgets.DOMWidget):
            yield from _with_parts(part)
        elif isinstance(part, ipywidgets.Widget):
            yield part


def _remind(widget):
    """Tell a page what a control's value is."""
    name = "index" if "index" in widget.keys else "value"
    if name in widget.keys and widget.comm is not None:
        widget.send_state(name)


def _readable(message, read):
    """Return a message that its widget can handle; raise something for any other."""
    data, buffers = message["content"]["data"], message.get("buffers") or []
    if data["method"] == "update":
        state = dict(data["state"])
        for path, buffer in zip(data.get("buffer_paths", []), buffers, strict=True):
            _put(state, path, buffer)
        data = {"method": "update", "state": read(state)}
    elif data["method"] == "custom":
        data = {"method": "custom", "content": dict(data["content"])}
    elif data["method"] != "request_state":
        raise ValueError(f"method must be update, custom or request_state; got {data['method']!r}")
    return {"content": {"data": data}, "buffers": buffers}


def _put(state, path, buffer):
    """Put bytes to where they were in a state before they were sent apart from it."""
    for key in path[:-1]:
        state = state[key]
    state[path[-1]] = buffer


def _done_by_learner(widget, state):
    """Return of a state what a learner can change in a page: a value, not a slider's bounds."""
    if isinstance(widget, ipywidgets.FileUpload):
        return {"value": [_checked_file(file) for file in state["value"]]}
    done = {}
    if isinstance(widget, ipywidgets.Play):
        done = {name: state[name] is True for name in {"playing", "repeat"} & state.keys()}
    if isinstance(widget, ipywidgets.ValueWidget) and is_serializable(widget):
        names = {"value", "index"} & state.keys() & set(widget.keys)
        done |= {name: checked_value(widget, state[name]) for name in names}
    return done


def _checked_file(file):
    """Return an uploaded file if ipywidgets can take it over."""
    texts, sizes = (file["name"], file["type"]), (file["size"], file["last_modified"])
    memoryview(file["content"])
    "".join(texts).encode()
    datetime.datetime.fromtimestamp(sizes[1] / 1000, tz=datetime.UTC)
    if type(sizes[0]) is not int or sizes[0] < 0:
        raise ValueError(f"size must be a whole number of bytes; got {sizes[0]!r}")
    return file
