"""Exercises: right answers pass however they are written, wrong ones are named, nothing hangs."""

import itertools
import math
import sys
import warnings

import numpy as np
import pytest
from scipy import special

from lessonkit.questions.exercises import EXERCISES
from lessonkit.questions.exercises.exercise import Verdict
from lessonkit.questions.exercises.guarded import MOST_STEPS, TooLong, call

PLANTED = [
    pytest.param(exercise, mistake, id=f"{name}: {mistake.function.__name__}")
    for name, exercise in EXERCISES.items()
    for mistake in exercise.mistakes
]
each = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


def test_the_exercises_that_others_rely_on_are_there():
    wanted = (
        "relu relu_slope max_pool max_pool_backward mean_pool_backward output_size softmax "
        "cross_entropy_gradient dropout fc6_parameters choose_degree"
    )
    assert set(wanted.split()) <= set(EXERCISES)


@each
def test_the_reference_passes(exercise):
    verdict = exercise.check(exercise.reference)
    assert verdict.passed
    assert verdict.message.startswith(f"Right: your {exercise.name} agrees with ours")
    assert repr(verdict) == verdict.message
    assert exercise.task.endswith(".")
    assert len(exercise.hints) >= 2


@pytest.mark.parametrize(("exercise", "mistake"), PLANTED)
def test_a_planted_mistake_is_named(exercise, mistake):
    verdict = exercise.check(mistake.function)
    assert not verdict.passed
    assert mistake.sentence in verdict.message
    assert exercise.wrong_answers[mistake.function.__name__] is mistake.function


def test_every_mistake_has_a_sentence_of_its_own():
    messages = [
        exercise.check(mistake.function).message
        for exercise in EXERCISES.values()
        for mistake in exercise.mistakes
    ]
    assert len(messages) >= 40
    assert len(set(messages)) == len(messages)
    for message in messages:
        assert message.startswith("Not yet. ")
        assert len(message) < 330, message


def relu_by_a_loop(x):
    result = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        if x[place] > 0:
            result[place] = x[place]
    return result


def slope_as_truth(x):
    return x > 0


def pool_by_loops(x, kernel_size):
    return [
        [
            x[i : i + kernel_size, j : j + kernel_size].max()
            for j in range(0, x.shape[1], kernel_size)
        ]
        for i in range(0, x.shape[0], kernel_size)
    ]


def mean_back_by_kron(grad_output, x, kernel_size):
    return np.kron(grad_output, np.ones((kernel_size, kernel_size))) / kernel_size**2


def max_back_by_loops(grad_output, x, k):
    grad = [[0.0] * x.shape[1] for _ in range(x.shape[0])]
    for (i, j), g in np.ndenumerate(grad_output):
        places = itertools.product(range(i * k, i * k + k), range(j * k, j * k + k))
        row, column = max(places, key=lambda place: x[place])  # the first of the largest
        grad[row][column] = g
    return grad


def gradient_by_nudges(z, labels):
    def loss(z):
        return np.mean(special.logsumexp(z, axis=1) - z[np.arange(len(z)), labels])

    gradient = np.empty(z.shape)
    for place in np.ndindex(z.shape):
        nudge = np.zeros(z.shape)
        nudge[place] = 1e-6
        gradient[place] = (loss(z + nudge) - loss(z - nudge)) / 2e-6
    return gradient


def dropout_by_a_loop(x, rate, rng):
    result = x.copy()
    for place in np.ndindex(x.shape):
        result[place] = 0 if rng.uniform() < rate else x[place] / (1 - rate)
    return result


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("relu", relu_by_a_loop),
        ("relu", lambda x: (x + abs(x)) / 2),
        ("relu", lambda numbers: np.maximum(numbers, 0).astype(np.float32)),
        ("relu_slope", slope_as_truth),
        ("output_size", lambda length, k, s: len(range(0, length - k + 1, s))),
        ("max_pool", pool_by_loops),
        ("max_pool_backward", max_back_by_loops),
        ("mean_pool_backward", mean_back_by_kron),
        ("softmax", lambda z: special.softmax(z, axis=1)),
        ("softmax", lambda z: np.exp(special.log_softmax(z, axis=1)).tolist()),
        ("cross_entropy_gradient", gradient_by_nudges),
        ("dropout", dropout_by_a_loop),
        ("dropout", lambda x, rate, rng: x * rng.binomial(1, 1 - rate, x.shape) / (1 - rate)),
        ("fc6_parameters", lambda: 102_764_544.0),
        (
            "mean_squared_error",
            lambda p, y: sum((a - b) ** 2 for a, b in zip(p, y, strict=True)) / len(y),
        ),
        ("bump", lambda x: np.interp(x, [0, 1, 2], [0, 1, 0])),
        ("one_layer", lambda w1, b1, w2, b2: (np.dot(w2, w1), np.dot(w2, b1) + b2)),
        (
            "accuracy",
            lambda s, y: sum(int(np.argmax(r)) == t for r, t in zip(s, y, strict=True)) / len(y),
        ),
        ("map_side", lambda side: math.floor((math.floor((side - 4) / 2) - 4) / 2)),
    ],
)
def test_a_right_answer_passes_however_it_is_written(name, answer):
    verdict = EXERCISES[name].check(answer)
    assert verdict.passed, verdict


@pytest.mark.parametrize(
    ("name", "answer", "sentence"),
    [
        ("relu", lambda x: (x * x) ** 0.5, "You turned the sign of the negative numbers"),
        ("relu_slope", lambda x: 1.0 * (x > -1e-9), "At x = 0 there is a corner"),
        (
            "max_pool",
            lambda x, k: np.array(pool_by_loops(np.add(x, 0.0), k)).T,
            "Rows and columns are exchanged",
        ),
        ("softmax", lambda z: special.softmax(z), "All rows together sum to 1"),
        ("output_size", lambda length, k, s: -(-(length - k) // s) + 1, "You rounded up"),
        (
            "dropout",
            lambda x, rate, rng: np.where(rng.uniform(size=x.shape) > rate, x, 0),
            "You left the others as they are",
        ),
    ],
)
def test_a_mistake_is_named_in_whatever_way_it_is_made(name, answer, sentence):
    verdict = EXERCISES[name].check(answer)
    assert not verdict.passed
    assert sentence in verdict.message


# What learners' code does besides being wrong.


def skeleton(x): ...  # your code


def only_passes(x):
    """Do nothing yet."""
    pass


@pytest.mark.parametrize("function", [skeleton, only_passes])
def test_an_unanswered_exercise_says_so_quietly(function):
    wanted = "Not answered yet: write relu, then run this cell again."
    assert EXERCISES["relu"].check(function) == Verdict(False, wanted)


def endless(x):
    while True:
        pass


def endless_and_deaf(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def endless_in_a_comprehension(x):
    return [0 for _ in iter(int, 1)]


def endless_below(x):
    def inner():
        return endless(x)

    try:
        inner()
    except BaseException:
        x = x + 1
    return endless_and_deaf(x)


def endless_with_finally(x):
    while True:
        try:
            x = x + 1
        finally:
            x = x - 1


@pytest.mark.parametrize(
    "function",
    [
        endless,
        endless_and_deaf,
        endless_in_a_comprehension,
        endless_below,
        endless_with_finally,
    ],
)
def test_an_endless_loop_is_stopped(function):
    verdict = EXERCISES["relu"].check(function)
    assert verdict.message == (
        "Not yet. For x = [−1] it was stopped after very many steps: does a loop never end?"
    )


def no_return(x):
    y = np.maximum(x, 0)
    y += 0


def raises(x):
    return x.no_such_thing


def leaves(x):
    sys.exit(3)


def calls_itself(x):
    return calls_itself(x)


def returns_text(x):
    return "ReLU"


def returns_a_generator(x):
    return (max(0, v) for v in x)


def flattens(x):
    return np.maximum(x, 0).ravel()


def is_complex(x):
    return np.maximum(x, 0) + 0j


def makes_nan(x):
    return np.maximum(x, 0) / 0 * 0


def too_large(x):
    return np.zeros(10**14)


def random_each_time(x):
    return np.maximum(x, 0) + np.random.default_rng().integers(0, 2) * (x.ndim > 1)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (no_return, "For x = [−1] it returned nothing. Does every way through it end with return?"),
        (
            raises,
            "For x = [−1] it raised AttributeError: 'numpy.ndarray' object has no attribute "
            "'no_such_thing'. The line is: return x.no_such_thing",
        ),
        (leaves, "For x = [−1] it raised SystemExit: 3. The line is: sys.exit(3)"),
        (calls_itself, "For x = [−1] it raised RecursionError"),
        (returns_text, "For x = [−1] it must return numbers; yours returned str: 'ReLU'."),
        (returns_a_generator, "For x = [−1] it must return numbers; yours returned generator"),
        (flattens, "it must return [[1.5, 0], [0, 0.25]]; yours returned [1.5, 0, 0, 0.25]."),
        (is_complex, "For x = [−1] it must return numbers; yours returned ndarray"),
        (makes_nan, "For x = [−1] it must return [0]; yours returned [nan]."),
        (too_large, "For x = [−1] it raised"),
        (lambda: 0, "relu must take (x); yours takes ()."),
        (lambda a, b: a, "relu must take (x); yours takes (a, b)."),
        (3, "relu must be a function, def relu(x); got 3."),
        (None, "relu must be a function, def relu(x); got None."),
        ("relu", "relu must be a function, def relu(x); got 'relu'."),
    ],
)
def test_what_goes_wrong_is_answered_kindly(function, message, capsys):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdict = EXERCISES["relu"].check(function)
    assert not verdict.passed
    assert message in verdict.message
    assert capsys.readouterr() == ("", "")


def test_an_answer_must_be_the_same_each_time():
    verdicts = {EXERCISES["relu"].check(random_each_time).passed for _ in range(30)}
    assert False in verdicts


def test_no_argument_of_the_cases_is_changed_for_the_next_learner():
    def ruins(z):
        z[:] = 7
        return z

    EXERCISES["softmax"].check(ruins)
    assert EXERCISES["softmax"].check(EXERCISES["softmax"].reference).passed


def test_a_key_press_that_interrupts_passes_through():
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        EXERCISES["relu"].check(interrupted)


def test_a_debugger_is_put_back():
    seen = []

    def debugger(frame, event, argument):
        seen.append(event)

    before = sys.gettrace()
    try:
        sys.settrace(debugger)
        call(endless, (0,))
        call(relu_by_a_loop, (np.ones(2),))
        assert sys.gettrace() is debugger
    finally:
        sys.settrace(before)
    assert seen


def test_an_honest_answer_is_far_from_the_limit():
    steps = 0

    def count(frame, event, argument):
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    exercise = EXERCISES["dropout"]
    try:
        sys.settrace(count)
        dropout_by_a_loop(*exercise.cases[0])
    finally:
        sys.settrace(before)
    assert steps < MOST_STEPS / 4


def test_a_loop_that_never_ends_is_an_error_of_its_own():
    outcome = call(endless, (0,))
    assert isinstance(outcome.error, TooLong)
    assert not isinstance(outcome.error, Exception)
