"""The quiz at the end of notebooks/04_pooling.ipynb."""

from lessonkit import explorers
from lessonkit.explorers.words import number, percent
from lessonkit.live import ask
from lessonkit.questions.pooling.forward_and_backward import told
from lessonkit.questions.states import facts_at


def quiz():
    """Ask what the chapter has shown."""
    questions = WINDOWS, WEIGHTS, BACK, UNPOOL, SHIFT, WHERE
    return ask.quiz("pooling.quiz", *questions)


WINDOWS = ask.Choice(
    name="windows",
    text="3×3 windows with a stride of 2 on a 6×6 map: how many numbers come out?",
    options={
        "4": "2 places each way.",
        "9": "A third window would not fit in.",
        "16": "That would be a stride of 1.",
    },
    right="4",
    finding=lambda facts: (
        f"{_window('kernel_size=3 stride=2').output.size} are left; the last row and the last "
        "column, 11 numbers, are never looked at."
    ),
)

WEIGHTS = ask.Choice(
    name="weights",
    text="How many weights does a pooling layer learn?",
    options={
        "One per window": "A maximum or a mean has nothing to learn.",
        "kernel_size squared": "That is a convolution's kernel.",
        "None": "What it saves are weights elsewhere.",
    },
    right="None",
    finding=lambda facts: (
        "It has none. A fully connected layer after it, with 10 outputs, needed "
        f"{_window('kernel_size=2 stride=2').weights} weights after 2×2 windows, instead of 360."
    ),
)

BACK = ask.Choice(
    name="back",
    text="The window is 1, 2, 3, 2 and g = 1. What does max pooling hand back?",
    options={
        "0, 0, 3, 0": "That is the value put back.",
        "0, 0, 1, 0": "",
        "¼, ¼, ¼, ¼": "That is the mean's gradient.",
    },
    right="0, 0, 1, 0",
    finding=lambda facts: (
        f"The gradient is {told(_backward('statistic=max grad_output=1').gradient)}: only the "
        "largest number moves the result."
    ),
)

UNPOOL = ask.Choice(
    name="unpool",
    text="Our source goes back from the mean of 1, 2, 3, 2 with 2, 2, 2, 2. That is …",
    options={
        "the gradient": "Each number moves the mean by a quarter only.",
        "unpooling: the value put back": "",
        "a misprint for 0, 2, 0, 2": "All four numbers take part in a mean.",
    },
    right="unpooling: the value put back",
    finding=lambda facts: (
        "Unpooling puts the value back. It would be the gradient for g = "
        f"{_backward('statistic=mean').its_g:g} only; for g = 2 the gradient is 0.5 each."
    ),
)

SHIFT = ask.Choice(
    name="shift",
    text="A photograph shifts by 2 pixels. What does a 4×4 pooling layer pass on?",
    options={
        "Exactly the same": "It is often said. Measured, it is not so.",
        "Something that has changed less": "",
        "Something unrelated": "Most of each window is still the same.",
    },
    right="Something that has changed less",
    finding=lambda facts: (
        f"The photograph changed by {percent(_steady().change / 100)}, its 4×4 means by "
        f"{percent(_steady().change_of_mean / 100)}, its maxima by "
        f"{percent(_steady().change_of_max / 100)}."
    ),
)

WHERE = ask.Choice(
    name="where",
    text="A face is found anywhere in the picture. Whose work is that?",
    options={
        "Pooling's alone": "Small windows only say a little more coarsely where it is.",
        "Convolution's alone": "Its map still says where the face is.",
        "Convolution's, and pooling over the whole map": "",
    },
    right="Convolution's, and pooling over the whole map",
    finding=lambda facts: (
        f"The overall maximum was {number(facts_at(explorers.pooling.anywhere).maximum)} wherever "
        "the digit stood; the map had moved along."
    ),
)


def _window(code):
    return facts_at(explorers.pooling.sliding_window, code)


def _backward(code):
    return facts_at(explorers.pooling.forward_and_backward, code)


def _steady():
    return facts_at(explorers.pooling.steadiness, "shift=2")
