"""The record of the fitting network is what it says, and can be made again."""

import numpy as np
import pytest

from lessonkit.datasets import record
from lessonkit.fitting import noisy_sine
from lessonkit.trainings import fitting_network


def test_the_record_of_the_fitting_network_is_what_it_says():
    kept = record("fitting_network")
    x = np.linspace(0, 1, 16)
    errors = np.random.default_rng(kept["seed"]).normal(0, kept["noise"], 16)
    np.testing.assert_allclose(kept["x"], x, atol=1e-4)
    np.testing.assert_allclose(kept["y"], np.sin(2 * np.pi * x) + errors, atol=1e-4)
    curves = np.array(kept["curves"])
    assert curves.shape == (len(kept["epochs"]), 101)
    assert kept["epochs"] == sorted(set(kept["epochs"]))
    for part in ("training_errors", "test_errors"):
        assert np.shape(kept[part]) == (5, len(kept["epochs"]))
    # The curves, read between their points, give the errors that were noted.
    everywhere = np.linspace(0, 1, 1001)
    new = np.sin(2 * np.pi * everywhere) + np.random.default_rng(99).normal(0, 0.3, 1001)
    for curve, seen_error, new_error in zip(
        curves, kept["training_errors"][0], kept["test_errors"][0], strict=True
    ):
        at = np.interp(everywhere, np.linspace(0, 1, 101), curve)
        assert np.mean((at - new) ** 2) == pytest.approx(new_error, rel=0.01)
        at = np.interp(x, np.linspace(0, 1, 101), curve)
        assert np.mean((at - kept["y"]) ** 2) == pytest.approx(seen_error, rel=0.1, abs=0.005)
    rates = kept["validation error"]
    assert str(kept["learning_rate"]) == min(rates, key=rates.get)


def test_the_first_epochs_trained_again(monkeypatch):
    kept, epochs = record("fitting_network"), [1, 2, 3, 5, 8, 12, 20, 30, 50]
    monkeypatch.setattr(fitting_network, "EPOCHS", epochs)
    x, y = noisy_sine(16, 0.3, 2)
    everywhere, test = noisy_sine(1001, 0.3, 99)
    for start in (0, 4):
        at_x, curves = fitting_network.fits(x, y, everywhere, kept["learning_rate"], start)
        for part, fits, target in (("training", at_x, y), ("test", curves, test)):
            again = fitting_network.errors(fits, target)
            assert again == pytest.approx(kept[f"{part}_errors"][start][:9], rel=0.02)
    assert kept["epochs"][:9] == epochs
