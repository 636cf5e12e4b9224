"""Colours are told apart by the colour-blind, and in grey by lightness, dashes or width.

Simulations: Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation
of Color Vision Deficiency", table of matrices, severity 1.0; they act on linear RGB. Lightness and
differences: CIE 1976 L*a*b* under D65, where 2 is just noticed and 100 is black to white.
"""

import itertools

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from test_every_explorer import EXPLORERS, opened, reset

from lessonkit.explorers.style import COLOURS, DASHES, SIGNED

SIGHT = {
    "ordinary": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip
FIGURES = [(chapter, name) for chapter, name in EXPLORERS if name != "mosaics"]  # a photograph


def seen(colours, sight="ordinary"):
    """Return L*, a*, b* of sRGB colours, (…, 3) in 0..1, as they are seen."""
    rgb = np.asarray(colours, float)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = np.clip(linear @ np.array(SIGHT[sight]).T, 0, 1) @ TO_XYZ.T / TO_XYZ.sum(axis=1)
    x, y, z = np.moveaxis(
        np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * 841 / 108 + 4 / 29), -1, 0
    )
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def test_this_file_sees_as_published():
    np.testing.assert_allclose(seen([[1, 1, 1], [0, 0, 0]]), [[100, 0, 0], [0, 0, 0]], atol=0.01)
    np.testing.assert_allclose(seen([1, 0, 0]), [53.24, 80.09, 67.20], atol=0.02)
    for sight in SIGHT:  # none of them takes white for coloured
        np.testing.assert_allclose(seen([1, 1, 1], sight), [100, 0, 0], atol=0.1)


@pytest.mark.parametrize("sight", SIGHT)
def test_the_colours_of_curves_differ(sight):
    colours = sorted(set(COLOURS.values()))
    for one, other in itertools.combinations(colours, 2):
        gap = np.linalg.norm(seen(to_rgb(one), sight) - seen(to_rgb(other), sight))
        assert gap > 15, (one, other)


@pytest.mark.parametrize("sight", SIGHT)
def test_a_signed_map_tells_positive_from_negative_and_large_from_small(sight):
    sizes = np.linspace(0, 1, 129)
    negative, positive = (seen(SIGNED((1 + sign * sizes) / 2)[:, :3], sight) for sign in (-1, 1))
    for side in (negative, positive):
        assert (np.diff(side[:, 0]) <= 0).all(), "the larger, the darker: also in grey"
    far = sizes >= 0.25  # what is smaller is nearly white
    gaps = np.linalg.norm(negative[far][:, np.newaxis] - positive[far], axis=-1)
    assert gaps.min() > 20
    assert (positive[far, 0] - negative[far, 0] > 10).all(), "in grey, of the same size"


@pytest.mark.parametrize(("chapter", "name"), FIGURES, ids=map(".".join, FIGURES))
def test_curves_of_the_same_grey_differ_in_dashes_or_width(chapter, name):
    explorer = opened(chapter, name)
    reset(explorer)
    for control in explorer.controls.values():
        if control.value is False and control.__class__.__name__ == "Checkbox":
            control.value = True
    for axes in explorer.picture.axes:
        curves = [c for c in axes.get_lines() if c.get_visible() and len(c.get_xdata()) > 2]
        for one, other in itertools.combinations(curves, 2):
            lightness = [seen(to_rgb(c.get_color()))[0] for c in (one, other)]
            if one.get_color() != other.get_color() and abs(np.subtract(*lightness)) < 10:
                assert look(one) != look(other), (one.get_color(), other.get_color())


def look(curve):
    """Return what of a curve's look is seen in grey, but for its lightness."""
    dashes = tuple(curve._unscaled_dash_pattern[1] or ())  # get_linestyle() says "--" of all
    return dashes, round(curve.get_linewidth()), curve.get_marker()


def test_cousins_of_one_colour_have_dashes_of_their_own():
    cousins = {}
    for name, colour in COLOURS.items():
        cousins.setdefault(colour, []).append(DASHES.get(name, "-"))
    assert all(len(set(dashes)) == len(dashes) for dashes in cousins.values())
