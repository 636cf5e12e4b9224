"""A rule for frogs can ask too little or too much (figure 12-2 of our source)."""

from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import animals
from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import joined
from lessonkit.live import explore, in_pieces, lesson_style

START = "four legs"  # ticked at first
ROW, COLUMN = 25, 22  # pixels
HEAD = 112  # where the dots begin, in pixels from a table's top


class Verdicts(NamedTuple):
    """What a rule says about some animals."""

    passes: np.ndarray  # (animals,) bool: whether each passes as a frog
    taken: list[str]  # names of those that pass and are no frogs
    missed: list[str]  # names of the frogs that do not pass


@as_table
class Facts(NamedTuple):
    """A rule for what a frog is, and what it says about the known and the new animals."""

    asked: list[str]  # the features that a frog must have
    known: Verdicts
    new: Verdicts


@lesson_style()
def frogs():
    """Show which animals a rule takes for frogs: those that have all the features it asks for.

    A table of known animals and one of new animals. Controls: a box to tick for each feature.
    """
    kinds = animals()
    boxes = {
        name.replace(" ", "_"): ipywidgets.Checkbox(name == START, description=name, indent=False)
        for name in kinds.features
    }

    def measure(**ticked):
        asked = np.array([ticked[name] for name in boxes])
        groups = (verdicts(kinds, asked, kinds.is_new == is_new) for is_new in (False, True))
        return Facts(np.array(kinds.features)[asked].tolist(), *groups)

    panels = _Panels(kinds)
    return explore(measure, panels.figure, panels.paint, say, **boxes).recorded(
        "four_legs no_tail moist_skin long_hind_legs lives_in_water spots_on_its_back"
    )


def verdicts(kinds, asked, group):
    """Return the verdicts on a group, (animals,) bool, if the `asked` features are required."""
    passes, names = kinds.has[:, asked].all(axis=1), kinds.names
    taken = names[group & passes & ~kinds.is_frog].tolist()
    missed = names[group & ~passes & kinds.is_frog].tolist()
    return Verdicts(passes[group], taken, missed)


class _Panels:
    """A table of the known animals and one of the new ones."""

    def __init__(self, kinds):
        self.figure = Figure(figsize=(7.6, 3.1))
        axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, 760), ylim=(310, 0))
        axes.axis("off")
        self.known = _AnimalTable(axes, 6, 166, "known animals", kinds, ~kinds.is_new)
        self.new = _AnimalTable(axes, 376, 548, "new animals", kinds, kinds.is_new)
        in_pieces(self.figure, *self.known.pieces, *self.new.pieces)

    def paint(self, facts):
        self.known.paint(facts.asked, facts.known)
        self.new.paint(facts.asked, facts.new)


class _AnimalTable:
    """Rows of animals, a dot for each feature they have, and whether they pass as frogs."""

    def __init__(self, axes, left, first_column, title, kinds, chosen):
        self.names, self.features, has = kinds.names[chosen], kinds.features, kinds.has[chosen]
        rows = HEAD + ROW * np.arange(len(self.names))
        columns = first_column + COLUMN * np.arange(len(self.features))
        axes.text(left, 24, title, fontsize=12, weight="bold")
        self.count = axes.text(left, 50, "", fontsize=12, animated=True)
        for name, is_frog, row in zip(self.names, kinds.is_frog[chosen], rows, strict=True):
            axes.text(left, row, name, va="center", weight="bold" if is_frog else "normal")
        for feature, column in zip(self.features, columns, strict=True):
            axes.text(column, HEAD - 18, feature, rotation=45, rotation_mode="anchor")
        self.pieces = list(_pieces(left, first_column - COLUMN / 2, rows))
        xs, ys = np.meshgrid(columns, rows)
        axes.scatter(xs[has], ys[has], s=55, c="0.2", zorder=2, animated=True)
        axes.scatter(xs[~has], ys[~has], s=8, c="0.8", zorder=2, animated=True)
        band = {"width": COLUMN - 2, "bottom": HEAD - 14, "color": COLOURS["now"], "alpha": 0.2}
        self.bands = axes.bar(columns, ROW * len(rows), **band, lw=0, animated=True)
        look = {"va": "center", "animated": True}
        self.verdicts = [axes.text(columns[-1] + 17, row, "", **look) for row in rows]

    def paint(self, asked, verdicts):
        """Show who passes as a frog, and how many of these verdicts are wrong."""
        for band, feature in zip(self.bands, self.features, strict=True):
            band.set_visible(feature in asked)
        wrong, alarm = verdicts.taken + verdicts.missed, ink(COLOURS["now"])
        for text, name, passes in zip(self.verdicts, self.names, verdicts.passes, strict=True):
            is_wrong = name in wrong
            text.set_text(f"{'✗' if is_wrong else '✓'} {'frog' if passes else 'no frog'}")
            text.set(color=alarm if is_wrong else "0.4", weight="bold" if is_wrong else "normal")
        self.count.set(text=f"{len(wrong) or 'none'} wrong", color=alarm if wrong else "0.4")


def _pieces(left, middle, rows):
    """Yield the pieces of a table: on a narrow page a name stands above its dots."""
    right = middle + 214
    yield from (None, (left, 0, middle, 64), (middle, 0, right, HEAD - 14))
    for top in rows - ROW // 2:
        yield from (None, (left, top, middle, top + ROW), (middle, top, right, top + ROW))


def say(facts):
    """Return the caption: what the rule is wrong about, and whether it asks too little or much."""
    rule = joined(facts.asked) if facts.asked else "anything"
    on_known, on_new = _mistakes(facts.known, "known"), _mistakes(facts.new, "new")
    fits = "underfits" if facts.known.taken or facts.known.missed else "overfits"
    takes, misses = facts.known.taken + facts.new.taken, facts.known.missed + facts.new.missed
    asks = "just enough"
    if takes and misses:
        both = "too little and too much at once" if fits == "underfits" else f"it {fits}"
        asks = f"for the wrong features: {both}"
    elif takes or misses:
        asks = f"too {'little' if takes else 'much'}: it {fits}"
    return f"The rule “{rule}” is wrong about {on_known} and {on_new}. It asks {asks}."


def _mistakes(verdicts, group):
    """Return in words how many verdicts are wrong, and about which animals."""
    passes, taken, missed = verdicts
    who = [f"taken for frogs: {joined(taken)}"] if taken else []
    who += [f"missed: {joined(missed)}"] if missed else []
    count = f"{len(taken + missed)} of {len(passes)} {group} animals"
    return f"{count} ({'; '.join(who)})" if who else count
