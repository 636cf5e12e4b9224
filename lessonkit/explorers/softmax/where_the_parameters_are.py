"""Most parameters are in the fully connected layers (section 12.5 of our source): are they?"""

from typing import NamedTuple

from matplotlib.figure import Figure

from lessonkit.explorers.softmax.connections import CONVOLUTION, DENSE, KINDS
from lessonkit.explorers.softmax.networks import NETWORKS, REMARKS, Layer
from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import percent
from lessonkit.live import explore, in_pieces, lesson_style

LEFT = -0.9  # where the layers' names begin, on the axis of their shares


@as_table
class Facts(NamedTuple):
    """Where a network has its parameters."""

    network: str
    layers: tuple[Layer, ...]  # those with parameters, in order
    parameters: int
    dense: int  # parameters in fully connected layers
    largest: Layer  # the one with the most parameters


@lesson_style()
def where_the_parameters_are():
    """Show how four networks' parameters divide between fully connected layers and convolutions.

    All numbers are added up from the layers in networks.py: weights, biases, and the scale and
    shift of batch normalization. Control: the network whose layers are listed.
    """
    figure = Figure(figsize=(7.6, 4))
    shares = _Shares(figure.add_axes((0.03, 0.02, 0.36, 0.89)))
    layers = _Layers(figure.add_axes((0.46, 0.02, 0.525, 0.89)))
    in_pieces(figure, (0, 305), (330, 760), fit=layers.fit)

    def paint(facts):
        shares.mark(facts.network)
        layers.paint(facts)

    return explore(measure, figure, paint, say, network=list(NETWORKS)).recorded("network")


def measure(network="VGG-16"):
    """Return the facts of a network."""
    layers = tuple(NETWORKS[network])
    total = sum(layer.parameters for layer in layers)
    dense = sum(layer.parameters for layer in layers if layer.kind == DENSE)
    return Facts(network, layers, total, dense, max(layers, key=lambda layer: layer.parameters))


class _Shares:
    """A bar for each network: what share of its parameters is in fully connected layers."""

    def __init__(self, axes):
        axes.set(xlim=(0, 1), ylim=(len(NETWORKS), 0))
        axes.axis("off")
        axes.set_title(DENSE, color=ink(KINDS[DENSE]), loc="left")
        axes.set_title(CONVOLUTION, color=ink(KINDS[CONVOLUTION]), loc="right")
        for row, facts in enumerate(map(measure, NETWORKS)):
            share = facts.dense / facts.parameters
            named = f"{facts.network}, {REMARKS[facts.network][0]}"
            axes.text(0, row + 0.25, named, va="center")
            axes.text(1, row + 0.25, f"{facts.parameters:,}", ha="right", va="center")
            axes.barh(row + 0.62, share, height=0.38, color=KINDS[DENSE])
            axes.barh(row + 0.62, 1 - share, left=share, height=0.38, color=KINDS[CONVOLUTION])
            look = {"ha": "right", "color": "white"} if share > 0.5 else {"ha": "left"}
            axes.text(share, row + 0.62, f" {percent(share)} ", va="center", **look)
        look = {"color": COLOURS["now"], "lw": 4, "clip_on": False, "animated": True}
        self.now = axes.plot([-0.035, -0.035], [0, 0], **look)[0]

    def mark(self, network):
        row = list(NETWORKS).index(network)
        self.now.set_ydata([row + 0.1, row + 0.81])


class _Layers:
    """The layers of one network: their parameters in numbers and as shares of the whole."""

    def __init__(self, axes):
        rows = range(max(map(len, NETWORKS.values())))
        self.axes = axes
        axes.set(xlim=(LEFT, 0.8), ylim=(rows[-1] + 0.5, -0.5))
        axes.axis("off")
        self.title = axes.set_title("", animated=True)
        self.bars = axes.barh(rows, 0, height=0.7, animated=True)
        look = {"va": "center_baseline", "animated": True}
        self.names = [axes.text(LEFT, row, "", **look) for row in rows]
        self.numbers = [axes.text(-0.03, row, "", ha="right", **look) for row in rows]

    def fit(self, narrow):
        """Give the words more of a narrow page, and the bars less."""
        left = -1.9 if narrow else LEFT
        self.axes.set_xlim(left, 0.8)
        for name in self.names:
            name.set_x(left)

    def paint(self, facts):
        self.title.set_text(f"the layers of {facts.network}")
        empty = (Layer("", "", 0),) * (len(self.bars) - len(facts.layers))
        rows = zip(facts.layers + empty, self.bars, self.names, self.numbers, strict=True)
        for (name, kind, parameters), bar, label, count in rows:
            bar.set_width(parameters / facts.parameters)
            bar.set_color(KINDS.get(kind, "none"))
            label.set_text(name)
            count.set_text(f"{parameters:,}" if name else "")


def say(facts):
    """Return the caption of a network."""
    total, largest = facts.parameters, facts.largest
    return (
        f"{facts.network}: {facts.dense:,} of {total:,} parameters, "
        f"{percent(facts.dense / total)}, are in fully connected layers. The largest share, "
        f"{percent(largest.parameters / total)}, is in {largest.name}; "
        f"{REMARKS[facts.network][1]}."
    )
