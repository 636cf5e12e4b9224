"""The silent neurons: facts against the photograph's file, taken patch by patch."""

import functools

import numpy as np
import pytest
from explored import shown_once
from matplotlib.colors import to_rgb
from PIL import Image
from scipy.special import expit

from lessonkit.datasets import DATA
from lessonkit.explorers.activation import silent_neurons
from lessonkit.explorers.style import COLOURS
from lessonkit.explorers.words import percent


@pytest.fixture
def silence():
    explorer = shown_once(silent_neurons)
    explorer.set("patch=5 bias=0 activation=ReLU")
    return explorer


@functools.cache
def by_hand():
    """Return corners, pixels and sums at bias 0 of all patches, from the photograph's file."""
    pixels = np.asarray(Image.open(DATA / "photographs" / "camera.png"), dtype=float) / 255
    grey = pixels.reshape(256, 2, 256, 2).mean(axis=(1, 3))[8:248, 8:248]
    weights = np.random.default_rng(1).standard_normal((9, 20)) / 3
    rows = []
    for top in range(0, 240, 24):
        for left in range(0, 240, 24):
            patch = grey[top : top + 24, left : left + 24].reshape(3, 8, 3, 8).mean(axis=(1, 3))
            if patch.std() > 0.02:
                sums = (patch.ravel() - patch.mean()) / patch.std() @ weights
                rows.append(((left, top), patch, sums))
    return [np.array(column) for column in zip(*rows, strict=True)]


def assert_picture_shows(explorer):
    """Assert that patch, neurons, lines, bars and their numbers are those of the facts."""
    facts, (photo, zoom, layers, bars) = explorer.facts, explorer.picture.axes
    (square,) = photo.patches
    assert list(square.get_xy()) == facts.corner.tolist()
    np.testing.assert_array_equal(zoom.images[0].get_array(), facts.pixels)
    assert_network_shows(layers, facts)
    relu, sigmoid, small, *_ = bars.patches
    active = 100 * (1 - np.array([facts.relu_zero, facts.sigmoid_zero]))
    assert relu.get_width() == pytest.approx(active[0])
    assert sigmoid.get_width() + small.get_width() == pytest.approx(active[1])
    assert small.get_x() == sigmoid.get_width()
    assert small.get_width() == pytest.approx(100 * facts.sigmoid_small)
    words = [text.get_text() for text in bars.texts[:2]]
    assert words == [f"ReLU: {active[0]:.1f} %", f"sigmoid: {active[1]:.1f} %, striped < 0.1"]


def assert_network_shows(axes, facts):
    """Assert that a neuron is white and without lines where it is 0, else the fuller the larger."""
    lines, neurons = axes.collections
    colours, values = neurons.get_facecolor()[:, :3], facts.values
    white = np.all(colours == 1, axis=1)
    assert white.tolist() == (values == 0).tolist()
    assert white.sum() == facts.silent
    full = np.abs(1 - colours).sum(axis=1)
    assert np.all(np.diff(full[np.argsort(values)]) >= 0)
    colour = 1 - np.array(to_rgb(COLOURS[facts.activation]))  # mixed with white, and no other
    np.testing.assert_allclose((1 - colours) * colour.sum(), np.outer(full, colour), atol=1e-9)
    segments = lines.get_segments()
    assert len(segments) == (20 - facts.silent) * (9 + 5)
    connected = {y for segment in segments for x, y in segment if x == 1}
    assert connected == set(np.flatnonzero(~white))


@pytest.mark.parametrize("activation", ["ReLU", "sigmoid"])
@pytest.mark.parametrize("bias", [-3, -1, 0, 0.55, 1.5, 3])
@pytest.mark.parametrize("patch", [1, 40, 49])
def test_who_is_silent(silence, activation, bias, patch):
    silence.set(f"patch={patch} bias={bias} activation={activation}")
    corners, pixels, sums = by_hand()
    sums = sums + bias
    here = sums[patch - 1]
    values = {"ReLU": np.where(here > 0, here, 0), "sigmoid": expit(here)}[activation]
    silent = np.sum(here <= 0) if activation == "ReLU" else 0
    shares = {
        "relu_zero": np.mean(sums <= 0),
        "sigmoid_zero": 0,
        "sigmoid_small": np.mean(expit(sums) < 0.1),
    }

    facts = silence.facts
    assert facts.corner.tolist() == corners[patch - 1].tolist()
    np.testing.assert_allclose(facts.pixels, pixels[patch - 1], rtol=1e-5)
    np.testing.assert_allclose(facts.values, values, rtol=1e-4, atol=1e-5)
    assert facts.silent == silent
    assert {name: getattr(facts, name) for name in shares} == pytest.approx(shares)

    active, zero, _, small = (percent(share) for share in (1 - facts.relu_zero, *shares.values()))
    verb = "is" if silent == 1 else "are"
    assert silence.caption == (
        f"On this patch {silent} of the 20 neurons {verb} exactly 0 after {activation}. "
        f"Over all patches {active} of ReLU's values are active and {zero} exactly 0; "
        f"of sigmoid's, {small} are smaller than 0.1 and 0.0 % exactly 0."
    )


def test_every_patch_has_its_place_on_the_slider(silence):
    assert silence.controls["patch"].max == len(by_hand()[0]) == 49
