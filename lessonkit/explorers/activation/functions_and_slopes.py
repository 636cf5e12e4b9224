"""Where a slope still passes on a useful share of the gradient (section 12.3 of our source)."""

import functools
import inspect
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.activations import ACTIVATIONS
from lessonkit.explorers.controls import show_while
from lessonkit.explorers.drawing import if_changed
from lessonkit.explorers.style import COLOURS, DASHES, HALO, NAMES, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import formatted, joined, number, scientific
from lessonkit.live import explore, in_pieces, lesson_style

EDGE = 6  # the picture shows x from −6 to 6
ENOUGH = 0.1  # a slope above this still passes on a useful share of the gradient
LOWEST = -1.7  # no label stands lower
PARAMETERS = {  # function → the names of its parameters
    name: list(inspect.signature(function.derivative).parameters)[1:]
    for name, function in ACTIVATIONS.items()
}
# Where a function's label stands: x on its curve, and how the text is aligned with that point.
LABELS = {
    "sigmoid": (5.9, "right", "bottom"),
    "tanh": (-2.0, "left", "top"),
    "relu": (3.1, "left", "top"),
    "leaky_relu": (-5.9, "left", "top"),
    "prelu": (-1.6, "left", "top"),
    "rrelu": (-5.9, "left", "bottom"),
    "elu": (-3.2, "left", "bottom"),
    "silu": (2.7, "left", "top"),
}


class Shown(NamedTuple):
    """One function that is ticked."""

    value: float  # at x
    slope: float  # its derivative there
    width: float  # of the range of x where the slope exceeds 0.1; ∞ if it leaves the picture
    useful: tuple  # the two ends of this range; ±∞ beyond the picture
    values: np.ndarray  # (2, n): the curve, each x and the value there
    slopes: np.ndarray  # (2, m): each x and the slope there; NaN makes a gap where it jumps


@as_table
class Facts(NamedTuple):
    """The functions that are ticked, at one x."""

    x: float
    functions: dict  # name → Shown, in teaching order


@lesson_style()
def functions_and_slopes():
    """Show activation functions, their derivatives, and where the slope is still of use.

    Controls: a checkbox for each function, x, and a slider for each function's parameter.
    """
    figure = Figure(figsize=(7.6, 4))
    in_pieces(figure, (0, 364), (355, 760))
    return explore(measure, figure, _Panels(figure).paint, say, **_controls()).recorded(
        "tanh x", "sigmoid", "relu", "leaky_relu", "prelu", "rrelu", "elu", "silu"
    )


def _controls():
    """Return name → control; a parameter's slider shows only while its function does."""
    sliders = {
        "leaky_relu": ipywidgets.FloatSlider(0.01, min=0, max=0.5, step=0.01),
        "prelu": ipywidgets.FloatSlider(0.25, min=0, max=0.5, step=0.01),
        "rrelu": ipywidgets.FloatRangeSlider(value=(0.125, 0.333), min=0, max=0.5, step=0.001),
        "elu": ipywidgets.FloatSlider(1, min=0, max=1.5, step=0.05),
    }
    ticks = {
        name: ipywidgets.Checkbox(name in ("sigmoid", "relu"), description=words, indent=False)
        for name, words in NAMES.items()
    }
    for name, slider in sliders.items():
        slider.description = f"{NAMES[name]} {'α' if name == 'elu' else 'a'}"
        show_while(slider, ticks[name], True)
    x = ipywidgets.FloatSlider(2, min=-EDGE, max=EDGE, step=0.1)
    return ticks | {"x": x} | {"_".join(PARAMETERS[name]): sliders[name] for name in sliders}


def measure(x, lower_upper, **values):
    """Return the facts at x.

    values: a function's name → whether it is ticked; a parameter's name → its value.
    """
    values["lower"], values["upper"] = lower_upper
    ticked = [name for name in ACTIVATIONS if values[name]]
    return Facts(x, {n: _shown(n, x, [values[p] for p in PARAMETERS[n]]) for n in ticked})


def _shown(name, x, parameters):
    function = ACTIVATIONS[name]
    value, slope = function(x, *parameters), function.derivative(x, *parameters)
    start, end, *curves = _curves(name, *parameters)
    return Shown(float(value), float(slope), end - start, (start, end), *curves)


@functools.lru_cache
def _curves(name, *parameters):
    """Return both ends of the range where the slope is of use, then both curves."""
    xs, function = np.linspace(-EDGE, EDGE, 1201), ACTIVATIONS[name]
    slopes = _with_gaps(xs, function.derivative(xs, *parameters))
    useful = slopes[0][slopes[1] > ENOUGH]
    start = -np.inf if useful[0] == -EDGE else float(useful[0])
    end = np.inf if useful[-1] == EDGE else float(useful[-1])
    return start, end, np.array([xs, function(xs, *parameters)]), slopes


def _with_gaps(xs, ys):
    """Return the curve with a gap where it jumps; after the gap it starts at its limit there."""
    places = np.flatnonzero(np.abs(np.diff(ys)) > 0.02) + 1
    limits = np.stack([np.full(places.size, np.nan), ys[places]], axis=1)
    twice = places.repeat(2)
    return np.array([np.insert(xs, twice, xs[twice - 1]), np.insert(ys, twice, limits.ravel())])


class _Panels:
    """The functions on the left; on the right their slopes, and where these are of use."""

    def __init__(self, figure):
        curves = {"xlim": (-EDGE, EDGE), "xticks": [-6, -3, 0, 3, 6]}
        values = figure.add_axes((0.04, 0.08, 0.43, 0.84), ylim=(-2, 3.3), **curves)
        slopes = figure.add_axes((0.61, 0.5, 0.375, 0.42), ylim=(-0.12, 1.2), **curves)
        widths = figure.add_axes((0.61, 0.02, 0.375, 0.32), xlim=(-EDGE, EDGE), ylim=(1, 0))
        values.set(title="function of x", yticks=[-1, 0, 1, 2, 3])
        slopes.set(title="its slope (derivative)", yticks=[0, 0.25, 1], yticklabels=["0", "¼", "1"])
        widths.set_title(f"slope above {ENOUGH}: where, how wide", pad=5)
        widths.axis("off")
        for panel in (values, slopes):
            panel.spines[["left", "bottom"]].set_visible(False)
            panel.axhline(0, color="0.8", lw=1)
        slopes.axhline(0.25, color="0.8", lw=1)
        axes = (values, slopes, widths)
        self.rows = {name: _Row(name, *axes) for name in ACTIVATIONS}
        self.now = [a.axvline(color=COLOURS["now"], lw=1, zorder=1, animated=True) for a in axes]

    def paint(self, facts):
        for line in self.now:
            line.set_xdata([facts.x, facts.x])
        for name, row in self.rows.items():
            row.show(name in facts.functions)
        for place, (name, shown) in enumerate(facts.functions.items()):
            self.rows[name].paint((place + 0.5) / max(3, len(facts.functions)), facts.x, shown)


class _Row:
    """One function in the three panels: its curves, tangent, dots, and the bar of its width."""

    def __init__(self, name, values, slopes, widths):
        self.name = name
        # What a slider changes is animated; what only a checkbox changes is drawn once.
        moves = bool(PARAMETERS[name])
        look = {"color": COLOURS[name], "ls": DASHES.get(name, "-"), "animated": moves}
        if name == "relu":  # its cousins cover it for every positive x: it shows behind them
            look |= {"lw": 4.5, "solid_capstyle": "butt", "zorder": 1.9}
        self.curve = values.plot([], [], **look)[0]
        self.slopes = slopes.plot([], [], **look)[0]
        self.bar = widths.plot([], [], **look | {"ls": "-", "lw": 6, "solid_capstyle": "butt"})[0]
        self.label_from, ha, va = LABELS[name]
        text = {"color": ink(COLOURS[name]), "path_effects": HALO}
        # The label stands beside its curve, and in front of the line at x, which may cross it.
        aside = (3 if ha == "left" else -3, 2 if va == "bottom" else -2)  # points
        place = {"xytext": aside, "textcoords": "offset points", "ha": ha, "va": va}
        self.label = values.annotate(NAMES[name], (0, 0), **place, **text, animated=True)
        self.width = widths.text(-6.4, 0, "", **text, ha="right", va="center", animated=moves)
        dashed = {"color": "0.2", "lw": 1, "ls": (0, (5, 4)), "zorder": 2.5}
        self.tangent = values.plot([], [], **dashed, animated=True)[0]
        dot = {"color": COLOURS[name], "marker": "o", "mec": "white", "zorder": 3, "animated": True}
        self.dots = [panel.plot([], [], **dot)[0] for panel in (values, slopes)]
        self.artists = [self.curve, self.slopes, self.bar, self.label, self.width, self.tangent]
        self.artists += self.dots

    @if_changed
    def show(self, shown):
        for artist in self.artists:
            artist.set_visible(shown)

    def paint(self, place, x, shown):
        """Show the function at x. place: how far down the panel of widths, 0..1."""
        self._paint_curves(shown.values, shown.slopes)
        self._paint_width(place, shown.width, shown.useful)
        self.dots[0].set_data([x], [shown.value])
        self.dots[1].set_data([x], [shown.slope])
        rise = 1.5 * shown.slope
        self.tangent.set_data([x - 1.5, x + 1.5], [shown.value - rise, shown.value + rise])

    @if_changed
    def _paint_curves(self, values, slopes):
        self.curve.set_data(values)
        self.slopes.set_data(slopes)
        xs, heights = values
        labelled = np.argmax((self.label_from <= xs) & (heights >= LOWEST))
        self.label.xy = values[:, labelled]

    @if_changed
    def _paint_width(self, place, width, useful):
        self.bar.set_data(np.clip(useful, -EDGE, EDGE), [place, place])
        words = f"{width:.1f}" if np.isfinite(width) else "∞"
        self.width.set(text=f"{NAMES[self.name]} {words}", y=place)


def say(facts):
    """Return the caption: value and slope of each function, and where its slope is of use."""
    if not facts.functions:
        return "No function is shown: tick one."
    values = [
        # A slope may be tiny but is hardly ever 0, so it is written with a power of 10.
        f"{NAMES[name]} is {number(shown.value)} with slope {scientific(shown.slope)}"
        for name, shown in facts.functions.items()
    ]
    widths = [f"{_where(shown)} ({NAMES[name]})" for name, shown in facts.functions.items()]
    start = f"At x = {formatted(facts.x, '.1f')}, {joined(values)}."
    return f"{start} The slope exceeds {ENOUGH} {joined(widths)}."


def _where(shown):
    start, end = shown.useful
    if end < np.inf:
        return f"over a width of {shown.width:.1f}"
    return "everywhere" if start == -np.inf else f"for every x above {formatted(start, '.2g')}"
