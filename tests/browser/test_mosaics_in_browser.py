"""Pictures of two panels, and uploads, in a real JupyterLab: the mosaics of the pooling chapter."""

import datetime
import io

import numpy as np
import pytest
from lab import ExplorerInPage
from PIL import Image

from lessonkit.datasets import DATA
from lessonkit.explorers import pooling

pytestmark = pytest.mark.browser

PANEL = 374  # CSS pixels: two of them and a gap of 12 are 760
NO_PHOTOGRAPH = "No photograph yet: press “upload” and choose a PNG, JPEG or WebP file."


@pytest.fixture(scope="module")
def shared_page(run_cells):
    code = "from lessonkit.explorers import pooling\nmosaics_ = pooling.mosaics()\nmosaics_"
    return run_cells("mosaics", code)


@pytest.fixture
def page(shared_page):
    shared_page.python(f"mosaics_.controls['upload'].value = (); mosaics_.set({FIRST!r})")
    yield shared_page
    assert shared_page.complaints == []


FIRST = "photograph=astronaut kernel_size=8 statistic=mean"


@pytest.fixture
def mosaics(page):
    (explorer,) = page.explorers()
    explorer.wait_for_caption(drawn(FIRST)[0])
    return explorer


def drawn(code, content=None):
    """Return the caption and the panels of a fresh explorer."""
    explorer = pooling.mosaics()
    if content:
        now = datetime.datetime.now(datetime.UTC)
        file = {"name": "", "type": "", "size": len(content), "content": content}
        explorer.controls["upload"].value = (file | {"last_modified": now},)
    explorer.set(code)
    assert not explorer.error
    return explorer.caption, [panel.pixels for panel in explorer.picture.panels()]


def assert_shows(explorer, code, content=None):
    caption, panels = drawn(code, content)
    explorer.wait_for_caption(caption)
    for number, pixels in enumerate(panels):
        rgb = pixels if pixels.ndim == 3 else pixels[..., np.newaxis].repeat(3, axis=-1)
        np.testing.assert_array_equal(explorer.pixels(number)[..., :3], rgb)


def photo_file(kind="JPEG"):
    file = io.BytesIO()
    Image.open(DATA / "photographs" / "coffee.png").resize((800, 625)).save(file, kind)
    return file.getvalue()


def choose_ones_own(explorer):
    explorer.box.get_by_role("combobox", name="photograph").select_option("your own")
    explorer.wait_for_caption(NO_PHOTOGRAPH)


def upload(explorer, content, name="holiday.jpg"):
    """Upload a file as a learner does."""
    with explorer.page.expect_file_chooser() as chooser:
        explorer.box.get_by_role("button", name="upload").click()
    file = {"name": name, "mimeType": "image/jpeg", "buffer": content}
    chooser.value.set_files(file)


# -- two panels ------------------------------------------------------------------------------------


def test_photograph_and_mosaic_are_one_picture_side_by_side(mosaics):
    assert_shows(mosaics, FIRST)
    assert mosaics.box.get_by_role("img").count() == 1
    mosaics.box.get_by_role("img", name=mosaics.caption, exact=True).wait_for()
    left, right = (panel.bounding_box() for panel in mosaics.picture.locator("> div").all())
    assert (left["width"], left["height"]) == (right["width"], right["height"]) == (PANEL, PANEL)
    assert right["x"] - left["x"] == PANEL + 12
    assert mosaics.picture.bounding_box()["width"] == 760


def test_a_mosaic_lies_where_its_windows_are(mosaics, page):
    page.python("mosaics_.set('photograph=cat kernel_size=32')")
    caption, (_, squares) = drawn("photograph=cat kernel_size=32")
    mosaics.wait_for_caption(caption)
    panel = mosaics.picture.locator("> div").nth(1)
    screen = np.asarray(Image.open(io.BytesIO(panel.screenshot())).convert("RGB")).astype(int)
    side = 32 * PANEL / 451  # screen pixels; the last squares are cut, at the right and below
    for row, column in np.ndindex(10, 15):
        for inside in (0.2, 0.8):
            y, x = (round((place + inside) * side) for place in (row, column))
            if y < 245 and x < 370:
                assert np.abs(screen[y, x] - squares[row, column]).max() <= 1, (row, column)
    box = panel.bounding_box()
    below = {"x": box["x"], "y": box["y"] + box["height"] + 2, "width": box["width"], "height": 2}
    strip = np.asarray(Image.open(io.BytesIO(page.page.screenshot(clip=below))).convert("L"))
    assert strip.min() == 255


def test_only_what_is_enlarged_is_shown_as_squares(mosaics, page):
    for window, expected in [(1, ["auto", "auto"]), (2, ["auto", "pixelated"])]:
        page.python(f"mosaics_.set('kernel_size={window}')")
        mosaics.wait_for_caption(drawn(f"kernel_size={window}")[0])
        rendering = "all => all.map(c => getComputedStyle(c).imageRendering)"
        assert mosaics.canvases.evaluate_all(rendering) == expected


def test_the_window_by_keyboard_and_by_mouse(mosaics):
    slider = mosaics.slider("kernel size")
    slider.focus()
    mosaics.act(lambda: slider.press("ArrowRight"))
    assert_shows(mosaics, "kernel_size=9")
    mosaics.act(lambda: mosaics.drag(slider, 0.6))
    assert_shows(mosaics, f"kernel_size={slider.get_attribute('aria-valuenow').partition('.')[0]}")
    mosaics.act(lambda: slider.press("End"))
    assert_shows(mosaics, "kernel_size=32")


def test_photograph_and_statistic(mosaics):
    mosaics.box.get_by_role("combobox", name="photograph").select_option("camera")
    assert_shows(mosaics, "photograph=camera")
    mosaics.box.get_by_role("combobox", name="statistic").select_option("L2")
    assert_shows(mosaics, "photograph=camera statistic=L2")


def test_a_second_view_begins_with_both_panels(mosaics, page):
    page.python("mosaics_.set('photograph=coffee kernel_size=5')")
    assert_shows(mosaics, "photograph=coffee kernel_size=5")
    page.command("notebook:create-output-view")
    try:
        views = page.page.locator(".jp-LinkedOutputView .lessonkit-explorer")
        views.first.wait_for()
        view = ExplorerInPage(page.page, views.first)
        assert_shows(view, "photograph=coffee kernel_size=5")
        view.slider("kernel size").focus()
        view.slider("kernel size").press("ArrowRight")
        for explorer in (view, mosaics):
            assert_shows(explorer, "photograph=coffee kernel_size=6")
    finally:
        page.command("application:close")


def test_a_narrow_page_shows_both_panels(mosaics, page):
    wide = page.page.viewport_size
    page.python("mosaics_.set('photograph=cat kernel_size=32')")
    mosaics.wait_for_caption(drawn("photograph=cat kernel_size=32")[0])
    panels = mosaics.picture.locator("> div")
    try:
        page.page.set_viewport_size({"width": 700, "height": 900})
        page.page.wait_for_function("e => e.clientWidth < 240", arg=panels.nth(0).element_handle())
        left, right = (panel.bounding_box() for panel in panels.all())
        assert left["width"] == pytest.approx(right["width"])
        assert left["width"] / left["height"] == pytest.approx(451 / 300, rel=0.01)
        assert right["x"] + right["width"] <= mosaics.box.bounding_box()["x"] + 760
        canvas = mosaics.canvases.nth(1).bounding_box()
        assert canvas["width"] / right["width"] == pytest.approx(15 * 32 / 451, rel=0.01)
        assert canvas["height"] / right["height"] == pytest.approx(10 * 32 / 300, rel=0.01)
    finally:
        page.page.set_viewport_size(wide)


# -- uploads ---------------------------------------------------------------------------------------


def test_the_upload_button_by_keyboard(mosaics):
    choose_ones_own(mosaics)
    button = mosaics.box.get_by_role("button", name="upload")
    assert button.get_attribute("title") == "a PNG, JPEG or WebP file of at most 10 MB"
    for key in ("Enter", " "):
        button.focus()
        with mosaics.page.expect_file_chooser() as chooser:
            button.press(key)
        assert not chooser.value.is_multiple()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_ones_own_photograph(mosaics, kind):
    own, content = "'photograph=your own'", photo_file(kind)
    choose_ones_own(mosaics)
    upload(mosaics, content, f"holiday.{kind.lower()}")
    assert_shows(mosaics, own, content)
    slider = mosaics.slider("kernel size")
    slider.focus()
    for window in (9, 10, 11):
        mosaics.act(lambda: slider.press("ArrowRight"))
        assert_shows(mosaics, f"{own} kernel_size={window}", content)
    mosaics.act(lambda: mosaics.drag(slider, 0.9))
    window = slider.get_attribute("aria-valuenow").partition(".")[0]
    assert_shows(mosaics, f"{own} kernel_size={window}", content)
    mosaics.box.get_by_role("combobox", name="photograph").select_option("cat")
    assert_shows(mosaics, f"photograph=cat kernel_size={window}")
    # hidden by a message after the picture's
    mosaics.box.get_by_role("button", name="upload").wait_for(state="hidden")


def test_files_that_are_refused(mosaics, page):
    own, content = "'photograph=your own'", photo_file()
    alert = mosaics.box.get_by_role("alert")
    choose_ones_own(mosaics)
    upload(mosaics, content)
    assert_shows(mosaics, own, content)
    for name, hostile, words in [
        ("notes.png", b"Only words.", "notes.png is not a PNG, JPEG or WebP picture"),
        ("cut.jpg", content[: len(content) // 2], "cut.jpg is damaged or cut short"),
        ("empty.png", b"", "empty.png is empty, 0 bytes"),
        ("raw.png", bytes(11_000_000), "raw.png is 11.0 MB; the limit is 10 MB"),
    ]:
        upload(mosaics, hostile, name)
        alert.filter(has_text=words).wait_for()
        assert_shows(mosaics, own, content)
    slider = mosaics.slider("kernel size")
    slider.focus()
    slider.press("ArrowRight")
    while page.python("print(mosaics_.controls['kernel_size'].value)").strip() != "9":
        page.page.wait_for_timeout(20)
    assert alert.inner_text().startswith("ValueError: raw.png is 11.0 MB")
    assert_shows(mosaics, own, content)
    upload(mosaics, content)  # and all works on
    mosaics.box.locator("[role=alert]").wait_for(state="hidden")
    assert_shows(mosaics, f"{own} kernel_size=9", content)
    slider.press("ArrowRight")
    assert_shows(mosaics, f"{own} kernel_size=10", content)
