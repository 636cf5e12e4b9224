"""What README.md shows is true: its code runs, its links lead somewhere, CI uses its commands."""

import re
from pathlib import Path

from lessonkit.live import Explorer

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_lesson_it_shows_how_to_add_works():
    (example,) = re.findall(r"^   ```python\n(.*?)^   ```", README, re.DOTALL | re.MULTILINE)
    scope = {}
    exec(re.sub(r"^   ", "", example, flags=re.MULTILINE), scope)
    explorer, another = scope["relu_at"](), scope["relu_at"]()
    assert isinstance(explorer, Explorer)
    explorer.set("x=-2")
    assert explorer.caption == "At x = -2.0, ReLU is 0.0."
    assert another.picture is not explorer.picture, "each needs a figure of its own"


def test_its_links_lead_to_files_of_the_project():
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


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
