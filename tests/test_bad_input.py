"""Every public function of the maths, given arguments of every kind, one damaged at a time.

It works as documented, or it raises a TypeError or ValueError that names the argument. How the
numbers lie in memory never matters, and no argument is changed.
"""

import datetime
import itertools
import re
import types
import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
from fuzzing import fuzzed, tried
from hypothesis import given
from hypothesis import strategies as st

from lessonkit import activations, convolution, digit_network, fitting, network, pooling, softmax

MODULES = [activations, convolution, digit_network, fitting, network, pooling, softmax]
# These take no numbers: they make an activation, name a result, or are there to be built upon.
NOT_CALLED = {"Activation", "activation", "Epoch", "Tree", "Layer"}

# -- what every function takes ---------------------------------------------------------------------


class Numbers:
    """An argument that is an array of real numbers, of this shape and from low to high."""

    def __init__(self, *shape, low=-4, high=4):
        self.shape, self.low, self.high = shape, low, high

    def example(self, rng, dtype):
        """Return numbers that every dtype of floats holds exactly, or whole ones."""
        low, parts = self.low, 8 if dtype.kind == "f" else 1
        if dtype.kind in "bu":
            low = max(low, 0)
        numbers = rng.integers(parts * low, parts * self.high, self.shape, endpoint=True)
        return (numbers / parts).astype(dtype)


class Labels(Numbers):
    """An argument that is an array of classes, whole numbers from 0 to 2."""

    def example(self, rng, dtype):
        labels = rng.integers(0, 3, self.shape)
        return labels.astype(dtype) if dtype.kind in "iu" else labels


class Number:
    """An argument that is one real number. optional: it may be None."""

    def __init__(self, valid, optional=False):
        self.valid, self.optional = valid, optional


class Whole(Number):
    """An argument that is a whole number. seed: or a generator or a list of them."""


class Seed(Number):
    """An argument that is a seed or a random generator, or None."""


class Choice(Number):
    """An argument that is one of some names, a function or the like."""


def net():
    return network.Network(network.Dense(4, 3, 0), network.PReLU(3))


def through(make, x_shape, y_shape):
    """Return a row of the table for what a layer does to samples, and to the gradient of y."""

    def forward_and_backward(x, grad_output):
        layer = make()
        return (
            layer.forward(x, training=True),
            layer.backward(grad_output),
            *layer.gradients.values(),
        )

    return forward_and_backward, {"x": Numbers(*x_shape), "grad_output": Numbers(*y_shape)}


def trained(**arguments):
    """Return what `train` reports and what the network has learned."""
    learner = net()
    reports = network.train(**({"network": learner, "epochs": 1} | arguments))
    return np.array(list(itertools.islice(reports, 3))), learner


def learned(x, labels, batch_size):
    learner = net()
    optimizer = network.SGD(learner, 0.1)
    rng = np.random.default_rng(0)
    return [s for s, _ in network.learn_once(learner, optimizer, x, labels, batch_size, rng)]


X, GRID = Numbers(3, 4), Numbers(4, 4)
SIZES = {"kernel_size": Whole(2), "stride": Whole(2, True), "padding": Whole(0)}
SIZES |= {"ceil_mode": Choice(False)}
WINDOWS = SIZES | {"statistic": Choice("mean")}
SCORES = {"z": Numbers(4, 3), "labels": Labels(4)}
POINTS = {"x": Numbers(6), "y": Numbers(6)}
DIGIT = Numbers(28, 28, low=0, high=1)
SAMPLES = {"x": Numbers(5, 4), "labels": Labels(5)}
OPTIONS = {
    "leaky_relu": {"negative_slope": Number(0.25)},
    "elu": {"alpha": Number(0.5)},
    "prelu": {"slope": Numbers(4)},
    "rrelu": {"lower": Number(0.125), "upper": Number(0.5)},
}
TABLE = {  # name → what is called, and its arguments
    **{n: (f, {"x": X} | OPTIONS.get(n, {})) for n, f in activations.ACTIVATIONS.items()},
    **{
        f"{n}_derivative": (f.derivative, {"x": X} | OPTIONS.get(n, {}))
        for n, f in activations.ACTIVATIONS.items()
    },
    "prelu_slope_gradient": (activations.prelu_slope_gradient, {"x": X}),
    "pool": (pooling.pool, {"x": GRID} | WINDOWS),
    "pool_backward": (
        pooling.pool_backward,
        {"grad_output": Numbers(2, 2), "x": GRID, "ties": Choice("split")} | WINDOWS,
    ),
    "unpool": (
        pooling.unpool,
        {"values": Numbers(2, 2), "x": GRID, "kernel_size": Whole(2), "statistic": Choice("max")},
    ),
    "output_shape": (
        pooling.output_shape,
        {"shape": Choice((4, 4))} | SIZES,
    ),
    "softmax": (softmax.softmax, {"z": X, "axis": Whole(-1), "temperature": Number(2)}),
    "log_softmax": (softmax.log_softmax, {"z": X, "axis": Whole(-1), "temperature": Number(2)}),
    "cross_entropy": (softmax.cross_entropy, SCORES),
    "cross_entropy_gradient": (softmax.cross_entropy_gradient, SCORES),
    "hinge_loss": (softmax.hinge_loss, SCORES | {"margin": Number(1)}),
    "hinge_loss_gradient": (softmax.hinge_loss_gradient, SCORES | {"margin": Number(1)}),
    "correlate2d": (
        convolution.correlate2d,
        {"image": GRID, "kernel": Numbers(2, 3), "stride": Whole(1), "padding": Whole(1)},
    ),
    "correlate2d_backward": (
        convolution.correlate2d_backward,
        {
            "grad_output": Numbers(3, 2),
            "image": GRID,
            "kernel": Numbers(2, 3),
            "stride": Whole(1),
            "padding": Whole(0),
        },
    ),
    "sine": (fitting.sine, {"x": X}),
    "noisy_sine": (
        fitting.noisy_sine,
        {"points": Whole(5), "noise": Number(0.5), "seed": Whole(1)},
    ),
    "mean_squared_error": (
        fitting.mean_squared_error,
        {"prediction": Numbers(3, 2), "target": Numbers(3, 2)},
    ),
    "training_and_test_errors": (
        fitting.training_and_test_errors,
        {"fits": Choice([fitting.sine])}
        | {name: Choice(([0.5, 1], [1, 2])) for name in ("training", "test")},
    ),
    "fit_polynomial": (
        lambda **given: fitting.fit_polynomial(**given)(np.arange(3.0)),
        POINTS | {"degree": Whole(1), "ridge": Number(1), "domain": Choice((-9, 9), True)},
    ),
    "fit_tree": (
        lambda **given: fitting.fit_tree(**given)(np.arange(3.0)),
        POINTS | {"depth": Whole(2)},
    ),
    "new_network": (
        digit_network.new_network,
        {"seed": Seed(1), "activation": Choice(activations.tanh), "pooling": Choice("mean")},
    ),
    "trained_network": (digit_network.trained_network, {}),
    "copy_of": (digit_network.copy_of, {"network": Choice(digit_network.new_network(0))}),
    "moved": (
        digit_network.moved,
        {"image": DIGIT, "fit": Choice(np.eye(3), True)}
        | {name: Number(1) for name in digit_network.MOVES},
    ),
    "all_moved": (
        digit_network.all_moved,
        {"images": Numbers(3, 28, 28, low=0, high=1)}
        | {name: Number(1) for name in digit_network.MOVES},
    ),
    "as_mnist_fits": (digit_network.as_mnist_fits, {"drawing": DIGIT}),
    "Dense": (
        lambda **given: network.Dense(**given).parameters["weight"],
        {"inputs": Whole(4), "outputs": Whole(3), "rng": Seed(1), "weight_scale": Number(1)},
    ),
    "Dense of samples": through(lambda: network.Dense(4, 3, 0), (2, 4), (2, 3)),
    "Convolution": (
        lambda **given: network.Convolution(**given).parameters["weight"],
        {"in_channels": Whole(2), "out_channels": Whole(3), "kernel_size": Whole(2), "rng": Seed(1)}
        | {"padding": Whole(1), "weight_scale": Number(1)},
    ),
    "Convolution of samples": through(
        lambda: network.Convolution(1, 2, 2, 0), (2, 1, 3, 3), (2, 2, 2, 2)
    ),
    "Activate": (
        lambda **given: network.Activate(**given).forward(np.ones((1, 2))),
        {"activation": Choice(activations.leaky_relu), "negative_slope": Number(0.5)},
    ),
    "Activate of samples": through(lambda: network.Activate(activations.elu), (2, 3), (2, 3)),
    "PReLU": (
        lambda **given: network.PReLU(**given).parameters["slope"],
        {"channels": Whole(2), "slope": Number(0.25)},
    ),
    "PReLU of samples": through(lambda: network.PReLU(3), (2, 3), (2, 3)),
    "Pool": (
        lambda **given: network.Pool(**given).forward(np.ones((1, 1, 4, 4))),
        {"kernel_size": Whole(2), "statistic": Choice("mean"), "stride": Whole(2, True)},
    ),
    "Pool of samples": through(lambda: network.Pool(2), (2, 1, 4, 4), (2, 1, 2, 2)),
    "Flatten": through(network.Flatten, (2, 1, 3, 3), (2, 9)),
    "Dropout": (
        lambda **given: network.Dropout(**given).forward(np.ones((2, 3)), training=True),
        {"rate": Number(0.5), "rng": Seed(1)},
    ),
    "Dropout of samples": through(lambda: network.Dropout(0.5, 1), (2, 3), (2, 3)),
    "Network": (lambda layers: network.Network(layers), {"layers": Choice(network.Flatten())}),
    "SGD": (
        network.SGD,
        {"network": Choice(net()), "learning_rate": Number(0.5), "momentum": Number(0.5)},
    ),
    "train": (
        trained,
        SAMPLES
        | {"epochs": Whole(1), "learning_rate": Number(0.5), "momentum": Number(0.5)}
        | {"batch_size": Whole(2), "seed": Seed(1)},
    ),
    "learn_once": (learned, SAMPLES | {"batch_size": Whole(2)}),
    "evaluate": (
        network.evaluate,
        SAMPLES | {"network": Choice(net()), "batch_size": Whole(2)},
    ),
}


def test_the_table_has_every_public_function():
    public = {
        name
        for module in MODULES
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
        if isinstance(value, types.FunctionType | type | activations.Activation)
    }
    assert public - NOT_CALLED == {name.removesuffix(" of samples") for name in TABLE}


def arrays_in(result):
    """Return all arrays and numbers that a function returned."""
    if isinstance(result, network.Network):
        return [p for layer in result.layers for p in layer.parameters.values()]
    if isinstance(result, tuple | list):
        return [array for part in result for array in arrays_in(part)]
    if isinstance(result, network.SGD | activations.Activation):
        return []
    return [np.asarray(result)]


@st.composite
def calls(draw, *kinds):
    """Draw a name of the table, one of its arguments of a kind, and a seed for their numbers."""
    names = [n for n, (_, takes) in TABLE.items() if any(type(t) in kinds for t in takes.values())]
    name = draw(st.sampled_from(names))
    takes = TABLE[name][1]
    damaged = draw(st.sampled_from([a for a, kind in takes.items() if type(kind) in kinds]))
    return name, damaged, draw(st.integers(0, 99))


def arguments(name, seed, dtype=np.float64):
    """Return valid arguments for a function of the table, as plain arrays and numbers."""
    rng = np.random.default_rng(seed)
    return {
        argument: kind.example(rng, np.dtype(dtype)) if isinstance(kind, Numbers) else kind.valid
        for argument, kind in TABLE[name][1].items()
    }


def called(name, given):
    with warnings.catch_warnings(action="error"):
        return TABLE[name][0](**given)


def called_or_told(name, given):
    """Return what a function returns and "", or () and the words with which it refuses."""
    try:
        return called(name, given), ""
    except (TypeError, ValueError) as refusal:
        of_python = type(refusal) in (TypeError, ValueError)  # and not of NumPy's own kinds
        return (), str(refusal) if of_python else repr(refusal)


# -- the same numbers, otherwise in memory ---------------------------------------------------------

DTYPES = [np.float16, np.float32, np.float64, np.longdouble, bool]
DTYPES += [np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]


def spread(array):
    """Return the numbers with others between them, along every axis."""
    wide = np.full([2 * n + 1 for n in array.shape], 99, array.dtype)
    view = wide[tuple(slice(1, None, 2) for _ in array.shape)]
    view[...] = array
    return view


def backwards(array):
    reverse = (slice(None, None, -1),) * array.ndim
    return array[reverse].copy()[reverse]


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def unaligned(array):
    odd = np.zeros(array.nbytes + 1, np.uint8)[1:].view(array.dtype).reshape(array.shape)
    odd[...] = array
    return odd


LAYOUTS = {
    "of the other byte order": lambda array: array.astype(array.dtype.newbyteorder()),
    "spread": spread,
    "backwards": backwards,
    "read-only": read_only,
    "column by column": np.asfortranarray,
    "unaligned": unaligned,
    "seen through": lambda array: np.broadcast_to(array, (1, *array.shape))[0],
    "a list": lambda array: [*array],
    "of a class of its own": lambda array: array.view(type("Own", (np.ndarray,), {})),
}


@fuzzed(100)
@given(calls(Numbers, Labels), st.sampled_from(DTYPES))
def test_how_numbers_lie_in_memory_does_not_matter(call, dtype):
    name, argument, seed = call
    given = arguments(name, seed, dtype)
    plain = arrays_in(called(name, given))
    for lay_out in LAYOUTS.values():
        tried("calls of the maths")
        laid_out = lay_out(given[argument])
        before = np.array(laid_out)
        results = arrays_in(called(name, given | {argument: laid_out}))
        assert [(type(r), r.dtype) for r in results] == [(np.ndarray, p.dtype) for p in plain]
        for result, expected in zip(results, plain, strict=True):
            np.testing.assert_array_equal(result, expected)
        np.testing.assert_array_equal(np.array(laid_out), before)


@fuzzed(60)
@given(calls(Numbers, Labels))
def test_numbers_of_every_dtype_give_what_float64_gives(call):
    name, _, seed = call
    for dtype in DTYPES:
        tried("calls of the maths")
        given = arguments(name, seed, dtype)
        wide = {
            each: given[each].astype(np.float64) if type(kind) is Numbers else given[each]
            for each, kind in TABLE[name][1].items()
        }
        results, expected = (arrays_in(called(name, each)) for each in (given, wide))
        for result, wanted in zip(results, expected, strict=True):
            assert result.dtype in (dtype, wanted.dtype, np.float32, np.float64)
            kinds = [kind for kind in (result.dtype, wanted.dtype) if kind.kind == "f"]
            off = 40 * max((np.finfo(kind).eps for kind in kinds), default=0)
            result, wanted = result.astype(float), wanted.astype(float)
            np.testing.assert_allclose(result, wanted, rtol=off, atol=4 * off)


# -- what is refused -------------------------------------------------------------------------------

NO_NUMBERS = [
    *("text", b"bytes", "1", 1j, object(), datetime.date(2026, 1, 1), {}, {1, 2}, {"a": 1.0}),
    *(Decimal("0.1"), [1, "2"], [[1], [1, 2]], [None], np.array(["a", "b"])),
    *(np.zeros((4, 4), complex), np.full((4, 4), None), np.zeros(3, "M8[s]")),
    *(np.zeros(3, "i4, f4"), np.ma.zeros((4, 4)), np.ma.masked, range, iter([1.0]), 10**400),
]
NO_WHOLE = [*NO_NUMBERS, 1.5, 2.0, np.float64(2), Fraction(2), True, np.nan, np.array([1, 2])]
NO_WHOLE = [one for one in NO_WHOLE if not isinstance(one, int) or isinstance(one, bool)]
NO_CHOICE = [*NO_NUMBERS, "", "Mean", 3, np.zeros((2, 2))]


def wrong_for(kind):
    wrong = {Number: NO_NUMBERS, Whole: NO_WHOLE, Choice: NO_CHOICE}.get(type(kind), NO_NUMBERS)
    optional = getattr(kind, "optional", False)
    return wrong if optional else [*wrong, None]


@fuzzed(70)
@given(calls(Numbers, Labels, Number, Whole, Choice))
def test_what_is_of_the_wrong_type_is_refused_by_its_name(call):
    name, argument, seed = call
    named = f"{argument}|target" if argument in ("training", "test") else argument
    for wrong in wrong_for(TABLE[name][1][argument]):
        tried("calls of the maths")
        _, told = called_or_told(name, arguments(name, seed) | {argument: wrong})
        assert re.search(rf"(?s)\b({named})\b.* must ", told), (wrong, told)


# -- what is of the right type ---------------------------------------------------------------------

ODD_NUMBERS = [0, -1, -0.0, 0.5, 1, 2, 3, 28, 1e-320, 1e30, 1e308, np.inf, -np.inf, np.nan, 10**30]
ODD_NUMBERS += [np.float16(2), np.longdouble(2), np.int8(-3), np.array(2), np.array([2]), True]
ODD_NUMBERS += [Fraction(1, 3), 2**31, 2**63, 2**64, -(2**70)]
ODD_WHOLE = [n for n in ODD_NUMBERS if not isinstance(n, float)] + [(2, 1), [1, 2], (), (1, 2, 3)]
SHAPES = [(), (0,), (1,), (4,), (0, 3), (4, 0), (4, 4), (1, 1), (3, 4), (2, 3, 4, 4), (1,) * 30]
FILLINGS = [0, 1, -1, np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, 65504]


@st.composite
def odd_calls(draw):
    name, argument, seed = draw(calls(Numbers, Labels, Number, Whole, Seed))
    kind = TABLE[name][1][argument]
    if isinstance(kind, Numbers):
        shape = draw(st.sampled_from([*SHAPES, kind.shape, kind.shape]))
        array = np.full(shape, draw(st.sampled_from(FILLINGS)), np.float64)
        if array.size and draw(st.booleans()):
            array.flat[0] = draw(st.sampled_from(FILLINGS))
        kept = draw(st.sampled_from([np.float64, np.float32, np.longdouble, np.int64]))
        with np.errstate(all="ignore"):
            return name, argument, seed, array.astype(kept)
    odd = ODD_NUMBERS if type(kind) is Number else ODD_WHOLE
    return name, argument, seed, draw(st.sampled_from(odd))


@fuzzed(400)
@given(odd_calls())
def test_odd_numbers_and_shapes_give_a_result_or_a_sentence(call):
    tried("calls of the maths")
    name, argument, seed, odd = call
    given, before = arguments(name, seed) | {argument: odd}, np.array(odd)
    result, told = called_or_told(name, given)
    named = "|".join([*given, "kernel_size"])  # that of a layer: what its x must fit
    assert told == "" or re.match(rf"(?s)({named})\b.* must ", told), told
    assert all(array.dtype.kind in "biuf" for array in arrays_in(result))
    np.testing.assert_array_equal(np.array(odd), before)
