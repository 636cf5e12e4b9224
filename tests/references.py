"""What the tests of pages that refer to the lessons need: their links, and the states to paste."""

import json
import re
from pathlib import Path

from lessonkit import explorers

ROOT = Path(__file__).parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
LINK = re.compile(r"\[([^]]*)\]\((?!https?:)([^)\s]*)\)")
CALL = re.compile(r"^explorer = explorers\.(\w+)\.(\w+)\(\)$", re.MULTILINE)
STATE = re.compile(r'^(?:# )?explorer\.set\("([^"\n]*)"\)$', re.MULTILINE)


def markdown(notebook):
    """Return the texts of a notebook, in order."""
    cells = json.loads(Path(notebook).read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def sections(notebook):
    """Return anchor → text of its section, up to the next heading; anchors are JupyterLab's."""
    parts = re.split(r"^#+ (.+)$", "\n".join(markdown(notebook)), flags=re.MULTILINE)
    return {
        heading.replace(" ", "-"): heading + text
        for heading, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def explorers_of(notebook):
    """Return anchor → the names of the explorers that a notebook's section shows."""
    shown, anchor = {}, ""
    for cell in json.loads(Path(notebook).read_text("utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
                anchor = heading.replace(" ", "-")
        else:
            shown.setdefault(anchor, set()).update(re.findall(r"\bexplorers\.\w+\.(\w+)\(", text))
    return shown


def leads_somewhere(target, page):
    """Tell whether a link of a page leads to a file of the project, and to a heading in it."""
    name, _, anchor = target.partition("#")
    path = page.parent / name if name else page
    return path.exists() and (not anchor or anchor in sections(path))


def blocks(text):
    """Return the blocks of Python in a text."""
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def captions(block):
    """Return what the explorer of a block says in each of its states; raise if one cannot be set.

    A fresh explorer is made, as the block does, and the states are set one after the other.
    """
    ((chapter, name),) = CALL.findall(block)
    explorer, said = getattr(getattr(explorers, chapter), name)(), []
    for code in STATE.findall(block):
        explorer.set(code)
        assert not explorer.error, (name, code, explorer.error)
        said.append(explorer.caption)
    return said
