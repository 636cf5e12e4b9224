"""A JupyterLab for all browser tests, and pages in a Chromium."""

import os

import pytest
from lab import CHROMIUM, Page, launch_chromium, running_lab, write_notebook


def _missing(what):
    """Skip where the tests cannot run, but fail where all tests must."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"browser tests need {what}")
    pytest.skip(f"browser tests need {what}")


@pytest.fixture(scope="session")
def _has_chromium():
    if CHROMIUM is None:
        _missing("a Chromium, on the path or named by the variable CHROMIUM")


@pytest.fixture(scope="session")
def lab(_has_chromium):
    with running_lab() as lab:
        yield lab


# Not for the whole session: while Playwright runs, asyncio seems to be running to all others.
@pytest.fixture(scope="module")
def chromium(_has_chromium):
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright")
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright.chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_page(chromium):
    """Return a function that opens a page of Chromium: `open_page(device_scale_factor=2)`."""
    contexts = []

    def open_page(**options):
        contexts.append(
            chromium.new_context(**{"viewport": {"width": 1300, "height": 900}} | options)
        )
        return Page(contexts[-1].new_page())

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def run_cells(lab, open_page, tmp_path_factory):
    """Return a function that opens a new notebook of some cells, and runs them all."""

    def run_cells(name, *cells):
        path = tmp_path_factory.mktemp(name) / f"{name}.ipynb"
        write_notebook(path, *cells)
        page = open_page()
        page.open(lab, lab.add(path))
        page.run_all()
        return page

    return run_cells
