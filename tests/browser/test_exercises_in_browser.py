"""An exercise in a real JupyterLab: a right answer, a mistake, an endless loop, and nothing."""

import inspect
import re
import time

import pytest
from lab import DARK, LIGHT, write_notebook
from playwright.sync_api import expect

from lessonkit.questions import EXERCISES
from lessonkit.questions.exercises.cells import skeleton, source

pytestmark = pytest.mark.browser

RELU = EXERCISES["relu"]
IMPORTS = """import numpy as np

from lessonkit.activations import relu
from lessonkit.fitting import fit_polynomial
from lessonkit.questions import EXERCISES"""
MISTAKE = "def my_relu(x):\n    return [-v if v < 0 else v for v in x]"
ENDLESS = """def my_relu(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass"""


@pytest.fixture(scope="module")
def page(lab, open_page, tmp_path_factory):
    """Return a page in which ReLU has a cell, and then every exercise."""
    notebook = tmp_path_factory.mktemp("exercises") / "exercises.ipynb"
    write_notebook(notebook, IMPORTS, skeleton(RELU), *map(skeleton, EXERCISES.values()))
    page = open_page()
    page.open(lab, lab.add(notebook))
    page.run_all()
    yield page
    assert page.complaints == []


@pytest.fixture
def verdict(page):
    """Return the verdict on what `answer` writes."""
    return verdict_of(page, 1)


def verdict_of(page, cell):
    return page.page.locator(".jp-CodeCell").nth(cell).locator(".lessonkit-verdict")


def answer(page, code, name="relu", cell=1):
    """Write code into an exercise's cell and run it, as a learner would."""
    page.page.locator(".jp-CodeCell").nth(cell).locator(".cm-content").click()
    page.page.keyboard.press("Control+A")
    page.page.keyboard.insert_text(f'{code}\n\n\nEXERCISES["{name}"].check(my_{name})')
    page.page.keyboard.press("Control+Enter")


def test_answers_are_judged_in_the_page(page, verdict):
    expect(verdict).to_have_text("Not answered yet: complete my_relu(x), then run this cell again.")
    answer(page, source(RELU))
    expect(verdict).to_have_text("✓ Right. my_relu(x) gives the right answer in all 5 cases.")
    answer(page, MISTAKE)
    expect(verdict).to_contain_text("✗ Not yet. You took away the minus sign; ReLU turns every")


def test_an_endless_loop_ends_and_the_kernel_lives(page, verdict):
    began = time.monotonic()
    answer(page, ENDLESS)
    expect(verdict).to_contain_text("a loop has no end", timeout=20_000)
    assert time.monotonic() - began < 20
    assert page.python("print(my_relu.__name__)") == "my_relu\n"
    answer(page, source(RELU))
    expect(verdict).to_contain_text("✓ Right.")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_verdict_can_be_read_in_both_themes(page, verdict, theme):
    page.command("apputils:change-theme", theme=theme)
    answer(page, MISTAKE)
    expect(verdict).to_contain_text("You took away the minus sign")
    colour, line = verdict.evaluate(
        "e => [getComputedStyle(e).color, getComputedStyle(e).borderLeftColor]"
    )
    red, green, blue = re.findall(r"\d+", colour)[:3]
    is_bright = int(red) + int(green) + int(blue) > 384
    assert is_bright == (theme == DARK)
    assert line not in (colour, "rgba(0, 0, 0, 0)")


@pytest.mark.parametrize(("cell", "name"), list(enumerate(EXERCISES, 2)), ids=EXERCISES)
def test_every_exercise_is_skipped_then_missed_then_solved(page, cell, name):
    exercise, verdict = EXERCISES[name], verdict_of(page, cell)
    expect(verdict).to_have_text(re.compile("^Not answered yet: complete "))
    wrong, mistake = next(iter(exercise.wrong_answers.items()))
    answer(page, f'my_{name} = EXERCISES["{name}"].wrong_answers["{wrong}"]', name, cell)
    expect(verdict).to_contain_text(inspect.getdoc(mistake))
    answer(page, source(exercise), name, cell)
    expect(verdict).to_contain_text("✓ Right. ")
