"""Predictions about explorers.softmax.where_the_parameters_are()."""

from lessonkit.explorers.softmax.where_the_parameters_are import Facts
from lessonkit.explorers.words import percent
from lessonkit.live.ask import Choice, ask


def where_the_parameters_are(explorer):
    """Ask what makes ResNet-50 so different."""
    return ask(explorer, Facts, "softmax.where_the_parameters_are", RESNET)


RESNET = Choice(
    name="resnet",
    text="ResNet-50 has one fully connected layer, and it is small. Why?",
    options={
        "It has fewer classes to tell apart": "It has as many as the others, a thousand.",
        "It sees one number per map": "",
        "Fully connected layers are not used any more": "It has one, and language models are full "
        "of them.",
    },
    right="It sees one number per map",
    settled=lambda facts: facts.network == "ResNet-50",
    state="network=ResNet-50",
    finding=lambda facts: (
        f"{facts.dense:,} of its {facts.parameters:,} parameters are in it, "
        f"{percent(facts.dense / facts.parameters)}: after global average pooling it sees one "
        "number per map."
    ),
)
