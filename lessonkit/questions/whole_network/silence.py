"""Predictions about explorers.whole_network.silence()."""

from lessonkit.explorers.whole_network.silencing import Change, Facts
from lessonkit.explorers.words import percent
from lessonkit.live.ask import Choice, ask


def silence(explorer):
    """Ask how much a network loses with one map, and with six."""
    return ask(explorer, Facts, "whole_network.silence", FIRST, SECOND)


def reads(facts):
    """Return what share of the test digits is read correctly, in words."""
    return percent(facts.right.sum() / facts.counts.sum())


def silent(first=(), second=()):
    """Return the code that silences these maps, and no others."""
    maps = {"first": (first, 6), "second": (second, 12)}
    return " ".join(
        f"{name}_{channel}={str(channel not in off).lower()}"
        for name, (off, count) in maps.items()
        for channel in range(count)
    )


FIRST = Choice(
    name="first",
    text="Map 5 of the first convolution, one of six, falls silent. How many digits are still read "
    "correctly?",
    options={
        "Nearly all: five others are left": "Some maps can be missed; this one cannot.",
        "About two in three": "",
        "One in ten: the chain is broken": "The other five maps still speak.",
    },
    right="About two in three",
    settled=lambda facts: (facts.change.first, facts.change.second) == ((5,), ()),
    state=f"{silent(first=(5,))} 'connection=as it is'",
    finding=lambda facts: (
        f"It still reads {reads(facts)} of the test digits, but {facts.right[1]} of the "
        f"{facts.counts[1]} ones."
    ),
)

SECOND = Choice(
    name="second",
    text="Put all back. Then six of the twelve maps of the second convolution fall silent: "
    "0, 1, 2, 3, 4 and 8. How many digits are read?",
    options={
        "Nearly all digits are still read": "Many maps say nearly the same.",
        "About half": "Half of the maps are gone, not half of what they know.",
        "One in ten, as by guessing": "The other six are enough.",
    },
    right="Nearly all digits are still read",
    settled=lambda facts: (
        (facts.change.first, facts.change.second) == ((), (0, 1, 2, 3, 4, 8))
        and facts.change.connection == Change().connection
    ),
    state=f"{silent(second=(0, 1, 2, 3, 4, 8))} 'connection=as it is'",
    finding=lambda facts: f"It still reads {reads(facts)} of the test digits.",
)
