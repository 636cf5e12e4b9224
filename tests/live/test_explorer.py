"""Explorers: captions, errors, and what a page asks and receives."""

import base64
import io
import itertools
import threading
import time
import tracemalloc
from typing import NamedTuple

import ipywidgets
import numpy as np
import pytest
from explored import pixels_of
from matplotlib.figure import Figure
from pages import Dot, Page, assert_looks_like, fresh_pixels, meanwhile, speck, tell, unchanged
from PIL import Image

from lessonkit.live import Explorer, Pixels, explore
from lessonkit.live import explorer as explorer_module
from lessonkit.live.page import Page as PageWidget

# -- captions and errors ---------------------------------------------------------------------------


@pytest.mark.parametrize("no_caption", [None, "", "  ", 3, b"text", ["text"]])
def test_the_caption_must_be_a_sentence(no_caption):
    with pytest.raises(TypeError, match=r"^draw must return the caption"):
        explore(lambda: no_caption, Dot().figure)


def test_the_caption_follows_what_is_drawn():
    explorer = Dot().explorer()
    captions = []
    for x in (1, 2.5, -3.1):
        tell(explorer.controls["x"], x)
        captions.append(explorer.caption)
    assert captions == [f"The dot is at {x}." for x in (1, 2.5, -3.1)]


def test_the_first_draw_raises_out_of_explore():
    with pytest.raises(ZeroDivisionError):
        explore(lambda x=0: 1 / x, Dot().figure, x=(0, 1))

    def pieces():
        yield "The first piece."
        raise OSError("no second one")

    with pytest.raises(OSError, match="no second one"):
        explore(pieces, Dot().figure)


@pytest.mark.parametrize("with_page", [False, True], ids=["no page", "page"])
def test_an_error_is_shown_in_words_and_the_good_picture_stays(with_page):
    dot = Dot()

    def draw(x=1.0):
        caption = dot.draw(x)  # the artists have moved when it fails
        if x > 3:
            raise ValueError("x must be at most 3")
        return caption

    explorer = explore(draw, dot.figure, x=(-6.0, 6.0, 0.1))
    page = Page(explorer) if with_page else None

    def move(x):
        if page:
            page.ask(x)
        tell(explorer.controls["x"], x)

    def shown():
        return explorer.png(), explorer.code, explorer.caption

    good = shown()
    pixels = page.pixels.copy() if page else None
    for x in (4, 5, 5):
        move(x)
        assert shown() == good
        assert explorer.error.startswith("ValueError: x must be at most 3 (line ")
        assert explorer.error.endswith("of test_explorer.py)")
        if page:
            message = next(message for message in reversed(page.received) if "error" in message)
            assert message["error"] == explorer.error
            assert message["caption"] == explorer.caption
            np.testing.assert_array_equal(page.pixels, pixels)
    if page:  # who comes later sees it too, on a screen of any density
        late = Page(explorer, density=1.5)
        assert late.received[0]["error"] == explorer.error
        np.testing.assert_array_equal(late.pixels, pixels)
        page = late
    move(1)  # back to the last good value
    assert explorer.error == ""
    assert shown()[1:] == good[1:]
    move(5)
    move(2)
    assert explorer.error == ""
    assert explorer.code == "x=2"
    if page:
        assert page.received[-1]["error"] == ""
        assert page.pixels.shape == (300, 450, 4)


def test_an_error_names_the_line_of_the_cell():
    code = compile("def draw(x=1):\n    return f'{1 / x}'", "/tmp/ipykernel_12/34.py", "exec")
    cell = {}
    exec(code, cell)
    explorer = explore(cell["draw"], Dot().figure, x=(0, 2))
    explorer.controls["x"].value = 0
    assert explorer.error == "ZeroDivisionError: division by zero (line 2 of the cell)"


def test_a_figure_that_cannot_be_drawn_is_an_error_until_it_can():
    dot = Dot()

    def draw(x=0, title="fine"):
        if dot.axes.get_title() != title:
            dot.axes.set_title(title)
        return dot.draw(x)

    explorer = explore(draw, dot.figure, x=(0, 5), title="fine")
    good = explorer.png()
    explorer.controls["title"].value = r"$\nonsense$"
    assert "nonsense" in explorer.error
    assert ".py" not in explorer.error  # the place in our or Matplotlib's files is no help
    explorer.controls["x"].value = 2  # the title is still wrong, and not set anew
    assert "nonsense" in explorer.error
    assert explorer.png() == good
    explorer.controls["x"].value = 0
    explorer.controls["title"].value = "fine"
    assert explorer.error == ""
    assert explorer.png() == good


def test_the_wrong_caption_of_a_later_move_is_an_error():
    explorer = explore(lambda x=0: None if x else "Fine.", Dot().figure, x=(0, 1))
    explorer.controls["x"].value = 1
    assert explorer.error.startswith("TypeError: draw must return the caption")
    assert explorer.caption == "Fine."


# -- facts -----------------------------------------------------------------------------------------


class Square(NamedTuple):
    x: float
    area: float


def square(paint=None, say=None):
    """Return an explorer that measures, paints and says, and what it has painted."""
    painted, picture = [], Pixels()

    def show(facts):
        painted.append(facts)
        picture.set_array([[facts.area / 100]])
        if paint:
            paint(facts)

    def measure(x=2):
        return Square(x, x * x)

    say = say or (lambda facts: f"{facts.x} squared is {facts.area}.")
    return explore(measure, picture, show, say, x=(0, 9)), painted


def test_picture_and_caption_are_made_of_the_same_facts():
    explorer, painted = square()
    explorer.set("x=7")
    assert painted == [Square(2, 4), Square(7, 49)]
    assert explorer.facts is painted[-1]
    assert explorer.caption == "7 squared is 49."
    assert explorer._panels[0].pixels[0, 0] == round(0.49 * 255)


def test_facts_stay_those_of_the_picture_when_something_fails():
    def refuse(facts):
        if facts.x == 5:
            raise ValueError("no 5 here")

    for explorer, _ in (square(paint=refuse), square(say=lambda f: refuse(f) or f"{f.x}.")):
        explorer.set("x=3")
        explorer.set("x=5")
        assert "no 5 here" in explorer.error
        assert explorer.facts == Square(3, 9)
        explorer.set("x=4")
        assert (explorer.error, explorer.facts) == ("", Square(4, 16))


def test_a_drawer_of_its_own_has_no_facts():
    explorer = Dot().explorer()
    explorer.set("x=1")
    assert explorer.facts is None


@pytest.mark.parametrize("only", ["paint", "say"])
def test_paint_and_say_belong_together(only):
    with pytest.raises(TypeError, match="both paint and say, or neither"):
        explore(lambda: Square(1, 1), Pixels(), **{only: lambda facts: "One."})


def test_say_must_return_a_sentence():
    with pytest.raises(TypeError, match=r"^say must return the caption.*got None"):
        square(say=lambda facts: None)


# -- a page that requests pictures -----------------------------------------------------------------


def test_what_comes_late_does_not_move_the_picture_back():
    dot = Dot()
    explorer = dot.explorer(on=True)
    page = Page(explorer)
    page.ask(1, True)
    page.ask(2, True)
    tell(explorer.controls["x"], 1)  # ipywidgets' own message, overtaken
    assert [values["x"] for values in dot.drawn] == [0, 1, 2]
    explorer.controls["on"].value = False  # from Python: nobody else asks for it
    assert dot.drawn[-1]["on"] is False
    explorer.controls["x"].value = 3
    assert dot.drawn[-1] == {"x": 3, "on": False}
    assert page.received[-1]["caption"] == "The dot is at 3."
    assert not page.received[-1]["answer"]  # else the page would count a request as answered


def test_python_follows_a_control_of_the_page_with_another():
    dot = Dot()
    explorer = dot.explorer(n=(0, 10))
    Page(explorer)
    x, n = explorer.controls.values()
    x.observe(lambda change: setattr(n, "value", 7), "value")
    tell(x, 2)
    assert dot.drawn[-1] == {"x": 2, "n": 7}


def test_an_unchanged_value_is_only_acknowledged():
    dot = Dot()
    page = Page(dot.explorer())
    page.ask(3.2)
    before = len(dot.drawn)
    for value in (3.2, 3.2000000000000002, 3.1999999999999997):
        assert page.ask(value) == {"answer": True, "after": page.number}
    assert len(dot.drawn) == before


def test_an_option_that_is_gone_does_no_harm():
    explorer, drawn = speck(item=["a", "b"])
    item = explorer.controls["item"]

    def others(change):
        item.options = ["c", "d"]

    item.observe(others, "value")  # after the explorer has heard of it
    item.value = "b"
    assert drawn[-1] == {"item": "c"}
    assert explorer.code == "item=c"


def test_uploads_are_not_asked_for_but_followed():
    upload = ipywidgets.FileUpload()
    explorer, drawn = speck(x=(0, 10), upload=upload)
    page = Page(explorer)
    listened_to = explorer._page.get_state()["controls"]
    assert listened_to == [f"IPY_MODEL_{explorer.controls['x'].model_id}"]
    weighed = explorer._page.get_state()["uploads"]
    assert weighed == [f"IPY_MODEL_{upload.model_id}"]
    tell(upload, [{"name": "a.png", "type": "", "size": 0, "content": b"", "last_modified": 0}])
    assert drawn[-1]["upload"][0]["name"] == "a.png"
    page.ask(7)
    assert drawn[-1]["x"] == 7
    assert len(drawn[-1]["upload"]) == 1
    assert explorer.code == "x=7"


def test_set_asks_a_page_to_wait_until_all_controls_have_changed():
    explorer = Dot().explorer(on=True)
    page = Page(explorer)
    del page.received[:]
    explorer.set("x=3 on=false")
    assert [message.get("hold") for message in page.received] == [True, None, False]
    del page.received[:]
    with pytest.raises(ValueError, match="on must be"):
        explorer.set("x=4 on=perhaps")
    with pytest.raises(ValueError, match="x must be"):
        explorer.set("on=true x=400")
    assert [message["hold"] for message in page.received if "hold" in message][-1:] in ([], [False])


def test_a_control_that_is_set_quietly_draws_only_when_a_page_asks():
    explorer, drawn = speck(x=(0, 9), y=(0, 9))
    page = Page(explorer)
    before = list(drawn)
    explorer.set_quietly("x", 7)
    assert explorer.controls["x"].value == 7
    assert drawn == before
    page.ask(7, 5)
    assert drawn[-1] == {"x": 7, "y": 5}
    explorer.controls["y"].value = 2  # later changes are followed again, and x is not forgotten
    assert drawn[-1] == {"x": 7, "y": 2}


def test_a_view_that_opens_later_begins_with_the_current_picture():
    dot = Dot()
    explorer = dot.explorer()
    page = Page(explorer)
    for x in (1, 2, 3.5):
        page.ask(x)
    shown = explorer._page.get_state()["opening"]
    assert shown["caption"] == "The dot is at 3.5."
    assert shown["whole"]
    pixels = pixels_of(shown["patches"][0], shown["pixels"][0])
    np.testing.assert_array_equal(pixels, page.pixels)


def test_a_page_that_opens_shows_what_its_controls_say():
    """As one does that was reloaded in mid-drag: ipywidgets' own message was not followed."""
    explorer = Dot().explorer()
    Page(explorer)
    tell(explorer.controls["x"], -3)
    page = Page(explorer)
    assert explorer.caption == page.received[-1]["caption"] == "The dot is at -3."
    tell(explorer.controls["x"], -2)
    page.say(density=2, values=[4.2])  # the page knows better than the kernel
    assert page.received[-1]["caption"] == "The dot is at 4.2."
    plain = Dot(animated=False)
    plain.draw(4.2)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure, 2))


@pytest.mark.parametrize("density", [1, 1.25, 1.5, 2, 3])
def test_a_screen_of_any_density_gets_its_pixels(density):
    dot = Dot()
    explorer = dot.explorer()
    page = Page(explorer, density)
    assert page.received[-1]["size"] == (300, 200)  # CSS pixels are the same on all
    assert page.pixels.shape == (200 * density, 300 * density, 4)
    page.ask(2)
    plain = Dot(animated=False)
    plain.draw(2)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure, density))


def test_densities_out_of_range_are_bounded():
    explorer = Dot().explorer()
    assert Page(explorer, 0.5).pixels.shape == (200, 300, 4)
    assert Page(explorer, 8).pixels.shape == (600, 900, 4)


def test_a_figure_that_is_explored_again_keeps_its_size():
    dot = Dot()
    for _ in range(3):  # a cell that is run three times
        explorer = dot.explorer()
        assert Page(explorer, density=2).received[-1]["size"] == (300, 200)
        explorer.controls["x"].value = 4
    page = Page(explorer)
    plain = Dot(animated=False)
    plain.draw(4)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure))


# -- pointing at the picture -----------------------------------------------------------------------


def dot_to_point_at(on_point):
    """Return a dot that the pointer moves, a page that shows it, and the list of what is drawn."""
    dot = Dot()
    controls = {"x": (-6.0, 6.0, 0.1), "big": False}
    explorer = explore(dot.draw, dot.figure, on_point=on_point, **controls)
    page = Page(explorer)
    dot.drawn.clear()
    page.received.clear()
    return explorer, page, dot.drawn


def test_a_change_in_python_keeps_what_a_page_has_asked_for():
    explorer, drawn = speck(x=(-6.0, 6.0, 0.1), on=False)
    Page(explorer).ask(3.0, False)  # what ipywidgets tells of the slider comes later
    explorer.controls["on"].value = True
    assert drawn[-1] == {"x": 3.0, "on": True}


def test_a_first_picture_is_compressed_only_when_it_is_asked_for(monkeypatch):
    compressed = []
    monkeypatch.setattr(
        explorer_module.canvas, "compress", lambda pixels: compressed.append(pixels) or b""
    )
    explorer, _ = speck(x=(0, 1))
    before = len(compressed)
    explorer._message()
    assert len(compressed) == before + 1
    assert before <= 1  # the state of the view, which a page begins with


def test_the_pointer_sets_the_controls_of_its_place():
    places = []
    explorer, page, drawn = dot_to_point_at(lambda x, y: places.append((x, y)) or {"x": x / 10})
    page.say(values=[0, False], pointer=[25, 7.5])
    assert places == [(25, 7.5)]
    assert explorer.controls["x"].value == 2.5
    assert drawn == [{"x": 2.5, "big": False}]
    assert explorer.code == "x=2.5 big=false"
    assert [message["answer"] for message in page.received] == [True]
    plain = Dot(animated=False)
    plain.draw(x=2.5)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure))


def test_the_pointer_sets_several_controls_in_one_picture():
    explorer, page, drawn = dot_to_point_at(lambda x, y: {"big": y > 5, "x": x})
    page.say(values=[0, False], pointer=[3, 9])
    assert drawn == [{"x": 3.0, "big": True}]
    assert explorer.controls["big"].value is True
    assert len(page.received) == 1


def test_where_there_is_nothing_the_pointer_is_only_answered():
    explorer, page, drawn = dot_to_point_at(lambda x, y: None)
    with unchanged(explorer, drawn):
        page.say(values=[0, False], pointer=[1, 1])
    assert page.received == [{"answer": True, "after": page.number}]


def test_what_the_controls_and_the_pointer_say_at_once_is_one_picture():
    """The page tells a control's value before ipywidgets does."""
    _, page, drawn = dot_to_point_at(lambda x, y: {"x": x} if y else None)
    page.say(values=[-4, True], pointer=[1, 1])
    assert drawn == [{"x": 1.0, "big": True}]
    page.say(values=[-4, True], pointer=[1, 0])
    assert drawn[1:] == [{"x": -4.0, "big": True}]
    assert [message["answer"] for message in page.received] == [True, True]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (lambda x, y: {"x": 99}, "x must be a number from -6 to 6 in steps of 0.1; got 99"),
        (lambda x, y: {"big": True, "x": np.nan}, "x must be a number"),
        (lambda x, y: {"z": 1}, "'z'"),
        (lambda x, y: 1 / 0, "ZeroDivisionError: division by zero (line"),
    ],
)
def test_a_place_that_cannot_be_is_told_in_words_and_changes_nothing(at, words):
    explorer, page, drawn = dot_to_point_at(lambda x, y: at(x, y) if x else {"x": 2.0})
    before = explorer.code
    page.say(values=[0, False], pointer=[1, 1])
    assert words in explorer.error
    assert (explorer.code, drawn) == (before, [])
    assert not explorer.controls["big"].value
    assert page.received[-1]["answer"]
    assert page.received[-1]["error"] == explorer.error
    page.say(values=[0, False], pointer=[0, 1])
    assert not explorer.error
    assert explorer.controls["x"].value == 2


def test_what_the_pointer_chose_fits_where_it_made_a_slider_shorter():
    stage = ipywidgets.Dropdown(options=["large", "small"])
    row = ipywidgets.IntSlider(7, min=0, max=9)
    stage.observe(lambda change: setattr(row, "max", {"large": 9, "small": 2}[change.new]), "value")
    explorer, drawn = speck(on_point=lambda x, y: {"stage": "small"}, stage=stage, row=row)
    page = Page(explorer)
    page.say(values=[0, 7], pointer=[1, 1])
    assert drawn[-1] == {"stage": "small", "row": 2}
    assert explorer.code == "stage=small row=2"
    explorer.set(explorer.code)


def test_a_page_points_only_where_it_is_told_to():
    assert not Dot().explorer()._page.pointed
    assert dot_to_point_at(lambda x, y: None)[0]._page.pointed


# -- what is stored in a notebook ------------------------------------------------------------------


def test_the_stored_picture():
    dot = Dot()
    explorer = dot.explorer()
    explorer.controls["x"].value = 3
    bundle, metadata = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == explorer.caption == "The dot is at 3."
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert metadata == {"image/png": {"alt": explorer.caption, "width": 300, "height": 200}}
    png = base64.b64decode(bundle["image/png"])
    assert png == explorer.png()
    assert len(png) < 20_000
    image = Image.open(io.BytesIO(png))
    assert image.size == (600, 400)
    assert not image.info.get("Software")
    plain = Dot(animated=False)
    plain.draw(3)
    difference = np.asarray(image.convert("RGB")).astype(int)
    difference -= fresh_pixels(plain.figure, 2)[..., :3]
    assert np.abs(difference).mean() < 0.5
    assert np.abs(difference).max() < 40


def test_memory_does_not_grow():
    dot = Dot()
    explorer = dot.explorer()
    page = Page(explorer)
    explorer._page.send = lambda message, pixels=(): None
    dot.text.set_visible(False)  # to be fast: tracing makes text slow
    values = itertools.cycle(np.linspace(-6, 6, 121).round(1).tolist())

    def steps(n):
        for x in itertools.islice(values, n):
            page.say(values=[x])
            del dot.drawn[:]

    steps(50)
    tracemalloc.start()
    try:
        steps(10)
        before = tracemalloc.get_traced_memory()[0]
        steps(500)
        assert tracemalloc.get_traced_memory()[0] - before < 0.5 * 2**20
    finally:
        tracemalloc.stop()


def test_two_threads_never_draw_at_once():
    inside, most = [], []

    def draw(x=0):
        inside.append(x)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        return f"x is {x}."

    explorer = explore(draw, Dot().figure, x=(0, 50))
    page = Page(explorer)
    asking = threading.Thread(target=lambda: [page.ask(x) for x in range(10, 20)])
    asking.start()
    for x in range(20, 30):
        explorer.controls["x"].value = x
        explorer.set(f"x={x + 10}")
        explorer.facts_at(f"x={x}")
    asking.join()
    assert max(most) == 1
    assert explorer.error == ""


def test_what_a_page_sends_does_not_come_between_a_set_and_its_picture():
    explorer = Dot().explorer()
    x, said = explorer.controls["x"], []
    explorer.on_facts(lambda facts: said.append(explorer.caption))
    x.observe(lambda change: change.new == 3 and meanwhile(lambda: tell(x, 1.0)), "value")
    explorer.set("x=3")
    assert said[0] == "The dot is at 3."


def test_words_and_picture_that_a_notebook_keeps_are_of_one_state(monkeypatch):
    explorer, png = Dot().explorer(), Explorer.png
    picture = base64.b64encode(explorer.png()).decode()

    def late(self):
        meanwhile(lambda: self.set("x=3"))
        return png(self)

    monkeypatch.setattr(Explorer, "png", late)
    bundle, _ = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "The dot is at 0."
    assert bundle["image/png"] == picture


def test_what_a_page_opens_with_is_of_one_state(monkeypatch):
    explorer = Dot().explorer()
    size, before = explorer._canvas.size, explorer._message()

    def late(panels):
        meanwhile(lambda: explorer.set("x=3"))
        return size(panels)

    monkeypatch.setattr(explorer._canvas, "size", late)
    assert explorer._page.get_state()["opening"] == before


def test_what_a_page_sent_earlier_and_comes_later_is_only_acknowledged():
    """Two threads of a kernel may answer one page; what waited for a cell to end is old."""
    explorer = Dot().explorer()
    page = Page(explorer)
    for turn, value in [(1, 1.0), (3, 3.0), (2, 2.0)]:
        page.say(values=[value], page="this one", turn=turn)
    assert explorer.caption == "The dot is at 3."
    assert page.received[-1] == {"answer": True, "after": page.number}
    page.say(density=2, values=[2.0], page="this one", turn=2)
    assert explorer.caption == "The dot is at 3."
    assert page.pixels.shape == (400, 600, 4)
    page.say(values=[4.0], page="another", turn=1)
    assert explorer.caption == "The dot is at 4."


def test_a_page_that_has_missed_a_picture_gets_all_of_it():
    explorer = Dot().explorer()
    page = Page(explorer)
    page.say(values=[2.0], whole=True)
    assert "after" not in page.received[-1]
    assert page.received[-1]["answer"]
    assert_looks_like(page.pixels, explorer._panels[0].pixels)


def test_an_explorer_is_a_box():
    explorer = Dot().explorer()
    assert isinstance(explorer, Explorer)
    assert isinstance(explorer, ipywidgets.VBox)
    row, picture = explorer.children
    assert row.children == tuple(explorer.controls.values())
    assert isinstance(picture, PageWidget)
    assert isinstance(explorer.picture, Figure)
