"""The stages of the network, and where their numbers stand in the picture, in CSS pixels."""

from typing import NamedTuple

from lessonkit.live.narrow import NARROWEST

WIDTH, HEIGHT = 760, 530  # of the picture
TOP, DEPTH = 44, 312  # of the maps: where they begin, and how far down they reach
BARS = (694, 752)  # left and right end of the probabilities
TEXT = {"va": "center_baseline", "animated": True}  # of what changes

PIECES = [  # of the upper part, and the making of a number: see `in_pieces`
    *((0, 0, 304, 356), (306, 0, 594, 356), (594, 0, 760, 376)),
    *(None, (0, 356, NARROWEST, HEIGHT)),
]


class Stage(NamedTuple):
    """Where a stage's maps stand: squares of side × side cells."""

    count: int
    side: int
    left: int
    cell: int
    columns: int = 1

    def corner(self, channel):
        """Return left and top of a map."""
        row, column = divmod(channel, self.columns)
        size, pitch = self.side * self.cell, DEPTH * self.columns / self.count
        return self.left + column * (size + 4), TOP + int((row + 0.5) * pitch - size / 2)

    def outline(self, channel, row=0, column=0, side=None):
        """Return the outline of side × side cells, or of the map, as five points."""
        left, top = self.corner(channel)
        size = (side or self.side) * self.cell + 2
        return box(left + column * self.cell - 1, top + row * self.cell - 1, size, size)


STAGES = {
    "input": Stage(1, 28, 8, 3),
    "convolution 1": Stage(6, 24, 130, 2),
    "ReLU 1": Stage(6, 24, 188, 2),
    "pooling 1": Stage(6, 12, 246, 4),
    "convolution 2": Stage(12, 8, 316, 5, 2),
    "ReLU 2": Stage(12, 8, 410, 5, 2),
    "pooling 2": Stage(12, 4, 504, 10, 2),
    "scores": Stage(10, 1, 616, 22),
}
SOFTMAX = "probabilities"
SHAPES = STAGES | {SOFTMAX: STAGES["scores"]}
MADE = list(SHAPES)[1:]  # by a layer each; the input's numbers are not made


def row_of(digit):
    """Return the height at which a digit's score and probability stand."""
    return STAGES["scores"].corner(digit)[1] + 11


def bar_outline(digit):
    """Return the outline of a probability, as five points."""
    left, right = BARS
    return box(left - 4, row_of(digit) - 15, right - left + 8, 30)


def box(left, top, width, height):
    right, bottom = left + width, top + height
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def number_at(x, y):
    """Return the controls' values for the number at a point in the picture, or None."""
    for name in MADE[:-1]:
        stage = STAGES[name]
        if not 0 <= x - stage.left < stage.columns * (stage.side * stage.cell + 4):
            continue
        for channel in range(stage.count):
            left, top = stage.corner(channel)
            column, row = int((x - left) // stage.cell), int((y - top) // stage.cell)
            if 0 <= row < stage.side and 0 <= column < stage.side:
                return {"stage": name, "map": channel, "row": row, "column": column}
    if x > BARS[0] and 0 <= y - TOP < DEPTH:
        return {"stage": SOFTMAX, "map": int((y - TOP) * 10 / DEPTH)}
    return None
