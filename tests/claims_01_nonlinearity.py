"""What notebooks/01_nonlinearity.ipynb claims, and each claim worked out another way."""

import numpy as np
from explored import made, says
from PIL import Image
from scipy.interpolate import make_interp_spline

from lessonkit.datasets import DATA
from lessonkit.explorers.nonlinearity import approximation, linear_stack, smile
from lessonkit.explorers.nonlinearity.approximation import TO_FIT


def parabola_missed_by(pieces):
    """Return the largest error of the best pieces of straight line, in % of the height of x².

    The chords between equally spaced points, lowered by half of what they rise above the curve.
    """
    ends = np.linspace(-1, 1, pieces + 1)
    x = np.linspace(-1, 1, 100 * pieces + 1)
    above = make_interp_spline(ends, ends**2, k=1)(x) - x**2
    return 100 * above.max() / 2


def wave(units):
    return f"'target=sine wave' activation=ReLU hidden_units={units}"


def row(units):
    return f"'target=row of pixels' activation=ReLU hidden_units={units}"


def leaky_says(layers, *words):
    return says(linear_stack, f"layers={layers} 'activation=leaky ReLU'", *words)


def height_of_the_smile():
    """Return how many pixels high it is on an ordinary screen."""
    figure = smile().picture
    figure.set_dpi(100)
    face = figure.axes[0]
    (height,) = (line.get_ydata().max() for line in face.lines if len(line.get_xdata()) == 2001)
    return np.diff(face.transData.transform([(0, 0), (0, height)])[:, 1])[0]


def magnification():
    """Return how much larger the magnifier shows what the face has framed."""
    face, _, magnifier = smile().picture.axes
    left, right = magnifier.get_xlim()
    small, large = (
        np.ptp(axes.transData.transform([(left, 0), (right, 0)])[:, 0])
        for axes in (face, magnifier)
    )
    return large / small


def overshoot(units):
    """Return how far so many ReLU units, fitted to the step at 400 points, rise above its top."""

    def inputs(x):
        columns = [np.maximum(x - k / units, 0) for k in range(units)]
        return np.column_stack([*columns, np.ones(len(x))])

    x = (np.arange(400) + 0.5) / 400
    weights = np.linalg.lstsq(inputs(x), 1.0 * (x > 0.5), rcond=None)[0]
    return (inputs(np.arange(units + 1) / units) @ weights).max() - 1  # at its joints


def facts_of(make, code):
    explorer = made(make)
    explorer.set(code)
    return explorer.facts


def rounding(layers):
    """Return by how much the stack with nothing between is off at most."""
    return facts_of(linear_stack, f"activation=nothing layers={layers}").error


def row_drawn_and_read():
    """Return the target that is drawn, and the same read from the photograph's file."""
    facts = facts_of(approximation, row(10))
    pixels = np.asarray(Image.open(DATA / "photographs" / "coffee.png"), dtype=float)[192:196] / 255
    means = [pixels[:, left : left + 4].mean() for left in range(0, pixels.shape[1] - 3, 4)]
    return facts.target, make_interp_spline(np.linspace(0, 1, len(means)), means, k=1)(facts.x)


def error_of_row(units):
    return facts_of(approximation, row(units)).error


CLAIMS = {
    "smile-question": {
        "slider: 0 40": lambda: smile().controls["units"].max == 40,
        "magnifier: 20": lambda: abs(magnification() - 20) < 0.2,
    },
    "smile-happened": {
        "one straight line: 50.0": lambda: parabola_missed_by(1) == 50,
        "1, 2 and 5 bends: 12.5 5.56 5 1.39": lambda: (
            [f"{parabola_missed_by(pieces):.3g}" for pieces in (2, 3, 6)]
            == ["12.5", "5.56", "1.39"]
        ),
        "most units: 40": lambda: smile().controls["units"].max == 40,
        "two and three pieces: 4 9": lambda: np.allclose(
            [parabola_missed_by(1) / parabola_missed_by(pieces) for pieces in (2, 3)], [4, 9]
        ),
        "twice as many pieces: 10 0.500 20 0.125": lambda: (
            [f"{parabola_missed_by(pieces):.3f}" for pieces in (10, 20)] == ["0.500", "0.125"]
        ),
    },
    "smile-try": {
        "in pixels: 0.413 84": lambda: (
            f"{parabola_missed_by(11):.3f}" == "0.413"
            and round(height_of_the_smile()) == 84
            and 0.3 < parabola_missed_by(11) / 100 * height_of_the_smile() < 0.37
        ),
        "below one percent: 7 0.781 6 1.02": lambda: (
            [f"{parabola_missed_by(pieces):.3g}" for pieces in (8, 7)] == ["0.781", "1.02"]
        ),
    },
    "stack-happened": {
        "nothing between: 18 18": lambda: all(
            says(linear_stack, f"activation=nothing layers={n}", "18 of 18 lines")
            for n in range(1, 7)
        ),
        "rounding error: 10": lambda: (
            f"{1e-14:.14f}" == "0." + 13 * "0" + "1"
            and all(0 < rounding(layers) <= 1e-14 for layers in range(2, 7))
        ),
        "bends of leaky ReLU: 27 97": lambda: (
            leaky_says(2, "bend 27 times in all") and leaky_says(6, "bend 97 times in all")
        ),
        "closest single layer: 0.363 2": lambda: leaky_says(3, "off by up to 0.363", "2 wide"),
        "“With tanh, no line stays straight”": lambda: says(
            linear_stack, "activation=tanh layers=3", " 0 of 18 lines"
        ),
    },
    "stack-try": {
        "most bends of a line: 2 4 6 7 8": lambda: all(
            leaky_says(layers, f"up to {most} times each")
            for layers, most in zip(range(2, 7), (2, 4, 6, 7, 8), strict=True)
        ),
    },
    "approximation-question": {
        "blocks of the row: 4 4": lambda: np.allclose(*row_drawn_and_read()),
    },
    "approximation-happened": {
        "wave: 20 1.60 100 0.068": lambda: (
            says(approximation, wave(20), " 1.60 %") and says(approximation, wave(100), " 0.068 %")
        ),
        "row of pixels: 20 34.3 100 4.17": lambda: (
            says(approximation, row(20), " 34.3 %") and says(approximation, row(100), " 4.17 %")
        ),
        "half the jump: 50.0": lambda: all(
            says(approximation, f"target=step activation={name} hidden_units={n}", " 50.0 %")
            for n in (1, 10, 100)
            for name in ("ReLU", "sigmoid", "tanh")
        ),
        "overshoot: 13 14 10 100": lambda: (
            [f"{100 * overshoot(units):.0f}" for units in (10, 20, 50, 100)]
            == ["13", "13", "14", "14"]
        ),
        "sigmoid ahead: 10 4.00 6.51": lambda: (
            says(approximation, wave(10).replace("ReLU", "sigmoid"), " 4.00 %")
            and says(approximation, wave(10), " 6.51 %")
        ),
        "sigmoid behind: 100 0.389 0.515": lambda: (
            says(approximation, wave(100).replace("ReLU", "sigmoid"), " 0.389 %")
            and says(approximation, wave(100).replace("ReLU", "tanh"), " 0.515 %")
        ),
        "“none of which was used for the fit”": lambda: (
            np.abs(facts_of(approximation, row(1)).x[:, np.newaxis] - TO_FIT).min() > 1e-4
        ),
        "smile, here and above: 4 4.17 2.00": lambda: (
            says(approximation, "target=smile activation=ReLU hidden_units=4", " 4.17 %")
            and says(smile, "units=4", " 2.00 %")
        ),
        "points to fit: 400": lambda: len(TO_FIT) == 400,
    },
    "approximation-try": {
        "row within a tenth: 93 92 10.9 60 8.97 61 10.7": lambda: (
            all(error_of_row(units) < 10 for units in range(93, 101))
            and all(
                says(approximation, row(units), f" {error} %")
                for units, error in ((92, 10.9), (60, 8.97), (61, 10.7))
            )
        ),
        "one unit more is worse: 2 5": lambda: (
            says(approximation, row(2), " 48.6 %") and says(approximation, row(5), " 58.2 %")
        ),
    },
}
SOURCED = {}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"go from 2 to 6 layers",
    r"step and 100 ReLU units",
]
