"""Ruff's rules and format hold for all code, the notebooks' too."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [(["check"], "ruff check --fix"), (["format", "--check"], "ruff format")],
    ids=["check", "format"],
)
def test_ruff(arguments, cure):
    ruff = [sys.executable, "-m", "ruff", *arguments, "--no-cache", "."]
    run = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"run: {cure}\n{run.stdout}{run.stderr}"
