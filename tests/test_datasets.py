"""datasets: the data are what README.md says. Damage has tests in test_datasets_damaged.py."""

import ast
import datetime
import hashlib
import re
import shutil
import struct
import subprocess
import sys
import tomllib
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lessonkit.datasets import (
    PHOTOGRAPHS,
    RECORDS,
    animals,
    digits,
    photograph,
    record,
    temperatures,
)

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"


@pytest.fixture(scope="module")
def mnist():
    return digits()


def checksums():
    lines = (DATA / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


# --- the files ---


def test_every_file_has_its_checksum_its_source_and_its_licence():
    data_files = {
        path.relative_to(DATA).as_posix()
        for path in DATA.rglob("*")
        if path.suffix in {".png", ".npz", ".csv", ".json"}
    }
    assert set(checksums()) == data_files
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert not re.search("[0-9a-f]{64}", readme), "checksums stand in SHA256SUMS alone"
    for name, digest in checksums().items():
        assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == digest
        section = readme.split(f"# `{name}`", 1)[1].split("\n#", 1)[0]
        assert "Source: " in section
        assert "Licence: " in section


def test_the_data_stay_small():
    files = [path for path in DATA.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 4_000_000
    assert (DATA / "digits.npz").stat().st_size < 1_500_000


# --- photographs ---

SHAPES = {
    "astronaut": (3, 512, 512),
    "camera": (3, 512, 512),
    "cat": (3, 300, 451),
    "coffee": (3, 400, 512),
}


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_photograph_is_its_files_bytes_over_255(name):
    photo = photograph(name)
    assert photo.shape == SHAPES[name]
    assert photo.dtype == np.float32
    assert photo.flags.c_contiguous
    assert photo.min() >= 0
    assert photo.max() <= 1
    with Image.open(DATA / "photographs" / f"{name}.png") as image:
        assert image.mode == ("L" if name == "camera" else "RGB")
        expected = np.asarray(image.convert("RGB"))
    assert np.array_equal(np.rint(photo * 255), expected.transpose(2, 0, 1))
    assert np.abs(photo - expected.transpose(2, 0, 1) / 255).max() < 1e-7


# As one sees in the pictures: row, column, and the range of each channel there.
@pytest.mark.parametrize(
    ("name", "row", "column", "low", "high"),
    [
        ("astronaut", 350, 80, (0.8, 0.3, 0.2), (1.0, 0.5, 0.4)),  # the orange suit
        ("astronaut", 450, 360, (0.9, 0.9, 0.9), (1.0, 1.0, 1.0)),  # the white light on the helmet
        ("camera", 50, 300, (0.7, 0.7, 0.7), (0.9, 0.9, 0.9)),  # the sky
        ("camera", 250, 90, (0.0, 0.0, 0.0), (0.2, 0.2, 0.2)),  # the black coat
        ("cat", 110, 155, (0.4, 0.4, 0.1), (0.6, 0.6, 0.3)),  # the iris
        ("cat", 110, 173, (0.0, 0.0, 0.0), (0.1, 0.1, 0.1)),  # the pupil
        ("coffee", 150, 260, (0.8, 0.5, 0.1), (1.0, 0.7, 0.3)),  # the coffee
        ("coffee", 330, 108, (0.3, 0.0, 0.0), (0.5, 0.2, 0.1)),  # the red saucer
    ],
)
def test_things_are_where_they_are_seen(name, row, column, low, high):
    pixel = photograph(name)[:, row, column]
    assert np.all((low <= pixel) & (pixel <= high))


def test_the_grey_photograph_has_three_equal_channels():
    red, green, blue = photograph("camera")
    assert np.array_equal(red, green)
    assert np.array_equal(red, blue)


def test_coffee_read_without_an_image_library():
    # It is stored uncompressed and unfiltered, so zlib and slicing read it.
    content = (DATA / "photographs/coffee.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    start = content.index(b"IDAT")
    (length,) = struct.unpack(">I", content[start - 4 : start])
    rows = np.frombuffer(zlib.decompress(content[start + 4 : start + 4 + length]), np.uint8)
    rows = rows.reshape(height, 1 + 3 * width)
    assert not rows[:, 0].any()
    pixels = rows[:, 1:].reshape(height, width, 3)
    assert np.array_equal(np.rint(photograph("coffee") * 255), pixels.transpose(2, 0, 1))


@pytest.mark.parametrize("name", ["dog", "Cat", "cat.png", "", None, 3, ["cat"], np.zeros(3)])
def test_an_unknown_photograph_is_told_the_choices(name):
    with pytest.raises(ValueError, match=r"^name must be one of 'astronaut', ") as error:
        photograph(name)
    for choice in PHOTOGRAPHS:
        assert repr(choice) in str(error.value)
    assert str(error.value).endswith(f"; got {name!r}")


# --- digits ---


def test_the_digits_shapes_types_and_ranges(mnist):
    assert mnist._fields == ("train_images", "train_labels", "test_images", "test_labels")
    for images, labels, n in [(mnist[0], mnist[1], 5000), (mnist[2], mnist[3], 1000)]:
        assert images.shape == (n, 28, 28)
        assert labels.shape == (n,)
        assert images.dtype == np.float32
        assert labels.dtype == np.int64
        assert images.min() == 0
        assert images.max() == 1
        assert np.array_equal(np.bincount(labels), [n // 10] * 10)


def test_no_digit_is_there_twice(mnist):
    images = np.concatenate([mnist.train_images, mnist.test_images]).reshape(6000, -1)
    assert len(np.unique(images, axis=0)) == 6000


def test_the_digits_are_shuffled(mnist):
    # Any stretch of 500 has every digit about 50 times; 30 off would be four deviations.
    for labels in [*mnist.train_labels.reshape(10, 500), *mnist.test_labels.reshape(2, 500)]:
        assert np.all(np.abs(np.bincount(labels, minlength=10) - 50) < 30)


def test_the_digits_read_without_numpys_loader(mnist):
    with zipfile.ZipFile(DATA / "digits.npz") as archive:
        assert archive.testzip() is None
        for name, array in mnist._asdict().items():
            content = archive.read(f"{name}.npy")
            (length,) = struct.unpack("<H", content[8:10])
            header = ast.literal_eval(content[10 : 10 + length].decode())
            assert header == {"descr": "|u1", "fortran_order": False, "shape": array.shape}
            stored = np.frombuffer(content[10 + length :], np.uint8).reshape(array.shape)
            scale = 255 if array.ndim == 3 else 1
            assert np.array_equal(np.rint(array * scale), stored)


def test_a_digit_can_be_seen(mnist):
    # Every second row and column of the first one: a seven.
    assert mnist.train_labels[0] == 7
    dots = [np.where(row > 0.5, "#", ".") for row in mnist.train_images[0, 6:24:2, 2:24:2]]
    assert ["".join(row) for row in dots] == [
        "...........",
        ".#########.",
        ".#......##.",
        "........#..",
        ".......#...",
        "......##...",
        "......#....",
        ".....##....",
        ".....#.....",
    ]


def test_the_digits_are_made_as_their_authors_say(mnist):
    """LeCun et al. 1998: fitted into 20 × 20 pixels, then centred by mass in 28 × 28."""
    images = np.concatenate([mnist.train_images, mnist.test_images])
    ink = images > 0
    for axis in (1, 2):
        position = np.arange(28) if axis == 2 else np.arange(28)[:, None]
        centre = (images * position).sum((1, 2)) / images.sum((1, 2))
        assert np.all(np.abs(centre - 14) <= 0.51)
    sides = np.array([[np.ptp(np.flatnonzero(i.any(a))) + 1 for a in (0, 1)] for i in ink])
    assert set(sides.max(1)) <= {19, 20}


def test_the_labels_belong_to_the_images(mnist):
    # The nearest class mean is right for about 82 % of MNIST; guessing for 10 %.
    train, test = mnist.train_images.reshape(5000, -1), mnist.test_images.reshape(1000, -1)
    means = np.array([train[mnist.train_labels == digit].mean(0) for digit in range(10)])
    distance = ((test[:, None] - means) ** 2).sum(2)
    assert 0.78 < np.mean(distance.argmin(1) == mnist.test_labels) < 0.86


# --- temperatures ---


def test_the_temperatures_are_the_files():
    lines = (DATA / "temperatures.csv").read_text("ascii").splitlines()
    assert lines[0] == "date,temp_max"
    days, degrees = zip(*(line.split(",") for line in lines[1:]), strict=True)
    new_year = datetime.date(2015, 1, 1)
    assert list(days) == [str(new_year + datetime.timedelta(days=d)) for d in range(365)]
    assert temperatures().tolist() == [float(d) for d in degrees]
    assert temperatures().dtype == np.float64


def test_the_temperatures_are_a_year_in_seattle():
    degrees = temperatures()
    summer, winter = degrees[152:243].mean(), degrees[:59].mean()  # June to August; to February
    assert 25 < summer < 30
    assert 8 < winter < 13
    assert np.all((degrees > -5) & (degrees < 40))
    assert np.abs(np.diff(degrees)).max() < 15, "no day is out of its place"
    assert np.array_equal(degrees, degrees.round(1))


# --- animals ---


def test_the_animals_are_the_files():
    lines = (DATA / "animals.csv").read_text("ascii").splitlines()
    header, *rows = (line.split(",") for line in lines)
    table = animals()
    assert list(table.features) == header[3:]
    for row, name, is_frog, is_new, has in zip(
        rows, table.names, table.is_frog, table.is_new, table.has, strict=True
    ):
        assert row[:3] == [name, "new" if is_new else "known", str(int(is_frog))]
        assert row[3:] == [str(int(h)) for h in has]
    assert len(set(table.names)) == len(rows) == 16


def test_the_animals_let_a_rule_ask_too_little_or_too_much():
    _, is_frog, is_new, features, has = animals()

    def wrong(rule, group):
        passes = has[:, [features.index(feature) for feature in rule]].all(axis=1)
        return int(np.sum(passes[group] != is_frog[group]))

    right = ["four legs", "no tail", "moist skin"]
    assert wrong(["four legs"], ~is_new) > 0
    assert wrong(["four legs"], is_new) > 0
    for extra in ("spots on its back", "lives in water"):
        assert wrong([*right, extra], ~is_new) == 0
        assert wrong([*right, extra], is_new) == 2
    assert wrong(right, ~is_new) == wrong(right, is_new) == 0
    for one in right:
        assert wrong([other for other in right if other != one], ~is_new) > 0, "each is needed"
    assert has[is_frog & ~is_new].all()


# --- records ---


@pytest.mark.parametrize(
    "name", ["fitting", "fitting_network.json", "", None, ["fitting_network"], np.zeros(2)]
)
def test_an_unknown_record_is_told_the_choices(name):
    with pytest.raises(ValueError, match=r"^name must be one of 'fitting_network'") as error:
        record(name)
    for choice in RECORDS:
        assert repr(choice) in str(error.value)
    assert str(error.value).endswith(f"; got {name!r}")


# --- one caller's changes stay with that caller ---


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_changing_a_photograph_changes_no_other(name):
    first = photograph(name)
    first[0] = -1
    assert first[1].min() >= 0
    assert photograph(name).min() >= 0


def test_changing_the_temperatures_and_animals_changes_no_others():
    temperatures()[:] = -99
    assert temperatures().min() > 0
    animals().has[:] = False
    assert animals().has.any()


def test_changing_the_digits_changes_no_others():
    for array in digits():
        array[...] = -1
    assert all(array.min() == 0 for array in digits())


# --- installed from a wheel ---


def test_the_data_are_found_in_an_installed_package(tmp_path):
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = wheel["tool"]["hatch"]["build"]["targets"]["wheel"]
    site = tmp_path / "site"
    for package in wheel["packages"]:
        shutil.copytree(ROOT / package, site / package)
    for source, target in wheel["force-include"].items():
        shutil.copytree(ROOT / source, site / target)
    # A folder of the same name beside the package must not be taken for ours.
    (site / "data").mkdir()

    def run(code):
        start = f"import sys; sys.path.insert(0, {str(site)!r}); from lessonkit.datasets import *"
        command = [sys.executable, "-I", "-B", "-c", f"{start}; {code}"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)

    sizes = "sum(array.size for array in [*map(photograph, PHOTOGRAPHS), *digits()])"
    result = run(f"print(sys.modules['lessonkit.datasets'].DATA, {sizes}, sep='\\n')")
    total = sum(np.prod(shape) for shape in SHAPES.values()) + 6000 * (28 * 28 + 1)
    assert result.stdout.splitlines() == [str(site / "lessonkit/data"), str(total)], result.stderr

    (site / "lessonkit/data/digits.npz").unlink()
    result = run("digits()")
    last = result.stderr.splitlines()[-1]
    assert last.startswith(f"OSError: {site / 'lessonkit/data/digits.npz'} cannot be read")
    assert last.endswith("Install lessonkit again, with pip's option --force-reinstall.")
