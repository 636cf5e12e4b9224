"""States as text: whatever is pasted is taken, or refused in words with nothing changed."""

import re

import pytest
from explored import shown_once
from fuzzing import fuzzed, tried
from hypothesis import given
from hypothesis import strategies as st

from lessonkit import explorers
from lessonkit.explorers.whole_network import own_training
from lessonkit.live import explorer as live_explorer

CASES = [
    (chapter, name) for chapter in explorers.__all__ for name in getattr(explorers, chapter).__all__
]
VALUES = ["", "0", "-1", "−3", "nan", "inf", "1e999", "9" * 40, "9" * 5000, "1.5", "true", "0x10"]
VALUES += [
    "1,2",
    ",",
    "'",
    '"a',
    "\0",
    "\n",
    "\ud800",
    "é",
    "١",
    "1_000",
    "max",
    "sigmoid",
    "=",
    "a b",
]
SENTENCE = re.compile(r"(?s)(code must|.+ must |.+ has no list of values).*")


@st.composite
def codes(draw, code):
    """Draw a text: any, or a code with one word or letter exchanged, taken away or put in."""
    words = code.split(" ")
    change = draw(st.sampled_from(["any", "value", "letter", "word"]))
    if change == "any":
        return draw(st.text(max_size=20))
    place = draw(st.integers(0, len(words) - 1))
    if change == "value":
        value = draw(st.sampled_from(VALUES) | st.integers().map(str) | st.floats().map(str))
        words[place] = words[place].partition("=")[0] + "=" + value
    elif change == "word":
        words[place] = draw(st.sampled_from(words + VALUES))
    else:
        at = draw(st.integers(0, len(words[place])))
        letters = draw(st.text(max_size=1))
        words[place] = words[place][:at] + letters + words[place][at + 1 :]
    return " ".join(words[: draw(st.integers(1, len(words)))])


def told_by(take, code):
    """Return the words with which a code is refused, or ""."""
    try:
        take(code)
    except ValueError as refusal:
        return str(refusal)
    return ""


@pytest.fixture(autouse=True)
def _short_trainings(monkeypatch):
    monkeypatch.setattr(own_training, "BUDGET", 1000)
    monkeypatch.setattr(live_explorer, "SILENCE", 0)


@pytest.mark.parametrize(("chapter", "name"), CASES, ids=map(".".join, CASES))
def test_a_code_is_taken_or_refused_in_words(chapter, name):
    explorer = shown_once(getattr(getattr(explorers, chapter), name))
    opening = explorer.code

    def state():
        values = {name: control.value for name, control in explorer.controls.items()}
        return values, explorer.code, explorer.caption, explorer.error, explorer._panels

    @fuzzed(8)
    @given(codes(opening))
    def paste(code):
        for take in (explorer.facts_at, explorer.recorded, explorer.set):
            tried("state codes")
            before, told = state(), told_by(take, code)
            assert told == "" or SENTENCE.fullmatch(told), told
            assert told == "" or state() == before
        assert explorer.caption
        assert re.fullmatch(r"(ValueError: .+ must .+; got .+)?", explorer.error), explorer.error

    try:
        paste()
    finally:
        explorer.set(opening)
    assert explorer.code == opening
    assert not explorer.error
