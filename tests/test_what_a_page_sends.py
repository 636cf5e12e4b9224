"""Whatever a page sends to a widget of the lessons, nothing is raised or logged, and it goes on."""

import contextlib
import json
import logging

import comm
import IPython.display
import ipywidgets
import pytest
from comm.base_comm import BaseComm
from fuzzing import fuzzed, tried
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets.widgets import widget as widgets_module

from lessonkit import explorers, questions
from lessonkit.explorers.whole_network import own_training
from lessonkit.live.ask import Questions
from lessonkit.live.pad import DrawingPad
from lessonkit.live.page import Page
from lessonkit.live.recorded import listed_values, page_value
from lessonkit.site.host import Host

CASES = [
    (chapter, name) for chapter in explorers.__all__ for name in getattr(explorers, chapter).__all__
]

# -- what is sent ----------------------------------------------------------------------------------

LEAVES = st.one_of(
    st.none() | st.booleans() | st.integers(-3, 30) | st.floats(-3, 30),
    st.sampled_from([float("nan"), float("inf"), 1e308, -1e308, 10**400, 10**9, 2**63, 1e-320]),
    st.sampled_from(["", "value", "IPY_MODEL_", "\ud800", "1e999", "0 1 2 3", "<b>", "\0"]),
    st.text(max_size=4),
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=5,
)
OUR_WORDS = ["density", "values", "pointer", "next", "do", "name", "answer", "event", "kind"]
BUFFERS = st.lists(st.binary(max_size=9) | st.just(bytes(784)), max_size=2)


@st.composite
def messages(draw, widgets, said):
    """Draw a widget and a message for it: anything, or what a page says with something odd in it.

    said: what a page of ours says to the widgets, as (widget, data).
    """
    kind = draw(st.sampled_from(["state", "said", "custom", "anything"]))
    widget, buffers = draw(st.sampled_from(widgets)), draw(BUFFERS)
    if kind == "anything":
        return widget, draw(ANYTHING), buffers
    if kind == "said":
        widget, data = draw(st.sampled_from(said))
        return widget, draw(spoilt(data)), buffers
    if kind == "custom":
        content = draw(st.dictionaries(st.sampled_from(OUR_WORDS), ANYTHING, max_size=3) | ANYTHING)
        return widget, {"method": "custom", "content": content}, buffers
    names = st.sampled_from([*widget.keys, "value", "index", "unknown"])
    state = draw(st.dictionaries(names, ANYTHING, max_size=3) | ANYTHING)
    paths = draw(st.lists(st.lists(names | st.integers(-1, 2), max_size=2), max_size=2))
    return widget, {"method": "update", "state": state, "buffer_paths": paths}, buffers


@st.composite
def spoilt(draw, data):
    """Draw a copy of a message with one of its values replaced by anything, or left out."""
    data = json.loads(json.dumps(data))
    place = data
    while True:
        inside = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = draw(st.sampled_from(inside))
        if (
            not isinstance(place[key], dict | list)
            or not place[key]
            or draw(st.integers(0, 3)) == 0
        ):
            break
        place = place[key]
    if draw(st.integers(0, 4)) == 0:
        del place[key]
    else:
        place[key] = draw(ANYTHING)
    return data


def said_to(shown):
    """Return what a page of ours says to an explorer and its questions, as (widget, data)."""
    said = []
    for widget in shown:
        if isinstance(widget, Page):
            said += [(widget, custom(density=2)), (widget, custom(next=1)), (widget, custom())]
        elif isinstance(widget, Questions):
            for question in widget.questions:
                said += [(widget, custom(do=do, name=question)) for do in ("show", "clear")]
                said.append((widget, custom(do="answer", name=question, answer=1)))
        elif isinstance(widget, ipywidgets.FileUpload):
            file = {"name": "a.png", "type": "", "size": 0, "content": "", "last_modified": 0}
            said.append((widget, update(value=[file])))
        elif isinstance(widget, ipywidgets.Button):
            said.append((widget, custom(event="click")))
    return said


def said_to_controls(explorer):
    controls = explorer._serializable
    values = [page_value(c, c.value) for c in controls.values()]
    page = explorer._page
    said = [(page, custom(values=values)), (page, custom(density=1, values=values))]
    said.append((page, custom(values=values, pointer=[40, 40])))
    for control, value in zip(controls.values(), values, strict=True):
        name = "index" if "index" in control.keys else "value"
        said.append((control, update(**{name: value})))
    return said


def custom(**content):
    return {"method": "custom", "content": content}


def update(**state):
    return {"method": "update", "state": state}


# -- to whom ---------------------------------------------------------------------------------------


class Told(BaseComm):
    """A widget's connection to a page, which takes what JSON takes."""

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        json.dumps(data, allow_nan=False, ensure_ascii=False, default=str).encode()


class Jupyter:
    """Takes messages to widgets as a kernel does."""

    def __init__(self, patch):
        patch.setattr(comm, "create_comm", Told)

    def run(self, source, namespace):
        exec(source, namespace)

    def send(self, widget, data, buffers=()):
        content = {"comm_id": widget.model_id, "data": data}
        message = {"content": content, "buffers": list(buffers)}
        comm.get_comm_manager().comm_msg(None, None, message)


class WebPage:
    """Takes messages to widgets as the web edition does."""

    def __init__(self, patch):
        patch.setattr(comm, "create_comm", comm.create_comm)  # to be put back
        patch.setattr(IPython.display, "show", None, raising=False)
        patch.setattr(widgets_module, "JUPYTER_WIDGETS_ECHO", True)
        self.host = Host(lambda *said: json.dumps(said[2], allow_nan=False, default=str))

    def run(self, source, namespace):
        self.host.namespace.update(namespace)
        result = self.host.run("cell", source + "\nNone")
        assert not result["error"], result["error"]
        namespace.update(self.host.namespace)

    def send(self, widget, data, buffers=()):
        self.host.receive(widget.model_id, data, list(buffers))


@contextlib.contextmanager
def nothing_logged():
    """Assert that nobody logs a warning or worse meanwhile."""
    records, handler = [], logging.Handler(logging.WARNING)
    handler.emit = lambda record: records.append(record.getMessage())
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
    assert records == []


def all_in(root):
    """Return a widget and all widgets in it, their layouts and styles too."""
    parts = [root, root.layout, *filter(None, [getattr(root, "style", None)])]
    for child in getattr(root, "children", ()):
        parts += all_in(child)
    return parts


def move(way, explorer, values):
    """Let a page ask for the picture of some values, and for the pieces of longer work."""
    way.send(explorer._page, custom(values=values))
    while explorer._task is not None:
        way.send(explorer._page, custom(next=explorer._task.pieces))
    return explorer.caption, explorer.error


def another_move(explorer):
    """Return values that a page can ask for and that are not those it opens with."""
    controls = explorer._serializable
    values = [page_value(control, control.value) for control in controls.values()]
    for place, control in enumerate(controls.values()):
        others = [other for other in listed_values(control) if other != values[place]]
        if others and control.layout.display != "none":
            return [*values[:place], others[0], *values[place + 1 :]]
    return values


def begin_again(explorer, code):
    """Put an explorer back, what a page cannot put back too."""
    for control in explorer.controls.values():
        if isinstance(control, ipywidgets.FileUpload):
            control.value = ()
        elif isinstance(control, DrawingPad):
            control.value = bytes(784)
    explorer.set(code)


@pytest.fixture(autouse=True)
def _short_trainings(monkeypatch):
    monkeypatch.setattr(own_training, "BUDGET", 1000)


def in_pages(case):
    """Tell whether an explorer is tried in the web edition too: each chapter's last one."""
    chapter, name = case
    return name == getattr(explorers, chapter).__all__[-1]


WAYS = [(Jupyter, *case) for case in CASES] + [(WebPage, *case) for case in CASES if in_pages(case)]


@pytest.mark.parametrize(
    ("kind", "chapter", "name"),
    WAYS,
    ids=[f"{way[0].__name__}-{'.'.join(way[1:])}" for way in WAYS],
)
def test_an_explorer_and_its_questions_live_on(kind, chapter, name, monkeypatch):
    way, namespace = kind(monkeypatch), {}
    asks = hasattr(getattr(questions, chapter), name)
    asked = f"questions.{chapter}.{name}(explorer).questions" if asks else "explorer"
    made = f"explorer = explorers.{chapter}.{name}()\nasked = {asked}"
    way.run(f"from lessonkit import explorers, questions\n{made}", namespace)
    explorer, asked = namespace["explorer"], namespace["asked"]
    opening, moved = explorer.code, another_move(explorer)
    way.send(explorer._page, custom(density=1))
    expected = move(way, explorer, moved)
    assert not expected[1]

    widgets = list(dict.fromkeys(all_in(explorer) + all_in(asked)))
    said = said_to(widgets) + said_to_controls(explorer)

    @fuzzed(4)
    @given(st.lists(messages(widgets, said), min_size=4, max_size=6))
    def send_anything(sent):
        for widget, data, buffers in sent:
            tried("messages of a page")
            with nothing_logged():
                way.send(widget, data, buffers)
            assert explorer.caption

    send_anything()
    begin_again(explorer, opening)
    assert move(way, explorer, moved) == expected


@pytest.mark.parametrize("kind", [Jupyter, WebPage])
@pytest.mark.parametrize("chapter", explorers.__all__)
def test_a_quiz_lives_on(kind, chapter, monkeypatch):
    way, namespace = kind(monkeypatch), {}
    way.run(f"from lessonkit import questions\nquiz = questions.{chapter}.quiz()", namespace)
    quiz = namespace["quiz"]
    widgets = all_in(quiz)

    @fuzzed(8)
    @given(st.lists(messages(widgets, said_to(widgets)), min_size=4, max_size=6))
    def send_anything(sent):
        for widget, data, buffers in sent:
            tried("messages of a page")
            with nothing_logged():
                way.send(widget, data, buffers)

    send_anything()
    way.send(quiz, custom(do="clear"))
    first = next(iter(quiz.questions.values()))
    way.send(quiz, custom(do="answer", name=first.name, answer=first.right))
    way.send(quiz, custom(do="show", name=first.name))
    assert quiz.verdicts == {first.name: first.verdict(None, first.right)}
