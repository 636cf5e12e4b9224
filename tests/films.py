"""Decode films, as a page does."""

import base64
import json
import zlib

import numpy as np


def read(path):
    """Return the film in a classic script."""
    text = path.read_text("utf-8")
    start = f'lessonkit.recorded("{path.stem}", '
    assert text.startswith(start)
    assert text.endswith(");\n")
    return json.loads(text[len(start) : -3])


def changes(panel):
    """Return of each frame what makes it of its parent: [x, y, (h, w) uint8 places] a rectangle."""
    data, at, pieces = base64.b64decode(panel["data"]), 0, []
    for size, length in panel["pieces"]:
        pieces.append(zlib.decompress(data[at : at + size]))
        assert len(pieces[-1]) == length
        at += size
    assert at == len(data)
    assert sum(map(len, pieces)) == sum(frame[-1] for frame in panel["frames"])
    return [
        list(_rectangles(pieces[piece][start : start + length]))
        for *_, piece, start, length in panel["frames"]
    ]


def _rectangles(change):
    while change:
        x, y, width, height = np.frombuffer(change[:8], "<u2").tolist()
        end = 8 + width * height
        yield x, y, np.frombuffer(change[8:end], np.uint8).reshape(height, width)
        change = change[end:]


def decoded(panel):
    """Return the frames of a film's panel, (H, W, 3) uint8 each."""
    palette = np.frombuffer(base64.b64decode(panel["palette"]), np.uint8).reshape(-1, 3)
    frames = []
    for (parent, width, height, *_), change in zip(panel["frames"], changes(panel), strict=True):
        now = frames[parent].copy() if parent >= 0 else np.zeros((height, width), np.uint8)
        assert now.shape == (height, width)
        for x, y, places in change:
            part = now[y : y + places.shape[0], x : x + places.shape[1]]
            part[places > 0] = places[places > 0]
        assert now.all()
        frames.append(now)
    return [palette[frame - 1] for frame in frames]
