"""The command: a learner's notebooks survive it, and what goes wrong is said in words."""

import errno
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import urllib.request
import venv
from pathlib import Path

import nbformat
import pytest

from lessonkit import command, copies
from lessonkit.copies import NOTEBOOKS, copy_notebooks, same_source

ROOT = Path(__file__).parent.parent
OURS = {path.name: path.read_bytes() for path in NOTEBOOKS.glob("*.ipynb")}
NAME = "04_pooling.ipynb"
WINDOWS = os.name == "nt"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with the copies that the command makes at first."""
    monkeypatch.chdir(tmp_path)
    command.main(["mine", "--copy-only"])
    return tmp_path / "mine"


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def change(path, edit):
    """Read a notebook, let `edit` change it, and write it as JupyterLab would."""
    notebook = nbformat.read(path, as_version=4)
    edit(notebook)
    nbformat.write(notebook, path)
    return path.read_bytes()


def add_a_thought(notebook):
    notebook.cells[1].source += "\nMy own thought."


def run_it(notebook):
    """Leave the traces of a run, and of Shift and Enter in the last cell."""
    for cell in notebook.cells:
        cell.metadata["trusted"] = True
        if cell.cell_type == "code":
            cell.execution_count = 99
            cell.outputs = [nbformat.v4.new_output("stream", text="other")]
    notebook.metadata["language_info"] = {"name": "python", "version": "3.99"}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {}}}
    notebook.cells.append(nbformat.v4.new_code_cell(""))


def test_without_a_folder_the_copies_go_to_one_of_a_telling_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command.main(["--no-open"])
    folder = tmp_path / "lessonkit-notebooks"
    assert files(folder) == OURS
    assert capsys.readouterr().out == f"Copied {len(OURS)} notebooks to {folder}\n"


def test_a_folder_may_lie_deep(tmp_path):
    command.main([str(tmp_path / "my course" / "week 1"), "--copy-only"])
    assert files(tmp_path / "my course" / "week 1") == OURS


def test_a_second_run_is_quiet_and_changes_nothing(folder, capsys):
    capsys.readouterr()
    command.main(["mine", "--copy-only"])
    assert files(folder) == OURS
    assert capsys.readouterr().out == ""


def test_what_was_deleted_comes_back(folder, capsys):
    (folder / NAME).unlink()
    capsys.readouterr()
    command.main(["mine", "--copy-only"])
    assert files(folder) == OURS
    assert capsys.readouterr().out == f"Copied 1 notebook to {folder}\n"


def test_a_notebook_that_was_only_run_stays_without_a_word(folder, capsys):
    after = change(folder / NAME, run_it)
    capsys.readouterr()
    command.main(["mine", "--copy-only"])
    assert files(folder) == OURS | {NAME: after}
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "edit",
    [
        add_a_thought,
        lambda notebook: notebook.cells.pop(),
        lambda notebook: notebook.cells.reverse(),
        lambda notebook: notebook.cells.insert(0, nbformat.v4.new_code_cell("1 + 1")),
        lambda notebook: notebook.cells[0].update(attachments={"my.png": {"image/png": "AAAA"}}),
        lambda notebook: notebook.cells[0].update(cell_type="raw"),
    ],
    ids=["text", "cell gone", "other order", "new cell", "picture pasted", "other kind"],
)
def test_a_changed_notebook_keeps_its_name_and_ours_comes_beside(folder, capsys, edit):
    after = change(folder / NAME, edit)
    capsys.readouterr()
    command.main(["mine", "--copy-only"])
    both = OURS | {NAME: after, "04_pooling.new.ipynb": OURS[NAME]}
    assert files(folder) == both
    said = f"{NAME} differs from ours. It stays as it is; ours is beside it, as 04_pooling.new"
    assert capsys.readouterr().out == f"{said}.ipynb\n"
    command.main(["mine", "--copy-only"])
    assert files(folder) == both, "a second run makes no third copy"
    assert capsys.readouterr().out == ""


def test_ours_beside_it_may_be_run_and_is_not_copied_again(folder, capsys):
    change(folder / NAME, add_a_thought)
    command.main(["mine", "--copy-only"])
    change(folder / "04_pooling.new.ipynb", run_it)
    before = files(folder)
    capsys.readouterr()
    command.main(["mine", "--copy-only"])
    assert files(folder) == before
    assert capsys.readouterr().out == ""


def test_ours_beside_it_may_be_changed_too(folder):
    change(folder / NAME, add_a_thought)
    command.main(["mine", "--copy-only"])
    change(folder / "04_pooling.new.ipynb", add_a_thought)
    before = files(folder)
    command.main(["mine", "--copy-only"])
    assert files(folder) == before | {"04_pooling.new2.ipynb": OURS[NAME]}
    command.main(["mine", "--copy-only"])
    assert files(folder) == before | {"04_pooling.new2.ipynb": OURS[NAME]}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"cells": 3}', b'{"cells": [{"cell_type": "code"}]}', b"\xff\xfe"],
    ids=repr,
)
def test_what_is_no_notebook_is_kept_as_well(folder, content):
    (folder / NAME).write_bytes(content)
    command.main(["mine", "--copy-only"])
    assert files(folder) == OURS | {NAME: content, "04_pooling.new.ipynb": OURS[NAME]}


def test_a_folder_with_a_notebooks_name_is_kept(folder):
    (folder / NAME).unlink()
    (folder / NAME).mkdir()
    command.main(["mine", "--copy-only"])
    assert (folder / NAME).is_dir()
    assert (folder / "04_pooling.new.ipynb").read_bytes() == OURS[NAME]


@pytest.mark.skipif(WINDOWS, reason="links need a privilege on Windows")
def test_nothing_is_written_through_a_link(folder):
    (folder / NAME).unlink()
    (folder / NAME).symlink_to(folder / "elsewhere")
    command.main(["mine", "--copy-only"])
    assert not (folder / "elsewhere").exists()
    assert (folder / "04_pooling.new.ipynb").read_bytes() == OURS[NAME]


def test_other_files_of_the_learner_stay(folder):
    (folder / "notes.txt").write_text("mine")
    command.main(["mine", "--copy-only"])
    assert files(folder) == OURS | {"notes.txt": b"mine"}


def test_the_source_may_be_a_string_or_a_list_of_lines(tmp_path):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    for name, source in [("one", "a\nb"), ("other", ["a\n", "b"])]:
        (tmp_path / name).write_text(json.dumps({"cells": [{**cell, "source": source}]}))
    assert same_source(tmp_path / "one", tmp_path / "other")


def test_in_a_checkout_the_originals_may_be_opened_where_they_are(capsys):
    before = files(NOTEBOOKS)
    command.main([str(NOTEBOOKS), "--copy-only"])
    assert files(NOTEBOOKS) == before
    assert capsys.readouterr().out == ""


# What goes wrong


@pytest.mark.parametrize("name", ["file", "file/deeper/still"])
def test_a_file_is_no_folder(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine")
    with pytest.raises(SystemExit, match=r"^file is a file, not a folder\. Give another: "):
        command.main([name, "--copy-only"])
    assert Path("file").read_text() == "mine"


REFUSALS = [
    (errno.EACCES, r"^You may not write to .*mine.*\. Give a folder of your own: "),
    (errno.EROFS, r"^You may not write to .*mine.*\. Give a folder of your own: "),
    (errno.ENOSPC, r"^The disk is full: .*mine.* cannot be written\. Make room, then run "),
    (errno.EIO, r"^.*mine.* cannot be written \(.+\)\. Give another folder: "),
]


@pytest.mark.parametrize(("number", "said"), REFUSALS)
def test_a_folder_that_cannot_be_made(tmp_path, monkeypatch, number, said):
    def refuse(path, *_, **__):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(SystemExit, match=said):
        command.main([str(tmp_path / "mine"), "--copy-only"])


@pytest.mark.parametrize(("number", "said"), REFUSALS)
def test_half_a_notebook_does_not_stay(tmp_path, monkeypatch, number, said):
    really_open = Path.open

    class Full:
        """A file that takes half of what is written to it."""

        def __init__(self, file):
            self.file = file

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.file.close()

        def write(self, content):
            self.file.write(content[: len(content) // 2])
            raise OSError(number, os.strerror(number))  # as a real one: with no file's name

    def nearly_full(path, mode="r", *others, **named):
        file = really_open(path, mode, *others, **named)
        return Full(file) if mode == "xb" and path.name == NAME else file

    monkeypatch.setattr(Path, "open", nearly_full)
    with pytest.raises(SystemExit, match=said):
        command.main([str(tmp_path / "mine"), "--copy-only"])
    there = files(tmp_path / "mine")
    assert there == {name: OURS[name] for name in sorted(OURS) if name < NAME}
    monkeypatch.setattr(Path, "open", really_open)
    command.main([str(tmp_path / "mine"), "--copy-only"])
    assert files(tmp_path / "mine") == OURS, "once there is room the rest comes"


@pytest.mark.skipif(WINDOWS or not os.geteuid(), reason="may write anywhere")
def test_a_folder_that_is_write_protected(tmp_path):
    (tmp_path / "theirs").mkdir(mode=0o500)
    with pytest.raises(SystemExit, match=r"^You may not write to .*theirs"):
        command.main([str(tmp_path / "theirs"), "--copy-only"])


def test_a_package_without_its_notebooks(tmp_path, monkeypatch):
    monkeypatch.setattr(copies, "NOTEBOOKS", tmp_path)
    with pytest.raises(SystemExit, match=r"not complete: no notebooks in .*\. Install it again"):
        command.main([str(tmp_path / "mine"), "--copy-only"])
    assert not (tmp_path / "mine").exists()


def test_without_jupyterlab_the_copies_are_there_and_the_cure_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", None)
    with pytest.raises(SystemExit, match=r"pip install jupyterlab\n.* are in .*mine"):
        command.main([str(tmp_path / "mine")])
    assert files(tmp_path / "mine") == OURS


def test_no_module_needs_jupyterlab():
    code = (
        "import importlib, pkgutil, sys\n"
        "sys.modules['jupyterlab'] = None\n"
        "import lessonkit\n"
        "for module in pkgutil.walk_packages(lessonkit.__path__, 'lessonkit.'):\n"
        "    importlib.import_module(module.name)\n"
        "    print(module.name)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert {"lessonkit.command", "lessonkit.explorers.pooling"} <= set(run.stdout.split())


# What is opened


@pytest.fixture
def opened(monkeypatch):
    """Return the lists of words that JupyterLab is started with; it does not start."""
    from jupyterlab.labapp import LabApp

    started = []
    monkeypatch.setattr(LabApp, "launch_instance", started.append)
    return started


def test_jupyterlab_opens_in_the_folder(tmp_path, monkeypatch, opened):
    monkeypatch.chdir(tmp_path)
    command.main(["mine"])
    command.main(["mine", "--", "--port=9999", "--no-browser"])
    root = f"--ServerApp.root_dir={tmp_path / 'mine'}"
    assert opened == [[root], [root, "--port=9999", "--no-browser"]]


def test_its_name_may_be_given_too(tmp_path, opened):
    command.main(["open", str(tmp_path / "mine"), "--no-open"])
    assert opened == []
    assert files(tmp_path / "mine") == OURS


@pytest.mark.parametrize(
    ("words", "wrong"), [(["--port=9999"], "--port=9999"), (["a", "b"], "b")], ids=str
)
def test_what_it_does_not_know_it_refuses_and_says_where_it_goes(
    tmp_path, monkeypatch, capsys, words, wrong
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="2"):
        command.main(words)
    said = capsys.readouterr().err
    assert f"unrecognized arguments: {wrong}" in said
    assert "[-- OPTIONS OF JUPYTERLAB]" in said
    assert list(tmp_path.iterdir()) == []


def test_a_further_command_has_arguments_of_its_own_and_a_line_in_the_help(monkeypatch, capsys):
    done = []
    count = command.Command(
        "Count.", lambda parser: parser.add_argument("--by", type=int), done.append
    )
    monkeypatch.setitem(command.COMMANDS, "count", count)
    command.main(["count", "--by=2"])
    assert done[0].by == 2
    with pytest.raises(SystemExit):
        command.main(["--help"])
    said = capsys.readouterr().out
    assert re.search(r"^  lessonkit count +Count\.$", said, re.MULTILINE)
    assert "FOLDER" in said


# The wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return the folder of the programs of an environment in which the wheel is installed."""
    place = tmp_path_factory.mktemp("wheel")
    # CI has the network, so there it must not fail; elsewhere one try is enough.
    environment = os.environ | {"PIP_RETRIES": "1"}
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = subprocess.run(
        [*pip, "wheel", "--no-deps", "--wheel-dir", place, ROOT],
        env=environment,
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )
    if re.search(r"No matching distribution found for hatchling", build.stderr):
        reason = "hatchling, which builds the wheel, cannot be had without a network"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    assert build.returncode == 0, build.stderr
    (wheel,) = place.glob("lessonkit-*.whl")
    venv.create(place / "env", symlinks=not WINDOWS)
    programs = place / "env" / ("Scripts" if WINDOWS else "bin")
    subprocess.run(
        [*pip, "--python", programs / "python", "install", "--no-deps", "--no-index", wheel],
        cwd=place,
        check=True,
        capture_output=True,
    )
    # What lessonkit depends on is that of these tests: installing it again would take a minute.
    # A plain path leaves out the .pth files there, among them that of an editable lessonkit.
    (library,) = (place / "env").rglob("site-packages")
    (library / "these_tests.pth").write_text(sysconfig.get_path("purelib"))
    return programs


def outside(place):
    """Return an environment in which only what is installed can be found."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "JUPYTER"))}
    folders = {"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"}
    env |= {name: str(place / name.lower()) for name in folders}
    # JupyterLab looks for its pages beside the interpreter, and these are those of the tests.
    return env | {"JUPYTERLAB_DIR": str(Path(sys.prefix) / "share" / "jupyter" / "lab")}


def tree(folder):
    """Return relative path → bytes of what is in a folder; hidden folders and caches left out."""
    inside = {path.relative_to(folder): path for path in Path(folder).rglob("*") if path.is_file()}
    return {
        name: path.read_bytes()
        for name, path in inside.items()
        if not any(part.startswith((".", "__pycache__")) for part in name.parts)
    }


def test_the_wheel_carries_notebooks_and_data(installed, tmp_path):
    run = [installed / "lessonkit", "--copy-only"]
    subprocess.run(run, cwd=tmp_path, env=outside(tmp_path), check=True)
    assert files(tmp_path / "lessonkit-notebooks") == OURS
    code = "from lessonkit import copies, datasets; datasets.digits()\n"
    code += "print(copies.NOTEBOOKS, datasets.DATA, sep='\\n')"
    run = [installed / "python", "-c", code]
    paths = subprocess.run(
        run, cwd=tmp_path, env=outside(tmp_path), check=True, capture_output=True, text=True
    ).stdout.splitlines()
    for path, original in zip(paths, [NOTEBOOKS, ROOT / "data"], strict=True):
        assert Path(path).is_relative_to(installed.parent.resolve())
        assert tree(path) == tree(original)


def test_the_wheel_opens_jupyterlab_with_the_notebooks(installed, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    options = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--port={port}"]
    run = [installed / "lessonkit", "my copies", "--", *options]
    run += ["--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(run, cwd=tmp_path, env=outside(tmp_path), stdout=log, stderr=log) as lab,
    ):
        try:
            contents = asked(f"http://127.0.0.1:{port}/api/contents", token, lab)
        finally:
            lab.terminate()
            print((tmp_path / "log").read_text())  # pytest shows it if the test fails
    assert {entry["name"] for entry in contents["content"]} == set(OURS)


def asked(url, token, process, seconds=40):
    """Return what a server answers, once it does."""
    request = urllib.request.Request(url, headers={"Authorization": f"token {token}"})
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return json.load(answer)
        except OSError:
            assert process.poll() is None, "JupyterLab ended"
            assert time.monotonic() < deadline, "JupyterLab does not answer"
            time.sleep(0.1)


def test_uvx_builds_again_when_what_the_wheel_carries_has_changed():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    wheel = tool["hatch"]["build"]["targets"]["wheel"]
    carried = {f"{folder}/**" for folder in [*wheel["packages"], *wheel["force-include"]]}
    assert {key["file"] for key in tool["uv"]["cache-keys"]} == carried | {"pyproject.toml"}


def test_copying_says_what_it_did(tmp_path):
    assert copy_notebooks(tmp_path) == (sorted(OURS), {})
    change(tmp_path / NAME, add_a_thought)
    assert copy_notebooks(tmp_path) == ([], {NAME: "04_pooling.new.ipynb"})
    assert copy_notebooks(tmp_path) == ([], {})


def test_words_for_jupyterlab_are_not_lost_where_it_is_not_opened(capsys):
    with pytest.raises(SystemExit):
        command.main(["pages", "--", "--port=9"])
    assert "words after -- are for JupyterLab" in capsys.readouterr().err
