"""Predictions about explorers.fitting.capacity(), for a tree and for a network."""

from lessonkit import explorers
from lessonkit.explorers.fitting.capacity import Facts
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, ask
from lessonkit.questions.states import facts_at


def cures(explorer):
    """Ask how far off an exact tree is, and what longer training does to a network."""
    return ask(explorer, Facts, "fitting.cures", TREE, EPOCHS)


TREE = Choice(
    name="tree",
    text="A tree of depth 8 can give each of 16 points a leaf of its own. On new points it is …",
    options={
        "as far off as degree 15": "It is as exact on the points seen, but steps do not swing.",
        "off by a little more than the noise": "It keeps the errors, but does not magnify them.",
        "as good as exact": "Each leaf keeps the error of its point, and new points have others.",
    },
    right="off by a little more than the noise",
    settled=lambda facts: (
        (facts.model, facts.capacity) == ("tree", 8)
        and (facts.study.seen[0].size, facts.study.noise) == (16, 0.3)
    ),
    state="model=tree 'data=noisy sine' depth=8 points=16 noise=0.3 seed=2",
    finding=lambda facts: (
        f"It is off by {number(facts.seen_error)} on the points seen and by "
        f"{number(facts.new_error)} on new ones. Degree 15 was off by "
        f"{number(facts_at(explorers.fitting.capacity, 'degree=15').new_error)}."
    ),
)

EPOCHS = Choice(
    name="epochs",
    text="The network is trained for 20,000 epochs. On new points, the last one is …",
    options={
        "the best: it has learned longest": "It has learned the 16 points longest, errors and all.",
        "as good as any: in the end nothing changes": "On the points seen it goes on changing.",
        "worse than one long before": "To stop in time is called early stopping.",
    },
    right="worse than one long before",
    settled=lambda facts: facts.model == "network" and facts.capacity == 20_000,
    state="model=network epoch=20,000",
    finding=lambda facts: (
        f"Epoch {facts.best} is the best on new points, off by "
        f"{number(facts.study.errors[1].min())}; after {facts.capacity:,} epochs it is "
        f"{number(facts.new_error)}, and {number(facts.seen_error)} on the points seen."
    ),
)
