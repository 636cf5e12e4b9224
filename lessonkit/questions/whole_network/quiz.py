"""The quiz at the end of notebooks/06_whole_network.ipynb, over all chapters."""

from lessonkit import explorers
from lessonkit.explorers.words import number, percent
from lessonkit.live import ask
from lessonkit.questions.states import facts_at


def quiz():
    """Ask what all chapters have shown."""
    questions = FINDS, BENDS, VANISHES, OVERFITS, POOLS, MINDS, DECIDES
    return ask.quiz("whole_network.quiz", *questions)


FINDS = ask.Choice(
    name="finds",
    text="What does one kernel of the first convolution do?",
    options={
        "It looks for one pattern at every place": "Its map says where the pattern is.",
        "It looks at one place for every pattern": "It slides over the whole picture.",
        "It makes the picture smaller": "It loses only the border, where its window must fit in.",
    },
    right="It looks for one pattern at every place",
    finding=lambda facts: (
        f"Each number of its map adds up {_whole('').making.products.size} products; the "
        "weights are the same at every place."
    ),
)

BENDS = ask.Choice(
    name="bends",
    text="Without ReLU and with means instead of maxima, all layers up to the scores would be …",
    options={
        "one layer": "Linear after linear is linear.",
        "a weaker network of as many layers": "Its layers would melt into one.",
        "the same network": "Then depth would be of no use.",
    },
    right="one layer",
    finding=lambda facts: (
        f"After 6 linear layers the grid of chapter 1 had {sum(_grid().bends)} bends, as after one."
    ),
)

VANISHES = ask.Choice(
    name="vanishes",
    text="Which activation lets a gradient vanish soonest, at weight scale 1?",
    options={
        "ReLU": "It shrinks too, but by far less.",
        "sigmoid": "Its slope is a quarter at most.",
        "tanh": "Its steepest slope is 1.",
    },
    right="sigmoid",
    finding=lambda facts: (
        f"Each layer left {number(_ladder('sigmoid'))} of the gradient with sigmoid, and "
        f"{number(_ladder('ReLU'))} with ReLU."
    ),
)

OVERFITS = ask.Choice(
    name="overfits",
    text="Training accuracy is perfect, test accuracy is poor. What is most sure to help?",
    options={
        "More training digits": "",
        "Longer training": "It has learned its digits by heart already.",
        "A larger network": "It has capacity to spare.",
    },
    right="More training digits",
    finding=lambda facts: (
        f"From 3×3 means, networks read {_digits(200)} of the test digits after 200 training "
        f"digits and {_digits(4000)} after 4,000."
    ),
)

POOLS = ask.Choice(
    name="pools",
    text="Why does pooling save weights here?",
    options={
        "Pooling layers have fewer weights than others": "They have none at all.",
        "The fully connected layer sees fewer numbers": "",
        "The convolutions after it get smaller kernels": "A kernel has the size that one gives it.",
    },
    right="The fully connected layer sees fewer numbers",
    finding=lambda facts: (
        f"The fully connected layer sees {_whole('').stages['pooling 2'].size} numbers, twelve "
        "maps of 4×4."
    ),
)

MINDS = ask.Choice(
    name="minds",
    text="The digit moves by 4 pixels and is misread. Which layer minds?",
    options={
        "Convolution": "Its maps have moved along exactly.",
        "Pooling": "For 4 pixels its maps have moved along, too.",
        "The fully connected layer": "Each of its weights belongs to one place.",
    },
    right="The fully connected layer",
    finding=lambda facts: (
        f"Moved by 4 pixels, {percent(_whole('shift_x=4').accuracies['shift_x'])} of the test "
        "digits were read correctly. With the last maps pushed back by a column, "
        "most of them were: it was the fully connected layer that minded."
    ),
)

DECIDES = ask.Choice(
    name="decides",
    text="The ten scores go through softmax. Can the answer change?",
    options={
        "Yes, if two scores are close": "The order of the scores never changes.",
        "Yes, if the temperature is high": "It changes the probabilities, not their order.",
        "No": "The highest score has the highest probability.",
    },
    right="No",
    finding=lambda facts: (
        "The order stays: the 6 of the first picture had the highest score and the highest "
        f"probability, {_whole('').probabilities[6]:.2f}."
    ),
)


def _whole(code):
    return facts_at(explorers.whole_network.whole_network, code)


def _grid():
    return facts_at(explorers.nonlinearity.linear_stack, "layers=6")


def _ladder(name):
    return facts_at(explorers.activation.gradient_ladder, f"activation={name}").factor


def _digits(training_digits):
    code = f"kernel_size=3 training_digits={training_digits}"
    return percent(facts_at(explorers.pooling.pooled_digits, code).test_accuracy)
