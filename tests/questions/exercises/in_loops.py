"""Pooling and its way back in plain loops over lists, for whatever a window is to give."""

import numpy as np


def in_windows(choose):
    """Return a function of (x, k) that puts choose(numbers of a window) in each window's place."""

    def pooled(x, k):
        return [
            [
                choose([x[top + i, left + j].item() for i in range(k) for j in range(k)])
                for left in range(0, x.shape[1], k)
            ]
            for top in range(0, x.shape[0], k)
        ]

    return pooled


def back_to_windows(share):
    """Return a function of (g, x, k): each number of x gets share(g of its window, window)[place].

    share: makes a list for a window's numbers, which it gets as a list, row by row.
    """

    def backward(g, x, k):
        gradient = [[0.0] * x.shape[1] for _ in range(x.shape[0])]
        for row, column in np.ndindex(g.shape):
            places = [(row * k + i, column * k + j) for i in range(k) for j in range(k)]
            parts = share(g[row, column].item(), [x[place].item() for place in places])
            for (i, j), part in zip(places, parts, strict=True):
                gradient[i][j] += part
        return gradient

    return backward


def only(place, value, size):
    return [value if i == place else 0.0 for i in range(size)]
