"""Every number in the notebooks' text comes from code: it stands in an output, or a test finds it.

Beside this file there is one of claims for each notebook, with what the text says and how to work
it out another way: CLAIMS. What others measured stands in SOURCED, with the name that the summary
must give as its source. A number that is neither in an output nor in a claim fails; so does a
claim that the text no longer makes.
"""

import functools
import importlib.util
import json
import math
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
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


def claims_of(path):
    """Return the module of the notebook's claims, or None: then a test of its own says so."""
    name = f"claims_{path.stem}"
    return importlib.import_module(name) if importlib.util.find_spec(name) else None


CLAIMS = {path: claims_of(path) for path in NOTEBOOKS}


def part(path, kind):
    return getattr(CLAIMS[path], kind, [])


@functools.cache
def texts(path):
    """Return the notebook's texts from the title to the summary, which names the sources."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"] or [""]


def printed(path):
    """Return the numbers that the notebook's cells print."""
    pieces = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            pieces += output.get("text", []), output.get("data", {}).get("text/plain", [])
    return set(NUMBER.findall(" ".join("".join(piece) for piece in pieces)))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_has_a_file_of_claims(path):
    there = all(hasattr(CLAIMS[path], kind) for kind in ("CLAIMS", "SOURCED", "NOT_CLAIMS"))
    assert there, (
        f"write tests/claims_{path.stem}.py with CLAIMS, SOURCED and NOT_CLAIMS, "
        "as in tests/claims_01_nonlinearity.py; each of them may be empty"
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_every_number_has_a_source(path):
    made, sourced, ours = (part(path, kind) for kind in ("CLAIMS", "SOURCED", "NOT_CLAIMS"))
    known = printed(path) | set(NUMBER.findall(" ".join(made)))
    covered = [*made, *sourced, "about 10 seconds to run"]
    unknown = []
    for text in texts(path):
        text = re.sub(r"\d+ minutes to read", "", text)  # has a test of its own, below
        for sentence in covered:
            text = text.replace(sentence, "")
        for pattern in [*ours, *NOT_CLAIMS]:
            text = re.sub(pattern, "", text, flags=re.MULTILINE | re.DOTALL)
        unknown += [
            f"{number[0]}, in {text[max(0, number.start() - 40) : number.end() + 40]!r}"
            for number in NUMBER.finditer(text)
            if number[0] not in known
        ]
    assert not unknown, "\n".join(
        [f"add a cell that prints it, or a claim to tests/claims_{path.stem}.py:", *unknown]
    )


def each(kind):
    """Let a test run over each sentence of this kind, in each notebook."""
    cases = [
        pytest.param(path, sentence, id=f"{path.stem}: {sentence}")
        for path in NOTEBOOKS
        for sentence in part(path, kind)
    ]
    return pytest.mark.parametrize(("path", "sentence"), cases)


@each("CLAIMS")
def test_claim_is_made_and_true(path, sentence):
    assert any(sentence in text for text in texts(path)), "the text no longer says this"
    assert CLAIMS[path].CLAIMS[sentence](), "the text says this, and it is not so"


@each("SOURCED")
def test_what_others_measured_names_its_source(path, sentence):
    assert any(sentence in text for text in texts(path)), "the text no longer says this"
    source = f"- {CLAIMS[path].SOURCED[sentence]}"
    assert source in texts(path)[-1], f"the notebook's last text must have an item “{source} …”"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_time_to_read_is_that_of_its_words(path):
    unfolded = (re.sub("<details>.*?</details>", "", t, flags=re.S) for t in texts(path))
    words = sum(len(text.split()) for text in unfolded)
    said = re.findall(r"\d+ minutes to read", texts(path)[0])
    right = f"{5 * math.ceil(words / WORDS_A_MINUTE / 5)} minutes to read"
    assert said == [right], f"the notebook's first text must say “{right}”, once"
