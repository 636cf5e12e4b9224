"""python time_explorers.py FOLDER: time how fast every explorer is made, and answers a page."""

import json
import sys
import time
from pathlib import Path

from lessonkit import explorers
from lessonkit.live.internals import widget_of
from lessonkit.live.recorded import listed_values
from lessonkit.site.host import Host

STEPS = 25  # of an explorer
NAMES = [(c, name) for c in explorers.__all__ for name in getattr(explorers, c).__all__]


def moves(explorer):
    """Yield (control, name of its trait, value), each control in turn from value to value."""
    controls = [c for c in explorer.children[-1].controls if c.layout.display != "none"]
    for control in controls:
        values = listed_values(control)[: STEPS // len(controls) + 2]
        for value in values if control is not explorer.controls.get("start") else ():
            yield control, "index" if "index" in control.keys else "value", value


def timed(host, chapter, name):
    """Return how long it took to make an explorer, and each step, in ms."""
    began = time.perf_counter()
    source = f"from lessonkit import explorers\nexplorers.{chapter}.{name}()"
    result = host.run(name, source)
    assert not result["error"], result["error"]
    first = 1000 * (time.perf_counter() - began)
    explorer, times = widget_of(result["roots"][0]), []
    page = explorer.children[-1]
    host.receive(page.model_id, {"method": "custom", "content": {"density": 1}}, [])
    for control, trait, value in moves(explorer):
        update = {"method": "update", "state": {trait: value}, "buffer_paths": []}
        began = time.perf_counter()
        host.receive(control.model_id, update, [])
        values = [c.index if "index" in c.keys else c.value for c in page.controls]
        host.receive(page.model_id, {"method": "custom", "content": {"values": values}}, [])
        times.append(1000 * (time.perf_counter() - began))
    return first, times


if __name__ == "__main__":
    host = Host(lambda *message: None)
    steps = {f"{chapter}.{name}": timed(host, chapter, name) for chapter, name in NAMES}
    Path(sys.argv[1], "steps.json").write_text(json.dumps(steps), "utf-8")
