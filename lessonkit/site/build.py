"""Builds the web edition: a folder of pages that any web server can hand out, or none at all."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lessonkit import datasets
from lessonkit.copies import NOTEBOOKS
from lessonkit.live.page_files import HERE as PAGE_FILES
from lessonkit.site.chapter import chapter_page, code_cell, skeleton
from lessonkit.site.files import single_file, write_scripts
from lessonkit.site.lite import build_lite, check_lite
from lessonkit.site.python import files_of_python, python_folder
from lessonkit.site.record import record_chapter

HERE = Path(__file__).parent
MARK = ".lessonkit-site"  # a file by which a folder is known to be one that was built here
SCRIPTS = ("model.js", "controls.js", "film.js", "code.js", "python.js", "explorer.js", "page.js")
MODULES = {  # name of an anywidget → the page's half of it
    "lessonkit.live.page.Page": PAGE_FILES / "page.js",
    "lessonkit.live.pad.DrawingPad": PAGE_FILES / "pad.js",
    "lessonkit.live.ask.Questions": PAGE_FILES / "ask.js",
}
AT_ONCE = 4  # recordings: each needs half a gigabyte of memory
LITE = (
    "<p>To write and keep whole notebooks of your own, in this browser: "
    '<a href="lite/lab/index.html">the notebooks in JupyterLite</a>. They need some 20 seconds to '
    "start, and a web server: not from a file.</p>"
)
EXPORT = re.compile(r"^export (?=(?:async )?function (\w+))", re.MULTILINE)
STYLES = [path.with_suffix(".css") for path in MODULES.values()] + [HERE / "page" / "page.css"]


def build(
    folder: Path,
    notebooks: Path,
    pyodide: Path,
    katex: Path,
    say: Callable[[str], None] = lambda words: None,
    single_files: bool = False,
    lite: bool = False,
) -> None:
    """Build the pages of all notebooks into `folder`.

    folder: new, empty, or built before; then it is replaced, all at once and only when all went
        well. pyodide: Pyodide's folder. katex: that of the npm package. say: is told what is done.
    single_files: write each page once more, NAME.single.html, with all inside that it needs.
    lite: also build JupyterLite, with the notebooks in it.

    Raises FileExistsError for a folder with anything else in it, FileNotFoundError and ValueError
    for what is missing or damaged, NodeError for what fails under Node, LiteError if JupyterLite
    is missing or fails; then nothing is changed.
    """
    folder = Path(folder).absolute()
    check_folder(folder)
    paths = sorted(Path(notebooks).glob("*.ipynb"))
    if not paths:
        raise FileNotFoundError(f"no notebooks in {notebooks}")
    if lite:
        check_lite(Path(pyodide))  # now, as the pages take minutes
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as scratch:
        made = Path(scratch) / "site"
        make_site(made, paths, Path(pyodide), Path(katex), say, lite)
        for path in paths if single_files else ():
            say(f"{path.stem} as one file")
            (made / f"{path.stem}.single.html").write_text(single_file(made, path.stem), "utf-8")
        (made / MARK).write_text(digest(), "utf-8")
        if folder.exists():
            folder.rename(Path(scratch) / "old")
        made.rename(folder)


def digest() -> str:
    """Return what tells whether pages are those of the lessons as they are now."""
    sources = [HERE.parent, NOTEBOOKS, datasets.DATA]
    files = {path for folder in sources for path in folder.rglob("*") if path.is_file()}
    found = hashlib.sha256()
    for path in sorted(path for path in files if "__pycache__" not in path.parts):
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def is_built_from(folder: Path, digest: str) -> bool:
    """Tell whether a folder holds the pages of the lessons with this digest."""
    mark = folder / MARK
    return mark.is_file() and mark.read_text("utf-8") == digest


def check_folder(folder: Path) -> None:
    """Raise FileExistsError if something would be lost by building into a folder."""
    if folder.is_file():
        raise FileExistsError(f"{folder} is a file: name a folder for the pages")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise FileExistsError(
            f"{folder} holds other files, which would be lost: name a new or empty folder"
        )


def make_site(
    site: Path, paths: list[Path], pyodide: Path, katex: Path, say: Callable, lite: bool = False
) -> None:
    """Make all files of the site, in a new folder."""
    say("Python for the browser")
    python_folder(pyodide, site / "python")
    if lite:
        say("JupyterLite")
        build_lite(site, paths[0].parent, pyodide)
    make_assets(site / "assets", katex, files_of_python(site / "python"))
    write_scripts(site)
    record_all(paths, site, say)
    for path in paths:
        html = chapter_page(path, site / path.stem, katex, navigation(paths, path.stem))
        (site / f"{path.stem}.html").write_text(html, "utf-8")
    (site / "index.html").write_text(index(site, paths), "utf-8")


def record_all(paths: list[Path], site: Path, say: Callable) -> None:
    """Record all chapters, as many at a time as there are processors: each takes a Node."""

    def record(path):
        say(path.stem)
        record_chapter(path, site / "python", site / path.stem)

    with ThreadPoolExecutor(min(os.cpu_count() or 1, AT_ONCE)) as pool:
        for _ in pool.map(record, paths):  # and raise what one has raised
            pass


def make_assets(assets: Path, katex: Path, python: tuple[str, ...]) -> None:
    """Write the scripts and styles that all pages share; `python` names the files of its folder."""
    (assets / "fonts").mkdir(parents=True)
    (assets / "page.js").write_text(script(python), "utf-8")
    css = "\n".join(path.read_text("utf-8") for path in STYLES)
    (assets / "page.css").write_text(css, "utf-8")
    shutil.copyfile(HERE / "worker.js", assets / "worker.js")
    if not (katex / "dist" / "katex.min.css").is_file():
        raise FileNotFoundError(f"{katex} must be the folder of KaTeX: npm install katex")
    shutil.copyfile(katex / "dist" / "katex.min.css", assets / "katex.min.css")
    for font in (katex / "dist" / "fonts").glob("*.woff2"):
        shutil.copyfile(font, assets / "fonts" / font.name)


def script(python: tuple[str, ...]) -> str:
    """Return the pages' script: classic, as a page from a file can load no modules.

    The widgets' own modules are as in a notebook; each is wrapped, so that its names are its own.
    """
    wrapped = [f"modules[{json.dumps(name)}] = {_wrapped(path)};" for name, path in MODULES.items()]
    parts = [(HERE / "page" / name).read_text("utf-8") for name in SCRIPTS]
    names = f"const PYTHON_FILES = {json.dumps(python)};"
    return "\n".join(
        ['(() => {\n"use strict";\nconst modules = {};', names, *wrapped, *parts, "})();"]
    )


def _wrapped(module):
    """Return a module as an expression: what it exports, by name; its default is `widget`."""
    text = module.read_text("utf-8").replace("export default", "const widget =")
    text, names = EXPORT.sub("", text), EXPORT.findall(text)
    return f"(() => {{\n{text}\nreturn {{ {', '.join(['widget', *names])} }};\n}})()"


def navigation(paths: list[Path], present: str) -> str:
    """Return the links to all pages, the present one marked."""
    links = [("index", "lessonkit"), *((path.stem, title_of(path)) for path in paths)]
    here = {present: ' aria-current="page"'}
    return " ".join(
        f'<a href="{name}.html"{here.get(name, "")}>{title}</a>' for name, title in links
    )


def title_of(path: Path) -> str:
    """Return a notebook's title, the first line of its first cell."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "".join(cells[0]["source"]).partition("\n")[0].lstrip("# ")


def index(site: Path, paths: list[Path]) -> str:
    """Return the first page: what the lessons are, a picture that moves, and where to begin."""
    chapter = site / "01_nonlinearity"
    cells = json.loads((chapter / "cells.json").read_text("utf-8"))
    shown = {cell["id"]: cell for cell in cells if cell["id"] in ("imports", "smile-explorer")}
    items = "".join(f'<li><a href="{path.stem}.html">{title_of(path)}</a></li>' for path in paths)
    body = (
        Path(HERE / "page" / "index.html")
        .read_text("utf-8")
        .format(
            picture="".join(code_cell(cell, chapter) for cell in shown.values()),
            chapters=items,
            lite=LITE if (site / "lite").is_dir() else "",
        )
    )
    nav = navigation(paths, "index")
    return skeleton(
        "lessonkit", body, nav, chapter.name, list(shown.values()), ' data-play="units"'
    )
