"""What the pages are built with and no Python package has: KaTeX and, where wanted, Pyodide."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lessonkit.site.node import NodeError, run_node
from lessonkit.site.python import WHEELS

KATEX = "0.19.1"


def cache() -> Path:
    """Return the folder that keeps what was installed: LESSONKIT_CACHE, else one of the user's."""
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lessonkit"
    return Path(os.environ.get("LESSONKIT_CACHE") or default)


def package(name: str, version: str) -> Path:
    """Return the folder of an npm package, installed once and then kept.

    Raises NodeError, in npm's last words, if it cannot be had.
    """
    folder = cache() / f"{name}-{version}"
    installed = folder / "node_modules" / name
    if not (installed / "package.json").is_file():
        npm = shutil.which("npm")
        if npm is None:
            raise NodeError(f"npm must be installed to fetch {name}; it comes with Node")
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-save", "--ignore-scripts", "--prefix", str(folder)]
        done = subprocess.run([*command, f"{name}@{version}"], capture_output=True, text=True)
        if done.returncode:
            words = done.stderr.strip().splitlines() or ["no reason given"]
            raise NodeError(f"npm could not install {name} {version}: {words[-1]}")
    return installed


def katex() -> Path:
    """Return the folder of KaTeX, which sets the formulas."""
    return package("katex", KATEX)


def online_pyodide(version: str, more: Sequence[str] = ()) -> Path:
    """Return Pyodide's folder: its npm package, to which it fetches the libraries' wheels itself.

    more: names of further packages.

    Raises NodeError where the net does not let it.
    """
    folder = package("pyodide", version)
    run_node("fetch.mjs", folder, *WHEELS, *more)
    return folder
