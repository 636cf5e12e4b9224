"""The look of the lessons, and the lock that whoever draws must hold."""

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib

from lessonkit.live.internals import own_params

STYLE = Path(__file__).parent / "lessonkit.mplstyle"
# Every setting, so that no style of the learner's shows through; how windows open stays theirs.
SETTINGS = {
    name: value
    for name, value in matplotlib.rc_params_from_file(STYLE).items()
    if name not in ("backend", "backend_fallback", "interactive")
}

# A kernel can run a cell in one thread and answer the page in another (Jupyter's subshells), and
# figures can serve only one at a time.
LOCK = threading.RLock()


def in_turn(function: Callable) -> Callable:
    """Decorate what reads or changes the state of a picture: it waits until nobody else does."""

    @functools.wraps(function)
    def alone(*args, **kwargs):
        with LOCK:
            return function(*args, **kwargs)

    return alone


@contextlib.contextmanager
def lesson_style() -> Iterator[None]:
    """Return the look of the lessons: a context (``with``) or a decorator of figure makers.

    Whatever style, rcParams or matplotlibrc the learner has set, what is made and drawn inside
    looks the same. Their settings stay as they are, for their own cells that plot meanwhile too.
    """
    with LOCK, own_params(SETTINGS):
        yield
