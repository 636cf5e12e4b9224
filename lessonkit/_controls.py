"""Controls of a live picture: from abbreviation to widget, and their values to text and back."""

import inspect
import numbers
import shlex

import ipywidgets
import numpy as np
import traitlets


def make_controls(draw, given):
    """Return name → widget for what `explore` was given, in the order given."""
    parameters = inspect.signature(draw).parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for name in given:
        if name not in parameters and not takes_any:
            raise TypeError(f"draw must take an argument {name!r}, for the control of that name")
    for name, parameter in parameters.items():
        if name not in given and parameter.default is parameter.empty and parameter.kind < 2:
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
    if control is not abbreviation and first is not inspect.Parameter.empty:
        _set_first(name, control, first)
    if not control.description:
        control.description = name.replace("_", " ")
    control.tooltip = control.tooltip or control.description  # else hovering a slider says "null"
    if isinstance(getattr(control, "step", None), float) and control.readout_format == ".2f":
        control.readout_format = f".{_decimals(control.step)}f"
    return control


def _set_first(name, control, first):
    """Give a control draw's default for its first value; ValueError if it cannot have it."""
    try:
        control.value = first
        taken = control.value == first == tidy(control, first)
    except traitlets.TraitError:
        taken = False
    if not taken:
        raise ValueError(f"draw's default {name}={first!r} must be {_possible(control)}")


def is_plain(control):
    """Say whether a control's value is small and can be written down; an upload's cannot."""
    value = control.value
    pair = isinstance(value, tuple) and len(value) == 2
    return (
        "index" in control.keys
        or isinstance(value, bool | numbers.Real | str)
        or (pair and all(isinstance(end, numbers.Real) for end in value))
    )


def is_told_by_page(control):
    # ipywidgets locks a property while it takes over the page's value: the only sign by which a
    # change made in the page differs from one made in Python.
    return bool({"value", "index"} & set(control._property_lock))


def _choices(control):
    """Return label → value of a dropdown or another control with options, by ipywidgets' rule."""
    options = control.options
    if all(isinstance(option, list | tuple) and len(option) == 2 for option in options):
        return dict(options)
    return {str(option): option for option in options}


def tidy(control, value):
    """Return the value on its control's step: 3.25, not 3.2500000000000004."""
    if "index" in control.keys or isinstance(value, bool | str):
        return value
    if isinstance(value, tuple | list):
        return tuple(tidy(control, end) for end in value)
    step = getattr(control, "step", None)
    if (
        not step or not isinstance(value, numbers.Real) or hasattr(control, "base")
    ):  # base: log scale
        return value
    on_step = control.min + round((value - control.min) / step) * step
    return round(on_step, 10) + 0.0 if isinstance(step, float) else int(on_step)  # never -0.0


def values_from_page(controls, told):
    """Return name → value for what the page tells, in the controls' order."""
    pairs = zip(controls.items(), told, strict=True)
    return {
        name: tidy(control, _value_from_page(control, value)) for (name, control), value in pairs
    }


def _value_from_page(control, value):
    """Return the Python value: the page names an option by its place in the list."""
    if "index" not in control.keys:
        return tuple(value) if isinstance(value, list) else value
    values = list(_choices(control).values())
    if isinstance(value, list):
        return tuple(values[place] for place in value)
    return None if value is None else values[value]


def code_of(controls, values):
    """Return the values as one line of shell-quoted name=value pairs."""
    return shlex.join(f"{name}={_text(c, values[name])}" for name, c in controls.items())


def values_from_code(controls, code):
    """Return name → value for what `code_of` wrote; ValueError for a name or value there is not."""
    values = {}
    for word in shlex.split(code):
        name, _, text = word.partition("=")
        if name not in controls:
            known = ", ".join(controls)
            raise ValueError(f"code must be name=value with a name from {known}; got {word!r}")
        values[name] = _value_from_text(name, controls[name], text)
    return values


def _text(control, value):
    """Return a control's value as text that `_value_from_text` takes back."""
    if "index" in control.keys:
        chosen = value if isinstance(control.index, tuple) else (value,)
        return ",".join(label for label, option in _choices(control).items() if option in chosen)
    if isinstance(value, tuple):
        return ",".join(_text(control, end) for end in value)
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:.10g}"


def _value_from_text(name, control, text):
    """Return the value that `text` stands for; ValueError unless the control can have it."""
    try:
        if "index" in control.keys:
            choices = _choices(control)
            if isinstance(control.index, tuple):
                return tuple(choices[label] for label in text.split(",") if text)
            return choices[text]
        if isinstance(control.value, bool):
            return {"true": True, "false": False}[text]
        if isinstance(control.value, str):
            return text
        ends = [type(control.min)(end) for end in text.split(",")]
        value = tuple(ends) if isinstance(control.value, tuple) else ends[0]
        if _text(control, value) != _text(control, tidy(control, value)):  # between two steps
            raise ValueError
        inside = all(control.min <= end <= control.max for end in ends) and ends == sorted(ends)
        if not inside or len(ends) != np.size(control.value):
            raise ValueError
    except (KeyError, ValueError, OverflowError):
        raise ValueError(f"{name} must be {_possible(control)}; got {text!r}") from None
    return value


def _possible(control):
    """Return in words which values a control can have."""
    if "index" in control.keys:
        several = " (several joined by commas)" if isinstance(control.index, tuple) else ""
        return f"one of {', '.join(_choices(control))}{several}"
    if isinstance(control.value, bool):
        return "true or false"
    if isinstance(control.value, str):
        return "text"
    pair = "two numbers, the smaller first, " if isinstance(control.value, tuple) else ""
    ends = f"from {_number(control.min)} to {_number(control.max)}"
    return f"{pair}{ends} in steps of {_number(control.step)}"


def _number(value):
    return f"{value:.10g}"


def _decimals(step):
    return len(f"{step:.10f}".rstrip("0").partition(".")[2])
