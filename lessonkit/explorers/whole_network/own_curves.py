"""The curves of a training: loss on the left, share of the digits read correctly on the right."""

import numpy as np

from lessonkit.explorers.drawing import apart
from lessonkit.explorers.style import COLOURS, HALO, NEW, SEEN, ink
from lessonkit.explorers.words import formatted, percent

LOSSES = (0.003, 8)  # ends of the axis of losses; what is beyond is drawn at its end
ROOM = 1.6  # how far the axis goes, in budgets: labels stand behind the curves
LEFT, LOSS, ACCURACY = 0, 1, 2  # columns of a curve


class Curves:
    """Two panels, in which the curves of the training and of the digits held out grow."""

    def __init__(self, figure, recorded, budget):
        losses, accuracies = figure.subplots(1, 2)
        figure.subplots_adjust(0.07, 0.15, 0.99, 0.9, 0.16)
        losses.set(title="loss", yscale="log", ylim=LOSSES)
        losses.set_yticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
        losses.minorticks_off()
        accuracies.set(title="digits read correctly", ylim=(0, 1.02))
        accuracies.set_yticks([0, 0.5, 0.9, 1], ["0", "50", "90", "100 %"])
        self.budget, self.axes = budget, (losses, accuracies)
        for axes in self.axes:
            axes.set(xlabel="digits learned from")
            axes.set_xticks([0, budget / 2, budget], ["0", f"{budget // 2:,}", f"{budget:,}"])
            axes.grid(axis="y")
        self.fit(False)
        self.panels = (
            _Panel(losses, LOSS, 0.11, lambda loss: formatted(loss, ".2f")),
            _Panel(accuracies, ACCURACY, 0.085, percent),
        )
        self.recorded = self._draw_recorded(accuracies, recorded, budget)

    def fit(self, narrow):
        """Leave room for the labels behind the curves."""
        room = 2 * ROOM - 1 if narrow else ROOM
        for axes in self.axes:
            axes.set_xlim(0, room * self.budget)
            axes.xaxis.label.set(x=1 / room / 2)

    def _draw_recorded(self, axes, recorded, budget):
        """Return the recorded curve and its words: shown once a training has begun, no sooner.

        Before, they would answer what the learner is asked to predict.
        """
        seen, shares = recorded[:, recorded[0] <= budget]
        look = {"color": "0.55", "lw": 1.2, "ls": (0, (4, 2)), "zorder": 1, "animated": True}
        (curve,) = axes.plot(seen, shares, **look)
        look = {"ha": "center", "va": "top", "color": "0.35", "path_effects": HALO}
        words = "dashed: digits held out in the\nchapter's training, recorded"
        return curve, axes.text(0.6 * budget, 0.74, words, animated=True, **look)

    def paint(self, facts):
        for artist in self.recorded:
            artist.set_visible(facts.status != "untrained")
        for panel in self.panels:
            panel.paint(facts)


class _Panel:
    """One axes, with a curve and a label at its end for each kind of digits."""

    def __init__(self, axes, column, apart, words):
        self.axes, self.column, self.apart, self.words = axes, column, apart, words
        look = {"animated": True, "solid_capstyle": "round"}
        self.lines = {
            "held out": axes.plot([], [], color=NEW, zorder=3, **look)[0],
            "training": axes.plot([], [], color=SEEN, lw=1.3, zorder=2, **look)[0],
        }
        look = {"va": "center", "animated": True, "path_effects": HALO, "zorder": 4}
        self.labels = {
            "held out": axes.text(0, 0, "", color=ink(NEW), **look),
            "training": axes.text(0, 0, "", color=SEEN, **look),
        }
        now = {"color": COLOURS["now"], "lw": 1, "zorder": 1, "animated": True}
        self.now = axes.axvline(0, **now)

    def paint(self, facts):
        curves = {"held out": facts.held_out, "training": facts.training}
        shown = {name: curve for name, curve in curves.items() if len(curve)}
        for name, line in self.lines.items():
            curve = curves[name]
            line.set_data(curve[:, LEFT], np.clip(curve[:, self.column], *self.axes.get_ylim()))
            self.labels[name].set_text("")
        self.now.set_xdata([facts.seen, facts.seen])
        self._place_labels(shown, facts.seen)

    def _place_labels(self, shown, seen):
        """Put the labels behind the curves, apart from one another and inside the panel."""
        to_share = self.axes.transScale + self.axes.transLimits  # 0..1 from the bottom up
        low, high = self.axes.get_ylim()
        ends = [np.clip(curve[-1, self.column], low, high) for curve in shown.values()]
        heights = to_share.transform([(0, end) for end in ends])[:, 1]
        heights = apart(heights, self.apart, 0.03, 0.97)
        for (name, curve), height in zip(shown.items(), heights, strict=True):
            place = self.axes.transLimits.inverted()
            x = seen + 0.02 * self.axes.get_xlim()[1]
            self.labels[name].set_position((x, self._y(place, height)))
            self.labels[name].set_text(f"{name} {self.words(curve[-1, self.column])}")

    def _y(self, place, height):
        """Return the number on the axis at a height, 0..1."""
        scaled = place.transform((0, height))
        return self.axes.transScale.inverted().transform(scaled)[1]
