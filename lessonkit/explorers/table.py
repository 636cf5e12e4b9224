"""Facts as a table, for who cannot see the picture."""

import html
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lessonkit.explorers.words import joined, number, scientific, several

LISTED = 12  # numbers that are told one by one, at most; of more, how many, the least and the most


def as_table(facts: type) -> type:
    """Decorate a NamedTuple of facts: as the last line of a cell it shows itself as a table.

    Numbers are rounded as captions round them; a large array is told by its shape and its ends.
    Printed, it is the same in lines of text.
    """
    facts._repr_html_ = _html
    facts.__str__ = _text
    return facts


def _html(facts):
    """Return the facts as a table of HTML with headings that a screen reader says."""
    lines = [
        f"<table><caption>{html.escape(_title(facts))}</caption>",
        '<thead><tr><th scope="col">fact</th><th scope="col">value</th></tr></thead><tbody>',
    ]
    for group, name, value in _rows(facts):
        if name is None:
            head = f'<th scope="rowgroup" colspan="2">{html.escape(group)}</th>'
            lines.append(f"</tbody><tbody><tr>{head}</tr>")
        else:
            head = f'<th scope="row">{html.escape(name)}</th>'
            lines.append(f"<tr>{head}<td>{html.escape(value)}</td></tr>")
    return "\n".join([*lines, "</tbody></table>"])


def _text(facts):
    lines = [_title(facts)]
    for group, name, value in _rows(facts):
        indent = "  " * bool(group)
        lines.append(f"{group}:" if name is None else f"{indent}{name}: {value}")
    return "\n".join(lines)


def _title(facts):
    """Return the first sentence of what the facts are."""
    return type(facts).__doc__.partition("\n")[0]


def _rows(facts: tuple) -> Iterator[tuple[str, str | None, str]]:
    """Yield (group, name, value) for each fact; (group, None, "") is a group's heading.

    Those of several parts stand in groups, after the single ones.
    """
    fields = facts._asdict()
    groups = {name: value for name, value in fields.items() if _parts(value)}
    yield from (("", _words(n), _told(v)) for n, v in fields.items() if n not in groups)
    for name, value in groups.items():
        yield _words(name), None, ""
        yield from ((_words(name), _words(n), _told(v)) for n, v in _parts(value).items())


def _parts(value):
    """Return name → value for what has several parts worth a row each; {} for anything else."""
    if hasattr(value, "_asdict"):
        return value._asdict()
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list | tuple) and value and not all(map(_is_plain, value)):
        return {str(place): part for place, part in enumerate(value, 1)}
    return {}


def _words(name):
    return str(name).replace("_", " ")


def _is_plain(value):
    return value is None or isinstance(value, str | int | float | np.generic)


def _told(value: Any) -> str:
    """Return a fact in words."""
    if value is None or (isinstance(value, str | list | tuple | Mapping) and len(value) == 0):
        return "none"
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{value:,}".replace("-", "−")
    if isinstance(value, float | np.floating):
        return _number(value)
    if parts := _parts(value):
        return "; ".join(f"{_words(name)} {_told(part)}" for name, part in parts.items())
    if isinstance(value, list | tuple) and not all(isinstance(v, int | float) for v in value):
        return joined([_told(part) for part in value])
    if isinstance(value, list | tuple | np.ndarray):
        return _array(np.asarray(value))
    return f"a {type(value).__name__.lower()}"  # of what is no number, such as a network


def _number(value):
    if np.isfinite(value):
        return scientific(value)
    return "no number" if np.isnan(value) else "∞" if value > 0 else "−∞"


def _array(values):
    """Return an array's numbers, or how many there are and between which ends they lie."""
    if 0 < values.size <= LISTED and values.ndim <= 2:
        rows = np.atleast_2d(values).tolist()
        return "; ".join(", ".join(map(_told, row)) for row in rows)
    if values.dtype == bool:
        return f"{_shape(values)}, {values.sum():,} of them true"
    known = values[np.isfinite(values)]
    missing = values.size - known.size
    told = _shape(values)
    if known.size:
        told += f", from {_told(known.min().item())} to {_told(known.max().item())}"
        told += f", mean {number(known.mean())}"
    return told + (f"; {missing:,} without a number" if missing else "")


def _shape(values):
    if values.ndim == 1:
        return several(values.size, "number") if values.dtype != bool else f"{values.size:,}"
    return " × ".join(map(str, values.shape)) + " numbers" * (values.dtype != bool)
