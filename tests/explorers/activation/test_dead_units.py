"""The dead neurons: facts counted from the record's file, caption and picture against the facts."""

import json
import math
import re
import statistics

import numpy as np
import pytest
from explored import full_redraws, picture, shown_once
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lessonkit.datasets import DATA
from lessonkit.explorers.activation import dead_units
from lessonkit.explorers.style import COLOURS

RECORD = json.loads((DATA / "records" / "dead_units.json").read_text("utf-8"))
NAMES = {
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
any_setting = (
    st.sampled_from(list(NAMES)),
    st.integers(0, 2),
    st.sampled_from(RATES),
    st.sampled_from(BIASES),
    st.integers(0, 10),
)


@pytest.fixture
def dead():
    explorer = shown_once(dead_units)
    choose(explorer, "relu", 0, 0.1, 0, 10)
    return explorer


def choose(dead, activation, layer, rate, bias, place):
    dead.set(
        f"'activation={NAMES[activation]}' 'layer={LAYERS[layer]}' learning_rate={rate:g} "
        f"bias={bias} 'after={WHEN[place]}'"
    )
    assert not dead.error


# -- facts and picture -----------------------------------------------------------------------------


def recorded(part, activation, layer, rate, bias):
    """Return what was recorded of a setting, by step; of negative neurons by run and step."""
    here = RECORD[part][layer][list(NAMES).index(activation)]
    return here[RATES.index(rate)][BIASES.index(bias)]


def shares(activation, layer, rate, bias, place):
    """Return the share of negative neurons in each run that has not broken down."""
    runs = recorded("negative", activation, layer, rate, bias)
    return [run[place] / 64 for run in runs if run[place] is not None]


def assert_facts(facts, activation, layer, rate, bias, place):
    """Assert that the facts are what was recorded, counted run by run."""
    setting = (layer, rate, bias)
    assert facts[:4] == (activation, layer, STEPS[place], place)
    by_step = [shares(activation, *setting, at) for at in range(11)]
    nothing = [math.nan] * 3
    course = [[statistics.fmean(s), min(s), max(s)] if s else nothing for s in by_step]
    np.testing.assert_allclose(facts.course.T, course)
    tenth, median, nine_tenths = (
        np.array(part[layer][RATES.index(rate)][BIASES.index(bias)], float)
        for part in RECORD["slopes"]
    )
    np.testing.assert_array_equal(facts.slopes, [median, tenth, nine_tenths])
    assert list(facts.census) == list(NAMES)
    for name, neurons in facts.census.items():
        here = shares(name, *setting, place)
        assert (neurons.runs, neurons.broken) == (len(here), 5 - len(here))
        assert neurons.negative == pytest.approx(statistics.fmean(here) if here else 0)
        flat = recorded("flat", name, *setting)[place]
        assert neurons.flat == pytest.approx(flat / 64 / max(1, len(here)))
        read = recorded("accuracy", name, min(layer, 1), rate, bias)[place]
        assert neurons.accuracy == read or (not here and math.isnan(neurons.accuracy))


def visible(artists):
    return [artist for artist in artists if artist.get_visible()]


def assert_picture_shows(explorer):
    """Assert that both courses, the bars and their texts are those of the facts."""
    facts, (course, slopes, census) = explorer.facts, explorer.picture.axes
    title = "neurons dead" if facts.activation == "relu" else "negative sum on every digit"
    assert course.get_title("left") == f"{NAMES[facts.activation]}: {title}"
    assert_course(course, 100 * facts.course, facts.activation, facts.place)
    assert_course(slopes, facts.slopes, "prelu", facts.place)
    bars = sorted(visible(census.patches), key=lambda bar: (bar.get_y(), bar.get_x()))
    for row, (name, neurons) in enumerate(facts.census.items()):
        assert_bars([b for b in bars if row < b.get_y() < row + 1], name, neurons)
        words = [t.get_text() for t in census.texts if row < t.get_position()[1] < row + 1]
        which = f"{neurons.runs} of 5 runs: " if neurons.broken else ""
        share = f"{which}{100 * neurons.negative:.1f} %" if neurons.runs else "broke down"
        read = f"{100 * neurons.accuracy:.0f} %" if neurons.runs else "–"
        assert words == [NAMES[name], share, read]


def assert_course(axes, curves, activation, place):
    there = np.isfinite(curves[0])
    line, dot, *_ = axes.lines
    xs, (mean, least, most) = np.flatnonzero(there), curves[:, there]
    assert line.get_xydata().tolist() == [[x, y] for x, y in zip(xs, mean, strict=True)]
    assert line.get_color() == COLOURS[activation]
    band = axes.patches[0].get_xy()
    for x in xs:
        assert {y for at, y in band if at == x} == {least[x], most[x]}
    assert dot.get_visible() == there[place]
    if there[place]:
        assert dot.get_xydata().tolist() == [[place, curves[0, place]]]
    (now,) = [line for line in axes.lines if line.get_color() == COLOURS["now"]]
    assert now.get_xdata() == [place, place]


def assert_bars(bars, name, neurons):
    widths = {bool(bar.get_hatch()): bar.get_width() for bar in bars}
    assert [bar.get_x() for bar in bars] == [0, widths.get(False)][: len(bars)]
    assert sum(widths.values()) == pytest.approx(100 * neurons.negative)
    assert widths.get(False, 0) == 100 * neurons.flat
    if name == "relu":
        assert True not in widths, "a ReLU neuron that is negative on every digit is dead"


# -- captions --------------------------------------------------------------------------------------


def percentages(text):
    return [float(n) for n in re.findall(r"(\d+\.\d) %", text)]


@given(*any_setting)
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_dead_neurons(dead, activation, layer, rate, bias, place):
    choose(dead, activation, layer, rate, bias, place)
    facts, caption, name, close = dead.facts, dead.caption, NAMES[activation], pytest.approx
    assert_facts(facts, activation, layer, rate, bias, place)
    assert_picture_shows(dead)
    ours, relu = facts.census[activation], facts.census["relu"]
    assert caption.startswith("Before training " if place == 0 else f"After {WHEN[place]} ")
    if activation != "relu":
        (said,) = percentages(re.search(r"With ReLU .* are dead\.", caption)[0])
        assert said == close(100 * relu.negative, abs=0.051)
    broken = f"{f'{ours.broken} of the' if ours.runs else 'all'} 5 runs with {name} had broken"
    assert (broken in caption) == (ours.broken > 0)
    if not ours.runs:
        return
    ends = r"(\S+) % to (\S+) % " if ours.runs > 1 else ""
    share = rf"(\S+) % of the {name} neurons \({ends}in (\d) run{'s' * (ours.runs > 1)}\)"
    wanted = [*100 * facts.course[: 3 if ends else 1, place], ours.runs]
    assert [float(n) for n in re.search(share, caption).groups()] == close(wanted, abs=0.051)
    if activation != "relu":
        check_fate(caption, ours)
    assert ("of PReLU's slopes" in caption) == (activation == "prelu")
    if activation == "prelu":
        said = re.search(r"slopes lie between (\S+) and (\S+)\.", caption).groups()
        slopes = facts.slopes[1:, place].tolist()
        assert [float(end.replace("−", "-").replace(",", "")) for end in said] == slopes
        assert all(re.fullmatch(r"−?\d[\d,]*(\.\d*[1-9])?", end) for end in said), "no third digit"


def check_fate(caption, neurons):
    negative, flat = neurons.negative, neurons.flat
    assert ("; they are not dead, but" in caption) == (flat > 0)
    assert (", but are not dead: their slope" in caption) == (flat == 0 < negative)
    assert ("have a negative sum on every digit. With ReLU" in caption) == (negative == 0)
    if flat:
        (said,) = percentages(re.search(r"\S+ % have a slope below 0\.001 and", caption)[0])
        assert said == pytest.approx(100 * flat, abs=0.051)


@pytest.mark.parametrize("bias", BIASES)
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_history_of_dead_neurons(dead, layer, rate, bias):
    for place in (0, 3, 6, 8, 10):
        choose(dead, "relu", layer, rate, bias, place)
        check_history(dead.caption, layer, rate, bias, place)


def check_history(caption, layer, rate, bias, place):
    start, first, now = (
        100 * statistics.fmean(shares("relu", layer, rate, bias, at)) for at in (0, 6, place)
    )
    history = caption.partition("every digit.")[2]
    wanted = [start] * (place > 0) + [first] * (place > 6)
    assert percentages(history) == pytest.approx(wanted, abs=0.051)
    early, late = first - start, now - first
    if place <= 6 or early == late == 0:
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
    choose(dead, "relu", 2, 0.2, -2, 10)
    assert dead.caption.endswith(
        "Before training it was 73.1 %, after the first epoch 15.9 %: neurons came back to life in "
        "the first epoch, and more died after it."
    )


def test_one_run_that_goes_on_is_shown_as_one(dead):
    choose(dead, "leaky_relu", 2, 0.2, -4, 10)
    assert dead.caption.startswith("After 16 epochs 73.4 % of the leaky ReLU neurons (in 1 run) ")
    census = dead.picture.axes[2]
    words = {text.get_text(): text.get_window_extent() for text in census.texts}
    assert not words["1 of 5 runs: 73.4 %"].overlaps(words["leaky ReLU"])


# -- controls --------------------------------------------------------------------------------------


def test_no_two_places_of_a_control_look_the_same(dead):
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


def test_only_another_activation_is_a_full_redraw(dead, monkeypatch):
    redraws = full_redraws(dead, monkeypatch)
    dead.set("'layer=first of two'")
    assert redraws == []
    dead.set("activation=ELU")
    assert redraws == [1]
    title = dead.picture.axes[2].get_title("left")
    assert title == "neurons with a\nnegative sum on every digit"


def test_a_rate_that_was_not_recorded_is_refused(dead):
    with pytest.raises(ValueError, match=r"^learning_rate must be one of 0\.01, 0\.03"):
        dead.set("learning_rate=0.02")


def test_its_texts_are_large_enough(dead):
    texts = dead.picture.findobj(lambda artist: hasattr(artist, "get_fontsize"))
    assert all(text.get_fontsize() >= 10 for text in texts)
