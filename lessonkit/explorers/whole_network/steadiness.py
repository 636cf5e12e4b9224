"""The panel of small curves: how many test digits are read correctly when all are moved one way."""

import numpy as np

from lessonkit.digit_network import MOVES
from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.whole_network.layout import HEIGHT, TEXT, WIDTH

LEFT, BOTTOM, CURVE_WIDTH, CURVE_HEIGHT, GAP = 446, 494, 50, 54, 13


class Steadiness:
    """A curve for each way to move a digit, with a mark where it is now; or a word, if unmeasured.

    accuracies: name of a move, in the order of MOVES → accuracy at each of its values; {} for none.
    """

    def __init__(self, figure, accuracies):
        heading = "test digits read correctly if moved one way"
        if not accuracies:
            heading = "(Moved digits: not measured.)"
        figure.text(LEFT / WIDTH, 1 - 394 / HEIGHT, heading, va="center_baseline")
        self.marks, self.numbers = {}, {}
        for place, name in enumerate(accuracies):
            axes = self._axes(figure, place, name)
            least, most, _ = MOVES[name]
            xs = np.linspace(least, most, len(accuracies[name]))
            axes.plot(xs, accuracies[name], color="0.35", lw=1.5)
            look = {"color": COLOURS["now"], "ms": 6, "clip_on": False, "animated": True}
            self.marks[name] = axes.plot([], [], "o", **look)[0]
            look = {"color": ink(COLOURS["now"]), "transform": axes.transAxes} | TEXT
            self.numbers[name] = axes.text(0, 1.2, "", **look)

    def _axes(self, figure, place, name):
        least, most, _ = MOVES[name]
        left = (LEFT + place * (CURVE_WIDTH + GAP)) / WIDTH
        of = (left, 1 - BOTTOM / HEIGHT, CURVE_WIDTH / WIDTH, CURVE_HEIGHT / HEIGHT)
        axes = figure.add_axes(of, xlim=(least, most), ylim=(0, 1.03))
        axes.set_title(name.replace("_", " "), pad=18)
        ends = {0: f"±{most}"} if least == -most else {least: f"{least:g}", most: f"{most:g}"}
        axes.set_xticks(list(ends), list(ends.values()))
        if len(ends) == 2:
            for label, side in zip(axes.get_xticklabels(), ("left", "right"), strict=True):
                label.set_ha(side)
        axes.set_yticks([0, 0.5, 1], ["0", "50", "100 %"] if place == 0 else [])
        return axes

    @staticmethod
    def pieces():
        """Return the heading and the curves, one by one, as pieces of the picture."""
        top, first = 404, LEFT - 50
        lefts = [first, *(LEFT - 8 + place * (CURVE_WIDTH + GAP) for place in range(1, len(MOVES)))]
        ends = zip(lefts, [*lefts[1:], WIDTH], strict=True)
        return [(LEFT - 2, 384, WIDTH - 4, top), *((a, top, b, HEIGHT) for a, b in ends)]

    def paint(self, facts):
        for name, share in facts.accuracies.items():
            self.marks[name].set_data([facts.moves[name]], [share])
            self.numbers[name].set_text(f"{100 * share:.0f} %")
