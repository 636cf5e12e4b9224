"""The record of the pooled digits is fairly made, and can be made again."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lessonkit.datasets import digits, record
from lessonkit.trainings import pooled_digits

KERNEL_SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 10, 14, 28]


@pytest.fixture(scope="module")
def pooled():
    return record("pooled_digits")


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


def test_every_contender_has_the_learning_rate_that_was_best_on_validation(pooled):
    grid = pooled["learning_rates"]
    for run in pooled["runs"]:
        accuracies = list(run["validation_accuracy"].values())
        assert list(map(float, run["validation_accuracy"])) == grid
        assert run["learning_rate"] == grid[accuracies.index(max(accuracies))]


@pytest.mark.parametrize(("window", "statistic"), [(8, "mean"), (7, "max")])
def test_networks_trained_again(pooled, monkeypatch, window, statistic):
    """The tolerances are those that data/README.md states for another machine."""
    (run,) = [
        run
        for run in pooled["runs"]
        if (run["kernel_size"], run["statistic"], run["training_digits"])
        == (window, statistic, 200)
    ]
    worst = float(min(run["validation_accuracy"], key=run["validation_accuracy"].get))
    monkeypatch.setattr(pooled_digits, "LEARNING_RATES", sorted([run["learning_rate"], worst]))
    again = pooled_digits.contender(pooled_digits.pooled_data(digits(), window, statistic), 200)
    for part in ("training", "test"):
        ours, theirs = (np.array(r[f"{part}_accuracies"]) for r in (again, run))
        assert_allclose(ours, theirs, atol=0.03)
        assert ours.mean() == pytest.approx(theirs.mean(), abs=0.01)
    assert again["weights"] == run["weights"]
    assert again["learning_rate"] == run["learning_rate"]


def test_the_test_digits_are_judged_by_the_chosen_networks_alone(monkeypatch):
    judged, evaluate = [], pooled_digits.evaluate

    def noting(network, x, labels):
        judged.append(len(labels))
        return evaluate(network, x, labels)

    monkeypatch.setattr(pooled_digits, "evaluate", noting)
    monkeypatch.setattr(pooled_digits, "STEPS", 4)
    data = digits()
    data = data._replace(
        train_images=data.train_images[:, ::7, ::7],
        test_images=data.test_images[:999, ::7, ::7],
        test_labels=data.test_labels[:999],
    )
    pooled_digits.contender(data, 100)
    assert judged.count(999) == 5
    assert judged[-5:] == [999] * 5
