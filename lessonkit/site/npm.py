"""What the pages are built with and no Python package has: KaTeX and, where wanted, Pyodide."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lessonkit.site.node import NodeError, run_node
from lessonkit.site.python import WHEELS

KATEX = "0.19.1"
TRIED = "0.27.7"  # the Pyodide with which all pages and notebooks were tried


def cache() -> Path:
    """Return the folder that keeps what was installed: LESSONKIT_CACHE, else one of the user's."""
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lessonkit"
    return Path(os.environ.get("LESSONKIT_CACHE") or default)


def package(name: str, version: str) -> Path:
    """Return the folder of an npm package, installed once and then kept.

    Raises NodeError, in npm's first words, if it cannot be had.
    """
    folder = cache() / f"{name}-{version}"
    installed = folder / "node_modules" / name
    if not (installed / "package.json").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        options = ["--no-save", "--ignore-scripts", "--prefix", str(folder)]
        _npm("install", f"{name}@{version}", *options)
    return installed


def newest(name: str) -> str:
    """Return the newest version of an npm package.

    Raises NodeError, in npm's first words, if it cannot be had.
    """
    return _npm("view", name, "version").strip()


def _npm(command, package, *options):
    npm = shutil.which("npm")
    if npm is None:
        raise NodeError(f"npm must be installed to fetch {package}; it comes with Node")
    done = subprocess.run([npm, command, package, *options], capture_output=True, encoding="utf-8")
    if done.returncode:
        words = [line for line in done.stderr.splitlines() if " code " not in line]
        raise NodeError(f"npm could not {command} {package}: {(*words, 'no reason given')[0]}")
    return done.stdout


def katex() -> Path:
    """Return the folder of KaTeX, which sets the formulas."""
    return package("katex", KATEX)


def online_pyodide(version: str, more: Sequence[str] = ()) -> Path:
    """Return Pyodide's folder: its npm package, to which it fetches the libraries' wheels itself.

    version: as npm has it, or "newest". more: names of further packages.

    Raises NodeError where the net does not let it.
    """
    folder = package("pyodide", newest("pyodide") if version == "newest" else version)
    run_node("fetch.mjs", folder, *WHEELS, *more)
    return folder
