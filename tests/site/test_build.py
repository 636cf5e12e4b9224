"""Building pages: nothing that was there is lost, whatever goes wrong."""

import shutil

import pytest
from sites import NOTEBOOKS

from lessonkit.site import build, command, files
from lessonkit.site.build import MARK
from lessonkit.site.python import files_of_python


@pytest.fixture
def one_notebook(tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    shutil.copy(NOTEBOOKS / "glossary.ipynb", folder)
    return folder


@pytest.mark.parametrize("name", ["letter.txt", ".hidden"])
def test_a_folder_with_other_files_is_refused(tmp_path, one_notebook, name):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / name).write_text("mine")
    with pytest.raises(FileExistsError, match=r"mine holds other files, which would be lost"):
        build.build(folder, one_notebook, tmp_path, tmp_path)
    assert (folder / name).read_text() == "mine"


def test_a_file_is_no_folder(tmp_path, one_notebook):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(FileExistsError, match="mine is a file: name a folder"):
        build.build(tmp_path / "mine", one_notebook, tmp_path, tmp_path)
    assert (tmp_path / "mine").read_text() == "mine"


def test_without_notebooks_there_are_no_pages(tmp_path):
    with pytest.raises(FileNotFoundError, match="no notebooks in"):
        build.build(tmp_path / "site", tmp_path, tmp_path, tmp_path)
    assert not (tmp_path / "site").exists()


def test_a_build_that_fails_leaves_the_old_pages(tmp_path, one_notebook, monkeypatch):
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / MARK).touch()
    (folder / "index.html").write_text("old")

    def fail(site, *others):
        (site / "half").mkdir(parents=True)
        raise ValueError("the disk is full")

    monkeypatch.setattr(build, "make_site", fail)
    with pytest.raises(ValueError, match="the disk is full"):
        build.build(folder, one_notebook, tmp_path, tmp_path)
    assert (folder / "index.html").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notebooks", "site"]


def test_pages_built_before_are_replaced_as_a_whole(tmp_path, one_notebook, monkeypatch):
    folder = tmp_path / "site"

    def make(text):
        def make_site(site, *others):
            site.mkdir()
            (site / f"{text}.html").write_text(text)

        monkeypatch.setattr(build, "make_site", make_site)
        build.build(folder, one_notebook, tmp_path, tmp_path)

    make("old")
    make("new")
    assert sorted(path.name for path in folder.iterdir()) == [MARK, "new.html"]
    assert build.is_built_from(folder, build.digest())
    assert not build.is_built_from(folder, "another")


def test_what_is_missing_ends_the_command_in_words(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("LESSONKIT_PYODIDE", raising=False)
    with pytest.raises(SystemExit, match="Name Pyodide's folder"):
        command.main(["build", str(tmp_path / "site")])
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(
        SystemExit, match=r"pyodide-lock.json is missing.*\nNo page has been changed"
    ):
        command.main(
            ["build", str(tmp_path / "site"), "--pyodide", str(empty), "--katex", str(empty)]
        )
    assert not (tmp_path / "site").exists()


def test_the_pages_script_is_one_that_a_file_can_load():
    script = build.script(("pyodide.mjs", "python.zip"))
    assert "export default" not in script
    assert "import " not in "\n".join(
        line for line in script.splitlines() if line.startswith("import")
    )
    for name in build.MODULES:
        assert f'modules["{name}"]' in script


def test_a_script_may_stand_inside_a_page():
    assert "</script" not in files._for_html('text = "</script>"; // <!-- no comment')
    assert "<!--" not in files._for_html('text = "</script>"; // <!-- no comment')


def test_one_file_holds_all_that_a_page_loads(site):
    page = (site / "01_nonlinearity.single.html").read_text("utf-8")
    for name in files_of_python(site / "python"):
        assert f'["{name}"] = [' in page
    assert 'src="' not in page.replace('src="data:', "")
    assert "<link" not in page.replace('<link rel="icon" href="data:,">', "")
    assert page.count("lessonkit.recorded(") == 3
    assert len(page) < 45e6


def test_all_fonts_of_formulas_are_there(site):
    css = (site / "assets/katex.min.css").read_text("utf-8")
    assert all((site / "assets" / name).is_file() for name in set(_urls(css)))


def _urls(css):
    return [
        part.partition(")")[0]
        for part in css.split("url(")[1:]
        if part.split(")")[0].endswith("woff2")
    ]
