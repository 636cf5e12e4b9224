"""What holds for every question of every notebook: it is open at first, and settled by facts."""

import functools
import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from explored import numbers

from lessonkit import datasets, explorers, questions
from lessonkit.explorers.style import COLOURS
from lessonkit.explorers.whole_network import own_training
from lessonkit.live import ask, page_files
from lessonkit.questions import marks

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHAPTERS = [name for name in questions.__all__ if name.islower()]
ASKED = [
    (chapter, name)
    for chapter in CHAPTERS
    for name in getattr(questions, chapter).__all__
    if name != "quiz"
]


WHOLE = own_training.BUDGET
SHORT = 12_000  # digits: long enough for a network to read nine of ten


@pytest.fixture(autouse=True)
def _forget(monkeypatch):
    """Begin each test without the answers of the last; let a training be short, and done once."""
    ask._KEPT.clear()
    monkeypatch.setattr(own_training, "BUDGET", SHORT)
    monkeypatch.setattr(
        own_training, "trained", lambda settings, _: iter(trained(settings, own_training.BUDGET))
    )


TRAINED = own_training.trained


@functools.cache
def trained(settings, budget):
    """Return some of what a training yields: the last with each number of points held out.

    It always comes to the same; the network of all of them is the one that was trained.
    """
    every = TRAINED(settings, own_training.split(datasets.digits()))
    return list({len(facts.held_out): (facts, share) for facts, share in every}.values())


def asked(chapter, name):
    """Return a new explorer with its questions."""
    about = {"cures": "capacity"}.get(name, name)
    explorer = getattr(getattr(explorers, chapter), about)()
    return getattr(getattr(questions, chapter), name)(explorer)


def answers(question):
    """Return the right answer, or None where it depends on facts, and some wrong ones."""
    if isinstance(question, ask.Choice):
        return question.right, [option for option in question.options if option != question.right]
    return None, [question.low, question.high]


def chapter_text(chapter):
    """Return all text of a chapter's notebook, outputs too; None: of all notebooks."""
    paths = NOTEBOOKS.glob("0*.ipynb" if chapter is None else f"0*_{chapter}.ipynb")
    cells = [cell for path in paths for cell in json.loads(path.read_text("utf-8"))["cells"]]
    outputs = [o.get("data", {}).get("text/plain", "") for c in cells for o in c.get("outputs", [])]
    told = ["".join(source) for source in [*[c["source"] for c in cells], *outputs]]
    return "\n".join(text for text in told if not text.startswith(("**Predict", "**Check")))


@pytest.mark.parametrize(("chapter", "name"), ASKED)
def test_a_prediction_is_open_at_first_and_settled_where_show_me_leads(chapter, name):
    panel, explorer = asked(chapter, name)
    first = explorer.code
    for question in panel.questions.values():
        right, wrong = answers(question)
        verdicts = []
        if isinstance(question, ask.Choice):
            assert all(question.options[option] for option in wrong), "no belief is named"
        for answer in [right, *wrong]:
            panel.clear()
            explorer.set(first)
            assert not question.settled(explorer.facts), f"{question.name} is settled at first"
            if answer is not None:
                panel.answer(question.name, answer)
                explorer.set(question.state)
            else:
                panel.show(question.name)
            assert not panel.errors
            verdicts.append(panel.verdicts[question.name])
        assert len(set(verdicts)) == len(verdicts)
        for verdict in verdicts:
            assert not re.search(r"[a-z] (?:At|By|It|On|With|Without) ", verdict), verdict
            assert not re.search(r"nan|inf\b|None|  |\.\.", verdict), verdict
            assert len(verdict) < 420, f"too long to be read at a glance: {verdict}"
        finding = verdicts[-1]
        assert numbers(finding), f"{question.name}: a verdict is made of facts: {finding}"


@pytest.mark.parametrize(("chapter", "name"), ASKED)
def test_right_and_wrong_are_told_apart(chapter, name):
    panel, explorer = asked(chapter, name)
    for question in panel.questions.values():
        explorer.set(question.state)
        right, wrong = answers(question)
        if right is None:
            right = question.truth(explorer.facts)
            question.check(right)
            assert question.close < (question.high - question.low) / 4
        assert question.is_right(explorer.facts, right)
        assert not all(question.is_right(explorer.facts, answer) for answer in wrong)


@pytest.mark.parametrize(("chapter", "name"), ASKED)
def test_a_guess_is_drawn_and_taken_away(chapter, name, monkeypatch):
    monkeypatch.setattr(own_training, "BUDGET", WHOLE)  # by which the axis is as long as the scale
    panel, explorer = asked(chapter, name)
    before = explorer.png()
    for question in panel.questions.values():
        if isinstance(question, ask.Number):
            for guess in (question.low, (question.low + question.high) / 2, question.high):
                panel.answer(question.name, guess)
                assert explorer.png() != before, f"{question.name}: {guess} is not seen"
                line, name = panel._marks[question.name][1]
                assert 0 <= height_of(line).min() <= height_of(line).max() <= 1
                places = name.axes.transAxes.inverted().transform(name.xycoords.transform(name.xy))
                assert -0.3 <= places[1] < 1.001, "its name is far beyond the axes"
                assert 0 <= places[0] <= 1.001 or not question.low < guess < question.high
            panel.answer(question.name, None)
            assert explorer.png() == before


def height_of(line):
    """Return where a mark's points are, as shares of the height of its axes."""
    points = line.get_transform().transform(line.get_xydata())
    return line.axes.transAxes.inverted().transform(points)[:, 1].round(6)


def test_guesses_have_a_colour_of_their_own_in_picture_and_page():
    assert marks.GUESS.lower() not in {colour.lower() for colour in COLOURS.values()}
    css = (page_files.HERE / "ask.css").read_text("utf-8")
    assert f"accent-color: {marks.GUESS};" in css


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_quiz_is_settled_by_asking(chapter):
    panel = getattr(questions, chapter).quiz()
    assert 5 <= len(panel.questions) <= 8
    for question in panel.questions.values():
        with pytest.raises(ValueError, match="Choose an answer first"):
            panel.show(question.name)
        panel.answer(question.name, question.right)
        panel.show(question.name)
        assert panel.verdicts[question.name].startswith(f"You said “{question.right}”: right.")
    count = len(panel.questions)
    assert panel.score == f"{count} of {count} right."


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_numbers_of_its_findings_are_told_in_the_notebook_or_the_caption(chapter):
    """There the claims have worked them out in another way, or the explorers' own tests."""
    told, text = set(), chapter_text(chapter)
    for name in (name for c, name in ASKED if c == chapter):
        panel, explorer = asked(chapter, name)
        for question in panel.questions.values():
            told |= set(numbers(explorer.caption))
            explorer.set(question.state)
            told |= set(numbers(explorer.caption))
            told |= set(getattr(explorer.facts, "held_out", np.zeros(0)).ravel())  # seen in curves
            said = numbers(f"{question.text} {question.finding(explorer.facts)}")
            unknown = set(said) - told - set(numbers(text))
            assert not unknown, f"{name}, {question.name}: {unknown}"
    text = chapter_text(None if chapter == "whole_network" else chapter)  # its quiz is about all
    for question in getattr(questions, chapter).quiz().questions.values():
        said = numbers(f"{question.text} {question.finding(None)}")
        unknown = set(said) - told - set(numbers(text))
        assert not unknown, f"quiz, {question.name}: {unknown}"


def test_no_two_questions_are_alike():
    texts = []
    for chapter, name in ASKED:
        texts += [q.text for q in asked(chapter, name).questions.questions.values()]
    for chapter in CHAPTERS:
        texts += [q.text for q in getattr(questions, chapter).quiz().questions.values()]
    assert len(texts) == len(set(texts))
    for text in texts:
        assert len(text) < 140, text


def test_another_explorer_is_refused_by_name():
    for (chapter, name), (other, another) in itertools.pairwise(ASKED):
        explorer = getattr(getattr(explorers, other), another, None)
        if explorer is not None and (chapter, name) != (other, another):
            with pytest.raises(TypeError, match=rf"^explorer must be made by explorers\.{chapter}"):
                getattr(getattr(questions, chapter), name)(explorer())
