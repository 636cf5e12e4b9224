"""Train the networks of two experiments and record how they did: python data/train.py [name …]

    pooled_digits   digits pooled by larger and larger windows: records/pooled_digits.json
    dropout         dropout of more and more hidden neurons: records/dropout.json

Without a name both are made, which takes one core about ten minutes. What each record holds, and
how it was measured, stands in README.md.

The same machine with the same NumPy gives the same bytes if OPENBLAS_NUM_THREADS=1 is set. Others
round float32 differently; the numbers then differ a little, and so do the checksums.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

from lessonkit.activations import relu
from lessonkit.datasets import digits
from lessonkit.network import HE, Activate, Dense, Dropout, Network, evaluate, train
from lessonkit.pooling import pool

FOLDER = Path(__file__).resolve().parent / "records"
SEEDS = range(5)  # for the digits learned from, the first weights, their order and the dropout
KEPT = 4000  # training digits to choose from; the other 1,000 are held out for validation
BATCH = 50

KERNEL_SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 10, 14, 28)
COUNTS = (200, 1000, 4000)  # digits to learn from
POOLED_GRID = (0.003, 0.01, 0.03, 0.1, 0.3)  # learning rates, the same for every contender
STEPS = 2000  # of one batch each, whatever the count

RATES = tuple(tenths / 10 for tenths in range(9))
DROPOUT_GRID = (0.001, 0.003, 0.01, 0.03)
AS_GOOD = 1.01  # a validation loss this many times the lowest; the five networks differ by more
EPOCHS = 60


def main(names):
    if set(names) - set(EXPERIMENTS):
        sys.exit(f"The names are {', '.join(EXPERIMENTS)}; got {' '.join(names)}")
    for name in names or EXPERIMENTS:
        FOLDER.mkdir(exist_ok=True)
        record = {"made by": f"python data/train.py {name}"} | EXPERIMENTS[name]()
        content = (in_lines(record) + "\n").encode()
        (FOLDER / f"{name}.json").write_bytes(content)
        print(f"{hashlib.sha256(content).hexdigest()}  records/{name}.json")  # for SHA256SUMS


# -- what both share -----------------------------------------------------------------------------


class Sample:
    """What one seed learns from and is judged on: `training`, `validation` and `test`.

    Each is (x, labels). Every pixel is less the mean and divided by the spread of all pixels that
    are learned from.
    """

    def __init__(self, data, seed, count):
        chosen = np.random.default_rng(seed).permutation(KEPT)[:count]
        mean, spread = data.train_images[chosen].mean(), data.train_images[chosen].std()
        x, test_x = (
            (images.reshape(len(images), -1) - mean) / spread
            for images in (data.train_images, data.test_images)
        )
        self.training = x[chosen], data.train_labels[chosen]
        self.validation = x[KEPT:], data.train_labels[KEPT:]
        self.test = test_x, data.test_labels


def new_network(pixels, hidden, seed, rate=0.0):
    """Return pixels → hidden ReLU neurons → 10 scores, with dropout of the hidden neurons."""
    rng = np.random.default_rng(seed)
    into, out = Dense(pixels, hidden, rng, weight_scale=HE), Dense(hidden, 10, rng)
    return Network(into, Activate(relu), Dropout(rate, rng), out)


def in_lines(value, indent=""):
    """Return JSON in which what is long takes a line for each of its parts."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) < 300 or (isinstance(value, list) and not isinstance(value[0], dict)):
        return text
    inner = indent + " "
    if isinstance(value, list):
        parts = [in_lines(part, inner) for part in value]
    else:
        parts = [f"{json.dumps(key)}: {in_lines(part, inner)}" for key, part in value.items()]
    first, last = text[0], text[-1]
    return f"{first}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{last}"


# -- pooled digits: windows 1 to 28, maximum and mean, 200 to 4,000 digits -----------------------


def pooled_digits():
    data, runs = digits(), []
    for statistic in ("max", "mean"):
        for size in KERNEL_SIZES:
            pooled = data._replace(
                train_images=pool(data.train_images, size, ceil_mode=True, statistic=statistic),
                test_images=pool(data.test_images, size, ceil_mode=True, statistic=statistic),
            )
            for count in COUNTS:
                names = {"statistic": statistic, "kernel_size": size, "training_digits": count}
                runs.append(names | pooled_run(pooled, count))
                print(runs[-1], flush=True)
    return {
        "network": "pooled pixels → 64 ReLU neurons → 10 scores",
        "steps": STEPS,
        "batch_size": BATCH,
        "epochs": {count: STEPS * BATCH // count for count in COUNTS},
        "learning_rates": POOLED_GRID,
        "runs": runs,
    }


def pooled_run(data, count):
    """Return how a contender did with the rate that reads most validation digits rightly."""
    samples = [Sample(data, seed, count) for seed in SEEDS]

    def accuracies(networks, part):
        pairs = zip(networks, samples, strict=True)
        return [round(evaluate(n, *getattr(sample, part))[1], 4) for n, sample in pairs]

    networks, choice = {}, {}
    for rate in POOLED_GRID:
        networks[rate] = [pooled_network(sample, s, rate) for s, sample in enumerate(samples)]
        choice[rate] = round(float(np.mean(accuracies(networks[rate], "validation"))), 4)
    best = max(choice, key=choice.get)  # the smallest of equals
    return {
        "pixels": data.train_images[0].size,
        "weights": networks[best][0].size(),
        "validation_accuracy": choice,
        "learning_rate": best,
        "training_accuracies": accuracies(networks[best], "training"),
        "test_accuracies": accuracies(networks[best], "test"),
    }


def pooled_network(sample, seed, learning_rate):
    x, labels = sample.training
    network = new_network(x.shape[1], 64, seed)
    settings = {"epochs": STEPS * BATCH // len(x), "batch_size": BATCH, "seed": seed}
    for _ in train(network, x, labels, learning_rate=learning_rate, **settings):
        pass
    return network


# -- dropout: rates 0 to 0.8 on 1,000 digits -----------------------------------------------------


def dropout():
    data, runs = digits(), []
    for rate in RATES:
        runs.append(dropout_run(data, rate))
        print(runs[-1]["choice"], runs[-1]["test_accuracies"], flush=True)
    return {
        "network": "784 pixels → 256 ReLU neurons, dropout → 10 scores",
        "training_digits": 1000,
        "epochs": EPOCHS,
        "batch_size": BATCH,
        "learning_rates": DROPOUT_GRID,
        "runs": runs,
    }


def dropout_run(data, rate):
    """Return how a rate did with the learning rate of the lowest validation loss at any epoch.

    Of learning rates that are as good the largest is taken, as it needs the fewest epochs.
    """
    samples = [Sample(data, seed, 1000) for seed in SEEDS]

    def trained(learning_rate, epochs):
        settings = {"rate": rate, "learning_rate": learning_rate, "epochs": epochs}
        runs = (dropout_history(sample, s, **settings) for s, sample in enumerate(samples))
        return zip(*runs, strict=True)

    histories, choice = {}, []
    for learning_rate in DROPOUT_GRID:
        _, history = trained(learning_rate, EPOCHS)
        histories[learning_rate] = np.array(history)
        choice.append(described(learning_rate, np.mean(history, axis=0)))
    enough = AS_GOOD * min(one["validation_loss"] for one in choice)
    *_, best = (one for one in choice if one["validation_loss"] <= enough)
    networks, _ = trained(best["learning_rate"], best["epoch"])  # as they were at that moment
    judged = [evaluate(n, *sample.test) for n, sample in zip(networks, samples, strict=True)]
    return {
        "rate": rate,
        "learning_rate": best["learning_rate"],
        "best_epoch": best["epoch"],
        "test_losses": [round(loss, 4) for loss, _ in judged],
        "test_accuracies": [round(accuracy, 4) for _, accuracy in judged],
        "choice": choice,
        **curves(histories[best["learning_rate"]]),
    }


def dropout_history(sample, seed, rate, learning_rate, epochs):
    """Return the trained network, and (epochs + 1, 4): loss and accuracy, then the validation's."""
    network = new_network(784, 256, seed, rate)
    settings = {"epochs": epochs, "learning_rate": learning_rate, "batch_size": BATCH, "seed": seed}
    reports = train(network, *sample.training, **settings, validation=sample.validation)
    return network, np.array(list(reports))[:, 1:]


def described(learning_rate, mean):
    """Return what the choice rests on: the lowest mean validation loss, and accuracies."""
    epoch = int(mean[:, 2].argmin())
    return {
        "learning_rate": learning_rate,
        "epoch": epoch,
        "validation_loss": round(float(mean[epoch, 2]), 4),
        "validation_accuracy": round(float(mean[epoch, 3]), 4),
        "highest_validation_accuracy": round(float(mean[:, 3].max()), 4),
    }


def curves(history):
    """Return the mean of the seeds after each epoch, and of the losses the least and the most."""
    kept = {}
    for column, part in ((0, "training"), (2, "validation")):
        loss, accuracy = history[:, :, column], history[:, :, column + 1]
        kept[f"{part}_loss"] = loss.mean(axis=0).round(3).tolist()
        kept[f"{part}_loss_least"] = loss.min(axis=0).round(3).tolist()
        kept[f"{part}_loss_most"] = loss.max(axis=0).round(3).tolist()
        kept[f"{part}_accuracy"] = accuracy.mean(axis=0).round(4).tolist()
    return kept


EXPERIMENTS = {"pooled_digits": pooled_digits, "dropout": dropout}

if __name__ == "__main__":
    main(sys.argv[1:])
