"""Every number in the notebooks' text comes from code: it stands in an output, or a test finds it.

Beside this file there is one of claims for each notebook, with what the text says and how to work
it out another way: CLAIMS. What others measured stands in SOURCED, with the name that the summary
must give as its source. A number that is neither in an output nor in a claim fails; so does a
claim that the text no longer makes.
"""

import functools
import importlib
import json
import math
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
CLAIMS = {path: importlib.import_module(f"claims_{path.stem}") for path in NOTEBOOKS}
NUMBER = re.compile(r"√½|√2|[¼½¾]|[−-]?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")
WORDS_A_MINUTE = 100  # of a text that is worked through, not skimmed
# Numbers that ask, build or count, and so say nothing about the world.
NOT_CLAIMS = [
    r"^\d+\. |<https?:[^>]*>|\[[^]]*\]\(\w+\.ipynb\)",  # of an item, an address, a chapter
    r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`",  # formulas and code
    r"\b(?:19|20)\d\d\b|part 11 of|chapter \d",  # years, chapters
    r"\b\d×\d\b",  # sizes
    r"(?:weight scale|bias|slope|threshold) (?:of |to |is )*[−\d.]+",  # settings to choose
    r"(?<![\d.,])[01](?![\d.,]*\d)",  # what sigmoid, ReLU and their slopes are made of
]


@functools.cache
def texts(path):
    notebook = json.loads(path.read_text("utf-8"))
    return {
        c["id"]: "".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown"
    }


def printed(path):
    """Return the numbers that the notebook's cells print."""
    pieces = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            pieces += output.get("text", []), output.get("data", {}).get("text/plain", [])
    return set(NUMBER.findall(" ".join("".join(piece) for piece in pieces)))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_number_has_a_source(path):
    claims = CLAIMS[path]
    known = printed(path) | set(NUMBER.findall(" ".join(claims.CLAIMS)))
    covered = [*claims.CLAIMS, *claims.SOURCED, "about 10 seconds to run"]
    unknown = []
    for cell, text in texts(path).items():
        text = re.sub(r"\d+ minutes to read", "", text)  # has a test of its own, below
        for sentence in covered:
            text = text.replace(sentence, "")
        for pattern in claims.NOT_CLAIMS + NOT_CLAIMS:
            text = re.sub(pattern, "", text, flags=re.MULTILINE | re.DOTALL)
        unknown += [(cell, number) for number in NUMBER.findall(text) if number not in known]
    assert not unknown, "add a cell that prints it, or a claim that works it out"


def each(kind):
    """Let a test run over each sentence of this kind, in each notebook."""
    cases = [
        pytest.param(path, sentence, id=f"{path.stem}: {sentence}")
        for path, claims in CLAIMS.items()
        for sentence in getattr(claims, kind)
    ]
    return pytest.mark.parametrize(("path", "sentence"), cases)


@each("CLAIMS")
def test_claim_is_made_and_true(path, sentence):
    assert any(sentence in text for text in texts(path).values()), "the text no longer says this"
    assert CLAIMS[path].CLAIMS[sentence](), "the text says this, and it is not so"


@each("SOURCED")
def test_what_others_measured_names_its_source(path, sentence):
    assert any(sentence in text for text in texts(path).values())
    assert f"- {CLAIMS[path].SOURCED[sentence]}" in texts(path)["summary"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_time_to_read_is_that_of_its_words(path):
    unfolded = (re.sub("<details>.*?</details>", "", t, flags=re.S) for t in texts(path).values())
    words = sum(len(text.split()) for text in unfolded)
    (said,) = re.findall(r"(\d+) minutes to read", texts(path)["title"])
    assert int(said) == 5 * math.ceil(words / WORDS_A_MINUTE / 5)
