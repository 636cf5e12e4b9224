"""The record of the whole network agrees with its weights, and can be made again.

The oracles are digits_by_hand's: SciPy and plain NumPy.
"""

from itertools import islice

import numpy as np
import pytest
from digits_by_hand import accuracy_by_hand, moved_by_hand, stored_arrays, stored_record
from scipy import ndimage

from lessonkit.digit_network import new_network
from lessonkit.trainings import whole_network

WEIGHTS = stored_arrays("weights.npz")
IMAGES = stored_arrays("digits.npz")["test_images"] / 255
LABELS = stored_arrays("digits.npz")["test_labels"]


@pytest.fixture(scope="module")
def record():
    return stored_record()


@pytest.mark.parametrize("pixels", [-8, 1, 5])
def test_the_record_of_the_shifts(record, pixels):
    for name, axis in (("shift_x", 2), ("shift_y", 1)):
        shifted = np.roll(IMAGES, pixels, axis)
        lost = slice(None, pixels) if pixels > 0 else slice(pixels, None)
        np.moveaxis(shifted, axis, 0)[lost] = 0
        share = accuracy_by_hand(WEIGHTS, shifted, LABELS)
        assert record["test_accuracy"][name][8 + pixels] == pytest.approx(share, abs=0.0011)


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [("turn", 20, 22), ("turn", -45, 9), ("turn", 90, 36), ("scale", 0.7, 4), ("scale", 1.3, 16)],
)
def test_the_record_of_the_other_moves(record, name, value, place):
    moved = np.array([moved_by_hand(image, **{name: value}) for image in IMAGES])
    share = accuracy_by_hand(WEIGHTS, moved, LABELS)
    assert record["test_accuracy"][name][place] == pytest.approx(share, abs=0.003)


def test_the_record_of_the_blur(record):
    blurred = ndimage.gaussian_filter(IMAGES, (0, 1, 1), mode="nearest")
    share = accuracy_by_hand(WEIGHTS, blurred, LABELS)
    assert record["test_accuracy"]["blur"][4] == pytest.approx(share, abs=0.02)


def test_the_record_belongs_to_the_training(record):
    """Train for one epoch again; compare how many of the digits held out are read correctly."""
    stored = stored_arrays("digits.npz")
    x = stored["train_images"][:, np.newaxis] / np.float32(255)
    labels = stored["train_labels"].astype(int)
    rate = record["learning_rate"]
    validation = x[4000:], labels[4000:]
    reports = whole_network.learn(new_network(0), x[:4000], labels[:4000], rate, validation)
    again = [report.validation_accuracy for report in islice(reports, 2)]
    # the same but for rounding, which 80 steps can grow to a few digits of the thousand
    assert record["validation_accuracy"][str(rate)][0][:2] == pytest.approx(again, abs=0.01)


def test_the_learning_rate_was_the_best_on_the_digits_held_out(record):
    histories = record["validation_accuracy"]
    assert all(np.shape(starts) == (3, 21) for starts in histories.values())
    means = {rate: np.mean(starts, axis=0)[-1] for rate, starts in histories.items()}
    assert record["learning_rate"] == float(max(means, key=means.get))
    assert record["train_accuracy"] > record["test_accuracy"]["blur"][0]
