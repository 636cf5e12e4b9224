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


def decoded(panel):
    """Return the frames of a film's panel, (H, W, 3) uint8 each."""
    palette = np.frombuffer(base64.b64decode(panel["palette"]), np.uint8).reshape(-1, 3)
    data, at, now, frames = base64.b64decode(panel["data"]), 0, None, []
    for full, width, height, x, y, w, h, length in panel["frames"]:
        now = np.zeros((height, width), np.uint8) if full else now.copy()
        assert now.shape == (height, width)
        if length:
            change = np.frombuffer(zlib.decompress(data[at : at + length]), np.uint8)
            now[y : y + h, x : x + w] ^= change.reshape(h, w)
        at += length
        frames.append(palette[now])
    assert at == len(data)
    return frames
