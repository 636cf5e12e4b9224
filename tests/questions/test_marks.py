"""A guess stands where it belongs in a picture, and its name beside it, never out of the axes."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from lessonkit.questions.marks import GUESS, as_wide, at_x, at_y


@pytest.fixture
def figure():
    """Return a figure with two axes; marks are asked to stand in the second, from 0 to 10."""
    figure = Figure(figsize=(8, 4), dpi=100)
    figure.subplots(1, 2)
    figure.axes[1].set(xlim=(0, 10), ylim=(0, 10))
    return figure


def shares(axes, line):
    """Return the line's points as shares of the axes' width and height."""
    points = line.get_transform().transform(line.get_xydata())
    return axes.transAxes.inverted().transform(points).round(6).tolist()


@pytest.mark.parametrize(
    ("mark", "guess", "ends", "place"),
    [
        (at_x(1), 4, [[0.4, 0], [0.4, 1]], (4, 0.02)),
        (at_x(1, height=0.5, name=0.3, bottom=0.1), 4, [[0.4, 0.1], [0.4, 0.5]], (4, 0.3)),
        (at_x(1, at=lambda guess: 2 * guess), 4, [[0.8, 0], [0.8, 1]], (8, 0.02)),
        (at_y(1), 4, [[0, 0.4], [1, 0.4]], (0.03, 4)),
        (at_y(1, left=0.5, at=lambda guess: guess + 1), 4, [[0, 0.5], [1, 0.5]], (0.5, 5)),
        (as_wide(1, height=0.25), 4, [[-0.2, 0.25], [0.2, 0.25]], (2, 0.25)),
    ],
)
def test_a_guess_stands_where_it_belongs(figure, mark, guess, ends, place):
    line, name = mark(figure, guess)
    assert line.axes is name.axes is figure.axes[1]
    assert shares(figure.axes[1], line) == ends
    assert name.xy == pytest.approx(place)
    assert name.get_text() == "your guess"
    for artist in (line, name):
        assert artist.get_color() == GUESS
        assert artist.get_animated(), "it is drawn above what stands still"
        assert artist.get_zorder() >= 5


@pytest.mark.parametrize("x", np.linspace(0, 10, 21))
@pytest.mark.parametrize("y", [0.02, 5, 9.2, 10])
def test_its_name_is_written_within_the_axes(figure, x, y):
    axes = figure.axes[1]
    for mark, guess in ((at_x(1, name=y / 10), x), (at_y(1, left=x / 10), y)):
        _, name = mark(figure, guess)
        box = name.get_window_extent(FigureCanvasAgg(figure).get_renderer())
        left, bottom = axes.transAxes.inverted().transform((box.x0, box.y0))
        right, top = axes.transAxes.inverted().transform((box.x1, box.y1))
        assert 0 <= left < right <= 1
        assert -0.01 <= bottom < top <= 1
        place = axes.transAxes.inverted().transform(name.xycoords.transform(name.xy))
        assert right < place[0] or place[0] < left, "it would stand on its line"
