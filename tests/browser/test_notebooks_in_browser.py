"""Every control of every explorer in every notebook, moved in a real JupyterLab."""

import itertools
from pathlib import Path

import pytest
from lab import BYTES, PLAIN
from playwright.sync_api import TimeoutError as PageTimeout

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.name)
def opened(request, lab, open_page):
    page = open_page()
    page.open(lab, lab.add(request.param))
    page.run_all()
    return page


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
        assert min(captions, pictures) >= min(made, 6)  # a control alone may have fewer moves
    assert opened.complaints == []


def follow(explorer, action):
    """Do the action; wait for the picture or the caption, and tell which of them has changed."""
    explorer.look()
    before = explorer.caption
    action()
    explorer.page.wait_for_function(
        f"""([e, caption, before]) => {{
        if ((e => {PLAIN})(caption) !== before) return true;
        return {BYTES}.some((now, i) => now.length !== e.before[i]?.length
            || now.some((value, j) => value !== e.before[i][j])); }}""",
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


def test_names_for_a_screen_reader(opened):
    for explorer in opened.explorers():
        for role in ("slider", "checkbox", "combobox"):
            for control in visible(explorer.box.get_by_role(role)):
                assert name_of(control), control
        assert explorer.picture.get_attribute("aria-label") == explorer.caption
