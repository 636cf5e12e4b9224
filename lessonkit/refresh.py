"""Run the notebooks and store their outputs: python -m lessonkit.refresh [notebook …]

Each is run from top to bottom in a fresh kernel. What would change from run to run, or only means
something to the kernel that made it, is left out, so that a second run changes no byte.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
KEPT = {"tags", "jupyter", "slideshow"}  # of a cell's metadata


def run(path):
    """Return the notebook at `path` as it comes out of a fresh kernel; the file stays as it is.

    Raises nbclient.exceptions.CellExecutionError if a cell fails that does not announce it.
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(Path(path).parent)}},
    ).execute()
    notebook.metadata = METADATA
    for cell in notebook.cells:
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT}
        for output in cell.get("outputs", []):
            # Without this kernel it would show "Error displaying widget" instead of the picture.
            output.get("data", {}).pop(WIDGET_VIEW, None)
    return notebook


def refresh(path):
    """Run the notebook at `path` and write it back; if a cell fails the file stays as it was."""
    nbformat.write(run(path), path)


def main(paths):
    """Refresh the notebooks named, or else all in notebooks/."""
    paths = paths or sorted(Path("notebooks").glob("*.ipynb"))
    if not paths:
        sys.exit("no notebooks here: go to the project's folder, which has notebooks/ in it")
    for path in paths:
        if not Path(path).is_file():
            sys.exit(f"no notebook {path}: say where it is, for example notebooks/02_fitting.ipynb")
    for path in paths:
        refresh(path)
        print(f"refreshed {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
