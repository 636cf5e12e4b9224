"""Right answers pass however they are written, and each mistake gets its own sentence."""

import inspect
import math

import numpy as np
import pytest
from questions.exercises.in_loops import back_to_windows, in_windows, only
from scipy import special

from lessonkit.questions import EXERCISES
from lessonkit.questions.exercises.cells import skeleton

PLANTED = [(name, wrong) for name, e in EXERCISES.items() for wrong in e.wrong_answers]


def sentence(function):
    return inspect.getdoc(function)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_passes(name):
    verdict = EXERCISES[name].check(EXERCISES[name].reference)
    assert verdict.passed, verdict.message
    call = skeleton(EXERCISES[name]).removeprefix("def ").partition(":")[0]
    assert repr(verdict).startswith(f"✓ Right. {call} gives the right answer in ")


@pytest.mark.parametrize(("name", "wrong"), PLANTED)
def test_a_mistake_is_refused_by_its_own_sentence(name, wrong):
    exercise = EXERCISES[name]
    verdict = exercise.check(exercise.wrong_answers[wrong])
    assert not verdict.passed
    own = sentence(exercise.wrong_answers[wrong])
    assert verdict.message.startswith(own + " "), verdict.message
    assert len(verdict.message) > len(own) + 20  # and the case on which it differs
    assert repr(verdict).startswith("✗ Not yet. ")


def test_no_two_sentences_are_the_same():
    sentences = [sentence(EXERCISES[name].wrong_answers[wrong]) for name, wrong in PLANTED]
    assert len(sentences) == len(set(sentences)) >= 40
    assert all("\n" not in s and s.startswith("You") and s.endswith(".") for s in sentences)


@pytest.mark.parametrize("name", EXERCISES)
def test_a_skeleton_is_not_answered_yet(name):
    space = {"EXERCISES": EXERCISES}
    code = skeleton(EXERCISES[name])
    *lines, last = code.splitlines()
    exec("\n".join(lines), space)
    verdict = eval(last, space)
    assert not verdict.passed
    call = code.removeprefix("def ").partition(":")[0]  # as the cell defines it
    assert repr(verdict) == f"Not answered yet: complete {call}, then run this cell again."


# -- right answers, written in other ways ----------------------------------------------------------


pooled_with_loops = in_windows(max)
backward_with_loops = back_to_windows(
    lambda g, window: only(window.index(max(window)), g, len(window))  # the first of equals
)


def softmax_with_loops(z):
    rows = []
    for row in z.tolist():
        e = [math.exp(score - max(row)) for score in row]
        rows.append([value / sum(e) for value in e])
    return rows


def chosen_with_polyfit(x, y, new_x, new_y):
    best, lowest = 0, math.inf
    for degree in range(16):
        curve = np.polynomial.Polynomial.fit(x, y, degree)
        error = ((curve(new_x) - new_y) ** 2).mean()
        if error < lowest:
            best, lowest = degree, error
    return best


def dropped_with_loops(x, rate, rng):
    out = x.copy()
    for place in np.ndindex(x.shape):
        out[place] = 0 if rng.uniform() < rate else x[place] / (1 - rate)
    return out


OTHER_WAYS = {
    "relu as a list": ("relu", lambda x: [max(0, v) for v in x]),
    "relu as a product": ("relu", lambda x: x * (x > 0)),
    "relu in float32": ("relu", lambda x: np.maximum(x, 0).astype(np.float32)),
    "relu by halves": ("relu", lambda values: (values + abs(values)) / 2),
    "relu with a default": ("relu", lambda x, low=0: np.clip(x, low, None)),
    "slope as true and false": ("relu_slope", lambda x: x > 0),
    "slope with heaviside": ("relu_slope", lambda x: np.heaviside(x, 0)),
    "size by counting": ("output_size", lambda n, k, s: len(range(0, n - k + 1, s))),
    "size with floor": ("output_size", lambda n, k, s: math.floor((n - k) / s + 1)),
    "max with loops": ("max_pool", pooled_with_loops),
    "max by reshaping": (
        "max_pool",
        lambda x, k: x.reshape(len(x) // k, k, len(x[0]) // k, k).max(axis=(1, 3)),
    ),
    "max backward with loops": ("max_pool_backward", backward_with_loops),
    "mean backward with kron": (
        "mean_pool_backward",
        lambda g, x, k: np.kron(g, np.ones((k, k))) / k**2,
    ),
    "softmax with loops": ("softmax", softmax_with_loops),
    "softmax by SciPy": ("softmax", lambda z: special.softmax(z, axis=1)),
    "softmax in float32": ("softmax", lambda z: special.softmax(z.astype(np.float32), axis=1)),
    "gradient with one-hot": (
        "cross_entropy_gradient",
        lambda z, labels: (special.softmax(z, axis=1) - np.eye(z.shape[1])[labels]) / len(z),
    ),
    "degree with polyfit": ("choose_degree", chosen_with_polyfit),
    "dropout with loops": ("dropout", dropped_with_loops),
    "dropout with a Bernoulli draw": (
        "dropout",
        lambda x, rate, rng: x * rng.binomial(1, 1 - rate, x.shape) / (1 - rate),
    ),
    "fc6 in one number": ("fc6_parameters", lambda: 4096 * (512 * 49 + 1)),
    "bump by its distance": ("bump", lambda x: np.maximum(1 - abs(x), 0)),
    "error in a loop": (
        "mean_squared_error",
        lambda p, y: sum((a - b) ** 2 for a, b in zip(p, y, strict=True)) / len(y),
    ),
    "accuracy in a loop": (
        "accuracy",
        lambda s, labels: (
            sum(list(row).index(max(row)) == k for row, k in zip(s, labels, strict=True))
            / len(labels)
        ),
    ),
    "layer as a list": ("one_layer", lambda w2, b2, w1, b1: [(w2 @ w1).tolist(), w2.dot(b1) + b2]),
    "size in one line": ("map_size", lambda side: ((side - 4) // 2 - 4) // 2),
}


@pytest.mark.parametrize("way", OTHER_WAYS)
def test_right_answers_in_other_ways_pass(way):
    name, function = OTHER_WAYS[way]
    verdict = EXERCISES[name].check(function)
    assert verdict.passed, verdict.message


def always_fifteen(x, y, new_x, new_y):
    return max(range(16))


SAME_MISTAKES = {
    "mean_of_windows": ("max_pool", in_windows(lambda window: sum(window) / len(window))),
    "absolute": ("relu", lambda x: [-v if v < 0 else v for v in x]),
    "not_scaled": ("dropout", lambda x, rate, rng: x * (rng.uniform(size=x.shape) > rate)),
    "rounded_up": ("output_size", lambda n, k, s: math.ceil((n - k) / s) + 1),
    "all_ties": (
        "max_pool_backward",
        lambda g, x, k: (
            np.kron(g, np.ones((k, k))) * (x == np.kron(pooled_with_loops(x, k), np.ones((k, k))))
        ),
    ),
    "unpooled_at_ties": (
        "max_pool_backward",
        lambda g, x, k: (x == (m := np.kron(pooled_with_loops(x, k), np.ones((k, k))))) * m,
    ),
    "overflows_over_the_whole_array": (
        "softmax",
        lambda z: np.exp(z.astype(float)) / sum(np.exp(v) for v in z.astype(float).ravel()),
    ),
    "always_the_largest": ("choose_degree", always_fifteen),
    "without_biases": ("fc6_parameters", lambda: 25088 * 4096),
}


@pytest.mark.parametrize("mistake", SAME_MISTAKES)
def test_a_mistake_is_recognised_however_it_is_written(mistake):
    name, function = SAME_MISTAKES[mistake]
    message = EXERCISES[name].check(function).message
    assert message.startswith(sentence(EXERCISES[name].wrong_answers[mistake]))
