"""The race: facts against the record's file in plain loops, and both others against the facts."""

import importlib
import itertools
import json
import math
import re
import statistics

import numpy as np
import pytest
from explored import full_redraws, numbers, picture, shown, shown_once
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessonkit.datasets import DATA
from lessonkit.explorers.activation import training_race
from lessonkit.explorers.style import COLOURS

RECORD = json.loads((DATA / "records" / "training_race.json").read_text("utf-8"))
FIRST = ("sigmoid", "sigmoid_4", "tanh", "relu")
EPOCHS = range(31)
NAMES = {
    "sigmoid": "sigmoid",
    "sigmoid_4": "sigmoid ×4",
    "tanh": "tanh",
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "prelu": "PReLU",
    "elu": "ELU",
    "silu": "SiLU",
}
LAYERS = {5: "5 (deep)", 1: "1 (shallow)"}


@pytest.fixture
def race():
    explorer = shown_once(training_race)
    start(explorer, FIRST, 5, True, 30)
    return explorer


def start(race, ticked, hidden_layers, own_rates, epoch, validation=False):
    ticks = " ".join(f"{name}={name in ticked}".lower() for name in NAMES)
    race.set(
        f"{ticks} 'hidden_layers={LAYERS[hidden_layers]}' own_rates={str(own_rates).lower()} "
        f"validation={str(validation).lower()} epoch={epoch}"
    )
    assert not race.error


def visible(artists):
    return [artist for artist in artists if artist.get_visible()]


def run_of(name, hidden_layers):
    (run,) = [
        run
        for run in RECORD["runs"]
        if (run["activation"], run["hidden_layers"]) == (name, hidden_layers)
    ]
    return run


# -- facts and picture -----------------------------------------------------------------------------


def assert_facts(racer, name, hidden_layers, own_rates, epoch):
    """Assert that a racer's facts are what was recorded, averaged epoch by epoch."""
    run, kind = run_of(name, hidden_layers), "losses" if own_rates else "losses_at_common_rate"
    training, validation = run[f"training_{kind}"], run[f"validation_{kind}"]
    by_epoch = list(zip(*training, strict=True))[: epoch + 1]
    means = [statistics.fmean(losses) for losses in by_epoch]
    ends = [list(map(end, by_epoch)) for end in (min, max)]
    np.testing.assert_allclose(racer.training, [means, *ends])
    thin = [statistics.fmean(losses) for losses in zip(*validation, strict=True)]
    np.testing.assert_allclose(racer.validation, thin[: epoch + 1])
    assert racer.loss == pytest.approx(means[-1])
    assert racer.has_learned == (means[-1] <= 0.1)
    there = [at for at, loss in enumerate(means) if loss <= 0.1]
    assert racer.epochs_needed == (there[0] if there else math.inf)
    gaps = [v[epoch] - t[epoch] for t, v in zip(training, validation, strict=True)]
    wanted = [statistics.fmean(gaps), min(gaps), max(gaps)]
    assert [racer.gap, racer.smallest_gap, racer.largest_gap] == pytest.approx(wanted)
    rate = run["learning_rate"] if own_rates else RECORD["common_learning_rate"]
    assert racer.learning_rate == rate


def assert_picture_shows(explorer):
    """Assert that curves, bands, rings, bars and texts are those of the facts."""
    facts, (losses, gaps) = explorer.facts, explorer.picture.axes
    thin = ", thin: validation loss" if facts.shows_validation else ""
    assert losses.get_title("left") == f"training loss{thin}"
    *_, now = losses.lines
    assert list(now.get_xdata()) == [facts.epoch] * 2
    assert_losses(losses, facts)
    assert_gaps(gaps, facts.racers)


def assert_losses(axes, facts):
    target, *lines, now = visible(axes.lines)
    assert {target.get_color(), now.get_color()} == {"0.6", COLOURS["now"]}
    marks = [line for line in lines if line.get_marker() == "o"]
    rings = [line for line in marks if line.get_markerfacecolor() == "white"]
    dots = [line for line in marks if line not in rings]
    thick, thin = ([c for c in lines if c not in marks and c.get_lw() == lw] for lw in (2, 1))
    bands = [np.array(patch.get_xy()) for patch in visible(axes.patches)]
    racers, labels = facts.racers, visible(axes.texts)
    assert len(thick) == len(rings) == len(dots) == len(bands) == len(labels) == len(racers)
    assert len(thin) == len(racers) * facts.shows_validation
    finished = []
    for place, (name, racer) in enumerate(racers.items()):
        mean, least, most = racer.training
        epochs = list(range(facts.epoch + 1))
        np.testing.assert_array_equal(thick[place].get_data(), [epochs, mean])
        assert thick[place].get_color() == COLOURS[name.removesuffix("_4")]
        if thin:
            np.testing.assert_array_equal(thin[place].get_data(), [epochs, racer.validation])
        for x in epochs:
            assert {y for at, y in bands[place] if at == x} == {least[x], most[x]}
        needed = racer.epochs_needed
        there = [] if needed > facts.epoch else [(needed, 0.1 * 10 ** (finished.count(needed) / 5))]
        assert [tuple(at) for at in rings[place].get_xydata()] == [pytest.approx(a) for a in there]
        finished.append(needed)
        assert dots[place].get_xydata().tolist() == [[facts.epoch, racer.loss]]
        assert labels[place].get_text() == NAMES[name]


def assert_gaps(axes, racers):
    bars, ranges, texts = (visible(a) for a in (axes.patches, axes.lines, axes.texts))
    assert len(bars) == len(ranges) == len(racers)
    bars.sort(key=lambda bar: bar.get_y())
    for row, (name, racer) in enumerate(racers.items()):
        assert bars[row].get_width() == racer.gap
        assert bars[row].get_alpha() == (1 if racer.has_learned else 0.3), "pale: it says nothing"
        (here,) = [line for line in ranges if 0 < line.get_ydata()[0] - bars[row].get_y() < 0.3]
        assert list(here.get_xdata()) == [racer.smallest_gap, racer.largest_gap]
        rate, gap = [t.get_text() for t in texts if row < t.get_position()[1] < row + 1]
        assert rate == f"{NAMES[name]}, rate {racer.learning_rate:g}"
        assert numbers(gap) == pytest.approx([racer.gap], abs=0.0051)
        assert gap != "−0.00"


@pytest.mark.parametrize("epoch", [2, 6, 7, 30])
@pytest.mark.parametrize("own_rates", [True, False])
@pytest.mark.parametrize("hidden_layers", [1, 5])
def test_all_racers(race, hidden_layers, own_rates, epoch):
    start(race, NAMES, hidden_layers, own_rates, epoch, validation=True)
    assert list(race.facts.racers) == list(NAMES)
    for name, racer in race.facts.racers.items():
        assert_facts(racer, name, hidden_layers, own_rates, epoch)
    assert_picture_shows(race)


# -- captions --------------------------------------------------------------------------------------


@given(
    st.sets(st.sampled_from(list(NAMES)), min_size=1),
    st.sampled_from([1, 5]),
    st.booleans(),
    st.integers(0, 30),
)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_caption_of_the_race(race, ticked, hidden_layers, own_rates, epoch):
    start(race, ticked, hidden_layers, own_rates, epoch)
    for name, racer in race.facts.racers.items():
        assert_facts(racer, name, hidden_layers, own_rates, epoch)
    racers = {NAMES[name]: racer for name, racer in race.facts.racers.items()}
    assert list(racers) == [words for name, words in NAMES.items() if name in ticked]
    if all(racer.epochs_needed > epoch for racer in racers.values()):
        check_who_is_closest(race.caption, racers, epoch)
        return
    needed = {name: racer.epochs_needed for name, racer in racers.items()}
    said = [f"{name} ({f'over {epoch}' if n > epoch else n})" for name, n in needed.items()]
    start_of_it, _, rest = race.caption.partition(". At epoch ")
    speeds, _, lead = start_of_it.partition(";")
    prefix = "Epochs to a training loss of 0.1: "
    assert speeds.startswith(prefix)
    assert re.split(r", | and ", speeds.removeprefix(prefix).rstrip(".")) == said
    relu = racers.pop("ReLU", None)
    if not racers or relu is None or relu.epochs_needed > epoch:
        assert not rest
        assert not lead
        return
    check_lead(lead, needed, epoch)
    check_overfitting(rest, relu, racers, epoch)


def check_who_is_closest(caption, racers, epoch):
    closest = min(racers, key=lambda name: racers[name].loss)
    when = "Before training" if epoch == 0 else f"After {epoch} epoch{'s' * (epoch > 1)}"
    words = rf"none has reached a training loss of 0\.1; {closest} is closest, at (\S+)\."
    if len(racers) == 1:
        words = rf"{closest} is at a training loss of (\S+), not yet down to 0\.1\."
    (said,) = re.fullmatch(f"{when} {words}", caption).groups()
    assert float(said) == pytest.approx(racers[closest].loss, rel=0.01)


def names_in(words, last="and"):
    """Return what a list in words names: "a, b and c", or with another last word."""
    return set(re.split(rf", | {last} ", words)) if words else set()


def check_lead(lead, needed, epoch):
    """Those who are on the way are not beaten before twice ReLU's epochs are over."""
    ours = needed["ReLU"]
    others = {name: n for name, n in needed.items() if name != "ReLU"}
    far = {name for name, n in others.items() if n >= 2 * ours and epoch >= 2 * ours - 1}
    near = {name for name, n in others.items() if n < 2 * ours and n <= epoch}
    ahead = {name for name, n in others.items() if 2 * n <= ours}
    if not far | near:
        assert not lead
        return
    far_words, near_words, ahead_words, verb = re.fullmatch(
        (
            r" ReLU is far faster \(half the epochs or fewer\) than ([^;]+?)"
            r"(?:, but not than ([^;]+))?"
            if far
            else r" ReLU is not far(.*) faster \(half the epochs or fewer\) than ([^;]+)"
        )
        + "(?:; (.+) (is|are) far faster than ReLU)?",
        lead,
    ).groups()
    assert names_in(far_words) == far
    assert names_in(near_words, "or") == near
    assert names_in(ahead_words) == ahead
    assert verb == (None if not ahead else "is" if len(ahead) == 1 else "are")


def check_overfitting(rest, relu, others, epoch):
    learned = {name: racer for name, racer in others.items() if racer.has_learned}
    if not relu.has_learned or not learned:
        assert rest == f"{epoch} it is too early to compare overfitting."
        return
    (said_gap,) = re.findall(rf"^{epoch} ReLU's validation loss is (\S+) above", rest)
    assert float(said_gap) == pytest.approx(relu.gap, abs=0.0051)
    more = {name for name, racer in learned.items() if racer.largest_gap < relu.smallest_gap}
    less = {name for name, racer in learned.items() if racer.smallest_gap > relu.largest_gap}
    alike = learned.keys() - more - less
    for words, names in (("clearly more than", more), ("clearly less than", less)):
        found = re.search(rf"{words} ([^:]+?)(?:, clearly|, much|:)", rest)
        assert names_in(found and found[1]) == names
    found = re.search(r"much like ([^:]+):", rest)
    assert names_in(found and found[1]) == alike
    verdict = "no clear" if more or alike else "ReLU eases"
    if not less:
        verdict = "ReLU does not ease"
    assert f": {verdict}" in rest
    left_out = re.search(r" \(Not compared: (.+), still above 0\.1\.\)$", rest)
    assert names_in(left_out and left_out[1]) == others.keys() - learned.keys()


def test_the_race_without_runners_and_with_one(race):
    start(race, [], 5, True, 30)
    assert race.caption == "No activation is shown: tick one."
    race.set("relu=true")
    assert re.fullmatch(r"Epochs to a training loss of 0\.1: ReLU \(\d+\)\.", race.caption)
    race.set("epoch=0")
    alone = r"Before training ReLU is at a training loss of \d\.\d\d, not yet down to 0\.1\."
    assert re.fullmatch(alone, race.caption)
    assert not race.error


@pytest.fixture
def made_up(monkeypatch):
    """Return a function that tells of the race of ReLU, tanh … with made-up losses of two runs."""

    def caption(**runs):
        recorded = json.loads(json.dumps(RECORD))
        for run in recorded["runs"]:
            if run["activation"] in runs:
                training, *gaps = runs[run["activation"]]
                run["training_losses"] = [training] * 2
                run["validation_losses"] = [[loss + gap for loss in training] for gap in gaps]
        recorded["epochs"] = len(training) - 1
        module = importlib.import_module(training_race.__module__)
        monkeypatch.setattr(module, "record", lambda name: recorded)
        race = shown(training_race)
        start(race, runs, 5, True, recorded["epochs"])
        return race.caption

    return caption


@pytest.mark.parametrize(
    ("tanh", "elu", "words"),
    [
        ((0.1, 0.19), (), "clearly more than tanh: ReLU does not ease overfitting here."),
        ((0.1, 0.21), (), "much like tanh: ReLU does not ease overfitting here."),
        ((0.29, 0.5), (), "much like tanh: ReLU does not ease overfitting here."),
        ((0.31, 0.5), (), "clearly less than tanh: ReLU eases overfitting here."),
        (
            (0.31, 0.5),
            (0.1, 0.19),
            "clearly more than ELU, clearly less than tanh: no clear verdict.",
        ),
        ((0.31, 0.5), (0.1, 0.21), "clearly less than tanh, much like ELU: no clear verdict."),
        ((0.31, 0.5), (0.4, 0.5), "clearly less than tanh and ELU: ReLU eases overfitting here."),
    ],
)
def test_overfitting_differs_where_no_run_of_one_reaches_the_other(made_up, tanh, elu, words):
    others = {n: ([2, 0.04], *gaps) for n, gaps in (("tanh", tanh), ("elu", elu)) if gaps}
    assert made_up(relu=([2, 0.05], 0.2, 0.3), **others).endswith(
        f"At epoch 1 ReLU's validation loss is 0.25 above its training loss, {words}"
    )


@pytest.mark.parametrize(
    ("needed", "no", "words"),
    [
        ((2, 3), "not ", "tanh"),
        ((2, 4), "", "tanh"),
        ((3, 2, 2), "not ", "tanh or ELU"),
        ((3, 1, 2), "not ", "tanh or ELU; tanh is far faster than ReLU"),
        ((4, 1, 2), "not ", "tanh or ELU; tanh and ELU are far faster than ReLU"),
        ((2, 1, 4), "", "ELU, but not than tanh; tanh is far faster than ReLU"),
    ],
)
def test_far_faster_is_half_the_epochs(made_up, needed, no, words):
    curves = [[2] * epochs + [0.1] * (5 - epochs) for epochs in needed]
    names = ("relu", "tanh", "elu")[: len(needed)]
    caption = made_up(**{n: (c, 0.2, 0.3) for n, c in zip(names, curves, strict=True)})
    lead = f"ReLU is {no}far faster (half the epochs or fewer) than {words}"
    assert f"); {lead}. At epoch 4 " in caption


def test_a_validation_loss_below_the_training_loss_has_a_real_minus_sign(made_up):
    caption = made_up(relu=([2, 0.05], -0.02, 0.0), tanh=([2, 0.04], 0.2, 0.3))
    assert "ReLU's validation loss is −0.01 above its training loss" in caption


# -- where things stand ----------------------------------------------------------------------------


def test_rings_of_the_same_epoch_do_not_hide_each_other(race):
    start(race, NAMES, 5, True, 30)
    places = [line.get_xydata() for line in race.picture.axes[0].lines if line.get_mew() == 2]
    centres = race.picture.axes[0].transData.transform(np.concatenate(places))
    assert len(centres) == len(NAMES) - 1, "the plain sigmoid is not there"
    for one, other in itertools.combinations(centres, 2):
        assert np.hypot(*(one - other)) > 10, "pixels, as wide as a ring's middle line and a point"


@pytest.mark.parametrize("hidden_layers", LAYERS)
@pytest.mark.parametrize("own_rates", [True, False])
def test_labels_of_the_race_do_not_touch(race, hidden_layers, own_rates):
    axes, beside = race.picture.axes
    for epoch in EPOCHS:
        start(race, NAMES, hidden_layers, own_rates, epoch)
        boxes = [text.get_window_extent() for text in visible(axes.texts)]
        assert len(boxes) == len(NAMES)
        for one, other in itertools.combinations(boxes, 2):
            assert not one.padded(-1).overlaps(other.padded(-1)), epoch
        right = axes.transData.transform([epoch, 1])[0]
        assert all(right < box.x0 and box.x1 < beside.get_window_extent().x0 for box in boxes)
        assert all(box.y1 < axes.title.get_window_extent().y0 + 3 for box in boxes)
        assert all(box.y0 > axes.get_window_extent().y0 - 5 for box in boxes)


def test_labels_stand_in_the_order_of_the_losses(race):
    for epoch in EPOCHS:
        race.set(f"epoch={epoch}")
        heights = {text.get_text(): text.get_position()[1] for text in race.picture.axes[0].texts}
        losses = {NAMES[name]: racer.loss for name, racer in race.facts.racers.items()}
        assert sorted(losses, key=losses.get) == sorted(losses, key=heights.get)


def test_no_two_places_of_a_control_look_the_same(race):
    for name, control in race.controls.items():
        if isinstance(control.value, bool):
            places = [False, True]
        else:
            places = [value for _, value in getattr(control, "options", [])] or EPOCHS
        seen, captions = set(), set()
        for place in places:
            control.value = place
            assert not race.error, name
            seen.add(picture(race).tobytes())
            captions.add(race.caption)
        assert len(seen) == len(places), name
        assert len(captions) > 1 or name in ("validation", "own_rates"), name


def test_a_tick_costs_one_full_redraw(race, monkeypatch):
    redraws = full_redraws(race, monkeypatch)
    race.set("elu=true")
    assert redraws == [1]


def test_its_texts_are_large_enough(race):
    texts = race.picture.findobj(lambda artist: hasattr(artist, "get_fontsize"))
    assert all(text.get_fontsize() >= 10 for text in texts)
