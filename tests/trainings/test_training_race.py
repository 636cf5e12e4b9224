"""The record of the training race is fairly made, and can be made again."""

import itertools

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lessonkit.datasets import digits, record
from lessonkit.trainings import training_race
from lessonkit.trainings.digit_samples import Sample

GRID = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
RACERS = ["sigmoid", "sigmoid_4", "tanh", "relu", "leaky_relu", "prelu", "elu", "silu"]


@pytest.fixture(scope="module")
def race():
    return record("training_race")


def test_every_racer_ran_five_times_with_the_rate_that_was_best_on_validation(race):
    assert race["training_digits"] == 2000
    assert race["learning_rates"] == GRID
    names = [(run["hidden_layers"], run["activation"]) for run in race["runs"]]
    assert names == list(itertools.product((1, 5), RACERS))
    for run in race["runs"]:
        lowest = run["lowest_validation_losses"]
        assert list(map(float, lowest)) == GRID
        rate, least = min(
            ((float(rate), loss) for rate, loss in lowest.items() if loss is not None),
            key=lambda pair: pair[1],
        )
        assert run["learning_rate"] == rate
        assert rate not in (GRID[0], GRID[-1]), "the grid reaches beyond every choice"
        for part in ("training_losses", "validation_losses"):
            own, common = np.array(run[part]), np.array(run[f"{part}_at_common_rate"])
            assert own.shape == common.shape == (5, race["epochs"] + 1) == (5, 31)
            assert_array_equal(own[:, 0], common[:, 0], "both start from the same weights")
            assert (rate == race["common_learning_rate"]) == np.array_equal(own, common)
        validation = np.mean(run["validation_losses"], axis=0)
        assert validation.min() == pytest.approx(least, rel=0.005)
        assert len(run["test_accuracies"]) == len(run["test_losses_at_end"]) == 5


@pytest.mark.parametrize(("activation", "hidden_layers"), [("relu", 5), ("sigmoid_4", 1)])
def test_the_first_epochs_of_the_race_run_again(race, monkeypatch, activation, hidden_layers):
    """The tolerances are those that data/README.md states for another machine."""
    wanted = (hidden_layers, activation)
    (run,) = [r for r in race["runs"] if (r["hidden_layers"], r["activation"]) == wanted]
    monkeypatch.setattr(training_race, "EPOCHS", 2)
    sample = Sample(digits(), 3, 2000)
    _, again = training_race.history(sample, 3, activation, hidden_layers, run["learning_rate"])
    assert_allclose(again[0], run["training_losses"][3][:3], rtol=0.02)
    assert_allclose(again[1], run["validation_losses"][3][:3], rtol=0.02)


def test_the_test_digits_are_judged_by_the_chosen_networks_alone(monkeypatch):
    judged, evaluate, trained, history = [], training_race.evaluate, {}, training_race.history

    def noting(sample, seed, activation, hidden_layers, rate):
        network, losses = history(sample, seed, activation, hidden_layers, rate)
        trained[seed, rate] = network
        return network, losses

    monkeypatch.setattr(training_race, "history", noting)
    monkeypatch.setattr(training_race, "evaluate", lambda *a: judged.append(a) or evaluate(*a))
    monkeypatch.setattr(training_race, "LEARNING_RATES", (0.01, 0.03))
    monkeypatch.setattr(training_race, "EPOCHS", 1)
    samples = [Sample(digits(), seed, 100) for seed in range(2)]
    run = training_race.run(samples, "relu", 1)
    assert len(judged) == 2
    for seed, ((network, x, labels), sample) in enumerate(zip(judged, samples, strict=True)):
        assert network is trained[seed, run["learning_rate"]]
        assert x is sample.test[0]
        assert labels is sample.test[1]
    assert run["learning_rate"] == 0.03, "the grid's second, so that the first would be noticed"


def test_a_rate_at_which_a_run_breaks_down_is_not_chosen(monkeypatch):
    monkeypatch.setattr(training_race, "EPOCHS", 3)
    monkeypatch.setattr(training_race, "LEARNING_RATES", (0.01, 1000.0))
    samples = [Sample(digits(), 0, 100)]
    run = training_race.run(samples, "prelu", 1)
    assert run["learning_rate"] == 0.01
    assert run["lowest_validation_losses"][1000.0] is None
