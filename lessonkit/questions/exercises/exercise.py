"""Exercises that check themselves: they name the mistake and show the smallest case of it."""

import copy
import dis
import inspect
import linecache
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lessonkit.questions.exercises.guarded import Outcome, TooLong, call

# What is left of a function that does nothing: the opcodes of `return None`.
EMPTY = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "POP_TOP"}
MOST_SHOWN = 12  # numbers of an array in a sentence
LONGEST = 160  # letters of anything else


@dataclass(frozen=True)
class Verdict:
    """What a check has found; as a cell's last line it shows its message."""

    passed: bool
    message: str

    def __repr__(self):
        return self.message


class Mistake(NamedTuple):
    """A wrong answer that learners give, and what is said to it."""

    function: Callable
    sentence: str


@dataclass(frozen=True)
class Exercise:
    """A function to write, with what is needed to judge it.

    task: what it must do. hints: the first step first. reference: a right answer. mistakes: wrong
    ones. cases: tuples of arguments, the smallest first. features: function of the arguments and
    the value returned that gives name → number: these must agree instead of the value, which is
    drawn at random. tolerance: by how much they or the values may differ.
    """

    task: str
    hints: tuple[str, ...]
    reference: Callable
    mistakes: tuple[Mistake, ...]
    cases: tuple[tuple, ...]
    features: Callable[[tuple, Any], dict[str, float]] | None = None
    tolerance: float = 1e-5

    @property
    def name(self) -> str:
        return self.reference.__name__

    @property
    def wrong_answers(self) -> dict[str, Callable]:
        """name → function, each refused by a message of its own."""
        return {mistake.function.__name__: mistake.function for mistake in self.mistakes}

    def check(self, function: Callable) -> Verdict:
        """Run a function on all cases and say whether it does its task, or where it does not.

        It never raises for what the function does, and changes no argument of its caller's.
        """
        problem = self._cannot_be_called(function)
        if problem:
            return Verdict(False, problem)
        attempts = [self._attempt(function, case) for case in self.cases]
        if _is_empty(function) and all(a.outcome.value is None for a in attempts):
            return Verdict(False, f"Not answered yet: write {self.name}, then run this cell again.")
        for find in (self._fails, self._known_mistake, self._differs, self._disturbs):
            problem = find(function, attempts)
            if problem:
                return Verdict(False, f"Not yet. {problem}")
        cases = "" if len(self.cases) == 1 else f" on all {len(self.cases)} cases"
        return Verdict(True, f"Right: your {self.name} agrees with ours{cases}.")

    def _cannot_be_called(self, function):
        wanted = inspect.signature(self.reference)
        if not callable(function):
            return f"{self.name} must be a function, def {self.name}{wanted}; got {function!r}."
        try:
            taken = inspect.signature(function)
            taken.bind(*self.cases[0])
        except TypeError:
            return f"{self.name} must take {wanted}; yours takes {inspect.signature(function)}."
        except ValueError:  # one of C's, without a signature
            return ""
        return ""

    def _attempt(self, function, case):
        arguments = copy.deepcopy(case)
        outcome = call(function, arguments)
        return _Attempt(case, outcome, arguments, self._expected(case))

    def _expected(self, case):
        return self.reference(*copy.deepcopy(case))

    # -- what may be wrong; each returns a sentence, or "" -------------------------------------

    def _fails(self, function, attempts):
        """Say what was raised, or that nothing was returned, or nothing that can be compared."""
        for attempt in attempts:
            value, error, printed = attempt.outcome
            where = self._where(attempt.case)
            if isinstance(error, TooLong):
                return f"{where} it was stopped after very many steps: does a loop never end?"
            if error is not None:
                return f"{where} it raised {_told(error, function)}"
            if value is None and printed:
                return "It printed its result but returned nothing: use return."
            if value is None:
                return f"{where} it returned nothing. Does every way through it end with return?"
            if _parts(value) is None:
                kind = type(value).__name__
                return f"{where} it must return numbers; yours returned {kind}: {_short(value)}."
        return ""

    def _known_mistake(self, function, attempts):
        """Name a mistake if the function does on every case what that one does."""
        for wrong, sentence in self.mistakes:
            outcomes = [call(wrong, copy.deepcopy(attempt.case)) for attempt in attempts]
            if all(
                self._agree(attempt.case, attempt.outcome.value, outcome.value)
                for attempt, outcome in zip(attempts, outcomes, strict=True)
            ):
                shown = self._differs(function, attempts)
                if shown:
                    return f"{sentence} {shown}"
        return ""

    def _differs(self, function, attempts):
        """Show the smallest case on which the function differs from the reference."""
        for attempt in attempts:
            value, expected = attempt.outcome.value, attempt.expected
            if not self._agree(attempt.case, value, expected):
                if not attempt.case:  # the answer itself is asked for
                    return f"It is not {_short(value)}."
                wanted, got = self._shown(attempt.case, expected), self._shown(attempt.case, value)
                return f"{self._where(attempt.case)} it must return {wanted}; yours returned {got}."
        return ""

    def _disturbs(self, function, attempts):
        """Say that arguments were changed, or that the answer is another one each time."""
        for attempt in attempts:
            for name, before, after in zip(
                inspect.signature(self.reference).parameters,
                attempt.case,
                attempt.arguments,
                strict=False,
            ):
                if isinstance(before, np.ndarray) and not _same(before, after, 0):
                    return f"{self.name} must not change its {name}: work on a copy of it."
        again = self._attempt(function, self.cases[-1])
        if not self._agree(again.case, again.outcome.value, attempts[-1].outcome.value):
            return f"{self.name} must give the same answer whenever it is called with the same."
        return ""

    def _agree(self, case, one, other):
        if self.features is not None:
            if _parts(one) is None or not _same(np.shape(one), np.shape(other), 0):
                return False
            one, other = (list(self.features(case, v).values()) for v in (one, other))
        return _same(one, other, self.tolerance)

    def _shown(self, case, value):
        if self.features is None:
            return _short(value)
        return ", ".join(f"{name} {n:.3g}" for name, n in self.features(case, value).items())

    def _where(self, case):
        names = inspect.signature(self.reference).parameters
        given = [
            f"{name} = {_short(value)}"
            for name, value in zip(names, case, strict=True)
            if not isinstance(value, np.random.Generator) and np.size(value) <= MOST_SHOWN
        ]
        return f"For {' and '.join(given)}" if given else "In our example"


class _Attempt(NamedTuple):
    """One call of a learner's function."""

    case: tuple
    outcome: Outcome
    arguments: tuple  # what they were after the call
    expected: Any


def _parts(value):
    """Return what was returned as a list of arrays of real numbers, or None if it is none."""
    try:
        values = value if isinstance(value, tuple) else (value,)
        arrays = [np.asarray(part) for part in values]
    except Exception:  # lists of unequal lengths, or whatever an own class does
        return None
    return arrays if all(array.dtype.kind in "buif" for array in arrays) else None


def _same(one, other, tolerance):
    """Tell whether two values are the same numbers of the same shape."""
    ones, others = _parts(one), _parts(other)
    if ones is None or others is None or len(ones) != len(others):
        return False
    return all(
        a.shape == b.shape and np.allclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True)
        for a, b in zip(ones, others, strict=True)
    )


def _is_empty(function):
    """Tell whether a function's body is only ``...`` or ``pass``."""
    code = getattr(function, "__code__", None)
    return code is not None and {step.opname for step in dis.get_instructions(code)} <= EMPTY


def _told(error, function):
    """Return an exception as words, with the learner's own line that raised it."""
    words = f"{type(error).__name__}: {error}".rstrip(": ") + "."
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == file]
    source = linecache.getline(file, lines[-1].lineno).strip() if lines else ""
    return f"{words} The line is: {source}" if source else words


def _short(value):
    """Return a value as it is written in a sentence."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_short, value))})"
    if isinstance(value, np.ndarray) and value.size > MOST_SHOWN:
        return f"an array of shape {value.shape}"
    if isinstance(value, list | np.ndarray | np.generic | float) and _parts(value) is not None:
        look = {"all": lambda number: f"{number:.5g}"}
        text = np.array2string(np.asarray(value), separator=", ", threshold=99, formatter=look)
        text = " ".join(text.split()).replace("-", "−")
    else:
        text = f"{value:,}" if type(value) is int else repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
