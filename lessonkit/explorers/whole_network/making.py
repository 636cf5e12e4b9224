"""How one number comes about: its panel and its words."""

import numpy as np
from matplotlib.collections import LineCollection

from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.whole_network.layout import (
    SHAPES,
    SOFTMAX,
    TEXT,
    WIDTH,
    bar_outline,
    box,
)
from lessonkit.explorers.whole_network.tiles import Tiles, colours_of
from lessonkit.explorers.words import number, scientific

LEFT, ROWS = 94, (394, 430, 466)


class MakingPanel:
    """What the layer saw, the weights, the products, and the result as a formula."""

    def __init__(self, paper):
        self.tiles = Tiles(paper.figure, LEFT - 1, ROWS[0] - 1, 310, 108)
        self.boxes = paper.add_collection(LineCollection([], colors="0.8", lw=0.7, animated=True))
        look = {"colors": COLOURS["now"], "lw": 1.5, "zorder": 4, "animated": True}
        self.frames = paper.add_collection(LineCollection([], **look))
        self.place = paper.text(8, 380, "", weight="bold", color=ink(COLOURS["now"]), **TEXT)
        self.names = [paper.text(8, y + 15, "", color="0.35", **TEXT) for y in ROWS]
        self.result = paper.text(8, 516, "", **TEXT)

    def paint(self, facts):
        making = facts.making
        self.frames.set_segments(_frames(making))
        place = _place(making)
        self.place.set_text(place.replace(", row", ",\nrow") if self.is_narrow else place)
        self.place.set_y(373 if "\n" in self.place.get_text() else 380)
        self._paint_steps(_steps(making, facts.scales[making.seen]))
        self.result.set_text(_formula(making))

    @property
    def is_narrow(self):
        """Whether a page has no room for the whole picture."""
        return self.tiles.figure.css_width < WIDTH

    def _paint_steps(self, steps):
        room = 220 if self.is_narrow else 300  # pixels for the maps of a step
        self.tiles.pixels[:] = 0
        boxes = []
        for text, top in zip(self.names, ROWS, strict=True):
            name, maps, *look = steps.pop(0) if steps else ("", [])
            text.set_text(name)
            for i, values in enumerate(maps):
                count, side = len(maps), len(values)
                cell = min(30 // side, room // (count * (side + 1)))
                left = LEFT + i * (side + 1) * cell
                self.tiles.put((left, top), cell, values, *look)
                boxes.append(box(left - 1, top - 1, side * cell + 2, side * cell + 2))
        self.boxes.set_segments(boxes)


def _frames(making):
    """Return the outlines of what the layer saw, and of the number."""
    (first, top, left), side = making.corner, making.window.shape[-1]
    maps = range(first, first + len(making.window))
    seen = [SHAPES[making.seen].outline(channel, top, left, side) for channel in maps]
    if making.stage == SOFTMAX:
        return [*seen, bar_outline(making.place[0])]
    return [*seen, SHAPES[making.stage].outline(*making.place, 1)]


def _steps(making, scale):
    """Return what was seen and what became of it: (name, maps, and what `Tiles.put` takes)."""
    steps = [("sees", making.window, scale, colours_of(making.seen))]
    if making.stage == SOFTMAX:
        steps.append(("exp", making.exponentials, making.exponentials.max()))
    if making.weights is not None:
        steps.append(("× weights", making.weights, making.largest_weight))
        steps.append(("= products", making.products, np.abs(making.products).max() or 1))
    return steps


def say_making(making):
    """Return how a number comes about, as a sentence."""
    return f"{_place(making)}: {_formula(making)}{_remark(making)}."


def _place(making):
    stage, (channel, row, column) = making.stage, making.place
    if SHAPES[stage].side == 1:
        return f"{'Score' if stage == 'scores' else 'Probability'} of {channel}"
    return f"{stage[0].upper()}{stage[1:]}, map {channel}, row {row}, column {column}"


def _formula(making):
    result = number(making.result)
    if making.stage == SOFTMAX:
        total = scientific(making.sum)
        below = f"({total})" if "×" in total else total
        return f"exp({number(making.window[making.place])}) / {below} ≈ {result}"
    if making.weights is not None:
        return f"sum {number(making.sum)} + bias {number(making.bias)} ≈ {result}"
    seen = [number(value) for value in making.window.ravel()]
    return f"max({', '.join(['0', *seen] if making.stage.startswith('ReLU') else seen)}) = {result}"


def _remark(making):
    """Return what the caption has to add to the formula."""
    if making.stage == SOFTMAX:
        return f", where {scientific(making.sum)} is the sum of all ten exponentials"
    if making.weights is None:
        return ""
    remark = f", where the sum adds up {making.products.size} products"
    by_map = making.products.sum(axis=(1, 2))
    if by_map.size > 1 and by_map.max() > 0:
        remark += f"; map {by_map.argmax()} adds the most, {number(by_map.max())}"
    return remark
