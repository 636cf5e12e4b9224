"""A page is its notebook: nothing more, nothing less, and nothing that is written twice."""

import html
import json
import re
from html.parser import HTMLParser

import nbformat
import pytest
from sites import BUILT, NOTEBOOKS

from lessonkit.site import chapter, markup
from lessonkit.site.node import NodeError

TAG = re.compile(r"<[^>]*>")


class Words(HTMLParser):
    """The words of a page's text, in order, but for formulas."""

    def __init__(self, page):
        super().__init__()
        self.found, self.formula = [], 0  # of a formula: how many of its elements are open
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if self.formula or dict(attributes).get("class") == "katex":
            self.formula += tag not in ("br", "img")

    def handle_endtag(self, tag):
        self.formula -= bool(self.formula)

    def handle_data(self, data):
        if not self.formula:
            self.found += re.findall(r"\w+", data)


def written_words(text):
    """Return the words of a notebook's text, in order, but for formulas, marks and addresses."""
    text = re.sub(r"\$\$.*?\$\$|\$[^$]+\$", " ", text, flags=re.DOTALL)
    text = re.sub(
        r"</?(?:details|summary)>|^```\w+$|^\d+\. |^\|[-:| ]+$", " ", text, flags=re.MULTILINE
    )
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    return re.findall(r"\w+", text)


@pytest.mark.parametrize("name", BUILT)
def test_a_page_has_the_text_and_the_code_of_its_notebook(site, name):
    page = (site / f"{name}.html").read_text("utf-8")
    cells = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4).cells
    shown = dict(
        re.findall(
            r'<section class="\w+" (?:data-cell="[^"]*" )?id="([^"]+)">(.*?)</section>',
            page,
            re.DOTALL,
        )
    )
    assert list(shown) == [cell.id for cell in cells]
    for cell in cells:
        if cell.cell_type == "markdown":
            words = written_words(chapter._for_pages(cell.source))
            assert Words(shown[cell.id]).found == words, cell.id
        else:
            code = re.search(r"<code [^>]*>(.*?)</code>", shown[cell.id], re.DOTALL)[1]
            assert html.unescape(TAG.sub("", code)) == cell.source


@pytest.mark.parametrize("name", BUILT)
def test_a_page_shows_what_the_notebook_shows(site, name):
    cells = {c["id"]: c for c in json.loads((site / name / "cells.json").read_text("utf-8"))}
    for cell in nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4).cells:
        if cell.cell_type != "code":
            continue
        recorded, texts = cells[cell.id], []
        for output in cell.outputs:
            data = output.get("data", {})
            texts += [output.text] if output.output_type == "stream" else []
            shown_by_itself = data.keys() in ({"text/plain"}, {"text/plain", "image/png"})
            texts += [data["text/plain"]] if shown_by_itself else []
            if "text/html" in data:
                assert recorded["html"] == data["text/html"]
        films = [chapter.first_frame(site / name, film)["caption"] for film in recorded["films"]]
        told = [recorded["text"], *films]
        assert [text.strip() for text in texts if text.strip()] == [
            t.strip() for t in told if t.strip()
        ]


def test_formulas_are_set_and_links_lead_to_pages(katex):
    text = "# Why $x^2$\n\nSee [two](02_fitting.ipynb#A-b) and [out](https://a.b/c.ipynb).\n\n$$\\frac{1}{2}$$"
    (made,) = markup.to_html([text], katex)
    assert '<a href="02_fitting.html#A-b">two</a>' in made
    assert '<a href="https://a.b/c.ipynb">out</a>' in made
    assert made.count('class="katex"') == 2
    assert "katex-display" in made
    assert "<mfrac>" in made, "a screen reader hears MathML"


def test_a_formula_that_cannot_be_set_is_named(katex):
    with pytest.raises(NodeError, match=r"the formula \\frac\{1 cannot be set"):
        markup.to_html(["$\\frac{1$"], katex)


def test_a_page_may_hold_any_text():
    page = chapter.skeleton(
        title="a < b",
        body="",
        nav="",
        recordings="x",
        cells=[{"id": "c", "source": "</script>", "roots": [], "models": {}}],
    )
    assert page.count("</script>") == 3, "the page's own"
    assert "<title>a &lt; b</title>" in page
