"""The Python of the web edition: Pyodide and, in one archive, the compiled modules it needs."""

import hashlib
import importlib.metadata
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from lessonkit import datasets
from lessonkit.site.node import NodeError, run_node

HERE = Path(__file__).parent
LOCK = "pyodide-lock.json"
ARCHIVE = "python.zip"
# From Pyodide's folder. Left out is what only other output formats and time zones need (fonttools,
# pytz) and what a page has instead (matplotlib-pyodide).
WHEELS = (
    "contourpy",
    "cycler",
    "kiwisolver",
    "matplotlib",
    "numpy",
    "packaging",
    "pillow",
    "pyparsing",
    "python-dateutil",
    "six",
    "traitlets",
)
# Pure Python, as installed where the pages are built.
INSTALLED = ("anywidget", "comm", "ipywidgets", "psygnal", "typing_extensions")
LEFT_OUT = {  # folders
    "__pycache__",
    "_pyinstaller",
    "afm",
    "doc",
    "f2py",
    "images",
    "include",
    "labextension",
    "nbextension",
    "pdfcorefonts",
    "qt_editor",
    "random_examples",
    "sample_data",
    "sphinxext",
    "tests",
    "web_backend",
}
KEPT = {".py", ".so", ".json", ".mplstyle", ".ttf", ".css", ".js"}  # of other packages
# Fonts of Pillow, triangles, PostScript, and the list of fonts: most of them are left out, and in
# Pyodide 0.27 it is that of another Matplotlib. To list what is there takes 0.07 s of a start.
NOT_FOR_PAGES = ("_imagingft.", "_qhull.", "_ttconv.", "fontlist.")
FONTS = (
    "DejaVuSans-",
    "DejaVuSans.",
    "DejaVuSansDisplay.",
    "DejaVuSansMono.",
    "cm",
    "STIXGeneral",
    "STIXNonUni.",
    "STIXSiz",
)


def python_folder(pyodide: Path, folder: Path) -> None:
    """Make `folder`, with all that the worker of a page loads, out of a folder of Pyodide.

    pyodide: one with pyodide.mjs, pyodide-lock.json and the wheels that the lock file names.
    folder: gets Pyodide's own files, a lock file without packages, and python.zip.

    Raises FileNotFoundError for a file that is missing, ValueError for one that is cut short or
    changed, each with its name, and NodeError if there is no Node.
    """
    pyodide, folder = Path(pyodide), Path(folder)
    lock = read_lock(pyodide, WHEELS)
    _check_core(pyodide)
    folder.mkdir(parents=True, exist_ok=True)
    for name in core(pyodide):
        shutil.copyfile(pyodide / name, folder / name)
    lean = {"info": lock["info"], "packages": {}}
    (folder / LOCK).write_text(json.dumps(lean), "utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        sources = Path(scratch) / "sources.zip"
        write_zip(sources, dict(_modules(pyodide, lock)))
        run_node("compile.mjs", folder, sources, folder / ARCHIVE)


def core(folder: Path) -> tuple[str, ...]:
    """Return the names of Pyodide's own files; since version 314 both scripts are modules."""
    module = (folder / "pyodide.asm.mjs").is_file()
    larger = "pyodide.asm.mjs" if module else "pyodide.asm.js"
    return "pyodide.mjs", larger, "pyodide.asm.wasm", "python_stdlib.zip"


def files_of_python(folder: Path) -> tuple[str, ...]:
    """Return the names of all that a worker loads from a folder that `python_folder` made."""
    return *core(folder), LOCK, ARCHIVE


def write_zip(path: Path, files: dict[str, bytes]) -> None:
    """Write an archive that is the same whenever it is made of the same files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            out.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)


# -- Pyodide's folder, checked ---------------------------------------------------------------------


def read_lock(pyodide: Path, names: Iterable[str], dependencies: bool = False) -> dict:
    """Return of Pyodide's lock file the packages of these names and its `info`.

    dependencies: with all packages that these need.

    Raises FileNotFoundError if there is no lock file, ValueError if it is damaged or a package is
    not listed.
    """
    path = _existing(pyodide / LOCK)
    try:
        lock = json.loads(path.read_text("utf-8"))
        found, missing = {}, list(names)
        while missing:
            name = missing.pop(0).lower().replace("_", "-")
            if name not in found:
                found[name] = lock["packages"][name]
                missing += found[name]["depends"] if dependencies else ()
        return {"info": lock["info"], "packages": found}
    except KeyError as problem:
        raise ValueError(f"{path} must list {problem.args[0]}; it is not Pyodide's own") from None
    except ValueError:  # no JSON, or no text
        raise ValueError(f"{path} is cut short or changed: it is no JSON") from None


def _existing(path):
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} is missing: the folder of Pyodide must have {path.name}, as its release does"
        )
    return path


def _check_core(pyodide):
    """Raise unless Pyodide's own files are whole; the lock file has no checksums of these."""
    names = core(pyodide)
    for name in names:
        _existing(pyodide / name)
    if not zipfile.is_zipfile(pyodide / "python_stdlib.zip"):
        raise ValueError(f"{pyodide / 'python_stdlib.zip'} is cut short or changed: it is no zip")
    try:
        run_node("check.mjs", *(pyodide / name for name in names if not name.endswith(".zip")))
    except NodeError as problem:
        if "cut short" in str(problem):
            raise ValueError(str(problem)) from None
        raise


def checked_file(pyodide: Path, entry: dict) -> Path:
    """Return the file of a package in the lock file; raise if it is missing or damaged."""
    path = _existing(pyodide / entry["file_name"])
    if hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
        raise ValueError(f"{path} is cut short or changed: its SHA-256 is not that of {LOCK}")
    return path


# -- what the archive is made of -------------------------------------------------------------------


def _modules(pyodide: Path, lock: dict) -> Iterator[tuple[str, bytes]]:
    """Yield name in site-packages → content: sources, which are compiled later, and data."""
    for entry in lock["packages"].values():
        with zipfile.ZipFile(checked_file(pyodide, entry)) as wheel:
            names = [name for name in wheel.namelist() if _is_wanted(name)]
            yield from ((name, wheel.read(name)) for name in names)
    for package in INSTALLED:
        yield from installed_files(package)
    yield from _files(HERE / "stubs", "")
    yield from lessonkit_files()


def installed_files(package: str) -> Iterator[tuple[str, bytes]]:
    """Yield name in site-packages → content of a package of pure Python, as it is installed."""
    for file in importlib.metadata.distribution(package).files or ():
        if _is_wanted(str(file)) and file.suffix not in (".so", ".js"):
            yield file.as_posix(), file.locate().read_bytes()


def lessonkit_files() -> Iterator[tuple[str, bytes]]:
    """Yield what a page needs of this package; of this folder, that is the host alone."""
    package = HERE.parent
    for name, content in _files(package, "lessonkit/"):
        if not name.startswith(("lessonkit/site/", "lessonkit/data/", "lessonkit/refresh.py")):
            yield name, content
    for name in ("__init__.py", "host.py"):
        yield f"lessonkit/site/{name}", (HERE / name).read_bytes()
    for name, content in _files(datasets.DATA, "lessonkit/data/"):
        if not name.endswith(".py"):
            yield name, content


def _files(folder, prefix):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield prefix + path.relative_to(folder).as_posix(), path.read_bytes()


def _is_wanted(name):
    """Tell whether a page may need a file of another package, by its name in site-packages."""
    path = Path(name)
    top, folders = path.parts[0], path.parts[:-1]
    if top.endswith(".dist-info"):  # who made it, under which licence
        return path.name == "METADATA" or "LICEN" in path.name.upper()
    if LEFT_OUT & set(folders) or ".." in folders or path.suffix not in KEPT:
        return path.name == "matplotlibrc"
    if path.suffix == ".ttf":
        return path.name.startswith(FONTS)
    if path.name.startswith(NOT_FOR_PAGES):
        return False
    if "backends" in folders and path.name.startswith("backend_"):
        return path.name == "backend_agg.py"
    if "stylelib" in folders:
        return "classic" in path.name
    return top != "mpl_toolkits" and "plot_directive" not in folders
