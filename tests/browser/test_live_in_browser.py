"""Live pictures in a real JupyterLab: what a learner sees, hears and does."""

import contextlib
import inspect
import itertools
import re

import nbformat
import numpy as np
import pytest
from lab import DARK, LIGHT, ExplorerInPage

pytestmark = pytest.mark.browser


def dot():
    """Show a dot that slider, dropdown and checkbox move; kind "none" cannot be drawn."""
    from matplotlib.figure import Figure

    from lessonkit.live import explore, lesson_style

    with lesson_style():
        figure = Figure(figsize=(7.6, 2))
        axes = figure.subplots()
        axes.set(xlim=(-6, 6), ylim=(-6, 6))
        curve = axes.plot([-6, 6], [-6, 6])[0]
        point = axes.plot([0], [0], "o", animated=True)[0]

    def draw(x=0.0, kind="up", big=False):
        slope = {"up": 1, "down": -1}[kind]
        if curve.get_ydata()[1] != 6 * slope:
            curve.set_data([-6, 6], [-6 * slope, 6 * slope])
        point.set_data([x], [x * slope])
        point.set_markersize(20 if big else 7)
        drawn.append((x, kind, big))
        return f"At x = {point.get_xdata()[0]:.1f} the height is {point.get_ydata()[0]:.1f}."

    drawn = []
    explorer = explore(draw, figure, x=(-6.0, 6.0, 0.1), kind=["up", "down", "none"], big=False)
    explorer.drawn = drawn
    return explorer


def slow():
    """Work in 40 pieces of 50 ms, each a brighter square."""
    import time

    from lessonkit.live import Pixels, explore

    picture = Pixels(width=200)
    log = []

    def draw(n=0):
        try:
            for piece in range(41 if n else 1):
                picture.set_array([[piece / 40]])
                log.append((n, piece))
                yield f"Piece {piece} of {n}.", piece / 40
                time.sleep(0.05)
        finally:
            log.append((n, "end"))

    explorer = explore(draw, picture, n=(0, 5))
    explorer.record = log
    return explorer


def many():
    """Show every kind of control."""
    import ipywidgets
    from matplotlib.figure import Figure

    from lessonkit.live import explore

    return explore(
        lambda **values: "Values: " + " ".join(map(str, values.values())),
        Figure(figsize=(2, 1)),
        whole=(0, 10),
        decimal=(0.0, 1.0, 0.1),
        rate=ipywidgets.FloatLogSlider(0.01, min=-4, max=0),
        ends=ipywidgets.FloatRangeSlider(value=(0.1, 0.5), min=0, max=1, step=0.1),
        size=ipywidgets.SelectionSlider(options=["small", "middle", "large"]),
        share=ipywidgets.FloatSlider(0.5, min=0, max=1, step=0.1, readout_format=".0%"),
        choice=["a", "b"],
        tick=True,
        press=ipywidgets.ToggleButton(False, description="press"),
        buttons=ipywidgets.ToggleButtons(options=["left", "right"]),
        radio=ipywidgets.RadioButtons(options=["near", "far"]),
        several=ipywidgets.SelectMultiple(options=["one", "two"]),
        words="some words",
        number=ipywidgets.BoundedIntText(3, min=0, max=9),
    )


FUNCTIONS = {"dot": dot, "slow": slow, "many": many}


@pytest.fixture(scope="module")
def open_notebook(lab, open_page, tmp_path_factory):
    """Return a function that opens a new notebook with all explorers and runs it.

    Each has a kernel of its own: pages that show the same notebook share one.
    """
    cells = [
        nbformat.v4.new_code_cell(f"{inspect.getsource(function)}\n{name}_ = {name}()\n{name}_")
        for name, function in FUNCTIONS.items()
    ]
    kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})
    names = (f"live{i}.ipynb" for i in itertools.count())

    def open_notebook(**options):
        path = tmp_path_factory.mktemp("live") / next(names)
        nbformat.write(notebook, path)
        page = open_page(**options)
        page.open(lab, lab.add(path))
        page.run_all()
        return page

    return open_notebook


@pytest.fixture(scope="module")
def shared_page(open_notebook):
    return open_notebook()


@pytest.fixture
def page(shared_page):
    """The page in which all explorers are as they were at first."""
    shared_page.python("dot_.set('x=0 kind=up big=false'); slow_.set('n=0')")
    yield shared_page
    assert shared_page.complaints == []


@pytest.fixture
def dot_in_page(page):
    explorer = page.explorers()[0]
    explorer.wait_for_caption(caption_at(0))
    return explorer


def caption_at(x, height=None):
    return f"At x = {x:.1f} the height is {x if height is None else height:.1f}."


def expected_pixels(code="", density=1):
    """Return the picture that a fresh explorer draws."""
    explorer = dot()
    explorer._on_message({"density": density})
    explorer.set(code)
    return explorer._panels[0].pixels


def assert_same_picture(explorer, code, density=1):
    np.testing.assert_array_equal(explorer.pixels(), expected_pixels(code, density))


# -- moving the controls ---------------------------------------------------------------------------


def test_a_slider_by_keyboard(dot_in_page):
    slider = dot_in_page.slider("x")
    slider.focus()
    for x in (0.1, 0.2, 0.3):
        assert dot_in_page.act(lambda: slider.press("ArrowRight")) > 0
        assert dot_in_page.caption == caption_at(x)
        assert slider.get_attribute("aria-valuetext") == f"{x}"
    slider.press("Home")
    dot_in_page.wait_for_caption(caption_at(-6))
    assert_same_picture(dot_in_page, "x=-6")


def test_a_slider_by_mouse(dot_in_page):
    slider = dot_in_page.slider("x")
    assert dot_in_page.act(lambda: dot_in_page.drag(slider, 0.9, steps=30)) > 0
    x = round(float(slider.get_attribute("aria-valuenow")), 1)
    assert 4 < x < 6
    dot_in_page.wait_for_caption(caption_at(x))
    assert_same_picture(dot_in_page, f"x={x}")


@contextlib.contextmanager
def without_timers(page, ms):
    """Start no timer of so many milliseconds in the page."""
    page.page.evaluate(
        """ms => { window.oldTimeout = window.setTimeout; window.setTimeout =
            (call, wait, ...rest) => wait === ms ? 0 : window.oldTimeout(call, wait, ...rest); }""",
        ms,
    )
    try:
        yield
    finally:
        page.page.evaluate("() => { window.setTimeout = window.oldTimeout; }")


def nothing_forgiven(page):
    """Let the page wait for its answers for ever, else it asks again after 3 seconds."""
    return without_timers(page, 3000)


@contextlib.contextmanager
def frames_by_hand(page):
    """Draw no frame but by the function that this gives; it returns the first caption in it."""
    page.page.evaluate(
        """() => { const held = [], old = window.requestAnimationFrame;
        window.requestAnimationFrame = (call) => held.push(call);
        window.frame = async () => {
            held.splice(0).forEach(call => call());
            for (let i = 0; i < 20; i += 1) await null;  // what is to do before the drawing
            return document.querySelector("[role=status]").textContent; };
        window.noMoreByHand = () => {
            window.requestAnimationFrame = old; old(() => {}); window.frame(); }; }"""
    )
    try:
        yield lambda: page.page.evaluate("() => window.frame()")
    finally:
        page.page.evaluate("() => window.noMoreByHand()")


def test_answers_make_room_for_new_questions(dot_in_page, page):
    slider = dot_in_page.slider("x")
    slider.focus()
    with nothing_forgiven(page):
        for x in (0.1, 0.2, 0.3, 0.4, 0.5):
            slider.press("ArrowRight")
            dot_in_page.wait_for_caption(caption_at(x))


def test_at_most_three_questions_are_unanswered(dot_in_page, page):
    slider = dot_in_page.slider("x")
    slider.focus()
    page.python("dot_.asked = []; dot_._on_message = dot_.asked.append")
    with nothing_forgiven(page):
        for _ in range(5):
            slider.press("ArrowRight")
        # what ipywidgets itself tells goes the same way, and comes after the questions
        while float(page.python("print(dot_.controls['x'].value)")) < 0.45:
            page.page.wait_for_timeout(20)
        asked = page.python("del dot_._on_message; print(dot_.asked)")
        values = re.findall(r"[\d.]+(?=, 0, False)", asked)
        assert [round(float(value), 6) for value in values] == [0.1, 0.2, 0.3]
        page.python("for message in dot_.asked: dot_._on_message(message)")
        dot_in_page.wait_for_caption(caption_at(0.5))  # the newest; 0.4 was overtaken
    assert "(0.4," not in page.python("print(dot_.drawn[-4:])")


def test_lost_answers_are_forgiven(dot_in_page, page):
    page.python("dot_._on_message = lambda message: None")
    slider = dot_in_page.slider("x")
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    page.python("del dot_._on_message")
    dot_in_page.wait_for_caption(caption_at(0.5))


def test_only_a_question_after_a_lull_is_followed_by_a_nudge(dot_in_page, page):
    slider = dot_in_page.slider("x")
    slider.focus()
    page.python("""dot_.asked = []
def _on_message(message):
    dot_.asked.append("values" if "values" in message else "nudge")
    type(dot_)._on_message(dot_, message)
dot_._on_message = _on_message""")
    # later than any question that another test has asked in this page
    start = 1000 + page.page.evaluate(
        "() => { window.oldNow = performance.now; return performance.now(); }"
    )
    try:
        for number, after in enumerate((0, 20, 35, 100, 1000), 1):
            page.page.evaluate("now => { performance.now = () => now; }", start + after)
            slider.press("ArrowRight")
            dot_in_page.wait_for_caption(caption_at(number / 10))
            page.page.wait_for_timeout(30)  # more than the page waits before it nudges
    finally:
        page.page.evaluate("() => { performance.now = window.oldNow; }")
    asked = page.python("del dot_._on_message; print(*dot_.asked)").split()
    assert asked == ["values", "nudge", "values", "values", *["values", "nudge"] * 2]


def test_two_pictures_of_one_frame_are_shown_one_after_the_other(dot_in_page, page):
    def send(*xs):
        for x in xs:
            page.python(f"dot_.set('x={x}')")
        page.page.wait_for_timeout(300)  # there is nothing to wait for where nothing may happen

    send(0)  # and the picture before is on the screen
    with without_timers(page, 50), frames_by_hand(page) as frame:
        send(0.1)
        dot_in_page.wait_for_caption(caption_at(0.1))
        send(0.2)
        assert frame() == caption_at(0.1)
        dot_in_page.wait_for_caption(caption_at(0.2))
        send(0.3, 0.4, 0.5)
        assert frame() == caption_at(0.2)
        dot_in_page.wait_for_caption(caption_at(0.4))  # 0.3 is passed over
        assert frame() == caption_at(0.4)
        dot_in_page.wait_for_caption(caption_at(0.5))
        assert frame() == caption_at(0.5)
        send(0.6)
        dot_in_page.wait_for_caption(caption_at(0.6))
    assert_same_picture(dot_in_page, "x=0.6")


def test_pictures_come_in_where_nobody_sees_a_frame(dot_in_page, page):
    with frames_by_hand(page):
        for x in (0.1, 0.2, 0.3):
            page.python(f"dot_.set('x={x}')")
        dot_in_page.wait_for_caption(caption_at(0.3))
    assert_same_picture(dot_in_page, "x=0.3")


def test_dropdown_and_checkbox(dot_in_page, page):
    slider = dot_in_page.slider("x")
    slider.focus()
    slider.press("End")
    dot_in_page.wait_for_caption(caption_at(6))
    dot_in_page.box.get_by_role("combobox", name="kind").select_option("down")
    dot_in_page.wait_for_caption(caption_at(6, -6))
    assert_same_picture(dot_in_page, "x=6 kind=down")
    dot_in_page.look()
    dot_in_page.box.get_by_role("checkbox", name="big").check()
    page.page.wait_for_function("() => true")
    wait_for_pixels(dot_in_page, "x=6 kind=down big=true")


def wait_for_pixels(explorer, code):
    """Wait for a picture whose caption does not tell it from the last one."""
    for _ in range(100):
        if np.array_equal(explorer.pixels(), expected_pixels(code)):
            return
    assert_same_picture(explorer, code)


def test_python_made_changes_are_seen(dot_in_page, page):
    page.python("dot_.controls['x'].value = 3")
    dot_in_page.wait_for_caption(caption_at(3))
    assert_same_picture(dot_in_page, "x=3")


def test_set_makes_one_picture(dot_in_page, page):
    for x, kind, sign in [(4.5, "down", -1), (-2.5, "up", 1), (1.5, "down", -1)]:
        before = len(page.python("print(*dot_.drawn, sep='\\n')").splitlines())
        page.python(f"dot_.set('x={x} kind={kind}')")
        dot_in_page.wait_for_caption(caption_at(x, sign * x))
        assert_same_picture(dot_in_page, f"x={x} kind={kind}")
        # the page asks when its controls have changed: let that be answered too
        page.page.wait_for_timeout(150)
        drawn = page.python("print(*dot_.drawn, sep='\\n')").splitlines()[before:]
        assert drawn == [str((x, kind, False))]


def test_an_error_is_shown_and_cleared(dot_in_page):
    box = dot_in_page.box
    alert = box.get_by_role("alert")
    assert alert.count() == 0
    before = dot_in_page.pixels()
    kind = box.get_by_role("combobox", name="kind")
    kind.select_option("none")
    alert.wait_for()
    assert re.fullmatch(r"KeyError: 'none' \(line \d+ of the cell\)", alert.inner_text())
    np.testing.assert_array_equal(dot_in_page.pixels(), before)
    assert dot_in_page.caption == caption_at(0)
    kind.select_option("up")
    box.locator("[role=alert]").wait_for(state="hidden")
    assert dot_in_page.error == ""


def test_a_picture_that_cannot_be_shown_says_so(dot_in_page, page):
    page.python("""if True:
        message = dot_._message()
        del message["pixels"]
        dot_._page.send(message, [b"no picture"])""")
    alert = dot_in_page.box.get_by_role("alert")
    alert.wait_for()
    assert alert.inner_text().startswith("The picture could not be shown: ")
    page.python("dot_.set('x=2')")
    dot_in_page.box.locator("[role=alert]").wait_for(state="hidden")
    assert_same_picture(dot_in_page, "x=2")


def test_nothing_shines_through_a_transparent_figure(dot_in_page, page):
    for alpha in (0, 1):
        page.python(f"for p in [dot_.picture, *dot_.picture.axes]: p.patch.set_alpha({alpha})")
        for x in (5, -5):
            page.python(f"dot_.set('x={x}')")
            dot_in_page.wait_for_caption(caption_at(x))
        corner, old_place = dot_in_page.pixels()[[0, 33], [0, 635], 3]  # just above the line
        assert corner == old_place == 255 * alpha


# -- what a screen reader is told ------------------------------------------------------------------


def test_controls_have_names(page):
    box = page.explorers()[2].box
    for role, names in {
        "slider": ["whole", "decimal", "rate", "ends, from", "ends, to", "size", "share"],
        "combobox": ["choice"],
        "listbox": ["several"],
        "group": ["buttons", "radio"],
        "radio": ["near", "far"],
        "checkbox": ["tick"],
        "button": ["press", "left", "right"],
        "spinbutton": ["number"],
        "textbox": ["words", *(f"{name}, type a value" for name in ("whole", "rate", "ends"))],
    }.items():
        for name in names:
            assert box.get_by_role(role, name=name, exact=True).count() == 1, (role, name)
    for name in ("size", "share"):  # what they show is not what they would take
        assert box.get_by_role("textbox", name=f"{name}, type a value").count() == 0
        readout = box.locator(
            ".widget-slider", has=page.page.get_by_role("slider", name=name)
        ).locator(".widget-readout")
        assert readout.count() == 1
        assert not readout.evaluate("e => e.isContentEditable || e.tabIndex >= 0")
    buttons = box.get_by_role("group", name="buttons")
    buttons.get_by_role("button", name="left", pressed=True).wait_for()
    buttons.get_by_role("button", name="right", pressed=False).click()
    buttons.get_by_role("button", name="right", pressed=True).wait_for()
    buttons.get_by_role("button", name="left", pressed=False).wait_for()
    nameless = box.get_by_role("slider").evaluate_all(
        "all => all.filter(e => !e.getAttribute('aria-label')).length"
    )
    assert nameless == 0


def test_a_typed_value_replaces_the_old_one(page):
    explorer = page.explorers()[2]
    slider = explorer.slider("whole")
    slider.press("Home")
    slider.press("Tab")
    page.page.keyboard.type("7")
    page.page.keyboard.press("Enter")
    page.page.wait_for_function("e => e.ariaValueText === '7'", arg=slider.element_handle())


@pytest.mark.parametrize(
    ("role", "name"), [("slider", "x"), ("checkbox", "big"), ("combobox", "kind")]
)
def test_letters_on_a_control_do_nothing_to_the_notebook(dot_in_page, page, role, name):
    """JupyterLab's shortcuts would cut the cell (x), make it text (m), add one (a, b), leave it."""
    state = """() => { const { content } = window.jupyterapp.shell.currentWidget;
        const types = content.widgets.map(cell => cell.model.type);
        return [content.activeCellIndex, content.mode, ...types]; }"""
    control = dot_in_page.box.get_by_role(role, name=name, exact=True)
    control.focus()
    before = page.page.evaluate(state)
    for key in "xmabjky00":
        page.page.keyboard.press(key)
    assert page.page.evaluate(state) == before
    assert control.evaluate("e => e === document.activeElement")
    if role == "checkbox":
        control.press("Space")
        wait_for_pixels(dot_in_page, "x=0 big=true")


def test_an_explorer_is_a_group_named_by_the_heading_above_it(open_page, lab, tmp_path):
    cells = [
        nbformat.v4.new_code_cell(f"{inspect.getsource(dot)}\nother = dot()\nother"),
        nbformat.v4.new_markdown_cell("# A *smile*\n\n## How many?\n\nText."),
        nbformat.v4.new_markdown_cell("More text."),
        nbformat.v4.new_code_cell("dot_ = dot()\ndot_"),
    ]
    kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernelspec})
    nbformat.write(notebook, tmp_path / "named.ipynb")
    page = open_page()
    page.open(lab, lab.add(tmp_path / "named.ipynb"))
    page.run_all()
    page.explorers()
    for name in ("explorer", "How many?"):
        page.page.get_by_role("group", name=name, exact=True).wait_for()
    page.page.wait_for_timeout(700)  # more than a picture must be still to be read
    spoken = page.page.locator(".lessonkit-caption[aria-live=polite]")
    assert spoken.count() == 0, "Run All reads no caption aloud"
    page.python("dot_.set('x=1')")
    spoken.wait_for()


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("whole", "End", "10"),
        ("decimal", "End", "1.0"),
        ("rate", "Home", "0.000100"),
        ("ends, from", "ArrowRight", "0.2"),
        ("ends, to", "ArrowRight", "0.6"),
        ("size", "End", "large"),
    ],
)
def test_values_are_said_as_they_are_read(page, name, key, value):
    explorer = page.explorers()[2]
    slider = explorer.slider(name)
    slider.focus()
    explorer.act(lambda: slider.press(key))
    page.page.wait_for_function(
        "([e, value]) => e.getAttribute('aria-valuetext') === value",
        arg=[slider.element_handle(), value],
    )


def test_the_picture_has_a_role_and_its_caption_for_a_name(dot_in_page):
    dot_in_page.box.get_by_role("img", name=caption_at(0), exact=True).wait_for()
    dot_in_page.slider("x").focus()
    dot_in_page.slider("x").press("End")
    dot_in_page.box.get_by_role("img", name=caption_at(6), exact=True).wait_for()
    assert dot_in_page.box.get_by_role("img").count() == 1


def test_the_caption_is_read_once_the_picture_is_still(dot_in_page, page):
    status = dot_in_page.box.get_by_role("status")
    for x in (1, 0):  # the first caption of all is not read
        page.python(f"dot_.set('x={x}')")
        dot_in_page.wait_for_caption(caption_at(x))
    page.page.wait_for_function(
        "e => e.getAttribute('aria-live') === 'polite'", arg=status.element_handle()
    )
    status.evaluate(
        """e => { e.log = []; const note = () => e.log.push(
            [performance.now(), e.getAttribute("aria-live"), e.textContent]);
        new MutationObserver(note).observe(e, { attributes: true, childList: true }); }"""
    )
    slider = dot_in_page.slider("x")
    slider.focus()
    for _ in range(10):
        dot_in_page.act(lambda: slider.press("ArrowRight"))
    page.page.wait_for_function(
        "e => e.getAttribute('aria-live') === 'polite'", arg=status.element_handle()
    )
    log = status.evaluate("e => e.log")
    texts = [caption_at(i / 10) for i in range(1, 11)]
    assert [text for _, live, text in log if live == "off"] == texts
    assert (log[-1][1:]) == ["polite", texts[-1]]
    for (before, *_), (now, live, _) in itertools.pairwise(log):
        assert live == "off" or now - before > 490  # timers and clocks differ by a little


# -- longer work -----------------------------------------------------------------------------------


def test_longer_work_shows_its_progress_and_is_dropped(page):
    explorer = page.explorers()[1]
    bar = explorer.box.get_by_role("progressbar", name="work done")
    assert bar.count() == 0
    slider = explorer.slider("n")
    slider.focus()
    slider.press("End")
    bar.wait_for()
    share = float(bar.get_attribute("value"))
    assert 0.1 < share < 1
    page.page.wait_for_function(
        "([e, old]) => e.value > old", arg=[bar.element_handle(), share]
    )  # it goes on
    slider.press("Home")
    explorer.wait_for_caption("Piece 0 of 0.")
    explorer.box.locator("progress").wait_for(state="hidden")
    pieces = [int(n) for n in re.findall(r"\(5, (\d+)\)", page.python("print(slow_.record)"))]
    assert 5 < max(pieces) < 40
    assert "(5, 'end')" in page.python("print(slow_.record)")


def test_longer_work_ends_by_itself(page):
    page.python("slow_.set('n=1')")
    explorer = page.explorers()[1]
    explorer.wait_for_caption("Piece 40 of 1.")
    explorer.box.locator("progress").wait_for(state="hidden")
    np.testing.assert_array_equal(explorer.pixels(), [[[255, 255, 255, 255]]])


# -- the look --------------------------------------------------------------------------------------


def test_the_caption_is_readable_on_dark_paper(dot_in_page, page):
    box = dot_in_page.box
    box.get_by_role("combobox", name="kind").select_option("none")
    box.get_by_role("alert").wait_for()
    try:
        change_theme(page, DARK)
        assert max(colour_behind(box)) < 100
        texts = ["[role=status]", "[role=alert]", ".widget-label", ".widget-readout"]
        for text in texts:
            element = box.locator(text).locator("visible=true").first
            assert contrast(colour(element, "color"), colour_behind(element)) >= 4.5, text
        assert dot_in_page.canvas.evaluate("c => getComputedStyle(c).backgroundColor") == (
            "rgb(255, 255, 255)"
        )
        assert dot_in_page.pixels()[0, 0].tolist() == [255, 255, 255, 255]
    finally:
        change_theme(page, LIGHT)


def change_theme(page, theme):
    page.command("apputils:change-theme", theme=theme)
    is_light = str(theme == LIGHT).lower()
    page.page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{is_light}'")
    # JupyterLab fades its splash out and stumbles if the next change comes while it does.
    page.page.wait_for_selector("#jupyterlab-splash", state="detached")


def colour(element, name):
    text = element.evaluate("(e, name) => getComputedStyle(e)[name]", name)
    return [float(part) for part in re.findall(r"[\d.]+", text)]


def colour_behind(element):
    text = element.evaluate(
        """e => { for (; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if (!/, 0\\)$/.test(colour)) return colour; } }"""
    )
    return [float(part) for part in re.findall(r"[\d.]+", text)]


def contrast(one, other):
    """Return the contrast of two colours, 1..21. Source: WCAG 2.1."""

    def luminance(rgb):
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    darker, lighter = sorted(luminance([c / 255 for c in rgb[:3]]) for rgb in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def test_a_narrow_page_shows_all(dot_in_page, page):
    wide = page.page.viewport_size
    try:
        page.page.set_viewport_size({"width": 700, "height": 900})
        page.page.wait_for_function(
            "c => c.clientWidth < 600", arg=dot_in_page.canvas.element_handle()
        )
        for explorer in page.explorers():
            overflow = explorer.box.evaluate(
                """box => { const edge = box.parentElement.getBoundingClientRect().right + 0.5;
                return [...box.querySelectorAll("*")].filter(e => !e.closest(".noUi-target")
                    && e.checkVisibility() && e.getBoundingClientRect().right > edge)
                    .map(e => e.outerHTML.slice(0, 99)); }"""
            )
            assert overflow == []
        # It is drawn anew, for this width, and not less high.
        page.page.wait_for_function(
            "c => c.clientHeight === 200", arg=dot_in_page.canvas.element_handle()
        )
    finally:
        page.page.set_viewport_size(wide)


def test_it_is_at_most_760_pixels_wide(page):
    for explorer, width in zip(page.explorers(), [760, 200, 200], strict=True):
        page.page.wait_for_function(  # a page that was narrow is drawn for anew
            "([c, width]) => c.getBoundingClientRect().width === width",
            arg=[explorer.canvas.element_handle(), width],
        )
        assert explorer.box.bounding_box()["width"] <= 764


# -- other views, pages and kernels ----------------------------------------------------------------


def test_a_second_view_begins_with_the_current_picture_and_follows(dot_in_page, page):
    slider = dot_in_page.slider("x")
    slider.focus()
    slider.press("End")
    dot_in_page.wait_for_caption(caption_at(6))
    page.page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }"
    )
    page.command("notebook:create-output-view")
    try:
        views = page.page.locator(".jp-LinkedOutputView .lessonkit-explorer")
        views.first.wait_for()
        view = ExplorerInPage(page.page, views.first)
        view.wait_for_caption(caption_at(6))
        assert_same_picture(view, "x=6")
        view.slider("x").focus()
        view.slider("x").press("Home")
        for explorer in (view, dot_in_page):
            explorer.wait_for_caption(caption_at(-6))
            assert_same_picture(explorer, "x=-6")
    finally:
        page.command("application:close")


def test_what_changes_unseen_is_there_when_the_picture_is_shown_again(open_notebook):
    page = open_notebook()
    page.page.evaluate(
        """() => { const { content } = window.jupyterapp.shell.currentWidget;
        content.activeCellIndex = 0;
        content.activeCell.model.sharedModel.setSource("dot_"); }"""
    )
    page.command("notebook:clear-cell-output")
    page.page.wait_for_function(
        "() => !document.querySelector('.jp-Cell').querySelector('.lessonkit-picture')"
    )
    page.python("dot_.set('x=2.5 kind=down')")
    page.command("notebook:run-cell")
    again = page.explorers()[0]
    again.wait_for_caption(caption_at(2.5, -2.5))
    assert_same_picture(again, "x=2.5 kind=down")
    again.slider("x").focus()
    again.slider("x").press("End")
    again.wait_for_caption(caption_at(6, -6))
    assert_same_picture(again, "x=6 kind=down")
    assert page.complaints == []


def test_a_hidpi_screen_gets_twice_the_pixels(open_notebook):
    page = open_notebook(device_scale_factor=2)
    explorer = page.explorers()[0]
    has_width = "([c, width]) => c.width === width"
    canvas = explorer.canvas.element_handle()
    page.page.wait_for_function(has_width, arg=[canvas, 1520])
    assert explorer.canvas.bounding_box()["width"] == 760
    explorer.slider("x").focus()
    explorer.slider("x").press("End")
    explorer.wait_for_caption(caption_at(6))
    assert_same_picture(explorer, "x=6", density=2)

    # the window moves to another screen
    screen = {"width": 0, "height": 0, "deviceScaleFactor": 1.5, "mobile": False}
    page.page.context.new_cdp_session(page.page).send("Emulation.setDeviceMetricsOverride", screen)
    page.page.wait_for_function(has_width, arg=[canvas, 1140])
    assert_same_picture(explorer, "x=6", density=1.5)

    # the page is loaded again, its kernel lives on
    page.command("docmanager:save")
    page.python("dot_.set('x=-3')")
    page.page.reload()
    page.wait_until_ready()
    explorer = page.explorers()[0]
    explorer.wait_for_caption(caption_at(-3))
    page.page.wait_for_function("c => c.width > 760", arg=explorer.canvas.element_handle())
    explorer.slider("x").focus()
    explorer.slider("x").press("ArrowRight")
    explorer.wait_for_caption(caption_at(-2.9))
    assert page.complaints == []


def test_a_restarted_kernel_runs_all_again_in_the_same_page(open_notebook):
    page = open_notebook()
    explorer = page.explorers()[0]
    slider = explorer.slider("x")
    slider.focus()
    explorer.act(lambda: slider.press("End"))
    page.restart_kernel()
    slider.focus()
    slider.press("Home")  # nobody answers
    explorer.box.get_by_role("alert").wait_for()
    assert explorer.error == "The kernel that drew this picture has gone. Run the cell again."
    page.run_all()
    explorer = page.explorers()[0]
    explorer.wait_for_caption(caption_at(0))
    explorer.slider("x").focus()
    for x in (0.1, 0.2, 0.3, 0.4, 0.5):  # more than may stay unanswered
        explorer.act(lambda: explorer.slider("x").press("ArrowRight"))
        assert explorer.caption == caption_at(x)
    assert_same_picture(explorer, "x=0.5")
    assert page.complaints == []


def test_a_notebook_saved_with_its_widgets_shows_the_picture_last_seen(open_notebook):
    page = open_notebook()
    explorer = page.explorers()[0]
    explorer.slider("x").focus()
    explorer.slider("x").press("End")
    explorer.wait_for_caption(caption_at(6))
    for _ in range(3):
        explorer.slider("x").press("ArrowLeft")
    explorer.wait_for_caption(caption_at(5.7))
    page.page.wait_for_timeout(1000)  # half a second after the last change it is kept
    page.command("docmanager:save")
    page.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.page.reload()
    page.wait_until_ready()
    explorer = page.explorers()[0]
    assert explorer.slider("x").get_attribute("aria-valuetext") == "5.7"
    assert explorer.caption == caption_at(5.7)
    assert_same_picture(explorer, "x=5.7")
    assert explorer.error == ""
    explorer.slider("x").focus()
    explorer.slider("x").press("ArrowLeft")
    explorer.box.get_by_role("alert").wait_for()
    assert explorer.error == "The kernel that drew this picture has gone. Run the cell again."
    assert_same_picture(explorer, "x=5.7")
    page.run_all()
    explorer = page.explorers()[0]
    explorer.wait_for_caption(caption_at(0))
    explorer.slider("x").focus()
    explorer.act(lambda: explorer.slider("x").press("ArrowRight"))
    assert explorer.error == ""


def test_a_page_reloaded_in_mid_drag_shows_what_its_slider_says(open_notebook):
    page = open_notebook()
    page.command("docmanager:save")
    for _ in range(3):
        slider = page.explorers()[0].slider("x")
        slider.focus()
        for _ in range(9):
            slider.press("ArrowRight")
        page.page.reload()
        page.wait_until_ready()
        explorer = page.explorers()[0]
        shown = float(explorer.slider("x").get_attribute("aria-valuenow"))
        explorer.wait_for_caption(caption_at(round(shown, 1)))
        assert_same_picture(explorer, f"x={shown:.1f}")


def test_silence_is_mentioned_while_it_lasts(dot_in_page, page):
    page.python("dot_._on_message = lambda message: None")
    slider = dot_in_page.slider("x")
    slider.focus()
    slider.press("ArrowRight")
    alert = dot_in_page.box.get_by_role("alert")
    alert.wait_for(timeout=10_000)
    assert alert.inner_text().startswith("Python has not answered for three seconds.")
    page.python("del dot_._on_message")
    slider.press("ArrowRight")
    dot_in_page.wait_for_caption(caption_at(0.2))
    dot_in_page.box.locator("[role=alert]").wait_for(state="hidden")
