"""data/train_activations.py: its records are fairly made, and can be made again."""

import importlib.util
import itertools
import sys

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lessonkit.activations import leaky_relu, relu
from lessonkit.datasets import DATA, digits, record
from lessonkit.network import Activate, Dense, Network, PReLU, train

GRID = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]
RACERS = ["sigmoid", "sigmoid_4", "tanh", "relu", "leaky_relu", "prelu", "elu", "silu"]
COUNTED = ["relu", "leaky_relu", "rrelu", "prelu", "elu", "sigmoid"]
STEPS = [0, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640]


@pytest.fixture
def script(monkeypatch):
    """data/train_activations.py as a module; it and train.py are scripts, outside the package."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(DATA)
    monkeypatch.delitem(sys.modules, "train", raising=False)
    spec = importlib.util.spec_from_file_location("script", DATA / "train_activations.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("train", None)


@pytest.fixture(scope="module")
def race():
    return record("training_race")


@pytest.fixture(scope="module")
def dead():
    return record("dead_units")


@pytest.fixture(scope="module")
def negative(dead):
    """Layers × activations × learning rates × biases × runs × steps; NaN after a breakdown."""
    return np.array(dead["negative"], float)


# -- what was recorded ---------------------------------------------------------------------------


def test_the_records_are_small_and_say_how_they_were_made(race, dead):
    for name, kept in (("training_race", race), ("dead_units", dead)):
        assert (DATA / "records" / f"{name}.json").stat().st_size < 80_000
        assert kept["made by"] == f"python data/train_activations.py {name}"
        assert kept["training_digits"] == 2000
    assert race["learning_rates"] == GRID
    assert dead["activations"] == COUNTED
    assert (dead["learning_rates"], dead["biases"]) == ([0.01, 0.03, 0.05, 0.1, 0.2], [0, -2, -4])
    assert dead["steps"] == STEPS


def test_every_racer_ran_five_times_with_the_rate_that_was_best_on_validation(race):
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


# -- whether it can be made again ----------------------------------------------------------------
# The tolerances are those that data/README.md states for another machine.


@pytest.mark.parametrize(("activation", "hidden_layers"), [("relu", 5), ("sigmoid_4", 1)])
def test_the_first_epochs_of_the_race_run_again(
    script, race, monkeypatch, activation, hidden_layers
):
    wanted = (hidden_layers, activation)
    (run,) = [r for r in race["runs"] if (r["hidden_layers"], r["activation"]) == wanted]
    monkeypatch.setattr(script, "EPOCHS", 2)
    sample = script.Sample(digits(), 3, 2000)
    _, again = script.race(sample, 3, activation, hidden_layers, run["learning_rate"])
    assert_allclose(again[0], run["training_losses"][3][:3], rtol=0.02)
    assert_allclose(again[1], run["validation_losses"][3][:3], rtol=0.02)


@pytest.mark.parametrize("activation", COUNTED)
def test_the_first_epoch_of_the_census_counted_again(script, negative, monkeypatch, activation):
    monkeypatch.setattr(script, "STEPS", STEPS[:7])
    sample = script.Sample(digits(), 1, 2000)
    counted = list(script.censuses(1, sample, 2, activation, 0.03, -2))
    again = np.array([census.negative for census in counted]).T
    recorded = negative[1:, COUNTED.index(activation), 1, 1, 1, :7]
    assert_allclose(again, recorded, atol=2)


# -- whether it is fair --------------------------------------------------------------------------


def test_the_census_trains_as_train_does(script, monkeypatch):
    monkeypatch.setattr(script, "STEPS", (0, 40, 80))
    sample = script.Sample(digits(), 0, 2000)
    counted = list(script.censuses(0, sample, 1, "relu", 0.03, 0))
    network = script.new_network("relu", 1, 0)
    reports = train(network, *sample.training, epochs=2, learning_rate=0.03, seed=0)
    assert [c.accuracy[0] for c in counted] == [report.accuracy for report in reports]


def test_first_weights_differ_by_their_scale_alone(script):
    first = script.new_network("relu", 2, 7)
    for activation, scale in script.SCALES.items():
        network = script.new_network(activation, 2, 7, bias=-2)
        for ours, theirs in zip(network.layers[:-1:2], first.layers[:-1:2], strict=True):
            ratio = scale / 2**0.5
            assert_allclose(
                ours.parameters["weight"], ratio * theirs.parameters["weight"], rtol=1e-5
            )
            assert_array_equal(ours.parameters["bias"], -2)
        assert_array_equal(
            network.layers[-1].parameters["weight"], first.layers[-1].parameters["weight"]
        )
        assert not network.layers[-1].parameters["bias"].any()


def test_the_test_digits_are_judged_by_the_chosen_networks_alone(script, monkeypatch):
    judged, evaluate, trained, race = [], script.evaluate, {}, script.race

    def noting(sample, seed, activation, hidden_layers, rate):
        network, losses = race(sample, seed, activation, hidden_layers, rate)
        trained[seed, rate] = network
        return network, losses

    monkeypatch.setattr(script, "race", noting)
    monkeypatch.setattr(script, "evaluate", lambda *a: judged.append(a) or evaluate(*a))
    monkeypatch.setattr(script, "LEARNING_RATES", (0.01, 0.03))
    monkeypatch.setattr(script, "EPOCHS", 1)
    samples = [script.Sample(digits(), seed, 100) for seed in range(2)]
    run = script.race_run(samples, "relu", 1)
    assert len(judged) == 2
    for seed, ((network, x, labels), sample) in enumerate(zip(judged, samples, strict=True)):
        assert network is trained[seed, run["learning_rate"]]
        assert x is sample.test[0]
        assert labels is sample.test[1]
    assert run["learning_rate"] == 0.03, "the grid's second, so that the first would be noticed"


def test_a_rate_at_which_a_run_breaks_down_is_not_chosen(script, monkeypatch):
    monkeypatch.setattr(script, "EPOCHS", 3)
    monkeypatch.setattr(script, "LEARNING_RATES", (0.01, 1000.0))
    samples = [script.Sample(digits(), 0, 100)]
    run = script.race_run(samples, "prelu", 1)
    assert run["learning_rate"] == 0.01
    assert run["lowest_validation_losses"][1000.0] is None


def test_counting_by_hand(script):
    x = np.array([[1, 0], [0, 1], [1, 1]])
    labels = np.array([0, 1, 1])
    into, out = Dense(2, 4, 0), Dense(4, 2, 0)
    # The four neurons' sums: 1 1 2, 1 −1 0, 0 0 0 and −1 −2 −3.
    into.parameters["weight"][:] = [[1, 1], [1, -1], [0, 0], [-1, -2]]
    out.parameters["weight"][:] = [[0, 3, 0, 0], [1, 0, 0, 0]]
    found = script.census(Network(into, Activate(relu), out), x, labels)
    assert (found.negative, found.flat, found.accuracy) == ([2], [2], [1])
    found = script.census(Network(into, Activate(leaky_relu), out), x, labels)
    assert (found.negative, found.flat) == ([2], [0])
    learned = PReLU(4)
    learned.parameters["slope"][:] = [0.0001, 0.0001, 0.0001, -0.25]
    found = script.census(Network(into, learned, out), x, labels)
    assert (found.negative, found.flat) == ([2], [1])
    assert_allclose(found.slopes, [[0.0001, 0.0001, 0.0001, -0.25]])
    out.parameters["weight"][0, 0] = np.inf
    assert all(
        np.isnan(part).all() for part in script.census(Network(into, learned, out), x, labels)
    )


def test_random_slopes_lie_between_their_bounds_and_pass_the_gradient_on(script):
    layer = script.RandomSlopes(np.random.default_rng(0))
    x = np.full((100, 100), -24, np.float32)
    x[0] = 24
    y = layer.forward(x, training=True)
    slopes = y[1:] / -24
    assert_array_equal(y[0], 24)
    assert slopes.min() >= 1 / 8
    assert slopes.max() <= 1 / 3
    assert slopes.std() == pytest.approx((1 / 3 - 1 / 8) / 12**0.5, rel=0.05)
    g = layer.backward(np.full_like(x, 2))
    assert_array_equal(g[0], 2)
    assert_allclose(g[1:], 2 * slopes, rtol=1e-6)
    assert_allclose(layer.forward(x)[1:], -24 * (1 / 8 + 1 / 3) / 2, rtol=1e-6)


def test_only_what_is_named_is_made(script, monkeypatch, tmp_path):
    monkeypatch.setattr(script, "FOLDER", tmp_path / "records")
    made = {"layers": ((1, 0),), "network": "64 → 10", "runs": script.listed([[1 / 3, np.nan, 2]])}
    experiments = {"one": lambda: made, "two": lambda: pytest.fail("not asked for")}
    monkeypatch.setattr(script, "EXPERIMENTS", experiments)
    script.main(["one"])
    (file,) = (tmp_path / "records").iterdir()
    assert file.read_text("utf-8") == (
        '{"made by":"python data/train_activations.py one",\n'
        '"layers":[[1,0]],\n"network":"64 → 10",\n"runs":[[0.333,null,2]]}\n'
    )
