"""The glossary has every term once, and leads to where it is shown; its errata can be tried."""

import re

import pytest
from references import (
    CALL,
    LESSONS,
    LINK,
    ROOT,
    blocks,
    captions,
    leads_somewhere,
    markdown,
    sections,
)

PAGE = ROOT / "notebooks" / "glossary.ipynb"
TEXT = "\n".join(markdown(PAGE))
ROW = re.compile(r"^\| \[([^]]+)\]\(([^)]+)\) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = ROW.findall(TEXT)
ERRATA = [cell for cell in markdown(PAGE) if re.match(r"### \d+\. ", cell)]
NAMES = [name for english, *_ in ROWS for name in re.sub(r" \(.*", "", english).split(", ")]

BOLD = re.compile(r"(?<!\*)\*\*([^*]+?)\*\*")
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)  # where ** is a power
# In bold, and not a term: labels (those that end in a full stop need no mention), and a stress.
NOT_TERMS = {
    *(
        "Afterwards you can",
        "You need",
        "Time",
        "The maths",
        "Predict",
        "Think first",
        "Early",
        "Deep",
        "Shallow",
    ),
    *("One rate for all, 0.01", "It is the bends that draw the smile", "ceiling", "reduces"),
    *("first", "second", "One connection", "With 100 training digits", "A learning rate of 1"),
    "An exact fit can magnify the errors in the data",
    "orange is positive and purple is negative",
}
FORMS = {  # as a lesson has it → as it is listed
    "underfits": "underfitting",
    "overfits": "overfitting",
    "generalises": "generalisation",
    "dead": "dead neuron",
    "activation": "activation layer",
    "pooling": "pooling layer",
    "convolution": "convolution layer",
    "fully connected": "fully connected layer",
    "locally connected": "locally connected layer",
}


def terms_in_bold(lesson):
    """Return the terms that a lesson sets in bold, in the glossary's form."""
    text = CODE.sub("", "\n".join(markdown(lesson)))
    bold = {words.rstrip(":") for words in BOLD.findall(text)}
    terms = {words for words in bold - NOT_TERMS if words[-1] not in ".?"}
    lowered = {term.lower() for term in terms}
    return {FORMS.get(term, term) for term in lowered}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_every_term_in_bold_is_listed(lesson):
    terms = terms_in_bold(lesson)
    assert len(terms) >= 5
    missing = terms - {name.lower() for name in NAMES}
    assert not missing, "add it to the glossary; if it is no term, to NOT_TERMS here"


def test_each_term_is_listed_once_and_in_order():
    terms = [english.lower() for english, *_ in ROWS]
    assert terms == sorted(terms)
    assert len({name.lower() for name in NAMES}) == len(NAMES)
    assert len(ROWS) == sum(line.startswith("| [") for line in TEXT.splitlines())


@pytest.mark.parametrize(("english", "target", "chinese", "meaning"), ROWS, ids=lambda word: word)
def test_a_term_is_explained_where_it_leads(english, target, chinese, meaning):
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert meaning.endswith(".")
    name, _, anchor = target.partition("#")
    section = sections(PAGE.parent / name)[anchor].lower()
    stem = re.sub(r" \(.*|, .*", "", english).lower().split()[0][:5]
    assert stem in section, "the section does not speak of it"


def test_its_links_lead_somewhere():
    bad = [target for _, target in LINK.findall(TEXT) if not leads_somewhere(target, PAGE)]
    assert not bad


def test_there_are_ten_errata():
    assert [int(re.match(r"### (\d+)", cell)[1]) for cell in ERRATA] == list(range(1, 11))


@pytest.mark.parametrize("erratum", ERRATA, ids=lambda cell: cell.partition("\n")[0])
def test_an_erratum_leads_to_an_experiment_that_can_be_set(erratum):
    links = [target for _, target in LINK.findall(erratum)]
    assert links
    for block in blocks(erratum):
        assert captions(block)
        ((chapter, _),) = CALL.findall(block)
        assert f"_{chapter}.ipynb" in links[0], "the state is another notebook's"


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.stem)
def test_every_lesson_leads_to_it(lesson):
    navigation = markdown(lesson)[0].split("\n")[2]
    assert "[Glossary](glossary.ipynb)" in navigation
