"""What can be asked: a choice or a number. What becomes of the answer: ask.py."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure


@dataclass(frozen=True, kw_only=True)
class Question:
    """What all questions share.

    name: short, for Python. text: the question. finding: function of the facts that says what the
    experiment shows, in a sentence or two. settled: function of the facts that tells whether they
    hold the answer. state: the explorer's code that takes it there. Where there is no explorer, the
    facts are None, and the last two are not needed.
    """

    name: str
    text: str
    finding: Callable[[Any], str]
    settled: Callable[[Any], bool] = lambda facts: False
    state: str = ""

    def verdict(self, facts: Any, answer: Any = None) -> str:
        """Return what there is to say once the facts are seen; answer None: none was given."""
        said = "" if answer is None else self.reply(facts, answer)
        return f"{said} {self.finding(facts)}".strip()


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """A question with two or more plausible answers, one of them right.

    options: each answer → what is said to whoever gave it, after "right" or "no": for a wrong one,
    the belief behind it; for the right one there may be nothing to add.
    """

    options: Mapping[str, str]
    right: str

    def check(self, answer):
        """Raise ValueError for what is no answer to it."""
        if not isinstance(answer, str) or answer not in self.options:
            known = "; ".join(self.options)
            raise ValueError(f"{self.name} must be one of {known}; got {answer!r}")

    def is_right(self, facts, answer):
        return answer == self.right

    def reply(self, facts, answer):
        judged = "right" if self.is_right(facts, answer) else "no"
        return f"You said “{answer}”: {judged}. {self.options[answer]}".strip()

    def described(self):
        """Return what the page must know."""
        return {"name": self.name, "text": self.text, "options": list(self.options)}

    def as_text(self):
        """Return the question as a list item of Markdown, to be read where no widget works."""
        return "\n".join([f"- {self.text}", *(f"  - {option}" for option in self.options)])


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A question whose answer is a number on a scale; the guess stays drawn in the picture.

    low, high, step: of the scale. unit: what stands behind the number. truth: function of the
    facts that returns the right number. close: how far off a guess still counts as right.
    mark: function of the figure and a guess that adds it to the picture and returns its artists.
    belongs: function of the facts that tells whether the guess means something in their picture.
    believed: function of the facts and a wrong guess that names the belief behind it, or "".
    """

    low: float
    high: float
    step: float
    truth: Callable[[Any], float]
    close: float
    mark: Callable[[Figure, float], list[Artist]]
    unit: str = ""
    belongs: Callable[[Any], bool] = lambda facts: True
    believed: Callable[[Any, float], str] = lambda facts, guess: ""

    def check(self, answer):
        """Raise ValueError for what is no answer to it."""
        is_number = isinstance(answer, Real) and not isinstance(answer, bool)
        if not is_number or not self.low <= answer <= self.high:
            wanted = f"a number from {self.low:g} to {self.high:g}"
            raise ValueError(f"{self.name} must be {wanted}; got {answer!r}")

    def is_right(self, facts, answer):
        return abs(answer - self.truth(facts)) <= self.close

    def reply(self, facts, answer):
        said = f"You said {self._formatted(answer)}"
        truth = self.truth(facts)
        if abs(answer - truth) <= self.step / 2:  # no other on the scale is nearer
            return f"{said}: right."
        if self.is_right(facts, answer):
            return f"{said}: close."
        size = "too high" if answer > truth else "too low"
        return f"{said}: {size}. {self.believed(facts, answer)}".strip()

    def _formatted(self, value):
        decimals = len(f"{self.step:g}".partition(".")[2])
        return f"{value:.{decimals}f}{self.unit}".replace("-", "−")

    def described(self):
        """Return what the page must know."""
        scale = {"low": self.low, "high": self.high, "step": self.step, "unit": self.unit}
        return {"name": self.name, "text": self.text} | scale

    def as_text(self):
        """Return the question as a list item of Markdown, to be read where no widget works."""
        low, high = self._formatted(self.low), self._formatted(self.high)
        return f"- {self.text} (from {low} to {high})"
