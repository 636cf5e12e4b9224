"""The lessons are the same wherever they run: text encoding, locale, folder, old and new Python."""

import ast
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "lessonkit").rglob("*.py"))
WORKFLOW = (ROOT / ".github/workflows/tests.yml").read_text("utf-8")
# What reads and writes text, draws it, and says it: from data/ to the picture of an explorer.
LESSON = """
import warnings
warnings.filterwarnings("error", category=EncodingWarning, module="lessonkit")
from lessonkit import datasets, explorers, questions, uploads
from lessonkit.refresh import main
from lessonkit.site import build, chapter, command, serve
from lessonkit.trainings import files
assert len(datasets.animals().names) == 16
assert len(datasets.temperatures()) == 365
assert datasets.record("fitting_network")["epochs"]
explorer = explorers.pooling.mosaics()
explorer.set("photograph=camera kernel_size=4")
asked = questions.pooling.mosaics(explorer)
print(ascii(explorer.caption), datasets.digits().test_labels.sum(), len(explorer.png()) > 1000)
"""


def test_locale_encoding_and_folder_do_not_matter(tmp_path):
    """One run for all three: in a plain locale, from a folder that nothing can be written to."""
    package = tmp_path / "Ein Ordner – 课程 'ü'"
    for name in ("lessonkit", "data"):
        shutil.copytree(ROOT / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
    everything = [package, *package.rglob("*")]
    for path in everything:
        path.chmod(0o555 if path.is_dir() else 0o444)
    plain = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "LANG": "C"}
    environment = os.environ | plain | {"PYTHONPATH": str(package), "MPLBACKEND": "agg"}
    strict = ["-B", "-X", "warn_default_encoding"]
    try:
        command = [sys.executable, *strict, "-c", LESSON]
        run = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")
    finally:
        for path in everything:
            path.chmod(0o755 if path.is_dir() else 0o644)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), warnings.catch_warnings():
        exec(LESSON, {})
    assert run.stdout == said.getvalue(), run.stderr[-3000:]
    assert [package, *package.rglob("*")] == everything  # whoever is root could have written


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_text_is_read_and_written_in_an_encoding_that_is_named(path):
    """As `-X warn_default_encoding` says of a line that runs; here of every line."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(call, ast.Call):
            assert not depends_on_the_machine(call), f"line {call.lineno}: {ast.unparse(call)}"


def depends_on_the_machine(call):
    """Tell whether a call reads or writes text and leaves it to the machine in which encoding."""
    function = ast.unparse(call.func)
    keywords = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    if "encoding" in keywords:
        return False
    if function.endswith((".read_text", ".write_text")):
        return len(call.args) < (1 if function.endswith("read_text") else 2)
    if function == "open" or function.endswith("path.open"):
        return not any(isinstance(a, ast.Constant) and "b" in str(a.value) for a in call.args)
    return keywords.get("text") == "True" or "universal_newlines" in keywords


# -- deprecated, old and new -----------------------------------------------------------------------


def test_what_our_own_code_calls_is_not_deprecated(tmp_path):
    """A planted call of each kind fails a test, and one of another's code does not."""
    calls = {"ours": "lessonkit.planted", "theirs": "other.planted"}
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for name, module in calls.items():
        for kind in ("DeprecationWarning", "PendingDeprecationWarning", "FutureWarning"):
            test = f"import warnings\ndef test_{kind}():\n    warnings.warn_explicit("
            test += f'"old", {kind}, "f.py", 1, module="{module}")\n'
            (tmp_path / f"test_{name}_{kind}.py").write_text(test, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", "."]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    failed = set(re.findall(r"^FAILED test_(\w+?)_", run.stdout, re.MULTILINE))
    assert failed == {"ours"}, run.stdout
    assert "3 failed, 3 passed" in run.stdout


def test_the_oldest_releases_are_those_that_are_promised():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    constraints = (ROOT / "tests/oldest.txt").read_text("utf-8")
    oldest = re.findall(r"^(\w+)==([\d.]+)$", constraints, re.MULTILINE)
    promised = dict(re.findall(r"(\w+)>=([\d.]+)", " ".join(project["dependencies"])))
    pinned = {name: version.split(".") for name, version in oldest}
    for name, version in promised.items():
        parts = version.split(".")
        assert pinned[name][: len(parts)] == parts
        assert not "".join(pinned[name][len(parts) :]).strip("0")


def test_the_workflow_runs_every_python_from_the_oldest_to_the_newest_and_both_ends():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    first = project["requires-python"]
    (listed,) = re.findall(r"python: \[(.*)\]", WORKFLOW)
    minors = [int(minor) for minor in re.findall(r"3\.(\d+)", listed)]
    assert minors == list(range(int(first.removeprefix(">=3.")), max(minors) + 1))
    assert max(minors) >= sys.version_info.minor
    assert re.findall(r"bash \.ci/run *(\w*)", WORKFLOW) == ["newest", "oldest"]
