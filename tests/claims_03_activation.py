"""What the text of notebooks/03_activation.ipynb claims, and each claim worked out another way."""

import functools
import inspect
import json
import math

import numpy as np
from explored import made, says
from scipy.optimize import brentq
from scipy.special import expit

from lessonkit.activations import ACTIVATIONS, relu
from lessonkit.datasets import DATA, digits
from lessonkit.explorers import activation
from lessonkit.explorers.activation.gradient_ladder import NEURONS
from lessonkit.explorers.style import NAMES
from lessonkit.network import HE, Activate, Dense, Network, train


def sigmoid_slope(x):
    return expit(x) * expit(-x)


def gradient_ladder(code):
    """Return the facts of the gradient ladder."""
    explorer = made(activation.gradient_ladder)
    explorer.set(code)
    return explorer.facts


def ladder(code):
    """Return the factor per layer of the gradient ladder, with three decimals."""
    return f"{gradient_ladder(code).factor:.3f}"


def scale_of_ceiling(code):
    """Return the factor per layer of the gradient ladder's ceiling."""
    heights = gradient_ladder(code).ceiling
    return (heights[0] / heights[-1]) ** (1 / (len(heights) - 1))


def sigmoid_band():
    """Return how wide the region is in which sigmoid's slope exceeds 0.1."""
    return 2 * brentq(lambda x: sigmoid_slope(x) - 0.1, 0, 10)


def silent_neurons(code):
    """Return the facts of the silent neurons after ReLU."""
    explorer = made(activation.silent_neurons)
    explorer.set("activation=ReLU " + code)
    return explorer.facts


def relu_silent(code):
    """Return the percentage of ReLU's values on all patches that are exactly 0."""
    return 100 * silent_neurons(code).relu_zero


def speaking(patch):
    """Return which neurons are not silent at a bias of −1, counted from the top."""
    values = silent_neurons(f"patch={patch} bias=-1").values
    return [neuron for neuron, value in enumerate(values, 1) if value]


def functions_say(code, *words):
    return says(activation.functions_and_slopes, code, *words)


def maps_say(code, *words):
    return says(activation.feature_map, "photograph=camera negative_slope=0 " + code, *words)


def race_record():
    return json.loads((DATA / "records" / "training_race.json").read_text("utf-8"))


def recorded(activation, part, hidden_layers=5):
    """Return what was recorded in the end, the mean of five runs, of losses as text: "0.49"."""
    (run,) = [
        run
        for run in race_record()["runs"]
        if (run["activation"], run["hidden_layers"]) == (activation, hidden_layers)
    ]
    if part == "gap":
        return f"{np.subtract(run['validation_losses'], run['training_losses'])[:, -1].mean():.2f}"
    return np.mean(run[part], axis=0)[..., -1] if "losses" in part else np.mean(run[part])


def read(activation):
    """Return the percentage of the test digits that deep networks read in the end, as text."""
    return f"{100 * recorded(activation, 'test_accuracies'):.1f}"


def beaten_by_relu(hidden_layers):
    """Return who is later than ReLU at a training loss of 0.1, by the record."""
    runs = [run for run in race_record()["runs"] if run["hidden_layers"] == hidden_layers]
    curves = {run["activation"]: np.mean(run["training_losses"], axis=0) for run in runs}
    late = {name: np.sum(np.minimum.accumulate(curve) > 0.1) for name, curve in curves.items()}
    return [name for name in late if late[name] > late["relu"]]


SIGMOIDS = ("sigmoid", "sigmoid_4")


def race_says(code, *words):
    start = "'hidden_layers=5 (deep)' own_rates=true epoch=30 validation=false "
    start += "leaky_relu=false prelu=false elu=false silu=false "
    return says(activation.training_race, start + code, *words)


def is_first(name, epochs, code):
    """Tell whether this one of all in the race is there after so many epochs, and nobody before."""
    code += " leaky_relu=true prelu=true elu=true silu=true"
    return race_says(f"{code} epoch={epochs}", f"{name} ({epochs})") and race_says(
        f"{code} epoch={epochs - 1}", f"none has reached a training loss of 0.1; {name} is closest"
    )


def census_says(code, *words):
    start = "activation=ReLU 'layer=the only one' learning_rate=0.05 bias=0 'after=16 epochs' "
    return says(activation.dead_units, start + code, *words)


def digits_read(code):
    """Return how many training digits are read in the end, as text; – if no run is left."""
    explorer = made(activation.dead_units)
    explorer.set(f"'layer=the only one' 'after=16 epochs' {code}")
    census = explorer.facts.census.items()
    return {NAMES[name]: f"{100 * n.accuracy:.0f} %" if n.runs else "–" for name, n in census}


def dead_neurons():
    """Return the record's shares of dead ReLU neurons: layers × rates × biases × runs × steps."""
    kept = json.loads((DATA / "records" / "dead_units.json").read_text("utf-8"))
    return np.array([layer[0] for layer in kept["negative"]]) / 64


@functools.cache
def trained_again(learning_rate, seed):
    """Return which neurons are dead after each of 16 epochs, and at last with a bias of 0.

    As lessonkit/trainings/dead_units.py trains one hidden layer of ReLU. Others round otherwise, so
    that the counts differ a little from the record's.
    """
    data, rng = digits(), np.random.default_rng(seed)
    chosen = np.random.default_rng(seed).permutation(4000)[:2000]
    x, labels = data.train_images[chosen].reshape(2000, 784), data.train_labels[chosen]
    x = (x - x.mean()) / x.std()
    into = Dense(784, 64, rng, weight_scale=HE)
    network = Network(into, Activate(relu), Dense(64, 10, rng))
    settings = {"epochs": 16, "learning_rate": learning_rate, "batch_size": 50, "seed": seed}
    dead = [(into.forward(x) <= 0).all(axis=0) for _ in train(network, x, labels, **settings)]
    into.parameters["bias"][:] = 0
    return np.array(dead), (into.forward(x) <= 0).all(axis=0)


TRAINED_AGAIN = ((0.1, 0), (0.2, 0), (0.2, 1))  # (learning rate, seed)


def the_weights_did_it():
    """Tell whether nearly all dead neurons stay dead with their bias set back to 0."""
    runs = [trained_again(*setting) for setting in TRAINED_AGAIN]
    dead = np.concatenate([dead[-1] for dead, _ in runs])
    without_bias = np.concatenate([still for _, still in runs])
    return dead.sum() > 50 and without_bias[dead].mean() > 0.85


def nobody_wakes_in_a_first_layer():
    again = [trained_again(*setting)[0] for setting in TRAINED_AGAIN]
    return np.all(np.diff(dead_neurons()[:2]) >= 0) and not any(
        np.any(dead[:-1] & ~dead[1:]) for dead in again
    )


CLAIMS = {
    "slopes-happened": {
        "sigmoid's steepest slope: ¼": lambda: sigmoid_slope(0) == 1 / 4,
        "“costs the gradient three quarters or more”": lambda: 1 - sigmoid_slope(0) == 3 / 4,
        "sigmoid's band: 4.1 0": lambda: f"{sigmoid_band():.1f}" == "4.1",
        "sigmoid's slope at 6: 6 0.002": lambda: f"{sigmoid_slope(6):.3f}" == "0.002",
    },
    "family-history": {
        "tanh: 0 1 3.6": lambda: functions_say(
            "sigmoid=true tanh=true x=0", "0.250, tanh is 0.000 with slope 1.00", "3.6 (tanh)"
        ),
        "leaky ReLU's bar jumps: 0.11 0.1": lambda: (
            functions_say("leaky_relu=true negative_slope=0.1", "above 0 (leaky ReLU)")
            and functions_say("leaky_relu=true negative_slope=0.11", "everywhere (leaky ReLU)")
        ),
        "tanh's range: −1 1": lambda: all(
            math.isclose(math.tanh(x), 2 * expit(2 * x) - 1) for x in np.linspace(-3, 3, 8)
        ),
        "SiLU's slope: −0.091": lambda: f"{expit(-2) - 2 * sigmoid_slope(-2):.3f}" == "-0.091",
    },
    "ladder-question": {
        "width: 64": lambda: NEURONS == 64,
        "“ten thousand million times the one below”": lambda: (
            np.diff(
                np.log10(made(activation.gradient_ladder).picture.axes[0].get_yticks())
            ).tolist()
            == [10] * 4
        ),
    },
    "ladder-happened": {
        "sigmoid: 0.237": lambda: ladder("activation=sigmoid depth=20 weight_scale=1") == "0.237",
        "“a number with twelve zeros after the point”": lambda: (
            math.floor(
                -math.log10(gradient_ladder("activation=sigmoid depth=20 weight_scale=1").sizes[0])
            )
            == 12
        ),
        "ReLU: 0.705 20": lambda: ladder("activation=ReLU depth=20 weight_scale=1") == "0.705",
        "ReLU level: 1.41 50": lambda: (
            float(ladder("activation=ReLU depth=50 weight_scale=1.41")) > 0.97
        ),
        "sigmoid breaks even: 4": lambda: 4 * sigmoid_slope(0) == 1,
        "“Larger weights do help, but less than they should”": lambda: (
            0.237
            < float(ladder("activation=sigmoid depth=20 weight_scale=2"))
            < float(ladder("activation=sigmoid depth=20 weight_scale=4"))
            < 4 * 0.237
        ),
        "sigmoid at 4: 4 0.620": lambda: (
            ladder("activation=sigmoid depth=20 weight_scale=4") == "0.620"
        ),
        "“it stretches its favourite direction to almost twice the length”": lambda: (
            1.9
            < np.linalg.norm(
                np.random.default_rng(0).standard_normal((99, 64, 64)) / 8, 2, (1, 2)
            ).mean()
            < 2
        ),
        "ReLU at 4: 4": lambda: float(ladder("activation=ReLU depth=50 weight_scale=4")) > 2,
    },
    "ladder-he-text": {
        "what passes: √½": lambda: math.isclose(
            np.sqrt(np.mean(np.square([0, 1]))), math.sqrt(1 / 2)
        ),
        "what makes up for it: √2": lambda: math.isclose(1 / math.sqrt(1 / 2), math.sqrt(2)),
    },
    "ladder-try": {
        "tanh and sigmoid: 0.944 0.231": lambda: (
            ladder("activation=tanh depth=50 weight_scale=1") == "0.944"
            and ladder("activation=sigmoid depth=50 weight_scale=1") == "0.231"
        ),
        "PReLU level: 1.38": lambda: (
            0.99 < float(ladder("activation=PReLU depth=50 weight_scale=1.38")) < 1.01
        ),
        "ReLU's ceiling: 2": lambda: (
            1.9 < float(scale_of_ceiling("activation=ReLU depth=20 weight_scale=1")) < 2
        ),
        "PReLU's parameter: 0.25": lambda: (
            inspect.signature(ACTIVATIONS["prelu"]).parameters["slope"].default == 0.25
        ),
    },
    "silence-question": {
        "neurons: 20": lambda: len(silent_neurons("").values) == 20,
    },
    "silence-happened": {
        "bias 0: 0 0": lambda: abs(relu_silent("bias=0") - 50) < 5,
        "bias −1: −1 13.2": lambda: f"{100 - relu_silent('bias=-1'):.1f}" == "13.2",
    },
    "silence-worth": {
        "as sparse as the brain: −1.5 −2 3.8 −1.55 1.0 −2": lambda: (
            [f"{100 - relu_silent(f'bias={bias}'):.1f}" for bias in (-1.55, -2)] == ["3.8", "1.0"]
        ),
        "“Nothing: no sum meets its bend”": lambda: relu_silent("bias=3") == 0,
        "patch 8: 8": lambda: speaking(8) == [1, 5],
        "patch 9: 9": lambda: speaking(9) == [4, 20],
    },
    "map-try": {
        "“Neither a weight nor a pixel is negative”": lambda: maps_say(
            "filter=blur threshold=0", "None of the map's", "0.0 % are exactly 0"
        ),
        "threshold: 0.5 95.9": lambda: maps_say(
            "'filter=vertical edges' threshold=0.5", "95.9 % are exactly 0"
        ),
    },
    "race-question": {
        "network and digits: 64 2,000": lambda: race_record()["training_digits"] == 2000,
    },
    "race-happened": {
        "deep network, own rates: 0.1 30 7 6 7": lambda: race_says(
            "", "sigmoid (over 30), sigmoid ×4 (7), tanh (6) and ReLU (7)"
        ),
        "shallow network: 5 4 6": lambda: race_says(
            "'hidden_layers=1 (shallow)'", "sigmoid (5)", "tanh (4)", "ReLU (6)"
        ),
        "one rate for all: 0.01 0.1": lambda: (
            race_record()["common_learning_rate"] == 0.01
            and all(
                race_says(f"{layers} own_rates=false", "sigmoid (over 30), sigmoid ×4 (over 30)")
                for layers in ("'hidden_layers=5 (deep)'", "'hidden_layers=1 (shallow)'")
            )
        ),
        "sigmoids in the shallow network: 30": lambda: (
            max(recorded(name, "training_losses_at_common_rate", 1) for name in SIGMOIDS) < 0.14
            and max(recorded(name, "validation_losses_at_common_rate", 1) for name in SIGMOIDS)
            < recorded("relu", "validation_losses_at_common_rate", 1)
        ),
        "“In the deep one the plain sigmoid has not started”": lambda: (
            recorded("sigmoid", "training_losses_at_common_rate") > math.log(10)
        ),
        "ReLU, common rate: 6 7": lambda: (
            race_says("own_rates=false", "ReLU (6)") and race_says("", "ReLU (7)")
        ),
        "ReLU's last losses: 0.0003 0.0025": lambda: (
            f"{recorded('relu', 'training_losses_at_common_rate'):.4f}" == "0.0003"
            and f"{recorded('relu', 'training_losses'):.4f}" == "0.0025"
        ),
        "test digits read: 91.4 4 91.0 90.2 30.8": lambda: (
            [read(name) for name in ("tanh", "sigmoid_4", "relu", "sigmoid")]
            == ["91.4", "91.0", "90.2", "30.8"]
        ),
        "ELU first: 4 3": lambda: all(
            is_first("ELU", first, f"'hidden_layers={layers}'")
            for layers, first in (("5 (deep)", 4), ("1 (shallow)", 3))
        ),
        "ELU's gap and reading: 0.45 91.3": lambda: (
            recorded("elu", "gap") == "0.45" and read("elu") == "91.3" < read("tanh")
        ),
        "common rate, tanh and ReLU: 6 6 8": lambda: (
            race_says("own_rates=false", "tanh (6) and ReLU (6)")
            and race_says("own_rates=false 'hidden_layers=1 (shallow)'", "tanh (8) and ReLU (6)")
        ),
        "gaps: 30 0.49 0.32": lambda: (
            recorded("relu", "gap") == "0.49" and recorded("tanh", "gap") == "0.32"
        ),
    },
    "dead-happened": {
        "rates that kill: 0.05 2.2 16 0.1 11.2 0.2 56.6": lambda: all(
            census_says(f"learning_rate={rate}", f"{share} % of the ReLU neurons")
            for rate, share in ((0.05, "2.2"), (0.1, "11.2"), (0.2, "56.6"))
        ),
        "first epoch: 0.1 6.9": lambda: census_says(
            "learning_rate=0.1", "after the first epoch 6.9 %", "came in the first epoch"
        ),
        "“A few large steps are enough to turn a neuron's weights so far”": lambda: census_says(
            "learning_rate=0.2 'after=5 steps'", "6.9 % of the ReLU neurons"
        ),
        "bias set back: 0": the_weights_did_it,
        "“in a first layer no neuron wakes”": nobody_wakes_in_a_first_layer,
        "second layer wakes: 73.1 0.9": lambda: census_says(
            "'layer=second of two' bias=-2",
            "0.9 % of the ReLU neurons",
            "Before training it was 73.1 %",
            "came back to life",
        ),
        "leaky ReLU at 0.2: 0.2 95 59": lambda: (
            {"leaky ReLU": "95 %", "ReLU": "59 %"}.items()
            <= digits_read("learning_rate=0.2 bias=0").items()
        ),
        "“with two layers, leaky ReLU breaks down there”": lambda: all(
            digits_read(f"'layer={layer} of two' learning_rate=0.2 bias=0")["leaky ReLU"] == "–"
            for layer in ("first", "second")
        ),
        "three at 0.1: 0.1 11.2 98 81": lambda: (
            {"ReLU": "98 %", "RReLU": "81 %", "PReLU": "–"}.items()
            <= digits_read("learning_rate=0.1 bias=0").items()
        ),
        "dead, yet reading: −4 0.05 68.4 99": lambda: (
            census_says("bias=-4", "68.4 % of the ReLU neurons")
            and digits_read("learning_rate=0.05 bias=-4")["ReLU"] == "99 %"
        ),
        "late deaths: 0.2": lambda: census_says("learning_rate=0.2", "came after the first epoch"),
        "low bias at the start: −4 50.3": lambda: census_says(
            "bias=-4", "Before training it was 50.3 %"
        ),
        "leaky ReLU's slope: 0.01 0": lambda: census_says(
            "'activation=leaky ReLU'", "their slope there is 0.01"
        ),
        "PReLU's slopes: 80 −0.034 0.28": lambda: census_says(
            "activation=PReLU", "The middle 80 % of PReLU's slopes lie between −0.034 and 0.28."
        ),
        "PReLU's start: 0.25": lambda: (
            inspect.signature(ACTIVATIONS["prelu"]).parameters["slope"].default == 0.25
        ),
    },
    "dead-try": {
        "sigmoid at 0.2: 100": lambda: (
            digits_read("learning_rate=0.2 bias=0")["sigmoid"] == "100 %"
        ),
        "two layers: 0.1 18.1 0.0 0.2 99.1 44.7": lambda: all(
            census_says(
                f"'layer={layer} of two' learning_rate={rate}", f"{share} % of the ReLU neurons"
            )
            for rate, first, second in ((0.1, "18.1", "0.0"), (0.2, "44.7", "99.1"))
            for layer, share in (("first", first), ("second", second))
        ),
    },
    "summary": {
        "He's weights: √2": lambda: math.isclose(1 / math.sqrt(1 / 2), math.sqrt(2)),
        "“and is ahead of hardly any other”": lambda: (
            beaten_by_relu(5) == ["sigmoid"] and beaten_by_relu(1) == ["prelu"]
        ),
    },
}
# What others measured: the source stands in the text itself, under "Where to read on".
SOURCED = {
    "fewer than 1 % of its neurons": "Lennie",
    'The "1–4 %" that you often read': "Glorot",
    "down to the brain's 1–4 %": "Glorot",
    "of four layers on small photographs, ReLU was six times as fast as tanh": "Krizhevsky",
}
# Numbers of this text that set, ask or count, and so claim nothing about the world.
NOT_CLAIMS = [
    r"which makes up for its slope of ¼|training loss of 0\.1 first|one hidden layer of 64 neurons",
    r"learning rate of 0\.\d+|\*Sigmoid ×4\*|Krizhevsky and others, 2012",
    r"\b(?:1|20|50) (?:sigmoid )?layers\b",
    r"\bsays 0\.05\b|\bfrom −1 to\b",
]
