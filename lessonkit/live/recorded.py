"""Which states of an explorer are recorded for a page that has no Python yet: a text a group."""

import re
import shlex
from collections.abc import Mapping
from typing import Any, NamedTuple

from lessonkit.live.controls import (
    Control,
    code_words,
    describe_values,
    has_steps,
    page_value,
    snap,
    values_from_code,
)

PART = re.compile(r"(\w+)(?:/(\d+)|=(.*))?")


class Part(NamedTuple):
    """What a group says of one control: take every so many of its values, or some alone."""

    name: str
    every: int
    some: tuple = ()  # as a page sends them: an option's place in the list, another's value

    def choices(self, control: Control) -> list[Any]:
        """Return the values to record, in a control as it is now."""
        return list(self.some) or listed_values(control, self.every)


def parts_of(controls: Mapping[str, Control], group: str) -> list[Part]:
    """Return what a group such as "kernel_size statistic=max,mean x/2" says, in its order.

    Raises TypeError for what is no text; ValueError for an unknown name, a value that the control
    cannot have, and a control that has no list of values, such as a text box.
    """
    if not isinstance(group, str):
        raise TypeError(f"each group must be names of controls, as text; got {group!r}")
    words = code_words(group, "a group")
    if not words:
        raise ValueError("each group must name a control; got none")
    return [_part(controls, word) for word in words]


def _part(controls, word):
    match = PART.fullmatch(word)
    if match is None or match[1] not in controls or match[2] == "0":
        known = ", ".join(controls)
        raise ValueError(f"a group must be made of x, x/2 or x=1, x one of {known}; got {word!r}")
    name, every, some = match.groups()
    control = controls[name]
    if some is not None:
        codes = [shlex.join([f"{name}={value}"]) for value in some.split(",")]
        values = [values_from_code(controls, code)[name] for code in codes]
        return Part(name, 1, tuple(page_value(control, value) for value in values))
    if not listed_values(control):
        raise ValueError(f"{name} has no list of values to record: {describe_values(control)}")
    return Part(name, int(every or 1))


def listed_values(control: Control, every: int = 1) -> list:
    """Return every so many values that a control can have now, as a page sends them.

    The present one is among them, and so are the first and the last. Empty for a control whose
    values are not in a list.
    """
    values = _all_values(control)
    if every == 1 or not values:
        return values
    now = values.index(page_value(control, snap(control, control.value)))
    last = len(values) - 1
    return [v for i, v in enumerate(values) if (i - now) % every == 0 or i in (0, last)]


def _all_values(control):
    if "index" in control.keys:
        return [] if isinstance(control.index, tuple) else list(range(len(control.options)))
    if isinstance(control.value, bool):
        return [False, True]
    if not isinstance(control.value, int | float) or not {"min", "max", "step"} <= set(
        control.keys
    ):
        return []
    steps = round((control.max - control.min) / control.step)
    places = [control.min + i * control.step for i in range(steps + 1)]
    if has_steps(control):
        return [snap(control, place) for place in places]
    return [control.base**place for place in places]  # a logarithmic slider
