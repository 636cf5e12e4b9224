"""What goes back through pooling is not the pooled value, as our source's backward has it."""

from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.explorers.controls import show, typed_numbers
from lessonkit.explorers.drawing import if_changed
from lessonkit.explorers.pooling.squares import SQUARES
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import formatted
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.pooling import pool, pool_backward, unpool

STEP = 1e-6  # of the measurements
EXAMPLE = "1 2 3 2"  # our source's
LARGEST = 99  # so that the numbers fit their squares and the measurements stay exact


@as_table
class Facts(NamedTuple):
    """Four numbers pooled to one, and what goes back to each of them."""

    statistic: str
    numbers: np.ndarray  # (4,): the input, to two decimals
    is_rounded: bool  # whether more decimals were typed
    is_tie: bool  # whether several numbers share the maximum, and the statistic is max
    result: float  # what they are pooled to
    grad_output: float  # g, the gradient that arrives at the result
    gradient: np.ndarray  # (4,): what each number gets of it
    total: float  # the sum of these four
    measured: np.ndarray  # (2, 4): g times the slope, for a tiny step down and for one up
    agrees: bool  # whether both rows equal the gradient
    unpooled: np.ndarray  # (4,): our source's backward
    is_gradient: bool  # whether that is the gradient for this g
    its_g: float | None  # the only g for which it is the gradient; None: there is none


@lesson_style()
def forward_and_backward():
    """Show four numbers pooled to one, and what goes back: in our source, and as the gradient.

    The gradient is measured too: each number by itself takes a tiny step down, then one up.
    Controls: the four numbers; the statistic; the gradient g that arrives at the one result; and,
    while several numbers share the maximum, which of them gets it.
    """
    panels = _Panels()
    controls = {
        "numbers": ipywidgets.Text(EXAMPLE, continuous_update=False),
        "statistic": ipywidgets.Dropdown(options=["max", "mean"]),
        "grad_output": ipywidgets.FloatSlider(1, min=-8, max=8, step=0.5, description="gradient g"),
        "ties": ipywidgets.Dropdown(options=["first", "split", "all"]),
    }

    def paint(facts):
        show(controls["ties"], facts.is_tie)
        panels.paint(facts)

    return explore(measure, panels.figure, paint, say, **controls).recorded(
        "statistic grad_output", "numbers='3 3 1 0' ties grad_output"
    )


def measure(numbers, statistic, grad_output, ties):
    """Return the facts of the four numbers that a text holds."""
    typed = typed_numbers(numbers, 4, LARGEST, EXAMPLE)
    x = typed.round(2)
    (result,) = pool(x, 4, statistic=statistic)
    is_tie = statistic == "max" and bool(np.sum(x == result) > 1)
    forward = x, not np.array_equal(x, typed), is_tie, float(result)
    unpooled = unpool([result], x, 4, statistic=statistic)
    its_g = float(unpooled.sum())  # for no other g can these numbers be the gradient
    gradient, of_its_g = (
        pool_backward([g], x, 4, statistic=statistic, ties=ties) for g in (grad_output, its_g)
    )
    only = its_g if np.allclose(unpooled, of_its_g) else None
    source = unpooled, np.allclose(unpooled, gradient), only
    back = grad_output, gradient, float(gradient.sum())
    measured = grad_output * _measured_slopes(x, statistic)
    agrees = np.allclose(measured, gradient, atol=1e-4)
    return Facts(statistic, *forward, *back, measured, agrees, *source)


def _measured_slopes(x, statistic):
    """Return the result's slope along each number, for a step down and for a step up, (2, 4)."""
    alone = STEP * np.eye(4)  # one number takes the step, the others stay
    results = [pool(x + step * alone, (4,), statistic=statistic)[:, 0] for step in (-1, 0, 1)]
    return np.diff(results, axis=0) / STEP


class _Panels:
    """The rows, from the top down: forward, backward, measured."""

    def __init__(self):
        self.figure = Figure(figsize=(7.6, 2.8))
        axes = self.figure.add_axes((0, 0, 1, 1), xlim=(-2.55, 7.25), ylim=(6.4, -0.2))
        axes.axis("off")
        in_pieces(self.figure, *_pieces(), fit=self.fit)
        self.input = _NumberRow(axes, 0, "input", shaded=False)
        self.forward = _NumberRow(axes, 1.2, "forward", squares=1, shaded=False)
        self.source = _NumberRow(axes, 2.8, "backward in our source")
        self.gradient = _NumberRow(axes, 4, "gradient for this g", animated=True)
        self.measured = _NumberRow(axes, 5.2, "measured", animated=True)

    def fit(self, narrow):
        """Begin the names on the left where they stand above their squares."""
        for row in (self.input, self.forward, self.source, self.gradient, self.measured):
            row.label.set(**({"x": -2.5, "ha": "left"} if narrow else {"x": -0.2, "ha": "right"}))

    def paint(self, facts):
        self.input.show(facts.numbers[np.newaxis])
        self.forward.show(np.array([[facts.result]]))
        self.forward.label.set_text(f"forward: {facts.statistic}")
        self.source.show(facts.unpooled[np.newaxis])
        self.source.remark.set_text("= gradient" if facts.is_gradient else "≠ gradient")
        self.gradient.show(facts.gradient[np.newaxis])
        self.gradient.remark.set_text(_sum(facts))
        self.measured.show(facts.measured)
        words = "agrees" if facts.agrees else "tiny step down | tiny step up"
        self.measured.remark.set_text(words)


def _pieces():
    """Yield the pieces of the picture: on a narrow page a row's squares stand below its name."""
    for top in (9, 60, 127, 178, 229):
        middle = top + 21
        yield from (None, (0, middle - 12, 192, middle + 12), (196, top - 2, 510, top + 45))
        if top > 100:
            yield 510, middle - 12, 760, middle + 15


class _NumberRow:
    """A row of squares with a number in each, its name on the left and a remark on the right."""

    def __init__(self, axes, top, label, squares=4, shaded=True, animated=False):
        self.shaded = shaded  # whether squares are grey where the number is not 0
        edges = np.linspace(0, 4, squares + 1)
        look = SQUARES | {"clim": (0, 1), "animated": animated}
        self.squares = axes.pcolormesh(edges, [top, top + 1], np.zeros((1, squares)), **look)
        middle, look = top + 0.5, {"va": "center_baseline"}
        self.label = axes.text(-0.2, middle, label, ha="right", **look)
        self.texts = [
            axes.text(x, middle, "", ha="center", fontsize=12, animated=animated, **look)
            for x in (edges[:-1] + edges[1:]) / 2
        ]
        self.remark = axes.text(4.2, middle, "", animated=True, **look)

    @if_changed
    def show(self, values):
        """Write numbers, (1 or 2, squares), into the squares: two in one where they differ."""
        for text, both in zip(self.texts, values.T, strict=True):
            text.set_text(" | ".join(dict.fromkeys(map(_short, both))))
        if self.shaded:
            self.squares.set_array(values.round(4).any(axis=0, keepdims=True))


def _short(value):
    """Return a number with at most four decimals, and no more than it needs."""
    return formatted(round(value, 4), "g")


def _listed(values):
    return ", ".join(map(_short, values))


def _sum(facts):
    """Return how the sum of the gradient compares with g, in words."""
    equal = np.isclose(facts.total, facts.grad_output)
    return f"sum {_short(facts.total)} {'=' if equal else '≠'} g"


def say(facts):
    """Return the caption: the result, the gradient, and what our source hands back."""
    tie = "at the tie, where steps down and up differ, a rule decides"
    measured = "the measurement agrees" if facts.agrees else tie
    only = "no g" if facts.its_g is None else f"g = {_short(facts.its_g)} only"
    rounded = " The numbers were rounded to two decimals." if facts.is_rounded else ""
    return (
        f"{facts.statistic}({_listed(facts.numbers)}) = {_short(facts.result)}. "
        f"For g = {_short(facts.grad_output)} the gradient is {_listed(facts.gradient)} "
        f"({_sum(facts)}), and {measured}. Our source's {_listed(facts.unpooled)} is the gradient "
        f"for {only}.{rounded}"
    )
