"""Train networks, and count as they learn the hidden neurons that are negative on every digit.

With ReLU such neurons are dead. Six activations, one or two hidden layers, five learning rates and
three first biases, with five networks each. It takes one core about three minutes and gives
records/dead_units.json; what that holds is described in data/README.md.
"""

import itertools
import warnings
from typing import NamedTuple

import numpy as np

from lessonkit.datasets import digits
from lessonkit.network import SGD
from lessonkit.softmax import cross_entropy_gradient
from lessonkit.trainings.digit_classifiers import NEURONS, PIXELS, deep_classifier
from lessonkit.trainings.digit_samples import BATCH, SEEDS, Sample
from lessonkit.trainings.files import line_per_key, record_file, rounded

ACTIVATIONS = ("relu", "leaky_relu", "rrelu", "prelu", "elu", "sigmoid")
LAYERS = ((1, 0), (2, 0), (2, 1))  # (hidden layers, which of them the census looks at)
LEARNING_RATES = (0.01, 0.03, 0.05, 0.1, 0.2)
BIASES = (0, -2, -4)  # of every hidden neuron at the start
STEPS = (0, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640)  # of one batch each; 40 are an epoch
SEED_AXIS = 4  # of layers × activations × learning rates × biases × seeds × steps
DIGITS = 2000  # to learn from
FLAT = 0.001  # a neuron whose slope stays below this on every digit learns next to nothing


class Census(NamedTuple):
    """What each hidden layer does on all digits learned from; NaN once the training broke down."""

    negative: np.ndarray  # (layers,) neurons whose sum is at most 0 on every digit: ReLU's are dead
    flat: np.ndarray  # (layers,) neurons whose slope is below FLAT on every digit
    accuracy: np.ndarray  # (layers,) of the network
    slopes: np.ndarray  # (layers, NEURONS) that PReLU has learned; NaN for others


def make():
    """Take every census; return the record, file name → bytes."""
    data = digits()
    samples = [Sample(data, seed, DIGITS) for seed in SEEDS]
    counts = [count(samples, hidden_layers) for hidden_layers in (1, 2)]
    parts = Census(*(np.concatenate(layers) for layers in zip(*counts, strict=True)))
    record = {
        "network": f"{PIXELS} pixels → hidden layers of {NEURONS} → 10 scores",
        "training_digits": DIGITS,
        "batch_size": BATCH,
        "layers": LAYERS,
        "activations": ACTIVATIONS,
        "learning_rates": LEARNING_RATES,
        "biases": BIASES,
        "steps": STEPS,
        **summary(parts),
    }
    return record_file("dead_units", record, line_per_key)


def summary(parts):
    """Return what the record keeps of all censuses, each part as nested lists.

    parts: a Census of arrays of layers × activations × learning rates × biases × seeds × steps,
    the slopes with an axis of neurons behind these.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where all five runs broke down there is no mean
        accuracy = np.nanmean(parts.accuracy, axis=SEED_AXIS)
        slopes = parts.slopes[:, ACTIVATIONS.index("prelu")].swapaxes(SEED_AXIS - 1, -2)
        slopes = np.nanquantile(slopes, (0.1, 0.5, 0.9), axis=(-2, -1))
    return {
        "negative": rounded(parts.negative),
        # the same without the axis of seeds: the sum over all
        "flat": rounded(np.nansum(parts.flat, axis=SEED_AXIS)),
        # networks × activations × learning rates × biases × steps
        "accuracy": rounded(accuracy[:2], digits=2),
        # of PReLU: tenth, median and nine tenths × layers × learning rates × biases × steps
        "slopes": rounded(slopes, digits=2),
    }


def count(samples, hidden_layers):
    """Return the parts of Census, each of layers × activations × rates × biases × seeds × steps."""
    settings = itertools.product(ACTIVATIONS, LEARNING_RATES, BIASES, enumerate(samples))
    runs = [list(censuses(*sample, hidden_layers, *setting)) for *setting, sample in settings]
    shape = (len(ACTIVATIONS), len(LEARNING_RATES), len(BIASES), len(samples), len(STEPS))
    parts = []
    for name in Census._fields:
        values = np.array([[getattr(one, name) for one in run] for run in runs])
        parts.append(np.moveaxis(values.reshape(*shape, *values.shape[2:]), len(shape), 0))
    return parts


def censuses(seed, sample, hidden_layers, activation, learning_rate, bias):
    """Train a network as `network.train` does; yield its Census after each number of STEPS."""
    x, labels = sample.training
    network = deep_classifier(activation, hidden_layers, seed, bias)
    optimizer, rng = SGD(network, learning_rate), np.random.default_rng(seed)
    for step in range(STEPS[-1] + 1):
        if step in STEPS:
            yield census(network, x, labels)
        if step % (len(x) // BATCH) == 0:
            batches = rng.permutation(len(x)).reshape(-1, BATCH)
        batch = batches[step % len(batches)]
        scores = network.forward(x[batch], training=True)
        network.backward(cross_entropy_gradient(scores, labels[batch]))
        optimizer.step()


@np.errstate(all="ignore")
def census(network, x, labels):
    """Return the Census of a network's hidden layers on the samples x."""
    scores = network.forward(x)
    layers = network.layers[1:-1:2]  # a Dense layer goes before each of them, and one comes last
    slopes = [layer.parameters.get("slope", np.full(NEURONS, np.nan)) for layer in layers]
    # Backward multiplies by the slope at each sum, so that of ones is the slopes themselves.
    steepness = [np.abs(layer.backward(np.ones_like(layer.x))).max(axis=0) for layer in layers]
    found = Census(
        negative=np.array([np.sum((layer.x <= 0).all(axis=0)) for layer in layers], float),
        flat=np.array([np.sum(steepest < FLAT) for steepest in steepness], float),
        accuracy=np.full(len(layers), np.mean(scores.argmax(axis=1) == labels)),
        slopes=np.array(slopes),
    )
    if np.isfinite(scores).all():
        return found
    return Census(*(np.full_like(part, np.nan) for part in found))
