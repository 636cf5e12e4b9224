"""Controls: from abbreviations to widgets, and their values to text and back."""

import shlex

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import Dot, Page, speck, tell, unchanged

from lessonkit.live import explore


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


@pytest.mark.parametrize("with_page", [False, True], ids=["no page", "page"])
@pytest.mark.parametrize(
    ("widget", "told", "value", "text"),
    [pytest.param(*row, id=f"{type(row[0]).__name__}-{row[1]}") for row in OWN_WIDGETS],
)
def test_own_widgets(widget, told, value, text, with_page):
    first = widget.value
    try:
        explorer, drawn = speck(name=widget)
        assert explorer.controls["name"] is widget
        if with_page:
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


@pytest.mark.parametrize(
    ("low", "high", "step"), [(1e-12, 5e-12, 1e-12), (0.0, 1e-9, 1e-11), (1e12, 5e12, 1e12)]
)
def test_a_slider_of_very_small_or_large_steps(low, high, step):
    explorer, drawn = speck(x=(low, high, step))
    slider = explorer.controls["x"]
    for k in range(round((high - low) / step) + 1):
        slider.value = low + k * step
        assert drawn[-1]["x"] == pytest.approx(low + k * step, rel=1e-12, abs=0)
        code = explorer.code
        explorer.set(code)
        assert explorer.code == code
    assert slider.readout_format in (".2e", ".0f")


def test_what_shows_another_text_than_it_would_take_cannot_be_typed_into():
    percent = ipywidgets.FloatSlider(min=0, max=1, readout_format=".0%")
    explorer, _ = speck(percent=percent, choice=["a", "b"], plain=(0, 9))
    untyped = {n for n, c in explorer.controls.items() if "lessonkit-untyped" in c._dom_classes}
    assert untyped == {"percent", "choice"}


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
    "no_control",
    [
        None,
        object(),
        ipywidgets.fixed(3),
        ipywidgets.HBox(),
        ipywidgets.Layout(),
        ipywidgets.ValueWidget(),
    ],
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
