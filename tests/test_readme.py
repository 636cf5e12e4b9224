"""What README.md and CONTRIBUTING.md show is true: code runs, links and paths lead somewhere."""

import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from lessonkit.explorers import fitting
from lessonkit.live import Explorer

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")


def example(text, function):
    """Return what the one example that defines this function makes when it is run."""
    blocks = re.findall(r"^( *)```python\n(.*?)^\1```", text, re.DOTALL | re.MULTILINE)
    (block,) = [textwrap.dedent(code) for _, code in blocks if f"def {function}(" in code]
    scope = {"__name__": "example"}
    exec(block, scope)
    return scope[function]


@pytest.mark.parametrize(
    ("text", "function", "caption"),
    [
        (README, "relu_at", "At x = -2.0, ReLU is 0.0."),
        (CONTRIBUTING, "mine", "At x = −2.0, ReLU is 0.000."),
    ],
    ids=["README", "CONTRIBUTING"],
)
def test_the_explorer_it_shows_works(text, function, caption):
    make = example(text, function)
    explorer, another = make(), make()
    assert isinstance(explorer, Explorer)
    explorer.set("x=-2")
    assert explorer.caption == caption
    assert another.picture is not explorer.picture, "each needs a figure of its own"


@pytest.mark.parametrize("x", [-6, -0.1, 2.5])
def test_the_test_it_shows_works(x, monkeypatch):
    monkeypatch.setattr(fitting, "mine", example(CONTRIBUTING, "mine"), raising=False)
    example(CONTRIBUTING, "test_relu_at_x")(x)


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_its_links_lead_to_files_of_the_project(text):
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    paths = re.findall(r"`((?:lessonkit|tests|data|notebooks)/[\w./]*)`", text)
    assert paths
    for path in links + [path for path in paths if "mine" not in path]:
        assert (ROOT / path).exists(), path


def test_it_lists_every_notebook():
    listed = set(re.findall(r"\]\((notebooks/[^)]+)\)", README))
    there = {f"notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert listed == there, "add a row to README's table for each notebook, and no more"


def test_its_test_command_is_the_one_that_ci_runs():
    commands = re.findall(r"^pip install .*&& pytest$", README, re.MULTILINE)
    assert commands == ['pip install -e ".[test]" && pytest']
    assert "grep -m 1 '^pip install .*&& pytest' README.md" in (ROOT / ".ci" / "run").read_text()


def test_its_times_to_read_are_those_of_the_notebooks():
    for name, minutes in re.findall(r"\]\((notebooks/[^)]+)\) \((\d+) minutes\)", README):
        said = f"{minutes} minutes to read"
        assert said in (ROOT / name).read_text("utf-8"), f"{name} gives another time than README"


@pytest.mark.parametrize("store_widget_state", [True, False])
def test_its_command_for_web_pages_keeps_the_pictures(tmp_path, store_widget_state):
    (command,) = re.findall(r"^jupyter (nbconvert .*) notebooks/\*\.ipynb$", README, re.MULTILINE)
    code = "from lessonkit import explorers\nexplorers.fitting.frogs()"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, store_widget_state=store_widget_state, kernel_name="python3").execute()
    assert ("widgets" in notebook.metadata) == store_widget_state
    nbformat.write(notebook, tmp_path / "frogs.ipynb")
    run = [sys.executable, "-m", "jupyter", *shlex.split(command), "frogs.ipynb"]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True)
    page = (tmp_path / "build" / "frogs.html").read_text("utf-8")
    (picture,) = re.findall(r"<img[^>]*src=.data:image/png;base64,[^>]*>", page)
    assert "wrong about" in re.search(r'alt="([^"]*)"', picture)[1]
