"""The record of the dead units is counted correctly, and can be made again."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lessonkit.activations import leaky_relu, relu
from lessonkit.datasets import digits, record
from lessonkit.network import Activate, Dense, Network, PReLU, train
from lessonkit.trainings import dead_units
from lessonkit.trainings.digit_classifiers import deep_classifier
from lessonkit.trainings.digit_samples import Sample

COUNTED = ["relu", "leaky_relu", "rrelu", "prelu", "elu", "sigmoid"]
STEPS = [0, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640]


@pytest.fixture(scope="module")
def dead():
    return record("dead_units")


@pytest.fixture(scope="module")
def negative(dead):
    """Layers × activations × learning rates × biases × runs × steps; NaN after a breakdown."""
    return np.array(dead["negative"], float)


def test_every_setting_is_there(dead):
    assert dead["training_digits"] == 2000
    assert dead["activations"] == COUNTED
    assert (dead["learning_rates"], dead["biases"]) == ([0.01, 0.03, 0.05, 0.1, 0.2], [0, -2, -4])
    assert dead["steps"] == STEPS


def test_counts_of_neurons_are_counts_of_neurons(dead, negative):
    assert negative.shape == (3, 6, 5, 3, 5, 11)
    whole = negative[np.isfinite(negative)]
    assert_array_equal(whole, np.rint(whole))
    assert whole.min() == 0
    assert whole.max() == 64
    flat = np.array(dead["flat"])
    assert flat.shape == (3, 6, 5, 3, 11)
    assert_array_equal(flat[:, 0], np.nansum(negative[:, 0], axis=3), "ReLU's have no slope")
    assert not np.any(flat[:, [1, 2]]), "leaky ReLU and RReLU always have a slope"
    assert np.array(dead["accuracy"]).shape == (2, 6, 5, 3, 11)
    slopes = np.array(dead["slopes"], float)
    assert slopes.shape == (3, 3, 5, 3, 11)
    assert np.all(slopes[..., 0] == 0.25)
    there = np.isfinite(slopes[0])
    assert np.all(slopes[0][there] <= slopes[1][there])
    assert np.all(slopes[1][there] <= slopes[2][there])


def test_a_run_that_breaks_down_stays_broken(negative):
    there = np.isfinite(negative)
    assert np.all(there[..., :-1] >= there[..., 1:])
    assert_array_equal(there[1], there[2], "the whole network breaks down")


def test_a_dead_neuron_that_sees_the_pixels_stays_dead_and_deeper_ones_come_back(negative):
    dead = negative[:, 0]
    for layer in (0, 1):
        changes = np.diff(dead[layer])
        assert np.all(changes[np.isfinite(changes)] >= 0)
    assert np.any(np.diff(dead[2]) < -5)


def test_all_start_from_the_same_weights(negative):
    start = negative[..., 0]
    for layer in (0, 1):
        for activation in range(1, 5):
            assert_array_equal(start[layer, activation], start[layer, 0])
    assert np.all(start == start[:, :, :1]), "the learning rate has not mattered yet"


@pytest.mark.parametrize("activation", COUNTED)
def test_the_first_epoch_of_the_census_counted_again(negative, monkeypatch, activation):
    """The tolerances are those that data/README.md states for another machine."""
    monkeypatch.setattr(dead_units, "STEPS", STEPS[:7])
    sample = Sample(digits(), 1, 2000)
    counted = list(dead_units.censuses(1, sample, 2, activation, 0.03, -2))
    again = np.array([census.negative for census in counted]).T
    recorded = negative[1:, COUNTED.index(activation), 1, 1, 1, :7]
    assert_allclose(again, recorded, atol=2)


def test_the_census_trains_as_train_does(monkeypatch):
    monkeypatch.setattr(dead_units, "STEPS", (0, 40, 80))
    sample = Sample(digits(), 0, 2000)
    counted = list(dead_units.censuses(0, sample, 1, "relu", 0.03, 0))
    network = deep_classifier("relu", 1, 0)
    reports = train(network, *sample.training, epochs=2, learning_rate=0.03, seed=0)
    assert [c.accuracy[0] for c in counted] == [report.accuracy for report in reports]


def test_counting_by_hand():
    x = np.array([[1, 0], [0, 1], [1, 1]])
    labels = np.array([0, 1, 1])
    into, out = Dense(2, 4, 0), Dense(4, 2, 0)
    # The four neurons' sums: 1 1 2, 1 −1 0, 0 0 0 and −1 −2 −3.
    into.parameters["weight"][:] = [[1, 1], [1, -1], [0, 0], [-1, -2]]
    out.parameters["weight"][:] = [[0, 3, 0, 0], [1, 0, 0, 0]]
    found = dead_units.census(Network(into, Activate(relu), out), x, labels)
    assert (found.negative, found.flat, found.accuracy) == ([2], [2], [1])
    found = dead_units.census(Network(into, Activate(leaky_relu), out), x, labels)
    assert (found.negative, found.flat) == ([2], [0])
    learned = PReLU(4)
    learned.parameters["slope"][:] = [0.0001, 0.0001, 0.0001, -0.25]
    found = dead_units.census(Network(into, learned, out), x, labels)
    assert (found.negative, found.flat) == ([2], [1])
    assert_allclose(found.slopes, [[0.0001, 0.0001, 0.0001, -0.25]])
    out.parameters["weight"][0, 0] = np.inf
    assert all(
        np.isnan(part).all() for part in dead_units.census(Network(into, learned, out), x, labels)
    )
