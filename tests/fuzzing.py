"""How the tests that make up bad input try it: always the same, or as often as one likes.

pytest alone tries the same inputs in every run, so that a failure is never an accident.
LESSONKIT_FUZZ=20 tries twenty times as many, and others each time. The last line of a run says how
many inputs were tried.
"""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("LESSONKIT_FUZZ", "1"))
TRIED = {}  # name of a test → how many inputs it has tried


def fuzzed(examples):
    """Return a decorator, above `given`, for a test that tries so many examples in a usual run."""
    return settings(
        max_examples=examples * TIMES,
        derandomize=TIMES == 1,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def tried(what, count=1):
    """Note that `count` inputs were tried."""
    TRIED[what] = TRIED.get(what, 0) + count


def summary():
    """Return in words how many inputs were tried, or ""."""
    each = ", ".join(f"{count:,} {what}" for what, count in TRIED.items())
    return f"inputs tried: {sum(TRIED.values()):,} ({each})" if TRIED else ""
