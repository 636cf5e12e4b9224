"""What a page shows before its Python runs: an explorer's pictures as a film, with their captions.

It runs in the Python that will answer in the page, so that nothing changes when that takes over. It
asks the explorer as a page does, by messages. In a film there is one palette for each panel; a
frame is the earlier frame that is most like it, with some rectangles of its pixels changed. What
stays in a rectangle is 0 there. Many changes are deflated as one piece: they are alike.
"""

import base64
import functools
import itertools
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from lessonkit.live import Explorer
from lessonkit.live.controls import page_value
from lessonkit.live.internals import widget_of
from lessonkit.site.host import Host

UNCHANGED = 0  # in a change; the palette's places count from 1
COLOURS = 255
EXACT = 64  # the colours that most pixels have stay as they are; the others share the rest
GAP = 24  # unchanged rows or columns, more than which divide two rectangles
PIECE = 2**18  # bytes of changes, before they are deflated: 2 ms for a page that inflates them
GRID = 2  # CSS pixels from one place to the next at which a picture is pointed at
SAMPLE = 31  # every so many pixels are compared to find a frame that is like another
SHIFTS = np.array([16, 8, 0], np.uint32)  # of red, green, blue in one number


def record(notebook: Path, folder: Path) -> None:
    """Run a notebook and write what its page shows into `folder`: see record.py.

    Raises RuntimeError with the cell's id if one fails that does not announce it.
    """
    told, cells = [], []
    host = Host(lambda *message: told.append(message))
    for cell in json.loads(Path(notebook).read_text("utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        result = host.run(cell["id"], source)
        if result["error"] and "raises-exception" not in cell["metadata"].get("tags", []):
            words = "; ".join(result["error"].splitlines())  # one line: Node hands on the last
            raise RuntimeError(f"{cell['id']} fails: {words}")
        about = {"id": cell["id"], "source": source} | result
        about |= {"models": host.models, "films": []}
        shown = [w for w in map(widget_of, result["roots"]) if isinstance(w, Explorer)]
        for number, explorer in enumerate(shown):
            name = f"{cell['id']}-{number}"
            (folder / f"{name}.js").write_text(script(name, film(host, told, explorer)), "utf-8")
            (folder / f"{name}.png").write_bytes(explorer.png())
            about["films"].append(name)
        cells.append(about)
    (folder / "cells.json").write_text(compact(cells), "utf-8")


def compact(value: Any) -> str:
    """Return a value as JSON without a space too many."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def script(name: str, content: dict) -> str:
    """Return a film as a classic script: a page opened from a file cannot fetch."""
    return f"lessonkit.recorded({json.dumps(name)}, {compact(content)});\n"


def _plain(value):
    return value.item() if hasattr(value, "item") else list(value)


def film(host: Host, told: list, explorer: Explorer) -> dict:
    """Return all recorded states of an explorer, as the page takes them; it ends as it was.

    told: what the host's `tell` appends to.
    """
    asked = _Asked(host, told, explorer)
    reels = None
    for pixels in asked.states():
        if reels is None:
            reels = [Reel() for _ in pixels]
        for reel, panel in zip(reels, pixels, strict=True):
            reel.add(panel)
    return asked.about() | {"panels": [reel.film() for reel in reels]}


class _Asked:
    """An explorer, asked by messages for the picture of each state that is to be recorded.

    frames: of each state what the page must know, beside the pixels.
    """

    def __init__(self, host, told, explorer):
        self.frames = []
        self._host, self._told, self._explorer = host, told, explorer
        self._page = explorer.children[-1]
        self._names = {n: c for n, c in explorer.controls.items() if c in self._page.controls}
        self._base = self._values()
        self._seen = set()
        self._traits = {}  # (model id, trait) → value now, of what was told to change
        self._screen = []  # pixels of each panel
        self._first = {}  # the page's first message

    def states(self) -> Iterator[list]:
        """Yield the pixels of each state, (H, W, 3) uint8 a panel; the first is the one shown."""
        self._told.clear()
        self._send(self._page, {"method": "custom", "content": {"density": 1}})
        self._first = self._listen()
        yield from self._frame({})
        for group in self._explorer.recordings:
            turned = [False] * len(group)
            yield from self._visit(group, {}, turned)
        self._show({})

    def about(self) -> dict:
        """Return the film but for its panels."""
        changed = {key for frame in self.frames for key in frame["updates"]}
        before = self._state_before(changed)
        for frame in self.frames:
            updates = frame["updates"] = _nested(
                {k: frame["updates"].get(k, before[k]) for k in changed}
            )
            frame["updates"] = dict(sorted(updates.items()))
        first = {name: self._first[name] for name in ("pixelated", "size")}
        first["plain"] = [control.model_id for control in self._page.controls]
        if self._page.pointed:
            first["points"] = self._points()
        return {"view": self._page.model_id, **first, "frames": self.frames}

    def _points(self):
        """Return where the pointer sets what: [left, top, right, bottom, what] of rectangles.

        what: pairs of a control's place and its value; none if no frame has these values.
        """
        places = {name: place for place, name in enumerate(self._names)}

        @functools.cache
        def recorded(wanted):
            pairs = [(places[n], page_value(self._names[n], value)) for n, value in wanted]
            found = any(all(frame["values"][i] == v for i, v in pairs) for frame in self.frames)
            return pairs if found else []

        def what(x, y):
            wanted = self._explorer.pointed_at(x, y)
            return recorded(tuple(wanted.items())) if wanted else None

        return spots(what, *self._first["size"])

    def _visit(self, group, wanted, turned):
        """Go through the combinations like a snake, so that neighbours differ by one step."""
        if len(wanted) == len(group):
            yield from self._frame(wanted)
            return
        level = len(wanted)
        part = group[level]
        self._set(wanted)  # the range of a control may depend on those before it
        choices = part.choices(self._names[part.name])
        turned[level] = not turned[level]
        for choice in choices if turned[level] else choices[::-1]:
            yield from self._visit(group, wanted | {part.name: choice}, turned)

    def _frame(self, wanted):
        """Yield the pixels of a state, unless it was recorded before, and note the rest of it."""
        size = self._show(wanted).get("size", self._first["size"])
        values = self._values()
        for name, value in wanted.items():
            if values[name] != value:
                raise ValueError(f"{name} cannot be {value} where it is to be recorded: {values}")
        if compact(values) not in self._seen:
            self._seen.add(compact(values))
            self.frames.append(self._noted(values, size))
            yield self._screen

    def _noted(self, values, size):
        explorer = self._explorer
        noted = {"values": list(values.values()), "code": explorer.code}
        noted |= {"caption": explorer.caption, "error": explorer.error, "squares": self._squares}
        if size != self._first["size"]:
            noted["size"] = size
        return noted | {"updates": dict(self._traits)}

    # -- as a page does ----------------------------------------------------------------------------

    def _values(self):
        return {name: page_value(c, c.value) for name, c in self._names.items()}

    def _set(self, wanted):
        """Set controls as a page does, all others to what they were; ranges may move some."""
        for name, control in self._names.items():
            value = wanted.get(name, self._base[name])
            if page_value(control, control.value) != value:
                trait = "index" if "index" in control.keys else "value"
                state = {trait: value}
                self._send(control, {"method": "update", "state": state, "buffer_paths": []})

    def _show(self, wanted):
        """Request the picture of a state; return the last message about it."""
        self._set(wanted)
        values = list(self._values().values())
        self._send(self._page, {"method": "custom", "content": {"values": values}})
        return self._listen()

    def _send(self, widget, data):
        self._host.receive(widget.model_id, data, [])

    def _listen(self):
        """Follow what the explorer says, and let it go on until it has said all."""
        last = {}
        while self._told:
            messages = self._told[:]
            self._told.clear()
            for message in messages:
                last = self._hear(*message) or last
            if "next" in last and not self._told:
                self._send(self._page, {"method": "custom", "content": {"next": last["next"]}})
        return last

    def _hear(self, model_id, kind, data, buffers):
        if kind == "comm_msg" and data["method"] == "update":
            plain = model_id in {c.model_id for c in self._names.values()}
            for trait, value in data["state"].items():
                if not (plain and trait in ("value", "index")):  # these are the frame's values
                    self._traits[model_id, trait] = value
        elif model_id == self._page.model_id and "caption" in data.get("content", {}):
            self._paint(data["content"], buffers)
            return data["content"]
        return None

    def _paint(self, message, buffers):
        """Show patches as a page does: whole panels, or rectangles of what was there."""
        self._squares = message["squares"]
        self._screen = (self._screen or [None] * len(self._squares))[:]
        for (panel, x, y, width, height, channels), zipped in zip(
            message["patches"], buffers, strict=True
        ):
            pixels = np.frombuffer(zlib.decompress(zipped), np.uint8)
            pixels = pixels.reshape(height, width, channels)
            rgb = pixels.repeat(3, axis=2) if channels == 1 else pixels[..., :3]
            if not message["whole"]:
                whole = self._screen[panel].copy()
                whole[y : y + height, x : x + width] = rgb
                rgb = whole
            self._screen[panel] = rgb

    def _state_before(self, changed):
        """Return the values that traits had in the first frame, which nobody told."""
        models = self._host.models
        return {(model, trait): models.get(model, {}).get(trait) for model, trait in changed}


def spots(what: Callable[[int, int], Any], width: int, height: int) -> list[list]:
    """Return [left, top, right, bottom, what] of the rectangles in which `what(x, y)` is not None.

    It is asked at every second pixel each way.
    """
    begun, done = {}, []  # begun: (left, right, what as text) → top, of those that have no end yet
    for y in range(0, height + GRID, GRID):
        found = [compact(what(x, y)) for x in range(0, width, GRID)] if y < height else []
        now, x = set(), 0
        for same, places in itertools.groupby(found):
            left, x = x, x + GRID * len(list(places))
            now |= {(left, x, same)} - {(left, x, "null")}
        for ended in sorted(begun.keys() - now):
            left, right, same = ended
            done.append([left, begun.pop(ended), right, y, json.loads(same)])
        begun |= dict.fromkeys(now - begun.keys(), y)
    return done


def _nested(flat):
    nested = {}
    for (model, trait), value in flat.items():
        nested.setdefault(model, {})[trait] = value
    return nested


class Reel:
    """The frames of one panel, packed until all colours are known."""

    def __init__(self) -> None:
        self._frames = []  # shape and packed pixels
        self._counts = {}  # colour → in how many pixels of all frames
        self._last = None

    def add(self, pixels: np.ndarray) -> None:
        """Add a frame, (H, W, 3) uint8."""
        if self._last is None or pixels is not self._last:
            colours = _as_numbers(pixels)
            for colour, count in zip(*np.unique(colours, return_counts=True), strict=True):
                self._counts[int(colour)] = self._counts.get(int(colour), 0) + int(count)
            self._packed = colours.shape, zlib.compress(colours.tobytes(), 1)
            self._last = pixels
        self._frames.append(self._packed)

    def film(self) -> dict:
        """Return the palette, the tree of frames, and the pieces of their changes, as base64."""
        colours = np.array(sorted(self._counts), np.uint32)
        counts = np.array([self._counts[int(colour)] for colour in colours])
        palette, places = _palette(colours, counts)
        earlier, pieces, frames = _Earlier(), _Pieces(), []
        for number, packed in enumerate(self._frames):
            (height, width), zipped = packed
            if number and packed is self._frames[number - 1]:
                frames.append([number - 1, width, height, 0, 0, 0])
                continue
            numbers = np.frombuffer(zlib.decompress(zipped), np.uint32).reshape(height, width)
            now = places[np.searchsorted(colours, numbers)]
            parent, before = earlier.most_like(now)
            earlier.add(number, now)
            frames.append([parent, width, height, *pieces.add(_change(before, now))])
        sizes, data = pieces.all()
        return {
            "palette": _base64(palette.tobytes()),
            "frames": frames,
            "pieces": sizes,
            "data": _base64(data),
        }


class _Earlier:
    """The frames so far, found again by their likeness to a new one."""

    def __init__(self):
        self._by_shape = {}  # shape → [number, some of the pixels, packed] of each frame

    def add(self, number, frame):
        alike = self._by_shape.setdefault(frame.shape, [])
        alike.append([number, _sample(frame), zlib.compress(frame.tobytes(), 1)])

    def most_like(self, frame):
        """Return number and pixels of an earlier frame of this shape; without one -1 and blank."""
        alike = self._by_shape.get(frame.shape)
        if alike is None:
            return -1, np.full(frame.shape, UNCHANGED, np.uint8)
        some = _sample(frame)
        number, _, packed = min(reversed(alike), key=lambda one: np.count_nonzero(one[1] != some))
        return number, np.frombuffer(zlib.decompress(packed), np.uint8).reshape(frame.shape)


def _sample(frame):
    return frame.ravel()[::SAMPLE].copy()


class _Pieces:
    """Bytes that are added one after the other, deflated in pieces of some size."""

    def __init__(self):
        self._sizes, self._zipped = [], []  # of each piece: deflated and plain size, and the bytes
        self._open = bytearray()

    def add(self, data):
        """Return where the bytes lie: in which piece, from which byte on, and how many."""
        place = [len(self._sizes), len(self._open), len(data)]
        self._open += data
        if len(self._open) >= PIECE:
            self._close()
        return place

    def _close(self):
        zipped = zlib.compress(self._open, 9)
        self._sizes.append([len(zipped), len(self._open)])
        self._zipped.append(zipped)
        self._open = bytearray()

    def all(self):
        self._close()
        return self._sizes, b"".join(self._zipped)


def _as_numbers(pixels):
    red, green, blue = (pixels[..., i].astype(np.uint32) for i in range(3))
    return red << 16 | green << 8 | blue


def _base64(data):
    return base64.b64encode(data).decode()


def _palette(colours, counts):
    """Return a palette, (n, 3) uint8 with n <= 255, and the place in it of each colour, from 1."""
    rgb = (colours[:, np.newaxis] >> SHIFTS & 255).astype(np.uint8)
    if len(colours) <= COLOURS:
        return rgb, np.arange(1, len(colours) + 1).astype(np.uint8)
    exact, rest = np.split(np.argsort(-counts, kind="stable"), [EXACT])
    picture = Image.fromarray(rgb[np.newaxis, rest])
    reduced = picture.quantize(COLOURS - EXACT, dither=Image.Dither.NONE)
    others = np.array(reduced.getpalette(), np.uint8).reshape(-1, 3)[: COLOURS - EXACT]
    places = np.empty(len(colours), np.uint8)
    places[exact] = np.arange(EXACT)
    places[rest] = EXACT + np.asarray(reduced)[0]
    palette = np.concatenate([rgb[exact], others])
    order = np.argsort(palette.astype(int) @ [299, 587, 114], kind="stable")
    return palette[order], (np.argsort(order) + 1).astype(np.uint8)[places]


def _change(before, now):
    """Return rectangles that make `now` of `before`: x, y, width, height, and the new pixels."""
    differs = now != before
    parts = []
    for rows, columns in _boxes(differs):
        box = np.array([columns.start, rows.start, *differs[rows, columns].shape[::-1]], "<u2")
        pixels = np.where(differs[rows, columns], now[rows, columns], UNCHANGED)
        parts += [box.tobytes(), pixels.astype(np.uint8).tobytes()]
    return b"".join(parts)


def _boxes(marked, top=0, left=0):
    """Yield the rows and the columns of rectangles, as slices, that hold all that is marked."""
    rows, columns = _stretches(marked.any(axis=1)), _stretches(marked.any(axis=0))
    for row in rows:
        for column in columns:
            y, x = top + row.start, left + column.start
            part = marked[row, column]
            if len(rows) == len(columns) == 1:
                yield slice(y, y + part.shape[0]), slice(x, x + part.shape[1])
            else:
                yield from _boxes(part, y, x)


def _stretches(marked):
    """Return where something is marked, as slices with more than GAP unmarked between them."""
    places = np.flatnonzero(marked)
    if not len(places):
        return []
    parts = np.split(places, np.flatnonzero(np.diff(places) > GAP) + 1)
    return [slice(int(part[0]), int(part[-1]) + 1) for part in parts]
