"""What a committed notebook must look like; it makes nbval's silence mean something.

nbval compares text, but passes a cell that was never run and looks at no picture. These tests do
the rest. NOTEBOOKS in the environment names another folder (test_notebooks_damaged.py uses it).
"""

import ast
import base64
import io
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest
from PIL import Image

from lessonkit.refresh import KEPT, METADATA, WIDGET_VIEW, run

FOLDER = Path(os.environ.get("NOTEBOOKS", Path(__file__).parent.parent / "notebooks"))
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
# Their pictures may be larger: photographs, or the many slanting lines of a network.
LARGE = {"feature_map", "silent_neurons", "mosaics", "steadiness", "dropout"}
ALLOWED_TAGS = {"raises-exception", "remove-input", "hide-input"}
OPT_OUT = re.compile(r"NBVAL_|nbval-|PYTEST_VALIDATE_IGNORE_OUTPUT", re.IGNORECASE)
CHANGES_FROM_RUN_TO_RUN = re.compile(r"\b0x[0-9a-f]{6,}|ipykernel_\d+|(?<![\w.:/])/\w+/\w+/|it/s\]")
# The stored pictures are of a Matplotlib that lays text out in the way that came with 3.11.
OTHER_TEXT = matplotlib.__version_info__ < (3, 11)
BLOCK, TOLERANCE = 5, 32  # other font hinting stays below 22 of 255, another curve is far above

REFRESH = "run: python -m lessonkit.refresh"

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


def text(source):
    return "".join(source) if isinstance(source, list) else source


def code_cells(path):
    notebook = json.loads(path.read_text("utf-8"))
    return [c for c in notebook["cells"] if c["cell_type"] == "code" and text(c["source"]).strip()]


def beginning(cell):
    """Return the first line of a cell: what its author sees of it, unlike its id."""
    return text(cell["source"]).strip().partition("\n")[0]


def outputs(path):
    """Yield each output with the code that made it; what an output holds is in its data."""
    for cell in code_cells(path):
        for output in cell["outputs"]:
            yield text(cell["source"]), output


def picture_of(output):
    data = output.get("data", {}).get("image/png")
    return None if data is None else base64.b64decode(text(data))


def test_it_is_valid_and_as_jupyter_writes_it(path):
    raw = path.read_text("utf-8")
    notebook = nbformat.reads(raw, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) >= (4, 5)
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    assert raw.rstrip("\n") == nbformat.writes(notebook).rstrip("\n"), REFRESH


def test_its_metadata_are_the_same_on_every_machine(path):
    notebook = json.loads(path.read_text("utf-8"))
    assert notebook["metadata"] == METADATA, REFRESH
    for cell in notebook["cells"]:
        assert set(cell["metadata"]) <= KEPT, f"{beginning(cell)}: {REFRESH}"
        others = set(cell["metadata"].get("tags", [])) - ALLOWED_TAGS
        assert not others, f"{beginning(cell)}: take these tags out"


def test_it_was_run_from_top_to_bottom(path):
    counts = [cell["execution_count"] for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1)), REFRESH


def test_no_cell_failed_unless_it_says_so(path):
    for cell in code_cells(path):
        failed = any(output["output_type"] == "error" for output in cell["outputs"])
        tagged = "raises-exception" in cell["metadata"].get("tags", [])
        assert failed == tagged, f"{beginning(cell)}: one that fails has the tag raises-exception"


def test_it_does_not_opt_out_of_checks(path):
    for cell in code_cells(path):
        source = text(cell["source"])
        assert not OPT_OUT.search(source), f"{beginning(cell)}: nbval must check it"
        last = source.strip().splitlines()[-1].split("#")[0]
        assert not last.rstrip().endswith(";"), f"{last}: nbval skips a cell that ends with ;"
        assert "plt.show" not in source, f"{last}: a picture needs words; use an explorer"


def test_a_cell_is_short(path):
    for cell in code_cells(path):
        lines = len(text(cell["source"]).splitlines())
        assert lines <= 12, f"{beginning(cell)}: make two cells of it, or put code into lessonkit/"


def test_a_list_begins_on_a_line_of_its_own(path):
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            assert "** - " not in text(cell["source"]), f"{beginning(cell)}: begin the list below"


def test_what_it_prints_is_the_same_in_every_run(path):
    for source, output in outputs(path):
        assert output.get("name") != "stderr", f"{source}: nothing may warn"
        assert WIDGET_VIEW not in output.get("data", {}), REFRESH
        printed = output.get("data", {}) | {"text": output.get("text", "")}
        for kind, value in printed.items():
            if kind.startswith("text"):
                assert not CHANGES_FROM_RUN_TO_RUN.search(text(value)), (source, kind)


def test_an_expression_has_its_output(path):
    for cell in code_cells(path):
        if isinstance(ast.parse(text(cell["source"])).body[-1], ast.Expr):
            assert cell["outputs"], f"{beginning(cell)}: cleared? {REFRESH}"


def test_every_picture_has_words(path):
    for source, output in outputs(path):
        words = text(output.get("data", {}).get("text/plain", ""))
        if picture_of(output) is not None:
            assert len(words) > 20, f"{source}: no caption"
            assert output["metadata"]["image/png"]["alt"] == words, f"{source}: {REFRESH}"
        assert not words.startswith(("<", "Explorer(")), f"{source}: an object, not words"


def test_every_explorer_has_a_picture(path):
    for cell in code_cells(path):
        if re.search(r"explorers\.\w+\.\w+\(", text(cell["source"])):
            assert any(map(picture_of, cell["outputs"])), f"{beginning(cell)}: {REFRESH}"


def test_it_is_small(path):
    assert path.stat().st_size <= 1_000_000
    for source, output in outputs(path):
        png = picture_of(output)
        if png is not None:
            large = any(f".{name}()" in source for name in LARGE)
            assert len(png) <= (200_000 if large else 60_000), f"{source}: draw less, or smaller"
            assert b"Matplotlib" not in png, f"{source}: its version would change with each upgrade"


@pytest.fixture(scope="module")
def fresh():
    """Return path → the notebook as it comes out of a fresh kernel; several run at a time."""
    sources = {path: tuple(text(c["source"]) for c in code_cells(path)) for path in NOTEBOOKS}
    distinct = {what: path for path, what in sources.items()}  # outputs alone make no difference
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = dict(zip(distinct, pool.map(run, distinct.values()), strict=True))
    return {path: done[what] for path, what in sources.items()}


@pytest.mark.skipif(OTHER_TEXT, reason="Matplotlib before 3.11 draws text otherwise")
def test_its_pictures_are_those_that_its_code_draws(path, fresh):
    stored = [png for _, output in outputs(path) if (png := picture_of(output)) is not None]
    drawn = [
        png
        for cell in fresh[path].cells
        for output in cell.get("outputs", [])
        if (png := picture_of(output)) is not None
    ]
    assert len(stored) == len(drawn), REFRESH
    for number, (old, new) in enumerate(zip(stored, drawn, strict=True)):
        old, new = block_means(old), block_means(new)
        assert old.shape == new.shape, f"picture {number} has another size; {REFRESH}"
        off = np.abs(old - new).max()
        assert off <= TOLERANCE, f"picture {number} is off by {off:.0f} of 255; {REFRESH}"


def block_means(png):
    """Return the grey means of the picture's 5 × 5 blocks at the size it is shown."""
    picture = Image.open(io.BytesIO(png)).convert("L")
    grey = np.asarray(
        picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    )
    height, width = (length // BLOCK * BLOCK for length in grey.shape)
    blocks = grey[:height, :width].reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
    return blocks.mean(axis=(1, 3))
