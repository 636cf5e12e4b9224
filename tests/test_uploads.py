"""Uploads: files of every kind become the picture one sees, hostile ones a sentence."""

import builtins
import io
import re
import struct
import tracemalloc
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from lessonkit.uploads import photograph_from_bytes

# -- files made by Pillow, and PNG by hand ---------------------------------------------------------

RNG = np.random.default_rng(18)
COLOURS = RNG.integers(0, 256, (6, 9, 3), dtype=np.uint8)
FLAT = np.full((16, 24, 3), (200, 100, 40), np.uint8)  # JPEG keeps it nearly
RED = (255, 0, 0)


def saved(image, kind, **options):
    """Return the bytes of an image file, of an array or one of Pillow's images."""
    image = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def animated(kind):
    first, second = (Image.new("RGB", (8, 6), colour) for colour in ("red", "blue"))
    lossless = {"lossless": True} if kind == "WEBP" else {}
    return saved(first, kind, save_all=True, append_images=[second], **lossless)


def png_by_hand(width, height, bits, colour_type, rows, *chunks):
    """Return a PNG file. rows: the bytes of each row, unfiltered. Source: PNG, W3C 2003."""

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = [(b"IHDR", header), *chunks, (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def of_bits(width, height):
    """Return a PNG of one bit a pixel, all black: large in pixels, tiny in bytes."""
    return png_by_hand(width, height, 1, 0, [bytes(-(-width // 8))] * height)


def assert_shows(content, expected, off=0):
    """Assert that a file's picture is `expected`, (H, W, 3) in 0..255, within `off`."""
    photo = photograph_from_bytes(content)
    assert photo.dtype == np.float32
    assert photo.flags.c_contiguous
    np.testing.assert_allclose(photo * 255, np.moveaxis(expected, -1, 0), atol=off + 1e-4)


# -- every kind of file ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected", "off"),
    [
        pytest.param(saved(COLOURS, "PNG"), COLOURS, 0, id="PNG"),
        pytest.param(saved(COLOURS, "WEBP", lossless=True), COLOURS, 0, id="WebP"),
        pytest.param(saved(FLAT, "WEBP"), FLAT, 3, id="lossy WebP"),
        pytest.param(saved(FLAT, "JPEG"), FLAT, 2, id="JPEG"),
        pytest.param(saved(FLAT, "JPEG", progressive=True), FLAT, 2, id="progressive JPEG"),
        pytest.param(saved(FLAT, "MPO"), FLAT, 2, id="JPEG of several pictures"),
        pytest.param(saved(FLAT[..., 0], "JPEG"), FLAT[..., [0, 0, 0]], 2, id="grey JPEG"),
        pytest.param(saved(COLOURS[..., 0], "PNG"), COLOURS[..., [0, 0, 0]], 0, id="grey PNG"),
    ],
)
def test_formats(content, expected, off):
    assert_shows(content, expected, off)
    assert_shows(memoryview(content), expected, off)  # as ipywidgets gives it


def test_cmyk():
    ink = (0, 128, 255, 0)  # no cyan, half of magenta, all of yellow, no black
    content = saved(Image.new("CMYK", (24, 16), ink), "JPEG")
    assert Image.open(io.BytesIO(content)).mode == "CMYK"
    assert_shows(content, np.full((16, 24, 3), (255, 127, 0)), 3)


GREY_16 = np.arange(60, dtype=np.uint16).reshape(6, 10) * 1110


@pytest.mark.parametrize(
    ("colour_type", "values"),
    [(0, GREY_16), (2, GREY_16.repeat(3).reshape(6, 30)), (4, None)],
    ids=["grey", "colour", "grey with alpha"],
)
def test_16_bits(colour_type, values):
    if values is None:  # every second number is the alpha of the grey before
        values = np.stack([GREY_16, np.full_like(GREY_16, 65535)], axis=-1).reshape(6, 20)
    rows = [row.astype(">u2").tobytes() for row in values]
    grey = GREY_16[..., np.newaxis] / 65535 * 255
    assert_shows(png_by_hand(10, 6, 16, colour_type, rows), grey.repeat(3, axis=-1), off=1)


def test_one_bit():
    content = png_by_hand(10, 2, 1, 0, [b"\xff\xc0", b"\xaa\x80"])
    bits = np.array([[1] * 10, [1, 0] * 5])
    assert_shows(content, 255 * bits[..., np.newaxis].repeat(3, axis=-1))


def test_what_is_transparent_is_white():
    levels = np.array([[0, 51, 102, 255]])
    pixels = np.dstack([np.full((1, 4, 3), RED), levels]).astype(np.uint8)
    share = levels[..., np.newaxis] / 255
    expected = share * RED + (1 - share) * 255
    assert_shows(saved(pixels, "PNG"), expected, off=1)
    assert_shows(saved(pixels, "WEBP", lossless=True, exact=True), expected, off=1)


def test_grey_with_alpha():
    pixels = [bytes([100, 255, 100, 0])]
    assert_shows(png_by_hand(2, 1, 8, 4, pixels), [[[100] * 3, [255] * 3]])


def test_a_palette_with_and_without_transparency():
    palette = (b"PLTE", bytes([*RED, 0, 0, 255]))
    rows = [bytes([0, 1])]
    assert_shows(png_by_hand(2, 1, 8, 3, rows, palette), [[RED, (0, 0, 255)]])
    clear = (b"tRNS", bytes([255, 0]))
    assert_shows(png_by_hand(2, 1, 8, 3, rows, palette, clear), [[RED, (255, 255, 255)]])


def test_one_colour_that_stands_for_transparent():
    clear = (b"tRNS", struct.pack(">HHH", 0, 0, 255))
    rows = [bytes([*RED, 0, 0, 255])]
    assert_shows(png_by_hand(2, 1, 8, 2, rows, clear), [[RED, (255, 255, 255)]])


@pytest.mark.parametrize(
    ("orientation", "seen"),
    [
        (1, lambda stored: stored),
        (2, lambda stored: stored[:, ::-1]),
        (3, lambda stored: stored[::-1, ::-1]),
        (4, lambda stored: stored[::-1]),
        (5, lambda stored: stored.swapaxes(0, 1)),
        (6, lambda stored: np.rot90(stored, -1)),
        (7, lambda stored: stored[::-1, ::-1].swapaxes(0, 1)),
        (8, lambda stored: np.rot90(stored)),
    ],
)
def test_cameras_that_were_turned(orientation, seen):
    exif = Image.Exif()
    exif[0x0112] = orientation
    for kind, options in (("PNG", {}), ("WEBP", {"lossless": True})):
        assert_shows(saved(COLOURS, kind, exif=exif, **options), seen(COLOURS))
    halves = np.zeros((32, 48, 3), np.uint8)
    halves[:16, :24] = 255  # one corner, so that every orientation looks different
    assert_shows(saved(halves, "JPEG", exif=exif, quality=95), seen(halves), off=12)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_gives_its_first_picture(kind):
    content = animated(kind)
    assert Image.open(io.BytesIO(content)).n_frames == 2
    assert_shows(content, np.full((6, 8, 3), RED))


# -- sizes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "reduced"),
    [
        ((512, 512), (512, 512)),
        ((1, 1), (1, 1)),
        ((768, 1024), (384, 512)),
        ((2000, 1000), (512, 256)),
        ((10, 3000), (2, 512)),
        ((3000, 1), (512, 1)),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_large_picture_is_reduced(shape, reduced, kind):
    halves = np.zeros((*shape, 3), np.uint8)
    halves[: shape[0] // 2] = (250, 240, 230)
    photo = photograph_from_bytes(saved(halves, kind))
    assert photo.shape == (3, *reduced)
    if min(shape) > 100:
        upper, lower = np.split(photo, 2, axis=1)
        np.testing.assert_allclose(upper.mean(axis=(1, 2)) * 255, (250, 240, 230), atol=3)
        assert lower.mean() < 0.02
        assert photo[:, 5:-5].max() <= 1


@pytest.mark.parametrize("mode", ["L", "P", "1"])
def test_to_reduce_is_to_average(mode):
    noise = Image.fromarray(RNG.integers(0, 256, (2048, 2048), dtype=np.uint8))
    photo = photograph_from_bytes(saved(noise.convert(mode), "PNG"))
    assert abs(photo.mean() - 0.5) < 0.01
    assert photo.std() < 0.2  # of noise of 0.29 and more, over 4 × 4 pixels; one of them keeps it


def test_a_turned_camera_and_a_large_picture():
    exif = Image.Exif()
    exif[0x0112] = 6
    content = saved(np.zeros((600, 1200, 3), np.uint8), "JPEG", exif=exif)
    assert photograph_from_bytes(content).shape == (3, 512, 256)


def test_twenty_megapixels_are_the_most():
    assert photograph_from_bytes(of_bits(5000, 4000)).shape == (3, 410, 512)
    with pytest.raises(ValueError, match=r"^content has more than 20 megapixels: "):
        photograph_from_bytes(of_bits(5000, 4001))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(of_bits(12_000, 10_000), id="120 megapixels"),
        pytest.param(png_by_hand(30_000, 30_000, 1, 0, []), id="900 megapixels"),
        pytest.param(saved(np.zeros((4500, 4500), np.uint8), "JPEG"), id="JPEG"),
        pytest.param(saved(np.zeros((4500, 4500), np.uint8), "WEBP", quality=1), id="WebP"),
    ],
)
def test_too_many_pixels_are_not_decoded(content, monkeypatch):
    def load(image):
        raise AssertionError("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    with (
        warnings.catch_warnings(action="error"),
        pytest.raises(ValueError, match="20 megapixels") as refusal,
    ):
        photograph_from_bytes(content, "huge.png")
    assert str(refusal.value) == "huge.png has more than 20 megapixels: make it smaller."


# -- what is refused -------------------------------------------------------------------------------

WHOLE = {
    "PNG": saved(COLOURS, "PNG"),
    "JPEG": saved(COLOURS, "JPEG"),
    "WebP": saved(COLOURS, "WEBP"),
}
TEXT = (b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000)))
BOMB_OF_TEXT = png_by_hand(1, 1, 8, 0, [b"\0"], TEXT)
NONE = "is not a PNG, JPEG or WebP picture: choose another."


@pytest.mark.parametrize(
    ("content", "size", "words"),
    [
        (b"", None, "is empty, 0 bytes: choose a PNG, JPEG or WebP picture."),
        (b"", 0, "is empty, 0 bytes: choose a PNG, JPEG or WebP picture."),
        (bytes(11_000_000), None, "is 11.0 MB; the limit is 10 MB: make it smaller."),
        (b"", 11_000_000, "is 11.0 MB; the limit is 10 MB: make it smaller."),
        (b"", 12_345, "arrived with only 0 of its 12,345 bytes: try again."),
        (WHOLE["PNG"][:99], len(WHOLE["PNG"]), "arrived with only 99 of its "),
        (bytes(10_000_000), None, NONE),
        (b"Only text, whatever its name is.", None, NONE),
        (b"%PDF-1.7 and so on", None, NONE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None, NONE),
        (animated("GIF"), None, NONE),
        (saved(COLOURS, "BMP"), None, NONE),
        (saved(COLOURS, "TIFF"), None, NONE),
        (WHOLE["PNG"][:7], None, NONE),
    ],
)
def test_refusals(content, size, words):
    with pytest.raises(ValueError, match=r"^my photo\.png ") as refusal:
        photograph_from_bytes(content, "my photo.png", size)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


def marked(marker, body):
    """Return a small grey JPEG with one more segment at its beginning."""
    plain = saved(np.full((30, 40, 3), 200, np.uint8), "JPEG")
    return plain[:2] + bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body + plain[2:]


ODD_EXIF = b"Exif\0\0" + b"\0\x08\0\2\1\x12\0\3"  # as in Pillow #5528


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(saved(np.full((30, 40, 3), 200, np.uint8), kind, **{field: block}), id=name)
        for kind in ("JPEG", "PNG", "WEBP")
        for field, block, name in [
            ("exif", ODD_EXIF, f"{kind} EXIF"),
            ("exif", b"Exif\0\0II*\0\xff\xff\xff\xff", f"{kind} EXIF that ends early"),
            ("icc_profile", b"no profile", f"{kind} profile"),
        ]
    ]
    + [
        pytest.param(marked(0xE0, b"JFIF"), id="JFIF cut short"),
        pytest.param(marked(0xE2, b"ICC_PROFILE\0"), id="profile without a count"),
        pytest.param(marked(0xE1, ODD_EXIF), id="EXIF twice"),
    ],
)
def test_odd_metadata_do_not_matter(content):
    photo = photograph_from_bytes(content)
    assert photo.shape == (3, 30, 40)
    np.testing.assert_allclose(photo, 200 / 255, atol=2 / 255)


def test_a_bomb_of_text_is_never_inflated_and_its_pixel_is_shown():
    tracemalloc.start()
    try:
        assert photograph_from_bytes(BOMB_OF_TEXT).shape == (3, 1, 1)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000  # bytes; the text is ten times that
    finally:
        tracemalloc.stop()


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(range(0xE0, 0xF0)),
    st.sampled_from([b"Exif\0\0", b"MPF\0", b"ICC_PROFILE\0", b"Photoshop 3.0\0", b"JFIF", b""]),
    st.binary(max_size=40),
)
def test_no_segment_of_a_jpeg_spoils_its_pixels(marker, head, body):
    assume(marker != 0xEE or not head)  # which tells how the colours are stored
    assert photograph_from_bytes(marked(marker, head + body)).shape[0] == 3


@pytest.mark.parametrize("kind", [b"eXIf", b"iCCP", b"pHYs", b"gAMA", b"zTXt", b"tIME", b"acTL"])
def test_odd_chunks_of_a_png_do_not_matter(kind):
    plain = saved(np.full((30, 40, 3), 200, np.uint8), "PNG")
    for body in (b"", b"\0", b"odd"):
        chunk = len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)
        assert photograph_from_bytes(plain[:33] + chunk + plain[33:]).shape == (3, 30, 40)


@pytest.mark.parametrize(
    ("content", "given"),
    [
        ("x.png", "'x.png'"),
        (None, "None"),
        ("data:image/png;base64," + 10**6 * "A", "'data:image/p...AAAAAAAAAAAAA'"),
    ],
)
def test_a_path_is_no_content(content, given):
    words = f"content must be the bytes of a file, not its path; got {given}"
    with pytest.raises(TypeError, match=f"^{re.escape(words)}$"):
        photograph_from_bytes(content)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_of_every_kind_are_content(kind):
    photo = photograph_from_bytes(kind(WHOLE["PNG"]))
    assert np.array_equal(photo, photograph_from_bytes(WHOLE["PNG"]))


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_cut_short_is_refused(kind):
    whole = WHOLE[kind]
    for length in range(40, len(whole) * 9 // 10, 7):
        with pytest.raises(ValueError, match=r"^cut is (damaged or cut short|not a PNG)"):
            photograph_from_bytes(whole[:length], "cut")


def test_a_picture_cut_in_its_middle_is_said_to_be_damaged():
    noise = RNG.integers(0, 256, (64, 64, 3), dtype=np.uint8)
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = saved(noise, kind)
        with pytest.raises(ValueError, match=r"^content is damaged or cut short: choose another"):
            photograph_from_bytes(whole[: len(whole) // 2])


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=6),
    st.binary(max_size=20),
)
def test_damaged_bytes_give_a_picture_or_a_sentence(kind, changes, more):
    content = bytearray(WHOLE[kind] + more)
    for place, change in changes:
        content[int(place * (len(content) - 1))] ^= change
    sentence, photo = "", np.zeros(1)
    with warnings.catch_warnings(action="error"):
        try:
            photo = photograph_from_bytes(bytes(content), "odd")
        except ValueError as refusal:
            sentence = str(refusal)
    assert re.fullmatch(r"(odd .+\.)?", sentence)
    assert 0 <= photo.min() <= photo.max() <= 1


def test_nothing_is_written(monkeypatch, tmp_path):
    def refuse(*args, **kwargs):
        raise AssertionError("a file was opened")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr(io, "open", refuse)
    for content in WHOLE.values():
        photograph_from_bytes(content)
    assert list(tmp_path.iterdir()) == []


def test_the_array_is_the_callers():
    photo = photograph_from_bytes(WHOLE["PNG"])
    photo[:] = 0
    assert photograph_from_bytes(WHOLE["PNG"]).any()
