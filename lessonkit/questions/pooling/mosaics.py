"""Predictions about explorers.pooling.mosaics()."""

from lessonkit import explorers
from lessonkit.explorers.pooling.mosaics import Facts
from lessonkit.explorers.words import percent
from lessonkit.live.ask import Choice, ask
from lessonkit.questions.states import facts_at


def mosaics(explorer):
    """Ask what the maximum does to a photograph, and how much a mosaic keeps."""
    return ask(explorer, Facts, "pooling.mosaics", LIGHTER, KEPT)


def is_astronaut(facts, kernel_size, statistic):
    """Tell whether the astronaut's mosaic of this kind is shown."""
    shown = (facts.kernel_size, facts.statistic) == (kernel_size, statistic)
    return shown and facts.photo is not None and facts.photo.shape == (3, 512, 512)


LIGHTER = Choice(
    name="lighter",
    text="The astronaut in windows of 8×8: after max pooling instead of the mean, the picture is …",
    options={
        "as bright as before": "That holds for the mean. Max pooling does not average.",
        "lighter": "In every window the brightest pixel wins.",
        "darker": "That would be the minimum.",
    },
    right="lighter",
    settled=lambda facts: is_astronaut(facts, 8, "max"),
    state="photograph=astronaut kernel_size=8 statistic=max",
    finding=lambda facts: (
        f"The mean brightness is {facts.brightness[1]:.2f} after 8×8 maxima, and was "
        f"{facts.brightness[0]:.2f} before."
    ),
)

KEPT = Choice(
    name="kept",
    text="Windows of 6×6, our source's mosaic: what share of the pixels is left?",
    options={
        "About a sixth": "Each window is six wide and six high.",
        "About 3 in 100": "One in 36.",
        "About 3 in 1,000": "One number is left of 36, not of 360.",
    },
    right="About 3 in 100",
    settled=lambda facts: facts.kernel_size == 6,
    state="photograph=astronaut kernel_size=6 statistic=mean",
    finding=lambda facts: (
        f"Windows of 6×6 leave {percent(share(facts))}; those of 8×8 leave "
        f"{percent(share(facts_at(explorers.pooling.mosaics, 'kernel_size=8')))}."
    ),
)


def share(facts):
    """Return what share of the pixels the mosaic keeps."""
    return facts.mosaic.size / facts.photo.size
