"""The mosaics: facts against plain loops, and what the page and the notebook get to see."""

import io

import numpy as np
import pytest
from explored import numbers, panels, pixels_of, png_of, shown, uploaded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from lessonkit.datasets import DATA
from lessonkit.explorers.pooling import mosaics as make

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NOISE = np.random.default_rng(18).integers(0, 256, (20, 30, 3), dtype=np.uint8)
STATISTICS = ["max", "mean", "sum", "L2"]


@pytest.fixture(scope="module")
def opened():
    return shown(make)


@pytest.fixture
def mosaics(opened):
    opened.set("photograph=astronaut kernel_size=8 statistic=mean")
    opened.controls["upload"].value = ()
    assert not opened.error
    return opened


def file_pixels(name):
    with Image.open(DATA / "photographs" / f"{name}.png") as image:
        return np.asarray(image)


def mosaic_by_hand(pixels, window, statistic):
    """Return the mosaic of pixels in 0..255, one window after the other, as it is to be seen."""
    height, width = pixels.shape[:2]
    rows = []
    for top in range(0, height, window):
        row = []
        for left in range(0, width, window):
            inside = pixels[top : top + window, left : left + window].astype(float)
            total = inside.sum(axis=(0, 1))
            row.append(
                {
                    "max": inside.max(axis=(0, 1)),
                    "mean": total / (inside.shape[0] * inside.shape[1]),
                    "sum": total / window**2,  # a whole window of white has 255 times that
                    "L2": np.sqrt((inside**2).sum(axis=(0, 1))) / window,
                }[statistic]
            )
        rows.append(row)
    return np.array(rows)


def assert_picture_shows(explorer):
    """Assert that the two panels are the photograph and the mosaic of the facts."""
    facts, (photo, mosaic) = explorer.facts, panels(explorer)
    if facts.photo is None:
        assert photo == mosaic
        return
    for shown_pixels, values in ((photo, facts.photo), (mosaic, facts.mosaic / facts.largest)):
        colours_last = np.moveaxis(values, 0, -1) if values.ndim == 3 else values
        np.testing.assert_allclose(shown_pixels, 255 * colours_last, atol=0.5001)


def assert_mosaic(explorer, pixels, window, statistic):
    """Assert picture and caption for pixels in 0..255."""
    assert_picture_shows(explorer)
    original, mosaic = panels(explorer)
    np.testing.assert_array_equal(original, pixels)
    expected = mosaic_by_hand(pixels, window, statistic)
    np.testing.assert_allclose(mosaic, expected, atol=0.501)
    caption = explorer.caption
    assert caption.startswith(f"Each {window}×{window} window becomes one number")
    assert ("one number per colour, " in caption) == (pixels.ndim == 3)
    words = {"max": "the largest", "mean": "the mean", "sum": "the sum", "L2": "the L2 norm"}
    assert words[statistic] in caption
    (rows, columns), (height, width) = expected.shape[:2], pixels.shape[:2]
    share = f"{100 * rows * columns / (height * width):.1f} %"
    kept = f": {rows} × {columns} = {rows * columns:,} of {height * width:,} pixels are kept"
    assert f"{kept} ({share})." in caption
    before, after = numbers(caption.partition("Mean brightness: ")[2])
    assert before == pytest.approx(pixels.mean() / 255, abs=0.0051)
    cut_rows, cut_columns = (np.diff([*range(0, n, window), n]) for n in (height, width))
    drawn = np.average(np.average(expected, 0, cut_rows), 0, cut_columns).mean()
    assert after == pytest.approx(drawn / 255, abs=0.0051)
    most = {"sum": window**2, "L2": window}.get(statistic, 1)
    assert (f"(at most {most:,}, shown ÷ {most:,}" in caption) == (most > 1)
    cut = bool(height % window or width % window)
    assert ("darker at cut edges" in caption) == (cut and most > 1)


def test_the_mosaic_at_first():
    first = make()
    assert first.caption == (
        "Each 8×8 window becomes one number per colour, the mean: 64 × 64 = 4,096 of 262,144 "
        "pixels are kept (1.6 %). Mean brightness: 0.45 before, 0.45 after."
    )
    assert first.code == "photograph=astronaut kernel_size=8 statistic=mean"


@pytest.mark.parametrize(
    ("name", "statistic", "window"),
    [
        (name, statistic, [8, 13, 32][(i + j) % 3])
        for i, name in enumerate(["astronaut", "camera", "cat", "coffee"])
        for j, statistic in enumerate(STATISTICS)
    ],
)
def test_mosaics_of_photographs(mosaics, name, statistic, window):
    mosaics.set(f"photograph={name} kernel_size={window} statistic={statistic}")
    assert_mosaic(mosaics, file_pixels(name), window, statistic)


def test_a_window_of_one_pixel_keeps_the_photograph(mosaics):
    for statistic in STATISTICS:
        mosaics.set(f"photograph=cat kernel_size=1 statistic={statistic}")
        original, mosaic = panels(mosaics)
        np.testing.assert_array_equal(original, mosaic)
        assert "135,300 of 135,300 pixels are kept (100.0 %)" in mosaics.caption


@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.booleans(),
    st.integers(1, 32),
    st.sampled_from(STATISTICS),
    st.integers(0, 2**32),
)
@QUICK
def test_mosaics_of_ones_own_photograph(mosaics, shape, grey, window, statistic, seed):
    levels = np.random.default_rng(seed).choice([0, 1, 128, 254, 255], (*shape, 3))
    pixels = (levels[..., 0] if grey else levels).astype(np.uint8)
    grey |= bool((levels == levels[..., :1]).all())
    mosaics.controls["upload"].value = uploaded(png_of(pixels))
    mosaics.set(f"'photograph=your own' kernel_size={window} statistic={statistic}")
    seen = pixels if not grey or pixels.ndim == 2 else pixels[..., 0]
    assert_mosaic(mosaics, seen, window, statistic)


def test_the_mean_keeps_the_brightness_though_windows_are_cut(mosaics):
    mosaics.set("kernel_size=30 statistic=mean")  # 512 is 17 windows and 2 pixels
    assert mosaics.caption.endswith("Mean brightness: 0.45 before, 0.45 after.")
    before, after = mosaics.facts.brightness
    assert after == pytest.approx(before, abs=1e-6)


def test_white_stays_white(mosaics):
    mosaics.controls["upload"].value = uploaded(png_of(np.full((64, 64), 255, np.uint8)))
    mosaics.set("'photograph=your own'")
    for statistic in STATISTICS:
        for window in (1, 2, 4, 8, 16, 32):  # they cut nothing
            mosaics.set(f"kernel_size={window} statistic={statistic}")
            assert not mosaics.error
            assert panels(mosaics)[1].min() == 255


def test_before_anything_is_uploaded_the_caption_says_what_to_do(mosaics):
    mosaics.set("'photograph=your own'")
    assert not mosaics.error
    assert mosaics.caption == (
        "No photograph yet: press “upload” and choose a PNG, JPEG or WebP file."
    )
    original, mosaic = panels(mosaics)
    assert original == mosaic
    assert original.size == 1
    mosaics.set("kernel_size=3 statistic=max")
    assert mosaics.caption.startswith("No photograph yet")
    mosaics.set("photograph=cat")
    assert mosaics.caption.startswith("Each 3×3 window")


def test_the_upload_is_shown_while_it_is_needed(mosaics):
    upload = mosaics.controls["upload"]
    assert upload.layout.display == "none"
    mosaics.set("'photograph=your own'")
    assert upload.layout.display == "flex"
    assert upload.accept == ".png,.jpg,.jpeg,.webp"
    assert not upload.multiple
    mosaics.set("photograph=cat")
    assert upload.layout.display == "none"


@pytest.mark.parametrize("good", [True, False], ids=["after a good one", "at once"])
@pytest.mark.parametrize(
    ("content", "size", "words"),
    [
        pytest.param(b"", None, "mine.png is empty, 0 bytes", id="empty"),
        pytest.param(b"", 11_000_000, "mine.png is 11.0 MB", id="too large"),
        pytest.param(b"words", None, "mine.png is not a PNG, JPEG or WebP picture", id="text"),
        pytest.param(png_of(NOISE)[:-500], None, "mine.png is damaged", id="cut short"),
    ],
)
def test_a_refused_upload_leaves_the_picture_and_says_why(mosaics, good, content, size, words):
    upload = mosaics.controls["upload"]
    mosaics.set("'photograph=your own'")
    if good:
        upload.value = uploaded(png_of(NOISE))
    before = (mosaics.caption, mosaics.code, mosaics.png())
    upload.value = uploaded(content, size=size)
    assert words in mosaics.error
    assert (mosaics.caption, mosaics.code, mosaics.png()) == before
    mosaics.controls["kernel_size"].value = 5  # the upload chosen is still no picture
    assert words in mosaics.error
    assert (mosaics.caption, mosaics.code, mosaics.png()) == before
    upload.value = uploaded(png_of(NOISE))
    assert not mosaics.error
    assert_mosaic(mosaics, NOISE, 5, "mean")
    upload.value = uploaded(content, size=size)
    mosaics.set("photograph=cat")
    assert not mosaics.error
    assert_mosaic(mosaics, file_pixels("cat"), 5, "mean")


def test_an_upload_counts_only_while_it_is_chosen(mosaics):
    before = mosaics.png()
    mosaics.controls["upload"].value = uploaded(b"no picture")
    assert not mosaics.error
    assert mosaics.png() == before


def test_only_the_mosaic_travels_while_a_slider_moves(mosaics, monkeypatch):
    sent = []
    page = mosaics.children[-1]
    monkeypatch.setattr(page, "send", lambda message, pixels: sent.append((message, pixels)))
    mosaics.controls["upload"].value = uploaded(png_of(NOISE))
    for photograph in (1, 4):  # as a page requests: options by their place, without the upload
        for window in (7, 12):
            del sent[:]
            page._handle_custom_msg({"values": [photograph, window, 1]}, [])
            ((message, pixels),) = sent
            numbers_of_panels = [0, 1] if window == 7 else [1]
            assert [panel for panel, *_ in message["patches"]] == numbers_of_panels
            assert len(pixels) == len(numbers_of_panels)
            assert message["squares"] == [1, window]
            assert message["answer"]
            assert not message["error"]
    assert message["caption"].startswith("Each 12×12 window")
    mosaic = pixels_of(message["patches"][0], pixels[0])
    np.testing.assert_array_equal(mosaic, panels(mosaics)[1])
    assert_mosaic(mosaics, NOISE, 12, "mean")


def test_divided_by_the_windows_pixels_a_sum_is_their_mean(mosaics):
    pixels, caption = panels(mosaics)[1], mosaics.caption
    mosaics.set("statistic=sum")
    np.testing.assert_array_equal(panels(mosaics)[1], pixels)
    assert mosaics.caption != caption


@pytest.mark.parametrize("name", ["astronaut", "camera", "cat", "coffee"])
def test_stored_mosaics_are_small_and_show_both(mosaics, name):
    for window in (1, 8):
        mosaics.set(f"photograph={name} kernel_size={window} statistic=mean")
        png = mosaics.png()
        assert len(png) <= 200_000
        stored = np.asarray(Image.open(io.BytesIO(png)).convert("L")).astype(float)
        edges = [round(edge / 760 * stored.shape[1]) for edge in (374, 386)]
        original, gap, mosaic = np.split(stored, edges, axis=1)
        grey = Image.open(DATA / "photographs" / f"{name}.png").convert("L")
        expected = np.asarray(grey.resize(original.shape[::-1], Image.Resampling.BOX))
        assert np.abs(original - expected).mean() < 6
        assert gap[:, 1:-1].min() > 250
        assert np.abs(mosaic - expected).mean() < (6 if window == 1 else 20)
    bundle, metadata = mosaics._repr_mimebundle_()
    assert metadata["image/png"]["width"] == 760
    shape = file_pixels(name).shape
    assert metadata["image/png"]["height"] == round(374 / shape[1] * shape[0])
    assert bundle["text/plain"] == mosaics.caption
