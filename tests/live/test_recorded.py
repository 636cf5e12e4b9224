"""Which states an explorer records: what a group says, and what it must not say."""

import ipywidgets
import pytest

from lessonkit import explorers
from lessonkit.live import Pixels, explore
from lessonkit.live.recorded import listed_values


def draw(x=2, size="small", on=False, p=1.0, words="a", span=(1, 2)):
    return f"{x} {size} {on} {p} {words} {span}."


@pytest.fixture
def explorer():
    picture = Pixels()
    picture.set_array([[0.5]])
    controls = {
        "x": (0, 9),
        "size": ["small", "very large", "huge"],
        "on": ipywidgets.Checkbox(),
        "p": ipywidgets.FloatLogSlider(1, min=-1, max=1, step=0.5),
        "words": ipywidgets.Text("a"),
        "span": ipywidgets.IntRangeSlider(value=(1, 2), min=0, max=5),
    }
    return explore(draw, picture, **controls)


def choices(explorer, group):
    (parts,) = explorer.recorded(group).recordings
    return {part.name: part.choices(explorer.controls[part.name]) for part in parts}


def test_it_returns_the_explorer_and_records_nothing_by_itself(explorer):
    assert explorer.recordings == []
    assert explorer.recorded("x", "size x") is explorer
    assert [[part.name for part in group] for group in explorer.recordings] == [
        ["x"],
        ["size", "x"],
    ]


def test_names_stand_for_all_values_as_a_page_sends_them(explorer):
    values = choices(explorer, "x size on p")
    assert list(values) == ["x", "size", "on", "p"]
    assert values["x"] == list(range(10))
    assert values["size"] == [0, 1, 2]
    assert values["on"] == [False, True]
    assert values["p"] == pytest.approx([0.1, 10**-0.5, 1, 10**0.5, 10])


def test_every_so_many_values_are_counted_from_the_present_one_and_keep_the_ends(explorer):
    assert choices(explorer, "x/3") == {"x": [0, 2, 5, 8, 9]}
    explorer.set("x=3")
    assert choices(explorer, "x/3") == {"x": [0, 3, 6, 9]}


def test_some_values_can_be_named(explorer):
    assert choices(explorer, "x=1,7 'size=very large'") == {"x": [1, 7], "size": [1]}
    assert choices(explorer, "on=true words=b") == {"on": [True], "words": ["b"]}


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("y", r"x one of x, size, on, p, words, span; got 'y'"),
        ("x y/2", r"got 'y/2'"),
        ("x/0", r"got 'x/0'"),
        ("x/", r"got 'x/'"),
        ("x-", r"got 'x-'"),
        ("y=1", r"got 'y=1'"),
        ("", r"each group must name a control; got none"),
        ("size=tiny", r"size must be one of small, very large, huge; got 'tiny'"),
        ("x=q", r"x must be a number from 0 to 9 in steps of 1; got 'q'"),
        ("words", r"words has no list of values to record"),
        ("span", r"span has no list of values to record"),
    ],
)
def test_what_cannot_be_recorded_is_an_error_in_words(explorer, group, message):
    with pytest.raises(ValueError, match=message):
        explorer.recorded("x", group)
    assert explorer.recordings == []


def test_a_group_must_be_text(explorer):
    with pytest.raises(TypeError, match=r"each group must be names of controls, as text; got 3"):
        explorer.recorded(3)


@pytest.mark.parametrize("chapter", explorers.__all__)
def test_every_explorer_but_the_training_records_something(chapter):
    for name in getattr(explorers, chapter).__all__:
        explorer = getattr(getattr(explorers, chapter), name)()
        assert bool(explorer.recordings) == (name != "train_it_yourself"), name
        for part in (part for group in explorer.recordings for part in group):
            listed = listed_values(explorer.controls[part.name])  # none, of a text box
            assert not listed or set(part.some) <= set(listed), (name, part)
