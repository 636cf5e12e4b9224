"""What notebooks/06_whole_network.ipynb claims, and each claim worked out another way."""

import json

import numpy as np

from lessonkit.datasets import DATA, digits
from lessonkit.explorers import whole_network


def test_accuracy(shift):
    """Return the share of the test digits read rightly, all shifted right, in percent."""
    images = digits().test_images
    moved = np.zeros_like(images)
    moved[:, :, shift:] = images[:, :, : 28 - shift]
    scores = whole_network.trained_network().forward(moved[:, np.newaxis])
    return f"{100 * np.mean(scores.argmax(axis=1) == digits().test_labels):.1f}"


def recorded(shift):
    record = json.loads((DATA / "records" / "whole_network.json").read_text("utf-8"))
    return f"{100 * record['test_accuracy']['shift_x'][8 + shift]:.1f}"


CLAIMS = {
    "Of 1,000 others it reads 96.7 % rightly": lambda: (
        test_accuracy(0) == recorded(0) == "96.7" and len(digits().test_labels) == 1000
    ),
    "on 5,000 digits": lambda: len(digits().train_labels) == 5000,
    "A shift to the right by 1 pixel hardly matters: 95.6 %. By 2 pixels it is 90.8 %, by 4 only "
    "50.1 %, and by 8 it is 10.3 %": lambda: (
        [test_accuracy(shift) for shift in (1, 2, 4, 8)] == ["95.6", "90.8", "50.1", "10.3"]
        and recorded(4) == "50.1"
    ),
    "a sum over 192 numbers, the twelve maps of 4×4": lambda: 12 * 4 * 4 == 192,
    "24×24 numbers become 12×12, then 8×8 become 4×4": lambda: (
        28 - 5 + 1 == 24 and 24 // 2 == 12 and 12 - 5 + 1 == 8 and 8 // 2 == 4
    ),
}
SOURCED = {}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"digit of 28×28|kernels of 5×5|2×2 maxima|\*\*\d\.\*\*|gives 0\.99|99 % sure|Draw a 7",
    r"LeNet-5",
]
