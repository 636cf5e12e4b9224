"""Whole notebooks in the browser: JupyterLite, on the Pyodide that the pages have already.

Nothing of it is our own: JupyterLite's build is configured, and given lessonkit as a package that
Pyodide knows, so that `import lessonkit` works in any notebook and installs nothing first.
"""

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import nbformat

from lessonkit.site.python import (
    INSTALLED,
    LOCK,
    WHEELS,
    checked_file,
    installed_files,
    lessonkit_files,
    read_lock,
    write_zip,
)

KERNEL = ("ipython", "jedi", "micropip")  # what JupyterLite's kernel itself takes from Pyodide
OF_PYTHON = ("sqlite3", "ssl")  # the same, but newer versions of Pyodide have them inside
LITE_LOCK = "lite-lock.json"
NEEDS = {"anywidget": ["ipywidgets", "psygnal", "typing-extensions"], "ipywidgets": ["comm"]}
SETTINGS = "@jupyterlite/pyodide-kernel-extension:kernel"
# Parts of JupyterLab without which a notebook opens, but shows no picture and no slider.
EXTENSIONS = (
    "@jupyter-widgets/jupyterlab-manager",
    "@jupyterlite/pyodide-kernel-extension",
    "anywidget",
)
# JupyterLite 0.6 takes a key for a shortcut before a slider has heard of it, so that an arrow key
# leads to the next cell. JupyterLab, and JupyterLite 0.8, listen to keys after the page.
KEYS = """<script>
      const listen = document.addEventListener;
      document.addEventListener = function (kind, listener, capture) {
        const last = kind === "keydown" || kind === "keyup";
        return listen.call(this, kind, listener, last && capture === true ? false : capture);
      };
    </script>
  """


class LiteError(RuntimeError):
    """JupyterLite is missing, does not fit or failed to build; the message says which, in words."""


class Fit(NamedTuple):
    """What works with a version of Pyodide; another kernel starts and then never answers."""

    core: str  # for pip
    kernel: str  # version
    script: str  # Pyodide's, which the kernel loads

    @property
    def install(self) -> str:
        """The command that installs it."""
        kernel = f"jupyterlite-pyodide-kernel=={self.kernel}"
        return f"pip install '{self.core}' {kernel} jupyterlab-widgets jupyter-server"


# How Pyodide's version begins → what works with it; of 314 the kernel and widgets have been tried,
# without these notebooks: its NumPy is only to be had from the net.
FITS = {
    "0.27.": Fit("jupyterlite-core<0.7", "0.6.1", "pyodide.js"),
    "314.": Fit("jupyterlite-core<0.9", "0.8.6", "pyodide.mjs"),
}


def check_lite(pyodide: Path) -> Fit:
    """Return what works with a folder of Pyodide, once it is sure that it is installed.

    Raises LiteError, with the command to install it, if JupyterLite is missing or does not fit;
    FileNotFoundError and ValueError if Pyodide's lock file is missing or damaged.
    """
    version = read_lock(Path(pyodide), KERNEL)["info"]["version"]
    fit = next((fit for start, fit in FITS.items() if version.startswith(start)), None)
    if fit is None:
        known = " and ".join(f"{start}x" for start in FITS)
        raise LiteError(f"JupyterLite is known to work with Pyodide {known}; this is {version}")
    for name in ("jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyter-server"):
        if _version(name) is None:
            raise LiteError(f"{name} must be installed to build JupyterLite: {fit.install}")
    kernel = _version("jupyterlite-pyodide-kernel")
    if kernel != fit.kernel:
        raise LiteError(
            f"jupyterlite-pyodide-kernel must be {fit.kernel} for Pyodide {version}; "
            f"{kernel} is installed: {fit.install}"
        )
    for name in EXTENSIONS:
        if not (_extensions() / name / "package.json").is_file():
            raise LiteError(
                f"JupyterLab's extension {name} must be in {_extensions()}, else no picture "
                f"shows: {fit.install} anywidget"
            )
    return fit


def build_lite(folder: Path, notebooks: Path, pyodide: Path) -> None:
    """Build JupyterLite with all notebooks into `folder`/lite.

    folder: that of the site, with Pyodide in its folder python, which gets the wheels and a lock
        file of their own. A lite that is there already is replaced, once the new one is whole.
    notebooks: a folder; what else is in it is left out. pyodide: Pyodide's folder.

    Raises LiteError if JupyterLite is missing, does not fit or fails, and FileNotFoundError and
    ValueError for files of Pyodide that are missing or damaged.
    """
    folder, pyodide = Path(folder), Path(pyodide)
    fit = check_lite(pyodide)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".lite-") as scratch:
        # From nothing each time: a build over an old one forgets that Pyodide is at hand.
        project = Path(scratch).resolve()
        _write_project(project, sorted(Path(notebooks).glob("*.ipynb")), fit)
        _run_jupyterlite(project)
        _leave_keys_to_controls(project / "lite" / "lab" / "index.html")
        write_packages(pyodide, folder / "python")
        shutil.copyfile(pyodide / fit.script, folder / "python" / fit.script)
        if (folder / "lite").exists():
            shutil.rmtree(folder / "lite")
        (project / "lite").rename(folder / "lite")


def write_packages(pyodide: Path, python: Path) -> None:
    """Write into `python` the wheels that notebooks import, and a lock file that lists them.

    The wheels are Pyodide's, those of packages installed here, and lessonkit's.
    """
    packages, info = _packages_of_pyodide(pyodide)
    for entry in packages.values():
        shutil.copyfile(checked_file(pyodide, entry), python / entry["file_name"])
    for name in INSTALLED:
        entry = _write_wheel(python, name, dict(installed_files(name)))
        packages[entry["name"]] = entry
    entry = _write_wheel(python, "lessonkit", dict(lessonkit_files()) | _metadata())
    packages["lessonkit"] = entry | {"depends": [*WHEELS, *map(_canonical, INSTALLED)]}
    lock = {"info": info, "packages": packages}
    (python / LITE_LOCK).write_text(json.dumps(lock, indent=1), "utf-8")


# -- the packages ----------------------------------------------------------------------------------


def _packages_of_pyodide(pyodide):
    """Return what the lock file says of the packages that are needed, and its `info`."""
    listed = json.loads((pyodide / LOCK).read_text("utf-8"))["packages"]
    files = {name: pyodide / listed[name]["file_name"] for name in OF_PYTHON if name in listed}
    kernel = [*KERNEL, *(name for name, path in files.items() if path.is_file())]
    lock = read_lock(pyodide, kernel, dependencies=True)
    found = lock["packages"] | read_lock(pyodide, WHEELS)["packages"]
    for entry in found.values():  # Matplotlib would ask for what only other formats need
        entry["depends"] = [name for name in entry["depends"] if _canonical(name) in found]
    return found, lock["info"]


def _write_wheel(folder, name, files):
    """Write a wheel of these files; return its entry in the lock file."""
    version = _version(name)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    write_zip(path, files)
    return {
        "name": _canonical(name),
        "version": version,
        "file_name": path.name,
        "install_dir": "site",
        "package_type": "package",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "imports": [name],
        "depends": NEEDS.get(name, []),
        "unvendored_tests": False,
    }


def _metadata():
    """Return lessonkit's own, by which Pyodide knows a wheel; in a checkout there is no file."""
    version = _version("lessonkit")
    text = f"Metadata-Version: 2.1\nName: lessonkit\nVersion: {version}\n"
    return {f"lessonkit-{version}.dist-info/METADATA": text.encode()}


def _version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _canonical(name):
    return name.lower().replace("_", "-")


# -- JupyterLite -----------------------------------------------------------------------------------


def _extensions():
    """Return where JupyterLite looks for the extensions of JupyterLab that it takes."""
    return Path(sys.prefix) / "share" / "jupyter" / "labextensions"


def _write_project(project, notebooks, fit):
    """Write what JupyterLite's build reads: the notebooks and two files of settings."""
    (project / "notebooks").mkdir()
    for path in notebooks:
        # Each text as one string: of a list of lines JupyterLite makes no table of contents.
        _write_json(project / "notebooks" / path.name, nbformat.read(path, as_version=4))
    kernel = {
        "pyodideUrl": f"./../python/{fit.script}",
        "loadPyodideOptions": {"lockFileURL": f"../python/{LITE_LOCK}"},
        "disablePyPIFallback": True,  # nobody is asked for a package while somebody reads
    }
    page = {"appName": "lessonkit", "litePluginSettings": {SETTINGS: kernel}}
    build = {
        "lite_dir": str(project),
        "output_dir": str(project / "lite"),
        "contents": [str(project / "notebooks")],
        "apps": ["lab"],
        "no_sourcemaps": True,
    }
    _write_json(
        project / "jupyter-lite.json",
        {"jupyter-lite-schema-version": 0, "jupyter-config-data": page},
    )
    _write_json(project / "jupyter_lite_config.json", {"LiteBuildConfig": build})


def _write_json(path, content):
    path.write_text(json.dumps(content, indent=2), "utf-8")


def _run_jupyterlite(project):
    """Run its build; of the environment's variables none of its own may interfere."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTERLITE")}
    command = [sys.executable, "-m", "jupyterlite_core", "build"]
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, encoding="utf-8")
    if done.returncode or not (project / "lite" / "lab" / "index.html").is_file():
        lines = f"{done.stdout}\n{done.stderr}".strip().splitlines() or ["no reason given"]
        raise LiteError(f"JupyterLite could not be built: {lines[-1]}")


def _leave_keys_to_controls(page):
    html = page.read_text("utf-8")
    if html.count("</head>") != 1:
        raise LiteError(f"{page.name} of JupyterLite is another than the one that is known")
    page.write_text(html.replace("</head>", f"{KEYS}</head>"), "utf-8")
