"""Local connections cut the parameters, and shared weights cut them again (our source's title)."""

from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lessonkit.explorers.softmax.connections import CONVOLUTION, DENSE, KINDS, LOCAL
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import number
from lessonkit.live import explore, in_pieces, lesson_style

FACTORS = {DENSE: "outputs × inputs", LOCAL: "outputs × window", CONVOLUTION: "kernels × window"}
LEFT, SIDE = (0, 0.92), 0.85  # of the squares that show an input; a row is 1 high


@as_table
class Facts(NamedTuple):
    """How many weights there are between two layers, connected in three ways."""

    inputs: int  # numbers coming in, over all channels
    outputs: int  # numbers coming out, over all channels
    kernel_size: int  # side of a window
    in_channels: int
    out_channels: int  # each has one kernel if the weights are shared
    windows: np.ndarray  # (2, 2): where A's and B's begin and end, as shares of the input's side
    dense: int  # weights if every output sees every input
    local: int  # weights if every output sees a window
    shared: int  # weights if all outputs of a channel share those of one window
    border: int  # how many of the local weights see only the border of zeros


@lesson_style()
def parameter_ledger():
    """Count the weights between two layers: fully connected, locally connected, and shared.

    Input and output are squares of the same size, so the input gets a border of zeros. Biases are
    not counted. Controls: the size of the squares and of the kernel; the maps in and out.
    """
    panels = _Panels()
    controls = {"input_size": (8, 64), "kernel_size": (1, 11, 2)}
    channels = {
        "in_channels": ipywidgets.IntSlider(1, min=1, max=8, description="maps in"),
        "out_channels": ipywidgets.IntSlider(1, min=1, max=8, description="maps out"),
    }
    return explore(measure, panels.figure, panels.paint, say, **controls, **channels).recorded(
        "kernel_size input_size", "in_channels", "out_channels"
    )


def measure(input_size=32, kernel_size=5, in_channels=1, out_channels=1):
    """Return the facts of a layer between squares of input_size × input_size."""
    inputs, outputs = (input_size**2 * channels for channels in (in_channels, out_channels))
    window, reach = kernel_size**2 * in_channels, kernel_size // 2
    dense, local, shared = outputs * inputs, outputs * window, out_channels * window
    inside = input_size * kernel_size - reach * (reach + 1)  # of all windows, along one side
    border = local - inside**2 * in_channels * out_channels
    middles = np.array([input_size // 4, input_size - 1 - input_size // 4])
    windows = np.column_stack([middles - reach, middles + reach + 1]) / input_size
    sizes = inputs, outputs, kernel_size, in_channels, out_channels
    return Facts(*sizes, np.clip(windows, 0, 1), dense, local, shared, border)


class _Panels:
    """On the left squares that show the inputs, on the right bars for the weights."""

    def __init__(self):
        self.figure = figure = Figure(figsize=(7.6, 4))
        in_pieces(figure, (0, 220), (228, 772), fit=self.fit)
        seen = figure.add_axes((0.01, 0.055, 0.2735, 0.87), xlim=(-0.01, 1.782), ylim=(3, 0))
        seen.axis("off")
        for left, name in zip(LEFT, "AB", strict=True):
            seen.text(left, -0.06, f"output {name} sees")
        look = {"xlim": (0.6, 2e9), "ylim": (3, 0), "xscale": "log"}
        bars = figure.add_axes((0.305, 0.055, 0.67, 0.87), **look)
        bars.minorticks_off()
        bars.text(2e9, -0.06, "total weights (log scale)", ha="right")
        ticks = {1: "1", 1e3: "1 thousand", 1e6: "1 million", 1e9: "1 billion"}
        bars.set(xticks=list(ticks), xticklabels=ticks.values(), yticks=[])
        bars.spines[["left", "bottom"]].set_visible(False)
        for row in range(len(KINDS)):
            bars.vlines(list(ticks), row + 0.4, row + 0.9, color="0.9", lw=1)
        self.rows = [_Row(seen, bars, row, kind) for row, kind in enumerate(KINDS)]

    def fit(self, narrow):
        """Give the products a line of their own on a narrow page."""
        for row in self.rows:
            row.fit(narrow)

    def paint(self, facts):
        dense, local, shared = self.rows
        side, channels = facts.kernel_size, facts.in_channels
        window = f"{side}·{side}" + f"·{channels}" * (channels > 1)
        dense.draw(facts.dense, f"{facts.outputs:,} × {facts.inputs:,}", [(0, 1), (0, 1)])
        local.draw(facts.local, f"{facts.outputs:,} × {window}", facts.windows)
        shared.draw(facts.shared, f"{facts.out_channels} × {window}", facts.windows)


class _Row:
    """One way to connect: what two outputs see, and how many weights that takes."""

    def __init__(self, seen, axes, row, kind):
        self.row, self.windows = row, []
        for left in LEFT:
            seen.add_patch(Rectangle((left, row), SIDE, SIDE, fc="none", ec="0.6"))
            own = left > 0 and kind != CONVOLUTION  # looks different: has weights of its own
            look = {"fc": "white", "hatch": "//////"} if own else {"fc": KINDS[kind]}
            window = Rectangle((0, 0), 0, 0, ec=KINDS[kind], animated=True, **look)
            self.windows.append(seen.add_patch(window))
        self.bar = axes.barh(row + 0.65, 0, height=0.4, color=KINDS[kind], animated=True)[0]
        self.kind = axes.text(0.6, row + 0.12, kind, va="center", weight="bold")
        self.factors = axes.text(0.6, row + 0.3, FACTORS[kind], va="center")
        self.product = axes.text(2e9, row + 0.3, "", va="center", ha="right", animated=True)

    def fit(self, narrow):
        for text, place in zip(
            (self.kind, self.factors, self.product),
            (0.06, 0.21, 0.36) if narrow else (0.12, 0.3, 0.3),
            strict=True,
        ):
            text.set_y(self.row + place)

    def draw(self, count, factors, windows):
        """Show the number of weights, its factors, and where the two windows begin and end."""
        self.bar.set_width(count)
        self.product.set_text(f"{factors} = {count:,}")
        for left, window, (start, end) in zip(LEFT, self.windows, windows, strict=True):
            side = SIDE * (end - start)
            window.set_bounds(left + SIDE * start, self.row + SIDE * start, side, side)


def say(facts):
    """Return the caption of a layer's weights."""
    dense, local, shared = facts.dense, facts.local, facts.shared
    saved = f"divide that by {number(dense / local)}, to {local:,}"
    if local >= dense:
        saved = f"save nothing, as the kernel is no smaller than the input: {local:,}"
    if facts.border:
        saved += f" ({facts.border:,} of them see only the border of zeros)"
    return (
        f"Fully connected: {dense:,} weights. Local connections {saved}; sharing the weights then "
        f"divides by {number(local / shared)}, to {shared:,}."
    )
