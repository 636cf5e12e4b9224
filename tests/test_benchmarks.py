"""The benchmarks' README names them all, and its tables are those that bench_live.py writes."""

import re
from pathlib import Path

import live_report
import pytest
from live_ways import Way

FOLDER = Path(__file__).parent / "benchmarks"
README = (FOLDER / "README.md").read_text("utf-8")


def measured(picture, latencies, rate):
    """A way that showed `picture` after so many ms, `rate` pictures a second in its two drags."""
    way = Way(picture or "floor", "", "", picture)
    way.presses = [{"latency": ms, "bytes": 2500} for ms in latencies]
    way.drags = [{"rate": rate, "right": True}, {"rate": rate, "right": rate > 10}]
    return way


def part():
    """What bench_live.py writes when it has measured these."""
    ways = {
        "floor": measured("", [10, 20, 30], 20),
        "plot": measured("plot", [22] * 19 + [44] * 2, 55),
        "plot slow": measured("plot", [88] * 3, 5),
        "plot broken": Way("never seen", "", "", "plot"),
        "mosaic": measured("mosaic", [30, 30, 30], 40),
        "mosaic quick": measured("mosaic", [15, 15, 15], 60),
    }
    return live_report.text({1: ways, 2: ways}, "A machine.", rounds=3)


def tables(text):
    """Return each table of a page as rows of cells, without the line of dashes."""
    blocks = re.findall(r"(?:^\|.*\n?)+", text, re.MULTILINE)
    rows = [[line[2:-2].split(" | ") for line in block.splitlines()] for block in blocks]
    return [[row for row in table if not row[0].startswith("--")] for table in rows]


def between_the_marks(page):
    begin, end = live_report.BEGIN, live_report.END
    assert page.count(begin) == page.count(end) == 1
    return page.split(begin)[1].split(end)[0]


def test_readme_has_a_line_for_each_benchmark():
    names = re.findall(r"^\| `(bench_\w+\.py)` \| \w", README, re.MULTILINE)
    assert sorted(names) == sorted(path.name for path in FOLDER.glob("bench_*.py"))


@pytest.mark.parametrize("written", [between_the_marks(README), part()], ids=["README", "here"])
def test_the_tables_agree_with_themselves(written):
    *timed, goals = tables(written)
    assert [len(timed), {len(row) for row in goals}] == [2, {3}]
    for head, *rows in timed:
        assert head == live_report.COLUMNS
        floor = float(rows[0][2])
        for row in rows:
            assert len(row) == len(head)
            median, p95, share, tail = map(float, row[2:6])
            assert share == pytest.approx(median / floor, abs=0.02)
            assert tail == pytest.approx(p95 / median, abs=0.02)


def test_medians_tails_and_goals_are_those_of_the_presses():
    (_, floor, plot, slow, *_), _, goals = tables(part())
    assert floor == ["text", "floor", "20.0", "29.0", "1.00", "1.45", "20.0", "2 of 2", "2.5"]
    assert plot[2:7] == ["22.0", "44.0", "1.10", "2.00", "55.0"]
    assert slow[2:8] == ["88.0", "88.0", "4.40", "1.00", "5.0", "1 of 2"]
    assert {goal: said for goal, said, _ in goals[1:]} == {
        "plot: a step sooner than each peer's": "plot: 4.00 × as long, met",
        "plot: more pictures in a drag than each peer": "11.00 × those of plot, met",
        "plot: p95 ≤ 1.5 × median": "2.00, MISSED",
        "plot: step ≤ 1.3 × floor": "1.10, met",
        "plot: drag ≥ 50 pictures/s": "55.0, met",
        "plot: every drag ends at the right picture": "2 of 2, met",
        "mosaic: a step sooner than each peer's": "mosaic: 0.50 × as long, MISSED",
        "mosaic: more pictures in a drag than each peer": "0.67 × those of mosaic, MISSED",
        "mosaic: p95 ≤ 1.5 × median": "1.00, met",
        "mosaic: step ≤ 1.3 × floor": "1.50, MISSED",
        "mosaic: drag ≥ 50 pictures/s": "40.0, MISSED",
        "mosaic: every drag ends at the right picture": "2 of 2, met",
    }


def test_only_what_stands_between_the_marks_is_written_anew():
    page = live_report.with_part(README, "| new |")
    assert between_the_marks(page) == "\n\n| new |\n\n"
    assert page.split(live_report.BEGIN)[0] == README.split(live_report.BEGIN)[0]
    assert page.split(live_report.END)[1] == README.split(live_report.END)[1]
    with pytest.raises(ValueError, match="must have the lines"):
        live_report.with_part("no marks", "new")
