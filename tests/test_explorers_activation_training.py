"""The explorers of what training shows: whether picture and caption tell what was recorded.

The oracles read the records' files by themselves, and count and average in plain loops.
"""

import itertools
import json
import math
import re
import statistics

import numpy as np
import pytest
from explored import full_redraws, numbers, picture, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessonkit.datasets import DATA
from lessonkit.explorers import COLOURS, activation_training

some = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
RACE, DEAD = (
    json.loads((DATA / "records" / f"{name}.json").read_text("utf-8"))
    for name in ("training_race", "dead_units")
)


@pytest.fixture(scope="module")
def _race():
    return shown(activation_training.training_race)


@pytest.fixture(scope="module")
def _dead():
    return shown(activation_training.dead_units)


@pytest.fixture
def race(_race):
    ticks = " ".join(f"{name}={str(name in FIRST).lower()}" for name in NAMES)
    _race.set(f"{ticks} 'hidden_layers=5 (deep)' own_rates=true validation=false epoch=30")
    return _race


@pytest.fixture
def dead(_dead):
    layer, after = "'layer=the only one'", "'after=16 epochs'"
    _dead.set(f"activation=ReLU {layer} learning_rate=0.1 bias=0 {after}")
    return _dead


# -- the race ------------------------------------------------------------------------------------

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
LAYERS_IN_WORDS = {5: "5 (deep)", 1: "1 (shallow)"}


def run_of(name, hidden_layers):
    (run,) = [
        r for r in RACE["runs"] if (r["activation"], r["hidden_layers"]) == (name, hidden_layers)
    ]
    return run


def losses(name, hidden_layers, own_rates):
    """Return the training and the validation losses, each a list of epochs for each run."""
    key = "losses" if own_rates else "losses_at_common_rate"
    run = run_of(name, hidden_layers)
    return run[f"training_{key}"], run[f"validation_{key}"]


def mean_curve(runs):
    return [statistics.fmean(epoch) for epoch in zip(*runs, strict=True)]


def epochs_needed(name, hidden_layers, own_rates):
    curve = mean_curve(losses(name, hidden_layers, own_rates)[0])
    return next((epoch for epoch, loss in enumerate(curve) if loss <= 0.1), math.inf)


def gaps(name, hidden_layers, own_rates, epoch):
    training, validation = losses(name, hidden_layers, own_rates)
    return [v[epoch] - t[epoch] for t, v in zip(training, validation, strict=True)]


def names_in(words):
    """Return what a list in words names: "a, b and c"."""
    return set(re.split(r", | and ", words)) if words else set()


@given(
    st.sets(st.sampled_from(list(NAMES)), min_size=1),
    st.sampled_from([1, 5]),
    st.booleans(),
    st.integers(0, 30),
)
@settings(some, max_examples=100)
def test_caption_of_the_race(race, ticked, hidden_layers, own_rates, epoch):
    ticks = " ".join(f"{name}={str(name in ticked).lower()}" for name in NAMES)
    race.set(
        f"{ticks} 'hidden_layers={LAYERS_IN_WORDS[hidden_layers]}' "
        f"own_rates={str(own_rates).lower()} epoch={epoch}"
    )
    setting = (hidden_layers, own_rates)
    needed = {name: epochs_needed(name, *setting) for name in NAMES if name in ticked}
    if epoch < min(needed.values()):
        check_who_is_nearest(race.caption, ticked, setting, epoch)
        return
    said = [f"{NAMES[name]} ({f'over {epoch}' if n > epoch else n})" for name, n in needed.items()]
    start, _, rest = race.caption.partition(". At epoch ")
    start, _, lead = start.partition(";")
    prefix = "Epochs to a training loss of 0.1: "
    assert start.startswith(prefix)
    assert re.split(r", | and ", start.removeprefix(prefix).rstrip(".")) == said
    others = ticked - {"relu"}
    if not others or needed.get("relu", math.inf) > epoch:
        assert not rest
        assert not lead
        return
    check_lead(lead, needed, epoch)
    check_overfitting(rest, others, setting, epoch)


def check_who_is_nearest(caption, ticked, setting, epoch):
    now = {name: mean_curve(losses(name, *setting)[0])[epoch] for name in ticked}
    nearest = min(now, key=now.get)
    when = "Before training" if epoch == 0 else f"After {epoch} epoch{'s' * (epoch > 1)}"
    if len(ticked) == 1:
        alone = rf"{when} {NAMES[nearest]} is at a training loss of (\S+), not down to 0\.1 yet\."
        (said,) = re.fullmatch(alone, caption).groups()
        assert float(said) == pytest.approx(now[nearest], rel=0.01)
        return
    assert caption.startswith(f"{when} nobody is down to a training loss of 0.1; ")
    assert f"; {NAMES[nearest]} is nearest, at " in caption
    assert numbers(caption)[-1] == pytest.approx(now[nearest], rel=0.01)


def check_lead(lead, needed, epoch):
    """Those who are on the way are not beaten before twice ReLU's epochs are over."""
    ours = needed["relu"]
    others = {NAMES[name]: n for name, n in needed.items() if name != "relu"}
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
    assert names_in(near_words) == near
    assert names_in(ahead_words) == ahead
    assert verb == (None if not ahead else "is" if len(ahead) == 1 else "are")


def check_overfitting(rest, others, setting, epoch):
    def has_learned(name):
        return mean_curve(losses(name, *setting)[0])[epoch] <= 0.1

    learned = {name for name in others if has_learned(name)}
    if not has_learned("relu") or not learned:
        assert rest == f"{epoch} it is too early to compare how they overfit."
        return
    ours = gaps("relu", *setting, epoch)
    (said_gap,) = re.findall(rf"^{epoch} ReLU's validation loss is (\S+) above", rest)
    assert float(said_gap) == pytest.approx(statistics.fmean(ours), abs=0.0051)
    theirs = {name: gaps(name, *setting, epoch) for name in learned}
    more = {NAMES[name] for name, gap in theirs.items() if max(gap) < min(ours)}
    less = {NAMES[name] for name, gap in theirs.items() if min(gap) > max(ours)}
    alike = {NAMES[name] for name in learned} - more - less
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
    assert names_in(left_out and left_out[1]) == {NAMES[name] for name in others - learned}


def test_the_race_without_runners_and_with_one(race):
    race.set(" ".join(f"{name}=false" for name in NAMES))
    assert race.caption == "No activation is shown: tick one."
    race.set("relu=true")
    assert re.fullmatch(r"Epochs to a training loss of 0\.1: ReLU \(\d+\)\.", race.caption)
    race.set("epoch=0")
    alone = r"Before training ReLU is at a training loss of \d\.\d\d, not down to 0\.1 yet\."
    assert re.fullmatch(alone, race.caption)
    assert not race.error


@pytest.fixture
def made_up(monkeypatch):
    """Return a function that shows the race of ReLU, tanh … for made-up losses of two runs."""

    def show(**runs):
        kept = json.loads(json.dumps(RACE))
        for run in kept["runs"]:
            if run["activation"] in runs:
                training, *gaps = runs[run["activation"]]
                run["training_losses"] = [training] * 2
                run["validation_losses"] = [[loss + gap for loss in training] for gap in gaps]
        kept["epochs"] = len(training) - 1
        monkeypatch.setattr(activation_training, "record", lambda name: kept)
        race = shown(activation_training.training_race)
        ticks = " ".join(f"{name}={str(name in runs).lower()}" for name in NAMES)
        race.set(f"{ticks} epoch={kept['epochs']}")
        return race.caption

    return show


@pytest.mark.parametrize(
    ("tanh", "words"),
    [
        ([2, 1, 0.5, 0.05, 0.05], "is not far faster (half the epochs or fewer) than tanh."),
        ([2, 1, 0.5, 0.3, 0.1], "is far faster (half the epochs or fewer) than tanh."),
    ],
)
def test_far_faster_is_half_the_epochs(made_up, tanh, words):
    caption = made_up(relu=([2, 1, 0.1, 0.05, 0.01], 0.2, 0.3), tanh=(tanh, 0.2, 0.3))
    assert f"(2); ReLU {words} At epoch 4 " in caption


@pytest.mark.parametrize(
    ("gaps", "words"),
    [
        ((0.1, 0.19), "clearly more than tanh: ReLU does not ease overfitting here."),
        ((0.1, 0.21), "much like tanh: ReLU does not ease overfitting here."),
        ((0.29, 0.5), "much like tanh: ReLU does not ease overfitting here."),
        ((0.31, 0.5), "clearly less than tanh: ReLU eases overfitting here."),
    ],
)
def test_overfitting_differs_where_no_run_of_one_reaches_the_other(made_up, gaps, words):
    caption = made_up(relu=([2, 0.05], 0.2, 0.3), tanh=([2, 0.04], *gaps))
    assert caption.endswith(
        f"At epoch 1 ReLU's validation loss is 0.25 above its training loss, {words}"
    )


@pytest.mark.parametrize(
    ("elu", "words"),
    [
        ((0.1, 0.19), "clearly more than ELU, clearly less than tanh: no clear verdict."),
        ((0.1, 0.21), "clearly less than tanh, much like ELU: no clear verdict."),
        ((0.4, 0.5), "clearly less than tanh and ELU: ReLU eases overfitting here."),
    ],
)
def test_overfitting_is_eased_where_it_is_less_than_that_of_all_others(made_up, elu, words):
    others = {"tanh": ([2, 0.04], 0.31, 0.5), "elu": ([2, 0.04], *elu)}
    assert made_up(relu=([2, 0.05], 0.2, 0.3), **others).endswith(f"training loss, {words}")


@pytest.mark.parametrize(
    ("needed", "words"),
    [
        ((3, 2, 2), "not far faster (half the epochs or fewer) than tanh and ELU"),
        (
            (3, 1, 2),
            "not far faster (half the epochs or fewer) than tanh and ELU; "
            "tanh is far faster than ReLU",
        ),
        (
            (4, 1, 2),
            "not far faster (half the epochs or fewer) than tanh and ELU; "
            "tanh and ELU are far faster than ReLU",
        ),
        (
            (2, 1, 4),
            "far faster (half the epochs or fewer) than ELU, but not than tanh; "
            "tanh is far faster than ReLU",
        ),
    ],
)
def test_who_is_far_faster_than_relu_is_told_too(made_up, needed, words):
    curves = [[2] * epochs + [0.1] * (5 - epochs) for epochs in needed]
    names = ("relu", "tanh", "elu")
    caption = made_up(**{n: (c, 0.2, 0.3) for n, c in zip(names, curves, strict=True)})
    assert f"); ReLU is {words}. At epoch 4 " in caption


def test_a_validation_loss_below_the_training_loss_has_a_real_minus_sign(made_up):
    caption = made_up(relu=([2, 0.05], -0.02, 0.0), tanh=([2, 0.04], 0.2, 0.3))
    assert "ReLU's validation loss is −0.01 above its training loss" in caption


def test_thin_curves_are_those_of_the_racers_shown(race):
    race.set("validation=true")
    lines = visible(race.picture.axes[0].lines)
    thin = [line for line in lines if line.get_lw() == 1 and len(line.get_xdata()) == 31]
    assert len(thin) == len(FIRST)


def visible(artists):
    return [artist for artist in artists if artist.get_visible()]


@pytest.mark.parametrize("epoch", [2, 6, 7, 30])
@pytest.mark.parametrize("own_rates", [True, False])
@pytest.mark.parametrize("hidden_layers", [1, 5])
def test_curves_bands_and_rings_are_what_was_recorded(race, hidden_layers, own_rates, epoch):
    every = " ".join(f"{name}=true" for name in NAMES)
    race.set(
        f"{every} 'hidden_layers={LAYERS_IN_WORDS[hidden_layers]}' "
        f"own_rates={str(own_rates).lower()} validation=true epoch={epoch}"
    )
    axes, until = race.picture.axes[0], epoch + 1
    marks = [line for line in axes.lines if line.get_marker() == "o"]
    rings = [line for line in marks if line.get_markerfacecolor() == "white"]
    dots = [line for line in visible(marks) if line not in rings]
    curves = [line for line in visible(axes.lines) if list(line.get_xdata()) == [*range(until)]]
    thick, thin = ([line for line in curves if line.get_lw() == width] for width in (2, 1))
    bands = [np.array(patch.get_xy()) for patch in visible(axes.patches)]
    assert len(thick) == len(thin) == len(rings) == len(dots) == len(bands) == len(NAMES)
    finished = []
    for place, name in enumerate(NAMES):
        training, validation = losses(name, hidden_layers, own_rates)
        np.testing.assert_allclose(thick[place].get_ydata(), mean_curve(training)[:until])
        np.testing.assert_allclose(thin[place].get_ydata(), mean_curve(validation)[:until])
        assert thick[place].get_color() == COLOURS[name.removesuffix("_4")]
        ends = itertools.groupby(sorted(bands[place].tolist()), key=lambda end: end[0])
        for x, heights in ends:
            here = [run[int(x)] for run in training]
            assert {y for _, y in heights} == {min(here), max(here)}
        needed = epochs_needed(name, hidden_layers, own_rates)
        there = [] if needed > epoch else [(needed, 0.1 * 10 ** (finished.count(needed) / 5))]
        assert [tuple(end) for end in rings[place].get_xydata()] == [
            pytest.approx(end) for end in there
        ]
        finished.append(needed)
        np.testing.assert_allclose(dots[place].get_xydata(), [[epoch, mean_curve(training)[epoch]]])


def test_rings_of_the_same_epoch_do_not_hide_each_other(race):
    race.set(" ".join(f"{name}=true" for name in NAMES))
    places = [line.get_xydata() for line in race.picture.axes[0].lines if line.get_mew() == 2]
    centres = race.picture.axes[0].transData.transform(np.concatenate(places))
    assert len(centres) == len(NAMES) - 1, "the plain sigmoid is not there"
    for one, other in itertools.combinations(centres, 2):
        assert np.hypot(*(one - other)) > 10, "pixels, as wide as a ring's middle line and a point"


@pytest.mark.parametrize("epoch", [0, 11, 30])
def test_gaps_and_rates_beside_the_race(race, epoch):
    race.set(f"silu=true tanh=false 'hidden_layers=1 (shallow)' epoch={epoch}")
    panel = race.picture.axes[1]
    chosen = ["sigmoid", "sigmoid_4", "relu", "silu"]
    bars, ranges, texts = (visible(a) for a in (panel.patches, panel.lines, panel.texts))
    assert len(bars) == len(ranges) == len(chosen)
    bars.sort(key=lambda bar: bar.get_y())
    for row, name in enumerate(chosen):
        ours = gaps(name, 1, True, epoch)
        learned = mean_curve(losses(name, 1, True)[0])[epoch] <= 0.1
        assert bars[row].get_alpha() == (1 if learned else 0.3), "pale: it says nothing yet"
        assert bars[row].get_width() == pytest.approx(statistics.fmean(ours))
        (here,) = [line for line in ranges if 0 < line.get_ydata()[0] - bars[row].get_y() < 0.3]
        np.testing.assert_allclose(here.get_xdata(), [min(ours), max(ours)])
        words = [text.get_text() for text in texts if row < text.get_position()[1] < row + 1]
        rate = run_of(name, 1)["learning_rate"]
        assert words[0] == f"{NAMES[name]}, rate {rate:g}"
        assert numbers(words[1]) == pytest.approx([statistics.fmean(ours)], abs=0.0051)
        assert words[1] != "−0.00"
    race.set("own_rates=false")
    words = [text.get_text() for text in visible(panel.texts) if "rate" in text.get_text()]
    assert {text.rsplit(" ", 1)[1] for text in words} == {f"{RACE['common_learning_rate']:g}"}


@pytest.mark.parametrize("hidden_layers", ["1 (shallow)", "5 (deep)"])
@pytest.mark.parametrize("own_rates", ["true", "false"])
def test_labels_of_the_race_do_not_touch(race, hidden_layers, own_rates):
    every = " ".join(f"{name}=true" for name in NAMES)
    race.set(f"{every} 'hidden_layers={hidden_layers}' own_rates={own_rates}")
    axes, beside = race.picture.axes[:2]
    for epoch in EPOCHS:
        race.set(f"epoch={epoch}")
        labels = visible(axes.texts)
        boxes = [text.get_window_extent() for text in labels]
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
        now = {NAMES[name]: mean_curve(losses(name, 5, True)[0])[epoch] for name in FIRST}
        assert sorted(now, key=now.get) == sorted(now, key=heights.get)


def test_every_control_of_the_race_changes_the_picture(race):
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


def test_only_the_epoch_is_drawn_fast(race, monkeypatch):
    redraws = full_redraws(race, monkeypatch)
    for epoch in (0, 7, 29):
        race.set(f"epoch={epoch}")
    assert redraws == []
    race.set("elu=true")
    assert redraws == [1]


# -- dead neurons --------------------------------------------------------------------------------

COUNTED = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "rrelu": "RReLU",
    "prelu": "PReLU",
    "elu": "ELU",
    "sigmoid": "sigmoid",
}
LAYERS = ["the only one", "first of two", "second of two"]
RATES, BIASES = [0.01, 0.03, 0.05, 0.1, 0.2], [0, -2, -4]
STEPS = [0, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640]
WHEN = ["0 steps", "1 step", "2 steps", "5 steps", "10 steps", "20 steps"]
WHEN += ["1 epoch", "2 epochs", "4 epochs", "8 epochs", "16 epochs"]


def counts(part, activation, layer, rate, bias):
    """Return what was recorded of a setting, by step; of negative neurons by run and step."""
    recorded = DEAD[part][layer][list(COUNTED).index(activation)]
    return recorded[RATES.index(rate)][BIASES.index(bias)]


def shares(activation, layer, rate, bias, step):
    """Return the percentage of negative neurons in each run that goes on."""
    runs = counts("negative", activation, layer, rate, bias)
    return [100 * run[step] / 64 for run in runs if run[step] is not None]


def percentages(text):
    return [float(n) for n in re.findall(r"(\d+\.\d) %", text)]


settings_of_neurons = (
    st.sampled_from(list(COUNTED)),
    st.integers(0, 2),
    st.sampled_from(RATES),
    st.sampled_from(BIASES),
    st.integers(0, 10),
)


def set_neurons(dead, activation, layer, rate, bias, step):
    dead.set(
        f"'activation={COUNTED[activation]}' 'layer={LAYERS[layer]}' learning_rate={rate:g} "
        f"bias={bias} 'after={WHEN[step]}'"
    )
    assert not dead.error


@given(*settings_of_neurons)
@settings(some, max_examples=100)
def test_caption_of_dead_neurons(dead, activation, layer, rate, bias, step):
    set_neurons(dead, activation, layer, rate, bias, step)
    now = shares(activation, layer, rate, bias, step)
    caption, name, close = dead.caption, COUNTED[activation], pytest.approx
    assert caption.startswith("Before training " if step == 0 else f"After {WHEN[step]} ")
    relu = shares("relu", layer, rate, bias, step)
    if activation != "relu":
        (said,) = percentages(re.search(r"With ReLU .* are dead\.", caption)[0])
        assert said == close(statistics.fmean(relu), abs=0.051)
    assert (f"{5 - len(now)} of the 5 trainings with {name} had broken" in caption) == (
        len(now) < 5
    )
    if not now:
        return
    ends = r"(\S+) % to (\S+) % " if len(now) > 1 else ""
    share = rf"(\S+) % of the {name} neurons \({ends}in (\d) run{'s' * (len(now) > 1)}\)"
    wanted = [statistics.fmean(now), *([min(now), max(now)] if ends else []), len(now)]
    assert [float(n) for n in re.search(share, caption).groups()] == close(wanted, abs=0.051)
    if activation != "relu":
        flat = counts("flat", activation, layer, rate, bias)[step]
        assert ("; they are not dead, but" in caption) == (flat > 0)
        assert (", but are not dead: their slope" in caption) == (flat == 0 < sum(now))
        assert ("have a negative sum on every digit. With ReLU" in caption) == (sum(now) == 0)
        if flat:
            (said,) = percentages(re.search(r"\S+ % have a slope below 0\.001 and", caption)[0])
            assert said == close(100 * flat / 64 / len(now), abs=0.051)
    assert ("Of PReLU's slopes" in caption) == (activation == "prelu")
    if activation == "prelu":
        said = re.search(r"lie from (\S+) to (\S+)\.", caption).groups()
        recorded = [DEAD["slopes"][end][layer] for end in (0, 2)]
        here = [r[RATES.index(rate)][BIASES.index(bias)][step] for r in recorded]
        assert [float(end.replace("−", "-").replace(",", "")) for end in said] == here
        assert all(re.fullmatch(r"−?\d[\d,]*(\.\d*[1-9])?", end) for end in said), "no third digit"


@pytest.mark.parametrize("bias", BIASES)
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_history_of_dead_neurons(dead, layer, rate, bias):
    for step in (0, 3, 6, 8, 10):
        set_neurons(dead, "relu", layer, rate, bias, step)
        check_history(dead.caption, layer, rate, bias, step)


def check_history(caption, layer, rate, bias, step):
    start, first, now = (
        statistics.fmean(shares("relu", layer, rate, bias, at)) for at in (0, 6, step)
    )
    history = caption.partition("every digit.")[2]
    wanted = [start] * (step > 0) + [first] * (step > 6)
    assert percentages(history) == pytest.approx(wanted, abs=0.051)
    early, late = first - start, now - first
    if step <= 6 or early == late == 0:
        wanted = ""
    elif early >= 0 and late >= 0:
        wanted = f"most deaths came {'in' if early > late else 'after'} the first epoch."
    elif early <= 0 and late <= 0:
        wanted = "neurons came back to life."
    else:
        count = "as many" if start == now else "more" if abs(late) > abs(early) else "fewer"
        first_did, then_did = ("died", "came back to life")[:: 1 if early > 0 else -1]
        wanted = f"neurons {first_did} in the first epoch, and {count} {then_did} after it."
    assert history.partition(" %: ")[2] == wanted


def test_neurons_that_woke_and_died_are_both_told_of(dead):
    set_neurons(dead, "relu", 2, 0.2, -2, 10)
    assert dead.caption.endswith(
        "Before training it was 73.1 %, after the first epoch 15.9 %: neurons came back to life in "
        "the first epoch, and more died after it."
    )


@given(*settings_of_neurons)
@some
def test_course_and_bars_are_what_was_recorded(dead, activation, layer, rate, bias, step):
    set_neurons(dead, activation, layer, rate, bias, step)
    course, slopes, census = dead.picture.axes
    line = course.lines[0]
    means = [shares(activation, layer, rate, bias, at) for at in range(11)]
    means = [statistics.fmean(here) for here in means if here]
    assert line.get_xydata().tolist() == [[x, pytest.approx(y)] for x, y in enumerate(means)]
    assert line.get_color() == COLOURS[activation]
    band = course.patches[0].get_xy()
    here = shares(activation, layer, rate, bias, 0)
    assert sorted({y for x, y in band if x == 0}) == sorted({min(here), max(here)})
    assert visible(course.lines[1:2]) == (course.lines[1:2] if len(means) > step else [])
    for axes in (course, slopes):
        (now,) = [line for line in axes.lines if line.get_color() == COLOURS["now"]]
        assert now.get_xdata() == [step, step]
    bars = sorted(visible(census.patches), key=lambda bar: (bar.get_y(), bar.get_x()))
    for row, name in enumerate(COUNTED):
        here = shares(name, layer, rate, bias, step)
        ours = [bar for bar in bars if row < bar.get_y() < row + 1]
        widths = {bool(bar.get_hatch()): bar.get_width() for bar in ours}
        assert [bar.get_x() for bar in ours] == [0, widths.get(False)][: len(ours)]
        assert sum(widths.values()) == pytest.approx(statistics.fmean(here) if here else 0)
        flat = counts("flat", name, layer, rate, bias)[step]
        assert widths.get(False, 0) == pytest.approx(100 * flat / 64 / max(1, len(here)))
        if name == "relu":
            assert True not in widths, "a ReLU neuron that is negative on every digit is dead"
        words = [t.get_text() for t in census.texts if row < t.get_position()[1] < row + 1]
        assert words[0] == COUNTED[name]
        which = f"{len(here)} of 5 runs: " if len(here) < 5 else ""
        assert words[1] == (f"{which}{statistics.fmean(here):.1f} %" if here else "broke down")
        read = counts("accuracy", name, min(layer, 1), rate, bias)[step]
        assert words[2] == (f"{100 * read:.0f} %" if here else "–")


def test_every_control_of_dead_neurons_changes_the_picture(dead):
    dead.set("learning_rate=0.03 bias=-2")
    for name, control in dead.controls.items():
        start = control.value
        places = BIASES if name == "bias" else [value for _, value in control.options]
        seen = set()
        for place in places:
            control.value = place
            assert not dead.error, name
            seen.add(picture(dead).tobytes())
        assert len(seen) == len(places), name
        control.value = start


def test_sliders_of_dead_neurons_redraw_only_what_moves(dead, monkeypatch):
    redraws = full_redraws(dead, monkeypatch)
    for code in ["learning_rate=0.2", "bias=-4", "'after=20 steps'", "'layer=first of two'"]:
        dead.set(code)
    assert redraws == []
    assert dead.picture.axes[0].get_title(loc="left") == "ReLU: neurons dead"
    dead.set("activation=ELU")
    assert redraws == [1]
    title = dead.picture.axes[0].get_title(loc="left")
    assert title == "ELU: negative sum on every digit"
    title = dead.picture.axes[2].get_title(loc="left")
    assert title == "neurons with a\nnegative sum on every digit"


def test_one_run_that_goes_on_is_shown_as_one(dead):
    set_neurons(dead, "leaky_relu", 2, 0.2, -4, 10)
    assert dead.caption.startswith("After 16 epochs 73.4 % of the leaky ReLU neurons (in 1 run) ")
    census = dead.picture.axes[2]
    words = {text.get_text(): text.get_window_extent() for text in census.texts}
    assert not words["1 of 5 runs: 73.4 %"].overlaps(words["leaky ReLU"])


def test_codes_of_both_are_taken_back(race, dead):
    for explorer, code in (
        (race, "epoch=3 elu=true 'hidden_layers=1 (shallow)' own_rates=false"),
        (dead, "'activation=leaky ReLU' 'layer=second of two' bias=-2 'after=1 step'"),
    ):
        explorer.set(code)
        kept, caption = explorer.code, explorer.caption
        for control in explorer.controls.values():
            if isinstance(control.value, int | float) and not isinstance(control.value, bool):
                control.value = getattr(control, "max", control.value)
        explorer.set(kept)
        assert (explorer.code, explorer.caption) == (kept, caption)
    with pytest.raises(ValueError, match=r"^learning_rate must be one of 0\.01, 0\.03"):
        dead.set("learning_rate=0.02")


def test_both_fit_the_page_and_have_ink(race, dead):
    for explorer in (race, dead):
        width, _ = explorer.picture.get_size_inches() * explorer.picture.dpi
        assert width == 760
        assert picture(explorer).std() > 10
        texts = explorer.picture.findobj(lambda artist: hasattr(artist, "get_fontsize"))
        assert all(text.get_fontsize() >= 10 for text in texts)
