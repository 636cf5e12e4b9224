"""What TEACHING.md promises a teacher: states that can be set, numbers that are then said."""

import functools
import re

import numpy as np
import pytest
from explored import numbers
from references import (
    CALL,
    LESSONS,
    LINK,
    ROOT,
    STATE,
    blocks,
    captions,
    explorers_of,
    leads_somewhere,
)

from lessonkit import explorers, questions

PAGE = ROOT / "TEACHING.md"
TEXT = PAGE.read_text("utf-8")
PLANS = re.findall(r"^## (\d+) minutes.*?\n(.*?)(?=^## )", TEXT, re.MULTILINE | re.DOTALL)
TO_ASK = TEXT.partition("## What to ask")[2]
ROWS = {
    name: (target, *cells)
    for name, target, *cells in re.findall(
        r"^\| \[`(\w+)`\]\(([^)]*)\) \| (.*) \| (.*) \| (.*) \|$", TO_ASK, re.MULTILINE
    )
}
STEPS = [
    pytest.param(minutes, *row, id=f"{minutes}: {row[1].partition(']')[0][1:] or row[1]}")
    for minutes, plan in PLANS
    for row in re.findall(r"^\| (\d+) \| (.*) \| ?(.*) \| ?(.*) \|$", plan, re.MULTILINE)
]
BREAKS = ("spare", "break")
LAST = "*Drop this first.*"
ASKED = re.compile(r"[Qq]uestions? (\d)(?: and (\d))?")
BLOCKS = {CALL.findall(block)[0]: block for block in blocks(TO_ASK)}
ALL = {
    (chapter, name)
    for chapter in (path.stem.partition("_")[2] for path in LESSONS)
    for name in getattr(explorers, chapter).__all__
}


def test_every_explorer_has_a_row_and_a_block_of_its_own():
    assert set(BLOCKS) == ALL
    assert sorted(ROWS) == sorted(name for _, name in ALL)
    assert len(blocks(TO_ASK)) == len(ALL) == TO_ASK.count("\n| [`")


@pytest.mark.parametrize(("chapter", "name"), BLOCKS)
def test_its_states_say_the_numbers_beside_them(chapter, name):
    block = BLOCKS[chapter, name]
    said = said_in(block)
    assert said
    told = " ".join(ROWS[name][1:])
    assert set(numbers(told)) <= known_from(block), said
    for power in re.findall(r"[\d.]+ × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", told):
        assert power in " ".join(said)


def known_from(block):
    """Return the numbers of a block's states, and those that are said in them."""
    states = STATE.findall(block.replace("-", "−"))
    return {n for text in said_in(block) + states for n in numbers(text)}


@functools.cache
def said_in(block):
    """Return what a block's explorer says, which is worked out once."""
    return captions(block)


@pytest.mark.parametrize(("chapter", "name"), BLOCKS)
def test_its_first_state_leaves_the_question_open(chapter, name):
    _, ask, see, _ = ROWS[name]
    block = BLOCKS[chapter, name]
    first = "".join(block.splitlines(keepends=True)[:2])
    if not ask.startswith("*Unseen:*"):
        assert not set(numbers(see)) <= known_from(first), "ask before the picture is seen"


@pytest.mark.parametrize(("chapter", "name"), BLOCKS)
def test_its_link_leads_to_its_section(chapter, name):
    path, _, anchor = ROWS[name][0].partition("#")
    assert path.endswith(f"_{chapter}.ipynb")
    assert name in explorers_of(ROOT / path)[anchor]


def test_what_it_says_of_the_marks_on_the_ladders_axis():
    assert "ten thousand million times the one below" in ROWS["gradient_ladder"][2]
    axis = explorers.activation.gradient_ladder().picture.axes[0].yaxis
    marks = axis.get_majorticklocs()
    assert np.allclose(marks[1:] / marks[:-1], 1e10)


def test_training_is_as_short_as_the_notebook_says():
    told = (ROOT / "notebooks" / "06_whole_network.ipynb").read_text("utf-8")
    assert "after one or two rounds" in told, "tested there"
    assert "once or twice" in ROWS["train_it_yourself"][2]


@pytest.mark.parametrize("block", blocks(TEXT), ids=lambda block: CALL.findall(block)[0][1])
def test_a_block_shows_its_first_state_as_it_stands(block):
    first, state, *others, last = block.splitlines()
    assert CALL.fullmatch(first)
    assert STATE.fullmatch(state)
    assert not state.startswith("#")
    assert all(STATE.fullmatch(line) and line.startswith("# ") for line in others)
    assert last == "explorer", "the last line shows it"
    assert said_in(block)


def test_its_links_lead_somewhere():
    targets = [target for _, target in LINK.findall(TEXT)]
    assert targets
    assert [target for target in targets if not leads_somewhere(target, PAGE)] == []


def test_its_links_have_the_headings_words():
    for words, target in LINK.findall(TEXT):
        anchor = target.partition("#")[2]
        assert not anchor or words.startswith("`") or words.replace(" ", "-") == anchor


@pytest.mark.parametrize(("minutes", "plan"), PLANS, ids=[minutes for minutes, _ in PLANS])
def test_a_plan_takes_the_minutes_it_says(minutes, plan):
    assert sum(map(int, re.findall(r"^\| (\d+) \|", plan, re.MULTILINE))) == int(minutes)


@pytest.mark.parametrize(("minutes", "plan"), PLANS, ids=[minutes for minutes, _ in PLANS])
def test_a_plan_has_minutes_to_spare_and_says_what_to_drop(minutes, plan):
    spare = sum(map(int, re.findall(r"^\| (\d+) \| spare \|", plan, re.MULTILINE)))
    assert spare * 12 >= int(minutes)
    for block in plan.split("| break |"):
        assert "| spare |" in block
        assert block.count(LAST) == 1


@pytest.mark.parametrize(("plan", "minutes", "section", "named", "do"), STEPS)
def test_a_step_of_a_plan_names_its_sections_explorers(plan, minutes, section, named, do):
    links = [target.partition("#") for _, target in LINK.findall(section + do)]
    shown = set().union(*(explorers_of(ROOT / path).get(at, set()) for path, _, at in links))
    assert bool(links) != (section in BREAKS)
    assert set(re.findall(r"`(\w+)`", named)) == shown


@pytest.mark.parametrize(("plan", "minutes", "section", "named", "do"), STEPS)
def test_a_step_of_a_plan_asks_and_says_what_is_there(plan, minutes, section, named, do):
    names = [pair for pair in ALL if f"`{pair[1]}`" in named]
    do = LINK.sub("", do)
    for asked in re.findall(ASKED, do):
        ((chapter, name),) = names
        explorer = getattr(getattr(explorers, chapter), name)()
        panel = getattr(getattr(questions, chapter), name)(explorer).questions
        assert max(int(n) for n in asked if n) <= len(panel.questions)
    do = re.sub(ASKED, "", do)
    known = set().union(*(known_from(BLOCKS[pair]) for pair in names))
    assert set(numbers(do)) <= known
    for words in re.findall("“(.*?)”", do):
        assert all(words in said for pair in names for said in said_in(BLOCKS[pair]))


def test_every_step_of_the_plans_is_read():
    assert len(STEPS) == sum(len(re.findall(r"^\| \d", plan, re.MULTILINE)) for _, plan in PLANS)


def test_the_activation_that_keeps_lines_straight_is_the_one_named():
    assert "With 2 layers, let pairs find which activation still keeps lines straight: ReLU" in TEXT
    explorer = explorers.nonlinearity.linear_stack()
    for name, keeps in {"leaky ReLU": False, "tanh": False, "ReLU": True}.items():
        explorer.set(f"layers=2 'activation={name}'")
        assert ("0 of 18 lines" not in explorer.caption) == keeps


def test_there_are_plans_for_one_lesson_two_and_four():
    assert [minutes for minutes, _ in PLANS] == ["45", "90", "180"]


def test_readme_leads_to_it():
    assert "](TEACHING.md)" in (ROOT / "README.md").read_text("utf-8")
