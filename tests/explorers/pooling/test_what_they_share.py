"""What holds for all explorers of the pooling chapter, besides what holds for every explorer."""

import numpy as np
import pytest
from explored import full_redraws, panels, picture, shown, shown_once

from lessonkit.explorers import pooling
from lessonkit.pooling import STATISTICS

OPENING = {
    "anywhere": "right=21 down=9",
    "forward_and_backward": "'numbers=3 1 3 2' statistic=max grad_output=2 ties=first",
    "pooled_digits": "kernel_size=4 statistic=mean training_digits=1000",
    "sliding_window": "statistic=max kernel_size=2 stride=2 step=2",
    "steadiness": "photograph=camera layer_input=photograph transform=shift shift=2 kernel_size=4",
}
ALL_MOVES = {"anywhere", "pooled_digits"}  # no control of theirs draws the whole figure again


@pytest.fixture(params=OPENING)
def explorer(request):
    explorer = shown_once(getattr(pooling, request.param))
    explorer.set(OPENING[request.param])
    return explorer


def places(control):
    """Return all options, or a slider's ends and its middle."""
    if hasattr(control, "options"):
        return [option[-1] if isinstance(option, tuple) else option for option in control.options]
    middle = (control.min + control.max) / 2 // control.step * control.step
    return [control.min, middle, control.max]


def test_each_place_of_a_control_has_its_picture_and_its_caption(explorer, monkeypatch):
    redraws, start = full_redraws(explorer, monkeypatch), explorer.code
    limits = [(axes.get_xlim(), axes.get_ylim()) for axes in explorer.picture.axes]
    for name, control in explorer.controls.items():
        if isinstance(control.value, str) and not hasattr(control, "options"):
            continue  # numbers that are typed
        explorer.set(f"transform={name}" if name in ("turn", "scale") else start)
        pictures, captions = set(), set()
        for place in places(control):
            control.value = place
            assert not explorer.error, name
            pictures.add(picture(explorer).tobytes())
            captions.add(explorer.caption)
        assert len(pictures) == len(captions) == len(places(control)), name
    if explorer in [shown_once(getattr(pooling, name)) for name in ALL_MOVES]:
        assert redraws == []
        assert [(axes.get_xlim(), axes.get_ylim()) for axes in explorer.picture.axes] == limits


def test_it_fills_the_page_s_width(explorer):
    width, _ = explorer.picture.get_size_inches() * explorer.picture.dpi
    assert width == 760


def median(x, axes):
    """Pool by the median, as plain as can be; x: (..., rows, columns)."""

    def inside(axis, number):
        start = number * axis.stride - axis.padding
        return slice(max(start, 0), start + axis.size)

    rows, columns = ([inside(axis, i) for i in range(axis.windows)] for axis in axes)
    middles = [[np.median(x[..., i, j], axis=(-2, -1)) for j in columns] for i in rows]
    return np.moveaxis(np.array(middles), (0, 1), (-2, -1))


@pytest.fixture
def _with_median(monkeypatch):
    monkeypatch.setitem(STATISTICS, "median", (median, None))


@pytest.mark.usefixtures("_with_median")
def test_the_sliding_window_shows_any_statistic_that_the_maths_has():
    explorer = shown(pooling.sliding_window)
    explorer.set("statistic=median")
    assert explorer.caption.startswith("Window 1 of 9: median(1, 5, 2, 0) = 1.5. ")
    assert explorer.facts.result == 1.5
    explorer.set("kernel_size=3 stride=3 step=2")  # 2, 3, 1, 4, 1, 6, 0, 2 and 0
    assert explorer.caption.startswith("Window 2 of 4: median(2, 3, 1, 4, 1, 6, 0, 2, 0) = 2. ")


@pytest.mark.usefixtures("_with_median")
def test_the_mosaics_show_any_statistic_that_the_maths_has():
    explorer = shown(pooling.mosaics)
    explorer.set("photograph=cat kernel_size=20 statistic=median")
    assert ", the median: 15 × 23 = 345 of 135,300 pixels are kept" in explorer.caption
    photo, mosaic = panels(explorer)
    for row, column in ((0, 0), (7, 11), (14, 22)):  # the last window is cut
        window = photo[20 * row : 20 * row + 20, 20 * column : 20 * column + 20]
        np.testing.assert_allclose(mosaic[row, column], np.median(window, axis=(0, 1)), atol=0.501)
