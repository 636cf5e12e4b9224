"""What learners hand in besides answers: nothing breaks, and each is told kindly."""

import itertools
import re

import numpy as np
import pytest

from lessonkit.questions import EXERCISES
from lessonkit.questions.exercises import Verdict

RELU, SOFTMAX, FC6 = (EXERCISES[name] for name in ("relu", "softmax", "fc6_parameters"))
DROPOUT = EXERCISES["dropout"]
COUNTER = itertools.count()


class Unprintable:
    def __repr__(self):
        raise ValueError


class HardToRead:
    def __array__(self, dtype=None, copy=None):
        while True:
            pass


class Callable:
    def __call__(self, x):
        return np.maximum(x, 0)


def nothing_for_some(x):
    if x[0] > 0:
        return x
    return None


def endless(x):
    while True:
        pass


def unknown_name(x):
    return y  # noqa: F821


async def coroutine(x):
    return x


def generated(x):
    yield x


def spoils(x):
    x.resize(0, refcheck=False)
    return np.zeros(1)


def test_a_right_callable_object_passes():
    assert RELU.check(Callable()).passed


def test_a_right_answer_is_told_in_how_many_cases_it_is():
    assert RELU.check(Callable()).message == "my_relu(x) gives the right answer in all 5 cases."
    assert FC6.check(FC6.reference).message == (
        "my_fc6_parameters() gives the right answer in the one case."
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (3, "my_relu must be a function; got 3."),
        (None, "my_relu must be a function; got None."),
        (Unprintable(), "my_relu must be a function; got a Unprintable."),
        (lambda a, b: a, "my_relu must take x; yours takes (a, b)."),
        (lambda: 1, "my_relu must take x; yours takes nothing."),
        (lambda *, x: x, "my_relu must take x; yours takes x."),
        (endless, "For x = [2]: it was stopped after 1,000,000 steps: a loop has no end."),
        (lambda x: "text", "For x = [2]: it must return numbers; yours returned a str."),
        (lambda x: "2", "For x = [2]: it must return numbers; yours returned a str."),
        (lambda x: {1, 2}, "For x = [2]: it must return numbers; yours returned a set."),
        (lambda x: len, "it must return numbers; yours returned a builtin_function_or_method."),
        (lambda x: [[1, 2], [3]], "whose rows have different lengths."),
        (lambda x: x + 1j, "For x = [2]: it must return numbers; yours returned complex numbers."),
        (lambda x: [None], "it must return numbers; yours returned None among the numbers."),
        (generated, "For x = [2]: it must return numbers; yours returned a generator."),
        (coroutine, "For x = [2]: it must return numbers; yours returned a coroutine."),
        (lambda x: HardToRead(), "a loop has no end."),
        (nothing_for_some, "For x = [-1]: it returned nothing."),
        (print, "For x = [2]: it returned nothing; it printed something, but only return hands"),
        (lambda x: np.zeros(10**12), "For x = [2]: it raised MemoryError"),
        (
            lambda x: np.broadcast_to(1.0, (10**9,)),
            "yours returned an array of shape (1000000000,)",
        ),
        (lambda x: x * np.nan, "it must return [2]; yours returned [nan] (nan: not a number)."),
        (
            lambda x: x + next(COUNTER),
            "my_relu answers differently each time, for the same arguments.",
        ),
        (lambda x: x + 5, "For x = [2]: it must return [2]; yours returned [7]."),
        (lambda x: max(0, x), "raised ValueError: The truth value of an array"),
        (spoils, "it must return [2]; yours returned [0]."),
        (len, "it must return an array of shape (1,); yours returned a single number."),
    ],
)
def test_what_is_no_answer_is_told(given, told, recwarn):
    verdict = RELU.check(given)
    assert isinstance(verdict, Verdict)
    assert not verdict.passed
    assert told in verdict.message
    assert not recwarn.list


def test_an_error_is_told_with_the_line():
    line = unknown_name.__code__.co_firstlineno + 1
    assert RELU.check(unknown_name).message == (
        f"For x = [2]: it raised NameError: name 'y' is not defined, "
        f"in line {line} of your code: return y  # noqa: F821."
    )


def test_an_exercise_without_arguments_names_its_call():
    assert FC6.check(lambda: 1).message == (
        "my_fc6_parameters(): it must return 102764544; yours returned 1."
    )
    assert FC6.check(lambda x: 1).message == "my_fc6_parameters must take nothing; yours takes x."


def test_a_weight_and_a_bias_are_told_apart():
    one_layer = EXERCISES["one_layer"]
    message = one_layer.check(one_layer.wrong_answers["biases_added"]).message
    assert message.endswith(
        "it must return weight [[6]] and bias [9]; yours returned weight [[6]] and bias [5]."
    )


@pytest.mark.parametrize(("case", "rate"), [*enumerate([0.25, 0.75, 0.0])])
def test_what_is_measured_of_dropout_can_be_worked_out_by_hand(case, rate):
    """A factor, twice; the share that goes; each row's own mask; another rng; the same rng."""
    answer = DROPOUT._answer(DROPOUT.reference, DROPOUT.cases[case])
    masks_differ = rate > 0  # nothing goes at 0, so all rows are alike
    expected = [1 / (1 - rate)] * 2 + [rate, 1 if masks_differ else 0.05, int(masks_differ), 1]
    assert answer.value.tolist() == pytest.approx(expected)
    assert DROPOUT.situations[case] == f"1000 numbers and a rate of {rate:g}"
    x, given_rate = DROPOUT.cases[case]
    assert (x.size, given_rate) == (1000, rate)


def test_dropout_that_loses_numbers_is_told_the_shape():
    assert DROPOUT.check(lambda x, rate, rng: x[:1] * (rng.random(50) < 1)).message == (
        "For 1000 numbers and a rate of 0.25: it must return an array of shape (6,); "
        "yours returned an array of shape (1, 50)."
    )


def test_cases_stay_as_they_are():
    before = [x.copy() for (x,) in RELU.cases]
    RELU.check(RELU.wrong_answers["written_into_x"])
    assert all(np.array_equal(a, b) for a, (b,) in zip(before, RELU.cases, strict=True))


def test_a_function_that_remembers_is_noticed():
    calls = []

    def right_at_first(x):
        calls.append(x)
        return np.maximum(x, 0) if len(calls) <= len(RELU.cases) else x

    assert "differently each time" in RELU.check(right_at_first).message


def test_a_function_that_fails_the_second_time_is_noticed():
    calls = []

    def nothing_then_an_error(x):
        calls.append(x)
        if len(calls) == 2 * len(RELU.cases):
            raise ValueError
        return None if len(x) == 4 else x

    assert "differently each time" in RELU.check(nothing_then_an_error).message


def test_a_changed_argument_is_noticed_even_if_the_result_is_right():
    def sorts(scores, labels):
        right = np.mean(scores.argmax(axis=1) == labels)
        scores[:] = 0
        return right

    message = EXERCISES["accuracy"].check(sorts).message
    assert message.endswith("it changed scores itself: work on a copy of it.")


def test_the_smallest_case_that_differs_is_shown():
    message = RELU.check(lambda x: np.where(x == 0, 9, np.maximum(x, 0))).message
    assert message == "For x = [0]: it must return [0]; yours returned [9]."


@pytest.mark.parametrize(
    ("verdict", "colour"),
    [
        (Verdict(True, "Yes."), "--jp-success-color1"),
        (Verdict(False, "No."), "--jp-warn-color1"),
        (Verdict(False, "Nothing.", answered=False), "--jp-border-color1"),
    ],
)
def test_a_verdict_has_the_colour_that_the_page_has_for_it(verdict, colour):
    assert f"border-left: 4px solid var({colour}, #" in verdict._repr_html_()


def test_a_verdict_is_text_in_every_page():
    verdict = Verdict(False, "For <x> & y.")
    assert repr(verdict) == "✗ Not yet. For <x> & y."
    html = verdict._repr_html_()
    assert "✗ Not yet. For &lt;x&gt; &amp; y." in html
    assert re.search(r"border-left: 4px solid var\(--jp-warn-color1", html)
    assert "background" not in html  # the page's own colours, light or dark
    assert not re.search(r"[^-]color:", html)
