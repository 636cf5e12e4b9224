"""trainings.digit_classifiers: all activations start alike, and random slopes are used as drawn."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lessonkit.trainings.digit_classifiers import SCALES, RandomSlopes, deep_classifier


def test_first_weights_differ_by_their_scale_alone():
    first = deep_classifier("relu", 2, 7)
    for activation, scale in SCALES.items():
        network = deep_classifier(activation, 2, 7, bias=-2)
        for ours, theirs in zip(network.layers[:-1:2], first.layers[:-1:2], strict=True):
            ratio = scale / 2**0.5
            assert_allclose(
                ours.parameters["weight"], ratio * theirs.parameters["weight"], rtol=1e-5
            )
            assert_array_equal(ours.parameters["bias"], -2)
        assert_array_equal(
            network.layers[-1].parameters["weight"], first.layers[-1].parameters["weight"]
        )
        assert not network.layers[-1].parameters["bias"].any()


def test_random_slopes_lie_between_their_bounds_and_pass_the_gradient_on():
    layer = RandomSlopes(np.random.default_rng(0))
    x = np.full((100, 100), -24, np.float32)
    x[0] = 24
    y = layer.forward(x, training=True)
    slopes = y[1:] / -24
    assert_array_equal(y[0], 24)
    assert slopes.min() >= 1 / 8
    assert slopes.max() <= 1 / 3
    assert slopes.std() == pytest.approx((1 / 3 - 1 / 8) / 12**0.5, rel=0.05)
    g = layer.backward(np.full_like(x, 2))
    assert_array_equal(g[0], 2)
    assert_allclose(g[1:], 2 * slopes, rtol=1e-6)
    assert_allclose(layer.forward(x)[1:], -24 * (1 / 8 + 1 / 3) / 2, rtol=1e-6)
