"""What the text of notebooks/04_pooling.ipynb claims, and each claim worked out another way."""

import json
import math

import numpy as np
from explored import says
from PIL import Image

from lessonkit.datasets import DATA
from lessonkit.explorers.pooling import (
    forward_and_backward,
    mosaics,
    sliding_window,
    steadiness,
)

EDGES = "photograph=camera 'layer_input=edges after ReLU' kernel_size={} transform=shift shift={}"
PLAIN = "photograph=camera layer_input=photograph kernel_size={} transform={}"
TIE = "'numbers=3 1 3 2' statistic=max grad_output=1 ties={}"


def camera():
    return np.asarray(Image.open(DATA / "photographs" / "camera.png"), dtype=float) / 255


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


def test_accuracy(*kind):
    """Return the mean test accuracy of the five trainings in percent, as text."""
    return f"{100 * np.mean(run(*kind)['test_accuracies']):.1f}"


CLAIMS = {
    "In the first window stand 1, 5, 2 and 0. The maximum is 5, the mean 2, the sum 8, and the L2 "
    "norm 5.48": lambda: (
        window_says("", "max(1, 5, 2, 0) = 5")
        and f"{math.sqrt(1 + 25 + 4):.2f}" == "5.48"
        and sum((1, 5, 2, 0)) == 8
    ),
    "Windows of 2×2 turn 36 numbers into 9, windows of 3×3 turn them into 4": lambda: (
        window_says("", "36 numbers become 9") and window_says("kernel_size=3 stride=3", "become 4")
    ),
    "25 numbers are left": lambda: window_says("stride=1", "36 numbers become 25"),
    "the last column, 11 numbers, are never looked at": lambda: window_says(
        "kernel_size=3 stride=2", "11 numbers lie in no window"
    ),
    "For $g = 2$ that is 0.5 each, not 2": lambda: back_says(
        "statistic=mean grad_output=2", "0.5, 0.5, 0.5, 0.5"
    ),
    "The chapter's (0, 0, 3, 0) is a gradient for $g = 3$ only, and its (2, 2, 2, 2) for $g = 8$ "
    "only": lambda: (
        back_says("statistic=max grad_output=1", "is the gradient for g = 3 only")
        and back_says("statistic=mean grad_output=1", "is the gradient for g = 8 only")
    ),
    "With *all*, more is handed out than came in": lambda: says(
        forward_and_backward, TIE.format("all"), "sum 2 ≠ g"
    ),
    "leave 64 × 64 = 4,096 of 262,144 pixels, that is 1.6 %": lambda: (
        (512 // 8) ** 2 == 4096 and 512**2 == 262144 and round(100 / 64, 1) == 1.6
    ),
    "windows of 6×6 leave 2.8 %": lambda: round(100 * math.ceil(512 / 6) ** 2 / 512**2, 1) == 2.8,
    "The mean keeps the brightness: 0.51 before and after": lambda: (
        f"{camera().mean():.2f}" == "0.51"
    ),
    "8×8 windows bring the mean brightness up to 0.60": lambda: (
        f"{camera().reshape(64, 8, 64, 8).max(axis=(1, 3)).mean():.2f}" == "0.60"
        and says(mosaics, "photograph=camera kernel_size=8 statistic=max", "0.60 after")
    ),
    "changes by 11.4 %; after mean pooling with 4×4 windows the change is 6.3 %, after max pooling "
    "6.7 %": lambda: says(
        steadiness, PLAIN.format(4, "shift") + " shift=2", " 11.4 %", " 6.3 %", " 6.7 %"
    ),
    "the photograph by 7.5 %, and leaves 3.4 % after 4×4 means and 2.1 % after 8×8": lambda: (
        says(steadiness, PLAIN.format(4, "shift") + " shift=1", " 7.5 %", " 3.4 %")
        and says(steadiness, PLAIN.format(8, "shift") + " shift=1", " 2.1 %")
    ),
    "16.4 % without pooling, 12.3 % after 4×4 means": lambda: says(
        steadiness, PLAIN.format(4, "turn") + " turn=5", " 16.4 %", " 12.3 %"
    ),
    "1 pixel changes them by 98.5 %. Here the maximum is the steadier one, 23.4 % after 4×4 "
    "windows, against 35.6 % for the mean": lambda: says(
        steadiness, EDGES.format(4, 1), " 98.5 %", " 23.4 %", " 35.6 %"
    ),
    "shifted by 4 pixels, 2×2 maxima change by 14.8 %, the unpooled pixels by 14.2 %": lambda: says(
        steadiness,
        PLAIN.format(2, "shift").replace("camera", "coffee") + " shift=4",
        *(" 14.8 %", " 14.2 %"),
    ),
    "one layer of 64 ReLU neurons": lambda: run("mean", 1, 200)["weights"] == 784 * 64 + 64 + 650,
    "Trained on 4,000 digits, it names 93.6 % of the test digits rightly from all 784 pixels; from "
    "100 pixels, after 3×3 means, it is 93.5 %": lambda: (
        test_accuracy("mean", 1, 4000) == "93.6" and test_accuracy("mean", 3, 4000) == "93.5"
    ),
    "4×4 leaves 92.0 %, 8×8 78.0 %": lambda: (
        test_accuracy("mean", 4, 4000) == "92.0" and test_accuracy("mean", 8, 4000) == "78.0"
    ),
    "it needs 7,114 weights instead of 50,890": lambda: (
        (run("mean", 3, 200)["weights"], run("mean", 1, 200)["weights"]) == (7114, 50890)
    ),
    "training accuracy is 100.0 % up to windows of 6×6": lambda: all(
        f"{100 * np.mean(run('mean', window, 200)['training_accuracies']):.1f}" == "100.0"
        for window in (1, 2, 3, 4, 5, 6)
    ),
    "3×3 means reach 81.5 %, no pooling 79.9 %": lambda: (
        test_accuracy("mean", 3, 200) == "81.5" and test_accuracy("mean", 1, 200) == "79.9"
    ),
    "lie between 79.6 % and 83.4 %, those without between 77.4 % and 81.7 %": lambda: all(
        in_percent(f(run("mean", window, 200)["test_accuracies"]) for f in (min, max)) == ends
        for window, ends in ((3, [79.6, 83.4]), (1, [77.4, 81.7]))
    ),
    "4×4 windows leave 92.0 % after means, 86.3 % after maxima": lambda: (
        test_accuracy("mean", 4, 4000) == "92.0" and test_accuracy("max", 4, 4000) == "86.3"
    ),
}
SOURCED = {"well-known set of 1,797 digits in scikit-learn, only 8×8 pixels each": "Alpaydin"}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"LeNet-5",
    r"A turn by 5° is harder",
    r"[Tt]he input below is 6×6|\(1, 2, 3, 2\)|\(0, 0, 3, 0\)|\(2, 2, 2, 2\)|the maximum is 3",
    r"the mean is 2|a maximum of 3|32×32|28×28|14×14|a window of 32",
    r"for 10 outputs \(or 10 kernels|kernel_size of 3 and a stride of 2|tell 4 from 9",
    r"after 2×2 windows\? After 3×3\?|A 6×6 window makes one number of 36|run from 0 to 16",
    r"Shifted by \d pixels?|shift by 1 pixel|Compare 200 and 4,000|With 200 digits",
]
