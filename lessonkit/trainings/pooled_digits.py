"""Train networks on digits that were pooled by larger and larger windows.

Windows of 1 to 28 pixels, their maximum or their mean, and 200 to 4,000 digits to learn from.
Each of these 66 contenders has five networks at each of five learning rates, and is judged on the
test digits at the rate that is best on the validation digits. It takes one core about six minutes
and gives records/pooled_digits.json; what that holds is described in data/README.md.
"""

import numpy as np

from lessonkit.datasets import digits
from lessonkit.network import evaluate, train
from lessonkit.pooling import pool
from lessonkit.trainings.digit_classifiers import relu_classifier
from lessonkit.trainings.digit_samples import BATCH, SEEDS, Sample
from lessonkit.trainings.files import line_per_part, record_file

KERNEL_SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 10, 14, 28)
COUNTS = (200, 1000, 4000)  # digits to learn from
LEARNING_RATES = (0.003, 0.01, 0.03, 0.1, 0.3)  # the same for every contender
STEPS = 2000  # of one batch each, however many digits there are
HIDDEN = 64


def make():
    """Train all contenders; return the record, file name → bytes."""
    data, runs = digits(), []
    for statistic in ("max", "mean"):
        for size in KERNEL_SIZES:
            pooled = pooled_data(data, size, statistic)
            for count in COUNTS:
                names = {"statistic": statistic, "kernel_size": size, "training_digits": count}
                runs.append(names | contender(pooled, count))
                print(runs[-1], flush=True)
    record = {
        "network": f"pooled pixels → {HIDDEN} ReLU neurons → 10 scores",
        "steps": STEPS,
        "batch_size": BATCH,
        "epochs": {count: STEPS * BATCH // count for count in COUNTS},
        "learning_rates": LEARNING_RATES,
        "runs": runs,
    }
    return record_file("pooled_digits", record, line_per_part)


def pooled_data(data, kernel_size, statistic):
    """Return the digits, `datasets.Digits`, with their images pooled."""
    train_images, test_images = (
        pool(images, kernel_size, ceil_mode=True, statistic=statistic)
        for images in (data.train_images, data.test_images)
    )
    return data._replace(train_images=train_images, test_images=test_images)


def contender(data, count):
    """Return how five networks did at the rate that reads most validation digits correctly."""
    samples = [Sample(data, seed, count) for seed in SEEDS]

    def accuracies(networks, part):
        pairs = zip(networks, samples, strict=True)
        return [round(evaluate(n, *getattr(sample, part))[1], 4) for n, sample in pairs]

    networks, choice = {}, {}
    for rate in LEARNING_RATES:
        networks[rate] = [trained(sample, s, rate) for s, sample in enumerate(samples)]
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


def trained(sample, seed, learning_rate):
    """Return a network that has learned from a sample."""
    x, labels = sample.training
    network = relu_classifier(x.shape[1], HIDDEN, seed)
    settings = {"epochs": STEPS * BATCH // len(x), "batch_size": BATCH, "seed": seed}
    for _ in train(network, x, labels, learning_rate=learning_rate, **settings):
        pass
    return network
