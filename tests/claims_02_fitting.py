"""What the text of notebooks/02_fitting.ipynb claims, and each claim worked out another way."""

import csv
import functools
import itertools

import numpy as np
from explored import says
from numpy.polynomial import Chebyshev
from numpy.polynomial.legendre import legvander
from scipy.interpolate import BarycentricInterpolator

from lessonkit.datasets import DATA, record
from lessonkit.explorers.fitting import capacity, frogs, sampling

START = (
    "model=polynomial 'data=noisy sine' degree=3 depth=2 epoch=500 ridge=0 points=16 noise=0.3 "
    "seed=2 "
)


def fit_says(code, *words):
    return says(capacity, START, "") and says(capacity, code, *words)


def sample_says(code, *words):
    return says(sampling, "photograph=camera " + code, *words)


@functools.cache
def table():
    with (DATA / "animals.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def wrong(*features):
    """Return how many known and how many new animals a rule is wrong about, from the table."""
    animals, errors = table(), {"known": 0, "new": 0}
    for animal in animals:
        taken = all(animal[feature] == "1" for feature in features)
        errors[animal["group"]] += taken != (animal["is_frog"] == "1")
    return errors["known"], errors["new"]


def pairs_right_about_the_known():
    """Return the pairs of features that are, and how many new animals each is wrong about."""
    pairs = itertools.combinations(list(table()[0])[3:], 2)
    return {pair: wrong(*pair)[1] for pair in pairs if wrong(*pair)[0] == 0}


def only_water_and_spots_fail(pairs):
    bad = {pair for pair, errors in pairs.items() if errors}
    return len(bad) == 6 and bad == {
        p for p in pairs if "lives in water" in p or "spots on its back" in p
    }


def exact_fit(y):
    """Return the polynomial of degree 15 through 16 even points of 0..1, by interpolation."""
    return BarycentricInterpolator(np.linspace(0, 1, 16), y)


def missed_by_an_exact_fit(seed=2):
    """Return how far off it is over 0..1, where all it meets is noise of size 1."""
    errors = np.random.default_rng(seed).standard_normal(16)
    truth = np.sin(2 * np.pi * np.linspace(0, 1, 16))
    everywhere = np.linspace(0, 1, 501)
    off = exact_fit(truth + errors)(everywhere) - np.sin(2 * np.pi * everywhere)
    return np.sqrt(np.mean(off**2))


def noisy(points, seed, noise=0.3):
    x = np.arange(points) / (points - 1)
    return x, np.sin(2 * np.pi * x) + noise * np.random.default_rng(seed).standard_normal(points)


def missed_by_steps():
    """Return how far the nearest of 16 points, as the answer everywhere, misses the truth."""
    (x, y), everywhere = noisy(16, 2), np.linspace(0, 1, 501)
    nearest = np.abs(everywhere[:, np.newaxis] - x).argmin(axis=1)
    return np.sqrt(np.mean((y[nearest] - np.sin(2 * np.pi * everywhere)) ** 2))


@functools.cache
def best_degrees():
    """Return for seeds 1 to 20 the degree that is best on new points, and what degree 3 costs."""
    x, y = noisy(1001, 99)
    found = []
    for seed in range(1, 21):
        fits = [Chebyshev.fit(*noisy(16, seed), degree) for degree in range(16)]
        errors = np.array([np.sqrt(np.mean((fit(x) - y) ** 2)) for fit in fits])
        found.append((int(errors.argmin()), errors[3] / errors.min() - 1))
    return np.array(found).T


def errors_of_calmest_fits(points, noise=0.3):
    """Return the error on new points for each degree; of many exact fits the calmest is taken."""
    (x, y), (new_x, new_y) = noisy(points, 2, noise), noisy(1001, 99, noise)
    errors = []
    for degree in range(16):
        seen, new = (legvander(2 * at - 1, degree) for at in (x, new_x))
        errors.append(np.sqrt(np.mean((new @ np.linalg.pinv(seen) @ y - new_y) ** 2)))
    return errors


def stripes_at(n):
    """Return the mean brightness of every n-th row and column of the stripes."""
    return np.mean([0.9 if column % 16 < 8 else 0.2 for column in range(0, 256, n)])


def steps_of_the_slider():
    return {int(np.ceil(10 ** (place / 40) - 1e-9)) for place in range(61)}


def largest_miss_by_chance():
    """Return how far random samples of the stripes are off, at any place of the slider."""
    order = np.random.default_rng(8).permutation(256 * 256)
    light = order % 16 < 8
    counts = [round(10 ** (step / 20) * len(order)) for step in range(-60, 1)]
    return max(abs(0.2 + 0.7 * light[:count].mean() - 0.55) for count in counts)


CLAIMS = {
    "frogs-happened": {
        "four legs: 4 8 4 8": lambda: wrong("four legs") == (4, 4),
        "“gecko, olm, koala and jerboa become frogs”": lambda: says(
            frogs, "four_legs=true", "new animals (taken for frogs: gecko, olm, koala and jerboa)"
        ),
        "“both are right about the new ones too”": lambda: (
            [pair for pair, errors in pairs_right_about_the_known().items() if not errors]
            == [("no tail", "long hind legs"), ("moist skin", "long hind legs")]
        ),
        "six more pairs: 2 3": lambda: (
            only_water_and_spots_fail(pairs_right_about_the_known())
            and set(pairs_right_about_the_known().values()) == {0, 2, 3}
        ),
        "all features: 2 8": lambda: says(
            frogs,
            " ".join(f"{name}=true" for name in frogs().controls),
            "2 of 8 new animals (missed: tree frog and golden poison frog)",
        ),
        '“"Four legs, no tail, moist skin" is wrong about none”': lambda: (
            wrong("four legs", "no tail", "moist skin") == (0, 0)
        ),
        "“still no error. But among the new ones two frogs have no spots”": lambda: (
            wrong("four legs", "no tail", "moist skin", "spots on its back") == (0, 2)
        ),
    },
    "capacity-question": {
        "slider: 0 15": lambda: capacity().controls["degree"].max == 15,
    },
    "capacity-happened": {
        "straight line: 0.587 0.545": lambda: fit_says(
            "degree=1", "0.587 on the 16 points seen", "0.545 on new ones"
        ),
        "best degree: 3 0.312 0.3": lambda: fit_says(
            "degree=3", "0.312 on new ones", "no other degree does better"
        ),
        "exact fit, seen: 16 0.000": lambda: fit_says("degree=15", "0.000 on the 16 points seen"),
        "exact fit, new: 3.49": lambda: fit_says("degree=15", "3.49 on new ones"),
        "out of the picture: 19": lambda: (
            round(exact_fit(noisy(16, 2)[1])(np.linspace(0, 1, 5001)).max()) == 19
        ),
        "noise magnified: 0.3": lambda: 11 < missed_by_an_exact_fit() < 12 and 11 < 3.49 / 0.3 < 12,
        "more points: 3.49 16 0.420 25 0.302 200": lambda: (
            fit_says("degree=15 points=16", "3.49 on new ones")
            and fit_says("degree=15 points=25", "0.420 on new ones")
            and fit_says("degree=15 points=200", "0.302 on new ones", "about as good as it gets")
        ),
        "calmest of many: 10 15 0.442": lambda: fit_says(
            "degree=15 points=10", "0.442 on new ones"
        ),
        "peak by points: 17 4.12": lambda: fit_says("degree=15 points=17", "4.12 on new ones"),
        "peak by degree: 9 10 0.934": lambda: (
            np.argmax(errors_of_calmest_fits(10)) == 9
            and f"{errors_of_calmest_fits(10)[9]:.3f}" == "0.934"
        ),
        "straight line, many points: 0.532 200": lambda: fit_says(
            "degree=1 points=200", "0.532 on new ones"
        ),
        "best on seen points: 15": lambda: np.argmax(errors_of_calmest_fits(16)) == 15,
    },
    "amplify-happened": {
        "noise times: 11.5": lambda: f"{missed_by_an_exact_fit():.1f}" == "11.5",
        "other seeds: 1 20 5.61 102": lambda: (
            [
                f"{end(missed_by_an_exact_fit(seed) for seed in range(1, 21)):.3g}"
                for end in (min, max)
            ]
            == ["5.61", "102"]
        ),
    },
    "cures-question": {
        "neurons of a layer: 50": lambda: (
            record("fitting_network")["network"] == "3 hidden layers of 50 ReLU neurons"
        ),
        "recorded epochs: 22": lambda: len(record("fitting_network")["epochs"]) == 22,
        "smallest ridge: 1e-06 0.000001": lambda: (
            fit_says("degree=15 ridge=1e-06", "with ridge 1e-06 ") and 1 / 1e-06 == 1_000_000
        ),
    },
    "cures-happened": {
        "exact tree: 8 16 0.430": lambda: fit_says(
            "model=tree depth=8", "0.000 on the 16", "0.430 on new"
        ),
        "exact tree and truth: 0.302": lambda: (
            f"{missed_by_steps():.3f}" == "0.302" and 0.3 < missed_by_steps() < 1.01 * 0.3
        ),
        "best tree: 3 0.416": lambda: (
            fit_says("model=tree depth=3", "0.416 on new", "no other depth") and 0.430 < 1.1 * 0.416
        ),
        "“depth 1 is nearly as good, and depth 2 worse than both”": lambda: (
            fit_says("model=tree depth=1", "0.424 on new", "about as good as it gets")
            and fit_says("model=tree depth=2", "0.458 on new", "depth 3 is best")
        ),
        "trees, 200 points: 1 0.431 4 0.340": lambda: (
            fit_says("model=tree points=200 depth=1", "0.431 on new", "underfits")
            and fit_says("model=tree points=200 depth=4", "0.340 on new", "no other depth")
        ),
        "deepest tree, 200 points: 0.156 0.396": lambda: fit_says(
            "model=tree points=200 depth=8", "0.156 on the 200", "0.396 on new", "overfits"
        ),
        "early epochs: 50 0.506 500 0.324": lambda: (
            fit_says("model=network epoch=50", "0.506 on new")
            and fit_says("model=network epoch=500", "0.324 on new", "no other epoch")
        ),
        "last epoch: 20,000 0.010 0.382": lambda: fit_says(
            "model=network epoch=20,000", "0.010 on the 16", "0.382 on new"
        ),
        "good ridge: 1 15 0.360 3.49": lambda: fit_says("degree=15 ridge=1", "0.360 on new"),
        "strong ridge: 10 0.600": lambda: fit_says(
            "degree=15 ridge=10", "0.600 on new", "it underfits"
        ),
        "without noise: 0.000": lambda: fit_says(
            "degree=15 noise=0", "0.000 on new", "no other degree"
        ),
        "without noise, few points: 10 0.085": lambda: (
            f"{errors_of_calmest_fits(10, noise=0)[15]:.3f}" == "0.085"
        ),
        "temperatures, best: 5 3.98 20.3": lambda: fit_says(
            "data=temperatures degree=5", "3.98 °C on new", "no other degree", "off by 20.3 °C."
        ),
        "temperatures, beyond: 2 8.41": lambda: fit_says(
            "data=temperatures degree=2", "off by 8.41 °C."
        ),
        "best degree by seed: 13 1 20 3 4 5 6": lambda: (
            np.sum(best_degrees()[0] == 3) == 13 and set(best_degrees()[0]) == {3, 4, 5, 6}
        ),
        "cost of degree 3: 3 2.3": lambda: f"{100 * best_degrees()[1].max():.1f}" == "2.3",
    },
    "sampling-happened": {
        "one in a hundred: 655 65,536 0.520 0.506": lambda: sample_says(
            "way=random fraction=0.01", "655 pixels", "0.520", "0.506"
        ),
        "one in a thousand: 0.533": lambda: sample_says(
            "way=random fraction=0.001", "66 pixels", "0.533"
        ),
        "corner: 10.0 0.728": lambda: sample_says("way=corner fraction=0.1", "10.0 %", "0.728"),
        "every 10th: 10 10 0.506": lambda: sample_says(
            "'way=every n-th row and column' fraction=0.01", "(n = 10)", "brightness of 0.506"
        ),
        "bad steps: 16 32 0.900 0.550": lambda: (
            np.allclose([stripes_at(n) for n in (16, 32, 1)], [0.9, 0.9, 0.55])
            and all(abs(stripes_at(n) - 0.55) < 0.1 for n in steps_of_the_slider() - {16, 32})
        ),
        "another step: 27 0.620": lambda: f"{stripes_at(27):.3f}" == "0.620",
        "stripe: 8": lambda: stripes_at(1) == stripes_at(8),
        "two stripes: 16 16": lambda: stripes_at(16) == 0.9,
        "stripes at random: 0.034": lambda: f"{largest_miss_by_chance():.3f}" == "0.034",
        "histogram within 2 %: 8,250 12.6": lambda: (
            sample_says(
                "way=random fraction=0.12589254117941673",
                "8,250 pixels, 12.6 %",
                "histogram, 2.0 %",
            )
            and sample_says("way=random fraction=0.11220184543019636", "histogram, 2.1 %")
        ),
    },
}
SOURCED = {}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"degree(?: of| to)? 15|[Dd]egree \d+",
    r"trained for 20,000 epochs|right to within 2 %|section 1\.1|[Dd]epth 8",
    r"writes 1e-06",
    r"first with 16 points, then with 200|looks at all 16 points|and 16 points, and move",
    r"with 16 points and no ridge",
    r"Fewer than 16 points|0\.1 %, 1 %, 10 % and 100 % are|with noise 0\.3\. Change",
]
