"""What holds for all explorers of the chapter, beside what holds for every one of the package."""

import itertools

import pytest
from explored import picture, shown

from lessonkit.explorers import nonlinearity

START = {
    "smile": "units=4",
    "linear_stack": "layers=3 activation=nothing",
    "approximation": "target=smile activation=ReLU hidden_units=10",
}


@pytest.fixture(scope="module")
def opened():
    return {name: shown(getattr(nonlinearity, name)) for name in START}


@pytest.fixture(params=START)
def explorer(opened, request):
    opened[request.param].set(START[request.param])
    return opened[request.param]


def states_of(control):
    """Return the least, a middle and the greatest value of a slider, or every option."""
    if hasattr(control, "_options_values"):
        return control._options_values
    return [control.min, (control.min + control.max) // 2, control.max]


def test_every_state_has_a_picture_and_a_caption_of_its_own(explorer):
    start = explorer.code
    for name, control in explorer.controls.items():
        explorer.set(start)
        pictures, captions = set(), set()
        for state in states_of(control):
            control.value = state
            pictures.add(picture(explorer).tobytes())
            captions.add(explorer.caption)
        assert len(pictures) == len(captions) == len(states_of(control)), name


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("smile", "units=41", "units must be a number from 0 to 40"),
        ("linear_stack", "layers=0", "layers must be a number from 1 to 6"),
        (
            "linear_stack",
            "activation=sigmoid",
            "activation must be one of nothing, ReLU, leaky ReLU, tanh",
        ),
        ("approximation", "target=circle", "target must be one of smile, sine wave, row of pixels"),
        ("approximation", "hidden_units=101", "hidden_units must be a number from 1 to 100"),
    ],
)
def test_what_cannot_be_is_refused_in_words(opened, name, code, message):
    explorer = opened[name]
    before = explorer.code
    with pytest.raises(ValueError, match=message):
        explorer.set(code)
    assert explorer.code == before


def test_texts_fit_the_page_and_do_not_touch(explorer):
    width, height = explorer.picture.get_size_inches() * explorer.picture.dpi
    assert (width, height) == (760, pytest.approx(400, abs=70))
    for control in explorer.controls.values():
        for state in states_of(control):
            control.value = state
            boxes = boxes_of_texts(explorer.picture)
            for box in boxes:
                assert 0 <= box.x0 < box.x1 <= 760
            overlaps = [pair for pair in itertools.combinations(boxes, 2) if overlap(*pair)]
            assert not overlaps, explorer.code


def boxes_of_texts(figure):
    texts = figure.findobj(lambda artist: hasattr(artist, "get_fontsize") and artist.get_text())
    renderer = figure.canvas.get_renderer()
    assert all(text.get_fontsize() >= 10 for text in texts)
    return [text.get_window_extent(renderer) for text in texts if text.get_visible()]


def overlap(one, other):
    return (
        min(one.x1, other.x1) - max(one.x0, other.x0) > 1
        and min(one.y1, other.y1) - max(one.y0, other.y0) > 1
    )
