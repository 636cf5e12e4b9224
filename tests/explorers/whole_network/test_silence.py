"""Parts of the network switched off: facts against SciPy and plain NumPy, the picture by them."""

import numpy as np
import pytest
from digits_by_hand import accuracy_by_hand, shares_by_hand, stages_by_hand, stored_arrays
from explored import full_redraws, shown

from lessonkit.digit_network import new_network
from lessonkit.explorers.whole_network import silence
from lessonkit.explorers.whole_network.layout import STAGES
from lessonkit.explorers.whole_network.silence import connection_at

IMAGES = stored_arrays("digits.npz")["test_images"] / 255
LABELS = stored_arrays("digits.npz")["test_labels"]
WEIGHTS = stored_arrays("weights.npz")


@pytest.fixture(scope="module")
def opened():
    return shown(silence)


@pytest.fixture
def explorer(opened):
    button(opened).click()
    opened.set("digit=101 score=6 map=0 row=1 column=1")
    return opened


def button(explorer):
    return explorer.children[0].children[-1]


def changed_by_hand(first=(), second=(), score=0, place=(0, 0, 0), factor=1):
    """Return the stored weights, changed."""
    weights = {name: array.copy() for name, array in WEIGHTS.items()}
    for layer, maps in (("0", first), ("3", second)):
        for channel in maps:
            weights[f"{layer}_weight"][channel] = weights[f"{layer}_bias"][channel] = 0
    channel, row, column = place
    weights["7_weight"][score, 16 * channel + 4 * row + column] *= factor
    return weights


def assert_picture_shows(explorer):
    """Assert that maps, crosses, bars and caption are those of the facts."""
    facts, reading, change = explorer.facts, explorer.facts.reading, explorer.facts.change
    paper, bars = explorer.picture.axes
    crosses, frame = paper.collections[-2:]
    assert len(crosses.get_segments()) == 2 * len(change.first + change.second)
    channel, row, place = change.place
    stage = STAGES["pooling 2"]
    left, top = stage.corner(channel)
    corner = (left + place * stage.cell - 1, top + row * stage.cell - 1)
    assert tuple(frame.get_segments()[0].min(axis=0)) == pytest.approx(corner)
    before, now = bars.collections
    for lines, right in ((before, facts.right_before), (now, facts.right)):
        heights = [segment[1, 1] for segment in lines.get_segments()]
        assert heights == pytest.approx(right / 100)
    column = [t.get_text() for t in paper.texts if t.get_position()[0] == 689]
    assert column == [f"{score:z.1f}".replace("-", "−") for score in reading.scores]
    caption = explorer.caption
    shares = reading.probabilities
    assert f"the network says {shares.argmax()} with {shares.max():.2f}" in caption
    unchanged = not change.first + change.second and change.connection == "as it is"
    assert caption.startswith("With nothing changed: ") == unchanged
    back = f" (all put back: {facts.before.argmax()} with {facts.before.max():.2f})"
    assert (back in caption) == (not unchanged)
    assert f"It reads {100 * facts.right.sum() / 1000:.1f} % of the test digits" in caption
    for name, maps in (("first", change.first), ("second", change.second)):
        assert (f"of the {name} convolution" in caption) == bool(maps)
    where = f"weight from map {channel}, row {row}, column {place} to score {change.score} "
    value = f"{facts.weight:.3f}".replace("-", "−")
    told = {"as it is": f"is {value}.", "cut": "cut: ", "sign turned": f"turned to {value}: "}
    assert where + told[change.connection] in caption


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("", {}),
        ("first_3=false", {"first": [3]}),
        ("second_0=false second_11=false", {"second": [0, 11]}),
        (
            "connection=cut score=4 map=7 row=2 column=1",
            {"score": 4, "place": (7, 2, 1), "factor": 0},
        ),
        (
            "first_0=false second_5=false 'connection=sign turned' score=1 map=2 row=0 column=3",
            {"first": [0], "second": [5], "score": 1, "place": (2, 0, 3), "factor": -1},
        ),
    ],
)
def test_every_later_stage_and_the_accuracy_follow(explorer, code, change):
    explorer.set(f"digit=5 {code}")
    weights, facts = changed_by_hand(**change), explorer.facts
    for name, values in stages_by_hand(weights, IMAGES[5]).items():
        np.testing.assert_allclose(facts.reading.stages[name], values, atol=1e-4)
    np.testing.assert_allclose(
        facts.reading.probabilities, shares_by_hand(weights, IMAGES[5]), atol=1e-5
    )
    np.testing.assert_allclose(facts.before, shares_by_hand(WEIGHTS, IMAGES[5]), atol=1e-5)
    assert facts.right.sum() / 1000 == pytest.approx(accuracy_by_hand(weights, IMAGES, LABELS))
    is_four = LABELS == 4
    fours = accuracy_by_hand(weights, IMAGES[is_four], LABELS[is_four])
    assert facts.right[4] / 100 == pytest.approx(fours)
    score, (channel, row, column) = facts.change.score, facts.change.place
    weight = weights["7_weight"].reshape(10, 12, 4, 4)[score, channel, row, column]
    assert facts.weight == pytest.approx(weight)
    assert_picture_shows(explorer)


def test_all_maps_silent_leaves_only_biases(explorer):
    explorer.set(" ".join(f"second_{channel}=false" for channel in range(12)))
    np.testing.assert_allclose(explorer.facts.reading.scores, WEIGHTS["7_bias"], atol=1e-6)
    assert explorer.facts.right.sum() == 100, "one digit for all"
    assert np.count_nonzero(explorer.facts.right) == 1
    assert_picture_shows(explorer)


def test_the_button_puts_all_back(explorer):
    before = explorer.caption
    explorer.set("first_2=false second_4=false connection=cut")
    assert explorer.caption != before
    button(explorer).click()
    assert explorer.caption == before
    assert "It reads 96.7 % of the test digits" in before


def test_pointing_chooses_the_connection():
    left, top = STAGES["pooling 2"].corner(7)
    assert connection_at(left + 25, top + 15) == {"map": 7, "row": 1, "column": 2}
    left, top = STAGES["scores"].corner(8)
    assert connection_at(left + 5, top + 5) == {"score": 8}
    left, top = STAGES["ReLU 1"].corner(0)
    assert connection_at(left + 5, top + 5) is None
    assert connection_at(300, 520) is None


def test_nothing_redraws_the_whole_figure(explorer, monkeypatch):
    redraws = full_redraws(explorer, monkeypatch)
    explorer.set("first_2=false digit=7 second_4=false connection=cut row=3")
    assert redraws == []


def test_a_network_of_ones_own():
    network = new_network(4)
    explorer = shown(lambda: silence(network=network))
    weights = {
        f"{place}_{name}": array
        for place, layer in enumerate(network.layers)
        for name, array in layer.parameters.items()
    }
    accuracy = accuracy_by_hand(weights, IMAGES, LABELS)
    assert explorer.facts.right.sum() / 1000 == pytest.approx(accuracy)
