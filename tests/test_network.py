"""The readable network: every gradient against finite differences, every step worked by hand.

For finite differences a layer gets parameters in float64, and then computes in float64.
"""

import inspect
import itertools
import math
import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import logsumexp

from lessonkit.activations import ACTIVATIONS, leaky_relu, prelu, relu, rrelu, silu
from lessonkit.datasets import digits
from lessonkit.network import (
    HE,
    SGD,
    Activate,
    Convolution,
    Dense,
    Dropout,
    Epoch,
    Flatten,
    Layer,
    Network,
    Pool,
    PReLU,
    evaluate,
    train,
)

some = settings(max_examples=25, deadline=None)
few = st.integers(1, 4)


def in_float64(layer, rng):
    """Give a layer random parameters in float64, the biases too; return it."""
    for name, value in layer.parameters.items():
        layer.parameters[name] = rng.standard_normal(value.shape)
    return layer


def slopes_of(function, array, step=1e-6):
    """Return the derivative of function() by each number of array, changed in place."""
    slopes = np.empty(array.shape)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + step
        above = function()
        array[place] = kept - step
        slopes[place] = (above - function()) / (2 * step)
        array[place] = kept
    return slopes


def check_gradients(layer, x, rng):
    """Compare backward with finite differences, by x and by every parameter."""
    g = rng.standard_normal(layer.forward(x).shape)
    grad_x = layer.backward(g)

    def weighted_sum():
        return float((g * layer.forward(x)).sum())

    assert_allclose(grad_x, slopes_of(weighted_sum, x), atol=1e-6)
    assert layer.gradients.keys() == layer.parameters.keys()
    for name, parameter in layer.parameters.items():
        assert_allclose(layer.gradients[name], slopes_of(weighted_sum, parameter), atol=1e-6)


# -- each layer against finite differences -------------------------------------------------------


@given(few, few, few, st.integers(0, 99))
@some
def test_gradients_of_dense(samples, inputs, outputs, seed):
    rng = np.random.default_rng(seed)
    layer = in_float64(Dense(inputs, outputs, rng), rng)
    check_gradients(layer, rng.standard_normal((samples, inputs)), rng)


@given(
    *[st.integers(1, 2), few, few, st.integers(1, 3), st.integers(0, 2)],
    *[st.integers(0, 2), st.integers(0, 2), st.integers(0, 99)],
)
@some
def test_gradients_of_convolution(samples, channels, kernels, size, padding, taller, wider, seed):
    rng = np.random.default_rng(seed)
    layer = in_float64(Convolution(channels, kernels, size, rng, padding), rng)
    x = rng.standard_normal((samples, channels, size + taller, size + wider))
    assert layer.forward(x).shape == (
        *(samples, kernels),
        *(taller + 2 * padding + 1, wider + 2 * padding + 1),
    )
    check_gradients(layer, x, rng)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("shape", [(3, 5), (2, 2, 3, 3)])
def test_gradients_of_activations(name, shape):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape)
    x += np.where(x > 0, 0.01, -0.01)  # not on a bend
    check_gradients(Activate(ACTIVATIONS[name]), x, rng)


def test_gradients_of_an_activation_with_its_parameter():
    rng = np.random.default_rng(0)
    layer = Activate(leaky_relu, negative_slope=0.3)
    assert_allclose(layer.forward(np.array([[-2.0, 2.0]])), [[-0.6, 2]])
    check_gradients(layer, rng.choice([-2.0, -1, 1, 2], size=(3, 4)), rng)


@pytest.mark.parametrize("shape", [(3, 5), (2, 3, 2, 4)])
def test_gradients_of_prelu(shape):
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape)
    x += np.where(x > 0, 0.01, -0.01)  # not on a bend
    check_gradients(in_float64(PReLU(shape[1]), rng), x, rng)


@given(
    st.sampled_from(["max", "mean", "sum", "l2"]),
    *[st.integers(1, 3), few, few, st.integers(0, 5), st.integers(0, 99)],
    st.sampled_from([None, 1, 2, 3]),
)
@some
def test_gradients_of_pool(statistic, size, samples, channels, larger, seed, stride):
    rng = np.random.default_rng(seed)
    shape = (samples, channels, size + larger, size)
    x = rng.permutation(math.prod(shape)).reshape(shape) / 10 + 1  # no ties
    check_gradients(Pool(size, statistic, stride), x, rng)


@given(st.lists(few, min_size=2, max_size=4), st.integers(0, 99))
@some
def test_gradients_of_flatten(shape, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(shape)
    assert Flatten().forward(x).shape == (shape[0], math.prod(shape[1:]))
    check_gradients(Flatten(), x, rng)


def loss_by_scipy(scores, labels):
    return float(np.mean(logsumexp(scores, axis=1) - scores[np.arange(len(labels)), labels]))


def test_gradients_of_a_whole_network():
    rng = np.random.default_rng(3)
    layers = [
        *[Convolution(1, 2, 3, rng, padding=1), Activate(silu), Pool(2)],
        *[Convolution(2, 3, 2, rng), Activate(relu), Flatten(), Dense(12, 4, rng)],
    ]
    network = Network(*[in_float64(layer, rng) for layer in layers])
    x, labels = rng.standard_normal((3, 1, 6, 6)), np.array([2, 0, 3])

    def loss():
        return loss_by_scipy(network.forward(x), labels)

    scores = network.forward(x)
    wanted = slopes_of(lambda: loss_by_scipy(scores, labels), scores)
    assert_allclose(network.backward(wanted), slopes_of(loss, x), atol=1e-6)
    for layer in network.layers:
        for name, parameter in layer.parameters.items():
            slopes = slopes_of(loss, parameter)
            assert np.abs(slopes).max() > 1e-3, "something to compare"
            assert_allclose(layer.gradients[name], slopes, atol=1e-6)


# -- each layer against numbers worked by hand ---------------------------------------------------


def test_dense_by_hand():
    layer = Dense(2, 3, 0)
    layer.parameters["weight"][:] = [[1, 2], [3, 4], [5, 6]]
    layer.parameters["bias"][:] = [10, 20, 30]
    assert_array_equal(layer.forward([[1, -1], [2, 0]]), [[9, 19, 29], [12, 26, 40]])
    assert_array_equal(layer.backward(np.array([[1, 0, 0], [0, 1, -1]])), [[1, 2], [-2, -2]])
    assert_array_equal(layer.gradients["weight"], [[1, -1], [2, 0], [-2, 0]])
    assert_array_equal(layer.gradients["bias"], [1, 1, -1])


def test_convolution_by_hand():
    layer = Convolution(1, 2, 2, 0)
    layer.parameters["weight"][:] = [[[[1, 0], [0, -1]]], [[[0, 0], [0, 1]]]]
    layer.parameters["bias"][:] = [[[10]], [[20]]]
    x = np.arange(1, 10).reshape(1, 1, 3, 3)
    assert_array_equal(layer.forward(x), [[[[6, 6], [6, 6]], [[25, 26], [28, 29]]]])
    g = np.array([[[[1, 0], [0, 0]], [[0, 0], [0, 2]]]])
    assert_array_equal(layer.backward(g), [[[[1, 0, 0], [0, -1, 0], [0, 0, 2]]]])
    assert_array_equal(layer.gradients["weight"], [[[[1, 2], [4, 5]]], [[[10, 12], [16, 18]]]])
    assert_array_equal(layer.gradients["bias"].ravel(), [1, 2])


def test_activate_prelu_pool_and_flatten_by_hand():
    layer = Activate(relu)
    assert_array_equal(layer.forward(np.array([[-1.0, 2, 0]])), [[0, 2, 0]])
    assert_array_equal(layer.backward(np.array([[5.0, 7, 9]])), [[0, 7, 0]])
    layer = PReLU(2, slope=0.5)
    assert_array_equal(layer.forward(np.array([[-2, 4], [-6, -8]])), [[-1, 4], [-3, -4]])
    assert_array_equal(layer.backward(np.array([[10, 20], [30, 40]])), [[5, 20], [15, 20]])
    assert_array_equal(layer.gradients["slope"], [-2 * 10 - 6 * 30, -8 * 40])
    layer = Pool(2)
    assert_array_equal(layer.forward(np.array([[[[1.0, 2], [3, 2]]]])), [[[[3]]]])
    assert_array_equal(layer.backward(np.array([[[[5.0]]]])), [[[[0, 0], [5, 0]]]])
    layer = Flatten()
    assert_array_equal(layer.forward(np.array([[[1, 2], [3, 4]]])), [[1, 2, 3, 4]])
    assert_array_equal(layer.backward(np.array([[5, 6, 7, 8]])), [[[5, 6], [7, 8]]])


# -- dropout -------------------------------------------------------------------------------------


@given(st.floats(0, 0.95), st.integers(0, 2**32))
@some
def test_dropout_keeps_its_share_and_makes_up_for_the_rest(rate, seed):
    x = np.full((200, 100), 3, np.float32)
    y = Dropout(rate, seed).forward(x, training=True)
    kept = y != 0
    # 20,000 draws: six standard deviations of their share
    assert abs(kept.mean() - (1 - rate)) <= 6 * math.sqrt(rate * (1 - rate) / x.size)
    assert_allclose(y[kept], 3 / (1 - rate), rtol=1e-5)
    assert y.dtype == np.float32


def test_dropout_sends_the_gradient_through_the_same_units():
    layer = Dropout(0.5, 0)
    y = layer.forward(np.ones((20, 20)), training=True)
    assert set(np.unique(y)) == {0, 2}
    assert_array_equal(layer.backward(np.full((20, 20), 3.0)), 3 * y)
    again = layer.forward(np.ones((20, 20)), training=True)
    assert np.any(again != y), "each time other units are dropped"
    assert_array_equal(layer.backward(np.full((20, 20), 3.0)), 3 * again)


def test_dropout_draws_for_every_sample_and_unit():
    y = Dropout(0.5, 1).forward(np.ones((50, 50)), training=True)
    assert len(np.unique(y, axis=0)) == len(np.unique(y, axis=1).T) == 50


def test_dropout_is_off_outside_training():
    layer = Dropout(0.9, 0)
    x = np.arange(6.0).reshape(2, 3)
    layer.forward(x, training=True)
    assert_array_equal(layer.forward(x), x)
    assert_array_equal(layer.backward(x), x)


def test_dropout_of_rate_0_drops_nothing():
    x = np.arange(600.0).reshape(2, 300)
    assert_array_equal(Dropout(0, 0).forward(x, training=True), x)


# -- the first weights ---------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1, HE, 0.1])
def test_first_weights_have_the_spread_they_are_said_to_have(scale):
    dense = Dense(400, 500, 0, weight_scale=scale).parameters
    convolution = Convolution(16, 500, 5, 0, weight_scale=scale).parameters
    for parameters in (dense, convolution):
        weight = parameters["weight"]
        assert weight.std() == pytest.approx(scale / 20, rel=0.01)
        assert abs(weight.mean()) < 0.01 * scale / 20
        assert not parameters["bias"].any()


def test_he_makes_up_for_what_relu_silences():
    x = np.random.default_rng(0).standard_normal((500, 300))
    layers = [(Dense(300, 300, seed, HE), Activate(relu)) for seed in range(10)]
    y = Network(*(part for pair in layers for part in pair)).forward(x)
    assert np.mean(y**2) == pytest.approx(np.mean(x**2), rel=0.3)


def test_a_seed_does_for_an_rng():
    by_seed, by_rng = Dense(3, 4, 7), Dense(3, 4, np.random.default_rng(7))
    assert_array_equal(by_seed.parameters["weight"], by_rng.parameters["weight"])
    rng = np.random.default_rng(7)
    one, other = Dense(3, 4, rng), Dense(3, 4, rng)
    assert np.all(one.parameters["weight"] != other.parameters["weight"])


def test_size_counts_what_is_learned():
    network = Network(Convolution(1, 8, 5, 0), Activate(relu), Pool(2), Flatten(), Dense(9, 10, 0))
    assert network.size() == (8 * 25 + 8) + (9 * 10 + 10)


# -- stochastic gradient descent -----------------------------------------------------------------


def test_momentum_by_hand():
    layer = Dense(1, 1, 0)
    layer.parameters["weight"][:], layer.parameters["bias"][:] = 1, 2
    optimizer = SGD(Network(Activate(relu), layer), learning_rate=0.25, momentum=0.5)
    steps = [  # gradient, then velocity = velocity / 2 − gradient / 4
        ((2, 8), (-0.5, -2)),
        ((4, 0), (-0.25 - 1, -1)),
        ((0, -4), (-0.625, -0.5 + 1)),
    ]
    weight, bias = 1, 2
    for (grad_weight, grad_bias), (weight_moves, bias_moves) in steps:
        layer.gradients = {"weight": np.array([[grad_weight]]), "bias": np.array([grad_bias])}
        optimizer.step()
        weight, bias = weight + weight_moves, bias + bias_moves
        assert layer.parameters["weight"].item() == weight
        assert layer.parameters["bias"].item() == bias


def test_without_momentum_each_step_is_the_gradient_alone():
    layer = Dense(1, 1, 0)
    layer.parameters["weight"][:] = 1
    optimizer = SGD(Network(layer), learning_rate=0.5, momentum=0)
    for expected in (0, -1, -2):
        layer.gradients = {"weight": np.array([[2]]), "bias": np.array([0])}
        optimizer.step()
        assert layer.parameters["weight"].item() == expected


# -- training ------------------------------------------------------------------------------------


class Watch(Layer):
    """Passes everything on and keeps what it has seen."""

    def __init__(self):
        super().__init__()
        self.learned, self.judged = [], []

    def forward(self, x, training=False):
        (self.learned if training else self.judged).append(x[:, 0].tolist())
        return x

    def backward(self, grad_output):
        return grad_output


def samples(count=23, seed=0):
    """Return samples that know their number by their first value, and three kinds of labels."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((count, 4)).astype(np.float32)
    labels = np.argmax(x[:, 1:], axis=1)
    x[:, 0] = np.arange(count) / 100
    return x, labels


def small_network(seed=0, watch=None):
    rng = np.random.default_rng(seed)
    layers = [Dense(4, 8, rng, HE), Activate(relu), Dropout(0.2, rng), Dense(8, 3, rng)]
    return Network(*([watch] if watch else []), *layers)


def history(network=None, **given):
    x, labels = samples()
    settings = {"epochs": 3, "learning_rate": 0.1, "batch_size": 5} | given
    return list(train(network or small_network(), x, labels, **settings))


def parameters_of(network):
    return [p for layer in network.layers for p in layer.parameters.values()]


def test_the_same_seeds_give_the_same_history_to_the_last_bit():
    validation = samples(11, seed=1)
    assert history(validation=validation) == history(validation=validation)


def test_other_seeds_give_other_histories():
    assert history(seed=1)[0] == pytest.approx(history(seed=0)[0], nan_ok=True)
    assert history(seed=1)[1:] != history(seed=0)[1:]
    assert history(small_network(1))[0] != history(small_network(0))[0]


def test_every_sample_is_learned_from_once_an_epoch_in_a_new_order():
    watch = Watch()
    history(small_network(watch=watch), epochs=2)
    assert [len(batch) for batch in watch.learned] == [5, 5, 5, 5, 3] * 2
    first, second = (list(itertools.chain(*watch.learned[i : i + 5])) for i in (0, 5))
    everyone = sorted(samples()[0][:, 0].tolist())
    assert sorted(first) == sorted(second) == everyone
    assert everyone != first != second


def test_reports_come_before_the_first_epoch_and_after_each():
    network, (x, labels), validation = small_network(), samples(), samples(11, seed=1)
    reports = train(network, x, labels, epochs=2, learning_rate=0.1, validation=validation)
    for number in range(3):
        report = next(reports)
        scores, validation_scores = network.forward(x), network.forward(validation[0])
        assert report.number == number
        assert report.loss == pytest.approx(loss_by_scipy(scores, labels), rel=1e-5)
        assert report.accuracy == np.mean(scores.argmax(axis=1) == labels)
        assert report.validation_loss == pytest.approx(
            loss_by_scipy(validation_scores, validation[1]), rel=1e-5
        )
        assert report.validation_accuracy == np.mean(
            validation_scores.argmax(axis=1) == validation[1]
        )
    with pytest.raises(StopIteration):
        next(reports)


def test_no_epochs_change_nothing():
    network = small_network()
    before = [p.copy() for p in parameters_of(network)]
    (report,) = history(network, epochs=0)
    assert report.number == 0
    for old, new in zip(before, parameters_of(network), strict=True):
        assert_array_equal(old, new)


def test_without_samples_held_out_their_numbers_are_nan():
    assert all(math.isnan(report.validation_loss) for report in history())
    assert all(math.isnan(report.validation_accuracy) for report in history())
    assert Epoch._fields[3:] == ("validation_loss", "validation_accuracy")


def test_leaving_the_loop_stops_the_work():
    watch, (x, labels) = Watch(), samples()
    reports = train(
        small_network(watch=watch), x, labels, epochs=50, learning_rate=0.1, batch_size=5
    )
    for report in reports:
        if report.number == 2:
            break
    assert len(watch.learned) == 2 * 5


def test_nothing_is_learned_from_what_is_held_out():
    watch, validation = Watch(), samples(7, seed=1)
    validation[0][:, 0] += 1  # told apart from the 23
    learned = small_network(watch=watch)
    with_it, without = history(learned, validation=validation), history()
    assert max(max(batch) for batch in watch.learned) < 1 <= max(map(max, watch.judged))
    assert [report[:3] for report in with_it] == [report[:3] for report in without]


def test_training_by_hand():
    """Softmax regression with momentum, all samples in one batch: a few plain lines."""
    x, labels = samples()
    layer = Dense(4, 3, 5)
    weight = layer.parameters["weight"].astype(float)
    bias, weight_moves, bias_moves = np.zeros(3), np.zeros((3, 4)), np.zeros(3)
    network = Network(layer)
    for report in train(
        network, x, labels, epochs=5, learning_rate=0.3, momentum=0.8, batch_size=99
    ):
        scores = x @ weight.T + bias
        assert report.loss == pytest.approx(loss_by_scipy(scores, labels), rel=1e-5)
        assert_allclose(layer.parameters["weight"], weight, rtol=1e-4, atol=1e-6)
        assert_allclose(layer.parameters["bias"], bias, rtol=1e-4, atol=1e-6)
        p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        p[np.arange(23), labels] -= 1
        weight_moves = 0.8 * weight_moves - 0.3 * p.T @ x / 23
        bias_moves = 0.8 * bias_moves - 0.3 * p.sum(axis=0) / 23
        weight, bias = weight + weight_moves, bias + bias_moves


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_all_is_float32_whatever_comes_in(dtype):
    rng = np.random.default_rng(0)
    layers = [
        *[Convolution(1, 2, 3, rng, padding=1, weight_scale=HE), Activate(relu), Pool(2)],
        *[Flatten(), Dropout(0.5, rng), Dense(18, 2, rng, np.float64(1))],
    ]
    network = Network(*layers)
    optimizer = SGD(network, np.float64(0.1), np.float64(0.9))
    x = rng.integers(0, 9, (4, 1, 6, 6)).astype(dtype)
    scores = network.forward(x, training=True)
    grad_x = network.backward(np.ones_like(scores))
    optimizer.step()
    arrays = [scores, grad_x, *parameters_of(network)]
    arrays += [array for layer in layers for array in layer.gradients.values()]
    arrays += [array for velocities in optimizer.velocities for array in velocities.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_a_training_that_runs_away_does_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reports = history(learning_rate=1e30)
    assert not math.isfinite(reports[-1].loss)


def test_a_training_that_runs_away_with_its_slopes_goes_on_to_nan():
    layer = PReLU(8)
    network = Network(Dense(4, 8, 0, HE), layer, Dense(8, 3, 0))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        reports = history(network, learning_rate=1e30)
    assert not math.isfinite(reports[-1].loss)
    layer.parameters["slope"][:] = [math.inf, -math.inf, math.nan, *[1] * 5]
    ones = np.ones((2, 8), np.float32)
    y, g = layer.forward(ones), layer.backward(ones)
    for array in (y, g):
        assert array.dtype == np.float32
        assert np.isnan(array).tolist() == [[True] * 3 + [False] * 5] * 2


def test_evaluate_does_not_depend_on_its_batches():
    network, (x, labels) = small_network(), samples()
    whole = evaluate(network, x, labels)
    for batch_size in (1, 4, 23, 24):
        assert evaluate(network, x, labels, batch_size) == pytest.approx(whole, rel=1e-6)


def test_it_learns_real_digits():
    data = digits()
    x, labels = data.train_images[:500, np.newaxis], data.train_labels[:500]
    validation = data.train_images[-500:, np.newaxis], data.train_labels[-500:]
    rng = np.random.default_rng(0)
    network = Network(
        *[Convolution(1, 4, 5, rng, weight_scale=HE), Activate(relu), Pool(4)],
        *[Flatten(), Dense(4 * 6 * 6, 10, rng)],
    )
    first, *_, last = train(
        network, x, labels, epochs=2, learning_rate=0.05, batch_size=20, validation=validation
    )
    assert first.validation_accuracy < 0.3
    assert last.validation_accuracy > 0.75
    assert last.loss < first.loss / 2


# -- what learners are told ----------------------------------------------------------------------

A_SEED = "must be a whole number of at least 0 or a numpy.random.Generator"


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Dense(0, 3, 0), ValueError, "inputs must be at least 1; got 0"),
        (lambda: Dense(3, 2.5, 0), TypeError, "outputs must be a whole number; got 2.5"),
        (lambda: Dense(3, 2, 0, math.inf), ValueError, "weight_scale must be one finite number"),
        (lambda: Convolution(0, 1, 3, 0), ValueError, "in_channels must be at least 1"),
        (lambda: Convolution(1, "8", 3, 0), TypeError, "out_channels must be a whole number"),
        (lambda: Convolution(1, 1, 0, 0), ValueError, "kernel_size must be at least 1"),
        (lambda: Convolution(1, 1, 3, 0, -1), ValueError, "padding must be at least 0; got -1"),
        (
            lambda: Activate("relu"),
            TypeError,
            "activation must be a function, one of sigmoid, tanh, relu, leaky_relu, prelu, rrelu, "
            "elu, silu; got 'relu'$",
        ),
        (lambda: Activate("sigmod"), TypeError, "activation must be .* elu, silu; got 'sigmod'$"),
        (lambda: Activate(relu, slope=1), TypeError, r"relu\(\) got an unexpected .* 'slope'"),
        (
            lambda: Activate(leaky_relu, negative_slope="1"),
            TypeError,
            "negative_slope must hold real numbers; got '1'$",
        ),
        (
            lambda: Pool(2, "median"),
            ValueError,
            "statistic must be one of max, mean, sum, l2; got 'median'$",
        ),
        (lambda: PReLU(0), ValueError, "channels must be at least 1; got 0"),
        (lambda: PReLU(3, math.nan), ValueError, "slope must be one finite number"),
        (lambda: Dropout(1, 0), ValueError, "rate must be at least 0 and less than 1; got 1"),
        (lambda: Dropout(-0.1, 0), ValueError, "rate must be at least 0 and less than 1; got -0.1"),
        (lambda: Dropout("half", 0), TypeError, "rate must hold real numbers"),
        (lambda: Dense(3, 2, -1), ValueError, f"rng {A_SEED}; got -1$"),
        (lambda: Convolution(1, 1, 3, "a"), TypeError, f"rng {A_SEED}; got 'a'$"),
        (lambda: Dropout(0.5, 2.0), TypeError, rf"rng {A_SEED}; got 2\.0$"),
        (lambda: Network([Flatten()]), TypeError, "layers must each be a Dense"),
        (lambda: Network(*[Flatten()] * 2), ValueError, "layers must all differ"),
        (
            lambda: SGD([Flatten()], 1),
            TypeError,
            r"network must be a Network\(…\); got \[<lessonkit.network.Flat",
        ),
        (lambda: SGD(Network(), 0), ValueError, "learning_rate must be more than 0; got 0"),
        (lambda: SGD(Network(), math.nan), ValueError, "learning_rate must be one finite number"),
        (lambda: SGD(Network(), 1, 1), ValueError, "momentum must be at least 0 and less than 1"),
        (lambda: SGD(Network(), 1, -0.5), ValueError, "momentum must be .*; got -0.5"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(make, error, message):
    with pytest.raises(error, match=f"^{message}"):
        make()


def test_an_activation_s_parameters_are_tried_without_a_draw():
    x = -np.ones((4, 3, 2, 2))
    for slope in (0.5, [0.5, 1], np.full((3, 1, 1), 0.5)):
        assert_array_equal(Activate(prelu, slope=slope).forward(x), prelu(x, slope))
    random = [np.random.default_rng(0) for _ in range(2)]
    assert_array_equal(Activate(rrelu, rng=random[0]).forward(x), rrelu(x, rng=random[1]))


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (Dense(4, 3, 0), (2, 5), r"x must be \(samples, 4\) for this Dense layer; got \(2, 5\)"),
        (Dense(4, 3, 0), (4,), r"x must be \(samples, 4\) for this Dense layer; got \(4,\)"),
        (Dense(4, 3, 0), (2, 1, 2, 4), r"x must be \(samples, 4\) for this Dense layer; got \(2,"),
        (
            Convolution(3, 2, 2, 0),
            (5, 1, 8, 8),
            r"x must be \(samples, 3, height, width\) for this Convolution layer; got \(5, 1, 8, 8",
        ),
        (
            Convolution(1, 2, 2, 0),
            (5, 8, 8),
            r"x must be \(samples, 1, height, width\) for this Convolution layer; got \(5, 8, 8\)",
        ),
        (Convolution(1, 2, 5, 0), (1, 1, 4, 4), r"kernel must be at most the image, \(4, 4\)"),
        (PReLU(1), (2, 3), r"x must be \(samples, 1, …\) for this PReLU layer; got \(2, 3\)"),
        (Pool(5), (1, 1, 4, 4), r"kernel_size must be at most the input, \(4, 4\)"),
        (
            Dense(4, 3, 0),
            (),
            r"x must be \(samples, 4\) for this Dense layer; got a single number$",
        ),
        (PReLU(1), (), r"x must be \(samples, 1, …\) for this PReLU layer; got a single number$"),
    ],
)
def test_samples_that_do_not_fit_a_layer_are_refused_in_words(layer, shape, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        layer.forward(np.zeros(shape))


X, LABELS = samples()


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            {"labels": LABELS[:-1]},
            ValueError,
            r"labels must have shape \(23,\), one label per sample; got \(22,\)$",
        ),
        (
            {"labels": LABELS[:, np.newaxis]},
            ValueError,
            r"labels must have shape \(23,\), one label per sample; got \(23, 1\)$",
        ),
        (
            {"labels": 0},
            ValueError,
            r"labels must have shape \(23,\), one label per sample; got a single number$",
        ),
        ({"labels": LABELS + 1}, ValueError, "labels must lie in 0 … 2; got 3"),
        ({"labels": LABELS / 2}, TypeError, "labels must be whole numbers"),
        ({"labels": ["cat"] * 23}, TypeError, "labels must hold real numbers"),
        ({"x": X[:, 0]}, ValueError, r"x must be \(samples, …\), one sample or more; got \(23,\)$"),
        (
            {"x": 1},
            ValueError,
            r"x must be \(samples, …\), one sample or more; got a single number$",
        ),
        ({"x": X[:0], "labels": LABELS[:0]}, ValueError, r"x must be .* got \(0, 4\)"),
        ({"x": X[:, :3]}, ValueError, r"x must be \(samples, 4\) for this Dense layer; got \(23,"),
        ({"epochs": -1}, ValueError, "epochs must be at least 0; got -1"),
        ({"epochs": 1.5}, TypeError, "epochs must be a whole number; got 1.5"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1; got 0"),
        ({"learning_rate": -1}, ValueError, "learning_rate must be more than 0; got -1"),
        ({"momentum": 1}, ValueError, "momentum must be at least 0 and less than 1; got 1"),
        ({"seed": -1}, ValueError, f"seed {A_SEED}; got -1$"),
        ({"seed": "a"}, TypeError, f"seed {A_SEED}; got 'a'$"),
        (
            {"validation": (X, LABELS[:5])},
            ValueError,
            r"labels must have shape \(23,\), one label per sample; got \(5,\)$",
        ),
        ({"validation": 5}, TypeError, r"validation must be a pair \(x, labels\); got 5"),
        ({"validation": (X,)}, TypeError, r"validation must be a pair \(x, labels\); got \(array"),
        ({"validation": (X, LABELS, 1)}, TypeError, "validation must be a pair"),
        ({"validation": X[:2]}, TypeError, "validation must be a pair"),
    ],
)
def test_what_cannot_be_trained_is_refused_in_words(given, error, message):
    settings = {"x": X, "labels": LABELS, "epochs": 1, "learning_rate": 0.1} | given
    reports = train(small_network(), **settings)
    with pytest.raises(error, match=f"^{message}"):
        next(reports)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_what_cannot_be_judged_is_refused_in_words(batch_size):
    with pytest.raises(ValueError, match=f"^batch_size must be at least 1; got {batch_size}$"):
        evaluate(small_network(), X, LABELS, batch_size)


def test_a_layer_is_no_network():
    with pytest.raises(TypeError, match=r"^network must be a Network\(…\); got <"):
        next(train(Dense(4, 3, 0), X, LABELS, epochs=1, learning_rate=1))


@pytest.mark.parametrize(
    ("layer", "shape", "given"),
    [
        (Dense(2, 3, 0), "(1, 3)", [[1.0, 2.0]]),
        (Dense(2, 3, 0), "(1, 3)", [1.0, 2.0, 3.0]),
        (Activate(relu), "(1, 2)", np.ones((3, 2))),
        (PReLU(2), "(1, 2)", np.ones((3, 2))),
    ],
)
def test_gradients_that_do_not_fit_a_layer_are_refused_in_words(layer, shape, given):
    layer.forward([[1, 2]])
    words = f"grad_output must have shape {shape}, that of y; got {np.shape(given)}"
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        layer.backward(given)


@pytest.mark.parametrize(
    "layer", [Dense(2, 2, 0), Convolution(2, 2, 1, 0), Activate(relu), PReLU(2)]
)
def test_lists_go_in_and_out_of_a_layer_as_arrays_do(layer):
    x = [[[[1]], [[-2]]]] if isinstance(layer, Convolution) else [[1, -2]]
    y = layer.forward(x, training=True)
    assert_array_equal(layer.forward(np.array(x)), y)
    assert_allclose(layer.backward(y.tolist()), layer.backward(y), rtol=1e-6)  # float64, float32
    assert_array_equal(Dropout(0, 0).forward(x, training=True), x)


@pytest.mark.parametrize(
    "layer",
    [
        *[Dense(2, 2, 0), Convolution(2, 2, 1, 0), Activate(relu), PReLU(2)],
        *[Pool(1), Flatten(), Dropout(0.5, 0)],
    ],
)
def test_backward_before_forward_is_refused_in_words(layer):
    words = rf"^call forward first: {type(layer).__name__}\.backward needs what it keeps$"
    for backward in (layer.backward, Network(layer).backward):
        with pytest.raises(RuntimeError, match=words):
            backward(np.ones((1, 2, 1, 1)))


def test_a_list_and_an_empty_batch_are_laid_flat():
    assert_array_equal(Flatten().forward([[[1, 2], [3, 4]]]), [[1, 2, 3, 4]])
    layer = Flatten()
    assert layer.forward(np.ones((0, 3, 2, 2))).shape == (0, 12)
    assert layer.backward(np.ones((0, 12))).shape == (0, 3, 2, 2)


def test_the_contract_of_every_layer_can_be_read_in_each():
    for layer in (Dense, Convolution, Activate, PReLU, Pool, Flatten, Dropout):
        assert inspect.getdoc(layer.forward) == inspect.getdoc(Layer.forward)
        assert inspect.getdoc(layer.backward).startswith(
            "Return the gradient with respect to the x"
        )
    for method in (Layer().forward, Layer().backward):
        with pytest.raises(NotImplementedError):
            method(np.ones((1, 1)))
