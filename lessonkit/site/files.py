"""Pages that are opened by double click: Python's files as scripts, and a chapter as one file."""

import base64
import gzip
import json
import re
from pathlib import Path

from lessonkit.site.python import files_of_python

ZIPPED = {".js", ".mjs", ".json", ".wasm"}  # the others are archives


def write_scripts(site: Path) -> None:
    """Write each of Python's files as a script, and the worker's text as one.

    A page opened from a file cannot fetch and has no workers from files, but it can load scripts.
    """
    for name in files_of_python(site / "python"):
        (site / "python" / f"{name}.js").write_text(_given(site / "python" / name), "utf-8")
    (site / "assets" / "worker-text.js").write_text(_worker_text(site), "utf-8")


def _given(path):
    """Return a script that hands a file over: [whether it is zipped, base64]."""
    data, zipped = path.read_bytes(), path.suffix in ZIPPED
    packed = base64.b64encode(gzip.compress(data, 9, mtime=0) if zipped else data).decode()
    return f'(self.lessonkitGiven ??= {{}})["{path.name}"] = [{int(zipped)}, "{packed}"];\n'


def _worker_text(site):
    return f"self.lessonkitWorker = {_for_html(json.dumps(_text(site / 'assets/worker.js')))};\n"


def _text(path):
    return path.read_text("utf-8")


def _for_html(script):
    """Return a script as it may stand inside a page."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def single_file(site: Path, name: str) -> str:
    """Return the page `name` of a site with all inside that it loads, Python too (25 MB)."""
    html = _text(site / f"{name}.html")
    html = re.sub(r'<link rel="stylesheet" href="([^"]+)">', lambda m: _style(site / m[1]), html)
    html = re.sub(r'(<img src=)"([^"]+\.png)"', lambda m: f'{m[1]}"{_uri(site / m[2])}"', html)
    folder = re.search(r'data-recordings="([^"]+)"', html)[1]
    films = [_text(path) for path in sorted((site / folder).glob("*.js"))]
    python = site / "python"
    given = [_text(python / f"{file}.js") for file in files_of_python(python)]
    scripts = [_text(site / "assets/page.js"), *films, _worker_text(site), *given]
    inside = "\n".join(f"<script>{_for_html(script)}</script>" for script in scripts)
    html = html.replace('<script src="assets/page.js"></script>', inside)
    return html.replace("<body ", "<body data-inline ", 1)


def _style(path):
    css = re.sub(
        r"url\(([^)]+\.woff2)\)", lambda m: f"url({_uri(path.parent / m[1])})", _text(path)
    )
    return f"<style>{css}</style>"


def _uri(path):
    kind = {".png": "image/png", ".woff2": "font/woff2"}[path.suffix]
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"
