"""What builds the web edition has to be told: python -m lessonkit.site build FOLDER"""

import argparse
import os
import sys
from pathlib import Path

from lessonkit.copies import NOTEBOOKS
from lessonkit.site import npm
from lessonkit.site.build import build
from lessonkit.site.lite import FITS, KERNEL, LiteError
from lessonkit.site.node import NodeError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a build has to be told."""
    parser.add_argument(
        "--pyodide",
        metavar="FOLDER",
        default=os.environ.get("LESSONKIT_PYODIDE"),
        help="Pyodide's folder with its wheels (default: LESSONKIT_PYODIDE)",
    )
    parser.add_argument(
        "--online",
        metavar="VERSION",
        nargs="?",
        const=npm.TRIED,
        help=f"fetch Pyodide instead, of this version (default: {npm.TRIED}, with which all was "
        "tried; newest: the current one, of which the start was tried, not the pictures)",
    )
    parser.add_argument("--katex", metavar="FOLDER", help="KaTeX's folder (default: from npm)")
    parser.add_argument(
        "--single-file",
        action="store_true",
        help="also write each chapter as one file with Python inside, 30 MB, for a USB stick",
    )
    installs = "; ".join(f"for Pyodide {start}x: {fit.install}" for start, fit in FITS.items())
    parser.add_argument(
        "--lite",
        action="store_true",
        help=f"also build FOLDER/lite: JupyterLite, whole notebooks in the browser, 50 MB; needs, "
        f"{installs}",
    )


def run(arguments: argparse.Namespace, folder: Path) -> None:
    """Build into a folder; what goes wrong ends the program in words."""
    try:
        if arguments.online:
            more = KERNEL if arguments.lite else ()
            pyodide = npm.online_pyodide(arguments.online, more)
        elif arguments.pyodide:
            pyodide = Path(arguments.pyodide)
        else:
            sys.exit("Name Pyodide's folder (--pyodide FOLDER), or have it fetched: --online")
        katex = Path(arguments.katex) if arguments.katex else npm.katex()
        build(folder, NOTEBOOKS, pyodide, katex, print, arguments.single_file, arguments.lite)
    except (OSError, ValueError, NodeError, LiteError) as problem:
        sys.exit(f"{problem}\nNo page has been changed.")


def main(words: list[str] | None = None) -> None:
    """Run `python -m lessonkit.site` with these words."""
    parser = argparse.ArgumentParser(prog="python -m lessonkit.site")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("build", help="build all pages into FOLDER")
    command.add_argument("folder", metavar="FOLDER", type=Path)
    add_arguments(command)
    arguments = parser.parse_args(words)
    run(arguments, arguments.folder)
    print(f"The pages are in {arguments.folder}: index.html is the first")
