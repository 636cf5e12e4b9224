"""Train networks with dropout of more and more hidden neurons, and record how they learn.

Rates of 0 to 0.8, and 1,000 digits to learn from. Each rate has five networks at each of four
learning rates; the learning rate and the epoch at which the test digits are used are chosen on the
validation digits. It takes one core about five minutes and gives records/dropout.json; what that
holds is described in data/README.md.
"""

import numpy as np

from lessonkit.datasets import digits
from lessonkit.network import evaluate, train
from lessonkit.trainings.digit_classifiers import relu_classifier
from lessonkit.trainings.digit_samples import BATCH, SEEDS, Sample
from lessonkit.trainings.files import line_per_part, record_file

RATES = tuple(tenths / 10 for tenths in range(9))
LEARNING_RATES = (0.001, 0.003, 0.01, 0.03)
AS_GOOD = 1.01  # a validation loss this many times the lowest; the five networks differ by more
EPOCHS = 60
DIGITS, HIDDEN = 1000, 256


def make():
    """Train with every dropout rate; return the record, file name → bytes."""
    data, runs = digits(), []
    for rate in RATES:
        runs.append(run(data, rate))
        print(runs[-1]["choice"], runs[-1]["test_accuracies"], flush=True)
    record = {
        "network": f"784 pixels → {HIDDEN} ReLU neurons, dropout → 10 scores",
        "training_digits": DIGITS,
        "epochs": EPOCHS,
        "batch_size": BATCH,
        "learning_rates": LEARNING_RATES,
        "runs": runs,
    }
    return record_file("dropout", record, line_per_part)


def run(data, rate):
    """Return how a rate did with the learning rate of the lowest validation loss at any epoch.

    Of learning rates that are as good, the largest is taken, as it needs the fewest epochs.
    """
    samples = [Sample(data, seed, DIGITS) for seed in SEEDS]

    def trained(learning_rate, epochs):
        runs = (history(sample, s, rate, learning_rate, epochs) for s, sample in enumerate(samples))
        return zip(*runs, strict=True)

    histories, choice = {}, []
    for learning_rate in LEARNING_RATES:
        _, reports = trained(learning_rate, EPOCHS)
        histories[learning_rate] = np.array(reports)
        choice.append(described(learning_rate, np.mean(reports, axis=0)))
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


def history(sample, seed, rate, learning_rate, epochs):
    """Return the trained network, and its losses and accuracies before and after each epoch.

    The latter is (epochs + 1, 4): training loss and accuracy, validation loss and accuracy.
    """
    network = relu_classifier(784, HIDDEN, seed, rate)
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


def curves(histories):
    """Return the means over the seeds at each epoch, and the lowest and the highest losses.

    histories: (seeds, epochs + 1, 4), see `history`.
    """
    kept = {}
    for column, part in ((0, "training"), (2, "validation")):
        loss, accuracy = histories[:, :, column], histories[:, :, column + 1]
        kept[f"{part}_loss"] = loss.mean(axis=0).round(3).tolist()
        kept[f"{part}_loss_least"] = loss.min(axis=0).round(3).tolist()
        kept[f"{part}_loss_most"] = loss.max(axis=0).round(3).tolist()
        kept[f"{part}_accuracy"] = accuracy.mean(axis=0).round(4).tolist()
    return kept
