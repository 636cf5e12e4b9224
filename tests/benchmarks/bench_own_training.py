"""A training of one's own, in a real JupyterLab: how soon it is seen, and how soon it reads.

Run: python tests/benchmarks/bench_own_training.py [--rounds 3]
Beside it, on the same machine in the same run: the same network, digits, batches and rates with
PyTorch in a plain process, where it is installed, without any picture. Times are the page's own,
from the click on start: to the first curve that has grown, to 90 and 96 % of the test digits, and
the longest time between two captions. The test digits are read in the kernel's process at the
end, from the weights that it kept every 2,000 digits.

With OPENBLAS_NUM_THREADS=1 in the environment NumPy's products use one thread. Where the cores are
busy that counts more than anything else: 22 s for all instead of 145 s, on two shared cores.
"""

import argparse
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from lab import Page, launch_chromium, running_lab, write_notebook

MAKE = """
import time
from lessonkit import explorers
from lessonkit.datasets import digits
from lessonkit.digit_network import copy_of
from lessonkit.network import evaluate

mine, kept = explorers.whole_network.train_it_yourself(), []

def keep(facts):
    if facts.seen and len(facts.held_out) > len(kept) + 1:
        kept.append((facts.seen, copy_of(facts.network)))

mine.on_facts(keep)
mine"""
READ = """
data = digits()
for seen, network in kept:
    accuracy = evaluate(network, data.test_images[:, None], data.test_labels)[1]
    print(seen, accuracy)
kept.clear()"""
# In the page: when each caption came, in ms since the click, and how many digits it tells.
WATCH = """e => { const log = e.log = []; const began = performance.now();
new MutationObserver(() => { const told = e.textContent.match(/: ([\\d,]+) of /);
    const done = e.textContent.startsWith("It has learned");
    log.push([performance.now() - began, done ? 1e9 : told ? +told[1].replaceAll(",", "") : -1]);
}).observe(e, { childList: true, characterData: true, subtree: true }); }"""


def measured(page, explorer):
    """Return (seconds to the first growth, longest gap, [(digits, seconds)], accuracies)."""
    status = explorer.box.locator("[role=status]")
    status.evaluate(WATCH)
    explorer.box.get_by_role("button", name="start", exact=True).click()
    page.page.wait_for_function(
        "e => e.log.some(([when, seen]) => seen === 1e9)",
        arg=status.element_handle(),
        timeout=600_000,
    )
    log = [(ms / 1000, seen) for ms, seen in status.evaluate("e => e.log")]
    first = next(when for when, seen in log if seen > 0)
    gaps = [later - sooner for (sooner, _), (later, _) in pairwise(log)]
    told = page.python(READ).split()
    accuracies = list(zip(map(int, told[::2]), map(float, told[1::2]), strict=True))
    return first, max(gaps), log, accuracies


def seconds_to(share, log, accuracies):
    """Return when the network first read so many of the test digits, or None."""
    for seen, accuracy in accuracies:
        if accuracy >= share:
            return next(when for when, digits in log if digits >= seen)
    return None


def torch_seconds():
    """Return how long PyTorch takes for the same training, without a picture; None without it."""
    try:
        import torch
    except ImportError:
        return None
    from lessonkit.datasets import digits
    from lessonkit.explorers.whole_network.own_training import BATCH, BUDGET, Settings

    nn, chosen, data = torch.nn, Settings(), digits()
    network = nn.Sequential(
        *[nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 12, 5), nn.ReLU()],
        *[nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(chosen.dropout), nn.Linear(192, 10)],
    )
    optimizer = torch.optim.SGD(network.parameters(), lr=chosen.learning_rate, momentum=0.9)
    x = torch.from_numpy(data.train_images[: chosen.digits, None])
    labels = torch.from_numpy(data.train_labels[: chosen.digits])
    began = time.perf_counter()
    for step in range(BUDGET // BATCH):
        if step % (len(x) // BATCH) == 0:
            order = torch.randperm(len(x)).split(BATCH)
        batch = order[step % len(order)]
        optimizer.param_groups[0]["lr"] = chosen.learning_rate * (1 - step * BATCH / BUDGET)
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(x[batch]), labels[batch]).backward()
        optimizer.step()
    return time.perf_counter() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab() as lab,
        sync_playwright() as playwright,
    ):
        path = Path(folder) / "own.ipynb"
        write_notebook(path, MAKE)
        browser = launch_chromium(playwright.chromium)
        page = Page(browser.new_page(viewport={"width": 1300, "height": 900}))
        page.open(lab, lab.add(path))
        page.run_all()
        (explorer,) = page.explorers()
        print(f"{'first':>7} {'90 %':>7} {'96 %':>7} {'all':>7} {'gap':>7} {'PyTorch':>8}  seconds")
        for _ in range(rounds):
            first, gap, log, accuracies = measured(page, explorer)
            reached = [seconds_to(share, log, accuracies) for share in (0.9, 0.96)]
            row = [first, *reached, log[-1][0], gap, torch_seconds()]
            print(*(f"{value:7.2f}" if value is not None else "      –" for value in row))
            print(
                f"        test digits read in the end: {100 * accuracies[-1][1]:.1f} %", flush=True
            )
        browser.close()


if __name__ == "__main__":
    main()
