"""What goes wrong around a live picture, in a real JupyterLab.

After each fault the page shows the picture of its controls, pixel for pixel as this process draws
it, or says in words what to do.
"""

import inspect
import os
import signal

import pytest
from lab import ExplorerInPage
from moving import PRESS, assert_come_to_rest, assert_shows, caption, dial, press, value

pytestmark = pytest.mark.browser

GONE = "The kernel that drew this picture has gone. Run the cell again."
BUSY = "Python has not answered for three seconds. The picture follows as soon as it does."
CELLS = [
    f"{inspect.getsource(dial)}\none = dial()\none",
    """import ipywidgets
two, out = dial(), ipywidgets.Output()
with out:
    display(two)
tab = ipywidgets.Tab([two], titles=["in a tab"])
ipywidgets.VBox([two, two, tab, ipywidgets.Accordion([tab], selected_index=0), out])""",
]


@pytest.fixture(scope="module")
def shared_page(run_cells):
    return run_cells("faults", *CELLS)


@pytest.fixture
def page(shared_page):
    shared_page.python("one.set('x=0 tilt=1 how=quietly'); two.set('x=0 tilt=1 how=quietly')")
    yield shared_page
    assert shared_page.complaints == []


@pytest.fixture
def one(page):
    explorer = page.explorers()[0]
    assert_shows(explorer, 0)
    return explorer


def choose(explorer, how):
    explorer.box.get_by_role("combobox", name="how").select_option(how)


def wait_for_words(explorer, words, timeout=20_000):
    alert = explorer.box.locator("[role=alert]")
    explorer.page.wait_for_function(
        "([e, words]) => e.textContent === words",
        arg=[alert.element_handle(), words],
        timeout=timeout,
    )


# -- drawing ---------------------------------------------------------------------------------------


def test_what_raises_in_mid_drag_is_told_and_the_next_picture_is_right(one):
    press(one, *["ArrowRight"] * 10)
    choose(one, "never")
    one.box.get_by_role("alert").filter(has_text="RuntimeError: it is not to be drawn").wait_for()
    press(one, *["ArrowRight"] * 10)
    choose(one, "quietly")
    assert_shows(one, 2)
    wait_for_words(one, "")


def test_what_is_drawn_for_seconds_is_announced_and_then_right(one):
    choose(one, "slowly")
    choose(one, "quietly")
    press(one, *["ArrowRight"] * 25)
    wait_for_words(one, BUSY)
    assert_shows(one, 2.5, timeout=20_000)
    wait_for_words(one, "")


def test_what_prints_so_much_that_the_server_drops_its_picture_is_right_all_the_same(one):
    choose(one, "loudly")
    assert_shows(one, 0, how="loudly")
    press(one, "ArrowRight")
    choose(one, "quietly")
    assert_shows(one, 0.1)
    wait_for_words(one, "")


def test_two_thousand_events_at_once_end_in_the_right_picture(one, page):
    page.python("one.drawn.clear()")
    press(one, *["ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft"] * 499, *["ArrowLeft"] * 4)
    assert_shows(one, -0.4)
    assert int(page.python("print(len(one.drawn))")) < 50


def test_python_and_the_page_at_once_end_in_one_state(one, page):
    hand = """e => { const press = PRESS; let i = 0; window.hand = setInterval(
        () => press(e, [i++ % 3 ? "ArrowRight" : "ArrowLeft"]), 5); }"""
    page.page.evaluate(hand.replace("PRESS", PRESS), one.slider("x").element_handle())
    page.python("""if True:
        import time
        for i in range(40):
            one.set(f"x={i % 50 / 10} tilt={i % 5 - 2}")
            one.controls["x"].value = -i % 50 / 10
            time.sleep(0.002)
    """)
    page.page.evaluate("() => clearInterval(window.hand)")
    assert_come_to_rest(one)
    kernel = page.python("print(one.controls['x'].value, one.controls['tilt'].value)").split()
    assert [float(part) for part in kernel] == pytest.approx([value(one), value(one, "tilt")])
    assert one.error == ""


def test_a_picture_that_is_lost_on_its_way_is_asked_for_again(one, page):
    page.python("""if True:
        send, lose = one._page.send, 0
        def lossy(message, pixels=()):
            global lose
            if lose and "caption" in message:
                lose -= 1
            else:
                send(message, pixels)
        one._page.send = lossy""")
    page.python("lose = 1; one.set('x=5')")  # nothing tells the page of it
    page.python("one.set('x=1')")  # and this changes a picture that it does not have
    assert_shows(one, 1)
    page.python("lose = 1")
    press(one, "ArrowRight")  # and of this no answer comes
    assert_shows(one, 1.1)
    wait_for_words(one, "")
    page.python("del one._page.send")


# -- views and pages -------------------------------------------------------------------------------


def test_an_explorer_shown_five_times_in_tab_accordion_and_output_is_the_same_in_each(page):
    views = page.explorers()[1:]
    assert len(views) == 5
    for x, view in enumerate(views, 1):
        press(view, *["ArrowRight"] * 10)
        for other in views:
            assert_shows(other, x)


def test_two_tabs_and_a_second_view_of_one_notebook_agree(page, open_page, lab):
    page.command("docmanager:save")
    other = open_page()
    other.open(lab, "faults.ipynb")
    page.page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }"
    )
    page.command("notebook:create-output-view")
    linked = page.page.locator(".jp-LinkedOutputView .lessonkit-explorer")
    linked.first.wait_for()
    views = [page.explorers()[0], other.explorers()[0], ExplorerInPage(page.page, linked.first)]
    for x, view in zip((2, 3, 4), views, strict=True):
        press(view, *["ArrowRight"] * 10 * (x - int(value(view))))
        assert_come_to_rest(view, *views)
        assert value(view) == x
    for _ in range(10):
        for view, key in zip(views, ("ArrowRight", "ArrowLeft", "ArrowRight"), strict=True):
            press(view, *[key] * 7)
    assert_come_to_rest(*views)
    assert other.complaints == []
    other.page.close()
    page.page.evaluate(
        """() => { for (const widget of window.jupyterapp.shell.widgets("main"))
            if (widget.node.querySelector(".jp-LinkedOutputView")) widget.close(); }"""
    )
    page.page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.sessionContext")


# -- server and kernel -----------------------------------------------------------------------------


def test_a_server_that_pauses_for_ten_seconds_is_waited_for(one, page, lab):
    os.kill(lab.process.pid, signal.SIGSTOP)
    try:
        press(one, *["ArrowRight"] * 30)
        wait_for_words(one, BUSY)
        press(one, *["ArrowRight"] * 10)
        page.page.wait_for_timeout(7_000)  # after the first three
    finally:
        os.kill(lab.process.pid, signal.SIGCONT)
    assert_shows(one, 4, timeout=30_000)
    wait_for_words(one, "")
    press(one, *["ArrowLeft"] * 10)
    assert_shows(one, 3)


def test_an_explorer_moves_during_a_long_cell_or_the_page_says_that_it_waits(one, page, tmp_path):
    with page.long_cell(tmp_path):
        press(one, *["ArrowRight"] * 30)
        page.page.wait_for_function(
            """([[status, right], [alert, waits]]) =>
                status.textContent === right || alert.textContent === waits""",
            arg=[
                [one.box.locator("[role=status]").element_handle(), caption(3)],
                [one.box.locator("[role=alert]").element_handle(), BUSY],
            ],
        )
    assert_shows(one, 3)
    wait_for_words(one, "")


STEPS = """async ([slider, status, steps]) => {
    const press = PRESS;
    for (let i = 0; i < steps; i += 1) {
        const before = status.textContent;
        press(slider, [i % 100 < 50 ? "ArrowRight" : "ArrowLeft"]);
        const deadline = performance.now() + 20_000;
        while (status.textContent === before) {
            if (performance.now() > deadline) throw new Error(`step ${i} is not shown`);
            await new Promise((resolve) => setTimeout(resolve, 1));
        }
    }
}""".replace("PRESS", PRESS)


def test_five_hundred_steps_leave_nothing_in_the_kernel_or_the_page(one, page):
    cdp = page.page.context.new_cdp_session(page.page)
    slider, status = one.slider("x"), one.box.locator("[role=status]")

    def steps(n):
        page.page.evaluate(STEPS, [slider.element_handle(), status.element_handle(), n])

    def memory():
        in_kernel = page.python(
            "import gc; one.drawn.clear(); gc.collect(); print(tracemalloc.get_traced_memory()[0])"
        )
        cdp.send("HeapProfiler.collectGarbage")
        return int(in_kernel), cdp.send("Runtime.getHeapUsage")["usedSize"]

    page.python("""if True:
        import tracemalloc
        [number] = one.picture.axes[0].texts
        number.set_visible(False)  # tracing makes text slow
        tracemalloc.start()""")
    try:
        steps(200)  # there and back, twice; meanwhile what is kept for good has come
        found = [memory()]
        for _ in range(2):
            steps(500)
            found.append(memory())
            growth = [new - old for old, new in zip(*found[-2:], strict=True)]
            assert max(growth) < 0.5 * 2**20, f"bytes in the kernel and in the page: {found}"
    finally:
        page.python("tracemalloc.stop(); number.set_visible(True)")


# The last one: it takes the kernel of all others away.


def test_a_kernel_that_dies_in_mid_drag_is_told_and_run_all_begins_anew(shared_page):
    page = shared_page
    explorer = page.explorers()[0]
    pid = int(page.python("import os; print(os.getpid())"))
    press(explorer, *["ArrowRight"] * 10)
    os.kill(pid, signal.SIGKILL)
    press(explorer, *["ArrowRight"] * 10)
    wait_for_words(explorer, GONE, 60_000)
    page.page.get_by_role("button", name="Ok", exact=True).click()
    press(explorer, *["ArrowRight"] * 10)
    page.page.wait_for_timeout(4_000)  # a silence later no false hope is given
    assert explorer.error == GONE
    page.run_all()
    explorer = page.explorers()[0]
    assert_shows(explorer, 0)
    press(explorer, *["ArrowRight"] * 10)
    assert_shows(explorer, 1)
    assert explorer.error == ""
