"""Predictions about explorers.pooling.forward_and_backward()."""

import numpy as np

from lessonkit.explorers.pooling.forward_and_backward import Facts
from lessonkit.live.ask import Choice, ask


def forward_and_backward(explorer):
    """Ask which number of a window gets how much of the gradient."""
    return ask(explorer, Facts, "pooling.forward_and_backward", MEAN, TIE)


def told(numbers):
    """Return numbers as a caption lists them."""
    return ", ".join(f"{number:g}" for number in numbers)


MEAN = Choice(
    name="mean",
    text="Mean pooling, and a gradient of g = 2 from above: each of the four numbers gets …",
    options={
        "2, the mean itself": "Our source puts the value back. That is unpooling, not a gradient.",
        "2, as g is passed on to all": "Then four times as much would be handed out as came in.",
        "0.5": "If one number rises by 1, the mean rises by a quarter.",
    },
    right="0.5",
    settled=lambda facts: (
        facts.statistic == "mean" and facts.grad_output == 2 and told(facts.numbers) == "1, 2, 3, 2"
    ),
    state="'numbers=1 2 3 2' statistic=mean grad_output=2",
    finding=lambda facts: (
        f"For g = 2 the gradient is {told(facts.gradient)}, and the measurement agrees. Together "
        f"that is {facts.total:g} again."
    ),
)

TIE = Choice(
    name="tie",
    text="Type 3 3 1 0: two share the maximum, so a rule must decide. Who gets the gradient?",
    options={
        "Both get the whole of it": "That is the rule “all”. It hands out more than came in.",
        "The first of them": "",
        "Nobody, as there is no maximum": "There is one; two places hold it.",
    },
    right="The first of them",
    settled=lambda facts: facts.is_tie and np.count_nonzero(facts.gradient) == 1,
    state="'numbers=3 3 1 0' statistic=max grad_output=1 ties=first",
    finding=lambda facts: (
        f"For g = {facts.grad_output:g} the gradient is now {told(facts.gradient)}. The "
        "measurement is split: a step up moves the result, a step down does not."
    ),
)
