"""Ruff's rules and format hold for all code, the notebooks' too."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids="-".join)
def test_ruff(arguments):
    ruff = [sys.executable, "-m", "ruff", *arguments, "--no-cache", "."]
    run = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
