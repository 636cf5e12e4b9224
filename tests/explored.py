"""What the tests of all explorers need: to show one, to read its captions, to see its pixels."""

import functools
import re
import warnings

import numpy as np

NUMBER = r"−?\d[\d,]*(?:\.\d+)?"


def shown(make):
    """Return an explorer as a page with an ordinary screen shows it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "Glyph")  # one that the font lacks
        explorer = make()
    explorer.children[-1]._handle_custom_msg({"density": 1}, [])
    return explorer


@functools.cache
def made(make):
    """Return an explorer that is made once for all who only ask what it says."""
    return make()


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


def full_redraws(explorer, monkeypatch):
    """Return a list that grows with every redraw of the whole figure."""
    redraws = []
    canvas = explorer.picture.canvas
    whole = canvas.draw
    monkeypatch.setattr(canvas, "draw", lambda: (redraws.append(1), whole()))
    return redraws
