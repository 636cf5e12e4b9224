"""What several folders of tests need: the Python of a page, and a site built of notebooks."""

import os
import shutil
from pathlib import Path

import explored
import fuzzing
import pytest
from hypothesis import settings
from in_pyodide import PYODIDE
from newest import hollow_pyodide
from sites import BUILT, NOTEBOOKS
from slow import SLOW

from lessonkit.site import build, npm
from lessonkit.site.node import NodeError
from lessonkit.site.python import python_folder

settings.register_profile("patient", deadline=None)  # no test fails because the machine is busy
settings.load_profile("patient")


FOLDERS = tuple(name for name in SLOW if name.endswith("/"))


def pytest_collection_modifyitems(items):
    for item in items:
        test = item.nodeid.partition("[")[0]
        if test in SLOW or test.partition("::")[0] in SLOW or test.startswith(FOLDERS):
            item.add_marker("slow")


@pytest.fixture(scope="module", autouse=True)
def _released():
    """Keep no explorer from one module to the next: hundreds are made, of megabytes each."""
    with explored.released():
        yield


def pytest_terminal_summary(terminalreporter):
    """Say how many bad inputs were tried."""
    if fuzzing.TRIED:
        terminalreporter.write_line(fuzzing.summary())


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


@pytest.fixture(scope="session")
def newest_python(pyodide, tmp_path_factory):
    """Return what `python` returns, but of the newest Pyodide, without NumPy and Matplotlib."""
    folder: Path = tmp_path_factory.mktemp("newest")
    try:
        python_folder(hollow_pyodide(folder / "pyodide"), folder / "python")
    except NodeError as problem:
        _needs(f"newest Pyodide ({problem})")
    return folder / "python"


@pytest.fixture(scope="session")
def katex():
    """Return KaTeX's folder, from npm."""
    try:
        return npm.katex()
    except NodeError as problem:
        _needs(f"KaTeX ({problem})")


@pytest.fixture(scope="session")
def site(request, tmp_path_factory):
    """Return a site of all notebooks, each also as one file.

    LESSONKIT_SITE in the environment names one that is built already, to work on its tests.
    """
    if os.environ.get("LESSONKIT_SITE"):
        return Path(os.environ["LESSONKIT_SITE"])
    pyodide, python, katex = map(request.getfixturevalue, ("pyodide", "python", "katex"))
    folder = tmp_path_factory.mktemp("site")
    (folder / "notebooks").mkdir()
    for name in BUILT:
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", folder / "notebooks")
    with pytest.MonkeyPatch.context() as patch:  # made once for all tests
        patch.setattr(build, "python_folder", lambda _, made: shutil.copytree(python, made))
        build.build(folder / "site", folder / "notebooks", pyodide, katex, single_files=True)
    return folder / "site"
