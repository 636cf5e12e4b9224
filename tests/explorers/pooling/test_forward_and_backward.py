"""Forward and backward: facts against the rules word by word, on steps down and steps up."""

import re

import numpy as np
import pytest
from explored import NUMBER, numbers, shown_once
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lessonkit.explorers.pooling import forward_and_backward

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
NEAR = {"abs": 0.00006}  # of numbers with four decimals
CAPTION = re.compile(
    rf"(max|mean)\((.*)\) = ({NUMBER})\. For g = ({NUMBER}) the gradient is (.*) "
    rf"\(sum ({NUMBER}) ([=≠]) g\), and (the measurement agrees|at the tie, where steps down and "
    rf"up differ, a rule decides)\. Our source's (.*) is the gradient for (?:no g|g = ({NUMBER}) "
    r"only)\.(?: The numbers were rounded to two decimals\.)?"
)


@pytest.fixture
def backward():
    explorer = shown_once(forward_and_backward)
    explorer.set("'numbers=1 2 3 2' statistic=max grad_output=1 ties=first")
    return explorer


def rows_of(explorer):
    """Return the rows as a learner reads them: label → (words in the squares, remark)."""
    words = explorer.picture.axes[0].texts
    rows = {}
    for y in sorted({text.get_position()[1] for text in words}):
        row = [text for text in words if text.get_position()[1] == y]
        inside = [t for t in row if 0 < t.get_position()[0] < 4]
        inside.sort(key=lambda text: text.get_position()[0])
        (label,) = [t.get_text() for t in row if t.get_position()[0] < 0]
        (remark,) = [t.get_text() for t in row if t.get_position()[0] > 4]
        rows[label] = [t.get_text() for t in inside], remark
    return rows


def assert_picture_shows(explorer):
    """Assert that the five rows, their greys and the caption are the facts'."""
    facts, rows = explorer.facts, rows_of(explorer)
    assert list(rows) == [
        "input",
        f"forward: {facts.statistic}",
        "backward in our source",
        "gradient for this g",
        "measured",
    ]
    values = facts.numbers, [facts.result], facts.unpooled, facts.gradient
    for (words, _), row in zip(rows.values(), values, strict=False):
        assert numbers(" ".join(words)) == pytest.approx(list(row), **NEAR)
    *_, (copied, verdict), (gradient, total), (measured, agrees) = rows.values()
    pairs = [numbers(word) for word in measured]
    assert [(pair[0], pair[-1]) for pair in pairs] == pytest.approx(facts.measured.T, **NEAR)
    assert verdict == ("= gradient" if facts.is_gradient else "≠ gradient")
    assert agrees == ("agrees" if facts.agrees else "tiny step down | tiny step up")
    greys = [np.ravel(mesh.get_array()) for mesh in explorer.picture.axes[0].collections]
    assert not np.any(np.concatenate(greys[:2]))
    for grey, words in zip(greys[2:], (copied, gradient, measured), strict=True):
        assert [word != "0" for word in words] == grey.tolist()

    said = CAPTION.fullmatch(explorer.caption)
    assert said[1] == facts.statistic
    listed = [", ".join(words) for words, _ in rows.values()]
    assert [said[i] for i in (2, 3, 5, 9)] == [listed[i] for i in (0, 1, 3, 2)]
    assert numbers(said[4]) == [facts.grad_output]
    assert f"sum {said[6]} {said[7]} g" == total
    assert numbers(said[6]) == pytest.approx([facts.total], **NEAR)
    assert (said[7] == "=") == (abs(facts.total - facts.grad_output) < 1e-9)
    assert (said[8] == "the measurement agrees") == facts.agrees
    assert (said[10] is None) == (facts.its_g is None)
    if facts.its_g is not None:
        assert numbers(said[10]) == pytest.approx([facts.its_g], **NEAR)
    assert explorer.caption.endswith("decimals.") == facts.is_rounded
    assert (explorer.controls["ties"].layout.display == "flex") == facts.is_tie


def slopes_by_hand(x, statistic, ties):
    """Return the derivative for each number: by the rule, for a step down and for one up."""
    if statistic == "mean":
        return [1 / 4] * 4, [1 / 4] * 4, [1 / 4] * 4
    top = max(x)
    winners = [i for i in range(4) if x[i] == top]
    rule = {"first": {winners[0]: 1}, "split": dict.fromkeys(winners, 1 / len(winners))}
    rule["all"] = dict.fromkeys(winners, 1)
    down = [1 if winners == [i] else 0 for i in range(4)]
    up = [1 if i in winners else 0 for i in range(4)]
    return [rule[ties].get(i, 0) for i in range(4)], down, up


@given(
    st.lists(st.integers(-9900, 9900), min_size=4, max_size=4)
    | st.lists(st.integers(-1, 1).map(lambda n: 100 * n), min_size=4, max_size=4),
    st.sampled_from(["max", "mean"]),
    st.integers(-16, 16),
    st.sampled_from(["first", "split", "all"]),
)
@example([300, 300, 300, 0], "max", 2, "split")  # thirds
@example([0, 0, 0, 0], "max", 0, "all")
@QUICK
def test_what_goes_forward_and_back(backward, hundredths, statistic, halves, ties):
    x, g = [n / 100 for n in hundredths], halves / 2
    text = " ".join(f"{n:g}" for n in x)
    backward.set(f"'numbers={text}' statistic={statistic} grad_output={g} ties={ties}")
    result = max(x) if statistic == "max" else sum(x) / 4
    rule, down, up = slopes_by_hand(x, statistic, ties)
    put_back = [result] * 4
    if statistic == "max":
        put_back = [result if i == x.index(result) else 0 for i in range(4)]
    facts = backward.facts
    assert (facts.statistic, facts.grad_output, facts.is_rounded) == (statistic, g, False)
    assert facts.numbers.tolist() == x
    assert facts.result == pytest.approx(result)
    assert facts.unpooled == pytest.approx(put_back)
    assert facts.gradient == pytest.approx([g * s for s in rule])
    assert facts.measured == pytest.approx(g * np.array([down, up]), **NEAR)
    equal = all(abs(c - g * s) < 1e-6 for c, s in zip(put_back, rule, strict=True))
    assert facts.is_gradient == equal
    assert facts.agrees == (g == 0 or (down == up == rule))
    assert facts.total == pytest.approx(g * sum(rule))
    # for which g the copied values are the gradient: the first number that a slope reaches decides
    own = next(c / s for c, s in zip(put_back, rule, strict=True) if s)
    fits = all(abs(c - own * s) < 1e-6 for c, s in zip(put_back, rule, strict=True))
    assert facts.its_g == (pytest.approx(own) if fits else None)
    assert facts.is_tie == (statistic == "max" and x.count(max(x)) > 1)
    assert_picture_shows(backward)


def test_numbers_of_our_source(backward):
    assert backward.caption == (
        "max(1, 2, 3, 2) = 3. For g = 1 the gradient is 0, 0, 1, 0 (sum 1 = g), "
        "and the measurement agrees. Our source's 0, 0, 3, 0 is the gradient for g = 3 only."
    )
    backward.set("grad_output=3")
    assert rows_of(backward)["backward in our source"] == (["0", "0", "3", "0"], "= gradient")
    backward.set("statistic=mean grad_output=2")
    assert backward.caption == (
        "mean(1, 2, 3, 2) = 2. For g = 2 the gradient is 0.5, 0.5, 0.5, 0.5 (sum 2 = g), "
        "and the measurement agrees. Our source's 2, 2, 2, 2 is the gradient for "
        "g = 8 only."
    )


@pytest.mark.parametrize(
    "text",
    ["", "1 2 3", "1 2 3 2 1", "1 2 x 2", "1 2 inf 2", "1 2 nan 2", "1 2 100 2", "1 −100 3 2"],
)
def test_numbers_that_are_none_are_refused_in_words(backward, text):
    code, png = backward.code, backward.png()
    backward.controls["numbers"].value = text
    assert "numbers must be 4 numbers from −99 to 99, such as 1 2 3 2" in backward.error
    assert backward.error.endswith(f"; got {text!r}")  # and no line of the code: it is all right
    assert (backward.code, backward.png()) == (code, png)
    backward.controls["numbers"].value = "5, 1; −2/2"
    assert not backward.error
    assert backward.caption.startswith("max(5, 1, −2, 2) = 5.")


def test_numbers_are_rounded_to_what_the_squares_can_hold_and_that_is_said(backward):
    backward.set("'numbers=0.001 2 3.456 −4.5' statistic=max ties=first")
    assert backward.caption.startswith("max(0, 2, 3.46, −4.5) = 3.46.")
    assert backward.caption.endswith(" only. The numbers were rounded to two decimals.")
    assert backward.facts.is_rounded
    backward.set("'numbers=99 99 99 98.99' statistic=mean")
    assert backward.caption.startswith("mean(99, 99, 99, 98.99) = 98.9975."), "it is exact"
    assert backward.caption.endswith(" only.")
