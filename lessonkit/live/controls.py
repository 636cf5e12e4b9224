"""Controls of a live picture: from abbreviation to widget, and their values to text and back."""

import csv
import inspect
import io
import math
import numbers
import shlex
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import ipywidgets
import traitlets

NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
Control = ipywidgets.ValueWidget
LARGEST = sys.float_info.max


def make_controls(draw: Callable, given: Mapping[str, Any]) -> dict[str, Control]:
    """Return name → widget for what `explore` was given, in the order given."""
    parameters = inspect.signature(draw).parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for name in given:
        if name not in parameters and not takes_any:
            raise TypeError(f"draw must take an argument {name!r}, for the control of that name")
    for name, parameter in parameters.items():
        if name not in given and parameter.default is parameter.empty and parameter.kind in NAMED:
            raise TypeError(f"explore must be given a control {name!r}: draw has no default for it")
    return {
        name: _make_control(
            name, abbreviation, getattr(parameters.get(name), "default", inspect.Parameter.empty)
        )
        for name, abbreviation in given.items()
    }


def _make_control(name, abbreviation, first):
    """Return the widget for one control, ready to be laid out and read aloud."""
    control = ipywidgets.interactive.widget_from_abbrev(abbreviation)
    if not isinstance(control, ipywidgets.ValueWidget) or not isinstance(
        control, ipywidgets.DOMWidget
    ):
        raise TypeError(
            f"{name} must be (min, max, step), a list, a bool or an ipywidgets control; "
            f"got {abbreviation!r}"
        )
    own = control is abbreviation  # it has its first value
    if not own and first is not inspect.Parameter.empty and not set_value(control, first):
        raise ValueError(f"draw's default {name}={first!r} must be {describe_values(control)}")
    if not getattr(control, "description", ""):
        control.description = name.replace("_", " ")
    control.tooltip = control.tooltip or control.description  # else hovering a slider says "null"
    if has_steps(control) and control.readout_format == ".2f":
        decimals = _decimals(control.step)
        control.readout_format = f".{decimals}f" if decimals <= 6 else ".2e"
    if "index" in control.keys or getattr(control, "readout_format", "").endswith("%"):
        control.add_class("lessonkit-untyped")  # what it shows is not what it would take if typed
    return control


def set_value(control: Control, value: Any) -> bool:
    """Give a control a value; return whether it is one that the control can have."""
    try:
        control.value = value
        # a slider moves what is out of its range or between two steps
        same = is_same(control.value, value) and is_same(value, snap(control, value))
        return same and _is_finite(value)
    except (traitlets.TraitError, TypeError, ValueError, OverflowError):  # as of 10**400
        return False


def _is_finite(value):
    """Tell whether a value is no number or a finite one, and so are both ends of a pair."""
    ends = value if isinstance(value, tuple | list) else [value]
    return all(math.isfinite(end) for end in ends if isinstance(end, numbers.Real))


def check_value(name: str, control: Control, value: Any) -> None:
    """Raise ValueError unless a control can have a value, which is of the kind that it has."""
    low, high = _ends(control)
    ends = value if isinstance(value, tuple) else (value,)
    fits = "index" in control.keys or isinstance(value, str) or all(low <= e <= high for e in ends)
    if not (fits and _is_finite(value) and is_same(value, snap(control, value))):
        raise ValueError(f"{name} must be {describe_values(control)}; got {value!r}")


def is_same(one: Any, other: Any) -> bool:
    """Say whether two values of a control are equal; arrays are where they are the same one."""
    try:
        return one is other or bool(one == other)
    except ValueError:  # an array's == is an array
        return False


def is_serializable(control: Control) -> bool:
    """Tell whether a control's value is small and can be written down; an upload's cannot."""
    value = control.value
    pair = isinstance(value, tuple) and len(value) == 2
    return (
        "index" in control.keys
        or isinstance(value, bool | numbers.Real | str)
        or (pair and all(isinstance(end, numbers.Real) for end in value))
    )


def _choices(control):
    """Return (label, value) for each option of a dropdown or the like, in order."""
    options = control.options
    options = list(options.items() if isinstance(options, Mapping) else options)
    if all(isinstance(option, tuple | list) and len(option) == 2 for option in options):
        return [(str(label), value) for label, value in options]
    return [(str(value), value) for value in options]


def _has_several(control):
    return isinstance(control.index, tuple)


def has_steps(control: Control) -> bool:
    """Tell whether a control is a slider with even steps; a box takes what is typed into it."""
    return (
        {"step", "readout_format"} <= set(control.keys)
        and "base" not in control.keys  # a logarithmic slider, its steps are of the exponent
        and bool(control.step)
    )


def snap(control: Control, value: Any) -> Any:
    """Return the value on its slider's nearest step: 3.25, not 3.2500000000000004."""
    if not has_steps(control):
        return value
    if isinstance(value, tuple | list):
        return tuple(snap(control, end) for end in value)
    if not _is_finite(value):  # set from Python
        return value
    on_step = control.min + round((value - control.min) / control.step) * control.step
    if max(value, on_step) >= control.max:  # the last step may be a shorter one
        on_step = control.max
    if isinstance(control.step, float):
        decimals = max(10, _decimals(control.step), _decimals(control.min))
        on_step = round(on_step, decimals) + 0.0  # never -0.0
    return min(max(on_step, control.min), control.max)


def values_from_page(controls: Mapping[str, Control], sent: list) -> dict[str, Any]:
    """Return name → value for what the page has sent, in the controls' order.

    Raises ValueError for what no page of ours sends.
    """
    if not isinstance(sent, list) or len(sent) != len(controls):
        raise ValueError(f"values must be a list of {len(controls)}; got {sent!r}")
    pairs = zip(controls.items(), sent, strict=True)
    return {
        name: snap(control, _value_from_page(control, checked_value(control, value)))
        for (name, control), value in pairs
    }


def _value_from_page(control, value):
    """Return the Python value: the page names an option by its place in the list."""
    if "index" not in control.keys:
        low, high = _ends(control)
        if isinstance(value, list):
            return tuple(min(max(end, low), high) for end in value)
        return value if isinstance(value, bool | str) else min(max(value, low), high)
    values = [option for _, option in _choices(control)]
    if isinstance(value, list):
        return tuple(values[place] for place in value)
    return None if value is None else values[value]


def checked_value(control: Control, sent: Any) -> Any:
    """Return what a page has sent for a control, if it is of the kind that the control has.

    An option is sent as its place in the list. Raises ValueError for anything else.
    """
    if "index" in control.keys:
        several, count = _has_several(control), len(control.options)
        places = sent if several and isinstance(sent, list) else [sent]
        fits = all(_is_place(place, count) for place in places) if sent is not None else not several
        fits = fits and several == isinstance(sent, list)
    elif isinstance(control.value, bool):
        fits = isinstance(sent, bool)
    elif isinstance(control.value, str):
        fits = isinstance(sent, str) and _is_text(sent)
    elif isinstance(control.value, tuple):
        one = control.value[0]
        fits = isinstance(sent, list) and len(sent) == 2 and all(_is_like(one, end) for end in sent)
        fits = fits and sent[0] <= sent[1]
    else:
        fits = _is_like(control.value, sent)
    if not fits:
        raise ValueError(f"{control.description} must be {describe_values(control)}; got {sent!r}")
    return sent


def _is_place(sent, count):
    return type(sent) is int and 0 <= sent < count


def _is_text(sent):
    """Tell whether a text has only characters that can be written: half of a pair cannot."""
    return not any("\ud800" <= letter <= "\udfff" for letter in sent)


def _is_like(number, sent):
    """Tell whether what was sent is a finite number, and whole where `number` is."""
    if type(sent) not in (int, float) or not abs(sent) <= LARGEST:  # as NaN is not
        return False
    return not isinstance(number, int) or sent == int(sent)


def _ends(control):
    """Return the least and the largest number that a control can have."""
    if not {"min", "max"} <= set(control.keys):
        return -math.inf, math.inf
    low, high = control.min, control.max
    return (control.base**low, control.base**high) if "base" in control.keys else (low, high)


def page_value(control: Control, value: Any) -> Any:
    """Return a control's value as a page sends it: an option by its place in the list."""
    if "index" not in control.keys:
        return list(value) if isinstance(value, tuple) else value
    values = [option for _, option in _choices(control)]
    if _has_several(control):
        return [_place(values, one) for one in value]
    return None if value is None else _place(values, value)


def _place(values, value):
    return next(place for place, other in enumerate(values) if is_same(other, value))


def code_of(controls: Mapping[str, Control], values: Mapping[str, Any]) -> str:
    """Return the values as one line of shell-quoted name=value pairs."""
    return shlex.join(
        f"{name}={_text(control, values[name])}"
        for name, control in controls.items()
        if values[name] is not None  # a dropdown in which nothing is chosen
    )


def values_from_code(controls: Mapping[str, Control], code: str) -> dict[str, Any]:
    """Return name → value for what `code_of` wrote; ValueError for what cannot be read.

    They are in the controls' order: a control's range may depend on those before it.
    """
    if not isinstance(code, str):
        raise TypeError(f"code must be text such as 'x=1 size=large'; got {code!r}")
    values = {}
    for word in code_words(code, "code"):
        name, _, text = word.partition("=")
        if name not in controls:
            known = ", ".join(controls)
            raise ValueError(f"code must be name=value with a name from {known}; got {word!r}")
        try:
            values[name] = _value_from_text(controls[name], text)
        except (KeyError, ValueError, csv.Error):
            raise ValueError(
                f"{name} must be {describe_values(controls[name])}; got {text!r}"
            ) from None
    return {name: values[name] for name in controls if name in values}


def code_words(code: str, what: str) -> list[str]:
    """Return the words of a code, without their quotes; ValueError for a quote left open."""
    try:
        return shlex.split(code)
    except ValueError:
        raise ValueError(f"{what} must close every quote that it opens; got {code!r}") from None


def _text(control, value):
    """Return a control's value as text that `_value_from_text` takes back."""
    if "index" in control.keys:
        chosen = value if _has_several(control) else [value]
        labels = [
            next((label for label, option in _choices(control) if is_same(option, one)), str(one))
            for one in chosen
        ]
        return _row(labels) if _has_several(control) else labels[0]
    if isinstance(value, tuple):
        return ",".join(_text(control, end) for end in value)
    if isinstance(value, bool):
        return str(value).lower()
    return _number(value) if isinstance(value, float) else str(value)


def _value_from_text(control, text):
    """Return the value that `text` stands for; KeyError or ValueError for none."""
    if "index" in control.keys:
        options = dict(_choices(control))
        if _has_several(control):
            return tuple(options[label] for label in next(csv.reader([text])))
        return options[text]
    if isinstance(control.value, bool):
        return {"true": True, "false": False}[text.lower()]
    if isinstance(control.value, str):
        return text
    text = text.replace("−", "-")  # as captions and sliders write it
    if isinstance(control.value, tuple):
        return tuple(type(control.value[0])(end) for end in text.split(","))
    return type(control.value)(text)


def _row(labels):
    """Return labels joined by commas; one with a comma in it is quoted."""
    file = io.StringIO()
    csv.writer(file).writerow(labels)
    return file.getvalue().removesuffix("\r\n")


def describe_values(control: Control) -> str:
    """Return in words which values a control can have."""
    if "index" in control.keys:
        several = " (several joined by commas)" if _has_several(control) else ""
        return f"one of {', '.join(label for label, _ in _choices(control))}{several}"
    if isinstance(control.value, bool):
        return "true or false"
    if isinstance(control.value, str):
        return "text"
    words = "two numbers, the smaller first," if isinstance(control.value, tuple) else "a number"
    low, high = _ends(control)
    if math.isfinite(low):
        words += f" from {_number(low)} to {_number(high)}"
    return words + (f" in steps of {_number(control.step)}" if has_steps(control) else "")


def _number(value):
    """Return a number as short text, yet exactly."""
    short = f"{value:.10g}"
    return short if float(short) == value else repr(value)


def _decimals(value):
    """Return how many decimals a number has as it is written: 3 for 0.125, 12 for 1e-12."""
    return max(0, -Decimal(repr(float(value))).normalize().as_tuple().exponent)
