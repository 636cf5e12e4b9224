"""The parameters of four well-known networks, added up from their layers.

The papers: LeCun et al. (counted as it is built today; in the paper C3 sees fewer maps, pooling has
parameters too, and the total is 60,000), Krizhevsky et al., Simonyan & Zisserman (configuration D),
He et al.
"""

from typing import NamedTuple

from lessonkit.explorers.softmax.connections import CONVOLUTION, DENSE


class Layer(NamedTuple):
    """A layer, or a stage of several."""

    name: str
    kind: str  # of connection
    parameters: int


def _dense(name, inputs, outputs):
    """Each output has a weight for every input, and a bias."""
    return Layer(name, DENSE, outputs * (inputs + 1))


def _convolution(name, inputs, outputs, kernel_size, groups=1):
    """Each output channel has a kernel over the input channels of its group, and a bias."""
    return Layer(name, CONVOLUTION, outputs * (inputs // groups * kernel_size**2 + 1))


def _vgg_blocks():
    """Return the 3×3 convolutions; a pooling layer after each block halves the maps, 224 to 7."""
    layers, inputs = [], 3
    for block, (width, count) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), 1):
        for place in range(1, count + 1):
            layers.append(_convolution(f"conv{block}_{place}", inputs, width, 3))
            inputs = width
    return layers


def _resnet_stages():
    """Return the four stages of blocks 1×1, 3×3, 1×1; a stage's first also has a 1×1 shortcut."""
    stages, inputs = [], 64
    for stage, (width, blocks) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), 2):
        parameters = _normalized(inputs, 4 * width, 1)
        for _ in range(blocks):
            parameters += _normalized(inputs, width, 1) + _normalized(width, width, 3)
            parameters += _normalized(width, 4 * width, 1)
            inputs = 4 * width
        stages.append(Layer(f"conv{stage} ({blocks} blocks)", CONVOLUTION, parameters))
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
        Layer("conv1", CONVOLUTION, _normalized(3, 64, 7)),
        *_resnet_stages(),
        _dense("fc", 2048, 1000),
    ],
}
REMARKS = {  # name → year of the paper, and what to know about the counts
    "LeNet-5": (1998, "C5 counts as fully connected, as its kernels cover whole maps"),
    "AlexNet": (2012, "in the original, as here, conv2, conv4 and conv5 see only half the maps"),
    "VGG-16": (2014, "it sees 512 maps of 7×7"),
    "ResNet-50": (
        2015,
        "batch normalization (rescaling after each convolution) counts as convolution, and fc "
        "sees one mean per map",
    ),
}
