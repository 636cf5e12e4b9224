"""The explorer of the last chapter, notebooks/06_whole_network.ipynb: all layers together."""

from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from lessonkit.datasets import digits, record
from lessonkit.digit_network import MOVES, as_mnist_fits, moved, trained_network
from lessonkit.explorers.controls import show_while
from lessonkit.explorers.style import COLOURS, SIGNED, ink
from lessonkit.explorers.words import formatted, number, percent, scientific
from lessonkit.live import explore, lesson_style
from lessonkit.live.pad import DrawingPad, pixels
from lessonkit.network import Flatten
from lessonkit.softmax import softmax

# -- every stage at once ---------------------------------------------------------------------------

TOP, HEIGHT = 44, 312  # of the maps; all lengths are in CSS pixels
DRAWN = "draw one"
BARS = (694, 752)  # left and right end of the probabilities


class _Stage(NamedTuple):
    """Where a stage's maps stand: squares of side × side cells."""

    count: int
    side: int
    left: int
    cell: int
    columns: int = 1

    def corner(self, channel):
        """Return left and top of a map."""
        row, column = divmod(channel, self.columns)
        size, pitch = self.side * self.cell, HEIGHT * self.columns / self.count
        return self.left + column * (size + 4), TOP + int((row + 0.5) * pitch - size / 2)

    def outline(self, channel, row=0, column=0, reach=None):
        """Return the outline of reach × reach cells, or of the map, as five places."""
        left, top = self.corner(channel)
        size = (reach or self.side) * self.cell + 2
        return _box(left + column * self.cell - 1, top + row * self.cell - 1, size, size)


def _box(left, top, width, height):
    right, bottom = left + width, top + height
    return [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


STAGES = {
    "input": _Stage(1, 28, 8, 3),
    "convolution 1": _Stage(6, 24, 130, 2),
    "ReLU 1": _Stage(6, 24, 188, 2),
    "pooling 1": _Stage(6, 12, 246, 4),
    "convolution 2": _Stage(12, 8, 316, 5, 2),
    "ReLU 2": _Stage(12, 8, 410, 5, 2),
    "pooling 2": _Stage(12, 4, 504, 10, 2),
    "scores": _Stage(10, 1, 616, 22),
}
TITLES = ("input", "convolve", "ReLU", "pool", "convolve", "ReLU", "pool", "dense")
SOFTMAX = "probabilities"
SHAPES = STAGES | {SOFTMAX: STAGES["scores"]}
CHOICES = list(SHAPES)[1:]  # of numbers: the input's are not made


@lesson_style()
def whole_network():
    """Show what every layer of a trained network makes of one digit, from pixels to probabilities.

    Controls: the digit, from the test set or drawn; how it is moved; and one number of one stage,
    whose making is shown. Pointing at a number chooses it as well. All is counted from 0, as in
    Python.
    """
    network, data = trained_network(), digits()
    figure = Figure(figsize=(7.6, 5.3))
    paper = figure.add_axes((0, 0, 1, 1), xlim=(0, 760), ylim=(530, 0))
    paper.axis("off")
    flow = _Flow(paper, network, data.test_images[:50])
    answer = _Answer(paper)
    making = _Making(paper, flow, answer)
    steadiness = _Steadiness(figure, record("whole_network")["test_accuracy"])
    note = paper.text(8, 254, "", color="0.4", **TEXT)

    def draw(input, digit, drawing, stage, map, row, column, **moves):
        drawn = input == DRAWN
        image = pixels(drawing) if drawn else data.test_images[digit]
        empty = not image.any()
        flow.draw(moved(image, **moves, fit=as_mnist_fits(image) if drawn else None))
        note.set_text("fitted, centred" if drawn and not empty else "")
        answer.draw(flow.values["scores"].ravel(), None if drawn else data.test_labels[digit])
        making.draw(stage, map, row, column)
        steadiness.draw(moves)
        return f"{answer.in_words(empty)} {steadiness.in_words()} {making.in_words()}"

    return explore(draw, figure, on_point=_number_at, **_controls(len(data.test_images)))


def _number_at(x, y):
    """Return the controls' values for the number at a place of the picture, or None."""
    for name, stage in list(STAGES.items())[1:]:  # but the input
        for channel in range(stage.count):
            left, top = stage.corner(channel)
            column, row = int((x - left) // stage.cell), int((y - top) // stage.cell)
            if 0 <= row < stage.side and 0 <= column < stage.side:
                return {"stage": name, "map": channel, "row": row, "column": column}
    if x > BARS[0] and 0 <= y - TOP < HEIGHT:
        return {"stage": SOFTMAX, "map": int((y - TOP) * 10 / HEIGHT)}
    return None


# -- its controls ----------------------------------------------------------------------------------


def _controls(count):
    source = ipywidgets.Dropdown(options=["a test digit", DRAWN])
    digit = ipywidgets.IntSlider(101, min=0, max=count - 1, description="test digit")
    drawing = DrawingPad(description="drawing")
    show_while(digit, source, "a test digit")
    show_while(drawing, source, DRAWN)
    moves = {name: _short_slider(int(name == "scale"), *of) for name, of in MOVES.items()}
    return {"input": source, "digit": digit, "drawing": drawing} | moves | _number_controls()


def _number_controls():
    """Return the controls that choose a number; sliders end where their stage does."""
    stage = ipywidgets.Dropdown(options=CHOICES, value="convolution 1")
    first = {"map": (3, 0, 5, 1), "row": (12, 0, 23, 1), "column": (12, 0, 23, 1)}
    sliders = {name: _short_slider(*of) for name, of in first.items()}

    def follow(_=None):
        shape = SHAPES[stage.value]
        for name, slider in sliders.items():
            slider.max = (shape.count if name == "map" else shape.side) - 1
            slider.layout.display = "flex" if slider.max else "none"
        sliders["map"].description = "map" if shape.side > 1 else "digit"

    stage.observe(follow, "value")
    return {"stage": stage} | sliders


def _short_slider(value, least, most, step):
    """Return a slider of which four stand in a row."""
    kind = ipywidgets.FloatSlider if isinstance(step, float) else ipywidgets.IntSlider
    layout = ipywidgets.Layout(flex="1 1 160px", max_width="178px")
    return kind(value, min=least, max=most, step=step, layout=layout)


# -- its picture -----------------------------------------------------------------------------------


def _as_words(colours):
    """Return colours, (…, 4) uint8, as one number each: they are copied four times as fast."""
    return colours.view(np.uint32)[..., 0]


SIGNED_COLOURS = _as_words(SIGNED(range(256), bytes=True))  # of −1 … 1, as all colours here
INK_COLOURS = _as_words(colormaps["gray_r"](np.clip(np.linspace(-1, 1, 256), 0, 1), bytes=True))
TEXT = {"va": "center_baseline", "animated": True}


class _Tiles(Artist):
    """Pixels, (H, W), at a place of the figure.

    Matplotlib's own images take far longer: they are resampled. Here pixels are repeated.
    """

    def __init__(self, figure, left, top, width, height, animated=True):
        super().__init__()
        self.set_animated(animated)
        self.left, self.top = left, top
        self.pixels = np.zeros((height, width), np.uint32)  # each the four bytes of its colour
        figure.add_artist(self)

    def draw(self, renderer):
        times = self.figure.dpi / 100
        rows, columns = ((np.arange(int(n * times)) / times).astype(int) for n in self.pixels.shape)
        grown = self.pixels.take(columns, axis=1).take(rows[::-1], axis=0)  # from the bottom up
        bottom = renderer.height - self.top * times - rows.size
        colours = grown.view(np.uint8).reshape(*grown.shape, 4)
        renderer.draw_image(renderer.new_gc(), self.left * times, bottom, colours)

    def put(self, place, cell, values, limit, colours=SIGNED_COLOURS):
        """Draw a map at (left, top), each value as a square of cell × cell pixels."""
        left, top = place[0] - self.left, place[1] - self.top
        shades = np.clip(127.5 * (values / limit + 1), 0, 255).astype(np.uint8)
        squares = colours[shades].repeat(cell, axis=0).repeat(cell, axis=1)
        height, width = squares.shape[:2]
        self.pixels[top : top + height, left : left + width] = squares


class _Flow:
    """All stages from left to right, up to the scores."""

    def __init__(self, paper, network, samples):
        self.network, self.picture = network, None
        self.tiles = _Tiles(paper.figure, 0, TOP, STAGES["scores"].left + 22, HEIGHT)
        # The stages between two sums share a scale: ReLU and pooling are seen to change nothing
        # else. A hundredth of the numbers goes beyond it.
        self.limits, limit = {}, 1
        for name, values in self._forward(samples).items():
            if name.startswith(("convolution", "scores")):
                limit = np.percentile(np.abs(values), 99)
            self.limits[name] = limit
        self._draw_still(paper)

    def _forward(self, images):
        """Return name of a stage → its values, (N, maps, rows, columns)."""
        outputs = [images[:, np.newaxis]]
        for layer in self.network.layers:
            outputs.append(layer.forward(outputs[-1]))
        *maps, _, scores = outputs  # but the flat row
        return dict(zip(STAGES, [*maps, scores[..., np.newaxis, np.newaxis]], strict=True))

    def _draw_still(self, paper):
        """Draw titles, the outlines of all maps, and the kernels of the first convolution."""
        outlines = [stage.outline(c) for stage in STAGES.values() for c in range(stage.count)]
        paper.add_collection(LineCollection(outlines, colors="0.8", lw=0.7))
        for stage, name in zip(STAGES.values(), TITLES, strict=True):
            middle = stage.left + (stage.columns * (stage.side * stage.cell + 4) - 4) / 2
            paper.text(middle, 14, name, ha="center", va="center")
            shape = f"{stage.side}×{stage.side}" if stage.side > 1 else "scores"
            paper.text(middle, 31, shape, ha="center", va="center", color="0.4")
        for y, word, place in ((330, "positive", 0.85), (347, "negative", 0.15)):
            paper.text(8, y, word, color=SIGNED(place), va="center_baseline")
        first = STAGES["convolution 1"]
        kernels = _Tiles(paper.figure, first.left - 26, TOP, 20, HEIGHT, animated=False)
        weight = self.network.layers[0].parameters["weight"]
        for channel, kernel in enumerate(weight[:, 0]):
            left, top = first.corner(channel)
            kernels.put((left - 26, top + 14), 4, kernel, np.abs(weight).max())

    def draw(self, picture):
        """Show what the network makes of a picture, (28, 28)."""
        if np.array_equal(picture, self.picture):
            return
        self.picture = picture
        self.values = {name: v[0] for name, v in self._forward(picture[np.newaxis]).items()}
        for name, stage in STAGES.items():
            colours = INK_COLOURS if name == "input" else SIGNED_COLOURS
            for channel, values in enumerate(self.values[name]):
                place = stage.corner(channel)
                self.tiles.put(place, stage.cell, values, self.limits[name], colours)


class _Answer:
    """The scores as numbers, the probabilities as bars; the winner stands on a band."""

    def __init__(self, paper):
        left, right = BARS
        paper.text(right + 4, 14, "softmax", ha="right", va="center")
        paper.text(right + 4, 31, "probability", ha="right", va="center", color="0.4")
        rows = [STAGES["scores"].corner(digit)[1] + 11 for digit in range(10)]
        for digit, y in enumerate(rows):
            paper.text(603, y, digit, ha="center", va="center_baseline", weight="bold")
        self.scores = [paper.text(689, y, "", ha="right", **TEXT) for y in rows]
        self.numbers = [paper.text(left, y - 6, "", **TEXT) for y in rows]
        self.heights = [y + 9 for y in rows]
        look = {"color": COLOURS["sigmoid"], "animated": True}
        self.bars = paper.add_collection(LineCollection([], lw=5, **look))
        band = Rectangle((594, 0), 164, 30, alpha=0.15, lw=0, zorder=-1, **look)
        self.band = paper.add_patch(band)
        self.verdict = paper.text(right, TOP + HEIGHT + 10, "", weight="bold", ha="right", **TEXT)

    def draw(self, scores, label):
        """Show ten scores. label: the right digit, or None for one that nobody has named."""
        shares = softmax(scores)
        left, right = BARS
        ends = zip(left + shares * (right - left), self.heights, strict=True)
        self.bars.set_segments([[(left, y), (x, y)] for x, y in ends])
        for digit, (score, share) in enumerate(zip(scores, shares, strict=True)):
            self.scores[digit].set_text(formatted(score, ".1f"))
            self.numbers[digit].set_text(f"{share:.2f}" if share >= 0.005 else "")
        winner = int(shares.argmax())
        self.band.set_y(self.heights[winner] - 24)
        article = "an" if label == 8 else "a"
        verdict = f"{'right' if winner == label else 'wrong'}, it is {article} {label}"
        self.verdict.set_text("" if label is None else verdict)

    def probabilities(self):
        """Return them as drawn."""
        left, right = BARS
        return np.array([(end[0] - left) / (right - left) for _, end in self.bars.get_segments()])

    def outline(self, digit):
        left, right = BARS
        return _box(left - 4, self.heights[digit] - 24, right - left + 8, 30)

    def in_words(self, empty):
        shares, verdict = self.probabilities(), self.verdict.get_text()
        *_, second, first = np.argsort(shares, kind="stable")
        says = f"it says {first} with {shares[first]:.2f}"
        if empty:
            return f"Nothing is drawn yet; on empty paper {says}."
        says = says.capitalize()
        if shares[second] >= 0.005:
            says += f", then {second} with {shares[second]:.2f}"
        return f"{says}: {verdict}." if verdict else f"{says}."


# What a layer sees for one number: how many rows and columns of the stage before, how far on those
# of the next number are, and whether of all its maps.
SEES = {
    "convolution": (5, 1, True),
    "ReLU": (1, 1, False),
    "pooling": (2, 2, False),
    "scores": (4, 1, True),
    SOFTMAX: (1, 1, True),
}


class _Making:
    """How one number came about: what its layer saw, the weights, the products, the result."""

    LEFT, ROWS = 94, (394, 430, 466)

    def __init__(self, paper, flow, answer):
        self.flow, self.answer = flow, answer
        layers = [layer for layer in flow.network.layers if not isinstance(layer, Flatten)]
        self.parameters = {n: layer.parameters for n, layer in zip(CHOICES, layers, strict=False)}
        self.tiles = _Tiles(paper.figure, self.LEFT - 1, self.ROWS[0] - 1, 310, 108)
        self.boxes = paper.add_collection(LineCollection([], colors="0.8", lw=0.7, animated=True))
        look = {"colors": COLOURS["now"], "lw": 1.5, "zorder": 4, "animated": True}
        self.frames = paper.add_collection(LineCollection([], **look))
        self.place = paper.text(8, 380, "", weight="bold", color=ink(COLOURS["now"]), **TEXT)
        self.names = [paper.text(8, y + 15, "", color="0.35", **TEXT) for y in self.ROWS]
        self.result = paper.text(8, 516, "", **TEXT)

    def draw(self, stage, channel, row, column):
        """Show the making of the number at row and column of a stage's map."""
        shape = SHAPES[stage]
        channel = min(channel, shape.count - 1)
        row, column = min(row, shape.side - 1), min(column, shape.side - 1)
        before = list(STAGES)[CHOICES.index(stage)]
        reach, stride, all_maps = SEES[stage.split()[0]]
        maps = range(STAGES[before].count) if all_maps else [channel]
        top, left = row * stride, column * stride
        frames = [STAGES[before].outline(m, top, left, reach) for m in maps]
        if stage == SOFTMAX:
            frames.append(self.answer.outline(channel))
            result = self.answer.probabilities()[channel]
        else:
            frames.append(shape.outline(channel, row, column, 1))
            result = self.flow.values[stage][channel, row, column]
        self.frames.set_segments(frames)
        self.place.set_text(_place_in_words(stage, channel, row, column))
        window = self.flow.values[before][maps, top : top + reach, left : left + reach]
        colours = INK_COLOURS if before == "input" else SIGNED_COLOURS
        parameters = self.parameters.get(stage)
        steps, formula, self.more = _work_out(stage, window, channel, result, parameters)
        self._show([("sees", window, self.flow.limits[before], colours), *steps])
        self.result.set_text(formula)

    def _show(self, steps):
        """Show what was seen and what became of it: (name, maps, and what `_Tiles.put` takes)."""
        self.tiles.pixels[:] = 0
        boxes = []
        for text, top in zip(self.names, self.ROWS, strict=True):
            name, maps, *look = steps.pop(0) if steps else ("", [])
            text.set_text(name)
            for i, values in enumerate(maps):
                count, side = len(maps), len(values)
                cell = min(30 // side, 300 // (count * (side + 1)))
                left = self.LEFT + i * (side + 1) * cell
                self.tiles.put((left, top), cell, values, *look)
                boxes.append(_box(left - 1, top - 1, side * cell + 2, side * cell + 2))
        self.boxes.set_segments(boxes)

    def in_words(self):
        return f"{self.place.get_text()}: {self.result.get_text()}{self.more}."


def _place_in_words(stage, channel, row, column):
    if SHAPES[stage].side == 1:
        return f"{'Score' if stage == 'scores' else 'Probability'} of {channel}"
    return f"{stage[0].upper()}{stage[1:]}, map {channel}, row {row}, column {column}"


def _work_out(stage, window, channel, result, parameters):
    """Return the steps from what a layer saw to its result, as `_Making._show` takes them, the
    result as a formula, and what there is to add in words."""
    if parameters:
        return _weighted_sum(window, channel, result, **parameters)
    if stage == SOFTMAX:
        powers = np.exp(window.astype(float))
        total = scientific(powers.sum())
        below = f"({total})" if "×" in total else total
        formula = f"exp({number(window[channel].item())}) / {below} ≈ {number(result)}"
        more = f", where {total} is the sum of all ten exp"
        return [("exp", powers, powers.max())], formula, more
    seen = [number(value) for value in window.ravel()]
    formula = f"max({', '.join(['0', *seen] if stage.startswith('ReLU') else seen)})"
    return [], f"{formula} = {number(result)}", ""


def _weighted_sum(window, channel, result, weight, bias):
    weights = weight[channel].reshape(window.shape)
    products = weights * window
    steps = [
        ("× weights", weights, np.abs(weight).max()),
        ("= products", products, np.abs(products).max() or 1),
    ]
    terms = f"sum {number(products.sum())} + bias {number(bias.ravel()[channel])}"
    more = f", where the sum is that of {products.size} products"
    by_map = products.sum(axis=(1, 2))
    if by_map.size > 1 and by_map.max() > 0:
        more += f"; map {by_map.argmax()} adds most, {number(by_map.max())}"
    return steps, f"{terms} ≈ {number(result)}", more


class _Steadiness:
    """Small curves of how many test digits are read rightly when all are moved in one way."""

    LEFT, BOTTOM, WIDTH, HEIGHT, GAP = 446, 494, 50, 54, 13

    def __init__(self, figure, accuracies):
        heading = "test digits read rightly, moved one way only"
        figure.text(self.LEFT / 760, 1 - 394 / 530, heading, va="center_baseline")
        self.curves, self.marks, self.numbers = {}, {}, {}
        for place, (name, (least, most, _)) in enumerate(MOVES.items()):
            left = self.LEFT + place * (self.WIDTH + self.GAP)
            of = (left / 760, 1 - self.BOTTOM / 530, self.WIDTH / 760, self.HEIGHT / 530)
            axes = figure.add_axes(of, xlim=(least, most), ylim=(0, 1.03))
            axes.set_title(name.replace("_", " "), pad=18)
            ends = {0: f"±{most}"} if least == -most else {least: f"{least:g}", most: f"{most:g}"}
            axes.set_xticks(list(ends), list(ends.values()))
            if len(ends) == 2:
                for label, side in zip(axes.get_xticklabels(), ("left", "right"), strict=True):
                    label.set_ha(side)
            axes.set_yticks([0, 0.5, 1], ["0", "50", "100 %"] if place == 0 else [])
            xs = np.linspace(least, most, len(accuracies[name]))
            self.curves[name] = axes.plot(xs, accuracies[name], color="0.35", lw=1.5)[0]
            look = {"color": COLOURS["now"], "ms": 6, "clip_on": False, "animated": True}
            self.marks[name] = axes.plot([], [], "o", **look)[0]
            look = {"color": ink(COLOURS["now"]), "transform": axes.transAxes} | TEXT
            self.numbers[name] = axes.text(0, 1.2, "", **look)

    def draw(self, moves):
        for name, value in moves.items():
            least, _, step = MOVES[name]
            share = self.curves[name].get_ydata()[round((value - least) / step)]
            self.marks[name].set_data([value], [share])
            self.numbers[name].set_text(f"{100 * share:.0f} %")

    def in_words(self):
        """Say the share as they are, and the share for each move that is made."""
        share = np.interp(0, *self.curves["turn"].get_data())
        alike = []
        for name, mark in self.marks.items():
            ((x, y),) = mark.get_xydata()
            if x != (1 if name == "scale" else 0):
                alike.append(f"{percent(y)} with {name.replace('_', ' ')} {formatted(x, 'g')}")
        moved = "all moved alike" if len(alike) == 1 else "all moved in one of these ways alone"
        more = f"; {moved}: {', '.join(alike)}" if alike else ""
        return f"Of the test digits it reads {percent(share)} rightly{more}."
