"""Copy the notebooks to a folder of the learner's own, and never over what is there.

A learner's notebook keeps its name and every byte. Where it differs from ours, ours is put beside
it: `04_pooling.new.ipynb` beside `04_pooling.ipynb`. Running a notebook does not make it differ;
only the text and the code of its cells count.
"""

import itertools
import json
from pathlib import Path
from typing import NamedTuple

# An installed package carries its notebooks inside; in a checkout they are beside the package.
_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "notebooks"
NOTEBOOKS = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "notebooks"


class Copies(NamedTuple):
    """What `copy_notebooks` did: the names it copied, and name → the name of ours beside it."""

    copied: list
    beside: dict


def copy_notebooks(folder):
    """Copy what is missing in `folder`, which is made if need be, and return `Copies`.

    A second call copies nothing and returns two empty collections. Raises FileNotFoundError if our
    own notebooks are missing, and OSError where the system does not let it make the folder or
    write a file; the file that it was writing is then removed.
    """
    ours = sorted(NOTEBOOKS.glob("*.ipynb"))
    if not ours:
        raise FileNotFoundError(f"no notebooks in {NOTEBOOKS}")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    copies = Copies([], {})
    for notebook in ours:
        for name in _names(notebook):
            if _write_new(folder / name, notebook.read_bytes()):
                if name == notebook.name:
                    copies.copied.append(name)
                else:
                    copies.beside[notebook.name] = name
                break
            if same_source(folder / name, notebook):
                break
    return copies


def same_source(one, other):
    """Tell whether two notebooks have the same text and code, in the same order.

    Outputs, execution counts and metadata do not count, and neither do empty cells: JupyterLab
    adds one when the last cell is run by Shift and Enter. A file that cannot be read as a notebook
    differs from all others.
    """
    one, other = _source(one), _source(other)
    return one is not None and one == other


def _names(notebook):
    """Yield the names that a copy may have: its own, then .new, .new2, .new3 …"""
    yield notebook.name
    for number in itertools.count(1):
        yield f"{notebook.stem}.new{number if number > 1 else ''}{notebook.suffix}"


def _write_new(path, content):
    """Write a file that does not exist yet; return False, and touch nothing, if there is one."""
    try:
        file = path.open("xb")
    except FileExistsError:
        return False
    try:
        with file:
            file.write(content)
    except BaseException:  # half a notebook would be taken for one that the learner changed
        path.unlink(missing_ok=True)
        raise
    return True


def _source(path):
    """Return what the author of a notebook wrote, cell by cell, or None if it is no notebook."""
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        written = [
            (cell["cell_type"], "".join(cell["source"]), cell.get("attachments") or {})
            for cell in cells
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return [cell for cell in written if cell[1].strip()]
