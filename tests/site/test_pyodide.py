"""Pyodide, as a page runs it: every notebook, every explorer, and films that are what it draws.

Pictures are compared with those of this Python, whose Matplotlib is another. Without text they are
the same but for the edges of photographs; with it, letters are set otherwise.
"""

import gzip
import json

import numpy as np
import pytest
from films import decoded, read
from in_pyodide import in_pyodide, in_this_python
from references import LESSONS

from lessonkit import explorers
from lessonkit.site.node import NodeError
from lessonkit.site.record import record_chapter

NAMES = [f"{c}.{name}" for c in explorers.__all__ for name in getattr(explorers, c).__all__]
STRONG = 64  # of 255: a change that is seen
WITH_TEXT = 0.06  # of the pixels may change strongly; measured at most 0.0523 (frogs, all text)
WITHOUT_TEXT = 0.001  # measured: 0
RESAMPLED = 0.008  # measured at most 0.0047, where the pixels of enlarged pictures meet
ENLARGED = {"silent_neurons", "sampling", "anywhere", "pooled_digits", "steadiness"}
MOST_FILM, MOST_FILMS = 1.5e6, 4e6  # bytes of one; of a chapter's as a web server sends them


@pytest.fixture(scope="module")
def chapters(site):
    """Return notebook's stem → the folder in which it was recorded."""
    return {path.stem: site / path.stem for path in LESSONS}


def stored_text(cell):
    """Return what a cell of a notebook prints and what its last value is as plain text."""
    parts = []
    for output in cell["outputs"]:
        data = output.get("data", {})
        if "text" in output:
            parts.append("".join(output["text"]))
        elif data.keys() == {"text/plain"}:
            parts.append("".join(data["text/plain"]) + "\n")
    return "".join(parts)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_cell_runs_and_says_what_the_notebook_says(chapters, path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    cells = {cell["id"]: cell for cell in cells if cell["cell_type"] == "code"}
    recorded = json.loads((chapters[path.stem] / "cells.json").read_text("utf-8"))
    assert [cell["id"] for cell in recorded] == list(cells)
    for name, result in ((cell["id"], cell) for cell in recorded):
        assert result["error"] == "", name
        assert result["text"] == stored_text(cells[name]), name
        has_picture = any("image/png" in o.get("data", {}) for o in cells[name]["outputs"])
        assert bool(result["roots"]) >= has_picture, name


# -- explorers -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(python, tmp_path_factory):
    """Return two folders with what draw_explorers.py saw: in Pyodide, and in this Python."""
    there, here = (tmp_path_factory.mktemp(name) for name in ("there", "here"))
    in_this_python("draw_explorers.py", here)
    in_pyodide(python, "draw_explorers.py", there)
    return there, here


def seen(folder, name):
    return json.loads((folder / "seen.json").read_text("utf-8"))[name]


def strong_change(one, other):
    """Return the share of pixels that differ strongly; versions may round a height differently."""
    assert np.abs(np.subtract(one.shape, other.shape)).max() <= 1
    height, width = np.minimum(one.shape, other.shape)[:2]
    one, other = (np.atleast_3d(a)[-height:, :width, :3].astype(int) for a in (one, other))
    return np.mean(np.abs(one - other).max(axis=-1) > STRONG)


def tolerance(name, state):
    if not state.startswith("without text"):
        return WITH_TEXT
    return RESAMPLED if name.partition(".")[2] in ENLARGED else WITHOUT_TEXT


@pytest.mark.parametrize("name", NAMES)
def test_it_says_the_same(drawn, name):
    there, here = (seen(folder, name) for folder in drawn)
    print(f"{name}: a change of state takes {np.median(there['ms']):.0f} ms in Pyodide")
    assert there["states"] == here["states"]
    assert not any(error for *_, error in there["states"])


@pytest.mark.parametrize("name", NAMES)
def test_it_draws_the_same(drawn, name):
    there, here = (np.load(folder / f"{name}.npz") for folder in drawn)
    assert there.files == here.files
    for state in there.files:
        change = strong_change(there[state], here[state])
        assert change <= tolerance(name, state), state


@pytest.mark.parametrize("name", NAMES)
def test_another_state_would_be_seen(drawn, name):
    """The tolerance without text is below what a move of the explorer's controls changes."""
    _, here = (np.load(folder / f"{name}.npz") for folder in drawn)
    last = here.files[-1].rpartition(" ")[2]  # of a mosaic, not the photograph beside it
    states = [here[state] for state in here.files if state.endswith(f" {last}")][:-1]
    most = tolerance(name, "without text")
    assert any(
        state.shape != states[0].shape or strong_change(states[0], state) > most
        for state in states[1:]
    )


# -- recordings ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_recorded_chapter_is_whole_and_small(chapters, path):
    folder = chapters[path.stem]
    cells = json.loads((folder / "cells.json").read_text("utf-8"))
    assert {film for cell in cells for film in cell["films"]} == {
        f.stem for f in folder.glob("*.js")
    }
    explored = [cell for cell in cells if "explorers." in cell["source"].replace("import", "")]
    assert all(cell["films"] for cell in explored if cell["roots"])
    sizes = {file.name: file.stat().st_size for file in folder.glob("*.js")}
    assert max(sizes.values()) <= MOST_FILM, sizes
    sent = [len(gzip.compress(file.read_bytes(), 6)) for file in folder.glob("*.js")]
    assert sum(sent) <= MOST_FILMS, sizes
    for cell in cells:
        for name in cell["films"]:
            film = read(folder / f"{name}.js")
            assert {film["view"], *film["plain"]} <= cell["models"].keys()
            assert len(film["frames"]) == len(film["panels"][0]["frames"])
            for panel in film["panels"]:
                assert len(decoded(panel)) == len(film["frames"])


def test_frames_are_what_pyodide_draws(chapters, python, tmp_path):
    film = read(chapters["01_nonlinearity"] / "stack-explorer-0.js")
    codes = [frame["code"] for frame in film["frames"]]
    in_pyodide(python, "draw_codes.py", tmp_path, "nonlinearity.linear_stack", json.dumps(codes))
    drawn = np.load(tmp_path / "panels.npz")
    for number, frame in enumerate(decoded(film["panels"][0])):
        assert strong_change(frame, drawn[str(number)]) == 0


def test_a_cell_that_fails_stops_the_recording(python, tmp_path):
    notebook = json.loads(LESSONS[0].read_text("utf-8"))
    notebook["cells"] = [
        {"cell_type": "code", "id": "wrong", "metadata": {}, "outputs": [], "source": ["1 / 0"]}
    ]
    (tmp_path / "wrong.ipynb").write_text(json.dumps(notebook), "utf-8")
    with pytest.raises(NodeError, match="wrong fails: line 1 of cell wrong: 1 / 0"):
        record_chapter(tmp_path / "wrong.ipynb", python, tmp_path / "out")
