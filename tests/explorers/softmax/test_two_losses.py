"""Two losses of three scores: facts against sums word by word, SciPy and differences."""

import re

import numpy as np
import pytest
from explored import NUMBER, plain, shown_once
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib import cbook
from numpy.testing import assert_allclose
from scipy import special

from lessonkit.explorers.softmax import two_losses

SLIDES = settings(max_examples=25, deadline=None)
NAMES = ["cat", "dog", "ship"]
TOLD = r"\S+(?: × 10\S+)?"  # 0.0473 or 9.4 × 10⁻¹⁴
CAPTION = re.compile(
    rf"Highest score: (.*); highest probability: (.*)\. The hinge loss is ({TOLD}) "
    rf"\(slope ({TOLD}) along the cat's score\): (\w+) (leads by|trails by|has no lead)"
    rf"(?: ({NUMBER}))?, and a lead of 1 makes it 0\. "
    rf"Cross-entropy is ({TOLD}) \(slope ({TOLD})\) and never becomes 0\."
)


def opened(code):
    explorer = shown_once(two_losses)
    explorer.set(f"cat=4 dog=1 ship=-2 label=cat {code}")
    return explorer


def widths(bars):
    return [bar.get_width() for bar in bars]


def texts(axes):
    return [text.get_text() for text in axes.texts]


def curves(axes):
    return [line for line in axes.lines if len(line.get_xdata()) > 2]


def assert_picture_shows(explorer):
    """Assert that bars, curves, dots and numbers are the facts'."""
    facts, (scores, probabilities, *along) = explorer.facts, explorer.picture.axes
    bars, excess = scores.containers
    assert_allclose(widths(bars), facts.scores)
    assert_allclose(widths(probabilities.containers[0]), facts.probabilities)
    assert_allclose(widths(excess), facts.excess)
    greys = [bar.get_facecolor()[0] for bar in bars]
    assert NAMES[np.argmin(greys)] == facts.label, "the right class is the darkest"
    for score, bar in zip(facts.scores, excess, strict=True):
        assert bar.get_width() == 0 or bar.get_x() + bar.get_width() == pytest.approx(score)
    for axes, place in ((scores, facts.margin), (along[0], facts.bend)):
        (dashed,) = [line for line in axes.lines if line.get_linestyle() == "--"]
        assert list(dashed.get_xdata()) == [place, place]
    words = []
    for i, (axes, title) in enumerate(zip(along, ("loss", "slope"), strict=True)):
        assert (axes.get_title("left"), texts(axes)[::2]) == (title, ["hinge", "cross-entropy"])
        words += texts(axes)[1::2]
        pairs = zip((facts.hinge, facts.cross_entropy), curves(axes), words[-2:], strict=True)
        for fact, curve, word in pairs:
            value, heights = fact[i], fact[2 + i]
            assert_allclose(curve.get_data(), [np.arange(-4, 8.1, 0.25), heights])
            dot = axes.lines[list(axes.lines).index(curve) + 1]
            assert_allclose(np.ravel(dot.get_data()), [facts.scores[0], min(value, 10)])
            assert dot.get_marker() == ("^" if value > 10 else "o")
            assert plain(word) == pytest.approx(value, abs=0.051 if abs(value) > 9.9 else 0.0051)
    said = CAPTION.fullmatch(explorer.caption).groups()
    assert [said[i] for i in (2, 7, 3, 8)] == words


def hinge(z, right):
    """Return the loss of Weston and Watkins, word by word."""
    return sum(max(0, 1 + z[wrong] - z[right]) for wrong in range(3) if wrong != right)


def entropy(z, right):
    return float(special.logsumexp(z) - z[right])


def slope(loss, z, right, step):
    """Return how `loss` changes with the first score, by a difference."""
    ahead, behind = ([score + move, *z[1:]] for score, move in ((z[0], step), (z[0], -step)))
    return (loss(ahead, right) - loss(behind, right)) / (2 * step)


def test_the_chapter_s_scores_cost_cross_entropy_and_not_hinge_loss():
    said = CAPTION.fullmatch(opened("").caption).groups()
    # ln(1 + e⁻³ + e⁻⁶) = 0.0509 and its slope 0.9503 − 1; the lead of 3 exceeds the margin
    assert said == ("cat", "cat", "0.000", "0.000", "cat", "leads by", "3.00", "0.051", "−0.050")


@given(st.integers(-16, 32), *[st.integers(-12, 12)] * 2, st.sampled_from([0, 1, 2]))
@example(32, 12, -12, 2)  # (1 + 8 + 3) + (1 + 3 + 3) = 19, ln(e¹¹ + e⁶ + 1) = 11.01: both ▲
@example(-16, 12, 12, 0)  # 2 · (1 + 4 + 3) = 16, 7 + ln(2 + e⁻⁷) = 7.69: one ▲
@example(-16, 0, 0, 0)  # 2 · (1 + 4 + 0) = 10 is the top itself
@SLIDES
def test_losses_slopes_and_caption(cat, dog, ship, right):
    z = [cat / 4, dog / 4, ship / 4]  # in quarters, as the sliders
    losses = opened(f"cat={z[0]} dog={z[1]} ship={z[2]} label={NAMES[right]}")
    facts = losses.facts
    assert (facts.label, list(facts.scores)) == (NAMES[right], z)
    assert_allclose(facts.probabilities, special.softmax(z))
    assert facts.excess.sum() == pytest.approx(hinge(z, right))
    assert facts.margin == z[right] - 1
    lead = z[right] - max(score for i, score in enumerate(z) if i != right)
    assert facts.lead == lead
    assert facts.bend == (max(z[1:]) + 1 if right == 0 else z[right] - 1)
    xs = np.arange(-4, 8.1, 0.25)
    corners = np.flatnonzero(np.abs(np.diff(facts.hinge.losses, 2)) > 1e-9) + 1
    assert facts.bend in [-4, *xs[corners]], "the hinge loss bends there"
    for loss, fact in ((hinge, facts.hinge), (entropy, facts.cross_entropy)):
        assert fact.loss == pytest.approx(loss(z, right), abs=1e-9)
        assert_allclose(fact.losses, [loss([x, *z[1:]], right) for x in xs], atol=1e-6)
        bends = [z[1] + 1, z[2] + 1, z[right] - 1]  # where the hinge loss may have a corner
        smooth = ~np.isin(xs, bends) | (loss is entropy)
        slopes = [slope(loss, [x, *z[1:]], right, 1e-6) for x in xs[smooth]]
        assert_allclose(fact.slopes[smooth], slopes, atol=1e-6)
        assert [fact.slope] == pytest.approx(fact.slopes[xs == z[0]], abs=1e-12)
    # the hinge loss has corners on the sliders' places: there its slope is that of one side
    sides = [slope(hinge, [z[0] + side / 16, *z[1:]], right, 1 / 32) for side in (-1, 1)]
    assert facts.hinge.slope == pytest.approx(min(sides, key=abs))
    assert_picture_shows(losses)
    said = CAPTION.fullmatch(losses.caption).groups()
    highest = {name for name, score in zip(NAMES, z, strict=True) if score == max(z)}
    assert set(re.findall(r"\w+", said[0].replace(" and ", " "))) == highest
    assert said[1] == said[0], "the scores and the probabilities name the same class"
    assert plain(said[2]) == pytest.approx(facts.hinge.loss, abs=0.051, rel=0.001)
    assert plain(said[3]) == pytest.approx(facts.hinge.slope)
    assert plain(said[7]) == pytest.approx(facts.cross_entropy.loss, abs=0.00051, rel=0.05)
    assert plain(said[8]) == pytest.approx(facts.cross_entropy.slope, abs=0.00051, rel=0.05)
    leads = ("leads by" if lead > 0 else "trails by", f"{abs(lead):.2f}")
    assert said[4:7] == (NAMES[right], *(leads if lead else ("has no lead", None)))
    assert (said[2] == "0.000") == (lead >= 1)
    assert plain(said[7]) > 0, "cross-entropy is never content"


@pytest.mark.parametrize(("label", "places"), [("cat", {1.5, 3}), ("dog", {1}), ("ship", {-0.5})])
def test_hinge_slope_steps_where_a_score_meets_the_margin(label, places):
    curve = curves(opened(f"dog=2 ship=0.5 label={label}").picture.axes[3])[0]
    xs, ys = cbook.STEP_LOOKUP_MAP[curve.get_drawstyle()](*curve.get_data())
    assert set(xs[1:][np.diff(ys) != 0]) == places
    assert np.all(np.diff(xs)[np.diff(ys) != 0] == 0), "upright, not slanting"
