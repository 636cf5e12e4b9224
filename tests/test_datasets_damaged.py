"""datasets: damage to the data is told in words that a learner can act on."""

import shutil
from pathlib import Path

import pytest

from lessonkit import datasets
from lessonkit.datasets import (
    PHOTOGRAPHS,
    RECORDS,
    animals,
    digits,
    photograph,
    record,
    temperatures,
    weights,
)

DATA = Path(__file__).resolve().parent.parent / "data"
READERS = {f"photographs/{name}.png": lambda name=name: photograph(name) for name in PHOTOGRAPHS}
READERS |= {f"records/{name}.json": lambda name=name: record(name) for name in RECORDS}
READERS |= {"digits.npz": digits, "temperatures.csv": temperatures, "animals.csv": animals}
READERS |= {"weights.npz": weights}
FILES = list(READERS)
MADE_HERE = ("animals.csv", "records/", "weights.npz")


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A copy of data/ to damage; `datasets` reads it."""
    copy = shutil.copytree(DATA, tmp_path / "data", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(datasets, "DATA", copy)
    return copy


def read(file):
    """Read what `file` holds, by the function a learner calls."""
    return READERS[file]()


def flip(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


DAMAGE = {
    "flipped byte": flip,
    "truncated": lambda content: content[: len(content) // 2],
    "last byte gone": lambda content: content[:-1],
    "byte too many": lambda content: content + b"\0",
    "empty": lambda content: b"",
}


def assert_told(error, file, data):
    message = str(error.value)
    assert str(data / file) in message
    command = (
        f"git checkout -- data/{file}" if file.startswith(MADE_HERE) else "python data/rebuild.py"
    )
    assert message.endswith(f"run this in {data.parent}: {command}")
    assert "\n" not in message


def test_an_undamaged_copy_is_read(data):
    for file in FILES:
        read(file)


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_not_decoded(data, file, damage):
    (data / file).write_bytes(DAMAGE[damage]((data / file).read_bytes()))
    with pytest.raises(OSError, match="was changed or cut short") as error:
        read(file)
    assert_told(error, file, data)


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file(data, file):
    (data / file).unlink()
    with pytest.raises(OSError, match="cannot be read") as error:
        read(file)
    assert_told(error, file, data)


@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_harms_no_other(data, file):
    (data / file).write_bytes(b"")
    for other in set(FILES) - {file}:
        read(other)


def test_a_missing_folder(data):
    shutil.rmtree(data)
    with pytest.raises(OSError, match="cannot be read") as error:
        read("digits.npz")
    assert_told(error, "digits.npz", data)


def test_a_missing_list_of_checksums(data):
    (data / "SHA256SUMS").unlink()
    with pytest.raises(OSError, match="cannot be read") as error:
        read("digits.npz")
    assert_told(error, "SHA256SUMS", data)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00", b"digits.npz\n", b"a b c\n"])
def test_a_list_without_the_file(data, content):
    (data / "SHA256SUMS").write_bytes(content)
    with pytest.raises(OSError, match="is not listed in SHA256SUMS") as error:
        read("digits.npz")
    assert_told(error, "digits.npz", data)


def test_a_list_with_windows_line_ends(data):
    content = (data / "SHA256SUMS").read_bytes()
    (data / "SHA256SUMS").write_bytes(content.replace(b"\n", b"\r\n"))
    for file in FILES:
        read(file)
