"""What explorers draw with: still parts are painted only when they change, labels keep apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from lessonkit.explorers.drawing import apart, if_changed

BROKEN = -1  # a number too: NumPy 2.0 compares none with text


class Painter:
    """Notes what it has painted."""

    def __init__(self):
        self.done = []

    @if_changed
    def curve(self, *now):
        if str(BROKEN) in map(str, now):
            raise ValueError("a broken curve")
        self.done.append(("curve", *now))

    @if_changed
    def label(self, *now):
        self.done.append(("label", *now))


@pytest.mark.parametrize(
    ("first", "second", "painted_again"),
    [
        ((1, "a"), (1, "a"), False),
        ((1, "a"), (1, "b"), True),
        ((np.arange(3),), (np.arange(3),), False),
        ((np.arange(3),), (np.array([0, 1, 3]),), True),
        ((np.arange(3),), (np.arange(4),), True),
        ((np.zeros(1),), (None,), True),
        (((0.0, np.inf),), ((0.0, np.inf),), False),
        ((), (), False),
    ],
)
def test_what_stands_still_is_painted_only_for_new_arguments(first, second, painted_again):
    painter = Painter()
    painter.curve(*first)
    assert len(painter.done) == 1
    painter.curve(*second)
    painter.curve(*second)
    assert len(painter.done) == 1 + painted_again


def test_each_part_of_each_object_is_painted_by_itself():
    one, other = Painter(), Painter()
    for painter in (one, other, one):
        painter.curve(1)
        painter.label(1)
    one.label(2)
    assert one.done == [("curve", 1), ("label", 1), ("label", 2)]
    assert other.done == [("curve", 1), ("label", 1)]


def test_what_was_there_before_a_failure_is_painted_again():
    painter = Painter()
    painter.curve(1)
    for _ in range(2):
        with pytest.raises(ValueError, match="a broken curve"):
            painter.curve(BROKEN)
    painter.curve(1)  # half of a broken curve may stand there
    assert painter.done == [("curve", 1), ("curve", 1)]


@given(
    st.lists(st.integers(-20, 20).map(lambda n: n / 10), min_size=2, max_size=5),
    st.sampled_from([0.1, 0.25, 1]),
    st.booleans(),
)
def test_labels_are_apart_and_moved_as_little_as_possible(heights, least, bounded):
    lowest, highest = (-1, -1 + least * len(heights)) if bounded else (-np.inf, np.inf)
    order = np.argsort(heights, kind="stable")
    start = np.empty(len(heights))
    start[order] = np.linspace(-1, -1 + least * (len(heights) - 1), len(heights))
    best = minimize(
        lambda places: np.sum((places - heights) ** 2),
        start,
        bounds=[(lowest, highest)] * len(heights),
        constraints={"type": "ineq", "fun": lambda places: np.diff(places[order]) - least},
        options={"ftol": 1e-12},
    )
    assert best.success
    np.testing.assert_allclose(apart(heights, least, lowest, highest), best.x, atol=1e-4)


def test_labels_that_are_apart_stay_where_they_are():
    assert apart([3, 1, 2], 0.5).tolist() == [3, 1, 2]
    assert apart([5], 0.5).tolist() == [5]


def test_labels_that_would_leave_the_picture_stay_within():
    assert apart([5], 0.5, 0, 4).tolist() == [4]
    np.testing.assert_allclose(apart([4, 3.9, -1], 0.5, 0, 4), [4, 3.5, 0])


def test_of_labels_at_one_height_the_first_is_the_lowest():
    np.testing.assert_allclose(apart([1, 1, 1], 0.2), [0.8, 1, 1.2])
