"""Predictions about explorers.pooling.pooled_digits()."""

from lessonkit import explorers
from lessonkit.explorers.pooling.pooled_digits import Facts
from lessonkit.explorers.words import percent
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_y
from lessonkit.questions.states import facts_at


def pooled_digits(explorer):
    """Ask how far digits can be pooled, and whether that closes the gap."""
    return ask(explorer, Facts, "pooling.pooled_digits", MAXIMA, GAP)


def points(facts):
    """Return a gap in percentage points."""
    return f"{100 * facts.gap:.1f}"


MAXIMA = Number(
    name="maxima",
    text="With 4×4 maxima and 4,000 training digits, how many test digits are read correctly?",
    low=10,
    high=100,
    step=1,
    unit=" %",
    truth=lambda facts: 100 * facts.test_accuracy,
    close=3,
    mark=at_y(1, left=0.35),
    believed=lambda facts, guess: (
        "For thin strokes on raw pixels, the maximum is not as good as the mean."
        if guess > 89
        else ""
    ),
    settled=lambda facts: (
        (facts.training_digits, facts.kernel_size, facts.statistic) == (4000, 4, "max")
    ),
    state="kernel_size=4 statistic=max training_digits=4000",
    finding=lambda facts: (
        f"It is {percent(facts.test_accuracy)}; with means it is "
        f"{percent(_read('kernel_size=4 training_digits=4000').test_accuracy)}, and without "
        f"pooling {percent(_read('kernel_size=1 training_digits=4000').test_accuracy)}."
    ),
)

GAP = Choice(
    name="gap",
    text="With only 200 training digits: do 3×3 means close the gap between training and test?",
    options={
        "Yes: pooling prevents overfitting": "Our source says so, but look at the gap.",
        "No, it stays wide": "",
        "It was never there": "With so few digits every network learns them by heart.",
    },
    right="No, it stays wide",
    settled=lambda facts: (
        (facts.training_digits, facts.kernel_size, facts.statistic) == (200, 3, "mean")
    ),
    state="kernel_size=3 statistic=mean training_digits=200",
    finding=lambda facts: (
        f"The gap is {points(facts)} points with 3×3 means and "
        f"{points(_read('kernel_size=1 training_digits=200'))} without pooling. With 4,000 digits "
        f"it is {points(_read('kernel_size=3 training_digits=4000'))}: more data helps."
    ),
)


def _read(code):
    return facts_at(explorers.pooling.pooled_digits, f"statistic=mean {code}")
