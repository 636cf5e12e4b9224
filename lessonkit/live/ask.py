"""Questions in the page, about an explorer or by themselves; ask.js beside it shows them.

A question about an explorer, a *prediction*, settles itself: as soon as the explorer has been moved
to where its facts hold the answer, the sentence made of these facts appears. A question by itself
settles when the learner asks for it. What was answered is kept for as long as the kernel runs.

Not made of ipywidgets' own radio buttons and labels: these have no name for the group, and nothing
that a screen reader would announce when the verdict comes.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import anywidget
import ipywidgets
import traitlets
from IPython.display import display

from lessonkit.live.explorer import Explorer
from lessonkit.live.look import in_turn, lesson_style
from lessonkit.live.messages import heed, nothing
from lessonkit.live.page_files import page_file
from lessonkit.live.question import Choice, Number, Question

__all__ = ["Asked", "Choice", "Number", "Question", "Questions", "ask", "quiz"]

PAGES = 20  # that are told what has become of their messages: each time that one is loaded counts
# key → (answers, verdicts, which were right): a cell that is run again takes them up.
_KEPT = {}


class Questions(anywidget.AnyWidget):
    """Questions as a page shows them. From Python: `answer`, `show` and `clear`.

    answers: name of a question → what was answered. verdicts: name → the sentence that settled it.
    """

    _esm = page_file("ask.js")
    _css = page_file("ask.css")
    title = traitlets.Unicode().tag(sync=True)
    described = traitlets.List().tag(sync=True)
    button = traitlets.Unicode().tag(sync=True)  # what the one that settles a question says
    answers = traitlets.Dict().tag(sync=True)
    verdicts = traitlets.Dict().tag(sync=True)
    errors = traitlets.Dict().tag(sync=True)  # name → what is wrong with what was asked for last
    score = traitlets.Unicode().tag(sync=True)
    handled = traitlets.Dict().tag(sync=True)  # page → the turn of its last message, see ask.js
    # Any widget that lives in the kernel: by it the page sees whether there still is one.
    witness = traitlets.Any().tag(sync=True, **ipywidgets.widget_serialization)

    def __init__(self, key: str, questions: Sequence[Question], explorer: Explorer | None) -> None:
        self.questions = {question.name: question for question in questions}
        self.explorer = explorer
        self._key = key
        self._marks = {}  # name → (guess, the artists that show it)
        self._awaited = set()  # names of questions that are to be settled, answered or not
        answers, verdicts, right = _KEPT.get(key, ({}, {}, {}))
        self._right = dict(right)  # name of a settled question → whether its answer was right
        super().__init__(
            title="Check yourself" if explorer is None else "Predict",
            described=[question.described() for question in questions],
            button="Check" if explorer is None else "Show me",
            answers=dict(answers),
            verdicts=dict(verdicts),
            witness=ipywidgets.Layout(),
        )
        for part in (self, self.layout, self.witness):
            heed(part, nothing)
        self._keep()
        self.on_msg(lambda _, message, __: self._on_message(message))
        if explorer is not None:
            explorer.on_facts(self._on_facts)

    # -- what a learner does, in the page or from Python -------------------------------------------

    @in_turn
    def answer(self, name: str, answer: Any) -> None:
        """Answer a question; None takes the answer back. ValueError for what is no answer to it."""
        question = self._question(name)
        if name in self.verdicts:
            raise ValueError(f"{name} is settled already; choose Start again to answer anew")
        if answer is not None:
            question.check(answer)
        others = {other: given for other, given in self.answers.items() if other != name}
        self.answers = others if answer is None else others | {name: answer}
        self.errors = {}
        self._keep()

    @in_turn
    def show(self, name: str) -> None:
        """Take the explorer to where a question is settled, and settle it.

        Without an explorer: settle it. ValueError for a question that was not answered then.
        """
        question = self._question(name)
        self.errors = {}
        if self.explorer is not None:
            self._awaited.add(name)  # a picture that comes in pieces may take a while
            self.explorer.set(question.state)
            self._on_facts(self.explorer.facts)
        elif name not in self.answers:
            raise ValueError("Choose an answer first.")
        else:
            self._settle(question, None)

    @in_turn
    def clear(self) -> None:
        """Forget all answers and verdicts."""
        self.answers, self.verdicts, self.errors, self._right = {}, {}, {}, {}
        self._awaited.clear()
        self._keep()

    def _question(self, name):
        if name not in self.questions:
            raise ValueError(f"name must be one of {', '.join(self.questions)}; got {name!r}")
        return self.questions[name]

    @in_turn
    def _on_message(self, message):
        """Do what a page asks for; what goes wrong is said beside the question.

        A message that a later one of its page has overtaken is only acknowledged: with Show me came
        all answers, and Start again takes them back.
        """
        name, page, turn = message.get("name"), message.get("page"), message.get("turn")
        has_turn = isinstance(page, str) and type(turn) is int and 0 < turn < 2**53
        last = self.handled.get(page, 0) if has_turn else 0
        if self.explorer is not None:
            self.explorer.hear()  # else what Show me starts would be done in one go
        with self.hold_sync():  # one message: the page sees what became of it, and that it is done
            try:
                if not has_turn or turn > last:
                    self._do(message)
            except Exception as problem:
                self.errors = {name: str(problem)}
            if has_turn:
                others = [pair for pair in self.handled.items() if pair[0] != page]
                self.handled = dict(others[1 - PAGES :]) | {page: max(turn, last)}

    def _do(self, message):
        do, name, answers = message.get("do"), message.get("name"), message.get("answers")
        if do == "clear":
            self.clear()
        elif not isinstance(name, str) or name not in self.questions:
            pass  # no page of ours says so
        elif do == "answer":
            self.answer(name, message.get("answer"))
        elif do == "show":
            for other, answer in answers.items() if isinstance(answers, dict) else ():
                if other in self.questions.keys() - self.verdicts.keys():
                    self.answer(other, answer)
            self.show(name)

    # -- what becomes of it ------------------------------------------------------------------------

    def _on_facts(self, facts):
        """Settle what the explorer's new facts can settle. A picture never fails for a question."""
        try:
            self._draw_guesses()
        except Exception as problem:
            self.errors = dict.fromkeys(self._marks, f"{type(problem).__name__}: {problem}")
        for name in (self.answers.keys() | self._awaited) - self.verdicts.keys():
            try:
                if self.questions[name].settled(facts):
                    self._settle(self.questions[name], facts)
            except Exception as problem:
                self.errors = {name: f"{type(problem).__name__}: {problem}"}

    def _settle(self, question, facts):
        if question.name not in self.verdicts:
            answer = self.answers.get(question.name)
            verdict = question.verdict(facts, answer)
            self._right[question.name] = answer is not None and question.is_right(facts, answer)
            self.verdicts = self.verdicts | {question.name: verdict}
            self._keep()

    def _keep(self):
        """Keep the answers for the next run of the cell, draw the guesses, count what is right."""
        _KEPT[self._key] = (self.answers, self.verdicts, self._right)
        settled, right = len(self._right), sum(self._right.values())
        self.score = f"{right} of {settled} right." if settled == len(self.questions) else ""
        if self.explorer is not None:
            self._draw_guesses()

    def _draw_guesses(self):
        """Show in the picture the guesses that are numbers and belong there, and no others."""
        numbers = {n: q for n, q in self.questions.items() if isinstance(q, Number)}
        given = {name: self.answers[name] for name in numbers if name in self.answers}
        facts = self.explorer.facts
        guesses = {name: guess for name, guess in given.items() if numbers[name].belongs(facts)}
        if guesses == {name: guess for name, (guess, _) in self._marks.items()}:
            return
        with lesson_style():
            for _, artists in self._marks.values():
                for artist in artists:
                    artist.remove()
            self._marks = {
                name: (guess, self.questions[name].mark(self.explorer.picture, guess))
                for name, guess in guesses.items()
            }
            self.explorer.redraw()

    def _repr_mimebundle_(self, **kwargs):
        bundle, metadata = super()._repr_mimebundle_(**kwargs)
        lines = [f"**{self.title}.**", "", *(q.as_text() for q in self.questions.values())]
        text = "\n".join(lines)
        return bundle | {"text/plain": text, "text/markdown": text}, metadata


def ask(explorer: Explorer, facts: type, key: str, *questions: Question) -> "Asked":
    """Return an explorer with questions about it, predictions, to be shown above it.

    facts: the class of the explorer's facts, which the questions read. key: under which the answers
    are kept, the same whenever the cell is run. Raises TypeError for another explorer.
    """
    if not isinstance(explorer, Explorer) or not isinstance(explorer.facts, facts):
        wanted = facts.__module__.removeprefix("lessonkit.")
        raise TypeError(f"explorer must be made by {wanted}(); got {explorer!r}")
    return Asked(Questions(key, questions, explorer), explorer)


def quiz(key: str, *questions: Question) -> Questions:
    """Return questions that stand by themselves; each is settled when the learner asks for it."""
    return Questions(key, questions, None)


class Asked(NamedTuple):
    """An explorer with the questions about it. As a cell's last line it shows both."""

    questions: Questions
    explorer: Explorer

    def _ipython_display_(self):
        display(self.questions)
        display(self.explorer)
