"""Predictions about explorers.pooling.steadiness()."""

from lessonkit import explorers
from lessonkit.explorers.pooling.steadiness import Facts
from lessonkit.explorers.words import percent
from lessonkit.live.ask import Choice, Number, ask
from lessonkit.questions.marks import at_y
from lessonkit.questions.states import facts_at


def steadiness(explorer):
    """Ask how much a turn changes, and what pooling leaves of a change."""
    return ask(explorer, Facts, "pooling.steadiness", TURN, EDGES)


def is_camera_turned(facts):
    """Tell whether the photograph that the picture opens with is turned by 5 degrees."""
    is_turn = (facts.layer_input, facts.transform, facts.amount) == ("photograph", "turn", 5)
    is_like_it = is_turn and facts.kernel_size == 4
    return is_like_it and facts.change == facts_at(explorers.pooling.steadiness, TURN.state).change


TURN = Number(
    name="turn",
    text="The photograph is turned by 5°. How large is the relative change after 4×4 mean pooling?",
    low=0,
    high=22,
    step=0.5,
    unit=" %",
    truth=lambda facts: facts.change_of_mean,
    close=2,
    mark=at_y(1, left=0.5),
    believed=lambda facts, guess: (
        "“The output does not change”, says our source. It does, only less." if guess < 6 else ""
    ),
    settled=is_camera_turned,
    state="photograph=camera layer_input=photograph transform=turn turn=5 kernel_size=4",
    finding=lambda facts: (
        f"Without pooling it is {percent(facts.change / 100)}, after 4×4 means "
        f"{percent(facts.change_of_mean / 100)}, after maxima {percent(facts.change_of_max / 100)}."
    ),
)

EDGES = Choice(
    name="edges",
    text="Thin edges after ReLU, shifted by 1 pixel: which 4×4 pooling keeps them steadier?",
    options={
        "Neither: both change equally": "A maximum does not mind where in its window the line is.",
        "The mean, as for the photograph": "Here it is the other way round.",
        "The maximum": "",
    },
    right="The maximum",
    settled=lambda facts: (
        facts.layer_input != "photograph"
        and (facts.transform, facts.amount, facts.kernel_size) == ("shift", 1, 4)
    ),
    state="photograph=camera 'layer_input=edges after ReLU' transform=shift shift=1 kernel_size=4",
    finding=lambda facts: (
        f"Unpooled, the edges change by {percent(facts.change / 100)}; 4×4 maxima by "
        f"{percent(facts.change_of_max / 100)} and means by {percent(facts.change_of_mean / 100)}."
    ),
)
