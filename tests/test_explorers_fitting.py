"""The explorers of the fitting chapter: what is drawn, and whether the captions tell the truth.

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
from explored import full_redraws, numbers, picture, plain, shown
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.polynomial import Chebyshev
from PIL import Image
from scipy.special import eval_legendre

from lessonkit.datasets import DATA
from lessonkit.explorers import COLOURS, fitting, ink, joined

ANIMALS = list(csv.DictReader((DATA / "animals.csv").open(encoding="utf-8")))
FEATURES = list(ANIMALS[0])[3:]
DEGREES_C = [float(r["temp_max"]) for r in csv.DictReader((DATA / "temperatures.csv").open())]
RECORD = json.loads((DATA / "records" / "fitting_network.json").read_text())

same_explorer = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def _frogs():
    return shown(fitting.frogs)


@pytest.fixture(scope="module")
def _capacity():
    return shown(fitting.capacity)


@pytest.fixture(scope="module")
def _sampling():
    return shown(fitting.sampling)


@pytest.fixture
def frogs(_frogs):
    ask(_frogs, ["four legs"])
    return _frogs


@pytest.fixture
def capacity(_capacity):
    _capacity.set(
        "model=polynomial 'data=noisy sine' degree=3 depth=2 epoch=500 ridge=0 points=16 noise=0.3 "
        "seed=2"
    )
    return _capacity


@pytest.fixture
def sampling(_sampling):
    _sampling.set("photograph=camera way=random fraction=0.01")
    return _sampling


# -- frogs -----------------------------------------------------------------------------------------


def ask(explorer, asked):
    explorer.set(" ".join(f"{f.replace(' ', '_')}={str(f in asked).lower()}" for f in FEATURES))


def mistakes(asked, group):
    """Return the names taken for frogs, and the frogs missed, of the known or the new animals."""
    taken, missed = [], []
    for animal in (a for a in ANIMALS if a["group"] == group):
        passes = all(animal[feature] == "1" for feature in asked)
        if passes and animal["is_frog"] == "0":
            taken.append(animal["name"])
        if not passes and animal["is_frog"] == "1":
            missed.append(animal["name"])
    return taken, missed


@pytest.mark.parametrize("count", range(7))
def test_caption_of_every_rule(frogs, count):
    for asked in itertools.combinations(FEATURES, count):
        ask(frogs, asked)
        words, groups = [], {}
        for group in ("known", "new"):
            taken, missed = groups[group] = mistakes(asked, group)
            who = [f"taken for frogs: {joined(taken)}"] * bool(taken) if taken else []
            who += [f"missed: {joined(missed)}"] if missed else []
            said = f"{len(taken) + len(missed)} of 8 {group} animals"
            words.append(said + (f" ({'; '.join(who)})" if who else ""))
        taken, missed = (groups["known"][i] + groups["new"][i] for i in (0, 1))
        verdict = "just enough"
        if taken or missed:
            asks = "too much" if not taken else "too little" if not missed else "for the wrong "
            asks += "features" if taken and missed else ""
            verdict = f"{asks}: it {'under' if any(groups['known']) else 'over'}fits"
            if taken and missed and any(groups["known"]):
                verdict = f"{asks}: too little and too much at once"
        rule = joined(list(asked)) if asked else "anything"
        assert frogs.caption == (
            f"The rule “{rule}” is wrong about {words[0]} and {words[1]}. It asks {verdict}."
        )


def test_what_the_chapter_says_of_frogs(frogs):
    assert "new animals (taken for frogs: gecko" in frogs.caption
    assert frogs.caption.endswith("It asks too little: it underfits.")
    right = ["four legs", "no tail", "moist skin"]
    ask(frogs, [*right, "spots on its back"])
    assert "0 of 8 known" in frogs.caption
    assert "missed: tree frog and golden poison frog" in frogs.caption
    ask(frogs, ["moist skin", "lives in water"])  # takes the olm, and misses two frogs
    assert frogs.caption.endswith("It asks for the wrong features: it overfits.")
    ask(frogs, ["spots on its back"])  # takes the fire salamander, and misses two frogs
    assert frogs.caption.endswith(
        "It asks for the wrong features: too little and too much at once."
    )
    ask(frogs, right)
    assert frogs.caption.endswith(
        "0 of 8 known animals and 0 of 8 new animals. It asks just enough."
    )


def texts_at(axes, condition):
    return [t for t in axes.texts if condition(t.get_text())]


def test_marks_and_counts_of_the_tables(frogs):
    asked = ["four legs", "no tail", "moist skin", "spots on its back"]
    ask(frogs, asked)
    (axes,) = frogs.picture.axes
    verdicts = texts_at(axes, lambda text: text[0] in "✓✗")
    names = {t.get_text(): t for t in texts_at(axes, lambda t: t in {a["name"] for a in ANIMALS})}
    assert len(verdicts) == len(names) == 16
    for animal in ANIMALS:
        name = names[animal["name"]]
        (x, y) = name.get_position()
        (verdict,) = [
            v for v in verdicts if v.get_position()[1] == y and 0 < v.get_position()[0] - x < 376
        ]
        passes = all(animal[f] == "1" for f in asked)
        right = passes == (animal["is_frog"] == "1")
        assert verdict.get_text() == ("✓ " if right else "✗ ") + ("frog" if passes else "no frog")
        assert (verdict.get_color() == ink(COLOURS["now"])) != right
        assert (name.get_weight() == "bold") == (animal["is_frog"] == "1")
    assert [t.get_text() for t in texts_at(axes, lambda t: t.endswith("wrong"))] == [
        "none wrong",
        "2 wrong",
    ]


def test_dots_are_the_file(frogs):
    (axes,) = frogs.picture.axes
    large, small = ([c for c in axes.collections if c.get_sizes()[0] == size] for size in (55, 8))
    for group, full, empty in zip(("known", "new"), large, small, strict=True):
        rows = [a for a in ANIMALS if a["group"] == group]
        has = {(r, c) for r, a in enumerate(rows) for c, f in enumerate(FEATURES) if a[f] == "1"}
        dots, rings = np.array(full.get_offsets()), np.array(empty.get_offsets())
        every = np.concatenate([dots, rings])
        xs, ys = (sorted(set(every[:, axis])) for axis in (0, 1))
        assert {(ys.index(y), xs.index(x)) for x, y in dots} == has
        assert len(rings) == 8 * 6 - len(has)


def test_names_keep_clear_of_the_marks(frogs):
    (axes,) = frogs.picture.axes
    bands = [band.get_window_extent() for band in axes.patches]
    names = texts_at(axes, lambda text: text in {a["name"] for a in ANIMALS})
    for name, table in ((n, bands[:6] if n.get_position()[0] < 370 else bands[6:]) for n in names):
        assert table[0].x0 - name.get_window_extent().x1 > 8, name.get_text()


def test_bands_mark_what_is_asked(frogs, monkeypatch):
    redraws = full_redraws(frogs, monkeypatch)
    (axes,) = frogs.picture.axes
    for asked in (["no tail"], FEATURES, []):
        ask(frogs, asked)
        on = [band.get_visible() for band in axes.patches]
        assert on == [feature in asked for feature in FEATURES] * 2
        centres = [band.get_x() + band.get_width() / 2 for band in axes.patches]
        heads = [t.get_position()[0] for t in texts_at(axes, lambda text: text in FEATURES)]
        assert sorted(centres) == pytest.approx(sorted(heads))
    assert redraws == []


def test_every_box_of_the_frogs_changes_the_picture(frogs):
    for name, box in frogs.controls.items():
        seen = {name: picture(frogs).tobytes()}
        box.value = not box.value
        assert not frogs.error
        assert picture(frogs).tobytes() not in seen.values(), name


# -- capacity --------------------------------------------------------------------------------------

CAPACITY = re.compile(
    r"(?P<name>.+?) is typically off by (?P<seen>\S+)(?: °C)? on the (?P<count>\d+) points seen "
    r"and by (?P<new>\S+)(?: °C)? on new ones: (?P<verdict>.+?)\. "
    r"From (?:the truth|October to December, never seen,) it is off by (?P<off>.+?)(?: °C)?\."
)
BEST = re.compile(r"\((\w+) (\S+) is best, (\S+)(?: °C)?\)")
RIDGES = ["10", "1", "0.1", "0.01", "0.001", "0.0001", "1e-05", "1e-06", "0"]


def said(explorer):
    return CAPACITY.fullmatch(explorer.caption).groupdict()


def near(text, value):
    """Say whether a caption's number is this one, rounded to what it shows."""
    shown_value = plain(text)
    if value >= 1000:
        return shown_value == pytest.approx(value, rel=0.06)
    return shown_value == pytest.approx(value, abs=0.0051 if value > 0.9995 else 0.00051, rel=0.006)


def rms(values):
    return float(np.sqrt(np.mean(np.square(values))))


def sine_data(points, noise, seed):
    """Return seen (x, y), new (x, y), a fine grid, and the truth on it."""

    def noisy(count, seed):
        x = np.arange(count) / (count - 1)
        return x, np.sin(2 * np.pi * x) + noise * np.random.default_rng(seed).standard_normal(count)

    grid = np.linspace(0, 1, 501)
    return noisy(points, seed), noisy(1001, 99), grid, np.sin(2 * np.pi * grid)


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


def check(explorer, fits, now, seen, new, off, ridge="0", braked=()):
    """Compare a caption with the errors of fits; off: x, y of the truth or of later days.

    braked: the fits with each of RIDGES instead of this one.
    """
    words = said(explorer)
    errors = [rms(fit(new[0]) - new[1]) for fit in fits]
    assert int(words["count"]) == len(seen[0])
    assert near(words["seen"], rms(fits[now](seen[0]) - seen[1]))
    assert near(words["new"], errors[now])
    assert near(words["off"], rms(fits[now](off[0]) - off[1]))
    kind, names = "degree" if len(fits) == 16 else "depth", list(map(str, range(len(fits))))
    of_ridges = [rms(fit(new[0]) - new[1]) for fit in braked]
    if ridge != "0" and errors[now] > max(1.1 * min(of_ridges), 0.0005):
        kind, names, errors, now = "ridge", RIDGES, of_ridges, RIDGES.index(ridge)
    best, least = int(np.argmin(errors)), min(errors)
    if words["verdict"].startswith("no other"):
        assert words["verdict"] == f"no other {kind} does better"
        assert errors[now] == pytest.approx(least, rel=1e-9)
        return
    told_kind, told, told_least = BEST.search(words["verdict"]).groups()
    assert told_kind == kind
    assert errors[names.index(told)] == pytest.approx(least, rel=1e-6)
    assert near(told_least, least)
    verdict = words["verdict"].split(" (")[0]
    if errors[now] <= 1.1 * least or errors[now] < 0.0005:
        assert verdict == "about as good as it gets"
    else:
        assert verdict == ("it underfits" if now < best else "it overfits")


@given(
    st.integers(0, 15),
    st.integers(10, 200),
    st.integers(1, 20),
    st.integers(1, 20),
    st.sampled_from(["0", "1e-06", "0.01", "10"]),
)
@same_explorer
def test_caption_of_polynomials(capacity, degree, points, noise, seed, ridge):
    noise = noise / 20
    capacity.set(f"degree={degree} points={points} noise={noise} seed={seed} ridge={ridge}")
    seen, new, grid, truth = sine_data(points, noise, seed)
    fits = [polynomial(*seen, d, float(ridge), 0, 1) for d in range(16)]
    braked = [polynomial(*seen, degree, float(r), 0, 1) for r in RIDGES]
    check(capacity, fits, degree, seen, new, (grid, truth), ridge, braked)
    penalty = "" if ridge == "0" else f" with ridge {ridge}"
    assert said(capacity)["name"] == f"Degree {degree}{penalty}"


@given(st.integers(0, 15), st.integers(10, 200), st.sampled_from(["0", "0.001", "1"]))
@same_explorer
def test_caption_of_the_temperatures(capacity, degree, points, ridge):
    capacity.set(f"data=temperatures degree={degree} points={points} ridge={ridge}")
    seen, new, later = days_data(points)
    fits = [polynomial(*seen, d, float(ridge), 0, 272) for d in range(16)]
    braked = [polynomial(*seen, degree, float(r), 0, 272) for r in RIDGES]
    check(capacity, fits, degree, seen, new, later, ridge, braked)
    assert capacity.caption.count(" °C") >= 3
    assert "never seen" in capacity.caption


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("degree=15 ridge=10", "it underfits (ridge 1 is best, 0.360)"),
        ("degree=15 ridge=0.0001", "it overfits (ridge 1 is best, 0.360)"),
        ("degree=3 ridge=10", "it underfits (ridge 0 is best, 0.312)"),
        ("degree=15 ridge=1", "about as good as it gets (degree 5 is best, 0.347)"),
        ("degree=1 ridge=0.1", "it underfits (degree 3 is best, 0.313)"),
    ],
)
def test_a_ridge_is_judged_by_other_ridges_first(capacity, code, verdict):
    capacity.set(code)
    assert said(capacity)["verdict"] == verdict


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


@pytest.mark.parametrize(
    ("points", "depth", "data"),
    [(16, 0, "sine"), (16, 8, "sine"), (60, 3, "sine"), (25, 2, "days"), (40, 6, "days")],
)
def test_caption_of_trees(capacity, points, depth, data):
    name = "noisy sine" if data == "sine" else "temperatures"
    capacity.set(f"model=tree 'data={name}' depth={depth} points={points}")
    if data == "sine":
        seen, new, grid, truth = sine_data(points, 0.3, 2)
        off = (grid, truth)
    else:
        seen, new, off = days_data(points)
    pairs = list(zip(seen[0].tolist(), seen[1].tolist(), strict=True))
    fits = [np.vectorize(tree_by_loops(pairs, d), otypes=[float]) for d in range(9)]
    check(capacity, fits, depth, seen, new, off)
    assert said(capacity)["name"] == f"A tree of depth {depth}"


def test_caption_of_the_network_at_every_epoch(capacity):
    truth = np.sin(2 * np.pi * np.linspace(0, 1, 101))
    errors = np.sqrt(RECORD["test_errors"][0])
    best = int(errors.argmin())
    for place, epoch in enumerate(RECORD["epochs"]):
        capacity.set(f"model=network epoch={epoch:,}")
        words = said(capacity)
        epochs = "1 epoch" if epoch == 1 else f"{epoch:,} epochs"
        assert words["name"] == f"After {epochs} the network"
        assert near(words["seen"], np.sqrt(RECORD["training_errors"][0][place]))
        assert near(words["new"], errors[place])
        assert near(words["off"], rms(np.array(RECORD["curves"][place]) - truth))
        if place == best:
            assert words["verdict"] == "no other epoch does better"
            continue
        word = "under" if place < best else "over"
        expected = (
            "about as good as it gets" if errors[place] <= 1.1 * errors[best] else f"it {word}fits"
        )
        at_best = f"(epoch {RECORD['epochs'][best]:,} is best, {errors[best]:.3f})"
        assert words["verdict"] == f"{expected} {at_best}"


def test_more_points_cure_overfitting_and_do_not_cause_underfitting(capacity):
    """Too few samples invite overfitting (degree 15); a line underfits with any number."""

    def new(code):
        capacity.set(code)
        return float(said(capacity)["new"]), said(capacity)["verdict"]

    few, verdict = new("degree=15 points=16")
    assert "overfits" in verdict
    many, verdict = new("points=200")
    assert "good" in verdict
    assert few > 5 * many
    for points in (16, 200):
        assert "underfits" in new(f"degree=1 points={points}")[1]


def test_the_points_and_curves_that_are_drawn(capacity):
    fit_axes, error_axes = capacity.picture.axes
    capacity.set("degree=5 points=25")
    seen, new, grid, truth = sine_data(25, 0.3, 2)
    drawn = {line.get_color(): line for line in fit_axes.lines if len(line.get_xdata())}
    np.testing.assert_allclose(drawn["0.15"].get_data(), seen, atol=1e-9)
    np.testing.assert_allclose(drawn[COLOURS["sigmoid"]].get_data(), new, atol=1e-9)
    np.testing.assert_allclose(drawn["0.4"].get_data(), (grid, truth), atol=1e-9)
    fits = [Chebyshev.fit(*seen, d) for d in range(16)]
    np.testing.assert_allclose(drawn[COLOURS["now"]].get_ydata(), fits[5](grid), atol=1e-6)
    for points, colour in ((seen, "0.15"), (new, COLOURS["sigmoid"])):
        curve, dot = (
            next(
                line
                for line in error_axes.lines
                if line.get_color() == colour
                and line.get_mfc() != "none"
                and len(line.get_xdata()) == length
            )
            for length in (16, 1)
        )
        errors = [rms(fit(points[0]) - points[1]) for fit in fits]
        np.testing.assert_allclose(curve.get_data(), (range(16), errors), rtol=1e-5)
        np.testing.assert_allclose(np.ravel(dot.get_data()), (5, errors[5]), rtol=1e-5)


def label(axes, beginning):
    (text,) = [t for t in axes.texts if t.get_text().startswith(beginning)]
    return text


def test_marks_of_now_best_and_noise(capacity):
    _, axes = capacity.picture.axes
    capacity.set("degree=9 noise=0.5")
    seen, new, *_ = sine_data(16, 0.5, 2)
    best = int(np.argmin([rms(Chebyshev.fit(*seen, d)(new[0]) - new[1]) for d in range(16)]))
    assert label(axes, "best").get_text() == f"best: {best}"
    (ring,) = [line for line in axes.lines if line.get_mfc() == "none" and line.get_marker() == "o"]
    assert ring.get_xdata()[0] == label(axes, "best").xy[0] == best
    assert ring.get_ydata()[0] == label(axes, "best").xy[1]
    (now,) = [line for line in axes.lines if line.get_color() == COLOURS["now"]]
    assert list(now.get_xdata()) == [9, 9]
    (noise,) = [line for line in axes.lines if line.get_color() == "0.6"]
    assert list(noise.get_ydata()) == [0.5, 0.5]
    for code, on in (("", True), ("noise=0", False), ("noise=0.3 data=temperatures", False)):
        capacity.set(code)
        assert noise.get_visible() == label(axes, "noise").get_visible() == on
    capacity.set("model=network epoch=2,000")
    assert list(now.get_xdata()) == [2000, 2000]
    assert label(axes, "best").get_text() == "best: 500"


def test_a_mark_beyond_the_edge_is_a_triangle(capacity):
    _, axes = capacity.picture.axes
    dots = [line for line in axes.lines if line.get_mfc() != "none" and len(line.get_xdata()) == 1]
    for code, of_seen, of_new in (
        ("degree=3", "o", "o"),
        ("degree=15", "v", "o"),  # 0.000 on the seen points
        ("degree=15 data=temperatures", "v", "^"),  # 45 °C on new ones
        ("degree=3", "o", "o"),
    ):
        capacity.set(code)
        by_colour = {dot.get_color(): dot for dot in dots}
        seen, new = by_colour["0.15"], by_colour[COLOURS["sigmoid"]]
        assert (seen.get_marker(), new.get_marker()) == (of_seen, of_new), code
        low, high = axes.get_ylim()
        assert all(low <= dot.get_ydata()[0] <= high for dot in dots)


def test_seen_points_beyond_the_frame_are_triangles_at_its_edge(capacity):
    axes = capacity.picture.axes[0]
    marks = {m.get_marker(): m for m in axes.lines if m.get_color() == "0.15"}
    for points, noise in ((200, 1), (16, 0.3)):
        capacity.set(f"points={points} noise={noise} seed=3")
        (x, y), *_ = sine_data(points, noise, 3)
        for marker, there, edge in (("^", y > 2.4, 2.4), ("v", y < -2.4, -2.4), ("o", None, None)):
            if marker == "o":
                there = np.abs(y) <= 2.4
            at, heights = marks[marker].get_data()
            is_drawn = np.isfinite(heights)
            np.testing.assert_allclose(at[is_drawn], x[there])
            np.testing.assert_allclose(heights[is_drawn], y[there] if marker == "o" else edge)
            assert there.any() == (noise == 1 or marker == "o")
            assert not marks[marker].get_clip_on()  # nor is one at the edge cut in half


def test_the_best_one_of_0_is_ringed_above_the_ticks(capacity):
    _, axes = capacity.picture.axes
    capacity.set("noise=0 points=200")
    (ring,) = [line for line in axes.lines if line.get_mfc() == "none" and line.get_marker() == "o"]
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
    seen, new = (
        next(line for line in axes.lines if line.get_color() == c and len(line.get_xdata()) > 2)
        for c in ("0.15", COLOURS["sigmoid"])
    )
    if max(ends := (seen.get_ydata()[-1], new.get_ydata()[-1])) > 0.04:  # else both lie beyond
        above = boxes[1].y0 - boxes[0].y0
        assert (above > 0) == (ends[1] > ends[0]), "the label of the larger error stands above"


def test_labels_stand_at_the_ends_of_lines_unless_they_would_touch(capacity):
    _, axes = capacity.picture.axes
    names = ("seen points", "noise", "new points")

    def heights(code):  # in shares of the axis, 0.04 to 10
        capacity.set(code)
        return [np.log(label(axes, n).get_position()[1] / 0.04) / np.log(250) for n in names]

    def share(error):
        return np.log(error / 0.04) / np.log(250)

    assert heights("") == pytest.approx([0, share(0.3), share(3.49)], abs=0.001)
    seen, noise, new = heights("points=200")  # all three end at 0.3: they part around it
    assert [noise - seen, new - noise] == pytest.approx([0.07, 0.07])
    assert noise == pytest.approx(np.mean([share(e) for e in (0.285, 0.3, 0.302)]), abs=0.002)
    seen, noise, new = heights("points=16 degree=15 ridge=10")  # both errors end above the noise
    assert noise == pytest.approx(share(0.3))
    assert new - seen == pytest.approx(0.07)
    assert heights("noise=0 ridge=0")[::2] == pytest.approx([0, 0.07]), "not below the foot"


def test_the_best_one_is_named_beside_the_line_of_now(capacity):
    _, axes = capacity.picture.axes
    (now,) = [line for line in axes.lines if line.get_color() == COLOURS["now"]]
    for code in ("degree=3", "degree=15 noise=0", "model=network epoch=500"):
        capacity.set(code)
        where = axes.transData.transform((now.get_xdata()[0], 1))[0]
        box = label(axes, "best").get_window_extent()
        assert box.x0 > where + 8 or box.x1 < where - 8, code


def test_the_band_is_the_spread_of_five_networks(capacity):
    _, axes = capacity.picture.axes
    capacity.set("model=network")
    (band,) = axes.collections
    errors = np.sqrt(RECORD["test_errors"])
    corners = band.get_paths()[0].vertices
    for place, epoch in enumerate(RECORD["epochs"]):
        heights = corners[corners[:, 0] == epoch, 1]
        assert heights.min() == pytest.approx(errors[:, place].min())
        assert heights.max() == pytest.approx(errors[:, place].max())
    assert band.get_visible()
    capacity.set("model=tree")
    assert not band.get_visible()


SHOWN = {
    ("polynomial", "noisy sine"): "model data degree ridge points noise seed",
    ("polynomial", "temperatures"): "model data degree ridge points",
    ("tree", "noisy sine"): "model data depth points noise seed",
    ("tree", "temperatures"): "model data depth points",
    ("network", "noisy sine"): "model epoch",
    ("network", "temperatures"): "model epoch",
}


@pytest.mark.parametrize(("model", "data"), SHOWN)
def test_only_controls_of_use_are_shown(capacity, model, data):
    capacity.set(f"model={model} 'data={data}'")
    on = [n for n, c in capacity.controls.items() if c.layout.display != "none"]
    assert " ".join(on) == SHOWN[model, data]


@pytest.mark.parametrize(("model", "data"), SHOWN)
def test_every_control_of_capacity_changes_the_picture(capacity, model, data, monkeypatch):
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
            assert CAPACITY.fullmatch(capacity.caption), capacity.caption
            seen.add((picture(capacity).tobytes(), capacity.caption))
        assert len(seen) == 3, name
        control.value = first
    assert redraws == [], "sliders move what is there"
    assert limits == [(*axes.get_xlim(), *axes.get_ylim()) for axes in capacity.picture.axes]


def test_there_and_back_is_the_same_picture():
    explorer = shown(fitting.capacity)  # a new one: no data but the sine were drawn on it yet
    before = picture(explorer)
    for model, data in SHOWN:
        explorer.set(f"model={model} 'data={data}'")
        explorer.set("model=polynomial 'data=noisy sine'")
        np.testing.assert_array_equal(picture(explorer), before, err_msg=f"{model}, {data}")


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


def test_model_and_data_change_the_picture(capacity):
    seen = set()
    for model, data in SHOWN:
        capacity.set(f"model={model} 'data={data}'")
        seen.add(picture(capacity).tobytes())
    assert len(seen) == 5, "the network has data of its own"


def test_values_of_capacity_are_taken_back(capacity):
    capacity.set("model=network epoch=20,000 degree=15 ridge=1e-05 noise=0.85 data=temperatures")
    code, caption = capacity.code, capacity.caption
    capacity.set("model=tree epoch=1 degree=0 ridge=10 noise=0 'data=noisy sine'")
    assert capacity.caption != caption
    capacity.set(code)
    assert (capacity.code, capacity.caption) == (code, caption)
    with pytest.raises(ValueError, match="epoch must be one of"):
        capacity.set("epoch=7")


# -- sampling --------------------------------------------------------------------------------------


GRID = "every n-th row and column"
WAYS = ["random", GRID, "corner"]


def grey_of(name):
    if name == "stripes":
        return np.array([[0.9 if column % 16 < 8 else 0.2 for column in range(256)]] * 256)
    pixels = np.asarray(Image.open(DATA / "photographs" / f"{name}.png"), dtype=float) / 255
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=-1)
    height, width = (side // 2 for side in grey.shape)
    return grey[: 2 * height, : 2 * width].reshape(height, 2, width, 2).mean(axis=(1, 3))


def sample_of(shape, way, fraction):
    taken = np.zeros(shape, bool)
    if way == "random":
        order = [p for p in np.random.default_rng(8).permutation(256**2) if p < taken.size]
        taken.flat[order[: max(1, round(fraction * taken.size))]] = True
    elif way == "corner":
        rows, columns = (max(1, round(side * fraction**0.5)) for side in shape)
        taken[:rows, :columns] = True
    else:
        n = next(n for n in range(1, 40) if 1 / n**2 <= fraction * (1 + 1e-8))
        rows, columns = (np.arange(side) % n == 0 for side in shape)
        taken = np.outer(rows, columns)
    return taken


def bars(values):
    return np.bincount(np.minimum(values * 16, 15).astype(int), minlength=16) / values.size


@pytest.mark.parametrize("name", ["astronaut", "camera", "cat", "coffee", "stripes"])
@pytest.mark.parametrize("way", WAYS)
def test_caption_of_sampling(sampling, name, way):
    grey = grey_of(name)
    for fraction in (0.001, 0.01, 0.1, 0.5, 1):
        sampling.set(f"photograph={name} 'way={way}' fraction={fraction}")
        taken = sample_of(grey.shape, way, fraction)
        told = numbers(sampling.caption)
        if way == GRID:
            assert "(n = " in sampling.caption
            assert told.pop(1) == np.diff(np.flatnonzero(taken[0]))[0]
        count, share, mean, all_mean, wrong = told
        assert count == taken.sum()
        assert share == pytest.approx(100 * taken.mean(), abs=0.051)
        assert mean == pytest.approx(grey[taken].mean(), abs=0.00051)
        assert all_mean == pytest.approx(grey.mean(), abs=0.00051)
        # a value within rounding of a bar's edge may fall to either side
        expected = 50 * np.abs(bars(grey[taken].ravel()) - bars(grey.ravel())).sum()
        assert wrong == pytest.approx(expected, abs=0.06 + 100 * (count < 100) / count)
        shown_pixels = sampling.picture.axes[0].images[1].get_array()
        assert np.array_equal(~np.ma.getmaskarray(shown_pixels), taken)
        np.testing.assert_allclose(shown_pixels.compressed(), grey[taken], atol=1e-6)


def test_a_random_sample_errs_as_chance_does(sampling):
    for fraction in (0.001, 0.003, 0.01, 0.03, 0.1):
        sampling.set(f"fraction={fraction}")
        count, _, mean, all_mean, _ = numbers(sampling.caption)
        assert abs(mean - all_mean) < 3 * grey_of("camera").std() / count**0.5


def test_each_way_but_chance_fails_somewhere(sampling):
    def off(code):
        sampling.set(code)
        _, _, mean, all_mean, _ = numbers(sampling.caption)
        return abs(mean - all_mean)

    assert off("way=corner") > 0.2
    assert off("way=random") < 0.02
    sampling.set(f"'way={GRID}'")
    assert "n = 10)" in sampling.caption
    assert numbers(sampling.caption)[3] == pytest.approx(0.506)
    sampling.set("photograph=stripes fraction=0.00390625")
    assert "256 pixels (n = 16), 0.4 % of all, have a mean brightness of 0.900" in sampling.caption
    assert off("way=random") < 0.05


def test_the_grid_never_takes_more_than_wanted(sampling):
    sampling.set(f"'way={GRID}'")
    for exponent in np.arange(-60, 1) / 20:  # every place of the slider
        sampling.controls["fraction"].value = 10**exponent
        n = numbers(sampling.caption)[1]
        assert 1 / n**2 <= 10**exponent * 1.0001
        assert n == 1 or 1 / (n - 1) ** 2 > 10**exponent, "a denser grid would be too much"
        pixels = sampling.picture.axes[0].images[1].get_array()
        assert pixels.count() == np.ceil(256 / n) ** 2


def test_histograms_and_means_that_are_drawn(sampling):
    sampling.set("way=corner fraction=0.01")
    axes = sampling.picture.axes[1]
    grey = grey_of("camera")
    whole, sample = (patch.get_data() for patch in axes.patches)
    np.testing.assert_allclose(whole.values, bars(grey.ravel()), atol=2e-4)
    np.testing.assert_allclose(sample.values, bars(grey[:26, :26].ravel()), atol=2e-3)
    np.testing.assert_allclose(whole.edges, np.arange(17) / 16)
    assert [line.get_xdata()[0] for line in axes.lines] == pytest.approx(
        [grey.mean(), grey[:26, :26].mean()], abs=1e-6
    )


@pytest.mark.parametrize(
    ("code", "too_high"),
    [
        ("way=random fraction=0.01", []),
        ("way=corner fraction=0.1", [12, 13]),
        ("photograph=stripes 'way=every n-th row and column' fraction=0.00390625", [14]),
        ("photograph=coffee way=corner fraction=0.1", [1, 5, 6]),
        ("photograph=coffee way=corner fraction=0.1122", [1, 5]),  # the third just has room
    ],
)
def test_a_bar_that_is_too_high_bears_an_arrow_and_its_share(sampling, code, too_high):
    sampling.set(code)
    axes = sampling.picture.axes[1]
    shares = axes.patches[1].get_data().values
    assert list(np.flatnonzero(shares > axes.get_ylim()[1])) == too_high
    texts = [text for text in axes.texts if text.get_text()]
    assert [text.get_text() for text in texts] == [f"{100 * shares[i]:.1f} % ▶" for i in too_high]
    for text, bar in zip(texts, too_high, strict=True):
        assert text.get_rotation() == 90, "the arrow points up"
        box = text.get_window_extent()
        (left, bottom), (right, top) = axes.transData.transform(
            [(bar / 16, 0), ((bar + 1) / 16, axes.get_ylim()[1])]
        )
        assert left < box.x0 < box.x1 < right
        assert bottom < box.y0 < box.y1 < top


def test_every_control_of_sampling_changes_the_picture(sampling, monkeypatch):
    redraws = full_redraws(sampling, monkeypatch)
    for name, places in {
        "fraction": [0.001, 10**-1.5, 1],
        "way": WAYS,
    }.items():
        seen = set()
        for place in places:
            sampling.controls[name].value = place
            assert not sampling.error
            seen.add(picture(sampling).tobytes())
        assert len(seen) == 3, name
        sampling.set("way=random fraction=0.01")
    assert redraws == []
    seen = set()
    for place in sampling.controls["photograph"].options:
        sampling.controls["photograph"].value = place
        assert not sampling.error
        seen.add(picture(sampling).tobytes())
    assert len(seen) == len(redraws) == 5


def test_a_sample_of_all_is_the_picture(sampling):
    for way in sampling.controls["way"].options:
        sampling.set(f"'way={way}' fraction=1")
        step = " (n = 1)" if way == GRID else ""
        assert sampling.caption.startswith(f"The sample's 65,536 pixels{step}, 100.0 % of all,")
        assert sampling.caption.endswith(
            "In the histogram 0.0 % of the sample stand in the wrong bar."
        )


# -- what they share -------------------------------------------------------------------------------


def test_explorers_fit_the_page_and_have_ink(frogs, capacity, sampling):
    for explorer in (frogs, capacity, sampling):
        width, _ = explorer.picture.get_size_inches() * explorer.picture.dpi
        assert width == 760
        assert picture(explorer).std() > 10


@pytest.mark.parametrize(("name", "words"), [("_frogs", "four_legs"), ("_sampling", "fraction")])
def test_values_are_taken_back(request, name, words):
    explorer = request.getfixturevalue(name)
    code, caption = explorer.code, explorer.caption
    explorer.set("four_legs=false lives_in_water=true" if name == "_frogs" else "fraction=0.5")
    assert explorer.caption != caption
    explorer.set(code)
    assert (explorer.code, explorer.caption) == (code, caption)
    with pytest.raises(ValueError, match=words):
        explorer.set(f"{words}=7")
