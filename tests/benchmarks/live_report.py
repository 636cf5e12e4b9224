"""What bench_live.py says of the ways that it measured: tables, goals, its part of README.md."""

import datetime
import os
import platform
import statistics
from pathlib import Path

from live_ways import PEERS, version

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- bench_live.py writes from here -->", "<!-- to here -->"
COLUMNS = [
    *("shows", "way", "step: median, ms", "p95, ms", "median ÷ floor", "p95 ÷ median"),
    *("drag: pictures/s", "drags that end right", "KB a step"),
]
PACKAGES = [
    *("jupyterlab", "ipykernel", "ipywidgets", "anywidget", "numpy", "matplotlib"),
    *(package for packages in PEERS.values() for package in packages),
]
NUMBERS = COLUMNS[2:]


def machine(chromium, load):
    """Return in words where this is measured: the day, the machine, the versions."""
    versions = [f"Python {platform.python_version()}", f"Chromium {chromium}"]
    versions += [f"{name} {version(name)}" for name in PACKAGES if version(name)]
    missing = [name for name in PACKAGES if not version(name)]
    left_out = f" Not installed, so left out: {', '.join(missing)}." if missing else ""
    return (
        f"{datetime.date.today()}, {os.cpu_count()} cores, {processor()}, load before "
        f"{load:.1f}. {', '.join(versions)}.{left_out}"
    )


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def text(tables, machine, rounds):
    """Return what README.md says. tables: device pixels for a CSS pixel → key → Way."""
    drags = len(tables[1]["floor"].drags)
    parts = [f"{machine} {rounds} presses and {drags} drags each."]
    for density, ways in tables.items():
        pixels = "one device pixel" if density == 1 else f"{density:g} device pixels"
        parts += [f"### With {pixels} for a CSS pixel", table(COLUMNS, rows(ways))]
    reached = [comparison(ways) for ways in tables.values()]
    goals = [[goal, *(said[goal] for said in reached)] for goal in reached[0]]
    columns = ["goal", *(f"device pixels: {density}" for density in tables)]
    parts += ["### Goals", table(columns, goals)]
    return "\n\n".join(parts)


def table(columns, rows):
    align = ["---:" if column in NUMBERS else "---" for column in columns]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (columns, align, *rows))


def rows(ways):
    """Return a row of text for each way: the floor, the plots, the mosaics, soonest first."""
    floor = ways["floor"].press("latency")
    pictures = {"": "text", "plot": "plot", "mosaic": "mosaic"}
    measured = sorted(
        (way for way in ways.values() if way.presses),
        key=lambda way: (list(pictures).index(way.picture), way.press("latency")),
    )
    return [[pictures[way.picture], named(way), *numbers(way, floor)] for way in measured]


def named(way):
    return way.name if way.honest else f"{way.name} (its first picture was the old one)"


def step_of(way):
    """Return the median of a step in ms, as it is printed: so shares are those of the table."""
    return round(way.press("latency"), 1)


def numbers(way, floor):
    step, p95, floor = step_of(way), round(way.p95(), 1), round(floor, 1)
    times = [f"{step:.1f}", f"{p95:.1f}", f"{step / floor:.2f}", f"{p95 / step:.2f}"]
    drags = [f"{way.drag('rate'):.1f}", f"{way.right()} of {len(way.drags)}"]
    return [*times, *drags, f"{way.press('bytes') / 1e3:.1f}"]


def comparison(ways):
    """Return goal → in words what was reached, of our plot and our mosaic."""
    return compared("plot", ways) | compared("mosaic", ways)


def compared(picture, ways):
    ours, floor = ways[picture], step_of(ways["floor"])
    peers = [w for w in ways.values() if w.picture == picture and w is not ours and w.presses]
    soonest = min(peers, key=step_of)
    liveliest = max(peers, key=lambda way: way.drag("rate"))
    step, rate = step_of(ours), ours.drag("rate")
    ahead, livelier = step_of(soonest) / step, rate / liveliest.drag("rate")
    tail, share = round(ours.p95(), 1) / step, step / floor
    right, drags = ours.right(), len(ours.drags)
    said = {
        "a step sooner than each peer's": (ahead > 1, f"{soonest.name}: {ahead:.2f} × as long"),
        "more pictures in a drag than each peer": (
            livelier > 1,
            f"{livelier:.2f} × those of {liveliest.name}",
        ),
        "p95 ≤ 1.5 × median": (tail <= 1.5, f"{tail:.2f}"),
        "step ≤ 1.3 × floor": (share <= 1.3, f"{share:.2f}"),
        "drag ≥ 50 pictures/s": (rate >= 50, f"{rate:.1f}"),
        "every drag ends at the right picture": (right == drags, f"{right} of {drags}"),
    }
    return {f"{picture}: {goal}": verdict(*found) for goal, found in said.items()}


def verdict(met, value):
    return f"{value}, {'met' if met else 'MISSED'}"


def write(part):
    """Print a text and put it into README.md, between its two marks."""
    print(part)
    README.write_text(with_part(README.read_text(encoding="utf-8"), part), encoding="utf-8")


def with_part(page, part):
    """Return a page whose part between the two marks is this one."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{README.name} must have the lines {BEGIN!r} and {END!r}, in this order")
    return f"{before}{begin}\n\n{part}\n\n{end}{after}"


def print_table(ways, idle):
    print(f"\n{'':33} single, ms         drag            wire     kernel    first    stored")
    print(f"{'':33} median (quartiles) pictures/s, end KB/step  ms/step   pict. ms KB")
    for way in ways:
        low, middle, high = statistics.quantiles([p["latency"] for p in way.presses], n=4)
        right = "right" if way.right() == len(way.drags) else "WRONG"
        print(
            f"{way.picture:6} {way.name:26} {middle:6.1f} ({low:.0f}–{high:.0f})".ljust(53)
            + f"{way.drag('rate'):6.1f} {right} {way.press('bytes') / 1e3:10.1f}"
            + f"{way.press('cpu') - idle:10.1f}{statistics.median(way.firsts):10.0f}"
            + (f"{way.stored / 1e3:10.1f}" if way.stored else "")
        )


def print_goals(ways, idle, run_all, screen):
    floor, interact, ours = ways["floor"], ways["plot interact"], ways["plot"]
    single, rate = {n: w.press("latency") for n, w in ways.items()}, ours.drag("rate")
    most = min(1000 / ours.drag("cadence"), screen) / interact.drag("rate")
    at_most = {
        "single step ÷ Label": (single["plot"] / single["floor"], 1.3),
        "kernel, ms a step": (ours.press("cpu") - idle, 6),
        "  the same less Label's": (ours.press("cpu") - floor.press("cpu"), 6),
        "wire, KB a step": (ours.press("bytes") / 1e3, 15),
        "stored picture, KB": (ours.stored / 1e3, 60),
        "Run All to first picture, ms": (run_all["explore"], 800),
        "mosaics: single step ÷ Label": (single["mosaic"] / single["floor"], 1.15),
    }
    at_least = {
        "single step: interact ÷ explore": (single["plot interact"] / single["plot"], 5.5),
        "drag, pictures/s": (rate, 35),
        "drag ÷ Label": (rate / floor.drag("rate"), 1.6),
        f"drag ÷ interact; at most {most:.1f} is possible": (rate / interact.drag("rate"), 7),
        "drags that end right, of 1": (ours.right() / len(ours.drags), 1),
        "mosaics: interact ÷ ours": (single["mosaic interact"] / single["mosaic"], 2.5),
    }
    print()
    for goals, sign, word in ((at_most, 1, "at most"), (at_least, -1, "at least")):
        for name, (value, goal) in goals.items():
            met = "met" if sign * value <= sign * goal else "MISSED"
            print(f"{name:44} {value:8.2f}   goal {word} {goal:<6} {met}")
