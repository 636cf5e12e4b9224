"""Save a picture of every explorer in a real JupyterLab, to be looked at.

    python tests/browser/screenshots.py [notebook …]
    python tests/browser/screenshots.py readme SITE

The first saves in screenshots/: each explorer as it opens and with its sliders at minimum, middle
and maximum, with every box ticked; in the light and the dark theme, in windows 1400 and 700 pixels
wide. And each notebook as a whole. The second takes README's picture again, of pages built in SITE.
"""

import io
import sys
import threading
from pathlib import Path

from lab import DARK, LIGHT, Page, launch_chromium, running_lab
from PIL import Image
from playwright.sync_api import sync_playwright

from lessonkit.site.serve import server

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "screenshots"
STILL = 600  # ms: the picture has followed the last key by then


def main(notebooks):
    """Take all screenshots of the notebooks named, or of all lessons."""
    FOLDER.mkdir(exist_ok=True)
    for theme in (LIGHT, DARK):
        with running_lab(theme) as lab, sync_playwright() as playwright:
            browser = launch_chromium(playwright.chromium)
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


def readme(site):
    """Take README's picture of built pages: the last chapter's explorer with a digit moved."""
    with server(site) as serving, sync_playwright() as playwright:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        browser = launch_chromium(playwright.chromium)
        window = {"width": 820, "height": 1400}
        page = browser.new_page(viewport=window, device_scale_factor=2)
        page.goto(f"http://127.0.0.1:{serving.server_port}/06_whole_network.html")
        page.wait_for_function("lessonkit.python.state === 'ready'", timeout=120_000)
        cell = page.locator("[data-cell=whole-explorer]")
        cell.get_by_label("6: a small shift does not matter").check()
        slider = cell.get_by_role("slider", name="shift x", exact=True)
        for _ in range(2):
            slider.press("ArrowRight")
            page.wait_for_timeout(STILL)
        cell.locator(".verdict", has_text="It says 1 with 0.99").wait_for()
        slider.blur()
        with Image.open(io.BytesIO(cell.locator(".outputs").screenshot())) as image:
            small = image.convert("RGB").quantize(128)
            small.save(ROOT / ".github" / "whole_network.png", optimize=True)
        browser.close()
        serving.shutdown()


if __name__ == "__main__":
    readme(Path(sys.argv[2])) if sys.argv[1:2] == ["readme"] else main(sys.argv[1:])
