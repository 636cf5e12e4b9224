"""The widget that shows a live picture in the page; page.js beside it is its other half."""

from collections.abc import Callable

import anywidget
import ipywidgets
import traitlets

from lessonkit.live.messages import heed, nothing
from lessonkit.live.page_files import page_file


class Page(anywidget.AnyWidget):
    """Canvases, caption and error message in the page; page.js says how it asks and what it shows.

    controls: the widgets that the page watches. names: theirs, as in the explorer's code. uploads:
    those whose files it weighs before they are sent. pointed: whether the pointer sets controls
    too. snapshot: returns what a page that opens later begins with.
    """

    _esm = page_file("page.js")
    _css = page_file("page.css")
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    uploads = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)
    pointed = traitlets.Bool().tag(sync=True)
    # Made when it is asked for, so that it is always the current picture and costs nothing while a
    # slider moves.
    opening = traitlets.Any().tag(sync=True, to_json=lambda _, page: page.snapshot())

    def __init__(self, snapshot: Callable[[], dict], **state) -> None:
        self.snapshot = snapshot
        super().__init__(**state)
        heed(self, nothing)
