"""Softmax turns scores into probabilities, if nothing overflows (equation 12-2 of our source)."""

from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.explorers.softmax.class_bars import CLASSES, ROWS, SOFTMAX, ClassBars, exact, highest
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import formatted, joined
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.softmax import softmax

LARGEST = np.log(np.finfo(float).max)  # exp() of more than this overflows


class Steps(NamedTuple):
    """One way from scores to probabilities. Arrays are (3,), for cat, dog and ship."""

    scores: np.ndarray
    powers: np.ndarray  # exp(score / temperature)
    total: float  # their sum
    probabilities: np.ndarray


@as_table
class Facts(NamedTuple):
    """Three scores and their probabilities, worked out in two ways."""

    temperature: float
    added: int  # 0 or 1000, to every score
    written: Steps  # by the formula as written: nan where exp() overflows
    safe: Steps  # with the largest score subtracted first


@lesson_style()
def scores_to_probabilities():
    """Show how softmax turns three scores into probabilities, as its formula is written and safely.

    Controls: the three scores; the temperature T by which they are divided; and whether 1000 is
    added to all of them, which makes the exponentials of the formula as written overflow.
    """
    figure = Figure(figsize=(7.6, 3.5))
    heading = "the formula as written"
    written = _StepPanels(figure, 0.61, heading, "score z", "exp(z / T)", (-5, 5))
    heading = "the same, but the largest score is subtracted first"
    safe = _StepPanels(figure, 0.09, heading, "z − largest", "exp((z − largest) / T)", (-10, 0))

    def fit(narrow):
        written.fit(narrow)
        safe.fit(narrow)

    in_pieces(figure, *_StepPanels.pieces(0, 165), *_StepPanels.pieces(180, 350), fit=fit)

    def paint(facts):
        written.paint(facts.written, facts.added)
        safe.paint(facts.safe, 0)

    scores = dict.fromkeys(CLASSES, (-5, 5, 0.1))
    temperature = ipywidgets.FloatSlider(1, min=0.1, max=5, step=0.05, description="temperature T")
    plus_1000 = ipywidgets.Checkbox(description="+1000 to all scores", indent=False)
    controls = {"temperature": temperature, "plus_1000": plus_1000}
    return explore(measure, figure, paint, say, **scores, **controls).recorded(
        "plus_1000", "cat", "dog", "ship", "cat=5 dog", "cat=5 dog=2 ship", "temperature"
    )


def measure(temperature, plus_1000, cat=4, dog=1, ship=-2):
    """Return the facts of three scores."""
    added = 1000 if plus_1000 else 0
    z = np.array([cat, dog, ship]) + added
    with np.errstate(all="ignore"):  # this formula is here to show that it overflows
        powers = np.exp(z / temperature)
        written = Steps(z, powers, powers.sum(), powers / powers.sum())
    gaps = z - z.max()
    powers = np.exp(gaps / temperature)
    safe = Steps(gaps, powers, powers.sum(), softmax(z, temperature=temperature))
    return Facts(temperature, added, written, safe)


class _StepPanels:
    """One way from scores to probabilities: three panels of bars, from left to right."""

    def __init__(self, figure, bottom, heading, score, power, limits):
        figure.text(0.01, bottom + 0.345, heading, weight="bold", va="center")
        scores = figure.add_axes((0.065, bottom, 0.14, 0.235))
        powers = figure.add_axes((0.365, bottom, 0.135, 0.235))
        probabilities = figure.add_axes((0.715, bottom, 0.15, 0.235))
        self.scores = ClassBars(scores, score, limits)
        self.powers = ClassBars(powers, power, (0, 1))
        powers.set_yticks([])  # the names of the classes stand on its left already
        self.probabilities = ClassBars(probabilities, "÷ sum = probability", (0, 1), SOFTMAX)
        self.origin = scores.text(0, 2.9, "", ha="center", va="center", animated=True)
        self.total = self.powers.text_beside(2.9)

    @staticmethod
    def pieces(top, bottom):
        """Return the heading and the three panels between two heights, each with its classes."""
        below, sides = top + 30, ((0, 255), (235, 495), (500, 760))
        panels = ((left, below, right, bottom) for left, right in sides)
        return None, (0, top, 314, below), None, *panels

    def fit(self, narrow):
        """Name the classes of the powers too where no panel stands on their left."""
        self.powers.axes.set_yticks(*((ROWS, CLASSES) if narrow else ([],)))

    def paint(self, steps, origin):
        """Show the steps. A score's bar starts at origin; a power's is its share of the largest."""
        self.scores.draw(steps.scores - origin, [formatted(z, ".1f") for z in steps.scores])
        self.origin.set_text(f"{origin}")
        finite = np.isfinite(steps.powers)
        shares = np.divide(steps.powers, steps.powers.max(), out=np.ones(len(finite)), where=finite)
        self.powers.draw(shares, map(exact, steps.powers))
        for bar, is_finite in zip(self.powers.bars, finite, strict=True):
            bar.set_hatch(None if is_finite else "///")
        self.total.set_text(f"sum {exact(steps.total)}")
        self.probabilities.draw(steps.probabilities, map(exact, steps.probabilities))


def say(facts):
    """Return the caption of three scores and their probabilities."""
    scores = facts.written.scores
    told = zip(CLASSES, facts.safe.probabilities, strict=True)
    probabilities = joined([f"{exact(p)} ({name})" for name, p in told])
    if np.isnan(facts.written.probabilities).any():
        return (
            f"The formula as written gives nan: exp({scores.max():.1f} / {facts.temperature:.2f}) "
            f"exceeds exp({LARGEST:.2f}), the limit of float64, and inf / inf is nan. Subtract the "
            f"largest first, and nothing changes: {probabilities}."
        )
    return (
        f"At temperature {facts.temperature:.2f} the scores "
        f"{joined([formatted(z, '.1f') for z in scores])} become the probabilities "
        f"{probabilities}, both ways. The highest score has the highest probability at any "
        f"temperature: {highest(facts.safe.probabilities)}."
    )
