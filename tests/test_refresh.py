"""Refreshing stores what a notebook shows, the same bytes each time, and says what is amiss."""

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from lessonkit.refresh import METADATA, main, refresh


def notebook(path, source):
    """Write a notebook of one cell as JupyterLab saves it: with the machine's Python."""
    cell = nbformat.v4.new_code_cell(source, metadata={"trusted": True})
    metadata = {**METADATA, "language_info": {"name": "python", "version": "3.99"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=metadata), path)
    return path


def test_a_second_run_changes_no_byte(tmp_path, capsys):
    path = notebook(tmp_path / "new.ipynb", "import ipywidgets\nipywidgets.IntSlider(3)")
    main([str(path)])
    first = path.read_bytes()
    main([str(path)])
    assert path.read_bytes() == first
    assert capsys.readouterr().out == f"refreshed {path}\n" * 2
    stored = nbformat.read(path, as_version=4)
    assert stored.metadata == METADATA
    assert stored.cells[0].metadata == {}
    assert set(stored.cells[0].outputs[0].data) == {"text/plain"}


def test_a_cell_that_fails_leaves_the_file_as_it_was(tmp_path):
    path = notebook(tmp_path / "new.ipynb", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        refresh(path)
    assert path.read_bytes() == before


def test_elsewhere_it_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit, match="go to the project's folder"):
        main([])


def test_without_that_notebook_it_says_so_and_runs_none(tmp_path):
    path = notebook(tmp_path / "new.ipynb", "1 + 1")
    before = path.read_bytes()
    with pytest.raises(SystemExit, match=r"no notebook .*old\.ipynb: say where it is"):
        main([path, tmp_path / "old.ipynb"])
    assert path.read_bytes() == before
