"""States that resemble the one a question is about, and must not settle it."""

import pytest

from lessonkit import explorers, questions
from lessonkit.questions.softmax.scores_to_probabilities import has_scores

RESEMBLING = {
    ("fitting", "sampling", "size"): [
        "way=corner fraction=0.001",  # 64 pixels, but from a corner
        "way=random fraction=0.001 photograph=stripes",
    ],
    ("fitting", "sampling", "corner"): [
        "way=random fraction=0.1",
        "way=corner fraction=0.1 photograph=stripes",
    ],
    ("fitting", "capacity", "no_noise"): ["degree=3 noise=0", "degree=15 noise=0.05"],
    ("fitting", "capacity", "more_points"): [
        "degree=15 points=200 noise=0",
        "degree=15 points=200 ridge=1",
    ],
    ("activation", "silent_neurons", "others"): [
        "patch=15",  # the same neurons are silent as on the first
        "patch=7 bias=-1",
        "patch=7 activation=sigmoid",
    ],
    ("activation", "training_race", "closer"): [
        "'hidden_layers=1 (shallow)' own_rates=false epoch=30",
        "epoch=30",
    ],
    ("activation", "training_race", "gap"): [
        "own_rates=false epoch=30",
        "'hidden_layers=1 (shallow)' epoch=30",
    ],
    ("pooling", "sliding_window", "picks"): [
        "kernel_size=4 stride=2 step=1",
        "kernel_size=4 statistic=sum step=4",
    ],
    ("softmax", "parameter_ledger", "dense"): ["input_size=64 in_channels=2"],
    ("softmax", "parameter_ledger", "shared"): ["input_size=64 kernel_size=7"],
    ("whole_network", "silence", "second"): [
        " ".join(f"second_{n}=false" for n in (0, 1, 2, 3, 4, 8)) + " first_5=false",
    ],
    ("whole_network", "confusion", "nines"): ["turn=-90", "turn=90 shift_x=4"],
    ("activation", "dead_units", "asleep"): [
        "'layer=second of two' learning_rate=0.05 bias=-4 'after=16 epochs'",
    ],
}


@pytest.mark.parametrize(
    ("asked", "codes"),
    RESEMBLING.items(),
    ids=lambda part: "-".join(part) if isinstance(part, tuple) else "",
)
def test_only_its_own_state_settles_it(asked, codes):
    chapter, about, name = asked
    explorer = getattr(getattr(explorers, chapter), about)()
    panel, _ = getattr(getattr(questions, chapter), about)(explorer)
    question, first = panel.questions[name], explorer.code
    assert question.settled(explorer.facts_at(question.state))
    for code in codes:
        explorer.set(first)
        assert not question.settled(explorer.facts_at(code)), code


@pytest.mark.parametrize("plus_1000", ["true", "false"])
def test_scores_are_known_whatever_is_added_to_all(plus_1000):
    explorer = explorers.softmax.scores_to_probabilities()
    facts = explorer.facts_at(f"cat=4 dog=1 ship=-2 plus_1000={plus_1000}")
    assert has_scores(facts, 4, 1, -2)
    assert not has_scores(facts, 4, 1, -1)
    assert not has_scores(facts, 1004, 1001, 998)
