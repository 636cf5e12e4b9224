"""Node, which runs at build time what will run in a page; nothing of it is needed at run time."""

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
OLDEST = 18  # Pyodide's own limit


class NodeError(RuntimeError):
    """Node is missing or too old, or a script failed; the message says which, in words."""


def find_node() -> str:
    """Return the path of Node: LESSONKIT_NODE in the environment, else `node` on the PATH.

    Raises NodeError if there is none, or if it is older than version 18.
    """
    node = os.environ.get("LESSONKIT_NODE") or shutil.which("node")
    if not node or not Path(node).is_file():
        raise NodeError(
            f"Node {OLDEST} or newer must be installed to build the web edition: put `node` on the "
            f"PATH or its path in LESSONKIT_NODE; found {node or 'none'}"
        )
    version = subprocess.run(
        [node, "--version"], capture_output=True, encoding="utf-8"
    ).stdout.strip()
    if not version.startswith("v") or int(version[1:].partition(".")[0]) < OLDEST:
        raise NodeError(f"Node must be version {OLDEST} or newer; {node} is {version or 'no Node'}")
    return node


def run_node(script: str, *arguments: str | Path) -> str:
    """Run a script of this folder and return what it prints.

    Raises NodeError with the last line that a failed script wrote to stderr: there each of ours
    says what is wrong.
    """
    command = [find_node(), str(HERE / script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"{script} ended with {done.returncode}"]
        raise NodeError(lines[-1])
    return done.stdout
