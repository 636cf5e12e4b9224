"""What the text of notebooks/04_pooling.ipynb claims, and each claim worked out another way."""

import functools
import json
import math

import numpy as np
from explored import made, says
from PIL import Image
from scipy import ndimage

from lessonkit.datasets import DATA, PHOTOGRAPHS
from lessonkit.explorers.pooling import (
    anywhere,
    forward_and_backward,
    mosaics,
    sliding_window,
    steadiness,
)

EDGES = "photograph=camera 'layer_input=edges after ReLU' kernel_size={} transform=shift shift={}"
PLAIN = "photograph=camera layer_input=photograph kernel_size={} transform={}"
COFFEE = PLAIN.format(2, "shift").replace("camera", "coffee")
THREES = "'numbers=3 3 1 0' statistic=max grad_output=2"
TIE = "'numbers=3 1 3 2' statistic=max grad_output=1 ties={}"


SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def photo(name):
    """Return a photograph's pixels in 0..1, (H, W, channels)."""
    pixels = np.asarray(Image.open(DATA / "photographs" / f"{name}.png"), dtype=float) / 255
    return np.atleast_3d(pixels)


def windows_of(pixels, size):
    """Return the whole windows, each with its numbers on the last axis."""
    rows, columns = (length // size for length in pixels.shape[:2])
    cut = pixels[: rows * size, : columns * size].reshape(rows, size, columns, size, -1)
    return cut.transpose(0, 2, 4, 1, 3).reshape(rows, columns, -1, size * size)


def share_of_ties_at_0(name):
    """Return, of the tied 2×2 windows of a photograph's edges after ReLU, those that tie at 0."""
    grey = np.rint(255 * photo(name)).sum(axis=-1)  # whole numbers: no tie is lost in rounding
    edges = np.maximum(ndimage.correlate(grey, SOBEL)[1:-1, 1:-1], 0)
    ordered = np.sort(windows_of(edges, 2), axis=-1)
    tied = ordered[..., -1] == ordered[..., -2]
    return np.mean(ordered[tied][:, -1] == 0)


def maxima_changed_by_a_pixel():
    """Return, of the 2×2 maxima that a digit makes other than 0, the share that a pixel changes."""
    image = np.zeros((66, 66))
    with np.load(DATA / "digits.npz") as stored:
        image[2:30, 3:31] = stored["test_images"][0] / 255
    edges = np.maximum(ndimage.correlate(image, SOBEL)[1:-1, 1:-1], 0)
    before, after = (
        windows_of(np.roll(edges, right, axis=1)[..., np.newaxis], 2).max(axis=-1)
        for right in (0, 1)
    )
    touched = (before > 0) | (after > 0)
    return np.mean(before[touched] != after[touched])


def places_moved(pixels):
    """Return by how many places a digit's 2×2 maxima have moved to the right, if they have."""
    image = np.zeros((66, 66))
    with np.load(DATA / "digits.npz") as stored:
        image[10:38, 22:50] = stored["test_images"][0] / 255
    edges = np.maximum(ndimage.correlate(image, SOBEL)[1:-1, 1:-1], 0)
    before, after = (
        windows_of(np.roll(edges, right, axis=1)[..., np.newaxis], 2).max(axis=-1)
        for right in (0, pixels)
    )
    return [n for n in range(31) if np.array_equal(after, np.roll(before, n, axis=1))]


def undivided():
    """Return how much 4×4 maxima and means of camera's edges change when it is moved by 1 pixel."""
    small = windows_of(photo("camera"), 2).mean(axis=-1)[..., 0]
    edges = np.maximum(ndimage.correlate(small, SOBEL), 0)
    before, after = (windows_of(edges[32:224, left : left + 192], 4) for left in (32, 31))
    return [np.abs(f(after, axis=-1) - f(before, axis=-1)).mean() for f in (np.max, np.mean)]


@functools.cache
def steadier(name, layer_input, kernel_size):
    """Return which pooling changes less at every shift from 1 to 8."""
    explorer = made(steadiness)
    explorer.set(
        f"photograph={name} 'layer_input={layer_input}' transform=shift kernel_size={kernel_size}"
    )
    _, mean, largest = explorer.facts.changes[:, 1:]
    return "mean" if all(mean < largest) else "max" if all(largest < mean) else "neither"


def ink(digit):
    """Return how dark the test pictures of a digit are on average."""
    with np.load(DATA / "digits.npz") as stored:
        return stored["test_images"][stored["test_labels"] == digit].mean()


def gap(*kind):
    """Return the gap between training and test accuracy, in percentage points, as text."""
    recorded = run(*kind)
    training, test = (np.mean(recorded[f"{part}_accuracies"]) for part in ("training", "test"))
    return f"{100 * (training - test):.1f}"


def window_says(code, *words):
    return says(sliding_window, "statistic=max kernel_size=2 stride=2 step=1 " + code, *words)


def back_says(code, *words):
    return says(forward_and_backward, "'numbers=1 2 3 2' ties=first " + code, *words)


def in_percent(accuracies):
    return [round(100 * accuracy, 1) for accuracy in accuracies]


def run(statistic, window, training_digits):
    """Return the recorded run of this kind."""
    record = json.loads((DATA / "records" / "pooled_digits.json").read_text("utf-8"))
    wanted = {"statistic": statistic, "kernel_size": window, "training_digits": training_digits}
    (found,) = [one for one in record["runs"] if wanted.items() <= one.items()]
    return found


def ahead_of_twins(window, training_digits):
    """Return how much better five trainings on means read than those without pooling.

    The same place is the same seed: twins learned from the same digits.
    """
    pooled, without = (run("mean", size, training_digits) for size in (window, 1))
    return np.subtract(pooled["test_accuracies"], without["test_accuracies"])


def turned_by(degrees):
    """Return by how many pixels a turn moves each pixel of the square that is compared."""
    rows, columns = np.mgrid[:192, :192] - 95.5
    return np.hypot(rows, columns) * 2 * math.sin(math.radians(degrees) / 2)


def test_accuracy(*kind):
    """Return the mean test accuracy of the five trainings in percent, as text."""
    return f"{100 * np.mean(run(*kind)['test_accuracies']):.1f}"


CLAIMS = {
    "window-happened": {
        "first window: 1 5 2 0 5 2 8 2 5.48": lambda: (
            window_says("", "max(1, 5, 2, 0) = 5")
            and f"{math.sqrt(1 + 25 + 4):.2f}" == "5.48"
            and sum((1, 5, 2, 0)) == 8
        ),
        "numbers left: 2 2 36 9 3 3 4": lambda: (
            window_says("", "36 numbers become 9")
            and window_says("kernel_size=3 stride=3", "become 4")
        ),
        "stride of 1: 25": lambda: window_says("stride=1", "36 numbers become 25"),
        "never looked at: 11": lambda: window_says(
            "kernel_size=3 stride=2", "11 numbers lie in no window"
        ),
    },
    "window-maths": {
        "windows along an axis: 6 3 2 3 2 1.5 1 1 2": lambda: (
            [start for start in range(0, 6, 2) if start + 3 <= 6] == [0, 2]
        ),
    },
    "window-try": {
        "“Twice in the third row and the third column, four times where they cross; "
        "never in the last row and the last column”": lambda: np.array_equal(
            sum(
                np.pad(np.ones((3, 3)), ((top, 3 - top), (left, 3 - left)))
                for top in (0, 2)
                for left in (0, 2)
            ),
            np.outer([1, 1, 2, 1, 1, 0], [1, 1, 2, 1, 1, 0]),
        ),
        "stride beyond the window: 2 2 4 20 36": lambda: window_says(
            "stride=4", " 20 numbers lie in no window"
        ),
        "around the 9: 2 2 9 3 4 4 9 2": lambda: all(
            window_says(f"kernel_size={size} step={step} statistic={statistic}", result)
            for size, step, statistic, result in [
                (2, 8, "max", "max(0, 9, 1, 2) = 9."),
                (2, 8, "mean", " + 9 + 1 + 2) / 4 = 3."),
                (4, 4, "max", ", 9, 5, 2, 1, 2, 4, 1) = 9."),
                (4, 4, "mean", " / 16 = 2."),
            ]
        ),
    },
    "back-happened": {
        "mean, quarters of g: 2 0.5 2": lambda: back_says(
            "statistic=mean grad_output=2", "0.5, 0.5, 0.5, 0.5"
        ),
        "source's values as gradients: 0 0 3 0 3 2 2 2 2 8": lambda: (
            back_says("statistic=max grad_output=1", "is the gradient for g = 3 only")
            and back_says("statistic=mean grad_output=1", "is the gradient for g = 8 only")
        ),
        "“With *all*, more is handed out than came in”": lambda: says(
            forward_and_backward, TIE.format("all"), "sum 2 ≠ g"
        ),
    },
    "back-try": {
        "ties of 3: 3 3 3": lambda: all(
            says(
                forward_and_backward, f"{THREES} ties={ties}", f"the gradient is {gradient}, 0, 0 ("
            )
            for ties, gradient in (("first", "2, 0"), ("split", "1, 1"), ("all", "2, 2"))
        ),
        "ties at 0: 76 97 2 2 0": lambda: (
            [f"{f(map(share_of_ties_at_0, PHOTOGRAPHS)):.0%}" for f in (min, max)] == ["76%", "97%"]
        ),
        "value put back is a gradient: 2 4": lambda: all(
            says(
                forward_and_backward,
                f"'numbers=1 2 0 1' statistic={statistic}",
                f"for g = {g} only",
            )
            for statistic, g in (("max", 2), ("mean", 1 + 2 + 0 + 1))
        ),
    },
    "mosaic-happened": {
        "8×8 windows on astronaut: 64 64 4,096 262,144 1.6": lambda: (
            (512 // 8) ** 2 == 4096 and 512**2 == 262144 and round(100 / 64, 1) == 1.6
        ),
        "source's mosaic: 6 6 2.8": lambda: round(100 * math.ceil(512 / 6) ** 2 / 512**2, 1) == 2.8,
        "brightness of means: 0.45": lambda: (
            f"{photo('astronaut').mean():.2f}" == "0.45"
            and f"{windows_of(photo('astronaut'), 8).mean():.2f}" == "0.45"
        ),
        "brightness of maxima: 8 8 0.57": lambda: (
            f"{windows_of(photo('astronaut'), 8).max(axis=-1).mean():.2f}" == "0.57"
            and says(mosaics, "photograph=astronaut kernel_size=8 statistic=max", "0.57 after")
        ),
        "cat, pixels left: 20 20 345 135,300": lambda: (
            photo("cat").shape[0] * photo("cat").shape[1] == 135300
            and math.prod(math.ceil(length / 20) for length in photo("cat").shape[:2]) == 345
        ),
    },
    "steady-happened": {
        "shift by 2: 11.4 4 4 6.3 6.7": lambda: says(
            steadiness, PLAIN.format(4, "shift") + " shift=2", " 11.4 %", " 6.3 %", " 6.7 %"
        ),
        "larger windows: 7.5 3.4 4 4 2.1 8 8": lambda: (
            says(steadiness, PLAIN.format(4, "shift") + " shift=1", " 7.5 %", " 3.4 %")
            and says(steadiness, PLAIN.format(8, "shift") + " shift=1", " 2.1 %")
        ),
        "turn moves pixels: 2 6 12": lambda: (
            [f"{f(turned_by(5)):.0f}" for f in (np.mean, np.max)] == ["6", "12"]
            and np.mean(turned_by(5) > 2) > 0.5
        ),
        "turn, change: 16.4 12.3 4 4": lambda: says(
            steadiness, PLAIN.format(4, "turn") + " turn=5", " 16.4 %", " 12.3 %"
        ),
        "photographs, mean against maximum: 4 4 2 8.7 10.7": lambda: (
            [steadier(name, "photograph", 4) for name in ("camera", "coffee", "cat", "astronaut")]
            == ["mean", "mean", "max", "max"]
            and says(
                steadiness,
                PLAIN.format(4, "shift").replace("camera", "astronaut") + " shift=2",
                *("4×4 mean pooling the change is 10.7 %", "max pooling 8.7 %"),
            )
        ),
        "edges, unpooled: 1 98.5": lambda: says(steadiness, EDGES.format(4, 1), " 98.5 %"),
        "line that moves: 200": lambda: (
            np.abs(np.eye(1, 9, 5) - np.eye(1, 9, 4)).mean() / np.eye(1, 9, 4).mean() == 2
        ),
        "edges, maximum against mean: 4 4 23.4 35.6": lambda: (
            {steadier(name, "edges after ReLU", 4) for name in PHOTOGRAPHS} == {"max"}
            and says(steadiness, EDGES.format(4, 1), " 23.4 %", " 35.6 %")
        ),
        "without division: 0.076 0.036": lambda: (
            [f"{change:.3f}" for change in undivided()] == ["0.076", "0.036"]
        ),
        "square of camera: 7.5": lambda: says(
            steadiness, PLAIN.format(2, "shift") + " shift=1", "the photograph by 7.5 %"
        ),
        "coffee, no law: 4 2 2 14.8 14.2": lambda: says(
            steadiness, f"{COFFEE} shift=4", " 14.8 %", " 14.2 %"
        ),
    },
    "steady-try": {
        "shift by the window: 4 4 4 10.6 15.1": lambda: says(
            steadiness, PLAIN.format(4, "shift") + " shift=4", " 15.1 %", " 10.6 %"
        ),
        "turn, statistic or window: 4 4 12.3 4 4 13.3 8 8 9.9": lambda: (
            says(
                steadiness,
                PLAIN.format(4, "turn") + " turn=5",
                " is 12.3 %, after max pooling 13.3 %",
            )
            and says(steadiness, PLAIN.format(8, "turn") + " turn=5", "the change is 9.9 %")
        ),
        "coffee, maxima are worse: 3 12.1 11.9": lambda: all(
            says(steadiness, f"{COFFEE} shift={shift}", *words)
            for shift, words in [
                (2, ["Both reduce"]),
                (3, ["photograph by 11.9 %", "max pooling 12.1 %"]),
                *((further, ["Only mean pooling reduces"]) for further in range(3, 9)),
            ]
        ),
    },
    "anywhere-question": {
        "feature map: 62 62": lambda: made(anywhere).facts.feature_map.shape == (62, 62),
    },
    "anywhere-happened": {
        "overall maximum: 3.68": lambda: all(
            says(anywhere, f"right={right} down={down}", "overall maximum, 3.68, is the same")
            for right in (0, 7, 36)
            for down in (0, 20, 36)
        ),
        "“after one pixel their pattern has changed; after two it is the old one, "
        "one place further right”": lambda: (places_moved(1), places_moved(2)) == ([], [1]),
    },
    "anywhere-after": {
        "“most of those that it touches change”": lambda: maxima_changed_by_a_pixel() > 0.5,
    },
    "machine-question": {
        "neurons: 64": lambda: run("mean", 1, 200)["weights"] == 784 * 64 + 64 + 650,
        "windows cut at the edge: 3 3 10 10": lambda: (
            len(range(0, 28, 3)) == 10 and run("mean", 3, 4000)["pixels"] == 100
        ),
    },
    "machine-happened": {
        "test accuracy after 3×3 means: 4,000 93.6 784 100 3 3 93.5": lambda: (
            test_accuracy("mean", 1, 4000) == "93.6" and test_accuracy("mean", 3, 4000) == "93.5"
        ),
        "larger windows: 4 4 92.0 8 8 78.0": lambda: (
            test_accuracy("mean", 4, 4000) == "92.0" and test_accuracy("mean", 8, 4000) == "78.0"
        ),
        "weights: 7,114 50,890": lambda: (
            (run("mean", 3, 200)["weights"], run("mean", 1, 200)["weights"]) == (7114, 50890)
        ),
        "training accuracy: 100.0 6 6": lambda: all(
            f"{100 * np.mean(run('mean', window, 200)['training_accuracies']):.1f}" == "100.0"
            for window in (1, 2, 3, 4, 5, 6)
        ),
        "200 digits, with and without: 3 3 81.5 79.9": lambda: (
            test_accuracy("mean", 3, 200) == "81.5" and test_accuracy("mean", 1, 200) == "79.9"
        ),
        "lead on twins: 0.6 3.3": lambda: (
            in_percent(sorted(ahead_of_twins(3, 200))[::4]) == [0.6, 3.3]
        ),
        "five coins: 16": lambda: 2 / 2**5 == 1 / 16,
        "4,000 digits, better than twins: 4,000": lambda: (
            sum(np.array(ahead_of_twins(3, 4000)) > 0) == 1
        ),
        "means against maxima: 4 4 92.0 86.3": lambda: (
            test_accuracy("mean", 4, 4000) == "92.0" and test_accuracy("max", 4, 4000) == "86.3"
        ),
    },
    "machine-try": {
        "below 90 %: 5 5 88.8 92.0 4 4": lambda: (
            test_accuracy("mean", 5, 4000) == "88.8" and test_accuracy("mean", 4, 4000) == "92.0"
        ),
        "four numbers: 52.3 4,000 10": lambda: test_accuracy("mean", 14, 4000) == "52.3",
        "ink: 0 1": lambda: (max(range(10), key=ink), min(range(10), key=ink)) == (0, 1),
        "gap: 18.5 200 6.5 4,000 20.1 6.4": lambda: (
            [gap("mean", window, count) for window in (3, 1) for count in (200, 4000)]
            == ["18.5", "6.5", "20.1", "6.4"]
        ),
    },
}
SOURCED = {
    "well-known set of 1,797 digits in scikit-learn, only 8×8 pixels each": "Alpaydin",
    "ResNet-50 has one 3×3 max pooling layer near its start": "He, Zhang",
}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"LeNet-5|ResNet-50",
    r"A turn by 5° is harder",
    r"[Tt]he input below is 6×6|\(1, 2, 3, 2\)|\(0, 0, 3, 0\)|\(2, 2, 2, 2\)|the maximum is 3",
    r"the mean is 2|a maximum of 3|32×32|28×28|14×14|a window of 32",
    r"6 maps in, 6 maps out|kernel_size of 3 and a stride of 2|tell 4 from 9",
    r"after 2×2 windows\? After 3×3\?|A 6×6 window turns 36 numbers into one|run from 0 to 16",
    r"Shifted by \d pixels?|shift by 1 pixel|Compare 200 and 4,000|With 200 digits",
]
