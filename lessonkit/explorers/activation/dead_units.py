"""ReLU neurons die late in training, and leaky ReLU and others cure it (section 12.3): do they?"""

from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import record
from lessonkit.explorers.drawing import SpreadCurve, if_changed
from lessonkit.explorers.style import COLOURS, DASHES, NAMES, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import formatted, percent, several
from lessonkit.live import explore, in_pieces, lesson_style

NEURONS = 64  # in every hidden layer
EPOCH = 40  # steps
FIRST_EPOCH = 6  # the place of its end among the recorded steps
NEGATIVE = "negative sum on every digit"
CENSUS = f"neurons with a\n{NEGATIVE}"  # title of the panel of all activations
LAYERS = [("the only one", 0), ("first of two", 1), ("second of two", 2)]
# Why an activation's neurons still learn where their sum is negative on every digit.
STILL_LEARN = {
    "leaky_relu": "their slope there is 0.01",
    "rrelu": "their slope there is random, 1/8 to 1/3",
    "prelu": "their slope there is learned",
    "elu": "their slope there is not 0",
    "sigmoid": "their slope is never 0",
}


class Neurons(NamedTuple):
    """All neurons with one activation now, in the runs that have not broken down."""

    negative: float  # share with a negative sum on every digit, 0..1; 0 if no run is left
    flat: float  # share with a slope below 0.001 on every digit, 0..1
    accuracy: float  # share of the training digits read correctly, 0..1; NaN if no run is left
    runs: int  # that have not broken down
    broken: int  # runs that have broken down


@as_table
class Facts(NamedTuple):
    """The neurons of a hidden layer after some steps of training."""

    activation: str  # whose course is shown
    layer: int  # 0: the only hidden one; 1 and 2: the first and the second of two
    steps: int  # of training; 40 make an epoch
    place: int  # of this number of steps among the 11 recorded
    course: np.ndarray  # (3, 11): mean, lowest and highest share of negative neurons at each
    slopes: np.ndarray  # (3, 11): median, 10th and 90th percentile of PReLU's slopes at each
    census: dict  # activation → Neurons
    # Course and slopes are NaN where every run has broken down.


@lesson_style()
def dead_units():
    """Show how many neurons of a hidden layer are negative on every training digit, and when.

    With ReLU these are dead. Recorded: five runs of each activation, from the same weights.
    Controls: the activation whose course is shown, the layer, the learning rate, the bias of all
    neurons at the start, and how long they have been trained.
    """
    recorded = record("dead_units")
    figure = Figure(figsize=(7.6, 4.3))
    panels = _Panels(figure, recorded["activations"])
    in_pieces(figure, (0, 380), (412, 760), fit=panels.fit)
    return explore(
        _Record(recorded).measure, figure, panels.paint, say, **_controls(recorded)
    ).recorded(
        "learning_rate after",
        "layer bias after",
        "activation layer bias",
        "activation learning_rate",
        "activation after",
    )


def _controls(recorded):
    when = [(_in_words(steps), steps) for steps in recorded["steps"]]
    rates = [(f"{rate:g}", rate) for rate in recorded["learning_rates"]]
    return {
        "activation": [(NAMES[name], name) for name in recorded["activations"]],
        "layer": ipywidgets.Dropdown(options=LAYERS, description="hidden layer"),
        "learning_rate": ipywidgets.SelectionSlider(options=rates, value=0.1),
        "bias": ipywidgets.IntSlider(
            0, min=min(recorded["biases"]), max=0, step=2, description="bias at the start"
        ),
        "after": ipywidgets.SelectionSlider(
            options=when, value=recorded["steps"][-1], description="trained for"
        ),
    }


def _in_words(steps):
    return several(steps // EPOCH, "epoch") if steps >= EPOCH else several(steps, "step")


class _Record:
    """What was recorded, as arrays; a run is NaN from where it has broken down.

    Their axes: layers, activations, learning rates, biases, runs (of negative only) and steps.
    """

    def __init__(self, recorded):
        self.recorded = recorded
        self.negative, self.flat, self.accuracy, self.slopes = (
            np.array(recorded[part], float) for part in ("negative", "flat", "accuracy", "slopes")
        )

    def measure(self, activation, layer, learning_rate, bias, after):
        names, place = self.recorded["activations"], self.recorded["steps"].index(after)
        rate = self.recorded["learning_rates"].index(learning_rate)
        setting = rate, self.recorded["biases"].index(bias)
        course = _mean_and_ends(self.negative[layer, names.index(activation), *setting] / NEURONS)
        tenth, median, nine_tenths = self.slopes[:, layer, *setting]
        slopes = np.array([median, tenth, nine_tenths])
        census = {name: self._neurons(layer, n, *setting, place) for n, name in enumerate(names)}
        return Facts(activation, layer, after, place, course, slopes, census)

    def _neurons(self, layer, activation, rate, bias, place):
        here = activation, rate, bias, ..., place
        negative = self.negative[layer][here]
        runs = int(np.isfinite(negative).sum())
        every = max(1, NEURONS * runs)
        shares = float(np.nansum(negative) / every), float(self.flat[layer][here] / every)
        accuracy = float(self.accuracy[min(layer, 1)][here])  # that of two layers is one network's
        return Neurons(*shares, accuracy, runs, len(negative) - runs)


def _mean_and_ends(shares):
    """Return (3, steps): mean, lowest and highest of shares, (runs, steps); NaN where all are."""
    with np.errstate(invalid="ignore"):
        mean = np.nansum(shares, axis=0) / np.isfinite(shares).sum(axis=0)
    return np.array([mean, np.fmin.reduce(shares), np.fmax.reduce(shares)])


class _Panels:
    """The neurons and PReLU's slopes by step, one above the other; all activations' neurons now."""

    def __init__(self, figure, activations):
        self.course = _Course(figure, 0.49, 0.4, [""] * 6)
        self.course.axes.set_ylim(0, 100)
        self.course.axes.set_yticks([0, 50, 100], ["0", "50", "100 %"])
        self.slopes = _Course(figure, 0.12, 0.24, ["0", "1 step", "10", "1 epoch", "4", "16"])
        self.slopes.dress("prelu", "PReLU: the middle 80 % of its slopes")
        self.slopes.axes.set_ylim(-0.4, 0.65)
        self.slopes.axes.set_yticks([0, 0.25, 0.5], ["0", "0.25", "0.5"])
        self.slopes.axes.axhline(0, color="0.8", lw=1, zorder=0)
        self.census = axes = _census_panel(figure, len(activations))
        self.rows = {name: _CensusRow(axes, row, name) for row, name in enumerate(activations)}

    def fit(self, narrow):
        """Keep titles and ticks clear of each other on a narrow page."""
        self.census.set_title(NEGATIVE.replace(" on", "\non") if narrow else CENSUS)
        self.slopes.axes.get_xticklabels()[1].set_ha("left" if narrow else "center")

    def paint(self, facts):
        words = "neurons dead" if facts.activation == "relu" else NEGATIVE
        self.course.dress(facts.activation, f"{NAMES[facts.activation]}: {words}")
        self.course.paint(100 * facts.course, facts.place)
        self.slopes.paint(facts.slopes, facts.place)
        for name, row in self.rows.items():
            row.paint(facts.census[name])


class _Course:
    """A mean and its spread after each recorded number of steps, evenly spaced."""

    def __init__(self, figure, bottom, height, names):
        self.axes = figure.add_axes((0.07, bottom, 0.415, height), xlim=(0, 10))
        self.axes.set_xticks([0, 1, 4, 6, 8, 10], names)
        self.title = self.axes.set_title(" ", pad=5)
        self.spread = SpreadCurve(self.axes, "black")
        self.spread.dot.set_clip_on(False)
        self.now = self.axes.axvline(color=COLOURS["now"], lw=1, zorder=1, animated=True)

    @if_changed
    def dress(self, activation, title):
        """Show which activation this is, by title and colour."""
        self.title.set_text(title)
        self.spread.line.set(color=COLOURS[activation], ls=DASHES.get(activation, "-"))
        self.spread.dot.set_markerfacecolor(COLOURS[activation])
        self.spread.band.set_facecolor(COLOURS[activation])

    def paint(self, curves, place):
        """Show curves, (3, steps), NaN from where the training has broken down; mark a step."""
        there = np.isfinite(curves[0])
        self.spread.draw(np.flatnonzero(there), *curves[:, there], min(place, there.sum() - 1))
        self.spread.dot.set_visible(there[place])
        self.now.set_xdata([place, place])


def _census_panel(figure, rows):
    axes = figure.add_axes((0.555, 0.12, 0.34, 0.77), xlim=(0, 100), ylim=(rows, 0))
    axes.set(title=CENSUS, yticks=[])
    axes.set_xticks([0, 50, 100], ["0", "50", "100 %"])
    axes.spines["left"].set_visible(False)
    axes.set_title("training\ndigits read", loc="right", x=1.22, color="0.3")
    axes.set_xlabel("solid: slope below 0.001   striped: still learns", loc="left")
    return axes


class _CensusRow:
    """One activation's neurons now: solid where the slope is tiny, else striped."""

    def __init__(self, axes, row, activation):
        colour = COLOURS[activation]
        axes.text(0, row + 0.5, NAMES[activation], color=ink(colour))
        bar = {"height": 0.26, "color": colour, "animated": True}
        self.flat = axes.barh([row + 0.71], [0], **bar)[0]
        self.alive = axes.barh([row + 0.71], [0], **bar | {"hatch": "////", "ec": "white"})[0]
        text = {"ha": "right", "animated": True}
        self.percent = axes.text(100, row + 0.5, "", color=ink(colour), **text)
        self.accuracy = axes.text(122, row + 0.5, "", color="0.3", **text)

    def paint(self, neurons):
        alive = neurons.negative - neurons.flat
        # A bar that is 0 wide would still show its edge.
        self.flat.set(width=100 * neurons.flat, visible=neurons.flat > 0)
        self.alive.set(x=100 * neurons.flat, width=100 * alive, visible=alive > 0)
        which = (
            f"{neurons.runs} of {neurons.runs + neurons.broken} runs: " if neurons.broken else ""
        )
        share = f"{which}{percent(neurons.negative)}"
        self.percent.set_text(share if neurons.runs else "broke down")
        self.accuracy.set_text(f"{100 * neurons.accuracy:.0f} %" if neurons.runs else "–")


def say(facts):
    """Return the caption: how many neurons are negative on every digit, and what that means."""
    when = f"After {_in_words(facts.steps)}" if facts.steps else "Before training"
    name, ours = NAMES[facts.activation], facts.census[facts.activation]
    broken = f"{ours.broken} of the" if ours.runs else "all"
    broken += f" {ours.runs + ours.broken} runs with {name} had broken down"
    with_relu = f"With ReLU {percent(facts.census['relu'].negative)} are dead."
    if not ours.runs:
        return f"{when} {broken}: the learning rate is too high. {with_relu}"
    share, least, most = map(percent, facts.course[:, facts.place])
    ends = f"{least} to {most} " if ours.runs > 1 else ""
    neurons = f"{share} of the {name} neurons ({ends}in {several(ours.runs, 'run')})"
    if facts.activation == "relu":
        caption = f"{when} {neurons} are dead, 0 on every digit.{_history(facts)}"
    else:
        fate = _fate(facts.activation, ours)
        caption = f"{when} {neurons} have a {NEGATIVE}{fate}. {with_relu}"
    if facts.activation == "prelu":
        slopes = facts.slopes[1:, facts.place]
        tenth, nine_tenths = (formatted(s, ",").removesuffix(".0") for s in slopes)  # as recorded
        caption += f" The middle 80 % of PReLU's slopes lie between {tenth} and {nine_tenths}."
    return caption + (f" ({broken}.)" if ours.broken else "")


def _fate(activation, neurons):
    """Say why neurons that are negative on every digit are not dead, or only just alive."""
    if neurons.negative == 0:
        return ""
    if neurons.flat > 0:
        flat = percent(neurons.flat)
        return f"; they are not dead, but {flat} have a slope below 0.001 and hardly learn"
    return f", but are not dead: {STILL_LEARN[activation]}, so they still learn"


def _history(facts):
    """Tell the shares before training and after the first epoch, and when most neurons died."""
    if facts.place == 0:
        return ""
    start, first, now = facts.course[0, [0, FIRST_EPOCH, facts.place]]
    before = f" Before training it was {percent(start)}"
    if facts.place <= FIRST_EPOCH:
        return f"{before}."
    return f"{before}, after the first epoch {percent(first)}{_when(first - start, now - first)}."


def _when(early, late):
    """Say when most neurons died or woke, from how the share changed in and after an epoch."""
    died, woke = "died", "came back to life"
    if early == late == 0:
        return ""
    if early * late < 0:
        one, other = (woke, died) if early < 0 else (died, woke)
        count = {1: "more", 0: "as many", -1: "fewer"}[np.sign(abs(late) - abs(early))]
        return f": neurons {one} in the first epoch, and {count} {other} after it"
    if early + late < 0:
        return f": neurons {woke}"
    return f": most deaths came {'in' if early > late else 'after'} the first epoch"
