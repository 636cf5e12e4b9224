"""The data of the lessons: photographs, digits, temperatures, animals, and results of trainings.

The source, author and licence of every file, and how to make it again: data/README.md.
"""

import csv
import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

PHOTOGRAPHS = ("astronaut", "camera", "cat", "coffee")
RECORDS = (
    "fitting_network",
    "pooled_digits",
    "dropout",
    "training_race",
    "dead_units",
    "whole_network",
)

# An installed package carries its data inside; in a checkout they are beside the package.
_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "data"
DATA = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "data"
_MADE_HERE = ("animals.csv", "records/", "weights.npz")  # data/rebuild.py cannot make these


class Digits(NamedTuple):
    """What `digits` returns: images to train on and to test on, with a label for each."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


class Animals(NamedTuple):
    """What `animals` returns: a row for each animal and, in `has`, a column for each feature."""

    names: np.ndarray
    is_frog: np.ndarray
    is_new: np.ndarray
    features: tuple
    has: np.ndarray


def photograph(name):
    """Return a photograph as float32 in 0..1, shape (3, height, width): red, green, blue.

    `name` is one of PHOTOGRAPHS; any other raises ValueError. No side is longer than 512 pixels.
    The values are those of the file (sRGB) divided by 255. "camera" is a grey photograph: its
    three channels are equal. Each call makes a new array. OSError: see `digits`.

    >>> photograph("cat").shape
    (3, 300, 451)
    """
    if not isinstance(name, str) or name not in PHOTOGRAPHS:
        choices = ", ".join(map(repr, PHOTOGRAPHS))
        raise ValueError(f"name must be one of {choices}; got {name!r}")
    with Image.open(BytesIO(_checked_bytes(f"photographs/{name}.png"))) as image:
        pixels = np.asarray(image) / np.float32(255)
    if pixels.ndim == 2:
        return np.stack([pixels, pixels, pixels])
    return np.moveaxis(pixels, -1, 0).copy()


def digits():
    """Return digits of MNIST as a `Digits`: 500 of each to train on and 100 of each to test on.

    Images: float32, shape (5000, 28, 28) and (1000, 28, 28), 0 is paper and 1 is ink.
    Labels: int64 in 0..9, shape (5000,) and (1000,). The order is random, but always the same.
    Each call reads the file afresh (about 0.2 s), so call it once. The arrays are yours to change.
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


def temperatures():
    """Return the highest temperature of each day of 2015 in Seattle, in °C, shape (365,).

    The first is for 1 January. float64, to a tenth of a degree; each call makes a new array.
    OSError: see `digits`.

    >>> degrees = temperatures()
    >>> degrees.shape, degrees.max()
    ((365,), np.float64(35.0))
    """
    return np.array([float(degrees) for _, degrees in _rows("temperatures.csv")[1:]])


def animals():
    """Return eight known animals and eight new ones as an `Animals`.

    names: (16,) text. is_frog, is_new: (16,) bool. features: six names. has: (16, 6) bool, whether
    an animal (row) has a feature (column). Each call makes new arrays. OSError: see `digits`.

    >>> names, is_frog, is_new, features, has = animals()
    >>> names[is_frog & is_new].tolist()
    ['edible frog', 'tree frog', 'golden poison frog']
    """
    (_, _, _, *features), *rows = _rows("animals.csv")
    names, groups, is_frog, *has = zip(*rows, strict=True)
    return Animals(
        names=np.array(names),
        is_frog=np.array(is_frog) == "1",
        is_new=np.array(groups) == "new",
        features=tuple(features),
        has=np.array(has).T == "1",
    )


def record(name):
    """Return the record of a training, data/records/`name`.json, as dicts, lists and numbers.

    `name` is one of RECORDS; any other raises ValueError. What each holds: data/README.md. How it
    was made: the module of the same name in lessonkit/trainings. OSError: see `digits`.

    >>> record("fitting_network")["epochs"][-1]
    20000
    """
    if not isinstance(name, str) or name not in RECORDS:
        raise ValueError(f"name must be one of {', '.join(map(repr, RECORDS))}; got {name!r}")
    return json.loads(_checked_bytes(f"records/{name}.json"))


def weights():
    """Return the trained weights of the last chapter's network, name → float32 array.

    A name is the layer's place in the network, counted from 0, and the parameter's own name:
    "0_weight", "0_bias", "3_weight" … Each call makes new arrays. OSError: see `digits`.

    >>> {name: array.shape for name, array in weights().items() if name.endswith("weight")}
    {'0_weight': (6, 1, 5, 5), '3_weight': (12, 6, 5, 5), '7_weight': (10, 192)}
    """
    with np.load(BytesIO(_checked_bytes("weights.npz")), allow_pickle=False) as stored:
        return dict(stored)


def _rows(name):
    """Return the lines of a CSV file, each as a list of strings."""
    return list(csv.reader(_checked_bytes(name).decode().splitlines()))


def _checked_bytes(name):
    """Return the bytes of the data file `name` if SHA256SUMS vouches for them, else OSError."""
    content = _read(name)
    for line in _read("SHA256SUMS").decode(errors="replace").splitlines():
        digest, _, listed = line.partition("  ")
        if listed == name:
            break
    else:
        raise OSError(f"{DATA / name} is not listed in SHA256SUMS. {_remedy(name)}")
    if hashlib.sha256(content).hexdigest() != digest:
        raise OSError(f"{DATA / name} was changed or cut short (see SHA256SUMS). {_remedy(name)}")
    return content


def _read(name):
    try:
        return (DATA / name).read_bytes()
    except OSError as error:
        raise OSError(f"{DATA / name} cannot be read ({error.strerror}). {_remedy(name)}") from None


def _remedy(name):
    if DATA == _INSTALLED:
        return "Install lessonkit again, with pip's option --force-reinstall."
    if name.startswith(_MADE_HERE):
        return f"To get it back, run this in {DATA.parent}: git checkout -- data/{name}"
    return f"To make it again, run this in {DATA.parent}: python data/rebuild.py"
