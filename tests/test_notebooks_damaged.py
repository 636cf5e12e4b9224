"""The checks of the notebooks check something: ten kinds of damage, and each is caught.

A real notebook is copied and damaged, one copy a kind; then the suite runs over the copies. Each
kind must be caught by the check that is there for it.
"""

import base64
import io
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib
import nbformat
import pytest
from PIL import Image, ImageDraw

ROOT = Path(__file__).parent.parent
ORIGINAL = ROOT / "notebooks" / "03_activation.ipynb"


def output_with(notebook, kind):
    """Return the first output that has data of this kind."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if kind in output.get("data", {}):
                return output
    raise LookupError(kind)


def first_text(notebook):
    """Return the first output of words alone."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if set(output.get("data", {})) == {"text/plain"}:
                return output
    raise LookupError


def code_cell(notebook, number):
    return [cell for cell in notebook.cells if cell.cell_type == "code"][number]


def clear_outputs(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []


def leave_a_cell_unrun(notebook):
    code_cell(notebook, -1).execution_count = None
    code_cell(notebook, -1).outputs = []


def change_a_text(notebook):
    first_text(notebook).data["text/plain"] = "array([0.002, 0.105, 0.35 , 0.105, 0.002])"


def put_in_another_picture(notebook):
    other = io.BytesIO()
    size = Image.open(
        io.BytesIO(base64.b64decode(output_with(notebook, "image/png").data["image/png"]))
    ).size
    Image.new("L", size, 200).save(other, "PNG")
    output_with(notebook, "image/png").data["image/png"] = base64.b64encode(
        other.getvalue()
    ).decode()


def take_the_picture_out(notebook):
    output = output_with(notebook, "image/png")
    del output.data["image/png"]
    output.metadata = {}


def draw_another_curve(notebook):
    """A line where none belongs: what a change of the code without a refresh leaves behind."""
    output = output_with(notebook, "image/png")
    picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).convert("RGB")
    width, height = picture.size
    ImageDraw.Draw(picture).line((0, height, width / 2, 0), fill=(0, 114, 178), width=4)
    file = io.BytesIO()
    picture.quantize(64).save(file, "PNG")
    output.data["image/png"] = base64.b64encode(file.getvalue()).decode()


def take_the_caption_out(notebook):
    output_with(notebook, "image/png").data["text/plain"] = ""


def swap_two_outputs(notebook):
    cells = [c for c in notebook.cells if c.cell_type == "code" and c.outputs]
    cells[-1].outputs, cells[-2].outputs = cells[-2].outputs, cells[-1].outputs


def opt_out(notebook):
    code_cell(notebook, 2).source = "# NBVAL_IGNORE_OUTPUT\n" + code_cell(notebook, 2).source


def store_an_error(notebook):
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="oh", traceback=["oh"])
    code_cell(notebook, -1).outputs = [error]


CAUGHT_BY = {
    clear_outputs: "test_an_expression_has_its_output",
    leave_a_cell_unrun: "test_it_was_run_from_top_to_bottom",
    change_a_text: "nbval",
    put_in_another_picture: "test_its_pictures_are_those_that_its_code_draws",
    take_the_picture_out: "test_every_explorer_has_a_picture",
    draw_another_curve: "test_its_pictures_are_those_that_its_code_draws",
    take_the_caption_out: "test_every_picture_has_words",
    swap_two_outputs: "nbval",
    opt_out: "test_it_does_not_opt_out_of_checks",
    store_an_error: "test_no_cell_failed_unless_it_says_so",
}


@pytest.fixture(scope="module")
def failures(tmp_path_factory):
    """Run the suite over the damaged copies; return name of the copy → names of failed checks."""
    folder = tmp_path_factory.mktemp("damaged")
    notebook = nbformat.read(ORIGINAL, as_version=4)
    first = next(i for i, cell in enumerate(notebook.cells) if cell.id == "slopes-check-text")
    notebook.cells = notebook.cells[:first]  # one explorer and two texts: enough, and quick
    nbformat.write(notebook, folder / "untouched.ipynb")
    for damage in CAUGHT_BY:
        copy = nbformat.reads(nbformat.writes(notebook), as_version=4)
        damage(copy)
        nbformat.write(copy, folder / f"{damage.__name__}.ipynb")
    report = folder / "report.xml"
    options = ["-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit1", f"--junitxml={report}"]
    # nbval starts a kernel for each notebook, so it gets those alone that it has to judge.
    judged = ["untouched", *(d.__name__ for d, check in CAUGHT_BY.items() if check == "nbval")]
    paths = [ROOT / "tests" / "test_notebooks.py", *(folder / f"{name}.ipynb" for name in judged)]
    command = [sys.executable, "-m", "pytest", *options, *paths]
    subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"NOTEBOOKS": str(folder)},
        check=False,
        capture_output=True,
    )
    failed = {path.stem: set() for path in folder.glob("*.ipynb")}
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            names = f"{case.get('file')} {case.get('name')} {case.get('classname')}"
            stem = next(stem for stem in failed if stem in names)
            check = case.get("name").partition("[")[0]
            failed[stem].add(check if check.startswith("test_") else "nbval")
    return failed


def test_an_undamaged_copy_passes(failures):
    assert failures["untouched"] == set()


@pytest.mark.parametrize("damage", CAUGHT_BY, ids=lambda damage: damage.__name__)
def test_damage_is_caught(failures, damage):
    check = CAUGHT_BY[damage]
    if check.startswith("test_its_pictures") and matplotlib.__version_info__ < (3, 11):
        pytest.skip("test_notebooks.py compares no pictures with this Matplotlib")
    assert check in failures[damage.__name__]
