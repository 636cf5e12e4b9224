"""Train the network of the fitting chapter, and record its fits as it learns.

A network of three hidden layers of 50 ReLU neurons learns 16 noisy points of a sine for 20,000
epochs, from five random starts. Its learning rate is chosen on validation points before the test
points are used. It takes one core about a minute and gives records/fitting_network.json; what that
holds is described in data/README.md.
"""

import itertools
import json

import numpy as np

from lessonkit.activations import relu
from lessonkit.fitting import mean_squared_error, noisy_sine
from lessonkit.network import HE, SGD, Activate, Dense, Network
from lessonkit.trainings.files import record_file

POINTS, NOISE, SEED = 16, 0.3, 2  # those that the explorer opens with
HIDDEN = 50
STARTS = range(5)
LEARNING_RATES = (0.003, 0.01, 0.03)
EPOCHS = [1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300, 500, 800]
EPOCHS += [1200, 2000, 3000, 5000, 8000, 12000, 20000]


def make():
    """Train at every learning rate and from every start; return the record, file name → bytes."""
    x, y = noisy_sine(POINTS, NOISE, SEED)
    everywhere, validation = noisy_sine(1001, NOISE, seed=98)
    _, test = noisy_sine(1001, NOISE, seed=99)  # at the same x

    runs = {
        rate: [fits(x, y, everywhere, rate, start) for start in STARTS] for rate in LEARNING_RATES
    }
    lowest = {
        rate: float(np.mean([errors(curves, validation).min() for _, curves in runs[rate]]))
        for rate in LEARNING_RATES
    }
    best = min(lowest, key=lowest.get)
    record = {
        "network": f"3 hidden layers of {HIDDEN} ReLU neurons",
        "validation error": {str(rate): round(error, 4) for rate, error in lowest.items()},
        "learning_rate": best,
        "noise": NOISE,
        "seed": SEED,
        "x": x.round(4).tolist(),
        "y": y.round(4).tolist(),
        "epochs": EPOCHS,
        "curves": runs[best][0][1][:, ::10].round(3).tolist(),  # (epochs, 101 x from 0 to 1)
        # mean squared errors, (starts, epochs); the curves are those of the first start
        "training_errors": [errors(at_x, y).round(5).tolist() for at_x, _ in runs[best]],
        "test_errors": [errors(curves, test).round(5).tolist() for _, curves in runs[best]],
    }
    print(f"learning rate {best}; validation errors: {record['validation error']}")
    return record_file("fitting_network", record, json.dumps)


def fits(x, y, everywhere, learning_rate, start):
    """Return what the network says at x and everywhere, a row for each of EPOCHS."""
    network = new_network(start)
    optimizer = SGD(network, learning_rate)
    seen, asked = (((a - x.mean()) / x.std())[:, np.newaxis] for a in (x, everywhere))
    at_x, curves = [], []
    for epoch in range(1, EPOCHS[-1] + 1):
        residuals = network.forward(seen, training=True) - y[:, np.newaxis]
        network.backward((2 / len(x) * residuals).astype(np.float32))  # of the mean squared error
        optimizer.step()
        if epoch in EPOCHS:
            at_x.append(network.forward(seen)[:, 0])
            curves.append(network.forward(asked)[:, 0])
    return np.array(at_x, float), np.array(curves, float)


def new_network(start):
    """Return x → three hidden layers → y before its training. start: seed of the first weights."""
    rng = np.random.default_rng(start)
    widths = [1, HIDDEN, HIDDEN, HIDDEN]
    layers = [
        layer
        for inputs, outputs in itertools.pairwise(widths)
        for layer in (Dense(inputs, outputs, rng, weight_scale=HE), Activate(relu))
    ]
    return Network(*layers, Dense(HIDDEN, 1, rng))


def errors(predictions, target):
    """Return the mean squared error of each row of predictions."""
    return np.array([mean_squared_error(row, target) for row in predictions])
