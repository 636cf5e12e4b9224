"""Predictions about explorers.fitting.frogs()."""

from lessonkit.explorers.fitting.frogs import Facts
from lessonkit.explorers.words import joined
from lessonkit.live.ask import Choice, ask


def frogs(explorer):
    """Ask what one feature too many does to a rule that is right about all known animals."""
    return ask(explorer, Facts, "fitting.frogs", SPOTS)


def wrong(verdicts):
    """Return how many animals a rule is wrong about."""
    return len(verdicts.taken) + len(verdicts.missed)


SPOTS = Choice(
    name="spots",
    text="“Four legs, no tail, moist skin” makes no mistake. Every known frog has spots too. Ask "
    "for them?",
    options={
        "Yes: the closer to what is known, the better": "That is the belief that overfits: it "
        "takes an accident of the known animals for a law.",
        "It makes no difference to any animal": "Not to those already known, but it does to "
        "new ones.",
        "No: a new frog may have none": "",
    },
    right="No: a new frog may have none",
    settled=lambda facts: (
        facts.asked == ["four legs", "no tail", "moist skin", "spots on its back"]
    ),
    state="four_legs=true no_tail=true moist_skin=true long_hind_legs=false lives_in_water=false "
    "spots_on_its_back=true",
    finding=lambda facts: (
        f"With spots the rule is wrong about {wrong(facts.known)} of 8 known animals, but about "
        f"{wrong(facts.new)} of 8 new ones: it misses the {joined(facts.new.missed)}."
    ),
)
