"""Live pictures beside what others use, in a real JupyterLab: from a key press to new pixels.

Run: python tests/benchmarks/bench_live.py [--rounds 30] [--density 1] [--write]
All ways stand in one notebook on one kernel and take turns press by press, so that the machine's
noise falls on all alike. Times are the page's own: from the keydown event on a slider's handle to
the moment when the new text stands, the new image is decoded or the canvas is painted. Single
presses are real keys, after a silence and spread evenly over the screen's frame, as a learner's
are: until the frame that shows the slider's step, Chromium keeps what the kernel sends from the
page. A drag's keys are dispatched in the page, lest their sender takes its processor.
KB/step: what the kernel's websocket received. ms/step: processor time of the kernel's process,
messages and all. end: whether the last picture is the one that is made afresh.

What is compared stands in live_ways.py and ways/; libraries that are not installed are left out.
--write compares them at one and at two device pixels for a CSS pixel, in about eight minutes on a
quiet machine (--rounds 20: six), and writes the tables into README.md beside this file.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

import live_report
import live_ways
import nbformat
from playwright.sync_api import Error, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from lab import Page, launch_chromium, running_lab

GOLDEN = (5**0.5 - 1) / 2  # its multiples, less what is whole, spread evenly over 0..1
KEYS = 60  # in a drag
CADENCE = 16  # ms between them
SCREEN = 60  # frames a second: nothing can show more pictures
DRAGS = FIRSTS = 3
WATCH = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")
SHARP = """
%config InlineBackend.figure_format = "retina"
"""


class Bench:
    """Notebooks opened in pages of one browser at one JupyterLab."""

    def __init__(self, lab, browser, folder, density):
        self.lab, self.browser, self.folder, self.density = lab, browser, Path(folder), density

    def open(self, name, *sources):
        """Open a notebook with a code cell for each source, in a page and kernel of its own."""
        cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
        kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
        nbformat.write(notebook, self.folder / name)
        page = self.browser.new_page(
            viewport={"width": 1400, "height": 1000}, device_scale_factor=self.density
        )
        page.add_init_script(f"const SCREEN = {SCREEN};{WATCH}")
        Page(page).open(self.lab, self.lab.add(self.folder / name))
        page.evaluate("bench.attend()")
        return page

    def run_all(self, name, *sources):
        """Return ms from Run All in a new page and kernel to the last cell's first picture."""
        times = []
        for i in range(FIRSTS):
            page = self.open(f"{name}-{i}.ipynb", *sources)
            times.append(page.evaluate("n => bench.runAll(n, 'canvas, img')", len(sources) - 1))
            page.close()
        return statistics.median(times)


def measure(bench, ways, rounds):
    """Fill `ways` with first pictures, single presses and drags, each turn by turn.

    What shows no picture stays empty. Returns ms of the kernel's time that asking for it costs.
    """
    setup = live_ways.setup()
    if bench.density >= 2:  # there interact's pictures are as sharp as ours
        setup += SHARP
    cells = [setup, *(way.code for way in ways), *(way.afresh for way in ways)]
    page = bench.open(f"ways-{bench.density:g}.ipynb", *cells)
    page.evaluate("bench.run(0)")
    ways = [way.place(i, i + len(ways)) for i, way in enumerate(ways, 1)]
    ways = [way for way in ways if begins(page, way)]
    for _ in range(FIRSTS - 1):
        for way in ways:
            way.firsts.append(first_picture(page, way, way.cell))
    for way in ways:
        way.stored = page.evaluate("cell => bench.stored(cell)", way.cell)
        first_picture(page, way, way.afresh_cell)
        way.honest = to_start(page, way, watched=bool(way.picture))
    for number, keys in enumerate(zip(*(way.keys(rounds) for way in ways), strict=True)):
        for way, key in zip(ways, keys, strict=True):
            aim(page, way, share=number * GOLDEN % 1)
            page.keyboard.press(key)
            way.presses.append(page.evaluate("bench.result()"))
    for _ in range(DRAGS):
        for way in ways:
            way.drags.append(drag(page, way) | {"right": ends_right(page, way)})
    idle = page.evaluate("bench.idle()")
    page.close()
    return idle


def first_picture(page, way, cell):
    return page.evaluate("args => bench.run(...args)", [cell, way.shows])


def begins(page, way):
    """Return whether a way shows a picture here: the versions of a peer may not fit together."""
    try:
        way.firsts.append(first_picture(page, way, way.cell))
    except Error as error:
        print(f"{way.picture} {way.name}: no picture. {error}", file=sys.stderr)
    return bool(way.firsts)


def aim(page, way, share=0):
    page.evaluate("args => bench.aim(...args)", [way.cell, way.shows, way.slider, share])


def to_start(page, way, watched=False):
    """Move the slider to its start; if watched, return whether the first picture was a new one."""
    aim(page, way)
    if watched:
        page.evaluate("bench.remember()")
    page.keyboard.press("Home")
    return page.evaluate("bench.moved()") if watched else bool(page.evaluate("bench.settled()"))


def drag(page, way):
    to_start(page, way)
    aim(page, way)
    page.evaluate("args => bench.drag(...args)", [way.keys(KEYS), CADENCE])
    return page.evaluate("bench.result()")


def ends_right(page, way):
    return page.evaluate("args => bench.same(...args)", [way.cell, way.afresh_cell, way.shows])


def compare(lab, browser, folder, density, rounds):
    """Return the ways of the tables in README.md, measured."""
    ways = live_ways.compared()
    measure(Bench(lab, browser, folder, density), list(ways.values()), rounds)
    return ways


def measure_all(lab, browser, folder, density, rounds):
    """Print all that can be measured at one density, and whether our own goals are met."""
    bench, ways = Bench(lab, browser, folder, density), live_ways.compared()
    ways |= live_ways.explorers()
    run_all = {
        name: bench.run_all(name, f"{live_ways.PATH}from ways import with_{name}", way.code)
        for name, way in (("explore", ways["plot"]), ("interact", ways["plot interact"]))
    }
    idle = measure(bench, list(ways.values()), rounds)
    ways = {key: way for key, way in ways.items() if way.presses}
    cadence = statistics.median(way.drag("cadence") for way in ways.values())
    starts = ", ".join(f"{name} {ms:.0f} ms" for name, ms in run_all.items())
    print(
        f"{density:g} device pixels for a CSS pixel, {rounds} presses, {DRAGS} drags of {KEYS} "
        f"keys {cadence:.0f} ms apart.\n"
        f"Run All in a new page and kernel, imports included, to the first picture: {starts}"
    )
    live_report.print_table(ways.values(), idle)
    live_report.print_goals(ways, idle, run_all, SCREEN)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=30, help="single presses for each way")
    parser.add_argument("--density", type=float, default=1, help="device pixels for a CSS pixel")
    parser.add_argument("--write", action="store_true", help="write the tables of README.md")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab() as lab,
        sync_playwright() as playwright,
    ):
        browser = launch_chromium(playwright.chromium)
        machine = live_report.machine(browser.version, load)
        print(machine)
        if options.write:
            tables = {d: compare(lab, browser, folder, d, options.rounds) for d in (1, 2)}
            live_report.write(live_report.text(tables, machine, options.rounds))
        else:
            measure_all(lab, browser, folder, options.density, options.rounds)
        browser.close()


if __name__ == "__main__":
    main()
