"""Live pictures in a plain process: no kernel, no page, only what a page would say and hear."""

import base64
import contextlib
import io
import itertools
import shlex
import threading
import time
import tracemalloc

import hypothesis.extra.numpy as hnp
import ipywidgets
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from PIL import Image

from lessonkit import _paper, live
from lessonkit._paper import changed_boxes, encode_png
from lessonkit.live import Explorer, Pixels, explore, lesson_style

# -- what the tests are made of --------------------------------------------------------------------


class Dot:
    """A figure with a dot that a slider moves, drawn the fast way or, for comparison, plainly."""

    def __init__(self, animated=True, dpi=100):
        with lesson_style():
            self.figure = Figure(figsize=(3, 2), dpi=dpi)
            self.axes = self.figure.subplots()
            self.axes.set(xlim=(-6, 6), ylim=(-6, 6), xticks=[0, 5], yticks=[0])
            self.axes.plot([-6, 6], [-6, 6])
            look = {"animated": animated, "zorder": 9}
            self.dot = self.axes.plot([0], [0], "o", **look)[0]
            self.text = self.axes.text(0, 0, "", color="#D55E0080", **look)
        self.drawn = []  # the arguments of every call

    def draw(self, x=0.0, **others):
        self.drawn.append({"x": x} | others)
        self.dot.set_data([x], [x / 2])
        self.text.set(position=(x, -x), text=f"{x:g}")
        return f"The dot is at {self.dot.get_xdata()[0]:g}."

    def explorer(self, **controls):
        return explore(self.draw, self.figure, **({"x": (-6.0, 6.0, 0.1)} | controls))


def speck(at=None, **controls):
    """Return an explorer of one pixel and the list of the values it draws."""
    picture, drawn = Pixels(width=1), []

    def draw(**values):
        drawn.append(values)
        picture.set_array([[0.5]])
        return "One pixel."

    return explore(draw, picture, at=at, **controls), drawn


def tell(control, value):
    """Give a control a value as a page does, by ipywidgets' own message."""
    name = "index" if "index" in control.keys else "value"
    data = {"method": "update", "state": {name: value}, "buffer_paths": []}
    control._handle_msg({"content": {"data": data}, "buffers": []})


class Page:
    """A page that shows an explorer: it composes the picture from what the kernel sends.

    paces: whether it asks for the next piece of longer work as soon as it has one.
    """

    def __init__(self, explorer, density=1, paces=False):
        self.explorer, self.paces = explorer, paces
        self.heard, self.images = [], {}
        explorer._view.send = self._hear
        self.say(density=density)

    def say(self, **message):
        self.explorer._view._handle_custom_msg(message, [])

    def ask(self, *values):
        self.say(values=list(values))
        return self.heard[-1]

    def _hear(self, news, pngs=()):
        self.heard.append(news)
        if "caption" not in news:
            return
        pieces = [Image.open(io.BytesIO(png)) for png in pngs]
        for piece, (panel, *corner) in zip(pieces, news["corners"], strict=True):
            if news["whole"]:
                self.images[panel] = piece.copy()
            self.images[panel].paste(piece, tuple(corner))
        if self.paces and "next" in news:
            self.say(next=news["next"])

    @property
    def image(self):
        return self.images[0]

    @property
    def pixels(self):
        return np.asarray(self.image)


@pytest.fixture(scope="module", autouse=True)
def _texts_drawn_anew():
    """Let all but the tests of remembered texts compare every pixel exactly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_paper, "LETTER_BY_LETTER", False)
        yield


@pytest.fixture(scope="class")
def _texts_remembered():
    """Remember texts, and let Matplotlib too begin each on a whole pixel."""
    draw = RendererAgg.draw_text

    def draw_on_pixels(self, gc, x, y, text, font, angle, ismath=False, mtext=None):
        if not (angle or ismath):
            x, y = round(x), round(y)
        draw(self, gc, x, y, text, font, angle, ismath, mtext)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_paper, "LETTER_BY_LETTER", True)
        patch.setattr(RendererAgg, "draw_text", draw_on_pixels)
        yield


def fresh_pixels(figure, density=1):
    """Return a figure's pixels from Matplotlib alone."""
    figure.set_dpi(figure.dpi * density)
    canvas = FigureCanvasAgg(figure)
    with lesson_style():
        canvas.draw()
    return np.asarray(canvas.buffer_rgba()).copy()


def assert_looks_like(pixels, expected):
    """Assert that two pictures are the same, up to rounding where letters touch."""
    np.testing.assert_allclose(pixels.astype(int), expected, atol=8)
    assert np.mean(pixels != expected) < 1e-3


def png_pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)))


@contextlib.contextmanager
def unchanged(explorer, drawn):
    """Assert that nothing of an explorer changes meanwhile."""

    def state():
        values = {name: control.value for name, control in explorer.controls.items()}
        return values, explorer.code, explorer.caption, explorer.error, explorer.png(), len(drawn)

    before = state()
    yield
    assert state() == before


# -- controls --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("abbreviation", "kind", "value"),
    [
        ((0, 10), ipywidgets.IntSlider, 5),
        ((0, 10, 2), ipywidgets.IntSlider, 4),
        ((0.0, 1.0, 0.25), ipywidgets.FloatSlider, 0.5),
        (["a", "b"], ipywidgets.Dropdown, "a"),
        ({"one": 1, "two": 2}, ipywidgets.Dropdown, 1),
        ([("one", 1), ("two", 2)], ipywidgets.Dropdown, 1),
        (True, ipywidgets.Checkbox, True),
        ("words", ipywidgets.Text, "words"),
        (3, ipywidgets.IntSlider, 3),
    ],
)
def test_controls_are_interacts_abbreviations(abbreviation, kind, value):
    explorer, drawn = speck(a_name=abbreviation)
    control = explorer.controls["a_name"]
    assert type(control) is kind
    assert drawn == [{"a_name": value}]
    assert control.description == control.tooltip == "a name"


OWN_WIDGETS = [
    # widget, what the page tells of another value, that value as draw gets it, the value in code
    (ipywidgets.IntSlider(3, min=0, max=10), 4, 4, "4"),
    (ipywidgets.FloatSlider(0, min=-6, max=6, step=0.05), 3.2500000000000004, 3.25, "3.25"),
    (ipywidgets.FloatSlider(0, min=0, max=1, step=0.3), 1, 1.0, "1"),
    (ipywidgets.FloatSlider(0, min=0, max=1, step=0.6), 1, 1.0, "1"),
    (ipywidgets.FloatSlider(0, min=0, max=3 * 0.1, step=0.1), 3 * 0.1, 0.3, "0.3"),
    (ipywidgets.FloatSlider(1, min=3 * 0.1, max=1), 3 * 0.1, 3 * 0.1, "0.30000000000000004"),
    (ipywidgets.FloatSlider(0.3, min=-0.9, max=3, step=0.3), -1.1102230246251565e-16, 0.0, "0"),
    (ipywidgets.FloatSlider(0, step=None), 0.123456789012345, 0.123456789012345, None),
    (ipywidgets.FloatRangeSlider(value=(0, 1), step=0.1), [0.30000000000000004, 2], (0.3, 2), None),
    (ipywidgets.IntRangeSlider(value=(0, 1)), [2, 3], (2, 3), "2,3"),
    (ipywidgets.FloatLogSlider(1, min=-3, max=3), 316.22776601683796, 316.22776601683796, None),
    (ipywidgets.FloatLogSlider(1, min=-3, max=3), 1000.0, 1000.0, "1000"),
    (ipywidgets.Checkbox(False), True, True, "true"),
    (ipywidgets.ToggleButton(False), True, True, "true"),
    (ipywidgets.Dropdown(options=["a", "b c"]), 1, "b c", "b c"),
    (ipywidgets.Dropdown(options={"one": 1, "two": 2}), 1, 2, "two"),
    (ipywidgets.Dropdown(options=[("one", 1), ("two", 2)]), 1, 2, "two"),
    (ipywidgets.Dropdown(options=[("two", 2), ("zwei", 2), ("one", 1)]), 2, 1, "one"),
    (ipywidgets.RadioButtons(options=["a", "b"]), 1, "b", "b"),
    (ipywidgets.ToggleButtons(options=[3, 5]), 1, 5, "5"),
    (ipywidgets.Select(options=["a", "b"]), 1, "b", "b"),
    (ipywidgets.SelectionSlider(options=["a", "b"]), 1, "b", "b"),
    (
        ipywidgets.SelectionRangeSlider(options=["a", "b", "c"], index=(0, 2)),
        [1, 1],
        ("b", "b"),
        "b,b",
    ),
    (ipywidgets.SelectMultiple(options=["a", "b", "c"]), [0, 2], ("a", "c"), "a,c"),
    (ipywidgets.SelectMultiple(options=["a", "b"], value=["a"]), [], (), ""),
    (ipywidgets.SelectMultiple(options=["a", "b, c"]), [0, 1], ("a", "b, c"), 'a,"b, c"'),
    (ipywidgets.Text("a"), "it's b", "it's b", "it's b"),
    (ipywidgets.Textarea("a"), "two\nlines", "two\nlines", "two\nlines"),
    (ipywidgets.Combobox(options=["a"]), "b", "b", "b"),
    (ipywidgets.ColorPicker(value="#000000"), "#ff0000", "#ff0000", "#ff0000"),
    (ipywidgets.BoundedIntText(1, min=0, max=2**40), 12345678901, 12345678901, "12345678901"),
    (ipywidgets.BoundedIntText(0, step=5), 7, 7, "7"),
    (ipywidgets.BoundedFloatText(1.0, step=0.5), 2.25, 2.25, "2.25"),
    (ipywidgets.BoundedFloatText(1.0), 2.25, 2.25, "2.25"),
    (ipywidgets.IntText(1), -7, -7, "-7"),
    (ipywidgets.FloatText(1.0), 1e-12, 1e-12, "1e-12"),
    (ipywidgets.FloatText(1.0, step=0.5), -2.3, -2.3, "-2.3"),
    (ipywidgets.Play(value=0, max=9), 3, 3, "3"),
]


@pytest.mark.parametrize("page_asks", [False, True], ids=["no page", "page"])
@pytest.mark.parametrize(
    ("widget", "told", "value", "text"),
    [pytest.param(*row, id=f"{type(row[0]).__name__}-{row[1]}") for row in OWN_WIDGETS],
)
def test_own_widgets(widget, told, value, text, page_asks):
    first = widget.value
    try:
        explorer, drawn = speck(name=widget)
        assert explorer.controls["name"] is widget
        if page_asks:
            page = Page(explorer)
            assert page.ask(told)["answer"]
            assert len(drawn) == 2
        tell(widget, told)
        assert len(drawn) == 2
        assert drawn[-1] == {"name": value}
        assert type(drawn[-1]["name"]) is type(value)
        [pair] = shlex.split(explorer.code)
        assert text is None or pair == f"name={text}"
        code = explorer.code
        widget.value = first
        assert drawn[-1] == drawn[0]
        explorer.set(code)
        assert drawn[-1] == {"name": value}
        assert explorer.code == code
    finally:
        widget.value = first


def test_a_slider_shows_as_many_digits_as_its_steps_have():
    steps = {"a": (0.0, 1.0, 0.1), "b": (0.0, 1.0, 0.25), "c": (0.0, 9.0, 3.0)}
    own = ipywidgets.FloatSlider(0, step=0.1, readout_format=".3f")
    explorer, _ = speck(**steps, d=own, e=(0, 5), f=ipywidgets.FloatSlider(0, step=0.001))
    formats = [control.readout_format for control in explorer.controls.values()]
    assert formats == [".1f", ".2f", ".0f", ".3f", "d", ".3f"]


def test_a_widget_without_description_and_with_an_array_for_value():
    class Pad(ipywidgets.DOMWidget, ipywidgets.ValueWidget):
        value = traitlets.Any()

    pad = Pad(value=np.zeros(3))
    explorer, drawn = speck(pad=pad, x=(0, 10))
    pad.value = np.ones(3)
    assert [values["pad"].sum() for values in drawn] == [0, 3]
    assert explorer.code == "x=5"  # a drawing is not part of it
    assert pad.tooltip == "pad"


def test_options_that_are_arrays():
    options = {"blur": np.ones(4), "edge": np.array([1.0, -1, 1, -1])}
    kernel = ipywidgets.Dropdown(options=options, equals=np.array_equal)
    explorer, drawn = speck(kernel=kernel)
    assert Page(explorer).ask(1)["answer"]
    assert drawn[-1]["kernel"] is options["edge"]
    assert explorer.code == "kernel=edge"
    explorer.set("kernel=blur")
    assert drawn[-1]["kernel"] is options["blur"]
    assert explorer.error == ""


def test_defaults_of_draw_are_the_first_values():
    dot = Dot()

    def draw(x=1.5, kind="b", on=False, n=3):
        return dot.draw(x, kind=kind, on=on, n=n)

    controls = {"x": (-6.0, 6.0, 0.1), "kind": ["a", "b"], "on": True, "n": (1, 5)}
    explorer = explore(draw, dot.figure, **controls)
    assert dot.drawn == [{"x": 1.5, "kind": "b", "on": False, "n": 3}]
    assert explorer.code == "x=1.5 kind=b on=false n=3"
    assert [explorer.controls[name].value for name in controls] == [1.5, "b", False, 3]


def test_a_widget_of_ones_own_has_its_own_first_value():
    own = ipywidgets.IntSlider(7, max=9)
    assert explore(lambda x=2: f"x is {x}.", Dot().figure, x=own).caption == "x is 7."


@pytest.mark.parametrize(
    ("first", "abbreviation", "words"),
    [
        (9, (-6.0, 6.0, 0.1), "a number from -6 to 6 in steps of 0.1"),
        (0.05, (-6.0, 6.0, 0.1), "in steps of 0.1"),
        (0.5, (0, 1), "from 0 to 1"),
        (float("nan"), (-6.0, 6.0), "from -6 to 6"),
        ("x", (0, 1), "from 0 to 1"),
        ("c", ["a", "b"], "one of a, b"),
        ("one", {"one": 1}, "one of one"),
        ("yes", True, "true or false"),
        (1, "words", "text"),
    ],
)
def test_a_default_that_the_control_cannot_have_is_refused(first, abbreviation, words):
    def draw(name=first):
        return "Never drawn."

    with pytest.raises(ValueError, match=f"^draw's default name=.* must be .*{words}"):
        explore(draw, Dot().figure, name=abbreviation)


def test_controls_and_arguments_must_match():
    figure = Dot().figure
    with pytest.raises(TypeError, match="draw must take an argument 'y'"):
        explore(lambda x: "", figure, x=(0, 1), y=(0, 1))
    with pytest.raises(TypeError, match="explore must be given a control 'y'"):
        explore(lambda x, y: "", figure, x=(0, 1))
    with pytest.raises(TypeError, match="explore must be given a control 'y'"):
        explore(lambda x, *, y: "", figure, x=(0, 1))
    assert explore(lambda x, y=7: f"{x} {y}", figure, x=(0, 2)).caption == "1 7"
    assert explore(lambda x, *args, **kwargs: f"{x} {kwargs}", figure, x=(0, 2)).caption == "1 {}"


@pytest.mark.parametrize(
    "no_control", [None, object(), ipywidgets.fixed(3), ipywidgets.HBox(), ipywidgets.Layout()]
)
def test_what_is_no_control_is_refused(no_control):
    with pytest.raises(TypeError, match=r"^x must be "):
        explore(lambda x: "", Dot().figure, x=no_control)


@pytest.mark.parametrize("no_picture", [None, "figure", np.zeros((2, 2))])
def test_what_is_no_picture_is_refused(no_picture):
    with pytest.raises(TypeError, match=r"^picture must be a matplotlib\.figure\.Figure"):
        explore(lambda: "A caption.", no_picture)


def test_a_figure_of_pyplot_is_refused():
    figure = plt.figure()
    try:
        with pytest.raises(ValueError, match=r"^picture must be made by"):
            explore(lambda: "A caption.", figure)
    finally:
        plt.close(figure)


def test_no_controls_at_all():
    explorer = explore(lambda: "Still life.", Dot().figure)
    assert (explorer.caption, explorer.code, explorer.controls) == ("Still life.", "", {})


# -- code and set ----------------------------------------------------------------------------------


@st.composite
def a_control(draw):
    """Draw a widget and two values it can have."""
    kind = draw(st.sampled_from(["float", "int", "range", "options", "several", "text", "box"]))
    if kind in ("float", "int", "range"):
        number = int if kind == "int" else float
        step = draw(st.sampled_from([1, 2, 7] if kind == "int" else [0.1, 0.25, 0.001, 0.3, 3.0]))
        low = round(draw(st.integers(-50, 50)) * step, 10)
        count = draw(st.integers(1, 200))
        value = st.integers(0, count).map(lambda k: round(low + k * step, 10))
        ends = {"min": number(low), "max": number(round(low + count * step, 10)), "step": step}
        if kind == "range":
            pair = st.tuples(value, value).map(sorted).map(tuple)
            return ipywidgets.FloatRangeSlider(**ends, value=draw(pair)), draw(pair), draw(pair)
        slider = ipywidgets.IntSlider if kind == "int" else ipywidgets.FloatSlider
        return slider(**ends), draw(value), draw(value)
    if kind in ("options", "several"):
        labels = draw(st.lists(st.text(max_size=5), min_size=1, max_size=4, unique=True))
        values = draw(st.permutations(range(len(labels))))
        options = list(zip(labels, values, strict=True))
        if draw(st.booleans()):
            options = dict(options)
        if kind == "several":
            some = st.lists(st.sampled_from(values), unique=True).map(tuple)
            return ipywidgets.SelectMultiple(options=options), draw(some), draw(some)
        selections = ["Dropdown", "ToggleButtons", "RadioButtons", "Select", "SelectionSlider"]
        select = getattr(ipywidgets, draw(st.sampled_from(selections)))
        one = st.sampled_from(values)
        return select(options=options), draw(one), draw(one)
    if kind == "text":
        return ipywidgets.Text(), draw(st.text(max_size=9)), draw(st.text(max_size=9))
    box, values = draw(
        st.sampled_from(
            [
                (ipywidgets.Checkbox, st.booleans()),
                (ipywidgets.IntText, st.integers()),
                (ipywidgets.FloatText, st.floats(allow_nan=False)),
                (ipywidgets.BoundedFloatText, st.floats(0, 100)),
                (ipywidgets.FloatLogSlider, st.floats(1, 1e4)),
            ]
        )
    )
    return box(), draw(values), draw(values)


@settings(max_examples=60, deadline=None)
@given(st.lists(a_control(), min_size=1, max_size=4))
def test_set_takes_back_the_code_of_any_controls(drawn_controls):
    names = ["x", "a_b", "c3", "ö"]
    controls = dict(zip(names, drawn_controls, strict=False))
    explorer, drawn = speck(**{name: widget for name, (widget, *_) in controls.items()})
    for name, (widget, value, _) in controls.items():
        widget.value = value
        assert drawn[-1][name] == value
    wanted, code = drawn[-1], explorer.code
    for widget, _, other in controls.values():
        widget.value = other
    before = len(drawn)
    changes = drawn[-1] != wanted
    explorer.set(code)
    assert len(drawn) == before + changes  # one picture for them all
    assert drawn[-1] == wanted
    assert explorer.code == code
    assert {name: control.value for name, control in explorer.controls.items()} == wanted


def test_set_moves_only_what_is_named():
    dot = Dot()
    explorer = dot.explorer(kind=["a", "b c"], on=True)
    assert explorer.code == "x=0 kind=a on=true"
    explorer.set("'kind=b c'")
    assert explorer.code == "x=0 'kind=b c' on=true"
    explorer.set("x=-2 on=false")
    assert dot.drawn[1:] == [
        {"x": 0, "kind": "b c", "on": True},
        {"x": -2, "kind": "b c", "on": False},
    ]
    explorer.set("")
    assert len(dot.drawn) == 3


@pytest.mark.parametrize(
    "code",
    [
        "y=3",
        "x",
        "x=",
        "x=9",
        "x=-6.1",
        "x=3.33",
        "x=nan",
        "x=-inf",
        "x=1e999",
        "x=1,2",
        "n=2.5",
        "n=six",
        "kind=q",
        "kind=",
        "on=maybe",
        "on=1",
        "some=a,q",
        "ends=1",
        "ends=2,1",
        "ends=1,2,3",
        "ends=0,11",
        "log=0",
        "log=1001",
        "colour=nonsense",
        "'x=1",
    ],
)
def test_set_refuses_what_cannot_be_and_changes_nothing(code):
    explorer, drawn = speck(
        x=(-6.0, 6.0, 0.1),
        n=(1, 9, 2),
        kind=["a", "b"],
        on=True,
        some=ipywidgets.SelectMultiple(options=["a", "b"]),
        ends=ipywidgets.FloatRangeSlider(value=(2, 3), min=0, max=10),
        log=ipywidgets.FloatLogSlider(1, min=-3, max=3),
        colour=ipywidgets.ColorPicker(value="red"),
    )
    name = "must close every quote" if code == "'x=1" else code.partition("=")[0]
    with unchanged(explorer, drawn), pytest.raises(ValueError, match=name):
        explorer.set(f"kind=b on=false {code}")
    explorer.controls["x"].value = 2  # and everything still follows
    assert drawn[-1]["x"] == 2
    explorer.controls["colour"].value = "blue"
    assert drawn[-1]["colour"] == "blue"


def test_set_takes_what_captions_and_python_write():
    explorer, drawn = speck(
        x=(-6.0, 6.0, 0.1),
        on=True,
        ends=ipywidgets.FloatRangeSlider(value=(2, 3), min=-9, max=9),
    )
    explorer.set("x=−1.5 on=False ends=−2,−1")
    assert drawn[-1] == {"x": -1.5, "on": False, "ends": (-2, -1)}
    assert explorer.code == "x=-1.5 on=false ends=-2,-1"


@pytest.mark.parametrize("code", [3, None, ["x=1"], b"x=1"])
def test_set_takes_text_alone(code):
    explorer, drawn = speck(x=(0, 9))
    with unchanged(explorer, drawn), pytest.raises(TypeError) as caught:
        explorer.set(code)
    assert str(caught.value) == f"code must be text such as 'x=1 size=large'; got {code!r}"


def test_code_cannot_be_written_over():
    explorer, drawn = speck(x=(0, 9))
    with unchanged(explorer, drawn), pytest.raises(AttributeError, match="code"):
        explorer.code = "x=1"


def test_set_draws_again_what_failed():
    dot = Dot()
    explorer = explore(lambda x=0: dot.draw(x) if x < 3 else 1 / 0, dot.figure, x=(0, 9))
    explorer.set("x=2")
    explorer.set("x=7")
    assert explorer.error
    assert explorer.code == "x=2"  # what is shown
    explorer.set(explorer.code)
    assert explorer.error == ""
    assert explorer.controls["x"].value == 2


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


@pytest.mark.parametrize("page_asks", [False, True], ids=["no page", "page"])
def test_an_error_is_shown_in_words_and_the_good_picture_stays(page_asks):
    dot = Dot()

    def draw(x=1.0):
        caption = dot.draw(x)  # the artists have moved when it fails
        if x > 3:
            raise ValueError("x must be at most 3")
        return caption

    explorer = explore(draw, dot.figure, x=(-6.0, 6.0, 0.1))
    page = Page(explorer) if page_asks else None

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
        assert explorer.error.endswith("of test_live.py)")
        if page:
            news = next(news for news in reversed(page.heard) if "error" in news)
            assert news["error"] == explorer.error
            assert news["caption"] == explorer.caption
            np.testing.assert_array_equal(page.pixels, pixels)
    if page:  # who comes later sees it too, on a screen of any density
        late = Page(explorer, density=1.5)
        assert late.heard[0]["error"] == explorer.error
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
        assert page.heard[-1]["error"] == ""
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


# -- a page that asks ------------------------------------------------------------------------------


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
    assert page.heard[-1]["caption"] == "The dot is at 3."
    assert not page.heard[-1]["answer"]  # else the page would believe one of its questions answered


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
        assert page.ask(value) == {"answer": True}
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
    listened_to = explorer._view.get_state()["controls"]
    assert listened_to == [f"IPY_MODEL_{explorer.controls['x'].model_id}"]
    weighed = explorer._view.get_state()["uploads"]
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
    del page.heard[:]
    explorer.set("x=3 on=false")
    assert [news.get("hold") for news in page.heard] == [True, None, False]
    del page.heard[:]
    with pytest.raises(ValueError, match="on must be"):
        explorer.set("x=4 on=perhaps")
    with pytest.raises(ValueError, match="x must be"):
        explorer.set("on=true x=400")
    assert [news["hold"] for news in page.heard if "hold" in news][-1:] in ([], [False])


def test_a_view_that_opens_later_begins_with_the_current_picture():
    dot = Dot()
    explorer = dot.explorer()
    page = Page(explorer)
    for x in (1, 2, 3.5):
        page.ask(x)
    shown = explorer._view.get_state()["shown"]
    assert shown["caption"] == "The dot is at 3.5."
    assert shown["whole"]
    np.testing.assert_array_equal(png_pixels(shown["pngs"][0]), page.pixels)


@pytest.mark.parametrize("density", [1, 1.25, 1.5, 2, 3])
def test_a_screen_of_any_density_gets_its_pixels(density):
    dot = Dot()
    explorer = dot.explorer()
    page = Page(explorer, density)
    assert page.heard[-1]["size"] == (300, 200)  # CSS pixels are the same on all
    assert page.image.size == (300 * density, 200 * density)
    page.ask(2)
    plain = Dot(animated=False)
    plain.draw(2)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure, density))


def test_densities_out_of_range_are_bounded():
    explorer = Dot().explorer()
    assert Page(explorer, 0.5).image.size == (300, 200)
    assert Page(explorer, 8).image.size == (900, 600)


def test_a_figure_that_is_explored_again_keeps_its_size():
    dot = Dot()
    for _ in range(3):  # a cell that is run three times
        explorer = dot.explorer()
        assert Page(explorer, density=2).heard[-1]["size"] == (300, 200)
        explorer.controls["x"].value = 4
    page = Page(explorer)
    plain = Dot(animated=False)
    plain.draw(4)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure))


# -- pointing at the picture -----------------------------------------------------------------------


def dot_to_point_at(at):
    """Return a dot that the pointer moves, a page that shows it, and the list of what is drawn."""
    dot = Dot()
    controls = {"x": (-6.0, 6.0, 0.1), "big": False}
    explorer = explore(dot.draw, dot.figure, at=at, **controls)
    page = Page(explorer)
    dot.drawn.clear()
    page.heard.clear()
    return explorer, page, dot.drawn


def test_a_change_in_python_keeps_what_a_page_has_asked_for():
    explorer, drawn = speck(x=(-6.0, 6.0, 0.1), on=False)
    Page(explorer).ask(3.0, False)  # what ipywidgets tells of the slider comes later
    explorer.controls["on"].value = True
    assert drawn[-1] == {"x": 3.0, "on": True}


def test_a_first_picture_is_made_into_a_file_only_when_it_is_asked_for(monkeypatch):
    encoded = []
    monkeypatch.setattr(live, "encode_png", lambda pixels: encoded.append(pixels) or b"")
    explorer, _ = speck(x=(0, 1))
    before = len(encoded)
    explorer._news()
    assert len(encoded) == before + 1
    assert before <= 1  # the state of the view, which a page begins with


def test_the_pointer_sets_the_controls_of_its_place():
    places = []
    explorer, page, drawn = dot_to_point_at(lambda x, y: places.append((x, y)) or {"x": x / 10})
    page.say(values=[0, False], pointer=[25, 7.5])
    assert places == [(25, 7.5)]
    assert explorer.controls["x"].value == 2.5
    assert drawn == [{"x": 2.5, "big": False}]
    assert explorer.code == "x=2.5 big=false"
    assert [news["answer"] for news in page.heard] == [True]
    plain = Dot(animated=False)
    plain.draw(x=2.5)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure))


def test_the_pointer_sets_several_controls_in_one_picture():
    explorer, page, drawn = dot_to_point_at(lambda x, y: {"big": y > 5, "x": x})
    page.say(values=[0, False], pointer=[3, 9])
    assert drawn == [{"x": 3.0, "big": True}]
    assert explorer.controls["big"].value is True
    assert len(page.heard) == 1


def test_where_there_is_nothing_the_pointer_is_only_answered():
    explorer, page, drawn = dot_to_point_at(lambda x, y: None)
    with unchanged(explorer, drawn):
        page.say(values=[0, False], pointer=[1, 1])
    assert page.heard == [{"answer": True}]


def test_what_the_controls_and_the_pointer_say_at_once_is_one_picture():
    """The page tells a control's value before ipywidgets does."""
    _, page, drawn = dot_to_point_at(lambda x, y: {"x": x} if y else None)
    page.say(values=[-4, True], pointer=[1, 1])
    assert drawn == [{"x": 1.0, "big": True}]
    page.say(values=[-4, True], pointer=[1, 0])
    assert drawn[1:] == [{"x": -4.0, "big": True}]
    assert [news["answer"] for news in page.heard] == [True, True]


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
    assert page.heard[-1]["answer"]
    assert page.heard[-1]["error"] == explorer.error
    page.say(values=[0, False], pointer=[0, 1])
    assert not explorer.error
    assert explorer.controls["x"].value == 2


def test_what_the_pointer_chose_fits_where_it_made_a_slider_shorter():
    stage = ipywidgets.Dropdown(options=["large", "small"])
    row = ipywidgets.IntSlider(7, min=0, max=9)
    stage.observe(lambda change: setattr(row, "max", {"large": 9, "small": 2}[change.new]), "value")
    explorer, drawn = speck(at=lambda x, y: {"stage": "small"}, stage=stage, row=row)
    page = Page(explorer)
    page.say(values=[0, 7], pointer=[1, 1])
    assert drawn[-1] == {"stage": "small", "row": 2}
    assert explorer.code == "stage=small row=2"
    explorer.set(explorer.code)


def test_a_page_points_only_where_it_is_told_to():
    assert not Dot().explorer()._view.pointed
    assert dot_to_point_at(lambda x, y: None)[0]._view.pointed


# -- longer work -----------------------------------------------------------------------------------


class Pieces:
    """A draw that works in `n` pieces and remembers what became of it."""

    def __init__(self, bad=None, share=False):
        self.figure, self.bad, self.share = Dot().figure, bad, share
        self.log, self.held = [], []

    def draw(self, n=3):
        self.held.append(self.pieces(n))  # Python itself closes what nobody holds
        return self.held[-1]

    def pieces(self, n):
        try:
            for piece in range(1, n + 1):
                if piece == self.bad:
                    raise RuntimeError("a bad piece")
                self.log.append((n, piece))
                caption = f"Piece {piece} of {n}."
                yield (caption, piece / n) if self.share else caption
        except GeneratorExit:
            self.log.append((n, "dropped"))
            raise

    def explorer(self):
        return explore(self.draw, self.figure, n=(1, 9))


def test_without_a_page_all_pieces_are_drawn():
    pieces = Pieces()
    explorer = pieces.explorer()
    assert explorer.caption == "Piece 3 of 3."
    tell(explorer.controls["n"], 2)
    assert explorer.caption == "Piece 2 of 2."
    explorer.set("n=4")
    assert explorer.caption == "Piece 4 of 4."
    assert len(pieces.log) == 3 + 2 + 4


def test_a_page_paces_the_pieces():
    pieces = Pieces()
    explorer = pieces.explorer()
    page = Page(explorer)
    del pieces.log[:]
    news = page.ask(4)
    assert (news["caption"], news["answer"], news["next"]) == ("Piece 1 of 4.", True, 1)
    page.say(next=1)
    assert page.heard[-1]["caption"] == explorer.caption == "Piece 2 of 4."
    assert not page.heard[-1]["answer"]  # the question was answered by the first piece
    for _ in range(3):
        page.say(next=1)  # a second page, or a second time
    assert pieces.log == [(4, 1), (4, 2)]
    page.say(next=2)
    page.say(next=3)
    assert page.heard[-1]["next"] == 4
    page.say(next=4)
    assert "next" not in page.heard[-1]
    page.say(next=5)
    assert pieces.log == [(4, piece) for piece in (1, 2, 3, 4)]
    assert explorer.caption == "Piece 4 of 4."


def test_a_newer_value_drops_the_rest():
    pieces = Pieces()
    explorer = pieces.explorer()
    page = Page(explorer)
    del pieces.log[:]
    page.ask(5)
    page.say(next=1)
    assert page.ask(5) == {"answer": True}  # the same value drops nothing
    page.ask(2)
    assert pieces.log == [(5, 1), (5, 2), (5, "dropped"), (2, 1)]
    page.say(next=2)  # of the work that was dropped
    assert pieces.log[-1] == (2, 1)
    page.say(next=1)
    assert explorer.caption == "Piece 2 of 2."


def test_python_made_changes_are_paced_and_a_page_that_opens_goes_on():
    pieces = Pieces()
    explorer = pieces.explorer()
    Page(explorer)
    explorer.controls["n"].value = 4
    assert explorer.caption == "Piece 1 of 4."
    late = Page(explorer, paces=True)  # the first has gone
    assert explorer.caption == late.heard[-1]["caption"] == "Piece 4 of 4."


def test_work_is_done_at_once_when_no_page_has_asked_for_long(monkeypatch):
    explorer = Pieces().explorer()
    Page(explorer)
    monkeypatch.setattr(live, "SILENCE", 0)
    explorer.set("n=5")
    assert explorer.caption == "Piece 5 of 5."


@pytest.mark.parametrize("share", [True, False])
def test_progress_is_told_after_a_while(monkeypatch, share):
    page = Page(Pieces(share=share).explorer())
    assert "progress" not in page.ask(4)
    monkeypatch.setattr(live, "PATIENCE", -1)
    page.say(next=1)
    assert page.heard[-1]["progress"] == (0.5 if share else None)
    page.say(next=2)
    assert page.heard[-1]["progress"] == (0.75 if share else None)
    page.say(next=3)
    page.say(next=4)
    assert "progress" not in page.heard[-1]


def test_an_error_in_a_later_piece():
    pieces = Pieces()
    explorer = pieces.explorer()
    page = Page(explorer)
    pieces.bad = 3
    page.ask(5)
    page.say(next=1)
    page.say(next=2)
    assert explorer.error.startswith("RuntimeError: a bad piece (line ")
    assert page.heard[-1]["error"] == explorer.error
    assert "next" not in page.heard[-1]
    assert explorer.caption == "Piece 2 of 5."
    pieces.bad = None
    page.ask(5)  # the same value again
    assert explorer.error == ""
    for piece in range(1, 6):
        page.say(next=piece)
    assert explorer.caption == "Piece 5 of 5."


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (None, "caption"),
        (("Fine.", 0.5, 3), "caption"),
        ((None, 0.5), "caption"),
        (("Fine.", 1.5), "share"),
        (("Fine.", float("nan")), "share"),
    ],
)
def test_what_a_piece_must_be(wrong, error):
    def draw():
        yield "Fine."
        yield wrong
        yield "Never reached."

    with pytest.raises((TypeError, ValueError), match=error):
        explore(draw, Dot().figure)


def test_a_generator_must_yield():
    def draw():
        yield from ()

    with pytest.raises(TypeError, match=r"^draw must return the caption"):
        explore(draw, Dot().figure)


# -- only what moved is drawn and sent -------------------------------------------------------------

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


class Changing(Dot):
    """A figure in which still things change too: title, limits, a curve, what is there at all."""

    def draw(self, x=0.0, wide=False):
        caption = super().draw(x)
        self.axes.set_xlim((-12, 12) if wide else (-6, 6))
        self.axes.lines[0].set_visible(x < 3)
        self.dot.set_visible(x > -4)
        if x.is_integer():
            self.axes.set_title(f"whole: {x}")
        return caption


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(XS, st.booleans()), min_size=1, max_size=6))
def test_still_things_that_change_are_drawn_too(walk):
    changing, plain = Changing(), Changing(animated=False)
    page = Page(changing.explorer(wide=False))
    plain.draw()
    for x, wide in walk:
        page.ask(x, wide)
        plain.draw(x, wide)
    np.testing.assert_array_equal(page.pixels, fresh_pixels(plain.figure))


LOOKS = {
    "color": st.sampled_from(["black", "#D55E00", "#0072B280"]),
    "ha": st.sampled_from(["left", "center", "right"]),
    "va": st.sampled_from(["top", "center_baseline", "bottom"]),
    "fontsize": st.sampled_from([10, 13.5]),
    "weight": st.sampled_from(["normal", "bold"]),
    "rotation": st.sampled_from([0, 0, 0, 90, 30]),
    "clip_on": st.booleans(),
}
WORDS = ["−0.12 %", "0.9503", "jay", "0.5 × 10⁻¹⁵", "–", ".", " ", "fjÅ¼", "$x^2$", "two\nlines"]


@pytest.mark.usefixtures("_texts_remembered")
@pytest.mark.skipif(not _paper.LETTER_BY_LETTER, reason="older ones are fast enough without")
class TestRememberedTexts:
    @pytest.mark.parametrize("words", WORDS)
    @settings(max_examples=4, deadline=None)
    @given(
        st.fixed_dictionaries(LOOKS),
        st.lists(st.tuples(st.floats(-6.5, 6), st.floats(-6, 6.5)), min_size=1, max_size=4),
        st.sampled_from([1, 1.5, 2]),
    )
    def test_they_are_the_same(self, words, look, places, density):
        def make(animated):
            with lesson_style():
                figure = Figure(figsize=(3, 2))
                axes = figure.add_axes((0.1, 0.1, 0.8, 0.8), xlim=(-6, 6), ylim=(-6, 6))
                return figure, axes.text(0, 0, words, animated=animated, **look)

        figure, text = make(True)

        def draw(number):
            text.set_position(places[number])
            return "A text."

        page = Page(explore(draw, figure, number=list(range(len(places)))), density)
        for number, place in [*enumerate(places)] * 2:  # the second time all is remembered
            page.ask(number)
            plain, again = make(False)
            again.set_position(place)
            assert_looks_like(page.pixels, fresh_pixels(plain, density))

    def test_each_is_shaped_once_and_not_too_many_are_kept(self, monkeypatch):
        shaped = []
        shape = _paper._shape_text
        monkeypatch.setattr(_paper, "_shape_text", lambda *a: (shaped.append(a[1]), shape(*a))[1])
        page = Page(Dot().explorer())
        page.ask(1)
        shaped.clear()
        for x in (2, 3, 2, 3):
            page.ask(x)
        assert shaped == ["2", "3"]
        monkeypatch.setattr(_paper, "TEXTS", 3)
        for x in (4, 5, 6, 4, 1, 4):  # at 4 and at 1 there are 3 or more, and all are forgotten
            page.ask(x)
        assert shaped == ["2", "3", "4", "5", "6", "1", "4"]


def test_only_what_moved_is_drawn_and_sent(monkeypatch):
    whole_draws = []
    draw = FigureCanvasAgg.draw
    monkeypatch.setattr(
        FigureCanvasAgg, "draw", lambda self: (whole_draws.append(self), draw(self))[1]
    )
    page = Page(Dot().explorer())
    assert len(whole_draws) == 2  # first, and at the page's density
    for x in (1, 2, 3):
        news = page.ask(x)
        assert not news["whole"]
        assert len(news["corners"]) in (1, 2)
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
def test_encode_png(pixels):
    image = Image.open(io.BytesIO(encode_png(pixels)))
    image.load()
    assert image.mode == {2: "L", 3: "RGBA" if pixels.shape[-1] == 4 else "RGB"}[pixels.ndim]
    np.testing.assert_array_equal(np.asarray(image), pixels)
    np.testing.assert_array_equal(png_pixels(encode_png(pixels[::-1, ::2])), pixels[::-1, ::2])


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
    assert page.heard[-1]["size"] == (100, 50)
    assert page.heard[-1]["pixelated"]
    explorer.controls["tall"].value = True
    assert explorer.error
    assert page.heard[-1]["size"] == (100, 50)
    assert page.image.size == (2, 1)
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
    first = page.heard[-1]
    assert first["whole"]
    assert first["corners"] == [[0, 0, 0], [1, 0, 0]]
    assert first["size"] == (50, 25)  # of each: two of them and a gap of 12 are 112
    assert first["squares"] == [1, 2]
    news = page.ask(0, 3, False)
    assert news["whole"]
    assert news["corners"] == [[1, 0, 0]]
    assert news["squares"] == [1, 3]
    assert [page.images[panel].size for panel in (0, 1)] == [(10, 5), (4, 2)]
    news = page.ask(4, 3, False)
    assert news["corners"] == [[0, 0, 0], [1, 0, 0]]
    assert np.unique(page.images[0]) == [255]


def test_panels_that_a_failed_draw_has_set_are_not_shown_but_the_next_ones_are():
    explorer = two_panels()
    page = Page(explorer)
    page.ask(1, 2, False)
    png, sent = explorer.png(), len(page.heard)
    news = page.ask(3, 7, True)
    assert "a bad one" in news["error"]
    assert (news["corners"], news["squares"], explorer.png()) == ([], [1, 2], png)
    late = Page(explorer)
    assert late.heard[-1]["squares"] == [1, 2]
    assert np.unique(late.images[0]) == [64]
    assert len(page.heard) == sent + 1
    news = late.ask(3, 7, False)
    assert news["corners"] == [[0, 0, 0], [1, 0, 0]]  # the first one was set by the failed draw
    assert np.unique(late.images[0]) == [191]


def test_a_view_that_opens_later_begins_with_all_panels():
    explorer = two_panels()
    page = Page(explorer)
    page.ask(1, 3, False)
    shown = explorer._view.get_state()["shown"]
    assert (shown["caption"], shown["squares"]) == ("Level 1, squares of 3.", [1, 3])
    for panel in (0, 1):
        np.testing.assert_array_equal(png_pixels(shown["pngs"][panel]), page.images[panel])


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
    assert Page(explorer).heard[-1]["size"] == size
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


def test_nothing_leaks_into_matplotlib():
    figures, settings_before = plt.get_fignums(), dict(mpl.rcParams)
    changing = Changing()
    page = Page(changing.explorer(wide=False))
    for x in (1, 2, 3):
        page.ask(x, True)
    page.explorer.png()
    assert plt.get_fignums() == figures
    assert dict(mpl.rcParams) == settings_before


def test_the_look_of_the_lessons():
    with lesson_style():
        assert not mpl.rcParams["axes.spines.top"]
    assert mpl.rcParams["axes.spines.top"]
    with pytest.raises(ZeroDivisionError), lesson_style():
        raise ZeroDivisionError
    assert mpl.rcParams["axes.spines.top"]
    spines = lesson_style()(lambda: mpl.rcParams["axes.spines.top"])
    assert (spines(), spines(), mpl.rcParams["axes.spines.top"]) == (False, False, True)


def test_memory_does_not_grow():
    dot = Dot()
    explorer = dot.explorer()
    page = Page(explorer)
    explorer._view.send = lambda news, pngs=(): None
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


# -- Jupyter can run a cell in one thread and answer the page in another ---------------------------


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
    asking.join()
    assert max(most) == 1
    assert explorer.error == ""


def test_the_look_of_one_thread_does_not_stay_in_another():
    before = dict(mpl.rcParams)
    entered, leave = threading.Event(), threading.Event()

    def other():
        with lesson_style():
            entered.set()
            leave.wait(5)

    thread = threading.Thread(target=other)
    thread.start()
    entered.wait(5)
    threading.Timer(0.05, leave.set).start()
    with lesson_style():
        thread.join(0.2)
    thread.join()
    assert dict(mpl.rcParams) == before


def test_an_explorer_is_a_box():
    explorer = Dot().explorer()
    assert isinstance(explorer, Explorer)
    assert isinstance(explorer, ipywidgets.VBox)
    row, picture = explorer.children
    assert row.children == tuple(explorer.controls.values())
    assert isinstance(picture, live.Picture)
    assert isinstance(explorer.picture, Figure)
