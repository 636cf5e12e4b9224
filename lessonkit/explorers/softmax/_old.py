"""Explorers of the softmax chapter, notebooks/05_softmax.ipynb."""

import ipywidgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import offset_copy

from lessonkit.datasets import record
from lessonkit.explorers.drawing import NetworkDrawing, SpreadCurve
from lessonkit.explorers.style import COLOURS, HALO, NEW, SEEN, ink
from lessonkit.explorers.words import formatted, joined, number, percent, scientific
from lessonkit.live import explore, lesson_style
from lessonkit.network import Dropout
from lessonkit.softmax import (
    cross_entropy,
    cross_entropy_gradient,
    hinge_loss,
    hinge_loss_gradient,
    softmax,
)

CLASSES = ("cat", "dog", "ship")
ROWS = range(len(CLASSES))
# Softmax is the sigmoid of several classes, the hinge loss is made of ReLU: their colours say so.
SOFTMAX, HINGE = COLOURS["sigmoid"], COLOURS["relu"]
LARGEST = np.log(np.finfo(float).max)  # exp() of more than this overflows

# -- from scores to probabilities ----------------------------------------------------------------


@lesson_style()
def scores_to_probabilities():
    """Show how softmax makes probabilities of three scores, as its formula is written and safely.

    Controls: the three scores, the temperature T that divides them, and whether 1000 is added to
    all: then the exponentials of the formula as written overflow.
    """
    figure = Figure(figsize=(7.6, 3.5))
    heading = "the formula as written"
    written = _SoftmaxSteps(figure, 0.61, heading, "score z", "exp(z / T)", (-5, 5))
    heading = "the same, but the largest score is subtracted first"
    safe = _SoftmaxSteps(figure, 0.09, heading, "z − largest", "exp((z − largest) / T)", (-10, 0))

    def draw(temperature, plus_1000, cat=4, dog=1, ship=-2):
        z = np.array([cat, dog, ship]) + 1000 * plus_1000
        with np.errstate(all="ignore"):  # to overflow is what the upper row is there for
            powers = np.exp(z / temperature)
            written.draw(z, 1000 * plus_1000, powers, powers / powers.sum())
        gaps = z - z.max()
        safe.draw(gaps, 0, np.exp(gaps / temperature), softmax(z, temperature=temperature))
        return _caption_of_probabilities(temperature, written, safe)

    scores = dict.fromkeys(CLASSES, (-5, 5, 0.1))
    temperature = ipywidgets.FloatSlider(1, min=0.1, max=5, step=0.05, description="temperature T")
    plus_1000 = ipywidgets.Checkbox(description="+1000 to all scores", indent=False)
    return explore(draw, figure, **scores, temperature=temperature, plus_1000=plus_1000)


class _SoftmaxSteps:
    """One way from scores to probabilities: three panels of bars, from left to right."""

    def __init__(self, figure, bottom, heading, score, power, limits):
        figure.text(0.01, bottom + 0.345, heading, weight="bold", va="center")
        scores = figure.add_axes((0.065, bottom, 0.14, 0.235))
        powers = figure.add_axes((0.365, bottom, 0.135, 0.235))
        probabilities = figure.add_axes((0.715, bottom, 0.15, 0.235))
        self.scores = _ClassBars(scores, score, limits)
        self.powers = _ClassBars(powers, power, (0, 1))
        powers.set_yticks([])  # the names of the classes stand on its left already
        self.probabilities = _ClassBars(probabilities, "÷ sum = probability", (0, 1), SOFTMAX)
        self.origin = scores.text(0, 2.9, "", ha="center", va="center", animated=True)
        self.sum = self.powers.text_beside(2.9)

    def draw(self, scores, origin, powers, probabilities):
        """Show the numbers. The bar of a power is its share of the largest one."""
        self.scores.draw(scores - origin, [formatted(z, ".1f") for z in scores])
        self.origin.set_text(f"{origin}")
        overflow = np.isinf(powers)
        shares = np.where(overflow, 1, powers / powers.max())
        self.powers.draw(shares, [_exact(power) for power in powers])
        for bar, hatch in zip(self.powers.bars, overflow, strict=True):
            bar.set_hatch("///" if hatch else None)
        self.sum.set_text(f"sum {_exact(powers.sum())}")
        self.probabilities.draw(probabilities, [_exact(p) for p in probabilities])


class _ClassBars:
    """A bar for each class, with its number in a column on the right."""

    def __init__(self, axes, title, limits, colour="0.65"):
        self.axes = axes
        axes.set(xlim=limits, ylim=(2.5, -0.5), xticks=[], yticks=ROWS, yticklabels=CLASSES)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_title(title, pad=5)
        axes.axvline(0, color="0.6", lw=1)
        self.bars = axes.barh(ROWS, 0, height=0.62, color=colour, ec="white", lw=0, animated=True)
        self.numbers = [self.text_beside(row) for row in ROWS]

    def text_beside(self, row):
        """Return a text in the column of the numbers."""
        look = {"ha": "right", "va": "center_baseline", "animated": True}
        place = offset_copy(self.axes.get_yaxis_transform(), self.axes.figure, x=0.9)  # inches
        return self.axes.text(1, row, "", transform=place, **look)

    def draw(self, widths, texts):
        for bar, label, width, text in zip(self.bars, self.numbers, widths, texts, strict=True):
            bar.set_width(width)
            label.set_text(text)
            label.set_weight("bold" if text == "nan" else "normal")

    def widths(self):
        return np.array([bar.get_width() for bar in self.bars])


def _exact(value):
    """Return a number with the four decimals of our source's example, or as a power of ten."""
    return f"{value:.4f}" if 0.00005 <= value < 9999.99995 else scientific(value)


def _first(values):
    """Return the class of the largest value, or the classes."""
    return joined([name for name, v in zip(CLASSES, values, strict=True) if v == max(values)])


def _caption_of_probabilities(temperature, written, safe):
    scores = [text.get_text() for text in written.scores.numbers]
    told = safe.probabilities.widths()
    probabilities = joined([f"{_exact(p)} ({name})" for name, p in zip(CLASSES, told, strict=True)])
    if np.isnan(written.probabilities.widths()).any():
        highest = float(written.origin.get_text()) + written.scores.widths().max()
        return (
            f"The formula as written gives nan: exp({highest:.1f} / {temperature:.2f}) exceeds "
            f"exp({LARGEST:.2f}), the end of float64, and inf / inf is nan. With the largest "
            f"subtracted first nothing changes: {probabilities}."
        )
    return (
        f"At temperature {temperature:.2f} the scores {joined(scores)} become the probabilities "
        f"{probabilities}, both ways. At any temperature the highest score is the most probable: "
        f"{_first(told)}."
    )


# -- two losses ----------------------------------------------------------------------------------

MARGIN = 1  # by which the right score must lead: then the hinge loss is content
ALONG = np.linspace(-4, 8, 49)  # the places of the cat's slider
MARGIN_LINE = {"color": HINGE, "lw": 1.5, "ls": (0, (4, 2)), "animated": True}
TOP = 10  # of the panel of losses; a curve may leave it


@lesson_style()
def two_losses():
    """Show how the hinge loss of an SVM and softmax's cross-entropy judge the same three scores.

    Both losses, and the slopes of both, are drawn along the score of the cat. Controls: the three
    scores, and the class that is right.
    """
    figure = Figure(figsize=(7.6, 3.9))
    scores = _ScoresWithMargin(figure.add_axes((0.065, 0.59, 0.235, 0.31)))
    axes = figure.add_axes((0.065, 0.125, 0.235, 0.31))
    probabilities = _ClassBars(axes, "softmax: probabilities", (0, 1), SOFTMAX)
    axes = figure.add_axes((0.485, 0.415, 0.495, 0.485), ylim=(-0.3, TOP), yticks=[0, 5, 10])
    losses = _LossCurves(axes, "loss")
    bend = axes.axvline(0, **MARGIN_LINE)
    axes = figure.add_axes((0.485, 0.125, 0.495, 0.2), ylim=(-2.3, 1.3), yticks=[-2, 0, 1])
    slopes = _LossCurves(axes, "slope")
    axes.set_xlabel("score of the cat", loc="left", labelpad=2)
    axes.set_xticks([-4, 0, 4, 8])

    def draw(label, cat=4, dog=1, ship=-2):
        right = CLASSES.index(label)
        z = np.array([cat, dog, ship])
        scores.draw(z, right)
        probabilities.draw(softmax(z), [_exact(p) for p in softmax(z)])
        moved = np.array([[other, dog, ship] for other in ALONG])
        alone = moved[:, np.newaxis]  # the loss of several samples would be their mean
        both = hinge_loss, cross_entropy
        losses.draw(cat, *([loss(row, [right]) for row in alone] for loss in both))
        labels = np.full(len(moved), right)
        both = hinge_loss_gradient, cross_entropy_gradient  # of the mean, so times the rows
        slopes.draw(cat, *(len(moved) * slope(moved, labels)[:, 0] for slope in both))
        slopes.curves[0].set_drawstyle("steps-post" if label == "cat" else "steps-pre")
        bend.set_xdata([max(dog, ship) + MARGIN if label == "cat" else z[right] - MARGIN] * 2)
        return _caption_of_losses(label, scores, probabilities, losses, slopes)

    label = ipywidgets.Dropdown(options=CLASSES, description="right class")
    return explore(
        draw, figure, cat=(-4, 8, 0.25), dog=(-3, 3, 0.25), ship=(-3, 3, 0.25), label=label
    )


class _ScoresWithMargin(_ClassBars):
    """Scores; what wrong ones have beyond the margin is marked, and adds up to the hinge loss."""

    def __init__(self, axes):
        super().__init__(axes, "SVM: scores", (-5.2, 8))
        self.excess = axes.barh(ROWS, 0, height=0.62, color=HINGE, animated=True)
        self.margin = axes.axvline(0, **MARGIN_LINE)
        look = {"ha": "center", "va": "center", "color": ink(HINGE), "animated": True}
        self.word = axes.text(0, 2.9, "margin", **look)

    def draw(self, z, right):
        super().draw(z, [formatted(score, ".2f") for score in z])
        margin = z[right] - MARGIN
        self.margin.set_xdata([margin, margin])
        self.word.set_x(margin)
        for row, (bar, excess) in enumerate(zip(self.bars, self.excess, strict=True)):
            bar.set_facecolor("0.4" if row == right else "0.65")
            excess.set_x(margin)
            excess.set_width(max(0, z[row] - margin) if row != right else 0)


class _LossCurves:
    """Hinge loss and cross-entropy, or the slopes of both, along the score of the cat."""

    def __init__(self, axes, title):
        axes.set(title=title, xlim=(-4, 8), xticks=[])
        axes.tick_params(pad=7)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.axhline(0, color="0.8", lw=1)
        self.now = axes.axvline(0, color=COLOURS["now"], lw=1, clip_on=False, animated=True)
        self.curves, self.dots, self.words = [], [], []
        kinds = ((HINGE, "hinge", 0.31, 10), (SOFTMAX, "cross-entropy", 0.77, 7))
        for colour, name, place, size in kinds:
            look = {"color": colour, "animated": True}
            self.curves += axes.plot([], [], **look)
            self.dots += axes.plot([], [], "o", ms=size, mec="white", clip_on=False, **look)
            look = {"xycoords": axes.transAxes, "textcoords": "offset points", "color": ink(colour)}
            axes.annotate(name, (place, 1), (-5, 8), ha="right", **look)
            self.words.append(axes.annotate("", (place, 1), (0, 8), animated=True, **look))

    def draw(self, cat, hinge, entropy):
        """Show both along ALONG, with a dot where the cat's score is now, or ▲ if above the top."""
        self.now.set_xdata([cat, cat])
        for curve, heights in zip(self.curves, (hinge, entropy), strict=True):
            curve.set_data(ALONG, heights)
        for value, dot, word in zip(self.values(), self.dots, self.words, strict=True):
            dot.set_data([cat], [min(value, TOP)])
            dot.set_marker("^" if value > TOP else "o")
            word.set_text(scientific(value))

    def values(self):
        """Return the heights of both curves where the cat's score is now."""
        now = self.now.get_xdata()[0]
        return [float(np.interp(now, *curve.get_data())) for curve in self.curves]


def _caption_of_losses(label, scores, probabilities, losses, slopes):
    z, right = scores.widths(), CLASSES.index(label)
    lead = z[right] - np.delete(z, right).max()
    (hinge, entropy), (hinge_slope, entropy_slope) = (
        map(scientific, panel.values()) for panel in (losses, slopes)
    )
    leads = f"{'leads' if lead > 0 else 'trails'} by {abs(lead):.2f}" if lead else "has no lead"
    return (
        f"Highest score: {_first(z)}; highest probability: {_first(probabilities.widths())}. "
        f"The hinge loss is {hinge} (slope {hinge_slope} along the cat's score): {label} {leads}, "
        f"and a lead of {MARGIN} makes it 0. Cross-entropy is {entropy} (slope {entropy_slope}) "
        f"and never becomes 0."
    )


# -- the parameter ledger ------------------------------------------------------------------------

# How layers are connected, each with its grey here and in the networks below.
DENSE, LOCAL, CONVOLUTION = "fully connected", "locally connected", "convolution"
KINDS = {DENSE: "0.3", LOCAL: "0.5", CONVOLUTION: "0.7"}
FACTORS = {DENSE: "outputs × inputs", LOCAL: "outputs × window", CONVOLUTION: "kernels × window"}
LEFT, SIDE = (0, 0.92), 0.85  # of the squares that show an input; a row is 1 high


@lesson_style()
def parameter_ledger():
    """Count the weights between two layers: all to all, each to a patch, one patch shared by all.

    Input and output are squares of one size, so the input gets a border of zeros. Biases are not
    counted. Controls: the size of the squares and of the kernel, the channels in and out.
    """
    figure = Figure(figsize=(7.6, 4))
    seen, bars = _ledger_panels(figure)
    rows = [_LedgerRow(seen, bars, row, kind) for row, kind in enumerate(KINDS)]

    def draw(input_size=32, kernel_size=5, in_channels=1, out_channels=1):
        inputs, outputs = (input_size**2 * channels for channels in (in_channels, out_channels))
        window = kernel_size**2 * in_channels
        written = f"{kernel_size}·{kernel_size}{f'·{in_channels}' if in_channels > 1 else ''}"
        border = kernel_size // 2
        middles = (input_size // 4, input_size - 1 - input_size // 4)
        ends = np.array([(middle - border, middle + border + 1) for middle in middles])
        windows = np.clip(ends / input_size, 0, 1)
        rows[0].draw(outputs * inputs, f"{outputs:,} × {inputs:,}", [(0, 1), (0, 1)])
        rows[1].draw(outputs * window, f"{outputs:,} × {written}", windows)
        rows[2].draw(out_channels * window, f"{out_channels} × {written}", windows)
        inside = input_size * kernel_size - border * (border + 1)  # places along one side
        return _caption_of_ledger(rows, inside**2 * in_channels * out_channels)

    return explore(
        draw,
        figure,
        input_size=(8, 64),
        kernel_size=(1, 11, 2),
        in_channels=(1, 8),
        out_channels=(1, 8),
    )


def _ledger_panels(figure):
    """Return the axes of the inputs, three rows of two squares, and of the three bars."""
    seen = figure.add_axes((0.01, 0.055, 0.2735, 0.87), xlim=(-0.01, 1.782), ylim=(3, 0))
    seen.axis("off")
    for left, name in zip(LEFT, "AB", strict=True):
        seen.text(left, -0.06, f"output {name} sees")
    bars = figure.add_axes((0.305, 0.055, 0.67, 0.87), xlim=(0.6, 2e9), ylim=(3, 0), xscale="log")
    bars.minorticks_off()
    bars.text(2e9, -0.06, "weights in all (logarithmic)", ha="right")
    ticks = {1: "1", 1e3: "1 thousand", 1e6: "1 million", 1e9: "1 billion"}
    bars.set(xticks=list(ticks), xticklabels=ticks.values(), yticks=[])
    bars.spines[["left", "bottom"]].set_visible(False)
    for row in range(len(KINDS)):
        bars.vlines(list(ticks), row + 0.4, row + 0.9, color="0.9", lw=1)
    return seen, bars


class _LedgerRow:
    """One way to connect: what two outputs see, and how many weights there are in all."""

    def __init__(self, seen, axes, row, kind):
        self.row, self.windows = row, []
        for left in LEFT:
            seen.add_patch(Rectangle((left, row), SIDE, SIDE, fc="none", ec="0.6"))
            own = left > 0 and kind != CONVOLUTION  # a look of its own: weights of its own
            look = {"fc": "white", "hatch": "//////"} if own else {"fc": KINDS[kind]}
            window = Rectangle((0, 0), 0, 0, ec=KINDS[kind], animated=True, **look)
            self.windows.append(seen.add_patch(window))
        self.bar = axes.barh(row + 0.65, 0, height=0.4, color=KINDS[kind], animated=True)[0]
        axes.text(0.6, row + 0.12, kind, va="center", weight="bold")
        axes.text(0.6, row + 0.3, FACTORS[kind], va="center")
        self.product = axes.text(2e9, row + 0.3, "", va="center", ha="right", animated=True)

    def draw(self, count, factors, windows):
        """Show the weights in all, their factors, and where the two windows begin and end."""
        self.bar.set_width(count)
        self.product.set_text(f"{factors} = {count:,}")
        for left, window, (start, end) in zip(LEFT, self.windows, windows, strict=True):
            side = SIDE * (end - start)
            window.set_bounds(left + SIDE * start, self.row + SIDE * start, side, side)


def _caption_of_ledger(rows, inside):
    dense, local, shared = (row.bar.get_width() for row in rows)
    saved = f"divide that by {number(dense / local)}, to {local:,}"
    if local >= dense:
        saved = f"save nothing, as the kernel is no smaller than the input: {local:,}"
    if local > inside:
        saved += f" ({local - inside:,} of them see only the border of zeros)"
    return (
        f"Fully connected: {dense:,} weights. Local connections {saved}; sharing the weights then "
        f"divides by {number(local / shared)}, to {shared:,}."
    )


# -- where networks keep their parameters --------------------------------------------------------

# A layer, or a stage of several, is (name, kind, parameters).


def _dense(name, inputs, outputs):
    """Each output has a weight for every input, and a bias."""
    return name, DENSE, outputs * (inputs + 1)


def _convolution(name, inputs, outputs, kernel_size, groups=1):
    """Each output channel has a kernel over the input channels of its group, and a bias."""
    return name, CONVOLUTION, outputs * (inputs // groups * kernel_size**2 + 1)


def _vgg_blocks():
    """Return the 3×3 convolutions; a pooling layer after each block halves the maps, 224 to 7."""
    layers, inputs = [], 3
    for block, (width, count) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), 1):
        for place in range(1, count + 1):
            layers.append(_convolution(f"conv{block}_{place}", inputs, width, 3))
            inputs = width
    return layers


def _resnet_stages():
    """Return the four stages. A block is 1×1, 3×3, 1×1; the first also has a 1×1 to be added."""
    stages, inputs = [], 64
    for stage, (width, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), 2):
        parameters = _normalized(inputs, 4 * width, 1)
        for _ in range(blocks):
            parameters += _normalized(inputs, width, 1) + _normalized(width, width, 3)
            parameters += _normalized(width, 4 * width, 1)
            inputs = 4 * width
        stages.append((f"conv{stage} (×{3 * blocks})", CONVOLUTION, parameters))
    return stages


def _normalized(inputs, outputs, kernel_size):
    """Each output channel has a kernel, and batch normalization's scale and shift; no bias."""
    return outputs * (inputs * kernel_size**2 + 2)


NETWORKS = {  # name → its layers with parameters, in order
    "LeNet-5": [
        _convolution("C1", 1, 6, 5),
        _convolution("C3", 6, 16, 5),
        _dense("C5", 16 * 5 * 5, 120),
        _dense("F6", 120, 84),
        _dense("output", 84, 10),
    ],
    "AlexNet": [
        _convolution("conv1", 3, 96, 11),
        _convolution("conv2", 96, 256, 5, groups=2),
        _convolution("conv3", 256, 384, 3),
        _convolution("conv4", 384, 384, 3, groups=2),
        _convolution("conv5", 384, 256, 3, groups=2),
        _dense("fc6", 256 * 6 * 6, 4096),
        _dense("fc7", 4096, 4096),
        _dense("fc8", 4096, 1000),
    ],
    "VGG-16": [
        *_vgg_blocks(),
        _dense("fc6", 512 * 7 * 7, 4096),
        _dense("fc7", 4096, 4096),
        _dense("fc8", 4096, 1000),
    ],
    "ResNet-50": [
        ("conv1", CONVOLUTION, _normalized(3, 64, 7)),
        *_resnet_stages(),
        _dense("fc", 2048, 1000),
    ],
}
# name → year of the paper, and what to know about the count. The papers: LeCun et al. (counted as
# built today; in the paper C3 sees fewer maps and pooling learns: 60,000), Krizhevsky et al.,
# Simonyan & Zisserman (configuration D), He et al.
REMARKS = {
    "LeNet-5": (1998, "C5 counts as fully connected, since its kernels cover whole maps"),
    "AlexNet": (2012, "in the original, as here, conv2, conv4 and conv5 see only half of the maps"),
    "VGG-16": (2014, "fc6 sees 512 maps of 7×7"),
    "ResNet-50": (
        2015,
        "batch normalization (a rescaling after each convolution) counts as convolution, and fc "
        "sees one mean a map",
    ),
}


@lesson_style()
def where_the_parameters_are():
    """Show how the parameters of four networks divide into full connections and convolutions.

    Every number is added up from the layers in NETWORKS: weights, biases, and the scale and shift
    of batch normalization. Control: the network whose layers are listed.
    """
    figure = Figure(figsize=(7.6, 4))
    shares = _NetworkShares(figure.add_axes((0.03, 0.02, 0.36, 0.89)))
    listed = _LayerBars(figure.add_axes((0.46, 0.02, 0.525, 0.89)))

    def draw(network="VGG-16"):
        shares.mark(network)
        listed.draw(network)
        return _caption_of_network(network, shares, listed)

    return explore(draw, figure, network=list(NETWORKS))


class _NetworkShares:
    """For each network a bar: what share of its parameters is in fully connected layers."""

    def __init__(self, axes):
        axes.set(xlim=(0, 1), ylim=(len(NETWORKS), 0))
        axes.axis("off")
        axes.set_title(DENSE, color=ink(KINDS[DENSE]), loc="left")
        axes.set_title(CONVOLUTION, color=ink(KINDS[CONVOLUTION]), loc="right")
        self.dense, self.totals = {}, {}
        for row, (name, layers) in enumerate(NETWORKS.items()):
            total = _parameters(layers)
            share = _parameters(layer for layer in layers if layer[1] == DENSE) / total
            axes.text(0, row + 0.25, f"{name}, {REMARKS[name][0]}", va="center")
            self.totals[name] = axes.text(1, row + 0.25, f"{total:,}", ha="right", va="center")
            self.dense[name] = axes.barh(row + 0.62, share, height=0.38, color=KINDS[DENSE])[0]
            axes.barh(row + 0.62, 1 - share, left=share, height=0.38, color=KINDS[CONVOLUTION])
            look = {"ha": "right", "color": "white"} if share > 0.5 else {"ha": "left"}
            axes.text(share, row + 0.62, f" {percent(share)} ", va="center", **look)
        look = {"color": COLOURS["now"], "lw": 4, "clip_on": False, "animated": True}
        self.now = axes.plot([-0.035, -0.035], [0, 0], **look)[0]

    def mark(self, name):
        row = list(NETWORKS).index(name)
        self.now.set_ydata([row + 0.1, row + 0.81])


def _parameters(layers):
    return sum(parameters for _, _, parameters in layers)


class _LayerBars:
    """The layers of one network: their parameters in numbers and as shares of the whole."""

    def __init__(self, axes):
        rows = range(max(map(len, NETWORKS.values())))
        axes.set(xlim=(-0.9, 0.8), ylim=(rows[-1] + 0.5, -0.5))
        axes.axis("off")
        self.title = axes.set_title("", animated=True)
        self.bars = axes.barh(rows, 0, height=0.7, animated=True)
        look = {"va": "center_baseline", "animated": True}
        self.names = [axes.text(-0.9, row, "", **look) for row in rows]
        self.numbers = [axes.text(-0.03, row, "", ha="right", **look) for row in rows]

    def draw(self, name):
        layers = NETWORKS[name]
        self.title.set_text(f"the layers of {name}")
        empty = [("", "", 0)] * (len(self.bars) - len(layers))
        rows = zip(layers + empty, self.bars, self.names, self.numbers, strict=True)
        for (layer, kind, parameters), bar, label, count in rows:
            bar.set_width(parameters / _parameters(layers))
            bar.set_color(KINDS.get(kind, "none"))
            label.set_text(layer)
            count.set_text(f"{parameters:,}" if layer else "")


def _caption_of_network(name, shares, listed):
    total = int(shares.totals[name].get_text().replace(",", ""))
    share = shares.dense[name].get_width()
    widths = [bar.get_width() for bar in listed.bars]
    largest = int(np.argmax(widths))
    return (
        f"{name}: {round(share * total):,} of {total:,} parameters, {percent(share)}, are in fully "
        f"connected layers. The largest part, {percent(max(widths))}, is "
        f"{listed.names[largest].get_text()}; {REMARKS[name][1]}."
    )


# -- dropout -------------------------------------------------------------------------------------

NEURONS = 20  # of the 256 hidden ones, as many as there is room for
HIGHEST = 0.6  # loss on show; the first epochs lie above


@lesson_style()
def dropout():
    """Show which hidden neurons dropout leaves out, and how networks learn digits with it.

    The networks were trained on 1,000 digits beforehand, five for each rate; how, says
    data/README.md. Controls: the rate, the epoch, and the mask, which is another draw of the
    neurons left out.
    """
    recorded = record("dropout")
    runs = {run["rate"]: run for run in recorded["runs"]}
    figure = Figure(figsize=(7.6, 3.7))
    layers = figure.add_axes((0.005, 0.03, 0.25, 0.85), title="in one training step")
    network = NetworkDrawing(layers, 9, NEURONS, 5)
    losses = _LossPanel(figure, runs[0])
    tests = _TestPanel(figure, losses.axes, runs)
    last = recorded["epochs"]

    def draw(rate=0.5, epoch=last, mask=1):
        neurons = Dropout(rate, mask).forward(np.ones(NEURONS), training=True)
        network.draw(neurons, COLOURS["relu"])
        losses.draw(runs[rate], epoch)
        tests.draw(rate)
        return _caption_of_dropout(network, neurons.max(), losses, tests)

    return explore(draw, figure, rate=(0, max(runs), 0.1), epoch=(0, last), mask=(1, 30))


class _LossPanel:
    """Training and validation loss up to an epoch."""

    def __init__(self, figure, without):
        last = len(without["validation_loss"]) - 1
        self.axes = axes = figure.add_axes((0.325, 0.13, 0.45, 0.75), xlim=(-1, 1.42 * last))
        axes.set(ylim=(-0.02, HIGHEST), yticks=[0, 0.2, 0.4, 0.6], xticks=[0, 30, last])
        self.title = axes.set_title("", animated=True)
        axes.set_xlabel("epoch", loc="left", labelpad=1)
        axes.plot(without["validation_loss"], color="0.6", lw=1, ls=(0, (4, 2)))
        top = without["validation_loss_most"][-1]
        axes.text(last, top, "no dropout", color="0.4", ha="right", va="bottom")
        self.curves = {"training": SpreadCurve(axes, SEEN), "validation": SpreadCurve(axes, NEW)}
        text = {"va": "center_baseline", "path_effects": HALO, "animated": True}
        self.names = {
            part: axes.text(0, 0, "", color=ink(curve.line.get_color()), **text)
            for part, curve in self.curves.items()
        }

    def draw(self, run, epoch):
        """Show the losses of a rate from the start to this epoch."""
        self.run = run
        self.title.set_text(f"loss at learning rate {run['learning_rate']:g}")
        for part, curve in self.curves.items():
            losses = [run[f"{part}_loss{end}"][: epoch + 1] for end in ("", "_least", "_most")]
            curve.draw(range(epoch + 1), *losses)
            loss = run[f"{part}_loss"][epoch]
            self.names[part].set_text(f"  {part}{' ↑' if loss > HIGHEST else ''}")
            top = HIGHEST - (0.02 if part == "validation" else 0.07)  # one below the other
            self.names[part].set_position((epoch, min(loss, top)))


class _TestPanel:
    """The test loss of every rate, at its best epoch."""

    def __init__(self, figure, losses, runs):
        axes = figure.add_axes((0.8, 0.13, 0.19, 0.75), sharey=losses, xlim=(-0.06, 0.86))
        axes.set(title="test loss", xticks=[0, 0.4, 0.8])
        axes.set_xlabel("rate", loc="left", labelpad=1)
        axes.tick_params(labelleft=False)
        axes.spines["left"].set_visible(False)
        self.now = axes.axvline(color=COLOURS["now"], lw=1, animated=True)
        test = np.array([runs[rate]["test_losses"] for rate in runs])
        axes.vlines(list(runs), test.min(axis=1), test.max(axis=1), color=NEW, alpha=0.4)
        self.means = axes.plot(list(runs), test.mean(axis=1), "o", color=NEW, ms=5)[0]

    def draw(self, rate):
        self.now.set_xdata([rate, rate])

    def loss(self):
        """Return the test loss of the rate that is marked."""
        rates, losses = self.means.get_data()
        return losses[list(rates).index(self.now.get_xdata()[0])]


def _caption_of_dropout(network, times, losses, tests):
    count = network.silent()
    verb = "is" if count == 1 else "are"
    left_out = f"{count} of these {NEURONS} neurons {verb}" if count else "No neuron is"
    epoch = losses.curves["training"].dot.get_xdata()[0]
    (seen, _, _), (new, least, most) = (curve.now() for curve in losses.curves.values())
    rightly = (losses.run[f"{part}_accuracy"][epoch] for part in losses.curves)
    return (
        f"{left_out} left out; those at work count {times:.2f} times. After epoch "
        f"{epoch} the loss is {number(seen)} on training and {number(new)} on validation "
        f"digits ({number(least)} to {number(most)} in five runs); "
        f"{' and '.join(map(percent, rightly))} are read rightly. Test loss at "
        f"the best epoch, {losses.run['best_epoch']}: {number(tests.loss())}."
    )
