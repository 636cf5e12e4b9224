"""The explorer of the last chapter: what its stages show, and whether its caption tells the truth.

The oracles read the files themselves and use SciPy and plain NumPy, never lessonkit's own maths.
"""

import importlib
import json
import re
import sys
from itertools import islice, pairwise

import numpy as np
import pytest
from explored import NUMBER, full_redraws, numbers, picture, plain, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import ndimage, signal, special

from lessonkit.datasets import DATA
from lessonkit.explorers import SIGNED, whole_network

STILL = "shift_x=0 shift_y=0 turn=0 scale=1 blur=0"
HYPOTHESIS = {
    "max_examples": 25,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture],
}


@pytest.fixture(scope="module")
def _explorer():
    return shown(whole_network.whole_network)


@pytest.fixture
def explorer(_explorer):
    _explorer.controls["drawing"].value = bytes(784)
    place = "'stage=convolution 1' map=0 row=8 column=8"
    _explorer.set(f"'input=a test digit' digit=0 {STILL} {place}")
    return _explorer


@pytest.fixture(scope="module")
def mnist():
    with np.load(DATA / "digits.npz") as stored:
        return stored["test_images"] / 255, stored["test_labels"]


@pytest.fixture(scope="module")
def record():
    return json.loads((DATA / "records/whole_network.json").read_text())


@pytest.fixture(scope="module")
def weights():
    with np.load(DATA / "weights.npz") as stored:
        return dict(stored)


# -- the network by hand ---------------------------------------------------------------------------

NAMES = ("convolution 1", "ReLU 1", "pooling 1", "convolution 2", "ReLU 2", "pooling 2", "scores")


def convolved(maps, weight, bias):
    return np.array(
        [
            sum(signal.correlate2d(m, k, "valid") for m, k in zip(maps, kernels, strict=True)) + b
            for kernels, b in zip(weight, bias.ravel(), strict=True)
        ]
    )


def pooled(maps):
    count, height, width = maps.shape
    return maps.reshape(count, height // 2, 2, width // 2, 2).max(axis=(2, 4))


def stages_by_hand(weights, image):
    """Return name → (maps, rows, columns) for each stage, the scores as ten maps of one number."""
    stages, maps = {"input": image[np.newaxis]}, image[np.newaxis]
    for number, place in (("1", 0), ("2", 3)):
        maps = convolved(maps, weights[f"{place}_weight"], weights[f"{place}_bias"])
        stages[f"convolution {number}"] = maps
        stages[f"ReLU {number}"] = np.where(maps > 0, maps, 0)
        stages[f"pooling {number}"] = maps = pooled(stages[f"ReLU {number}"])
    scores = weights["7_weight"] @ maps.ravel() + weights["7_bias"]
    return stages | {"scores": scores.reshape(10, 1, 1)}


def shares_by_hand(weights, image):
    return special.softmax(stages_by_hand(weights, image)["scores"].ravel())


def reads_rightly(weights, images, labels):
    """Return the share of the digits that the network names rightly, all images at once."""
    maps = images[:, np.newaxis].astype(np.float32)
    for place in (0, 3):
        windows = np.lib.stride_tricks.sliding_window_view(maps, (5, 5), axis=(2, 3))
        weight, bias = weights[f"{place}_weight"], weights[f"{place}_bias"]
        sums = np.einsum("ncijab,ocab->noij", windows, weight, optimize=True) + bias
        n, maps_out, side, _ = sums.shape
        maps = np.maximum(sums, 0).reshape(n, maps_out, side // 2, 2, side // 2, 2).max((3, 5))
    scores = maps.reshape(len(maps), -1) @ weights["7_weight"].T + weights["7_bias"]
    return np.mean(scores.argmax(axis=1) == labels)


def moved_by_hand(image, shift_x=0, shift_y=0, turn=0, scale=1):
    """Return a digit turned and scaled about pixel 14, then shifted, by SciPy."""
    angle = np.deg2rad(turn)
    # of (row, column): counter-clockwise on the screen, where rows count downwards
    forward = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([14, 14])[:, np.newaxis, np.newaxis]
    shift = np.array([shift_y, shift_x])[:, np.newaxis, np.newaxis]
    back = np.tensordot(np.linalg.inv(forward), np.indices((28, 28)) - middle - shift, 1) + middle
    inside = np.all((back > -0.5) & (back < 27.5), axis=0)  # a pixel reaches half a pixel far
    return inside * ndimage.map_coordinates(image, back, order=1, mode="nearest")


# -- what is stored --------------------------------------------------------------------------------


def test_the_weights_are_small_and_as_the_architecture_wants_them(weights):
    assert {name: array.shape for name, array in weights.items()} == {
        "0_weight": (6, 1, 5, 5),
        "0_bias": (6, 1, 1),
        "3_weight": (12, 6, 5, 5),
        "3_bias": (12, 1, 1),
        "7_weight": (10, 192),
        "7_bias": (10,),
    }
    assert all(array.dtype == np.float32 for array in weights.values())
    assert sum(array.size for array in weights.values()) == 3898
    assert (DATA / "weights.npz").stat().st_size < 60_000


def test_it_reads_as_many_test_digits_as_the_record_says(weights, record, mnist):
    images, labels = mnist
    share = reads_rightly(weights, images, labels)
    assert share >= 0.96
    for name, still in (("shift_x", 8), ("shift_y", 8), ("turn", 18), ("scale", 10), ("blur", 0)):
        assert record["test_accuracy"][name][still] == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize("pixels", [-8, 1, 5])
def test_the_record_of_the_shifts(weights, record, mnist, pixels):
    images, labels = mnist
    for name, axis in (("shift_x", 2), ("shift_y", 1)):
        shifted = np.roll(images, pixels, axis)
        lost = slice(None, pixels) if pixels > 0 else slice(pixels, None)
        np.moveaxis(shifted, axis, 0)[lost] = 0
        share = reads_rightly(weights, shifted, labels)
        assert record["test_accuracy"][name][8 + pixels] == pytest.approx(share, abs=0.0011)


@pytest.mark.parametrize(
    ("name", "value", "place"),
    [("turn", 20, 22), ("turn", -45, 9), ("turn", 90, 36), ("scale", 0.7, 4), ("scale", 1.3, 16)],
)
def test_the_record_of_the_other_moves(weights, record, mnist, name, value, place):
    images, labels = mnist
    moved = np.array([moved_by_hand(image, **{name: value}) for image in images])
    share = reads_rightly(weights, moved, labels)
    assert record["test_accuracy"][name][place] == pytest.approx(share, abs=0.003)


def test_the_record_of_the_blur(weights, record, mnist):
    images, labels = mnist
    blurred = ndimage.gaussian_filter(images, (0, 1, 1), mode="nearest")
    share = reads_rightly(weights, blurred, labels)
    assert record["test_accuracy"]["blur"][4] == pytest.approx(share, abs=0.02)


def test_the_record_belongs_to_the_training(record, monkeypatch):
    """Train for one epoch again and compare how many of the held-out digits are read rightly."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(DATA)
    script = importlib.import_module("train_whole_network")
    with np.load(DATA / "digits.npz") as stored:
        x = stored["train_images"][:, np.newaxis] / np.float32(255)
        labels = stored["train_labels"].astype(int)
    rate = record["learning_rate"]
    validation = x[4000:], labels[4000:]
    network = whole_network.new_network(0)
    reports = script.learn(network, x[:4000], labels[:4000], rate, validation)
    again = [report.validation_accuracy for report in islice(reports, 2)]
    # the same but for rounding, which 80 steps can grow to a few digits of the thousand
    assert record["validation_accuracy"][str(rate)][0][:2] == pytest.approx(again, abs=0.01)


def test_the_learning_rate_was_the_best_on_the_digits_held_out(record):
    histories = record["validation_accuracy"]
    assert all(np.shape(starts) == (3, 21) for starts in histories.values())
    means = {rate: np.mean(starts, axis=0)[-1] for rate, starts in histories.items()}
    assert record["learning_rate"] == float(max(means, key=means.get))
    assert record["train_accuracy"] > record["test_accuracy"]["blur"][0]


# -- the digit that is shown -----------------------------------------------------------------------


def grey_input(explorer):
    """Return the input as it is drawn, (28, 28) from 0 paper to 1 ink."""
    left, top = whole_network.STAGES["input"].corner(0)
    side = 3 * 28
    pixels = picture(explorer)[top : top + side, left : left + side, 0]
    return 1 - pixels[1::3, 1::3] / 255


@given(
    st.integers(0, 999),
    st.integers(-8, 8),
    st.integers(-8, 8),
    st.integers(-18, 18),
    st.integers(10, 30),
)
@settings(**HYPOTHESIS)
def test_the_input_is_the_digit_moved(explorer, mnist, digit, x, y, turn, scale):
    turn, scale = 5 * turn, scale / 20
    place = "'stage=scores' map=0"  # no frame on the input
    explorer.set(f"{place} digit={digit} shift_x={x} shift_y={y} turn={turn} scale={scale} blur=0")
    expected = moved_by_hand(mnist[0][digit], x, y, turn, scale)
    # one step of the bytes for Pillow's rounding and one for the grey levels' table
    assert np.abs(grey_input(explorer) - expected).max() < 3.1 / 255


@pytest.mark.parametrize("blur", [0.5, 1, 2, 3])
def test_the_input_is_blurred(explorer, mnist, blur):
    explorer.set(f"stage=scores digit=3 blur={blur}")
    expected = ndimage.gaussian_filter(mnist[0][3], blur, mode="nearest")
    assert np.abs(grey_input(explorer) - expected).max() < 0.06  # Pillow's is made of three boxes


def test_blur_comes_after_the_shift(explorer, mnist):
    explorer.set("stage=scores digit=3 blur=1 shift_x=8")
    expected = ndimage.gaussian_filter(moved_by_hand(mnist[0][3], 8), 1, mode="nearest")
    assert np.abs(grey_input(explorer) - expected).max() < 0.06


# -- every stage -----------------------------------------------------------------------------------


def limits_by_hand(weights, images):
    """Return name → the number that has the last colour of the scale."""
    every = [stages_by_hand(weights, image) for image in images[:50]]
    sums = {"1": "convolution 1", "2": "convolution 2", "s": "scores"}
    sizes = {
        key: np.percentile(np.abs([stages[name] for stages in every]), 99)
        for key, name in sums.items()
    }
    return {name: sizes[name[-1]] for name in NAMES}


def test_every_number_has_its_colour_where_the_pointer_finds_it(explorer, weights, mnist):
    code = "digit=17 shift_x=2 turn=-15"
    explorer.set(f"{code} stage=probabilities map=0")
    frame = picture(explorer)
    stages = stages_by_hand(weights, grey_by_pillow(mnist[0], code))
    limits = limits_by_hand(weights, mnist[0])
    seen = {name: set() for name in NAMES}
    for y in range(44, 356, 2):  # every cell is at least two pixels wide
        for x in range(100, 648, 2):
            found = explorer._at(x + 0.5, y + 0.5)
            if not found or found["stage"] not in seen:
                continue
            place = found["map"], found["row"], found["column"]
            if found["stage"] == "scores" or place in seen[found["stage"]]:
                continue  # the scores have frames around them
            seen[found["stage"]].add(place)
            value = stages[found["stage"]][place] / limits[found["stage"]]
            colour = SIGNED(np.clip(value / 2 + 0.5, 0, 1), bytes=True)[:3]
            assert np.abs(frame[y, x].astype(int) - colour).max() <= 8, (found, value)
    counts = {name: len(places) for name, places in seen.items()}
    sizes = {name: stages[name].size for name in NAMES[:-1]}
    assert counts == sizes | {"scores": 0}


def grey_by_pillow(images, code):
    """Return the moved digit in the bytes that the network sees."""
    values = {name: int(value) for name, value in re.findall(r"(\w+)=(-?\d+)", code)}
    image = images[values.pop("digit")]
    return np.rint(255 * moved_by_hand(image, **values)) / 255


# -- the answer ------------------------------------------------------------------------------------

SAYS = rf"It says (\d) with ({NUMBER})(?:, then (\d) with ({NUMBER}))?[:.]"


@given(st.integers(0, 999), st.integers(-4, 4), st.integers(-9, 9))
@settings(**HYPOTHESIS)
def test_the_caption_says_who_wins_and_how_surely(explorer, weights, mnist, digit, x, turn):
    explorer.set(f"digit={digit} shift_x={x} turn={5 * turn}")
    shares = shares_by_hand(
        weights, grey_by_pillow(mnist[0], f"digit={digit} shift_x={x} turn={5 * turn}")
    )
    first, share, second, next_share = re.match(SAYS, explorer.caption).groups()
    assert float(share) == pytest.approx(shares.max(), abs=0.02)
    assert shares[int(first)] >= shares.max() - 0.02
    if second:
        assert float(next_share) == pytest.approx(np.sort(shares)[-2], abs=0.02)
        assert shares[int(second)] >= np.sort(shares)[-2] - 0.02
    else:
        assert np.sort(shares)[-2] < 0.005 + 0.02
    assert next_share != "0.00", "then it is nobody's turn"
    label = mnist[1][digit]
    verdict = "right" if label == int(first) else "wrong"
    article = "an" if label == 8 else "a"
    assert f": {verdict}, it is {article} {label}. " in explorer.caption


def test_scores_and_probabilities_are_written_and_drawn(explorer, weights, mnist):
    explorer.set("digit=7 blur=0 stage=scores")
    stages = stages_by_hand(weights, mnist[0][7])
    scores = stages["scores"].ravel()
    shares = special.softmax(scores)
    paper = explorer.picture.axes[0]
    column = [t for t in paper.texts if t.get_ha() == "right" and t.get_position()[0] == 689]
    assert [numbers(t.get_text())[0] for t in column] == pytest.approx(scores, abs=0.0501)
    (bars,) = [
        c for c in paper.collections if len(c.get_segments()) == 10 and c.get_linewidth() == 5
    ]
    left, right = whole_network.BARS
    lengths = np.array([end[0] - start[0] for start, end in bars.get_segments()])
    np.testing.assert_allclose(lengths / (right - left), shares, atol=1e-5)
    (band,) = paper.patches
    middle = band.get_y() + band.get_height() / 2
    assert np.argmin([abs(t.get_position()[1] - middle) for t in column]) == shares.argmax()


def test_every_test_digit_can_be_shown(explorer):
    slider = explorer.controls["digit"]
    assert (slider.min, slider.max) == (0, 999)
    explorer.set("digit=999")
    assert not explorer.error


# -- how a number is made --------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*NAMES, "probabilities"])
def test_the_making_of_some_numbers(explorer, weights, mnist, name):
    stages = stages_by_hand(weights, mnist[0][0])
    maps = stages["scores" if name == "probabilities" else name]
    rng = np.random.default_rng(0)
    for place in rng.integers(0, maps.shape, (6, 3)).tolist():
        channel, row, column = place
        explorer.set(f"'stage={name}' map={channel} row={row} column={column}")
        assert not explorer.error
        told = explorer.caption.split("rightly. ")[1]
        if maps.shape[1] > 1:
            start = f"{name[0].upper()}{name[1:]}, map {channel}, row {row}, column {column}: "
        else:
            start = f"{'Score' if name == 'scores' else 'Probability'} of {channel}: "
        assert told.startswith(start)
        assert_made(told.removeprefix(start), name, stages, place, weights)


def assert_made(told, name, stages, place, weights):
    """Assert that the sentence tells how the number at (map, row, column) comes about."""
    channel, row, column = place
    kind, _, number = name.partition(" ")
    formula = told.split(",")[0] if kind in ("convolution", "scores") else told
    said = numbers(formula)
    if name == "probabilities":
        scores = stages["scores"].ravel()
        score, total, share = map(plain, re.match(EXP, told).groups())
        assert score == pytest.approx(scores[channel], abs=0.051)
        assert total == pytest.approx(np.exp(scores).sum(), rel=0.05)
        assert share == pytest.approx(special.softmax(scores)[channel], abs=0.00051)
    elif kind == "pooling":
        window = stages[f"ReLU {number}"][
            channel, 2 * row : 2 * row + 2, 2 * column : 2 * column + 2
        ]
        assert said[:4] == pytest.approx(window.ravel(), abs=0.0051, rel=0.01)
        assert said[4] == pytest.approx(stages[name][place[0], row, column], abs=0.0051, rel=0.01)
    elif kind == "ReLU":
        before = stages[f"convolution {number}"][channel, row, column]
        assert said == pytest.approx([0, before, max(0, before)], abs=0.0051, rel=0.01)
    else:
        layer = {"convolution 1": 0, "convolution 2": 3, "scores": 7}[name]
        below = stages[{0: "input", 3: "pooling 1", 7: "pooling 2"}[layer]]
        window = below if layer == 7 else below[:, row : row + 5, column : column + 5]
        products = weights[f"{layer}_weight"][channel].reshape(window.shape) * window
        bias = weights[f"{layer}_bias"].ravel()[channel]
        result = stages[name][channel, row, column]
        assert said == pytest.approx([products.sum(), bias, result], abs=0.0051, rel=0.01)
        assert f"the sum is that of {products.size} products" in told
        if layer:
            by_map = products.sum(axis=(1, 2))
            most = re.search(rf"map (\d+) adds most, ({NUMBER})\.", told)
            assert (most is None) == (by_map.max() <= 0), "what is negative adds nothing"
        if layer and most:
            assert int(most[1]) == by_map.argmax()
            assert float(most[2].replace("−", "-")) == pytest.approx(
                by_map.max(), abs=0.0051, rel=0.01
            )


EXP = rf"exp\(({NUMBER})\) / \(?({NUMBER}(?: × 10[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)\)? ≈ ({NUMBER})"


@pytest.mark.parametrize(
    ("code", "framed"),
    [
        ("'stage=convolution 1' map=2 row=3 column=4", 1 + 1),
        ("'stage=ReLU 1' map=2 row=3 column=4", 1 + 1),
        ("'stage=pooling 1' map=2 row=3 column=4", 1 + 1),
        ("'stage=convolution 2' map=11 row=3 column=4", 6 + 1),
        ("stage=scores map=3", 12 + 1),
        ("stage=probabilities map=3", 10 + 1),
    ],
)
def test_frames_are_around_what_is_pointed_at_and_what_it_is_made_of(explorer, code, framed):
    explorer.set(code)
    paper = explorer.picture.axes[0]
    (frames,) = [c for c in paper.collections if c.get_zorder() == 4]
    segments = frames.get_segments()
    assert len(segments) == framed
    *_, chosen = segments
    x, y = chosen.mean(axis=0)
    wanted = dict(re.findall(r"(map|row|column)=(\d+)", code))
    found = explorer._at(x, y)
    assert found["stage"] == re.search("stage=([a-zA-Z0-9 ]+)", code)[1].removesuffix(" map")
    assert {name: found[name] for name in wanted} == {n: int(v) for n, v in wanted.items()}


def test_a_window_of_the_stage_before_is_framed(explorer):
    explorer.set("'stage=convolution 2' map=0 row=3 column=7")
    paper = explorer.picture.axes[0]
    (frames,) = [c for c in paper.collections if c.get_zorder() == 4]
    for channel, frame in enumerate(frames.get_segments()[:-1]):
        (left, top), (right, bottom) = frame.min(axis=0) + 1.5, frame.max(axis=0) - 1.5
        first, last = explorer._at(left, top), explorer._at(right, bottom)
        place = {"stage": "pooling 1", "map": channel}
        assert first == place | {"row": 3, "column": 7}
        assert last == place | {"row": 7, "column": 11}


# -- the population --------------------------------------------------------------------------------


def test_marks_are_on_the_curves_of_the_record(explorer, record):
    explorer.set("shift_x=3 shift_y=-2 turn=35 scale=0.85 blur=1.25")
    places = {
        "shift_x": (3, 11),
        "shift_y": (-2, 6),
        "turn": (35, 25),
        "scale": (0.85, 7),
        "blur": (1.25, 5),
    }
    for axes, (name, (value, place)) in zip(explorer.picture.axes[1:], places.items(), strict=True):
        curve, mark = axes.lines
        assert curve.get_ydata().tolist() == record["test_accuracy"][name]
        share = record["test_accuracy"][name][place]
        assert np.ravel(mark.get_data()) == pytest.approx([value, share])
        assert (
            f"{100 * share:.1f} % with {name.replace('_', ' ')} {value:g}".replace("-", "−")
            in explorer.caption
        )
        assert np.interp(value, *curve.get_data()) == pytest.approx(share)
    still = record["test_accuracy"]["turn"][18]
    assert f"Of the test digits it reads {100 * still:.1f} % rightly; " in explorer.caption


def test_a_digit_that_is_not_moved_has_one_accuracy(explorer, record):
    still = record["test_accuracy"]["turn"][18]
    assert f"Of the test digits it reads {100 * still:.1f} % rightly. " in explorer.caption
    assert "moved" not in explorer.caption


def test_what_is_moved_in_several_ways_is_not_said_to_be_moved_alike(explorer, record):
    explorer.set("digit=101 shift_x=2")
    told = record["test_accuracy"]
    right, down = (f"{100 * told[f'shift_{axis}'][8 + 2]:.1f} %" for axis in "xy")
    assert f"rightly; all moved alike: {right} with shift x 2. " in explorer.caption
    explorer.set("shift_y=2")
    alone = f"all moved in one of these ways alone: {right} with shift x 2, {down} with shift y 2. "
    assert f"rightly; {alone}" in explorer.caption


# -- a drawing -------------------------------------------------------------------------------------


def drawing(image):
    return np.rint(255 * image).astype(np.uint8).tobytes()


@given(st.integers(0, 999), st.integers(-3, 3), st.sampled_from([1, 2]))
@settings(**HYPOTHESIS | {"max_examples": 20})
def test_a_drawing_is_fitted_and_centred_as_mnists_digits_are(explorer, mnist, digit, shift, half):
    small = ndimage.shift(mnist[0][digit], (shift, -shift), order=0)
    if half == 2:  # at half the size, in a corner
        small = np.pad(small.reshape(14, 2, 14, 2).mean(axis=(1, 3)), ((0, 14), (0, 14)))
    explorer.controls["drawing"].value = drawing(small)
    explorer.set("'input=draw one' stage=scores")
    shown = grey_input(explorer)
    rows, columns = (np.flatnonzero((shown > 0.1).any(axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=2)
    places = np.arange(28)
    centre = shown.sum(axis=1) @ places / shown.sum(), shown.sum(axis=0) @ places / shown.sum()
    assert centre == pytest.approx((14, 14), abs=0.6)
    assert "it is" not in explorer.caption, "nobody knows what was drawn"


def test_a_test_digit_drawn_again_is_read_alike(explorer, mnist):
    images, labels = mnist
    explorer.set("'input=draw one'")
    said = []
    for image in images[:40]:
        explorer.controls["drawing"].value = drawing(image)
        said.append(int(re.match(SAYS, explorer.caption)[1]))
    assert np.mean(said == labels[:40]) > 0.9


def test_a_drawing_is_moved_too(explorer, mnist):
    explorer.controls["drawing"].value = drawing(mnist[0][0])
    explorer.set("'input=draw one' stage=scores")
    before = grey_input(explorer)
    explorer.set("shift_x=5 shift_y=-3")
    np.testing.assert_allclose(grey_input(explorer)[:-3, 5:], before[3:, :-5], atol=2.1 / 255)


def test_an_empty_pad_is_an_empty_picture_and_said_to_be(explorer, weights):
    notes = "fitted, centred"
    explorer.set("'input=draw one' stage=scores")
    assert not explorer.error
    assert grey_input(explorer).max() == 0
    shares = shares_by_hand(weights, np.zeros((28, 28)))
    says = f"it says {shares.argmax()} with {shares.max():.2f}. "
    assert explorer.caption.startswith(f"Nothing is drawn yet; on empty paper {says}Of the test")
    assert notes not in words(explorer)
    explorer.controls["drawing"].value = bytes(400) + b"\xff" + bytes(383)
    assert re.match(SAYS, explorer.caption)
    assert notes in words(explorer)
    explorer.set("'input=a test digit'")
    assert notes not in words(explorer)


def words(explorer):
    return [text.get_text() for text in explorer.picture.axes[0].texts]


def test_the_pad_is_shown_while_one_draws(explorer):
    pad, digit = explorer.controls["drawing"], explorer.controls["digit"]
    assert (pad.layout.display, digit.layout.display) == ("none", "flex")
    explorer.set("'input=draw one'")
    assert (pad.layout.display, digit.layout.display) == ("flex", "none")
    assert "drawing" not in explorer.code


# -- controls --------------------------------------------------------------------------------------


def test_sliders_end_where_their_stage_does(explorer):
    ends = {}
    for stage in explorer.controls["stage"].options:
        explorer.set(f"'stage={stage}'")
        ends[stage] = tuple(explorer.controls[name].max for name in ("map", "row", "column"))
        shown = [explorer.controls[name].layout.display for name in ("row", "column")]
        assert shown == ["flex" if ends[stage][1] else "none"] * 2
    assert list(ends.values()) == [
        *[(5, 23, 23), (5, 23, 23), (5, 11, 11), (11, 7, 7), (11, 7, 7), (11, 3, 3)],
        *[(9, 0, 0), (9, 0, 0)],
    ]
    assert explorer.controls["map"].description == "digit"


def test_every_control_changes_the_picture_and_none_redraws_all_of_it(explorer, monkeypatch):
    redraws = full_redraws(explorer, monkeypatch)
    for name, control in explorer.controls.items():
        if name == "drawing":
            continue
        if hasattr(control, "options"):
            places = control.options
        else:
            places = [control.min, (control.min + control.max) / 2, control.max]
            places = [int(p) if isinstance(control.value, int) else p for p in places]
        seen, captions = set(), set()
        for place in places:
            control.value = place
            assert not explorer.error, (name, place, explorer.error)
            seen.add(picture(explorer).tobytes())
            captions.add(explorer.caption)
        assert len(seen) == len(captions) == len(places), name
        control.value = places[0]
    assert redraws == []


def test_code_and_set_go_round(explorer):
    for code in (
        f"'input=a test digit' digit=9 {STILL} 'stage=pooling 2' map=11 row=3 column=2",
        "'input=draw one' digit=5 shift_x=-8 shift_y=8 turn=-90 scale=1.5 blur=3 stage=scores "
        "map=9 row=0 column=0",
    ):
        explorer.set(code)
        assert explorer.code == code
        assert not explorer.error


def told(explorer):
    """Return what a page tells of the controls: values, and of a dropdown the place."""
    controls = explorer._plain.values()
    return [c.index if "index" in c.keys else c.value for c in controls]


def test_a_page_that_tells_a_stage_before_its_sliders_have_followed(explorer):
    view, values = explorer.children[-1], told(explorer)
    names = list(explorer._plain)
    values[names.index("stage")] = NAMES.index("pooling 2")
    values[names.index("row")] = 23
    view._handle_custom_msg({"values": values}, [])
    assert not explorer.error
    assert "Pooling 2, map 0, row 3, column 3: " in explorer.caption


# -- pointing --------------------------------------------------------------------------------------


def point(explorer, x, y):
    """Say what a page says whose pointer moves over the picture."""
    explorer.children[-1]._handle_custom_msg({"values": told(explorer), "pointer": [x, y]}, [])


def test_pointing_chooses_the_number_and_draws_once(explorer, monkeypatch):
    redraws = full_redraws(explorer, monkeypatch)
    view, sent = explorer.children[-1], []
    monkeypatch.setattr(view, "send", lambda news, pngs=(): sent.append(news))
    left, top = whole_network.STAGES["pooling 2"].corner(7)
    point(explorer, left + 25, top + 15)
    chosen = {name: explorer.controls[name].value for name in ("stage", "map", "row", "column")}
    assert chosen == {"stage": "pooling 2", "map": 7, "row": 1, "column": 2}
    assert len(sent) == 1
    assert sent[0]["answer"]
    assert "Pooling 2, map 7, row 1, column 2: " in sent[0]["caption"]
    point(explorer, 725, 100)
    assert "Probability of 1: " in explorer.caption
    assert redraws == []


def test_beside_all_numbers_the_pointer_changes_nothing(explorer):
    for place in [(0, 0), (50, 200), (300, 520), (600, 450), (-5, -5), (760, 530)]:
        before = explorer.code
        point(explorer, *place)
        assert (explorer.code, explorer.error) == (before, "")


# -- the look --------------------------------------------------------------------------------------


def test_it_fits_the_page_has_ink_and_readable_text(explorer):
    figure = explorer.picture
    width, height = figure.get_size_inches() * 100
    assert (width, height) == (760, 530)
    assert picture(explorer).std() > 10
    texts = [t for t in figure.findobj(lambda a: hasattr(a, "get_fontsize")) if t.get_text()]
    assert min(text.get_fontsize() for text in texts) >= 10
    renderer = figure.canvas.get_renderer()
    for stage in explorer.controls["stage"].options:
        explorer.set(f"'stage={stage}' digit=8")
        for text in texts:
            box = text.get_window_extent(renderer)
            assert box.x0 >= 0, text
            assert box.x1 <= 760, text


def test_numbers_under_the_curves_stand_apart(explorer):
    renderer = explorer.picture.canvas.get_renderer()
    labels = [label for axes in explorer.picture.axes[1:] for label in axes.get_xticklabels()]
    assert [label.get_text() for label in labels] == ["±8", "±8", "±90", "0.5", "1.5", "0", "3"]
    boxes = [label.get_window_extent(renderer) for label in labels]
    assert all(left.x1 + 5 < right.x0 for left, right in pairwise(boxes))
    for axes, ends in zip(explorer.picture.axes[1:], ((-8, 8), (-8, 8), (-90, 90)), strict=False):
        assert axes.get_xlim() == ends


@pytest.mark.parametrize("density", [1.5, 2])
def test_a_finer_screen_shows_the_same_squares(explorer, density):
    coarse = picture(explorer)
    view = explorer.children[-1]
    view._handle_custom_msg({"density": density}, [])
    fine = picture(explorer)
    view._handle_custom_msg({"density": 1}, [])
    assert fine.shape == (530 * density, 760 * density, 3)
    places = []
    for name in ("convolution 2", "pooling 2"):  # in which no number has a frame
        stage = whole_network.STAGES[name]
        for channel, row, column in np.ndindex(stage.count, stage.side, stage.side):
            left, top = stage.corner(channel)
            places.append((top + (row + 0.5) * stage.cell, left + (column + 0.5) * stage.cell))
    ys, xs = np.transpose(places)
    seen = coarse[ys.astype(int), xs.astype(int)]
    again = fine[(ys * density).astype(int), (xs * density).astype(int)]
    np.testing.assert_array_equal(seen, again)
    assert len(np.unique(seen, axis=0)) > 20


def test_stages_stand_from_left_to_right(explorer):
    lefts = [stage.left for stage in whole_network.STAGES.values()]
    assert all(one < other for one, other in pairwise(lefts))
