"""The parameters of four networks: facts against the published numbers."""

import re

import numpy as np
import pytest
from explored import NUMBER, numbers, shown_once

from lessonkit.explorers.softmax import where_the_parameters_are

# What others counted. LeNet-5: C1 156, C3 (all 6 maps) 2,416, C5 48,120, F6 10,164, output 850.
# (LeCun et al. 1998 give 156 + 12 + 1,516 + 32 + 48,120 + 10,164 = 60,000.)
# AlexNet: Caffe's bvlc_alexnet, the two-group original. The others: torchvision's num_params.
PUBLISHED = {
    "LeNet-5": 61_706,
    "AlexNet": 60_965_224,
    "VGG-16": 138_357_544,
    "ResNet-50": 25_557_032,
}
IN_DENSE_LAYERS = {
    "LeNet-5": 48_120 + 10_164 + 850,
    "AlexNet": 9217 * 4096 + 4097 * 4096 + 4097 * 1000,
    "VGG-16": 123_642_856,
    "ResNet-50": 2_049_000,
}
LARGEST = {
    "LeNet-5": ("C5", 48_120),
    "AlexNet": ("fc6", 37_752_832),
    "VGG-16": ("fc6", 102_764_544),
    "ResNet-50": ("conv5 (3 blocks)", 14_964_736),
}
IN_LAYERS = {
    "LeNet-5": [156, 2_416, 48_120, 10_164, 850],
    # Krizhevsky et al. 2012, section 3.5: kernels of 11·11·3, 5·5·48, 3·3·256, 3·3·192, 3·3·192
    "AlexNet": [34_944, 307_456, 885_120, 663_936, 442_624, 37_752_832, 16_781_312, 4_097_000],
    # torchvision's resnet50: conv1 and bn1; layer1 … layer4; fc
    "ResNet-50": [9_536, 215_808, 1_219_584, 7_098_368, 14_964_736, 2_049_000],
}
CAPTION = (
    rf"(\S+): ({NUMBER}) of ({NUMBER}) parameters, ({NUMBER}) %, are in fully connected layers\. "
    rf"The largest share, ({NUMBER}) %, is in (.*?); .*\."
)


def opened(name):
    explorer = shown_once(where_the_parameters_are)
    explorer.set(f"network={name}")
    return explorer


def assert_picture_shows(explorer):
    """Assert that the layers listed are the facts', and the network's row is marked."""
    facts, (shares, layers) = explorer.facts, explorer.picture.axes
    assert layers.get_title("left") == f"the layers of {facts.network}"
    (bars,) = layers.containers
    written = [text.get_text() for text in layers.texts]
    rows = list(zip(written[: len(bars)], written[len(bars) :], bars, strict=True))
    greys = [shares.containers[i][0].get_facecolor() for i in (0, 1)]  # dense, convolution
    for layer, (name, parameters, bar) in zip(facts.layers, rows, strict=False):
        assert (name, int(parameters.replace(",", ""))) == (layer.name, layer.parameters)
        assert bar.get_width() == pytest.approx(layer.parameters / facts.parameters)
        assert bar.get_facecolor() == greys[layer.kind == "convolution"]
    for *words, bar in rows[len(facts.layers) :]:
        assert (*words, bar.get_width()) == ("", "", 0)
    (mark,) = shares.lines
    row = list(PUBLISHED).index(facts.network)
    assert row < min(mark.get_ydata()) < max(mark.get_ydata()) < row + 1


@pytest.mark.parametrize("name", PUBLISHED)
def test_totals_are_the_published_ones(name):
    explorer = opened(name)
    facts, (largest, parameters) = explorer.facts, LARGEST[name]
    assert (facts.network, facts.dense) == (name, IN_DENSE_LAYERS[name])
    counts = [layer.parameters for layer in facts.layers]
    assert sum(counts) == facts.parameters == PUBLISHED[name]
    assert counts == IN_LAYERS.get(name, counts)
    assert (facts.largest.name, facts.largest.parameters) == (largest, parameters)
    assert_picture_shows(explorer)
    said = re.fullmatch(CAPTION, explorer.caption).groups()
    assert said[0] == name
    assert numbers(said[1]) == [IN_DENSE_LAYERS[name]]
    assert numbers(said[2]) == [PUBLISHED[name]]
    assert said[3] == f"{100 * IN_DENSE_LAYERS[name] / PUBLISHED[name]:.1f}"
    assert said[4:] == (f"{100 * parameters / PUBLISHED[name]:.1f}", largest)


def test_layers_of_vgg_16_from_the_paper_s_table():
    # Simonyan & Zisserman 2014, table 1, configuration D, written out; M is max pooling
    configuration = "64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M"
    channels, side, expected = 3, 224, []
    for word in configuration.split():
        if word == "M":
            side //= 2
        else:
            expected.append(int(word) * channels * 3 * 3 + int(word))
            channels = int(word)
    for inputs, outputs in ((channels * side * side, 4096), (4096, 4096), (4096, 1000)):
        expected.append(inputs * outputs + outputs)
    names, kinds, parameters = zip(*opened("VGG-16").facts.layers, strict=True)
    assert list(parameters) == expected
    assert names[:3] == ("conv1_1", "conv1_2", "conv2_1")
    assert names[-3:] == ("fc6", "fc7", "fc8")
    assert kinds == ("convolution",) * 13 + ("fully connected",) * 3


def test_resnet_50_written_out_layer_by_layer():
    # He et al. 2015, table 1: 1 + 3 · (3 + 4 + 6 + 3) convolutions and 4 shortcuts, none with a
    # bias; after each of these 53 batch normalization, 2 parameters per channel
    weights = normalization = layers = 0
    maps = 64
    for width, blocks in ((64, 3), (128, 4), (256, 6), (512, 3)):
        for block in range(blocks):
            shapes = [(maps, width, 1), (width, width, 9), (width, 4 * width, 1)]
            shapes += [(maps, 4 * width, 1)] if block == 0 else []
            weights += sum(inputs * outputs * window for inputs, outputs, window in shapes)
            normalization += sum(2 * outputs for _, outputs, _ in shapes)
            layers += len(shapes)
            maps = 4 * width
    weights, normalization, layers = weights + 3 * 64 * 49, normalization + 2 * 64, layers + 1
    assert (weights, normalization, layers) == (23_454_912, 53_120, 53)
    listed = opened("ResNet-50").facts.layers
    convolutions = [layer.parameters for layer in listed if layer.name != "fc"]
    assert sum(convolutions) == weights + normalization
    blocks = [int(n) for layer in listed for n in re.findall(r"\((\d+) blocks\)", layer.name)]
    assert 3 * sum(blocks) + 2 == 50  # with conv1 and fc


def test_bars_of_the_four_networks():
    axes = opened("VGG-16").picture.axes[0]
    shares = [bars[0].get_width() for bars in axes.containers]
    assert shares[::2] == pytest.approx([IN_DENSE_LAYERS[n] / PUBLISHED[n] for n in PUBLISHED])
    assert np.add(shares[::2], shares[1::2]) == pytest.approx([1] * 4)
    written = " ".join(text.get_text() for text in axes.texts)
    for name, total in PUBLISHED.items():
        assert re.search(rf"{name}, \d{{4}} {total:,}", written)
