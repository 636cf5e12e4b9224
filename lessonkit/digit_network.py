"""The last chapter's network: made, loaded with its trained weights, and fed with a moved digit.

How it was trained: lessonkit/trainings/whole_network.py. What it was trained to: data/README.md.
"""

import numpy as np
from PIL import Image, ImageFilter

from lessonkit._arrays import check_choice, finite_number, float_array, generator
from lessonkit.activations import relu, sigmoid, tanh
from lessonkit.datasets import weights
from lessonkit.network import HE, Activate, Convolution, Dense, Flatten, Network, Pool

SIDE = 28  # of a picture, in pixels
MIDDLE = 14.5  # of the ink: MNIST puts a digit's centre of mass in pixel 14, counted from 0
INK_SIDE = 20  # of the square that MNIST's digits are fitted into

# How a digit can be moved: name → (least, most, step). The record of the training lists the
# accuracy for each value in this order.
MOVES = {
    "shift_x": (-8, 8, 1),
    "shift_y": (-8, 8, 1),
    "turn": (-90, 90, 5),
    "scale": (0.5, 1.5, 0.05),
    "blur": (0, 3, 0.25),
}


# How a stage loses half of its rows and columns: name → (side, statistic) of a window of `pool`.
# With "none" nothing is pooled: every second row and column is kept, so that all sizes stay.
POOLINGS = {"max": (2, "max"), "mean": (2, "mean"), "none": (1, "max")}


def new_network(seed, activation=relu, pooling="max"):
    """Return the untrained network. It takes pictures of shape (N, 1, 28, 28), 0 paper and 1 ink.

    seed: of the first weights. activation: one of `activations.ACTIVATIONS`. pooling: a name of
    POOLINGS. Raises TypeError or ValueError for others.

    >>> new_network(0).forward(np.zeros((2, 1, 28, 28))).shape
    (2, 10)
    """
    check_choice(pooling, "pooling", POOLINGS)
    rng, (side, statistic) = generator(seed, "seed"), POOLINGS[pooling]
    is_silencing = activation is not sigmoid and activation is not tanh
    scale = HE if is_silencing else 1.0  # HE makes up for what ReLU silences
    return Network(
        Convolution(1, 6, 5, rng, weight_scale=scale),  # 28×28 → 6 maps of 24×24
        Activate(activation),
        Pool(side, statistic, stride=2),  # → 12×12
        Convolution(6, 12, 5, rng, weight_scale=scale),  # → 12 maps of 8×8
        Activate(activation),
        Pool(side, statistic, stride=2),  # → 4×4
        Flatten(),  # → 192 numbers
        Dense(192, 10, rng),  # → a score for each digit
    )


def trained_network():
    """Return the network with its trained weights. OSError: see `datasets.weights`."""
    network, stored = new_network(0), weights()
    for place, layer in enumerate(network.layers):
        layer.parameters = {name: stored[f"{place}_{name}"] for name in layer.parameters}
    return network


def copy_of(network):
    """Return a copy of a trained network, so that neither changes with the other.

    ValueError unless its layers are those of `new_network`, with ReLU and max pooling: the pictures
    of the chapter are drawn for these.
    """
    copy = new_network(0)
    if _shape_of(network) != _shape_of(copy):
        got = ", ".join(_described(layer) for layer in getattr(network, "layers", ()))
        raise ValueError(
            "network must be made of the chapter's layers, with ReLU and max pooling; "
            f"got {got or repr(network)}"
        )
    for own, other in zip(copy.layers, network.layers, strict=True):
        own.parameters = {name: array.copy() for name, array in other.parameters.items()}
    return copy


def _shape_of(network):
    """Return what two networks share that differ in their weights alone."""
    return [
        (_described(layer), [(name, array.shape) for name, array in layer.parameters.items()])
        for layer in getattr(network, "layers", ())
    ]


def _described(layer):
    """Return a layer in a few words."""
    if isinstance(layer, Pool):
        every = "" if layer.kernel_size == 2 else f" of {layer.kernel_size}"
        return f"{layer.statistic} pooling{every}"
    return layer.activation.name if isinstance(layer, Activate) else type(layer).__name__


def moved(image, shift_x=0, shift_y=0, turn=0, scale=1, blur=0, fit=None):
    """Return a digit scaled and turned about its middle, then shifted, then blurred.

    image: (28, 28), 0 paper and 1 ink. shift_x, shift_y: pixels to the right and down. turn:
    degrees, counter-clockwise. scale: a factor, more than 0. blur: the standard deviation of a
    Gaussian, in pixels. fit: an affine map, (3, 3), that is applied before all this; see
    `as_mnist_fits`.
    Returns float32, (28, 28), in steps of 1/255. What leaves the picture is lost.
    Raises TypeError for what is no real number, and ValueError for another shape, for numbers that
    are out of range or not finite, and for a map that cannot be undone.

    >>> dot = np.zeros((28, 28))
    >>> dot[14, 14] = 1
    >>> np.argwhere(moved(dot, shift_x=3, shift_y=-2)).tolist()  # row, column
    [[12, 17]]
    """
    pixels = _pixels(image, "image")
    way_back = _way_back(shift_x, shift_y, turn, scale, fit)
    return _moved(pixels, way_back, _checked_move("blur", blur)) / np.float32(255)


def all_moved(images, shift_x=0, shift_y=0, turn=0, scale=1, blur=0):
    """Return several digits, all moved alike, which is sooner than one by one.

    images: (N, 28, 28). The rest, and errors: see `moved`. Returns float32, (N, 28, 28).

    >>> all_moved(np.zeros((5, 28, 28)), shift_x=3, blur=1).shape
    (5, 28, 28)
    """
    images = float_array(images, "images")
    if images.ndim != 3 or images.shape[1:] != (SIDE, SIDE):
        raise ValueError(
            f"images must have shape (N, {SIDE}, {SIDE}), as images[np.newaxis] has of a single "
            f"one; got {images.shape}"
        )
    pixels = _pixels(images, "images", images.shape)
    way_back, blur = _way_back(shift_x, shift_y, turn, scale), _checked_move("blur", blur)
    found = [_moved(picture, way_back, blur) for picture in pixels]
    return np.array(found, np.uint8).reshape(pixels.shape) / np.float32(255)


def _pixels(picture, name, shape=(SIDE, SIDE)):
    return np.rint(255 * _paper_and_ink(picture, name, shape)).astype(np.uint8)


def _moved(pixels, way_back, blur):
    picture, affine = Image.fromarray(pixels), tuple(way_back[:2].ravel())
    picture = picture.transform(
        picture.size, Image.Transform.AFFINE, affine, Image.Resampling.BILINEAR
    )
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(blur))
    return np.asarray(picture)


def _checked_move(name, value):
    number = finite_number(value, name, np.float64)
    if name == "scale" and not number > 0:
        raise ValueError(f"scale must be more than 0; got {value}")
    if name == "blur" and not 0 <= number <= SIDE:
        raise ValueError(f"blur must be from 0 to {SIDE} pixels; got {value}")
    return float(number)


@np.errstate(all="ignore")  # what overflows cannot be undone
def _way_back(shift_x, shift_y, turn, scale, fit=None):
    """Return the affine map, (3, 3), from places in the moved picture to those in the first one."""
    given = {"shift_x": shift_x, "shift_y": shift_y, "turn": turn, "scale": scale}
    shift_x, shift_y, turn, scale = (_checked_move(*move) for move in given.items())
    angle = np.deg2rad(turn)
    rotation = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    forward = _affine(rotation, to=(MIDDLE + shift_x, MIDDLE + shift_y))
    if fit is not None:
        forward = forward @ float_array(fit, "fit", (3, 3), "an affine map")
    try:
        back = np.linalg.inv(forward)
    except np.linalg.LinAlgError:
        back = np.array(np.nan)
    if not np.isfinite(back).all():
        raise ValueError(
            "shift_x, shift_y, scale and fit must make a map that can be undone; got "
            f"{forward.tolist()}"
        )
    return back


def _paper_and_ink(picture, name, shape=(SIDE, SIDE)):
    """Return a picture of a digit, or several, as an array; ValueError for what is none."""
    picture = float_array(picture, name, shape, "0 paper and 1 ink")
    if picture.size and not (picture.min() >= 0 and picture.max() <= 1):  # false for NaN as well
        least, most = picture.min(), picture.max()
        raise ValueError(f"{name} must be in 0..1, paper to ink; got {least} to {most}")
    return picture


def as_mnist_fits(drawing):
    """Return the affine map, (3, 3), that fits a drawing into 20×20 pixels and centres its ink.

    MNIST's digits were made from larger ones in this way (LeCun et al. 1998).
    drawing: (28, 28), 0 paper and 1 ink; an empty one stays where it is. Errors: see `moved`.
    """
    drawing = _paper_and_ink(drawing, "drawing").astype(np.float64)
    rows, columns = (np.flatnonzero(drawing.any(axis)) for axis in (1, 0))
    if rows.size == 0:
        return np.eye(3)
    scale = INK_SIDE / (1 + max(np.ptp(rows), np.ptp(columns)))
    places = np.arange(SIDE) + 0.5
    centre = (drawing.sum(axis=0) @ places, drawing.sum(axis=1) @ places) / drawing.sum()
    return _affine(scale * np.eye(2), to=(MIDDLE, MIDDLE), about=centre)


def _affine(matrix, to, about=(MIDDLE, MIDDLE)):
    """Return p → matrix · (p − about) + to, for places p = (x, y, 1), as a matrix of (3, 3)."""
    affine = np.eye(3)
    affine[:2, :2], affine[:2, 2] = matrix, to - matrix @ about
    return affine
