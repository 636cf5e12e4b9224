"""Live pictures beside what lessons use, in a real JupyterLab: from a key press to new pixels.

Run: python tests/benchmarks/bench_live.py [--rounds 30] [--density 1]
All ways stand in one notebook on one kernel and take turns press by press, so that the machine's
noise falls on all alike. Times are the page's own: from the keydown event on a slider's handle to
the moment when the new text stands, the new image is decoded or the canvas is painted. Single
presses are real keys, after a silence and spread evenly over the screen's frame, as a learner's
are: until the frame that shows the slider's step, Chromium keeps what the kernel sends from the
page. A drag's keys are dispatched in the page, lest their sender takes its processor.
KB/step: what the kernel's websocket received. ms/step: processor time of the kernel's process,
messages and all. end: whether the last picture equals one made afresh.
"""

import argparse
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from lab import Page, launch_chromium, running_lab

GOLDEN = (5**0.5 - 1) / 2  # its multiples, less what is whole, spread evenly over 0..1
KEYS = 60  # in a drag
CADENCE = 16  # ms between them
SCREEN = 60  # frames a second: nothing can show more pictures
DRAGS = FIRSTS = 3

CURVES = """
import numpy as np

XS = np.linspace(-6, 6, 400)

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def four_curves(figure, **look):
    left, right = figure.subplots(1, 2)
    left.plot(XS, sigmoid(XS), XS, np.maximum(XS, 0))
    right.plot(XS, sigmoid(XS) * (1 - sigmoid(XS)), XS, XS > 0)
    dots = [axes.plot([0], [0], "o", **look)[0] for axes in (left, right)]
    def move(x):
        heights = sigmoid(x), sigmoid(x) * (1 - sigmoid(x))
        for dot, height in zip(dots, heights):
            dot.set_data([x], [height])
        return f"At x = {x:.1f} the sigmoid is {heights[0]:.3f} and its slope {heights[1]:.3f}."
    return move
"""
EXPLORE = """
from matplotlib.figure import Figure
from lessonkit.live import explore, lesson_style

@lesson_style()
def explored_plot(first=0.0):
    figure = Figure(figsize=(8, 3))
    move = four_curves(figure, animated=True)
    def draw(x=first):
        return move(x)
    return explore(draw, figure, x=(-6, 6, 0.1))
"""
INTERACT = """
import ipywidgets
import matplotlib.pyplot as plt

def plot(x=0.0):
    four_curves(plt.figure(figsize=(8, 3), dpi=100))(x)
    plt.show()
"""
SHARP = """
%config InlineBackend.figure_format = "retina"
"""
OTHERS = """
from lessonkit.live.look import STYLE
from lessonkit.datasets import photograph
from lessonkit import explorers
from lessonkit.pooling import pool

plt.style.use(STYLE)  # interact's pictures look the same and pay nothing for it
CAMERA = photograph("camera")[0]  # 512 by 512

def label_of(x):
    return f"sigmoid({x:.1f}) = {sigmoid(x):.3f}"

def labelled_slider():
    slider = ipywidgets.FloatSlider(0, min=-6, max=6, step=0.1, description="x")
    label = ipywidgets.Label(label_of(0)).add_class("bench-label")
    slider.observe(lambda change: setattr(label, "value", label_of(change.new)), "value")
    return ipywidgets.VBox([slider, label])

def shown_mosaic(kernel_size=1):
    figure = plt.figure(figsize=(7.6, 3.74), dpi=100)
    mosaic = pool(CAMERA, kernel_size, statistic="mean", ceil_mode=True)
    for left, photograph in ((0, CAMERA), (386 / 760, mosaic)):
        axes = figure.add_axes((left, 0, 374 / 760, 1))
        axes.imshow(photograph, cmap="gray", vmin=0, vmax=1)
        axes.axis("off")
    plt.show()

def at(explorer, code):
    explorer.set(code)
    return explorer
"""
WATCH = """
window.bench = (() => {
const QUIET = 80;  // ms without a message: longer than a delayed acknowledgement
const SILENCE = 300;  // ms: longer than the network keeps acknowledgements back for more to send
const FRAME = 1000 / SCREEN;  // ms
const panel = () => window.jupyterapp.shell.currentWidget;
const kernel = () => panel().sessionContext.session.kernel;
const cellAt = (i) => panel().content.widgets[i].node;
const found = (i, what) => cellAt(i).querySelector(`:is(${what}):is(.jp-OutputArea-output *)`);
const painted = new WeakSet(), known = new WeakSet();
const unanswered = new Set();  // the ids of messages that the kernel has not done with
let heard = 0, aimed = {}, seen;

window.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    if (!String(args[0]).includes("/channels")) return;
    this.addEventListener("message", ({ data }) => {
      heard = performance.now();
      if (seen) seen.bytes += data.byteLength ?? data.length;
    });
  }
  send(data) { heard = performance.now(); super.send(data); }
};
addEventListener("keydown", () => seen?.keys.push(performance.now()), true);

function picture() {  // what is shown between two animation frames counts as one picture
  if (!seen?.keys.length) return;
  seen.last = performance.now();
  seen.first ??= seen.last;
  seen.frame ??= requestAnimationFrame(() => { seen.pictures += 1; seen.frame = null; });
  if (!seen.painting) seen.painted += 1;  // the rectangles of one picture are painted in a row
  seen.painting = true;
  queueMicrotask(() => { if (seen) seen.painting = false; });
}
for (const name of ["drawImage", "putImageData"]) {
  const paint = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...args) {
    paint.apply(this, args);
    painted.add(this.canvas);
    if (this.canvas.isConnected && aimed.cell?.contains(this.canvas)) picture();
  };
}
const mutations = new MutationObserver((records) => {
  if (records.some((record) => record.target.closest?.(".bench-label"))) picture();
  for (const image of aimed.what === "img" ? aimed.cell.querySelectorAll("img") : []) {
    if (!known.has(image)) image.decode().then(picture, () => {});
    known.add(image);
  }
});

const until = (done, patience = 20_000) => new Promise((resolve, reject) => {
  const start = performance.now(), error = new Error(`never true: ${done}`);
  const look = () => {
    if (done()) return resolve(performance.now());
    if (performance.now() - start > patience) return reject(error);
    requestAnimationFrame(look);
  };
  look();
});
const settled = (quiet = QUIET) =>
  until(() => unanswered.size === 0 && performance.now() - heard > quiet);
const shown = (element) => element?.isConnected && (painted.has(element) || element.naturalWidth
  || (element.matches(".bench-label") && element.textContent));
const start = (command) => {
  window.jupyterapp.commands.execute(command);
  return performance.now();
};
async function cpu() {  // ms of the kernel's process
  const user_expressions = { now: "__import__('time').process_time()" };
  const asked = { code: "", silent: true, store_history: false, user_expressions };
  const { content } = await kernel().requestExecute(asked).done;
  return 1000 * Number(content.user_expressions.now.data["text/plain"]);
}
function pixels(source) {
  const { naturalWidth: width = source.width, naturalHeight: height = source.height } = source;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(source, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

return {
  settled,
  attend() {  // to what is sent to the kernel and what it has done
    kernel().anyMessage.connect((_, { msg, direction }) => {
      if (direction === "send") unanswered.add(msg.header.msg_id);
      if (msg.content.execution_state === "idle") unanswered.delete(msg.parent_header.msg_id);
    });
    return settled();
  },
  async run(i, what) {  // from running a cell to its first picture
    const old = what && found(i, what);
    panel().content.activeCellIndex = i;
    const began = start("notebook:run-cell");
    const time = what && (await until(() => found(i, what) !== old && shown(found(i, what))));
    await settled();
    return time - began;
  },
  async runAll(i, what) {
    const began = start("notebook:run-all-cells");
    return (await until(() => shown(found(i, what)))) - began;
  },
  stored(i) {
    const data = panel().content.widgets[i].model.outputs.get(0)?.data["image/png"] ?? "";
    return (data.length * 3) / 4;
  },
  async aim(i, what, name, share) {  // at a slider, all at rest, that share into a frame
    aimed = { cell: cellAt(i), what };
    const sliders = [...aimed.cell.querySelectorAll(".widget-slider")];
    const slider = sliders.find((s) => s.querySelector(".widget-label").textContent === name);
    aimed.cell.scrollIntoView();
    slider.querySelector(".noUi-handle").focus({ preventScroll: true });
    aimed.cell.querySelectorAll("img").forEach((image) => known.add(image));
    mutations.disconnect();
    mutations.observe(aimed.cell, { childList: true, characterData: true, subtree: true });
    await settled();
    const spent = await cpu();
    await settled(SILENCE);
    await new Promise(requestAnimationFrame);
    await new Promise((resolve) => setTimeout(resolve, FRAME * share));
    seen = { keys: [], pictures: 0, painted: 0, bytes: 0, spent };
  },
  async drag(keys, cadence) {
    const began = performance.now();
    for (const [i, key] of keys.entries()) {
      const wait = began + i * cadence - performance.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
      const press = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      document.activeElement.dispatchEvent(press);
    }
  },
  async result() {
    await until(() => seen.pictures);
    await settled();
    const { keys, pictures, painted, first, last, bytes, spent } = seen;
    seen = null;
    const latency = first - keys[0], seconds = (last - keys[0]) / 1000;
    const rate = pictures / seconds, paintings = painted / seconds;
    const cadence = (keys.at(-1) - keys[0]) / (keys.length - 1);
    const tail = last - keys.at(-1);
    return { latency, rate, paintings, tail, cadence, bytes, cpu: (await cpu()) - spent };
  },
  async idle(times = []) {  // what the two questions for its time cost the kernel
    while (times.length < 9) {
      await settled();
      const spent = await cpu();
      await settled();
      await settled();
      times.push((await cpu()) - spent);
    }
    return times.sort((a, b) => a - b)[4];
  },
  same(one, other, what) {
    const [a, b] = [found(one, what), found(other, what)];
    if (what === ".bench-label") return a.textContent === b.textContent;
    const caption = (e) => e.closest(".lessonkit-picture")?.querySelector("p").textContent;
    const [p, q] = [pixels(a), pixels(b)];
    return caption(a) === caption(b) && p.length === q.length && p.every((v, i) => v === q[i]);
  },
};
})();
"""


@dataclass
class Way:
    """A way to show something, and what was measured of it.

    code: its cell.  afresh: a cell that shows what a drag must end with, made without a drag.
    """

    name: str
    code: str
    afresh: str
    shows: str = "canvas"  # what follows the slider; or another selector, "img", ".bench-label"
    slider: str = "x"
    steps: int = 120  # of the slider, after which the keys turn round
    firsts: list = field(default_factory=list)
    presses: list = field(default_factory=list)
    drags: list = field(default_factory=list)

    def keys(self, count):
        ways = ("ArrowRight", "ArrowLeft")
        return [ways[i // self.steps % 2] for i in range(count)]

    def press(self, what):
        return statistics.median(press[what] for press in self.presses)

    def drag(self, what):
        return statistics.median(drag[what] for drag in self.drags)

    def ended_right(self):
        return all(drag["right"] for drag in self.drags)


def make_ways():
    """Return name → Way; a drag of 60 keys from the slider's start ends at x = 0."""
    real = "explorers.activation.functions_and_slopes()", "explorers.activation.feature_map()"
    turns = {"steps": 31}  # a drag turns round at 32 and ends at 3
    camera = "at(explorers.pooling.mosaics(), 'photograph=camera{}')"
    label = "ipywidgets.Label(label_of(0)).add_class('bench-label')"
    interact = "ipywidgets.interact(plot, x=(-6, 6, 0.1));"
    imshow = "ipywidgets.interact(shown_mosaic, kernel_size=(1, 32));"
    return {
        "interact": Way("interact + plt.show()", interact, "plot(0.0)", "img"),
        "label": Way("Label (the floor)", "labelled_slider()", label, ".bench-label"),
        "explore": Way("explore", "explored_plot()", "explored_plot(0.0)"),
        "imshow": Way(
            *("mosaic: interact + imshow", imshow, "shown_mosaic(3)", "img", "kernel_size"),
            **turns,
        ),
        "pixels": Way(
            *("mosaics: kernel size", camera.format(""), camera.format(" kernel_size=3")),
            shows=".lessonkit-panels > :last-child canvas",
            slider="kernel size",
            **turns,
        ),
        "functions": Way("functions_and_slopes: x", real[0], f"at({real[0]}, 'x=0')"),
        "map": Way(
            *("feature_map: threshold", real[1], f"at({real[1]}, 'threshold=0.2')"),
            slider="threshold",
            steps=100,
        ),
    }


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
    """Fill `ways` with first pictures, single presses and drags, each turn by turn."""
    setup = CURVES + EXPLORE + INTERACT + OTHERS
    if bench.density >= 2:  # there interact's pictures are as sharp as ours
        setup += SHARP
    codes, afresh = ([getattr(way, cell) for way in ways] for cell in ("code", "afresh"))
    page = bench.open("ways.ipynb", setup, *codes, *afresh)
    page.evaluate("bench.run(0)")
    for _ in range(FIRSTS):
        for cell, way in enumerate(ways, 1):
            way.firsts.append(page.evaluate("args => bench.run(...args)", [cell, way.shows]))
    for cell, way in enumerate(ways, 1):
        way.stored = page.evaluate("cell => bench.stored(cell)", cell)
        page.evaluate("args => bench.run(...args)", [cell + len(ways), way.shows])
        to_start(page, cell, way)
    for number, keys in enumerate(zip(*(way.keys(rounds) for way in ways), strict=True)):
        for cell, (way, key) in enumerate(zip(ways, keys, strict=True), 1):
            aim(page, cell, way, share=number * GOLDEN % 1)
            page.keyboard.press(key)
            way.presses.append(page.evaluate("bench.result()"))
    for _ in range(DRAGS):
        for cell, way in enumerate(ways, 1):
            way.drags.append(drag(page, cell, way) | {"right": ends_right(page, cell, way, ways)})
    idle = page.evaluate("bench.idle()")  # what asking for the kernel's time costs
    page.close()
    return idle


def aim(page, cell, way, share=0):
    page.evaluate("args => bench.aim(...args)", [cell, way.shows, way.slider, share])


def to_start(page, cell, way):
    aim(page, cell, way)
    page.keyboard.press("Home")
    page.evaluate("bench.settled()")


def drag(page, cell, way):
    to_start(page, cell, way)
    aim(page, cell, way)
    page.evaluate("args => bench.drag(...args)", [way.keys(KEYS), CADENCE])
    return page.evaluate("bench.result()")


def ends_right(page, cell, way, ways):
    return page.evaluate("args => bench.same(...args)", [cell, cell + len(ways), way.shows])


def print_table(ways, idle):
    print(f"\n{'':26} single, ms         drag            wire     kernel    first    stored")
    print(f"{'':26} median (quartiles) pictures/s, end KB/step  ms/step   pict. ms KB")
    for way in ways:
        low, middle, high = statistics.quantiles([p["latency"] for p in way.presses], n=4)
        right = "right" if way.ended_right() else "WRONG"
        print(
            f"{way.name:26} {middle:6.1f} ({low:.0f}–{high:.0f})".ljust(46)
            + f"{way.drag('rate'):6.1f} {right} {way.press('bytes') / 1e3:10.1f}"
            + f"{way.press('cpu') - idle:10.1f}{statistics.median(way.firsts):10.0f}"
            + (f"{way.stored / 1e3:10.1f}" if way.stored else "")
        )


def print_goals(ways, idle, run_all):
    label, interact, ours = ways["label"], ways["interact"], ways["explore"]
    single, rate = {n: w.press("latency") for n, w in ways.items()}, ours.drag("rate")
    most = min(1000 / ours.drag("cadence"), SCREEN) / interact.drag("rate")
    at_most = {
        "single step ÷ Label": (single["explore"] / single["label"], 1.3),
        "kernel, ms a step": (ours.press("cpu") - idle, 6),
        "  the same less Label's": (ours.press("cpu") - label.press("cpu"), 6),
        "wire, KB a step": (ours.press("bytes") / 1e3, 15),
        "stored picture, KB": (ours.stored / 1e3, 60),
        "Run All to first picture, ms": (run_all["explore"], 800),
        "mosaics: single step ÷ Label": (single["pixels"] / single["label"], 1.15),
    }
    at_least = {
        "single step: interact ÷ explore": (single["interact"] / single["explore"], 5.5),
        "drag, pictures/s": (rate, 35),
        "drag ÷ Label": (rate / label.drag("rate"), 1.6),
        f"drag ÷ interact; at most {most:.1f} is possible": (rate / interact.drag("rate"), 7),
        "drags that end right, of 1": (sum(d["right"] for d in ours.drags) / len(ours.drags), 1),
        "mosaics: interact ÷ ours": (single["imshow"] / single["pixels"], 2.5),
    }
    print()
    for goals, sign, word in ((at_most, 1, "at most"), (at_least, -1, "at least")):
        for name, (value, goal) in goals.items():
            met = "met" if sign * value <= sign * goal else "MISSED"
            print(f"{name:44} {value:8.2f}   goal {word} {goal:<6} {met}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=30, help="single presses for each way")
    parser.add_argument("--density", type=float, default=1, help="device pixels for a CSS pixel")
    options = parser.parse_args()
    load, ways = os.getloadavg()[0], make_ways()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab() as lab,
        sync_playwright() as playwright,
    ):
        browser = launch_chromium(playwright.chromium)
        bench = Bench(lab, browser, folder, options.density)
        run_all = {
            "explore": bench.run_all("explore", CURVES + EXPLORE, ways["explore"].code),
            "interact": bench.run_all("interact", CURVES + INTERACT, ways["interact"].code),
        }
        idle = measure(bench, list(ways.values()), options.rounds)
        browser.close()
    cadence = statistics.median(way.drag("cadence") for way in ways.values())
    starts = ", ".join(f"{name} {ms:.0f} ms" for name, ms in run_all.items())
    print(
        f"{options.density:g} device pixels for a CSS pixel, {os.cpu_count()} cores, load before "
        f"{load:.1f}, {options.rounds} presses,\n"
        f"{DRAGS} drags of {KEYS} keys {cadence:.0f} ms apart.\n"
        f"Run All in a new page and kernel, imports included, to the first picture: {starts}"
    )
    print_table(ways.values(), idle)
    print_goals(ways, idle, run_all)


if __name__ == "__main__":
    main()
