"""digit_network: the network computes what its weights say, and a digit moves as it is told."""

import re
import subprocess
import sys

import numpy as np
import pytest
from digits_by_hand import (
    accuracy_by_hand,
    moved_by_hand,
    stages_by_hand,
    stored_arrays,
    stored_record,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from lessonkit.datasets import DATA
from lessonkit.digit_network import (
    MOVES,
    all_moved,
    as_mnist_fits,
    moved,
    new_network,
    trained_network,
)

IMAGES = stored_arrays("digits.npz")["test_images"] / 255
WEIGHTS = stored_arrays("weights.npz")
HYPOTHESIS = {"max_examples": 25, "deadline": None}


# -- the network -----------------------------------------------------------------------------------


def test_the_weights_are_small_and_as_the_architecture_wants_them():
    assert {name: array.shape for name, array in WEIGHTS.items()} == {
        "0_weight": (6, 1, 5, 5),
        "0_bias": (6, 1, 1),
        "3_weight": (12, 6, 5, 5),
        "3_bias": (12, 1, 1),
        "7_weight": (10, 192),
        "7_bias": (10,),
    }
    assert all(array.dtype == np.float32 for array in WEIGHTS.values())
    assert sum(array.size for array in WEIGHTS.values()) == 3898 == new_network(0).size()
    assert (DATA / "weights.npz").stat().st_size < 60_000


def test_the_trained_network_gives_the_scores_of_its_weights():
    scores = trained_network().forward(IMAGES[:5, np.newaxis])
    by_hand = [stages_by_hand(WEIGHTS, image)["scores"].ravel() for image in IMAGES[:5]]
    np.testing.assert_allclose(scores, by_hand, rtol=1e-4, atol=1e-4)


def test_it_reads_as_many_test_digits_as_the_record_says():
    share = accuracy_by_hand(WEIGHTS, IMAGES, stored_arrays("digits.npz")["test_labels"])
    assert share >= 0.96
    still = {"shift_x": 8, "shift_y": 8, "turn": 18, "scale": 10, "blur": 0}
    for name, place in still.items():
        assert stored_record()["test_accuracy"][name][place] == pytest.approx(share, abs=1e-9)


def test_a_seed_makes_the_weights_and_another_seed_makes_others():
    first, same, other = (new_network(seed).layers[0].parameters["weight"] for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_neither_widgets_nor_matplotlib_are_imported_to_train():
    code = (
        "import sys, lessonkit.digit_network, lessonkit.trainings.__main__\n"
        "roots = {name.split('.')[0] for name in sys.modules}\n"
        "print(roots & {'matplotlib', 'ipywidgets', 'anywidget', 'IPython'})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (run.stdout.strip(), run.stderr) == ("set()", "")


# -- a digit that is moved -------------------------------------------------------------------------


@given(
    st.integers(0, 999),
    st.integers(-8, 8),
    st.integers(-8, 8),
    st.integers(-18, 18),
    st.integers(10, 30),
)
@settings(**HYPOTHESIS)
def test_a_digit_is_turned_and_scaled_and_then_shifted(digit, x, y, turn, scale):
    turn, scale = 5 * turn, scale / 20
    image = moved(IMAGES[digit], shift_x=x, shift_y=y, turn=turn, scale=scale)
    assert (image.shape, image.dtype) == ((28, 28), np.float32)
    expected = moved_by_hand(IMAGES[digit], x, y, turn, scale)
    assert np.abs(image - expected).max() < 2.1 / 255  # of the bytes, for Pillow's rounding


@pytest.mark.parametrize(("blur", "shift"), [(0.5, 0), (1, 0), (2, 0), (3, 0), (1, 8)])
def test_blur_is_a_gaussian_and_comes_after_the_shift(blur, shift):
    image = moved(IMAGES[3], shift_x=shift, blur=blur)
    expected = ndimage.gaussian_filter(moved_by_hand(IMAGES[3], shift), blur, mode="nearest")
    assert np.abs(image - expected).max() < 0.06  # Pillow's is made of three boxes


def test_a_digit_that_is_not_moved_stays_as_it_is():
    np.testing.assert_array_equal(moved(IMAGES[0]), IMAGES[0].astype(np.float32))


@pytest.mark.parametrize("move", [{"shift_x": 3, "turn": -20.0}, {"scale": 0.8, "blur": 1}, {}])
def test_several_digits_are_moved_as_each_by_itself(move):
    each = np.array([moved(image, **move) for image in IMAGES[:20]])
    several = all_moved(IMAGES[:20], **move)
    assert several.dtype == each.dtype == np.float32
    np.testing.assert_array_equal(several, each)
    none = all_moved(IMAGES[:0], **move)
    assert (none.shape, none.dtype) == ((0, 28, 28), np.float32)


@pytest.mark.parametrize("shape", [(28, 28), (0,), (), (2, 27, 28), (2, 28, 29), (1, 1, 28, 28)])
def test_digits_of_another_shape_are_told_which_it_must_be(shape):
    words = "images must have shape (N, 28, 28), as images[np.newaxis] has of a single one; got "
    with pytest.raises(ValueError, match=f"^{re.escape(f'{words}{shape}')}$"):
        all_moved(np.zeros(shape))


@pytest.mark.parametrize(
    ("move", "words"),
    [
        ({"scale": 0}, "scale must be more than 0; got 0"),
        ({"scale": -1}, "scale must be more than 0; got -1"),
        ({"blur": -0.1}, "blur must be from 0 to 28 pixels; got -0.1"),
        ({"blur": 28.5}, "blur must be from 0 to 28 pixels; got 28.5"),
        ({"fit": np.zeros((3, 3))}, "shift_x, shift_y, scale and fit must make a map that can be"),
        ({"scale": 1e-320}, "shift_x, shift_y, scale and fit must make a map that can be undone"),
        ({"fit": np.eye(2)}, "fit must have shape (3, 3), an affine map; got (2, 2)"),
    ],
)
def test_a_move_that_cannot_be_is_refused_in_words(move, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}"):
        moved(IMAGES[0], **move)
    assert moved(IMAGES[0], blur=28).shape == (28, 28)


def test_every_range_of_moves_contains_not_moving():
    still = {"shift_x": 0, "shift_y": 0, "turn": 0, "scale": 1, "blur": 0}
    assert list(MOVES) == list(still)
    for name, (least, most, step) in MOVES.items():
        place = (still[name] - least) / step
        assert place == pytest.approx(round(place))
        assert least <= still[name] <= most


# -- a drawing -------------------------------------------------------------------------------------


@given(st.integers(0, 999), st.integers(-3, 3), st.sampled_from([1, 2]))
@settings(**HYPOTHESIS)
def test_a_drawing_is_fitted_and_centred_as_mnists_digits_are(digit, shift, half):
    small = ndimage.shift(IMAGES[digit], (shift, -shift), order=0)
    if half == 2:  # at half the size, in a corner
        small = np.pad(small.reshape(14, 2, 14, 2).mean(axis=(1, 3)), ((0, 14), (0, 14)))
    fitted = moved(small, fit=as_mnist_fits(small))
    rows, columns = (np.flatnonzero((fitted > 0.1).any(axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=2)
    places = np.arange(28)
    centre = fitted.sum(axis=1) @ places / fitted.sum(), fitted.sum(axis=0) @ places / fitted.sum()
    assert centre == pytest.approx((14, 14), abs=0.6)


def test_a_drawing_is_fitted_first_and_moved_then():
    fit = as_mnist_fits(IMAGES[0])
    still, shifted = moved(IMAGES[0], fit=fit), moved(IMAGES[0], shift_x=5, shift_y=-3, fit=fit)
    np.testing.assert_allclose(shifted[:-3, 5:], still[3:, :-5], atol=1.1 / 255)


def test_empty_paper_stays_where_it_is():
    assert np.array_equal(as_mnist_fits(np.zeros((28, 28))), np.eye(3))
