"""Several lines drawn as one, which is faster."""

import numpy as np


def broken(lines):
    """Return several lines, (lines, points, 2), as the x and y of one line with gaps."""
    gaps = np.full((len(lines), 1, 2), np.nan)
    return np.concatenate([lines, gaps], axis=1).reshape(-1, 2).T
