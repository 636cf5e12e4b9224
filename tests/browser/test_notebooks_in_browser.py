"""Every notebook in a real JupyterLab, as learners use it: its controls, and its questions.

`tests/test_every_explorer.py` moves every control to all of its values, without a browser. Here
each is moved by a learner's means, by keys and by mouse.
"""

import functools
import itertools

import pytest
from lab import BYTES, PLAIN
from playwright.sync_api import TimeoutError as PageTimeout
from playwright.sync_api import expect
from questions.moves import MOVES
from questions.test_every_question import ASKED, NOTEBOOKS, SHORT, asked
from questions_in_page import QuestionInPage, right_and_wrong
from readers import (
    accessibility_tree,
    move_back_by_keyboard,
    move_by_keyboard,
    serious_violations,
)

from lessonkit import explorers, questions
from lessonkit.explorers.whole_network import own_training
from lessonkit.live import ask

pytestmark = pytest.mark.browser
LESSONS = sorted(NOTEBOOKS.glob("[0-9]*.ipynb"))
A_TRAINING = 60_000  # ms
OURS = ".jp-OutputArea-output :is(.lessonkit-explorer, .lessonkit-questions)"
CONTROLS = ("slider", "checkbox", "combobox")
BE_SHORT = f"""from lessonkit.explorers.whole_network import own_training
own_training.BUDGET = {SHORT}"""


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


@pytest.fixture(scope="module")
def opened(notebook, lab, open_page):
    page = open_page()
    page.open(lab, lab.add(notebook))
    page.run_all()
    return page


# -- every reader ----------------------------------------------------------------------------------


def test_a_screen_reader_is_told_names_values_and_captions(opened):
    """By Chromium's own accessibility tree."""
    for explorer in opened.explorers():
        told = accessibility_tree(opened.page, explorer.box.element_handle())
        roles = [node["role"] for node in told]
        shown = sum(map(len, (visible(explorer.box.get_by_role(role)) for role in CONTROLS)))
        controls = [node for node in told if node["role"] in CONTROLS]
        assert len(controls) == shown
        assert all(node["name"] for node in controls), controls
        assert all(node["value"] is not None for node in controls if node["role"] == "slider")
        (picture,) = (node for node in told if node["role"] == "image")
        assert picture["name"].replace("\u00a0", " ") == explorer.caption
        assert roles.count("status") == 1, "what is read aloud when it has changed"
        assert told[0]["role"] == "group"
        assert told[0]["name"], "what it is about"


def test_axe_finds_nothing_serious_at_first(opened):
    opened.explorers()
    assert serious_violations(opened.page, OURS) == []


def test_what_the_text_asks_to_move_is_moved_by_keys_alone(opened, notebook):
    chapter = notebook.stem.partition("_")[2]
    to_do = {name: states for (place, name), states in MOVES.items() if place == chapter}
    for explorer in opened.explorers():
        name = next((n for n in to_do if twin_of(chapter, n).caption == explorer.caption), None)
        if name is not None:
            twin = twin_of(chapter, name)
            opening = twin.code
            for state in to_do.pop(name):
                move_by_keyboard(explorer, twin, state)
            move_back_by_keyboard(explorer, twin, opening)
    assert not to_do


@functools.cache
def twin_of(chapter, name):
    """Return the explorer that a page shows, as it opens."""
    return getattr(getattr(explorers, chapter), name)()


# -- controls --------------------------------------------------------------------------------------


def test_every_control_moves_picture_and_caption(opened):
    for explorer in opened.explorers():
        captions, pictures, made = 0, 0, 0
        for name, action in moves(explorer):
            try:
                caption_changed, picture_changed = follow(explorer, action)
            except PageTimeout:
                pytest.fail(f"{name} changed nothing; at {explorer.caption!r}")
            assert not explorer.error, (name, explorer.error)
            captions += caption_changed
            pictures += picture_changed
            made += 1
        # A control alone may have fewer moves.
        assert min(captions, pictures) >= min(made, 6), (captions, pictures, explorer.caption)
    assert opened.complaints == []


def follow(explorer, action):
    """Do the action; wait for the picture or the caption, and tell which of them has changed."""
    explorer.look()
    before = explorer.caption
    action()
    explorer.page.wait_for_function(
        f"""([e, caption, before]) => (e => {PLAIN})(caption) !== before
        || {BYTES}.some((now, i) => {{
            const old = e.before[i];
            if (now.length !== old?.length) return true;
            for (let j = 0; j < now.length; j += 1) if (now[j] !== old[j]) return true;
            return false; }})""",
        arg=[
            explorer.picture.element_handle(),
            explorer.box.locator("[role=status]").element_handle(),
            before,
        ],
        timeout=10_000,
    )
    return explorer.caption != before, explorer.changed() > 0


def moves(explorer):
    """Yield (name, action) for each control, by keyboard and by mouse; boxes first, which may
    bring sliders up."""
    box = explorer.box
    for tick in visible(box.get_by_role("checkbox")):
        yield f"{name_of(tick)}, space bar", lambda tick=tick: tick.press(" ")
        yield f"{name_of(tick)}, click", tick.click
        if not tick.is_checked():
            yield f"{name_of(tick)}, space bar again", lambda tick=tick: tick.press(" ")
    for chooser in visible(box.get_by_role("combobox")):  # its last option may bring a field up
        yield f"{name_of(chooser)}, arrow key", lambda c=chooser: c.press(an_arrow_that_moves(c))
        for option in options_but_the_present_one(chooser):
            yield f"{name_of(chooser)}: {option}", lambda c=chooser, o=option: c.select_option(o)
    for handle in visible(box.get_by_role("slider")):
        lower, upper = (name_of(handle).endswith(end) for end in (", from", ", to"))  # of a range
        from_the_end = is_at_its_end(handle)
        keys = ["End", "ArrowLeft", "Home", "ArrowRight"]
        for key in keys[2:] + keys[:2] if upper or from_the_end else keys:
            yield f"{name_of(handle)}, {key}", lambda h=handle, k=key: h.press(k)
        # Beyond the first step, where the keys have left it: a scale may have few steps. The ends
        # of a range are left apart, for the next key to move one of them.
        few = length(handle) <= 3 and not lower
        share = 0.7 if upper else 0.1 if from_the_end else 0.8 if few else 0.4
        yield f"{name_of(handle)}, drag", lambda h=handle, s=share: drag(explorer, h, s)
    for field in visible(box.locator("input[type=text]")):
        yield "numbers, typed", lambda f=field: (f.fill(the_first_one_last(f)), f.press("Enter"))


def drag(explorer, handle, share):
    explorer.drag(handle, share)
    explorer.wait_until_still()  # else what it still shows would pass for the next move's


def visible(locator):
    return [found for found in locator.all() if found.is_visible()]


def name_of(locator):
    return locator.evaluate("e => e.ariaLabel || e.labels?.[0]?.textContent || e.title")


def is_at_its_end(handle):
    return handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")


def the_first_one_last(field):
    first, *rest = field.input_value().replace(",", " ").split()
    return " ".join([*rest, first])


def length(handle):
    least, most = (float(handle.get_attribute(f"aria-value{end}")) for end in ("min", "max"))
    return most - least


def an_arrow_that_moves(chooser):
    last = chooser.evaluate("e => e.selectedIndex === e.options.length - 1")
    return "ArrowUp" if last else "ArrowDown"


def options_but_the_present_one(chooser):
    """Return the other options, in turn: each choice is a change."""
    labels = chooser.locator("option").all_text_contents()
    present = chooser.evaluate("e => e.selectedIndex")
    ring = itertools.islice(itertools.cycle(labels), present + 1, present + len(labels))
    return [label.replace("\xa0", " ") for label in ring]


# -- questions -------------------------------------------------------------------------------------


def test_every_question_is_answered_wrongly_rightly_and_not_at_all(opened, notebook, monkeypatch):
    monkeypatch.setattr(own_training, "BUDGET", SHORT)
    found = all_questions(notebook.stem.partition("_")[2])
    page = opened
    page.python(BE_SHORT)
    seen = []
    panels = page.page.locator(".lessonkit-questions")
    for panel in [panels.nth(i) for i in range(panels.count())]:
        boxes = panel.locator("fieldset")
        asked_here = [QuestionInPage(boxes.nth(i), found) for i in range(boxes.count())]
        is_quiz = panel.get_attribute("aria-label") == "Check yourself"
        again = panel.get_by_role("button", name="Start again")
        for answers in ("wrong", "right", None):
            for question in asked_here:
                if answers:
                    question.answer(getattr(question, answers))
            for question in asked_here:
                if question.box.get_by_role("button").is_visible():
                    question.settle()
                # One after the other: a training that another one takes over settles nothing.
                if not is_quiz:
                    expect(question.verdict).not_to_be_empty(timeout=A_TRAINING)
                if is_quiz and not answers:
                    alert = question.box.get_by_role("alert")
                    expect(alert).to_have_text("Choose an answer first.")
                else:
                    expect(question.verdict).not_to_be_empty()
                    said = question.verdict.inner_text()
                    assert said.startswith("You said") == bool(answers), said
            if answers:
                count = len(asked_here)
                right = count if answers == "right" else 0
                expect(panel.get_by_text(f"{right} of {count} right.")).to_be_visible()
                again.click()
                for question in asked_here:
                    expect(question.verdict).to_be_empty()
        seen += [question.text for question in asked_here]
    assert sorted(seen) == sorted(found)
    assert serious_violations(page.page, OURS) == [], "where all has been moved and answered"
    assert page.complaints == []


def all_questions(chapter):
    """Return each question of a chapter by its text, with its right answer and a wrong one."""
    ask._KEPT.clear()
    found = {}
    for name in (name for c, name in ASKED if c == chapter):
        panel, explorer = asked(chapter, name)
        for question in panel.questions.values():
            explorer.set(question.state)
            found[question.text] = question, *right_and_wrong(question, explorer.facts)
    for question in getattr(questions, chapter).quiz().questions.values():
        found[question.text] = question, *right_and_wrong(question, None)
    return found
