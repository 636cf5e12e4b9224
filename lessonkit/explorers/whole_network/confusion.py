"""Where the network errs: which digits it takes for which, as they are and moved."""

import functools
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from lessonkit.datasets import digits
from lessonkit.digit_network import MOVES, all_moved, copy_of, trained_network
from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.whole_network.facts import UNMOVED
from lessonkit.explorers.whole_network.layout import TEXT, box
from lessonkit.explorers.whole_network.tiles import INK_COLOURS, Tiles
from lessonkit.explorers.words import formatted, percent, several
from lessonkit.live import explore, in_pieces, lesson_style

WIDTH, HEIGHT = 760, 390
LEFT, TOP, CELL = 66, 62, 30  # of the matrix
SHOWN = 12  # digits of a cell, at most, in rows of ACROSS
ACROSS, DIGITS_LEFT, PITCH, PAPER = 4, 412, 88, 56
PIECE = 100  # digits that are read between two pictures


@as_table
class Facts(NamedTuple):
    """What the network takes the test digits for, and those of one cell of the matrix."""

    moves: dict  # how all are moved: name → pixels, degrees or factor
    matrix: np.ndarray  # (10, 10): how many digits, by what they are and what they are read as
    truth: int  # the cell: what its digits are
    said: int  # and what they are read as
    members: np.ndarray  # the numbers of its digits, in order
    images: np.ndarray  # (at most SHOWN, 28, 28): the first of them, as they are moved
    chosen: int | None  # the number of one of these; None if the cell is empty
    code: str  # that shows this one in the whole network: `whole_network().set(code)`


@lesson_style()
def confusion(network=None):
    """Show which test digits a trained network takes for which, as they are and when all are moved.

    Controls: how all are moved; the cell of the matrix, by what the digits are and what they are
    read as, which the pointer chooses too; and one of the cell's first digits. The facts' code
    shows this one in the whole network.

    network: one in place of the chapter's, see `whole_network`.
    """
    network, data = copy_of(network or trained_network()), digits()
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100))
    paper = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    paper.axis("off")
    panels = _Matrix(paper), _Cell(paper)
    in_pieces(figure, *_pieces())

    def paint(facts):
        for panel in panels:
            panel.paint(facts)

    measure = measurement(network, data.test_images, data.test_labels)
    return explore(measure, figure, paint, say, on_point=cell_at, **_controls()).recorded(
        "truth said", "shift_x", "shift_y/4", "turn/6", "scale/5", "blur/4", "which"
    )


def _controls():
    layout = ipywidgets.Layout(flex="1 1 160px", max_width="178px")
    controls = {}
    for name, (least, most, step) in MOVES.items():
        kind = ipywidgets.FloatSlider if isinstance(step, float) else ipywidgets.IntSlider
        controls[name] = kind(UNMOVED[name], min=least, max=most, step=step, layout=layout)
    slider = functools.partial(ipywidgets.IntSlider, min=0, layout=layout)
    return controls | {
        "truth": slider(4, max=9, description="it is a"),
        "said": slider(9, max=9, description="read as"),
        "which": slider(0, max=SHOWN - 1),
    }


def cell_at(x, y):
    """Return the controls' values for the cell at a point in the picture, or None."""
    said, truth = int((x - LEFT) // CELL), int((y - TOP) // CELL)
    return {"truth": truth, "said": said} if 0 <= truth <= 9 and 0 <= said <= 9 else None


# -- from the controls to the facts ----------------------------------------------------------------


def measurement(network, images, labels):
    """Return `measure` for a network and test digits: in pieces, once for each way to move."""
    answers_of = functools.lru_cache(maxsize=64)(lambda moves: [])  # moves → answers, as they come

    def measure(truth, said, which, **moves):
        answers = answers_of(tuple(moves.values()))
        while len(answers) < len(labels):
            seen = all_moved(images[len(answers) :][:PIECE], **moves)
            answers += network.forward(seen[:, np.newaxis]).argmax(axis=1).tolist()
            if len(answers) < len(labels):
                yield facts(answers, moves, truth, said, which), len(answers) / len(labels)
        yield facts(answers, moves, truth, said, which), 1.0

    def facts(answers, moves, truth, said, which):
        read = np.array(answers)
        matrix = np.zeros((10, 10), int)
        np.add.at(matrix, (labels[: len(read)], read), 1)
        members = np.flatnonzero((labels[: len(read)] == truth) & (read == said))
        first = members[:SHOWN]
        chosen = int(first[which % len(first)]) if len(first) else None  # after the last, the first
        code = " ".join(f"{name}={value:g}" for name, value in moves.items())
        code = f"digit={chosen} {code}" if len(first) else ""
        shown = all_moved(images[first], **moves)
        return Facts(moves, matrix, truth, said, members, shown, chosen, code)

    return measure


# -- from the facts to the picture -----------------------------------------------------------------


class _Matrix:
    """How many digits of each kind are read as which: the more, the darker."""

    def __init__(self, paper):
        side = 10 * CELL
        self.tiles = Tiles(paper.figure, LEFT, TOP, side, side)
        paper.text(LEFT, 16, "read as", va="center_baseline")
        paper.text(8, TOP - 16, "it is a", va="center_baseline")
        middles = [(digit + 0.5) * CELL for digit in range(10)]
        for digit, middle in enumerate(middles):
            look = {"ha": "center", "va": "center_baseline", "weight": "bold"}
            paper.text(LEFT + middle, TOP - 16, digit, **look)
            paper.text(LEFT - 16, TOP + middle, digit, **look)
        ends = [[(LEFT, TOP + i * CELL), (LEFT + side, TOP + i * CELL)] for i in range(11)]
        ends += [[(LEFT + i * CELL, TOP), (LEFT + i * CELL, TOP + side)] for i in range(11)]
        grid = LineCollection(ends, colors="0.85", lw=0.7, animated=True)
        paper.add_collection(grid)
        look = {"ha": "center"} | TEXT
        self.numbers = [
            [paper.text(LEFT + x, TOP + y, "", **look) for x in middles] for y in middles
        ]
        look = {"colors": COLOURS["now"], "lw": 2, "zorder": 4, "animated": True}
        self.frame = paper.add_collection(LineCollection([], **look))

    def paint(self, facts):
        shades = np.sqrt(facts.matrix / 120)  # so that a single digit is seen too
        self.tiles.put((LEFT, TOP), CELL, shades, 1, INK_COLOURS)
        for truth, said in np.ndindex(10, 10):
            number, count = self.numbers[truth][said], facts.matrix[truth, said]
            number.set_text(f"{count}" if count else "")
            number.set_color("white" if shades[truth, said] > 0.5 else "black")
        left, top = LEFT + facts.said * CELL, TOP + facts.truth * CELL
        self.frame.set_segments([box(left, top, CELL, CELL)])


class _Cell:
    """The first digits of the cell, each with its number."""

    def __init__(self, paper):
        height = SHOWN // ACROSS * PITCH
        self.tiles = Tiles(paper.figure, DIGITS_LEFT, TOP, ACROSS * PITCH, height)
        self.heading = paper.text(DIGITS_LEFT, TOP - 32, "", weight="bold", **TEXT)
        look = {"ha": "center"} | TEXT
        self.numbers = [paper.text(x + PAPER / 2, y + 66, "", **look) for x, y in _places()]
        look = {"colors": COLOURS["now"], "lw": 2, "zorder": 4, "animated": True}
        self.frame = paper.add_collection(LineCollection([], **look))
        self.outlines = paper.add_collection(
            LineCollection([], colors="0.8", lw=0.7, animated=True)
        )

    def paint(self, facts):
        self.tiles.pixels[:] = 0
        self.heading.set_text(_heading(facts))
        places, outlines = _places(), []
        for text in self.numbers:
            text.set_text("")
        for image, number, text, place in zip(
            facts.images, facts.members, self.numbers, places, strict=False
        ):
            self.tiles.put(place, PAPER // 28, image, 1, INK_COLOURS)
            text.set_text(f"{number}")
            text.set_color(ink(COLOURS["now"]) if number == facts.chosen else "0.35")
            outlines.append(box(place[0] - 1, place[1] - 1, PAPER + 2, PAPER + 2))
        chosen = [i for i, number in enumerate(facts.members[:SHOWN]) if number == facts.chosen]
        self.outlines.set_segments(outlines)
        self.frame.set_segments([outlines[i] for i in chosen])


def _places():
    """Return left and top of each digit's picture."""
    return [
        (DIGITS_LEFT + column * PITCH + 2, TOP + row * PITCH + 2)
        for row in range(SHOWN // ACROSS)
        for column in range(ACROSS)
    ]


def _pieces():
    """Return the pieces of the picture: the matrix, and the digits one by one."""
    numbers, matrix = (44, 0, 56, HEIGHT - 25), (LEFT - 1, 0, LEFT + 10 * CELL + 1, HEIGHT - 25)
    digits = [(x - 6, y - 4, x - 6 + PITCH, y - 4 + PITCH) for x, y in _places()]
    heading = (DIGITS_LEFT - 4, TOP - 44, DIGITS_LEFT + 310, TOP - 20)
    return [(4, TOP - 26, 58, TOP - 6), None, numbers, matrix, None, heading, None, *digits]


def _heading(facts):
    count = len(facts.members)
    words = f"{facts.truth} read as {facts.said}: {several(count, 'digit')}"
    return f"{words}, the first {SHOWN}" if count > SHOWN else words


# -- from the facts to the caption -----------------------------------------------------------------


def say(facts):
    """Return the caption: how many are read correctly, the commonest error, and the cell."""
    total, right = facts.matrix.sum(), np.trace(facts.matrix)
    ways = [
        f"{name.replace('_', ' ')} {formatted(value, 'g')}"
        for name, value in facts.moves.items()
        if value != UNMOVED[name]
    ]
    moves = f", all moved by {', '.join(ways)}," if ways else ""
    words = f"Of {several(total, 'test digit')}{moves} {percent(right / total)} are read correctly"
    return f"{words}; {_say_commonest(facts.matrix)}. {_say_cell(facts)}"


def _say_commonest(matrix):
    errors = matrix - np.diag(np.diag(matrix))
    truth, said = np.unravel_index(errors.argmax(), errors.shape)
    if errors.max() == 0:
        return "there is no error"
    return f"the commonest error is {truth} read as {said}, {errors.max()} times"


def _say_cell(facts):
    words = _heading(facts)
    if facts.chosen is None:
        return f"{words}."
    return f"{words}; number {facts.chosen} is chosen."
