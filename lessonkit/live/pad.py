"""A pad to draw on, in the page: by mouse, finger, pen or keyboard."""

import anywidget
import ipywidgets
import numpy as np
import traitlets

from lessonkit.live.messages import heed
from lessonkit.live.page_files import page_file

SIDE = 28


class DrawingPad(anywidget.AnyWidget, ipywidgets.ValueWidget):
    """A pad of 28 × 28 pixels. All about its look and its keys stands in pad.js.

    value: one byte per pixel, row by row, 0 paper and 255 ink. It can be set from Python too; 784
    bytes are expected; anything else raises traitlets.TraitError.
    """

    _esm = page_file("pad.js")
    _css = page_file("pad.css")
    value = traitlets.Bytes(bytes(SIDE * SIDE)).tag(
        sync=True,
        from_json=lambda value, _: bytes(value),  # a page's bytes come as a memoryview
    )
    description = traitlets.Unicode("drawing").tag(sync=True)

    def __init__(self, **state) -> None:
        super().__init__(**state)
        heed(self, lambda sent: {"value": memoryview(sent["value"])})

    @traitlets.validate("value")
    def _a_byte_a_pixel(self, proposal):
        if len(proposal.value) != SIDE * SIDE:
            raise traitlets.TraitError(
                f"value must be {SIDE * SIDE} bytes, one per pixel; got {len(proposal.value)}"
            )
        return proposal.value


def pixels(value: bytes) -> np.ndarray:
    """Return a pad's value as a picture: float32 in 0..1, shape (28, 28), 1 is ink.

    >>> pixels(bytes(783) + b"\\xff")[27, 27]
    np.float32(1.0)
    """
    ink = np.frombuffer(value, np.uint8)
    if ink.size != SIDE * SIDE:
        raise ValueError(f"value must be {SIDE * SIDE} bytes, one per pixel; got {ink.size}")
    return ink.reshape(SIDE, SIDE) / np.float32(255)
