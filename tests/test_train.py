"""data/train.py: its records are what README.md says, fairly made, and can be made again."""

import importlib.util
import json
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lessonkit.datasets import DATA, digits, record
from lessonkit.pooling import pool

KERNEL_SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 10, 14, 28]


@pytest.fixture
def script(monkeypatch):
    """data/train.py as a module; it is a script, outside the package."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec = importlib.util.spec_from_file_location("train", DATA / "train.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pooled():
    return record("pooled_digits")


@pytest.fixture(scope="module")
def dropout():
    return record("dropout")


# -- what was recorded ---------------------------------------------------------------------------


def test_the_records_are_small_and_say_how_they_were_made():
    for name in ("pooled_digits", "dropout"):
        content = (DATA / "records" / f"{name}.json").read_text("utf-8")
        assert len(content) < 60_000
        assert record(name)["made by"] == f"python data/train.py {name}"


def test_every_window_statistic_and_count_was_tried_in_five_runs(pooled):
    names = [(r["statistic"], r["kernel_size"], r["training_digits"]) for r in pooled["runs"]]
    assert names == [
        (s, w, n) for s in ("max", "mean") for w in KERNEL_SIZES for n in (200, 1000, 4000)
    ]
    for run in pooled["runs"]:
        pixels = (28 // run["kernel_size"] + (28 % run["kernel_size"] > 0)) ** 2
        assert run["pixels"] == pixels
        assert run["weights"] == pixels * 64 + 64 + 64 * 10 + 10
        for part, count in (("training", run["training_digits"]), ("test", 1000)):
            accuracies = np.array(run[f"{part}_accuracies"])
            assert accuracies.shape == (5,)
            assert_allclose(
                accuracies * count, np.rint(accuracies * count), atol=0.05 * count / 1000
            )
    assert pooled["epochs"] == {"200": 500, "1000": 100, "4000": 25}


def test_a_window_of_one_pixel_is_the_same_for_both_statistics(pooled):
    first = [run for run in pooled["runs"] if run["kernel_size"] == 1]
    assert [run | {"statistic": ""} for run in first[:3]] == [
        run | {"statistic": ""} for run in first[3:]
    ]


def test_every_contender_has_the_learning_rate_that_was_best_on_validation(pooled, dropout):
    grid = pooled["learning_rates"]
    for run in pooled["runs"]:
        accuracies = list(run["validation_accuracy"].values())
        assert list(map(float, run["validation_accuracy"])) == grid
        assert run["learning_rate"] == grid[accuracies.index(max(accuracies))]
    for run in dropout["runs"]:
        assert [one["learning_rate"] for one in run["choice"]] == dropout["learning_rates"]
        losses = [one["validation_loss"] for one in run["choice"]]
        as_good = [one for one in run["choice"] if one["validation_loss"] <= 1.01 * min(losses)]
        best = max(as_good, key=lambda one: one["learning_rate"])
        assert (run["learning_rate"], run["best_epoch"]) == (best["learning_rate"], best["epoch"])


def test_the_curves_of_dropout_belong_together(dropout):
    assert [run["rate"] for run in dropout["runs"]] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    for run in dropout["runs"]:
        for part in ("training", "validation"):
            mean, least, most = (np.array(run[f"{part}_loss{k}"]) for k in ("", "_least", "_most"))
            assert mean.shape == (dropout["epochs"] + 1,) == (61,)
            assert np.all((least <= mean) & (mean <= most))
            accuracy = np.array(run[f"{part}_accuracy"])
            assert accuracy.shape == (61,)
            assert accuracy[0] < 0.3 < 0.8 < accuracy[-1] <= 1
        (choice,) = [c for c in run["choice"] if c["learning_rate"] == run["learning_rate"]]
        assert run["validation_loss"][run["best_epoch"]] == min(run["validation_loss"])
        assert choice["validation_loss"] == pytest.approx(min(run["validation_loss"]), abs=6e-4)
        assert len(run["test_losses"]) == len(run["test_accuracies"]) == 5


# -- whether it can be made again ----------------------------------------------------------------
# The tolerances are those that data/README.md states for another machine.


@pytest.mark.parametrize(("window", "statistic"), [(8, "mean"), (7, "max")])
def test_networks_on_pooled_digits_trained_again(script, pooled, monkeypatch, window, statistic):
    (run,) = [
        run
        for run in pooled["runs"]
        if (run["kernel_size"], run["statistic"], run["training_digits"])
        == (window, statistic, 200)
    ]
    worst = float(min(run["validation_accuracy"], key=run["validation_accuracy"].get))
    monkeypatch.setattr(script, "POOLED_GRID", sorted([run["learning_rate"], worst]))
    data = digits()
    again = script.pooled_run(
        data._replace(
            train_images=pool(data.train_images, window, ceil_mode=True, statistic=statistic),
            test_images=pool(data.test_images, window, ceil_mode=True, statistic=statistic),
        ),
        200,
    )
    for part in ("training", "test"):
        ours, theirs = (np.array(r[f"{part}_accuracies"]) for r in (again, run))
        assert_allclose(ours, theirs, atol=0.03)
        assert ours.mean() == pytest.approx(theirs.mean(), abs=0.01)
    assert again["weights"] == run["weights"]
    assert again["learning_rate"] == run["learning_rate"]


def test_the_first_epochs_of_dropout_trained_again(script, dropout):
    (run,) = [run for run in dropout["runs"] if run["rate"] == 0.5]
    data = digits()
    histories = []
    for seed in range(5):
        sample = script.Sample(data, seed, 1000)
        _, history = script.dropout_history(sample, seed, 0.5, run["learning_rate"], epochs=2)
        histories.append(history)
    for name, curve in script.curves(np.array(histories)).items():
        tolerance = {"atol": 0.01} if "accuracy" in name else {"rtol": 0.02, "atol": 0.001}
        assert_allclose(curve, run[name][:3], **tolerance, err_msg=name)


# -- whether it is fair --------------------------------------------------------------------------


def test_what_is_learned_from_is_neither_validation_nor_test(script):
    data = digits()
    rows = {image.tobytes(): place for place, image in enumerate(data.train_images)}
    spots = []
    for seed in range(2):
        sample = script.Sample(data, seed, 200)
        (x, labels), (validation, validation_labels), (test, test_labels) = (
            sample.training,
            sample.validation,
            sample.test,
        )
        assert (x.shape, validation.shape, test.shape) == ((200, 784), (1000, 784), (1000, 784))
        assert abs(x.mean()) < 1e-4
        assert x.std() == pytest.approx(1, abs=1e-4)
        darkest, lightest = x.min(), test.min()
        assert darkest == lightest, "all are moved and stretched alike"
        back = [
            np.rint((part - darkest) / (x.max() - darkest) * 255) for part in (x, validation, test)
        ]
        assert np.array_equal(back[1], np.rint(data.train_images[4000:].reshape(1000, -1) * 255))
        assert np.array_equal(back[2], np.rint(data.test_images.reshape(1000, -1) * 255))
        assert np.array_equal(validation_labels, data.train_labels[4000:])
        assert np.array_equal(test_labels, data.test_labels)
        pictures = (back[0] / np.float32(255)).reshape(200, 28, 28).astype(np.float32)
        places = [rows[picture.tobytes()] for picture in pictures]
        assert len(set(places)) == 200
        assert max(places) < 4000
        assert np.array_equal(labels, data.train_labels[places])
        spots.append(places)
    assert spots[0] != spots[1], "each seed learns from digits of its own"


def test_the_test_digits_are_judged_by_the_chosen_networks_alone(script, monkeypatch):
    judged = []
    evaluate = script.evaluate

    def noting(network, x, labels):
        judged.append(len(labels))
        return evaluate(network, x, labels)

    monkeypatch.setattr(script, "evaluate", noting)
    monkeypatch.setattr(script, "STEPS", 4)
    data = digits()
    data = data._replace(
        train_images=data.train_images[:, ::7, ::7],
        test_images=data.test_images[:999, ::7, ::7],
        test_labels=data.test_labels[:999],
    )
    script.pooled_run(data, 100)
    assert judged.count(999) == 5
    assert judged[-5:] == [999] * 5
    judged.clear()
    monkeypatch.setattr(script, "DROPOUT_GRID", (0.01, 0.03))
    monkeypatch.setattr(script, "EPOCHS", 1)
    monkeypatch.setattr(
        script,
        "new_network",
        lambda pixels, hidden, seed, rate: script.Network(script.Dense(16, 10, seed)),
    )
    script.dropout_run(data, 0.5)
    assert judged == [999] * 5


def test_of_equal_learning_rates_the_largest_is_judged_at_its_best_epoch(script, monkeypatch):
    lowest = {0.1: (1.0, 2), 0.2: (1.005, 1), 0.3: (1.02, 0)}  # validation loss, epoch
    asked = []

    def history(sample, seed, rate, learning_rate, epochs):
        asked.append((learning_rate, epochs))
        loss, epoch = lowest[learning_rate]
        reports = np.full((epochs + 1, 4), 3.0)
        reports[min(epoch, epochs), 2] = loss
        return None, reports

    monkeypatch.setattr(script, "DROPOUT_GRID", tuple(lowest))
    monkeypatch.setattr(script, "EPOCHS", 3)
    monkeypatch.setattr(script, "dropout_history", history)
    monkeypatch.setattr(script, "evaluate", lambda *_: (0.5, 0.9))
    run = script.dropout_run(digits(), 0.5)
    assert (run["learning_rate"], run["best_epoch"]) == (0.2, 1)
    assert asked == [(rate, 3) for rate in lowest for _ in range(5)] + [(0.2, 1)] * 5
    assert run["validation_loss"] == [3, 1.005, 3, 3]


# -- the file ------------------------------------------------------------------------------------


def test_only_what_is_named_is_made(script, monkeypatch, tmp_path):
    monkeypatch.setattr(script, "FOLDER", tmp_path / "records")
    rows = [{"number": n, "values": list(range(40))} for n in range(3)]
    made = {"text": "64 → 10", "rates": {0.1: 0.5}, "runs": rows, "long": list(range(200))}
    experiments = {"one": lambda: made, "two": lambda: pytest.fail("not asked for")}
    monkeypatch.setattr(script, "EXPERIMENTS", experiments)
    script.main(["one"])
    (file,) = (tmp_path / "records").iterdir()
    text = file.read_text("utf-8")
    wanted = {"made by": "python data/train.py one"} | made | {"rates": {"0.1": 0.5}}
    assert json.loads(text) == wanted
    assert "→" in text
    assert 8 <= len(text.splitlines()) <= 20, "a line for each run and each long list"
