"""What pooling's statistics are called in this chapter's controls and captions."""

from lessonkit.pooling import STATISTICS


def options():
    """Return (label, statistic) for every statistic that there is."""
    return [(label(statistic), statistic) for statistic in STATISTICS]


def label(statistic):
    return {"l2": "L2"}.get(statistic, statistic)
