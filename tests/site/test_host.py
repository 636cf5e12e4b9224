"""The host: cells, what they show, and widgets' messages, without a kernel and without IPython."""

import base64

from in_pyodide import hosted

IMPORTS = "from lessonkit import explorers, questions\nimport ipywidgets"
SMILE = "explorers.nonlinearity.smile()"


def results(*sources):
    """Return what cells c0, c1 … show, run one after the other."""
    steps = [("run", f"c{number}", source) for number, source in enumerate(sources)]
    return [step.result for step in hosted(*steps)]


def update(**state):
    return {"method": "update", "state": state, "buffer_paths": []}


def custom(**content):
    return {"method": "custom", "content": content}


def said_by(step, model_id):
    return [data for name, _, data in step.told if name == model_id]


def captions(step):
    contents = [data.get("content", {}) for _, _, data in step.told]
    return [content["caption"] for content in contents if "caption" in content]


# -- what a cell shows -----------------------------------------------------------------------------


def test_text_is_what_was_printed_and_the_last_value():
    nothing, both, warned = results(
        "x = 'one'", "print(x)\n[x, 2]", "import warnings\nwarnings.warn('careful')"
    )
    assert nothing == {"text": "", "html": None, "roots": [], "error": ""}
    assert both["text"] == "one\n['one', 2]\n"
    assert "UserWarning: careful" in warned["text"]


def test_a_last_value_of_none_or_a_statement_shows_nothing():
    assert [r["text"] for r in results("None", "x = 3", "", "# nothing", "x;")] == [""] * 4 + [
        "3\n"
    ]


def test_a_value_that_is_html_is_shown_as_html():
    verdict = "from lessonkit.questions import EXERCISES\nEXERCISES['relu'].check(lambda x: x)"
    (result,) = results(verdict)
    assert result["html"].startswith('<p class="lessonkit-verdict"')
    assert (result["text"], result["roots"]) == ("", [])


def test_an_explorer_its_questions_and_a_quiz_are_roots_in_the_order_shown():
    _, one, asked, quiz = hosted(
        ("run", "imports", IMPORTS),
        ("run", "one", SMILE),
        ("run", "asked", f"questions.nonlinearity.smile({SMILE})"),
        ("run", "quiz", "questions.nonlinearity.quiz()"),
    )
    kinds = [
        [step.models[root]["_model_name"] for root in step.result["roots"]]
        for step in (one, asked, quiz)
    ]
    assert kinds == [["VBoxModel"], ["AnyModel", "VBoxModel"], ["AnyModel"]]
    assert asked.models[asked.result["roots"][0]]["title"] == "Predict"
    assert [step.result["text"] for step in (one, asked, quiz)] == ["", "", ""]


def test_display_shows_too():
    source = "from IPython.display import display\ndisplay(ipywidgets.IntSlider(), 'text')\n1"
    _, result = results(IMPORTS, source)
    assert len(result["roots"]) == 1
    assert result["text"] == "'text'\n1\n"


# -- what goes wrong -------------------------------------------------------------------------------


def test_an_error_names_the_lines_of_cells_that_led_to_it():
    defined, failed, after = results(
        "def halve(x):\n    return x / 0\nprint('defined')", "print('so far')\nhalve(3)", "2"
    )
    assert defined["error"] == ""
    assert failed["text"] == "so far\n"
    assert failed["error"].splitlines() == [
        "line 2 of cell c1: halve(3)",
        "line 2 of cell c0: return x / 0",
        "ZeroDivisionError: division by zero",
    ]
    assert after["text"] == "2\n"


def test_what_is_no_python_and_a_wish_to_leave_are_errors_too():
    syntax, leave, after = results("x = = 1", "raise SystemExit(3)", "'still here'")
    assert "SyntaxError" in syntax["error"]
    assert "x = = 1" in syntax["error"]
    assert "SystemExit: 3" in leave["error"]
    assert after["text"] == "'still here'\n"


def test_widgets_that_were_made_before_a_cell_failed_are_closed_when_it_runs_again():
    _, failed, again = hosted(
        ("run", "imports", IMPORTS),
        ("run", "c", "slider = ipywidgets.IntSlider()\n1 / 0"),
        ("run", "c", "3"),
    )
    assert failed.result["error"]
    assert {name for name, kind, _ in again.told if kind == "comm_close"} >= set(failed.models)


# -- widgets ---------------------------------------------------------------------------------------


def test_ids_depend_on_the_cell_and_the_order_alone():
    make = ("run", "smile", SMILE)
    _, one = hosted(("run", "imports", IMPORTS), make)
    _, _, other = hosted(("run", "imports", IMPORTS), ("run", "before", SMILE), make)
    assert one.models == other.models
    assert all(name.startswith("smile.") for name in one.models)


def test_a_second_run_makes_new_ids_and_closes_the_old_widgets():
    make = ("run", "smile", SMILE)
    imported, one, other = hosted(("run", "imports", IMPORTS), make, make)
    assert not imported.told
    assert not one.models.keys() & other.models.keys()
    assert all(name.startswith("smile.2.") for name in other.models)
    closed = {name for name, kind, _ in other.told if kind == "comm_close"}
    assert closed >= one.models.keys()


def test_models_hold_what_a_page_needs_and_no_more():
    _, asked, whole = hosted(
        ("run", "imports", IMPORTS),
        ("run", "asked", f"questions.nonlinearity.smile({SMILE})"),
        ("run", "whole", "explorers.whole_network.whole_network()"),
    )
    for model in [*asked.models.values(), *whole.models.values()]:
        assert not model.keys() & {"opening", "_esm", "_css", "style"}
        assert None not in model.values()
        for value in model.values():  # no reference leads nowhere
            references = value if isinstance(value, list) else [value]
            for name in (r for r in references if str(r).startswith("IPY_MODEL_")):
                assert name.removeprefix("IPY_MODEL_") in asked.models | whole.models
    (units,) = (m for m in asked.models.values() if m["_model_name"] == "IntSliderModel")
    assert (units["min"], units["max"], units["value"]) == (0, 40, 4)
    (pad,) = (m for m in whole.models.values() if m.get("description") == "drawing")
    assert base64.b64decode(pad["value"]) == bytes(784)


def test_models_are_as_the_cell_left_them_and_what_is_older_is_told():
    _, made, moved = hosted(
        ("run", "imports", IMPORTS),
        ("run", "made", "slider = ipywidgets.IntSlider(3)\nslider.value = 5\nslider"),
        ("run", "moved", "slider.value = 8\nother = ipywidgets.IntSlider(1)"),
    )
    (slider,) = made.result["roots"]
    assert made.models[slider]["value"] == 5
    assert not made.told
    assert said_by(moved, slider) == [update(value=8)]
    assert slider not in moved.models


def test_a_control_that_a_page_moves_draws_and_is_not_echoed():
    steps = [("run", "imports", IMPORTS), ("run", "smile", SMILE)]
    *_, made = hosted(*steps)
    (slider,) = (n for n, m in made.models.items() if m["_model_name"] == "IntSliderModel")
    (page,) = (n for n, m in made.models.items() if m.get("pointed") is False)
    *_, opened, asked, moved = hosted(
        *steps,
        ("receive", page, custom(density=1)),
        ("receive", page, custom(values=[7])),
        ("receive", slider, update(value=7)),
    )
    assert len(captions(opened)) == len(captions(asked)) == 1
    assert captions(opened) != captions(asked)
    assert said_by(asked, page)[-1]["content"]["answer"] is True
    assert not moved.told


def test_what_is_told_to_a_widget_that_is_gone_is_dropped():
    make = ("run", "smile", SMILE)
    _, made = hosted(("run", "imports", IMPORTS), make)
    page = next(n for n, m in made.models.items() if m.get("pointed") is False)
    *_, late = hosted(
        ("run", "imports", IMPORTS), make, make, ("receive", page, custom(values=[7]))
    )
    assert not late.told


def test_widgets_that_are_made_between_cells_are_told():
    make = (
        "def add(change):\n    box.children = [ipywidgets.IntText()]\n"
        "slider, box = ipywidgets.IntSlider(), ipywidgets.VBox()\n"
        "slider.observe(add, 'value')\nslider"
    )
    steps = [("run", "imports", IMPORTS), ("run", "make", make)]
    *_, made = hosted(*steps)
    *_, moved = hosted(*steps, ("receive", made.result["roots"][0], update(value=3)))
    opened = [name for name, kind, _ in moved.told if kind == "comm_open"]
    assert opened
    assert all(name.startswith("later.") for name in opened)
