"""The panel of all stages from left to right, up to the scores."""

import numpy as np
from matplotlib.collections import LineCollection

from lessonkit.explorers.drawing import if_changed
from lessonkit.explorers.style import SIGNED
from lessonkit.explorers.whole_network.layout import DEPTH, STAGES, TEXT, TOP
from lessonkit.explorers.whole_network.tiles import Tiles, colours_of

TITLES = ("input", "convolve", "ReLU", "pool", "convolve", "ReLU", "pool", "dense")
KERNELS = STAGES["convolution 1"].left - 26  # where they begin


class Flow:
    """All maps as coloured squares, and the kernels of the first convolution."""

    def __init__(self, paper):
        self.tiles = Tiles(paper.figure, 0, TOP, STAGES["scores"].left + 22, DEPTH)
        outlines = [stage.outline(c) for stage in STAGES.values() for c in range(stage.count)]
        paper.add_collection(LineCollection(outlines, colors="0.8", lw=0.7))
        for stage, name in zip(STAGES.values(), TITLES, strict=True):
            middle = stage.left + (stage.columns * (stage.side * stage.cell + 4) - 4) / 2
            paper.text(middle, 14, name, ha="center", va="center")
            shape = f"{stage.side}×{stage.side}" if stage.side > 1 else "scores"
            paper.text(middle, 31, shape, ha="center", va="center", color="0.4")
        for y, word, place in ((330, "positive", 0.85), (347, "negative", 0.15)):
            paper.text(8, y, word, color=SIGNED(place), va="center_baseline")
        self.kernels = Tiles(paper.figure, KERNELS, TOP, 20, DEPTH, animated=False)
        self.note = paper.text(8, 254, "", color="0.4", **TEXT)

    def paint(self, facts):
        self._paint_kernels(facts.kernels)
        self._paint_stages(tuple(facts.scales.values()), *facts.stages.values())
        is_fitted = facts.label is None and not facts.is_empty
        self.note.set_text("fitted, centred" if is_fitted else "")

    @if_changed
    def _paint_kernels(self, kernels):
        for channel, kernel in enumerate(kernels):
            _, top = STAGES["convolution 1"].corner(channel)
            self.kernels.put((KERNELS, top + 14), 4, kernel, np.abs(kernels).max())

    @if_changed
    def _paint_stages(self, scales, *stages):
        for (name, stage), scale, maps in zip(STAGES.items(), scales, stages, strict=False):
            for channel, values in enumerate(maps):
                place = stage.corner(channel)
                self.tiles.put(place, stage.cell, values, scale, colours_of(name))
