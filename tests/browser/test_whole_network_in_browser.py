"""The drawing pad, and pointing at a picture, in a real JupyterLab: the last chapter's network."""

import functools
import re

import numpy as np
import pytest
from explored import shown
from lab import DARK, LIGHT, write_notebook

from lessonkit.explorers import whole_network
from lessonkit.explorers.whole_network.layout import PIECES, STAGES

pytestmark = pytest.mark.browser

FIRST = (
    "'input=a test digit' digit=0 shift_x=0 shift_y=0 turn=0 scale=1 blur=0 "
    "'stage=convolution 1' map=0 row=8 column=8"
)


@pytest.fixture(scope="module")
def shared_page(lab, open_page, tmp_path_factory):
    path = tmp_path_factory.mktemp("network") / "network.ipynb"
    make = "explorer = explorers.whole_network.whole_network()\nexplorer"
    write_notebook(path, f"from lessonkit import explorers\n{make}", "1 + 1")
    page = open_page(has_touch=True)
    page.open(lab, lab.add(path))
    page.run_all()
    return page


@pytest.fixture
def page(shared_page):
    """The page with the explorer as it was at first."""
    shared_page.page.mouse.move(0, 0)
    shared_page.python(f"explorer.controls['drawing'].value = bytes(784); explorer.set({FIRST!r})")
    yield shared_page
    assert shared_page.complaints == []


@pytest.fixture
def explorer(page):
    (explorer,) = page.explorers()
    explorer.wait_for_caption(fresh(FIRST).caption)
    return explorer


@pytest.fixture
def pad(page, explorer):
    """The pad, shown and empty."""
    explorer.box.get_by_role("combobox", name="input").select_option("draw one")
    pad = explorer.box.get_by_role("application", name=re.compile("^drawing, a pad of 28 by 28"))
    pad.wait_for()
    wait_for(page, lambda: inked(pad).max() == 0)
    yield pad
    wait_for(page, lambda: np.array_equal(drawn(page), inked(pad)))  # no stroke is on its way


@functools.cache
def oracle():
    return shown(whole_network.whole_network)


def fresh(code):
    """Return an explorer of this process that shows what the code says."""
    explorer = oracle()
    explorer.set(code)
    assert not explorer.error
    return explorer


def drawn(page):
    """Return the drawing that the kernel has, (28, 28) from 0 to 255."""
    text = page.python("print(*explorer.controls['drawing'].value)")
    return np.array(text.split(), int).reshape(28, 28)


def inked(pad):
    """Return the drawing that the page shows, (28, 28) from 0 to 255."""
    alpha = pad.evaluate("c => [...c.getContext('2d').getImageData(0, 0, 28, 28).data]")
    return np.reshape(alpha, (28, 28, 4))[..., 3]


def wait_for(page, condition):
    for _ in range(100):
        if condition():
            return
        page.page.wait_for_timeout(50)
    raise AssertionError("it did not come about")


def says(explorer, digit):
    return lambda: explorer.caption.startswith(f"It says {digit} with ")


# -- drawing ---------------------------------------------------------------------------------------


def places(pad, *points):
    """Return the pad's places, from 0 to 1 each way, as places of the page."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def drag(page, points):
    mouse = page.page.mouse
    mouse.move(*points[0])
    mouse.down()
    for point in points[1:]:
        mouse.move(*point, steps=15)
    mouse.up()


def test_a_digit_drawn_by_mouse_is_read(page, explorer, pad):
    drag(page, places(pad, (0.25, 0.2), (0.75, 0.2), (0.45, 0.85)))
    wait_for(page, says(explorer, 7))
    wait_for(page, lambda: np.array_equal(drawn(page), inked(pad)))
    picture = drawn(page)
    assert picture[5, 14] == 255  # the bar of the seven
    assert 2 <= np.sum(picture[:, 10] > 127) <= 3, "a line is as wide as MNIST's"
    assert picture[:, :3].max() == 0
    before = explorer.caption
    drag(page, places(pad, (0.25, 0.85), (0.8, 0.85)))  # one more line, the first ones stay
    wait_for(page, lambda: explorer.caption != before)
    assert drawn(page)[5, 14] == 255
    explorer.box.get_by_role("button", name="Clear").click()
    wait_for(page, lambda: drawn(page).max() == 0)
    assert inked(pad).max() == 0
    assert explorer.caption == fresh("'input=draw one'").caption


def test_a_digit_drawn_by_keyboard_is_read(page, explorer, pad):
    pad.focus()
    keys = ["ArrowUp"] * 9 + ["Shift+ArrowDown"] * 18
    for key in keys:
        pad.press(key)
    wait_for(page, says(explorer, 1))
    wait_for(page, lambda: np.array_equal(drawn(page), inked(pad)))
    picture = drawn(page)
    assert (picture[5:24, 14] == 255).all()
    assert picture[:, 16:].max() == 0
    explorer.box.get_by_role("button", name="Clear").press("Enter")
    wait_for(page, lambda: drawn(page).max() == 0)


def test_every_key_of_the_pad(page, explorer, pad):
    told = explorer.box.locator(".lessonkit-pad [aria-live=polite]")

    def press(*keys):
        for key in keys:
            pad.press(key)
        return told.inner_text()

    assert press(*["ArrowUp", "ArrowLeft"] * 28).startswith("Row 0, column 0: ")
    assert press("ArrowRight", "ArrowDown", "ArrowDown", " ") == "Row 2, column 1: 100 % ink."
    assert press("ArrowRight") == "Row 2, column 2: 60 % ink."
    assert press("ArrowRight") == "Row 2, column 3: paper."
    wait_for(page, lambda: drawn(page)[2, 1] == 255)
    for key in ("Delete", "Backspace"):
        assert press(" ").endswith("100 % ink.")
        assert press(key).endswith("paper.")
    assert press("Shift+ArrowRight", "Shift+ArrowRight") == "Row 2, column 5: 100 % ink."
    wait_for(page, lambda: (drawn(page)[2, 3:6] == 255).all())
    assert press("Escape") == "Row 2, column 5: 100 % ink.", "nothing is lost by leaving"
    told.evaluate("""e => { e.said = []; new MutationObserver(() => e.said.push(e.textContent))
        .observe(e, { childList: true }); }""")
    assert press("Shift+ArrowRight") == "Row 2, column 6: 100 % ink."
    wait_for(page, lambda: drawn(page)[2, 6] == 255)
    said = told.evaluate("e => e.said")
    assert len(said) == len(set(said)), "no place is read twice"


def test_the_pad_keeps_its_keys_and_lets_tab_go(page, explorer, pad):
    """JupyterLab's shortcuts would add, cut and leave cells."""
    state = """() => { const { content } = window.jupyterapp.shell.currentWidget;
        return [content.activeCellIndex, content.model.cells.length, content.mode]; }"""
    pad.focus()
    before = page.page.evaluate(state)
    for key in ("ArrowDown", "ArrowUp", " ", "Shift+ArrowUp", "Delete", "Backspace", "Escape"):
        pad.press(key)
    assert page.page.evaluate(state) == before
    assert pad.evaluate("c => c === document.activeElement")
    pad.press("Tab")
    assert explorer.box.get_by_role("button", name="Clear").evaluate(
        "b => b === document.activeElement"
    )


def test_a_finger_draws_and_does_not_scroll(page, explorer, pad):
    finger = page.page.context.new_cdp_session(page.page)

    def touch(kind, *points):
        at = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    start, *rest = places(pad, *((0.5, y) for y in np.linspace(0.15, 0.85, 15)))
    top = pad.bounding_box()["y"]
    touch("touchStart", start)
    for point in rest:
        touch("touchMove", point)
    touch("touchEnd")
    wait_for(page, says(explorer, 1))
    assert pad.bounding_box()["y"] == top
    assert (inked(pad)[5:23, 13] > 0).all()


def test_only_the_pressed_main_button_draws(page, explorer, pad):
    one, other = places(pad, (0.3, 0.3), (0.7, 0.7))
    page.page.mouse.move(*one)
    page.page.mouse.move(*other, steps=5)
    page.page.mouse.down(button="middle")
    page.page.mouse.move(*one, steps=5)
    page.page.mouse.up(button="middle")
    page.page.wait_for_timeout(200)
    assert inked(pad).max() == drawn(page).max() == 0


def test_a_drawing_made_in_python_is_shown(page, explorer, pad):
    page.python("explorer.controls['drawing'].value = bytes(700) + bytes([200]) * 84")
    wait_for(page, lambda: inked(pad)[25:].min() == 200)
    assert inked(pad)[:25].max() == 0


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_pad_is_paper_and_its_words_are_readable(page, explorer, pad, theme):
    page.command("apputils:change-theme", theme=theme)
    is_light = str(theme == LIGHT).lower()
    page.page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{is_light}'")
    page.page.wait_for_selector("#jupyterlab-splash", state="detached")
    try:
        paper = explorer.box.locator(".lessonkit-pad-paper")
        assert paper.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
        words = explorer.box.locator(".lessonkit-pad-side p").first
        colour = words.evaluate("e => getComputedStyle(e).color")
        bright = np.mean([float(n) for n in re.findall(r"[\d.]+", colour)[:3]])
        assert bright < 80 if theme == LIGHT else bright > 180
    finally:
        page.command("apputils:change-theme", theme=LIGHT)
        page.page.wait_for_function("() => document.body.dataset.jpThemeLight === 'true'")
        page.page.wait_for_selector("#jupyterlab-splash", state="detached")


# -- pointing --------------------------------------------------------------------------------------


def point(explorer, x, y, steps=1):
    """Move the pointer to a place of the picture in its own CSS pixels."""
    box = explorer.canvas.bounding_box()
    times = box["width"] / drawn_width(explorer)
    explorer.page.mouse.move(box["x"] + x * times, box["y"] + y * times, steps=steps)


def drawn_width(explorer):
    """Return for how many CSS pixels Python has drawn the picture."""
    return explorer.canvas.evaluate("c => parseFloat(c.parentElement.style.width)")


def place_of(stage, channel, row=0, column=0):
    """Return the middle of a number in the picture."""
    stage = STAGES[stage]
    left, top = stage.corner(channel)
    return left + (column + 0.5) * stage.cell, top + (row + 0.5) * stage.cell


POINTED = [
    (("convolution 1", 3, 10, 12), "'stage=convolution 1' map=3 row=10 column=12"),
    (("ReLU 1", 3, 10, 12), "'stage=ReLU 1' map=3 row=10 column=12"),
    (("pooling 1", 3, 5, 6), "'stage=pooling 1' map=3 row=5 column=6"),
    (("convolution 2", 11, 3, 4), "'stage=convolution 2' map=11 row=3 column=4"),
    (("scores", 4), "stage=scores map=4 row=0 column=0"),
]


def test_pointing_at_a_number_tells_how_it_is_made(page, explorer):
    explorer.canvas.scroll_into_view_if_needed()
    for place, code in POINTED:
        expected = fresh(f"{FIRST} {code}")
        point(explorer, *place_of(*place))
        explorer.wait_for_caption(expected.caption)
        assert " + bias " in expected.caption or "max(" in expected.caption
        wait_for(page, lambda e=expected: np.array_equal(explorer.pixels(), e._panels[0].pixels))
        assert page.python("print(explorer.code)").strip() == expected.code
    assert explorer.slider("digit").get_attribute("aria-valuetext") == "4"


def test_the_sliders_go_on_from_where_the_pointer_was(page, explorer):
    explorer.canvas.scroll_into_view_if_needed()
    point(explorer, *place_of("convolution 1", 2, 7, 9))
    explorer.wait_for_caption(fresh(f"{FIRST} map=2 row=7 column=9").caption)
    slider = explorer.slider("row")
    slider.press("ArrowRight")
    explorer.wait_for_caption(fresh(f"{FIRST} map=2 row=8 column=9").caption)
    explorer.slider("shift x").press("ArrowRight")
    explorer.wait_for_caption(fresh(f"{FIRST} map=2 row=8 column=9 shift_x=1").caption)


def test_a_fast_pointer_ends_at_the_right_number(page, explorer):
    explorer.canvas.scroll_into_view_if_needed()
    for _ in range(3):
        point(explorer, *place_of("convolution 1", 0, 2, 2))
        point(explorer, *place_of("pooling 2", 11, 3, 3), steps=60)
    code = f"{FIRST} 'stage=pooling 2' map=11 row=3 column=3"
    explorer.wait_for_caption(fresh(code).caption)
    page.page.wait_for_timeout(300)  # what the controls' own news might still change
    assert explorer.caption == fresh(code).caption
    np.testing.assert_array_equal(explorer.pixels(), fresh(code)._panels[0].pixels)
    assert page.python("print(explorer.code)").strip() == fresh(code).code


def test_pointer_and_keys_at_once_never_jump_back(page, explorer):
    page.python(
        """if True:
        import time
        explorer.set('column=0')
        explorer.drawn, explorer.quick = [], explorer._recipe
        def slow(**values):
            time.sleep(0.04)
            explorer.drawn.append((values["shift_x"], values["column"]))
            return explorer.quick.measure(**values)
        explorer._recipe = explorer.quick._replace(measure=slow)"""
    )
    try:
        explorer.canvas.scroll_into_view_if_needed()
        explorer.slider("shift x").focus()
        for step in range(1, 8):
            page.page.keyboard.press("ArrowRight")
            for column in (3 * step - 1, 3 * step):
                point(explorer, *place_of("ReLU 1", 0, 9, column))
        code = f"{FIRST} shift_x=7 'stage=ReLU 1' row=9 column=21"
        explorer.wait_for_caption(fresh(code).caption)
        page.page.wait_for_timeout(300)
        assert explorer.caption == fresh(code).caption
        told = page.python("print(explorer.drawn)")
        drawn = np.array(re.findall(r"\((\d+), (\d+)\)", told), int)
        assert len(drawn) > 3
        assert (np.diff(drawn, axis=0) >= 0).all(), drawn.tolist()
    finally:
        page.python("explorer._recipe = explorer.quick")


def test_a_narrow_page_gets_a_narrow_picture_and_points_at_the_same_numbers(page, explorer):
    wide, code = page.page.viewport_size, f"{FIRST} 'stage=convolution 2' map=6 row=2 column=5"
    try:
        page.page.set_viewport_size({"width": 700, "height": 900})
        wait_for(page, lambda: drawn_width(explorer) != 760)
        assert drawn_width(explorer) == pytest.approx(
            explorer.canvas.bounding_box()["width"], abs=1
        )
        assert drawn_width(explorer) < 500
        assert explorer.pixels().shape[0] > 2 * 530, "the pieces stand below each other"
        x, y = place_of("convolution 2", 6, 2, 5)
        # The second convolution begins a line, below all stages from the input on.
        x, y = x - PIECES[1][0], y + PIECES[0][3]
        explorer.canvas.scroll_into_view_if_needed()
        point(explorer, x, y)
        explorer.wait_for_caption(fresh(code).caption)
    finally:
        page.page.set_viewport_size(wide)
    wait_for(page, lambda: drawn_width(explorer) == 760)
    assert explorer.caption == fresh(code).caption


def test_beside_all_numbers_the_pointer_changes_nothing(page, explorer):
    assert explorer.picture.evaluate("e => getComputedStyle(e).cursor") == "crosshair"
    before = page.python("print(explorer.code)")
    explorer.canvas.scroll_into_view_if_needed()
    point(explorer, 30, 420)  # beside all numbers
    page.page.wait_for_timeout(200)
    assert page.python("print(explorer.code)") == before
