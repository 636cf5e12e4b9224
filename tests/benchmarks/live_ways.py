"""The ways that bench_live.py measures, and what was measured of each."""

import importlib.metadata
import statistics
from dataclasses import dataclass, field
from pathlib import Path

PATH = f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\n"  # in it, `ways`
STYLED = """
import matplotlib.pyplot as plt
from lessonkit import explorers
from lessonkit.live.look import STYLE

plt.style.use(STYLE)  # interact's pictures look the same and pay nothing for it
"""
INLINE = """
%matplotlib inline
"""  # after ipympl, which takes pyplot's place
PEERS = {"ipympl": ["ipympl"], "bokeh": ["bokeh", "jupyter_bokeh"], "anyplotlib": ["anyplotlib"]}
NAMES = {"ipympl": "ipympl, blitted", "bokeh": "Bokeh, `push_notebook`", "anyplotlib": "anyplotlib"}
P95 = 18  # among the 19 points that part a list into 20


@dataclass
class Way:
    """A way to show something, and what was measured of it.

    code: its cell.  afresh: a cell that shows what a drag must end with, made without a drag.
    cell, afresh_cell: where both stand in the notebook.
    """

    name: str
    code: str
    afresh: str
    picture: str = ""  # what all ways with this word show: "plot", "mosaic"
    shows: str = "canvas"  # what follows the slider; or another selector, "img", ".bench-label"
    slider: str = "x"
    steps: int = 120  # of the slider, after which the keys turn round
    cell: int = 0
    afresh_cell: int = 0
    firsts: list = field(default_factory=list)
    presses: list = field(default_factory=list)
    drags: list = field(default_factory=list)
    stored: float = 0  # bytes
    honest: bool = True  # the first picture after a key was a new one

    def place(self, cell, afresh_cell):
        self.cell, self.afresh_cell = cell, afresh_cell
        return self

    def keys(self, count):
        ways = ("ArrowRight", "ArrowLeft")
        return [ways[i // self.steps % 2] for i in range(count)]

    def press(self, what):
        return statistics.median(press[what] for press in self.presses)

    def p95(self):
        latencies = [press["latency"] for press in self.presses]
        return statistics.quantiles(latencies, n=20, method="inclusive")[P95]

    def drag(self, what):
        return statistics.median(drag[what] for drag in self.drags)

    def right(self):
        """Return how many drags ended at the right picture."""
        return sum(drag["right"] for drag in self.drags)


def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def installed(peer):
    return all(version(package) for package in PEERS[peer])


def setup():
    """Return the first cell of the notebook: it imports every way that is installed."""
    modules = ["explore", "interact", *filter(installed, PEERS)]
    imports = ", ".join(f"with_{module}" for module in modules)
    return f"{PATH}{STYLED}from ways import sliders, {imports}\n{INLINE}"


def plot(name, module, **more):
    call = f"with_{module}.plot"
    return Way(name, f"{call}()", f"{call}(0.0)", "plot", **more)


def mosaic(name, module, slider="kernel_size", **more):
    call = f"with_{module}.mosaic"
    turns = 31  # a drag turns round at 32 and ends at 3
    return Way(name, f"{call}(2)", f"{call}(3)", "mosaic", slider=slider, steps=turns, **more)


def compared():
    """Return key → Way: the plot and the mosaic, ours and the peers' that are installed."""
    panel = ".lessonkit-panels > :last-child canvas"
    ways = {
        "floor": Way(
            "`Label` (the floor)", "sliders.floor()", "sliders.floor(0.0)", shows=".bench-label"
        ),
        "plot": plot("`explore`", "explore"),
        "mosaic": mosaic("`explore`", "explore", slider="kernel size", shows=panel),
        "plot interact": plot("`interact` + `plt.show`", "interact", shows="img"),
        "mosaic interact": mosaic("`interact` + `plt.show`", "interact", shows="img"),
    }
    for peer, name in NAMES.items():
        if installed(peer):
            ways[f"plot {peer}"] = plot(name, peer)
            ways[f"mosaic {peer}"] = mosaic(name, peer)
    return ways


def explorers():
    """Return key → Way: two more explorers of the lessons."""
    cells = "explorers.activation.functions_and_slopes()", "explorers.activation.feature_map()"
    codes = "x=0", "threshold=0.2"
    afresh = [f"with_explore.at({c}, {at!r})" for c, at in zip(cells, codes, strict=True)]
    return {
        "functions": Way("functions_and_slopes: x", cells[0], afresh[0]),
        "map": Way("feature_map: threshold", cells[1], afresh[1], slider="threshold", steps=100),
    }
