"""What holds for all explorers of the softmax chapter, besides what holds for every explorer."""

import pytest
from explored import full_redraws, picture, shown_once
from matplotlib.text import Text

from lessonkit.explorers import softmax

OPENING = {
    "dropout": "rate=0.5 epoch=60 mask=1",
    "parameter_ledger": "input_size=32 kernel_size=5 in_channels=1 out_channels=1",
    "scores_to_probabilities": "cat=4 dog=1 ship=-2 temperature=1 plus_1000=false",
    "two_losses": "cat=1 dog=0.5 ship=0.25 label=cat",
    "where_the_parameters_are": "network=VGG-16",
}


def opened(name):
    explorer = shown_once(getattr(softmax, name))
    explorer.set(OPENING[name])
    return explorer


@pytest.fixture(params=softmax.__all__)
def explorer(request):
    return opened(request.param)


def middle(control):
    """Return a value between the ends of a slider, on one of its steps."""
    steps = round((control.max - control.min) / control.step)
    return control.min + steps // 2 * control.step


def places(control):
    if hasattr(control, "options"):
        return control.options
    is_box = isinstance(control.value, bool)
    return [False, True] if is_box else [control.min, middle(control), control.max]


def test_each_place_of_a_control_has_its_picture_and_its_caption(explorer, monkeypatch):
    redraws, start = full_redraws(explorer, monkeypatch), explorer.code
    limits = [(axes.get_xlim(), axes.get_ylim()) for axes in explorer.picture.axes]
    for name, control in explorer.controls.items():
        explorer.set(start)
        pictures, captions = set(), set()
        for place in places(control):
            control.value = place
            assert not explorer.error, name
            pictures.add(picture(explorer).tobytes())
            captions.add(explorer.caption)
        assert len(pictures) == len(captions) == len(places(control)), name
    assert redraws == []
    assert [(axes.get_xlim(), axes.get_ylim()) for axes in explorer.picture.axes] == limits


def test_it_fills_the_page_s_width_and_is_quick_to_send(explorer):
    width, _ = explorer.picture.get_size_inches() * explorer.picture.dpi
    assert width == 760
    assert len(explorer.png()) < 60_000


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("scores_to_probabilities", "cat=5 dog=-5 ship=0.1 temperature=0.1"),
        ("scores_to_probabilities", "cat=5 dog=-5 ship=0.1 temperature=1.45 plus_1000=true"),
        ("two_losses", "cat=8 dog=-3 ship=-3"),
        ("two_losses", "cat=8 dog=3 ship=-3 label=ship"),
        ("two_losses", "cat=-4 dog=1 ship=-2"),
        ("parameter_ledger", "input_size=64 kernel_size=11 in_channels=8 out_channels=8"),
        ("where_the_parameters_are", "network=VGG-16"),
        ("where_the_parameters_are", "network=ResNet-50"),
    ],
)
def test_no_words_leave_the_picture_or_touch(name, code):
    explorer = opened(name)
    explorer.set(code)
    figure = explorer.picture
    hidden = {
        text
        for axes in figure.axes
        if not axes.axison
        for axis in (axes.xaxis, axes.yaxis)
        for text in axis.findobj(Text)
    }
    written = [t for t in figure.findobj(Text) if t.get_text() and t not in hidden]
    boxes = [text.get_window_extent() for text in written]
    whole = figure.bbox
    for box in boxes:
        assert whole.x0 <= box.x0 < box.x1 <= whole.x1
        assert whole.y0 <= box.y0 < box.y1 <= whole.y1
    for i, one in enumerate(boxes):
        for other in boxes[:i]:
            apart = max(one.x0 - other.x1, other.x0 - one.x1, one.y0 - other.y1, other.y0 - one.y1)
            assert apart > -3, "a box is a little larger than its letters"


@pytest.mark.parametrize(
    "code",
    [
        *("cat=9", "label=bird", "network=VGG", "kernel_size=4"),
        *("rate=0.9", "rate=0.25", "epoch=61", "mask=0"),
    ],
)
def test_impossible_values_are_refused(explorer, code):
    before = explorer.code
    with pytest.raises(ValueError, match="must be"):
        explorer.set(code)
    assert explorer.code == before
