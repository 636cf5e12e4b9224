"""Save a picture of every explorer in a real JupyterLab, to be looked at.

    python tests/browser/screenshots.py [notebook …]
    python tests/browser/screenshots.py readme

The first saves in screenshots/: each explorer as it opens and with its sliders at minimum, middle
and maximum, with every box ticked; in the light and the dark theme, in windows 1400 and 700 pixels
wide. And each notebook as a whole. The second takes README's picture again.
"""

import sys
from pathlib import Path

from lab import DARK, LIGHT, Page, launch_chromium, running_lab
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "screenshots"
STILL = 600  # ms: the picture has followed the last key by then


def main(notebooks):
    """Take all screenshots of the notebooks named, or of all lessons."""
    FOLDER.mkdir(exist_ok=True)
    for theme in (LIGHT, DARK):
        with running_lab(theme) as lab, sync_playwright() as playwright:
            browser = launch_chromium(playwright)
            for notebook in notebooks or sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
                for width in (1400, 700):
                    page = Page(browser.new_page(viewport={"width": width, "height": 1000}))
                    page.open(lab, lab.add(notebook))
                    take(page, f"{Path(notebook).stem}-{theme.split()[-1].lower()}-{width}")
                    page.page.close()
            browser.close()


def take(page, name):
    """Run the open notebook, save its explorers in four states, and all of it."""
    page.page.wait_for_selector(".jp-FileBrowser")
    if page.page.viewport_size["width"] < 1000:
        page.command("application:toggle-left-area")
    page.run_all()
    save_all(page, f"{name}-first")
    for number, _ in enumerate(scroll(page)):
        page.page.screenshot(path=FOLDER / f"{name}-page{number}.png")
    for tick in page.page.locator(".lessonkit-explorer input[type=checkbox]").all():
        tick.check()
    for state, key in (("least", "Home"), ("middle", None), ("most", "End")):
        for explorer in page.explorers():
            for handle in explorer.box.get_by_role("slider").all():
                if handle.is_visible():
                    handle.press(key) if key else explorer.drag(handle, 0.5)
        save_all(page, f"{name}-{state}")


def scroll(page):
    """Scroll the notebook down, screen by screen; yield how far."""
    outer = page.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer")
    length, seen = outer.evaluate("e => [e.scrollHeight, e.clientHeight]")
    for top in range(0, length, seen - 40):
        outer.evaluate("(e, top) => { e.scrollTop = top; }", top)
        page.page.wait_for_timeout(STILL)
        yield top


def save_all(page, name):
    page.page.wait_for_timeout(STILL)
    for number, explorer in enumerate(page.explorers(), start=1):
        explorer.box.scroll_into_view_if_needed()
        explorer.box.screenshot(path=FOLDER / f"{name}-explorer{number}.png")


def readme():
    """Take README's picture: the last notebook's explorer with a digit moved, and its cell."""
    with running_lab() as lab, sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        window = {"width": 1250, "height": 1500}  # the whole cell fits in
        page = Page(browser.new_page(viewport=window, device_scale_factor=2))
        page.open(lab, lab.add(ROOT / "notebooks" / "06_whole_network.ipynb"))
        page.run_all()
        explorer = page.explorers()[0]
        explorer.box.scroll_into_view_if_needed()
        panel = page.page.locator(".lessonkit-questions").first
        panel.get_by_label("6: a small shift does not matter").check()
        for _ in range(2):
            explorer.act(lambda: explorer.slider("shift x").press("ArrowRight"))
        page.page.wait_for_timeout(STILL)
        cell = page.page.locator(".jp-CodeCell", has=page.page.locator(".lessonkit-explorer"))
        cell.first.screenshot(path=ROOT / ".github" / "whole_network.png")
        browser.close()


if __name__ == "__main__":
    readme() if sys.argv[1:] == ["readme"] else main(sys.argv[1:])
