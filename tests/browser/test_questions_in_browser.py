"""Questions in a real JupyterLab: by keyboard, while Python is busy, and when it has gone.

Every question of every notebook is answered in `test_notebooks_in_browser.py`.
"""

import contextlib
import os
import signal

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CELLS = (
    "from lessonkit import explorers, questions\nfrom lessonkit.live import ask",
    "questions.nonlinearity.smile(explorers.nonlinearity.smile())",
)


@pytest.fixture(scope="module")
def shared_page(run_cells):
    return run_cells("questions", *CELLS)


@pytest.fixture
def page(shared_page):
    """Return the page with questions that nobody has answered."""
    shared_page.python(f"{CELLS[0]}\nask._KEPT.clear()")
    shared_page.run_all()
    yield shared_page
    assert shared_page.complaints == []


def test_a_chapter_is_answered_with_the_keyboard_alone(page):
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


def test_the_slider_stays_under_the_pointer_when_a_verdict_comes(page):
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


def test_run_all_takes_the_answers_up_and_a_kernel_that_has_gone_is_told(page):
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


def test_answers_given_while_python_is_busy_are_not_lost(page, tmp_path):
    panel = page.page.locator(".lessonkit-questions").first
    with page.long_cell(tmp_path):
        for i in (0, 1):
            panel.get_by_role("radio").nth(i).check()
        scale = panel.get_by_role("slider")
        scale.press("End")
        for _ in range(5):
            scale.press("ArrowLeft")
        expect(panel.locator("output")).to_have_text("35")
        expect(panel.locator(".error").first).to_contain_text("has not answered for three seconds")
    expect(panel.locator(".error").first).to_be_empty()
    panel.get_by_role("button", name="Show me").nth(1).click()
    expect(panel.locator(".verdict").nth(1)).to_contain_text("You said 35: too high.")
    expect(panel.get_by_role("radio").nth(1)).to_be_checked()
    panel.get_by_role("button", name="Show me").first.click()
    expect(panel.locator(".verdict").first).to_contain_text("You said “a quarter as large”: right.")


@contextlib.contextmanager
def halted(page):
    """Halt the kernel's process: what the page sends meanwhile waits."""
    kernel = int(page.python("import os; print(os.getpid())"))
    os.kill(kernel, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(kernel, signal.SIGCONT)


def test_what_is_asked_right_after_an_answer_is_about_it(page):
    panel = page.page.locator(".lessonkit-questions").first
    scale, again = panel.get_by_role("slider"), panel.get_by_role("button", name="Start again")
    with halted(page):
        panel.get_by_role("radio").first.check()  # on its way; the others wait for it
        scale.press("End")
        scale.press("ArrowLeft")
        panel.get_by_role("button", name="Show me").nth(1).click()
    expect(panel.locator(".verdict").nth(1)).to_contain_text("You said 39: too high.")
    with halted(page):
        panel.get_by_role("radio").nth(1).check()
        panel.get_by_role("radio").nth(2).check()
        again.click()
    expect(panel.locator(".verdict").nth(1)).to_be_empty()
    page.page.wait_for_timeout(500)  # for an answer that comes after all
    expect(again).to_be_hidden()
    expect(panel.get_by_role("radio").nth(2)).not_to_be_checked()


def test_show_me_settles_what_was_answered_just_before_about_the_same_picture(page):
    """Nine units settle both predictions about the smile; only one is asked for."""
    panel = page.page.locator(".lessonkit-questions").first
    with halted(page):
        panel.get_by_role("radio").first.check()
        panel.get_by_role("slider").press("End")
        panel.get_by_role("button", name="Show me").first.click()
    for verdict, said in enumerate(["“half as large”", "40"]):
        expect(panel.locator(".verdict").nth(verdict)).to_contain_text(f"You said {said}: ")


def test_a_slider_stays_where_it_was_put_while_others_are_answered(page):
    panel = page.page.locator(".lessonkit-questions").first
    panel.evaluate(
        """panel => { panel.seen = []; const output = panel.querySelector("output");
        new MutationObserver(() => panel.seen.push(output.textContent)).observe(output,
            { childList: true, characterData: true, subtree: true }); }"""
    )
    scale = panel.get_by_role("slider")
    with halted(page):
        panel.get_by_role("radio").first.check()
        scale.press("End")
        panel.get_by_role("button", name="Show me").nth(1).click()
    expect(panel.locator(".verdict").nth(1)).to_contain_text("You said 40")
    page.wait_until_idle()
    assert set(panel.evaluate("panel => panel.seen")) == {"40"}, "it never jumps back"


def test_a_kernel_that_dies_with_an_answer_on_its_way_is_told(run_cells):
    page = run_cells("questions_die", *CELLS)
    panel = page.page.locator(".lessonkit-questions").first
    kernel = int(page.python("import os; print(os.getpid())"))
    os.kill(kernel, signal.SIGSTOP)
    panel.get_by_role("radio").first.check()
    expect(panel.locator(".error").first).to_contain_text("has not answered for three seconds")
    os.kill(kernel, signal.SIGKILL)
    expect(panel.locator(".error").first).to_have_text(
        "The kernel that asked this has gone. Run the cell again.", timeout=30_000
    )


def test_two_copies_of_an_explorer_are_asked_about_separately(page):
    first = page.page.locator(".lessonkit-questions").first
    first.get_by_role("radio").first.check()
    page.page.evaluate(
        """() => { const { content } = window.jupyterapp.shell.currentWidget;
        const cell = content.model.cells.get(1).sharedModel;
        content.model.sharedModel.insertCell(2, { cell_type: "code", source: cell.getSource() });
        content.activeCellIndex = 2; }"""
    )
    page.command("notebook:run-cell")
    panels = page.page.locator(".lessonkit-questions")
    second = panels.nth(1)
    expect(second.get_by_role("radio").first).to_be_checked()  # the same answers to begin with
    second.get_by_role("button", name="Show me").first.click()
    expect(second.locator(".verdict").first).to_contain_text("You said “half as large”: no.")
    expect(first.locator(".verdict").first).to_be_empty()
    page.command("notebook:delete-cell")
