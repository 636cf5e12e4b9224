"""A small network to train and to read: layers with backward beside forward, and their training.

A layer keeps from `forward` what its `backward` needs. Its parameters are named arrays; `backward`
stores the gradient of each under the same name. Samples come in batches of N along axis 0:
pictures are (N, C, H, W), vectors (N, features). Parameters are float32, and a layer that has any
computes in their dtype. Where an rng is asked for, a seed will do.
"""

import math
from typing import NamedTuple

import numpy as np

from lessonkit._arrays import (
    check_pair,
    check_size,
    finite_number,
    float_array,
    generator,
    real_array,
    shape_of,
    whole_number,
)
from lessonkit.activations import ACTIVATIONS, Activation, prelu
from lessonkit.convolution import correlate2d, correlate2d_backward
from lessonkit.pooling import pool, pool_backward
from lessonkit.softmax import cross_entropy, cross_entropy_gradient

HE = 2**0.5  # weight_scale before ReLU and its cousins, see `_random_weights`


class _KeptByForward:
    """Stands for what forward has not kept yet; the attribute that forward sets will hide it."""

    def __get__(self, layer, owner):
        if layer is None:
            return self
        raise RuntimeError(f"call forward first: {owner.__name__}.backward needs what it keeps")


class Layer:
    """What all layers share. A layer without parameters only defines forward and backward."""

    x = shape = mask = _KeptByForward()  # of these, a layer sets what its backward needs

    def __init__(self, **parameters):
        self.parameters = parameters  # name → array, changed in place by the optimizer
        self.gradients = {}  # name → array, made by backward

    def forward(self, x, training=False):
        """Return the layer's output y for the samples x; training is True while it learns."""
        raise NotImplementedError

    def backward(self, grad_output):
        """Return the gradient with respect to the x of the last forward, so call forward first.

        grad_output: the gradient with respect to that forward's y, an array of the same shape.
        """
        raise NotImplementedError


class Dense(Layer):
    """y = x Wᵀ + b: every output is connected to every input.

    x: (N, inputs). y: (N, outputs). weight: (outputs, inputs). bias: (outputs,).

    >>> layer = Dense(784, 10, np.random.default_rng(0))
    >>> layer.forward(np.zeros((2, 784))).shape
    (2, 10)
    """

    def __init__(self, inputs, outputs, rng, weight_scale=1.0):
        inputs, outputs = whole_number(inputs, "inputs", 1), whole_number(outputs, "outputs", 1)
        check_size((outputs, inputs), "inputs or outputs")
        weight = _random_weights((outputs, inputs), weight_scale, rng)
        super().__init__(weight=weight, bias=np.zeros(outputs, np.float32))

    @np.errstate(all="ignore")
    def forward(self, x, training=False):
        self.x = _samples_for(self, x)
        return self.x @ self.parameters["weight"].T + self.parameters["bias"]

    @np.errstate(all="ignore")
    def backward(self, grad_output):
        weight = self.parameters["weight"]
        g = float_array(grad_output, "grad_output", (len(self.x), len(weight)), "that of y")
        self.gradients = {"weight": g.T @ self.x, "bias": g.sum(axis=0)}
        return g @ weight


class Convolution(Layer):
    """y = correlate2d(x, weight) + b: one small kernel for each output channel, at every place.

    x: (N, in_channels, H, W). y: (N, out_channels, oh, ow), see `convolution.correlate2d`.
    weight: (out_channels, in_channels, kernel_size, kernel_size). bias: (out_channels, 1, 1).
    """

    def __init__(self, in_channels, out_channels, kernel_size, rng, padding=0, weight_scale=1.0):
        inputs = whole_number(in_channels, "in_channels", 1)
        outputs = whole_number(out_channels, "out_channels", 1)
        size = whole_number(kernel_size, "kernel_size", 1)
        check_size((outputs, inputs, size, size), "in_channels, out_channels or kernel_size")
        weight = _random_weights((outputs, inputs, size, size), weight_scale, rng)
        super().__init__(weight=weight, bias=np.zeros((outputs, 1, 1), np.float32))
        self.padding = whole_number(padding, "padding", 0)

    @np.errstate(all="ignore")
    def forward(self, x, training=False):
        self.x = _samples_for(self, x)
        y = correlate2d(self.x, self.parameters["weight"], padding=self.padding)
        return y + self.parameters["bias"]

    @np.errstate(all="ignore")
    def backward(self, grad_output):
        g = float_array(grad_output, "grad_output")
        grad_x, grad_weight = correlate2d_backward(
            g, self.x, self.parameters["weight"], padding=self.padding
        )
        grad_bias = np.sum(g, axis=(0, 2, 3))[:, np.newaxis, np.newaxis]
        self.gradients = {"weight": grad_weight, "bias": grad_bias}
        return grad_x


def _random_weights(shape, weight_scale, rng):
    """Return normal weights with mean 0 and standard deviation weight_scale / √(a neuron's inputs).

    A weight_scale of 1 keeps the size of what passes through (LeCun et al. 1998); √2 makes up for
    the half that ReLU silences (He et al. 2015).
    """
    scale = finite_number(weight_scale, "weight_scale", np.float32)
    scale /= np.float32(np.prod(shape[1:])) ** 0.5
    return generator(rng).standard_normal(shape, np.float32) * scale


def _samples_for(layer, x):
    """Return x in the dtype of the layer's weight; ValueError if it does not fit the weight."""
    weight = layer.parameters["weight"]
    x = float_array(x)
    if x.ndim != weight.ndim or x.shape[1] != weight.shape[1]:
        axes = ("samples", str(weight.shape[1]), "height", "width")[: weight.ndim]
        kind = type(layer).__name__
        raise ValueError(f"x must be ({', '.join(axes)}) for this {kind} layer; got {shape_of(x)}")
    return x.astype(weight.dtype, copy=False)


class Activate(Layer):
    """y = f(x) for each number, where f is one of `activations.ACTIVATIONS`.

    parameters: those of f, such as negative_slope=0.01; they are not learned.
    """

    def __init__(self, activation, **parameters):
        super().__init__()
        if not isinstance(activation, Activation):
            known = ", ".join(ACTIVATIONS)
            raise TypeError(f"activation must be a function, one of {known}; got {activation!r}")
        activation(np.zeros((0, 1, 1, 1)), **parameters)  # refuses now what forward would refuse
        self.activation, self.fixed = activation, parameters

    def forward(self, x, training=False):
        self.x = float_array(x)
        return self.activation(self.x, **self.fixed)

    @np.errstate(all="ignore")
    def backward(self, grad_output):
        g = float_array(grad_output, "grad_output", self.x.shape, "that of y")
        return g * self.activation.derivative(self.x, **self.fixed)


class PReLU(Layer):
    """y = x where x > 0, slope · x where x ≤ 0; each channel learns a slope of its own.

    x: (N, channels) or (N, channels, H, W). slope: (channels,). Source: He et al. 2015.
    """

    def __init__(self, channels, slope=0.25):
        start = finite_number(slope, "slope", np.float32)
        channels = whole_number(channels, "channels", 1)
        check_size((channels,), "channels")
        super().__init__(slope=np.full(channels, start))

    @np.errstate(all="ignore")
    def forward(self, x, training=False):
        slope, x = self.parameters["slope"], float_array(x)
        if x.shape[1:2] != slope.shape:
            raise ValueError(
                f"x must be (samples, {slope.size}, …) for this PReLU layer; got {shape_of(x)}"
            )
        self.x = x.astype(slope.dtype, copy=False)
        # When training runs away, a slope reaches ∞, which prelu refuses. NaN would come next.
        slope = np.where(np.isinf(slope), np.nan, slope)
        self.slope = slope.reshape(-1, *(1,) * (x.ndim - 2))
        return prelu(self.x, self.slope)

    @np.errstate(all="ignore")
    def backward(self, grad_output):
        g = float_array(grad_output, "grad_output", self.x.shape, "that of y")
        others = (0, *range(2, g.ndim))  # all axes but that of the channels
        self.gradients = {"slope": (g * prelu.slope_gradient(self.x)).sum(axis=others)}
        return g * prelu.derivative(self.x, self.slope)


class Pool(Layer):
    """One number per window, see `pooling.pool`. x: (N, C, H, W).

    statistic: a name in `pooling.STATISTICS`. stride: as of `pooling.pool`; `Pool(1, stride=2)`
    keeps every second row and column.
    """

    def __init__(self, kernel_size, statistic="max", stride=None):
        super().__init__()
        # refuses now what forward would refuse
        pool([[0]], 1, stride=stride, statistic=statistic)
        self.kernel_size, self.statistic, self.stride = kernel_size, statistic, stride

    def forward(self, x, training=False):
        self.x = x
        return pool(x, self.kernel_size, self.stride, statistic=self.statistic)

    def backward(self, grad_output):
        of = {"stride": self.stride, "statistic": self.statistic}
        return pool_backward(grad_output, self.x, self.kernel_size, **of)


class Flatten(Layer):
    """Lay each sample's numbers in one row: (N, C, H, W) → (N, C·H·W)."""

    def forward(self, x, training=False):
        x = real_array(x)
        if x.ndim == 0:
            raise ValueError("x must be (samples, …); got a single number")
        self.shape = x.shape
        return x.reshape(_flat(x.shape))

    def backward(self, grad_output):
        g = float_array(grad_output, "grad_output", _flat(self.shape), "that of y")
        return g.reshape(self.shape)


def _flat(shape):
    return shape[0], math.prod(shape[1:])


class Dropout(Layer):
    """While training, set each number to 0 with probability rate; otherwise pass everything on.

    What is kept is divided by 1 − rate, so that sums over it stay the same on average.
    rate: in [0, 1). Source: Srivastava et al. 2014.
    """

    def __init__(self, rate, rng):
        super().__init__()
        self.rate = finite_number(rate, "rate", np.float32)
        self.rng = generator(rng)
        if not 0 <= self.rate < 1:
            raise ValueError(f"rate must be at least 0 and less than 1; got {rate}")

    @np.errstate(all="ignore")
    def forward(self, x, training=False):
        x, self.mask = real_array(x), np.float32(1)
        self.shape = x.shape
        if training:
            kept = self.rng.random(x.shape, np.float32) >= self.rate
            self.mask = kept / (1 - self.rate)
        return x * self.mask

    @np.errstate(all="ignore")
    def backward(self, grad_output):
        return float_array(grad_output, "grad_output", self.shape, "that of y") * self.mask


class Network:
    """Layers in a row: each is given the output of the one before.

    >>> rng = np.random.default_rng(0)
    >>> network = Network(Flatten(), Dense(784, 10, rng))
    >>> network.forward(np.zeros((2, 1, 28, 28))).shape, network.size()
    ((2, 10), 7850)
    """

    def __init__(self, *layers):
        for layer in layers:
            if not isinstance(layer, Layer):
                raise TypeError(f"layers must each be a Dense(…) or the like; got {layer!r}")
        if len(set(layers)) < len(layers):
            raise ValueError("layers must all differ: each keeps what its own backward needs")
        self.layers = layers

    @np.errstate(all="ignore")  # when training runs away, numbers become inf and then NaN
    def forward(self, x, training=False):
        """Return the last layer's output for the samples x, the scores of a classifier."""
        for layer in self.layers:
            x = layer.forward(x, training)
        return x

    @np.errstate(all="ignore")
    def backward(self, grad_output):
        """Leave in each layer the gradients of its parameters; return that with respect to x.

        grad_output: the gradient with respect to the last forward's output, such as that of
        `cross_entropy_gradient`.
        """
        for layer in reversed(self.layers):
            grad_output = layer.backward(grad_output)
        return grad_output

    def size(self):
        """Return how many numbers are learned."""
        return sum(p.size for layer in self.layers for p in layer.parameters.values())


def _check_network(network):
    if not isinstance(network, Network):
        raise TypeError(f"network must be a Network(…); got {network!r}")


class SGD:
    """Stochastic gradient descent with momentum.

    velocity ← momentum · velocity − learning_rate · gradient; parameter ← parameter + velocity.
    Source: Polyak 1964; Sutskever et al. 2013.
    """

    def __init__(self, network, learning_rate, momentum=0.9):
        _check_network(network)
        self.learning_rate = finite_number(learning_rate, "learning_rate", np.float32)
        self.momentum = finite_number(momentum, "momentum", np.float32)
        if self.learning_rate <= 0:
            raise ValueError(f"learning_rate must be more than 0; got {learning_rate}")
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum must be at least 0 and less than 1; got {momentum}")
        self.layers = network.layers
        self.velocities = [
            {name: np.zeros_like(value) for name, value in layer.parameters.items()}
            for layer in self.layers
        ]

    @np.errstate(all="ignore")
    def step(self):
        """Move every parameter as the last backward says."""
        for layer, velocities in zip(self.layers, self.velocities, strict=True):
            for name, velocity in velocities.items():
                velocity *= self.momentum
                velocity -= self.learning_rate * layer.gradients[name]
                layer.parameters[name] += velocity


class Epoch(NamedTuple):
    """What `train` reports before the first round through the training samples and after each."""

    number: int  # 0 is the network as it was
    loss: float  # mean cross-entropy over the training samples
    accuracy: float  # share of the training samples classified correctly, 0..1
    validation_loss: float  # the same two over the validation samples; NaN if there are none
    validation_accuracy: float


def train(
    network,
    x,
    labels,
    *,
    epochs,
    learning_rate,
    momentum=0.9,
    batch_size=50,
    seed=0,
    validation=None,
):
    """Train a network on cross-entropy; yield an `Epoch` before the first epoch and after each.

    It works only while you ask for the next report: leave the loop to stop. The history is the
    list of what it yields.

    x: the samples, (N, …), as the first layer takes them. labels: (N,) whole numbers from 0.
    validation: (x, labels) that are only judged, never learned from. seed: for the order of the
    samples in each epoch. Raises TypeError or ValueError for shapes that do not fit and numbers
    that make no sense; it does so when the first report is asked for.

    >>> rng = np.random.default_rng(0)
    >>> x, labels = np.array([[0.0], [1.0]], np.float32), np.array([0, 1])
    >>> history = list(train(Network(Dense(1, 2, rng)), x, labels, epochs=50, learning_rate=0.5))
    >>> len(history), history[-1].accuracy
    (51, 1.0)
    """
    x, labels = _labelled(x, labels)
    epochs = whole_number(epochs, "epochs", 0)
    batch_size = whole_number(batch_size, "batch_size", 1)
    if validation is not None:
        check_pair(validation, "validation", "(x, labels)")
    optimizer = SGD(network, learning_rate, momentum)
    rng = generator(seed, "seed")
    for epoch in range(epochs + 1):
        if epoch > 0:
            for _ in learn_once(network, optimizer, x, labels, batch_size, rng):
                pass
        judged = (np.nan, np.nan) if validation is None else evaluate(network, *validation)
        yield Epoch(epoch, *evaluate(network, x, labels), *judged)


def learn_once(network, optimizer, x, labels, batch_size, rng):
    """Learn from every sample once, in random order; yield (scores, labels) after each batch.

    The scores, (batch_size, classes), are those before its step. It works only while you ask for
    the next batch. x, labels, batch_size, errors: as for `train`. optimizer: of the network, such
    as SGD.
    """
    _check_network(network)
    x, labels = _labelled(x, labels)
    batch_size, rng = whole_number(batch_size, "batch_size", 1), generator(rng)
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        scores = network.forward(x[batch], training=True)
        network.backward(cross_entropy_gradient(scores, labels[batch]))
        optimizer.step()
        yield scores, labels[batch]


def evaluate(network, x, labels, batch_size=500):
    """Return (mean cross-entropy, share of the samples whose highest score is the right one).

    batch_size: how many samples pass at once, which limits the memory. Errors as for train.
    """
    _check_network(network)
    x, labels = _labelled(x, labels)
    batch_size = whole_number(batch_size, "batch_size", 1)
    starts = range(0, len(x), batch_size)
    scores = np.concatenate([network.forward(x[i : i + batch_size]) for i in starts])
    loss = cross_entropy(scores, labels)
    return float(loss), float(np.mean(scores.argmax(axis=1) == labels))


def _labelled(x, labels):
    """Return both as arrays; ValueError unless each sample has its label."""
    x = float_array(x)
    if x.ndim < 2 or len(x) == 0:
        raise ValueError(f"x must be (samples, …), one sample or more; got {shape_of(x)}")
    return x, real_array(labels, "labels", x.shape[:1], "one label per sample")
