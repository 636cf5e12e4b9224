"""The look of the lessons, and the lock that whoever draws must hold."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from matplotlib import style

STYLE = Path(__file__).parent / "lessonkit.mplstyle"

# A kernel can run a cell in one thread and answer the page in another (Jupyter's subshells).
# Matplotlib's settings and figures can serve only one thread at a time.
LOCK = threading.RLock()


@contextlib.contextmanager
def lesson_style() -> Iterator[None]:
    """Return the look of the lessons: a context (``with``) or a decorator of figure makers."""
    with LOCK, style.context(STYLE):
        yield
