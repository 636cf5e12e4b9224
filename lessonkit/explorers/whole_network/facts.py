"""What a network makes of a digit, and how each number comes about: no picture in here."""

from typing import NamedTuple

import numpy as np

from lessonkit.digit_network import MOVES
from lessonkit.explorers.table import as_table
from lessonkit.explorers.whole_network.layout import MADE, SHAPES, SOFTMAX
from lessonkit.network import Flatten
from lessonkit.softmax import softmax

UNMOVED = {name: int(name == "scale") for name in MOVES}
# What a layer sees of the stage before, for one number: how many rows and columns, how many of them
# further on the next number's are, and whether of all maps.
SEES = {
    "convolution": (5, 1, True),
    "ReLU": (1, 1, False),
    "pooling": (2, 2, False),
    "scores": (4, 1, True),
    SOFTMAX: (1, 1, True),
}


class Making(NamedTuple):
    """How one number of a stage comes about."""

    stage: str
    place: tuple  # (map, row, column) of the number
    result: float  # the number
    seen: str  # the stage before, of which the layer sees a window
    corner: tuple  # (map, row, column) of the window's first number
    window: np.ndarray  # (maps, rows, columns)
    weights: np.ndarray | None = None  # like the window; None where the layer has none
    largest_weight: float | None = None  # the largest magnitude in the layer
    products: np.ndarray | None = None  # of the window and the weights
    exponentials: np.ndarray | None = None  # of the ten scores; None unless it is a probability
    sum: float | None = None  # of the products, or of the exponentials
    bias: float | None = None


@as_table
class Facts(NamedTuple):
    """A digit, what the network makes of it, and how one number in the network comes about."""

    digit: np.ndarray  # (28, 28), as it is shown: moved; 0 paper, 1 ink
    label: int | None  # the digit that it is; None: it was drawn, and nobody knows
    is_empty: bool  # whether nothing is drawn yet
    stages: dict  # name → its numbers, (maps, rows, columns), from "input" to "probabilities"
    scores: np.ndarray  # (10,)
    probabilities: np.ndarray  # (10,)
    answer: int  # the digit with the largest probability
    moves: dict  # how the digit is moved: name → pixels, degrees or factor
    accuracies: dict  # of what was measured: name → share of the test digits read, all moved so
    accuracy: float  # the same for digits that are not moved
    making: Making  # of the number chosen
    scales: dict  # name of a stage → the number that has its fullest colour
    kernels: np.ndarray  # (6, 5, 5), of the first convolution


def stages_of(network, images):
    """Return name of a stage → its numbers, (N, maps, rows, columns). images: (N, 28, 28)."""
    outputs = [images[:, np.newaxis]]
    for layer in network.layers:
        outputs.append(layer.forward(outputs[-1]))
    *maps, _, scores = outputs  # without the flattened maps
    columns = [each[..., np.newaxis, np.newaxis] for each in (scores, softmax(scores))]
    return dict(zip(SHAPES, [*maps, *columns], strict=True))


def scales_of(stages):
    """Return name of a stage → the number that has its fullest colour.

    The stages between two sums share a scale, so that one sees that ReLU and pooling change nothing
    else. One number in a hundred is beyond it.
    """
    scales, scale = {}, 1.0
    for name, values in stages.items():
        if name.startswith(("convolution", "scores")):
            scale = float(np.percentile(np.abs(values), 99))
        scales[name] = scale
    return scales


def making_of(network, stages, stage, place):
    """Return how the number of a stage at a place, (map, row, column), comes about.

    stages: those of one digit, name → (maps, rows, columns). Beyond the
    stage's end, the last number is meant.
    """
    values = stages[stage]
    channel, row, column = (min(i, n - 1) for i, n in zip(place, values.shape, strict=True))
    seen = list(stages)[MADE.index(stage)]
    side, stride, all_maps = SEES[stage.split()[0]]
    first, top, left = corner = (0 if all_maps else channel, row * stride, column * stride)
    last = None if all_maps else channel + 1
    window = stages[seen][first:last, top : top + side, left : left + side]
    result = values[channel, row, column].item()
    making = Making(stage, (channel, row, column), result, seen, corner, window)
    if stage == SOFTMAX:
        exponentials = np.exp(window.astype(float))
        return making._replace(exponentials=exponentials, sum=float(exponentials.sum()))
    layers = [layer for layer in network.layers if not isinstance(layer, Flatten)]
    parameters = layers[MADE.index(stage)].parameters
    if not parameters:
        return making
    weight, bias = parameters["weight"], parameters["bias"].ravel()
    weights = weight[channel].reshape(window.shape)
    products = weights * window
    return making._replace(
        weights=weights,
        largest_weight=float(np.abs(weight).max()),
        products=products,
        sum=float(products.sum()),
        bias=float(bias[channel]),
    )


def accuracy_of(accuracies, move, value):
    """Return the accuracy that a record, name → list, has for one value of a move."""
    least, _, step = MOVES[move]
    return accuracies[move][round((value - least) / step)]
