"""How the capacity explorer draws a fit, and the errors against capacity."""

import numpy as np

from lessonkit.datasets import record
from lessonkit.explorers.drawing import apart, if_changed
from lessonkit.explorers.style import COLOURS, HALO, NEW, SEEN, ink


class FitPanel:
    """The points, the truth where it is known, and the fit."""

    def __init__(self, figure):
        self.axes = figure.add_axes((0.045, 0.115, 0.5, 0.765))
        dots = {"ls": "", "marker": "o", "animated": True}
        self.new = self.axes.plot([], [], **dots, color=NEW, alpha=0.3, ms=2.5, mew=0)[0]
        self.later = self.axes.plot([], [], **dots, color="0.6", ms=2.5, mew=0)[0]
        self.truth = self.axes.plot([], [], color="0.4", ls=(0, (4, 2)), animated=True)[0]
        self.fit = self.axes.plot([], [], color=COLOURS["now"], zorder=4, animated=True)[0]
        dots |= {"color": SEEN, "mec": "white", "clip_on": False}
        self.above, self.below = (
            self.axes.plot([], [], **dots | {"marker": marker}, zorder=5)[0] for marker in "^v"
        )
        self.seen = self.axes.plot([], [], **dots, zorder=3)[0]
        figure.text(0.045, 0.93, "seen points", color=SEEN, weight="bold")
        figure.text(0.19, 0.93, "new points", color=ink(NEW), weight="bold")
        figure.text(0.325, 0.93, "fit", color=ink(COLOURS["now"]), weight="bold")
        self.fourth = figure.text(0.37, 0.93, "", color="0.4", weight="bold")

    def paint(self, study, place):
        """Show the fit of the capacity at this place in the list."""
        made_up = study.noise is not None
        self._scale(made_up)
        (x, y), (low, high) = study.seen, self.axes.get_ylim()
        self.seen.set_data(x, np.where((y >= low) & (y <= high), y, np.nan))
        self.above.set_data(x, np.where(y > high, high, np.nan))
        self.below.set_data(x, np.where(y < low, low, np.nan))
        self.seen.set_markersize(7 if len(x) <= 60 else 5)
        self.new.set_data(*study.new)
        self.fit.set_data(study.grid, study.curves[place])
        self.truth.set_data(study.beyond if made_up else ([], []))
        self.later.set_data(([], []) if made_up else study.beyond)

    @if_changed
    def _scale(self, made_up):
        axes = self.axes
        if made_up:
            axes.set(xlim=(-0.02, 1.02), ylim=(-2.4, 2.4))
            axes.set_xticks([0, 0.5, 1], ["0", "x = 0.5", "1"])
            axes.set_yticks([-2, -1, 0, 1, 2], ["−2", "−1", "0", "1", "2"])
        else:
            axes.set(xlim=(-5, 367), ylim=(-6, 42))
            axes.set_xticks([0, 90, 181, 273], ["1 Jan", "1 Apr", "1 Jul", "1 Oct"])
            axes.set_yticks([0, 10, 20, 30, 40], ["0", "10", "20", "30", "°C"])
        self.fourth.set_text("truth" if made_up else "later, never used")


class ErrorPanel:
    """Both errors against capacity, with the current capacity and the best one marked."""

    def __init__(self, figure):
        self.axes = axes = figure.add_axes((0.615, 0.115, 0.25, 0.765), yscale="log")
        axes.set_title("typical error (root mean square)", pad=10)
        self.noise = axes.axhline(1, color="0.6", lw=1, ls=(0, (4, 2)), animated=True)
        self.now = axes.axvline(1, color=COLOURS["now"], lw=1, animated=True)
        ring = {"ms": 13, "mfc": "none", "mec": NEW, "mew": 1.5, "clip_on": False}
        self.best = axes.plot([], [], "o", **ring, animated=True)[0]
        self.lines = [axes.plot([], [], color=c, animated=True)[0] for c in (SEEN, NEW)]
        dot = {"marker": "o", "mec": "white", "zorder": 3, "clip_on": False, "animated": True}
        self.dots = [axes.plot([], [], color=c, **dot)[0] for c in (SEEN, NEW)]
        text = {"transform": axes.get_yaxis_transform(), "va": "center", "animated": True}
        self.labels = [
            axes.text(1.04, 1, label, color=colour, **text)
            for label, colour in (("seen points", SEEN), ("noise", "0.4"), ("new points", ink(NEW)))
        ]
        beside = {"textcoords": "offset points", "path_effects": HALO, "animated": True}
        self.says_best = axes.annotate("", (0, 0), (0, 0), color=ink(NEW), **beside)
        kept = record("fitting_network")  # test_errors: (networks, epochs)
        spread = np.sqrt([np.min(kept["test_errors"], axis=0), np.max(kept["test_errors"], axis=0)])
        self.band = axes.fill_between(kept["epochs"], *spread, color=NEW, alpha=0.25)

    def paint(self, facts):
        """Show the errors by capacity, and mark the current capacity and the best one."""
        study, capacities, place = facts.study, facts.study.capacities, facts.place
        self._scale(capacities[-1], facts.model, study.noise is None)
        low, high = self.axes.get_ylim()
        for line, dot, errors in zip(self.lines, self.dots, study.errors, strict=True):
            line.set_data(capacities, errors)
            dot.set_data([facts.capacity], [np.clip(errors[place], low, high)])
            dot.set_marker("v" if errors[place] < low else "^" if errors[place] > high else "o")
        self.now.set_xdata([facts.capacity] * 2)
        self._mark_best(capacities, capacities.index(facts.best), study.errors[1])
        for artist in (self.noise, self.labels[1]):
            artist.set_visible(bool(study.noise))
        self.noise.set_ydata([study.noise] * 2)
        seen, new = study.errors[:, -1]
        self._part_labels(np.array([seen, study.noise, new] if study.noise else [seen, new]))

    def _mark_best(self, capacities, best, errors):
        low, high = self.axes.get_ylim()
        x, y = capacities[best], np.clip(errors[best], 1.2 * low, high)  # above the ticks' labels
        self.best.set_data([x], [y])
        self.says_best.xy = x, y
        shift, side = (7, "left") if best < 0.7 * len(capacities) else (-7, "right")
        self.says_best.set(text=f"best: {x:,}", position=(shift, 10), ha=side)

    def _part_labels(self, ends):
        """Put each label at the end of its line, or just far enough from the others to be read."""
        low, high = np.log(self.axes.get_ylim())
        heights = np.interp(np.log(np.maximum(ends, 1e-99)), [low, high], [0, 1])
        labels = [label for label in self.labels if label.get_visible()]
        for label, height in zip(labels, apart(heights, 0.07, 0, 1), strict=True):
            label.set_y(np.exp(low + height * (high - low)))

    @if_changed
    def _scale(self, last, model, measured):
        """Set what depends only on the model and the kind of data; last: the highest capacity."""
        axes, network = self.axes, model == "network"
        name, ticks = {
            "polynomial": ("degree", [0, 5, 10, 15]),
            "tree": ("depth", [0, 2, 4, 6, 8]),
            "network": ("epoch (band: five networks)", [1, 100, 10_000]),
        }[model]
        axes.set_xscale("log" if network else "linear")
        axes.set_xlim((0.8, 3 * last) if network else (-0.04 * last, 1.04 * last))
        axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
        axes.set_xlabel(name, labelpad=1)
        axes.set_ylim((1, 25) if measured else (0.04, 10))
        ticks = [1, 3, 10] if measured else [0.1, 0.3, 1, 3, 10]
        axes.set_yticks(ticks, [f"{tick:g}{' °C' * measured}" for tick in ticks])
        axes.minorticks_off()
        self.band.set_visible(network)
