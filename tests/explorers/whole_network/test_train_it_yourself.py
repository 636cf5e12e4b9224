"""A training of one's own: facts against plain NumPy, and how it starts, stops and is told."""

import numpy as np
import pytest
from digits_by_hand import accuracy_by_hand, stored_arrays, stored_record
from explored import numbers, shown

from lessonkit.datasets import digits
from lessonkit.explorers.whole_network import own_training, train_it_yourself
from lessonkit.explorers.whole_network.own_training import Settings, split, trained
from lessonkit.live import explorer as live_explorer

DEFAULTS = "activation=ReLU pooling=max dropout=0.25 learning_rate=0.03 digits=4,000"
STORED = stored_arrays("digits.npz")


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Let trainings be short; the explorers that are made here take the budget of that time."""
    monkeypatch.setattr(own_training, "BUDGET", 3000)


@pytest.fixture
def explorer(monkeypatch):
    """Return an explorer that no page paces."""
    monkeypatch.setattr(live_explorer, "SILENCE", 0)
    return shown(train_it_yourself)


class Page:
    """What a page does: it requests, and then sends what its controls are."""

    def __init__(self):
        self.explorer = shown(train_it_yourself)
        self.view = self.explorer.children[-1]
        self.sent = []
        self.view.send = lambda message, pixels=(): self.sent.append(message)

    def values(self, **changed):
        controls = self.explorer.controls
        own = {n: c.index if "index" in c.keys else c.value for n, c in controls.items()}
        return list((own | changed).values())

    def set(self, name, value):
        control = self.explorer.controls[name]
        self.view._handle_custom_msg({"values": self.values(**{name: value})}, [])
        control.set_state({"index" if "index" in control.keys else "value": value})

    def next(self):
        """Ask for the next piece; return whether there was one."""
        pending = [m["next"] for m in self.sent[-1:] if "next" in m]
        if pending:
            self.view._handle_custom_msg({"next": pending[0]}, [])
        return bool(pending)

    def finish(self):
        while self.next():
            pass


# -- the picture, by the facts ---------------------------------------------------------------------


def assert_picture_shows(explorer):
    """Assert that curves, labels and caption are those of the facts."""
    facts = explorer.facts
    for axes, column in zip(explorer.picture.axes, (1, 2), strict=True):
        held_out, training, *_ = axes.lines
        labels = {text.get_text().rpartition(" ")[0] for text in axes.texts}
        for line, curve in ((held_out, facts.held_out), (training, facts.training)):
            xs, ys = line.get_data()
            np.testing.assert_array_equal(xs, curve[:, 0])
            np.testing.assert_allclose(ys, np.clip(curve[:, column], *axes.get_ylim()))
        texts = [t.get_text() for t in axes.texts if t.get_animated()]
        value = facts.held_out[-1, column]
        assert f"held out {f'{100 * value:.1f} %' if column == 2 else f'{value:.2f}'}" in texts
        assert len(labels) >= 1
        assert axes.lines[2].get_xdata()[0] == facts.seen
    caption, settings = explorer.caption, facts.settings
    told = f"dropout {settings.dropout:g} and learning rate {settings.learning_rate:g}"
    assert told in caption
    assert f"from {settings.digits:,} digits" in caption
    assert f"{settings.pooling} pooling" in caption
    if facts.status != "diverged":
        assert f"{100 * facts.held_out[-1, 2]:.1f} % of the 1,000 digits held out" in caption
    tested = "test digits, used only now" in caption
    assert tested == (facts.status == "finished")
    if tested:
        assert numbers(caption)[-1] == pytest.approx(100 * facts.test_accuracy, abs=0.051)


# -- the training ----------------------------------------------------------------------------------


def test_the_first_picture_is_the_untrained_network(explorer):
    assert explorer.code == f"{DEFAULTS} start=false"
    facts = explorer.facts
    assert facts.status == "untrained"
    network = weights_of(facts.network)
    images, labels = STORED["train_images"][4000:] / 255, STORED["train_labels"][4000:]
    assert facts.held_out[0, 2] == pytest.approx(accuracy_by_hand(network, images, labels))
    assert_picture_shows(explorer)


def weights_of(network):
    return {
        f"{place}_{name}": array
        for place, layer in enumerate(network.layers)
        for name, array in layer.parameters.items()
    }


def test_a_whole_training_learns_and_is_judged_by_hand(explorer):
    explorer.set("start=true")
    facts = explorer.facts
    assert (facts.status, facts.seen) == ("finished", 3000)
    assert facts.training[:, 0].tolist() == [500, 1000, 1500, 2000, 2500, 3000]
    assert facts.held_out[:, 0].tolist() == [0, 2000, 3000]
    network = weights_of(facts.network)
    held_out = STORED["train_images"][4000:] / 255, STORED["train_labels"][4000:]
    test = STORED["test_images"] / 255, STORED["test_labels"]
    assert facts.held_out[-1, 2] == pytest.approx(accuracy_by_hand(network, *held_out))
    assert facts.test_accuracy == pytest.approx(accuracy_by_hand(network, *test))
    assert facts.test_accuracy > 0.6, "600 times as many digits as classes were enough for this"
    assert_picture_shows(explorer)


def test_it_learns_from_the_training_digits_chosen_alone():
    """What is held out, and what is beyond the number chosen, may be anything."""
    data = split(digits())
    spoilt = data.training[0].copy()
    spoilt[100:] = np.nan
    for data_ in (data, data._replace(training=(spoilt, data.training[1]))):
        *_, (facts, share) = trained(Settings(digits=100), data_)
        assert (facts.status, share) == ("finished", 1)
    assert len(data.training[0]) == 4000
    np.testing.assert_array_equal(data.held_out[0][:, 0], digits().train_images[4000:])


def test_the_rate_falls_evenly_to_nothing():
    rates = []
    data = split(digits())
    for facts, _ in trained(Settings(digits=100), data):
        weights = facts.network.layers[-1].parameters["weight"].copy()
        if facts.seen and facts.status == "training":
            rates.append((facts.seen, weights))
    first = np.abs(rates[1][1] - rates[0][1]).max()
    last = np.abs(facts.network.layers[-1].parameters["weight"] - rates[-1][1]).max()
    assert last < first


@pytest.mark.parametrize("pooling", ["mean", "none, every second number"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ELU"])
def test_every_setting_trains(explorer, activation, pooling):
    explorer.set(f"activation={activation} 'pooling={pooling}' digits=100 dropout=0.5 start=true")
    assert explorer.facts.status == "finished"
    assert not explorer.error
    assert_picture_shows(explorer)


@pytest.mark.filterwarnings("error")
def test_a_training_that_breaks_down_is_told(explorer, monkeypatch):
    data = split(digits())
    *_, (facts, _) = trained(Settings(learning_rate=1e30), data)
    assert facts.status == "diverged"
    assert np.isfinite(facts.training).all()
    assert np.isfinite(facts.held_out).all()
    monkeypatch.setattr(own_training, "trained", lambda *_: iter([(facts, 1.0)]))
    explorer.set("start=true")
    assert "It broke down while it learned" in explorer.caption
    assert "A lower learning rate may help." in explorer.caption
    assert "nan" not in explorer.caption
    assert_picture_shows(explorer)


def test_what_learns_nothing_is_told_to_guess(explorer):
    explorer.set("learning_rate=1 start=true")
    assert explorer.facts.held_out[-1, 2] < 0.15
    assert "no better than guessing" in explorer.caption


def test_the_recorded_run_stands_beside(monkeypatch):
    monkeypatch.setattr(own_training, "BUDGET", 64_000)
    explorer = shown(train_it_yourself)
    kept = stored_record()
    histories = kept["validation_accuracy"][str(kept["learning_rate"])]
    dashed = explorer.picture.axes[1].lines[-1]
    assert dashed.get_xdata().tolist() == [4000 * epoch for epoch in range(17)]
    mean = [sum(accuracies) / 3 for accuracies in zip(*histories, strict=True)]
    np.testing.assert_allclose(dashed.get_ydata(), mean[:17])


def test_the_recorded_run_is_shown_once_a_training_has_begun(explorer):
    axes = explorer.picture.axes[1]
    (words,) = (text for text in axes.texts if text.get_text().startswith("dashed"))
    seen = []
    explorer.on_facts(lambda facts: seen.append((facts.status, axes.lines[-1].get_visible())))
    for code in ("start=true", "start=false digits=100"):
        explorer.set(code)
        assert axes.lines[-1].get_visible() == words.get_visible()
    assert set(seen) == {("training", True), ("finished", True), ("untrained", False)}


# -- start and stop --------------------------------------------------------------------------------


def test_without_a_page_values_alone_decide(explorer):
    before = explorer.caption
    explorer.set("digits=100 start=true")
    first = explorer.caption
    explorer.set("start=false digits=4,000")
    assert explorer.caption == before
    explorer.set("digits=100 start=true")
    assert explorer.caption == first
    explorer.controls["dropout"].value = 0.5
    assert not explorer.controls["start"].value
    assert explorer.facts.status == "untrained"


def test_a_page_paces_it_and_sees_it_grow():
    page = Page()
    page.set("start", True)
    assert page.explorer.facts.status == "training"
    assert page.explorer.controls["start"].description == "stop"
    shares = []
    while page.next():
        shares.append(page.explorer.facts.seen)
        assert_picture_shows(page.explorer)
    assert shares == sorted(shares)
    assert len(set(shares)) > 5
    assert page.explorer.facts.status == "finished"
    assert not page.explorer.controls["start"].value, "the button is released"
    assert page.explorer.controls["start"].description == "start"


def test_stop_keeps_what_was_drawn_and_start_begins_again():
    page = Page()
    page.set("start", True)
    while page.explorer.facts.seen < 600:
        page.next()
    seen = page.explorer.facts.seen
    page.set("start", False)
    assert (page.explorer.facts.status, page.explorer.facts.seen) == ("stopped", seen)
    assert "next" not in page.sent[-1]
    assert page.explorer.caption.startswith("Stopped while it learned from 4,000 digits")
    assert_picture_shows(page.explorer)
    page.set("start", True)
    assert (page.explorer.facts.status, page.explorer.facts.seen) == ("training", 0)


def test_a_changed_setting_stops_it_and_starts_nothing():
    page = Page()
    page.set("start", True)
    while page.explorer.facts.seen < 600:
        page.next()
    seen = page.explorer.facts.seen
    page.set("dropout", 0.5)
    assert not page.explorer.controls["start"].value
    for dropout in (0.5, 0.6, 0.5):  # the page has not heard of it yet
        stale = page.values(dropout=dropout, start=True)
        page.view._handle_custom_msg({"values": stale}, [])
    for _ in range(2):
        facts = page.explorer.facts
        assert (facts.status, facts.seen, facts.settings.dropout) == ("stopped", seen, 0.25)
        assert page.explorer.caption.endswith(
            "Since then a setting was changed: press start to train with it."
        )
        page.set("start", False)
    page.set("start", True)
    assert page.explorer.facts.settings.dropout == 0.5
    page.finish()
    assert page.explorer.facts.status == "finished"
    page.set("dropout", 0.0)
    assert page.explorer.facts.settings.dropout == 0.5, "the finished one stays"
