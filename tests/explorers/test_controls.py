"""Controls that come and go, and numbers that are typed."""

import ipywidgets
import pytest

from lessonkit.explorers.controls import show, show_while, typed_numbers


def test_a_control_is_hidden_and_shown_again():
    control = ipywidgets.IntSlider()
    show(control, False)
    assert control.layout.display == "none"
    show(control, True)
    assert control.layout.display == "flex"


def test_a_control_is_shown_only_while_another_has_a_value():
    control, chooser = ipywidgets.Text(), ipywidgets.Dropdown(options=["cat", "own", "dog"])
    show_while(control, chooser, "own")
    assert control.layout.display == "none", "from the start"
    for value in ("own", "dog", "own", "cat"):
        chooser.value = value
        assert control.layout.display == ("flex" if value == "own" else "none")


@pytest.mark.parametrize("text", ["1 2 3", " 1,2;3\n", "1, 2 / 3", "1\t2,  3.0", "1e0 +2 3"])
def test_spaces_commas_and_such_stand_between_typed_numbers(text):
    assert typed_numbers(text, 3, 99, "1 2 3").tolist() == [1, 2, 3]


def test_both_minus_signs_are_understood():
    assert typed_numbers("-1.5 −2", 2, 99, "1 2").tolist() == [-1.5, -2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 2 3",
        "1 2 3 4 5 6 7 8 nine",
        "1 2 3 4 5 6 7 8 nan",
        "1 2 3 4 5 6 7 8 inf",
        "1 " * 10,
        "1e308 " * 9,
        "1 " * 8 + "−100",
    ],
)
def test_what_is_not_so_many_numbers_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"^numbers must be 9 numbers") as refused:
        typed_numbers(text, 9, 99, "1 2 3 4 5 6 7 8 9")
    assert str(refused.value) == (
        f"numbers must be 9 numbers from −99 to 99, such as 1 2 3 4 5 6 7 8 9; got {text!r}"
    )
