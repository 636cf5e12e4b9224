"""What the text of notebooks/05_softmax.ipynb claims, and each claim worked out another way."""

import json
import math

import numpy as np
from explored import says
from scipy.special import log_softmax, softmax

from lessonkit.datasets import DATA
from lessonkit.explorers.softmax import (
    dropout,
    parameter_ledger,
    scores_to_probabilities,
    two_losses,
    where_the_parameters_are,
)

Z = np.array([4.0, 1.0, -2.0])
ROW = [2, 1, 1, 0, 0, 0, 1, 0]  # fur at four places, water at four
WAYS = {  # class → its weights for the row, and its bias
    "cat": ([1, 1, 1, 1, 0, 0, -1, -1], 1),
    "dog": ([1, 0, 1, 0, 0, 0, -1, -1], -1),
    "ship": ([-1, -1, -1, -1, 0, 0, 1, 1], 1),
}
LEDGER = "input_size={} kernel_size=5 in_channels=1 out_channels=1"
RATES = [tenths / 10 for tenths in range(9)]  # of dropout


def scores(row):
    """Return each class's sum over the row, one product after the other."""
    return [sum(w * x for w, x in zip(ws, row, strict=True)) + bias for ws, bias in WAYS.values()]


def in_digits(probabilities):
    return [f"{p:.4f}" for p in probabilities]


def loss_says(code, *words):
    return says(two_losses, "cat=4 dog=1 ship=-2 label=cat " + code, *words)


def cross_entropy(cat):
    return f"{-log_softmax([cat, 1, -2])[0]:.3f}"


def slope(cat):
    """Return the derivative of the cross-entropy by the cat's score."""
    return f"{softmax([cat, 1, -2])[0] - 1:.3f}".replace("-", "−")


def network_says(name, *words):
    return says(where_the_parameters_are, f"network={name}", *words)


def run(rate):
    """Return the recorded run with this dropout rate."""
    record = json.loads((DATA / "records" / "dropout.json").read_text("utf-8"))
    (found,) = [one for one in record["runs"] if one["rate"] == rate]
    return found


def last(rate, part):
    return f"{run(rate)[f'{part}_loss'][60]:.3f}"


def gap(rate):
    return f"{run(rate)['validation_loss'][60] - run(rate)['training_loss'][60]:.3f}"


def after_10(rate, part):
    return f"{run(rate)[f'{part}_loss'][10]:.3f}"


def test_loss(rate):
    return f"{np.mean(run(rate)['test_losses']):.3f}"


CLAIMS = {
    "scores-happened": {
        "the three scores: 2 1 1 −1 1 4 1 −2": lambda: (
            scores(ROW) == [4, 1, -2] and sum(ROW[:4]) == 2 + 1 + 1
        ),
        "weights and biases: 3 8 24 3": lambda: (
            sum(len(weights) for weights, _ in WAYS.values()) == 24
        ),
        "without water: 5 2 −3": lambda: scores([2, 1, 1, 0, 0, 0, 0, 0]) == [5, 2, -3],
        "maps of 4×4: 32 3 32 96": lambda: 2 * 4 * 4 * 3 == 96,
    },
    "softmax-question": {
        "cat's share: 95": lambda: f"{softmax(Z)[0]:.0%}" == "95%",
    },
    "softmax-happened": {
        "probabilities: 4 1 −2 0.9503 0.0473 0.0024": lambda: (
            in_digits(softmax(Z)) == ["0.9503", "0.0473", "0.0024"]
        ),
        "same differences: 5 2 −1": lambda: in_digits(softmax([5, 2, -1])) == in_digits(softmax(Z)),
        "temperatures of 2 and ½: 2 0.7856 0.5 0.9975": lambda: (
            f"{softmax(Z / 2)[0]:.4f}" == "0.7856" and f"{softmax(2 * Z)[0]:.4f}" == "0.9975"
        ),
        "ship when cold: 0.1 8.8 10": lambda: (
            f"{softmax(Z / 0.1)[2]:.1e}" == "8.8e-27"
            and says(
                scores_to_probabilities,
                "cat=4 dog=1 ship=-2 temperature=0.1 plus_1000=false",
                "8.8 × 10⁻²⁷ (ship)",
            )
        ),
        "where exp becomes 0: 0 745": lambda: math.exp(-745) > 0 == math.exp(-746),
        "with 1000 added: 1.45": lambda: (
            says(
                scores_to_probabilities, "cat=4 dog=1 ship=-2 temperature=1.4 plus_1000=true", "nan"
            )
            and says(scores_to_probabilities, "temperature=1.45 plus_1000=true", "both ways")
            and math.isfinite(math.exp(1004 / 1.45))
        ),
    },
    "softmax-maths": {
        "one point's ratio: 2.718": lambda: (
            f"{softmax([3, 2, 0])[0] / softmax([3, 2, 0])[1]:.3f}" == "2.718" == f"{math.e:.3f}"
        ),
    },
    "softmax-printed": {
        "as printed: 0.95 0.04 0.0 0.0473 0.05": lambda: (
            f"{softmax(Z)[1]:.2f}" == "0.05" and int(100 * softmax(Z)[1]) == 4
        ),
    },
    "softmax-try": {
        "two equal scores: 0.4994 0.0012": lambda: (
            in_digits(softmax([4, 4, -2])) == ["0.4994", "0.4994", "0.0012"]
        ),
        "cat below 60 %: 3.85": lambda: softmax(Z / 3.85)[0] < 0.6 < softmax(Z / 3.8)[0],
        "lowest temperature: 0.1 1.0000": lambda: says(
            scores_to_probabilities,
            "cat=4 dog=1 ship=-2 temperature=0.1 plus_1000=false",
            "1.0000 (cat)",
        ),
        "asked share of the cat: 60": lambda: softmax(Z / 5)[0] < 0.6 < softmax(Z / 2)[0],
    },
    "loss-question": {
        "cross-entropy at ½ and 0.01: ½ 0.69 0.01 4.6": lambda: (
            f"{-math.log(1 / 2):.2f}" == "0.69" and f"{-math.log(0.01):.1f}" == "4.6"
        ),
    },
    "loss-happened": {
        "hinge loss at first: 4 1 −2 0 3.00": lambda: loss_says(
            "", "hinge loss is 0.000 (slope 0.000 along", "leads by 3.00"
        ),
        "cross-entropy at first: 0.051 −0.050": lambda: (
            (cross_entropy(4), slope(4)) == ("0.051", "−0.050")
        ),
        "cat at 2: 2 1.00 0 0.327": lambda: (
            loss_says("cat=2", "hinge loss is 0.000", "leads by 1.00")
            and cross_entropy(2) == "0.327"
        ),
        "cat at 1.5: 1.5 0.500": lambda: loss_says("cat=1.5", "is 0.500"),
        "cat at −4: −4 −0.994 1": lambda: slope(-4) == "−0.994",
        "“The hinge loss pulls once for each class that is too close, here twice”": lambda: (
            loss_says("cat=-4", "slope −2.00")
        ),
    },
    "loss-gradient-text": {
        "pull: 0.95 1 0.05": lambda: f"{1 - softmax(Z)[0]:.2f}" == "0.05",
    },
    "loss-try": {
        "slopes at −4: −4 −0.994 −2": lambda: (
            slope(-4) == "−0.994" and loss_says("cat=-4", "slope −2.00")
        ),
        "dog ahead by 1: 3 2 0.318 73": lambda: (
            loss_says("cat=2 dog=3 label=dog", "hinge loss is 0.000", "Cross-entropy is 0.318")
            and not loss_says("cat=2.25 dog=3 label=dog", "hinge loss is 0.000")
            and f"{softmax([2, 3, -2])[1]:.0%}" == "73%"
        ),
    },
    "ledger-happened": {
        "fully connected: 32 32 32 32 1,048,576": lambda: 32**4 == 1_048_576,
        "locally connected: 32 32 5 5 25,600 41": lambda: (
            32**2 * 5**2 == 25_600 and round(32**4 / 25_600) == 41
        ),
        "weights on the border: 1,884": lambda: (
            25_600 - sum(min(i + 2, 31) - max(i - 2, 0) + 1 for i in range(32)) ** 2 == 1884
        ),
        "shared: 25 1,024 1,024": lambda: 25_600 / 25 == 1024 == 32**2,
        "64×64: 64 64 16,777,216": lambda: (
            64**4 == 16_777_216 and says(parameter_ledger, LEDGER.format(64), "16,777,216")
        ),
    },
    "networks-happened": {
        "LeNet-5: -5 95.8": lambda: network_says("LeNet-5", "95.8 %"),
        "AlexNet: 96.2": lambda: network_says("AlexNet", "96.2 %"),
        "VGG-16: -16 89.4 123,642,856 138,357,544": lambda: network_says(
            "VGG-16", "123,642,856 of 138,357,544", "89.4 %"
        ),
        "ResNet-50: -50 8.0": lambda: network_says("ResNet-50", "8.0 %"),
    },
    "networks-try": {
        "kernel as large as the input: 9 9 11 11": lambda: all(
            says(parameter_ledger, f"input_size={size} kernel_size={kernel}", "save nothing")
            == (size <= kernel)
            for size in range(8, 65)
            for kernel in range(1, 12, 2)
        ),
        "more maps: 8": lambda: says(
            parameter_ledger,
            "input_size=32 kernel_size=5 in_channels=2 out_channels=4",
            *(f"{8 * weights:,}" for weights in (1_048_576, 25_600, 25)),
        ),
        "GPT-2: 124,439,808 38,597,376 50,257 84,934,656": lambda: (
            50_257 * 768 == 38_597_376
            and 12 * 12 * 768**2 == 84_934_656
            and 38_597_376 + 84_934_656 + 1024 * 768 + 12 * (9 + 4) * 768 + 2 * 768 == 124_439_808
        ),
    },
    "dropout-question": {
        "sizes: 784 256": lambda: (
            "784 pixels → 256 ReLU neurons"
            in (DATA / "records" / "dropout.json").read_text("utf-8")
        ),
        "training digits: 1,000": lambda: (
            '"training_digits": 1000' in (DATA / "records" / "dropout.json").read_text("utf-8")
        ),
        "“at the epoch where the validation loss was lowest”": lambda: all(
            min(run(rate)["validation_loss"])
            == run(rate)["validation_loss"][run(rate)["best_epoch"]]
            for rate in RATES
        ),
        "neurons shown: 20 256": lambda: says(dropout, "rate=0.5", "these 20"),
    },
    "dropout-happened": {
        "training loss: 10 0.053 0.5 0.033 0.001 0.003": lambda: (
            [after_10(rate, "training") for rate in (0.5, 0)] == ["0.053", "0.033"]
            and [last(rate, "training") for rate in (0.5, 0)] == ["0.001", "0.003"]
        ),
        "without dropout: 9 0.385 0.440": lambda: (
            np.argmin(run(0)["validation_loss"]) == 9
            and f"{min(run(0)['validation_loss']):.3f}" == "0.385"
            and last(0, "validation") == "0.440"
        ),
        "rate of 0.5: 0.347 12 0.387 0.386 0.437": lambda: (
            np.argmin(run(0.5)["validation_loss"]) == 12
            and f"{min(run(0.5)['validation_loss']):.3f}" == "0.347"
            and (last(0.5, "validation"), gap(0.5), gap(0)) == ("0.387", "0.386", "0.437")
        ),
        "best rate: 0.6 0.342 0.346 0.396 0.7 0.8": lambda: (
            f"{min(run(0.6)['validation_loss']):.3f}" == "0.342"
            and min(RATES, key=lambda rate: min(run(rate)["validation_loss"])) == 0.6
            and [test_loss(r) for r in (0.6, 0, 0.7, 0.8)] == ["0.346", "0.396", "0.345", "0.353"]
        ),
        "rate of 0.8: 0.8 59 0.003 0.01": lambda: (
            np.argmin(run(0.8)["validation_loss"]) == 59
            and [run(rate)["learning_rate"] for rate in RATES] == [0.01] * 8 + [0.003]
        ),
        "share read at rate 0: 89.4 89.7": lambda: (
            [f"{100 * run(0)['validation_accuracy'][epoch]:.1f}" for epoch in (9, -1)]
            == ["89.4", "89.7"]
        ),
        "test digits read: 90.7 89.2": lambda: (
            [f"{100 * np.mean(run(rate)['test_accuracies']):.1f}" for rate in (0.6, 0)]
            == ["90.7", "89.2"]
        ),
        "factor: 2.00 0.5": lambda: says(dropout, "rate=0.5", "are multiplied by 2.00"),
    },
    "dropout-try": {
        "learning rates: 0.7 0 0.8": lambda: (
            run(0.7)["learning_rate"] == run(0)["learning_rate"] != run(0.8)["learning_rate"]
        ),
        "training loss after 10 epochs: 10 0.033 0.7 0.086": lambda: (
            [after_10(rate, "training") for rate in (0, 0.7)] == ["0.033", "0.086"]
        ),
        "validation loss after 5 and 10 epochs: 5 0.399 0.410 7 10 0.359 0.386": lambda: (
            [f"{run(rate)['validation_loss'][5]:.3f}" for rate in (0, 0.7)] == ["0.399", "0.410"]
            and [after_10(rate, "validation") for rate in (0.7, 0)] == ["0.359", "0.386"]
            and np.argmax(np.subtract(*(run(r)["validation_loss"] for r in (0.7, 0))) < 0) == 7
            and all(np.subtract(*(run(r)["validation_loss"] for r in (0.7, 0)))[7:] < 0)
        ),
        "when to stop: 9": lambda: np.argmin(run(0)["validation_loss"]) == 9,
        "test losses: 0.396 0.356 0.5": lambda: (
            [test_loss(rate) for rate in (0, 0.5)] == ["0.396", "0.356"]
        ),
    },
}
SOURCED = {}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"cat 4, dog 1, ship −2|scores (?:are|to) 4, [14](?:,| and) −2|back to 4, 1 and −2",
    r"5·5 weights|adds? 1000|With 1000 added|95 of 100 cases|The 0\.04 is cut off|\"0\.95\"",
    r"score falls to 1\.5|map of 32×32|window of 5×5|another map of 32×32|at 0\.8",
    r"LeNet-5|AlexNet|VGG-16|ResNet-50|layer C5|not 7×7",
]
