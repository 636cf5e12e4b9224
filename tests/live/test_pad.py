"""The drawing pad in a plain process; tests/browser/ draws on it."""

import numpy as np
import pytest
import traitlets

from lessonkit.live import Pixels, explore
from lessonkit.live.pad import DrawingPad, pixels


def told(pad, value):
    """Give a pad its value as a page does: the bytes come apart from the message."""
    data = {"method": "update", "state": {}, "buffer_paths": [["value"]]}
    pad._handle_msg({"content": {"data": data}, "buffers": [memoryview(value)]})


def test_it_begins_as_paper():
    pad = DrawingPad()
    assert pad.value == bytes(784)
    assert not pixels(pad.value).any()


def test_a_value_is_the_picture_row_by_row():
    value = bytearray(784)
    value[3 * 28 + 5] = 255
    value[3 * 28 + 6] = 51
    picture = pixels(bytes(value))
    assert (picture.shape, picture.dtype) == ((28, 28), np.float32)
    assert picture[3, 5] == 1
    assert picture[3, 6] == np.float32(0.2)
    assert picture.sum() == pytest.approx(1.2)


@pytest.mark.parametrize("value", [b"", bytes(783), bytes(785), "x" * 784, None, 784])
def test_a_value_is_784_bytes(value):
    pad = DrawingPad()
    with pytest.raises(traitlets.TraitError, match="value"):
        pad.value = value
    assert pad.value == bytes(784)


@pytest.mark.parametrize("count", [0, 3, 783, 785])
def test_a_picture_is_784_bytes(count):
    with pytest.raises(ValueError, match=f"^value must be 784 bytes, one per pixel; got {count}$"):
        pixels(bytes(count))


def test_an_explorer_takes_it_and_follows_it_but_cannot_write_it_down():
    picture, pad = Pixels(width=28), DrawingPad(description="digit")

    def draw(drawing, x=0):
        picture.set_array(pixels(drawing))
        return f"There are {np.sum(pixels(drawing) > 0)} pixels of ink."

    explorer = explore(draw, picture, drawing=pad, x=(0, 3))
    assert pad.description == "digit"
    assert explorer.code == "x=0"
    pad.value = bytes(700) + bytes([9]) * 84
    assert explorer.caption == "There are 84 pixels of ink."
    told(pad, bytes([9]) * 784)
    assert explorer.caption == "There are 784 pixels of ink."
    assert not explorer.error
    with pytest.raises(ValueError, match="drawing"):
        explorer.set("drawing=x")
