"""ReLU converges far faster and eases overfitting (section 12.3 of our source): does it?"""

import functools
from collections import Counter
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import record
from lessonkit.explorers.drawing import SpreadCurve, apart, if_changed
from lessonkit.explorers.style import COLOURS, DASHES, HALO, NAMES, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import formatted, joined, number, several
from lessonkit.live import explore, in_pieces, lesson_style

RACERS = {  # name in the record → in the picture
    "sigmoid": "sigmoid",
    "sigmoid_4": "sigmoid ×4",
    **{name: NAMES[name] for name in ("tanh", "relu", "leaky_relu", "prelu", "elu", "silu")},
}
SHOWN_FIRST = ("sigmoid", "sigmoid_4", "tanh", "relu")
TARGET = 0.1  # the training loss that they race to
LOWEST, HIGHEST = 1e-4, 5  # of the axis of losses
ABOVE = 10**0.2  # rings of one epoch are stacked: each stands this many times higher


class Racer(NamedTuple):
    """Five networks with one activation, up to an epoch."""

    learning_rate: float
    training: np.ndarray  # (3, epoch + 1): the mean, lowest and highest training loss
    validation: np.ndarray  # (epoch + 1,): the mean validation loss
    loss: float  # the mean training loss now
    has_learned: bool  # whether it is 0.1 or less
    epochs_needed: float  # until it first was; ∞ if it has not been yet
    gap: float  # validation − training loss now: the mean of the five
    smallest_gap: float
    largest_gap: float


@as_table
class Facts(NamedTuple):
    """The networks that run, up to an epoch."""

    epoch: int
    shows_validation: bool  # besides the training loss
    racers: dict  # name in the record → Racer, in teaching order


@lesson_style()
def training_race():
    """Show how fast networks with different activations learn, and how much they overfit.

    Recorded: five runs of each, shown as their mean and their range. Controls: which activations,
    how many hidden layers, whether each has its own learning rate or all have the same, the
    validation loss, and the epoch up to which they have run.
    """
    recorded = record("training_race")
    losses = functools.cache(functools.partial(_losses, recorded))

    def measure(hidden_layers, own_rates, validation, epoch, **ticked):
        chosen = [name for name in RACERS if ticked[name]]
        racers = {n: _racer(*losses(n, hidden_layers, own_rates), epoch) for n in chosen}
        return Facts(epoch, validation, racers)

    figure = Figure(figsize=(7.6, 4.1))
    in_pieces(figure, (0, 490), (520, 760))
    panels = _Panels(figure, recorded["epochs"])
    return explore(measure, figure, panels.paint, say, **_controls(recorded["epochs"])).recorded(
        "hidden_layers own_rates epoch", "hidden_layers own_rates validation epoch/10"
    )


def _controls(epochs):
    ticks = {
        name: ipywidgets.Checkbox(
            name in SHOWN_FIRST, description=words.replace("×4", "(weights ×4)"), indent=False
        )
        for name, words in RACERS.items()
    }
    return ticks | {
        "hidden_layers": [("5 (deep)", 5), ("1 (shallow)", 1)],
        "own_rates": ipywidgets.Checkbox(
            True, description="individual learning rates", indent=False
        ),
        "validation": ipywidgets.Checkbox(False, description="validation loss, thin", indent=False),
        "epoch": ipywidgets.IntSlider(3, min=0, max=epochs),  # under way, with the race still open
    }


def _losses(recorded, activation, hidden_layers, own_rates):
    """Return the learning rate, and (2, runs, epochs): the training and the validation losses."""
    wanted = (activation, hidden_layers)
    (run,) = [r for r in recorded["runs"] if (r["activation"], r["hidden_layers"]) == wanted]
    kind = "losses" if own_rates else "losses_at_common_rate"
    rate = run["learning_rate"] if own_rates else recorded["common_learning_rate"]
    return rate, np.array([run[f"training_{kind}"], run[f"validation_{kind}"]])


def _racer(rate, losses, epoch):
    training, validation = losses[:, :, : epoch + 1]
    spread = np.array([training.mean(axis=0), training.min(axis=0), training.max(axis=0)])
    loss = float(spread[0, -1])
    there = np.flatnonzero(spread[0] <= TARGET)
    needed = int(there[0]) if there.size else np.inf
    gaps = validation[:, -1] - training[:, -1]
    gap = (float(gaps.mean()), float(gaps.min()), float(gaps.max()))
    return Racer(rate, spread, validation.mean(axis=0), loss, loss <= TARGET, needed, *gap)


class _Panels:
    """The losses by epoch on the left, the gaps between the two kinds of loss on the right."""

    def __init__(self, figure, epochs):
        losses, gaps = _loss_panel(figure, epochs), _gap_panel(figure)
        self.title = losses.set_title(" ")
        self.lanes = {name: _Lane(name, losses, gaps) for name in RACERS}
        self.now = losses.axvline(color=COLOURS["now"], lw=1, zorder=1, animated=True)

    def paint(self, facts):
        self._paint_title(facts.shows_validation)
        for name, lane in self.lanes.items():
            lane.show(name in facts.racers, facts.shows_validation)
        rings = Counter()  # epoch → how many have a ring there so far
        for row, (name, racer) in enumerate(facts.racers.items()):
            self.lanes[name].paint(racer, row, rings[racer.epochs_needed])
            rings[racer.epochs_needed] += 1
        self._place_labels(facts)
        self.now.set_xdata([facts.epoch, facts.epoch])

    @if_changed
    def _paint_title(self, shows_validation):
        thin = ", thin: validation loss" if shows_validation else ""
        self.title.set_text(f"training loss{thin}")

    def _place_labels(self, facts):
        """Put the labels beside the ends of the curves, apart from one another and in the panel."""
        lowest, highest = np.log10((LOWEST, HIGHEST))
        ends = [max(np.log10(racer.loss), lowest) for racer in facts.racers.values()]
        heights = apart(ends, 0.25, lowest, highest - 0.125)
        for name, height in zip(facts.racers, heights, strict=True):
            self.lanes[name].label.set_position((facts.epoch + 0.9, 10**height))


def _loss_panel(figure, epochs):
    axes = figure.add_axes((0.075, 0.1, 0.45, 0.82), xlim=(0, epochs), yscale="log")
    axes.set(ylim=(LOWEST, HIGHEST), xlabel="epoch")
    axes.set_yticks([0.0001, 0.001, 0.01, TARGET, 1], ["0.0001", "0.001", "0.01", "0.1", "1"])
    axes.set_yticks([], minor=True)
    axes.axhline(TARGET, color="0.6", lw=1, ls=(0, (4, 2)), zorder=1)
    return axes


def _gap_panel(figure):
    axes = figure.add_axes((0.7, 0.1, 0.27, 0.82), xlim=(0, 0.8), ylim=(len(RACERS), 0))
    axes.set(title="validation − training loss", yticks=[])
    axes.set_xticks([0, 0.4, 0.8], ["0", "0.4", "0.8"])
    axes.spines["left"].set_visible(False)
    return axes


class _Lane:
    """One racer on both panels: its losses, and the gap between the two kinds of loss."""

    def __init__(self, key, losses, gaps):
        self.name, colour = RACERS[key], COLOURS[key.removesuffix("_4")]
        dashes = DASHES.get(key, (0, (3, 1)) if key == "sigmoid_4" else "-")
        self.spread = SpreadCurve(losses, colour)
        self.spread.line.set_linestyle(dashes)
        self.spread.dot.set_clip_on(False)
        self.validation = losses.plot([], [], color=colour, lw=1, ls=dashes, animated=True)[0]
        ring = {"mfc": "white", "mec": colour, "ms": 8, "mew": 2, "zorder": 2.5}
        self.reached = losses.plot([], [], "o", **ring, animated=True)[0]
        text = {"color": ink(colour), "animated": True}
        self.label = losses.text(0, 1, self.name, va="center", path_effects=HALO, **text)
        self.bar = gaps.barh(0, 0, height=0.3, color=colour, animated=True)[0]
        self.range = gaps.plot([], [], color="0.2", lw=1.5, animated=True)[0]
        self.words = gaps.text(0, 0, "", color=ink(colour))
        self.number = gaps.text(0.8, 0, "", ha="right", **text)

    @if_changed
    def show(self, on, shows_validation):
        curve = (self.spread.band, self.spread.line, self.spread.dot, self.reached, self.label)
        for artist in (*curve, self.words, self.bar, self.range, self.number):
            artist.set_visible(on)
        self.validation.set_visible(on and shows_validation)

    def paint(self, racer, row, rings_below):
        """Show a racer in a row of the panel of gaps. rings_below: those its own is stacked on."""
        self._paint_words(row, racer.learning_rate)
        epochs = np.arange(len(racer.validation))
        self.spread.draw(epochs, *racer.training)
        self.validation.set_data(epochs, racer.validation)
        there = [racer.epochs_needed] if racer.epochs_needed < np.inf else []
        self.reached.set_data(there, [TARGET * ABOVE**rings_below] * len(there))
        self.bar.set(y=row + 0.5, width=racer.gap, alpha=1 if racer.has_learned else 0.3)
        self.range.set_data([racer.smallest_gap, racer.largest_gap], [row + 0.65] * 2)
        self.number.set(y=row + 0.4, text=formatted(racer.gap, ".2f"))

    @if_changed
    def _paint_words(self, row, rate):
        self.words.set(y=row + 0.4, text=f"{self.name}, rate {rate:g}")


def say(facts):
    """Return the caption: who reached TARGET after how many epochs, and how ReLU compares."""
    racers, epoch = {RACERS[key]: racer for key, racer in facts.racers.items()}, facts.epoch
    if not racers:
        return "No activation is shown: tick one."
    needed = {name: racer.epochs_needed for name, racer in racers.items()}
    if min(needed.values()) == np.inf:
        return _closest(racers, epoch)
    speeds = [f"{name} ({n if n < np.inf else f'over {epoch}'})" for name, n in needed.items()]
    caption = f"Epochs to a training loss of {TARGET}: {joined(speeds)}"
    relu = racers.pop("ReLU", None)
    if relu is None or not racers or relu.epochs_needed == np.inf:
        return f"{caption}."
    return f"{caption}{_lead(relu, racers, epoch)}. {_overfitting(relu, racers, epoch)}"


def _closest(racers, epoch):
    """Say who is closest to TARGET while none has reached it."""
    first = min(racers, key=lambda name: racers[name].loss)
    loss = number(racers[first].loss)
    when = f"After {several(epoch, 'epoch')}" if epoch else "Before training"
    if len(racers) == 1:
        return f"{when} {first} is at a training loss of {loss}, not yet down to {TARGET}."
    return f"{when} none has reached a training loss of {TARGET}; {first} is closest, at {loss}."


def _lead(relu, others, epoch):
    """Say whom ReLU has clearly beaten and who has beaten it; for others it is still open."""
    ours, needed = relu.epochs_needed, {name: r.epochs_needed for name, r in others.items()}
    far = [name for name, theirs in needed.items() if min(theirs, epoch + 1) >= 2 * ours]
    near = [name for name, theirs in needed.items() if theirs < 2 * ours]
    if not far and not near:
        return ""
    no = "" if far else "not "
    but = f", but not than {joined(near, 'or')}" if far and near else ""
    others_told = joined(far) if far else joined(near, "or")
    lead = f"; ReLU is {no}far faster (half the epochs or fewer) than {others_told}{but}"
    ahead = [name for name, theirs in needed.items() if 2 * theirs <= ours]
    if ahead:
        lead += f"; {joined(ahead)} {'is' if len(ahead) == 1 else 'are'} far faster than ReLU"
    return lead


def _overfitting(relu, others, epoch):
    """Say how ReLU's gap compares with those of the others that have learned by now."""
    learned = {name: racer for name, racer in others.items() if racer.has_learned}
    if not relu.has_learned or not learned:
        return f"At epoch {epoch} it is too early to compare overfitting."
    # clearly: in every run
    more = [name for name, racer in learned.items() if racer.largest_gap < relu.smallest_gap]
    less = [name for name, racer in learned.items() if racer.smallest_gap > relu.largest_gap]
    alike = [name for name in learned if name not in more + less]
    sides = (("clearly more than", more), ("clearly less than", less), ("much like", alike))
    compared = ", ".join(f"{words} {joined(names)}" for words, names in sides if names)
    verdict = "ReLU does not ease overfitting here"
    if less:
        verdict = "no clear verdict" if more or alike else "ReLU eases overfitting here"
    rest = [name for name in others if name not in learned]
    left_out = f" (Not compared: {joined(rest)}, still above {TARGET}.)" if rest else ""
    return (
        f"At epoch {epoch} ReLU's validation loss is {formatted(relu.gap, '.2f')} above its "
        f"training loss, {compared}: {verdict}.{left_out}"
    )
