"""The stack of layers: facts against points sent through it one by one, and SciPy's lstsq."""

import functools
import math
import re

import numpy as np
import pytest
from explored import NUMBER, numbers, plain, shown
from matplotlib.colors import to_hex
from scipy.linalg import lstsq

from lessonkit.explorers.nonlinearity import linear_stack
from lessonkit.explorers.style import COLOURS

LAYERS = [  # stretches, degrees, shifts
    (0.96, 0.93, 31, 0.3, 0.2),
    (0.9, 0.96, -18, 0.2, 0.2),
    (1.15, 1.04, 49, 0.4, -0.6),
    (0.9, 0.98, 73, 0.2, 0.1),
    (1.29, 1.15, -23, -0.4, -0.1),
    (1.2, 0.93, -31, -0.6, -0.4),
]
BEND = {
    "nothing": lambda x: x,
    "ReLU": lambda x: max(x, 0.0),
    "leaky ReLU": lambda x: x if x > 0 else x / 4,
    "tanh": math.tanh,
}
every_stack = pytest.mark.parametrize(
    ("layers", "activation"), [(layers, name) for name in BEND for layers in range(1, 7)]
)


@pytest.fixture(scope="module")
def opened():
    return shown(linear_stack)


@pytest.fixture
def stack(opened):
    opened.set("layers=3 activation=nothing")
    return opened


def codes(layers, activation):
    return f"layers={layers} 'activation={activation}'"


def sent(x, y, layers, activation):
    """Return where the layers put one point."""
    for layer, (stretch_x, stretch_y, degrees, shift_x, shift_y) in enumerate(LAYERS[:layers]):
        if layer:
            x, y = BEND[activation](x), BEND[activation](y)
        z = complex(stretch_x * x, stretch_y * y) * complex(
            math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        )
        x, y = z.real + shift_x, z.imag + shift_y
    return x, y


def grid_points(points=49):
    """Return the 18 lines of so many points, upright lines first."""
    places, steps = [k / 4 - 1 for k in range(9)], np.linspace(-1, 1, points).tolist()
    upright = [[(x, y) for y in steps] for x in places]
    return np.array(upright + [[(x, y) for x in steps] for y in places])


def results_by_hand(layers, activation):
    return np.array(
        [[sent(x, y, layers, activation) for x, y in line] for line in grid_points().tolist()]
    )


def one_layer_by_hand(layers, activation):
    """Return its matrix and, as a third column, its bias."""
    if activation == "nothing" or layers == 1:
        bias, right, up = (sent(*point, layers, activation) for point in ((0, 0), (1, 0), (0, 1)))
        return np.transpose([np.subtract(right, bias), np.subtract(up, bias), bias])
    inputs = np.array([(x, y, 1) for x, y in grid_points().reshape(-1, 2)])
    return lstsq(inputs, results_by_hand(layers, activation).reshape(-1, 2))[0].T


@functools.cache
def bends_by_hand(layers, activation):
    """Return how often each line bends: how often its way, on 6,001 points, changes direction."""
    counts = []
    for line in grid_points(6001).reshape(18, -1, 2):
        path = line.T
        for layer, (stretch_x, stretch_y, degrees, *shift) in enumerate(LAYERS[:layers]):
            if layer:
                path = np.where(path > 0, path, path * {"ReLU": 0, "leaky ReLU": 0.25}[activation])
            turn = np.exp(1j * np.radians(degrees))
            z = (stretch_x * path[0] + 1j * stretch_y * path[1]) * turn + complex(*shift)
            path = np.array([z.real, z.imag])
        way = np.diff(path)
        way = way[:, np.abs(way).max(axis=0) > 1e-12]  # all that ReLU makes 0 stays at one place
        cross = np.abs(way[0, :-1] * way[1, 1:] - way[1, :-1] * way[0, 1:]) > 1e-13
        counts.append(int(np.sum(cross[1:] & ~cross[:-1])))  # a bend is one turn, or two at once
    return counts


def is_straight(line):
    """Say whether points lie on one line, by the cross products with the longest way."""
    ways = line - line[0]
    longest = ways[np.argmax((ways**2).sum(axis=1))]
    return np.abs(ways[:, 0] * longest[1] - ways[:, 1] * longest[0]).max() < 1e-9


def drawn_grid(axes):
    """Return the points of the grid that is drawn: 18 lines of 49."""
    long = [line.get_xydata() for line in axes.lines if len(line.get_xdata()) > 100]
    points = np.concatenate(long)
    return points[~np.isnan(points[:, 0])].reshape(18, 49, 2)


def text_of(explorer, pattern):
    """Return the one text of the figure that matches."""
    texts = [text.get_text() for text in explorer.picture.texts]
    (text,) = (text for text in texts if re.fullmatch(pattern, text, re.DOTALL))
    return text


def assert_picture_shows(explorer):
    """Assert that grids, corners, the line of the largest miss and the texts are the facts'."""
    facts, panels = explorer.facts, explorer.picture.axes
    grids = (
        grid_points(),
        *(points.reshape(18, 49, 2) for points in (facts.stacked, facts.single)),
    )
    for axes, points in zip(panels, grids, strict=True):
        np.testing.assert_array_equal(drawn_grid(axes), points)
        assert axes.get_xlim() == axes.get_ylim() == (-2, 2)
        assert np.abs(points).max() < 1.95, "inside its panel"
        corner = next(line for line in axes.lines if line.get_marker() == "o")
        np.testing.assert_array_equal(corner.get_xydata(), [points[8, -1]])
    single = panels[2]
    (miss,) = (line for line in single.lines if to_hex(line.get_color()) == COLOURS["now"].lower())
    is_off = facts.error >= 1e-12
    assert miss.get_visible() == is_off
    ends = [facts.single[facts.worst], facts.stacked[facts.worst]]
    np.testing.assert_array_equal(miss.get_xydata(), ends)
    assert text_of(explorer, "[=≠]") == ("≠" if is_off else "=")
    names = ["layer 1", "2", "3", "4", "5", "6"][: facts.layers]
    if facts.activation == "nothing" or facts.layers == 1:
        assert text_of(explorer, "layer 1.*") == " → ".join(names)
    else:
        assert text_of(explorer, "layer 1.*") == " → f → ".join(names) + f"\nf: {facts.activation}"
    said = text_of(explorer, r".*matrix +bias\n.*")
    rows = [numbers(row) for row in said.splitlines()[1:]]
    np.testing.assert_allclose(rows, np.column_stack([facts.matrix, facts.bias]), atol=0.00501)
    assert "−0.00" not in said


@every_stack
def test_grids_and_the_one_layer(stack, layers, activation):
    stack.set(codes(layers, activation))
    assert_picture_shows(stack)
    facts, results = stack.facts, results_by_hand(layers, activation)
    assert (facts.layers, facts.activation) == (layers, activation)
    np.testing.assert_allclose(facts.stacked.reshape(18, 49, 2), results, atol=1e-12)
    wanted = one_layer_by_hand(layers, activation)
    found = np.column_stack([facts.matrix, facts.bias])
    np.testing.assert_allclose(found, wanted, atol=1e-12)

    inputs = np.array([(x, y, 1) for x, y in grid_points().reshape(-1, 2)])
    best = lstsq(inputs, results.reshape(-1, 2))[0]
    one_layer = (inputs @ best).reshape(results.shape)
    np.testing.assert_allclose(facts.single.reshape(18, 49, 2), one_layer, atol=1e-12)
    pairs = zip(one_layer.reshape(-1, 2), results.reshape(-1, 2), strict=True)
    largest = max(math.dist(*pair) for pair in pairs)
    assert facts.error == pytest.approx(largest, abs=1e-12)
    marked = math.dist(facts.single[facts.worst], facts.stacked[facts.worst])
    assert marked == pytest.approx(largest, rel=2e-3, abs=1e-12)
    if activation == "nothing" or layers == 1:
        assert largest < 1e-12


@every_stack
def test_caption_of_the_stack(stack, layers, activation):
    stack.set(codes(layers, activation))
    straight = int(sum(map(is_straight, results_by_hand(layers, activation))))
    assert f": {straight} of 18 lines stay{'s' * (straight == 1)} straight" in stack.caption
    assert stack.facts.bends.count(0) == straight
    if activation in ("nothing", "tanh") or layers == 1:
        assert "bend" not in stack.caption, "none, or everywhere"
    if activation == "nothing" or layers == 1:
        assert straight == 18
        return
    assert straight < 18
    assert stack.caption.startswith(f"{layers} layers, {activation} between them: ")
    said = re.search(
        rf"the closest overall is off by up to ({NUMBER}) on a grid 2 wide", stack.caption
    )[1]
    assert float(said) == pytest.approx(stack.facts.error, abs=0.00051)


@pytest.mark.parametrize("activation", ["ReLU", "leaky ReLU"])
@pytest.mark.parametrize("layers", range(2, 7))
def test_bends_of_the_stack(stack, layers, activation):
    stack.set(codes(layers, activation))
    bends = bends_by_hand(layers, activation)
    assert stack.facts.bends == bends
    words = f"; the others bend {sum(bends)} times in all, up to {max(bends)} times each. No single"
    assert words in stack.caption


def test_more_layers_bend_more():
    for activation in ("ReLU", "leaky ReLU"):
        totals = [sum(bends_by_hand(layers, activation)) for layers in range(2, 7)]
        assert totals == sorted(set(totals))


def test_words_for_equal(stack):
    for layers in range(2, 7):
        stack.set(codes(layers, "nothing"))
        words = f"{layers} layers, nothing between them: 18 of 18 lines stay straight. One layer "
        words += "does the same, up to rounding: no point is off by more than "
        assert stack.caption.startswith(words)
        said = plain(stack.caption.removeprefix(words).removesuffix("."))
        assert 1e-16 <= said <= 1e-14
        distances = np.sqrt(((stack.facts.stacked - stack.facts.single) ** 2).sum(axis=-1))
        assert 0 < distances.max() <= said
    for activation in BEND:
        stack.set(codes(1, activation))
        assert stack.caption.startswith("1 layer: 18 of 18 lines stay straight. One layer does")
        assert stack.caption.endswith(" does exactly the same.")


def test_layers_are_well_conditioned():
    for stretch_x, stretch_y, *_ in LAYERS:
        assert max(stretch_x, stretch_y) / min(stretch_x, stretch_y) < 1.3
