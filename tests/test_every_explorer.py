"""What holds for every explorer of the package, whatever it shows.

The list is that of the chapters' `__all__`. Each explorer has a test file of its own, and in it
`assert_picture_shows(explorer)`, which compares the artists with `explorer.facts`.
"""

import hashlib
import importlib.util
import itertools
import random
import re
import weakref
from pathlib import Path

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from explored import (
    OPENING,
    at_once,
    full_redraws,
    opened,
    panels,
    png_of,
    released,
    shown,
    uploaded,
)

from lessonkit import explorers
from lessonkit.explorers.whole_network import own_training
from lessonkit.live import explorer as live_explorer
from lessonkit.live.pad import DrawingPad
from lessonkit.network import Network

HERE = Path(__file__).parent
EXPLORERS = [
    (chapter, name) for chapter in explorers.__all__ for name in getattr(explorers, chapter).__all__
]
# A text that changes something, for each control that takes text.
TEXTS = {
    "numbers": ["1 2 3 2", "3 3 1 0"],
    "own": ["0 -1 0, -1 4 -1, 0 -1 0", "1 2 1, 0 0 0, 0 0 1"],
}
# Nothing and something, for the controls whose value is too large to be written down.
UPLOADS = [(), uploaded(png_of(np.arange(600, dtype=np.uint8).reshape(20, 30)))]
DRAWINGS = [bytes(784), bytes(392) + bytes([255]) * 392]
SAYS_NAN = {"scores_to_probabilities"}  # its lesson: the formula as written breaks
COMBINATIONS = 12  # of extremes, for each explorer


@pytest.fixture(scope="module", autouse=True)
def short_trainings():
    """Let a training that a control starts be a short one, and be done at once.

    `shown` counts as a page for a while, and nothing here asks for the next piece of a long task.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_training, "BUDGET", 1000)
        patch.setattr(live_explorer, "SILENCE", 0)
        yield


@pytest.fixture(scope="module", params=EXPLORERS, ids=".".join)
def kept(request):
    """Return the chapter and the name of an explorer, which is kept while it is tested."""
    with released():
        yield request.param


@pytest.fixture
def case(kept):
    """Return an explorer as it opens, and the test file that it has."""
    chapter, name = kept
    explorer = opened(chapter, name)
    reset(explorer)
    return explorer, HERE / "explorers" / chapter / f"test_{name}.py"


@pytest.fixture
def explorer(case):
    return case[0]


def reset(explorer):
    with at_once(explorer):
        put_back(explorer)


def put_back(explorer):
    """Give all controls their first values, and a file's control nothing."""
    for name, control in explorer.controls.items():
        control.value = choices(name, control)[0] if is_file(control) else OPENING[explorer][name]


def choices(name, control):
    """Return values of a control: all options, or a slider's ends, middle and two others."""
    if "index" in control.keys:
        return [value for _, value in pairs(control.options)]
    if isinstance(control.value, bool):
        return [False, True]
    if isinstance(control.value, str):
        return TEXTS[name]
    if is_file(control):
        return UPLOADS if isinstance(control, ipywidgets.FileUpload) else DRAWINGS
    steps = round((control.max - control.min) / control.step)
    places = [control.min + k * control.step for k in (0, steps // 5, steps // 2, steps - 1, steps)]
    if isinstance(control.value, tuple):
        return [(low, places[-1]) for low in places] + [(places[0], high) for high in places]
    if "base" in control.keys:
        return [control.base**place for place in places]
    return [type(control.value)(place) for place in places]


def pairs(options):
    return [option if isinstance(option, tuple) else (str(option), option) for option in options]


def is_file(control):
    return isinstance(control, ipywidgets.FileUpload | DrawingPad)


def is_shown(control):
    return control.layout.display != "none"


def is_slider(control):
    return "readout" in control.keys


def reveal(explorer, name):
    """Set the other controls so that this one is shown; some only appear beside another's value."""
    control = explorer.controls[name]
    for other, chooser in explorer.controls.items():
        if is_shown(control):
            return
        if other != name and not is_slider(chooser) and not is_file(chooser):
            before = chooser.value
            for value in choices(other, chooser):
                if not is_shown(control):
                    chooser.value = value
            if not is_shown(control):
                chooser.value = before
    assert is_shown(control), f"no other control's value brings {name} up"


def fingerprint(facts):
    """Return facts, however nested, as text that differs where they do."""
    if isinstance(facts, dict):  # as text, its arrays would be cut short
        facts = list(facts.items())
    if isinstance(facts, tuple | list):
        return f"({','.join(map(fingerprint, facts))})"
    if isinstance(facts, np.ndarray) and facts.dtype.kind in "biuf":
        return f"{facts.shape}{hash(facts.tobytes())}"
    if isinstance(facts, Network):
        return fingerprint([list(layer.parameters.values()) for layer in facts.layers])
    return repr(facts)


def state(explorer):
    """Return what is known, shown and said of an explorer: its facts, all pixels, its caption."""
    assert not explorer.error
    pixels = [(panel.pixels.shape, panel.pixels.tobytes()) for panel in explorer._panels]
    seen = tuple((shape, hashlib.sha256(held).hexdigest()) for shape, held in pixels)
    return fingerprint(explorer.facts), seen, explorer.caption


STATES = weakref.WeakKeyDictionary()  # explorer → [(control that moved, state)] at the extremes


def states(explorer):
    """Return an explorer's states at the extremes, for which it is drawn only once."""
    if explorer not in STATES:
        STATES[explorer] = [(moved, state(explorer)) for moved in extremes(explorer)]
    return STATES[explorer]


def test_code_goes_there_and_back(explorer):
    code, before = explorer.code, state(explorer)
    for name, control in explorer.controls.items():
        if not is_file(control) and is_shown(control):
            control.value = choices(name, control)[-1]
    moved, after = explorer.code, state(explorer)
    assert moved != code
    explorer.set(code)
    assert (explorer.code, state(explorer)) == (code, before)
    explorer.set(moved)
    assert (explorer.code, state(explorer)) == (moved, after)


def test_no_slider_redraws_the_whole_figure(explorer, monkeypatch):
    if not hasattr(explorer.picture, "canvas"):
        pytest.skip("it is no figure: every panel that is set travels")
    for name, control in explorer.controls.items():
        if is_slider(control):
            reset(explorer)
            reveal(explorer, name)
            with monkeypatch.context() as patch:
                redraws = full_redraws(explorer, patch)
                for value in choices(name, control):
                    control.value = value
            assert not redraws, f"{name} draws the whole figure again"


def test_it_is_760_pixels_wide_at_most_and_has_ink(explorer):
    if hasattr(explorer.picture, "canvas"):
        width, _ = explorer.picture.get_size_inches() * explorer.picture.dpi
        assert width <= 760
    else:
        assert explorer.picture.width <= 760
    assert max(pixels[..., :3].std() for pixels in panels(explorer)) > 10


def extremes(explorer):
    """Set each control to each of its values, and several to their ends at once.

    Yields what has moved: the name of a control, or "several".
    """
    for name, control in explorer.controls.items():
        with at_once(explorer):
            put_back(explorer)
            first, *others = choices(name, control) if is_shown(control) else [control.value]
            control.value = first
        if is_shown(control):
            yield name
        for value in others:
            control.value = value
            yield name
    rng = random.Random(12)
    for _ in range(COMBINATIONS):
        with at_once(explorer):
            put_back(explorer)
            for name, control in explorer.controls.items():
                ends = choices(name, control)
                control.value = rng.choice([ends[0], ends[-1]])
        yield "several"


def test_picture_and_caption_agree_with_the_facts_at_every_extreme(case):
    explorer, tests = case
    assert explorer.facts is not None
    assert tests.exists(), f"write {tests.relative_to(HERE)} with assert_picture_shows(explorer)"
    spec = importlib.util.spec_from_file_location(tests.stem, tests)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    seen = []
    for moved in itertools.chain(["nothing"], extremes(explorer)):
        seen.append((moved, state(explorer)))
        module.assert_picture_shows(explorer)
        if tests.stem.removeprefix("test_") not in SAYS_NAN:
            assert not re.search(r"\bnan\b", explorer.caption), explorer.code
    STATES[explorer] = seen[1:]


def test_every_control_changes_facts_or_picture(explorer):
    for name, control in explorer.controls.items():
        seen = {state[:2] for moved, state in states(explorer) if moved == name}
        if not seen:
            reset(explorer)
            reveal(explorer, name)
            for value in choices(name, control):
                control.value = value
                seen.add(state(explorer)[:2])
        assert len(seen) > 1, f"{name} changes nothing but the caption"


# What learners have set, and settings that Matplotlib asks for only while it draws.
ODD_SETTINGS = {
    "agg.path.chunksize": 100,
    "axes.formatter.use_mathtext": True,
    "axes.grid": True,
    "axes.labelsize": 24,
    "axes.linewidth": 4,
    "axes.titlesize": 30,
    "axes.unicode_minus": False,
    "axes.xmargin": 0.4,
    "figure.autolayout": True,
    "figure.dpi": 50,
    "font.family": "serif",
    "font.size": 20,
    "hatch.linewidth": 6,
    "image.cmap": "jet",
    "image.interpolation": "bilinear",
    "lines.antialiased": False,
    "lines.linewidth": 6,
    "lines.markersize": 20,
    "mathtext.default": "regular",
    "path.simplify": False,
    "path.sketch": (3, 50, 2),
    "path.snap": False,
    "patch.antialiased": False,
    "text.antialiased": False,
    "text.hinting": "none",
    "xtick.bottom": False,
    "xtick.labelsize": 22,
    "xtick.major.size": 12,
    "ytick.labelcolor": "red",
    "ytick.minor.visible": True,
}


def test_it_looks_the_same_whatever_the_learner_has_set(kept):
    chapter, name = kept
    plain = states(opened(chapter, name))
    with plt.style.context(["dark_background", ODD_SETTINGS]):
        before = dict(plt.rcParams)
        odd = shown(getattr(getattr(explorers, chapter), name))
        OPENING[odd] = OPENING[opened(chapter, name)]
        for expected, moved in zip(plain, extremes(odd), strict=True):
            assert (moved, state(odd)) == expected, odd.code
        assert dict(plt.rcParams) == before
