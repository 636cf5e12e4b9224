"""What notebooks/01_nonlinearity.ipynb claims, and each claim worked out another way."""

import numpy as np
from explored import says
from scipy.interpolate import make_interp_spline

from lessonkit.explorers import nonlinearity
from lessonkit.explorers.nonlinearity import approximation, linear_stack, smile


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


CLAIMS = {
    "It is off by 50.0 % of the smile's height": lambda: parabola_missed_by(1) == 50,
    "One unit, one bend: 12.5 %. Two bends: 5.56 %. With 5 bends the error is 1.39 %": lambda: (
        [f"{parabola_missed_by(pieces):.3g}" for pieces in (2, 3, 6)] == ["12.5", "5.56", "1.39"]
    ),
    "even with 40 units": lambda: smile().controls["units"].max == 40,
    "4 times for two pieces, 9 times for three": lambda: np.allclose(
        [parabola_missed_by(1) / parabola_missed_by(pieces) for pieces in (2, 3)], [4, 9]
    ),
    "from 0 to 40": lambda: smile().controls["units"].max == 40,
    "18 of 18 lines stay straight, however many layers there are": lambda: all(
        says(linear_stack, f"activation=none layers={n}", "18 of 18 lines") for n in range(1, 7)
    ),
    "only 7 of 18 lines stay straight": lambda: says(
        linear_stack, "activation=ReLU layers=3", "7 of 18 lines"
    ),
    "is off by up to 0.494, where the grid is 2 wide": lambda: says(
        linear_stack, "activation=ReLU layers=3", "off by up to 0.494", "2 wide"
    ),
    "With tanh no line stays straight": lambda: says(
        linear_stack, "activation=tanh layers=3", " 0 of 18 lines"
    ),
    "with 20 the largest error is 1.60 % of the height, with 100 it is 0.068 %": lambda: (
        says(approximation, wave(20), " 1.60 %") and says(approximation, wave(100), " 0.068 %")
    ),
    "With 20 units it is still off by 34.3 %, with 100 by 4.17 %": lambda: (
        says(approximation, row(20), " 34.3 %") and says(approximation, row(100), " 4.17 %")
    ),
    "the largest error stays at 50.0 %": lambda: all(
        says(approximation, f"target=step activation={name} hidden_units={n}", " 50.0 %")
        for n in (1, 10, 100)
        for name in ("ReLU", "sigmoid", "tanh")
    ),
    "the squared errors at 400 points": lambda: len(nonlinearity.TO_FIT) == 400,
    "go from 2 to 5 units. The largest error grows": lambda: (
        says(approximation, row(2), " 48.6 %") and says(approximation, row(5), " 58.2 %")
    ),
}
SOURCED = {}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"go from 2 to 6 layers",
    r"step and 100 ReLU units",
]
