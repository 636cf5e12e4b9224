"""The last chapter's network and moves worked out by SciPy and plain NumPy, as the tests' oracle.

Nothing here uses lessonkit's own maths; the files are read without its readers.
"""

import functools
import json

import numpy as np
from scipy import ndimage, signal, special

from lessonkit.datasets import DATA

NAMES = ("convolution 1", "ReLU 1", "pooling 1", "convolution 2", "ReLU 2", "pooling 2", "scores")


@functools.cache
def stored_arrays(name):
    """Return the arrays of digits.npz or weights.npz as they are stored, by name."""
    with np.load(DATA / name) as stored:
        return dict(stored)


def stored_record():
    """Return the record of the chapter's training."""
    return json.loads((DATA / "records/whole_network.json").read_text("utf-8"))


def convolved(maps, weight, bias):
    return np.array(
        [
            sum(signal.correlate2d(m, k, "valid") for m, k in zip(maps, kernels, strict=True)) + b
            for kernels, b in zip(weight, bias.ravel(), strict=True)
        ]
    )


def pooled(maps):
    count, height, width = maps.shape
    return maps.reshape(count, height // 2, 2, width // 2, 2).max(axis=(2, 4))


def stages_by_hand(weights, image):
    """Return name → (maps, rows, columns) for each stage, the scores as ten maps of one number."""
    stages, maps = {"input": image[np.newaxis]}, image[np.newaxis]
    for number, place in (("1", 0), ("2", 3)):
        maps = convolved(maps, weights[f"{place}_weight"], weights[f"{place}_bias"])
        stages[f"convolution {number}"] = maps
        stages[f"ReLU {number}"] = np.where(maps > 0, maps, 0)
        stages[f"pooling {number}"] = maps = pooled(stages[f"ReLU {number}"])
    scores = weights["7_weight"] @ maps.ravel() + weights["7_bias"]
    return stages | {"scores": scores.reshape(10, 1, 1)}


def shares_by_hand(weights, image):
    return special.softmax(stages_by_hand(weights, image)["scores"].ravel())


def accuracy_by_hand(weights, images, labels):
    """Return the share of the digits that the network reads correctly, all images at once."""
    maps = images[:, np.newaxis].astype(np.float32)
    for place in (0, 3):
        windows = np.lib.stride_tricks.sliding_window_view(maps, (5, 5), axis=(2, 3))
        weight, bias = weights[f"{place}_weight"], weights[f"{place}_bias"]
        sums = np.einsum("ncijab,ocab->noij", windows, weight, optimize=True) + bias
        n, maps_out, side, _ = sums.shape
        maps = np.maximum(sums, 0).reshape(n, maps_out, side // 2, 2, side // 2, 2).max((3, 5))
    scores = maps.reshape(len(maps), -1) @ weights["7_weight"].T + weights["7_bias"]
    return np.mean(scores.argmax(axis=1) == labels)


def moved_by_hand(image, shift_x=0, shift_y=0, turn=0, scale=1):
    """Return a digit turned and scaled about pixel 14, then shifted, by SciPy."""
    angle = np.deg2rad(turn)
    # of (row, column): counter-clockwise on the screen, where rows count downwards
    forward = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([14, 14])[:, np.newaxis, np.newaxis]
    shift = np.array([shift_y, shift_x])[:, np.newaxis, np.newaxis]
    back = np.tensordot(np.linalg.inv(forward), np.indices((28, 28)) - middle - shift, 1) + middle
    inside = np.all((back > -0.5) & (back < 27.5), axis=0)  # a pixel reaches half a pixel far
    return inside * ndimage.map_coordinates(image, back, order=1, mode="nearest")
