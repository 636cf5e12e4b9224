"""The memory and the processor time that a class needs, with the hub of CLASSROOM.md.

Run: python tests/benchmarks/bench_classroom.py [--learners 1 5 10]
     [--chapters 04_pooling.ipynb 06_whole_network.ipynb]
Prints the tables of CLASSROOM.md. Needs Linux, JupyterHub and its proxy; the last table needs
Chromium too. PSS is the memory of a process with its share of what it has in common with others,
so that the PSS of all processes add up to what the machine must have. RSS counts what is shared
in full for each. MB are 1,000,000 bytes. All learners run a chapter at the same time, and their
kernels stay, as they do in a lesson. Other work on the machine makes the times longer, not the
memory.
"""

import argparse
import asyncio
import contextlib
import importlib.metadata
import itertools
import os
import platform
import re
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))
from classroom import ROOT, descendants, missing, running_hub

CHAPTERS = sorted(path.name for path in (ROOT / "notebooks").glob("0*.ipynb"))
TICKS = os.sysconf("SC_CLK_TCK")
VERSIONS = ["jupyterhub", "jupyterlab", "jupyter_server", "ipykernel", "matplotlib", "numpy"]


def kilobytes(text, field):
    return int(re.search(rf"^{field}:\s+(\d+) kB", text, re.MULTILINE)[1])


def memory(process):
    """Return PSS, RSS and the highest RSS so far, in MB."""
    share = Path(f"/proc/{process}/smaps_rollup").read_text()
    status = Path(f"/proc/{process}/status").read_text()
    sizes = [kilobytes(share, "Pss"), kilobytes(share, "Rss"), kilobytes(status, "VmHWM")]
    return [size * 1024 / 1e6 for size in sizes]


def processor_seconds(process):
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def parts(process):
    """Return "server", "kernel" and "hub" → the processes below that of the hub."""
    found = {"server": [], "kernel": [], "hub": [process]}
    for below in descendants(process):
        with contextlib.suppress(OSError):
            line = Path(f"/proc/{below}/cmdline").read_bytes().replace(b"\0", b" ")
            kinds = {b"ipykernel": "kernel", b"singleuser": "server"}
            kind = next((kinds[word] for word in kinds if word in line), "hub")
            found[kind].append(below)
    return found


def all_of(processes):
    """Return PSS, RSS and the highest RSS of several processes, added up."""
    return [sum(sizes) for sizes in zip(*map(memory, processes), strict=True)]


@contextlib.contextmanager
def a_class(learners):
    """Start a hub and a server for each learner; yield the hub, their names and the seconds."""
    names = [f"learner{number}" for number in range(1, learners + 1)]

    async def begin(hub):
        return await asyncio.gather(*map(hub.start_server, names))

    with tempfile.TemporaryDirectory() as folder, running_hub(Path(folder)) as hub:
        yield hub, names, max(asyncio.run(begin(hub)))


def run_all(hub, names, chapter):
    """Let all run the chapter at once; return the seconds of the slowest."""

    async def lesson():
        return await asyncio.gather(*(hub.run_notebook(name, chapter) for name in names))

    done = asyncio.run(lesson())
    assert not any(failed for _, failed in done), done
    return max(seconds for seconds, _ in done)


def each_chapter():
    print("\n| chapter | kernel, PSS | its highest RSS | processor time |\n|---|---:|---:|---:|")
    with a_class(1) as (hub, names, _):
        for chapter in CHAPTERS:
            run_all(hub, names, chapter)
            (kernel,) = parts(hub.process.pid)["kernel"]
            pss, _, highest = memory(kernel)
            seconds = processor_seconds(kernel)
            name = chapter.removesuffix(".ipynb")
            print(f"| {name} | {pss:.0f} MB | {highest:.0f} MB | {seconds:.1f} s |", flush=True)
            asyncio.run(hub.end_kernels(*names))
            while parts(hub.process.pid)["kernel"]:
                time.sleep(0.2)


def many_learners(numbers, chapters):
    columns = ["chapter", "learners", "a learner, PSS", "of that server", "of that kernel"]
    columns += ["a learner, RSS", "processor time of a learner", "hub and proxy, PSS"]
    columns += ["all servers ready after", "all have run it after"]
    print(f"\n| {' | '.join(columns)} |\n|---{'|---:' * (len(columns) - 1)}|")
    for chapter, number in itertools.product(chapters, numbers):
        with a_class(number) as (hub, names, ready):
            ran = run_all(hub, names, chapter)
            found = parts(hub.process.pid)
            theirs = found["server"] + found["kernel"]
            assert len(found["server"]) == len(found["kernel"]) == number, found
            sizes = [
                all_of(theirs)[0] / number,
                all_of(found["server"])[0] / number,
                all_of(found["kernel"])[0] / number,
                all_of(theirs)[1] / number,
            ]
            cells = [chapter.removesuffix(".ipynb"), str(number)]
            cells += [f"{size:.0f} MB" for size in sizes]
            cells += [f"{sum(map(processor_seconds, theirs)) / number:.1f} s"]
            cells += [f"{all_of(found['hub'])[0]:.0f} MB", f"{ready:.0f} s", f"{ran:.0f} s"]
            print(f"| {' | '.join(cells)} |", flush=True)


def with_a_page(chapters):
    """Print what a kernel needs while its chapter is open in Chromium."""
    try:
        from lab import CHROMIUM, Page, launch_chromium, running_lab
        from playwright.sync_api import sync_playwright
    except ImportError:
        CHROMIUM = None
    if not CHROMIUM:
        print("\nNo Chromium: what a page adds is left out")
        return
    print("\n| chapter, open in Chromium | kernel, PSS | its highest RSS |\n|---|---:|---:|")
    for chapter in chapters:
        with running_lab() as lab, sync_playwright() as playwright:
            page = Page(launch_chromium(playwright.chromium).new_page())
            page.open(lab, lab.add(ROOT / "notebooks" / chapter))
            page.run_all()
            (kernel,) = parts(lab.process.pid)["kernel"]
            pss, _, highest = memory(kernel)
            print(f"| {chapter.removesuffix('.ipynb')} | {pss:.0f} MB | {highest:.0f} MB |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--learners", type=int, nargs="+", default=[1, 5, 10])
    usual = ["04_pooling.ipynb", "06_whole_network.ipynb"]
    parser.add_argument("--chapters", nargs="+", default=usual, choices=CHAPTERS)
    arguments = parser.parse_args()
    if missing():
        sys.exit(f"No hub can be started: {missing()}")
    versions = [f"{name} {importlib.metadata.version(name)}" for name in VERSIONS]
    print(f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}")
    print(", ".join(versions))
    each_chapter()
    many_learners(arguments.learners, arguments.chapters)
    with_a_page(arguments.chapters)


if __name__ == "__main__":
    main()
