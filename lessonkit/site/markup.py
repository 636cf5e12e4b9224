"""Markdown to HTML for the web edition, with formulas that need no script where they are read."""

import json
import re
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from lessonkit.site.node import run_node

PLACE = re.compile("\ue000([0-9]+)\ue001")  # of a formula, until KaTeX has set it


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, but for formulas, headings and links between notebooks."""

    def __init__(self, formulas):
        super().__init__(escape=False)
        self.formulas = formulas

    def block_math(self, body):
        return self._hold(body, display=True)

    def inline_math(self, body):
        return self._hold(body, display=False)

    def _hold(self, body, display):
        self.formulas.append({"tex": body, "display": display})
        return f"\ue000{len(self.formulas) - 1}\ue001"

    def heading(self, text, level, **attributes):
        # The name that JupyterLab gives a heading: links to it are the same there and here.
        words = PLACE.sub(lambda match: self.formulas[int(match[1])]["tex"], text)
        name = escape(re.sub("<[^>]*>", "", words).replace(" ", "-"))
        return f'<h{level} id="{name}">{text}</h{level}>\n'

    def link(self, text, url, title=None):
        return super().link(text, re.sub(r"^(\w+)\.ipynb(?=#|$)", r"\1.html", url), title)


def to_html(texts: Sequence[str], katex: Path) -> list[str]:
    """Return each text, Markdown with LaTeX between dollars, as HTML.

    katex: the folder of the npm package. Raises NodeError, with the formula, for what it refuses.
    """
    formulas = []
    pages = [MarkdownWithMath(renderer=_Renderer(formulas))(text) for text in texts]
    typeset = _typeset(formulas, katex)
    return [PLACE.sub(lambda match: typeset[int(match[1])], page) for page in pages]


def _typeset(formulas, katex):
    """Return the HTML of each formula."""
    if not formulas:
        return []
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder) / "formulas.json", Path(folder) / "html.json"
        source.write_text(json.dumps(formulas), "utf-8")
        run_node("formulas.mjs", katex, source, made)
        return json.loads(made.read_text("utf-8"))
