"""The panel of the answer: scores as numbers, probabilities as bars, the winner on a band."""

from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from lessonkit.explorers.style import COLOURS
from lessonkit.explorers.whole_network.layout import BARS, DEPTH, TEXT, TOP, row_of
from lessonkit.explorers.words import formatted


class Answer:
    """Ten scores and what softmax makes of them."""

    def __init__(self, paper):
        left, right = BARS
        paper.text(right + 4, 14, "softmax", ha="right", va="center")
        paper.text(right + 4, 31, "probability", ha="right", va="center", color="0.4")
        rows = [row_of(digit) for digit in range(10)]
        for digit, y in enumerate(rows):
            paper.text(603, y, digit, ha="center", va="center_baseline", weight="bold")
        self.scores = [paper.text(689, y, "", ha="right", **TEXT) for y in rows]
        self.numbers = [paper.text(left, y - 6, "", **TEXT) for y in rows]
        look = {"color": COLOURS["sigmoid"], "animated": True}
        self.bars = paper.add_collection(LineCollection([], lw=5, **look))
        band = Rectangle((594, 0), 164, 30, alpha=0.15, lw=0, zorder=-1, **look)
        self.band = paper.add_patch(band)
        self.verdict = paper.text(right, TOP + DEPTH + 10, "", weight="bold", ha="right", **TEXT)

    def paint(self, facts):
        left, right = BARS
        ends = left + facts.probabilities * (right - left)
        rows = [row_of(digit) + 9 for digit in range(10)]
        self.bars.set_segments([[(left, y), (x, y)] for x, y in zip(ends, rows, strict=True)])
        for digit, (score, share) in enumerate(zip(facts.scores, facts.probabilities, strict=True)):
            self.scores[digit].set_text(formatted(score, ".1f"))
            self.numbers[digit].set_text(f"{share:.2f}" if share >= 0.005 else "")
        self.band.set_y(row_of(facts.answer) - 15)
        self.verdict.set_text(verdict(facts))


def verdict(facts):
    """Return whether the answer is right, in words, or "" if nobody knows which digit it is."""
    if facts.label is None:
        return ""
    article = "an" if facts.label == 8 else "a"
    return f"{'right' if facts.answer == facts.label else 'wrong'}, it is {article} {facts.label}"
