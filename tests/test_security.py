"""What SECURITY.md says is true."""

import ast
from pathlib import Path

import pytest
from lab import CHROMIUM_FLAGS

from lessonkit import uploads

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
# A page's Python runs the code of its cells, as JupyterLab's does; an exercise runs its answer.
RUNS_CODE = {"lessonkit/site/host.py"}
SOURCES = sorted((ROOT / "lessonkit").rglob("*.py"))


def names_called(path):
    """Return the names of the plain functions that a module calls."""
    tree = ast.parse(path.read_text("utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {call.id for call in calls if isinstance(call, ast.Name)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_evaluated(path):
    if path.relative_to(ROOT).as_posix() not in RUNS_CODE:
        assert not names_called(path) & {"eval", "exec", "compile", "__import__"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_fetched_while_a_lesson_runs(path):
    if path.is_relative_to(ROOT / "lessonkit" / "site"):
        return  # builds pages, and serves them
    imported = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    fetching = {"socket", "urllib", "http", "requests", "ssl", "ftplib", "pickle", "subprocess"}
    assert not imported & fetching


def test_its_limits_are_those_of_the_code():
    assert f"{uploads.MOST_BYTES // 10**6} MB and {uploads.MOST_PIXELS // 10**6} megapixels" in TEXT


def test_the_tests_browser_finds_no_other_host():
    assert "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1" in CHROMIUM_FLAGS


def test_it_is_short():
    assert len([line for line in TEXT.splitlines() if line.startswith("- ")]) <= 10
