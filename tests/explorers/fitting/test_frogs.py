"""The frogs: facts against loops over the file of animals."""

import csv
import itertools

import numpy as np
import pytest
from explored import full_redraws, picture, shown

from lessonkit.datasets import DATA
from lessonkit.explorers.fitting import frogs as make
from lessonkit.explorers.style import COLOURS, ink
from lessonkit.explorers.words import joined

ANIMALS = list(csv.DictReader((DATA / "animals.csv").open(encoding="utf-8")))
FEATURES = list(ANIMALS[0])[3:]
GROUPS = {group: [a for a in ANIMALS if a["group"] == group] for group in ("known", "new")}
RIGHT = ["four legs", "no tail", "moist skin"]


@pytest.fixture(scope="module")
def opened():
    return shown(make)


@pytest.fixture
def frogs(opened):
    ask(opened, ["four legs"])
    return opened


def ask(explorer, asked):
    explorer.set(" ".join(f"{f.replace(' ', '_')}={str(f in asked).lower()}" for f in FEATURES))


def passes(animal, asked):
    return all(animal[feature] == "1" for feature in asked)


def mistakes(asked, group):
    """Return the names taken for frogs, and the frogs missed, of the known or the new animals."""
    taken, missed = [], []
    for animal in GROUPS[group]:
        if passes(animal, asked) and animal["is_frog"] == "0":
            taken.append(animal["name"])
        if not passes(animal, asked) and animal["is_frog"] == "1":
            missed.append(animal["name"])
    return taken, missed


def texts_at(axes, condition):
    return [t for t in axes.texts if condition(t.get_text())]


def names_of(axes):
    return texts_at(axes, lambda text: text in {a["name"] for a in ANIMALS})


def assert_picture_shows(explorer):
    """Assert that verdicts, their counts and the bands of the features are those of the facts."""
    (asked, known, new), (axes,) = explorer.facts, explorer.picture.axes
    on = [band.get_visible() for band in axes.patches]
    assert on == [feature in asked for feature in FEATURES] * 2
    verdicts = texts_at(axes, lambda text: text[0] in "✓✗")
    wrong = [known.taken + known.missed, new.taken + new.missed]
    rows = (GROUPS["known"] + GROUPS["new"], [*known.passes, *new.passes], verdicts, names_of(axes))
    for animal, is_taken, verdict, name in zip(*rows, strict=True):
        right = animal["name"] not in wrong[0] + wrong[1]
        words = ("✓ " if right else "✗ ") + ("frog" if is_taken else "no frog")
        assert (name.get_text(), verdict.get_text()) == (animal["name"], words)
        assert verdict.get_position()[1] == name.get_position()[1]
        assert 0 < verdict.get_position()[0] - name.get_position()[0] < 376
        assert (verdict.get_color() == ink(COLOURS["now"])) != right
        assert (name.get_weight() == "bold") == (animal["is_frog"] == "1")
    counts = [t.get_text() for t in texts_at(axes, lambda text: text.endswith("wrong"))]
    assert counts == [f"{len(names) or 'none'} wrong" for names in wrong]


@pytest.mark.parametrize("count", range(7))
def test_facts_and_caption_of_every_rule(frogs, count):
    for asked in itertools.combinations(FEATURES, count):
        ask(frogs, asked)
        assert_picture_shows(frogs)
        assert frogs.facts.asked == list(asked)
        words, groups = [], {}
        for group, verdicts in (("known", frogs.facts.known), ("new", frogs.facts.new)):
            taken, missed = groups[group] = mistakes(asked, group)
            assert list(verdicts.passes) == [passes(animal, asked) for animal in GROUPS[group]]
            assert (verdicts.taken, verdicts.missed) == (taken, missed)
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
    ask(frogs, [*RIGHT, "spots on its back"])
    assert "0 of 8 known" in frogs.caption
    assert "missed: tree frog and golden poison frog" in frogs.caption
    ask(frogs, ["moist skin", "lives in water"])  # takes the olm, and misses two frogs
    assert frogs.caption.endswith("It asks for the wrong features: it overfits.")
    ask(frogs, ["spots on its back"])  # takes the fire salamander, and misses two frogs
    assert frogs.caption.endswith(
        "It asks for the wrong features: too little and too much at once."
    )
    ask(frogs, RIGHT)
    assert frogs.caption.endswith(
        "0 of 8 known animals and 0 of 8 new animals. It asks just enough."
    )


def test_dots_are_the_file(frogs):
    (axes,) = frogs.picture.axes
    large, small = ([c for c in axes.collections if c.get_sizes()[0] == size] for size in (55, 8))
    for rows, full, empty in zip(GROUPS.values(), large, small, strict=True):
        has = {(r, c) for r, a in enumerate(rows) for c, f in enumerate(FEATURES) if a[f] == "1"}
        dots, rings = np.array(full.get_offsets()), np.array(empty.get_offsets())
        every = np.concatenate([dots, rings])
        xs, ys = (sorted(set(every[:, axis])) for axis in (0, 1))
        assert {(ys.index(y), xs.index(x)) for x, y in dots} == has
        assert len(rings) == 8 * 6 - len(has)


def test_names_keep_clear_of_the_marks(frogs):
    (axes,) = frogs.picture.axes
    bands = [band.get_window_extent() for band in axes.patches]
    for name in names_of(axes):
        table = bands[:6] if name.get_position()[0] < 370 else bands[6:]
        assert table[0].x0 - name.get_window_extent().x1 > 8, name.get_text()


def test_bands_stand_under_their_features(frogs):
    (axes,) = frogs.picture.axes
    centres = [band.get_x() + band.get_width() / 2 for band in axes.patches]
    heads = [t.get_position()[0] for t in texts_at(axes, lambda text: text in FEATURES)]
    assert sorted(centres) == pytest.approx(sorted(heads))


def test_every_box_changes_the_picture_and_redraws_nothing_that_stands_still(frogs, monkeypatch):
    redraws = full_redraws(frogs, monkeypatch)
    for name, box in frogs.controls.items():
        before = picture(frogs)
        box.value = not box.value
        assert (picture(frogs) != before).any(), name
    assert redraws == []


def test_a_box_is_ticked_or_not(frogs):
    before = frogs.code
    with pytest.raises(ValueError, match="four_legs"):
        frogs.set("four_legs=7")
    assert frogs.code == before
