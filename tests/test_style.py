"""Ruff's rules and format hold for all code, the notebooks' too; what is slow is named rightly."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from slow import SLOW

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


@pytest.mark.parametrize("name", SLOW)
def test_what_is_said_to_be_slow_is_there(name):
    file, *within = name.split("::")
    assert (ROOT / file).exists(), "tests/slow.py names what has gone"
    for part in within:
        assert re.search(
            rf"^ *(def|class) {part}\b", (ROOT / file).read_text("utf-8"), re.MULTILINE
        )
