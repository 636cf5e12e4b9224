"""The exercises in the notebooks are those of the package, and their solutions run there."""

import json
from pathlib import Path

import pytest

from lessonkit.questions.exercises import CHAPTERS
from lessonkit.questions.exercises.cells import skeleton, source, text

NOTEBOOKS = sorted((Path(__file__).parents[3] / "notebooks").glob("0*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_cells_of_a_notebook_are_those_of_its_exercises(path):
    cells = {c["id"]: "".join(c["source"]) for c in json.loads(path.read_text("utf-8"))["cells"]}
    asked = {cell_id for cell_id in cells if cell_id.endswith(("-task", "-exercise"))}
    if not asked:
        pytest.skip("it has no exercises yet")
    wanted = {}
    for exercise in CHAPTERS[path.stem[3:]]:
        name = exercise.name.replace("_", "-")
        wanted |= {f"{name}-task": text(exercise), f"{name}-exercise": skeleton(exercise)}
    assert {cell_id: cells[cell_id] for cell_id in asked} == wanted


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_the_solution_runs_in_its_notebook(path):
    cells = {c["id"]: "".join(c["source"]) for c in json.loads(path.read_text("utf-8"))["cells"]}
    for exercise in CHAPTERS[path.stem[3:]]:
        space = {}
        exec(cells["imports"], space)
        exec(source(exercise), space)
        assert exercise.check(space[f"my_{exercise.name}"]).passed
