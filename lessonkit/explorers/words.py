"""Numbers and lists as captions write them."""

import numpy as np


def number(value):
    """Return a number for a caption: three digits, a real minus sign, and always as long.

    >>> number(0.8808), number(2.5), number(-0.00247), number(12.3), number(55696), number(-1e-9)
    ('0.881', '2.50', '−0.002', '12.3', '55,696', '0.000')
    """
    size = abs(value)
    decimals = 3 if size < 0.9995 else 2 if size < 9.995 else 1 if size < 99.95 else 0
    return formatted(value, f",.{decimals}f")


def formatted(value, spec):
    """Return a number as `format` does, but with a real minus sign, and never −0.

    >>> formatted(-1.25, ".1f"), formatted(-0.004, ".2f"), formatted(-2, "g")
    ('−1.2', '0.00', '−2')
    """
    return f"{float(value):z{spec}}".replace("-", "−")


def scientific(value):
    """Return a number of any size for a caption: plain where it is short, else times a power of 10.

    >>> scientific(9.1e-13), scientific(0.25), scientific(0), scientific(np.inf)
    ('9.1 × 10⁻¹³', '0.250', '0.000', 'inf')
    """
    if value == 0 or 0.001 <= abs(value) < 1000 or not np.isfinite(value):
        return number(value)
    digits, power = f"{value:.1e}".split("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits} × 10{raised}".replace("-", "−")


def percent(share):
    """Return a share, 0..1, for a caption.

    >>> percent(0.4971), percent(0)
    ('49.7 %', '0.0 %')
    """
    return f"{100 * share:.1f} %"


def several(count, thing):
    """Return how many there are of a thing.

    >>> several(1, "layer"), several(20_000, "epoch")
    ('1 layer', '20,000 epochs')
    """
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def joined(parts, last="and"):
    """Return several words as one list; last: the word before the last.

    >>> joined(["max"]), joined(["max", "mean", "sum"])
    ('max', 'max, mean and sum')
    """
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}" if len(parts) > 1 else parts[0]
