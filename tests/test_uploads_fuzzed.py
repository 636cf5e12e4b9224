"""Pictures of every kind, damaged in every way: a picture comes of it, or a sentence."""

import functools
import io
import re
import warnings

import numpy as np
import PIL
from explored import shown_once, uploaded
from fuzzing import fuzzed, tried
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lessonkit import explorers
from lessonkit.datasets import DATA
from lessonkit.uploads import photograph_from_bytes

PILLOW = tuple(map(int, PIL.__version__.split(".")[:2]))
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\1\x5fmeta" + bytes(300)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><image href='/etc/passwd'/></svg>"


@functools.cache
def files():
    """Return name → the bytes of a file, made of a real photograph where it is one."""
    cat = Image.open(DATA / "photographs" / "cat.png").convert("RGB").resize((40, 27))
    turned = Image.Exif()
    turned[0x0112] = 6
    clear = cat.quantize(16)
    clear.info["transparency"] = 3
    deep = Image.fromarray((np.asarray(cat.convert("L"), np.uint16) * 257).astype(np.uint16))
    frames = [cat, cat.transpose(Image.Transpose.ROTATE_180)]
    several = frames if PILLOW >= (11, 3) else frames[:1]  # older: broken
    bomb = Image.new("1", (9000, 9000))
    pictures = {
        "JPEG": (cat, "JPEG", {}),
        "progressive JPEG": (cat, "JPEG", {"progressive": True}),
        "CMYK": (cat.convert("CMYK"), "JPEG", {}),
        "grey JPEG": (cat.convert("L"), "JPEG", {}),
        "turned JPEG": (cat, "JPEG", {"exif": turned}),
        "several JPEG": (cat, "MPO", {"save_all": True, "append_images": several}),
        "PNG": (cat, "PNG", {}),
        "16 bits": (deep, "PNG", {}),
        "palette": (clear, "PNG", {"transparency": 3}),
        "alpha": (cat.convert("RGBA"), "PNG", {"exif": turned}),
        "animated PNG": (cat, "PNG", {"save_all": True, "append_images": frames}),
        "bomb": (bomb, "PNG", {}),
        "WebP": (cat, "WEBP", {}),
        "lossless WebP": (cat, "WEBP", {"lossless": True, "exif": turned}),
        "animated WebP": (cat, "WEBP", {"save_all": True, "append_images": frames}),
        "GIF": (cat, "GIF", {"save_all": True, "append_images": frames}),
        "TIFF": (cat, "TIFF", {}),
        "ICO": (cat, "ICO", {}),
    }
    made = {name: saved(*how) for name, how in pictures.items()}
    text = (DATA / "README.md").read_bytes()
    return made | {
        "HEIC": HEIC,
        "SVG": SVG,
        "text": text,
        "numbers": (DATA / "weights.npz").read_bytes(),
    }


def saved(image, kind, options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@st.composite
def damaged(draw, whole):
    """Draw a file's bytes: flipped bits, a part lost, doubled or replaced, cut short, or joined."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.integers(1, 40) | st.integers(1, max(1, len(content))))
        match draw(st.sampled_from(["flip", "lose", "double", "replace", "cut", "join"])):
            case "flip" if content:
                content[at % len(content)] ^= 1 << draw(st.integers(0, 7))
            case "lose":
                del content[at : at + length]
            case "double":
                content[at:at] = content[at : at + length]
            case "replace":
                content[at : at + 4] = draw(
                    st.sampled_from([b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"])
                )
            case "cut":
                del content[at:]
            case "join":
                content += draw(st.sampled_from(sorted(files().values())))[-length:]
    return bytes(content)


def seen_or_told(content, size=None):
    """Return the picture of a file, or the sentence that refuses it."""
    with warnings.catch_warnings(action="error"):
        try:
            photo = photograph_from_bytes(content, "mine", size)
        except ValueError as refusal:
            photo, told = None, str(refusal)
    if photo is None:
        assert re.fullmatch(r"mine [^\n]+: [^\n]+\.", told), told
        return told
    assert photo.dtype == np.float32
    assert photo.shape[0] == 3
    assert min(photo.shape) >= 1
    assert max(photo.shape) <= 512
    assert 0 <= photo.min() <= photo.max() <= 1
    return photo


REFUSED = {"bomb", "GIF", "TIFF", "ICO", "HEIC", "SVG", "text", "numbers"}


def test_whole_files_are_seen_if_they_are_pictures():
    for name, content in files().items():
        tried("files")
        assert isinstance(seen_or_told(content), str) == (name in REFUSED), name


@fuzzed(500)
@given(st.data())
def test_damaged_files_are_seen_or_refused_in_a_sentence(data):
    tried("files")
    name = data.draw(st.sampled_from(sorted(files())))
    size = data.draw(st.none() | st.integers(-1, 20_000_000))
    seen_or_told(data.draw(damaged(files()[name])), size)


@fuzzed(25)
@given(st.data())
def test_an_explorer_shows_them_or_says_so_and_goes_on(data):
    tried("files")
    explorer = shown_once(explorers.pooling.mosaics)
    upload = explorer.controls["upload"]
    upload.value = ()
    good = explorer.caption
    content = data.draw(damaged(files()[data.draw(st.sampled_from(sorted(files())))]))
    upload.value = uploaded(content, data.draw(st.text(max_size=9)))
    assert explorer.caption
    assert re.fullmatch(r"(?s)(ValueError: .+ .+: .+\.)?", explorer.error), explorer.error
    upload.value = ()
    assert (explorer.caption, explorer.error) == (good, "")
