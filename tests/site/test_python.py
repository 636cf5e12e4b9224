"""The folder of Python that a worker loads: whole, small, or an error that names the file."""

import gzip
import json
import shutil
import zipfile

import pytest
from in_pyodide import in_pyodide

from lessonkit.site import node
from lessonkit.site.node import NodeError, find_node, run_node
from lessonkit.site.python import LOCK, files_of_python, python_folder, write_zip

MOST = 19e6  # bytes of all files, gzipped
CORE = ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")  # of 0.27.7
WHEEL = "numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl"


def test_it_has_these_files_and_is_small(python):
    assert {path.name for path in python.iterdir()} == set(files_of_python(python))
    size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in python.iterdir())
    print(f"{size / 1e6:.2f} MB gzipped")
    assert size <= MOST


def test_the_lock_file_offers_no_package(python):
    lock = json.loads((python / LOCK).read_text())
    assert lock["packages"] == {}
    assert lock["info"]["version"] == "0.27.7"


def test_the_archive_has_compiled_modules_data_and_licences(python):
    with zipfile.ZipFile(python / "python.zip") as archive:
        names = set(archive.namelist())
    wanted = {
        "numpy/__init__.pyc",
        "ipywidgets/__init__.pyc",
        "lessonkit/site/host.py",
        "lessonkit/live/page.js",
        "lessonkit/data/digits.npz",
        "lessonkit/data/SHA256SUMS",
        "IPython/__init__.pyc",
        "matplotlib/mpl-data/matplotlibrc",
    }
    assert wanted <= names
    sources = {name for name in names if name.endswith(".py")}
    assert all(name.startswith("lessonkit/") for name in sources)
    for name in sources:
        folder, _, stem = name.rpartition("/")
        assert f"{folder}/__pycache__/{stem[:-3]}.cpython-312.pyc" in names
    assert "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf" in names
    assert "matplotlib/fontlist.json" not in names, "it lists fonts that are left out"
    for package in ("numpy", "matplotlib", "ipywidgets", "anywidget", "psygnal"):
        about = [name for name in names if name.lower().startswith(f"{package}-")]
        assert any("LICEN" in name.upper() for name in about), package


def linked(pyodide, folder):
    """Return a folder with links to Pyodide's files, of which a test can spoil one."""
    folder.mkdir()
    for path in pyodide.iterdir():
        (folder / path.name).symlink_to(path)
    return folder


@pytest.mark.parametrize("name", [*CORE, LOCK, WHEEL])
def test_a_missing_file_is_named(pyodide, tmp_path, name):
    folder = linked(pyodide, tmp_path / "pyodide")
    (folder / name).unlink()
    with pytest.raises(FileNotFoundError, match=rf"{name} is missing: the folder of Pyodide must"):
        python_folder(folder, tmp_path / "python")


@pytest.mark.parametrize("share", [0, 0.6, 0.98])
@pytest.mark.parametrize("name", [*CORE, LOCK, WHEEL])
def test_a_file_that_is_cut_short_is_named(pyodide, tmp_path, name, share):
    folder = linked(pyodide, tmp_path / "pyodide")
    content = (pyodide / name).read_bytes()
    (folder / name).unlink()
    (folder / name).write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=rf"{name} is cut short or changed"):
        python_folder(folder, tmp_path / "python")


def test_a_script_that_node_could_not_look_at_to_its_end_is_not_said_to_be_whole(
    monkeypatch, tmp_path
):
    (tmp_path / "whole.js").write_text("1", "utf-8")
    run_node("check.mjs", tmp_path / "whole.js")
    killer = tmp_path / "killer.cjs"
    killer.write_text(
        "if (process.execArgv.includes('--check')) process.kill(process.pid, 'SIGKILL')", "utf-8"
    )
    monkeypatch.setenv("NODE_OPTIONS", f'--require "{killer.as_posix()}"')
    with pytest.raises(NodeError, match=r"^Node could not read .*whole\.js to its end: SIGKILL"):
        run_node("check.mjs", tmp_path / "whole.js")


def test_an_archive_is_the_same_whenever_it_is_made(tmp_path):
    for name in ("one.zip", "other.zip"):
        write_zip(tmp_path / name, {"b.txt": b"2", "a.txt": b"1"})
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()


# -- Node ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["", "/no/such/node"])
def test_a_missing_node_is_an_error_in_words(monkeypatch, tmp_path, place):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LESSONKIT_NODE", place)
    with pytest.raises(NodeError, match=r"Node 18 or newer must be installed to build the web"):
        find_node()


@pytest.mark.parametrize("version", ["v16.20.2", "", "nonsense"])
def test_an_old_node_is_refused(monkeypatch, tmp_path, version):
    fake = tmp_path / "node"
    fake.write_text(f"#!/bin/sh\necho {version}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("LESSONKIT_NODE", str(fake))
    with pytest.raises(NodeError, match=r"Node must be version 18 or newer; "):
        find_node()


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_a_script_that_fails_says_why(monkeypatch, tmp_path):
    (tmp_path / "fails.mjs").write_text("console.error('first\\nthe reason'); process.exit(3);")
    monkeypatch.setattr(node, "HERE", tmp_path)
    with pytest.raises(NodeError, match=r"^the reason$"):
        run_node("fails.mjs")


# -- the newest Pyodide ----------------------------------------------------------------------------


def test_the_newest_pyodide_compiles_all_modules_for_its_own_python(newest_python):
    assert (newest_python / "pyodide.asm.mjs").is_file()
    assert {path.name for path in newest_python.iterdir()} == set(files_of_python(newest_python))
    with zipfile.ZipFile(newest_python / "python.zip") as archive:
        assert "lessonkit/live/__pycache__/canvas.cpython-314.pyc" in archive.namelist()


def test_the_newest_pyodide_starts_under_node_up_to_numpy(newest_python, tmp_path):
    script = tmp_path / "imports.py"
    script.write_text(
        "import sys\nimport traitlets, ipywidgets, anywidget\nprint(sys.version_info[:2])\n"
        "try:\n    import lessonkit.site.host\nexcept ModuleNotFoundError as problem:\n"
        "    print(problem)\n"
    )
    assert in_pyodide(newest_python, script, tmp_path).splitlines() == [
        "(3, 14)",
        "No module named 'numpy'",
    ]
