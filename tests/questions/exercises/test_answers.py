"""What is read of a returned value, when two are the same, and how one is shown."""

import numpy as np
import pytest

from lessonkit.questions.exercises.answers import UnreadableError, numbers, same, shown


@pytest.mark.parametrize(
    "value", [3, 3.0, True, [1, 2.5], ((1, 2), (3, 4)), np.float16([1, 2]), np.array([True])]
)
def test_numbers_are_read_as_float64(value):
    read = numbers(value)
    assert read.dtype == np.float64
    assert read.shape == np.shape(value)
    assert read.tolist() == np.array(value).tolist()


def test_nothing_stays_nothing():
    assert numbers(None) is None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2", "a str"),
        (b"2", "a bytes"),
        ({1: 2}, "a dict"),
        ({2}, "a set"),
        (len, "a builtin_function_or_method"),
        (int, "a type"),
        (object(), "an object"),
        ([1, [2]], "a list whose rows have different lengths"),
        (1j, "complex numbers"),
        (np.array([1 + 0j]), "complex numbers"),
        ([1, None], "None among the numbers"),
        (["a"], "a list"),
        ([object()], "a list"),
    ],
)
def test_what_is_no_number_is_said(value, words):
    with pytest.raises(UnreadableError) as caught:
        numbers(value)
    assert str(caught.value) == words


def test_a_generator_is_closed():
    def generated():
        yield 1

    waiting = generated()
    with pytest.raises(UnreadableError, match="a generator"):
        numbers(waiting)
    assert waiting.gi_frame is None


def test_numbers_without_a_type_of_their_own_are_read():
    assert numbers(np.array([1, 2.5], dtype=object)).tolist() == [1, 2.5]


def test_what_is_too_large_to_be_right_is_not_looked_into():
    assert numbers(np.ones(100_000)).tolist() == [1] * 100_000
    large = numbers(np.ones(100_001))
    assert large.shape == (100_001,)
    assert np.isnan(large).all()
    assert large.strides == (0,), "it takes memory"
    assert not same(large, np.ones(3))
    assert same(large, numbers(np.zeros(100_001)))
    assert not same(np.zeros(100_000), np.ones(100_000))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (None, None, True),
        (None, 0.0, False),
        (0.0, None, False),
        (1.0, 1 + 9e-6, True),
        (1.0, 1 + 2e-5, False),
        (0.0, 9e-7, True),
        (0.0, 2e-6, False),
        (1000.0, 1000.009, True),
        (np.nan, np.nan, True),
        (np.nan, 0.0, False),
        (np.inf, np.inf, True),
        ([1.0], 1.0, False),
        ([1.0], [[1.0]], False),
        ([1.0, 2.0], [1.0, 2.0], True),
    ],
)
def test_the_same_but_for_rounding_in_float32(one, other, is_same):
    one, other = (x if x is None else np.array(x) for x in (one, other))
    assert same(one, other) is is_same


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2, "2"),
        (2.0, "2"),
        (-0.5, "-0.5"),
        (1 / 3, "0.33333"),
        (123456.5, "1.2346e+05"),
        (np.nan, "nan"),
        (-np.inf, "-inf"),
        (np.array([1.0, 2.5]), "[1, 2.5]"),
        (np.eye(2), "[[1, 0], [0, 1]]"),
        (np.zeros((4, 4)), f"[{', '.join(['[0, 0, 0, 0]'] * 4)}]"),
        (np.zeros(17), "an array of shape (17,)"),
    ],
)
def test_it_is_shown_as_a_learner_would_type_it(value, words):
    assert shown(value) == words
