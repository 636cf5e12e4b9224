"""Numbers as captions write them; more examples are doctests."""

import pytest
from explored import numbers
from hypothesis import given
from hypothesis import strategies as st

from lessonkit.explorers.words import number


@given(st.floats(-1e6, 1e6))
def test_number_is_near_and_short(value):
    text = number(value)
    assert numbers(text) == pytest.approx([value], rel=0.006, abs=0.00051)
    assert sum(c.isdigit() for c in text) <= 4 or abs(value) >= 1000
