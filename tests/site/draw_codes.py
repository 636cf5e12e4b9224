"""python draw_codes.py FOLDER CHAPTER.NAME CODES: draw an explorer's states at density 1."""

import json
import sys
from pathlib import Path

import numpy as np
from explored import panels, shown

from lessonkit import explorers
from lessonkit.site.host import Host

if __name__ == "__main__":
    folder, name, codes = sys.argv[1:]
    host = Host(lambda *message: None)
    chapter, _, maker = name.partition(".")
    explorer, drawn = shown(getattr(getattr(explorers, chapter), maker)), {}
    for number, code in enumerate(json.loads(codes)):
        explorer.set(code)
        drawn[str(number)] = panels(explorer)[0]
    np.savez_compressed(Path(folder) / "panels.npz", **drawn)
