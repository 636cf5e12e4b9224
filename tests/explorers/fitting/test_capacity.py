"""Capacity: facts against other fits of the same points, caption and picture against the facts.

The oracles read the data files themselves and fit with NumPy, SciPy and plain loops, never with
lessonkit's own maths.
"""

import csv
import itertools
import json
import re

import numpy as np
import pytest
import scipy.linalg
from explored import full_redraws, picture, plain, shown, shown_once
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.polynomial import Chebyshev
from scipy.special import eval_legendre

from lessonkit.datasets import DATA
from lessonkit.explorers.fitting import capacity as make
from lessonkit.explorers.style import COLOURS

DEGREES_C = [float(r["temp_max"]) for r in csv.DictReader((DATA / "temperatures.csv").open())]
RECORD = json.loads((DATA / "records" / "fitting_network.json").read_text())
SEEN, NEW, NOW = "0.15", COLOURS["sigmoid"], COLOURS["now"]
RIDGES = ["10", "1", "0.1", "0.01", "0.001", "0.0001", "1e-05", "1e-06", "0"]
CAPTION = re.compile(
    r"(?P<name>.+?) is typically off by (?P<seen>\S+)(?: °C)? on the (?P<count>\d+) points seen "
    r"and by (?P<new>\S+)(?: °C)? on new ones: (?P<verdict>.+?)\. "
    r"(?:It misses the truth|From October to December, never seen, it is off) "
    r"by (?P<off>.+?)(?: °C)?\."
)
BEST = re.compile(r"(?:^|[( ])(\w+) (\S+) is best, ([^\s)]+)")
SHOWN = {
    ("polynomial", "noisy sine"): "model data degree ridge points noise seed",
    ("polynomial", "temperatures"): "model data degree ridge points",
    ("tree", "noisy sine"): "model data depth points noise seed",
    ("tree", "temperatures"): "model data depth points",
    ("network", "noisy sine"): "model epoch",
    ("network", "temperatures"): "model epoch",
}
same_explorer = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def capacity():
    explorer = shown_once(make)
    explorer.set(
        "model=polynomial 'data=noisy sine' degree=3 depth=2 epoch=500 ridge=0 points=16 noise=0.3 "
        "seed=2"
    )
    return explorer


# -- points and fits, made another way -------------------------------------------------------------


def rms(values):
    return float(np.sqrt(np.mean(np.square(values))))


def sine_data(points, noise, seed):
    """Return seen (x, y), new (x, y), and the truth (x, y) on a fine grid."""

    def noisy(count, seed):
        x = np.arange(count) / (count - 1)
        return x, np.sin(2 * np.pi * x) + noise * np.random.default_rng(seed).standard_normal(count)

    grid = np.linspace(0, 1, 501)
    return noisy(points, seed), noisy(1001, 99), (grid, np.sin(2 * np.pi * grid))


def days_data(points):
    """Return seen and new days of January to September with their temperatures, and later ones."""
    seen = [round(272 * i / (points - 1)) for i in range(points)]
    new = [day for day in range(273) if day not in seen]
    return tuple((np.array(d), np.array(DEGREES_C)[d]) for d in (seen, new, list(range(273, 365))))


def polynomial(x, y, degree, ridge, low, high):
    """Return the best polynomial as a function, by another basis or by the normal equations."""
    if ridge == 0 and len(x) > degree:
        return Chebyshev.fit(x, y, degree)

    def design(p):
        u = 2 * (np.asarray(p) - low) / (high - low) - 1
        return np.stack([eval_legendre(k, u) for k in range(degree + 1)], axis=1)

    matrix = design(x)
    if ridge == 0:
        factors = scipy.linalg.pinv(matrix) @ y
    else:
        penalty = np.diag([0.0] + [ridge] * degree)
        factors = scipy.linalg.solve(matrix.T @ matrix + penalty, matrix.T @ y)
    return lambda p: design(p) @ factors


def tree_by_loops(pairs, depth):
    ys = [y for _, y in pairs]
    mean = sum(ys) / len(ys)
    if depth == 0 or len(ys) == 1:
        return lambda x: mean

    def squares(side):
        values = np.array(side)
        return ((values - values.mean()) ** 2).sum()

    cut = min(range(1, len(ys)), key=lambda i: squares(ys[:i]) + squares(ys[i:]))
    middle = (pairs[cut - 1][0] + pairs[cut][0]) / 2
    left, right = tree_by_loops(pairs[:cut], depth - 1), tree_by_loops(pairs[cut:], depth - 1)
    return lambda x: left(x) if x <= middle else right(x)


# -- facts and captions ----------------------------------------------------------------------------


def said(explorer):
    return CAPTION.fullmatch(explorer.caption).groupdict()


def near(text, value):
    """Say whether a caption's number is this one, rounded to what it shows."""
    shown_value = plain(text)
    if value >= 1000:
        return shown_value == pytest.approx(value, rel=0.06)
    return shown_value == pytest.approx(value, abs=0.0051 if value > 0.9995 else 0.00051, rel=0.006)


def check(explorer, fits, now, seen, new, off, ridge="0", braked=(), rel=1e-4):
    """Compare facts and caption with the errors of fits; off: x, y of the truth or of later days.

    braked: the fits with each of RIDGES instead of this one. rel: by how much errors may differ.
    """
    words, facts, study = said(explorer), explorer.facts, explorer.facts.study
    for points, wanted in zip(study[:3], (seen, new, off), strict=True):
        np.testing.assert_allclose(points, wanted, atol=1e-9)
    by_hand = np.array([[rms(fit(x) - y) for fit in fits] for x, y in (seen, new)])
    np.testing.assert_allclose(study.errors, by_hand, rtol=rel, atol=1e-6)
    np.testing.assert_allclose(study.curves[now], fits[now](study.grid), rtol=rel, atol=1e-5)
    assert study.capacities == list(range(len(fits)))
    assert (facts.capacity, facts.place, facts.ridge) == (now, now, float(ridge))
    told, errors = (facts.seen_error, facts.new_error, facts.beyond_error), by_hand[1]
    wanted = (*by_hand[:, now], rms(fits[now](off[0]) - off[1]))
    assert told == pytest.approx(wanted, rel=rel, abs=1e-6)
    assert all(map(near, (words["seen"], words["new"], words["off"]), wanted))
    assert int(words["count"]) == len(seen[0])
    assert errors[facts.best] == pytest.approx(min(errors), rel=1e-6)
    kind, names = "degree" if len(fits) == 16 else "depth", list(map(str, range(len(fits))))
    of_ridges = [rms(fit(new[0]) - new[1]) for fit in braked]
    if ridge != "0" and errors[now] > max(1.1 * min(of_ridges), 0.0005):
        kind, names, errors, now = "ridge", RIDGES, of_ridges, RIDGES.index(ridge)
    given = "" if ridge == "0" else f"for degree {facts.capacity}"
    if given and kind == "degree":
        given = "with this ridge"
    check_verdict(words["verdict"], kind, names, errors, now, given)


def check_verdict(verdict, kind, names, errors, now, given=""):
    best, least = int(np.argmin(errors)), min(errors)
    assert given in verdict
    if verdict.startswith("no other"):
        assert verdict == f"no other {kind} does better {given}".strip()
        assert errors[now] == pytest.approx(least, rel=1e-9)
        return
    told_kind, told, told_least = BEST.search(verdict).groups()
    assert told_kind == kind
    assert errors[names.index(told)] == pytest.approx(least, rel=1e-6)
    assert near(told_least, least)
    wanted = "it underfits" if now < best else "it overfits"
    good = [error <= 1.1 * least or error < 0.0005 for error in errors]
    if good[now]:
        wanted = "about as good as it gets"
    elif any(good[:now]) and now < best:  # less capacity does well: "underfits" would mislead
        wanted = verdict
        assert "fits" not in verdict
    assert verdict.split(" (")[0] == wanted


@given(
    st.integers(0, 15),
    st.integers(10, 200),
    st.integers(1, 20),
    st.integers(1, 20),
    st.sampled_from(["0", "1e-06", "0.01", "10"]),
)
@same_explorer
def test_polynomials(capacity, degree, points, noise, seed, ridge):
    noise = noise / 20
    capacity.set(f"degree={degree} points={points} noise={noise} seed={seed} ridge={ridge}")
    seen, new, truth = sine_data(points, noise, seed)
    fits = [polynomial(*seen, d, float(ridge), 0, 1) for d in range(16)]
    braked = [polynomial(*seen, degree, float(r), 0, 1) for r in RIDGES]
    check(capacity, fits, degree, seen, new, truth, ridge, braked)
    penalty = "" if ridge == "0" else f" with ridge {ridge}"
    assert said(capacity)["name"] == f"Degree {degree}{penalty}"


@given(st.integers(0, 15), st.integers(10, 200), st.sampled_from(["0", "0.001", "1"]))
@same_explorer
def test_polynomials_of_the_temperatures(capacity, degree, points, ridge):
    capacity.set(f"data=temperatures degree={degree} points={points} ridge={ridge}")
    seen, new, later = days_data(points)
    fits = [polynomial(*seen, d, float(ridge), 0, 272) for d in range(16)]
    braked = [polynomial(*seen, degree, float(r), 0, 272) for r in RIDGES]
    check(capacity, fits, degree, seen, new, later, ridge, braked)
    assert capacity.caption.count(" °C") >= 3
    assert "never seen" in capacity.caption


@pytest.mark.parametrize(
    ("points", "depth", "data"),
    [
        (16, 0, "sine"),
        (16, 2, "sine"),
        (16, 8, "sine"),
        (60, 3, "sine"),
        (25, 2, "days"),
        (40, 6, "days"),
    ],
)
def test_trees(capacity, points, depth, data):
    name = "noisy sine" if data == "sine" else "temperatures"
    capacity.set(f"model=tree 'data={name}' depth={depth} points={points}")
    seen, new, off = sine_data(points, 0.3, 2) if data == "sine" else days_data(points)
    pairs = list(zip(seen[0].tolist(), seen[1].tolist(), strict=True))
    fits = [np.vectorize(tree_by_loops(pairs, d), otypes=[float]) for d in range(9)]
    # A threshold may lie on a new point, and rounding decides to which side that falls.
    check(capacity, fits, depth, seen, new, off, rel=0.006)
    assert said(capacity)["name"] == f"A tree of depth {depth}"


def test_the_network_at_every_epoch(capacity):
    truth = np.sin(2 * np.pi * np.linspace(0, 1, 101))
    errors = np.sqrt(RECORD["test_errors"][0])
    best, epochs_in_words = int(errors.argmin()), [f"{epoch:,}" for epoch in RECORD["epochs"]]
    for place, epoch in enumerate(RECORD["epochs"]):
        capacity.set(f"model=network epoch={epoch:,}")
        facts, words = capacity.facts, said(capacity)
        assert (facts.capacity, facts.best) == (epoch, RECORD["epochs"][best])
        np.testing.assert_array_equal(facts.study.seen, [RECORD["x"], RECORD["y"]])
        np.testing.assert_array_equal(facts.study.curves[facts.place], RECORD["curves"][place])
        epochs = "1 epoch" if epoch == 1 else f"{epoch:,} epochs"
        assert words["name"] == f"After {epochs} the network"
        off = rms(np.array(RECORD["curves"][place]) - truth)
        wanted = np.sqrt(RECORD["training_errors"][0][place]), errors[place], off
        told = (facts.seen_error, facts.new_error, facts.beyond_error)
        assert told == pytest.approx(wanted)
        assert all(map(near, (words["seen"], words["new"], words["off"]), wanted))
        check_verdict(words["verdict"], "epoch", epochs_in_words, errors, place)
        assert words["verdict"].startswith("no other") == (place == best)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("degree=15 ridge=10", "it underfits (for degree 15, ridge 1 is best, 0.360)"),
        ("degree=15 ridge=0.0001", "it overfits (for degree 15, ridge 1 is best, 0.360)"),
        ("degree=3 ridge=10", "it underfits (for degree 3, ridge 0 is best, 0.312)"),
        (
            "degree=15 ridge=1",
            "about as good as it gets (with this ridge, degree 5 is best, 0.347)",
        ),
        ("degree=1 ridge=0.1", "it underfits (with this ridge, degree 3 is best, 0.313)"),
    ],
)
def test_a_ridge_is_judged_by_other_ridges_first(capacity, code, verdict):
    capacity.set(code)
    assert said(capacity)["verdict"] == verdict


def test_more_points_cure_overfitting_and_do_not_cause_underfitting(capacity):
    """Too few samples invite overfitting (degree 15); a line underfits with any number."""

    def new(code):
        capacity.set(code)
        return capacity.facts.new_error, said(capacity)["verdict"]

    few, verdict = new("degree=15 points=16")
    assert "overfits" in verdict
    many, verdict = new("points=200")
    assert "good" in verdict
    assert few > 5 * many
    for points in (16, 200):
        assert "underfits" in new(f"degree=1 points={points}")[1]


# -- the picture -----------------------------------------------------------------------------------


def line_of(axes, colour, marker):
    """Return the line, or the marks, of a colour."""
    (line,) = [
        line
        for line in axes.lines
        if line.get_color() == colour and line.get_marker() in marker and line.get_mfc() != "none"
    ]
    return line


def label(axes, beginning):
    (text,) = [t for t in axes.texts if t.get_text().startswith(beginning)]
    return text


def ring_of(axes):
    (ring,) = [line for line in axes.lines if line.get_mfc() == "none" and line.get_marker() == "o"]
    return ring


def assert_picture_shows(explorer):
    """Assert that points, curves and marks of both panels are those of the facts."""
    facts, (fit, errors) = explorer.facts, explorer.picture.axes
    assert_fit(fit, facts)
    assert_errors(errors, facts)


def assert_fit(axes, facts):
    study, made_up = facts.study, facts.study.noise is not None
    assert line_of(axes, NOW, ["None"]).get_xydata().tolist() == [
        [x, y] for x, y in zip(study.grid, study.curves[facts.place], strict=True)
    ]
    np.testing.assert_array_equal(line_of(axes, NEW, "o").get_data(), study.new)
    truth, later = line_of(axes, "0.4", ["None"]), line_of(axes, "0.6", "o")
    shown_one, empty = (truth, later) if made_up else (later, truth)
    np.testing.assert_array_equal(shown_one.get_data(), study.beyond)
    assert not len(empty.get_xdata())
    x, y = study.seen
    edges = {"^": 2.4, "v": -2.4} if made_up else {"^": 42, "v": -6}
    for marker, there in (("^", y > edges["^"]), ("v", y < edges["v"]), ("o", None)):
        if there is None:
            there = (y >= edges["v"]) & (y <= edges["^"])
        marks = line_of(axes, SEEN, marker)
        at, heights = marks.get_data()
        is_drawn = np.isfinite(heights)
        np.testing.assert_allclose(at[is_drawn], x[there])
        np.testing.assert_allclose(heights[is_drawn], edges.get(marker, y[there]))
        assert not marks.get_clip_on()  # nor is one at the edge cut in half


def assert_errors(axes, facts):
    study, (low, high) = facts.study, axes.get_ylim()
    by_part = zip((SEEN, NEW), study.errors, (facts.seen_error, facts.new_error), strict=True)
    for colour, errors, error in by_part:
        np.testing.assert_array_equal(
            line_of(axes, colour, ["None"]).get_data(), [study.capacities, errors]
        )
        marker = "v" if error < low else "^" if error > high else "o"  # beyond the edge: a triangle
        dot = line_of(axes, colour, marker)
        assert dot.get_xydata().tolist() == [[facts.capacity, np.clip(error, low, high)]]
    assert list(line_of(axes, NOW, ["None"]).get_xdata()) == [facts.capacity] * 2
    ((x, y),) = ring_of(axes).get_xydata()
    best = label(axes, "best")
    assert best.xy == (x, y)
    assert (x, best.get_text()) == (facts.best, f"best: {facts.best:,}")
    assert y == np.clip(study.errors[1].min(), 1.2 * low, high)
    noise = line_of(axes, "0.6", ["None"])
    assert noise.get_visible() == label(axes, "noise").get_visible() == bool(study.noise)
    assert list(noise.get_ydata()) == [study.noise] * 2
    (band,) = axes.collections
    assert band.get_visible() == (facts.model == "network")


@pytest.mark.parametrize(
    "code",
    [
        "degree=9 noise=0.5",
        "noise=0",
        "data=temperatures",
        "degree=15 data=temperatures",
        "model=network epoch=2,000",
        "model=tree",
        "points=200 noise=1 seed=3",
    ],
)
def test_marks_of_now_best_and_noise(capacity, code):
    capacity.set(code)
    assert_picture_shows(capacity)


def test_marks_beyond_the_edge(capacity):
    axes = capacity.picture.axes[1]
    for code, of_seen, of_new in (
        ("degree=3", "o", "o"),
        ("degree=15", "v", "o"),  # 0.000 on the seen points
        ("degree=15 data=temperatures", "v", "^"),  # 45 °C on new ones
        ("degree=3", "o", "o"),
    ):
        capacity.set(code)
        assert line_of(axes, SEEN, of_seen).get_xdata() == line_of(axes, NEW, of_new).get_xdata()
    for points, noise in ((200, 1), (16, 0.3)):
        capacity.set(f"'data=noisy sine' points={points} noise={noise} seed=3")
        marks = [line_of(capacity.picture.axes[0], SEEN, marker) for marker in "^v"]
        assert all(np.isfinite(m.get_ydata()).any() == (noise == 1) for m in marks)


def test_the_best_one_of_0_is_ringed_above_the_ticks(capacity):
    _, axes = capacity.picture.axes
    capacity.set("noise=0 points=200")
    ring = ring_of(axes)
    assert ring.get_xdata()[0] == 15
    middle = axes.transData.transform((15, ring.get_ydata()[0]))[1]
    radius = (ring.get_markersize() + ring.get_markeredgewidth()) / 2 * 100 / 72
    tick = axes.get_xticklabels()[-1].get_window_extent()
    assert middle - radius > tick.y1


@pytest.mark.parametrize(
    "code",
    [
        *[f"points={p} noise={n}" for p in (10, 16, 200) for n in (0, 0.05, 0.3, 1)],
        *[f"data=temperatures points={p}" for p in (10, 137, 200)],
        "model=tree",
        "model=network",
    ],
)
def test_labels_of_the_errors_are_apart_and_in_the_picture(capacity, code):
    capacity.set(code)
    _, axes = capacity.picture.axes
    labels = [label(axes, name) for name in ("seen", "new", "noise", "best")]
    boxes = [text.get_window_extent() for text in labels if text.get_visible()]
    width, height = capacity.picture.canvas.get_width_height()
    for box in boxes:
        assert 0 <= box.x0 < box.x1 <= width
        assert -2 <= box.y0 < box.y1 <= height
    for one, other in itertools.combinations(boxes, 2):
        apart = max(one.x0 - other.x1, other.x0 - one.x1, one.y0 - other.y1, other.y0 - one.y1)
        assert apart >= -4
    seen, new = capacity.facts.study.errors[:, -1]
    if max(seen, new) > 0.04:  # else both lie beyond
        above = boxes[1].y0 - boxes[0].y0
        assert (above > 0) == (new > seen), "the label of the larger error stands above"


def test_labels_stand_at_the_ends_of_lines_unless_they_would_touch(capacity):
    _, axes = capacity.picture.axes
    names = ("seen points", "noise", "new points")

    def heights(code):  # in shares of the axis, 0.04 to 10
        capacity.set(code)
        return [np.log(label(axes, n).get_position()[1] / 0.04) / np.log(250) for n in names]

    def share(error):
        return np.log(error / 0.04) / np.log(250)

    assert heights("degree=3") == pytest.approx([0, share(0.3), share(3.49)], abs=0.001)
    seen, noise, new = heights("points=200")  # all three end at 0.3: they part around it
    assert [noise - seen, new - noise] == pytest.approx([0.07, 0.07])
    assert noise == pytest.approx(np.mean([share(e) for e in (0.285, 0.3, 0.302)]), abs=0.002)
    seen, noise, new = heights("points=16 degree=15 ridge=10")  # both errors end above the noise
    assert noise == pytest.approx(share(0.3))
    assert new - seen == pytest.approx(0.07)
    assert heights("noise=0 ridge=0")[::2] == pytest.approx([0, 0.07]), "not below the foot"


def test_the_best_one_is_named_beside_the_line_of_now(capacity):
    _, axes = capacity.picture.axes
    for code in ("degree=3", "degree=15 noise=0", "model=network epoch=500"):
        capacity.set(code)
        where = axes.transData.transform((capacity.facts.capacity, 1))[0]
        box = label(axes, "best").get_window_extent()
        assert box.x0 > where + 8 or box.x1 < where - 8, code


def test_the_band_is_the_spread_of_five_networks(capacity):
    (band,) = capacity.picture.axes[1].collections
    errors = np.sqrt(RECORD["test_errors"])
    corners = band.get_paths()[0].vertices
    for place, epoch in enumerate(RECORD["epochs"]):
        heights = corners[corners[:, 0] == epoch, 1]
        assert heights.min() == pytest.approx(errors[:, place].min())
        assert heights.max() == pytest.approx(errors[:, place].max())


@pytest.mark.parametrize(
    ("data", "x", "y"),
    [
        ("noisy sine", ["0", "x = 0.5", "1"], ["−2", "−1", "0", "1", "2"]),
        ("temperatures", ["1 Jan", "1 Apr", "1 Jul", "1 Oct"], ["0", "10", "20", "30", "°C"]),
    ],
)
def test_labels_of_the_axes(capacity, data, x, y):
    capacity.set("data=temperatures")
    capacity.set(f"'data={data}'")
    axes = capacity.picture.axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == x
    assert [text.get_text() for text in axes.get_yticklabels()] == y
    if data == "noisy sine":
        assert [float(text.replace("−", "-")) for text in y] == list(axes.get_yticks())


# -- controls --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "data"), SHOWN)
def test_only_controls_of_use_are_shown(capacity, model, data):
    capacity.set(f"model={model} 'data={data}'")
    on = [n for n, c in capacity.controls.items() if c.layout.display != "none"]
    assert " ".join(on) == SHOWN[model, data]


@pytest.mark.parametrize(("model", "data"), SHOWN)
def test_every_control_changes_the_picture_but_not_the_axes(capacity, model, data, monkeypatch):
    capacity.set(f"model={model} 'data={data}' degree=12")
    limits = [(*axes.get_xlim(), *axes.get_ylim()) for axes in capacity.picture.axes]
    redraws = full_redraws(capacity, monkeypatch)
    for name in SHOWN[model, data].split()[1:]:
        if name == "data":
            continue
        control = capacity.controls[name]
        if hasattr(control, "options"):
            values = [value for _, value in control.options]
            places = [values[0], values[len(values) // 2], values[-1]]
        else:
            places = [control.min, type(control.max)((control.min + control.max) / 2), control.max]
        first, seen = control.value, set()
        for place in places:
            control.value = place
            assert not capacity.error, (name, place)
            assert CAPTION.fullmatch(capacity.caption), capacity.caption
            seen.add((picture(capacity).tobytes(), capacity.caption))
        assert len(seen) == 3, name
        control.value = first
    assert redraws == [], "sliders move what is there"
    assert limits == [(*axes.get_xlim(), *axes.get_ylim()) for axes in capacity.picture.axes]


def test_model_and_data_change_the_picture(capacity):
    seen = set()
    for model, data in SHOWN:
        capacity.set(f"model={model} 'data={data}'")
        seen.add(picture(capacity).tobytes())
    assert len(seen) == 5, "the network has data of its own"


def test_there_and_back_is_the_same_picture():
    explorer = shown(make)  # a new one: no data but the sine were drawn on it yet
    before = picture(explorer)
    for model, data in SHOWN:
        explorer.set(f"model={model} 'data={data}'")
        explorer.set("model=polynomial 'data=noisy sine'")
        np.testing.assert_array_equal(picture(explorer), before, err_msg=f"{model}, {data}")


def test_an_epoch_that_was_not_recorded_is_refused(capacity):
    capacity.set("epoch=20,000")
    with pytest.raises(ValueError, match="epoch must be one of"):
        capacity.set("epoch=7")
