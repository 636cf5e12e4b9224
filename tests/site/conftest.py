"""The Python of a page, made once for all tests that run in it."""

import os
import shutil
from pathlib import Path

import pytest
from in_pyodide import PYODIDE

from lessonkit.site.python import python_folder


def _needs(what):
    """Skip where the tests cannot run, but fail where all tests must."""
    if os.environ.get("LESSONKIT_PYODIDE"):
        pytest.fail(f"LESSONKIT_PYODIDE is set, and yet there is no {what}")
    pytest.skip(f"needs {what}: set LESSONKIT_PYODIDE to a folder of Pyodide 0.27.7")


@pytest.fixture(scope="session")
def pyodide():
    """Return the folder of Pyodide, as it was downloaded."""
    if PYODIDE is None or not PYODIDE.is_dir():
        _needs("folder of Pyodide")
    if not shutil.which("node"):
        _needs("Node")
    return PYODIDE


@pytest.fixture(scope="session")
def python(pyodide, tmp_path_factory):
    """Return the folder that a page's worker loads."""
    folder: Path = tmp_path_factory.mktemp("python")
    python_folder(pyodide, folder)
    return folder
