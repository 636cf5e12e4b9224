"""python -m lessonkit.trainings: it makes what is named and refuses by name what does not exist."""

import subprocess
import sys

import pytest

from lessonkit import trainings
from lessonkit.datasets import DATA, RECORDS, record
from lessonkit.trainings import __main__ as program


def test_every_record_has_its_training():
    assert sorted(RECORDS) == trainings.__all__
    assert all(callable(getattr(trainings, name).make) for name in RECORDS)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_small_and_says_how_it_was_made(name):
    limit = 60_000 if name in ("pooled_digits", "dropout") else 80_000
    assert (DATA / "records" / f"{name}.json").stat().st_size < limit
    assert record(name)["made by"] == f"python -m lessonkit.trainings {name}"


@pytest.fixture
def made(monkeypatch):
    """What is trained and then written, in this order; each training only notes its name."""
    notes = []
    for name in RECORDS:
        monkeypatch.setattr(getattr(trainings, name), "make", lambda name=name: {name: b""})
    monkeypatch.setattr(program, "write", notes.append)
    return notes


def test_only_what_is_named_is_made_and_in_this_order(made):
    program.main(["whole_network"])
    assert made == [{"whole_network": b""}]
    program.main(["dropout", "dead_units"])
    assert made[1:] == [{"dropout": b""}, {"dead_units": b""}]


def test_without_a_name_those_that_exist_are_listed_and_nothing_is_made(made, capsys):
    program.main([])
    assert made == []
    told = capsys.readouterr().out
    assert told.startswith("Usage: python -m lessonkit.trainings NAME")
    assert all(name in told for name in RECORDS)


@pytest.mark.parametrize("names", [["droput"], ["dropout", "droput"], ["__all__"], [""], ["files"]])
def test_a_training_that_does_not_exist_is_refused_by_name(made, names):
    with pytest.raises(SystemExit) as error:
        program.main(names)
    assert str(error.value).startswith(f"There is no training called {names[-1]!r}. ")
    assert all(name in str(error.value) for name in RECORDS)
    assert made == [], "not those either that do exist"


def test_the_command_itself():
    command = [sys.executable, "-m", "lessonkit.trainings", "sleep"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("There is no training called 'sleep'. The trainings are ")
