"""A picture on a page that is too narrow for it: redrawn in pieces, and all else as it was."""

import io

import numpy as np
import pytest
from matplotlib.figure import Figure
from pages import Page, png_pixels
from PIL import Image

from lessonkit.live import explore, in_pieces
from lessonkit.live.narrow import flow


def two_panels(**look):
    """Return an explorer of two panels, 400 and 300 pixels wide, and its figure."""
    figure = Figure(figsize=(7, 2), dpi=100)
    axes = figure.add_axes((50 / 700, 0.2, 330 / 700, 0.6), title=look.get("title", "left"))
    figure.add_axes((450 / 700, 0.2, 200 / 700, 0.6), title="right")
    (line,) = axes.plot([0, 1], animated=True)
    in_pieces(figure, (0, 400), (400, 700), **{k: v for k, v in look.items() if k == "fit"})

    def draw(height=1):
        line.set_ydata([0, height])
        return f"Height {height}."

    return explore(draw, figure, height=(1, 5)), figure


def edges(figure):
    """Return left, top, right and bottom of each axes, in pixels from the figure's top left."""
    width, height = (round(side * figure.dpi) for side in figure.get_size_inches())
    boxes = [axes.get_position() for axes in figure.axes]
    sides = [(b.x0 * width, (1 - b.y1) * height, b.x1 * width, (1 - b.y0) * height) for b in boxes]
    return np.rint(sides).astype(int).tolist()


def sheet():
    """Return an explorer of a sheet of paper, 600 × 100, and a list of the places pointed at.

    Its pixels tell where they are: red the column, green the row, a sixth and a hundredth each.
    """
    figure, places = Figure(figsize=(6, 1), dpi=100), []
    paper = figure.add_axes((0, 0, 1, 1), xlim=(0, 600), ylim=(100, 0))
    paper.axis("off")
    columns, rows = np.meshgrid(np.arange(600) // 6, np.arange(100))
    picture = np.stack([columns, rows, rows], axis=-1).astype(np.uint8)
    paper.imshow(picture, extent=(0, 600, 100, 0), aspect="auto")
    in_pieces(figure, (300, 0, 600, 100), (0, 0, 300, 50), None, (0, 50, 300, 100))
    explorer = explore(
        lambda x=0: f"At {x}.", figure, on_point=lambda *place: places.append(place), x=(0, 5)
    )
    return explorer, places


def test_a_narrow_page_shows_the_panels_below_each_other_and_narrowed():
    explorer, figure = two_panels()
    page = Page(explorer)
    assert page.received[-1]["size"] == (700, 200)
    page.say(density=1, width=330)
    assert page.received[-1]["size"] == (330, 400)
    assert page.pixels.shape == (400, 330, 4)
    # As far from the edges of their pieces as before: 50 and 20, 50 and 50.
    assert edges(figure) == [[50, 40, 310, 160], [50, 240, 250, 360]]


@pytest.mark.parametrize(
    ("width", "drawn"), [(200, 314), (314, 314), (390, 390), (500, 400), (604, 400), (605, 700)]
)
def test_it_is_drawn_for_the_room_there_is_within_limits(width, drawn):
    """No piece is wider than 400. Shrunk from 700 to 605, text of 10 points is 12 pixels high."""
    explorer, _ = two_panels()
    page = Page(explorer)
    page.say(density=1, width=width)
    across, _ = page.received[-1]["size"]
    assert across == drawn


@pytest.mark.parametrize("width", ["300", None, [], float("nan"), -5, 0, 1e300])
def test_what_is_no_width_leaves_it_as_it_is(width):
    explorer, _ = two_panels()
    page = Page(explorer)
    page.say(density=1, width=width)
    assert page.received[-1]["size"] == (700, 200)


@pytest.mark.parametrize("density", [1, 1.5, 2])
def test_wide_again_it_has_the_same_pixels(density):
    explorer, _ = two_panels(title="a title that is too long for a line of a narrow page")
    page = Page(explorer, density)
    before = page.pixels
    page.say(density=density, width=300)
    assert page.pixels.shape[1] == 314 * density
    page.say(density=density, width=900)
    np.testing.assert_array_equal(page.pixels, before)


def test_a_long_title_takes_more_lines_and_all_below_moves_down():
    short, long = (two_panels(title=words) for words in ("left", "a title much too long " * 3))
    for explorer, _ in (short, long):
        Page(explorer).say(density=1, width=300)
    (above, below), (lower, lowest) = edges(short[1]), edges(long[1])
    more = lower[1] - above[1]
    assert more >= 16
    assert [lower[3] - above[3], lowest[1] - below[1]] == [more, more]


def test_a_slider_that_is_dragged_while_the_page_is_resized_keeps_its_place():
    explorer, _ = two_panels()
    page = Page(explorer)
    page.ask(3)
    page.say(density=1, width=300, values=[4])
    assert (page.received[-1]["caption"], page.received[-1]["size"]) == ("Height 4.", (314, 400))
    narrow = page.pixels
    page.ask(5)
    assert page.received[-1]["caption"] == "Height 5."
    assert not page.received[-1]["whole"]  # only the line has moved
    page.ask(4)
    np.testing.assert_array_equal(page.pixels, narrow)


def test_the_picture_that_a_notebook_stores_is_the_wide_one():
    explorer, _ = two_panels()
    wide = png_pixels(explorer.png())
    page = Page(explorer)
    page.say(density=2, width=300)
    narrow = page.pixels
    _, metadata = explorer._repr_mimebundle_()
    np.testing.assert_array_equal(png_pixels(explorer.png()), wide)
    assert metadata["image/png"]["width"] == 700
    assert Image.open(io.BytesIO(explorer.png())).size == (1400, 400)
    page.say(density=2, width=300)
    np.testing.assert_array_equal(page.pixels, narrow)  # the page does not notice


def test_a_cell_that_is_run_again_takes_the_wide_figure():
    explorer, figure = two_panels()
    Page(explorer).say(density=1, width=300)
    again = Page(explore(lambda height=1: f"{height}", figure, height=(1, 5)))
    assert again.received[-1]["size"] == (700, 200)


def test_fit_hears_of_narrow_and_of_wide_before_each_is_drawn():
    heard = []
    explorer, _ = two_panels(fit=heard.append)
    page = Page(explorer)
    for width in (300, 320, 900):
        page.say(density=1, width=width)
    assert heard[0] is True
    assert heard[-1] is False


def test_of_paper_the_pieces_are_cut_out_and_flow():
    explorer, _ = sheet()
    page = Page(explorer)
    wide = page.pixels
    page.say(density=1, width=320)
    assert page.received[-1]["size"] == (314, 200)
    for (left, top, right, bottom), y in (
        ((300, 0, 600, 100), 0),
        ((0, 0, 300, 50), 100),
        ((0, 50, 300, 100), 150),
    ):
        shown = page.pixels[y : y + bottom - top, : right - left]
        np.testing.assert_array_equal(shown, wide[top:bottom, left:right])


def test_pointing_hits_what_is_seen():
    explorer, places = sheet()
    page = Page(explorer)
    page.say(density=1, width=320)
    for x, y in ((10, 20), (250, 120), (20, 170), (299, 199)):
        page.say(values=[0], pointer=[x, y])
        red, green, *_ = page.pixels[y, x]
        (across, down) = places[-1]
        assert (across // 6, down) == (red, green)
    count = len(places)
    page.say(values=[0], pointer=[310, 50])  # beside the pieces
    assert len(places) == count
    assert not explorer.error


def test_a_figure_of_several_axes_and_no_pieces_is_shrunk():
    figure = Figure(figsize=(7, 2), dpi=100)
    figure.subplots(1, 2)
    page = Page(explore(lambda x=1: f"{x}", figure, x=(1, 5)))
    page.say(density=1, width=300)
    assert page.received[-1]["size"] == (700, 200)


def test_pieces_flow_like_words_and_none_begins_a_line():
    sizes = [(100, 50), (150, 20), (100, 40), (10, 10)]
    assert flow(sizes, 250) == [(0, 0), (100, 0), (0, 50), (100, 50)]
    assert flow(sizes, 250, new_lines={1}) == [(0, 0), (0, 50), (150, 50), (0, 90)]
