"""What npm is asked for, and its refusals in words; npm itself is not run."""

import os

import pytest

from lessonkit.site import npm
from lessonkit.site.node import NodeError


@pytest.fixture
def fake_npm(monkeypatch, tmp_path):
    """Return a function that puts a script in npm's place; the script's arguments are kept."""

    def fake(script):
        path = tmp_path / "bin" / "npm"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n{script}\n')
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("LESSONKIT_CACHE", str(tmp_path / "cache"))
        return tmp_path / "asked"

    return fake


def test_the_newest_pyodide_is_asked_for_by_its_version(fake_npm, monkeypatch):
    asked = fake_npm('[ "$1" = view ] && echo 400.1.2; exit 0')
    fetched = []
    monkeypatch.setattr(npm, "run_node", lambda *words: fetched.append(words))
    folder = npm.online_pyodide("newest", ["ipython"])
    assert "pyodide-400.1.2" in str(folder), "another version gets another folder"
    first, second = asked.read_text().splitlines()
    assert first == "view pyodide version"
    assert second.startswith("install pyodide@400.1.2 ")
    assert fetched == [("fetch.mjs", folder, *npm.WHEELS, "ipython")]


def test_a_refusal_is_told_in_npms_own_words(fake_npm):
    fake_npm(
        "echo 'npm error code ETARGET\nnpm error notarget No such version\nnpm error A log' >&2; "
        "exit 1"
    )
    with pytest.raises(NodeError, match=r"could not install katex@0: npm error notarget No such v"):
        npm.package("katex", "0")


def test_a_missing_npm_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NodeError, match="npm must be installed to fetch pyodide"):
        npm.newest("pyodide")
