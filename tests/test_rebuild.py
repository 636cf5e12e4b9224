"""data/rebuild.py, as far as it needs no network."""

import hashlib
import importlib.util
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lessonkit import datasets
from lessonkit.datasets import digits

DATA = Path(__file__).resolve().parent.parent / "data"


@pytest.fixture
def rebuild(monkeypatch):
    """data/rebuild.py as a module; it is a script, outside the package."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec = importlib.util.spec_from_file_location("rebuild", DATA / "rebuild.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_same_arrays_make_the_same_files(rebuild):
    with np.load(DATA / "digits.npz", allow_pickle=False) as stored:
        assert rebuild.npz(dict(stored)) == (DATA / "digits.npz").read_bytes()
    with Image.open(DATA / "photographs/coffee.png") as image:
        assert rebuild.png(np.asarray(image)) == (DATA / "photographs/coffee.png").read_bytes()


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 4368, 3), (1, 21845, 3), (300, 451, 3)])
def test_the_png_writer(rebuild, tmp_path, shape):
    # 5 rows of 1 + 3 · 4368 bytes are 65,525; longer ones need a second block of zlib's.
    pixels = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    (tmp_path / "x.png").write_bytes(rebuild.png(pixels))
    with Image.open(tmp_path / "x.png") as image:
        assert np.array_equal(np.asarray(image), pixels)


def test_the_split(rebuild):
    # Each "image" is one number: ten times its place in the source, plus its digit.
    source = [10 * np.arange(600 + 30 * digit) + digit for digit in range(10)]
    parts = rebuild.split(source)
    for part, each in (("train", 500), ("test", 100)):
        labels, images = parts[f"{part}_labels"], parts[f"{part}_images"]
        assert np.array_equal(images % 10, labels)
        assert np.array_equal(np.bincount(labels), [each] * 10)
        assert np.ptp(images) > 5000  # taken from everywhere
    assert len(np.unique(np.concatenate([parts["train_images"], parts["test_images"]]))) == 6000
    again = rebuild.split(source)
    assert all(np.array_equal(again[key], parts[key]) for key in parts)


def test_what_rebuilding_needs_is_said_in_words(rebuild, monkeypatch):
    monkeypatch.setitem(sys.modules, "skimage", None)
    with pytest.raises(SystemExit, match="pip install scikit-image"):
        rebuild.photographs()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="pip install vega_datasets"):
        rebuild.temperatures()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="install npm"):
        rebuild.source_digits()


@pytest.fixture
def weather(rebuild, monkeypatch, tmp_path):
    """A stand-in for the package with the temperatures; rebuild.py finds it."""
    file = tmp_path / "vega_datasets" / "_data" / "seattle-weather.csv"
    file.parent.mkdir(parents=True)
    year = (DATA / "temperatures.csv").read_text().splitlines()[1:]
    days = [
        day.replace("-", "/").replace(",", ",0.0,")
        for day in ("2014-12-31,9", *year, "2016-01-01,9")
    ]
    file.write_text("\n".join(["date,precipitation,temp_max", *days, ""]))
    monkeypatch.setattr(rebuild, "WEATHER_SHA256", hashlib.sha256(file.read_bytes()).hexdigest())
    spec = importlib.util.spec_from_file_location("vega_datasets", file.parents[1] / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    return file


def test_the_temperatures_are_cut_out_of_their_source(rebuild, weather):
    assert rebuild.temperatures() == (DATA / "temperatures.csv").read_bytes()
    weather.write_bytes(b"something else")
    with pytest.raises(SystemExit, match=r"vega_datasets==0\.9\.0"):
        rebuild.temperatures()
    weather.unlink()
    with pytest.raises(SystemExit, match=r"vega_datasets==0\.9\.0"):
        rebuild.temperatures()


def test_rebuilding_writes_nothing_before_every_source_has_passed(rebuild, monkeypatch, tmp_path):
    monkeypatch.setattr(rebuild, "HERE", tmp_path)
    monkeypatch.setattr(rebuild, "photographs", lambda: {"photographs/cat.png": b"cat"})
    monkeypatch.setattr(rebuild, "temperatures", lambda: b"warm")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit):
        rebuild.main()
    assert list(tmp_path.iterdir()) == []


def test_rebuilding_writes_the_files_and_their_checksums(rebuild, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(rebuild, "HERE", tmp_path)
    monkeypatch.setattr(rebuild, "photographs", lambda: {"photographs/cat.png": b"cat"})
    monkeypatch.setattr(rebuild, "temperatures", lambda: b"warm")
    source = [np.full((600, 28, 28), digit, np.uint8) for digit in range(10)]
    monkeypatch.setattr(rebuild, "source_digits", lambda: source)
    (tmp_path / "records").mkdir()
    for ours in ("animals.csv", "records/fitting_network.json"):
        (tmp_path / ours).write_bytes(b"made here")
    rebuild.main()
    assert "new" in capsys.readouterr().out
    rebuild.main()
    assert "as before" in capsys.readouterr().out
    monkeypatch.setattr(datasets, "DATA", tmp_path)
    assert datasets._checked_bytes("photographs/cat.png") == b"cat"
    assert datasets._checked_bytes("temperatures.csv") == b"warm"
    for ours in ("animals.csv", "records/fitting_network.json"):
        assert datasets._checked_bytes(ours) == b"made here"
    assert np.array_equal(np.rint(digits().test_images[:, 0, 0] * 255), digits().test_labels)
