"""An exercise that checks itself: the learner's function is compared with ours on small cases.

A known mistake is a function as well, and its docstring is the sentence for whoever makes it. So a
mistake is recognised by what it computes, however it is written.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lessonkit.questions.exercises.answers import UnreadableError, numbers, same, shown
from lessonkit.questions.exercises.guarded import guarded
from lessonkit.questions.exercises.verdict import Verdict


class Answer(NamedTuple):
    """What a function made of one case: an array, or None; and what else it did."""

    value: np.ndarray | None
    trouble: str
    changed: str  # the name of an argument that is no longer what it was
    printed: bool


@dataclass(frozen=True)
class Exercise:
    """A function to be written, and what is needed to judge one.

    reference: ours, with the parameters that the learner's must take, in this order.
    task, hints: Markdown.
    cases: tuples of arguments, the smallest case first.
    mistakes: functions whose docstring says what is wrong with them.
    read: makes an array of what a function returned, as `answers.numbers` does.
    show: says what such an array holds, as `answers.shown` does.
    probe: probe(ask, *case) calls ask, the learner's function, and returns what is compared.
    measures: what the numbers are that a probe returns, where they are not the function's own.
    situations: the cases in words, where their arguments are too long to be shown.
    reward: what a right answer is told besides.
    """

    reference: Callable
    task: str
    hints: tuple
    cases: tuple
    mistakes: tuple
    read: Callable = numbers
    show: Callable = shown
    probe: Callable = lambda ask, *case: ask(*case)
    measures: tuple = ()
    situations: tuple = ()
    reward: Callable = lambda: ""

    @property
    def name(self):
        return self.reference.__name__

    @property
    def parameters(self):
        return tuple(inspect.signature(self.reference).parameters)

    @property
    def asked(self):
        """The name of the function that the learner writes: my_relu."""
        return f"my_{self.name}"

    @property
    def call(self):
        """That function and its parameters, as one writes a call: my_relu(x)."""
        return f"{self.asked}({', '.join(self.parameters)})"

    @property
    def wrong_answers(self):
        """Name → function, each refused by the sentence in its docstring."""
        return {mistake.__name__: mistake for mistake in self.mistakes}

    def check(self, function):
        """Return a Verdict on the learner's function. Raises nothing, whatever the function does.

        (A KeyboardInterrupt that comes from the user passes.)
        """
        complaint = self._cannot_be_called(function)
        if complaint:
            return Verdict(False, complaint)
        answers = self._answers(function)
        if _nothing(answers):
            message = f"Not answered yet: complete {self.call}, then run this cell again."
            return Verdict(False, message, answered=False)
        expected = self._answers(self.reference)
        if _agree(answers, expected):
            second = self._answers(function)  # a function may keep something between its calls
            if _agree(second, expected):
                cases = "the one case" if len(expected) == 1 else f"all {len(expected)} cases"
                message = f"{self.call} gives the right answer in {cases}. {self.reward()}"
                return Verdict(True, message.strip())
        return Verdict(False, self._complaint(function, answers, expected))

    def _cannot_be_called(self, function):
        """Return what is wrong with a function before it is called, or ""."""
        if not callable(function):
            given = guarded(repr, function).value or f"a {type(function).__name__}"
            return f"{self.asked} must be a function; got {given[:60]}."
        signature = guarded(inspect.signature, function).value
        if signature is None:  # some of C's have none
            return ""
        if guarded(lambda: signature.bind(*self.parameters) and True).value:
            return ""
        theirs = ", ".join(str(p).partition("=")[0] for p in signature.parameters.values())
        return f"{self.asked} must take {self._takes()}; yours takes {_listed(theirs)}."

    def _takes(self):
        return _listed(", ".join(self.parameters))

    def _answers(self, function):
        """Return the Answer in each case, up to the first in which something went wrong."""
        answers = []
        for case in self.cases:
            answers.append(self._answer(function, case))
            if answers[-1].trouble:
                break
        return answers

    def _answer(self, function, case):
        ask = _Asked(function, self.parameters, self.read)
        outcome = guarded(self.probe, ask, *case)
        trouble = ask.unreadable or outcome.trouble
        return Answer(outcome.value, trouble, ask.changed, bool(outcome.printed))

    def _makes(self, mistake, answers):
        """Say whether the answers are those of a known mistake, in every case."""
        return all(
            _agree([answer], [self._answer(mistake, case)])
            for answer, case in zip(answers, self.cases, strict=True)
        )

    def _complaint(self, function, answers, expected):
        """Return what is wrong with answers that are not as expected."""
        if answers[-1].trouble:
            return f"{self._for(len(answers) - 1)}{answers[-1].trouble}."
        if not _agree(answers, self._answers(function)):
            return f"{self.asked} answers differently each time, for the same arguments."
        differing = [not _agree([a], [e]) for a, e in zip(answers, expected, strict=True)]
        first = differing.index(True)
        difference = self._difference(first, answers[first], expected[first])
        for mistake in self.mistakes:
            if self._makes(mistake, answers):
                return f"{inspect.getdoc(mistake)} {difference}"
        return difference

    def _difference(self, index, answer, expected):
        """Return a sentence on one case: what was given, expected and got."""
        given = self._for(index)
        if answer.value is None:
            hint = "; it printed something, but only return hands it on" if answer.printed else ""
            return f"{given}it returned nothing{hint}."
        if answer.changed and same(answer.value, expected.value):
            return f"{given}it changed {answer.changed} itself: work on a copy of it."
        if answer.value.shape != expected.value.shape:
            wanted, got = (_shape(a.value) for a in (expected, answer))
            return f"{given}it must return {wanted}; yours returned {got}."
        if self.measures:
            return f"{given}{self._differing_measures(answer.value, expected.value)}."
        nan = " (nan: not a number)" if np.isnan(answer.value).any() else ""
        wanted, got = self.show(expected.value), self.show(answer.value)
        return f"{given}it must return {wanted}; yours returned {got}{nan}."

    def _differing_measures(self, answer, expected):
        """Return what a probe measured, where it is not as expected."""
        return "; ".join(
            f"{measure} must be {shown(wanted)}, and is {shown(got)}"
            for measure, wanted, got in zip(self.measures, expected, answer, strict=True)
            if not same(wanted, got)
        )

    def _for(self, index):
        """Return the beginning of a sentence on a case, such as "For x = [-1, 2]: "."""
        if self.situations:
            return f"For {self.situations[index]}: "
        case = self.cases[index]
        named = [f"{n} = {shown(v)}" for n, v in zip(self.parameters, case, strict=False)]
        return f"For {', '.join(named)}: " if named else f"{self.call}: "


class _Asked:
    """A learner's function, called with copies; what it changes and cannot be read is kept."""

    def __init__(self, function, names, read):
        self.function, self.names, self.read = function, names, read
        self.changed = self.unreadable = ""

    def __call__(self, *arguments):
        given = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
        value = self.function(*given)
        for name, before, after in zip(self.names, arguments, given, strict=True):
            if isinstance(before, np.ndarray) and not np.array_equal(before, after):
                self.changed = name
        try:
            return self.read(value)
        except UnreadableError as error:
            self.unreadable = f"it must return numbers; yours returned {error}"
            raise


def _nothing(answers):
    """Say whether a function has done nothing at all, like one whose body is only `...`."""
    return all(a.value is None and not (a.trouble or a.changed or a.printed) for a in answers)


def _agree(answers, others):
    """Say whether two functions did the same in all cases. Whoever failed agrees with nobody."""
    return len(answers) == len(others) and all(
        same(a.value, b.value)
        and a.changed == b.changed
        and not (a.trouble or b.trouble)
        and (a.value is not None or a.printed == b.printed)
        for a, b in zip(answers, others, strict=True)
    )


def _listed(names):
    """Return parameters as a tuple is written, and a single one without brackets."""
    if not names:
        return "nothing"
    return f"({names})" if "," in names else names


def _shape(array):
    """Say how many numbers an array holds, and how they are arranged."""
    return "a single number" if array.ndim == 0 else f"an array of shape {array.shape}"
