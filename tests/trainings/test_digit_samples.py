"""trainings.digit_samples: nothing that is learned from is judged on."""

import numpy as np
import pytest

from lessonkit.datasets import digits
from lessonkit.trainings.digit_samples import Sample


def test_what_is_learned_from_is_neither_validation_nor_test():
    data = digits()
    rows = {image.tobytes(): place for place, image in enumerate(data.train_images)}
    spots = []
    for seed in range(2):
        sample = Sample(data, seed, 200)
        (x, labels), (validation, validation_labels), (test, test_labels) = (
            sample.training,
            sample.validation,
            sample.test,
        )
        assert (x.shape, validation.shape, test.shape) == ((200, 784), (1000, 784), (1000, 784))
        assert abs(x.mean()) < 1e-4
        assert x.std() == pytest.approx(1, abs=1e-4)
        darkest, lightest = x.min(), test.min()
        assert darkest == lightest, "all are moved and stretched alike"
        back = [
            np.rint((part - darkest) / (x.max() - darkest) * 255) for part in (x, validation, test)
        ]
        assert np.array_equal(back[1], np.rint(data.train_images[4000:].reshape(1000, -1) * 255))
        assert np.array_equal(back[2], np.rint(data.test_images.reshape(1000, -1) * 255))
        assert np.array_equal(validation_labels, data.train_labels[4000:])
        assert np.array_equal(test_labels, data.test_labels)
        pictures = (back[0] / np.float32(255)).reshape(200, 28, 28).astype(np.float32)
        places = [rows[picture.tobytes()] for picture in pictures]
        assert len(set(places)) == 200
        assert max(places) < 4000
        assert np.array_equal(labels, data.train_labels[places])
        spots.append(places)
    assert spots[0] != spots[1], "each seed learns from digits of its own"
