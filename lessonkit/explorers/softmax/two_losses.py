"""An SVM and softmax agree, and only look different (section 12.5 of our source): do they?"""

import functools
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.explorers.softmax.class_bars import (
    CLASSES,
    ROWS,
    SOFTMAX,
    ClassBars,
    exact,
    highest,
)
from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import formatted, scientific
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.softmax import (
    cross_entropy,
    cross_entropy_gradient,
    hinge_loss,
    hinge_loss_gradient,
    softmax,
)

HINGE = COLOURS["relu"]  # the hinge loss is a sum of ReLUs
MARGIN = 1  # the lead of the right score at which the hinge loss becomes 0
ALONG = np.linspace(-4, 8, 49)  # every position of the cat's slider
MARGIN_LINE = {"color": HINGE, "lw": 1.5, "ls": (0, (4, 2)), "animated": True}
TOP = 10  # of the panel of losses; curves may run beyond it


class Loss(NamedTuple):
    """A loss and its slope, for the scores now and for other scores of the cat."""

    loss: float
    slope: float  # by the cat's score
    losses: np.ndarray  # (49,), for the cat's scores ALONG
    slopes: np.ndarray  # (49,), for the same scores


@as_table
class Facts(NamedTuple):
    """How two losses judge three scores. Arrays are (3,), for cat, dog and ship."""

    label: str  # the right class
    scores: np.ndarray
    probabilities: np.ndarray
    lead: float  # of the right score over the best of the others; negative if it trails
    margin: float  # the score that no wrong score should exceed
    excess: np.ndarray  # by how much each wrong score does; their sum is the hinge loss
    bend: float  # the cat's score at which the hinge loss becomes flat
    hinge: Loss
    cross_entropy: Loss


@lesson_style()
def two_losses():
    """Show how the hinge loss of an SVM and softmax's cross-entropy judge the same three scores.

    Both losses, and the slopes of both, are drawn along the score of the cat. Controls: the three
    scores, and the right class.
    """
    panels = _Panels()
    label = ipywidgets.Dropdown(options=CLASSES, description="right class")
    wrong = dict.fromkeys(CLASSES[1:], (-3, 3, 0.25))
    controls = {"cat": (-4, 8, 0.25), **wrong, "label": label}
    return explore(measure, panels.figure, panels.paint, say, **controls).recorded(
        "label cat", "dog", "ship"
    )


def measure(label, cat=4, dog=1, ship=-2):
    """Return the facts of three scores, if `label` is the right class."""
    z, right = np.array([cat, dog, ship]), CLASSES.index(label)
    lead = z[right] - np.delete(z, right).max()
    margin = z[right] - MARGIN
    excess = np.where(np.arange(len(z)) == right, 0, np.maximum(z - margin, 0))
    bend = max(dog, ship) + MARGIN if label == "cat" else margin
    hinge = _judged(z, right, hinge_loss, hinge_loss_gradient)
    entropy = _judged(z, right, cross_entropy, cross_entropy_gradient)
    return Facts(label, z, softmax(z), lead, margin, excess, bend, hinge, entropy)


def _judged(z, right, loss, gradient):
    """Return a loss of the scores z, and of z with the cat's score anywhere ALONG."""
    now = loss([z], [right]), gradient([z], [right])[0, 0]
    return Loss(*now, *_along(*z[1:], right, loss, gradient))


@functools.lru_cache(maxsize=2)  # moving the cat's score changes neither curve
def _along(dog, ship, right, loss, gradient):
    z = np.array([[cat, dog, ship] for cat in ALONG])
    losses = [loss([row], [right]) for row in z]  # all at once would give their mean
    slopes = len(z) * gradient(z, np.full(len(z), right))[:, 0]  # here, too, the mean's
    return np.array(losses), slopes


class _Panels:
    """On the left scores and probabilities, on the right losses and slopes."""

    def __init__(self):
        self.figure = figure = Figure(figsize=(7.6, 3.9))
        in_pieces(figure, (0, 330), (335, -6, 760, 240), (335, 222, 760, 390), fit=self.fit)
        self.scores = _ScoresWithMargin(figure.add_axes((0.065, 0.59, 0.235, 0.31)))
        axes = figure.add_axes((0.065, 0.125, 0.235, 0.31))
        self.probabilities = ClassBars(axes, "softmax: probabilities", (0, 1), SOFTMAX)
        axes = figure.add_axes((0.485, 0.415, 0.495, 0.485), ylim=(-0.3, TOP), yticks=[0, 5, 10])
        self.losses = _Curves(axes, "loss")
        self.bend = axes.axvline(0, **MARGIN_LINE)
        axes = figure.add_axes((0.485, 0.125, 0.495, 0.2), ylim=(-2.3, 1.3), yticks=[-2, 0, 1])
        self.slopes = _Curves(axes, "slope")
        axes.set_xlabel("cat's score", loc="left", labelpad=2)
        axes.set_xticks([-4, 0, 4, 8])

    def fit(self, narrow):
        for curves in (self.losses, self.slopes):
            curves.fit(narrow)

    def paint(self, facts):
        self.scores.paint(facts)
        self.probabilities.draw(facts.probabilities, map(exact, facts.probabilities))
        both, cat = (facts.hinge, facts.cross_entropy), facts.scores[0]
        self.losses.draw(cat, [(one.losses, one.loss) for one in both])
        self.slopes.draw(cat, [(one.slopes, one.slope) for one in both])
        self.slopes.curves[0].set_drawstyle("steps-post" if facts.label == "cat" else "steps-pre")
        self.bend.set_xdata([facts.bend] * 2)


class _ScoresWithMargin(ClassBars):
    """Scores, and marked what wrong ones have beyond the margin: together the hinge loss."""

    def __init__(self, axes):
        super().__init__(axes, "SVM: scores", (-5.2, 8))
        self.excess = axes.barh(ROWS, 0, height=0.62, color=HINGE, animated=True)
        self.margin = axes.axvline(0, **MARGIN_LINE)
        look = {"ha": "center", "va": "center", "color": ink(HINGE), "animated": True}
        self.word = axes.text(0, 2.9, "margin", **look)

    def paint(self, facts):
        self.draw(facts.scores, [formatted(score, ".2f") for score in facts.scores])
        self.margin.set_xdata([facts.margin] * 2)
        self.word.set_x(facts.margin)
        rows = zip(CLASSES, self.bars, self.excess, facts.excess, strict=True)
        for name, bar, beyond, excess in rows:
            bar.set_facecolor("0.4" if name == facts.label else "0.65")
            beyond.set_x(facts.margin)
            beyond.set_width(excess)


class _Curves:
    """Hinge loss and cross-entropy, or the slopes of both, along the score of the cat."""

    def __init__(self, axes, title):
        axes.set(title=title, xlim=(-4, 8), xticks=[])
        axes.tick_params(pad=7)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.axhline(0, color="0.8", lw=1)
        self.now = axes.axvline(0, color=COLOURS["now"], lw=1, clip_on=False, animated=True)
        self.axes, self.title = axes, title
        self.curves, self.dots, self.names, self.words = [], [], [], []
        kinds = ((HINGE, "hinge", 0.31, 10), (SOFTMAX, "cross-entropy", 0.77, 7))
        for colour, name, place, size in kinds:
            look = {"color": colour, "animated": True}
            self.curves += axes.plot([], [], **look)
            self.dots += axes.plot([], [], "o", ms=size, mec="white", clip_on=False, **look)
            look = {"xycoords": axes.transAxes, "textcoords": "offset points", "color": ink(colour)}
            self.names.append(axes.annotate(name, (place, 1), (-5, 8), ha="right", **look))
            self.words.append(axes.annotate("", (place, 1), (0, 8), animated=True, **look))

    def fit(self, narrow):
        """On a narrow page put the names and numbers below each other."""
        places, heights = ((0.56, 0.56), (19, 6)) if narrow else ((0.31, 0.77), (8, 8))
        self.axes.set_title(self.title, pad=6 if narrow else None)
        for name, word, place, height in zip(self.names, self.words, places, heights, strict=True):
            name.xy = word.xy = (place, 1)
            name.set_position((-5, height))
            word.set_position((0, height))

    def draw(self, cat, both):
        """Show both curves ALONG, and a dot at the cat's score, or ▲ for a value above the top."""
        self.now.set_xdata([cat, cat])
        artists = zip(self.curves, self.dots, self.words, strict=True)
        for (heights, value), (curve, dot, word) in zip(both, artists, strict=True):
            curve.set_data(ALONG, heights)
            dot.set_data([cat], [min(value, TOP)])
            dot.set_marker("^" if value > TOP else "o")
            word.set_text(scientific(value))


def say(facts):
    """Return the caption of three scores and their two losses."""
    lead, hinge, entropy = facts.lead, facts.hinge, facts.cross_entropy
    leads = f"{'leads' if lead > 0 else 'trails'} by {abs(lead):.2f}" if lead else "has no lead"
    return (
        f"Highest score: {highest(facts.scores)}; highest probability: "
        f"{highest(facts.probabilities)}. The hinge loss is {scientific(hinge.loss)} (slope "
        f"{scientific(hinge.slope)} along the cat's score): {facts.label} {leads}, and a lead of "
        f"{MARGIN} makes it 0. Cross-entropy is {scientific(entropy.loss)} (slope "
        f"{scientific(entropy.slope)}) and never becomes 0."
    )
