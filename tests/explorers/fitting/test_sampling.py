"""A sample of pixels: facts against plain loops over the photographs' files."""

import functools

import numpy as np
import pytest
from explored import full_redraws, numbers, picture, shown
from PIL import Image

from lessonkit.datasets import DATA
from lessonkit.explorers.fitting import sampling as make
from lessonkit.explorers.words import percent

GRID = "every n-th row and column"
WAYS = ["random", GRID, "corner"]


@pytest.fixture(scope="module")
def opened():
    return shown(make)


@pytest.fixture
def sampling(opened):
    opened.set("photograph=camera way=random fraction=0.01")
    return opened


@functools.cache
def grey_of(name):
    if name == "stripes":
        return np.array([[0.9 if column % 16 < 8 else 0.2 for column in range(256)]] * 256)
    pixels = np.asarray(Image.open(DATA / "photographs" / f"{name}.png"), dtype=float) / 255
    grey = pixels if pixels.ndim == 2 else pixels.mean(axis=-1)
    height, width = (side // 2 for side in grey.shape)
    return grey[: 2 * height, : 2 * width].reshape(height, 2, width, 2).mean(axis=(1, 3))


def sample_of(shape, way, fraction):
    """Return which pixels are taken, and the n of a grid."""
    taken, n = np.zeros(shape, bool), None
    if way == "random":
        order = [p for p in np.random.default_rng(8).permutation(256**2) if p < taken.size]
        taken.flat[order[: max(1, round(fraction * taken.size))]] = True
    elif way == "corner":
        rows, columns = (max(1, round(side * fraction**0.5)) for side in shape)
        taken[:rows, :columns] = True
    else:
        n = next(n for n in range(1, 40) if 1 / n**2 <= fraction * (1 + 1e-8))
        rows, columns = (np.arange(side) % n == 0 for side in shape)
        taken = np.outer(rows, columns)
    return taken, n


def bars(values):
    return np.bincount(np.minimum(values * 16, 15).astype(int), minlength=16) / values.size


def assert_picture_shows(explorer):
    """Assert that picture, sample, histograms and means are those of the facts."""
    facts, (frame, axes) = explorer.facts, explorer.picture.axes
    dimmed, sample = frame.images
    np.testing.assert_allclose(dimmed.get_array(), 0.45 + 0.2 * facts.grey, atol=1e-6)
    np.testing.assert_array_equal(~np.ma.getmaskarray(sample.get_array()), facts.taken)
    np.testing.assert_array_equal(sample.get_array().compressed(), facts.grey[facts.taken])
    height, width = facts.grey.shape
    assert dimmed.get_extent() == sample.get_extent() == [0, width, height, 0]
    both = (facts.whole, facts.sample)
    for stairs, line, brightness in zip(axes.patches, axes.lines, both, strict=True):
        np.testing.assert_array_equal(stairs.get_data().values, brightness.shares)
        np.testing.assert_allclose(stairs.get_data().edges, np.arange(17) / 16)
        assert list(line.get_xdata()) == [brightness.mean] * 2
    top = axes.get_ylim()[1]
    assert top == pytest.approx(1.6 * facts.whole.shares.max())
    arrows = [f"{percent(share)} ▶" if share > top else "" for share in facts.sample.shares]
    assert [text.get_text() for text in axes.texts] == arrows


@pytest.mark.parametrize("name", ["astronaut", "camera", "cat", "coffee", "stripes"])
@pytest.mark.parametrize("way", WAYS)
def test_facts_and_caption_of_samples(sampling, name, way):
    grey = grey_of(name)
    for fraction in (0.001, 0.01, 0.1, 0.5, 1):
        sampling.set(f"photograph={name} 'way={way}' fraction={fraction}")
        assert_picture_shows(sampling)
        facts, (taken, n) = sampling.facts, sample_of(grey.shape, way, fraction)
        np.testing.assert_allclose(facts.grey, grey, atol=1e-6)
        np.testing.assert_array_equal(facts.taken, taken)
        assert (facts.n, facts.sample.pixels, facts.whole.pixels) == (n, taken.sum(), grey.size)
        assert facts.whole.mean == pytest.approx(grey.mean(), abs=1e-6)
        assert facts.sample.mean == pytest.approx(grey[taken].mean(), abs=1e-6)
        # a value within rounding of a bar's edge may fall to either side
        np.testing.assert_allclose(facts.whole.shares, bars(grey.ravel()), atol=2e-4)
        strays = 0.0006 + (taken.sum() < 100) / taken.sum()
        expected = np.abs(bars(grey[taken].ravel()) - bars(grey.ravel())).sum() / 2
        assert facts.wrong == pytest.approx(expected, abs=strays)

        told = numbers(sampling.caption)
        assert ("(n = " in sampling.caption) == (way == GRID)
        if way == GRID:
            assert told.pop(1) == n
        count, share, mean, all_mean, wrong = told
        assert count == taken.sum()
        assert share == pytest.approx(100 * taken.mean(), abs=0.051)
        assert mean == pytest.approx(grey[taken].mean(), abs=0.00051)
        assert all_mean == pytest.approx(grey.mean(), abs=0.00051)
        assert wrong == pytest.approx(100 * expected, abs=100 * strays)
        assert wrong == pytest.approx(100 * facts.wrong, abs=0.0501)


def test_a_random_sample_errs_as_chance_does(sampling):
    for fraction in (0.001, 0.003, 0.01, 0.03, 0.1):
        sampling.set(f"fraction={fraction}")
        whole, sample = sampling.facts.whole, sampling.facts.sample
        assert abs(sample.mean - whole.mean) < 3 * grey_of("camera").std() / sample.pixels**0.5


def test_each_way_but_chance_fails_somewhere(sampling):
    def off(code):
        sampling.set(code)
        return abs(sampling.facts.sample.mean - sampling.facts.whole.mean)

    assert off("way=corner") > 0.2
    assert off("way=random") < 0.02
    sampling.set(f"'way={GRID}'")
    assert "n = 10)" in sampling.caption
    assert numbers(sampling.caption)[3] == pytest.approx(0.506)
    sampling.set("photograph=stripes fraction=0.00390625")
    assert "256 pixels (n = 16), 0.4 % of all, have a mean brightness of 0.900" in sampling.caption
    assert off("way=random") < 0.05


def test_the_grid_never_takes_more_than_wanted(sampling):
    sampling.set(f"'way={GRID}'")
    for exponent in np.arange(-60, 1) / 20:  # every place of the slider
        sampling.controls["fraction"].value = 10**exponent
        n = sampling.facts.n
        assert 1 / n**2 <= 10**exponent * 1.0001
        assert n == 1 or 1 / (n - 1) ** 2 > 10**exponent, "a denser grid would be too much"
        assert sampling.facts.taken.sum() == np.ceil(256 / n) ** 2
        assert f"(n = {n})" in sampling.caption


def test_shares_of_a_corner(sampling):
    sampling.set("way=corner fraction=0.01")
    expected = bars(grey_of("camera")[:26, :26].ravel())
    np.testing.assert_allclose(sampling.facts.sample.shares, expected, atol=2e-3)


@pytest.mark.parametrize(
    ("code", "too_high"),
    [
        ("way=random fraction=0.01", []),
        ("way=corner fraction=0.1", [12, 13]),
        ("photograph=stripes 'way=every n-th row and column' fraction=0.00390625", [14]),
        ("photograph=coffee way=corner fraction=0.1", [1, 5, 6]),
        ("photograph=coffee way=corner fraction=0.1122", [1, 5]),  # the third just has room
    ],
)
def test_a_bar_that_is_too_high_bears_an_arrow_and_its_share(sampling, code, too_high):
    sampling.set(code)
    axes, shares = sampling.picture.axes[1], sampling.facts.sample.shares
    assert list(np.flatnonzero(shares > axes.get_ylim()[1])) == too_high
    texts = [text for text in axes.texts if text.get_text()]
    assert [text.get_text() for text in texts] == [f"{100 * shares[i]:.1f} % ▶" for i in too_high]
    for text, bar in zip(texts, too_high, strict=True):
        assert text.get_rotation() == 90, "the arrow points up"
        box = text.get_window_extent()
        (left, bottom), (right, top) = axes.transData.transform(
            [(bar / 16, 0), ((bar + 1) / 16, axes.get_ylim()[1])]
        )
        assert left < box.x0 < box.x1 < right
        assert bottom < box.y0 < box.y1 < top


def test_every_state_has_a_picture_of_its_own_and_only_another_photograph_redraws_all(
    sampling, monkeypatch
):
    redraws = full_redraws(sampling, monkeypatch)
    photographs = sampling.controls["photograph"].options
    states = {"fraction": [0.001, 10**-1.5, 1], "way": WAYS, "photograph": photographs}
    for name, values in states.items():
        sampling.set("way=random fraction=0.01")
        seen = set()
        for value in values:
            sampling.controls[name].value = value
            assert not sampling.error
            seen.add(picture(sampling).tobytes())
        assert len(seen) == len(values), name
        assert len(redraws) == (5 if name == "photograph" else 0)


def test_a_sample_of_all_is_the_picture(sampling):
    for way in sampling.controls["way"].options:
        sampling.set(f"'way={way}' fraction=1")
        step = " (n = 1)" if way == GRID else ""
        assert sampling.caption.startswith(f"The sample's 65,536 pixels{step}, 100.0 % of all,")
        assert sampling.caption.endswith(
            "In the histogram, 0.0 % of the sample is in the wrong bar."
        )


def test_a_fraction_over_1_is_refused(sampling):
    before = sampling.code
    with pytest.raises(ValueError, match="fraction"):
        sampling.set("fraction=7")
    assert sampling.code == before
