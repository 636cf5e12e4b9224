"""Numbers as captions write them; more examples are doctests."""

import pytest
from explored import numbers, plain
from hypothesis import given
from hypothesis import strategies as st

from lessonkit.explorers.words import number, scientific


@given(st.floats(-1e6, 1e6))
def test_number_is_near_and_short(value):
    text = number(value)
    assert numbers(text) == pytest.approx([value], rel=0.006, abs=0.00051)
    assert sum(c.isdigit() for c in text) <= 4 or abs(value) >= 1000


@given(st.floats(-1e300, 1e300))
def test_a_number_of_any_size_is_near(value):
    least = 0.00051 if abs(value) >= 0.001 else 0
    assert plain(scientific(value)) == pytest.approx(value, rel=0.06, abs=least)
