"""Predictions about explorers.pooling.anywhere()."""

from lessonkit.explorers.pooling.anywhere import Facts
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, ask


def anywhere(explorer):
    """Ask what moves along with a digit, and what stays."""
    return ask(explorer, Facts, "pooling.anywhere", STAYS)


STAYS = Choice(
    name="stays",
    text="The digit moves to another corner. What stays exactly as it is?",
    options={
        "the feature map": "It moves along: a convolution looks everywhere with the same filter.",
        "the 2×2 maxima": "Pooling in small windows forgives a pixel or so, not the whole way.",
        "only the overall maximum": "Yes.",
    },
    right="only the overall maximum",
    settled=lambda facts: abs(facts.right - 21) + abs(facts.down - 9) > 8,
    state="right=36 down=36",
    finding=lambda facts: (
        f"{facts.changed_maxima} of 961 2×2 maxima have changed; the overall maximum is still "
        f"{number(facts.maximum)}. The map has moved along exactly."
    ),
)
