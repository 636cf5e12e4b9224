"""The look of the lessons stays where it belongs."""

import threading

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from pages import Changing, Page

from lessonkit.live import internals, lesson_style


def test_nothing_leaks_into_matplotlib():
    figures, settings_before = plt.get_fignums(), dict(mpl.rcParams)
    changing = Changing()
    page = Page(changing.explorer(wide=False))
    for x in (1, 2, 3):
        page.ask(x, True)
    page.explorer.png()
    assert plt.get_fignums() == figures
    assert dict(mpl.rcParams) == settings_before


def test_the_look_of_the_lessons():
    with lesson_style():
        assert not mpl.rcParams["axes.spines.top"]
    assert mpl.rcParams["axes.spines.top"]
    with pytest.raises(ZeroDivisionError), lesson_style():
        raise ZeroDivisionError
    assert mpl.rcParams["axes.spines.top"]
    spines = lesson_style()(lambda: mpl.rcParams["axes.spines.top"])
    assert (spines(), spines(), mpl.rcParams["axes.spines.top"]) == (False, False, True)


def test_contexts_may_interleave():
    before = dict(mpl.rcParams)
    a, b, c = plt.style.context("dark_background"), lesson_style(), lesson_style()
    for context in (a, b, c):
        context.__enter__()
    for context in (a, b):
        context.__exit__(None, None, None)
    assert not mpl.rcParams["axes.spines.top"]  # c lasts
    c.__exit__(None, None, None)
    assert dict(mpl.rcParams) == before


def test_another_thread_never_sees_the_look():
    """Nor does it ever change the dictionary that all threads share."""
    before, seen = dict(mpl.rcParams), []
    with lesson_style():
        thread = threading.Thread(target=lambda: seen.append(dict(mpl.rcParams)))
        thread.start()
        thread.join()
        assert dict(mpl.rcParams) != before
        assert dict.__getitem__(mpl.rcParams, "axes.spines.top") is True
        assert mpl.rcParams.copy()._get("axes.spines.top") is True
    assert seen == [before]


def learners_plot(number):
    """Return the pixels of a figure that a learner draws with pyplot, in a style of its own."""
    style = ("dark_background", "ggplot", "default")[number % 3]
    with plt.style.context(style):
        figure, axes = plt.subplots(figsize=(3, 2))
        axes.plot(np.sin(np.arange(20) * (1 + number % 5)), "o-")
        axes.set_title(f"round {number % 7}")
        figure.canvas.draw()
        pixels = np.asarray(figure.canvas.buffer_rgba()).copy()
        plt.close(figure)
    return pixels


def test_a_learners_cell_and_moving_explorers_do_not_touch_each_other():
    """As in JupyterLab, which can answer widgets on another thread than cells run on."""
    alone = [learners_plot(number) for number in range(105)]
    pages = [Page(Changing().explorer(wide=False)) for _ in range(2)]
    walk = [(round(number % 121 / 10 - 6, 1), number % 50 > 25) for number in range(200)]
    expected = []
    for page in pages:
        expected.append([page.ask(*values) and page.pixels.copy() for values in walk])
    learners = []
    before = dict(mpl.rcParams)
    thread = threading.Thread(
        target=lambda: learners.extend(learners_plot(number) for number in range(200))
    )
    thread.start()
    for number, values in enumerate(walk):
        for page, pictures in zip(pages, expected, strict=True):
            page.ask(*values)
            np.testing.assert_array_equal(page.pixels, pictures[number])
    thread.join()
    for number, pixels in enumerate(learners):
        np.testing.assert_array_equal(pixels, alone[number % 105])
    assert len(learners) == 200
    assert dict(mpl.rcParams) == before


def test_without_the_layer_the_look_is_a_plain_context(monkeypatch):
    monkeypatch.setattr(internals, "_LayeredParams", type("Missing", (), {}))
    with lesson_style():
        assert not dict.__getitem__(mpl.rcParams, "axes.spines.top")
    assert mpl.rcParams["axes.spines.top"]
