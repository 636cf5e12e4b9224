"""Every number in the notebooks' text comes from code: it stands in an output, or a test finds it.

Beside this file there is one of claims for each notebook: CLAIMS, by the id of the cell that makes
them. A claim's key is a name, a colon and the numbers that the text must give in this order, or
words of the text in “…”; its value works them out another way. So a sentence that is reworded is
edited in one place, and one whose numbers change in two. What others measured stands in SOURCED,
with the name that the summary must give as its source. A number that is neither in an output nor in
a claim fails; so does a claim that the text no longer makes.
"""

import functools
import importlib.util
import json
import math
import re
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
LESSONS = [path for path in NOTEBOOKS if path.stem[0].isdigit()]  # others are not read through
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
    """Return cell id → text, from the title to the summary, which names the sources."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    texts = {c["id"]: "".join(c["source"]) for c in cells if c["cell_type"] == "markdown"}
    return texts or {"": ""}


def first_and_last(path):
    told = list(texts(path).values())
    return told[0], told[-1]


def numbers_in(text):
    return [number.rstrip(",") for number in NUMBER.findall(text)]


def without_claim(text, key):
    """Return a text without the numbers or words of a claim's key, or None where they are not."""
    _, _, wanted = f": {key}".rpartition(": ")
    if wanted.startswith("“"):
        words = wanted.strip("“”")
        return text.replace(words, "") if words in text else None
    found, wanted = list(NUMBER.finditer(text)), numbers_in(wanted)
    written = [number[0].rstrip(",") for number in found]
    for start in range(len(found) - len(wanted) + 1):
        if written[start : start + len(wanted)] == wanted:
            for number in reversed(found[start : start + len(wanted)]):
                text = text[: number.start()] + text[number.end() :]
            return text
    return None


def printed(path):
    """Return the numbers that the notebook's cells print."""
    pieces = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            pieces += output.get("text", []), output.get("data", {}).get("text/plain", [])
    return set(numbers_in(" ".join("".join(piece) for piece in pieces)))


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
    known, unknown = set(printed(path)), []
    for claims in made.values() if made else ():
        known |= {number for key in claims for number in numbers_in(key.rpartition(": ")[2])}
    for cell, text in texts(path).items():
        times = r"\d+ minutes to read(?:, \d+ if)?|about 10 seconds to run"
        text = re.sub(times, "", text)  # tested elsewhere
        for sentence in sourced:
            text = text.replace(sentence, "")
        for pattern in [*ours, *NOT_CLAIMS]:
            text = re.sub(pattern, "", text, flags=re.MULTILINE | re.DOTALL)
        unknown += [
            f"{number[0]}, in {text[max(0, number.start() - 40) : number.end() + 40]!r} ({cell})"
            for number in NUMBER.finditer(text)
            if number[0].rstrip(",") not in known
        ]
    assert not unknown, "\n".join(
        [f"add a cell that prints it, or a claim to tests/claims_{path.stem}.py:", *unknown]
    )


CLAIMED = [
    pytest.param(path, cell, key, id=f"{path.stem}: {cell}: {key}")
    for path in NOTEBOOKS
    for cell, claims in (part(path, "CLAIMS") or {}).items()
    for key in claims
]
OTHERS = [
    pytest.param(path, sentence, id=f"{path.stem}: {sentence}")
    for path in NOTEBOOKS
    for sentence in part(path, "SOURCED")
]


@pytest.mark.parametrize(("path", "cell", "key"), CLAIMED)
def test_claim_is_made_and_true(path, cell, key):
    assert cell in texts(path), "the notebook has no such cell any more"
    assert without_claim(texts(path)[cell], key) is not None, "the text no longer says this"
    assert CLAIMS[path].CLAIMS[cell][key](), "the text says this, and it is not so"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_no_two_claims_stand_on_the_same_numbers(path):
    for cell, claims in (part(path, "CLAIMS") or {}).items():
        text = texts(path)[cell]
        for key in sorted(claims, key=len, reverse=True):
            text = without_claim(text, key)
            assert text is not None, f"{key!r} of {cell} has no numbers of its own in the text"


@pytest.mark.parametrize(("path", "sentence"), OTHERS)
def test_what_others_measured_names_its_source(path, sentence):
    assert any(sentence in text for text in texts(path).values()), "the text no longer says this"
    source, (_, summary) = f"- {CLAIMS[path].SOURCED[sentence]}", first_and_last(path)
    assert source in summary, f"the notebook's last text must have an item “{source} …”"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)
def test_time_to_read_is_that_of_its_words(path):
    told = texts(path).values()
    unfolded = (re.sub("<details>.*?</details>", "", text, flags=re.S) for text in told)
    words = sum(len(text.split()) for text in unfolded)
    said = re.findall(r"\d+ minutes to read", first_and_last(path)[0])
    right = f"{5 * math.ceil(words / WORDS_A_MINUTE / 5)} minutes to read"
    assert said == [right], f"the notebook's first text must say “{right}”, once"
    for all_of_it in re.findall(r"to read, (\d+) if you try everything", first_and_last(path)[0]):
        assert int(all_of_it) > 2 * int(right.split()[0]), "to try and to think takes longer"
