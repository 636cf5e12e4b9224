"""Train networks with eight kinds of hidden neurons, and record how fast they learn.

One or five hidden layers, 2,000 digits to learn from, 30 epochs. Each contender has five networks
at each of seven learning rates, and is judged on the test digits at the rate that is best on the
validation digits. It takes one core about five minutes and gives records/training_race.json; what
that holds is described in data/README.md.
"""

import numpy as np

from lessonkit.datasets import digits
from lessonkit.network import evaluate, train
from lessonkit.trainings.digit_classifiers import NEURONS, PIXELS, SCALES, deep_classifier
from lessonkit.trainings.digit_samples import BATCH, SEEDS, Sample
from lessonkit.trainings.files import line_per_key, record_file, rounded

RACERS = ("sigmoid", "sigmoid_4", "tanh", "relu", "leaky_relu", "prelu", "elu", "silu")
HIDDEN_LAYERS = (1, 5)
LEARNING_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
COMMON_RATE = 0.01
DIGITS = 2000  # to learn from
EPOCHS = 30


def make():
    """Run the whole race; return the record, file name → bytes."""
    data, runs = digits(), []
    samples = [Sample(data, seed, DIGITS) for seed in SEEDS]
    for hidden_layers in HIDDEN_LAYERS:
        for activation in RACERS:
            runs.append(run(samples, activation, hidden_layers))
            print({key: runs[-1][key] for key in list(runs[-1])[:7]}, flush=True)
    record = {
        "network": f"{PIXELS} pixels → hidden layers of {NEURONS} → 10 scores",
        "training_digits": DIGITS,
        "validation_digits": len(samples[0].validation[1]),
        "epochs": EPOCHS,
        "batch_size": BATCH,
        "learning_rates": LEARNING_RATES,
        "common_learning_rate": COMMON_RATE,
        "runs": runs,
    }
    return record_file("training_race", record, line_per_key)


def run(samples, activation, hidden_layers):
    """Return how a racer did with the learning rate of the lowest validation loss at any epoch."""
    histories, networks, lowest = {}, {}, {}
    for rate in LEARNING_RATES:
        pairs = [
            history(sample, seed, activation, hidden_layers, rate)
            for seed, sample in enumerate(samples)
        ]
        networks[rate], histories[rate] = zip(*pairs, strict=True)
        lowest[rate] = np.mean(histories[rate], axis=0)[1].min()  # NaN if a run broke down
    best = min(LEARNING_RATES, key=lambda rate: np.nan_to_num(lowest[rate], nan=np.inf))
    tested = [evaluate(n, *sample.test) for n, sample in zip(networks[best], samples, strict=True)]
    kept = {
        "activation": activation,
        "hidden_layers": hidden_layers,
        "weight_scale": round(SCALES[activation], 4),
        "lowest_validation_losses": {rate: rounded(lowest[rate], 4) for rate in LEARNING_RATES},
        "learning_rate": best,
        "test_losses_at_end": rounded([loss for loss, _ in tested]),
        "test_accuracies": [round(accuracy, 4) for _, accuracy in tested],
    }
    for place, part in enumerate(("training_losses", "validation_losses")):
        kept[part] = rounded([losses[place] for losses in histories[best]])
        kept[f"{part}_at_common_rate"] = rounded([h[place] for h in histories[COMMON_RATE]])
    return kept


def history(sample, seed, activation, hidden_layers, learning_rate):
    """Return the trained network, and (2, EPOCHS + 1): its training and validation losses."""
    network = deep_classifier(activation, hidden_layers, seed)
    settings = {"epochs": EPOCHS, "learning_rate": learning_rate, "batch_size": BATCH, "seed": seed}
    reports = train(network, *sample.training, **settings, validation=sample.validation)
    return network, np.array([(report.loss, report.validation_loss) for report in reports]).T
