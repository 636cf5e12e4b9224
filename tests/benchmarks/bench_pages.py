"""The web edition in Chromium: how soon a page answers, how fast, and how much it loads.

Run: LESSONKIT_PYODIDE=… python tests/benchmarks/bench_pages.py [--site FOLDER] [chapter …]
Without --site the pages are built first, which takes some minutes. All other hosts are blocked.
Times are the page's own. Weights are gzipped, as a web server sends them.
"""

import argparse
import gzip
import os
import platform
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from lessonkit.copies import NOTEBOOKS
from lessonkit.site import npm
from lessonkit.site.build import build
from lessonkit.site.python import files_of_python
from lessonkit.site.serve import server

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from lab import launch_chromium

# In the page: step the explorer's first slider, one frame after the other; return each step's time
# from the change to the caption that follows, in ms. What is not recorded does not count.
STEPS = """async ([place, count]) => {
const explorer = lessonkit.explorers.find((e) => e.place === place);
const input = explorer.el.querySelector(".lessonkit-controls input[type=range]")
    ?? explorer.el.querySelector(".lessonkit-controls select");
if (!input || input.offsetParent === null) return [];
const caption = explorer.el.querySelector(".lessonkit-caption");
const times = [];
let direction = 1;
for (let i = 0; i < count; i += 1) {
    const before = input.value;
    const move = () => {
        if (input.tagName === "SELECT") {
            input.selectedIndex = (input.selectedIndex + 1) % input.options.length;
        } else input.value = Number(input.value) + direction * Number(input.step);
    };
    move();
    if (input.value === before) { direction = -direction; move(); }
    const heard = new Promise((resolve) => {
        const hear = explorer.hear.bind(explorer);
        explorer.hear = (message, pixels) => {
            hear(message, pixels);
            if (!("caption" in message) && !message.answer) return;
            explorer.hear = hear;
            setTimeout(resolve);
        };
        setTimeout(resolve, 2000);
    });
    const began = performance.now();
    input.dispatchEvent(new Event("input"));
    const counts = explorer.cell.live || explorer.film.has(explorer.code);
    await heard;
    if (counts) times.push(performance.now() - began);
    await new Promise(requestAnimationFrame);
}
return times; }"""
FIRST = """() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime"""


def gz(path):
    return len(gzip.compress(path.read_bytes(), 6))


def weights(site, name):
    """Return KB, gzipped: of the page with its first pictures, of its films, of the largest."""
    page = [site / f"{name}.html", *(site / "assets" / n for n in ("page.js", "page.css"))]
    page += [site / "assets/katex.min.css", *sorted((site / name).glob("*.png"))]
    films = [gz(path) / 1000 for path in sorted((site / name).glob("*.js"))]
    return sum(map(gz, page)) / 1000, sum(films), max(films, default=0)


def measure(browser, url, name, live_steps):
    """Return what a reader of a chapter sees, in ms; steps: place → times."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.route("**/*", lambda r: r.continue_() if r.request.url.startswith(url) else r.abort())
    page.add_init_script("self.lessonkitQuiet = true;")
    page.goto(f"{url}/{name}.html")
    page.wait_for_function("lessonkit.explorers.length")
    page.evaluate("self.start = lessonkit.python.start; lessonkit.python.start = () => {}")
    found = {"first": page.evaluate(FIRST)}
    places = page.evaluate("lessonkit.explorers.map((e) => e.place)")
    recorded, live = {}, {}
    for place in places:
        page.evaluate(
            "p => lessonkit.explorers.find(e => e.place === p).el.scrollIntoView()", place
        )
        page.wait_for_function(
            "p => lessonkit.explorers.find(e => e.place === p).opened", arg=place
        )
        if place == places[0]:
            found["opened"] = page.evaluate("performance.now()")
            found["answer"] = page.evaluate(STEPS, [place, 1])
            found["answer"] = found["opened"] + (found["answer"] or [0])[0]
        recorded[place] = page.evaluate(STEPS, [place, 40])
    began = page.evaluate("performance.now()")
    page.evaluate("lessonkit.python.start = self.start; lessonkit.python.start()")
    page.wait_for_function("lessonkit.explorers.some((e) => e.cell.live)", timeout=180_000)
    found["live"] = page.evaluate("performance.now()") - began
    page.wait_for_function("lessonkit.cells.every((c) => c.live)", timeout=180_000)
    found["all"] = page.evaluate("performance.now()") - began
    page.wait_for_timeout(1000)
    for place in places:
        page.evaluate(
            "p => lessonkit.explorers.find(e => e.place === p).el.scrollIntoView()", place
        )
        live[place] = page.evaluate(STEPS, [place, live_steps])
    page.close()
    return found, recorded, live


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("chapters", nargs="*")
    parser.add_argument("--site", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        site = arguments.site or Path(scratch) / "site"
        if arguments.site is None:
            build(site, NOTEBOOKS, Path(os.environ["LESSONKIT_PYODIDE"]), npm.katex(), print)
        report(site, arguments.chapters or [path.stem for path in sorted(NOTEBOOKS.glob("0*"))])


def report(site, chapters):
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    python = sum(gz(site / "python" / name) for name in files_of_python(site / "python"))
    print(f"Python for a page: {python / 1e6:.1f} MB gzipped")
    with server(site) as serving, sync_playwright() as playwright:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        browser = launch_chromium(playwright.chromium)
        print("chapter             page KB  films KB  largest  first ms  answer ms  live s  all s")
        steps = []
        for name in chapters:
            url = f"http://127.0.0.1:{serving.server_port}"
            found, recorded, live = measure(browser, url, name, 20)
            page, films, largest = weights(site, name)
            print(
                f"{name:18}  {page:7.0f}  {films:8.0f}  {largest:7.0f}  {found['first']:8.0f}"
                f"  {found['answer']:9.0f}  {found['live'] / 1000:6.1f}  {found['all'] / 1000:5.1f}"
            )
            steps += [(place, recorded[place], live[place]) for place in recorded]
        print("a step, ms                     recorded: median  p95   live: median  p95")
        for place, *both in steps:
            cells = [
                f"{np.median(t):10.1f} {np.quantile(t, 0.95):6.1f}" if t else "-" for t in both
            ]
            print(f"{place:30}  {cells[0]:>20}  {cells[1]:>20}")
        browser.close()
        serving.shutdown()


if __name__ == "__main__":
    main()
