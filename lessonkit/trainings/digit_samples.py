"""What the trainings on digits learn from and are judged on: a sample of the digits per seed."""

import numpy as np

SEEDS = range(5)  # each draws its sample, first weights, order of the digits, and dropout
KEPT = 4000  # training digits to choose from; the other 1,000 are held out for validation
BATCH = 50


class Sample:
    """What one seed learns from and is judged on: `training`, `validation` and `test`.

    Each is (x, labels), with x of shape (N, pixels). From every pixel the mean of all the pixels
    learned from is subtracted, and the result is divided by their standard deviation.

    data: `datasets.Digits`. count: how many digits to learn from, at most KEPT.
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
