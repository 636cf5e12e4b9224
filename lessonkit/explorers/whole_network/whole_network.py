"""All layers together: every number of a network that reads handwritten digits."""

import functools

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import digits, record
from lessonkit.digit_network import MOVES, as_mnist_fits, copy_of, moved, trained_network
from lessonkit.explorers.controls import show, show_while
from lessonkit.explorers.whole_network.answer import Answer, verdict
from lessonkit.explorers.whole_network.facts import (
    UNMOVED,
    Facts,
    accuracy_of,
    making_of,
    scales_of,
    stages_of,
)
from lessonkit.explorers.whole_network.flow import Flow
from lessonkit.explorers.whole_network.layout import (
    HEIGHT,
    MADE,
    PIECES,
    SHAPES,
    SOFTMAX,
    WIDTH,
    number_at,
)
from lessonkit.explorers.whole_network.making import MakingPanel, say_making
from lessonkit.explorers.whole_network.steadiness import Steadiness
from lessonkit.explorers.words import formatted, percent
from lessonkit.live import explore, in_pieces, lesson_style
from lessonkit.live.pad import DrawingPad, pixels
from lessonkit.network import evaluate

TEST_DIGIT, DRAWN = "a test digit", "draw one"


@lesson_style()
def whole_network(network=None):
    """Show what every layer of a trained network makes of one digit, from pixels to probabilities.

    Controls: the digit, from the test set or drawn; how it is moved; and one number of one stage,
    of which the picture shows how it is made. Pointing at a number chooses it too. Everything is
    counted from 0, as in Python.

    network: one to show in place of the chapter's, `train_it_yourself().facts.network`. It is
    copied. ValueError unless its layers are those of `digit_network.new_network`, with ReLU and
    max pooling. How it reads moved digits is not measured: that would take a quarter of a minute.
    """
    data, accuracies = digits(), record("whole_network")["test_accuracy"]
    if network is None:
        network, unmoved = trained_network(), accuracy_of(accuracies, "turn", 0)
    else:
        network, accuracies = copy_of(network), {}
        unmoved = evaluate(network, data.test_images[:, np.newaxis], data.test_labels)[1]
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100))
    paper = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    paper.axis("off")
    panels = Flow(paper), Answer(paper), MakingPanel(paper), Steadiness(figure, accuracies)
    in_pieces(figure, *PIECES, *Steadiness.pieces())

    def paint(facts):
        for panel in panels:
            panel.paint(facts)

    measure = measurement(network, data, accuracies, unmoved)
    controls = _controls(len(data.test_images))
    return explore(measure, figure, paint, say, on_point=number_at, **controls).recorded(
        "digit=0,1,2,3,4,5,6,7,100,102",
        "stage",
        "map",
        "row",
        "column",
        "shift_x",
        "shift_y",
        "turn/2",
        "scale/2",
        "blur/2",
    )


# -- its controls ----------------------------------------------------------------------------------


def _controls(count):
    source = ipywidgets.Dropdown(options=[TEST_DIGIT, DRAWN])
    digit = ipywidgets.IntSlider(101, min=0, max=count - 1, description="test digit")
    drawing = DrawingPad(description="drawing")
    show_while(digit, source, TEST_DIGIT)
    show_while(drawing, source, DRAWN)
    moves = {name: _short_slider(UNMOVED[name], *of) for name, of in MOVES.items()}
    return {"input": source, "digit": digit, "drawing": drawing} | moves | _number_controls()


def _number_controls():
    """Return the controls that choose a number; sliders end where their stage does."""
    stage = ipywidgets.Dropdown(options=MADE, value="convolution 1")
    first = {"map": (3, 0, 5, 1), "row": (12, 0, 23, 1), "column": (12, 0, 23, 1)}
    sliders = {name: _short_slider(*of) for name, of in first.items()}

    def follow(_=None):
        shape = SHAPES[stage.value]
        for name, slider in sliders.items():
            slider.max = (shape.count if name == "map" else shape.side) - 1
            show(slider, slider.max > 0)
        sliders["map"].description = "map" if shape.side > 1 else "digit"

    stage.observe(follow, "value")
    return {"stage": stage} | sliders


def _short_slider(value, least, most, step):
    """Return a slider narrow enough for four in a row."""
    kind = ipywidgets.FloatSlider if isinstance(step, float) else ipywidgets.IntSlider
    layout = ipywidgets.Layout(flex="1 1 160px", max_width="178px")
    return kind(value, min=least, max=most, step=step, layout=layout)


# -- from the controls to the facts ----------------------------------------------------------------


def measurement(network, data, accuracies, unmoved):
    """Return `measure` for a network, the digits that it is shown, and its accuracies.

    accuracies: recorded, name of a move → list; {} if there are none. unmoved: the accuracy on the
    test digits as they are.

    The network is chosen here alone: panels and caption take all they need from the facts.
    """
    scales = scales_of(stages_of(network, data.test_images[:50]))
    kernels = network.layers[0].parameters["weight"][:, 0]

    @functools.lru_cache(maxsize=1)  # so that choosing another number is cheap
    def read(is_drawn, digit, drawing, *moves):
        """Return what the network makes of a drawing or a test digit, moved: its stages."""
        image = pixels(drawing) if is_drawn else data.test_images[digit]
        shown = moved(image, *moves, fit=as_mnist_fits(image) if is_drawn else None)
        stages = stages_of(network, shown[np.newaxis])
        return {name: values[0] for name, values in stages.items()}

    def measure(digit, drawing, stage, row, column, **others):
        # `input` and `map` are names of Python's own, so they are left among the others.
        is_drawn, place = others["input"] == DRAWN, (others["map"], row, column)
        moves = {name: others[name] for name in MOVES}
        stages = read(is_drawn, digit, drawing, *moves.values())
        probabilities = stages[SOFTMAX].ravel()
        return Facts(
            digit=stages["input"][0],
            label=None if is_drawn else int(data.test_labels[digit]),
            is_empty=is_drawn and not any(drawing),
            stages=stages,
            scores=stages["scores"].ravel(),
            probabilities=probabilities,
            answer=int(probabilities.argmax()),
            moves=moves,
            accuracies={name: accuracy_of(accuracies, name, moves[name]) for name in accuracies},
            accuracy=unmoved,
            making=making_of(network, stages, stage, place),
            scales=scales,
            kernels=kernels,
        )

    return measure


# -- from the facts to the caption -----------------------------------------------------------------


def say(facts):
    """Return the caption: the answer, the accuracy, and the making of a number."""
    return f"{_say_answer(facts)} {_say_accuracy(facts)} {say_making(facts.making)}"


def _say_answer(facts):
    shares, answer = facts.probabilities, facts.answer
    second = np.argsort(-shares, kind="stable")[1]
    says = f"it says {answer} with {shares[answer]:.2f}"
    if facts.is_empty:
        return f"Nothing is drawn yet; on blank paper {says}."
    says = says.capitalize()
    if shares[second] >= 0.005:
        says += f", then {second} with {shares[second]:.2f}"
    return f"{says}: {verdict(facts)}." if facts.label is not None else f"{says}."


def _say_accuracy(facts):
    """Say the accuracy on the test digits as they are, and for each move that is made."""
    ways = [
        f"{percent(facts.accuracies[name])} at {name.replace('_', ' ')} {formatted(value, 'g')}"
        for name, value in facts.moves.items()
        if value != UNMOVED[name] and name in facts.accuracies
    ]
    moved = "all moved this way" if len(ways) == 1 else "all moved in only one of these ways"
    more = f"; {moved}: {', '.join(ways)}" if ways else ""
    return f"It reads {percent(facts.accuracy)} of the test digits correctly{more}."
