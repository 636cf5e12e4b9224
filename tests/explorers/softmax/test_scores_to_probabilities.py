"""Three scores and their probabilities: facts against Python's math and SciPy."""

import math
import re

import numpy as np
import pytest
from explored import picture, plain, shown_once
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import special

from lessonkit.explorers.softmax import scores_to_probabilities

SLIDES = settings(max_examples=25, deadline=None)
NAMES = ("cat", "dog", "ship")


def opened(z=(4, 1, -2), temperature=1, plus_1000="false"):
    explorer = shown_once(scores_to_probabilities)
    scores = " ".join(f"{name}={score}" for name, score in zip(NAMES, z, strict=True))
    explorer.set(f"{scores} temperature={temperature:g} plus_1000={plus_1000}")
    return explorer


def widths(axes):
    return [bar.get_width() for bar in axes.containers[0]]


def texts(axes):
    """Return what is written in a panel beside its bars, from the top."""
    return [text.get_text() for text in axes.texts]


def told(explorer):
    """Return the probabilities of the caption."""
    pattern = r"(\S+(?: × 10\S+)?) \((?:cat|dog|ship)\)"  # 0.0473 or 9.4 × 10⁻¹⁴
    return [plain(p) for p in re.findall(pattern, explorer.caption)]


def assert_picture_shows(explorer):
    """Assert that bars and numbers are the facts', a power's bar relative to the largest."""
    facts, panels = explorer.facts, explorer.picture.axes
    ways = ((facts.written, facts.added, panels[:3]), (facts.safe, 0, panels[3:]))
    for (z, powers, total, result), origin, axes in ways:
        assert_allclose(widths(axes[0]), z - origin, atol=1e-12)
        assert_allclose([plain(text) for text in texts(axes[0])], [*z, origin], atol=0.0501)
        overflow = np.isinf(powers)
        shares = [1 if p == math.inf else p / max(powers) for p in powers]
        assert_allclose(widths(axes[1]), shares, rtol=1e-9)
        assert [bool(bar.get_hatch()) for bar in axes[1].patches] == overflow.tolist()
        assert_allclose(widths(axes[2]), result)
        for panel, values in ((axes[1], [*powers, total]), (axes[2], result)):
            written = [plain(text.removeprefix("sum ")) for text in texts(panel)]
            assert_allclose(written, values, rtol=0.06, atol=0.0000501)
    assert told(explorer) == [plain(text) for text in texts(panels[5])]


def test_the_chapter_s_scores():
    probabilities = opened()
    # e⁴ = 54.5982, e¹ = 2.7183, e⁻² = 0.1353, their sum 57.4518
    assert told(probabilities) == [0.9503, 0.0473, 0.0024]
    scores, powers, _, gaps, safe_powers, _ = probabilities.picture.axes
    assert texts(scores)[:3] == ["4.0", "1.0", "−2.0"]
    assert texts(powers) == ["54.5982", "2.7183", "0.1353", "sum 57.4518"]
    assert texts(gaps)[:3] == ["0.0", "−3.0", "−6.0"]
    assert texts(safe_powers) == ["1.0000", "0.0498", "0.0025", "sum 1.0523"]
    assert "4.0, 1.0 and −2.0 become" in probabilities.caption
    assert probabilities.caption.endswith("probability at any temperature: cat.")


@given(*[st.integers(-50, 50)] * 3, st.integers(2, 100))
@SLIDES
def test_probabilities_are_scipy_s_in_both_ways(cat, dog, ship, twentieths):
    z, temperature = np.array([cat, dog, ship]) / 10, twentieths / 20
    probabilities = opened(z, temperature)
    facts = probabilities.facts
    assert (facts.temperature, facts.added) == (temperature, 0)
    for steps, scores in ((facts.written, z), (facts.safe, z - max(z))):
        assert_allclose(steps.scores, scores, atol=1e-12)
        powers = [math.exp(score / temperature) for score in scores]
        assert_allclose(steps.powers, powers, rtol=1e-9)
        assert steps.total == pytest.approx(math.fsum(powers), rel=1e-9)
        assert_allclose(steps.probabilities, special.softmax(z / temperature), rtol=1e-9)
    assert_picture_shows(probabilities)
    first = {name for name, score in zip(NAMES, z, strict=True) if score == max(z)}
    assert set(re.findall("cat|dog|ship", probabilities.caption.rpartition(":")[2])) == first


@given(*[st.integers(-50, 50)] * 3, st.integers(2, 28))
@SLIDES
def test_1000_more_breaks_the_formula_as_written_alone(cat, dog, ship, twentieths):
    # (1000 − 5) / 1.4 = 710.7, and float64 ends at e^709.78
    z, temperature = np.array([cat, dog, ship]) / 10, twentieths / 20
    probabilities = opened(z, temperature)
    before, told_before = probabilities.facts.safe, told(probabilities)
    facts = opened(z, temperature, "true").facts
    assert facts.added == 1000
    assert_allclose(facts.written.scores, 1000 + z)
    assert np.isposinf([*facts.written.powers, facts.written.total]).all()
    assert np.isnan(facts.written.probabilities).all()
    assert_allclose(facts.safe.probabilities, before.probabilities, rtol=1e-9)
    assert_picture_shows(probabilities)
    panels = probabilities.picture.axes
    assert texts(panels[0])[:3] == [f"{1000 + score:.1f}" for score in z]
    assert texts(panels[1]) == ["inf", "inf", "inf", "sum inf"]
    assert texts(panels[2]) == ["nan", "nan", "nan"]
    assert told(probabilities) == told_before
    said = f"exp({1000 + z.max():.1f} / {temperature:.2f}) exceeds exp(709.78)"
    assert said in probabilities.caption
    assert "gives nan" in probabilities.caption


def test_the_formula_as_written_survives_1000_more_at_a_high_temperature():
    probabilities = opened(temperature=1.45, plus_1000="true")  # 1004 / 1.45 = 692.4
    facts = probabilities.facts
    assert "nan" not in probabilities.caption
    assert "1004.0, 1001.0 and 998.0" in probabilities.caption
    truth = special.softmax(np.array([4, 1, -2]) / 1.45)
    for steps in (facts.written, facts.safe):
        assert_allclose(steps.probabilities, truth, rtol=1e-9)
    assert_allclose(told(probabilities), truth, atol=0.000051)
    powers = [math.exp(z / 1.45) for z in (1004, 1001, 998)]
    assert_allclose(facts.written.powers, powers, rtol=1e-9)
    written = [plain(text) for text in texts(probabilities.picture.axes[1])[:3]]
    assert_allclose(written, powers, rtol=0.05)


def test_the_limit_is_the_largest_float():
    assert np.isfinite(math.exp(709.78))
    with pytest.raises(OverflowError):
        math.exp(709.79)


def test_the_empty_panel_is_plain_to_see():
    probabilities = opened()
    panels = probabilities.picture.axes

    def ink(axes):
        box = axes.get_window_extent()
        pixels = picture(probabilities)[::-1][int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
        return np.mean(pixels < 250)

    before = ink(panels[2])
    probabilities.set("plus_1000=true")
    assert ink(panels[2]) < before / 3
    assert ink(panels[5]) == pytest.approx(before, rel=0.1)
    probabilities.set("plus_1000=false")
    assert_picture_shows(probabilities)  # no bar is hatched any more


def test_temperature_changes_probabilities_and_never_their_order():
    seen = []
    for temperature in (0.1, 0.5, 1, 2, 5):
        probabilities = opened((0.2, 0.3, -5), temperature)
        for cat, dog, ship in (probabilities.facts.safe.probabilities, told(probabilities)):
            assert dog > cat > ship > 0
        assert probabilities.caption.endswith("probability at any temperature: dog.")
        seen.append(dog)
    assert seen == sorted(seen, reverse=True)
