"""On every page too narrow for it, a picture is redrawn with text that can be read.

Where text stands is asked of Matplotlib's texts as they are drawn, not of what lays them out.
"""

import itertools

import numpy as np
import pytest
from explored import panels
from matplotlib.text import Text
from test_every_explorer import (
    EXPLORERS,
    choices,
    is_shown,
    opened,
    reset,
    short_trainings,  # noqa: F401 (here too, a training that a control starts is a short one)
)

PAGE = 272  # CSS pixels: JupyterLab in a window of 640, a zoom of 200 %; of 400, it leaves 284
WIDER = range(330, 660, 50)  # CSS pixels; with more every picture is the wide one
LEAST = 12  # CSS pixels that a text must be high
FIGURES = [(chapter, name) for chapter, name in EXPLORERS if name != "mosaics"]  # it has no text


def show(explorer, width=None):
    """Let a page show the explorer that has so many pixels for it; None: enough."""
    explorer.children[-1]._handle_custom_msg({"density": 1, "width": width}, [])


def size(explorer):
    return explorer.children[-1].get_state()["opening"]["size"]


def drawn_texts(explorer):
    """Return the texts that are drawn → their boxes, in pixels from the figure's top left."""
    drawn, draw = {}, Text.draw

    def note(text, renderer):
        if text.get_visible() and text.get_text().strip():
            drawn[text] = text.get_window_extent(renderer)
        draw(text, renderer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", note)
        explorer.picture.stale = True  # all of it, not only what moves
        explorer.redraw()
    height = explorer.picture.bbox.height
    return {t: (b.x0, height - b.y1, b.x1, height - b.y0) for t, b in drawn.items()}


def is_inside(box, frame):
    """Tell whether a box has all its ink in a frame; a line has some pixels above and below it."""
    (x0, y0, x1, y1), (left, top, right, bottom) = box, frame
    return x0 > left - 2 and x1 < right + 2 and y0 > top - 3 and y1 < bottom + 3


def overlapping(boxes):
    """Return the pairs of level texts that cover each other."""
    level = [(t, box) for t, box in boxes.items() if t.get_rotation() % 90 == 0]
    return {
        (one, other)
        for (one, a), (other, b) in itertools.combinations(level, 2)
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 4
    }


def states(explorer):
    """Set the explorer as it opens, then all controls to their first values, then to the last."""
    reset(explorer)
    yield
    for end in (0, -1):
        for name, control in explorer.controls.items():
            if is_shown(control):
                control.value = choices(name, control)[end]
        yield


@pytest.mark.parametrize(("chapter", "name"), FIGURES, ids=map(".".join, FIGURES))
def test_its_text_can_be_read_on_a_narrow_page(chapter, name):
    explorer = opened(chapter, name)
    for _ in states(explorer):
        show(explorer)
        wide, before = panels(explorer)[0], overlapping(drawn_texts(explorer))
        assert_readable(explorer, PAGE, before)
        show(explorer)
        np.testing.assert_array_equal(panels(explorer)[0], wide)


@pytest.mark.parametrize(("chapter", "name"), FIGURES, ids=map(".".join, FIGURES))
def test_its_text_can_be_read_on_a_page_a_little_too_narrow(chapter, name):
    explorer = opened(chapter, name)
    reset(explorer)
    show(explorer)
    before = overlapping(drawn_texts(explorer))
    for page in WIDER:
        assert_readable(explorer, page, before)
    show(explorer)


def assert_readable(explorer, page, before):
    """Assert that no text is small, cut off or covered on a page so many CSS pixels wide.

    before: pairs of texts that cover each other on a wide page too.
    """
    show(explorer, page)
    boxes = drawn_texts(explorer)
    width, height = size(explorer)
    assert panels(explorer)[0].shape[:2] == (height, width)
    assert min(t.get_fontsize() for t in boxes) * 100 / 72 * min(page / width, 1) >= LEAST
    # A sheet of paper is drawn as it was, and then cut.
    is_cut = abs(explorer.picture.bbox.width - width) > 0.01
    frames = [p for p in explorer.picture.pieces if p] if is_cut else [(0, 0, width, height)]
    for text, box in boxes.items():
        found = f"{text.get_text()!r} is cut off at {page}: {box}"
        assert any(is_inside(box, frame) for frame in frames), found
    new = overlapping(boxes) - before
    assert not new, (page, [(a.get_text(), b.get_text()) for a, b in new])
