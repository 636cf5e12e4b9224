"""Dropout as an exercise: it draws numbers, so what is judged is measured over many of them."""

import numpy as np

from lessonkit.questions.exercises.exercise import Exercise

SHAPE = 20, 50
MEASURES = (
    "the smallest factor of what is kept",
    "the largest factor of what is kept",
    "the share of numbers set to 0",
    "the share of rows with a mask of their own",
    "another mask with another rng (1: yes, 0: no)",
    "the same mask with the same rng (1: yes, 0: no)",
)


def dropout(x, rate, rng):
    kept = rng.random(x.shape) >= rate
    return np.where(kept, x / (1 - rate), 0.0)


def not_scaled(x, rate, rng):
    """You did not scale up what is kept; divide it by 1 − rate, so that the mean stays."""
    return np.where(rng.random(x.shape) >= rate, x, 0.0)


def divided_by_rate(x, rate, rng):
    """You divided by the rate; the share that is kept is 1 − rate, so divide by that."""
    return np.where(rng.random(x.shape) >= rate, x / rate, 0.0)


def multiplied(x, rate, rng):
    """You multiplied by 1 − rate, which makes the numbers smaller still; divide by it."""
    return np.where(rng.random(x.shape) >= rate, x * (1 - rate), 0.0)


def drops_what_stays(x, rate, rng):
    """You kept the share that should go; rate is the share that is set to 0."""
    return np.where(rng.random(x.shape) < rate, x / (1 - rate), 0.0)


def drops_and_scales_what_stays(x, rate, rng):
    """You took rate for the share that stays, in the scale too; it is the share that goes."""
    return np.where(rng.random(x.shape) < rate, x / rate, 0.0)


def one_mask_for_all_rows(x, rate, rng):
    """You used one mask for all rows; every number must have its own chance to go."""
    return np.where(rng.random(x.shape[1]) >= rate, x / (1 - rate), 0.0)


def same_in_every_step(x, rate, rng):
    """You made a generator with a fixed seed; then the same numbers go in every step. Use rng."""
    return dropout(x, rate, np.random.default_rng(0))


def draws_elsewhere(x, rate, rng):
    """You drew from another generator than rng; then nobody can repeat what happened. Use rng."""
    return dropout(x, rate, np.random.default_rng())


def as_in_use(x, rate, rng):
    """You returned x as it is, which is right after training; in training, some must go."""
    return x.copy()


def _measured(ask, x, rate):
    """Return what can be measured of dropout, in the order of MEASURES; None for no answer."""
    first, again, other = (ask(x, rate, np.random.default_rng(seed)) for seed in (1, 1, 2))
    if first is None or again is None or other is None:
        return None
    if first.shape != x.shape or again.shape != x.shape or other.shape != x.shape:
        return first
    kept = first[first != 0] / x[first != 0]
    dropped = round(4 * np.mean(first == 0)) / 4  # to the nearest quarter: chance is much smaller
    rows = len(np.unique(first == 0, axis=0)) / len(x)
    repeated = [not np.array_equal(first == 0, other == 0), np.array_equal(first, again)]
    ends = [kept.min(), kept.max()] if kept.size else [0, 0]
    return np.array([*ends, dropped, rows, *repeated], dtype=float)


NUMBERS = np.linspace(1, 2, SHAPE[0] * SHAPE[1]).reshape(SHAPE)

DROPOUT = Exercise(
    reference=dropout,
    task="Write dropout as it is in training. Each number of the array `x` becomes 0 with the "
    "probability `rate`; the others are scaled up, so that the mean stays about the same. "
    "`rng.random(shape)` draws numbers from 0 to 1.",
    hints=(
        "`rng.random(x.shape) >= rate` is true with the probability 1 − `rate`.",
        "What is kept is divided by 1 − `rate`.",
    ),
    cases=((NUMBERS, 0.25), (NUMBERS, 0.75), (NUMBERS, 0.0)),
    situations=tuple(f"1000 numbers and a rate of {rate}" for rate in (0.25, 0.75, 0)),
    mistakes=(
        *(not_scaled, divided_by_rate, multiplied, drops_what_stays),
        *(drops_and_scales_what_stays, one_mask_for_all_rows, same_in_every_step),
        *(draws_elsewhere, as_in_use),
    ),
    probe=_measured,
    measures=MEASURES,
)
