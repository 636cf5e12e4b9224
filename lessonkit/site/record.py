"""A chapter's answers, recorded under Node by the Python that will answer in its page."""

from pathlib import Path

from lessonkit.site.node import run_node

HERE = Path(__file__).parent


def record_chapter(notebook: Path, python: Path, folder: Path) -> None:
    """Run a notebook in Pyodide and write into `folder` what its page shows before Python runs.

    python: the folder that `python_folder` has made. Written are

    - cells.json: for each code cell its id, source, what it shows (host.py's `run`), the models of
      its widgets and the names of its films;
    - for every explorer shown, NAME = cell's id, a hyphen and its place in the cell from 0:
      NAME.png, the picture at one pixel for a CSS pixel, and NAME.js, a classic script that calls
      ``lessonkit.recorded(NAME, film)``.

    A film has `view` (model id of the picture), `plain` (those of its controls), `pixelated`,
    `size` and `frames`; the first is what the notebook shows. A frame has the `values` that a page
    sends for it, `code`, `caption`, `error`, `squares`, what other models are told (`updates`: the
    same traits in every frame) and its own `size` where that differs. `points`, of a picture that
    can be pointed at, are [left, top, right, bottom, what] in CSS pixels: `what` the pointer sets
    there, [place among the values, value], none if no frame has them. `panels` holds the pixels:
    for each panel a `palette` (base64, RGB, its places counted from 1), `frames` of [parent, W, H,
    piece, start, length], `pieces` of [deflated size, plain size], and their `data` (base64), one
    after the other. From `start` on, `length` bytes of the inflated `piece` make a frame of its
    parent, an earlier frame: rectangles, each x, y, w, h (uint16, little-endian) and w × h places
    of the palette, 0 where the parent's pixel stays. Parent -1: of nothing; the one rectangle is
    the whole frame.

    Raises NodeError, in words, if there is no Node, if Python cannot start or if a cell fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    run_node("record.mjs", python, notebook, folder, HERE / "film.py")
