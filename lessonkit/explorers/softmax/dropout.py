"""Dropout weakens the overfitting of fully connected layers (question 1 of our source)."""

import functools
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import record
from lessonkit.explorers.drawing import NetworkDrawing, SpreadCurve
from lessonkit.explorers.style import COLOURS, HALO, NEW, SEEN, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import number, percent
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.network import Dropout

NEURONS = 20  # of the 256 hidden neurons: there is no room for more
HIGHEST = 0.6  # the highest loss shown; that of the first epochs is higher


class Losses(NamedTuple):
    """The losses up to an epoch, lists of (epoch + 1,), and what is then read correctly."""

    mean: list[float]  # over five networks
    least: list[float]  # of the five
    most: list[float]
    accuracy: float  # share of the digits, 0..1


@as_table
class Facts(NamedTuple):
    """Which neurons a training step leaves out, and how networks learned that way."""

    rate: float  # a neuron's probability of being left out
    neurons: np.ndarray  # (20,), what each output is multiplied by; 0: it is left out
    factor: float  # what the others' outputs are multiplied by
    epoch: int
    learning_rate: float
    training: Losses
    validation: Losses
    best_epoch: int  # after which the validation loss is lowest
    test_loss: float  # mean over the five, after that epoch


@lesson_style()
def dropout():
    """Show which hidden neurons dropout leaves out, and how networks learn digits with it.

    The networks were trained on 1,000 digits beforehand, five for each rate; data/README.md says
    how. Controls: the rate; the epoch; and the mask, each of which leaves out other neurons.
    """
    recorded = record("dropout")
    last, runs = recorded["epochs"], {run["rate"]: run for run in recorded["runs"]}
    panels = _Panels(runs, last)

    def measure(rate=0.5, epoch=last, mask=1):
        return facts_of(runs[rate], epoch, mask)

    controls = {"rate": (0, max(runs), 0.1), "epoch": (0, last), "mask": (1, 30)}
    return explore(measure, panels.figure, panels.paint, say, **controls).recorded(
        "mask", "rate", "epoch"
    )


def facts_of(run, epoch, mask):
    """Return the facts of a recorded run up to an epoch, and of a mask."""
    rate = run["rate"]
    neurons = Dropout(rate, mask).forward(np.ones(NEURONS), training=True)
    training, validation = (_losses(run, part, epoch) for part in ("training", "validation"))
    tested = run["best_epoch"], np.mean(run["test_losses"])
    return Facts(
        rate, neurons, 1 / (1 - rate), epoch, run["learning_rate"], training, validation, *tested
    )


def _losses(run, part, epoch):
    spread = (run[f"{part}_loss{end}"][: epoch + 1] for end in ("", "_least", "_most"))
    return Losses(*spread, run[f"{part}_accuracy"][epoch])


class _Panels:
    """The neurons of one training step, the losses up to an epoch, the test losses of all rates."""

    def __init__(self, runs, last):
        self.figure = figure = Figure(figsize=(7.6, 3.7))
        layers = figure.add_axes((0.005, 0.03, 0.25, 0.85), title="in one training step")
        self.network = NetworkDrawing(layers, 9, NEURONS, 5)
        axes = figure.add_axes((0.325, 0.13, 0.45, 0.75), xlim=(-1, 1.42 * last))
        axes.set(ylim=(-0.02, HIGHEST), yticks=[0, 0.2, 0.4, 0.6], xticks=[0, 30, last])
        self.losses = _Losses(axes, runs[0])
        tests = figure.add_axes((0.8, 0.13, 0.19, 0.75), sharey=axes, xlim=(-0.06, 0.86))
        self.rate = _test_losses(tests, runs)
        # Under the losses, the other panel needs the numbers of the axis that they share.
        fit = functools.partial(tests.tick_params, "y")
        in_pieces(figure, (0, 210), (215, 595), (565, 760), fit=lambda n: fit(labelleft=n))

    def paint(self, facts):
        self.network.draw(facts.neurons, COLOURS["relu"])
        self.losses.paint(facts)
        self.rate.set_xdata([facts.rate] * 2)


class _Losses:
    """Training and validation loss up to an epoch."""

    def __init__(self, axes, without):
        self.title = axes.set_title("", animated=True)
        axes.set_xlabel("epoch", loc="left", labelpad=1)
        axes.plot(without["validation_loss"], color="0.6", lw=1, ls=(0, (4, 2)))
        last, top = len(without["validation_loss"]) - 1, without["validation_loss_most"][-1]
        axes.text(last, top, "no dropout", color="0.4", ha="right", va="bottom")
        self.curves = SpreadCurve(axes, SEEN), SpreadCurve(axes, NEW)
        text = {"va": "center_baseline", "path_effects": HALO, "animated": True}
        self.names = [axes.text(0, 0, "", color=ink(colour), **text) for colour in (SEEN, NEW)]

    def paint(self, facts):
        self.title.set_text(f"loss at learning rate {facts.learning_rate:g}")
        parts = ("training", facts.training, 0.07), ("validation", facts.validation, 0.02)
        for (part, losses, below), curve, name in zip(parts, self.curves, self.names, strict=True):
            mean, least, most, _ = losses
            curve.draw(range(facts.epoch + 1), mean, least, most)
            name.set_text(f"  {part}{' ↑' if mean[-1] > HIGHEST else ''}")
            # if both losses are above the panel, one name stands below the other
            name.set_position((facts.epoch, min(mean[-1], HIGHEST - below)))


def _test_losses(axes, runs):
    """Draw every rate's test loss at its best epoch, and return the line that marks a rate."""
    axes.set(title="test loss", xticks=[0, 0.4, 0.8])
    axes.set_xlabel("rate", loc="left", labelpad=1)
    axes.tick_params(labelleft=False)
    axes.spines["left"].set_visible(False)
    mark = axes.axvline(color=COLOURS["now"], lw=1, animated=True)
    losses = np.array([run["test_losses"] for run in runs.values()])
    axes.vlines(list(runs), losses.min(axis=1), losses.max(axis=1), color=NEW, alpha=0.4)
    axes.plot(list(runs), losses.mean(axis=1), "o", color=NEW, ms=5)
    return mark


def say(facts):
    """Return the caption of dropout at an epoch."""
    count, (training, validation) = np.sum(facts.neurons == 0), (facts.training, facts.validation)
    left_out = "No neuron is left out; all outputs"
    if count:
        verb = "is" if count == 1 else "are"
        left_out = f"{count} of these {NEURONS} neurons {verb} left out; the others' outputs"
    return (
        f"{left_out} are multiplied by {facts.factor:.2f}. After epoch "
        f"{facts.epoch} the loss is {number(training.mean[-1])} on training and "
        f"{number(validation.mean[-1])} on validation digits ({number(validation.least[-1])} to "
        f"{number(validation.most[-1])} in five runs); {percent(training.accuracy)} and "
        f"{percent(validation.accuracy)} are read correctly. Test loss at the best epoch, "
        f"{facts.best_epoch}: {number(facts.test_loss)}."
    )
