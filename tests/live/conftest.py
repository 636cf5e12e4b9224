"""Texts are drawn as Matplotlib draws them, so that every pixel can be compared exactly."""

import pytest

from lessonkit.live import internals


@pytest.fixture(scope="module", autouse=True)
def _texts_drawn_anew():
    """Let all but the tests of remembered texts compare every pixel exactly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(internals, "LETTER_BY_LETTER", False)
        yield
