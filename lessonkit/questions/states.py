"""The facts of an explorer in any state, for what questions say about it."""

import functools
from collections.abc import Callable
from typing import Any

from lessonkit.live import Explorer


def facts_at(make: Callable[[], Explorer], code: str = "") -> Any:
    """Return the facts of the explorer that `make` makes, as `code` sets it.

    >>> from lessonkit.explorers.pooling import sliding_window
    >>> facts_at(sliding_window, "statistic=mean").result
    2.0
    """
    return _made(make).facts_at(code)


@functools.cache
def _made(make):
    return make()
