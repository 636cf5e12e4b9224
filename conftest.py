"""How the tests are dealt out: all of them to several processes, a named few to none."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent
MOST = 4  # processes: each has a JupyterLab and a Chromium of its own
PAGES = {"site", "newest_python"}  # fixtures that take minutes: made in one process


def pytest_xdist_auto_num_workers(config):
    """Return how many processes share the whole suite; files that are named run in this one."""
    if config.args_source is pytest.Config.ArgsSource.ARGS:
        return 0
    return min(MOST, max(2, os.cpu_count()))


def pytest_configure(config):
    if config.option.numprocesses:  # they share the processors: let none multiply with all of them
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item):
    """Return the name of the tests that share with this one what is dear to make."""
    if PAGES & set(getattr(item, "fixturenames", ())):
        return "pages"
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    shared = [str(parameters[name]) for name in ("kept", "notebook") if name in parameters]
    return "-".join([item.path.relative_to(ROOT).as_posix(), *shared])
