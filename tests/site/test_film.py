"""Films: what they hold is what was drawn, and each frame says what a page must know of it."""

import json

import numpy as np
import pytest
from films import changes, decoded
from in_pyodide import in_this_python

from lessonkit.site.film import COLOURS, Reel, spots

RNG = np.random.default_rng(12)


def pictures(colours, count=6, shape=(40, 60)):
    """Return pictures, (H, W, 3), each a change in a rectangle of the one before."""
    palette = RNG.integers(0, 256, (colours, 3)).astype(np.uint8)
    places = [RNG.integers(0, colours, shape)]
    for _ in range(count - 1):
        (top, left), (high, wide) = RNG.integers(0, 20, 2), RNG.integers(1, 20, 2)
        places.append(places[-1].copy())
        places[-1][top : top + high, left : left + wide] = RNG.integers(0, colours, (high, wide))
    return [palette[place] for place in places]


def film_of(frames):
    reel = Reel()
    for frame in frames:
        reel.add(frame)
    return json.loads(json.dumps(reel.film()))


@pytest.mark.parametrize("colours", [1, 2, 17, COLOURS])
def test_it_decodes_to_exactly_the_frames(colours):
    frames = pictures(colours)
    shown = decoded(film_of(frames))
    assert len(shown) == len(frames)
    for one, other in zip(shown, frames, strict=True):
        np.testing.assert_array_equal(one, other)


def test_frames_of_several_shapes_decode_and_one_that_comes_again_costs_nothing():
    small, large = pictures(9, 2, (30, 30)), pictures(9, 3)
    frames = [*small, small[-1], small[-1].copy(), *large, large[-1], *small]
    film = film_of(frames)
    for one, other in zip(decoded(film), frames, strict=True):
        np.testing.assert_array_equal(one, other)
    assert [frame[-1] == 0 for frame in film["frames"]] == [0, 0, 1, 1, 0, 0, 0, 1, 1, 1]


def test_small_changes_far_apart_are_small_rectangles():
    before = pictures(9, 1)[0]
    after = before.copy()
    after[3:5, 7:10] = 255 - after[3:5, 7:10]
    after[3:5, 40:41] = 255 - after[3:5, 40:41]
    _, change = changes(film_of([before, after]))
    assert [(x, y, *part.shape) for x, y, part in change] == [(7, 3, 2, 3), (40, 3, 2, 1)]


def test_a_frame_is_a_change_of_the_one_that_it_is_most_like():
    one, other = (pictures(200, 1)[0] for _ in range(2))
    near = [frame.copy() for frame in (one, other, one)]
    for number, frame in enumerate(near):
        frame[number, :] = 0
    assert [frame[0] for frame in film_of([one, other, *near])["frames"]] == [-1, 0, 0, 1, 0]


def test_more_colours_than_a_palette_has_stay_close():
    ramp = np.linspace(0, 255, 60).astype(np.uint8)
    frame = np.zeros((40, 60, 3), np.uint8)
    frame[..., 0], frame[..., 1] = ramp, RNG.integers(0, 256, (40, 1))
    frame[:20] = 255
    film = film_of([frame, frame[::-1]])
    shown = decoded(film)[0].astype(int)
    assert np.abs(shown - frame).max() < 32
    np.testing.assert_array_equal(shown[:20], 255)  # what most pixels have is exact


def test_spots_are_where_the_pointer_sets_the_same():
    square = {(left, top): [[0, left + top]] for left in (4, 8) for top in (2, 6)}

    def what(x, y):
        inside = (c for c in square if c[0] <= x < c[0] + 4 and c[1] <= y < c[1] + 4)
        return square.get(next(inside, None))

    expected = [[left, top, left + 4, top + 4, set_] for (left, top), set_ in square.items()]
    assert sorted(spots(what, 20, 10)) == sorted(expected)


# -- an explorer's film, made by a host in a process of its own ------------------------------------


@pytest.fixture(scope="module")
def films(tmp_path_factory):
    """Return chapter.name → film and, from a fresh explorer, the caption of each frame's code."""
    folder = tmp_path_factory.mktemp("films")
    names = ("pooling.sliding_window", "fitting.capacity", "pooling.mosaics", "fitting.sampling")
    in_this_python("film_explorers.py", folder, *names)
    return {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in names}


def test_a_film_begins_with_what_is_shown_and_ends_there(films):
    for made in films.values():
        assert made["film"]["frames"][0]["code"] == made["before"] == made["after"]


def test_codes_lead_to_the_captions_of_the_frames(films):
    for made in films.values():
        frames = made["film"]["frames"]
        assert [frame["caption"] for frame in frames[::9]] == made["captions"]
        assert not any(frame["error"] for frame in frames)


def test_no_state_is_there_twice(films):
    for made in films.values():
        values = [json.dumps(frame["values"]) for frame in made["film"]["frames"]]
        assert len(set(values)) == len(values) > 1


def test_values_are_those_of_the_controls_in_order(films):
    film = films["pooling.sliding_window"]["film"]
    assert len(film["plain"]) == 4
    assert film["frames"][0]["values"] == [0, 1, 1, 1]  # max, 2, 2, and the first step
    assert [0, 0, 0, 36] in [frame["values"] for frame in film["frames"]]


def test_updates_name_the_same_traits_in_every_frame(films):
    film = films["pooling.sliding_window"]["film"]
    (slider,) = film["frames"][0]["updates"]
    for frame in film["frames"]:
        _, kernel_size, stride, step = frame["values"]
        windows = ((6 - kernel_size - 1) // (stride + 1) + 1) ** 2
        assert frame["updates"] == {slider: {"max": windows}}
        assert step <= windows
    film = films["fitting.capacity"]["film"]
    for frame in film["frames"]:
        assert frame["updates"].keys() == film["frames"][0]["updates"].keys()


def test_panels_decode_to_the_size_of_the_picture(films):
    width, height = films["fitting.capacity"]["film"]["size"]
    (panel,) = films["fitting.capacity"]["film"]["panels"]
    assert {frame.shape for frame in decoded(panel)} == {(height, width, 3)}
    film = films["pooling.mosaics"]["film"]
    assert film["pixelated"] is True
    original, mosaic = film["panels"]
    for frame, one, other in zip(film["frames"], decoded(original), decoded(mosaic), strict=True):
        square = frame["squares"][1]
        assert other.shape[:2] == tuple(-(-side // square) for side in one.shape[:2])
    assert sum(frame[-1] > 0 for frame in original["frames"]) <= 5  # a photograph goes once


def test_a_logarithmic_slider_and_photographs_are_recorded(films):
    frames = films["fitting.sampling"]["film"]["frames"]
    fractions = {frame["values"][2] for frame in frames}
    assert min(fractions) == pytest.approx(0.001)
    assert max(fractions) == 1
