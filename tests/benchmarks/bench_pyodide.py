"""How fast the explorers answer in Pyodide, and how large and how slow to start their Python is.

    LESSONKIT_PYODIDE=folder python tests/benchmarks/bench_pyodide.py

Under Node, whose engine is Chromium's. A step is a control's move as a page sends it,
up to the answer with its pixels; what the page does with these is not in it.
"""

import gzip
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # in_pyodide.py

from in_pyodide import PYODIDE, in_pyodide

from lessonkit.site.python import python_folder

STARTS = 3


def start_times(python, folder):
    """Return in s how long it takes to start Python and to run one cell that imports lessonkit."""
    times = []
    for _ in range(STARTS):
        began = time.perf_counter()
        in_pyodide(python, "take_steps.py", '[["run", "a", "from lessonkit import explorers"]]')
        times.append(time.perf_counter() - began)
    return times


def main():
    if PYODIDE is None:
        sys.exit("set LESSONKIT_PYODIDE to a folder of Pyodide 0.27.7")
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as scratch:
        python, folder = Path(scratch) / "python", Path(scratch) / "steps"
        folder.mkdir()
        began = time.perf_counter()
        python_folder(PYODIDE, python)
        built = time.perf_counter() - began
        sizes = {p.name: len(gzip.compress(p.read_bytes(), 9)) for p in python.iterdir()}
        starts = start_times(python, folder)
        in_pyodide(python, "time_explorers.py", folder)
        steps = json.loads((folder / "steps.json").read_text("utf-8"))
    print(f"{os.cpu_count()} cores, load before {load:.1f}")
    print(f"size {sum(sizes.values()) / 1e6:.2f} MB gzipped, built in {built:.0f} s")
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"    {name:20} {size / 1e6:6.2f} MB")
    print(f"start, imports included: {statistics.median(starts):.1f} s (of {STARTS})")
    print(f"\n{'':40} first, ms   step, ms: median, slowest")
    for name, (first, times) in steps.items():
        print(f"{name:40} {first:9.0f} {statistics.median(times):18.0f} {max(times):8.0f}")


if __name__ == "__main__":
    main()
