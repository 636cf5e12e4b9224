"""How a figure is drawn for a page that is too narrow for it: its pieces stand below each other.

Shrunk to a narrow page, a picture 760 pixels wide has text that nobody can read. So its pieces,
rectangles of the wide picture, flow like words: side by side where there is room, else below each
other. Text keeps its size.
"""

import itertools
from collections.abc import Callable, Container, Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.text import Text

NARROWEST = 314  # CSS pixels for which a picture is drawn; a page with fewer shrinks it
LEAST_SHARE = 12 / (10 / 72 * 100)  # to which it may shrink: text of 10 points has 12 pixels then
LINE = 18  # CSS pixels from line to line
BETWEEN = 12  # CSS pixels between two texts in a line

Place = tuple[float, float]
Piece = tuple[float, float, float, float]  # left, top, right and bottom, in CSS pixels


def room_for(width: object, wide: int) -> int | None:
    """Return for how many CSS pixels a picture is drawn, or None: it stays as wide as it is.

    width: what the page has for it; anything but a number: no page has told. wide: what it takes
        itself.
    """
    if isinstance(width, int | float) and 0 < width < wide * LEAST_SHARE:
        return min(wide, round(max(width, NARROWEST)))
    return None


def flow(sizes: Sequence[Place], room: float, new_lines: Container[int] = ()) -> list[Place]:
    """Return left and top of each piece of these sizes, (width, height).

    new_lines: numbers of those that begin a line in any case.

    >>> flow([(100, 50), (100, 60), (100, 40)], room=250)
    [(0, 0), (100, 0), (0, 60)]
    """
    places, left, top, depth = [], 0, 0, 0
    for number, (width, height) in enumerate(sizes):
        if number in new_lines or (left and left + width > room):
            left, top, depth = 0, top + depth, 0
        places.append((left, top))
        left, depth = left + width, max(depth, height)
    return places


def extent(sizes: Sequence[Place], places: Sequence[Place]) -> tuple[int, int]:
    """Return the width and height that pieces of these sizes take at these places."""
    across, down = np.add(sizes, places).max(axis=0)
    return max(NARROWEST, round(across)), round(down)


def in_pieces(
    figure: Figure,
    *pieces: Sequence[float] | None,
    fit: Callable[[bool], None] = lambda narrow: None,
) -> None:
    """Say how a figure can be taken apart, for a page too narrow for all of it.

    pieces: (left, top, right, bottom) of each, in CSS pixels, or (left, right) for all its height.
        They flow in this order, like words; None begins a new line. Of a piece more than 314 wide
        the widest axes is made narrower; on a sheet of paper (an axes as large as the figure)
        nothing can be, and no piece should be wider.
    fit: puts right what pieces alone do not. It is called with True before the figure is drawn for
        a narrow page, and with False before it is the wide one again.

    A figure with one axes needs none of it. Any other is shrunk without it.
    """
    figure.pieces, figure.fit = pieces, fit


def narrow_layout(figure: Figure, size: tuple[int, int]) -> "Cut | Restack | None":
    """Return how a figure of this size, in CSS pixels, is drawn on a narrow page.

    None: not at all, it is shrunk.
    """
    width, height = size
    if not hasattr(figure, "pieces"):
        if len(figure.axes) != 1:
            return None
        in_pieces(figure, (0, width))
    whole = [(p[0], 0, p[1], height) if p and len(p) == 2 else p for p in figure.pieces]
    is_paper = any(axes.get_position().bounds == (0, 0, 1, 1) for axes in figure.axes)
    return (Cut if is_paper else Restack)(figure, whole, size)


def _without_breaks(pieces):
    """Return the pieces, and the numbers of those that begin a line because None stands before."""
    kept, new_lines = [], set()
    for piece in pieces:
        if piece is None:
            new_lines.add(len(kept))
        else:
            kept.append(piece)
    return kept, new_lines


class Cut:
    """Pieces cut out of the pixels of the wide figure.

    For one with a sheet of paper: an axes as large as the figure, on which all stands where it is.
    """

    def __init__(
        self, figure: Figure, pieces: Sequence[Piece | None], size: tuple[int, int]
    ) -> None:
        self.wide, self.fit = size, figure.fit
        self.pieces, self.new_lines = _without_breaks(pieces)
        self.sizes = [(right - left, bottom - top) for left, top, right, bottom in self.pieces]

    def undo(self) -> None:
        """Do nothing: the figure is the wide one all the time."""

    def lay_out(self, room: int, renderer: RendererBase) -> tuple[int, int]:
        """Place the pieces; return the width and height of the picture, in CSS pixels."""
        self.places = flow(self.sizes, room, self.new_lines)
        self.size = extent(self.sizes, self.places)
        return self.size

    def arrange(self, pixels: np.ndarray) -> np.ndarray:
        """Return the picture, (H, W, 4), that is cut out of the pixels of the wide one."""
        density = pixels.shape[1] / self.wide[0]
        width, height = (round(side * density) for side in self.size)
        paper = np.full((height, width, 4), 255, np.uint8)
        for piece, place in zip(self.pieces, self.places, strict=True):
            left, top, right, bottom = (round(side * density) for side in piece)
            x, y = (round(side * density) for side in place)
            part = pixels[top:bottom, left:right][: height - y, : width - x]
            paper[y : y + len(part), x : x + part.shape[1]] = part
        return paper

    def place_in_wide(self, x: float, y: float) -> Place | None:
        """Return where a point of the narrow picture is in the wide one; None: between pieces."""
        for (left, top, *_), (width, height), (at, down) in zip(
            self.pieces, self.sizes, self.places, strict=True
        ):
            if 0 <= x - at < width and 0 <= y - down < height:
                return left + x - at, top + y - down
        return None


class Restack:
    """Pieces whose axes and texts get other places; a piece too wide for the page is narrowed.

    There the widest axes gives the pixels; left and right of it all stays as far apart. Titles,
    labels and texts that are too long go on in a further line, and what is below moves down.
    """

    def __init__(
        self, figure: Figure, pieces: Sequence[Piece | None], size: tuple[int, int]
    ) -> None:
        self.figure, self.fit = figure, figure.fit
        self.pieces, self.new_lines = _without_breaks(pieces)
        self.inches = figure.get_size_inches()
        self.axes = {axes: axes.get_position(original=True) for axes in figure.axes}
        self.texts = {text: text.get_position() for text in figure.texts}
        self.titles = {axes: list(_titles(axes)) for axes in figure.axes}
        self.modes = {text: text.get_rotation_mode() for text in self._all_texts()}
        width, height = size
        self.edges = {
            axes: (at.x0 * width, (1 - at.y1) * height, at.x1 * width, (1 - at.y0) * height)
            for axes, at in self.axes.items()
        }
        self.anchors = {text: (x * width, (1 - y) * height) for text, (x, y) in self.texts.items()}
        self.rows = self._rows_of_texts()
        self.elastic = [self._widest(number) for number in range(len(self.pieces))]
        self.moves = {}  # (piece, height) → by how much all moves down that is not above it
        self.aside = {}  # text → by how much it moves aside and down

    def _piece_at(self, x, y):
        """Return the number of the piece that a place is in, or that is nearest to it."""
        far = [
            max(left - x, x - right, 0) + max(top - y, y - bottom, 0)
            for left, top, right, bottom in self.pieces
        ]
        return int(np.argmin(far))

    def _piece_of(self, axes):
        x0, y0, x1, y1 = self.edges[axes]
        return self._piece_at((x0 + x1) / 2, (y0 + y1) / 2)

    def _widest(self, number):
        """Return the left and the right end of the widest axes in a piece."""
        inside = [edges for axes, edges in self.edges.items() if self._piece_of(axes) == number]
        return max((e[::2] for e in inside), key=np.ptp, default=self.pieces[number][::2])

    def _rows_of_texts(self):
        """Return (piece, height) → the texts of the figure that begin there, from left to right."""
        rows = {}
        for text, (x, y) in sorted(self.anchors.items(), key=lambda item: item[1]):
            rows.setdefault((self._piece_at(x, y), y), []).append(text)
        return rows

    def undo(self) -> None:
        """Make the figure the wide one again."""
        self.figure.set_size_inches(self.inches)
        for axes, position in self.axes.items():
            axes.set_position(position)
        for text, place in self.texts.items():
            text.set_position(place)
        for text, mode in self.modes.items():
            text.set_wrap(False)
            text.set_rotation_mode(mode)  # which Matplotlib changes where it wraps a text

    def _all_texts(self):
        return itertools.chain(self.texts, *self.titles.values())

    def lay_out(self, room: int, renderer: RendererBase) -> tuple[int, int]:
        """Place axes and texts; return the width and height of the figure, in CSS pixels."""
        for text in self._all_texts():
            text.set_wrap(True)
        self._place(room)  # what is narrower needs more lines
        self._make_lines(room, renderer)
        return self._place(room)  # and these need more height

    # -- places ------------------------------------------------------------------------------------

    def _place(self, room):
        sizes = [
            (min(right - left, room), self._down(number, bottom) - top)
            for number, (left, top, right, bottom) in enumerate(self.pieces)
        ]
        places = flow(sizes, room, self.new_lines)
        width, height = extent(sizes, places)
        dpi = self.figure.css_dpi
        # A little more, as before Matplotlib 3.9 a canvas 953.9999 pixels high gets only 953.
        self.figure.set_size_inches((width + 1e-6) / dpi, (height + 1e-6) / dpi)
        for axes, (x0, y0, x1, y1) in self.edges.items():
            number = self._piece_of(axes)
            (left, top, *_), (at, down) = self.pieces[number], places[number]
            x0, x1 = (at + self._across(number, x, room) - left for x in (x0, x1))
            y0, y1 = (down + self._down(number, y) - top for y in (y0, y1))
            axes.set_position((x0 / width, 1 - y1 / height, (x1 - x0) / width, (y1 - y0) / height))
        for (number, y), texts in self.rows.items():
            (left, top, *_), (at, down) = self.pieces[number], places[number]
            for text in texts:
                aside, below = self.aside.get(text, (0, 0))
                x = at + self._anchor(number, text, room) - left + aside
                text.set_position(
                    (x / width, 1 - (down + self._down(number, y) - top + below) / height)
                )
        return width, height

    def _down(self, number, y):
        """Return where a height in a piece comes to lie, in the wide figure's CSS pixels."""
        moves = self.moves.items()
        return y + sum(more for (piece, above), more in moves if piece == number and above < y)

    def _across(self, number, x, room):
        """Return the same for a place from left to right: only the widest axes gives pixels."""
        left, _, right, _ = self.pieces[number]
        start, end = self.elastic[number]
        lost = max(0, right - left - room)
        return x - lost * np.clip((x - start) / (end - start), 0, 1)

    def _anchor(self, number, text, room):
        """Return where a text of the figure is anchored: one that begins there stays there."""
        x, _ = self.anchors[text]
        return x if text.get_ha() == "left" else self._across(number, x, room)

    def arrange(self, pixels: np.ndarray) -> np.ndarray:
        """Return the pixels as they are: the figure is drawn as it is shown."""
        return pixels

    def place_in_wide(self, x: float, y: float) -> Place | None:
        """Return a place as it is: the axes stand elsewhere, and know where."""
        return x, y

    # -- lines -------------------------------------------------------------------------------------

    def _make_lines(self, room, renderer):
        """Find out how many lines all texts need now. No room that was given is taken back."""
        scale = self.figure.css_dpi / self.figure.dpi
        for axes, titles in self.titles.items():
            number, (_, top, _, bottom) = self._piece_of(axes), self.edges[axes]
            for title in titles:
                above = bottom if title is axes.xaxis.label else top - 1
                self._move(number, above, scale * _growth(title, renderer))
        for (number, y), texts in self.rows.items():
            if len(texts) > 1:
                for text in texts:
                    text.set_wrap(False)
                self._flow_texts(number, y, texts, room, renderer)
                continue
            (text,) = texts
            more = scale * _growth(text, renderer)
            self._move(number, y, more)
            up = {"top": 0, "center": 0.5, "center_baseline": 0.5}.get(text.get_va(), 1)
            self.aside[text] = (0, up * more)

    def _flow_texts(self, number, y, texts, room, renderer):
        """Let texts of one line that need more than the piece's width go on in the next."""
        scale = self.figure.css_dpi / self.figure.dpi
        left, _, right, _ = self.pieces[number]
        end = left + min(room, right - left)
        start = x = self.anchors[texts[0]][0]
        line = 0
        for text in texts:
            anchor = self.anchors[text][0]
            width = scale * text.get_window_extent(renderer).width
            x = max(x, anchor) if line == 0 else x
            if x + width > end and x > start:
                x, line = start, line + 1
            self.aside[text] = (x - anchor, LINE * line)
            x += width + BETWEEN
        self._move(number, y, LINE * line)

    def _move(self, number, above, more):
        key = number, above
        self.moves[key] = max(more, self.moves.get(key, 0))


def _titles(axes: Axes) -> Iterator[Text]:
    """Yield the titles of axes and the label of the x axis."""
    for child in axes.get_children():
        if isinstance(child, Text) and child not in axes.texts:
            yield child
    yield axes.xaxis.label


def _growth(text, renderer):
    """Return by how many pixels a text is higher than it would be without further lines."""
    if not text.get_text():
        return 0
    wrapped = text.get_window_extent(renderer).height
    text.set_wrap(False)
    plain = text.get_window_extent(renderer).height
    text.set_wrap(True)
    return wrapped - plain
