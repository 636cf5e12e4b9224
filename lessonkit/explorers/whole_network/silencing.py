"""A network with maps switched off and one weight changed, and how many digits it still reads."""

import functools
from typing import NamedTuple

import numpy as np

from lessonkit.digit_network import copy_of
from lessonkit.explorers.table import as_table
from lessonkit.explorers.whole_network.facts import Facts as Reading
from lessonkit.explorers.whole_network.facts import making_of, scales_of, stages_of
from lessonkit.explorers.whole_network.layout import SOFTMAX

AS_IT_IS, CUT, TURNED = "as it is", "cut", "sign turned"
FACTORS = {AS_IT_IS: 1, CUT: 0, TURNED: -1}  # by which the weight is multiplied
CONVOLUTIONS = {"first": (0, 6), "second": (3, 12)}  # name → (place among the layers, maps)


class Change(NamedTuple):
    """What is changed in the network; its defaults change nothing."""

    first: tuple = ()  # maps of the first convolution that are silent
    second: tuple = ()  # and of the second
    connection: str = AS_IT_IS  # a name of FACTORS
    score: int = 0  # the connection's: which score, and which input of it
    place: tuple = (0, 0, 0)  # map, row, column of the last pooled maps


@as_table
class Facts(NamedTuple):
    """What a changed network makes of a digit, and how many test digits it reads."""

    change: Change
    reading: Reading  # of the digit, by the changed network; its making is that of the score
    before: np.ndarray  # (10,), the probabilities of the network as it was
    weight: float  # of the connection, now
    right: np.ndarray  # (10,) of each digit's test digits, how many are read correctly
    right_before: np.ndarray  # (10,) by the network as it was
    counts: np.ndarray  # (10,) how many there are


def altered(network, change):
    """Return a copy of the network with the change in its weights."""
    copy = copy_of(network)
    for name, (place, _) in CONVOLUTIONS.items():
        for array in copy.layers[place].parameters.values():
            array[list(getattr(change, name))] = 0  # kernel and bias: the map is 0 everywhere
    weight = copy.layers[-1].parameters["weight"]
    weight[change.score, _input(change)] *= FACTORS[change.connection]
    return copy


def _input(change):
    """Return which of the 192 numbers the connection comes from."""
    return np.ravel_multi_index(change.place, (12, 4, 4))


class Examined:
    """A network, the test digits, and what of them does not depend on a change."""

    def __init__(self, network, images, labels):
        self.network, self.images = network, images
        self.labels = labels.astype(np.intp)  # in a browser bincount takes 32 bits, no more
        self.counts = np.bincount(self.labels, minlength=10)
        self.scales = scales_of(stages_of(network, images[:50]))
        self.pooled = images[:, np.newaxis]
        for layer in network.layers[:3]:
            self.pooled = layer.forward(self.pooled)  # the first pooled maps, of all digits
        # Some tenths of a second for each new set of silent maps, and nothing for a connection.
        self.inputs = functools.lru_cache(maxsize=8)(self._inputs)
        self.altered = functools.lru_cache(maxsize=2)(functools.partial(altered, network))
        self.before = self.right(Change())

    def _inputs(self, first, second):
        """Return what the scores see of all test digits, (N, 192)."""
        maps = self.pooled.copy()
        maps[:, list(first)] = 0
        for layer in altered(self.network, Change(second=second)).layers[3:-1]:
            maps = layer.forward(maps)
        return maps

    def right(self, change):
        """Return how many test digits of each kind are read correctly, (10,)."""
        dense = self.altered(change).layers[-1]
        answers = dense.forward(self.inputs(change.first, change.second)).argmax(axis=1)
        return np.bincount(self.labels[answers == self.labels], minlength=10)

    def facts(self, digit, change):
        """Return the Facts of a test digit."""
        network, image = self.altered(change), self.images[digit][np.newaxis]
        stages = {name: values[0] for name, values in stages_of(network, image).items()}
        before = stages_of(self.network, image)[SOFTMAX].ravel()
        probabilities, right = stages[SOFTMAX].ravel(), self.right(change)
        reading = Reading(
            digit=self.images[digit],
            label=int(self.labels[digit]),
            is_empty=False,
            stages=stages,
            scores=stages["scores"].ravel(),
            probabilities=probabilities,
            answer=int(probabilities.argmax()),
            moves={},
            accuracies={},
            accuracy=float(right.sum() / self.counts.sum()),
            making=making_of(network, stages, "scores", (change.score, 0, 0)),
            scales=self.scales,
            kernels=self.network.layers[0].parameters["weight"][:, 0],
        )
        weight = network.layers[-1].parameters["weight"][change.score, _input(change)]
        return Facts(change, reading, before, float(weight), right, self.before, self.counts)
