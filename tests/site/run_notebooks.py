"""python run_notebooks.py FOLDER NOTEBOOK …: run notebooks as a page does; write what they show."""

import json
import sys
from pathlib import Path

from lessonkit.site.host import Host


def run(notebook):
    """Return cell's id → what it shows."""
    host, shown = Host(lambda *message: None), {}
    for cell in json.loads(Path(notebook).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            shown[cell["id"]] = host.run(cell["id"], "".join(cell["source"]))
    return shown


if __name__ == "__main__":
    folder, *notebooks = sys.argv[1:]
    shown = {Path(notebook).name: run(notebook) for notebook in notebooks}
    Path(folder, "shown.json").write_text(json.dumps(shown), "utf-8")
