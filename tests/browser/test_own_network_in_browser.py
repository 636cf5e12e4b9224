"""A training that a learner starts, in a real JupyterLab: it grows, stops and is handed over."""

import re
import time

import pytest
from lab import write_notebook

pytestmark = pytest.mark.browser

LEARNING = r"^It is learning from .*: ([\d,]+) of 64,000"


@pytest.fixture(scope="module")
def page(lab, open_page, tmp_path_factory):
    path = tmp_path_factory.mktemp("own") / "own.ipynb"
    make = "mine = explorers.whole_network.train_it_yourself()\nmine"
    write_notebook(path, f"from lessonkit import explorers\n{make}", "1 + 1")
    page = open_page()
    page.open(lab, lab.add(path))
    page.run_all()
    yield page
    assert page.complaints == []


@pytest.fixture(scope="module")
def explorer(page):
    (explorer,) = page.explorers()
    return explorer


def button(explorer, name):
    return explorer.box.get_by_role("button", name=name, exact=True)


def wait_for(page, condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        page.page.wait_for_timeout(20)


def seen(explorer):
    """Return how many digits it has learned from, as the page says; −1 while it does not learn."""
    told = re.match(LEARNING, explorer.caption)
    return int(told[1].replace(",", "")) if told else -1


def test_nothing_starts_by_itself(page, explorer):
    page.page.wait_for_timeout(500)
    assert explorer.caption.startswith("Not trained yet")


def test_it_grows_and_stops_at_once(page, explorer):
    explorer.look()
    button(explorer, "start").click()
    wait_for(page, lambda: seen(explorer) > 0)
    first = seen(explorer)
    wait_for(page, lambda: seen(explorer) > first + 2000)
    assert explorer.changed() > 0.001, "the curves have grown"
    progress = explorer.box.get_by_role("progressbar", name="work done")
    wait_for(page, progress.is_visible)
    button(explorer, "stop").click()
    wait_for(page, lambda: explorer.caption.startswith("Stopped while it learned"), seconds=5)
    stopped = explorer.caption
    page.page.wait_for_timeout(300)
    assert explorer.caption == stopped
    assert not progress.is_visible()
    assert page.python("print(mine.facts.status)").strip() == "stopped"


def test_a_changed_setting_stops_it_and_says_so(page, explorer):
    button(explorer, "start").click()
    wait_for(page, lambda: seen(explorer) > 500)
    explorer.slider("dropout").press("ArrowRight")
    wait_for(page, lambda: "a setting was changed: press start" in explorer.caption)
    button(explorer, "start").wait_for()
    page.page.wait_for_timeout(300)
    assert explorer.caption.startswith("Stopped while it learned")
    assert "dropout 0.25" in explorer.caption, "what is drawn is what was trained"


def test_its_network_is_handed_over(page, explorer):
    code = """shown = explorers.whole_network.whole_network(network=mine.facts.network)
print(shown.facts.accuracy)
print(shown.caption)"""
    accuracy, caption = page.python(code).strip().splitlines()
    assert 0 < float(accuracy) < 1
    assert f"It reads {100 * float(accuracy):.1f} % of the test digits correctly." in caption
