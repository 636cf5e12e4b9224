"""Every question of every notebook, answered in a real JupyterLab as a learner would.

Each is answered once with a mistake, once rightly and once not at all; all of a chapter's answers
are given in one page, one after the other.
"""

import shutil

import pytest
from playwright.sync_api import expect
from questions.test_every_question import ASKED, CHAPTERS, NOTEBOOKS, SHORT, asked

from lessonkit import questions
from lessonkit.explorers.whole_network import own_training
from lessonkit.live import ask

pytestmark = pytest.mark.browser
A_TRAINING = 60_000  # ms
BE_SHORT = f"""from lessonkit.explorers.whole_network import own_training
own_training.BUDGET = {SHORT}"""


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


def right_and_wrong(question, facts):
    if isinstance(question, ask.Choice):
        return question.right, next(o for o in question.options if o != question.right)
    on_scale = round((question.truth(facts) - question.low) / question.step) * question.step
    right = question.low + on_scale
    ends = question.low, question.high
    return right, next(end for end in ends if not question.is_right(facts, end))


@pytest.fixture
def opened(lab, open_page, tmp_path):
    """Return a function that opens a chapter's notebook, run by a kernel that knows no answers."""

    def opened(chapter):
        page = open_page()
        (path,) = NOTEBOOKS.glob(f"0*_{chapter}.ipynb")
        copy = tmp_path / f"{tmp_path.name}.ipynb"  # another name, another kernel
        shutil.copy(path, copy)
        page.open(lab, lab.add(copy))
        page.run_all()
        return page

    return opened


class QuestionInPage:
    """A fieldset of the page, and the question that it shows."""

    def __init__(self, box, found):
        self.box = box
        self.text = box.locator("legend").inner_text().replace("\u00a0", " ")
        self.question, self.right, self.wrong = found[self.text]
        self.verdict = box.locator(".verdict")

    def answer(self, answer):
        if isinstance(self.question, ask.Choice):
            self.box.get_by_label(answer, exact=True).check()
        else:
            scale = self.box.get_by_role("slider")
            scale.evaluate(
                "(e, v) => { e.value = v; e.dispatchEvent(new Event('input')); }", answer
            )
            expect(self.box.locator("output")).not_to_have_text("no guess yet")

    def settle(self):
        self.box.get_by_role("button").click()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_question_is_answered_wrongly_rightly_and_not_at_all(opened, chapter, monkeypatch):
    monkeypatch.setattr(own_training, "BUDGET", SHORT)
    found = all_questions(chapter)
    page = opened(chapter)
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
    assert page.complaints == []


def test_a_chapter_is_answered_with_the_keyboard_alone(opened):
    page = opened("nonlinearity")
    press = page.page.keyboard.press
    panel = page.page.locator(".lessonkit-questions").first
    panel.scroll_into_view_if_needed()
    first, second = panel.locator("fieldset").nth(0), panel.locator("fieldset").nth(1)
    first.get_by_role("radio").first.focus()
    press(" ")
    press("ArrowDown")
    expect(first.get_by_role("radio").nth(1)).to_be_checked()
    press("Tab")
    expect(first.get_by_role("button", name="Show me")).to_be_focused()
    press("Tab")
    scale = second.get_by_role("slider")
    expect(scale).to_be_focused()
    assert scale.get_attribute("aria-valuetext") == "no guess yet"
    expect(second.locator(".ends span")).to_have_text(["1", "40"])
    press("Home")  # the lowest number is a guess too
    expect(second.locator("output")).to_have_text("1")
    for _ in range(11):
        press("ArrowRight")
    expect(second.locator("output")).to_have_text("12")
    # The explorer stands below: on to its slider, and as far as the answers are.
    (explorer, *_) = page.explorers()
    slider = explorer.slider("ReLU units")
    for _ in range(3):
        if not slider.evaluate("e => e === document.activeElement"):
            press("Tab")
    expect(slider).to_be_focused()
    for _ in range(3):
        explorer.act(lambda: press("ArrowRight"))
    expect(second.locator(".verdict")).to_contain_text("You said 12: too high.")
    expect(first.locator(".verdict")).to_be_empty()
    for _ in range(2):
        explorer.act(lambda: press("ArrowRight"))
    expect(first.locator(".verdict")).to_contain_text("You said “a quarter as large”: right.")
    assert first.locator(".verdict").get_attribute("role") == "status"
    for _ in range(4):  # back over the slider's own number
        press("Shift+Tab")
        if panel.get_by_role("button", name="Start again").evaluate(
            "e => e === document.activeElement"
        ):
            break
    press("Enter")
    expect(second.locator("output")).to_have_text("no guess yet")
    assert page.complaints == []


def test_the_slider_stays_under_the_pointer_when_a_verdict_comes(opened):
    page = opened("nonlinearity")
    panel = page.page.locator(".lessonkit-questions").first
    panel.get_by_role("radio").first.check()
    (explorer, *_) = page.explorers()
    slider = explorer.slider("ReLU units")
    slider.focus()
    before = panel.bounding_box()["height"]
    place = slider.bounding_box()["y"]
    slider.press("End")
    expect(panel.locator(".verdict").first).not_to_be_empty()
    assert panel.bounding_box()["height"] > before + 15
    assert slider.bounding_box()["y"] == pytest.approx(place, abs=2)


def test_run_all_takes_the_answers_up_and_a_kernel_that_has_gone_is_told(opened):
    page = opened("nonlinearity")
    panel = page.page.locator(".lessonkit-questions").first
    panel.get_by_role("radio").first.check()
    panel.get_by_role("slider").press("End")
    expect(panel.locator("output")).to_have_text("40")
    page.wait_until_idle()
    page.run_all()
    panel = page.page.locator(".lessonkit-questions").first
    expect(panel.locator("output")).to_have_text("40")
    expect(panel.get_by_role("radio").first).to_be_checked()
    page.restart_kernel()
    panel.get_by_role("radio").nth(1).check()
    expect(panel.locator(".error").first).to_have_text(
        "The kernel that asked this has gone. Run the cell again."
    )


def test_answers_given_while_python_is_busy_are_not_lost(opened):
    page = opened("nonlinearity")
    panel = page.page.locator(".lessonkit-questions").first
    page.page.evaluate(
        """() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
        .requestExecute({ code: "import time; time.sleep(5)" }); }"""
    )
    for i in (0, 1):
        panel.get_by_role("radio").nth(i).check()
    scale = panel.get_by_role("slider")
    scale.press("End")
    for _ in range(5):
        scale.press("ArrowLeft")
    expect(panel.locator("output")).to_have_text("35")
    expect(panel.locator(".error").first).to_contain_text("has not answered for three seconds")
    page.wait_until_idle()
    expect(panel.locator(".error").first).to_be_empty()
    panel.get_by_role("button", name="Show me").nth(1).click()
    expect(panel.locator(".verdict").nth(1)).to_contain_text("You said 35: too high.")
    expect(panel.get_by_role("radio").nth(1)).to_be_checked()
    panel.get_by_role("button", name="Show me").first.click()
    expect(panel.locator(".verdict").first).to_contain_text("You said “a quarter as large”: right.")
    assert page.complaints == []


def test_two_copies_of_an_explorer_are_asked_about_separately(opened):
    page = opened("nonlinearity")
    first = page.page.locator(".lessonkit-questions").first
    first.get_by_role("radio").first.check()
    page.page.evaluate(
        """() => { const { content } = window.jupyterapp.shell.currentWidget;
        const cell = content.model.cells.get(3).sharedModel;
        content.model.sharedModel.insertCell(4, { cell_type: "code", source: cell.getSource() });
        content.activeCellIndex = 4; }"""
    )
    page.command("notebook:run-cell")
    panels = page.page.locator(".lessonkit-questions")
    second = panels.nth(1)
    expect(second.get_by_role("radio").first).to_be_checked()  # the same answers to begin with
    second.get_by_role("button", name="Show me").first.click()
    expect(second.locator(".verdict").first).to_contain_text("You said “half as large”: no.")
    expect(first.locator(".verdict").first).to_be_empty()
    assert page.complaints == []
