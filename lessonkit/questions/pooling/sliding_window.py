"""Predictions about explorers.pooling.sliding_window()."""

from lessonkit.explorers.pooling.sliding_window import Facts
from lessonkit.live.ask import Choice, ask


def sliding_window(explorer):
    """Ask whether max pooling averages, and what a smaller stride leaves."""
    return ask(explorer, Facts, "pooling.sliding_window", PICKS, STRIDE)


PICKS = Choice(
    name="picks",
    text="A window of 4×4 around the 9. Compared with a 2×2 window, what does max pooling keep?",
    options={
        "Less, as more small numbers are averaged in": "Max pooling does not average; it "
        "picks a number that is there.",
        "The same 9": "",
        "More, as more numbers add up": "That would be the sum.",
    },
    right="The same 9",
    settled=lambda facts: facts.statistic == "max" and facts.kernel_size == 4 and 9 in facts.pixels,
    state="statistic=max kernel_size=4 stride=2 step=4",
    finding=lambda facts: (
        f"The maximum of these {facts.pixels.size} numbers is {facts.result:g}; their mean is only "
        f"{facts.pixels.mean():g}."
    ),
)

STRIDE = Choice(
    name="stride",
    text="Windows of 2×2, but a stride of 1 instead of 2: how many numbers are left of 36?",
    options={
        "9, as before: the window is the same": "Its size is; but it stands in more places.",
        "25": "Five places each way.",
        "36": "A window needs two numbers in a row, so six numbers have room for five.",
    },
    right="25",
    settled=lambda facts: facts.kernel_size == 2 and facts.output.size == 25,
    state="kernel_size=2 stride=1",
    finding=lambda facts: (
        f"With a stride of 1 the windows overlap, and {facts.output.size} of 36 numbers are left."
    ),
)
