"""A network of one's own: choose how it is made, and watch it learn, now."""

import functools

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import digits, record
from lessonkit.digit_network import POOLINGS
from lessonkit.explorers.style import NAMES
from lessonkit.explorers.whole_network import own_training
from lessonkit.explorers.whole_network.own_curves import Curves
from lessonkit.explorers.whole_network.own_training import HELD_OUT, Settings, split
from lessonkit.explorers.words import formatted, percent
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.live.internals import is_set_by_page

ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "silu")
POOLING_WORDS = {"max": "max", "mean": "mean", "none": "none, every second number"}
LEARNING_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
DIGITS = (100, 500, 1000, 2000, 4000)  # each a whole number of batches
DONE = ("finished", "diverged")
GUESSING = 0.15  # an accuracy up to this is no better than guessing one of ten


@lesson_style()
def train_it_yourself():
    """Train the chapter's network now, and watch its loss and accuracy.

    Controls: its activation and pooling, dropout, the learning rate, how many training digits, and
    start, which is pressed while it trains and stops it. The network is `explorer.facts.network`.
    """
    trainings = Trainings(split(digits()))
    figure = Figure(figsize=(7.6, 3.4))
    curves = Curves(figure, _recorded(), own_training.BUDGET)
    in_pieces(figure, (0, 380), (380, 760), fit=curves.fit)
    controls = _controls()
    trainings.watch(controls)
    trainings.explorer = explore(trainings.measure, figure, curves.paint, say, **controls)
    trainings.explorer.on_facts(functools.partial(trainings.follow, controls["start"]))
    return trainings.explorer


def _recorded():
    """Return (2, epochs): digits seen, and the chapter's accuracy on the digits held out.

    It is the mean of three starts of its training, which learned from 4,000 digits and were judged
    on the same HELD_OUT ones as here.
    """
    kept = record("whole_network")
    accuracies = np.mean(kept["validation_accuracy"][str(kept["learning_rate"])], axis=0)
    return np.array([np.arange(len(accuracies)) * DIGITS[-1], accuracies])


def _controls():
    """Return the controls; start is the last, so that it is set after what it starts with."""
    first = Settings()
    slider = functools.partial(ipywidgets.SelectionSlider, layout={"max_width": "372px"})
    rates = [(formatted(rate, "g"), rate) for rate in LEARNING_RATES]
    counts = [(f"{count:,}", count) for count in DIGITS]
    return {
        "activation": ipywidgets.Dropdown(
            options=[(NAMES[name], name) for name in ACTIVATIONS], value=first.activation
        ),
        "pooling": ipywidgets.Dropdown(
            options=[(POOLING_WORDS[name], name) for name in POOLINGS], value=first.pooling
        ),
        "dropout": ipywidgets.FloatSlider(first.dropout, min=0, max=0.75, step=0.05),
        "learning_rate": slider(options=rates, value=first.learning_rate),
        "digits": slider(options=counts, value=first.digits, description="training digits"),
        "start": ipywidgets.ToggleButton(False, description="start", button_style="primary"),
    }


# -- from the controls to the facts ----------------------------------------------------------------


class Trainings:
    """What may start, and what the last training has left.

    With a page, a training begins only when start is pressed while nothing else changes; what it
    has drawn stays when start is released or a setting is changed. Without one the facts depend on
    the controls' values alone: untrained, or trained to the end.
    """

    def __init__(self, data):
        self.data = data
        self.kept = None  # the Facts of a page's training, the last one
        self.resting = None  # the settings while start was last seen released; None: any may start
        self.paced = False  # whether a page follows the training
        self.releases = False  # whether start is being released, and not by Python or a page
        self.explorer = None  # that shows them, once it is made
        self.untrained = functools.lru_cache(maxsize=32)(self._untrained)

    def measure(self, start=False, **settings):
        """Return Facts, or the generator that trains and yields them."""
        settings = Settings(**settings)
        if start and (self.kept is None or self.resting in (None, settings)):
            return self._train(settings)
        if not start:
            self.resting = settings
        if self.kept is None:
            return self.untrained(settings.activation, settings.pooling)._replace(
                settings=settings, wanted=settings
            )
        status = "stopped" if self.kept.status == "training" else self.kept.status
        return self.kept._replace(status=status, wanted=settings)

    def _train(self, settings):
        for facts, share in own_training.trained(settings, self.data):
            self.kept = facts
            yield facts, share

    def _untrained(self, activation, pooling):
        return own_training.untrained(Settings(activation, pooling), self.data)

    # A page's request comes before the message by which its control changes: these observers see
    # only the latter. Of what is set in Python they hear before anything is measured.

    def watch(self, controls):
        """Observe the controls, before `explore` does: a changed setting releases start."""
        start = controls["start"]
        for control in controls.values():
            follow = self._on_start if control is start else self._on_setting
            control.observe(functools.partial(follow, start), "value")

    def _on_start(self, start, change):
        if not self.releases:
            by_page = is_set_by_page(start)
            self.paced = by_page or self.explorer.is_paced
            if not by_page:
                self._forget()

    def _on_setting(self, start, change):
        if is_set_by_page(change.owner):
            self._release(start)
        else:
            start.value = False
            self._forget()

    def _forget(self):
        self.kept = self.resting = None

    def _release(self, start):
        """Let start go for the page: what was drawn stays.

        Quietly, so that `measure` sees it released when the page knows of it. A request that was on
        its way, with start still pressed, must not begin a training with the new settings.
        """
        if start.value:
            self.releases = True
            try:
                self.explorer.set_quietly("start", False)
            finally:
                self.releases = False

    def follow(self, start, facts):
        """Name the button by what it does; release it after a training that a page has paced."""
        start.description = "stop" if facts.status == "training" else "start"
        if facts.status in DONE and self.paced:
            self._release(start)


# -- from the facts to the caption -----------------------------------------------------------------


def say(facts):
    """Return the caption: how far the training has come, and how well it reads."""
    if facts.status == "untrained":
        return (
            f"Not trained yet, the network reads {percent(facts.held_out[0, 2])} of the "
            f"{HELD_OUT:,} digits held out. It would learn from {_in_words(facts.settings)}."
        )
    begun = {
        "training": "It is learning",
        "stopped": "Stopped while it learned",
        "finished": "It has learned",
        "diverged": "It broke down while it learned",
    }[facts.status]
    changed = " Since then a setting was changed: press start to train with it."
    words = f"{begun} from {_in_words(facts.settings)}{_so_far(facts)}"
    return words + (changed if facts.wanted != facts.settings else "")


def _in_words(settings):
    """Return what is trained, as in "from …"."""
    return (
        f"{settings.digits:,} digits with {NAMES[settings.activation]}, {settings.pooling} "
        f"pooling, dropout {settings.dropout:g} and learning rate {settings.learning_rate:g}"
    )


def _so_far(facts):
    """Return where the training is, as the end of a sentence and more."""
    if facts.status == "diverged":
        return (
            f": after {facts.seen:,} of {own_training.BUDGET:,} digits the loss is beyond all "
            "numbers. A lower learning rate may help."
        )
    words = f": {facts.seen:,} of {own_training.BUDGET:,}, used again and again. "
    if facts.status == "finished":
        words = ", used again and again. "
    accuracy = facts.held_out[-1, 2]
    words += f"It reads {percent(accuracy)} of the {HELD_OUT:,} digits held out"
    if len(facts.training):
        words += f", and {percent(facts.training[-1, 2])} of those that it learned from last"
    words += "; that is no better than guessing." if accuracy <= GUESSING else "."
    if facts.status == "finished":
        words += (
            f" Of the 1,000 test digits, used only now, it reads {percent(facts.test_accuracy)}."
        )
    return words
