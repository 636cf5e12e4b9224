"""What is drawn, what of it is sent, and arrays of pixels."""

import io
import zlib

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from explored import pixels_of
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from pages import Changing, Dot, Page, fresh_pixels, png_pixels
from PIL import Image

from lessonkit.live import Pixels, explore, lesson_style
from lessonkit.live.canvas import changed_boxes, compress

XS = st.integers(-60, 60).map(lambda tenths: tenths / 10)


@settings(max_examples=12, deadline=None)
@given(st.lists(XS, min_size=1, max_size=6), st.sampled_from([1, 1.5]))
def test_what_is_sent_adds_up_to_the_whole_picture(walk, density):
    page = Page(Dot().explorer(), density)
    plain = Dot(animated=False)
    for x in walk:
        page.ask(x)
        plain.draw(x)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure, density))


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(XS, st.booleans()), min_size=1, max_size=6))
def test_still_things_that_change_are_drawn_too(walk):
    changing, plain = Changing(), Changing(animated=False)
    page = Page(changing.explorer(wide=False))
    for x, wide in [(0.0, False), *walk]:
        page.ask(x, wide)
        with lesson_style():
            plain.draw(x, wide)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure))


def test_only_what_moved_is_drawn_and_sent(monkeypatch):
    whole_draws = []
    draw = FigureCanvasAgg.draw
    monkeypatch.setattr(
        FigureCanvasAgg, "draw", lambda self: (whole_draws.append(self), draw(self))[1]
    )
    page = Page(Dot().explorer())
    assert len(whole_draws) == 2  # first, and at the page's density
    for x in (1, 2, 3):
        message = page.ask(x)
        assert not message["whole"]
        assert len(message["patches"]) in (1, 2)
    assert len(whole_draws) == 2


def test_animated_artists_of_the_figure_and_their_order():
    def make(animated):
        figure = Figure(figsize=(2, 2))
        axes = figure.add_axes((0, 0, 1, 1))
        look = {"animated": animated, "lw": 30}
        axes.axvline(0.5, color="red", zorder=9, **look)
        axes.axhline(0.5, color="blue", zorder=8, **look)
        figure.text(0.1, 0.1, "outside any axes", zorder=99, animated=animated)
        return figure

    page = Page(explore(lambda: "A cross.", make(True)))
    np.testing.assert_array_equal(page.pixels, fresh_pixels(make(False)))


def test_a_transparent_figure_is_sent_with_its_transparency():
    dot = Dot()
    dot.figure.patch.set_alpha(0)
    dot.axes.patch.set_alpha(0)
    page = Page(dot.explorer())
    page.ask(3)
    plain = Dot(animated=False)
    plain.figure.patch.set_alpha(0)
    plain.axes.patch.set_alpha(0)
    plain.draw(3)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure))


@settings(deadline=None)
@given(
    hnp.arrays(bool, st.tuples(st.integers(1, 6), st.integers(1, 25)), elements=st.booleans()),
    st.integers(0, 6),
)
def test_changed_boxes(differs, gap):
    old = np.full((*differs.shape, 4), 7, np.uint8)
    new = old.copy()
    new[..., 2][differs] += 1
    boxes = list(changed_boxes(new, old, gap))
    columns = [x for x in range(differs.shape[1]) if any(differs[:, x])]
    runs = []  # of columns with at most `gap` unchanged ones between them
    for x in columns:
        if runs and x - runs[-1][-1] - 1 < gap:
            runs[-1].append(x)
        else:
            runs.append([x])
    expected = []
    for run in runs:
        rows = [y for y in range(differs.shape[0]) if any(differs[y, run[0] : run[-1] + 1])]
        expected.append((run[0], rows[0], run[-1] + 1, rows[-1] + 1))
    assert boxes == expected


@settings(deadline=None)
@given(
    hnp.arrays(
        np.uint8,
        st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([(), (3,), (4,)])).map(
            lambda shape: (*shape[:2], *shape[2])
        ),
    )
)
def test_compressed_pixels_are_all_there(pixels):
    for part in (pixels, pixels[::-1, ::2]):
        np.testing.assert_array_equal(
            np.frombuffer(zlib.decompress(compress(part)), np.uint8).reshape(part.shape), part
        )


# -- arrays of pixels ------------------------------------------------------------------------------


def shown_pixels(array, width=512):
    picture = Pixels(width)
    picture.set_array(array)
    return Page(explore(lambda: "Squares.", picture)).pixels


@pytest.mark.parametrize(
    ("array", "expected"),
    [
        ([[0, 1]], [[0, 255]]),
        ([[False, True]], [[0, 255]]),
        (np.array([[0.5, 0.25]], np.float32), [[128, 64]]),
        (np.array([[0.5]], np.float16), [[128]]),
        ([[1 + 1e-9, -1e-9]], [[255, 0]]),
        (np.array([[0, 1, 200]], np.uint8), [[0, 1, 200]]),
        (np.arange(6).reshape(3, 1, 2) / 255, [[[0, 2, 4], [1, 3, 5]]]),
        (np.arange(6, dtype=np.uint8).reshape(3, 1, 2), [[[0, 2, 4], [1, 3, 5]]]),
        (np.zeros((3, 2)), [[0, 0], [0, 0], [0, 0]]),
    ],
)
def test_pixels_show_arrays(array, expected):
    np.testing.assert_array_equal(shown_pixels(array), expected)


@settings(deadline=None)
@given(st.integers(0, 255))
def test_pixels_round(level):
    for offset in (-0.49, 0, 0.49):
        value = min(max((level + offset) / 255, 0), 1)
        picture = Pixels()
        picture.set_array([[value]])
        assert picture.panels()[0].pixels[0, 0] == level


@pytest.mark.parametrize(
    ("array", "error", "words"),
    [
        (np.zeros(3), ValueError, r"\(H, W\) or \(3, H, W\), not empty; got \(3,\)"),
        (np.zeros((2, 2, 3)), ValueError, r"got \(2, 2, 3\)"),
        (np.zeros((4, 2, 2)), ValueError, r"got \(4, 2, 2\)"),
        (np.zeros((0, 2)), ValueError, "not empty"),
        (5, ValueError, r"got \(\)"),
        ([[0, 2]], ValueError, "values in 0..1 or be uint8; got 0 to 2"),
        ([[-0.1]], ValueError, "got -0.1 to -0.1"),
        ([[0.1, np.nan]], ValueError, "got nan to nan"),
        ([[np.inf]], ValueError, "got inf"),
        ([[1j]], TypeError, "real numbers; got complex128"),
        ([["a"]], TypeError, "real numbers"),
        (np.array([[None]]), TypeError, "real numbers; got object"),
    ],
)
def test_pixels_refuse(array, error, words):
    picture = Pixels()
    picture.set_array([[0.5]])
    with pytest.raises(error, match=f"^array must .*{words}"):
        picture.set_array(array)
    assert picture.panels()[0].pixels[0, 0] == 128  # what was there stays


@pytest.mark.parametrize("shape", [(2, 3), (3, 2, 2)])
def test_pixels_are_a_copy(shape):
    array = np.zeros(shape, np.uint8)
    array.setflags(write=False)
    picture = Pixels()
    picture.set_array(array)
    array = np.zeros(shape, np.uint8)
    picture.set_array(array)
    array[...] = 9
    assert not picture.panels()[0].pixels.any()


def test_pixels_must_be_given():
    with pytest.raises(ValueError, match=r"picture\.set_array"):
        explore(lambda: "Nothing.", Pixels())


def test_pixels_keep_the_good_picture_and_its_size_after_an_error():
    picture = Pixels(width=100)

    def draw(tall=False):
        picture.set_array(np.zeros((4 if tall else 1, 2)))
        return f"{1 // (not tall)} row"

    explorer = explore(draw, picture, tall=False)
    page = Page(explorer)
    assert page.received[-1]["size"] == (100, 50)
    assert page.received[-1]["pixelated"]
    explorer.controls["tall"].value = True
    assert explorer.error
    assert page.received[-1]["size"] == (100, 50)
    assert page.pixels.shape == (1, 2)
    _, metadata = explorer._repr_mimebundle_()
    assert metadata["image/png"]["height"] == 50


@pytest.mark.parametrize(("side", "stored"), [(1, 512), (28, 504), (300, 600), (600, 600)])
def test_pixels_are_stored_about_as_large_as_they_are_shown(side, stored):
    picture = Pixels()
    picture.set_array(np.eye(side))
    png = png_pixels(explore(lambda: "A diagonal.", picture).png())
    assert png.shape[:2] == (stored, stored)


# -- several panels --------------------------------------------------------------------------------


def two_panels(height=None):
    """Return an explorer of a picture of 5 by 10 pixels beside larger squares of it."""
    picture = Pixels(width=112, panels=2, height=height)
    seen = {}

    def draw(level=0, square=2, bad=False):
        if seen.get("level") != level:
            seen["level"] = level
            picture.set_array(np.full((5, 10), level / 4))
        squares = np.ones((3, -(-5 // square), -(-10 // square)))
        squares[0, 0, 0] = 0
        picture.set_array(squares, panel=1, square=square)
        if bad:
            raise ValueError("a bad one")
        return f"Level {level}, squares of {square}."

    return explore(draw, picture, level=(0, 4), square=(1, 10), bad=False)


def test_panels_are_all_sent_at_first_and_then_those_that_are_set_again():
    page = Page(two_panels())
    first = page.received[-1]
    assert first["whole"]
    assert first["patches"] == [[0, 0, 0, 10, 5, 1], [1, 0, 0, 5, 3, 3]]
    assert first["size"] == (50, 25)  # of each: two of them and a gap of 12 are 112
    assert first["squares"] == [1, 2]
    message = page.ask(0, 3, False)
    assert message["whole"]
    assert [patch[:3] for patch in message["patches"]] == [[1, 0, 0]]
    assert message["squares"] == [1, 3]
    assert [page.panels[panel].shape[:2] for panel in (0, 1)] == [(5, 10), (2, 4)]
    message = page.ask(4, 3, False)
    assert [patch[:3] for patch in message["patches"]] == [[0, 0, 0], [1, 0, 0]]
    assert np.unique(page.panels[0]) == [255]


def test_panels_that_a_failed_draw_has_set_are_not_shown_but_the_next_ones_are():
    explorer = two_panels()
    page = Page(explorer)
    page.ask(1, 2, False)
    png, sent = explorer.png(), len(page.received)
    message = page.ask(3, 7, True)
    assert "a bad one" in message["error"]
    assert (message["patches"], message["squares"], explorer.png()) == ([], [1, 2], png)
    late = Page(explorer, values=[3, 7, True])  # what its controls say, and cannot be drawn
    assert late.received[-1]["squares"] == [1, 2]
    assert np.unique(late.panels[0]) == [64]
    assert len(page.received) == sent + 1
    message = late.ask(3, 7, False)
    assert [patch[:3] for patch in message["patches"]] == [
        [0, 0, 0],
        [1, 0, 0],
    ]  # the first one was set by the failed draw
    assert np.unique(late.panels[0]) == [191]


def test_a_view_that_opens_later_begins_with_all_panels():
    explorer = two_panels()
    page = Page(explorer)
    page.ask(1, 3, False)
    shown = explorer._page.get_state()["opening"]
    assert (shown["caption"], shown["squares"]) == ("Level 1, squares of 3.", [1, 3])
    for panel in (0, 1):
        pixels = pixels_of(shown["patches"][panel], shown["pixels"][panel])
        np.testing.assert_array_equal(pixels, page.panels[panel])


def test_panels_are_stored_side_by_side_and_cut_to_the_first_ones_size():
    explorer = two_panels()
    explorer.set("level=2 square=7")
    expected = np.full((25, 112, 3), 255)
    expected[:, :50] = 128
    expected[:, 62 : 62 + 5 * 7, 0] = 0  # seven pixels of the picture, enlarged five times
    stored = np.asarray(Image.open(io.BytesIO(explorer.png())).convert("RGB")).astype(int)
    assert np.abs(stored - expected).max() <= 2
    _, metadata = explorer._repr_mimebundle_()
    assert metadata["image/png"] == {"alt": explorer.caption, "width": 112, "height": 25}


@pytest.mark.parametrize(
    ("shape", "height", "size"),
    [
        ((5, 10), None, (374, 187)),
        ((512, 512), None, (374, 374)),
        ((20, 10), None, (374, 748)),
        ((20, 10), 512, (256, 512)),
        ((512, 1), 512, (1, 512)),
        ((1, 512), 512, (374, 1)),
        ((900, 1), 512, (1, 512)),
    ],
)
def test_panels_share_the_width_and_are_at_most_as_high(shape, height, size):
    picture = Pixels(width=760, panels=2, height=height)
    picture.set_array(np.zeros(shape))
    picture.set_array(np.zeros((1, 1)), panel=1)
    explorer = explore(lambda: "Two panels.", picture)
    assert Page(explorer).received[-1]["size"] == size
    _, metadata = explorer._repr_mimebundle_()
    assert metadata["image/png"]["width"] == 2 * size[0] + 12
    assert png_pixels(explorer.png()).shape[1] <= 1.25 * (2 * size[0] + 12)


def test_every_panel_must_be_given():
    picture = Pixels(panels=3)
    for panel in (0, 2):
        picture.set_array([[0.5]], panel)
    with pytest.raises(ValueError, match=r"picture\.set_array"):
        explore(lambda: "Two of three.", picture)
    with pytest.raises(IndexError):
        picture.set_array([[0.5]], panel=3)
