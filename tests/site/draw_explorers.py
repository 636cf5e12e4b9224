"""python draw_explorers.py FOLDER: draw every explorer in some states, and write what was seen.

The same script runs in Pyodide and in an ordinary Python. FOLDER/NAME.npz gets the panels, and of
a figure also those without text; FOLDER/seen.json the code, caption and error of each state, and
how long a step took, in ms.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
from explored import panels, shown
from matplotlib.text import Text

from lessonkit import explorers
from lessonkit.live import explorer as live_explorer
from lessonkit.live.recorded import listed_values
from lessonkit.site.host import Host

STATES = 8  # of an explorer, at most
NAMES = [(c, name) for c in explorers.__all__ for name in getattr(explorers, c).__all__]


def states_of(explorer):
    """Return codes: as it opens, and with one control after the other far from there."""
    controls = dict(zip(explorer.controls.values(), explorer.controls, strict=True))
    codes = [explorer.code]
    for control in explorer.children[-1].controls:
        values = listed_values(control)
        is_start = controls[control] == "start"  # a training takes a minute
        if values and not is_start and control.layout.display != "none":
            before, trait = explorer.code, "index" if "index" in control.keys else "value"
            is_low = getattr(control, trait) in values[: len(values) // 2]
            setattr(control, trait, values[-1 if is_low else 0])
            codes.append(explorer.code)
            explorer.set(before)
    return codes[:: -(-len(codes) // STATES)]


def without_text(explorer):
    """Return the pixels without text, which other versions of Matplotlib set otherwise."""
    if not hasattr(explorer.picture, "findobj"):
        return panels(explorer)
    texts = [text for text in explorer.picture.findobj(Text) if text.get_visible()]
    for text in texts:
        text.set_alpha(0)
    explorer.redraw()
    return panels(explorer)


def draw(make):
    explorer, seen, arrays, times = shown(make), [], {}, []
    for number, code in enumerate(states_of(explorer)):
        began = time.perf_counter()
        explorer.set(code)
        times.append(1000 * (time.perf_counter() - began))
        drawn = panels(explorer)
        seen.append([explorer.code, explorer.caption, explorer.error])
        arrays |= {f"{number} {i}": panel for i, panel in enumerate(drawn)}
    for i, panel in enumerate(without_text(explorer)):
        arrays[f"without text {i}"] = panel
    return seen, arrays, times


def main():
    folder = Path(sys.argv[1])
    live_explorer.SILENCE = 0  # nobody asks for the next piece of a long task
    host = Host(lambda *message: None)  # widgets have comms, as in a page
    all_seen = {}
    for chapter, name in NAMES:
        seen, arrays, times = draw(getattr(getattr(explorers, chapter), name))
        np.savez_compressed(folder / f"{chapter}.{name}.npz", **arrays)
        all_seen[f"{chapter}.{name}"] = {"states": seen, "ms": times}
    (folder / "seen.json").write_text(json.dumps(all_seen), "utf-8")
    del host


if __name__ == "__main__":
    main()
