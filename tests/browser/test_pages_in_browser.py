"""The web edition in a real browser: recorded answers, Python that takes over, and what goes wrong.

No host but this machine is reached. The server is the one of `lessonkit pages`.
"""

import base64
import re
import shutil
import threading

import pytest
from lab import launch_chromium
from playwright.sync_api import expect
from readers import serious_violations
from sites import BUILT

from lessonkit import explorers
from lessonkit.site.serve import server

pytestmark = pytest.mark.browser
LOCAL = ("http://127.0.0.1", "file:", "data:", "blob:")
FIRST, LAST = "01_nonlinearity", "06_whole_network"
TO_START = 90_000  # ms, on a busy machine; some 6 s on a quiet one
CAPTION = ".lessonkit-picture .lessonkit-caption"


@pytest.fixture(scope="module")
def address(site):
    """Serve the site as `lessonkit pages` does; return its address."""
    with server(site) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


class Chapter:
    """A page of the site in Chromium."""

    def __init__(self, page, url):
        self.page, self.outside, self.complaints = page, [], []
        page.set_default_timeout(20_000)
        page.route("**/*", self._pass)
        page.on("pageerror", lambda error: self.complaints.append(f"{error} {error.stack}"))
        page.on("console", lambda m: m.type == "error" and self.complaints.append(m.text))
        page.goto(url)

    def _pass(self, route):
        if route.request.url.startswith(LOCAL):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def cell(self, name):
        return self.page.locator(f'[data-cell="{name}"]')

    def near(self, name):
        """Bring a cell near the screen and wait for its film; return it."""
        cell = self.cell(name)
        cell.scroll_into_view_if_needed()
        self.page.wait_for_function(
            "name => lessonkit.explorers.find(e => e.place === `${name}-0`).opened", arg=name
        )
        return cell

    def start_python(self):
        self.page.get_by_role("button", name="Start Python").click()
        self.wait_for_python()

    def wait_for_python(self):
        self.page.wait_for_function(
            "() => ['ready', 'failed'].includes(lessonkit.python.state)", timeout=TO_START
        )
        assert self.page.evaluate("lessonkit.python.state") == "ready", self.words

    @property
    def words(self):
        return self.page.locator("#python [role=status]").inner_text()


@pytest.fixture
def opened(chromium, address):
    """Return a function that opens a page; Python starts only when a test asks for it."""
    contexts, chapters = [], []

    def opened(name=FIRST, hash_="", url=None, quiet=True, **options):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        if quiet:
            page.add_init_script("self.lessonkitQuiet = true;")
        chapters.append(Chapter(page, url or f"{address}/{name}.html{hash_}"))
        return chapters[-1]

    yield opened
    for chapter in chapters:
        assert chapter.outside == [], "nothing leaves this machine"
    for context in contexts:
        context.close()


def caption(cell):
    return cell.locator(CAPTION).inner_text().replace("\u00a0", " ")


def pixels(cell):
    """Return the bytes of the first panel of a cell's picture."""
    packed = cell.locator("canvas").first.evaluate(  # a list of a million numbers takes a minute
        """c => { const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
        let text = "";
        for (let i = 0; i < data.length; i += 32768)
            text += String.fromCharCode(...data.subarray(i, i + 32768));
        return btoa(text); }"""
    )
    return base64.b64decode(packed)


# -- before Python ---------------------------------------------------------------------------------


def test_a_recorded_slider_answers_without_python(opened):
    chapter = opened()
    cell = chapter.near("smile-explorer")
    slider = cell.get_by_role("slider", name="ReLU units", exact=True)
    smile = explorers.nonlinearity.smile()
    before = pixels(cell)
    for key, units in (("End", 40), ("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2)):
        slider.press(key)
        smile.set(f"units={units}")
        expect(cell.locator(CAPTION)).to_have_text(smile.caption.replace(" %", "\u00a0%"))
        assert pixels(cell) != before
        before = pixels(cell)
        assert cell.locator("[role=img]").get_attribute("aria-label") == smile.caption
    assert chapter.page.evaluate("lessonkit.python.state") == "off"
    assert chapter.complaints == []


def test_the_page_writes_a_state_as_python_does(opened):
    for name in (name for name in BUILT if name[0].isdigit()):
        chapter = opened(name)
        chapter.page.evaluate(
            "document.querySelectorAll('.output').forEach(e => e.scrollIntoView())"
        )
        count = chapter.page.evaluate("lessonkit.explorers.length")
        for i in range(count):
            place = chapter.page.evaluate(f"lessonkit.explorers[{i}].place")
            chapter.near(place.rpartition("-")[0])
            differing = chapter.page.evaluate(
                f"""() => {{ const e = lessonkit.explorers[{i}];
                const before = e.named.map(([, m]) => m.get("index") ?? m.get("value"));
                const set = (values) => e.named.forEach(([, m], k) => {{
                    m.state["index" in m.state ? "index" : "value"] = values[k]; }});
                const wrong = e.film.record.frames.filter(({{ values, code }}) => {{
                    set(values); return e.code !== code; }}).map(({{ code }}) => [code, e.code]);
                set(before); return wrong.slice(0, 3); }}"""
            )
            assert differing == [], place


def test_what_is_not_recorded_says_so_and_shows_no_other_picture(opened):
    chapter = opened(LAST)
    cell = chapter.near("whole-explorer")
    slider = cell.get_by_role("slider", name="blur", exact=True)
    chapter.page.evaluate("lessonkit.python.start = () => {}")  # it does not come
    slider.press("End")
    cell.get_by_role("slider", name="turn", exact=True).press("Home")
    note = cell.get_by_text("This state is not recorded. Python is starting")
    expect(note).to_be_visible()
    expect(cell.locator(".lessonkit-picture")).to_have_css("opacity", "0.25")
    slider.press("Home")
    cell.get_by_role("slider", name="turn", exact=True).press("ArrowRight")


def test_without_javascript_all_text_and_pictures_are_there(opened):
    chapter = opened(java_script_enabled=False)
    expect(
        chapter.page.get_by_role("heading", name="How many bends does a smile need?")
    ).to_be_visible()
    picture = chapter.cell("smile-explorer").get_by_role("img")
    assert "4 ReLU units" in picture.get_attribute("alt")
    assert picture.evaluate("e => e.naturalWidth") == 760
    expect(
        chapter.cell("smile-explorer").get_by_text("With twice as many straight pieces")
    ).to_be_visible()
    expect(chapter.page.get_by_text("JavaScript is switched off")).to_be_visible()


# -- links to a state ------------------------------------------------------------------------------


def test_a_link_leads_to_a_state_and_is_made_by_a_button(opened):
    chapter = opened(hash_="#smile-explorer-0:units=12")
    cell = chapter.cell("smile-explorer")
    expect(cell.locator(CAPTION)).to_contain_text("12 ReLU units")
    cell.get_by_role("slider", name="ReLU units", exact=True).press("ArrowRight")
    cell.get_by_role("button", name="Copy a link").click()
    expect(cell.get_by_text("link")).to_have_count(2)
    assert chapter.page.url.endswith("#smile-explorer-0:units=13")
    again = opened(url=chapter.page.url)
    expect(again.cell("smile-explorer").locator(CAPTION)).to_contain_text("13 ReLU units")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("units=99", "units must be from 0 to 40 in steps of 1; got 99"),
        ("unit=9", "There is no control “unit”; there are units"),
        ("units=many", "units must be from 0 to 40 in steps of 1; got many"),
        ("units", "units must be from 0 to 40"),
        ("units=%E0%A4%A", "units must be from 0 to 40"),
    ],
)
def test_a_link_to_what_cannot_be_is_refused_in_words(opened, state, words):
    chapter = opened(hash_=f"#smile-explorer-0:{state}")
    cell = chapter.cell("smile-explorer")
    expect(cell.get_by_text(words)).to_be_visible()
    assert caption(cell).startswith("4 ReLU units"), "what was there stays"
    assert chapter.complaints == []


def test_a_link_to_an_unknown_explorer_says_so(opened):
    chapter = opened(hash_="#elsewhere:x=1")
    expect(chapter.page.get_by_role("alert")).to_have_text(
        "The link asks for “elsewhere”, which is not on this page."
    )


def test_pointing_shows_what_is_recorded_and_offers_python_for_the_rest(opened):
    chapter = opened(LAST)
    errors = chapter.near("confusion-explorer")

    def point(truth, said):
        place = {"x": 66 + 30 * said + 15, "y": 62 + 30 * truth + 15}
        errors.get_by_role("img").hover(position=place)

    for truth, said in ((9, 7), (4, 9)):
        point(truth, said)
        expect(errors.get_by_role("slider", name="it is a", exact=True)).to_have_value(str(truth))
        expect(errors.locator(CAPTION)).to_contain_text(f"{truth} read as {said}: ")
    errors.get_by_role("slider", name="turn", exact=True).press("Home")  # recorded for this cell
    expect(errors.locator(CAPTION)).to_contain_text("turn −90")
    point(4, 10)  # beside the table
    offer = errors.get_by_text("Pointing here needs Python")
    expect(offer).to_have_count(0)
    point(0, 0)
    expect(offer).to_be_visible()
    assert chapter.page.evaluate("lessonkit.python.state") == "off"
    errors.get_by_role("button", name="Start Python").click()
    assert chapter.page.evaluate("lessonkit.python.state") == "starting"
    assert chapter.complaints == []


# -- Python takes over -----------------------------------------------------------------------------


def test_python_goes_on_from_where_the_reader_is(opened):
    chapter = opened()
    cell = chapter.near("smile-explorer")
    slider = cell.get_by_role("slider", name="ReLU units", exact=True)
    slider.press("Home")
    chapter.page.get_by_role("button", name="Start Python").click()
    for _ in range(9):  # moved while Python arrives
        slider.press("ArrowRight")
        chapter.page.wait_for_timeout(100)
    cell.get_by_role("radio").first.check()  # a prediction, made before there is a Python
    slider.focus()  # what has the focus stays where it is, and what stands beside it
    recorded = pixels(cell)
    assert caption(cell).startswith("9 ReLU units")
    place = cell.locator("canvas").bounding_box()
    chapter.wait_for_python()
    chapter.page.wait_for_timeout(500)
    live = pixels(cell)
    strongly = sum(abs(a - b) > 48 for a, b in zip(recorded, live, strict=True))
    assert strongly == 0, "the picture before and after is the same"
    assert cell.locator("canvas").bounding_box() == pytest.approx(place)
    assert caption(cell).startswith("9 ReLU units")
    # now with a guess, which only Python draws, and the verdict of the prediction
    expect(cell.locator(".verdict").first).to_contain_text("You said “half as large”")
    cell.get_by_role("slider", name="How many ReLU units").press("End")
    expect(cell.locator("output", has_text="40")).to_be_visible()
    for _ in range(100):
        if pixels(cell) != live:
            break
        chapter.page.wait_for_timeout(100)
    else:
        pytest.fail("the guess is not drawn")
    assert chapter.complaints == []


def test_a_slider_held_while_python_arrives_stays_in_the_hand(opened):
    chapter = opened()
    cell = chapter.near("smile-explorer")
    slider = cell.get_by_role("slider", name="ReLU units", exact=True)
    slider.hover()  # waits until the page has come to rest
    box, mouse = slider.bounding_box(), chapter.page.mouse
    y, left, width = box["y"] + box["height"] / 2, box["x"], box["width"]
    to_start = chapter.page.get_by_role("button", name="Start Python")
    slider.evaluate("s => s.addEventListener('input', () => { self.told = s.value; })")
    mouse.move(left + 0.5 * width, y)
    mouse.down()
    to_start.evaluate("button => button.click()")  # the mouse is on the slider
    place = 0.1
    while chapter.page.evaluate("lessonkit.python.state") not in ("ready", "failed"):
        place = 0.1 if place > 0.85 else place + 0.02
        mouse.move(left + place * width, y)
        chapter.page.wait_for_timeout(30)
        held = slider.input_value()
        assert held == chapter.page.evaluate("told"), "it shows what the hand did"
    assert chapter.page.evaluate("lessonkit.python.state") == "ready", chapter.words
    before, at_handover = pixels(cell), slider.input_value()
    chapter.page.wait_for_timeout(300)
    assert slider.input_value() == at_handover
    assert caption(cell).startswith(f"{at_handover} ReLU units")
    strongly = sum(abs(a - b) > 48 for a, b in zip(before, pixels(cell), strict=True))
    assert strongly == 0, "the picture before and after is of the same state"
    for place in (0.3, 0.5, 0.7):  # the same drag goes on, with Python
        mouse.move(left + place * width, y)
    mouse.up()
    assert 25 < int(slider.input_value()) < 31
    expect(cell.locator(CAPTION)).to_contain_text(f"{slider.input_value()} ReLU units")
    assert chapter.complaints == []


def test_code_runs_errors_are_shown_and_an_endless_loop_can_be_stopped(opened):
    chapter = opened()
    chapter.start_python()
    cell = chapter.cell("smile-bump")
    code, run = cell.locator("code"), cell.get_by_role("button", name="Run")
    code.fill("print(relu(np.array([-1, 5])) * 7)")
    code.press("Shift+Enter")
    expect(cell.locator(".outputs .text")).to_have_text("[ 0. 35.]")
    code.fill("x = 1\nprint(x / 0)")
    run.click()
    expect(cell.get_by_role("alert")).to_contain_text("line 2 of cell smile-bump: print(x / 0)")
    expect(cell.get_by_role("alert")).to_contain_text("ZeroDivisionError")
    exercise = chapter.cell("bump-exercise")
    exercise.locator("code").fill(
        "def my_bump(x):\n    return relu(x)\n\nEXERCISES['bump'].check(my_bump)"
    )
    exercise.get_by_role("button", name="Run").click()
    expect(exercise.locator(".outputs")).to_contain_text("For x = [0]")
    code.fill("while True: pass")
    run.click()
    chapter.page.wait_for_timeout(300)
    chapter.page.get_by_role("button", name="Stop Python").click()
    assert "Python has been stopped" in chapter.words
    smile = chapter.near("smile-explorer")
    smile.get_by_role("slider", name="ReLU units", exact=True).press("End")
    expect(smile.locator(CAPTION)).to_contain_text("40 ReLU units")  # the film answers again
    code.fill("print(6 * 7)")
    chapter.start_python()
    expect(cell.locator(".outputs .text")).to_have_text("42")
    expect(smile.locator(CAPTION)).to_contain_text("40 ReLU units")
    assert chapter.complaints == []


def test_a_cell_that_makes_another_explorer_shows_it(opened):
    chapter = opened()
    chapter.start_python()
    cell = chapter.cell("smile-explorer")
    cell.locator("summary").click()
    cell.locator("code").fill("explorers.nonlinearity.linear_stack()")
    cell.get_by_role("button", name="Run").click()
    expect(cell.locator(CAPTION)).to_contain_text("lines stay straight")
    cell.get_by_role("slider", name="layers", exact=True).press("Home")
    expect(cell.locator(CAPTION)).to_contain_text("1 layer")
    assert chapter.complaints == []


def test_the_last_chapter_draws_points_and_trains(opened):
    chapter = opened(LAST)
    cell = chapter.near("whole-explorer")
    cell.get_by_role("combobox").first.select_option(label="draw one")
    pad = cell.get_by_role("application")
    pad.focus()  # only Python can take a drawing: this starts it
    for _ in range(8):
        chapter.page.keyboard.press("Shift+ArrowDown")
    chapter.wait_for_python()
    expect(cell.locator(CAPTION)).not_to_contain_text("Nothing is drawn", timeout=20_000)
    cell.get_by_role("combobox").first.select_option(index=0)
    box = cell.locator(".lessonkit-panels").bounding_box()
    chapter.page.mouse.move(box["x"] + 330, box["y"] + 150)
    chapter.page.mouse.move(box["x"] + 333, box["y"] + 152)
    expect(cell.locator(CAPTION)).to_contain_text("map")
    own = chapter.near("own-explorer")
    own.get_by_role("button", name="start", exact=True).click()
    expect(own.locator(CAPTION)).to_contain_text("It is learning from", timeout=30_000)
    own.get_by_role("button", name="stop", exact=True).click()
    expect(own.locator(CAPTION)).to_contain_text("Stopped while it learned", timeout=10_000)
    assert chapter.complaints == []


# -- from a file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [f"{FIRST}.html", f"{FIRST}.single.html"])
def test_a_page_opened_by_double_click_answers_and_becomes_live(opened, site, tmp_path, name):
    folder = site
    if "single" in name:  # alone, as on a stick
        shutil.copy(site / name, tmp_path)
        folder = tmp_path
    chapter = opened(url=(folder / name).as_uri())
    cell = chapter.near("smile-explorer")
    slider = cell.get_by_role("slider", name="ReLU units", exact=True)
    slider.press("End")
    expect(cell.locator(CAPTION)).to_contain_text("40 ReLU units")
    assert chapter.page.evaluate("lessonkit.python.state") == "off"
    chapter.start_python()
    slider.press("ArrowLeft")
    expect(cell.locator(CAPTION)).to_contain_text("39 ReLU units")
    assert chapter.complaints == []


# -- what goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("python/pyodide.mjs", "pyodide.mjs could not be loaded"),
        ("python/python.zip", "python.zip could not be loaded"),
        ("assets/worker.js", "Python could not start"),
    ],
)
def test_a_missing_file_is_told_and_the_pictures_stay(opened, missing, words):
    chapter = opened()
    chapter.page.route(f"**/{missing}", lambda route: route.fulfill(status=404))
    cell = chapter.near("smile-explorer")
    chapter.page.get_by_role("button", name="Start Python").click()
    expect(chapter.page.locator("#python [role=status]")).to_contain_text(words, timeout=TO_START)
    expect(chapter.page.locator("#python [role=status]")).to_contain_text("recorded pictures still")
    cell.get_by_role("slider", name="ReLU units", exact=True).press("End")
    expect(cell.locator(CAPTION)).to_contain_text("40 ReLU units")
    expect(chapter.page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_browser_without_webassembly_is_told(opened):
    chapter = opened()
    worker = chapter.page.context.request.get(
        f"{chapter.page.url.rpartition('/')[0]}/assets/worker.js"
    ).text()
    chapter.page.route(
        "**/assets/worker.js",
        lambda route: route.fulfill(
            body="delete self.WebAssembly;\n" + worker, content_type="text/javascript"
        ),
    )
    chapter.page.get_by_role("button", name="Start Python").click()
    expect(chapter.page.locator("#python [role=status]")).to_contain_text("no WebAssembly")


@pytest.mark.parametrize("pages", [100, 700])  # of 64 KB; Python and a chapter need some 1,100
def test_short_memory_is_told_and_the_pictures_stay(chromium, address, pages):
    small = launch_chromium(chromium.browser_type, f"--js-flags=--wasm-max-mem-pages={pages}")
    chapter = Chapter(small.new_page(), f"{address}/{FIRST}.html")
    chapter.page.get_by_role("button", name="Start Python").click()
    status = chapter.page.locator("#python [role=status]")
    expect(status).to_contain_text("there is not enough memory. Close other", timeout=TO_START)
    cell = chapter.near("smile-explorer")
    cell.get_by_role("slider", name="ReLU units", exact=True).press("End")
    expect(cell.locator(CAPTION)).to_contain_text("40 ReLU units")
    small.close()


def test_a_worker_that_dies_can_be_started_again(opened):
    chapter = opened()
    chapter.start_python()
    chapter.page.evaluate("lessonkit.python.worker.onerror({ message: 'out of memory' })")
    assert "out of memory" in chapter.words
    cell = chapter.near("smile-explorer")
    cell.get_by_role("slider", name="ReLU units", exact=True).press("End")
    expect(cell.locator(CAPTION)).to_contain_text("40 ReLU units")
    chapter.page.get_by_role("button", name="Try again").click()
    chapter.wait_for_python()
    cell.get_by_role("slider", name="ReLU units", exact=True).press("ArrowLeft")
    expect(cell.locator(CAPTION)).to_contain_text("39 ReLU units")


def test_a_missing_recording_is_told_and_python_draws_what_the_link_asks_for(opened, address):
    chapter = opened()
    chapter.page.route("**/confusion-explorer-0.js", lambda route: route.fulfill(status=404))
    chapter.page.goto(f"{address}/{LAST}.html#confusion-explorer-0:shift_x=2")
    cell = chapter.cell("confusion-explorer")
    expect(cell.get_by_text("The recording of this picture is missing: move it")).to_be_visible()
    assert cell.get_by_role("img").get_attribute("alt").startswith("Of 1,000 test digits")
    expect(cell.get_by_role("slider", name="shift x", exact=True)).to_have_value("2")
    cell.get_by_role("slider", name="turn", exact=True).press("ArrowRight")
    chapter.wait_for_python()
    expect(cell.locator(CAPTION)).to_contain_text("all moved by shift x 2, turn", timeout=60_000)


# -- every reader ----------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=["index", *BUILT])
def read(request, chromium, address):
    """Return the name of a page and the page, which is opened once to be looked at."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script("self.lessonkitQuiet = true;")
    chapter = Chapter(page, f"{address}/{request.param}.html")
    yield request.param, chapter
    assert chapter.outside == []
    context.close()


def test_the_page_is_walked_through_with_the_keyboard(read):
    name, chapter = read
    chapter.page.keyboard.press("Tab")
    assert chapter.page.evaluate("document.activeElement.textContent") == "To the text"
    names = []
    for _ in range(900):
        chapter.page.keyboard.press("Tab")
        names.append(
            chapter.page.evaluate(
                """() => { const e = document.activeElement;
                const name = e.ariaLabel || e.labels?.[0]?.textContent || e.textContent;
                const ring = getComputedStyle(e).outlineStyle;
                return [e.tagName, e === document.body ? "" : name.trim(), ring]; }"""
            )
        )
        if names[-1][0] == "BODY":
            break
    assert names[-1][0] == "BODY", "Tab leads through, and out again"
    for tag, said, ring in names[:-1]:
        assert said, tag
        assert ring != "none", f"{tag} {said} has no visible focus"
    told = [said for _, said, _ in names]
    labels = chapter.page.locator(".control:visible label").all_inner_texts()
    assert bool(labels) == (name != "glossary")
    assert [label for label in labels if not any(label in said for said in told)] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(read, width):
    _, chapter = read
    chapter.page.set_viewport_size({"width": width, "height": 800})
    assert chapter.page.evaluate("innerWidth") == width
    assert chapter.page.evaluate("document.documentElement.scrollWidth") <= width
    heights = chapter.page.locator("input[type=range]:visible").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect().height)"
    )
    assert min(heights, default=24) >= 24, "large enough for a finger"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(read, scheme):
    _, chapter = read
    chapter.page.emulate_media(color_scheme=scheme)
    chapter.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert serious_violations(chapter.page) == []


def test_paper_shows_pictures_and_no_controls(opened):
    chapter = opened(color_scheme="dark")
    cell = chapter.near("smile-explorer")
    chapter.page.emulate_media(media="print")
    assert chapter.page.locator("button:visible, header:visible, .control:visible").count() == 0
    expect(cell.locator("canvas").first).to_be_visible()
    expect(cell.get_by_text("With twice as many straight pieces")).to_be_visible()
    paper = "getComputedStyle(document.body).backgroundColor"
    assert chapter.page.evaluate(paper) == "rgb(255, 255, 255)"


def test_the_first_page_moves_by_itself_until_it_is_touched(opened):
    chapter = opened("index")
    cell = chapter.near("smile-explorer")
    before = caption(cell)
    expect(cell.locator(CAPTION)).not_to_have_text(before)
    cell.get_by_role("slider", name="ReLU units", exact=True).focus()
    chapter.page.wait_for_timeout(700)
    still = caption(cell)
    chapter.page.wait_for_timeout(1200)
    assert caption(cell) == still
    calm = opened("index", reduced_motion="reduce")
    cell = calm.near("smile-explorer")
    calm.page.wait_for_timeout(1200)
    assert re.match("4 ReLU units", caption(cell))
