"""Run a script in the Python of a page, under Node, and the same one in this Python."""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

from lessonkit.site.node import find_node

HERE = Path(__file__).parent / "site"
ROOT = Path(__file__).parent.parent
STUBS = ROOT / "lessonkit/site/stubs"  # what a page has instead of IPython
PYODIDE = Path(os.environ["LESSONKIT_PYODIDE"]) if os.environ.get("LESSONKIT_PYODIDE") else None


def in_pyodide(python, script, folder, *arguments):
    """Run a script of tests/site in Pyodide; it finds `folder` at the same path.

    Returns what it printed.
    """
    command = [find_node(), HERE / "in_pyodide.mjs", python, ROOT, HERE / script, folder]
    return _output([*command, *arguments])


def in_this_python(script, folder, *arguments):
    """Run a script of tests/site in a process of its own, which has no IPython either."""
    return _output([sys.executable, HERE / script, folder, *arguments], _environment())


def hosted(*steps):
    """Let a new host take steps; return for each its result, models and messages.

    A step is ("run", cell's id, source) or ("receive", model id, data). All hosts are of one other
    process: it has no IPython, and importing what it needs takes longer than a test.
    """
    process = _process_of_hosts()
    process.stdin.write(json.dumps(steps) + "\n")
    process.stdin.flush()
    return [Step(**taken) for taken in json.loads(process.stdout.readline())]


@functools.cache
def _process_of_hosts():
    """Start the process; it ends when nobody writes to it any more."""
    command = [sys.executable, HERE / "take_steps.py"]
    options = {"text": True, "encoding": "utf-8", "env": _environment()}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)


class Step:
    """What became of a step: what the cell shows, its widgets, and [model id, kind, data] told."""

    def __init__(self, result, models, told):
        self.result, self.models, self.told = result, models, told


def _environment():
    paths = os.pathsep.join(map(str, [STUBS, ROOT, ROOT / "tests"]))
    return os.environ | {"PYTHONPATH": paths, "MPLBACKEND": "agg"}


def _output(command, environment=None):
    run = subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert run.returncode == 0, f"{run.stdout[-2000:]}\n{run.stderr[-4000:]}"
    return run.stdout
