"""The real data of the lessons: photographs and handwritten digits.

Source, author and licence of every file, and how to make it again: data/README.md.
"""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.image import imread

PHOTOGRAPHS = ("astronaut", "camera", "cat", "coffee")

# An installed package carries its data inside; in a checkout the data lie beside the package.
_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "data"
DATA = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "data"


class Digits(NamedTuple):
    """What `digits` returns: images to train on and images to test on, each with its labels."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


def photograph(name):
    """Return a photograph as float32 in 0..1, shape (3, height, width): red, green, blue.

    `name` is one of PHOTOGRAPHS; any other raises ValueError. No side is longer than 512 pixels.
    The values are those of the file (sRGB) over 255. "camera" is a grey photograph: its three
    channels are equal. The array is yours: each call makes a new one. OSError: see `digits`.

    >>> photograph("cat").shape
    (3, 300, 451)
    """
    if not isinstance(name, str) or name not in PHOTOGRAPHS:
        choices = ", ".join(map(repr, PHOTOGRAPHS))
        raise ValueError(f"name must be one of {choices}; got {name!r}")
    pixels = imread(BytesIO(_checked_bytes(f"photographs/{name}.png")), format="png")
    if pixels.ndim == 2:
        return np.stack([pixels, pixels, pixels])
    return np.moveaxis(pixels, -1, 0).copy()


def digits():
    """Return MNIST's digits, 500 of each kind to train and 100 of each to test, as a `Digits`.

    Images: float32, shape (5000, 28, 28) and (1000, 28, 28), 0 is paper and 1 is ink.
    Labels: int64 in 0..9, shape (5000,) and (1000,). The order is shuffled, and always the same.
    The arrays are yours: each call reads them afresh (about 0.2 s), so call it once.
    Raises OSError if the file is missing, cut short or changed: its bytes are checked first.

    >>> train_images, train_labels, test_images, test_labels = digits()
    >>> train_images.shape, test_images.shape
    ((5000, 28, 28), (1000, 28, 28))
    """
    with np.load(BytesIO(_checked_bytes("digits.npz")), allow_pickle=False) as stored:
        return Digits(
            train_images=stored["train_images"] / np.float32(255),
            train_labels=stored["train_labels"].astype(np.int64),
            test_images=stored["test_images"] / np.float32(255),
            test_labels=stored["test_labels"].astype(np.int64),
        )


def _checked_bytes(name):
    """Return the bytes of the data file `name` if SHA256SUMS vouches for them, else OSError."""
    content = _read(name)
    for line in _read("SHA256SUMS").decode(errors="replace").splitlines():
        digest, _, listed = line.partition("  ")
        if listed == name:
            break
    else:
        raise OSError(f"{DATA / name} is not listed in SHA256SUMS. {_remedy()}")
    if hashlib.sha256(content).hexdigest() != digest:
        raise OSError(f"{DATA / name} was changed or cut short (see SHA256SUMS). {_remedy()}")
    return content


def _read(name):
    try:
        return (DATA / name).read_bytes()
    except OSError as error:
        raise OSError(f"{DATA / name} cannot be read ({error.strerror}). {_remedy()}") from None


def _remedy():
    if DATA == _INSTALLED:
        return "Install lessonkit again, with pip's option --force-reinstall."
    return f"To make it again, run this in {DATA.parent}: python data/rebuild.py"
