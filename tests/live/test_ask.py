"""Questions about an explorer: what is answered, what settles it, and what is drawn and kept."""

import dataclasses
import itertools
from typing import NamedTuple

import pytest
from matplotlib.figure import Figure
from pages import meanwhile

from lessonkit.live import ask, explore, lesson_style


class Facts(NamedTuple):
    x: float
    square: float


@lesson_style()
def squared():
    figure = Figure(figsize=(4, 3))
    axes = figure.subplots()
    axes.set(xlim=(-4, 4), ylim=(0, 16))
    (dot,) = axes.plot([0], [0], "o", animated=True)
    return explore(
        lambda x=1: Facts(x, x * x),
        figure,
        lambda facts: dot.set_data([facts.x], [facts.square]),
        lambda facts: f"{facts.x} squared is {facts.square}.",
        x=(-4, 4),
    )


def line(figure, guess):
    return [figure.axes[0].axhline(guess, animated=True)]


SIGN = ask.Choice(
    name="sign",
    text="Minus three squared is …",
    options={"negative": "A minus stays a minus, many think.", "positive": ""},
    right="positive",
    settled=lambda facts: facts.x == -3,
    state="x=-3",
    finding=lambda facts: f"Its square is {facts.square}.",
)
SIZE = ask.Number(
    name="size",
    text="How large is three squared?",
    low=0,
    high=16,
    step=0.5,
    unit=" m²",
    truth=lambda facts: 9,
    close=1,
    mark=line,
    believed=lambda facts, guess: "That is twice three." if guess == 6 else "",
    settled=lambda facts: facts.x == 3,
    state="x=3",
    finding=lambda facts: f"It is {facts.square}.",
)


@pytest.fixture(autouse=True)
def _forget():
    ask._KEPT.clear()


def asked(key="test.squared"):
    return ask.ask(squared(), Facts, key, SIGN, SIZE)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (
            "negative",
            "You said “negative”: no. A minus stays a minus, many think. Its square is 9.",
        ),
        ("positive", "You said “positive”: right. Its square is 9."),
    ],
)
def test_a_choice_settles_itself_where_the_facts_hold_the_answer(answer, verdict):
    panel, explorer = asked()
    panel.answer("sign", answer)
    explorer.set("x=3")
    assert panel.verdicts == {}
    explorer.set("x=-3")
    assert panel.verdicts == {"sign": verdict}


@pytest.mark.parametrize(
    ("guess", "verdict"),
    [
        (9, "You said 9.0 m²: right. It is 9."),
        (8, "You said 8.0 m²: close. It is 9."),
        (6, "You said 6.0 m²: too low. That is twice three. It is 9."),
        (12.5, "You said 12.5 m²: too high. It is 9."),
    ],
)
def test_a_number_is_compared_with_the_truth(guess, verdict):
    panel, explorer = asked()
    panel.answer("size", guess)
    explorer.set("x=3")
    assert panel.verdicts["size"] == verdict


def test_nothing_is_settled_before_it_is_answered_or_asked_for():
    panel, explorer = asked()
    explorer.set("x=-3")
    assert panel.verdicts == {}
    panel.show("size")
    assert explorer.code == "x=3"
    assert panel.verdicts == {"size": "It is 9."}
    assert panel.score == ""
    panel.answer("sign", "positive")  # later is not too late
    explorer.set("x=-3")
    assert panel.score == "1 of 2 right."


def test_an_answer_can_be_changed_until_it_is_settled_and_cleared_then():
    panel, explorer = asked()
    panel.answer("size", 3)
    panel.answer("size", 9)
    panel.answer("sign", "negative")
    panel.answer("sign", None)
    assert panel.answers == {"size": 9}
    explorer.set("x=3")
    with pytest.raises(ValueError, match=r"^size is settled already; choose Start again"):
        panel.answer("size", 3)
    assert panel.verdicts["size"].startswith("You said 9.0 m²")
    panel.clear()
    assert (panel.answers, panel.verdicts, panel.score) == ({}, {}, "")
    panel.answer("size", 3)


def test_a_guess_stays_in_the_picture_while_the_explorer_moves():
    panel, explorer = asked()
    axes = explorer.picture.axes[0]
    nothing = explorer.png()
    panel.answer("size", 4)
    drawn = explorer.png()
    assert drawn != nothing
    assert list(axes.lines[-1].get_ydata()) == [4, 4]
    panel.answer("size", 5)
    assert list(axes.lines[-1].get_ydata()) == [5, 5]
    assert len(axes.lines) == 2
    explorer.set("x=3")
    assert len(axes.lines) == 2
    panel.clear()
    explorer.set("x=1")
    assert explorer.png() == nothing


def test_a_guess_is_drawn_only_where_it_belongs():
    left = dataclasses.replace(SIZE, belongs=lambda facts: facts.x <= 0)
    panel, explorer = ask.ask(squared(), Facts, "test.belongs", left)
    axes = explorer.picture.axes[0]
    panel.answer("size", 4)
    for x, lines in ((1, 1), (-1, 2), (0, 2), (2, 1)):
        explorer.set(f"x={x}")
        assert len(axes.lines) == lines
    assert panel.answers == {"size": 4}


def test_a_guess_is_sent_to_the_page(monkeypatch):
    panel, explorer = asked()
    sent = []
    monkeypatch.setattr(explorer, "_notify_page", sent.append)
    panel.answer("size", 4)
    assert [len(message["patches"]) for message in sent] == [1]
    panel.answer("sign", "positive")  # draws nothing
    assert len(sent) == 1


def test_a_cell_that_is_run_again_takes_the_answers_up():
    panel, _ = asked()
    panel.answer("size", 4)
    panel.show("sign")
    again, explorer_again = asked()
    assert (again.answers, again.verdicts) == (panel.answers, panel.verdicts)
    assert len(explorer_again.picture.axes[0].lines) == 2
    explorer_again.set("x=3")
    assert again.score == "0 of 2 right."
    assert "size" not in panel.verdicts
    other, _ = asked("test.another")
    assert other.answers == {}


@pytest.mark.parametrize("guess", [-1, 17, float("nan"), "9", True])
def test_what_is_no_answer_is_refused_in_words(guess):
    panel, _ = asked()
    with pytest.raises(ValueError, match=r"^size must be a number from 0 to 16; got"):
        panel.answer("size", guess)
    with pytest.raises(ValueError, match=r"^sign must be one of negative; positive; got"):
        panel.answer("sign", guess)
    with pytest.raises(ValueError, match=r"^name must be one of sign, size; got 'sighn'"):
        panel.answer("sighn", 1)
    assert panel.answers == {}


def test_the_page_is_told_what_to_ask():
    panel, _ = asked()
    assert panel.described == [
        {
            "name": "sign",
            "text": "Minus three squared is …",
            "options": ["negative", "positive"],
        },
        {
            "name": "size",
            "text": "How large is three squared?",
            "low": 0,
            "high": 16,
            "step": 0.5,
            "unit": " m²",
        },
    ]


def test_the_page_hears_of_all_that_it_shows():
    own = {name for name in asked().questions.get_state() if not name.startswith("_")}
    shown = {"title", "described", "button", "answers", "verdicts", "errors", "score"}
    assert own >= shown | {"handled", "witness"}


def test_a_question_by_itself_is_never_settled_by_facts():
    assert not ask.Choice(
        name="alone", text="?", options={"a": ""}, right="a", finding=str
    ).settled(Facts(3, 9))


TURN = itertools.count(1)


def send(panel, page="a page", turn=None, **message):
    """Do what a page asks for, in its next turn or in the one given; the page is told of it."""
    turn = turn or next(TURN)
    panel._handle_custom_msg(message | {"page": page, "turn": turn}, [])
    assert panel.handled[page] >= turn


def test_a_page_answers_shows_and_clears():
    panel, explorer = asked()
    send(panel, do="answer", name="size", answer=4)
    assert panel.answers == {"size": 4}
    send(panel, do="answer", name="size", answer=99)
    assert panel.errors == {"size": "size must be a number from 0 to 16; got 99"}
    assert panel.answers == {"size": 4}
    send(panel, do="show", name="sign")
    assert (panel.errors, explorer.code, list(panel.verdicts)) == ({}, "x=-3", ["sign"])
    send(panel, do="clear")
    assert panel.verdicts == {}


def test_show_me_brings_all_answers_that_the_kernel_may_not_have():
    panel, explorer = asked()
    settling = dataclasses.replace(SIGN, name="other", settled=lambda facts: facts.x == 3)
    panel.questions["other"] = settling
    answers = {"size": 9, "other": "positive", "unknown": 3}
    send(panel, do="show", name="size", answers=answers)
    assert panel.verdicts == {
        "size": "You said 9.0 m²: right. It is 9.",
        "other": "You said “positive”: right. Its square is 9.",
    }
    assert explorer.code == "x=3"
    send(panel, do="show", name="sign", answers={"size": 1, "sign": "negative"})
    assert panel.answers == {"size": 9, "other": "positive", "sign": "negative"}
    assert panel.errors == {}
    send(panel, do="show", name="sign", answers=[3])  # no page of ours says so
    assert panel.errors == {}


def test_a_message_that_was_overtaken_changes_nothing():
    panel, _ = asked()
    send(panel, turn=2, page="slow", do="show", name="size", answers={"size": 4})
    told = panel.verdicts
    send(panel, turn=1, page="slow", do="answer", name="size", answer=4)
    assert (panel.verdicts, panel.errors, panel.handled) == (told, {}, {"slow": 2})
    send(panel, turn=4, page="slow", do="clear")
    send(panel, turn=3, page="slow", do="answer", name="size", answer=5)
    assert panel.answers == {}
    send(panel, turn=1, page="other", do="answer", name="size", answer=6)
    assert panel.answers == {"size": 6}
    assert panel.handled == {"slow": 4, "other": 1}


def test_the_pages_that_are_told_are_few():
    panel, _ = asked()
    for number in range(ask.PAGES + 5):
        send(panel, page=f"page {number}", do="clear")
        send(panel, page="first", do="clear")
    assert len(panel.handled) == ask.PAGES
    assert {"first", f"page {number}"} <= panel.handled.keys()


@pytest.mark.parametrize("turn", [0, -1, True, 1.0, 2**53, 10**400, "1", None])
def test_a_turn_that_is_none_is_not_answered(turn):
    panel, _ = asked()
    panel._handle_custom_msg({"do": "answer", "name": "size", "answer": 4, "turn": turn}, [])
    message = {"do": "answer", "name": "sign", "answer": "positive", "page": "a", "turn": turn}
    panel._handle_custom_msg(message, [])
    assert panel.answers == {"size": 4, "sign": "positive"}
    assert panel.handled == {}


def test_a_question_that_fails_leaves_the_picture_alive():
    def fail(facts):
        raise KeyError("no such fact")

    broken = ask.Choice(
        name="broken", text="?", options={"a": "", "b": ""}, right="a", settled=fail, finding=fail
    )
    panel, explorer = ask.ask(squared(), Facts, "test.broken", broken)
    panel.answer("broken", "a")
    explorer.set("x=2")
    assert (explorer.caption, explorer.error) == ("2 squared is 4.", "")
    assert panel.errors == {"broken": "KeyError: 'no such fact'"}


def test_another_explorer_is_refused():
    class OtherFacts(NamedTuple):
        x: float

    with pytest.raises(TypeError, match=r"^explorer must be made by .*\(\); got Explorer"):
        ask.ask(squared(), OtherFacts, "test", SIGN)
    with pytest.raises(TypeError, match="got None"):
        ask.ask(None, Facts, "test", SIGN)


def test_without_a_page_the_questions_are_text():
    panel, _ = asked()
    bundle, _ = panel._repr_mimebundle_()
    assert bundle["text/plain"] == bundle["text/markdown"]
    assert bundle["text/plain"].splitlines() == [
        "**Predict.**",
        "",
        "- Minus three squared is …",
        "  - negative",
        "  - positive",
        "- How large is three squared? (from 0.0 m² to 16.0 m²)",
    ]


def test_a_cell_shows_the_questions_above_the_explorer(monkeypatch):
    both, shown = asked(), []
    monkeypatch.setattr(ask, "display", shown.append)
    both._ipython_display_()
    assert shown == [both.questions, both.explorer]


def test_a_quiz_is_settled_by_asking():
    panel = ask.quiz("test.quiz", dataclasses.replace(SIGN, finding=lambda facts: "It is."))
    with pytest.raises(ValueError, match=r"^Choose an answer first"):
        panel.show("sign")
    panel.answer("sign", "positive")
    assert panel.verdicts == {}
    panel.show("sign")
    assert panel.verdicts == {"sign": "You said “positive”: right. It is."}
    assert panel.score == "1 of 1 right."


def test_a_picture_that_comes_in_pieces_settles_when_the_facts_are_there():
    def measure(x=1):
        yield Facts(x, 0), 0.5
        yield Facts(x, x * x), 1.0

    figure = Figure(figsize=(4, 3))
    figure.subplots()
    explorer = explore(measure, figure, lambda facts: None, str, x=(-4, 4))
    done = dataclasses.replace(SIZE, settled=lambda facts: facts.square == 9)
    panel, _ = ask.ask(explorer, Facts, "test.pieces", done)
    page = explorer.children[-1]
    page._handle_custom_msg({"density": 1}, [])  # from now on a page paces the work
    panel.show("size")
    assert (explorer.facts.square, panel.verdicts) == (0, {})
    page._handle_custom_msg({"next": 1}, [])
    assert panel.verdicts == {"size": "It is 9."}


def test_what_a_page_clears_stays_cleared_whatever_a_cell_settles():
    def finding(facts):
        threads.append(meanwhile(lambda: questions._on_message({"do": "clear"})))
        return "It is nine."

    threads, sign = [], dataclasses.replace(SIGN, finding=finding)
    questions, explorer = ask.ask(squared(), Facts, "test.squared", sign)
    questions.answer("sign", "positive")
    explorer.set("x=-3")
    threads[0].join()
    assert (questions.answers, questions.verdicts) == ({}, {})
