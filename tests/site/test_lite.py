"""JupyterLite: whole notebooks in the browser, on the Pyodide of the pages, from this machine."""

import importlib.metadata
import json
import shutil
import threading

import pytest
from in_pyodide import PYODIDE
from lab import CHROMIUM, SETTINGS, Page, launch_chromium
from sites import NOTEBOOKS

from lessonkit import command as lessonkit_command
from lessonkit.site import build, command, lite, serve
from lessonkit.site.lite import LiteError, build_lite, check_lite
from lessonkit.site.python import INSTALLED, WHEELS
from lessonkit.site.serve import server

LOCAL = ("http://127.0.0.1", "data:", "blob:")
NOTEBOOK = "04_pooling"
TO_START, TO_RUN = 60_000, 100_000  # ms, on a busy machine; some 5 and 10 s on a quiet one
FITTING = {
    "jupyterlite-core": "0.6.4",
    "jupyterlite-pyodide-kernel": "0.6.1",
    "jupyter-server": "2.14",
}


class ServingError(Exception):
    """The pages would be served now."""


def _serving(*_):
    raise ServingError


# -- without building ------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """Return a function that makes a folder of Pyodide of a version: its lock file alone."""

    def make(version="0.27.7", packages=lite.KERNEL):
        entries = {name: {"depends": [], "file_name": f"{name}.whl"} for name in packages}
        lock = {"info": {"version": version}, "packages": entries}
        (tmp_path / "pyodide-lock.json").write_text(json.dumps(lock))
        return tmp_path

    return make


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """Return a dict, name → version, of what seems to be installed, with JupyterLab's parts."""
    versions = dict(FITTING)
    extensions = tmp_path / "share" / "jupyter" / "labextensions"
    for name in lite.EXTENSIONS:
        (extensions / name).mkdir(parents=True)
        (extensions / name / "package.json").touch()
    monkeypatch.setattr(lite, "_version", versions.get)
    monkeypatch.setattr(lite.sys, "prefix", str(tmp_path))
    return versions


def test_what_fits_is_accepted(folder, installed):
    assert check_lite(folder()).kernel == "0.6.1"
    installed["jupyterlite-pyodide-kernel"] = "0.8.6"
    assert check_lite(folder("314.0.7")).script == "pyodide.mjs"


@pytest.mark.parametrize("name", FITTING)
def test_a_missing_package_is_named_with_the_command_that_installs_it(folder, installed, name):
    del installed[name]
    with pytest.raises(LiteError, match=rf"^{name} must be installed.*pip install 'jupyterlite-"):
        check_lite(folder())


@pytest.mark.parametrize(
    ("pyodide", "kernel", "wanted"), [("0.27.7", "0.8.6", "0.6.1"), ("314.0.7", "0.6.1", "0.8.6")]
)
def test_a_kernel_that_would_never_answer_is_refused(folder, installed, pyodide, kernel, wanted):
    installed["jupyterlite-pyodide-kernel"] = kernel
    words = f"must be {wanted} for Pyodide {pyodide}; {kernel} is installed: pip install "
    with pytest.raises(LiteError, match=words):
        check_lite(folder(pyodide))


def test_a_pyodide_that_nobody_has_tried_is_refused(folder, installed):
    with pytest.raises(LiteError, match=r"with Pyodide 0\.27\.x and 314\.x; this is 0\.20\.0"):
        check_lite(folder("0.20.0"))


@pytest.mark.parametrize("name", lite.EXTENSIONS)
def test_without_a_part_of_jupyterlab_no_picture_would_show(folder, installed, tmp_path, name):
    shutil.rmtree(tmp_path / "share" / "jupyter" / "labextensions" / name)
    with pytest.raises(LiteError, match=rf"{name} must be in .*else no picture shows"):
        check_lite(folder())


def test_a_damaged_folder_of_pyodide_is_told(folder, installed, tmp_path):
    with pytest.raises(ValueError, match=r"pyodide-lock\.json must list jedi"):
        check_lite(folder(packages=["ipython", "micropip"]))
    (tmp_path / "pyodide-lock.json").unlink()
    with pytest.raises(FileNotFoundError, match=r"pyodide-lock\.json is missing"):
        check_lite(tmp_path)


def test_the_command_ends_in_words_before_a_page_is_built(folder, installed, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "make_site", lambda *_: pytest.fail("too late to tell"))
    installed.clear()
    words = ["build", str(tmp_path / "site"), "--lite"]
    with pytest.raises(SystemExit, match=r"must be installed.*\nNo page has been changed"):
        command.main([*words, "--pyodide", str(folder()), "--katex", str(tmp_path)])
    assert not (tmp_path / "site").exists()


def test_a_build_that_fails_says_why_and_leaves_the_old_one(
    folder, installed, tmp_path, monkeypatch
):
    site = tmp_path / "site"
    (site / "lite").mkdir(parents=True)
    (site / "lite" / "old").touch()
    monkeypatch.setattr(lite.sys, "executable", shutil.which("false"))
    with pytest.raises(LiteError, match="JupyterLite could not be built: no reason given"):
        build_lite(site, NOTEBOOKS, folder())
    assert [path.name for path in site.rglob("*")] == ["lite", "old"]


def test_the_first_page_links_to_it_only_if_it_was_built(tmp_path):
    (tmp_path / "01_nonlinearity").mkdir()
    (tmp_path / "01_nonlinearity" / "cells.json").write_text("[]")
    assert "lite/" not in build.index(tmp_path, [])
    (tmp_path / "lite").mkdir()
    assert '<a href="lite/lab/index.html">' in build.index(tmp_path, [])


def test_pages_that_were_built_without_it_are_built_again(tmp_path, monkeypatch):
    built = []
    monkeypatch.setattr(serve, "is_built_from", lambda *_: True)
    monkeypatch.setattr(serve.command, "run", lambda _, folder: built.append(folder))
    monkeypatch.setattr(serve, "server", _serving)
    words = ["pages", "--folder", str(tmp_path), "--no-open"]
    for more, times in (([], 0), (["--lite"], 1)):
        with pytest.raises(ServingError):
            lessonkit_command.main([*words, *more])
        assert built == [tmp_path] * times
    (tmp_path / "lite").mkdir()
    with pytest.raises(ServingError):
        lessonkit_command.main([*words, "--lite"])
    assert built == [tmp_path]


# -- built, and opened in a browser ----------------------------------------------------------------


@pytest.fixture(scope="session")
def built(request, tmp_path_factory):
    """Return a site with JupyterLite alone, which lets a test see its parts."""
    if PYODIDE is None:
        pytest.skip("needs LESSONKIT_PYODIDE, a folder of Pyodide 0.27.7")
    try:
        check_lite(PYODIDE)
    except LiteError as problem:
        pytest.skip(str(problem))
    folder = tmp_path_factory.mktemp("lite") / "site"
    shutil.copytree(request.getfixturevalue("python"), folder / "python")
    build_lite(folder, NOTEBOOKS, PYODIDE)
    path = folder / "lite" / "jupyter-lite.json"
    settings = json.loads(path.read_text("utf-8"))
    for_tests = {"exposeAppInBrowser": True, "settingsOverrides": SETTINGS}
    settings["jupyter-config-data"] |= for_tests
    path.write_text(json.dumps(settings), "utf-8")
    return folder


@pytest.fixture
def asked():
    """Return the list of all addresses that the page and its workers ask for."""
    return []


@pytest.fixture
def page(built, asked):
    """Return a page of a Chromium that reaches this machine alone, with a notebook open in it."""
    if CHROMIUM is None:
        pytest.skip("needs a Chromium, on the path or named by the variable CHROMIUM")
    from playwright.sync_api import sync_playwright

    with server(built) as serving, sync_playwright() as playwright:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        context = launch_chromium(playwright.chromium).new_context(
            viewport={"width": 1300, "height": 900}
        )
        context.on("request", lambda request: asked.append(request.url))
        context.route(_is_outside, lambda route: route.abort())
        page = Page(context.new_page())
        page.page.set_default_timeout(TO_START)
        address = f"http://127.0.0.1:{serving.server_port}/lite/lab/index.html"
        page.page.goto(f"{address}?path={NOTEBOOK}.ipynb")
        yield page
        context.close()
        serving.shutdown()


def _is_outside(url):
    return not url.startswith(LOCAL)


@pytest.mark.browser
def test_a_whole_notebook_runs_and_its_explorers_answer(page, asked):
    page.run_all(timeout=TO_RUN)
    explorers = page.explorers()
    assert len(explorers) == 6
    windows = explorers[0]
    assert len({tuple(pixel) for pixel in windows.pixels()[::4, ::4].reshape(-1, 4)}) > 5
    assert windows.caption.startswith("Window 1 of 9: max(1, 5, 2, 0) = 5.")
    changed = windows.act(lambda: windows.slider("step").press("ArrowRight"), timeout=TO_START)
    assert windows.caption.startswith("Window 2 of 9: max(0, 2, 8, 4) = 8.")
    assert changed > 0.001
    assert any(url.endswith("/python/pyodide.asm.wasm") for url in asked), "workers are heard too"
    assert [url for url in asked if _is_outside(url)] == []
    assert page.complaints == []


def test_all_notebooks_are_there_and_share_one_pyodide(built):
    names = {path.name for path in (built / "lite" / "files").glob("*.ipynb")}
    assert names == {path.name for path in NOTEBOOKS.glob("*.ipynb")}
    assert list((built / "lite").rglob("pyodide*.wasm")) == []
    assert sum(path.stat().st_size for path in built.rglob("*") if path.is_file()) < 90e6


def test_every_package_that_is_listed_is_there_with_all_it_needs(built):
    packages = json.loads((built / "python" / lite.LITE_LOCK).read_text("utf-8"))["packages"]
    for name, entry in packages.items():
        assert (built / "python" / entry["file_name"]).is_file(), name
        assert {lite._canonical(needed) for needed in entry["depends"]} <= packages.keys(), name
    version = importlib.metadata.version("lessonkit")
    assert packages["lessonkit"]["version"] == version
    assert {*WHEELS, *map(lite._canonical, INSTALLED)} <= {*packages["lessonkit"]["depends"]}
    pages = json.loads((built / "python" / "pyodide-lock.json").read_text("utf-8"))
    assert pages["packages"] == {}, "the pages' own lock file stays as it is"


def test_building_again_leaves_nothing_behind(built, tmp_path):
    site = tmp_path / "site"
    shutil.copytree(built / "python", site / "python")
    (site / "lite").mkdir()
    (site / "lite" / "old").touch()
    build_lite(site, NOTEBOOKS, PYODIDE)
    assert sorted(path.name for path in site.iterdir()) == ["lite", "python"]
    assert not (site / "lite" / "old").exists()
    assert (site / "lite" / "lab" / "index.html").is_file()
