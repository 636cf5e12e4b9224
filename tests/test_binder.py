"""Binder makes the environment that pyproject.toml asks for."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BINDER = ROOT / ".binder"
TOOL = shutil.which("jupyter-repo2docker")
(PYTHON,) = re.findall(r"^python-(\d+\.\d+)$", (BINDER / "runtime.txt").read_text(), re.MULTILINE)


def test_it_installs_the_project_and_so_what_pyproject_lists():
    lines = (BINDER / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["."]


def test_its_python_is_the_newest_that_ci_tests():
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text()
    (tested,) = re.findall(r"^ +python: (\[.*\])$", workflow, re.MULTILINE)
    versions = re.findall(r"\d+\.\d+", tested)
    assert max(versions, key=as_numbers) == PYTHON
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    assert as_numbers(oldest) <= as_numbers(PYTHON)


def as_numbers(version):
    return [int(part) for part in version.split(".")]


def test_nothing_takes_the_place_of_its_files():
    # Binder prefers each of these to requirements.txt, and a Dockerfile to everything.
    others = ["Dockerfile", "environment.yml", "Pipfile", "Pipfile.lock"]
    assert not [name for name in others if (BINDER / name).exists()]
    assert not (ROOT / "binder").exists()


@pytest.mark.skipif(TOOL is None, reason="pip install jupyter-repo2docker, which Binder runs")
def test_repo2docker_accepts_them():
    run = subprocess.run(
        [TOOL, "--no-build", ROOT], capture_output=True, text=True, check=False, timeout=60
    )
    said = run.stdout + run.stderr
    assert run.returncode == 0, said
    copied = said.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    installed = said.index('pip install --no-cache-dir -r ".binder/requirements.txt"')
    assert copied < installed, "the project must be there before pip installs it"
    assert re.search(rf"environment-2epy-2d{PYTHON.replace('.', '-2e')}-", said)
