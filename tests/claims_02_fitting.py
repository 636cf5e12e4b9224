"""What the text of notebooks/02_fitting.ipynb claims, and each claim worked out another way."""

import csv

import numpy as np
from explored import says
from scipy.interpolate import BarycentricInterpolator

from lessonkit.datasets import DATA
from lessonkit.explorers.fitting import capacity, frogs, sampling

START = (
    "model=polynomial 'data=noisy sine' degree=3 depth=2 epoch=500 ridge=0 points=16 noise=0.3 "
    "seed=2 "
)


def fit_says(code, *words):
    return says(capacity, START, "") and says(capacity, code, *words)


def sample_says(code, *words):
    return says(sampling, "photograph=camera " + code, *words)


def wrong(*features):
    """Return how many known and how many new animals a rule is wrong about, from the table."""
    with (DATA / "animals.csv").open(encoding="utf-8", newline="") as file:
        animals = list(csv.DictReader(file))
    errors = {"known": 0, "new": 0}
    for animal in animals:
        taken = all(animal[feature] == "1" for feature in features)
        errors[animal["group"]] += taken != (animal["is_frog"] == "1")
    return errors["known"], errors["new"]


def exact_fit(y):
    """Return the polynomial of degree 15 through 16 even points of 0..1, by interpolation."""
    return BarycentricInterpolator(np.linspace(0, 1, 16), y)


def missed_by_an_exact_fit():
    """Return how far off it is over 0..1, where all it meets is noise of size 1."""
    errors = np.random.default_rng(2).standard_normal(16)
    truth = np.sin(2 * np.pi * np.linspace(0, 1, 16))
    everywhere = np.linspace(0, 1, 501)
    off = exact_fit(truth + errors)(everywhere) - np.sin(2 * np.pi * everywhere)
    return np.sqrt(np.mean(off**2))


CLAIMS = {
    "It is wrong about 4 of 8 known animals": lambda: wrong("four legs") == (4, 4),
    '"Four legs, no tail, moist skin" is wrong about none': lambda: (
        wrong("four legs", "no tail", "moist skin") == (0, 0)
    ),
    "still no error. But among the new ones two frogs have no spots": lambda: (
        wrong("four legs", "no tail", "moist skin", "spots on its back") == (0, 2)
    ),
    "a new one, the gecko, becomes a frog": lambda: says(frogs, "four_legs=true", "gecko"),
    "16 points are seen": lambda: fit_says("", "16 points seen"),
    "from 0 to 15": lambda: capacity().controls["degree"].max == 15,
    "is off by 0.587 on the seen points and by 0.545 on the new ones": lambda: fit_says(
        "degree=1", "0.587 on the 16 points seen", "0.545 on new ones"
    ),
    "Degree 3 is best on the new points: off by 0.312. The noise alone is 0.3": lambda: fit_says(
        "degree=3", "0.312 on new ones", "no other degree does better"
    ),
    "goes through all 16 points exactly; its error there is 0.000": lambda: fit_says(
        "degree=15", "0.000 on the 16 points seen"
    ),
    "On the new points it is off by 3.49": lambda: fit_says("degree=15", "3.49 on new ones"),
    "noise of 0.3 has become an error ten times as large": lambda: 10 < 3.49 / 0.3 < 12,
    "With degree 15 and 200 points, the error on new points is 0.302": lambda: fit_says(
        "degree=15 points=200", "0.302 on new ones", "about as good as it gets"
    ),
    "it misses the truth by 11.5 times the noise": lambda: (
        f"{missed_by_an_exact_fit():.1f}" == "11.5"
    ),
    "a straight line stays off by 0.532 with 200 points": lambda: fit_says(
        "degree=1 points=200", "0.532 on new ones"
    ),
    "depth 2 underfits, 0.458 on new points; depth 3 is best, 0.416": lambda: (
        fit_says("model=tree depth=2", "0.458 on new", "underfits")
        and fit_says("model=tree depth=3", "0.416 on new", "no other depth")
    ),
    "at depth 8 the seen points are met exactly and new ones are off by 0.430": lambda: fit_says(
        "model=tree depth=8", "0.000 on the 16", "0.430 on new"
    ),
    "after 50 epochs it is off by 0.506 on new points, after 500 by 0.324": lambda: (
        fit_says("model=network epoch=50", "0.506 on new")
        and fit_says("model=network epoch=500", "0.324 on new", "no other epoch")
    ),
    "After 20,000 it follows the seen points to 0.010 and is off by 0.382": lambda: fit_says(
        "model=network epoch=20,000", "0.010 on the 16", "0.382 on new"
    ),
    "with a ridge of 1, degree 15 is off by 0.360 instead of 3.49": lambda: fit_says(
        "degree=15 ridge=1", "0.360 on new"
    ),
    "655 of 65,536, has a mean brightness of 0.520; the whole has 0.506": lambda: sample_says(
        "way=random fraction=0.01", "655 pixels", "0.520", "0.506"
    ),
    "One in a thousand still has 0.533": lambda: sample_says(
        "way=random fraction=0.001", "66 pixels", "0.533"
    ),
    "as many, 10.0 % of all, and is far off with 0.728": lambda: sample_says(
        "way=corner fraction=0.1", "10.0 %", "0.728"
    ),
    "Every n-th pixel does well here, 0.506": lambda: sample_says(
        "'way=every n-th' fraction=0.01", "brightness of 0.506"
    ),
}
SOURCED = {}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"degree(?: of| to)? 15|[Dd]egree \d+|depth 8 can hold each of 16 points",
    r"trained for 20,000 rounds|from 16 points|right within 2 %|Section 2|section 1\.1",
]
