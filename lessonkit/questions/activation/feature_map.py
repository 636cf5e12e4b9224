"""Predictions about explorers.activation.feature_map()."""

from lessonkit.explorers.activation.feature_map import Facts
from lessonkit.explorers.words import number, percent
from lessonkit.live.ask import Choice, ask


def feature_map(explorer):
    """Ask what ReLU, a threshold and a negative slope leave of a feature map."""
    return ask(explorer, Facts, "activation.feature_map", THRESHOLD, SLOPE)


THRESHOLD = Choice(
    name="threshold",
    text="A threshold of 1 is subtracted before ReLU. The edges that remain are …",
    options={
        "as strong as before": "That holds at threshold 0 only.",
        "weaker than before": "Each by the threshold.",
        "stronger, as only the best are left": "ReLU picks, but it never strengthens.",
    },
    right="weaker than before",
    settled=lambda facts: facts.threshold == 1 and facts.negative_slope == 0,
    state="threshold=1 negative_slope=0",
    finding=lambda facts: (
        f"After subtracting 1.00, the largest value is {number(facts.after.max())} instead of "
        f"{number(facts.before.max())}, and {percent(facts.zero)} are exactly 0."
    ),
)

SLOPE = Choice(
    name="slope",
    text="With a negative slope of 1, what does ReLU leave of the map?",
    options={
        "all of it, with all signs": "It has become a straight line.",
        "all of it, but every sign positive": "That would be the absolute value, a slope of −1.",
        "only the orange half": "That is what a slope of 0 leaves.",
    },
    right="all of it, with all signs",
    settled=lambda facts: facts.negative_slope == 1,
    state="threshold=0 negative_slope=1",
    finding=lambda facts: (
        f"{percent(facts.still_negative)} of the values are still negative: with this slope "
        "nothing bends, and the layer changes nothing."
    ),
)
