"""Explorers of the pooling chapter, notebooks/04_pooling.ipynb."""

import math

import ipywidgets
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from PIL import Image

from lessonkit.activations import relu
from lessonkit.convolution import FILTERS, correlate2d
from lessonkit.datasets import PHOTOGRAPHS, digits, photograph, record
from lessonkit.explorers.controls import show_while, typed_numbers
from lessonkit.explorers.drawing import SpreadCurve, apart
from lessonkit.explorers.style import COLOURS, HALO, NEW, SEEN, ink
from lessonkit.explorers.words import formatted, percent, several
from lessonkit.live import Pixels, explore, lesson_style
from lessonkit.pooling import output_shape, pool, pool_backward, unpool
from lessonkit.uploads import photograph_from_bytes

# -- one number for each window --------------------------------------------------------------------

NUMBERS = np.array(
    [
        [1, 5, 0, 2, 3, 1],
        [2, 0, 8, 4, 1, 6],
        [0, 3, 1, 0, 2, 0],
        [7, 2, 2, 1, 1, 1],
        [4, 1, 0, 9, 5, 2],
        [0, 3, 1, 2, 4, 1],
    ]
)
NEXT = 10  # outputs of the fully connected layer that comes next
STATISTICS = [("max", "max"), ("mean", "mean"), ("sum", "sum"), ("L2", "l2")]
SHADES = LinearSegmentedColormap.from_list("shades", ["1", "0.75"])
COVER = ListedColormap(["none", "white"])


@lesson_style()
def sliding_window():
    """Show a window that slides over 6×6 numbers and leaves one number for each place.

    Controls: the statistic, the window's size, its stride, and a slider from window to window. An
    input number that no window covers is pale.
    """
    figure = Figure(figsize=(7.6, 3.65))
    source, output = _Board(figure, 40, "input"), _Board(figure, 440, "output")
    arithmetic = figure.text(40 / 760, 0.06, "", fontsize=11, va="center", animated=True)
    arithmetic.set_color(ink(COLOURS["now"]))
    shown = {}

    def draw(statistic, kernel_size, stride, step):
        setting = (statistic, kernel_size, stride)
        if shown.get("setting") != setting:  # to touch a still artist is to redraw everything
            results = pool(NUMBERS, kernel_size, stride, statistic=statistic)
            ones = np.ones(results.shape)
            windows = pool_backward(ones, NUMBERS, kernel_size, stride, statistic="sum")
            source.show(NUMBERS, seen=windows > 0)  # windows: that each number lies in
            output.show(results, decimals=0 if statistic in ("max", "sum") else 2)
            shown["setting"] = setting
        row, column = output.fill(step)
        top, left = row * stride, column * stride
        source.frame.set_bounds(left, top, kernel_size, kernel_size)
        pixels = NUMBERS[top : top + kernel_size, left : left + kernel_size].ravel()
        arithmetic.set_text(_arithmetic(statistic, pixels, output, (row, column)))
        return _caption_of_windows(arithmetic.get_text(), source, output)

    return explore(draw, figure, **_window_controls())


def _window_controls():
    """Return name → control; the last slider ends at the last window, however many there are."""
    kernel_size, stride = (ipywidgets.Dropdown(options=[1, 2, 3, 4], value=2) for _ in range(2))
    step = ipywidgets.IntSlider(1, min=1, max=1)

    def follow(_=None):
        step.max = math.prod(output_shape(NUMBERS.shape, kernel_size.value, stride.value))

    for control in (kernel_size, stride):
        control.observe(follow, "value")
    follow()
    return {"statistic": STATISTICS, "kernel_size": kernel_size, "stride": stride, "step": step}


class _Board:
    """Up to 6×6 squares with a number in each; the larger it is, the darker its square."""

    def __init__(self, figure, left, name):
        place = (left / 760, 57 / 365, 276 / 760, 276 / 365)  # 46 pixels for each square
        self.axes = figure.add_axes(place, xlim=(0, len(NUMBERS)), ylim=(len(NUMBERS), 0))
        self.axes.axis("off")
        self.name, self.title = name, self.axes.set_title("")
        look = {"ha": "center", "va": "center_baseline"}
        self.texts = np.empty(NUMBERS.shape, object)
        for row, column in np.ndindex(NUMBERS.shape):
            self.texts[row, column] = self.axes.text(column + 0.5, row + 0.5, "", **look)
        look = {"fill": False, "ec": COLOURS["now"], "lw": 3, "clip_on": False, "animated": True}
        self.frame = self.axes.add_patch(Rectangle((0, 0), 1, 1, zorder=3, **look))

    def show(self, values, decimals=0, seen=True):
        """Put values, (rows, columns), into the squares. seen: False makes a number pale."""
        self.values = values
        self.title.set_text(f"{self.name}: {values.shape[0]}×{values.shape[1]}")
        seen = np.broadcast_to(seen, values.shape)
        for text in self.texts.flat:
            text.set_text("")
        for place, value in np.ndenumerate(values):
            colour, size = "black" if seen[place] else "0.7", 10 if decimals else 12
            self.texts[place].set(text=f"{value:.{decimals}f}", color=colour, fontsize=size)
        for mesh in list(self.axes.collections):  # the squares before, and their cover
            mesh.remove()
        look = {"edgecolors": "0.7", "lw": 1, "clip_on": False}
        self.axes.pcolormesh(seen * values, cmap=SHADES, clim=(0, values.max()), **look)
        look |= {"cmap": COVER, "clim": (0, 1), "animated": True}
        self.cover = self.axes.pcolormesh(np.zeros(values.shape), **look)

    def fill(self, count):
        """Uncover the first `count` squares; return row and column of the last of them."""
        count = min(count, self.values.size)
        self.cover.set_array(np.arange(self.values.size) >= count)
        row, column = divmod(count - 1, self.values.shape[1])
        self.frame.set_xy((column, row))
        return row, column


def _arithmetic(statistic, pixels, output, place):
    """Return how the number at `place` comes about, such as "(1 + 5 + 2 + 0) / 4 = 2"."""
    total = " + ".join(f"{pixel}²" if statistic == "l2" else f"{pixel}" for pixel in pixels)
    ways = {
        "max": f"max({', '.join(map(str, pixels))})",
        "mean": f"({total}) / {pixels.size}",
        "sum": total,
        "l2": f"√({total})",
    }
    result = output.texts[place].get_text()
    sign = "=" if math.isclose(float(result), output.values[place]) else "≈"
    return f"{ways[statistic]} {sign} {float(result):g}"


def _caption_of_windows(arithmetic, source, output):
    before, after = source.values.size, output.values.size
    filled = np.sum(output.cover.get_array() == 0)
    pale = sum(text.get_color() != "black" for text in source.texts.flat)
    needs = f"needs {NEXT * after} instead of" if after < before else "still needs"
    unseen = f" {pale} numbers lie in no window." if pale else ""
    return (
        f"Window {filled} of {after}: {arithmetic}. {before} numbers become {after} "
        f"({percent(after / before)}), so a fully connected layer with {NEXT} outputs {needs} "
        f"{NEXT * before} weights; pooling itself has none.{unseen}"
    )


# -- forward and backward --------------------------------------------------------------------------

STEP = 1e-6  # of the measurements
EXAMPLE = "1 2 3 2"  # our source's
LARGEST = 99  # of the numbers: they fit their squares, and the measurements stay exact


@lesson_style()
def forward_and_backward():
    """Show four numbers pooled to one, and what goes back: in our source, and as the gradient.

    The gradient is measured too: each number by itself takes a tiny step down, then up. Controls:
    the four numbers, the statistic, the gradient g that arrives at the one result, and, while
    several numbers are the maximum, which of them gets it.
    """
    figure = Figure(figsize=(7.6, 2.8))
    rows = _number_rows(figure)
    controls = {
        "numbers": ipywidgets.Text(EXAMPLE, continuous_update=False),
        "statistic": ipywidgets.Dropdown(options=["max", "mean"]),
        "grad_output": ipywidgets.FloatSlider(1, min=-8, max=8, step=0.5, description="gradient g"),
        "ties": ipywidgets.Dropdown(options=["first", "split", "all"]),
    }

    def draw(numbers, statistic, grad_output, ties):
        typed = typed_numbers(numbers, 4, LARGEST, EXAMPLE)
        x = typed.round(2)
        (result,) = pool(x, 4, statistic=statistic)
        tie = statistic == "max" and np.sum(x == result) > 1
        controls["ties"].layout.display = "flex" if tie else "none"
        back = unpool([result], x, 4, statistic=statistic)
        gradient = pool_backward([grad_output], x, 4, statistic=statistic, ties=ties)
        rows["input"].show(x)
        rows["forward"].show([result])
        rows["forward"].label.set_text(f"forward: {statistic}")
        rows["source"].show(back)
        rows["gradient"].show(gradient)
        rows["measured"].show(*grad_output * _measured_slopes(x, statistic))
        _remark_on(rows, grad_output)
        own_g = back.sum()  # the only g of which these numbers can be the gradient
        fits = np.allclose(pool_backward([own_g], x, 4, statistic=statistic, ties=ties), back)
        caption = _caption_of_backward(rows, statistic, grad_output, own_g if fits else None)
        rounded = " The numbers were rounded to two decimals."
        return caption if np.array_equal(x, typed) else caption + rounded

    return explore(draw, figure, **controls)


def _measured_slopes(x, statistic):
    """Return how much the result changes with each number, for a step down and for one up."""
    alone = STEP * np.eye(4)  # one number takes the step, the others stay
    results = [pool(x + step * alone, (4,), statistic=statistic)[:, 0] for step in (-1, 0, 1)]
    return np.diff(results, axis=0) / STEP


def _number_rows(figure):
    """Return name → row, from the top down: forward, back, measured."""
    axes = figure.add_axes((0, 0, 1, 1), xlim=(-2.55, 7.25), ylim=(6.4, -0.2))
    axes.axis("off")
    return {
        "input": _NumberRow(axes, 0, "input", shaded=False),
        "forward": _NumberRow(axes, 1.2, "forward", squares=1, shaded=False),
        "source": _NumberRow(axes, 2.8, "backward in our source"),
        "gradient": _NumberRow(axes, 4, "gradient, for this g", animated=True),
        "measured": _NumberRow(axes, 5.2, "measured", animated=True),
    }


class _NumberRow:
    """A row of squares with a number in each, its name on the left and a remark on the right."""

    def __init__(self, axes, top, label, squares=4, shaded=True, animated=False):
        self.shaded = shaded  # grey squares for what is not 0
        edges = np.linspace(0, 4, squares + 1)
        look = {"cmap": SHADES, "clim": (0, 1), "edgecolors": "0.7", "lw": 1}
        zeros = np.zeros((1, squares))
        self.squares = axes.pcolormesh(edges, [top, top + 1], zeros, animated=animated, **look)
        middle, look = top + 0.5, {"va": "center_baseline"}
        self.label = axes.text(-0.2, middle, label, ha="right", **look)
        self.texts = [
            axes.text(x, middle, "", ha="center", fontsize=12, animated=animated, **look)
            for x in (edges[:-1] + edges[1:]) / 2
        ]
        self.remark = axes.text(4.2, middle, "", animated=True, **look)

    def show(self, *values):
        """Put numbers into the squares, and beside each its second value where that differs."""
        self.values = np.array(values)
        for text, both in zip(self.texts, self.values.T, strict=True):
            text.set_text(" | ".join(dict.fromkeys(map(_short, both))))
        if self.shaded:
            grey = [[text.get_text() != "0" for text in self.texts]]
            if np.any(grey != self.squares.get_array()):  # else a still row would be drawn again
                self.squares.set_array(grey)

    def __str__(self):
        return ", ".join(text.get_text() for text in self.texts)


def _short(value):
    """Return a number with at most four decimals, and with no more than it needs."""
    return formatted(round(value, 4), "g")


def _remark_on(rows, g):
    """Say beside each row that went back how it compares."""
    source, gradient, measured = (rows[name] for name in ("source", "gradient", "measured"))
    same = np.allclose(source.values, gradient.values)
    source.remark.set_text("= gradient" if same else "≠ gradient")
    total = gradient.values[0].sum()
    gradient.remark.set_text(f"sum {_short(total)} {'=' if np.isclose(total, g) else '≠'} g")
    agrees = np.allclose(measured.values, gradient.values, atol=1e-4)
    measured.remark.set_text("agrees" if agrees else "tiny step down | tiny step up")


def _caption_of_backward(rows, statistic, g, own_g):
    measured = (
        "the measurement agrees"
        if rows["measured"].remark.get_text() == "agrees"
        else "at the tie, where steps down and up differ, a rule decides"
    )
    only = "no g" if own_g is None else f"g = {_short(own_g)} only"
    return (
        f"{statistic}({rows['input']}) = {rows['forward']}. For g = {_short(g)} the gradient is "
        f"{rows['gradient']} ({rows['gradient'].remark.get_text()}), and {measured}. "
        f"Our source's {rows['source']} is the gradient for {only}."
    )


# -- how steady is it? -----------------------------------------------------------------------------

CROP = 192  # pixels of the square that the layer sees
THUMB, GAP = 96, 10  # pixels of a small picture of it, and between two
AMOUNTS = {  # how far the photograph is moved, its axis, and its caption
    "shift": (np.arange(9), "shift, in pixels", "A shift by {:.0f} px"),
    "turn": (np.arange(16), "turn, in degrees", "A turn by {:.0f}°"),
    "scale": (np.linspace(1, 1.2, 11), "scale", "Scaling by {:.2f}"),
}
# What the layer is given: its colours, the value of the last colour, the change that is black.
INPUTS = {"photograph": ("gray", 1, 1), "edges after ReLU": ("Greys", 2, 4)}
POOLINGS = {"no pooling": ("0.6", "-"), "mean": ("black", (0, (4, 1.5))), "max": ("black", "-")}


@lesson_style()
def steadiness():
    """Show how much of a shift, a turn or an enlargement is left after pooling.

    The change is the mean absolute difference over the mean absolute value before. The whole
    photograph is moved, then a square is cut out of its middle: what enters at the edges is real.
    Controls: the photograph, whether the layer is given the photograph itself or its vertical edges
    after ReLU, what is done and how much of it, and the size of the windows.
    """
    figure = Figure(figsize=(7.6, 3.6))
    pictures = figure.add_axes((0, 0, 0.5, 1), xlim=(-34, 346), ylim=(328, -32))  # in pixels
    pictures.axis("off")
    rows = [_PictureRow(pictures, number) for number in range(len(POOLINGS))]
    chart = _ChangeChart(figure)
    shown = {}

    def draw(photograph, layer_input, transform, kernel_size, **amounts):
        setting = (photograph, layer_input, transform, kernel_size)
        if shown.get("setting") != setting:  # to touch a still artist is to redraw everything
            shown.update(setting=setting, outputs=_outputs_when_moved(*setting))
            windows = f"{kernel_size}×{kernel_size}"
            names = ["no pooling", f"mean {windows}", f"max {windows}"]
            for row, name, maps in zip(rows, names, shown["outputs"], strict=True):
                row.show_before(name, maps[0], layer_input)
            chart.show(names, shown["outputs"], transform)
        place = np.abs(AMOUNTS[transform][0] - amounts[transform]).argmin()
        for row, maps in zip(rows, shown["outputs"], strict=True):
            row.show_after(maps[place])
        chart.mark(place)
        moved = AMOUNTS[transform][2].format(chart.now.get_xdata()[0])
        return _caption_of_change(moved, layer_input, kernel_size, rows)

    return explore(draw, figure, **_steadiness_controls())


def _steadiness_controls():
    transform = ipywidgets.Dropdown(options=list(AMOUNTS))
    sliders = {
        "shift": ipywidgets.IntSlider(2, min=0, max=8),
        "turn": ipywidgets.IntSlider(5, min=0, max=15),
        "scale": ipywidgets.FloatSlider(1.1, min=1, max=1.2, step=0.02),
    }
    for name, slider in sliders.items():
        show_while(slider, transform, name)
    return {
        "photograph": ipywidgets.Dropdown(options=PHOTOGRAPHS, value="camera"),
        "layer_input": ipywidgets.Dropdown(options=list(INPUTS)),
        "transform": transform,
        **sliders,
        "kernel_size": ipywidgets.Dropdown(options=[2, 4, 8], value=4),
    }


def _outputs_when_moved(name, layer_input, transform, kernel_size):
    """Return what is passed on without, with mean and with max pooling: a map for each amount."""
    grey = photograph(name).mean(axis=0)
    grey = pool(grey, min(grey.shape) // 240, statistic="mean")  # large enough to turn CROP in
    moved = [_moved(grey, **{transform: amount}) for amount in AMOUNTS[transform][0]]
    if layer_input == "photograph":
        given = np.array(moved)[:, 1:-1, 1:-1]
    else:
        given = np.array([relu(correlate2d(square, FILTERS["vertical edges"])) for square in moved])
    return given, pool(given, kernel_size, statistic="mean"), pool(given, kernel_size)


def _moved(grey, shift=0, turn=0, scale=1):
    """Move a photograph; return the square in its middle, with one pixel more on each side."""
    side = CROP + 2
    along, across = (f(np.radians(turn)) / scale for f in (np.cos, np.sin))
    y, x = ((length - side) // 2 + side / 2 for length in grey.shape)
    back = (  # from a pixel of the square to its place in the photograph
        *(along, across, x - shift - (along + across) * side / 2),
        *(-across, along, y - (along - across) * side / 2),
    )
    how = {"method": Image.Transform.AFFINE, "resample": Image.Resampling.BILINEAR}
    return np.asarray(Image.fromarray(grey).transform((side, side), data=back, **how))


class _PictureRow:
    """What is passed on, before and after, and how much each value of it has changed."""

    def __init__(self, axes, number):
        top = number * (THUMB + GAP)
        self.label = axes.text(-16, top + THUMB / 2, "", rotation=90, va="center", ha="center")
        self.images = []
        for column, title in enumerate(("before", "after", "change")):
            left = column * (THUMB + GAP)
            if number == 0:
                axes.text(left, -10, title)
            ends = (left, left + THUMB, top + THUMB, top)
            moves = title != "before"
            self.images.append(axes.imshow([[0]], extent=ends, animated=moves))
            frame = Rectangle((left, top), THUMB, THUMB, fill=False, ec="0.8", animated=moves)
            axes.add_patch(frame)
        self.before, self.after, self.change = self.images
        self.change.set_cmap("Greys")

    def show_before(self, name, values, layer_input):
        cmap, last, black = INPUTS[layer_input]
        for image in (self.before, self.after):
            image.set(cmap=cmap, clim=(0, last))
        self.change.set_clim(0, black)
        self.before.set_data(values)
        self.label.set_text(name)

    def show_after(self, values):
        before = self.before.get_array()
        self.after.set_data(values)
        self.change.set_data(np.abs(values - before) / np.abs(before).mean())


class _ChangeChart:
    """The change against the amount, a curve for each pooling."""

    def __init__(self, figure):
        self.axes = figure.add_axes((0.525, 0.135, 0.33, 0.78), title="change, in % of the mean")
        self.curves, self.dots, self.labels = [], [], []
        look = {"color": COLOURS["now"], "clip_on": False, "animated": True}
        for colour, dashes in POOLINGS.values():
            self.curves.append(self.axes.plot([], [], color=colour, ls=dashes)[0])
            self.dots.append(self.axes.plot([], [], "o", mec="white", zorder=3, **look)[0])
            self.labels.append(self.axes.text(0, 0, "", va="center", color="0.2"))
        self.now = self.axes.axvline(0, lw=1, **look)

    def show(self, names, outputs, transform):
        amounts, xlabel, _ = AMOUNTS[transform]
        for curve, maps in zip(self.curves, outputs, strict=True):
            changes = np.abs(maps - maps[0]).mean(axis=(1, 2))
            curve.set_data(amounts, 100 * changes / np.abs(maps[0]).mean())
        most = 1.12 * max(curve.get_ydata().max() for curve in self.curves)
        self.axes.set(xlim=amounts[[0, -1]], xlabel=xlabel, ylim=(0, most))
        self.axes.locator_params(nbins=4)
        heights = apart([curve.get_ydata()[-1] for curve in self.curves], 0.065 * most, 0)
        for label, name, height in zip(self.labels, names, heights, strict=True):
            label.set(text=f"  {name}", x=amounts[-1], y=height)

    def mark(self, place):
        for dot, curve in zip(self.dots, self.curves, strict=True):
            dot.set_data(*curve.get_xydata()[place, :, np.newaxis])
        self.now.set_xdata([curve.get_xdata()[place]] * 2)


def _caption_of_change(moved, layer_input, kernel_size, rows):
    before, mean, maximum = (row.change.get_array().mean() for row in rows)  # how dark it is
    smaller = [name for name, rate in (("mean", mean), ("max", maximum)) if rate < before]
    verdict = {
        2: "Both reduce the change, neither removes it.",
        1: f"Only {''.join(smaller)} pooling reduces the change, and it does not remove it.",
        0: "Neither reduces the change." if before > 0 else "Nothing has moved yet.",
    }[len(smaller)]
    return (
        f"{moved} changes the {layer_input} by {percent(before)} of the mean value. After mean "
        f"pooling {kernel_size}×{kernel_size} the change is {percent(mean)}, after max pooling "
        f"{percent(maximum)}. {verdict}"
    )


# -- anywhere in the picture -----------------------------------------------------------------------

CANVAS = 64  # pixels of its side
STAGES = ("canvas", "feature map", "2×2 maxima", "maximum of all")


@lesson_style()
def anywhere():
    """Show a digit that may stand anywhere on a canvas, and what a network makes of it.

    From the left: the canvas, its vertical edges after ReLU, the maxima of 2×2 windows of this map,
    and the maximum of the whole map. Controls: how far the digit is moved from the top left.
    """
    digit = digits().test_images[0]
    at_first = _stages(digit, 0, 0)
    figure = Figure(figsize=(7.6, 2.04))
    images = [_stage_image(figure, number, at_first) for number in range(len(STAGES))]
    look = {"color": "white", "fontsize": 20, "ha": "center", "va": "center_baseline"}
    value = images[-1].axes.text(0, 0, "", animated=True, **look)

    def draw(right=21, down=9):
        for image, values in zip(images, _stages(digit, right, down), strict=True):
            image.set_data(values)
        value.set_text(f"{images[-1].get_array().item():.2f}")
        return _caption_of_places(images, at_first)

    room = (0, CANVAS - len(digit))
    return explore(draw, figure, right=room, down=room)


def _stages(digit, right, down):
    """Return what the four pictures show of a digit that was moved."""
    canvas = np.zeros((CANVAS, CANVAS))
    canvas[down : down + len(digit), right : right + len(digit)] = digit
    edges = relu(correlate2d(canvas, FILTERS["vertical edges"]))
    return canvas, edges, pool(edges, 2), pool(edges, len(edges))


def _stage_image(figure, number, stages):
    """Return one of the four pictures, side by side, as large as the others and in a frame."""
    width, height, side = 760, 204, 172
    left = 1 + (width - 2 - side) / 3 * number
    place = (left / width, 2 / height, side / width, side / height)
    axes = figure.add_axes(place, xticks=[], yticks=[], title=STAGES[number])
    axes.spines[:].set(visible=True, color="0.8", animated=True)
    last = 1 if number == 0 else 4  # of an edge from 0 to 1
    return axes.imshow(stages[number], cmap="Greys", clim=(0, last), animated=True)


def _caption_of_places(images, at_first):
    canvas, edges, maxima, largest = (image.get_array() for image in images)
    corners = [np.argwhere(values).min(axis=0) for values in (canvas, at_first[0])]
    down, right = corners[0] - corners[1]
    along = np.array_equal(edges, np.roll(at_first[1], (down, right), axis=(0, 1)))
    others = np.sum(maxima != at_first[2])
    same = np.array_equal(largest, at_first[3])
    moved = "and its feature map as far, exactly" if along else "its feature map not just as far"
    return (
        f"The digit is moved {right} px to the right and {down} px down, {moved}. "
        f"{others} of {maxima.size} 2×2 maxima have changed; "
        f"the maximum of all, {largest.item():.2f}, has {'not' if same else 'changed too'}."
    )


# -- a photograph becomes a mosaic -----------------------------------------------------------------

OWN = "your own"
KEPT = {"max": "the largest", "mean": "the mean", "sum": "the sum", "l2": "the L2 norm"}
PALE = np.full((1, 1), 0.9)  # stands where there is no photograph yet


def mosaics():
    """Show a photograph beside the mosaic that pooling makes of it.

    Controls: the photograph, or one's own as an upload, the windows' side in pixels, and the
    statistic: the one number a colour that is left of each. Windows are cut at the edge, not lost.
    """
    picture = Pixels(width=760, panels=2, height=512)
    shown = {}  # the photograph on show and where it is from: a slider does not read it again

    def draw(photograph, upload, kernel_size=8, statistic="mean"):
        source = upload if photograph == OWN else photograph
        if shown.get("source") != source:
            shown.update(photo=_photograph_from(source), source=source)
            picture.set_array(shown["photo"])
        if not source:
            picture.set_array(PALE, panel=1)
            return "No photograph yet: press “upload” and choose a PNG, JPEG or WebP file."
        pooled = pool(shown["photo"], kernel_size, ceil_mode=True, statistic=statistic)
        picture.set_array(pooled / _largest(statistic, kernel_size), panel=1, square=kernel_size)
        return _caption_of_mosaic(picture.panels(), statistic)

    chooser = ipywidgets.Dropdown(options=[*PHOTOGRAPHS, OWN])
    upload = ipywidgets.FileUpload(
        accept=".png,.jpg,.jpeg,.webp",
        description="upload",
        icon="",
        tooltip="a PNG, JPEG or WebP file of at most 10 MB",
    )
    show_while(upload, chooser, OWN)
    return explore(
        draw, picture, photograph=chooser, upload=upload, kernel_size=(1, 32), statistic=STATISTICS
    )


def _photograph_from(source):
    """Return the photograph of a name or an upload, one channel if it is grey; pale for none."""
    if not source:
        return PALE
    if isinstance(source, str):
        photo = photograph(source)
    else:
        (file,) = source
        photo = photograph_from_bytes(file["content"], file["name"], file["size"])
    return photo[0] if (photo == photo[0]).all() else photo


def _largest(statistic, kernel_size):
    """Return the largest number that a window of pixels in 0..1 can be pooled to."""
    return {"sum": kernel_size**2, "l2": kernel_size}.get(statistic, 1)


def _caption_of_mosaic(panels, statistic):
    (photo, _), (mosaic, side) = panels
    (height, width), (rows, columns) = photo.shape[:2], mosaic.shape[:2]
    what, most = KEPT[statistic], _largest(statistic, side)
    if most > 1:
        cut = "; darker at cut edges" if height % side or width % side else ""
        what += f" (at most {most:,}, shown ÷ {most:,}{cut})"
    number = "one number a colour" if mosaic.ndim == 3 else "one number"
    down, across = (np.minimum(side, n - np.arange(0, n, side)) for n in (height, width))
    after = down @ mosaic.reshape(rows, columns, -1).mean(axis=2) @ across / (255 * height * width)
    return (
        f"Each {side} × {side} window becomes {number}, {what}: {rows} × {columns} = "
        f"{rows * columns:,} of {height * width:,} pixels are kept "
        f"({percent(rows * columns / (height * width))}). Mean brightness: "
        f"{photo.mean() / 255:.2f} before, {after:.2f} after."
    )


# -- digits pooled more and more -------------------------------------------------------------------

BETWEEN = 4  # two digits, in their pixels
LABELLED = 1  # the place of the window at which the curves have their names


@lesson_style()
def pooled_digits():
    """Show ten test digits as a network sees them, and how many digits such networks read rightly.

    The networks were trained on pooled digits beforehand, five for each point of the curves; how,
    says data/README.md. Controls: kernel_size, the side of the window; the statistic; and the
    number of training digits.
    """
    runs = record("pooled_digits")["runs"]
    data = digits()
    one_of_each = data.test_images[np.unique(data.test_labels, return_index=True)[1]]
    figure = Figure(figsize=(7.6, 3.7))
    axes = figure.add_axes((0.017, 0.03, 120 / 760, 316 / 370), title="what it sees")
    axes.axis("off")
    look = {"cmap": "gray_r", "clim": (0, 1), "aspect": "auto", "animated": True}
    image = axes.imshow(_two_columns(one_of_each, 1), **look)
    accuracies = _AccuracyPanel(figure, runs)

    def draw(kernel_size, statistic="mean", training_digits=1000):
        pooled = pool(one_of_each, kernel_size, ceil_mode=True, statistic=statistic)
        image.set_data(_two_columns(pooled, kernel_size))
        accuracies.draw(kernel_size, statistic, training_digits)
        return _caption_of_accuracies(accuracies)

    windows, statistics, counts = (
        list(dict.fromkeys(run[name] for run in runs))
        for name in ("kernel_size", "statistic", "training_digits")
    )
    sizes = ipywidgets.SelectionSlider(options=windows, value=4)
    return explore(draw, figure, kernel_size=sizes, statistic=statistics, training_digits=counts)


def _two_columns(pooled, kernel_size):
    """Return the pooled digits side by side, as large as they were before."""
    large = pooled.repeat(kernel_size, axis=1).repeat(kernel_size, axis=2)[:, :28, :28]
    framed = np.pad(large, ((0, 0), (0, BETWEEN), (0, BETWEEN)))
    grid = framed.reshape(2, 5, *framed.shape[1:]).transpose(1, 2, 0, 3)
    return grid.reshape(5 * framed.shape[1], -1)[:-BETWEEN, :-BETWEEN]


class _AccuracyPanel:
    """How many digits the recorded networks read rightly, against the window."""

    def __init__(self, figure, runs):
        self.runs = runs
        axes = figure.add_axes((0.29, 0.19, 0.7, 0.69), xlim=(-0.4, 10.4), ylim=(0, 110))
        axes.set_title("digits read rightly")
        axes.set_yticks([0, 50, 100], ["0", "50", "100 %"])
        axes.axhline(10, color="0.8", lw=1)
        axes.text(0.2, 10, "guessing", color="0.4", va="bottom")
        self.now = axes.axvline(color=COLOURS["now"], lw=1, zorder=1, animated=True)
        self.training, self.test = SpreadCurve(axes, SEEN), SpreadCurve(axes, NEW)
        text = {"ha": "center", "path_effects": HALO, "animated": True}
        self.names = [
            axes.text(LABELLED, 0, "training digits", color=ink(SEEN), va="bottom", **text),
            axes.text(LABELLED, 0, "test digits", color=ink(NEW), va="top", **text),
        ]
        left = {run["kernel_size"]: run["pixels"] for run in runs}
        labels = [f"{size}\n{pixels}" for size, pixels in left.items()]
        axes.set_xticks(range(len(left)), labels, linespacing=1.5)
        text = {"transform": axes.get_xaxis_transform(), "ha": "right", "color": "0.2"}
        axes.text(-0.55, -0.037, "window", va="top", **text)
        axes.text(-0.55, -0.11, "pixels left", va="top", **text)

    def draw(self, kernel_size, statistic, training_digits):
        """Mark the window on the curves of these networks."""
        wanted = (statistic, training_digits)
        runs = [r for r in self.runs if (r["statistic"], r["training_digits"]) == wanted]
        self.run = next(run for run in runs if run["kernel_size"] == kernel_size)
        place = runs.index(self.run)
        for curve, part in ((self.training, "training"), (self.test, "test")):
            shares = 100 * np.array([run[f"{part}_accuracies"] for run in runs])
            curve.draw(range(len(runs)), shares.mean(1), shares.min(1), shares.max(1), place)
        self.now.set_xdata([place, place])
        self.names[0].set_y(self.training.line.get_ydata()[LABELLED] + 2)
        self.names[1].set_y(self.test.line.get_ydata()[LABELLED] - 3)


def _caption_of_accuracies(panel):
    (seen, _, _), (new, least, most) = panel.training.now(), panel.test.now()
    run, without = panel.run, panel.test.line.get_ydata()[0]
    compared = f" Without pooling it reads {without:.1f} % of them."
    return (
        f"From {several(run['pixels'], 'pixel')}, with {run['weights']:,} weights, the "
        f"network reads {seen:.1f} % of its {run['training_digits']:,} training digits and "
        f"{new:.1f} % of the test digits ({least:.1f} to {most:.1f} % in five runs), a gap of "
        f"{formatted(seen - new, '.1f')} points.{compared if run['kernel_size'] > 1 else ''}"
    )
