"""A notebook as a page: its text, its code and, from what was recorded, what its cells show."""

import json
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import nbformat
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from lessonkit.site.markup import to_html

HERE = Path(__file__).parent
EXPLORER = "lessonkit-explorer"
# What a notebook's readers are told and a page's need not know.
OF_NOTEBOOKS = (
    "Choose *Run → Run All Cells*, and do so again if a picture or its sliders are missing. ",
)
SKELETON = Template((HERE / "page" / "page.html").read_text("utf-8"))


def chapter_page(notebook: Path, recorded: Path, katex: Path, nav: str) -> str:
    """Return the HTML of a notebook's page.

    recorded: the folder that `record_chapter` has filled. katex: see `to_html`. nav: the links to
    the other pages, as HTML.
    """
    content = nbformat.read(notebook, as_version=4)
    cells = json.loads((recorded / "cells.json").read_text("utf-8"))
    body = _body(content, {cell["id"]: cell for cell in cells}, recorded, katex)
    title = content.cells[0].source.partition("\n")[0].lstrip("# ")
    return skeleton(title=title, body=body, nav=nav, recordings=recorded.name, cells=cells)


def skeleton(title: str, body: str, nav: str, recordings: str, cells: list, more: str = "") -> str:
    """Return a page around a body. more: further attributes of the body's tag."""
    return SKELETON.substitute(
        title=escape(title),
        nav=nav,
        body=body,
        recordings=escape(recordings),
        more=more,
        cells=json.dumps([_slim(cell) for cell in cells], ensure_ascii=False).replace(
            "<", "\\u003c"
        ),
    )


def _slim(cell):
    return {key: cell[key] for key in ("id", "source", "roots", "models")}


def _body(content, recorded_cells, recorded, katex):
    """Return the cells, one after the other."""
    texts = [_for_pages(cell.source) for cell in content.cells if cell.cell_type == "markdown"]
    questions = {c.id: _markdown(c) for c in content.cells if c.cell_type == "code"}
    told = to_html([*texts, *questions.values()], katex)
    text, question = iter(told[: len(texts)]), dict(zip(questions, told[len(texts) :], strict=True))
    parts = [
        f'<section class="text" id="{cell.id}">\n{next(text)}</section>'
        if cell.cell_type == "markdown"
        else code_cell(recorded_cells[cell.id], recorded, question[cell.id])
        for cell in content.cells
    ]
    return "\n".join(parts)


def _for_pages(text):
    for words in OF_NOTEBOOKS:
        text = text.replace(words, "")
    return text


def _markdown(cell):
    """Return what questions show in a notebook where no widget works, or ""."""
    data = (output.get("data", {}) for output in cell.outputs)
    return "\n\n".join(kinds["text/markdown"] for kinds in data if "text/markdown" in kinds)


def code_cell(cell: dict[str, Any], recorded: Path, questions: str = "") -> str:
    """Return a code cell: its source, which can be edited and run, and what it shows."""
    code = highlight(cell["source"], PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")
    source = (
        f'<pre><code contenteditable="plaintext-only" spellcheck="false" role="textbox" '
        f'aria-multiline="true" aria-label="code of the cell {cell["id"]}">{code}</code></pre>'
        '<button class="run" type="button">Run</button>'
    )
    if cell["roots"]:  # one call, which says little to whoever does not program
        source = f'<details class="source"><summary>Code</summary>{source}</details>'
    else:
        source = f'<div class="source">{source}</div>'
    outputs = "".join([*_roots(cell, recorded, questions), *_plain(cell)])
    return (
        f'<section class="cell" data-cell="{cell["id"]}" id="{cell["id"]}">{source}'
        f'<div class="outputs">{outputs}</div></section>'
    )


def _plain(cell):
    if cell["text"]:
        yield f'<pre class="text">{escape(cell["text"])}</pre>'
    if cell["html"]:
        yield f'<div class="html">{cell["html"]}</div>'


def _roots(cell, recorded, questions):
    """Yield the place of each widget, with what stands there until it works."""
    films = iter(cell["films"])
    for root in cell["roots"]:
        if EXPLORER in cell["models"][root].get("_dom_classes", ()):
            yield f'<div class="output">{_still(recorded, next(films))}</div>'
        else:
            yield f'<div class="output">{questions}</div>'


def _still(recorded, name):
    with Image.open(recorded / f"{name}.png") as image:
        width, height = image.size
    caption = escape(first_frame(recorded, name)["caption"])
    return (
        f'<div class="still lessonkit-picture"><img src="{recorded.name}/{name}.png" '
        f'width="{width}" height="{height}" alt="{caption}">'
        f'<p class="lessonkit-caption">{caption}</p></div>'
    )


def first_frame(recorded: Path, name: str) -> dict[str, Any]:
    """Return what is recorded of an explorer's first state."""
    script = (recorded / f"{name}.js").read_text("utf-8")
    return json.loads(script[script.index("{") : script.rindex("}") + 1])["frames"][0]
