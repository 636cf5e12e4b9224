"""The look of the lessons stays where it belongs."""

import threading

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from pages import Changing, Page

from lessonkit.live import lesson_style


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


def test_the_look_of_one_thread_does_not_stay_in_another():
    before = dict(mpl.rcParams)
    entered, leave = threading.Event(), threading.Event()

    def other():
        with lesson_style():
            entered.set()
            leave.wait(5)

    thread = threading.Thread(target=other)
    thread.start()
    entered.wait(5)
    threading.Timer(0.05, leave.set).start()
    with lesson_style():
        thread.join(0.2)
    thread.join()
    assert dict(mpl.rcParams) == before
