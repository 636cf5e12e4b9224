"""Longer work, piece by piece."""

import time
from typing import NamedTuple

import pytest
from pages import Dot, Page, tell

from lessonkit.live import explore
from lessonkit.live import explorer as explorer_module


class Counted(NamedTuple):
    piece: int
    of: int


class Pieces:
    """A draw that works in `n` pieces and remembers what became of it."""

    def __init__(self, bad=None, share=False):
        self.figure, self.bad, self.share = Dot().figure, bad, share
        self.log, self.held = [], []

    def draw(self, n=3):
        self.held.append(self.pieces(n))  # Python itself closes what nobody holds
        return self.held[-1]

    def pieces(self, n):
        try:
            for piece in range(1, n + 1):
                if piece == self.bad:
                    raise RuntimeError("a bad piece")
                self.log.append((n, piece))
                caption = f"Piece {piece} of {n}."
                yield (caption, piece / n) if self.share else caption
        except GeneratorExit:
            self.log.append((n, "dropped"))
            raise

    def explorer(self):
        return explore(self.draw, self.figure, n=(1, 9))


def test_without_a_page_all_pieces_are_drawn():
    pieces = Pieces()
    explorer = pieces.explorer()
    assert explorer.caption == "Piece 3 of 3."
    tell(explorer.controls["n"], 2)
    assert explorer.caption == "Piece 2 of 2."
    explorer.set("n=4")
    assert explorer.caption == "Piece 4 of 4."
    assert len(pieces.log) == 3 + 2 + 4


def test_a_page_paces_the_pieces():
    pieces = Pieces()
    explorer = pieces.explorer()
    page = Page(explorer)
    del pieces.log[:]
    message = page.ask(4)
    assert (message["caption"], message["answer"], message["next"]) == ("Piece 1 of 4.", True, 1)
    page.say(next=1)
    assert page.received[-1]["caption"] == explorer.caption == "Piece 2 of 4."
    assert not page.received[-1]["answer"]  # the question was answered by the first piece
    for _ in range(3):
        page.say(next=1)  # a second page, or a second time
    assert pieces.log == [(4, 1), (4, 2)]
    page.say(next=2)
    page.say(next=3)
    assert page.received[-1]["next"] == 4
    page.say(next=4)
    assert "next" not in page.received[-1]
    page.say(next=5)
    assert pieces.log == [(4, piece) for piece in (1, 2, 3, 4)]
    assert explorer.caption == "Piece 4 of 4."


def test_a_newer_value_drops_the_rest():
    pieces = Pieces()
    explorer = pieces.explorer()
    page = Page(explorer)
    del pieces.log[:]
    page.ask(5)
    page.say(next=1)
    assert page.ask(5) == {"answer": True, "after": page.number}  # the same value drops nothing
    page.ask(2)
    assert pieces.log == [(5, 1), (5, 2), (5, "dropped"), (2, 1)]
    page.say(next=2)  # of the work that was dropped
    assert pieces.log[-1] == (2, 1)
    page.say(next=1)
    assert explorer.caption == "Piece 2 of 2."


def test_python_made_changes_are_paced_and_a_page_that_opens_goes_on():
    pieces = Pieces()
    explorer = pieces.explorer()
    Page(explorer)
    explorer.controls["n"].value = 4
    assert explorer.caption == "Piece 1 of 4."
    late = Page(explorer, paces=True)  # the first has gone
    assert explorer.caption == late.received[-1]["caption"] == "Piece 4 of 4."


def test_work_is_done_at_once_when_no_page_has_asked_for_long(monkeypatch):
    explorer = Pieces().explorer()
    Page(explorer)
    monkeypatch.setattr(explorer_module, "SILENCE", 0)
    explorer.set("n=5")
    assert explorer.caption == "Piece 5 of 5."


@pytest.mark.parametrize("share", [True, False])
def test_progress_is_told_after_a_while(monkeypatch, share):
    page = Page(Pieces(share=share).explorer())
    assert "progress" not in page.ask(4)
    monkeypatch.setattr(explorer_module, "PATIENCE", -1)
    page.say(next=1)
    assert page.received[-1]["progress"] == (0.5 if share else None)
    page.say(next=2)
    assert page.received[-1]["progress"] == (0.75 if share else None)
    page.say(next=3)
    page.say(next=4)
    assert "progress" not in page.received[-1]


@pytest.mark.parametrize("share", [True, False])
def test_the_facts_of_another_state_are_those_that_all_pieces_end_in(share):
    def measure(n=3):
        for piece in range(1, n + 1):
            facts = Counted(piece, n)
            yield (facts, piece / n) if share else facts

    figure = Dot().figure
    explorer = explore(measure, figure, lambda facts: None, str, n=(1, 9))
    assert explorer.facts_at("n=5") == Counted(5, 5)
    assert explorer.facts == Counted(3, 3)


def test_a_while_is_a_second(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    page = Page(Pieces().explorer())
    page.ask(4)
    for seconds, told in ((1.0, False), (1.01, True)):
        now[0] = 100 + seconds
        page.say(next=1 + told)
        assert ("progress" in page.received[-1]) is told


def test_an_error_in_a_later_piece():
    pieces = Pieces()
    explorer = pieces.explorer()
    page = Page(explorer)
    pieces.bad = 3
    page.ask(5)
    page.say(next=1)
    page.say(next=2)
    assert explorer.error.startswith("RuntimeError: a bad piece (line ")
    assert page.received[-1]["error"] == explorer.error
    assert "next" not in page.received[-1]
    assert explorer.caption == "Piece 2 of 5."
    pieces.bad = None
    page.ask(5)  # the same value again
    assert explorer.error == ""
    for piece in range(1, 6):
        page.say(next=piece)
    assert explorer.caption == "Piece 5 of 5."


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (None, "caption"),
        (("Fine.", 0.5, 3), "caption"),
        ((None, 0.5), "caption"),
        (("Fine.", 1.5), "share"),
        (("Fine.", float("nan")), "share"),
    ],
)
def test_what_a_piece_must_be(wrong, error):
    def draw():
        yield "Fine."
        yield wrong
        yield "Never reached."

    with pytest.raises((TypeError, ValueError), match=error):
        explore(draw, Dot().figure)


def test_a_generator_must_yield():
    def draw():
        yield from ()

    with pytest.raises(TypeError, match=r"^draw must yield a caption or facts"):
        explore(draw, Dot().figure)


class Count(NamedTuple):
    done: int
    of: float


def test_facts_come_piece_by_piece_too():
    """A pair with names is facts; a bare pair is facts and the share done."""
    painted = []

    def measure(n=3):
        for done in range(1, n):
            yield Count(done, n), done / n
        yield Count(n, n)

    explorer = explore(
        measure,
        Dot().figure,
        painted.append,
        lambda facts: f"{facts.done} of {facts.of}.",
        n=(1, 9),
    )
    assert painted == [Count(1, 3), Count(2, 3), Count(3, 3)]
    page = Page(explorer)
    assert page.ask(2)["caption"] == "1 of 2."
    assert explorer.facts == Count(1, 2)
    page.say(next=1)
    page.say(next=2)
    assert (explorer.facts, explorer.caption) == (Count(2, 2), "2 of 2.")
    assert len(painted) == 5
