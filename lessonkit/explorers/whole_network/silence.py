"""What a network still reads when maps fall silent, a connection is cut or its sign is turned."""

import functools

import ipywidgets
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from lessonkit.datasets import digits
from lessonkit.digit_network import copy_of, trained_network
from lessonkit.explorers.style import COLOURS, NEW
from lessonkit.explorers.whole_network.answer import Answer, verdict
from lessonkit.explorers.whole_network.flow import Flow
from lessonkit.explorers.whole_network.layout import HEIGHT, PIECES, STAGES, TEXT, WIDTH, number_at
from lessonkit.explorers.whole_network.making import MakingPanel
from lessonkit.explorers.whole_network.silencing import (
    AS_IT_IS,
    CONVOLUTIONS,
    CUT,
    FACTORS,
    Change,
    Examined,
)
from lessonkit.explorers.words import joined, number, percent
from lessonkit.live import explore, in_pieces, lesson_style

LEFT, BOTTOM, BARS_WIDTH, BARS_HEIGHT = 480, 494, 270, 70


@lesson_style()
def silence(network=None):
    """Show what a trained network makes of a digit when parts of it are switched off.

    Controls: the test digit; which maps of both convolutions speak; and one connection, from a
    number of the last pooled maps to a score, which may be cut or have its sign turned. Pointing
    there chooses it. A button puts all back.

    network: one in place of the chapter's, see `whole_network`.
    """
    network, data = copy_of(network or trained_network()), digits()
    examined = Examined(network, data.test_images, data.test_labels)
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100))
    paper = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    paper.axis("off")
    panels, own = (Flow(paper), Answer(paper), MakingPanel(paper)), (_Silent(paper), _Bars(figure))
    in_pieces(figure, *PIECES, *own[1].pieces, fit=own[1].fit)

    def paint(facts):
        for panel in panels:
            panel.paint(facts.reading)
        for panel in own:
            panel.paint(facts)

    measure = functools.partial(_measure, examined)
    controls = _controls(len(data.test_images))
    explorer = explore(measure, figure, paint, say, on_point=connection_at, **controls).recorded(
        "first_0",
        "first_1",
        "first_2",
        "first_3",
        "first_4",
        "first_5",
        "second_0",
        "second_1",
        "second_2",
        "second_3",
        "second_4",
        "second_5",
        "second_6",
        "second_7",
        "second_8",
        "second_9",
        "second_10",
        "second_11",
        "second_0=false second_1=false",
        "second_0=false second_1=false second_2=false",
        "second_0=false second_1=false second_2=false second_3=false",
        "second_0=false second_1=false second_2=false second_3=false second_4=false",
        "second_0=false second_1=false second_2=false second_3=false second_4=false second_8=false",
        "connection",
        "score",
        "map row column",
    )
    _lay_out(explorer)
    return explorer


# -- its controls ----------------------------------------------------------------------------------


def _controls(count):
    slider = functools.partial(ipywidgets.IntSlider, min=0)
    short = ipywidgets.Layout(flex="1 1 160px", max_width="178px")
    return {
        "digit": slider(101, max=count - 1, description="test digit"),
        **{
            f"{name}_{channel}": ipywidgets.Checkbox(
                True,
                description=f"{channel}",
                tooltip=f"map {channel} of the {name} convolution speaks",
                indent=False,
                layout={"width": "44px"},
            )
            for name, (_, maps) in CONVOLUTIONS.items()
            for channel in range(maps)
        },
        "connection": ipywidgets.Dropdown(options=list(FACTORS), value=AS_IT_IS),
        "score": slider(6, max=9, layout=short),
        "map": slider(0, max=11, layout=short),
        "row": slider(1, max=3, layout=short),
        "column": slider(1, max=3, layout=short),
    }


def _lay_out(explorer):
    """Give the boxes of each convolution a row, and add the button that puts all back."""
    speaking = {n: True for n, c in explorer.controls.items() if isinstance(c, ipywidgets.Checkbox)}
    code = " ".join(f"{name}=true" for name in speaking) + f" 'connection={AS_IT_IS}'"
    back = ipywidgets.Button(description="put all back", layout={"width": "auto"})
    back.on_click(lambda _: explorer.set(code))
    rows = [
        ipywidgets.HBox(
            [
                ipywidgets.Label(f"{name} maps that speak", layout={"width": "170px"}),
                *(explorer.controls[f"{name}_{channel}"] for channel in range(maps)),
            ],
            layout={"width": "100%", "flex_flow": "row wrap"},
        )
        for name, (_, maps) in CONVOLUTIONS.items()
    ]
    digit, *others = (c for name, c in explorer.controls.items() if name not in speaking)
    explorer.children[0].children = [digit, *rows, *others, back]


def connection_at(x, y):
    """Return the controls' values for the connection at a point in the picture, or None."""
    chosen = number_at(x, y)
    if chosen is None:
        return None
    if chosen["stage"] == "pooling 2":
        return {name: chosen[name] for name in ("map", "row", "column")}
    return {"score": chosen["map"]} if chosen["stage"] in ("scores", "probabilities") else None


def _measure(examined, digit, connection, score, row, column, **others):
    # `map` is a name of Python's own, so it is left among the others.
    silent = (
        tuple(channel for channel in range(maps) if not others[f"{name}_{channel}"])
        for name, (_, maps) in CONVOLUTIONS.items()
    )
    change = Change(*silent, connection, score, (others["map"], row, column))
    return examined.facts(digit, change)


# -- from the facts to the picture -----------------------------------------------------------------


class _Silent:
    """Crosses through the maps that are silent, and the frame of the connection's input."""

    def __init__(self, paper):
        look = {"colors": COLOURS["now"], "zorder": 5, "animated": True}
        self.crosses = paper.add_collection(LineCollection([], lw=1, alpha=0.8, **look))
        self.frame = paper.add_collection(LineCollection([], lw=2.5, **look))

    def paint(self, facts):
        change = facts.change
        silent = {"convolution 1": change.first, "convolution 2": change.second}
        crosses = [
            _cross(STAGES[stage], channel) for stage, maps in silent.items() for channel in maps
        ]
        self.crosses.set_segments([line for cross in crosses for line in cross])
        channel, row, column = change.place
        self.frame.set_segments([STAGES["pooling 2"].outline(channel, row, column, 1)])


def _cross(stage, channel):
    left, top = stage.corner(channel)
    right, bottom = left + stage.side * stage.cell, top + stage.side * stage.cell
    return [[(left, top), (right, bottom)], [(left, bottom), (right, top)]]


def _bars_place(left):
    """Return where the bars stand in the figure, if they begin so many pixels from its left."""
    width = LEFT + BARS_WIDTH - left
    return left / WIDTH, 1 - BOTTOM / HEIGHT, width / WIDTH, BARS_HEIGHT / HEIGHT


class _Bars:
    """Of each digit's test digits, the share read correctly: now, over that of before."""

    pieces = (444, 380, 758, 418), (446, 418, WIDTH, HEIGHT)

    def __init__(self, figure):
        self.axes = axes = figure.add_axes(_bars_place(LEFT), xlim=(-0.6, 9.6), ylim=(0, 1.03))
        axes.set_xticks(range(10))
        axes.set_yticks([0, 0.5, 1], ["0", "50", "100 %"])
        heading = "test digits read correctly, by digit"
        figure.text(446 / WIDTH, 1 - 388 / HEIGHT, heading, va="center_baseline")
        look = {"animated": True, "capstyle": "butt"}
        self.before = axes.add_collection(LineCollection([], colors="0.82", lw=14, **look))
        self.now = axes.add_collection(LineCollection([], colors=NEW, lw=7, **look))
        self.accuracy = figure.text(446 / WIDTH, 1 - 407 / HEIGHT, "", weight="bold", **TEXT)

    def fit(self, narrow):
        """Leave room for the ticks in a piece that a narrow page has room for."""
        self.axes.set_position(_bars_place(LEFT + 15 if narrow else LEFT))

    def paint(self, facts):
        for bars, right in ((self.before, facts.right_before), (self.now, facts.right)):
            shares = right / facts.counts
            bars.set_segments([[(digit, 0), (digit, share)] for digit, share in enumerate(shares)])
        before = facts.right_before.sum() / facts.counts.sum()
        self.accuracy.set_text(
            f"in all {percent(facts.reading.accuracy)}; grey: before, {percent(before)}"
        )


# -- from the facts to the caption -----------------------------------------------------------------


def say(facts):
    """Return the caption: what is changed, the answer, and how many test digits are still read."""
    return f"{_say_change(facts)}: {_say_answer(facts)} {_say_accuracy(facts)}{_say_weight(facts)}"


def _say_change(facts):
    change = facts.change
    silent = [
        f"{'map' if len(maps) == 1 else 'maps'} {joined([str(m) for m in maps])} of the {name} "
        "convolution"
        for name, maps in (("first", change.first), ("second", change.second))
        if maps
    ]
    changes = [f"with {joined(silent)} silent"] if silent else []
    if change.connection != AS_IT_IS:
        state = "cut" if change.connection == CUT else f"turned to {number(facts.weight)}"
        changes.append(f"with the weight {_where(change)} {state}")
    words = " and ".join(changes) or "with nothing changed"
    return words[0].upper() + words[1:]


def _where(change):
    channel, row, column = change.place
    return f"from map {channel}, row {row}, column {column} to score {change.score}"


def _say_answer(facts):
    reading, before = facts.reading, facts.before
    now = f"the network says {reading.answer} with {reading.probabilities[reading.answer]:.2f}"
    if not _is_unchanged(facts):
        now += f" (all put back: {before.argmax()} with {before.max():.2f})"
    return f"{now}, {verdict(reading)}."


def _is_unchanged(facts):
    return facts.change[:3] == Change()[:3]


def _say_accuracy(facts):
    before = facts.right_before.sum() / facts.counts.sum()
    words = f"It reads {percent(facts.reading.accuracy)} of the test digits correctly"
    if _is_unchanged(facts):
        return f"{words}."
    lost = (facts.right_before - facts.right) / facts.counts
    worst = int(np.argmax(lost))
    words += f", {percent(before)} with all put back"
    if lost[worst] <= 0:
        return f"{words}."
    right, count = facts.right[worst], facts.counts[worst]
    return f"{words}; hit hardest is {worst}, of which it still reads {right} of {count}."


def _say_weight(facts):
    """Return the weight of the connection that is framed, if nothing has been done to it."""
    if facts.change.connection != AS_IT_IS:
        return ""
    return f" The weight {_where(facts.change)} is {number(facts.weight)}."
