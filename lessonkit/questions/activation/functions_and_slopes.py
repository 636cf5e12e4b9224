"""Predictions about explorers.activation.functions_and_slopes()."""

from lessonkit.explorers.activation.functions_and_slopes import Facts
from lessonkit.explorers.words import number
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import as_wide


def functions_and_slopes(explorer):
    """Ask how much of a gradient passes far from 0, and in how wide a band tanh helps."""
    return ask(explorer, Facts, "activation.functions_and_slopes", FAR, TANH)


FAR = Choice(
    name="far",
    text="At x = 6 sigmoid still rises. How much of a gradient does it pass on?",
    options={
        "about a quarter": "It passes a quarter at 0, where it is steepest, and nowhere more.",
        "about two hundredths": "It dies away faster than the eye expects.",
        "about two thousandths": "It does rise everywhere, but only just.",
    },
    right="about two thousandths",
    settled=lambda facts: facts.x == 6 and "sigmoid" in facts.functions,
    state="sigmoid=true relu=true x=6",
    finding=lambda facts: (
        f"At x = 6 sigmoid's slope is {number(facts.functions['sigmoid'].slope)}. That of ReLU is "
        "1.00 for every positive x."
    ),
)

TANH = Number(
    name="tanh",
    text="Tanh is sigmoid twice as high, half as wide. How wide is its band of slopes above 0.1?",
    low=0.2,
    high=12,
    step=0.2,
    truth=lambda facts: facts.functions["tanh"].width,
    close=0.5,
    mark=as_wide(2, 0.28),
    believed=lambda facts, guess: (
        "It is steeper in the middle, but it is also sooner flat."
        if guess > facts.functions["tanh"].width
        else "Half of sigmoid's would be right if its slope were as low; it is four times as high."
    ),
    settled=lambda facts: "tanh" in facts.functions,
    state="sigmoid=true tanh=true relu=true",
    finding=lambda facts: (
        f"Tanh's band is {facts.functions['tanh'].width:.1f} wide. Inside it passes on much more "
        "than sigmoid: its slope at 0 is 1."
    ),
)
