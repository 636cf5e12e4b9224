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
    "The cat gets 2 + 1 + 1 for the fur, −1 for the water, and 1 as its bias: together 4. The dog "
    "gets 1, the ship −2": lambda: scores(ROW) == [4, 1, -2] and sum(ROW[:4]) == 2 + 1 + 1,
    "it has 3 · 8 = 24 weights and 3 biases": lambda: (
        sum(len(weights) for weights, _ in WAYS.values()) == 24
    ),
    "All three: they become 5, 2 and −3": lambda: scores([2, 1, 1, 0, 0, 0, 0, 0]) == [5, 2, -3],
    "The row would have 32 numbers, so 3 · 32 = 96 weights": lambda: 2 * 4 * 4 * 3 == 96,
    'something like "95 % cat"': lambda: f"{softmax(Z)[0]:.0%}" == "95%",
    "The scores 4, 1 and −2 become 0.9503, 0.0473 and 0.0024": lambda: (
        in_digits(softmax(Z)) == ["0.9503", "0.0473", "0.0024"]
    ),
    "5, 2 and −1 give the very same probabilities": lambda: (
        in_digits(softmax([5, 2, -1])) == in_digits(softmax(Z))
    ),
    "Divide by a temperature of 2, and the cat has 0.7856. At 0.5, which doubles the scores, it "
    "has 0.9975": lambda: (
        f"{softmax(Z / 2)[0]:.4f}" == "0.7856" and f"{softmax(2 * Z)[0]:.4f}" == "0.9975"
    ),
    "At a temperature of 0.1 the ship is left with 8.8 × 10⁻²⁷": lambda: (
        f"{softmax(Z / 0.1)[2]:.1e}" == "8.8e-27"
        and says(
            scores_to_probabilities,
            "cat=4 dog=1 ship=-2 temperature=0.1 plus_1000=false",
            "8.8 × 10⁻²⁷ (ship)",
        )
    ),
    "does arrive at 0 when a score trails by more than about 745": lambda: (
        math.exp(-745) > 0 == math.exp(-746)
    ),
    "From 1.45 upwards it holds": lambda: (
        says(scores_to_probabilities, "cat=4 dog=1 ship=-2 temperature=1.4 plus_1000=true", "nan")
        and says(scores_to_probabilities, "temperature=1.45 plus_1000=true", "both ways")
        and math.isfinite(math.exp(1004 / 1.45))
    ),
    "one point more is always 2.718 times as probable": lambda: (
        f"{softmax([3, 2, 0])[0] / softmax([3, 2, 0])[1]:.3f}" == "2.718" == f"{math.e:.3f}"
    ),
    "Cat and dog have 0.4994 each. The ship keeps 0.0012": lambda: (
        in_digits(softmax([4, 4, -2])) == ["0.4994", "0.4994", "0.0012"]
    ),
    "From 3.85 upwards": lambda: softmax(Z / 3.85)[0] < 0.6 < softmax(Z / 3.8)[0],
    "At the lowest, 0.1: there the cat has 1.0000": lambda: says(
        scores_to_probabilities,
        "cat=4 dog=1 ship=-2 temperature=0.1 plus_1000=false",
        "1.0000 (cat)",
    ),
    "At ½ it is 0.69, at 0.01 it is 4.6": lambda: (
        f"{-math.log(1 / 2):.2f}" == "0.69" and f"{-math.log(0.01):.1f}" == "4.6"
    ),
    "prints [0.95, 0.04, 0.0] for these scores. The middle one is 0.0473: rounded, that is 0.05": (
        lambda: f"{softmax(Z)[1]:.2f}" == "0.05" and int(100 * softmax(Z)[1]) == 4
    ),
    "the cat gets less than 60 %": lambda: softmax(Z / 5)[0] < 0.6 < softmax(Z / 2)[0],
    "For 4, 1, −2 the hinge loss is 0: the right score leads by 3.00": lambda: loss_says(
        "", "hinge loss is 0.000 (slope 0.000 along", "leads by 3.00"
    ),
    "The cross-entropy is still 0.051, and it still pulls the score up, with a slope of −0.050": (
        lambda: (cross_entropy(4), slope(4)) == ("0.051", "−0.050")
    ),
    "At 2 it leads by 1.00: the hinge loss is still 0, the cross-entropy 0.327": lambda: (
        loss_says("cat=2", "hinge loss is 0.000", "leads by 1.00") and cross_entropy(2) == "0.327"
    ),
    "At 1.5 the hinge loss complains too, with 0.500": lambda: loss_says("cat=1.5", "is 0.500"),
    "at −4, cross-entropy pulls with a slope of −0.994; it is never steeper than 1": lambda: (
        slope(-4) == "−0.994"
    ),
    "The hinge loss pulls once for each class that is too close, here twice": lambda: loss_says(
        "cat=-4", "slope −2.00"
    ),
    "One that says 0.95 where 1 is right is pulled by 0.05": lambda: (
        f"{1 - softmax(Z)[0]:.2f}" == "0.05"
    ),
    "At −4 the slope of the cross-entropy is −0.994, that of the hinge loss −2.": lambda: (
        slope(-4) == "−0.994" and loss_says("cat=-4", "slope −2.00")
    ),
    "the dog up to 3 and the cat down to 2. The cross-entropy is then 0.318, as the dog has only "
    "73 %": lambda: (
        loss_says("cat=2 dog=3 label=dog", "hinge loss is 0.000", "Cross-entropy is 0.318")
        and not loss_says("cat=2.25 dog=3 label=dog", "hinge loss is 0.000")
        and f"{softmax([2, 3, -2])[1]:.0%}" == "73%"
    ),
    "32·32 outputs times 32·32 inputs, 1,048,576 weights": lambda: 32**4 == 1_048_576,
    "32·32 outputs times 5·5 inputs, 25,600 weights, 41 times fewer": lambda: (
        32**2 * 5**2 == 25_600 and round(32**4 / 25_600) == 41
    ),
    "though 1,884 of their weights only see the border of zeros": lambda: (
        25_600 - sum(min(i + 2, 31) - max(i - 2, 0) + 1 for i in range(32)) ** 2 == 1884
    ),
    "25 in all. That is again 1,024 times fewer, as 1,024 outputs share them": lambda: (
        25_600 / 25 == 1024 == 32**2
    ),
    "At 64×64 the fully connected layer has 16,777,216": lambda: (
        64**4 == 16_777_216 and says(parameter_ledger, LEDGER.format(64), "16,777,216")
    ),
    "a kernel_size of 9 up to an input_size of 9, and 11 up to 11. Much of such a window": lambda: (
        all(
            says(parameter_ledger, f"input_size={size} kernel_size={kernel}", "save nothing")
            == (size <= kernel)
            for size in range(8, 65)
            for kernel in range(1, 12, 2)
        )
    ),
    "All three by 8: each of the four maps": lambda: says(
        parameter_ledger,
        "input_size=32 kernel_size=5 in_channels=2 out_channels=4",
        *(f"{8 * weights:,}" for weights in (1_048_576, 25_600, 25)),
    ),
    # Radford et al. 2019: 12 blocks of width 768, 1,024 places. A block: 12 · 768² weights and
    # 9 · 768 biases (queries, keys, values 3, their mix 1, then 4 and 1), twice a scale and shift
    "has 124,439,808: 38,597,376 in the table of its 50,257 pieces of words, and 84,934,656 in": (
        lambda: (
            50_257 * 768 == 38_597_376
            and 12 * 12 * 768**2 == 84_934_656
            and 38_597_376 + 84_934_656 + 1024 * 768 + 12 * (9 + 4) * 768 + 2 * 768 == 124_439_808
        )
    ),
    "In LeNet-5 95.8 % of the parameters": lambda: network_says("LeNet-5", "95.8 %"),
    "in AlexNet 96.2 %": lambda: network_says("AlexNet", "96.2 %"),
    "in VGG-16 89.4 %: 123,642,856 of 138,357,544": lambda: network_says(
        "VGG-16", "123,642,856 of 138,357,544", "89.4 %"
    ),
    "In ResNet-50 it is 8.0 %": lambda: network_says("ResNet-50", "8.0 %"),
    "have 784 pixels, 256 hidden ReLU neurons and ten scores": lambda: (
        "784 pixels → 256 ReLU neurons" in (DATA / "records" / "dropout.json").read_text("utf-8")
    ),
    "They were trained on 1,000 digits": lambda: (
        '"training_digits": 1000' in (DATA / "records" / "dropout.json").read_text("utf-8")
    ),
    "after 10 epochs it is 0.053 at a rate of 0.5, and 0.033 without. In the end it is just as "
    "small, 0.001 and 0.003": lambda: (
        [after_10(rate, "training") for rate in (0.5, 0)] == ["0.053", "0.033"]
        and [last(rate, "training") for rate in (0.5, 0)] == ["0.001", "0.003"]
    ),
    "Set the rate to 0.7 and look at the first ten epochs. (It has the same learning rate as rate "
    "0; 0.8 has another.)": lambda: (
        run(0.7)["learning_rate"] == run(0)["learning_rate"] != run(0.8)["learning_rate"]
    ),
    "after 10 epochs the loss is 0.033, at 0.7 it is 0.086": lambda: (
        [after_10(rate, "training") for rate in (0, 0.7)] == ["0.033", "0.086"]
    ),
    "after 5 epochs 0.399 against 0.410. From the 7th on dropout is ahead, after 10 by 0.359 to "
    "0.386": lambda: (
        [f"{run(rate)['validation_loss'][5]:.3f}" for rate in (0, 0.7)] == ["0.399", "0.410"]
        and [after_10(rate, "validation") for rate in (0.7, 0)] == ["0.359", "0.386"]
        and np.argmax(np.subtract(*(run(r)["validation_loss"] for r in (0.7, 0))) < 0) == 7
        and all(np.subtract(*(run(r)["validation_loss"] for r in (0.7, 0)))[7:] < 0)
    ),
    "After 9 epochs. It helps": lambda: np.argmin(run(0)["validation_loss"]) == 9,
    "the validation loss is best after 9 epochs, 0.385, and then rises to 0.440": lambda: (
        np.argmin(run(0)["validation_loss"]) == 9
        and f"{min(run(0)['validation_loss']):.3f}" == "0.385"
        and last(0, "validation") == "0.440"
    ),
    "goes lower, to 0.347 after 12 epochs, and rises less afterwards, to 0.387. The gap between "
    "the two is 0.386 in the end instead of 0.437": lambda: (
        np.argmin(run(0.5)["validation_loss"]) == 12
        and f"{min(run(0.5)['validation_loss']):.3f}" == "0.347"
        and (last(0.5, "validation"), gap(0.5), gap(0)) == ("0.387", "0.386", "0.437")
    ),
    "The validation loss is lowest at 0.6. There the loss on the *test* digits is 0.346, against "
    "0.396 without dropout; at 0.7 it is about the same, at 0.8 no better": lambda: (
        min(RATES, key=lambda rate: min(run(rate)["validation_loss"])) == 0.6
        and [test_loss(r) for r in (0.6, 0, 0.7, 0.8)] == ["0.346", "0.396", "0.345", "0.353"]
    ),
    "does not fall, 89.4 % and 89.7 %": lambda: (
        [f"{100 * run(0)['validation_accuracy'][epoch]:.1f}" for epoch in (9, -1)]
        == ["89.4", "89.7"]
    ),
    "0.396 without dropout and 0.356 at a rate of 0.5": lambda: (
        [test_loss(rate) for rate in (0, 0.5)] == ["0.396", "0.356"]
    ),
    "at the epoch where the validation loss was lowest": lambda: all(
        min(run(rate)["validation_loss"]) == run(rate)["validation_loss"][run(rate)["best_epoch"]]
        for rate in RATES
    ),
    "In digits named rightly this is 90.7 % against 89.2 %": lambda: (
        [f"{100 * np.mean(run(rate)['test_accuracies']):.1f}" for rate in (0.6, 0)]
        == ["90.7", "89.2"]
    ),
    "2.00 times at a rate of 0.5": lambda: says(dropout, "rate=0.5", "are multiplied by 2.00"),
    "On the left are 20 of the 256 hidden neurons": lambda: says(dropout, "rate=0.5", "these 20"),
}
SOURCED = {}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"cat 4, dog 1, ship −2|scores (?:are|to) 4, [14](?:,| and) −2|back to 4, 1 and −2",
    r"5·5 weights|adds? 1000|With 1000 added|95 of 100 cases|The 0\.04 is cut off|\"0\.95\"",
    r"score falls to 1\.5|map of 32×32|window of 5×5|another map of 32×32|at 0\.8",
    r"LeNet-5|AlexNet|VGG-16|ResNet-50|layer C5|not 7×7",
]
