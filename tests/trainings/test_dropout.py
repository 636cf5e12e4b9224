"""The record of dropout is fairly made, and can be made again."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from lessonkit.datasets import digits, record
from lessonkit.network import Dense, Network
from lessonkit.trainings import dropout
from lessonkit.trainings.digit_samples import Sample


@pytest.fixture(scope="module")
def kept():
    return record("dropout")


def test_every_rate_has_the_learning_rate_that_was_best_on_validation(kept):
    for run in kept["runs"]:
        assert [one["learning_rate"] for one in run["choice"]] == kept["learning_rates"]
        losses = [one["validation_loss"] for one in run["choice"]]
        as_good = [one for one in run["choice"] if one["validation_loss"] <= 1.01 * min(losses)]
        best = max(as_good, key=lambda one: one["learning_rate"])
        assert (run["learning_rate"], run["best_epoch"]) == (best["learning_rate"], best["epoch"])


def test_the_curves_of_dropout_belong_together(kept):
    assert [run["rate"] for run in kept["runs"]] == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    for run in kept["runs"]:
        for part in ("training", "validation"):
            mean, least, most = (np.array(run[f"{part}_loss{k}"]) for k in ("", "_least", "_most"))
            assert mean.shape == (kept["epochs"] + 1,) == (61,)
            assert np.all((least <= mean) & (mean <= most))
            accuracy = np.array(run[f"{part}_accuracy"])
            assert accuracy.shape == (61,)
            assert accuracy[0] < 0.3 < 0.8 < accuracy[-1] <= 1
        (choice,) = [c for c in run["choice"] if c["learning_rate"] == run["learning_rate"]]
        assert run["validation_loss"][run["best_epoch"]] == min(run["validation_loss"])
        assert choice["validation_loss"] == pytest.approx(min(run["validation_loss"]), abs=6e-4)
        assert len(run["test_losses"]) == len(run["test_accuracies"]) == 5


def test_the_first_epochs_trained_again(kept):
    """The tolerances are those that data/README.md states for another machine."""
    (run,) = [run for run in kept["runs"] if run["rate"] == 0.5]
    data = digits()
    histories = []
    for seed in range(5):
        sample = Sample(data, seed, 1000)
        _, history = dropout.history(sample, seed, 0.5, run["learning_rate"], epochs=2)
        histories.append(history)
    for name, curve in dropout.curves(np.array(histories)).items():
        tolerance = {"atol": 0.01} if "accuracy" in name else {"rtol": 0.02, "atol": 0.001}
        assert_allclose(curve, run[name][:3], **tolerance, err_msg=name)


def test_the_test_digits_are_judged_by_the_chosen_networks_alone(monkeypatch):
    judged, evaluate = [], dropout.evaluate

    def noting(network, x, labels):
        judged.append(len(labels))
        return evaluate(network, x, labels)

    monkeypatch.setattr(dropout, "evaluate", noting)
    data = digits()
    data = data._replace(
        train_images=data.train_images[:, ::7, ::7],
        test_images=data.test_images[:999, ::7, ::7],
        test_labels=data.test_labels[:999],
    )
    monkeypatch.setattr(dropout, "LEARNING_RATES", (0.01, 0.03))
    monkeypatch.setattr(dropout, "EPOCHS", 1)
    monkeypatch.setattr(
        dropout,
        "relu_classifier",
        lambda pixels, hidden, seed, rate: Network(Dense(16, 10, seed)),
    )
    dropout.run(data, 0.5)
    assert judged == [999] * 5


def test_of_equal_learning_rates_the_largest_is_judged_at_its_best_epoch(monkeypatch):
    lowest = {0.1: (1.0, 2), 0.2: (1.005, 1), 0.3: (1.02, 0)}  # validation loss, epoch
    asked = []

    def history(sample, seed, rate, learning_rate, epochs):
        asked.append((learning_rate, epochs))
        loss, epoch = lowest[learning_rate]
        reports = np.full((epochs + 1, 4), 3.0)
        reports[min(epoch, epochs), 2] = loss
        return None, reports

    monkeypatch.setattr(dropout, "LEARNING_RATES", tuple(lowest))
    monkeypatch.setattr(dropout, "EPOCHS", 3)
    monkeypatch.setattr(dropout, "history", history)
    monkeypatch.setattr(dropout, "evaluate", lambda *_: (0.5, 0.9))
    run = dropout.run(digits(), 0.5)
    assert (run["learning_rate"], run["best_epoch"]) == (0.2, 1)
    assert asked == [(rate, 3) for rate in lowest for _ in range(5)] + [(0.2, 1)] * 5
    assert run["validation_loss"] == [3, 1.005, 3, 3]
