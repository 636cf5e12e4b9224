"""python film_explorers.py FOLDER CHAPTER.NAME …: film explorers, and try the frames' codes."""

import sys
from pathlib import Path

from lessonkit.live.internals import widget_of
from lessonkit.site.film import compact, film
from lessonkit.site.host import Host

STEP = 9  # every so many frames are tried


def filmed(name):
    told = []
    host = Host(lambda *message: told.append(message))
    source = f"from lessonkit import explorers\nexplorers.{name}()"
    # The host's models are those of the cell run last, so the one that is filmed comes second.
    other, explorer = (widget_of(host.run(cell, source)["roots"][0]) for cell in ("a", "b"))
    before = explorer.code
    made = film(host, told, explorer)
    captions = []
    for frame in made["frames"][::STEP]:
        other.set(frame["code"])
        captions.append(other.caption)
    return {"film": made, "before": before, "after": explorer.code, "captions": captions}


if __name__ == "__main__":
    for name in sys.argv[2:]:
        Path(sys.argv[1], f"{name}.json").write_text(compact(filmed(name)), "utf-8")
