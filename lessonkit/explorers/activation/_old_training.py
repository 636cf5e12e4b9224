"""Explorers of the activation chapter, notebooks/03_activation.ipynb: what training shows.

Both show recorded trainings. What was trained, and how, stands in data/README.md.
"""

from collections import Counter

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import record
from lessonkit.explorers.drawing import SpreadCurve, apart
from lessonkit.explorers.style import COLOURS, DASHES, HALO, NAMES, ink
from lessonkit.explorers.words import formatted, joined, number, percent, several
from lessonkit.live import explore, lesson_style

# -- the race --------------------------------------------------------------------------------------

RACERS = {  # name in the record → in the picture
    "sigmoid": "sigmoid",
    "sigmoid_4": "sigmoid ×4",
    **{name: NAMES[name] for name in ("tanh", "relu", "leaky_relu", "prelu", "elu", "silu")},
}
SHOWN_FIRST = ("sigmoid", "sigmoid_4", "tanh", "relu")
TARGET = 0.1  # a training loss: the race is to get there
LOWEST, HIGHEST = 1e-4, 5  # of the axis of losses
ABOVE = 10**0.2  # times as high stands what would else hide a ring


@lesson_style()
def training_race():
    """Show how fast networks with different activations learn, and how much they overfit.

    Recorded: the mean of five runs, and all between the best and the worst. Controls: which
    activations, how many hidden layers, whether each has its own learning rate or all the same,
    the validation loss, and the epoch up to which they have run.
    """
    kept = record("training_race")
    figure = Figure(figsize=(7.6, 4.1))
    panels = _loss_panel(figure, kept["epochs"]), _gap_panel(figure)
    title = panels[0].set_title(" ")
    racers = [_Racer(key, *panels) for key in RACERS]
    now = panels[0].axvline(color=COLOURS["now"], lw=1, zorder=1, animated=True)
    shown = {}  # who runs, and how: to move the epoch alone changes nothing that stands still

    def draw(hidden_layers, own_rates, validation, epoch, **ticked):
        chosen = [racer for racer in racers if ticked[racer.key]]
        start = (hidden_layers, own_rates, validation, chosen)
        if shown.get("start") != start:
            shown["start"] = start
            for racer in racers:
                racer.show(racer in chosen, validation)
                racer.start(*_losses(kept, racer.key, hidden_layers, own_rates))
            _give_rows(chosen)
            title.set_text(f"training loss{', thin: validation loss' if validation else ''}")
        for racer in chosen:
            racer.run(epoch)
        _place_labels(chosen, epoch)
        now.set_xdata([epoch, epoch])
        return _caption_of_race(chosen, epoch)

    return explore(draw, figure, **_race_controls(kept["epochs"]))


def _losses(kept, activation, hidden_layers, own_rates):
    """Return the learning rate, and (2, runs, epochs): the training and the validation losses."""
    wanted = (activation, hidden_layers)
    (run,) = [r for r in kept["runs"] if (r["activation"], r["hidden_layers"]) == wanted]
    key = "losses" if own_rates else "losses_at_common_rate"
    rate = run["learning_rate"] if own_rates else kept["common_learning_rate"]
    return rate, np.array([run[f"training_{key}"], run[f"validation_{key}"]])


def _race_controls(epochs):
    ticks = {
        name: ipywidgets.Checkbox(
            name in SHOWN_FIRST, description=words.replace("×4", "(weights ×4)"), indent=False
        )
        for name, words in RACERS.items()
    }
    return ticks | {
        "hidden_layers": [("5 (deep)", 5), ("1 (shallow)", 1)],
        "own_rates": ipywidgets.Checkbox(
            True, description="each its own learning rate", indent=False
        ),
        "validation": ipywidgets.Checkbox(False, description="validation loss, thin", indent=False),
        "epoch": ipywidgets.IntSlider(3, min=0, max=epochs),  # under way, and still open
    }


def _loss_panel(figure, epochs):
    axes = figure.add_axes((0.075, 0.1, 0.45, 0.82), xlim=(0, epochs), yscale="log")
    axes.set(ylim=(LOWEST, HIGHEST), xlabel="epoch")
    axes.set_yticks([0.0001, 0.001, 0.01, TARGET, 1], ["0.0001", "0.001", "0.01", "0.1", "1"])
    axes.set_yticks([], minor=True)
    axes.axhline(TARGET, color="0.6", lw=1, ls=(0, (4, 2)), zorder=1)
    return axes


def _gap_panel(figure):
    axes = figure.add_axes((0.7, 0.1, 0.27, 0.82), xlim=(0, 0.8), ylim=(len(RACERS), 0))
    axes.set(title="validation − training loss", yticks=[])
    axes.set_xticks([0, 0.4, 0.8], ["0", "0.4", "0.8"])
    axes.spines["left"].set_visible(False)
    return axes


class _Racer:
    """The losses of networks with one activation, and the gap between the two kinds of loss."""

    def __init__(self, key, losses, gaps):
        self.key, self.name, colour = key, RACERS[key], COLOURS[key.removesuffix("_4")]
        dashes = DASHES.get(key, (0, (3, 1)) if key == "sigmoid_4" else "-")
        self.spread = SpreadCurve(losses, colour)
        self.spread.line.set_linestyle(dashes)
        self.spread.dot.set_clip_on(False)
        self.validation = losses.plot([], [], color=colour, lw=1, ls=dashes, animated=True)[0]
        ring = {"mfc": "white", "mec": colour, "ms": 8, "mew": 2, "zorder": 2.5}
        self.reached = losses.plot([], [], "o", **ring, animated=True)[0]
        text = {"color": ink(colour), "animated": True}
        self.label = losses.text(0, 1, self.name, va="center", path_effects=HALO, **text)
        self.bar = gaps.barh(0, 0, height=0.3, color=colour, animated=True)[0]
        self.range = gaps.plot([], [], color="0.2", lw=1.5, animated=True)[0]
        self.words = gaps.text(0, 0, "", color=ink(colour))
        self.number = gaps.text(0.8, 0, "", ha="right", **text)

    def show(self, on, validation):
        """Show or hide all of it, the validation loss by itself."""
        curve = (self.spread.band, self.spread.line, self.spread.dot, self.reached, self.label)
        for artist in (*curve, self.words, self.bar, self.range, self.number):
            artist.set_visible(on)
        self.validation.set_visible(on and validation)

    def start(self, rate, losses):
        """Take these losses, (2, runs, epochs), for those of the training and the validation."""
        self.rate, self.losses = rate, losses
        training, validation = losses
        self.curves = np.array(
            [training.mean(0), training.min(0), training.max(0), validation.mean(0)]
        )
        there = np.flatnonzero(self.curves[0] <= TARGET)
        self.needed = there[0] if there.size else np.inf

    def take_row(self, row, place):
        """Put the gap into a row of its panel. place: how many rings are below its own."""
        self.words.set(y=row + 0.4, text=f"{self.name}, rate {self.rate:g}")
        self.number.set_y(row + 0.4)
        self.bar.set_y(row + 0.5)
        self.range.set_ydata([row + 0.65] * 2)
        self.ring_height = TARGET * ABOVE**place

    def run(self, epoch):
        """Show the losses up to this epoch and the gap there; a ring where it was at TARGET."""
        epochs = np.arange(epoch + 1)
        *curves, validation = self.curves[:, : epoch + 1]
        self.spread.draw(epochs, *curves)
        self.validation.set_data(epochs, validation)
        there = [self.needed] if self.needed <= epoch else []
        self.reached.set_data(there, [self.ring_height] * len(there))
        gaps = np.subtract(*self.losses[::-1, :, epoch])
        self.bar.set_width(gaps.mean())
        self.bar.set_alpha(1 if self.has_learned() else 0.3)
        self.range.set_xdata([gaps.min(), gaps.max()])
        self.number.set_text(formatted(gaps.mean(), ".2f"))

    def epochs_needed(self):
        """Return after how many epochs it was at TARGET; ∞ if it has not been there yet."""
        return next(iter(self.reached.get_xdata()), np.inf)

    def loss(self):
        """Return the training loss now."""
        return self.spread.dot.get_ydata()[0]

    def has_learned(self):
        """Say whether the training loss is down to TARGET now."""
        return self.loss() <= TARGET

    def gap(self):
        """Return the mean, the least and the most of the runs' gaps now."""
        return self.bar.get_width(), *self.range.get_xdata()


def _give_rows(racers):
    """Give each racer a row, and its ring a place above those of the same epoch."""
    rings = Counter()
    for row, racer in enumerate(racers):
        racer.take_row(row, rings[racer.needed])
        rings[racer.needed] += 1


def _place_labels(racers, epoch):
    """Put the labels beside the ends of the curves, apart from each other and in the panel."""
    lowest, highest = np.log10((LOWEST, HIGHEST))
    ends = [max(np.log10(racer.loss()), lowest) for racer in racers]
    heights = apart(ends, 0.25, lowest, highest - 0.125)
    for racer, height in zip(racers, heights, strict=True):
        racer.label.set_position((epoch + 0.9, 10**height))


def _caption_of_race(racers, epoch):
    if not racers:
        return "No activation is shown: tick one."
    needed = {racer: racer.epochs_needed() for racer in racers}
    if min(needed.values()) == np.inf:
        first = min(racers, key=_Racer.loss)
        when = f"After {several(epoch, 'epoch')}" if epoch else "Before training"
        if len(racers) == 1:
            loss = number(first.loss())
            return f"{when} {first.name} is at a training loss of {loss}, not down to {TARGET} yet."
        return (
            f"{when} nobody is down to a training loss of {TARGET}; "
            f"{first.name} is nearest, at {number(first.loss())}."
        )
    speeds = [
        f"{racer.name} ({n:g})" if n < np.inf else f"{racer.name} (over {epoch})"
        for racer, n in needed.items()
    ]
    caption = f"Epochs to a training loss of {TARGET}: {joined(speeds)}"
    relu = next((racer for racer in racers if racer.key == "relu"), None)
    others = [racer for racer in racers if racer is not relu]
    if relu is None or not others or needed[relu] == np.inf:
        return f"{caption}."
    return f"{caption}{_lead(needed, relu, others, epoch)}. {_overfitting(relu, others, epoch)}"


def _lead(needed, relu, others, epoch):
    """Say whom ReLU has beaten clearly, and who has ReLU; of others on the way it is open."""
    far = [r.name for r in others if min(needed[r], epoch + 1) >= 2 * needed[relu]]
    near = [r.name for r in others if needed[r] < 2 * needed[relu]]
    if not far and not near:
        return ""
    no = "" if far else "not "
    but = f", but not than {joined(near)}" if far and near else ""
    lead = f"; ReLU is {no}far faster (half the epochs or fewer) than {joined(far or near)}{but}"
    ahead = [r.name for r in others if 2 * needed[r] <= needed[relu]]
    if ahead:
        lead += f"; {joined(ahead)} {'is' if len(ahead) == 1 else 'are'} far faster than ReLU"
    return lead


def _overfitting(relu, others, epoch):
    """Say how ReLU's gap compares with those of the others that have learned by now."""
    learned = [racer for racer in others if racer.has_learned()]
    if not relu.has_learned() or not learned:
        return f"At epoch {epoch} it is too early to compare how they overfit."
    gap, least, most = relu.gap()
    more = [racer.name for racer in learned if racer.gap()[2] < least]  # in every run
    less = [racer.name for racer in learned if racer.gap()[1] > most]
    alike = [racer.name for racer in learned if racer.name not in more + less]
    sides = (("clearly more than", more), ("clearly less than", less), ("much like", alike))
    compared = ", ".join(f"{words} {joined(names)}" for words, names in sides if names)
    verdict = "ReLU does not ease overfitting here"
    if less:
        verdict = "no clear verdict" if more or alike else "ReLU eases overfitting here"
    rest = [racer.name for racer in others if racer not in learned]
    left_out = f" (Not compared: {joined(rest)}, still above {TARGET}.)" if rest else ""
    return (
        f"At epoch {epoch} ReLU's validation loss is {formatted(gap, '.2f')} above its "
        f"training loss, {compared}: {verdict}.{left_out}"
    )


# -- the census of dead neurons --------------------------------------------------------------------

NEURONS = 64  # in every hidden layer
EPOCH = 40  # steps
FIRST_EPOCH = 6  # the place of its end among the steps
NEGATIVE = "negative sum on every digit"
LAYERS = [("the only one", 0), ("first of two", 1), ("second of two", 2)]


@lesson_style()
def dead_units():
    """Show how many neurons of a hidden layer are negative on every training digit, and when.

    With ReLU these are dead. Recorded: five runs of each activation, from the same weights.
    Controls: the activation whose course is shown, the layer, the learning rate, the bias of all
    neurons at the start, and how long the training took.
    """
    kept = record("dead_units")
    negative, flat, accuracy, slopes = (
        np.array(kept[part], float) for part in ("negative", "flat", "accuracy", "slopes")
    )
    shares = _mean_and_ends(100 * negative / NEURONS)
    figure = Figure(figsize=(7.6, 4.3))
    course, learned = _course_panels(figure)
    axes = _census_panel(figure, len(kept["activations"]))
    rows = [_CensusRow(axes, row, name) for row, name in enumerate(kept["activations"])]

    def draw(activation, layer, learning_rate, bias, after):
        place, number = kept["steps"].index(after), kept["activations"].index(activation)
        setting = kept["learning_rates"].index(learning_rate), kept["biases"].index(bias)
        words = "neurons dead" if activation == "relu" else NEGATIVE
        course.dress(activation, f"{NAMES[activation]}: {words}")
        course.draw(*shares[:, layer, number, *setting], place)
        tenth, median, nine_tenths = slopes[:, layer, *setting]
        learned.draw(median, tenth, nine_tenths, place)
        for a, row in enumerate(rows):
            now = (a, *setting, ..., place)
            row.draw(negative[layer][now], flat[layer][now], accuracy[min(layer, 1)][now])
        return _caption_of_census(after, course, learned, rows[number], rows[0])

    return explore(draw, figure, **_census_controls(kept))


def _mean_and_ends(shares):
    """Return (3, …, steps): the mean, the least and the most of (…, runs, steps) that go on.

    A run that has broken down is NaN, and so is all where none goes on.
    """
    with np.errstate(invalid="ignore"):
        mean = np.nansum(shares, axis=-2) / np.isfinite(shares).sum(axis=-2)
    return np.array([mean, np.fmin.reduce(shares, axis=-2), np.fmax.reduce(shares, axis=-2)])


def _census_controls(kept):
    when = [(_in_words(step), step) for step in kept["steps"]]
    rates = [(f"{rate:g}", rate) for rate in kept["learning_rates"]]
    return {
        "activation": [(NAMES[name], name) for name in kept["activations"]],
        "layer": ipywidgets.Dropdown(options=LAYERS, description="hidden layer"),
        "learning_rate": ipywidgets.SelectionSlider(options=rates, value=0.1),
        "bias": ipywidgets.IntSlider(
            0, min=min(kept["biases"]), max=0, step=2, description="bias at the start"
        ),
        "after": ipywidgets.SelectionSlider(
            options=when, value=kept["steps"][-1], description="trained for"
        ),
    }


def _in_words(step):
    return several(step // EPOCH, "epoch") if step >= EPOCH else several(step, "step")


def _course_panels(figure):
    """Return the panels for the neurons and for PReLU's slopes, one above the other."""
    course = _Course(figure, 0.49, 0.4, [""] * 6)
    course.axes.set_ylim(0, 100)
    course.axes.set_yticks([0, 50, 100], ["0", "50", "100 %"])
    learned = _Course(figure, 0.12, 0.24, ["0", "1 step", "10", "1 epoch", "4", "16"])
    learned.dress("prelu", "PReLU: the middle 80 % of its slopes")
    learned.axes.set_ylim(-0.4, 0.65)
    learned.axes.set_yticks([0, 0.25, 0.5], ["0", "0.25", "0.5"])
    learned.axes.axhline(0, color="0.8", lw=1, zorder=0)
    return course, learned


class _Course:
    """A mean and its spread after each of the record's steps, which stand evenly."""

    def __init__(self, figure, bottom, height, names):
        self.axes = figure.add_axes((0.07, bottom, 0.415, height), xlim=(0, 10))
        self.axes.set_xticks([0, 1, 4, 6, 8, 10], names)
        self.title = self.axes.set_title(" ", pad=5)
        self.spread = SpreadCurve(self.axes, "black")
        self.spread.dot.set_clip_on(False)
        self.now = self.axes.axvline(color=COLOURS["now"], lw=1, zorder=1, animated=True)

    def dress(self, activation, title):
        """Show by the title and the colour which activation this is."""
        if title != self.title.get_text():  # to touch a still artist is to redraw everything
            self.title.set_text(title)
            self.spread.line.set(color=COLOURS[activation], ls=DASHES.get(activation, "-"))
            self.spread.dot.set_markerfacecolor(COLOURS[activation])
            self.spread.band.set_facecolor(COLOURS[activation])

    def draw(self, mean, least, most, place):
        """Show values by step, NaN from where the training has broken down; mark a step."""
        there = np.isfinite(mean)
        curves = (values[there] for values in (mean, least, most))
        self.spread.draw(np.flatnonzero(there), *curves, min(place, there.sum() - 1))
        self.spread.dot.set_visible(there[place])
        self.now.set_xdata([place, place])


def _census_panel(figure, rows):
    axes = figure.add_axes((0.555, 0.12, 0.34, 0.77), xlim=(0, 100), ylim=(rows, 0))
    axes.set(title=f"neurons with a\n{NEGATIVE}", yticks=[])
    axes.set_xticks([0, 50, 100], ["0", "50", "100 %"])
    axes.spines["left"].set_visible(False)
    axes.set_title("training\ndigits read", loc="right", x=1.22, color="0.3")
    axes.set_xlabel("full: slope below 0.001   striped: still learns", loc="left")
    return axes


class _CensusRow:
    """One activation's neurons now: without a slope (full), negative with a slope (striped)."""

    def __init__(self, axes, row, activation):
        self.activation, self.name, colour = activation, NAMES[activation], COLOURS[activation]
        axes.text(0, row + 0.5, self.name, color=ink(colour))
        bar = {"height": 0.26, "color": colour, "animated": True}
        self.flat = axes.barh([row + 0.71], [0], **bar)[0]
        self.alive = axes.barh([row + 0.71], [0], **bar | {"hatch": "////", "ec": "white"})[0]
        text = {"ha": "right", "animated": True}
        self.percent = axes.text(100, row + 0.5, "", color=ink(colour), **text)
        self.accuracy = axes.text(122, row + 0.5, "", color="0.3", **text)

    def draw(self, negative, flat, accuracy):
        """Show how many neurons each run has, (runs,); how many are flat in all of them."""
        going = np.isfinite(negative)
        self.runs, self.broken = len(going), int(np.sum(~going))
        neurons = max(1, NEURONS * going.sum())
        self.flat.set_width(100 * flat / neurons)
        self.alive.set_x(self.flat.get_width())
        self.alive.set_width(100 * np.nansum(negative) / neurons - self.flat.get_width())
        self.accuracy.set_text(f"{100 * accuracy:.0f} %" if going.any() else "–")
        for bar in (self.flat, self.alive):
            bar.set_visible(bar.get_width() > 0)  # else its edge would show
        which = f"{going.sum()} of {self.runs} runs: " if self.broken else ""
        self.percent.set_text(f"{which}{self.share():.1f} %" if going.any() else "broke down")

    def share(self):
        """Return the percentage of the neurons that are negative on every digit."""
        return self.flat.get_width() + self.alive.get_width()

    def fate(self):
        """Say why neurons that are negative on every digit are not dead, or hardly alive."""
        if self.share() == 0:
            return ""
        if self.flat.get_width() > 0:
            flat = percent(self.flat.get_width() / 100)
            return f"; they are not dead, but {flat} have a slope below 0.001 and hardly learn"
        return f", but are not dead: {STILL_LEARN[self.activation]}, so they still learn"


# Why neurons of an activation learn even where they are negative on every digit.
STILL_LEARN = {
    "leaky_relu": "their slope there is 0.01",
    "rrelu": "their slope there is random, 1/8 to 1/3",
    "prelu": "their slope there is learned",
    "elu": "their slope there is not 0",
    "sigmoid": "their slope is never 0",
}


def _caption_of_census(after, course, learned, row, relu):
    when = f"After {_in_words(after)}" if after else "Before training"
    broken = f"{row.broken} of the {row.runs} trainings with {row.name} had broken down"
    with_relu = f"With ReLU {percent(relu.share() / 100)} are dead."
    if row.broken == row.runs:
        return f"{when} {broken}: the learning rate is too high. {with_relu}"
    share, least, most = (percent(end / 100) for end in course.spread.now())
    runs = row.runs - row.broken
    ends = f"{least} to {most} " if runs > 1 else ""
    neurons = f"{share} of the {row.name} neurons ({ends}in {several(runs, 'run')})"
    if row is relu:
        caption = f"{when} {neurons} are dead, 0 on every digit.{_history(course.spread)}"
    else:
        caption = f"{when} {neurons} have a {NEGATIVE}{row.fate()}. {with_relu}"
    if row.activation == "prelu":
        _, *ends = learned.spread.now()
        tenth, nine_tenths = (formatted(end, ",").removesuffix(".0") for end in ends)  # as recorded
        caption += f" Of PReLU's slopes the middle 80 % lie from {tenth} to {nine_tenths}."
    return caption + (f" ({broken}.)" if row.broken else "")


def _history(spread):
    """Tell the shares before training and after its first epoch, and when most neurons died."""
    shares, (place,), (now,) = spread.line.get_ydata(), *spread.dot.get_data()
    if place == 0:
        return ""
    start, first = shares[[0, FIRST_EPOCH]]
    before = f" Before training it was {percent(start / 100)}"
    if place <= FIRST_EPOCH:
        return f"{before}."
    when = _when(first - start, now - first)
    return f"{before}, after the first epoch {percent(first / 100)}{when}."


def _when(early, late):
    """Say when most neurons died or woke, from how the share changed in and after an epoch."""
    died, woke = "died", "came back to life"
    if early == late == 0:
        return ""
    if early * late < 0:
        one, other = (woke, died) if early < 0 else (died, woke)
        count = {1: "more", 0: "as many", -1: "fewer"}[np.sign(abs(late) - abs(early))]
        return f": neurons {one} in the first epoch, and {count} {other} after it"
    if early + late < 0:
        return f": neurons {woke}"
    return f": most deaths came {'in' if early > late else 'after'} the first epoch"
