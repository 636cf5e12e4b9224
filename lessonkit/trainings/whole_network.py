"""Train the network of the last chapter, and measure how well it reads digits that are moved.

Its learning rate is chosen on 1,000 training digits held out, from three random starts each; then
one network learns from all 5,000. The test digits are used only at the end: as they are, and
shifted, turned, scaled and blurred. It takes one core about eight minutes and gives weights.npz and
records/whole_network.json; what they hold is described in data/README.md.
"""

import json

import numpy as np

from lessonkit.datasets import digits
from lessonkit.digit_network import MOVES, all_moved, new_network
from lessonkit.network import Dropout, Network, evaluate, train
from lessonkit.trainings.files import npz, record_file

LEARNING_RATES = (0.005, 0.01, 0.02, 0.04)
EPOCHS = {1: 16, 0.1: 4}  # at the learning rate, and then at a tenth of it, to settle
DROPOUT = 0.25  # of what the last layer sees, while it learns
HELD_OUT = 1000  # of the training digits, the last ones
STARTS = range(3)


def make():
    """Choose, train and measure; return the weights and the record, file name → bytes."""
    data = digits()
    x, labels = data.train_images[:, np.newaxis], data.train_labels
    histories = {
        rate: [validation_accuracies(x, labels, rate, start) for start in STARTS]
        for rate in LEARNING_RATES
    }
    best = max(LEARNING_RATES, key=lambda rate: np.mean([h[-1] for h in histories[rate]]))
    network = new_network(STARTS[0])
    *_, last = learn(network, x, labels, best)
    record = {
        # by learning rate: for each start, before training and after each epoch
        "validation_accuracy": {str(rate): history for rate, history in histories.items()},
        "learning_rate": best,
        "train_accuracy": last.accuracy,
        "test_accuracy": test_accuracies(network, data),
    }
    weights = {
        f"{place}_{name}": array
        for place, layer in enumerate(network.layers)
        for name, array in layer.parameters.items()
    }
    print(f"learning rate {best}: {record['test_accuracy']}")
    return {"weights.npz": npz(weights)} | record_file("whole_network", record, json.dumps)


def learn(network, x, labels, learning_rate, validation=None):
    """Train a network; yield a report before the first epoch and after each."""
    *layers, dense = network.layers
    network = Network(*layers, Dropout(DROPOUT, rng=0), dense)  # of the same layers
    for part, (factor, epochs) in enumerate(EPOCHS.items()):
        rate = factor * learning_rate
        reports = train(
            network, x, labels, epochs=epochs, learning_rate=rate, seed=part, validation=validation
        )
        if part > 0:
            next(reports)  # the network as the part before has left it
        yield from reports


def validation_accuracies(x, labels, learning_rate, start):
    """Return the share of the digits held out that is read correctly, before and at each epoch."""
    kept, held_out = slice(None, -HELD_OUT), slice(-HELD_OUT, None)
    validation = x[held_out], labels[held_out]
    reports = learn(new_network(start), x[kept], labels[kept], learning_rate, validation)
    return [report.validation_accuracy for report in reports]


def test_accuracies(network, data):
    """Return name of a move → the share of the test digits read correctly at each of its values."""

    def accuracy(**move):
        pictures = all_moved(data.test_images, **move)
        return evaluate(network, pictures[:, np.newaxis], data.test_labels)[1]

    return {
        name: [accuracy(**{name: value}) for value in values(*of)] for name, of in MOVES.items()
    }


def values(least, most, step):
    """Return the values from least to most, both included."""
    return np.linspace(least, most, round((most - least) / step) + 1).tolist()
