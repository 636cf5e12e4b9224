"""A page is its notebook: nothing more, nothing less, and nothing that is written twice."""

import html
import json
import re

import nbformat
import pytest
from sites import BUILT, NOTEBOOKS

from lessonkit.site import chapter, markup
from lessonkit.site.node import NodeError

TAG = re.compile(r"<[^>]*>")


def plain(text):
    """Return letters and digits alone: what is left when markup and formulas are taken away."""
    return re.sub(r"[^\w]+", "", html.unescape(TAG.sub("", text)))


def without_formulas(text):
    text = re.sub(r"\$\$.*?\$\$|\$[^$]+\$", "", text, flags=re.DOTALL)
    return re.sub(r"\[([^]]*)\]\([^)]*\)|<(https?:[^>]*)>", r"\1\2", text)


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
            told = re.sub(
                r'<span class="katex.*?</span></span></span>(?:</span>)*',
                "",
                shown[cell.id],
                flags=re.DOTALL,
            )
            written = without_formulas(chapter._for_pages(cell.source))
            assert plain(re.sub(r"^\d+\. ", "", written, flags=re.MULTILINE)) in (
                plain(told),
                plain(re.sub(r"^\d+\. ", "", written, flags=re.MULTILINE)),
            )
            for word in re.findall(r"\w{4,}", re.sub(r"[#*`_<>/]", " ", written)):
                assert word in html.unescape(TAG.sub("", shown[cell.id])), (cell.id, word)
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
            texts += [data["text/plain"]] if "image/png" in data else []
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
    assert page.count("</script>") == 2
    assert "<title>a &lt; b</title>" in page
