"""What the notebooks say after “Move”, done in its order: it settles every question above."""

import pytest
from questions.test_every_question import asked

from lessonkit.live import ask
from lessonkit.questions.whole_network.silence import silent

MOVES = {  # chapter and explorer → states, one after the other, each changing the one before
    ("pooling", "sliding_window"): [
        *("step=9", "statistic=mean", "statistic=sum", "statistic=L2"),
        *("statistic=max", "kernel_size=4 step=4", "kernel_size=2", "stride=1"),
    ],
    ("pooling", "forward_and_backward"): [
        *("grad_output=2", "statistic=mean", "statistic=max", "'numbers=3 3 1 0'", "ties=all"),
    ],
    ("pooling", "steadiness"): [
        *("shift=8", "kernel_size=8", "kernel_size=4", "transform=turn", "transform=scale"),
        *("transform=shift", "'layer_input=edges after ReLU'", "shift=1"),
    ],
    ("pooling", "anywhere"): ["right=22", "right=23", "down=20"],
    ("softmax", "scores_to_probabilities"): [
        *("cat=5", "dog=2", "ship=-1", "cat=4 dog=1 ship=-2", "temperature=2"),
        *("temperature=1", "plus_1000=true"),
    ],
    ("softmax", "parameter_ledger"): ["input_size=64", "kernel_size=11"],
    ("softmax", "dropout"): ["mask=2", "epoch=10", "epoch=60", "rate=0.8"],
    ("whole_network", "silence"): [
        *(silent(first=(5,)), silent(), silent(second=(0, 1, 2, 3, 4, 8)), silent()),
    ],
    ("whole_network", "confusion"): ["truth=9 said=7", "shift_x=4", "shift_x=0", "turn=90"],
}


@pytest.mark.parametrize(("chapter", "name"), MOVES)
def test_moves_in_the_order_of_the_text_settle_every_question(chapter, name):
    ask._KEPT.clear()
    panel, explorer = asked(chapter, name)
    for question in panel.questions.values():
        panel.answer(question.name, getattr(question, "right", getattr(question, "low", None)))
    for state in MOVES[chapter, name]:
        explorer.set(state)
    assert panel.verdicts.keys() == panel.questions.keys()
