"""The whole network: facts against SciPy and plain NumPy, and what the picture and caption say."""

import re
from itertools import pairwise

import numpy as np
import pytest
from digits_by_hand import (
    NAMES,
    accuracy_by_hand,
    moved_by_hand,
    shares_by_hand,
    stages_by_hand,
    stored_arrays,
    stored_record,
)
from explored import NUMBER, full_redraws, made, numbers, picture, plain, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import ndimage, special

from lessonkit.activations import tanh
from lessonkit.datasets import digits
from lessonkit.digit_network import new_network
from lessonkit.explorers.style import SIGNED
from lessonkit.explorers.whole_network import whole_network as make
from lessonkit.explorers.whole_network.layout import BARS, STAGES, number_at
from lessonkit.explorers.whole_network.tiles import Tiles
from lessonkit.explorers.whole_network.whole_network import measurement
from lessonkit.network import Dense, Network

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
IMAGES = stored_arrays("digits.npz")["test_images"] / 255
LABELS = stored_arrays("digits.npz")["test_labels"]
WEIGHTS = stored_arrays("weights.npz")
ACCURACY = stored_record()["test_accuracy"]
UNMOVED = ACCURACY["turn"][18]
STILL = "shift_x=0 shift_y=0 turn=0 scale=1 blur=0"


@pytest.fixture(scope="module")
def opened():
    return shown(make)


@pytest.fixture
def explorer(opened):
    opened.controls["drawing"].value = bytes(784)
    opened.set(f"'input=a test digit' digit=0 {STILL} 'stage=convolution 1' map=0 row=8 column=8")
    return opened


def drawing(image):
    return np.rint(255 * image).astype(np.uint8).tobytes()


def grey_input(explorer):
    """Return the input as it is drawn, (28, 28) from 0 paper to 1 ink."""
    left, top = STAGES["input"].corner(0)
    pixels = picture(explorer)[top : top + 84, left : left + 84, 0]
    return 1 - pixels[1::3, 1::3] / 255


# -- the picture, by the facts ---------------------------------------------------------------------


def assert_picture_shows(explorer):
    """Assert that maps, answer, marks and the making of the number are those of the facts."""
    facts, paper = explorer.facts, explorer.picture.axes[0]
    maps, kernels, steps = (a for a in explorer.picture.artists if isinstance(a, Tiles))
    for name, stage in STAGES.items():
        for channel, values in enumerate(facts.stages[name]):
            place, share = stage.corner(channel), values / facts.scales[name]
            assert_cells(maps, place, stage.cell, share, is_ink=name == "input")
    for channel, kernel in enumerate(facts.kernels):
        place = 104, STAGES["convolution 1"].corner(channel)[1] + 14
        assert_cells(kernels, place, 4, kernel / np.abs(facts.kernels).max())
    assert_answer_shows(paper, facts)
    assert_making_shows(paper, steps, facts)
    assert ("fitted, centred" in words(paper)) == (facts.label is None and not facts.is_empty)
    measured = zip(explorer.picture.axes[1:], facts.accuracies.items(), strict=True)
    for axes, (name, share) in measured:
        curve, mark = axes.lines
        value = facts.moves[name]
        assert np.ravel(mark.get_data()).tolist() == [value, share]
        assert np.interp(value, *curve.get_data()) == pytest.approx(share)
        assert [text.get_text() for text in axes.texts] == [f"{100 * share:.0f} %"]


def assert_cells(tiles, place, cell, shares, is_ink=False):
    """Assert that shares of the fullest colour, −1 to 1, stand at a place as cell × cell pixels."""
    left, top = place[0] - tiles.left, place[1] - tiles.top
    height, width = (cell * side for side in shares.shape)
    pixels = tiles.pixels[top : top + height, left : left + width]
    cells = pixels[::cell, ::cell]
    assert (pixels == cells.repeat(cell, axis=0).repeat(cell, axis=1)).all()
    colours = cells[..., np.newaxis].view(np.uint8)[..., :3].astype(int)
    if is_ink:
        assert np.abs(colours - 255 * (1 - shares[..., np.newaxis])).max() < 2.1
    else:
        expected = SIGNED(np.clip(shares / 2 + 0.5, 0, 1), bytes=True)[..., :3]
        assert np.abs(colours - expected).max() <= 8


def assert_answer_shows(paper, facts):
    column = [t for t in paper.texts if t.get_ha() == "right" and t.get_position()[0] == 689]
    assert [numbers(t.get_text())[0] for t in column] == pytest.approx(facts.scores, abs=0.0501)
    column.sort(key=lambda text: text.get_position()[1])
    (bars,) = [
        c for c in paper.collections if len(c.get_segments()) == 10 and c.get_linewidth() == 5
    ]
    left, right = BARS
    lengths = np.array([end[0] - start[0] for start, end in bars.get_segments()])
    np.testing.assert_allclose(lengths / (right - left), facts.probabilities, atol=1e-5)
    (band,) = paper.patches
    middle = band.get_y() + band.get_height() / 2
    assert np.argmin([abs(t.get_position()[1] - middle) for t in column]) == facts.answer
    said = [text for text in words(paper) if re.match("(right|wrong), it is an? ", text)]
    article = "an" if facts.label == 8 else "a"
    verdict = "right" if facts.answer == facts.label else "wrong"
    assert said == ([] if facts.label is None else [f"{verdict}, it is {article} {facts.label}"])


def assert_making_shows(paper, tiles, facts):
    making = facts.making
    rows = [("sees", making.window, facts.scales[making.seen])]
    if making.weights is not None:
        rows.append(("× weights", making.weights, making.largest_weight))
        rows.append(("= products", making.products, np.abs(making.products).max() or 1))
    elif making.exponentials is not None:
        rows.append(("exp", making.exponentials, making.exponentials.max()))
    for top, (name, maps, scale) in zip((394, 430, 466), rows, strict=False):
        count, side = len(maps), maps.shape[-1]
        cell = min(30 // side, 300 // (count * (side + 1)))
        for number, values in enumerate(maps):
            place = 94 + number * (side + 1) * cell, top
            assert_cells(tiles, place, cell, values / scale, making.seen == "input" and top == 394)
        assert name in words(paper)
    assert sum(word in ("sees", "exp") or word[0] in "×=" for word in words(paper)) == len(rows)
    (frames,) = [c for c in paper.collections if c.get_zorder() == 4]
    *seen, chosen = frames.get_segments()
    assert number_framed(chosen.mean(axis=0)) == (making.stage, *making.place)
    (first, top, left), (count, rows, columns) = making.corner, making.window.shape
    assert len(seen) == count
    for channel, frame in enumerate(seen, start=first):
        if making.seen != "input":  # which cannot be pointed at
            ends = number_framed(frame.min(axis=0) + 1.5), number_framed(frame.max(axis=0) - 1.5)
            last = top + rows - 1, left + columns - 1
            assert ends == ((making.seen, channel, top, left), (making.seen, channel, *last))


def number_framed(place):
    found = number_at(*place)
    return found["stage"], found["map"], found.get("row", 0), found.get("column", 0)


def words(paper):
    return [text.get_text() for text in paper.texts if text.get_text()]


# -- the digit that is shown -----------------------------------------------------------------------


@given(
    st.integers(0, 999),
    st.integers(-8, 8),
    st.integers(-8, 8),
    st.integers(-18, 18),
    st.integers(10, 30),
)
@QUICK
def test_the_input_is_the_digit_moved(explorer, digit, x, y, turn, scale):
    turn, scale = 5 * turn, scale / 20
    place = "'stage=scores' map=0"  # no frame on the input
    explorer.set(f"{place} digit={digit} shift_x={x} shift_y={y} turn={turn} scale={scale} blur=0")
    expected = moved_by_hand(IMAGES[digit], x, y, turn, scale)
    assert np.abs(explorer.facts.digit - expected).max() < 2.1 / 255  # for Pillow's rounding
    assert np.abs(grey_input(explorer) - expected).max() < 3.1 / 255  # and the grey levels' table
    assert explorer.facts.label == LABELS[digit]


@pytest.mark.parametrize(("blur", "shift"), [(0.5, 0), (1, 0), (2, 0), (3, 0), (1, 8)])
def test_the_input_is_blurred_after_the_shift(explorer, blur, shift):
    explorer.set(f"stage=scores digit=3 blur={blur} shift_x={shift}")
    expected = ndimage.gaussian_filter(moved_by_hand(IMAGES[3], shift), blur, mode="nearest")
    for seen in (explorer.facts.digit, grey_input(explorer)):
        assert np.abs(seen - expected).max() < 0.06  # Pillow's is made of three boxes


def test_every_test_digit_can_be_shown(explorer):
    slider = explorer.controls["digit"]
    assert (slider.min, slider.max) == (0, 999)
    explorer.set("digit=999")
    assert not explorer.error


# -- every stage -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["digit=0", "digit=17 shift_x=2 turn=-15", "digit=8 blur=3"])
def test_every_number_of_every_stage(explorer, code):
    explorer.set(code)
    stages = dict(explorer.facts.stages)
    probabilities = stages.pop("probabilities")
    expected = stages_by_hand(WEIGHTS, explorer.facts.digit)
    assert list(stages) == ["input", *NAMES] == list(expected)
    for name, values in stages.items():
        np.testing.assert_allclose(values, expected[name], rtol=1e-4, atol=1e-4)
    shares = special.softmax(expected["scores"], axis=0)
    np.testing.assert_allclose(probabilities, shares, atol=1e-5)
    assert np.array_equal(explorer.facts.scores, stages["scores"].ravel())
    assert np.array_equal(explorer.facts.probabilities, probabilities.ravel())


def test_another_network_makes_other_numbers():
    network = new_network(3)
    measure = measurement(network, digits(), ACCURACY, UNMOVED)
    values = {name: control.value for name, control in made(make).controls.items()}
    facts = measure(**values | {"digit": 2})
    weights = {
        f"{place}_{name}": array
        for place, layer in enumerate(network.layers)
        for name, array in layer.parameters.items()
    }
    expected = stages_by_hand(weights, IMAGES[2])
    np.testing.assert_allclose(facts.scores, expected["scores"].ravel(), rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(facts.kernels, weights["0_weight"][:, 0])


def test_choosing_a_number_does_not_run_the_network_again(explorer):
    before = explorer.facts
    explorer.set("'stage=pooling 2' map=3")
    assert explorer.facts.stages is before.stages
    explorer.set("digit=1")
    assert explorer.facts.stages is not before.stages


def limits_by_hand():
    """Return name → the number that has the last colour of the scale."""
    every = [stages_by_hand(WEIGHTS, image) for image in IMAGES[:50]]
    sums = {"1": "convolution 1", "2": "convolution 2", "s": "scores"}
    sizes = {
        key: np.percentile(np.abs([stages[name] for stages in every]), 99)
        for key, name in sums.items()
    }
    return {name: sizes[name[-1]] for name in NAMES}


def test_every_number_has_its_colour_where_the_pointer_finds_it(explorer):
    explorer.set("digit=17 shift_x=2 turn=-15 stage=probabilities map=0")
    frame = picture(explorer)
    stages = stages_by_hand(WEIGHTS, np.rint(255 * moved_by_hand(IMAGES[17], 2, 0, -15)) / 255)
    limits = limits_by_hand()
    seen = {name: set() for name in NAMES}
    for y in range(44, 356, 2):  # every cell is at least two pixels wide
        for x in range(100, 648, 2):
            found = number_at(x + 0.5, y + 0.5)
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


# -- the answer ------------------------------------------------------------------------------------

SAYS = rf"It says (\d) with ({NUMBER})(?:, then (\d) with ({NUMBER}))?[:.]"


@given(st.integers(0, 999), st.integers(-4, 4), st.integers(-9, 9))
@QUICK
def test_the_caption_says_who_wins_and_how_surely(explorer, digit, x, turn):
    explorer.set(f"digit={digit} shift_x={x} turn={5 * turn}")
    shares = explorer.facts.probabilities
    by_hand = shares_by_hand(WEIGHTS, explorer.facts.digit)
    np.testing.assert_allclose(shares, by_hand, atol=1e-4)
    by_hand = shares_by_hand(
        WEIGHTS, np.rint(255 * moved_by_hand(IMAGES[digit], x, 0, 5 * turn)) / 255
    )
    np.testing.assert_allclose(shares.max(), by_hand.max(), atol=0.02)
    *_, runner_up, winner = np.argsort(shares)
    assert explorer.facts.answer == winner
    first, share, second, next_share = re.match(SAYS, explorer.caption).groups()
    assert (int(first), share) == (winner, f"{shares[winner]:.2f}")
    assert (second is None) == (shares[runner_up] < 0.005)
    if second:
        assert (int(second), next_share) == (runner_up, f"{shares[runner_up]:.2f}")
        assert next_share != "0.00", "then it is nobody's turn"
    label = LABELS[digit]
    verdict = "right" if label == winner else "wrong"
    article = "an" if label == 8 else "a"
    assert f": {verdict}, it is {article} {label}. " in explorer.caption


# -- how a number is made --------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*NAMES, "probabilities"])
def test_the_making_of_some_numbers(explorer, name):
    stages = stages_by_hand(WEIGHTS, IMAGES[0])
    stages["probabilities"] = special.softmax(stages["scores"], axis=0)
    rng = np.random.default_rng(0)
    for place in rng.integers(0, stages[name].shape, (6, 3)).tolist():
        channel, row, column = place
        explorer.set(f"'stage={name}' map={channel} row={row} column={column}")
        making = explorer.facts.making
        assert (making.stage, making.place) == (name, tuple(place))
        assert making.result == pytest.approx(stages[name][*place], rel=1e-4, abs=1e-4)
        assert_made(making, stages)
        assert_picture_shows(explorer)
        told = explorer.caption.split("correctly. ")[1]
        if stages[name].shape[1] > 1:
            start = f"{name[0].upper()}{name[1:]}, map {channel}, row {row}, column {column}: "
        else:
            start = f"{'Score' if name == 'scores' else 'Probability'} of {channel}: "
        assert told.startswith(start)
        assert_told(told.removeprefix(start), making)


def assert_made(making, stages):
    """Assert what the layer saw and what became of it."""
    kind, _, number = making.stage.partition(" ")
    channel, row, column = making.place
    corner = (channel, 2 * row, 2 * column) if kind == "pooling" else (0, row, column)
    assert making.corner == ((channel, row, column) if kind == "ReLU" else corner)
    near = {"rtol": 1e-4, "atol": 1e-4}
    if kind == "probabilities":
        window = stages["scores"]
        np.testing.assert_allclose(making.exponentials, np.exp(window), rtol=1e-4)
        assert making.sum == pytest.approx(np.exp(window).sum(), rel=1e-4)
    elif kind == "pooling":
        rows, columns = (slice(2 * place, 2 * place + 2) for place in (row, column))
        window = stages[f"ReLU {number}"][[channel], rows, columns]
    elif kind == "ReLU":
        window = stages[f"convolution {number}"][channel, row, column].reshape(1, 1, 1)
    else:
        layer = {"convolution 1": 0, "convolution 2": 3, "scores": 7}[making.stage]
        below = stages[{0: "input", 3: "pooling 1", 7: "pooling 2"}[layer]]
        window = below if layer == 7 else below[:, row : row + 5, column : column + 5]
        weight, bias = WEIGHTS[f"{layer}_weight"], WEIGHTS[f"{layer}_bias"].ravel()[channel]
        weights = weight[channel].reshape(window.shape)
        np.testing.assert_allclose(making.weights, weights)
        np.testing.assert_allclose(making.products, weights * window, **near)
        assert making.largest_weight == pytest.approx(np.abs(weight).max())
        sums = [making.sum, making.bias]
        np.testing.assert_allclose(sums, [(weights * window).sum(), bias], **near)
    np.testing.assert_allclose(making.window, window, **near)
    assert (making.weights is None) == (kind in ("pooling", "ReLU", "probabilities"))
    assert (making.exponentials is None) == (kind != "probabilities")


EXP = rf"exp\(({NUMBER})\) / \(?({NUMBER}(?: × 10[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)\)? ≈ ({NUMBER})"


def assert_told(told, making):
    """Assert that the sentence tells the making, in numbers of three digits."""
    near = {"abs": 0.00051, "rel": 0.0051}
    if making.exponentials is not None:
        score, total, share = map(plain, re.match(EXP, told).groups())
        assert score == pytest.approx(making.window[making.place], abs=0.051)
        assert total == pytest.approx(making.sum, rel=0.05)
        assert share == pytest.approx(making.result, abs=0.00051)
        return
    if making.weights is None:
        seen = [0] * making.stage.startswith("ReLU") + making.window.ravel().tolist()
        assert told.startswith("max(")
        assert numbers(told) == pytest.approx([*seen, making.result], **near)
        return
    formula = told.split(",")[0]
    assert numbers(formula) == pytest.approx([making.sum, making.bias, making.result], **near)
    assert re.match("sum .+ [+] bias .+ ≈ ", formula)
    assert f"the sum adds up {making.products.size} products" in told
    by_map = making.products.sum(axis=(1, 2))
    most = re.search(rf"map (\d+) adds the most, ({NUMBER})\.", told)
    assert (most is None) == (len(by_map) == 1 or by_map.max() <= 0), "a negative adds nothing"
    if most:
        assert int(most[1]) == by_map.argmax()
        assert numbers(most[2]) == pytest.approx([by_map.max()], **near)


# -- the population --------------------------------------------------------------------------------


def test_marks_are_on_the_curves_of_the_record(explorer):
    explorer.set("shift_x=3 shift_y=-2 turn=35 scale=0.85 blur=1.25")
    facts = explorer.facts
    places = {
        "shift_x": (3, 11),
        "shift_y": (-2, 6),
        "turn": (35, 25),
        "scale": (0.85, 7),
        "blur": (1.25, 5),
    }
    assert facts.moves == pytest.approx({name: value for name, (value, _) in places.items()})
    assert facts.accuracies == {name: ACCURACY[name][place] for name, (_, place) in places.items()}
    assert_picture_shows(explorer)
    for axes, (name, (value, _)) in zip(explorer.picture.axes[1:], places.items(), strict=True):
        assert axes.lines[0].get_ydata().tolist() == ACCURACY[name]
        said = f"{100 * facts.accuracies[name]:.1f} % at {name.replace('_', ' ')} {value:g}"
        assert said.replace("-", "−") in explorer.caption
    assert f"It reads {100 * UNMOVED:.1f} % of the test digits correctly; " in explorer.caption


def test_a_digit_that_is_not_moved_has_one_accuracy(explorer):
    assert explorer.facts.accuracy == UNMOVED
    assert f"It reads {100 * UNMOVED:.1f} % of the test digits correctly. " in explorer.caption
    assert "moved" not in explorer.caption


def test_a_digit_moved_in_several_ways_has_an_accuracy_for_each(explorer):
    explorer.set("digit=101 shift_x=2")
    right, down = (f"{100 * ACCURACY[f'shift_{axis}'][8 + 2]:.1f} %" for axis in "xy")
    assert f"correctly; all moved this way: {right} at shift x 2. " in explorer.caption
    explorer.set("shift_y=2")
    alone = f"all moved in only one of these ways: {right} at shift x 2, {down} at shift y 2. "
    assert f"correctly; {alone}" in explorer.caption


# -- a drawing -------------------------------------------------------------------------------------


@given(st.integers(0, 999), st.integers(-3, 3), st.sampled_from([1, 2]))
@settings(QUICK, max_examples=20)
def test_a_drawing_is_fitted_and_centred_as_mnists_digits_are(explorer, digit, shift, half):
    small = ndimage.shift(IMAGES[digit], (shift, -shift), order=0)
    if half == 2:  # at half the size, in a corner
        small = np.pad(small.reshape(14, 2, 14, 2).mean(axis=(1, 3)), ((0, 14), (0, 14)))
    explorer.controls["drawing"].value = drawing(small)
    explorer.set("'input=draw one' stage=scores")
    assert_picture_shows(explorer)
    fitted = explorer.facts.digit
    rows, columns = (np.flatnonzero((fitted > 0.1).any(axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=2)
    places = np.arange(28)
    centre = fitted.sum(axis=1) @ places / fitted.sum(), fitted.sum(axis=0) @ places / fitted.sum()
    assert centre == pytest.approx((14, 14), abs=0.6)
    assert explorer.facts.label is None
    assert "it is" not in explorer.caption, "nobody knows what was drawn"


def test_a_test_digit_drawn_again_is_read_the_same(explorer):
    explorer.set("'input=draw one'")
    answers = []
    for image in IMAGES[:40]:
        explorer.controls["drawing"].value = drawing(image)
        answers.append(explorer.facts.answer)
        assert int(re.match(SAYS, explorer.caption)[1]) == answers[-1]
    assert np.mean(answers == LABELS[:40]) > 0.9


def test_a_drawing_is_moved_too(explorer):
    explorer.controls["drawing"].value = drawing(IMAGES[0])
    explorer.set("'input=draw one' stage=scores")
    before = explorer.facts.digit
    explorer.set("shift_x=5 shift_y=-3")
    np.testing.assert_allclose(explorer.facts.digit[:-3, 5:], before[3:, :-5], atol=2.1 / 255)
    assert_picture_shows(explorer)


def test_an_empty_pad_is_an_empty_picture_and_said_to_be(explorer):
    explorer.set("'input=draw one' stage=scores")
    assert not explorer.error
    assert explorer.facts.is_empty
    assert explorer.facts.digit.max() == grey_input(explorer).max() == 0
    assert_picture_shows(explorer)
    shares = shares_by_hand(WEIGHTS, np.zeros((28, 28)))
    says = f"it says {shares.argmax()} with {shares.max():.2f}. "
    assert explorer.caption.startswith(f"Nothing is drawn yet; on blank paper {says}It reads ")
    explorer.controls["drawing"].value = bytes(400) + b"\xff" + bytes(383)
    assert re.match(SAYS, explorer.caption)
    assert_picture_shows(explorer)
    explorer.set("'input=a test digit'")
    assert_picture_shows(explorer)


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
        displays = [explorer.controls[name].layout.display for name in ("row", "column")]
        assert displays == ["flex" if ends[stage][1] else "none"] * 2
    assert list(ends.values()) == [
        *[(5, 23, 23), (5, 23, 23), (5, 11, 11), (11, 7, 7), (11, 7, 7), (11, 3, 3)],
        *[(9, 0, 0), (9, 0, 0)],
    ]
    assert explorer.controls["map"].description == "digit"


def test_every_value_of_a_control_has_a_picture_and_a_caption_of_its_own(explorer):
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


def page_values(explorer):
    """Return what a page tells of the controls: values, and of a dropdown the place."""
    controls = explorer._serializable.values()
    return [c.index if "index" in c.keys else c.value for c in controls]


def test_a_page_that_tells_a_stage_before_its_sliders_have_followed(explorer):
    view, values = explorer.children[-1], page_values(explorer)
    names = list(explorer._serializable)
    values[names.index("stage")] = NAMES.index("pooling 2")
    values[names.index("row")] = 23
    view._handle_custom_msg({"values": values}, [])
    assert not explorer.error
    assert explorer.facts.making.place == (0, 3, 3)
    assert "Pooling 2, map 0, row 3, column 3: " in explorer.caption


# -- pointing --------------------------------------------------------------------------------------


def point(explorer, x, y):
    """Say what a page says whose pointer moves over the picture."""
    message = {"values": page_values(explorer), "pointer": [x, y]}
    explorer.children[-1]._handle_custom_msg(message, [])


def test_pointing_chooses_the_number_and_draws_once(explorer, monkeypatch):
    redraws = full_redraws(explorer, monkeypatch)
    view, sent = explorer.children[-1], []
    monkeypatch.setattr(view, "send", lambda message, pixels=(): sent.append(message))
    left, top = STAGES["pooling 2"].corner(7)
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


def test_texts_are_readable_and_inside_the_picture(explorer):
    figure = explorer.picture
    assert tuple(figure.get_size_inches() * 100) == (760, 530)
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
        stage = STAGES[name]
        for channel, row, column in np.ndindex(stage.count, stage.side, stage.side):
            left, top = stage.corner(channel)
            places.append((top + (row + 0.5) * stage.cell, left + (column + 0.5) * stage.cell))
    ys, xs = np.transpose(places)
    seen = coarse[ys.astype(int), xs.astype(int)]
    again = fine[(ys * density).astype(int), (xs * density).astype(int)]
    np.testing.assert_array_equal(seen, again)
    assert len(np.unique(seen, axis=0)) > 20


def test_stages_stand_from_left_to_right():
    lefts = [stage.left for stage in STAGES.values()]
    assert all(one < other for one, other in pairwise(lefts))


# -- a network of one's own ------------------------------------------------------------------------


def test_a_network_handed_over_is_shown_in_place_of_the_chapters():
    network = new_network(5)
    own = shown(lambda: make(network=network))
    assert_picture_shows(own)
    arrays = {
        f"{place}_{name}": array.copy()
        for place, layer in enumerate(network.layers)
        for name, array in layer.parameters.items()
    }
    stages = stages_by_hand(arrays, IMAGES[101])
    for name, values in stages.items():
        np.testing.assert_allclose(own.facts.stages[name], values, atol=1e-4)
    accuracy = accuracy_by_hand(arrays, IMAGES, LABELS)
    assert own.facts.accuracy == pytest.approx(accuracy)
    own.set("shift_x=3")
    assert f"It reads {100 * accuracy:.1f} % of the test digits correctly. " in own.caption
    assert own.facts.accuracies == {}
    texts = [text.get_text() for text in own.picture.texts]
    assert "(Moved digits: not measured.)" in texts
    network.layers[-1].parameters["bias"] += 100
    own.set("digit=5")
    np.testing.assert_allclose(
        own.facts.scores.ravel(),
        stages_by_hand(arrays, own.facts.digit)["scores"].ravel(),
        atol=1e-4,
    )


@pytest.mark.parametrize(
    ("other", "got"),
    [
        (new_network(0, tanh), "got Convolution, tanh, max pooling"),
        (new_network(0, pooling="mean"), "mean pooling"),
        (new_network(0, pooling="none"), "max pooling of 1"),
        (Network(Dense(4, 10, 0)), "got Dense"),
        ("mine", "got 'mine'"),
    ],
)
def test_other_networks_are_refused_in_words(other, got):
    with pytest.raises(ValueError, match=got) as refusal:
        make(network=other)
    assert "the chapter's layers, with ReLU and max pooling" in str(refusal.value)
