"""The activations against high-precision decimals, SciPy, hand-worked numbers and differences."""

import decimal
import doctest
import functools
import inspect
import math
import re
import warnings
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit

from lessonkit import activations
from lessonkit._arrays import finite_number
from lessonkit.activations import (
    ACTIVATIONS,
    Activation,
    activation,
    elu,
    leaky_relu,
    prelu,
    relu,
    rrelu,
    sigmoid,
    silu,
    tanh,
)

# -- independent oracles: the textbook formulas, one number at a time, with 340 digits ----------

DIGITS = decimal.Context(prec=340, traps=[])


def textbook(function):
    """Let function(x, parameter) compute with decimals that are exactly the given floats."""

    @functools.cache
    def to_float(x, parameter=0.0):
        with decimal.localcontext(DIGITS):
            return float(function(Decimal(float(x)), Decimal(float(parameter))))

    return to_float


def logistic(x):
    return 1 / (1 + (-x).exp())


def hyperbolic_tangent(x):
    return 1 - 2 / ((2 * x).exp() + 1)


ORACLE = {
    "sigmoid": textbook(lambda x, _: logistic(x)),
    "tanh": textbook(lambda x, _: hyperbolic_tangent(x)),
    "relu": textbook(lambda x, _: x if x > 0 else 0),
    "leaky_relu": textbook(lambda x, a: x if x > 0 else a * x),
    "prelu": textbook(lambda x, a: x if x > 0 else a * x),
    "rrelu": textbook(lambda x, a: x if x > 0 else a * x),
    "elu": textbook(lambda x, a: x if x > 0 else a * (x.exp() - 1)),
    "silu": textbook(lambda x, _: x * logistic(x)),
}
SLOPE_ORACLE = {
    "sigmoid": textbook(lambda x, _: logistic(x) * (1 - logistic(x))),
    "tanh": textbook(lambda x, _: 1 - hyperbolic_tangent(x) ** 2),
    "relu": textbook(lambda x, _: 1 if x > 0 else 0),
    "leaky_relu": textbook(lambda x, a: 1 if x > 0 else a),
    "prelu": textbook(lambda x, a: 1 if x > 0 else a),
    "rrelu": textbook(lambda x, a: 1 if x > 0 else a),
    "elu": textbook(lambda x, a: 1 if x > 0 else a * x.exp()),
    "silu": textbook(lambda x, _: logistic(x) * (1 + x * (1 - logistic(x)))),
}
DEFAULT = {"leaky_relu": 0.01, "prelu": 0.25, "rrelu": (1 / 8 + 1 / 3) / 2, "elu": 1.0}

few = settings(max_examples=50, deadline=None)
names = pytest.mark.parametrize("name", ORACLE)
float_types = pytest.mark.parametrize("dtype", [np.float32, np.float64])
MAGNITUDES = [0, 1e-30, 0.001, 0.5, 1, 2, 3, 8, 9, 17, 20, 36, 37, 40, 87, 88, 89, 100, 103]
MAGNITUDES += [104, 354, 356, 373, 700, 709, 710, 744, 746, 1e5]


def points(dtype):
    limits = np.finfo(dtype)
    extremes = [limits.max, limits.tiny, limits.smallest_subnormal]
    magnitudes = np.array([*MAGNITUDES, *extremes], dtype)
    return np.concatenate([-magnitudes, magnitudes])


def strictly(function, *args, **kwargs):
    """Call function where whatever would warn raises."""
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        return function(*args, **kwargs)


# -- values -------------------------------------------------------------------------------------


@names
@float_types
def test_values_are_the_textbook_s(name, dtype):
    x = points(dtype)
    expected = [ORACLE[name](value, DEFAULT.get(name, 0)) for value in x]
    # below the smallest normal number e^-x has overflowed; SiLU multiplies that by x
    lost = (100 if dtype is np.float32 else 1000) * np.finfo(dtype).tiny
    got = strictly(ACTIVATIONS[name], x)
    assert got.dtype == dtype
    assert_allclose(got, np.array(expected), rtol=8 * np.finfo(dtype).eps, atol=lost)


@names
@float_types
def test_derivatives_are_the_textbook_s(name, dtype):
    x = points(dtype)
    expected = [SLOPE_ORACLE[name](value, DEFAULT.get(name, 0)) for value in x]
    lost = np.finfo(dtype).tiny
    got = strictly(ACTIVATIONS[name].derivative, x)
    assert got.dtype == dtype
    assert_allclose(got, np.array(expected), rtol=8 * np.finfo(dtype).eps, atol=lost)


def test_sigmoid_is_scipy_s():
    x = np.linspace(-700, 700, 100_001)
    assert_allclose(sigmoid(x), expit(x), rtol=1e-14)


def test_numbers_worked_by_hand():
    assert sigmoid(0) == 0.5
    assert sigmoid(math.log(3)) == pytest.approx(3 / 4)
    assert sigmoid.derivative(0) == 0.25
    assert sigmoid.derivative(math.log(3)) == pytest.approx(3 / 16)
    assert tanh(math.log(2)) == pytest.approx(3 / 5)
    assert tanh.derivative(math.log(2)) == pytest.approx(16 / 25)
    assert_array_equal(relu([-1.5, 2]), [0, 2])
    assert_array_equal(leaky_relu([-2, 2], negative_slope=0.5), [-1, 2])
    assert_array_equal(prelu([-2, 2]), [-0.5, 2])
    assert rrelu(-24) == pytest.approx(-5.5)
    assert elu(math.log(0.5), alpha=3) == pytest.approx(-1.5)
    assert elu.derivative(math.log(0.5), alpha=3) == pytest.approx(1.5)
    assert silu(math.log(3)) == pytest.approx(math.log(3) * 3 / 4)
    assert silu.derivative(0) == 0.5


@pytest.mark.parametrize("x", [37, 40, 100, 700])
def test_the_sigmoid_s_derivative_does_not_reach_zero_in_its_tails(x):
    assert 0 < sigmoid.derivative(x) == sigmoid.derivative(-x)
    assert 0 < tanh.derivative(x / 2) == tanh.derivative(-x / 2)


@pytest.mark.parametrize(
    ("function", "least", "most"),
    [
        (sigmoid.derivative, 0, 0.25),
        (tanh.derivative, 0, 1),
        (silu, -0.2785, 50),
        (silu.derivative, -0.0998, 1.0998),
    ],
)
def test_ranges_are_those_of_the_docstrings(function, least, most):
    values = function(np.linspace(-50, 50, 100_001))
    assert values.min() == pytest.approx(least, abs=5e-5)
    assert values.max() == pytest.approx(most, abs=5e-5)


INF = math.inf
LIMITS = {  # at −∞, at +∞, derivative at −∞, derivative at +∞
    "sigmoid": (0, 1, 0, 0),
    "tanh": (-1, 1, 0, 0),
    "relu": (0, INF, 0, 1),
    "leaky_relu": (-INF, INF, 0.01, 1),
    "prelu": (-INF, INF, 0.25, 1),
    "rrelu": (-INF, INF, 11 / 48, 1),
    "elu": (-1, INF, 0, 1),
    "silu": (0, INF, 0, 1),
}
AT_ZERO = {"sigmoid": 0.25, "tanh": 1, "relu": 0, "leaky_relu": 0.01, "prelu": 0.25}
AT_ZERO |= {"rrelu": 11 / 48, "elu": 1, "silu": 0.5}


@names
@float_types
def test_infinities_give_the_limit(name, dtype):
    each, x = ACTIVATIONS[name], np.array([-INF, INF], dtype)
    got = [*strictly(each, x), *strictly(each.derivative, x)]
    assert_allclose(got, LIMITS[name], rtol=1e-6)


@names
@pytest.mark.parametrize("zero", [0, 0.0, -0.0])
def test_at_zero_the_derivative_is_that_of_the_left_branch(name, zero):
    assert ACTIVATIONS[name].derivative(zero) == pytest.approx(AT_ZERO[name], rel=1e-15)


@pytest.mark.parametrize("a", [-2.0, 0.0, 0.3, 1.0, 3.0])
def test_a_parameter_is_used_on_the_left_alone(a):
    x = np.array([-INF, -2, 0, 2, INF])
    left = 0 if a == 0 else -a * INF
    for bent in (leaky_relu, prelu):
        assert_array_equal(strictly(bent, x, a), [left, -2 * a, 0, 2, INF])
        assert_array_equal(bent.derivative(x, a), [a, a, a, 1, 1])
    assert_array_equal(rrelu(x, lower=a, upper=a), leaky_relu(x, a))
    assert_array_equal(rrelu.derivative(x, lower=a, upper=a), [a, a, a, 1, 1])
    assert_allclose(elu(x, a), [-a, -a * (1 - math.exp(-2)), 0, 2, INF])
    assert_allclose(elu.derivative(x, a), [0, a * math.exp(-2), a, 1, 1])


# -- properties that hold for all ---------------------------------------------------------------

any_floats = hnp.arrays(
    st.sampled_from([np.float32, np.float64]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
fractions = st.floats(-3, 3)
FUNCTIONS = [*ACTIVATIONS.values(), *(each.derivative for each in ACTIVATIONS.values())]


@few
@given(x=any_floats)
def test_shape_dtype_nan_and_input_are_kept(x):
    before = x.copy()
    for function in FUNCTIONS:
        result = strictly(function, x)
        assert result.shape == x.shape
        assert result.dtype == x.dtype
        assert_array_equal(np.isnan(result), np.isnan(x))
        assert not np.shares_memory(result, x)
    assert_array_equal(x, before)


@few
@given(x=hnp.arrays(float, hnp.array_shapes(max_dims=3, max_side=3), elements=fractions))
def test_every_number_is_treated_alone(x):
    for function in FUNCTIONS:
        alone = [function(value) for value in x.ravel()]
        assert_allclose(function(x).ravel(), alone, rtol=1e-14)
        assert_allclose(function(x.T), function(x).T, rtol=1e-14)


@few
@given(x=st.floats(-20, 20).filter(lambda x: abs(x) > 1e-3))
def test_the_derivative_is_the_slope_of_the_function(x):
    h = 1e-5
    for name, each in ACTIVATIONS.items():
        difference = (each(x + h) - each(x - h)) / (2 * h)
        assert each.derivative(x) == pytest.approx(difference, rel=1e-5, abs=1e-9), name


@few
@given(x=st.floats(-20, 20).filter(lambda x: abs(x) > 1e-3), a=fractions)
def test_the_derivative_is_the_slope_for_other_parameters(x, a):
    h = 1e-5
    calls = [
        (leaky_relu, {"negative_slope": a}),
        (prelu, {"slope": a}),
        (rrelu, {"lower": a - 1, "upper": a}),
        (elu, {"alpha": a}),
    ]
    for each, parameters in calls:
        difference = (each(x + h, **parameters) - each(x - h, **parameters)) / (2 * h)
        assert each.derivative(x, **parameters) == pytest.approx(difference, rel=1e-5, abs=1e-9)


@few
@given(x=st.floats(-800, 800))
def test_symmetries(x):
    assert sigmoid(x) + sigmoid(-x) == pytest.approx(1)
    assert tanh(x) == -tanh(-x)
    assert tanh(x) == pytest.approx(2 * sigmoid(2 * x) - 1, abs=1e-15)
    assert silu(x) - silu(-x) == pytest.approx(x)


# -- dtypes and ways to hand x over -------------------------------------------------------------

PARAMETERS = [
    (leaky_relu, "negative_slope"),
    (prelu, "slope"),
    (rrelu, "lower"),
    (rrelu, "upper"),
    (elu, "alpha"),
]
DTYPES = [(np.float16,) * 2, (np.float32,) * 2, (np.float64,) * 2, (np.longdouble,) * 2]
DTYPES += [(other, np.float64) for other in (bool, np.int8, np.int64, np.uint8, np.uint64)]


@names
@pytest.mark.parametrize(("given_type", "expected"), DTYPES)
def test_floats_keep_their_dtype_and_whole_numbers_become_float64(name, given_type, expected):
    for x in (np.ones(3, given_type), given_type(1)):
        assert ACTIVATIONS[name](x).dtype == expected
        assert ACTIVATIONS[name].derivative(x).dtype == expected


@pytest.mark.parametrize(("each", "parameter"), PARAMETERS)
@pytest.mark.parametrize("number", [0.25, np.float64(0.25), np.array(0.25), np.float32(0.25)])
@float_types
def test_a_parameter_does_not_change_the_dtype(each, parameter, number, dtype):
    x = np.array([-1, 0, 1], dtype)
    assert each(x, **{parameter: number}).dtype == dtype
    assert each.derivative(x, **{parameter: number}).dtype == dtype
    assert each(dtype(-1), **{parameter: number}).dtype == dtype


def test_rrelu_and_an_array_of_slopes_keep_float32():
    x = np.array([-1, 0, 1], np.float32)
    assert rrelu(x, rng=np.random.default_rng(0)).dtype == np.float32
    assert prelu(x, slope=np.array([0.1, 0.2, 0.3])).dtype == np.float32
    assert prelu.derivative(x, slope=np.array([0.1, 0.2, 0.3])).dtype == np.float32
    assert prelu.slope_gradient(x).dtype == np.float32


@names
def test_a_single_number_gives_a_single_number(name):
    for x in (1, -1.5, True, np.float32(2), np.array(3.0)):
        assert isinstance(ACTIVATIONS[name](x), np.floating)
        assert isinstance(ACTIVATIONS[name].derivative(x), np.floating)


@names
def test_lists_empty_arrays_and_views(name):
    each = ACTIVATIONS[name]
    assert each([]).shape == (0,)
    assert each.derivative(np.ones((0, 3))).shape == (0, 3)
    grid = np.linspace(-3, 3, 12).reshape(3, 4)
    assert_allclose(each(grid.tolist()), each(grid), rtol=1e-15)
    assert_allclose(each(grid[::2, ::-1]), each(grid)[::2, ::-1], rtol=1e-15)
    grid.flags.writeable = False
    assert_allclose(each(x=grid), each(grid))


@names
@pytest.mark.parametrize("x", [1j, [1 + 2j], "1", ["a"], None, [object()], [[1, 2], [3]]])
def test_what_is_not_real_is_refused(name, x):
    with pytest.raises(TypeError, match=r"^x must"):
        ACTIVATIONS[name](x)
    with pytest.raises(TypeError, match=r"^x must"):
        ACTIVATIONS[name].derivative(x)


@pytest.mark.parametrize(
    ("x", "given"),
    [
        ("1", "'1'"),
        ([1, 2, "3"], "'3'"),
        (["a" * 100] * 10**5, "'aaaaaaaaaaaa...aaaaaaaaaaaaa'"),
        ([*range(99), None], "None"),
        ([True, np.True_, np.float32(1), None], "None"),
        (np.array([[1, 2j]]), "(1+0j)"),
        ({1}, "{1}"),
        (10**400, "100000000000000000...0000000000000000000"),
        (np.array([1, 2], object), "array([1, 2], dtype=object)"),
    ],
)
def test_what_is_not_real_is_told_and_in_few_words(x, given):
    with pytest.raises(TypeError, match=f"^x must hold real numbers; got {re.escape(given)}$"):
        relu(x)


@pytest.mark.parametrize(
    ("each", "parameter"), [pair for pair in PARAMETERS if pair[0] is not prelu]
)
def test_a_parameter_is_one_finite_number(each, parameter):
    for wrong in (math.nan, INF, -INF, [0.1, 0.2], []):
        with pytest.raises(ValueError, match=f"^{parameter} must be one finite number .*; got"):
            each(1.0, **{parameter: wrong})
        with pytest.raises(ValueError, match=f"^{parameter} must be one finite number .*; got"):
            each.derivative(1.0, **{parameter: wrong})
    for wrong in ("0.1", 1j, None):
        with pytest.raises(TypeError, match=f"^{parameter} must"):
            each(1.0, **{parameter: wrong})
    with pytest.raises(ValueError, match=r"float32"):
        strictly(each, np.float32(1), **{parameter: -1e300})


def test_a_number_too_large_for_its_dtype_is_refused_without_a_warning():
    with pytest.raises(ValueError, match=r"^a must be one finite number \(float32\); got 1e\+300$"):
        strictly(finite_number, 1e300, "a", np.dtype(np.float32))


def test_sigmoid_and_elu_keep_what_their_descriptions_say():
    for x in (-709.7, np.float32(-88.6)):
        assert sigmoid(x) > 0
    for x in (-709.8, np.float32(-88.8)):
        assert sigmoid(x) == 0
    assert elu(-INF, alpha=2) == -2
    assert elu(-INF, alpha=-2) == 2  # not at least −α


# -- prelu and rrelu ----------------------------------------------------------------------------


@float_types
def test_prelu_has_one_slope_per_channel(dtype):
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype(dtype)
    slope = np.array([0.5, -1.0, 0.0], dtype)
    values, slopes = prelu(x, slope.reshape(3, 1, 1)), prelu.derivative(x, slope.reshape(3, 1, 1))
    for n, c, i, j in np.ndindex(x.shape):
        number = x[n, c, i, j]
        assert values[n, c, i, j] == (number if number > 0 else slope[c] * number)
        assert slopes[n, c, i, j] == (1 if number > 0 else slope[c])


def test_prelu_s_slopes_can_outnumber_x():
    assert_array_equal(prelu(-2.0, slope=[0.5, 1]), [-1, -2])
    assert_array_equal(prelu.derivative(-2.0, slope=[0.5, 1]), [0.5, 1])


def test_prelu_refuses_slopes_that_do_not_broadcast():
    for function in (prelu, prelu.derivative):
        with pytest.raises(ValueError, match=r"^slope must .*\(2, 3\); got shape \(2,\)$"):
            function(np.ones((2, 3)), slope=[1, 2])
        with pytest.raises(TypeError, match=r"^slope must"):
            function(1.0, slope="0.1")


@pytest.mark.parametrize("slope", [INF, -INF, [0.5, -INF]])
def test_prelu_refuses_an_infinite_slope(slope):
    words = f"^slope must be finite \\(float64\\); got {np.ravel(slope)[-1]}$"
    for function in (prelu, prelu.derivative):
        with pytest.raises(ValueError, match=words):
            strictly(function, [1.0, -1.0], slope)
    with pytest.raises(ValueError, match=r"^slope must be finite \(float32\); got 1e\+300$"):
        strictly(prelu, np.float32(1), slope=1e300)


def test_a_slope_that_is_not_a_number_shows():
    assert np.isnan(prelu([-1, 0], slope=math.nan)).all()
    assert np.isnan(prelu.derivative([-1, 0], slope=math.nan)).all()


@few
@given(x=st.floats(-50, 50), a=fractions)
def test_prelu_s_slope_gradient_is_the_derivative_with_respect_to_its_slope(x, a):
    h = 1e-4
    difference = (prelu(x, a + h) - prelu(x, a - h)) / (2 * h)
    assert prelu.slope_gradient(x) == pytest.approx(difference, rel=1e-6, abs=1e-9)


def test_prelu_s_slope_gradient_by_hand():
    x = np.array([-INF, -2, 0, 3, INF, math.nan])
    assert_array_equal(prelu.slope_gradient(x), [-INF, -2, 0, 0, 0, math.nan])
    with pytest.raises(TypeError, match=r"^x must"):
        prelu.slope_gradient("a")


@float_types
def test_rrelu_draws_one_slope_for_each_value(dtype):
    x = -np.ones((100, 50), dtype)
    slopes = -rrelu(x, 0.2, 0.6, rng=np.random.default_rng(1))
    assert np.unique(slopes).size > 4900
    assert slopes.min() >= dtype(0.2)
    assert slopes.max() <= dtype(0.6)
    assert slopes.mean() == pytest.approx(0.4, abs=0.01)
    assert slopes.std() == pytest.approx(0.4 / math.sqrt(12), rel=0.05)


def test_rrelu_draws_again_and_again_the_same_from_the_same_seed():
    x = np.array([-1.0, -1.0, 0, 2.0])
    rng = np.random.default_rng(2)
    first, second = rrelu(x, rng=rng), rrelu(x, rng=rng)
    assert first[0] != first[1] != second[1]
    assert_array_equal(first[2:], [0, 2])
    assert_array_equal(first, rrelu(x, rng=np.random.default_rng(2)))
    assert_array_equal(rrelu(x), rrelu(x))


def test_rrelu_s_mean_does_not_overflow():
    largest = np.finfo(float).max
    assert rrelu.derivative(-1.0, lower=largest, upper=largest) == largest


def test_rrelu_refuses_bounds_and_generators_that_make_no_sense():
    for function in (rrelu, rrelu.derivative):
        with pytest.raises(ValueError, match=r"^lower must be at most upper, 0.1; got 0.5$"):
            function(1.0, lower=0.5, upper=0.1)
    for wrong in (0, "seed", np.random):
        with pytest.raises(TypeError, match=r"^rng must"):
            rrelu(1.0, rng=wrong)


# -- what explorers rely on ---------------------------------------------------------------------


def test_the_table_is_in_teaching_order():
    order = ["sigmoid", "tanh", "relu", "leaky_relu", "prelu", "rrelu", "elu", "silu"]
    assert list(ACTIVATIONS) == order
    for name, each in ACTIVATIONS.items():
        assert isinstance(each, Activation)
        assert each is getattr(activations, name)
        assert each.name == name


def in_python(formula):
    """Return a formula's LaTeX as a Python expression."""
    formula = re.sub(
        r"\\begin{cases} (.*) & (.*) \\\\ (.*) & (.*) \\end{cases}", r"\1 if \2 else \3", formula
    )
    for latex, python in [
        ("}{", ")/("), ("{", "("), ("}", ")"), (r"\frac", ""), ("e^", "exp"), ("^", "**"),
        (r"\,", "*"), (r"\max", "max"), (r"\min", "min"), (r"\alpha", "a"), (r"\tanh", "tanh"),
    ]:  # fmt: skip
        formula = formula.replace(latex, python)
    return formula


@names
def test_formulas_are_what_the_functions_compute(name):
    each = ACTIVATIONS[name]
    known = {"exp": math.exp, "tanh": math.tanh, "max": max, "min": min, "a": DEFAULT.get(name)}
    for x in (-3.0, -0.5, 0.0, 0.5, 3.0):
        assert each(x) == pytest.approx(eval(in_python(each.formula), known | {"x": x}))
        slope = eval(in_python(each.derivative_formula), known | {"x": x})
        assert each.derivative(x) == pytest.approx(slope)


@names
def test_a_notebook_shows_both_formulas_of_an_activation(name):
    each = ACTIVATIONS[name]
    shown, latex_name = each._repr_latex_(), name.replace("_", r"\_")
    assert shown.startswith(r"$$\begin{aligned} ")
    assert shown.endswith(r" \end{aligned}$$")
    assert rf"\mathrm{{{latex_name}}}(x) &= {each.formula} " in shown
    assert rf"\mathrm{{{latex_name}}}'(x) &= {each.derivative_formula} " in shown
    for brackets in ("{}", "()"):
        assert shown.count(brackets[0]) == shown.count(brackets[1])


@pytest.mark.parametrize(("name", "words"), [
    ("leaky_relu", r"a &= \mathrm{negative\_slope}"),
    ("prelu", r"a &= \mathrm{slope}"),
    ("rrelu", r"\mathrm{lower} \le a &\le \mathrm{upper}"),
])  # fmt: skip
def test_a_letter_in_a_formula_is_explained(name, words):
    assert ACTIVATIONS[name]._repr_latex_().endswith(rf" \\[1ex] {words} \end{{aligned}}$$")


def test_an_activation_without_a_derivative_shows_its_formula_alone():
    half = activation(r"\frac{x}{2}")(lambda x: x / 2)
    half.name = "half"
    assert half._repr_latex_() == (
        r"$$\begin{aligned} \mathrm{half}(x) &= \frac{x}{2} \end{aligned}$$"
    )


@names
def test_formulas_can_be_drawn_by_matplotlib(name):
    mathtext = pytest.importorskip("matplotlib.mathtext")
    mathtext.MathTextParser("path").parse(f"${ACTIVATIONS[name].formula}$")


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (sigmoid, {}),
        (tanh, {}),
        (relu, {}),
        (leaky_relu, {"negative_slope": 0.01}),
        (prelu, {"slope": 0.25}),
        (rrelu, {"lower": 1 / 8, "upper": 1 / 3, "rng": None}),
        (elu, {"alpha": 1.0}),
        (silu, {}),
    ],
)
def test_parameters_and_their_defaults_can_be_looked_up(each, expected):
    first, *others = inspect.signature(each).parameters.values()
    assert first.name == "x"
    assert {other.name: other.default for other in others} == expected
    expected.pop("rng", None)
    first, *others = inspect.signature(each.derivative).parameters.values()
    assert first.name == "x"
    assert {other.name: other.default for other in others} == expected


def test_every_function_is_explained_with_an_example():
    documented = {
        test.name.removeprefix("lessonkit.activations.")
        for test in doctest.DocTestFinder().find(activations)
        if test.examples
    }
    expected = {*ACTIVATIONS, *(f"{name}_derivative" for name in ACTIVATIONS)}
    assert expected | {"prelu_slope_gradient", "Activation"} <= documented
    for each in ACTIVATIONS.values():
        assert inspect.getdoc(each) == inspect.cleandoc(each.__wrapped__.__doc__)
        assert "Source" in each.__doc__
        assert repr(each) == f"<activation {each.name}{inspect.signature(each)}>"
