"""Each known mistake is recognised in another's code: what its sentence says, written anew."""

import inspect
import math

import numpy as np
import pytest
from numpy.polynomial import Polynomial
from questions.exercises.in_loops import back_to_windows, in_windows, only
from scipy import special

from lessonkit.questions import EXERCISES


def last_of(window, value):
    return len(window) - 1 - window[::-1].index(value)


def bent(*corners):
    """Return a function that is 0 on the left and bends at each (place, by how much)."""
    return lambda x: [sum(by * max(v - place, 0) for place, by in corners) for v in x]


def errors(seen, judged, degrees=range(16)):
    return [np.square(Polynomial.fit(*seen, d)(judged[0]) - judged[1]).mean() for d in degrees]


def best(seen, judged, degrees=range(16)):
    found = errors(seen, judged, degrees)
    return found.index(min(found))


def softened(z):
    return special.softmax(z.astype(float), axis=1)


def minus_one_at(z, classes, divisor):
    gradient = softened(z)
    for row, label in zip(gradient, classes, strict=True):
        row[label] -= 1
    return gradient / divisor


def dropped(x, chance, factor, draw):
    out = x.copy()
    for place in np.ndindex(x.shape):
        out[place] *= 0 if draw(place) < chance else factor
    return out


ANEW = {
    "relu": {
        "absolute": lambda x: [math.sqrt(v * v) for v in x],
        "smaller": lambda x: [v if v < 0 else 0 for v in x],
        "switch": lambda x: np.heaviside(x, 0),
        "leaky": lambda x: [v if v > 0 else v / 100 for v in x],
        "positive_ones_only": lambda x: [v for v in x if v > 0],
        "largest_of_all": lambda x: sorted([0, *x])[-1],
        "written_into_x": lambda x: np.maximum(x, 0, out=x),
        "relu_printed": lambda x: print([max(v, 0) for v in x]),
    },
    "relu_slope": {
        "one_at_zero": lambda x: np.heaviside(x, 1),
        "half_at_zero": lambda x: (np.sign(x) + 1) / 2,
        "relu_itself": lambda x: [max(v, 0) for v in x],
        "sign": lambda x: [(v > 0) - (v < 0.0) + 0.0 for v in x.tolist()],
        "one_everywhere": lambda x: x * 0 + 1,
        "slope_of_leaky": lambda x: [1 if v > 0 else 0.01 * (v < 0) for v in x],
    },
    "bump": {
        "never_comes_down": bent((-1, 1), (0, -1)),
        "not_steep_enough": bent((-1, 1), (0, -1), (1, -1), (2, 1)),
        "moved_right": bent((0, 1), (1, -2), (2, 1)),
        "without_relu": np.zeros_like,
        "upside_down": bent((-1, -1), (0, 2), (1, -1)),
        "keeps_falling": bent((-1, 1), (0, -2)),
    },
    "one_layer": {
        "wrong_order": lambda w2, b2, w1, b1: (np.dot(w1, w2), np.dot(w2, b1) + b2),
        "biases_added": lambda w2, b2, w1, b1: (np.dot(w2, w1), np.add(b2, b1)),
        "forgets_first_bias": lambda w2, b2, w1, b1: (np.dot(w2, w1), b2.tolist()),
        "forgets_second_bias": lambda w2, b2, w1, b1: (np.dot(w2, w1), np.dot(w2, b1)),
        "number_by_number": lambda w2, b2, w1, b1: (np.multiply(w2, w1), np.dot(w2, b1) + b2),
        "weights_added": lambda w2, b2, w1, b1: (np.add(w2, w1), np.dot(w2, b1) + b2),
    },
    "mean_squared_error": {
        "mean_difference": lambda p, y: sum(a - b for a, b in zip(p, y, strict=True)) / len(y),
        "mean_absolute": lambda p, y: np.abs(y - p).sum() / len(y),
        "sum_of_squares": lambda p, y: np.dot(p - y, p - y),
        "root": lambda p, y: math.dist(p, y) / math.sqrt(len(y)),
        "square_of_mean": lambda p, y: (sum(p) - sum(y)) ** 2 / len(y) ** 2,
        "all_squares": lambda p, y: [(a - b) * (a - b) for a, b in zip(p, y, strict=True)],
    },
    "choose_degree": {
        "by_training_error": lambda x, y, u, v: best((x, y), (x, y)),
        "always_the_largest": lambda x, y, u, v: len(range(15)),
        "lowest_error": lambda x, y, u, v: min(errors((x, y), (u, v))),
        "fitted_to_the_new_points": lambda x, y, u, v: best((u, v), (u, v)),
        "fitted_to_all_points": lambda x, y, u, v: best((np.r_[u, x], np.r_[v, y]), (u, v)),
        "fitted_the_other_way": lambda x, y, u, v: best((u, v), (x, y)),
        "worst_degree": lambda x, y, u, v: max(range(16), key=errors((x, y), (u, v)).__getitem__),
        "one_too_many": lambda x, y, u, v: 1 + best((x, y), (u, v)),
        "stops_before_15": lambda x, y, u, v: best((x, y), (u, v), [*range(15)]),
    },
    "output_size": {
        "rounded_up": lambda n, k, s: math.ceil((n - k + s) / s),
        "without_the_first": lambda n, k, s: len(range(s, n - k + 1, s)),
        "not_rounded": lambda n, k, s: 1 + n / s - k / s,
        "without_the_window": lambda n, k, s: math.floor(n / s),
        "side_by_side": lambda n, k, s: math.floor(n / k),
        "stride_one": lambda n, k, s: len(range(k, n + 1)),
    },
    "max_pool": {
        "mean_of_windows": in_windows(lambda window: sum(window) / len(window)),
        "smallest_of_windows": in_windows(min),
        "sum_of_windows": in_windows(sum),
        "first_of_windows": in_windows(lambda window: window[0]),
        "overlapping": lambda x, k: [
            [x[i : i + k, j : j + k].max() for j in range(x.shape[1] - k + 1)]
            for i in range(x.shape[0] - k + 1)
        ],
        "largest_in_map": lambda x, k: max(map(max, x)),
    },
    "max_pool_backward": {
        "all_ties": back_to_windows(lambda g, w: [g * (v == max(w)) for v in w]),
        "split_ties": back_to_windows(lambda g, w: [g * (v == max(w)) / w.count(v) for v in w]),
        "last_tie": back_to_windows(lambda g, w: only(last_of(w, max(w)), g, len(w))),
        "unpooled": back_to_windows(lambda g, w: only(w.index(max(w)), max(w), len(w))),
        "unpooled_at_ties": back_to_windows(lambda g, w: [v * (v == max(w)) for v in w]),
        "to_the_whole_window": back_to_windows(lambda g, w: [g] * len(w)),
        "one_for_the_maximum": back_to_windows(lambda g, w: only(w.index(max(w)), 1, len(w))),
    },
    "mean_pool_backward": {
        "undivided": back_to_windows(lambda g, w: [g] * len(w)),
        "divided_by_the_side": back_to_windows(lambda g, w: [g / math.isqrt(len(w))] * len(w)),
        "mean_put_back": back_to_windows(lambda g, w: [sum(w) / len(w)] * len(w)),
        "as_for_the_maximum": back_to_windows(lambda g, w: only(w.index(max(w)), g, len(w))),
        "whole_numbers_only": lambda g, x, k: np.full(
            x.shape, np.repeat(np.repeat(g, k, axis=0), k, axis=1) / k**2, dtype=x.dtype
        ),
    },
    "softmax": {
        "overflows": lambda z: [np.exp(row) / sum(np.exp(row)) for row in z.astype(float)],
        "over_the_whole_array": lambda z: (
            (e := np.exp([[v - max(row) for v in row] for row in z.tolist()])) / sum(map(sum, e))
        ),
        "overflows_over_the_whole_array": lambda z: (
            (e := np.exp(z.astype(float))) / sum(map(sum, e))
        ),
        "one_maximum_for_all": lambda z: (
            [row / sum(row) for row in np.exp(z.astype(float) - max(map(max, z.tolist())))]
        ),
        "wrong_axis": lambda z: special.softmax(z.astype(float), axis=0),
        "scores_divided": lambda z: [row / sum(row) for row in z.astype(float)],
        "not_normalised": lambda z: [[math.exp(v - max(row)) for v in row] for row in z.tolist()],
        "one_for_the_highest": lambda z: [
            only(row.index(max(row)), 1, len(row)) for row in z.tolist()
        ],
        "minus_and_plus": lambda z: softened(z * -1),
    },
    "cross_entropy_gradient": {
        "not_a_mean": lambda z, labels: minus_one_at(z, labels, 1),
        "probabilities_only": lambda z, labels: softened(z) / z.shape[0],
        "wrong_sign": lambda z, labels: minus_one_at(z, labels, -len(z)),
        "highest_instead_of_right": lambda z, labels: minus_one_at(
            z, [row.index(max(row)) for row in z.tolist()], len(z)
        ),
        "next_class": lambda z, labels: minus_one_at(z, [k - 1 for k in labels], len(z)),
        "divided_by_all": lambda z, labels: minus_one_at(z, labels, z.size),
        "from_every_score": lambda z, labels: (softened(z) - np.ones(z.shape)) / len(z),
    },
    "dropout": {
        "not_scaled": lambda x, rate, rng: dropped(x, rate, 1, lambda _: rng.uniform()),
        "divided_by_rate": lambda x, rate, rng: dropped(
            x, rate, np.divide(1, rate), lambda _: rng.uniform()
        ),
        "multiplied": lambda x, rate, rng: dropped(x, rate, 1 - rate, lambda _: rng.uniform()),
        "drops_what_stays": lambda x, rate, rng: dropped(
            x, 1 - rate, np.divide(1, 1 - rate), lambda _: rng.uniform()
        ),
        "drops_and_scales_what_stays": lambda x, rate, rng: dropped(
            x, 1 - rate, np.divide(1, rate), lambda _: rng.uniform()
        ),
        "one_mask_for_all_rows": lambda x, rate, rng: dropped(
            x,
            rate,
            1 / (1 - rate),
            (drawn := [rng.uniform() for _ in x[0]]) and (lambda place: drawn[place[1]]),
        ),
        "same_in_every_step": lambda x, rate, rng: (
            (own := np.random.RandomState(7))
            and dropped(x, rate, 1 / (1 - rate), lambda _: own.rand())
        ),
        "draws_elsewhere": lambda x, rate, rng: (
            (own := np.random.RandomState())
            and dropped(x, rate, 1 / (1 - rate), lambda _: own.rand())
        ),
        "as_in_use": lambda x, rate, rng: x,
    },
    "fc6_parameters": {
        "without_biases": lambda: 4096 * 25_088,
        "without_maps": lambda: 50 * 4096,
        "the_picture_instead": lambda: 4096 * (224**2 * 512 + 1),
        "one_side": lambda: 4096 * (7 * 512 + 1),
        "a_bias_for_each_input": lambda: 4097 * 25_088,
        "shared_weights": lambda: 25_088 + 4096,
    },
    "map_size": {
        "as_if_padded": lambda side: side // 4,
        "window_subtracted": lambda side: math.floor((math.floor((side - 5) / 2) - 5) / 2),
        "only_once": lambda side: math.floor(side / 2) - 2,
        "never_pooled": lambda side: len(range(5, side + 1)) - 4,
        "pooled_first": lambda side: math.floor((math.floor(side / 2) - 4) / 2) - 4,
        "count": lambda side: math.floor((math.floor(side / 2) - 2 - 4) / 2) ** 2,
    },
    "accuracy": {
        "right_ones": lambda s, labels: sum(
            list(row).index(max(row)) == k for row, k in zip(s, labels, strict=True)
        ),
        "wrong_ones": lambda s, labels: (
            sum(list(row).index(max(row)) != k for row, k in zip(s, labels, strict=True)) / len(s)
        ),
        "percent": lambda s, labels: (
            100
            / len(s)
            * sum(list(row).index(max(row)) == k for row, k in zip(s, labels, strict=True))
        ),
        "lowest_scores": lambda s, labels: (
            sum(list(row).index(min(row)) == k for row, k in zip(s, labels, strict=True)) / len(s)
        ),
        "one_for_each": lambda s, labels: [
            list(row).index(max(row)) == k for row, k in zip(s, labels, strict=True)
        ],
        "any_positive_score": lambda s, labels: (
            sum(row[k] > 0 for row, k in zip(s, labels, strict=True)) / len(s)
        ),
    },
}


def test_every_mistake_is_written_anew():
    assert {name: [*wrong] for name, wrong in ANEW.items()} == {
        name: [*exercise.wrong_answers] for name, exercise in EXERCISES.items()
    }


@pytest.mark.parametrize(
    ("name", "mistake"), [(name, mistake) for name, wrong in ANEW.items() for mistake in wrong]
)
def test_it_is_recognised_in_anothers_code(name, mistake):
    exercise = EXERCISES[name]
    message = exercise.check(ANEW[name][mistake]).message
    assert message.startswith(f"{inspect.getdoc(exercise.wrong_answers[mistake])} ")
