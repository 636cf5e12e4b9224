"""A training that a learner starts: in short pieces, with what it has come to after each."""

import time
from typing import NamedTuple

import numpy as np

from lessonkit.activations import ACTIVATIONS
from lessonkit.digit_network import new_network
from lessonkit.explorers.table import as_table
from lessonkit.network import SGD, Dropout, Network, evaluate, learn_once
from lessonkit.softmax import cross_entropy

BUDGET = 64_000  # digits to learn from in all, each as often as it takes
BATCH = 50
MARK = 500  # digits between two points of the training curve
CHECK = 2000  # and of the curve of the digits held out
HELD_OUT = 1000  # of the training digits, the last ones; as in trainings/whole_network.py
PIECE = 0.04  # seconds of work between two pictures, and the rest of the batch in hand
SEED = 0


class Settings(NamedTuple):
    """What a learner chooses before a training."""

    activation: str = "relu"
    pooling: str = "max"
    dropout: float = 0.25  # the rate, before the scores
    learning_rate: float = 0.03  # at the start; it falls evenly to 0
    digits: int = 4000  # training digits, of which it learns again and again


@as_table
class Facts(NamedTuple):
    """How far a training has come."""

    settings: Settings  # of the training that is shown
    wanted: Settings  # those of the controls; others, if they were changed since
    status: str  # "untrained", "training", "stopped", "finished" or "diverged"
    seen: int  # digits learned from so far, each counted as often as it was used
    training: np.ndarray  # (points, 3): seen, loss and accuracy, of the digits since the last point
    held_out: np.ndarray  # (points, 3): the same of the HELD_OUT digits, by the network as it was
    test_accuracy: float | None  # on the test digits: measured once, after a whole training
    network: Network  # as it is: while it trains, it goes on changing


class Data(NamedTuple):
    """What a training learns from, is watched on, and is tested on: pairs (x, labels)."""

    training: tuple
    held_out: tuple
    test: tuple


def split(digits):
    """Return the Data of `datasets.digits()`; x: (N, 1, 28, 28)."""
    x, labels = digits.train_images[:, np.newaxis], digits.train_labels
    return Data(
        training=(x[:-HELD_OUT], labels[:-HELD_OUT]),
        held_out=(x[-HELD_OUT:], labels[-HELD_OUT:]),
        test=(digits.test_images[:, np.newaxis], digits.test_labels),
    )


def untrained(settings, data):
    """Return the Facts before a training."""
    network = new_network(SEED, ACTIVATIONS[settings.activation], settings.pooling)
    at_first = np.array([[0, *evaluate(network, *data.held_out)]])
    return Facts(settings, settings, "untrained", 0, np.zeros((0, 3)), at_first, None, network)


def trained(settings, data):
    """Train a network; yield (Facts, share of the work done) after at most PIECE and one batch."""
    facts = first = untrained(settings, data)._replace(status="training")
    yield first, 0.0
    began = time.perf_counter()
    for facts in _learning(first, data):
        if time.perf_counter() - began >= PIECE:
            yield facts, facts.seen / BUDGET
            began = time.perf_counter()
    if facts.status == "training":
        _, accuracy = evaluate(facts.network, *data.test)
        facts = facts._replace(status="finished", test_accuracy=accuracy)
    yield facts, 1.0


def _learning(facts, data):
    """Yield the Facts after each batch, up to the BUDGET or to numbers that are none any more."""
    settings, recent = facts.settings, []
    for scores, labels in _batches(facts.network, settings, data):
        loss = cross_entropy(scores, labels)
        if not np.isfinite(loss):
            yield facts._replace(status="diverged")
            return
        recent.append((loss, np.mean(scores.argmax(axis=1) == labels)))
        facts = facts._replace(seen=facts.seen + len(labels))
        if facts.seen % MARK == 0:
            point = [facts.seen, *np.mean(recent, axis=0)]
            facts = facts._replace(training=np.vstack([facts.training, point]))
            recent.clear()
        yield facts
        if facts.seen % CHECK == 0 or facts.seen == BUDGET:
            facts = _checked(facts, data.held_out)
            yield facts


def _batches(network, settings, data):
    """Train a network up to the BUDGET; yield (scores, labels) of each batch."""
    *front, dense = network.layers
    with_dropout = Network(*front, Dropout(settings.dropout, SEED), dense)  # of the same layers
    optimizer = SGD(with_dropout, settings.learning_rate)
    x, labels = (part[: settings.digits] for part in data.training)
    rng, seen = np.random.default_rng(SEED), 0
    while True:
        for batch in learn_once(with_dropout, optimizer, x, labels, BATCH, rng):
            yield batch
            seen += BATCH
            if seen >= BUDGET:
                return
            optimizer.learning_rate = settings.learning_rate * (1 - seen / BUDGET)


def _checked(facts, held_out):
    """Return the Facts with one more point for the digits held out."""
    point = [facts.seen, *evaluate(facts.network, *held_out)]
    if not np.isfinite(point).all():
        return facts._replace(status="diverged")
    return facts._replace(held_out=np.vstack([facts.held_out, point]))
