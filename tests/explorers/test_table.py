"""Facts as a table: read as HTML by a parser of its own, and compared with the facts."""

import re
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
import pytest
from explored import plain
from test_every_explorer import EXPLORERS, opened, reset

from lessonkit.explorers.table import as_table
from lessonkit.network import Network


class Pair(NamedTuple):
    name: str
    share: float


@as_table
class Facts(NamedTuple):
    """What is known, <b>safely</b>.

    More of it.
    """

    count: int
    large_share: float
    tiny: float
    beyond: float
    unknown: float
    is_there: bool
    nothing: None
    few: np.ndarray
    matrix: np.ndarray
    map_of_many: np.ndarray
    taken: np.ndarray
    words: list
    pair: Pair
    by_name: dict
    network: Network


FACTS = Facts(
    12345, -0.5, 2.5e-7, -np.inf, np.nan, True, None, np.array([1, -2]), np.eye(2),
    np.array([[np.nan, -1.0, 4.0]] * 10), np.eye(5, dtype=bool), ["a", "<b>", "c"],
    Pair("x", 0.25), {"sigmoid": Pair("y", 1.0)}, Network(),
)  # fmt: skip


def rows(facts):
    """Return caption, and (heading of the group, heading, value) for each row of the table."""
    table, group, found = ElementTree.fromstring(facts._repr_html_()), "", []
    for row in table.iterfind("tbody/tr"):
        head, *cells = row
        assert head.tag == "th"
        if head.get("scope") == "rowgroup":
            assert (head.get("colspan"), cells) == ("2", [])
            group = head.text
        else:
            (cell,) = cells
            assert (head.get("scope"), cell.tag) == ("row", "td")
            found.append((group, head.text, cell.text))
    assert [th.get("scope") for th in table.iterfind("thead/tr/th")] == ["col", "col"]
    return table.findtext("caption"), found


def test_every_kind_of_fact_is_told_in_words():
    caption, found = rows(FACTS)
    assert caption == "What is known, <b>safely</b>."
    assert found == [
        ("", "count", "12,345"),
        ("", "large share", "−0.500"),
        ("", "tiny", "2.5 × 10⁻⁷"),
        ("", "beyond", "−∞"),
        ("", "unknown", "no number"),
        ("", "is there", "yes"),
        ("", "nothing", "none"),
        ("", "few", "1, −2"),
        ("", "matrix", "1.00, 0.000; 0.000, 1.00"),
        ("", "map of many", "10 × 3 numbers, from −1.00 to 4.00, mean 1.50; 10 without a number"),
        ("", "taken", "5 × 5, 5 of them true"),
        ("", "words", "a, <b> and c"),
        ("", "network", "a network"),
        ("pair", "name", "x"),
        ("pair", "share", "0.250"),
        ("by name", "sigmoid", "name y; share 1.00"),
    ]


def test_printed_it_is_the_same_in_lines():
    lines = str(FACTS).splitlines()
    assert lines[:3] == ["What is known, <b>safely</b>.", "count: 12,345", "large share: −0.500"]
    assert lines[-2:] == ["by name:", "  sigmoid: name y; share 1.00"]


@pytest.mark.parametrize(("chapter", "name"), EXPLORERS, ids=map(".".join, EXPLORERS))
def test_the_facts_of_every_explorer_read_well(chapter, name):
    explorer = opened(chapter, name)
    reset(explorer)
    facts = explorer.facts
    caption, found = rows(facts)
    assert re.fullmatch(r"[A-Z].+\.", caption)
    told = {heading: value for group, heading, value in found if not group}
    for field, value in facts._asdict().items():
        words = field.replace("_", " ")
        assert words in told or words in {group for group, _, _ in found}
        if isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value):
            assert plain(told[words]) == pytest.approx(value, rel=0.051, abs=5e-4)
    for _, heading, value in found:
        assert "_" not in heading
        assert len(value) < 700
        assert not re.search(r"array|dtype|object|nan|np\.|[A-Z]\w*\(|[\[\]{}]", value), value
