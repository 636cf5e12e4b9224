"""Dropout: facts against the recorded trainings, and against what dropout is."""

import json
import math
import re

import numpy as np
import pytest
from explored import NUMBER, plain, shown_once
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from lessonkit.datasets import DATA
from lessonkit.explorers.softmax import dropout
from lessonkit.explorers.style import COLOURS

SLIDES = settings(max_examples=25, deadline=None)
RECORD = json.loads((DATA / "records" / "dropout.json").read_text("utf-8"))
RATES = {run["rate"]: run for run in RECORD["runs"]}
CAPTION = re.compile(
    rf"(No|\d+)(?: of these 20)? neurons? (?:is|are) left out; (?:the others'|all) outputs are "
    rf"multiplied by ({NUMBER})\. After epoch (\d+) the loss is ({NUMBER}) on training and "
    rf"({NUMBER}) on validation digits \(({NUMBER}) to ({NUMBER}) in five runs\); ({NUMBER}) % and "
    rf"({NUMBER}) % are read correctly\. Test loss at the best epoch, (\d+): ({NUMBER})\."
)


def opened(rate=0.5, epoch=60, mask=1):
    explorer = shown_once(dropout)
    explorer.set(f"rate={rate} epoch={epoch} mask={mask}")
    return explorer


def left_out(rate, mask):
    """Return which of the 20 neurons are left out."""
    return opened(rate, mask=mask).facts.neurons == 0


def names_of(axes):
    """Return the two texts that name the losses."""
    return [t for t in axes.texts if t.get_text().strip(" ↑") in ("training", "validation")]


def assert_picture_shows(explorer):
    """Assert that neurons, losses and the rate marked are the facts'."""
    facts, (network, losses, tests) = explorer.facts, explorer.picture.axes
    segments, neurons = network.collections
    white = np.all(neurons.get_facecolor()[:, :3] == 1, axis=1)
    assert (white == (facts.neurons == 0)).all()
    segments = segments.get_segments()
    assert len(segments) == np.sum(~white) * (9 + 5)
    assert {y for segment in segments for x, y in segment if x == 1} == set(np.flatnonzero(~white))

    assert losses.get_title("left") == f"loss at learning rate {facts.learning_rate}"
    without, *lines = [line for line in losses.lines if line.get_marker() != "o"]
    assert_allclose(without.get_ydata(), RATES[0]["validation_loss"])
    shown, places = (facts.training, facts.validation), range(facts.epoch + 1)
    for part, line, band in zip(shown, lines, losses.patches, strict=True):
        assert_allclose(line.get_data(), [places, part.mean])
        ends = band.get_xy()[: 2 * len(places)]
        assert_allclose(ends[: len(places)].T, [places, part.least])
        assert_allclose(ends[len(places) :][::-1, 1], part.most)
    for part, name, above in zip(shown, names_of(losses), (0.53, 0.58), strict=True):
        # above: where a name waits for its line
        assert name.get_position() == pytest.approx((facts.epoch, min(part.mean[-1], above)))
        assert ("↑" in name.get_text()) == (part.mean[-1] > 0.6)
    (now,) = [line for line in tests.lines if line.get_color() == COLOURS["now"]]
    assert list(now.get_xdata()) == [facts.rate] * 2


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("epoch", [0, 1, 7, 25, 30, 60])
def test_losses_and_caption(rate, epoch):
    explorer, run = opened(rate, epoch, mask=9), RATES[rate]
    facts = explorer.facts
    assert (facts.rate, facts.epoch, facts.learning_rate) == (rate, epoch, run["learning_rate"])
    for part, losses in (("training", facts.training), ("validation", facts.validation)):
        for end, values in zip(("", "_least", "_most"), losses[:3], strict=True):
            assert_allclose(values, run[f"{part}_loss{end}"][: epoch + 1])
        assert losses.accuracy == run[f"{part}_accuracy"][epoch]
    assert run["validation_loss"][facts.best_epoch] == min(run["validation_loss"])
    assert facts.test_loss == pytest.approx(np.mean(run["test_losses"]))
    assert_picture_shows(explorer)
    said = CAPTION.fullmatch(explorer.caption).groups()
    said = [plain(word.replace("No", "0")) for word in said]
    assert said[0] == np.sum(facts.neurons == 0)
    assert said[1] == pytest.approx(facts.factor, abs=0.0051)
    assert said[2] == epoch
    _, least, most, _ = facts.validation
    told = facts.training.mean[-1], facts.validation.mean[-1], least[-1], most[-1]
    for word, loss in zip(said[3:7], told, strict=True):
        assert word == pytest.approx(loss, abs=0.0051 if loss >= 0.9995 else 0.00051)
    accuracies = [100 * facts.training.accuracy, 100 * facts.validation.accuracy]
    assert said[7:9] == pytest.approx(accuracies, abs=0.0501)
    assert said[9] == facts.best_epoch
    assert said[10] == pytest.approx(facts.test_loss, abs=0.00051)


@given(st.integers(0, 8), st.integers(1, 30))
@example(1, 4)  # one of them
@SLIDES
def test_neurons_are_left_out_or_make_up_for_the_others(tenths, mask):
    explorer = opened(tenths / 10, mask=mask)
    facts = explorer.facts
    out = facts.neurons == 0
    assert facts.factor == pytest.approx(1 / (1 - tenths / 10))
    assert_allclose(facts.neurons[~out], facts.factor)
    assert_picture_shows(explorer)
    few = {0: "No neuron is left out; all", 1: "1 of these 20 neurons is left out; the others'"}
    many = f"{out.sum()} of these 20 neurons are left out; the others'"
    assert explorer.caption.startswith(few.get(out.sum(), many))


def test_the_share_left_out_is_about_the_rate():
    for rate in (0, 0.3, 0.8):
        counts = [left_out(rate, mask).sum() for mask in range(1, 31)]
        spread = math.sqrt(rate * (1 - rate) / (30 * 20))
        assert abs(np.sum(counts) / (30 * 20) - rate) <= 4 * spread
        assert len(set(counts)) > 1 or rate == 0


def test_a_higher_rate_leaves_the_same_neurons_out_and_more():
    before = np.zeros(20, bool)
    for rate in RATES:
        now = left_out(rate, mask=4)
        assert np.all(now[before])
        before = now
    assert before.sum() > 10


def test_neurons_kept_are_fuller_the_more_are_left_out():
    fullness = []
    for rate in (0, 0.5, 0.8):
        colours = opened(rate).picture.axes[0].collections[1].get_facecolor()
        kept = colours[~left_out(rate, mask=1), :3]
        assert len(np.unique(kept, axis=0)) == 1
        fullness.append(1 - kept[0].min())
    assert fullness == sorted(set(fullness))


def test_test_losses_of_all_rates_stand_beside():
    losses, tests = opened().picture.axes[1:]
    assert tests.get_ylim() == losses.get_ylim()
    (means,) = [line for line in tests.lines if line.get_marker() == "o"]
    assert_allclose(means.get_xdata(), list(RATES))
    assert_allclose(means.get_ydata(), [np.mean(run["test_losses"]) for run in RATES.values()])
    segments = tests.collections[0].get_segments()
    for (rate, run), ((x, low), (_, high)) in zip(RATES.items(), segments, strict=True):
        least, most = min(run["test_losses"]), max(run["test_losses"])
        assert (x, low, high) == pytest.approx((rate, least, most))
        bottom, top = tests.get_ylim()
        assert bottom < least < most < top


@pytest.mark.parametrize("epoch", [0, 1, 2, 5, 60])
def test_names_of_the_losses_stand_where_the_lines_end(epoch):
    for rate in (0, 0.8):
        explorer = opened(rate, epoch)
        assert_picture_shows(explorer)
        axes = explorer.picture.axes[1]
        boxes = [name.get_window_extent() for name in names_of(axes)]
        assert not boxes[0].overlaps(boxes[1])
        assert all(box.x1 < axes.bbox.x1 for box in boxes)
