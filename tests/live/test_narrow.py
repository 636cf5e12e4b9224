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
    ("width", "drawn"),
    [(0.5, 314), (200, 314), (314, 314), (390, 390), (500, 400), (604, 400), (605, 700)],
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


# -- where all comes to lie, worked out by hand ----------------------------------------------------


def redrawn(figure, *pieces, width=350):
    """Show a figure in these pieces on a page so wide; return its size in CSS pixels."""
    in_pieces(figure, *pieces)
    page = Page(explore(lambda x=1: f"{x}", figure, x=(1, 5)))
    page.say(density=1, width=width)
    return page.received[-1]["size"]


def place_of(text):
    """Return how far a text's anchor is from the figure's left and top, in pixels."""
    (x, y), (width, height) = text.get_position(), text.figure.get_size_inches() * text.figure.dpi
    return round(x * width, 2), round((1 - y) * height, 2)


def test_texts_stay_where_they_are_in_their_piece():
    figure = Figure(figsize=(7, 2), dpi=100)
    for left in (50, 450):
        figure.add_axes((left / 700, 0.2, 200 / 700, 0.6))
    places = [(14, 10), (420, 10), (430, 190), (500, 100)]
    texts = [figure.text(x / 700, 1 - y / 200, "a") for x, y in places]
    assert redrawn(figure, (0, 350), (400, 700)) == (350, 400)
    assert [place_of(text) for text in texts] == [(14, 10), (20, 210), (30, 390), (100, 300)]


def test_pieces_that_lie_below_each_other_stay_so():
    figure = Figure(figsize=(7, 2), dpi=100)
    figure.add_axes((50 / 700, 0.6, 600 / 700, 0.3))
    figure.add_axes((50 / 700, 0.1, 600 / 700, 0.3))
    assert redrawn(figure, (0, 0, 700, 100), (0, 100, 700, 200)) == (350, 200)
    # 350 pixels are lost, all of them from the axes.
    assert edges(figure) == [[50, 20, 300, 80], [50, 120, 300, 180]]


def test_what_is_above_the_widest_axes_is_narrowed_as_that_is():
    figure = Figure(figsize=(7, 2), dpi=100)
    figure.add_axes((50 / 700, 0.1, 600 / 700, 0.3))
    figure.add_axes((170 / 700, 0.6, 360 / 700, 0.3))
    centred = figure.text(350 / 700, 0.95, "a", ha="center")
    beginning = figure.text(350 / 700, 0.5, "a", ha="left")
    redrawn(figure, (0, 0, 700, 200))
    # 350 of its 600 pixels are lost: of what is 120 from its left, 120 · 350 / 600 = 70.
    assert edges(figure) == [[50, 120, 300, 180], [100, 20, 250, 80]]
    assert place_of(centred) == (175, 10)
    assert place_of(beginning) == (350, 100), "it begins where it did"


@pytest.mark.parametrize(
    ("va", "share"),
    [("top", 0), ("center", 0.5), ("center_baseline", 0.5), ("bottom", 1), ("baseline", 1)],
)
def test_what_is_below_a_text_of_more_lines_moves_down(va, share):
    figure = Figure(figsize=(7, 2), dpi=100)
    figure.add_axes((50 / 700, 0.1, 600 / 700, 0.3))
    above = figure.text(20 / 700, 0.9, "a", va="top")
    long = figure.text(20 / 700, 0.7, "words that go on and on " * 4, va=va)
    below = figure.text(20 / 700, 0.5, "b", va="top")
    _, height = redrawn(figure, (0, 0, 700, 200))
    more = place_of(below)[1] - 100
    assert more > 16
    assert height == pytest.approx(200 + more, abs=0.5)  # whole pixels
    assert place_of(above) == (20, 20)
    assert place_of(long) == (20, pytest.approx(60 + share * more, abs=0.02))
    assert place_of(below)[0] == 20
    assert edges(figure)[0][1::2] == [120 + round(more), 180 + round(more)]


def test_texts_of_one_line_that_need_more_go_on_in_the_next():
    figure = Figure(figsize=(7, 2), dpi=100)
    figure.add_axes((50 / 700, 0.1, 600 / 700, 0.3))
    texts = [figure.text(x / 700, 0.9, "seven letters", va="top") for x in (20, 240, 460)]
    redrawn(figure, (0, 0, 700, 200))
    renderer = figure.canvas.get_renderer()
    first, second, third = (text.get_window_extent(renderer) for text in texts)
    line = place_of(texts[2])[1] - 20
    assert line > first.height
    # The second begins where it did, as there is room; the third goes on below the first.
    assert [place_of(text) for text in texts] == [(20, 20), (240, 20), (20, 20 + line)]
    assert second.x1 <= 350 < third.width + second.x1 + 12
    assert edges(figure)[0][1::2] == [120 + round(line), 180 + round(line)]


def test_texts_of_one_line_stay_apart():
    figure = Figure(figsize=(7, 2), dpi=100)
    figure.add_axes((50 / 700, 0.1, 600 / 700, 0.3))
    texts = [figure.text(x / 700, 0.9, "seven letters", va="top") for x in (20, 60)]
    redrawn(figure, (0, 0, 700, 200))
    first, second = (text.get_window_extent(figure.canvas.get_renderer()) for text in texts)
    assert second.x0 - first.x1 == pytest.approx(12, abs=1.5)
    assert second.y0 == first.y0


@pytest.mark.parametrize("density", [1, 2])
def test_the_pieces_of_paper_are_cut_out_at_any_density(density):
    explorer, _ = sheet()
    page = Page(explorer, density)
    wide = page.pixels
    page.say(density=density, width=320)
    height, width = 200 * density, 314 * density
    assert page.pixels.shape[:2] == (height, width)
    half = 100 * density
    np.testing.assert_array_equal(page.pixels[:half, : 3 * half], wide[:, 3 * half :])
    np.testing.assert_array_equal(page.pixels[half:, : 3 * half], wide[:, : 3 * half])
    assert (page.pixels[:, 3 * half :] == 255).all()


def test_the_edges_of_the_pieces_of_paper_are_where_they_are_seen():
    explorer, _ = sheet()
    page = Page(explorer)
    page.say(density=1, width=320)
    for narrow, wide in {
        (0, 0): (300, 0),
        (299, 99): (599, 99),
        (300, 50): None,
        (0, 100): (0, 0),
        (299, 149): (299, 49),
        (0, 150): (0, 50),
        (0, 200): None,
        (-1, 0): None,
    }.items():
        assert explorer._canvas.place(*narrow) == wide, narrow
