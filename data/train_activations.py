"""Train networks with each activation and record how they did: python data/train_activations.py

    training_race   how fast they learn, and how much they overfit: records/training_race.json
    dead_units      which neurons fall silent on every digit, and when: records/dead_units.json

Add one of these names to make that record alone. Both take one core about eight minutes. What each
holds stands in README.md; about other machines, see train.py.
"""

import itertools
import json
import sys
import warnings
from typing import NamedTuple

import numpy as np
from train import BATCH, FOLDER, SEEDS, Sample

from lessonkit.activations import ACTIVATIONS, prelu
from lessonkit.datasets import digits
from lessonkit.network import (
    HE,
    SGD,
    Activate,
    Dense,
    Layer,
    Network,
    PReLU,
    evaluate,
    train,
)
from lessonkit.softmax import cross_entropy_gradient

DIGITS = 2000  # to learn from
PIXELS, NEURONS = 784, 64  # into the network, in each hidden layer
# Standard deviation of the first weights × √inputs. 4 is what Glorot & Bengio (2010) give sigmoid.
SCALES = {"sigmoid": 1.0, "sigmoid_4": 4.0, "tanh": 1.0}
SCALES |= dict.fromkeys(["relu", "leaky_relu", "rrelu", "prelu", "elu", "silu"], HE)

RACERS = ("sigmoid", "sigmoid_4", "tanh", "relu", "leaky_relu", "prelu", "elu", "silu")
RACE_LAYERS = (1, 5)
LEARNING_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
COMMON_RATE = 0.01
EPOCHS = 30

COUNTED = ("relu", "leaky_relu", "rrelu", "prelu", "elu", "sigmoid")
LAYERS = ((1, 0), (2, 0), (2, 1))  # (hidden layers, which of them the census looks at)
CENSUS_RATES = (0.01, 0.03, 0.05, 0.1, 0.2)
BIASES = (0, -2, -4)  # of every hidden neuron at the start
STEPS = (0, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640)  # of one batch each; 40 are an epoch
SEED_AXIS = 4  # of layers × activations × learning rates × biases × seeds × steps
FLAT = 0.001  # a neuron whose slope stays below this on every digit learns next to nothing


def main(names):
    for name in names or EXPERIMENTS:
        FOLDER.mkdir(exist_ok=True)
        record = {"made by": f"python data/train_activations.py {name}"} | EXPERIMENTS[name]()
        lines = [f'"{key}":{compact(value)}' for key, value in record.items()]
        (FOLDER / f"{name}.json").write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


# -- what both share -----------------------------------------------------------------------------


class RandomSlopes(Layer):
    """RReLU: while it trains, each negative number is multiplied by a slope drawn for it alone."""

    def __init__(self, rng, lower=1 / 8, upper=1 / 3):
        super().__init__()
        self.rng, self.bounds = rng, (lower, upper)

    def forward(self, x, training=False):
        drawn = self.rng.uniform(*self.bounds, x.shape) if training else np.mean(self.bounds)
        self.x, self.slope = x, np.float32(drawn)
        return prelu(x, self.slope)

    def backward(self, grad_output):
        return grad_output * prelu.derivative(self.x, self.slope)


def new_network(activation, hidden_layers, seed, bias=0.0):
    """Return pixels → hidden layers → 10 scores. A seed gives all activations the same weights."""
    rng, inputs, layers = np.random.default_rng(seed), PIXELS, []
    for _ in range(hidden_layers):
        dense = Dense(inputs, NEURONS, rng, weight_scale=SCALES[activation])
        dense.parameters["bias"] += np.float32(bias)
        layers += [dense, new_activation(activation, rng)]
        inputs = NEURONS
    return Network(*layers, Dense(NEURONS, 10, rng))


def new_activation(activation, rng):
    if activation == "prelu":
        return PReLU(NEURONS)
    if activation == "rrelu":
        return RandomSlopes(rng)
    return Activate(ACTIVATIONS[activation.removesuffix("_4")])


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def listed(values, digits=3):
    """Return an array as lists of numbers, rounded to so many digits; None for NaN and ∞."""
    if np.ndim(values):
        return [listed(value, digits) for value in values]
    if not np.isfinite(values):
        return None
    value = float(f"{values:.{digits}g}")
    return int(value) if value.is_integer() else value


# -- the race: loss against epoch ----------------------------------------------------------------


def training_race():
    data = digits()
    samples = [Sample(data, seed, DIGITS) for seed in SEEDS]
    runs = []
    for hidden_layers in RACE_LAYERS:
        for activation in RACERS:
            runs.append(race_run(samples, activation, hidden_layers))
            print({key: runs[-1][key] for key in list(runs[-1])[:7]}, flush=True)
    return {
        "network": f"{PIXELS} pixels → hidden layers of {NEURONS} → 10 scores",
        "training_digits": DIGITS,
        "validation_digits": len(samples[0].validation[1]),
        "epochs": EPOCHS,
        "batch_size": BATCH,
        "learning_rates": LEARNING_RATES,
        "common_learning_rate": COMMON_RATE,
        "runs": runs,
    }


def race_run(samples, activation, hidden_layers):
    """Return how it did with the learning rate of the lowest validation loss at any epoch."""
    histories, networks, lowest = {}, {}, {}
    for rate in LEARNING_RATES:
        pairs = [
            race(sample, seed, activation, hidden_layers, rate)
            for seed, sample in enumerate(samples)
        ]
        networks[rate], histories[rate] = zip(*pairs, strict=True)
        lowest[rate] = np.mean(histories[rate], axis=0)[1].min()  # NaN if a run broke down
    best = min(LEARNING_RATES, key=lambda rate: np.nan_to_num(lowest[rate], nan=np.inf))
    tested = [evaluate(n, *sample.test) for n, sample in zip(networks[best], samples, strict=True)]
    run = {
        "activation": activation,
        "hidden_layers": hidden_layers,
        "weight_scale": round(SCALES[activation], 4),
        "lowest_validation_losses": {rate: listed(lowest[rate], 4) for rate in LEARNING_RATES},
        "learning_rate": best,
        "test_losses_at_end": listed([loss for loss, _ in tested]),
        "test_accuracies": [round(accuracy, 4) for _, accuracy in tested],
    }
    for place, part in enumerate(("training_losses", "validation_losses")):
        run[part] = listed([history[place] for history in histories[best]])
        run[f"{part}_at_common_rate"] = listed([h[place] for h in histories[COMMON_RATE]])
    return run


def race(sample, seed, activation, hidden_layers, learning_rate):
    """Return the trained network, and (2, EPOCHS + 1): training and validation losses."""
    network = new_network(activation, hidden_layers, seed)
    settings = {"epochs": EPOCHS, "learning_rate": learning_rate, "batch_size": BATCH, "seed": seed}
    reports = train(network, *sample.training, **settings, validation=sample.validation)
    return network, np.array([(report.loss, report.validation_loss) for report in reports]).T


# -- the census: neurons that are negative on every digit ----------------------------------------


class Census(NamedTuple):
    """What each hidden layer does on all digits learned from; NaN once the training broke down."""

    negative: np.ndarray  # (layers,) neurons whose sum is at most 0 on every digit: ReLU's are dead
    flat: np.ndarray  # (layers,) neurons whose slope is below FLAT on every digit
    accuracy: np.ndarray  # (layers,) of the network
    slopes: np.ndarray  # (layers, NEURONS) that PReLU has learned; NaN for others


def dead_units():
    data = digits()
    samples = [Sample(data, seed, DIGITS) for seed in SEEDS]
    counts = [count(samples, hidden_layers) for hidden_layers in (1, 2)]
    negative, flat, accuracy, slopes = (
        np.concatenate(layers) for layers in zip(*counts, strict=True)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where all five runs broke down there is no mean
        accuracy = np.nanmean(accuracy, axis=SEED_AXIS)
        slopes = slopes[:, COUNTED.index("prelu")].swapaxes(SEED_AXIS - 1, -2)
        slopes = np.nanquantile(slopes, (0.1, 0.5, 0.9), axis=(-2, -1))
    return {
        "network": f"{PIXELS} pixels → hidden layers of {NEURONS} → 10 scores",
        "training_digits": DIGITS,
        "batch_size": BATCH,
        "layers": LAYERS,
        "activations": COUNTED,
        "learning_rates": CENSUS_RATES,
        "biases": BIASES,
        "steps": STEPS,
        # layers × activations × learning rates × biases × seeds × steps
        "negative": listed(negative),
        # the same but for the seeds: the sum over all
        "flat": listed(np.nansum(flat, axis=SEED_AXIS)),
        # networks × activations × learning rates × biases × steps
        "accuracy": listed(accuracy[:2], digits=2),
        # of PReLU: tenth, median and nine tenths × layers × learning rates × biases × steps
        "slopes": listed(slopes, digits=2),
    }


def count(samples, hidden_layers):
    """Return the parts of Census, each of layers × activations × rates × biases × seeds × steps."""
    settings = itertools.product(COUNTED, CENSUS_RATES, BIASES, enumerate(samples))
    runs = [list(censuses(*sample, hidden_layers, *setting)) for *setting, sample in settings]
    shape = (len(COUNTED), len(CENSUS_RATES), len(BIASES), len(samples), len(STEPS))
    parts = []
    for name in Census._fields:
        values = np.array([[getattr(one, name) for one in run] for run in runs])
        parts.append(np.moveaxis(values.reshape(*shape, *values.shape[2:]), len(shape), 0))
    return parts


def censuses(seed, sample, hidden_layers, activation, learning_rate, bias):
    """Train a network as `train` does; yield its Census after each number of steps."""
    x, labels = sample.training
    network = new_network(activation, hidden_layers, seed, bias)
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


EXPERIMENTS = {"training_race": training_race, "dead_units": dead_units}

if __name__ == "__main__":
    main(sys.argv[1:])
