"""Where the network errs: counts against plain NumPy and SciPy, the picture by the facts."""

import inspect

import numpy as np
import pytest
from digits_by_hand import moved_by_hand, shares_by_hand, stored_arrays
from explored import numbers, shown

from lessonkit.digit_network import new_network
from lessonkit.explorers.whole_network import confusion, whole_network
from lessonkit.explorers.whole_network.confusion import cell_at, measurement
from lessonkit.live import explorer as live_explorer

IMAGES = stored_arrays("digits.npz")["test_images"] / 255
LABELS = stored_arrays("digits.npz")["test_labels"]
WEIGHTS = stored_arrays("weights.npz")
STILL = "shift_x=0 shift_y=0 turn=0 scale=1 blur=0"


@pytest.fixture(scope="module")
def opened():
    return shown(confusion)


@pytest.fixture
def explorer(opened, monkeypatch):
    monkeypatch.setattr(live_explorer, "SILENCE", 0)  # nothing here asks for the next piece
    opened.set(f"{STILL} truth=4 said=9 which=0")
    return opened


def assert_picture_shows(explorer):
    """Assert that counts, frames, digits and caption are those of the facts."""
    facts = explorer.facts
    (paper,) = explorer.picture.axes
    matrix, cell = explorer.picture.artists
    texts = {t.get_position(): t.get_text() for t in paper.texts}
    frame, digit_frame, _ = paper.collections[1:]
    for truth, said in np.ndindex(10, 10):
        x, y = 66 + 30 * said + 15, 62 + 30 * truth + 15
        count = facts.matrix[truth, said]
        assert texts[x, y] == (str(count) if count else "")
    (corner,) = (segment.min(axis=0) for segment in frame.get_segments())
    assert tuple(corner) == (66 + 30 * facts.said, 62 + 30 * facts.truth)
    darkness = 255 - matrix.pixels.view(np.uint8).reshape(300, 300, 4)[15::30, 3::30, 0].astype(int)
    assert (np.diff(darkness.ravel()[np.argsort(facts.matrix, axis=None)]) >= 0).all()
    shown_numbers = [t.get_text() for t in paper.texts if t.get_position()[1] in (130, 218, 306)]
    first = [str(number) for number in facts.members[:12]]
    assert shown_numbers == first + [""] * (12 - len(first))
    pixels = cell.pixels.view(np.uint8).reshape(*cell.pixels.shape, 4)[..., 0]
    for place, image in enumerate(facts.images):
        top, left = 88 * (place // 4) + 2, 88 * (place % 4) + 2
        ink = 1 - pixels[top : top + 56 : 2, left : left + 56 : 2] / 255
        np.testing.assert_allclose(ink, image, atol=0.02)
    assert len(digit_frame.get_segments()) == (facts.chosen is not None)
    right = 100 * np.trace(facts.matrix) / facts.matrix.sum()
    assert f"{right:.1f} % are read correctly" in explorer.caption
    count = len(facts.members)
    told = f"{facts.truth} read as {facts.said}: {count} digit{'' if count == 1 else 's'}"
    assert told in explorer.caption
    assert bool(facts.code) == (count > 0)
    assert (f"; number {facts.chosen} is chosen." in explorer.caption) == (count > 0)


def test_every_test_digit_is_counted_where_it_belongs(explorer):
    read = np.array([shares_by_hand(WEIGHTS, image).argmax() for image in IMAGES[:300]])
    by_hand = np.zeros((10, 10), int)
    for truth, said in zip(LABELS[:300], read, strict=True):
        by_hand[truth, said] += 1
    whole = explorer.facts.matrix
    assert whole.sum(axis=1).tolist() == np.bincount(LABELS).tolist()
    assert (whole >= by_hand).all()
    for truth, said in np.ndindex(10, 10):
        explorer.set(f"truth={truth} said={said}")
        members = explorer.facts.members
        first = np.flatnonzero((LABELS[:300] == truth) & (read == said))
        assert members[members < 300].tolist() == first.tolist()
        assert len(members) == whole[truth, said]
    assert np.trace(whole) == 967


def test_moved_digits_are_counted_as_moved(explorer):
    explorer.set("shift_x=3 turn=20 truth=6 said=1")
    assert_picture_shows(explorer)
    facts = explorer.facts
    for number, image in zip(facts.members, facts.images, strict=False):
        expected = moved_by_hand(IMAGES[number], shift_x=3, turn=20)
        np.testing.assert_allclose(image, expected, atol=2.1 / 255)
        assert shares_by_hand(WEIGHTS, image).argmax() == 1
        assert LABELS[number] == 6
    assert "all moved by shift x 3, turn 20," in explorer.caption


def test_it_comes_in_pieces_and_a_dropped_one_goes_on():
    measure = measurement(new_network(0), IMAGES.astype(np.float32), LABELS)
    values = {"truth": 4, "said": 9, "which": 0, "shift_x": 1}
    pieces = measure(**values)
    assert inspect.isgenerator(pieces)
    counted = [next(pieces)[0].matrix.sum() for _ in range(2)]
    pieces.close()
    rest = [(facts.matrix.sum(), share) for facts, share in measure(**values)]
    assert counted + [count for count, _ in rest] == list(range(100, 1001, 100))
    assert rest[-1][1] == 1
    assert len(list(measure(**values))) == 1, "what is known is shown at once"


def test_a_chosen_digit_is_handed_to_the_whole_network(explorer):
    explorer.set("shift_x=3 truth=6 said=1 which=1")
    facts = explorer.facts
    assert facts.chosen == facts.members[1]
    whole = shown(whole_network)
    whole.set(facts.code)
    assert (whole.facts.label, whole.facts.answer) == (6, 1)
    np.testing.assert_array_equal(whole.facts.digit, facts.images[1])
    assert_picture_shows(explorer)


def test_a_cell_may_be_empty_or_too_full(explorer):
    explorer.set("truth=0 said=1")
    assert explorer.facts.chosen is None
    assert explorer.caption.endswith("0 read as 1: 0 digits.")
    assert_picture_shows(explorer)
    explorer.set("truth=0 said=0 which=11")
    assert explorer.facts.chosen == explorer.facts.members[11]
    assert "0 read as 0: 99 digits, the first 12; number " in explorer.caption
    assert numbers(explorer.caption)[0] == 1000
    assert_picture_shows(explorer)


def test_pointing_chooses_a_cell():
    assert cell_at(66 + 31, 62 + 1) == {"truth": 0, "said": 1}
    assert cell_at(66 + 299, 62 + 299) == {"truth": 9, "said": 9}
    for place in [(60, 100), (100, 50), (500, 100), (100, 380)]:
        assert cell_at(*place) is None
