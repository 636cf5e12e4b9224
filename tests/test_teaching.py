"""What TEACHING.md promises a teacher: states that can be set, numbers that are then said."""

import re

import pytest
from explored import numbers
from references import CALL, LESSONS, LINK, ROOT, STATE, blocks, captions, leads_somewhere

from lessonkit import explorers

PAGE = ROOT / "TEACHING.md"
TEXT = PAGE.read_text("utf-8")
PLANS = re.findall(r"^## (\d+) minutes.*?\n(.*?)(?=^## )", TEXT, re.MULTILINE | re.DOTALL)
TO_ASK = TEXT.partition("## What to ask")[2]
ROWS = dict(re.findall(r"^\| `(\w+)` \|(.*)\|$", TO_ASK, re.MULTILINE))
BLOCKS = {CALL.findall(block)[0]: block for block in blocks(TO_ASK)}
ALL = {
    (chapter, name)
    for chapter in (path.stem.partition("_")[2] for path in LESSONS)
    for name in getattr(explorers, chapter).__all__
}


def test_every_explorer_has_a_row_and_a_block_of_its_own():
    assert set(BLOCKS) == ALL
    assert sorted(ROWS) == sorted(name for _, name in ALL)
    assert len(blocks(TO_ASK)) == len(ALL) == TO_ASK.count("\n| `")


@pytest.mark.parametrize(("chapter", "name"), BLOCKS)
def test_its_states_say_the_numbers_beside_them(chapter, name):
    block = BLOCKS[chapter, name]
    said = captions(block)
    assert said
    known = {n for text in said + STATE.findall(block.replace("-", "−")) for n in numbers(text)}
    assert set(numbers(ROWS[name])) <= known, said


@pytest.mark.parametrize("block", blocks(TEXT), ids=lambda block: CALL.findall(block)[0][1])
def test_a_block_shows_its_first_state_as_it_stands(block):
    first, state, *others, last = block.splitlines()
    assert CALL.fullmatch(first)
    assert STATE.fullmatch(state)
    assert not state.startswith("#")
    assert all(STATE.fullmatch(line) and line.startswith("# ") for line in others)
    assert last == "explorer", "the last line shows it"
    assert captions(block)


def test_its_links_lead_somewhere():
    targets = [target for _, target in LINK.findall(TEXT)]
    assert targets
    assert [target for target in targets if not leads_somewhere(target, PAGE)] == []


def test_its_links_have_the_headings_words():
    for words, target in LINK.findall(TEXT):
        anchor = target.partition("#")[2]
        assert not anchor or words.replace(" ", "-") == anchor


@pytest.mark.parametrize(("minutes", "plan"), PLANS, ids=[minutes for minutes, _ in PLANS])
def test_a_plan_takes_the_minutes_it_says(minutes, plan):
    assert sum(map(int, re.findall(r"^\| (\d+) \|", plan, re.MULTILINE))) == int(minutes)


def test_there_are_plans_for_one_lesson_two_and_four():
    assert [minutes for minutes, _ in PLANS] == ["45", "90", "180"]


def test_readme_leads_to_it():
    assert "](TEACHING.md)" in (ROOT / "README.md").read_text("utf-8")
