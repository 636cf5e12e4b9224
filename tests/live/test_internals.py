"""What is private elsewhere and used here: it works, and so does all without it."""

import gc
import weakref
from types import SimpleNamespace

import ipywidgets
import pytest
from explored import released, shown
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from pages import Dot, Page, assert_looks_like, fresh_pixels, tell

from lessonkit import explorers, questions
from lessonkit.live import explore, internals, lesson_style, pad, page_files
from lessonkit.live import explorer as explorer_module


@pytest.fixture(scope="class")
def _texts_remembered():
    """Remember texts, and let Matplotlib too begin each on a whole pixel."""
    draw = RendererAgg.draw_text

    def draw_on_pixels(self, gc, x, y, text, font, angle, ismath=False, mtext=None):
        if not (angle or ismath):
            x, y = round(x), round(y)
        draw(self, gc, x, y, text, font, angle, ismath, mtext)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(internals, "LETTER_BY_LETTER", True)
        patch.setattr(RendererAgg, "draw_text", draw_on_pixels)
        yield


LOOKS = {
    "color": st.sampled_from(["black", "#D55E00", "#0072B280"]),
    "ha": st.sampled_from(["left", "center", "right"]),
    "va": st.sampled_from(["top", "center_baseline", "bottom"]),
    "fontsize": st.sampled_from([10, 13.5]),
    "weight": st.sampled_from(["normal", "bold"]),
    "rotation": st.sampled_from([0, 0, 0, 90, 30]),
    "clip_on": st.booleans(),
}
WORDS = ["−0.12 %", "0.9503", "jay", "0.5 × 10⁻¹⁵", "–", ".", " ", "fjÅ¼", "$x^2$", "two\nlines"]


@pytest.mark.usefixtures("_texts_remembered")
@pytest.mark.skipif(not internals.LETTER_BY_LETTER, reason="older ones are fast enough without")
class TestRememberedTexts:
    @pytest.mark.parametrize("words", WORDS)
    @settings(max_examples=4, deadline=None)
    @given(
        st.fixed_dictionaries(LOOKS),
        st.lists(st.tuples(st.floats(-6.5, 6), st.floats(-6, 6.5)), min_size=1, max_size=4),
        st.sampled_from([1, 1.5, 2]),
    )
    def test_they_are_the_same(self, words, look, places, density):
        def make(animated):
            with lesson_style():
                figure = Figure(figsize=(3, 2))
                axes = figure.add_axes((0.1, 0.1, 0.8, 0.8), xlim=(-6, 6), ylim=(-6, 6))
                return figure, axes.text(0, 0, words, animated=animated, **look)

        figure, text = make(True)

        def draw(number):
            text.set_position(places[number])
            return "A text."

        page = Page(explore(draw, figure, number=list(range(len(places)))), density)
        for number, place in [*enumerate(places)] * 2:  # the second time all is remembered
            page.ask(number)
            plain, again = make(False)
            again.set_position(place)
            assert_looks_like(page.pixels, fresh_pixels(plain, density))

    def test_each_is_shaped_once_and_not_too_many_are_kept(self, monkeypatch):
        shaped = []
        shape = internals._shape
        monkeypatch.setattr(internals, "_shape", lambda *a: (shaped.append(a[1]), shape(*a))[1])
        page = Page(Dot().explorer())
        page.ask(1)
        shaped.clear()
        for x in (2, 3, 2, 3):
            page.ask(x)
        assert shaped == ["2", "3"]
        monkeypatch.setattr(internals, "TEXTS", 3)
        for x in (4, 5, 6, 4, 1, 4):  # at 4 and at 1 there are 3 or more, and all are forgotten
            page.ask(x)
        assert shaped == ["2", "3", "4", "5", "6", "1", "4"]


def test_a_renderer_without_the_private_parts_stays_as_it_is(monkeypatch):
    monkeypatch.setattr(internals, "LETTER_BY_LETTER", True)
    for parts in ({}, {"_renderer": object()}, {"_prepare_font": print}):
        renderer = SimpleNamespace(draw_text=None, get_text_width_height_descent=None, **parts)
        del renderer.draw_text
        before = dict(vars(renderer))
        internals.cache_texts(renderer)
        assert vars(renderer) == before


def test_without_the_lock_every_change_counts_as_pythons(monkeypatch):
    assert not internals.is_set_by_page(SimpleNamespace())
    dot = Dot()
    explorer = dot.explorer()
    page = Page(explorer)
    monkeypatch.setattr(explorer_module, "is_set_by_page", lambda control: False)
    page.ask(2)
    tell(explorer.controls["x"], 2)
    page.ask(3)
    tell(explorer.controls["x"], 3)
    assert explorer.caption == "The dot is at 3."
    explorer.set("x=-1")
    assert explorer.caption == page.received[-2]["caption"] == "The dot is at -1."
    plain = Dot(animated=False)
    plain.draw(-1)
    assert_looks_like(page.pixels, fresh_pixels(plain.figure))


def test_a_page_that_is_alone_with_its_python_is_not_told_what_it_said(monkeypatch):
    monkeypatch.setattr(internals.widgets_module, "JUPYTER_WIDGETS_ECHO", True)
    slider, told = ipywidgets.IntSlider(), []
    monkeypatch.setattr(slider, "_send", lambda message, buffers=None: told.append(message))
    slider.set_state({"value": 3})
    assert [message["method"] for message in told] == ["echo_update"]
    internals.echo_nothing()
    slider.set_state({"value": 4})
    assert slider.value == 4
    assert len(told) == 1


def test_a_closed_explorer_is_let_go_with_its_picture_pad_and_questions():
    with released():
        explorer = shown(explorers.whole_network.whole_network)
        panel = questions.whole_network.whole_network(explorer)
        kept = [weakref.ref(each) for each in (explorer, explorer.picture, panel.questions)]
        kept += [weakref.ref(control) for control in explorer.controls.values()]
        del explorer, panel
    gc.collect()
    assert [each() for each in kept if each() is not None] == []


def test_a_page_s_file_is_watched_where_somebody_works_on_it(monkeypatch):
    path = page_files.HERE / "pad.js"
    assert page_files.page_file("pad.js") == path.read_text("utf-8") == pad.DrawingPad._esm
    monkeypatch.setenv("ANYWIDGET_HMR", "1")
    assert page_files.page_file("pad.js") == path
