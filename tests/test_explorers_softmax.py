"""The explorers of the softmax chapter: what is drawn, and whether the captions tell the truth.

The oracles use Python's math, SciPy, loops and published numbers, never lessonkit's own maths nor
the layers that the explorers count.
"""

import json
import math
import re

import numpy as np
import pytest
from explored import NUMBER, full_redraws, numbers, picture, plain, shown
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from matplotlib import cbook
from matplotlib.text import Text
from numpy.testing import assert_allclose
from scipy import special

from lessonkit.datasets import DATA
from lessonkit.explorers import COLOURS, softmax

SLIDES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TOLD = r"\S+(?: × 10\S+)?"  # 0.0473 or 9.4 × 10⁻¹⁴


@pytest.fixture(scope="module")
def _probabilities():
    return shown(softmax.scores_to_probabilities)


@pytest.fixture(scope="module")
def _losses():
    return shown(softmax.two_losses)


@pytest.fixture(scope="module")
def _ledger():
    return shown(softmax.parameter_ledger)


@pytest.fixture(scope="module")
def _networks():
    return shown(softmax.where_the_parameters_are)


@pytest.fixture
def probabilities(_probabilities):
    _probabilities.set("cat=4 dog=1 ship=-2 temperature=1 plus_1000=false")
    return _probabilities


@pytest.fixture
def losses(_losses):
    _losses.set("cat=4 dog=1 ship=-2 label=cat")
    return _losses


@pytest.fixture
def ledger(_ledger):
    _ledger.set("input_size=32 kernel_size=5 in_channels=1 out_channels=1")
    return _ledger


@pytest.fixture
def networks(_networks):
    _networks.set("network=VGG-16")
    return _networks


def widths(axes, bars=0):
    """Return the widths of a panel's bars."""
    return [bar.get_width() for bar in axes.containers[bars]]


def texts(axes):
    """Return what is written in a panel beside its bars, from the top."""
    return [text.get_text() for text in axes.texts]


def middle(control):
    """Return a value between the ends of a slider, on one of its steps."""
    steps = round((control.max - control.min) / control.step)
    return control.min + steps // 2 * control.step


def move_every_control(explorer):
    """Move each control to its ends and its middle or to all its options; see the ink change."""
    start = explorer.code
    for name, control in explorer.controls.items():
        explorer.set(start)
        places = getattr(control, "options", None)
        if places is None:
            is_box = isinstance(control.value, bool)
            places = [False, True] if is_box else [control.min, middle(control), control.max]
        pictures, captions = set(), set()
        for place in places:
            control.value = place
            assert not explorer.error, name
            pictures.add(picture(explorer).tobytes())
            captions.add(explorer.caption)
        assert len(pictures) == len(captions) == len(places), name
    explorer.set(start)
    assert explorer.code == start


# -- from scores to probabilities ------------------------------------------------------------------


def told_probabilities(explorer):
    return [plain(p) for p in re.findall(rf"({TOLD}) \((?:cat|dog|ship)\)", explorer.caption)]


def test_the_chapter_s_scores(probabilities):
    # e⁴ = 54.5982, e¹ = 2.7183, e⁻² = 0.1353, their sum 57.4518
    assert told_probabilities(probabilities) == [0.9503, 0.0473, 0.0024]
    scores, powers, _, gaps, safe_powers, _ = probabilities.picture.axes
    assert texts(scores)[:3] == ["4.0", "1.0", "−2.0"]
    assert texts(powers) == ["54.5982", "2.7183", "0.1353", "sum 57.4518"]
    assert texts(gaps)[:3] == ["0.0", "−3.0", "−6.0"]
    assert texts(safe_powers) == ["1.0000", "0.0498", "0.0025", "sum 1.0523"]
    assert "4.0, 1.0 and −2.0 become" in probabilities.caption
    assert probabilities.caption.endswith("the most probable: cat.")


@given(*[st.integers(-50, 50)] * 3, st.integers(2, 100))
@SLIDES
def test_probabilities_are_scipy_s_in_both_ways(probabilities, cat, dog, ship, twentieths):
    z, temperature = np.array([cat, dog, ship]) / 10, twentieths / 20
    probabilities.set(f"cat={z[0]} dog={z[1]} ship={z[2]} temperature={temperature:g}")
    truth = special.softmax(z / temperature)
    panels = probabilities.picture.axes
    np.testing.assert_allclose(widths(panels[0]), z, atol=1e-12)
    np.testing.assert_allclose(widths(panels[3]), z - z.max(), atol=1e-12)
    for powers in (panels[1], panels[4]):  # drawn relative to the largest of them
        np.testing.assert_allclose(widths(powers), np.exp((z - z.max()) / temperature), rtol=1e-9)
    for result in (panels[2], panels[5]):
        np.testing.assert_allclose(widths(result), truth, rtol=1e-9)
        written = [plain(text) for text in texts(result)]
        np.testing.assert_allclose(written, truth, rtol=0.06, atol=0.0000501)
    assert told_probabilities(probabilities) == written
    first = {name for name, score in zip(("cat", "dog", "ship"), z, strict=True) if score == max(z)}
    assert set(re.findall("cat|dog|ship", probabilities.caption.rpartition(":")[2])) == first


@given(*[st.integers(-50, 50)] * 3, st.integers(2, 28))
@SLIDES
def test_1000_more_breaks_the_formula_as_written_alone(
    probabilities, cat, dog, ship, twentieths
):  # (1000 − 5) / 1.4 = 710.7, and float64 ends at e^709.78
    z, temperature = np.array([cat, dog, ship]) / 10, twentieths / 20
    code = f"cat={z[0]} dog={z[1]} ship={z[2]} temperature={temperature:g} plus_1000="
    probabilities.set(code + "false")
    panels = probabilities.picture.axes
    told, before = told_probabilities(probabilities), widths(panels[5])
    probabilities.set(code + "true")
    assert texts(panels[0])[:3] == [f"{1000 + score:.1f}" for score in z]
    assert texts(panels[1]) == ["inf", "inf", "inf", "sum inf"]
    assert texts(panels[2]) == ["nan", "nan", "nan"]
    assert np.isnan(widths(panels[2])).all()
    np.testing.assert_allclose(widths(panels[5]), before, rtol=1e-9)
    assert told_probabilities(probabilities) == told
    said = f"exp({1000 + z.max():.1f} / {temperature:.2f}) exceeds exp(709.78)"
    assert said in probabilities.caption
    assert "gives nan" in probabilities.caption


def test_the_formula_as_written_survives_1000_more_at_a_high_temperature(probabilities):
    probabilities.set("temperature=1.45 plus_1000=true")  # 1004 / 1.45 = 692.4
    assert "nan" not in probabilities.caption
    assert "1004.0, 1001.0 and 998.0" in probabilities.caption
    truth = special.softmax(np.array([4, 1, -2]) / 1.45)
    for result in probabilities.picture.axes[2::3]:
        np.testing.assert_allclose(widths(result), truth, rtol=1e-9)
    np.testing.assert_allclose(told_probabilities(probabilities), truth, atol=0.000051)
    powers = [plain(text) for text in texts(probabilities.picture.axes[1])[:3]]
    np.testing.assert_allclose(powers, [math.exp(z / 1.45) for z in (1004, 1001, 998)], rtol=0.05)


def test_the_limit_is_the_largest_float():
    assert np.isfinite(math.exp(709.78))
    with pytest.raises(OverflowError):
        math.exp(709.79)


def test_infinite_bars_are_hatched_and_the_empty_panel_is_plain_to_see(probabilities):
    panels = probabilities.picture.axes

    def ink(axes):
        box = axes.get_window_extent()
        pixels = picture(probabilities)[::-1][int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
        return np.mean(pixels < 250)

    assert not any(bar.get_hatch() for bar in panels[1].patches)
    before = ink(panels[2])
    probabilities.set("plus_1000=true")
    assert all(bar.get_hatch() for bar in panels[1].patches)
    assert not any(bar.get_hatch() for bar in panels[4].patches)
    assert ink(panels[2]) < before / 3
    assert ink(panels[5]) == pytest.approx(before, rel=0.1)
    probabilities.set("plus_1000=false")
    assert not any(bar.get_hatch() for bar in panels[1].patches)


def test_temperature_changes_probabilities_and_never_their_order(probabilities):
    seen = []
    for temperature in (0.1, 0.5, 1, 2, 5):
        probabilities.set(f"cat=0.2 dog=0.3 ship=-5 temperature={temperature}")
        told = told_probabilities(probabilities)
        assert told[1] > told[0] > told[2] > 0
        assert probabilities.caption.endswith("the most probable: dog.")
        seen.append(told[1])
    assert seen == sorted(seen, reverse=True)


def test_every_control_of_the_probabilities(probabilities, monkeypatch):
    redraws = full_redraws(probabilities, monkeypatch)
    move_every_control(probabilities)
    assert redraws == []


# -- two losses ------------------------------------------------------------------------------------


def hinge(z, right):
    """Return the loss of Weston and Watkins, word by word."""
    return sum(max(0, 1 + z[wrong] - z[right]) for wrong in range(3) if wrong != right)


def entropy(z, right):
    return float(special.logsumexp(z) - z[right])


def slope(loss, z, right, step):
    """Return how `loss` changes with the first score, by a difference."""
    ahead, behind = ([score + move, *z[1:]] for score, move in ((z[0], step), (z[0], -step)))
    return (loss(ahead, right) - loss(behind, right)) / (2 * step)


LOSSES = (
    rf"Highest score: (.*); highest probability: (.*)\. The hinge loss is ({TOLD}) "
    rf"\(slope ({TOLD}) along the cat's score\): (\w+) (leads by|trails by|has no lead)"
    rf"(?: ({NUMBER}))?, and a lead of 1 makes it 0\. "
    rf"Cross-entropy is ({TOLD}) \(slope ({TOLD})\) and never becomes 0\."
)


def test_the_chapter_s_scores_cost_cross_entropy_and_not_hinge_loss(losses):
    said = re.fullmatch(LOSSES, losses.caption).groups()
    # ln(1 + e⁻³ + e⁻⁶) = 0.0509 and its slope 0.9503 − 1; the lead of 3 exceeds the margin
    assert said == ("cat", "cat", "0.000", "0.000", "cat", "leads by", "3.00", "0.051", "−0.050")


@given(
    st.integers(-16, 32), *[st.integers(-12, 12)] * 2, st.sampled_from([0, 1, 2])
)  # in quarters, as the sliders
@SLIDES
def test_caption_of_the_losses(losses, cat, dog, ship, right):
    names, z = ("cat", "dog", "ship"), [cat / 4, dog / 4, ship / 4]
    losses.set(f"cat={z[0]} dog={z[1]} ship={z[2]} label={names[right]}")
    said = re.fullmatch(LOSSES, losses.caption).groups()
    highest = {name for name, score in zip(names, z, strict=True) if score == max(z)}
    assert set(re.findall(r"\w+", said[0].replace(" and ", " "))) == highest
    assert said[1] == said[0], "the scores and the probabilities name the same class"
    assert plain(said[2]) == pytest.approx(hinge(z, right), abs=0.051, rel=0.001)
    assert plain(said[7]) == pytest.approx(entropy(z, right), abs=0.00051, rel=0.05)
    assert plain(said[8]) == pytest.approx(slope(entropy, z, right, 1e-5), abs=0.00051, rel=0.05)
    # the hinge loss has corners on the sliders' places: there its slope is that of one side
    sides = [slope(hinge, [z[0] + side / 16, *z[1:]], right, 1 / 32) for side in (-1, 1)]
    assert plain(said[3]) == pytest.approx(min(sides, key=abs))
    lead = z[right] - max(score for i, score in enumerate(z) if i != right)
    leads = ("leads by" if lead > 0 else "trails by", f"{abs(lead):.2f}")
    assert said[4:7] == (names[right], *(leads if lead else ("has no lead", None)))
    assert (said[2] == "0.000") == (lead >= 1)
    assert plain(said[7]) > 0, "cross-entropy is never content"


@pytest.mark.parametrize("label", ["cat", "dog", "ship"])
@pytest.mark.parametrize("panel", ["loss", "slope"])
def test_curves_dots_and_words_of_the_losses(losses, label, panel):
    losses.set(f"cat=-1.25 dog=2 ship=0.5 label={label}")
    right = ("cat", "dog", "ship").index(label)
    axes = losses.picture.axes[2 if panel == "loss" else 3]
    assert axes.get_title("left") == panel
    curves = [line for line in axes.lines if len(line.get_xdata()) > 2]
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    names, words = texts(axes)[::2], texts(axes)[1::2]
    assert names == ["hinge", "cross-entropy"]
    for loss, curve, dot, word in zip((hinge, entropy), curves, dots, words, strict=True):

        def height(cat, loss=loss):
            z = [cat, 2, 0.5]
            return loss(z, right) if panel == "loss" else slope(loss, z, right, 1e-6)

        xs, ys = curve.get_data()
        assert (xs[0], xs[-1]) == (-4, 8)
        smooth = ~np.isin(
            xs, [3, 1.5, 1, -0.5]
        )  # 1 from another score, where the hinge loss may bend
        expected = [height(x) for x in xs[smooth]]
        np.testing.assert_allclose(np.asarray(ys)[smooth], expected, atol=1e-6)
        np.testing.assert_allclose(np.ravel(dot.get_data()), [-1.25, height(-1.25)], atol=1e-6)
        assert plain(word) == pytest.approx(height(-1.25), abs=0.0051)


@pytest.mark.parametrize(("label", "places"), [("cat", {1.5, 3}), ("dog", {1}), ("ship", {-0.5})])
def test_hinge_slope_steps_where_a_score_meets_the_margin(losses, label, places):
    losses.set(f"dog=2 ship=0.5 label={label}")
    curve = next(line for line in losses.picture.axes[3].lines if len(line.get_xdata()) > 2)
    xs, ys = cbook.STEP_LOOKUP_MAP[curve.get_drawstyle()](*curve.get_data())
    assert set(xs[1:][np.diff(ys) != 0]) == places
    assert np.all(np.diff(xs)[np.diff(ys) != 0] == 0), "upright, not slanting"


def test_a_loss_above_the_panel_is_told_and_an_arrow_waits_for_it_at_the_top(losses):
    axes = losses.picture.axes[2]
    curves = [line for line in axes.lines if len(line.get_xdata()) > 2]
    dots = [axes.lines[axes.lines.index(curve) + 1] for curve in curves]
    for code, markers, heights, words in [
        # (1 + 8 + 3) + (1 + 3 + 3) = 19, ln(e¹¹ + e⁶ + 1) = 11.01
        ("cat=8 dog=3 ship=-3 label=ship", "^^", [10, 10], ["19.0", "11.0"]),
        # 2 · (1 + 4 + 3) = 16, 7 + ln(2 + e⁻⁷) = 7.69
        ("cat=-4 dog=3 ship=3 label=cat", "^o", [10, 7.694], ["16.0", "7.69"]),
        # 2 · (1 + 4 + 0) = 10 is the top itself
        ("cat=-4 dog=0 ship=0 label=cat", "oo", [10, 4.702], ["10.0", "4.70"]),
        ("cat=4 dog=1 ship=-2 label=cat", "oo", [0, 0.051], ["0.000", "0.051"]),
    ]:
        losses.set(code)
        assert "".join(dot.get_marker() for dot in dots) == markers
        assert [dot.get_ydata()[0] for dot in dots] == pytest.approx(heights, abs=0.001)
        assert texts(axes)[1::2] == words


@pytest.mark.parametrize(
    ("code", "margin", "bend"),
    [
        ("cat=4 dog=1 ship=-2 label=cat", 3, 2),
        ("cat=0 dog=1 ship=3 label=cat", -1, 4),
        ("cat=4 dog=1 ship=-2 label=dog", 0, 0),
        ("cat=4 dog=1 ship=-2 label=ship", -3, -3),
    ],
)
def test_margin_in_both_panels(losses, code, margin, bend):
    losses.set(code)
    scores, _, along, _ = losses.picture.axes
    for axes, place in ((scores, margin), (along, bend)):
        (dashed,) = [line for line in axes.lines if line.get_linestyle() == "--"]
        assert dashed.get_xdata() == [place, place]
    curve = next(line for line in along.lines if len(line.get_xdata()) > 2)
    xs, ys = curve.get_data()
    place = list(xs).index(bend)
    before, after = np.diff(ys)[place - 1], np.diff(ys)[place]
    assert before != pytest.approx(after), "the hinge loss bends there"


@given(st.integers(-16, 32), *[st.integers(-12, 12)] * 2, st.sampled_from(["cat", "dog", "ship"]))
@SLIDES
def test_what_lies_beyond_the_margin_adds_up_to_the_hinge_loss(losses, cat, dog, ship, label):
    losses.set(f"cat={cat / 4} dog={dog / 4} ship={ship / 4} label={label}")
    scores, probabilities = losses.picture.axes[:2]
    z = [cat / 4, dog / 4, ship / 4]
    right = ("cat", "dog", "ship").index(label)
    np.testing.assert_allclose(widths(scores), z)
    np.testing.assert_allclose(widths(probabilities), special.softmax(z))
    excess = scores.containers[1]
    assert sum(bar.get_width() for bar in excess) == pytest.approx(hinge(z, right))
    for score, bar in zip(z, excess, strict=True):
        if bar.get_width():
            assert bar.get_x() + bar.get_width() == pytest.approx(score)


def test_every_control_of_the_losses(losses, monkeypatch):
    redraws = full_redraws(losses, monkeypatch)
    losses.set("cat=1 dog=0.5 ship=0.25")
    move_every_control(losses)
    assert redraws == []


# -- the parameter ledger --------------------------------------------------------------------------


def counted_by_hand(size, kernel_size, in_channels, out_channels):
    """Return the weights of the three ways, and those beyond the border, output by output."""
    reach = kernel_size // 2
    places = range(size)
    window = range(-reach, reach + 1)
    inside = sum(
        0 <= row + i < size and 0 <= column + j < size
        for row in places
        for column in places
        for i in window
        for j in window
    )
    pairs = in_channels * out_channels
    dense = sum(size * size for _ in range(size * size)) * pairs
    local = sum(len(window) * len(window) for _ in range(size * size)) * pairs
    return dense, local, len(window) ** 2 * pairs, local - inside * pairs


LEDGER = re.compile(
    rf"Fully connected: (?P<dense>{NUMBER}) weights\. Local connections (?:"
    rf"divide that by (?P<saved>{NUMBER}), to (?P<local>{NUMBER})|"
    rf"save nothing, as the kernel is no smaller than the input: (?P<more>{NUMBER}))"
    rf"(?: \((?P<border>{NUMBER}) of them see only the border of zeros\))?; "
    rf"sharing the weights then divides by (?P<sharing>{NUMBER}), to (?P<shared>{NUMBER})\."
)


def told_by_the_ledger(ledger):
    said = LEDGER.fullmatch(ledger.caption).groupdict()
    return {name: numbers(word)[0] for name, word in said.items() if word}


def test_the_chapter_s_layer_in_the_ledger(ledger):
    said = {"dense": 1_048_576, "saved": 41.0, "local": 25_600, "border": 1_884, "shared": 25}
    assert told_by_the_ledger(ledger) == said | {"sharing": 1_024}
    # 32⁴; 32² · 25; along a side 32 · 5 − 2 (1 + 2) = 154 places lie inside, and 154² = 23,716
    assert 25_600 - 154**2 == 1_884


@given(
    st.integers(8, 20), st.sampled_from([1, 3, 5, 7, 9, 11]), st.integers(1, 8), st.integers(1, 8)
)
@example(9, 9, 2, 3)  # a window as large as the input
@SLIDES
def test_caption_bars_and_words_of_the_ledger(ledger, size, kernel_size, inputs, outputs):
    ledger.set(
        f"input_size={size} kernel_size={kernel_size} in_channels={inputs} out_channels={outputs}"
    )
    dense, local, shared, border = counted_by_hand(size, kernel_size, inputs, outputs)
    said = told_by_the_ledger(ledger)
    assert (said["dense"], said["shared"]) == (dense, shared)
    assert said["sharing"] == pytest.approx(local / shared, rel=0.006)
    if kernel_size < size:
        assert said["local"] == local
        assert said["saved"] == pytest.approx(dense / local, rel=0.006)
        assert said["saved"] > 1
    else:
        assert said["more"] == local >= dense
    assert said.get("border", 0) == border
    assert ("border" in said) == (kernel_size > 1), "a window of 1×1 never leaves the input"
    axes = ledger.picture.axes[1]
    assert [bars[0].get_width() for bars in axes.containers] == [dense, local, shared]
    kinds = ["fully connected", "locally connected", "convolution"]
    assert [text for text in texts(axes) if text in kinds] == kinds
    told = [text for text in texts(axes) if "=" in text]
    for text, count in zip(told, (dense, local, shared), strict=True):
        factors, _, product = text.replace(",", "").partition(" = ")
        assert int(product) == count
        assert math.prod(int(factor) for factor in re.findall(r"\d+", factors)) == count


@pytest.mark.parametrize(
    ("size", "kernel_size", "first", "second"),
    [  # from where to where the windows reach, in places of the input; what lies outside is cut off
        (32, 5, (6, 11), (21, 26)),
        (32, 1, (8, 9), (23, 24)),
        (64, 11, (11, 22), (42, 53)),
        (8, 5, (0, 5), (3, 8)),
        (8, 9, (0, 7), (1, 8)),
        (9, 11, (0, 8), (1, 9)),
    ],
)
def test_drawing_of_what_two_outputs_see(ledger, size, kernel_size, first, second):
    ledger.set(f"input_size={size} kernel_size={kernel_size}")
    axes = ledger.picture.axes[0]
    assert texts(axes) == ["output A sees", "output B sees"]
    squares = [patch for patch in axes.patches if not patch.get_animated()]
    windows = [patch for patch in axes.patches if patch.get_animated()]
    reach = [(0, size)] * 2 + [first, second] * 2
    for square, window, (start, end) in zip(squares, windows, reach, strict=True):
        side = square.get_width() / size
        assert window.get_x() == pytest.approx(square.get_x() + side * start)
        assert window.get_y() == pytest.approx(square.get_y() + side * start)
        assert window.get_width() == window.get_height() == pytest.approx(side * (end - start))
    width, height = squares[0].get_window_extent().bounds[2:]
    assert width == pytest.approx(height, abs=0.5), "a square"


def test_outputs_that_share_their_weights_look_alike(ledger):
    axes = ledger.picture.axes[0]
    windows = [patch for patch in axes.patches if patch.get_animated()]
    looks = [(window.get_facecolor(), window.get_hatch()) for window in windows]
    assert [a == b for a, b in zip(looks[::2], looks[1::2], strict=True)] == [False, False, True]

    def grey(window):
        box = window.get_window_extent()
        pixels = picture(ledger)[::-1][int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
        return pixels.mean()

    ledger.set("kernel_size=11")
    greys = [grey(window) for window in windows]
    for a, b in ((0, 1), (2, 3)):
        assert greys[b] - greys[a] > 40, "hatched is lighter than filled"
    assert greys[4] == pytest.approx(greys[5], abs=2)


def test_every_control_of_the_ledger(ledger, monkeypatch):
    redraws = full_redraws(ledger, monkeypatch)
    move_every_control(ledger)
    assert redraws == []


def test_the_largest_layer_fits_the_axis(ledger):
    ledger.set("input_size=64 kernel_size=1 in_channels=8 out_channels=8")
    assert ledger.picture.axes[1].get_xlim()[1] > 64**4 * 8 * 8


# -- where the parameters are ----------------------------------------------------------------------

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
    "ResNet-50": ("conv5 (×9)", 14_964_736),
}
IN_LAYERS = {
    "LeNet-5": [156, 2_416, 48_120, 10_164, 850],
    # Krizhevsky et al. 2012, section 3.5: kernels of 11·11·3, 5·5·48, 3·3·256, 3·3·192, 3·3·192
    "AlexNet": [34_944, 307_456, 885_120, 663_936, 442_624, 37_752_832, 16_781_312, 4_097_000],
    # torchvision's resnet50: conv1 and bn1; layer1 … layer4; fc
    "ResNet-50": [9_536, 215_808, 1_219_584, 7_098_368, 14_964_736, 2_049_000],
}
NETWORK = (
    rf"(\S+): ({NUMBER}) of ({NUMBER}) parameters, ({NUMBER}) %, are in fully connected layers\. "
    rf"The largest part, ({NUMBER}) %, is (.*?); .*\."
)


@pytest.mark.parametrize("name", PUBLISHED)
def test_totals_are_the_published_ones(networks, name):
    networks.set(f"network={name}")
    said = re.fullmatch(NETWORK, networks.caption).groups()
    assert said[0] == name
    assert numbers(said[1]) == [IN_DENSE_LAYERS[name]]
    assert numbers(said[2]) == [PUBLISHED[name]]
    assert said[3] == f"{100 * IN_DENSE_LAYERS[name] / PUBLISHED[name]:.1f}"
    largest, parameters = LARGEST[name]
    assert said[4:] == (f"{100 * parameters / PUBLISHED[name]:.1f}", largest)


def test_what_the_chapter_says_holds_for_three_of_the_four():
    assert {n: round(100 * IN_DENSE_LAYERS[n] / PUBLISHED[n]) for n in PUBLISHED} == {
        "LeNet-5": 96,
        "AlexNet": 96,
        "VGG-16": 89,
        "ResNet-50": 8,
    }


def listed(networks):
    """Return (name, number, share) for each layer that is listed."""
    axes = networks.picture.axes[1]
    count = len(axes.containers[0])
    written = texts(axes)
    rows = zip(written[:count], written[count:], widths(axes), strict=True)
    return [(name, int(n.replace(",", "")), share) for name, n, share in rows if name]


@pytest.mark.parametrize("name", PUBLISHED)
def test_listed_layers_add_up(networks, name):
    networks.set(f"network={name}")
    layers = listed(networks)
    assert sum(parameters for _, parameters, _ in layers) == PUBLISHED[name]
    for _, parameters, share in layers:
        assert share == pytest.approx(parameters / PUBLISHED[name])
    if name in IN_LAYERS:
        assert [parameters for _, parameters, _ in layers] == IN_LAYERS[name]
    assert f"layers of {name}" in networks.picture.axes[1].get_title("left")


def test_layers_of_vgg_16_from_the_paper_s_table(networks):
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
    layers = listed(networks)
    assert [parameters for _, parameters, _ in layers] == expected
    assert [name for name, _, _ in layers[:3]] == ["conv1_1", "conv1_2", "conv2_1"]
    assert [name for name, _, _ in layers[-3:]] == ["fc6", "fc7", "fc8"]


def test_resnet_50_written_out_layer_by_layer(networks):
    # He et al. 2015, table 1: 1 + 3 · (3 + 4 + 6 + 3) convolutions and 4 shortcuts, none with a
    # bias; after each of these 53 batch normalization, 2 parameters a channel
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
    networks.set("network=ResNet-50")
    convolutions = [parameters for name, parameters, _ in listed(networks) if name != "fc"]
    assert sum(convolutions) == weights + normalization
    times = [int(n) for name, _, _ in listed(networks) for n in re.findall(r"×(\d+)", name)]
    assert sum(times) + 2 == 50  # with conv1 and fc


def test_bars_of_the_four_networks(networks):
    axes = networks.picture.axes[0]
    shares = [bars[0].get_width() for bars in axes.containers]
    assert shares[::2] == pytest.approx([IN_DENSE_LAYERS[n] / PUBLISHED[n] for n in PUBLISHED])
    assert [x + y for x, y in zip(shares[::2], shares[1::2], strict=True)] == pytest.approx([1] * 4)
    written = " ".join(texts(axes))
    for name, total in PUBLISHED.items():
        assert re.search(rf"{name}, \d{{4}} {total:,}", written)
    dense, convolution = (axes.containers[i][0].get_facecolor() for i in (0, 1))
    bars = networks.picture.axes[1].containers[0]
    colours = [bar.get_facecolor() for bar in bars]
    assert colours == [convolution] * 13 + [dense] * 3


def test_the_network_listed_is_marked(networks):
    axes = networks.picture.axes[0]
    (mark,) = axes.lines
    for row, name in enumerate(PUBLISHED):
        networks.set(f"network={name}")
        assert row < min(mark.get_ydata()) < max(mark.get_ydata()) < row + 1


def test_every_network_changes_the_picture(networks, monkeypatch):
    redraws = full_redraws(networks, monkeypatch)
    move_every_control(networks)
    assert redraws == []


# -- what they share -------------------------------------------------------------------------------


def test_explorers_fit_the_page_and_have_ink(probabilities, losses, ledger, networks):
    for explorer in (probabilities, losses, ledger, networks):
        width, _ = explorer.picture.get_size_inches() * explorer.picture.dpi
        assert width == 760
        assert picture(explorer).std() > 10
        assert len(explorer.png()) <= 60_000


@pytest.mark.parametrize(
    ("fixture", "code"),
    [
        ("probabilities", "cat=5 dog=-5 ship=0.1 temperature=0.1"),
        ("probabilities", "cat=5 dog=-5 ship=0.1 temperature=1.45 plus_1000=true"),
        ("losses", "cat=8 dog=-3 ship=-3"),
        ("losses", "cat=8 dog=3 ship=-3 label=ship"),
        ("losses", "cat=-4"),
        ("ledger", "input_size=64 kernel_size=11 in_channels=8 out_channels=8"),
        ("networks", "network=VGG-16"),
        ("networks", "network=ResNet-50"),
    ],
)
def test_no_words_leave_the_picture_or_touch(request, fixture, code):
    figure = request.getfixturevalue(fixture).picture
    request.getfixturevalue(fixture).set(code)
    hidden = {
        text
        for axes in figure.axes
        if not axes.axison
        for axis in (axes.xaxis, axes.yaxis)
        for text in axis.findobj(Text)
    }
    written = [t for t in figure.findobj(Text) if t.get_text() and t not in hidden]
    boxes = [text.get_window_extent() for text in written]
    whole = figure.bbox
    for box in boxes:
        assert whole.x0 <= box.x0 < box.x1 <= whole.x1
        assert whole.y0 <= box.y0 < box.y1 <= whole.y1
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            apart = max(one.x0 - other.x1, other.x0 - one.x1, one.y0 - other.y1, other.y0 - one.y1)
            assert apart > -3, "a box is a little larger than its letters"


@pytest.mark.parametrize("code", ["cat=9", "label=bird", "network=VGG", "kernel_size=4"])
def test_impossible_values_are_refused(probabilities, losses, ledger, networks, code):
    for explorer in (probabilities, losses, ledger, networks):
        before = explorer.code
        with pytest.raises(ValueError, match="must be"):
            explorer.set(code)
        assert explorer.code == before


# -- dropout ---------------------------------------------------------------------------------------

DROPOUT = json.loads((DATA / "records" / "dropout.json").read_text("utf-8"))
RATES = {run["rate"]: run for run in DROPOUT["runs"]}


@pytest.fixture(scope="module")
def _left_out():
    return shown(softmax.dropout)


@pytest.fixture
def left_out(_left_out):
    _left_out.set("rate=0.5 epoch=60 mask=1")
    return _left_out


def neurons_of(explorer):
    """Return which neurons are white, and the segments drawn."""
    lines, neurons = explorer.picture.axes[0].collections
    white = np.all(neurons.get_facecolor()[:, :3] == 1, axis=1)
    return white, lines.get_segments()


STEP = re.compile(
    rf"(No|\d+)(?: of these 20)? neurons? (?:is|are) left out; those at work count ({NUMBER}) "
    rf"times\. After epoch (\d+) the loss is ({NUMBER}) on training and ({NUMBER}) on "
    rf"validation digits \(({NUMBER}) to ({NUMBER}) in five runs\); ({NUMBER}) % and ({NUMBER}) % "
    rf"are read rightly\. Test loss at the best epoch, (\d+): ({NUMBER})\."
)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("epoch", [0, 1, 7, 30, 60])
def test_caption_of_dropout(left_out, rate, epoch):
    left_out.set(f"rate={rate} epoch={epoch} mask=9")
    run = RATES[rate]
    said = STEP.fullmatch(left_out.caption).groups()
    said = [plain(word.replace("No", "0")) for word in said]
    white, _ = neurons_of(left_out)
    assert said[0] == white.sum()
    assert said[1] == pytest.approx(1 / (1 - rate), abs=0.0051)
    assert said[2] == epoch
    title = left_out.picture.axes[1].get_title("left")
    assert title == f"loss at learning rate {run['learning_rate']}"
    seen, new, least, most = (
        run[name][epoch]
        for name in (
            *("training_loss", "validation_loss"),
            *("validation_loss_least", "validation_loss_most"),
        )
    )
    for word, loss in zip(said[3:7], (seen, new, least, most), strict=True):
        assert word == pytest.approx(loss, abs=0.0051 if loss >= 0.9995 else 0.00051)
    accuracies = [100 * run[f"{part}_accuracy"][epoch] for part in ("training", "validation")]
    assert said[7:9] == pytest.approx(accuracies, abs=0.0501)
    assert run["validation_loss"][int(said[9])] == min(run["validation_loss"])
    assert said[10] == pytest.approx(np.mean(run["test_losses"]), abs=0.00051)


@given(st.integers(0, 8), st.integers(1, 30))
@example(1, 4)  # one of them
@SLIDES
def test_neurons_left_out_have_no_connections(left_out, tenths, mask):
    left_out.set(f"rate={tenths / 10} mask={mask}")
    white, segments = neurons_of(left_out)
    assert len(segments) == (20 - white.sum()) * (9 + 5)
    assert {y for segment in segments for x, y in segment if x == 1} == set(np.flatnonzero(~white))
    assert left_out.caption.startswith(
        {0: "No neuron is left out; ", 1: "1 of these 20 neurons is left out; "}.get(
            white.sum(), f"{white.sum()} of these 20 neurons are left out; "
        )
    )


def test_the_share_left_out_is_about_the_rate(left_out):
    for rate in (0, 0.3, 0.8):
        counts = []
        for mask in range(1, 31):
            left_out.set(f"rate={rate} mask={mask}")
            counts.append(neurons_of(left_out)[0].sum())
        spread = math.sqrt(rate * (1 - rate) / (30 * 20))
        assert abs(np.sum(counts) / (30 * 20) - rate) <= 4 * spread
        assert len(set(counts)) > 1 or rate == 0


def test_a_higher_rate_leaves_the_same_neurons_out_and_more(left_out):
    before = np.zeros(20, bool)
    for rate in RATES:
        left_out.set(f"rate={rate} mask=4")
        now, _ = neurons_of(left_out)
        assert np.all(now[before])
        before = now
    assert before.sum() > 10


def test_neurons_kept_are_fuller_the_more_are_left_out(left_out):
    fullness = []
    for rate in (0, 0.5, 0.8):
        left_out.set(f"rate={rate}")
        white, _ = neurons_of(left_out)
        colours = left_out.picture.axes[0].collections[1].get_facecolor()[~white, :3]
        assert len(np.unique(colours, axis=0)) == 1
        fullness.append(1 - colours[0].min())
    assert fullness == sorted(set(fullness))


@pytest.mark.parametrize("rate", [0, 0.3, 0.8])
@pytest.mark.parametrize("epoch", [0, 25, 60])
def test_losses_run_to_the_epoch(left_out, rate, epoch):
    left_out.set(f"rate={rate} epoch={epoch}")
    axes, run = left_out.picture.axes[1], RATES[rate]
    without, *lines = [line for line in axes.lines if line.get_marker() != "o"]
    assert_allclose(without.get_ydata(), RATES[0]["validation_loss"])
    for part, line, band in zip(("training", "validation"), lines, axes.patches, strict=True):
        assert_allclose(line.get_xdata(), range(epoch + 1))
        assert_allclose(line.get_ydata(), run[f"{part}_loss"][: epoch + 1])
        ends = band.get_xy()[: 2 * (epoch + 1)]
        assert_allclose(ends[: epoch + 1, 1], run[f"{part}_loss_least"][: epoch + 1])
        assert_allclose(ends[epoch + 1 :][::-1, 1], run[f"{part}_loss_most"][: epoch + 1])
        assert_allclose(ends[: epoch + 1, 0], range(epoch + 1))


def test_test_losses_of_all_rates_stand_beside(left_out):
    left_out.set("rate=0.7")
    losses, tests = left_out.picture.axes[1:]
    assert tests.get_ylim() == losses.get_ylim()
    (means,) = [line for line in tests.lines if line.get_marker() == "o"]
    assert_allclose(means.get_xdata(), list(RATES))
    assert_allclose(means.get_ydata(), [np.mean(run["test_losses"]) for run in RATES.values()])
    segments = tests.collections[0].get_segments()
    for (rate, run), ((x, low), (_, high)) in zip(RATES.items(), segments, strict=True):
        assert (x, low, high) == pytest.approx(
            (rate, min(run["test_losses"]), max(run["test_losses"]))
        )
        low, high = tests.get_ylim()
        assert low < min(run["test_losses"])
        assert max(run["test_losses"]) < high
    (now,) = [line for line in tests.lines if line.get_color() == COLOURS["now"]]
    assert list(now.get_xdata()) == [0.7, 0.7]


def test_every_control_of_dropout(left_out, monkeypatch):
    redraws = full_redraws(left_out, monkeypatch)
    limits = [(axes.get_xlim(), axes.get_ylim()) for axes in left_out.picture.axes]
    move_every_control(left_out)
    assert redraws == []
    assert [(axes.get_xlim(), axes.get_ylim()) for axes in left_out.picture.axes] == limits


def test_code_of_dropout_brings_the_picture_back(left_out):
    left_out.set("rate=0.3 epoch=12 mask=17")
    code, caption, before = left_out.code, left_out.caption, picture(left_out)
    left_out.set("rate=0 epoch=60 mask=2")
    left_out.set(code)
    assert (left_out.code, left_out.caption) == (code, caption)
    assert np.array_equal(picture(left_out), before)
    for wrong in ("rate=0.9", "rate=0.25", "epoch=61", "mask=0"):
        with pytest.raises(ValueError, match="must be a number from"):
            left_out.set(wrong)
    assert left_out.code == code


def test_dropout_fits_the_page(left_out):
    width, _ = left_out.picture.get_size_inches() * left_out.picture.dpi
    assert width == 760
    assert picture(left_out).std() > 10
    assert len(left_out.png()) < 60_000


@pytest.mark.parametrize("epoch", [0, 1, 2, 5, 60])
def test_names_of_the_losses_stand_where_the_lines_end(left_out, epoch):
    for rate in (0, 0.8):
        left_out.set(f"rate={rate} epoch={epoch}")
        axes = left_out.picture.axes[1]
        above = {"training": 0.53, "validation": 0.58}  # where a name waits for its line
        names = [text for text in axes.texts if text.get_text().strip(" ↑") in above]
        for name in names:
            part = name.get_text().strip(" ↑")
            loss = RATES[rate][f"{part}_loss"][epoch]
            assert name.get_position() == pytest.approx((epoch, min(loss, above[part])))
            assert ("↑" in name.get_text()) == (loss > 0.6)
        boxes = [name.get_window_extent() for name in names]
        assert len(boxes) == 2
        assert not boxes[0].overlaps(boxes[1])
        assert all(box.x1 < axes.bbox.x1 for box in boxes)
