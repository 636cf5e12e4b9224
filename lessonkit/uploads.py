"""A learner's own photograph: from the bytes of an uploaded file to an array."""

import reprlib
import warnings
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WebP")
MOST_BYTES = 10 * 10**6  # as in live/page.js
MOST_PIXELS = 20 * 10**6
LONGEST = 512  # pixels of the longer side that are kept


def photograph_from_bytes(content, name="content", size=None):
    """Return a photograph as `datasets.photograph` does: float32 in 0..1, (3, height, width).

    content: the bytes of a PNG, JPEG or WebP file, of at most 10 MB and 20 megapixels.
    name: what an error calls it.
    size: how many bytes there should be; a page sends a file that is too large without any.

    A side longer than 512 pixels is reduced to that. The picture is turned as the camera says
    (EXIF), what is transparent becomes white, and an animation gives its first picture. Nothing is
    written to disk. Raises ValueError, one sentence that says what to do, for any other file.
    """
    if not isinstance(content, bytes | bytearray | memoryview):
        given = reprlib.repr(content)
        raise TypeError(f"content must be the bytes of a file, not its path; got {given}")
    size = len(content) if size is None else size
    if size > MOST_BYTES:
        raise ValueError(f"{name} is {size / 1e6:.1f} MB; the limit is 10 MB: make it smaller.")
    if size == 0:
        raise ValueError(f"{name} is empty, 0 bytes: choose a PNG, JPEG or WebP picture.")
    if len(content) < size:
        raise ValueError(
            f"{name} arrived with only {len(content):,} of its {size:,} bytes: try again."
        )
    try:
        pixels = _pixels(bytes(content))
    except Image.DecompressionBombError:
        raise ValueError(f"{name} has more than 20 megapixels: make it smaller.") from None
    except UnidentifiedImageError:
        raise ValueError(f"{name} is not a PNG, JPEG or WebP picture: choose another.") from None
    except Exception:  # decoders of damaged bytes raise what they like
        raise ValueError(f"{name} is damaged or cut short: choose another picture.") from None
    return np.moveaxis(pixels, -1, 0).copy() / np.float32(255)


def _pixels(content):
    """Return the pixels of a picture's file; metadata that cannot be read do not matter."""
    try:
        return _decoded(content)
    except Image.DecompressionBombError:
        raise
    except Exception:  # that of the metadata, perhaps
        bare = _without_metadata(content)
        if len(bare) == len(content):
            raise
        return _decoded(bare)


def _without_metadata(content):
    """Return a JPEG or PNG file with only what its pixels need, another one as it is.

    Sources: ITU-T T.81, annex B; PNG specification, section 5.
    """
    kept, place = b"", 0
    if content.startswith(b"\xff\xd8"):
        kept, place = content[:2], 2
        while content[place : place + 1] == b"\xff" and content[place + 1] != 0xDA:  # start of scan
            marker = content[place + 1]
            end = place + 2 + int.from_bytes(content[place + 2 : place + 4])
            if marker not in (*range(0xE0, 0xEE), 0xEF, 0xFE):  # APP14 tells how colours are stored
                kept += content[place:end]
            place = end
    elif content.startswith(b"\x89PNG\r\n\x1a\n"):
        kept, place = content[:8], 8
        while len(kind := content[place + 4 : place + 8]) == 4:
            end = place + 12 + int.from_bytes(content[place : place + 4])
            if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
                kept += content[place:end]
            place = end
    return kept + content[place:]


def _decoded(content):
    """Return the pixels of a picture's file, reduced, (H, W, 3) uint8."""
    with (
        warnings.catch_warnings(action="ignore"),  # a learner cannot mend odd metadata
        Image.open(BytesIO(content), formats=FORMATS) as image,
    ):
        if image.width * image.height > MOST_PIXELS:  # known before any pixel is decoded
            raise Image.DecompressionBombError
        image.draft(None, (LONGEST, LONGEST))  # of a large JPEG not every pixel is
        return np.asarray(_upright_on_white(image))


def _upright_on_white(image):
    """Return an image as RGB, reduced, turned as the camera says, and white behind."""
    if image.mode.startswith("I"):  # 16 bits of grey: convert alone would cut them off
        image = image.convert("I").point(lambda grey: grey / 257).convert("L")
    image = image.convert("RGBA")
    image.thumbnail((LONGEST, LONGEST))
    image = _turned(image)
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


def _turned(image):
    """Return an image turned as its metadata say, or as it is where they cannot be read."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # odd metadata raise what they like, and the pixels are all there
        return image
