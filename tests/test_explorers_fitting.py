"""The explorers of the fitting chapter: what is drawn, and whether the captions tell the truth.

The oracles read the data files themselves and fit with NumPy, SciPy and plain loops, never with
lessonkit's own maths.
"""

import csv
import itertools
import json

import numpy as np
import pytest
from explored import full_redraws, numbers, picture, shown
from hypothesis import HealthCheck, settings
from PIL import Image

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
def _sampling():
    return shown(fitting.sampling)


@pytest.fixture
def frogs(_frogs):
    ask(_frogs, ["four legs"])
    return _frogs


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


def test_explorers_fit_the_page_and_have_ink(frogs, sampling):
    for explorer in (frogs, sampling):
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
