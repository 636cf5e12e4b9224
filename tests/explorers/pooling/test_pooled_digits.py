"""The pooled digits: facts against the recorded trainings, and against the digits' file."""

import itertools
import json
import re

import numpy as np
import pytest
from explored import NUMBER, numbers, shown_once
from numpy.testing import assert_allclose

from lessonkit.datasets import DATA
from lessonkit.explorers.pooling import pooled_digits
from lessonkit.explorers.style import COLOURS

RUNS = json.loads((DATA / "records" / "pooled_digits.json").read_text("utf-8"))["runs"]
SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 10, 14, 28]
COUNTS = [200, 1000, 4000]
CAPTION = re.compile(
    rf"From ({NUMBER}) pixels?, with ({NUMBER}) weights, the network reads ({NUMBER}) % of its "
    rf"({NUMBER}) training digits and ({NUMBER}) % of the test digits \(({NUMBER}) to ({NUMBER}) % "
    rf"in five runs\), a gap of ({NUMBER}) points\."
    rf"(?: Without pooling it reads ({NUMBER}) % of them\.)?"
)


def opened(size=4, statistic="mean", count=1000):
    explorer = shown_once(pooled_digits)
    explorer.set(f"kernel_size={size} statistic={statistic} training_digits={count}")
    return explorer


def assert_picture_shows(explorer):
    """Assert that digits, curves, marks and names are the facts'."""
    facts, (digits, axes) = explorer.facts, explorer.picture.axes
    image, size = digits.images[0].get_array(), facts.kernel_size
    for digit, pooled in enumerate(facts.images):
        top, left = 32 * (digit % 5), 32 * (digit // 5)  # 4 pixels of paper between two
        large = np.kron(pooled, np.ones((size, size)))[:28, :28]
        assert_allclose(image[top : top + 28, left : left + 28], large)
    lines = [line for line in axes.lines if len(line.get_xdata()) == len(SIZES)]
    parts = (facts.training, facts.test)
    for part, line, band in zip(parts, lines, axes.patches, strict=True):
        mean, least, most = 100 * np.array(part)
        assert_allclose(line.get_data(), [range(11), mean])
        corners = band.get_xy()[:22]  # one more may close it
        assert_allclose(corners[:11], np.column_stack([range(11), least]))
        assert_allclose(corners[11:][::-1], np.column_stack([range(11), most]))
        (dot,) = [
            dot.get_xydata().tolist()
            for dot in axes.lines
            if dot.get_marker() == "o" and dot.get_color() == line.get_color()
        ]
        assert_allclose(dot, [[facts.place, mean[facts.place]]])
    (now,) = [line for line in axes.lines if line.get_color() == COLOURS["now"]]
    assert list(now.get_xdata()) == [facts.place] * 2


def recorded(size, statistic, count):
    """Return one recorded run."""
    (run,) = [
        run
        for run in RUNS
        if (run["kernel_size"], run["statistic"], run["training_digits"])
        == (size, statistic, count)
    ]
    return run


def blocks_by_hand(window, statistic):
    """Return a 0, a 1 … a 9 of the test digits, each window's pixels all set to its statistic."""
    with np.load(DATA / "digits.npz") as stored:
        images, labels = stored["test_images"], stored["test_labels"].tolist()
    shown = images[[labels.index(digit) for digit in range(10)]] / 255
    for digit in shown:
        for top, left in itertools.product(range(0, 28, window), repeat=2):
            block = digit[top : top + window, left : left + window]
            block[:] = block.max() if statistic == "max" else block.mean()
    return shown


@pytest.mark.parametrize("statistic", ["max", "mean"])
@pytest.mark.parametrize("count", COUNTS)
def test_accuracies_are_those_recorded(statistic, count):
    shares = {
        part: np.array([recorded(s, statistic, count)[f"{part}_accuracies"] for s in SIZES])
        for part in ("training", "test")
    }
    for place, size in enumerate(SIZES):
        explorer = opened(size, statistic, count)
        facts = explorer.facts
        told = facts.kernel_size, facts.statistic, facts.training_digits, facts.place
        assert told == (size, statistic, count, place)
        for part, accuracies in (("training", facts.training), ("test", facts.test)):
            assert_allclose(accuracies.mean, shares[part].mean(axis=1))
            assert_allclose(accuracies.least, shares[part].min(axis=1))
            assert_allclose(accuracies.most, shares[part].max(axis=1))
        seen, new = (shares[part][place].mean() for part in ("training", "test"))
        wanted = pytest.approx([seen, new, seen - new])
        assert [facts.training_accuracy, facts.test_accuracy, facts.gap] == wanted
        assert facts.pixels == len(range(0, 28, size)) ** 2
        assert facts.weights == (facts.pixels + 1) * 64 + (64 + 1) * 10
        assert_picture_shows(explorer)
        assert_caption_says(explorer)


def assert_caption_says(explorer):
    facts, place = explorer.facts, explorer.facts.place
    words = CAPTION.fullmatch(explorer.caption).groups()
    assert (words[-1] is None) == (place == 0), "that would be the same number again"
    said = numbers(" ".join(word for word in words if word))
    assert (said[0], said[1], said[3]) == (facts.pixels, facts.weights, facts.training_digits)
    spread = facts.test.least[place], facts.test.most[place]
    wanted = [facts.training_accuracy, facts.test_accuracy, *spread, facts.gap, facts.test.mean[0]]
    shares = [said[2], *said[4:]]
    assert shares == pytest.approx(100 * np.array(wanted[: len(shares)]), abs=0.0501)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("statistic", ["max", "mean"])
def test_digits_shown_are_pooled_and_as_large_as_before(size, statistic):
    explorer = opened(size, statistic)
    image = explorer.picture.axes[0].images[0].get_array()
    for digit, wanted in enumerate(blocks_by_hand(size, statistic)):
        top, left = 32 * (digit % 5), 32 * (digit // 5)
        assert_allclose(image[top : top + 28, left : left + 28], wanted, atol=1e-6)
        assert_allclose(explorer.facts.images[digit], wanted[::size, ::size], atol=1e-6)
    assert image.shape == (5 * 32 - 4, 2 * 32 - 4)
    assert not image[28:32].any()
    assert not image[:, 28:32].any()


def test_windows_are_written_below_the_curves():
    labels = [label.get_text() for label in opened().picture.axes[1].get_xticklabels()]
    assert labels == [f"{size}\n{len(range(0, 28, size)) ** 2}" for size in SIZES]


def test_names_of_the_curves_stand_on_their_sides():
    for statistic, count in itertools.product(("max", "mean"), COUNTS):
        axes = opened(statistic=statistic, count=count).picture.axes[1]
        names = {text.get_text(): text for text in axes.texts}
        above, below = names["training digits"], names["test digits"]
        (place, place_below) = (int(text.get_position()[0]) for text in (above, below))
        assert place == place_below
        lines = [line.get_ydata()[place] for line in axes.lines if len(line.get_xdata()) == 11]
        assert above.get_position()[1] > lines[0] >= lines[1] > below.get_position()[1]
        boxes = [text.get_window_extent() for text in (above, below)]
        assert not boxes[0].overlaps(boxes[1])


@pytest.mark.parametrize("wrong", ["kernel_size=9", "statistic=sum", "training_digits=5000"])
def test_networks_that_were_not_trained_are_refused(wrong):
    explorer = opened()
    code = explorer.code
    with pytest.raises(ValueError, match="must be one of"):
        explorer.set(wrong)
    assert explorer.code == code


def test_it_is_quick_to_send():
    assert len(opened().png()) < 60_000
