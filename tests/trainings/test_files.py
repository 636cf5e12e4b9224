"""trainings.files: results are written as the records are laid out, and their checksums noted."""

import hashlib
import json

import numpy as np
import pytest

from lessonkit.trainings import files
from lessonkit.trainings.files import line_per_key, line_per_part, record_file, rounded, write


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty data/ with a list of checksums of other files."""
    (tmp_path / "SHA256SUMS").write_text("aa  animals.csv\nbb  records/one.json\ncc  x.npz\n")
    monkeypatch.setattr(files, "DATA", tmp_path)
    return tmp_path


def test_a_file_is_written_and_its_checksum_noted(folder, capsys):
    new = {"weights.npz": b"weights", "records/one.json": b"one"}
    write(new)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in new.items()}
    for name, content in new.items():
        assert (folder / name).read_bytes() == content
    assert (folder / "SHA256SUMS").read_bytes().decode() == (
        f"aa  animals.csv\n{digests['records/one.json']}  records/one.json\n"
        f"{digests['weights.npz']}  weights.npz\ncc  x.npz\n"
    )
    assert capsys.readouterr().out.count("changed") == 2
    write(new)
    assert capsys.readouterr().out.count("as before") == 2


def test_a_result_is_kept_even_if_its_checksum_cannot_be_noted(folder):
    (folder / "SHA256SUMS").unlink()
    with pytest.raises(FileNotFoundError):
        write({"records/one.json": b"one"})
    assert (folder / "records/one.json").read_bytes() == b"one"


def test_a_line_for_each_part_that_is_long():
    rows = [{"number": n, "values": list(range(40))} for n in range(3)]
    made = {"text": "64 → 10", "rates": {0.1: 0.5}, "runs": rows, "long": list(range(200))}
    ((name, content),) = record_file("one", made, line_per_part).items()
    text = content.decode()
    assert name == "records/one.json"
    wanted = {"made by": "python -m lessonkit.trainings one"} | made | {"rates": {"0.1": 0.5}}
    assert json.loads(text) == wanted
    assert "→" in text
    assert 8 <= len(text.splitlines()) <= 20, "a line for each run and each long list"


def test_a_line_for_each_key():
    made = {"layers": ((1, 0),), "network": "64 → 10", "runs": rounded([[1 / 3, np.nan, 2]])}
    (content,) = record_file("one", made, line_per_key).values()
    assert content.decode() == (
        '{"made by":"python -m lessonkit.trainings one",\n'
        '"layers":[[1,0]],\n"network":"64 → 10",\n"runs":[[0.333,null,2]]}\n'
    )
