"""What every function of arrays takes in, and refuses, alike."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from lessonkit import activations, convolution, fitting, network, pooling, softmax
from lessonkit._arrays import MOST_NUMBERS, check_size
from lessonkit.live import Pixels

DENSE = network.Dense(2, 2, 0)
TAKE_ARRAYS = {  # name → a call with one array of numbers, (2, 2) or as it needs it
    **activations.ACTIVATIONS,
    **{f"{n} derivative": f.derivative for n, f in activations.ACTIVATIONS.items()},
    "prelu slope": lambda x: activations.prelu([1.0, -1.0], slope=x[0]),
    "prelu slope_gradient": activations.prelu.slope_gradient,
    "pool": lambda x: pooling.pool(x, 2),
    "pool_backward x": lambda x: pooling.pool_backward([[1.0]], x, 2),
    "pool_backward grad_output": lambda x: pooling.pool_backward(x, np.ones((4, 4)), 2),
    "unpool values": lambda x: pooling.unpool(x, np.ones((4, 4)), 2),
    "softmax": softmax.softmax,
    "log_softmax": softmax.log_softmax,
    "cross_entropy": lambda x: softmax.cross_entropy(x, [0, 1]),
    "cross_entropy_gradient": lambda x: softmax.cross_entropy_gradient(x, [0, 1]),
    "hinge_loss": lambda x: softmax.hinge_loss(x, [0, 1]),
    "hinge_loss_gradient": lambda x: softmax.hinge_loss_gradient(x, [0, 1]),
    "correlate2d image": lambda x: convolution.correlate2d(x, [[1.0]]),
    "correlate2d kernel": lambda x: convolution.correlate2d(np.ones((3, 3)), x),
    "mean_squared_error": lambda x: fitting.mean_squared_error(x, np.ones((2, 2))),
    "fit_polynomial": lambda x: fitting.fit_polynomial(x[0], [1.0, 2.0], 1),
    "fit_tree": lambda x: fitting.fit_tree([1.0, 2.0], x[0], 1)([0]),
    "sine": fitting.sine,
    "Dense": DENSE.forward,
    "evaluate": lambda x: network.evaluate(network.Network(DENSE), x, [0, 1]),
}


@pytest.mark.parametrize("call", TAKE_ARRAYS.values(), ids=TAKE_ARRAYS)
def test_masked_values_are_refused_in_words(call):
    """As SciPy decided in #6160: a masked value would count like any other."""
    masked = np.ma.masked_array([[1.0, 2.0], [3.0, 100.0]], mask=[[0, 0], [0, 1]])
    for given in (masked, [masked[0], masked[1]], np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]])):
        with pytest.raises(TypeError, match=r"must not be masked.*compressed\(\).*filled\(0\)"):
            call(given)


def test_masked_labels_and_pixels_are_refused_too():
    masked = np.ma.masked_array([0, 1], mask=[0, 1])
    with pytest.raises(TypeError, match="labels must not be masked"):
        softmax.cross_entropy(np.ones((2, 2)), masked)
    with pytest.raises(TypeError, match="array must not be masked"):
        Pixels().set_array(masked[np.newaxis])


@pytest.mark.parametrize(
    ("number", "value"),
    [
        (10**30, 1e30),
        (-(10**30), -1e30),
        (Fraction(1, 4), 0.25),
        (2**64, 2.0**64),
    ],
)
@pytest.mark.parametrize("call", TAKE_ARRAYS.values(), ids=TAKE_ARRAYS)
def test_real_numbers_of_any_kind_are_real(call, number, value):
    def outcome(x):
        try:
            return call(x)
        except ValueError as refusal:  # such as: x must be finite
            return str(refusal).partition("; got")[0]

    given, same = ([[1, 2], [number, 3]], [[1.0, 2.0], [value, 3.0]])
    with np.errstate(all="ignore"):
        np.testing.assert_equal(outcome(given), outcome(same))


def test_a_single_number_of_any_kind():
    assert activations.sigmoid(10**30) == 1
    assert activations.relu(Fraction(-1, 3)) == 0
    assert activations.relu(Fraction(1, 4)) == 0.25


@pytest.mark.parametrize("wrong", [Decimal("0.1"), 1j, "1", None, b"1", [1, "2"], 10**400])
def test_what_is_no_real_number_is_refused_by_showing_it(wrong):
    with pytest.raises(TypeError, match=r"x must hold real numbers; got "):
        activations.sigmoid(wrong)


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        ((MOST_NUMBERS + 1,), f"{MOST_NUMBERS + 1:,}"),
        ((10**7, 10**8 - 1), "999,999,990,000,000"),
        ((10**7, 10**8), r"about 10\*\*15"),
        ((10**200, 10**200), r"about 10\*\*400"),
    ],
)
def test_a_size_that_would_fill_the_memory_is_refused_by_its_name(shape, count):
    words = (
        f"^width must be smaller: it asks for {count} numbers, and {MOST_NUMBERS:,} are the most"
    )
    with pytest.raises(ValueError, match=words):
        check_size(shape, "width")
    check_size((MOST_NUMBERS,), "width")
