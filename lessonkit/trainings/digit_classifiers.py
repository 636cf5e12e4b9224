"""The networks that several trainings compare: hidden layers of any activation, then ten scores."""

import numpy as np

from lessonkit.activations import ACTIVATIONS, prelu, relu
from lessonkit.network import HE, Activate, Dense, Dropout, Layer, Network, PReLU

PIXELS, NEURONS = 784, 64  # into a deep classifier, and in each of its hidden layers
# Standard deviation of the first weights × √inputs. 4 is what Glorot & Bengio (2010) give sigmoid.
SCALES = {"sigmoid": 1.0, "sigmoid_4": 4.0, "tanh": 1.0}
SCALES |= dict.fromkeys(["relu", "leaky_relu", "rrelu", "prelu", "elu", "silu"], HE)


def relu_classifier(pixels, hidden, seed, rate=0.0):
    """Return pixels → hidden ReLU neurons → 10 scores, with dropout of the hidden neurons."""
    rng = np.random.default_rng(seed)
    into, out = Dense(pixels, hidden, rng, weight_scale=HE), Dense(hidden, 10, rng)
    return Network(into, Activate(relu), Dropout(rate, rng), out)


def deep_classifier(activation, hidden_layers, seed, bias=0.0):
    """Return pixels → hidden layers → 10 scores.

    activation: a name of SCALES. bias: of every hidden neuron at the start. A seed gives the same
    first weights to all activations, but for their scale.
    """
    rng, inputs, layers = np.random.default_rng(seed), PIXELS, []
    for _ in range(hidden_layers):
        dense = Dense(inputs, NEURONS, rng, weight_scale=SCALES[activation])
        dense.parameters["bias"] += np.float32(bias)
        layers += [dense, _activation_layer(activation, rng)]
        inputs = NEURONS
    return Network(*layers, Dense(NEURONS, 10, rng))


def _activation_layer(activation, rng):
    if activation == "prelu":
        return PReLU(NEURONS)
    if activation == "rrelu":
        return RandomSlopes(rng)
    return Activate(ACTIVATIONS[activation.removesuffix("_4")])


class RandomSlopes(Layer):
    """RReLU: while it trains, each negative number is multiplied by a slope drawn for it alone."""

    def __init__(self, rng, lower=1 / 8, upper=1 / 3):
        super().__init__()
        self.rng, self.bounds = rng, (lower, upper)

    def forward(self, x, training=False):
        drawn = self.rng.uniform(*self.bounds, x.shape) if training else np.mean(self.bounds)
        self.x, self.slope = x, np.float32(drawn)
        return prelu(x, self.slope)

    def backward(self, grad_output):
        return grad_output * prelu.derivative(self.x, self.slope)
