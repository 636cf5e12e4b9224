"""What the notebooks say after “Move”, done in its order: it settles every question above."""

import pytest
from questions.moves import MOVES
from questions.test_every_question import asked

from lessonkit.live import ask


@pytest.mark.parametrize(("chapter", "name"), MOVES)
def test_moves_in_the_order_of_the_text_settle_every_question(chapter, name):
    ask._KEPT.clear()
    panel, explorer = asked(chapter, name)
    for question in panel.questions.values():
        panel.answer(question.name, getattr(question, "right", getattr(question, "low", None)))
    for state in MOVES[chapter, name]:
        explorer.set(state)
    assert panel.verdicts.keys() == panel.questions.keys()
