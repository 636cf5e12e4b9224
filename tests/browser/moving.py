"""An explorer to move while something goes wrong, what it must show, and hands that move it."""

import functools
import hashlib

import numpy as np

PRESS = """(e, keys) => { for (const key of keys) e.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })); }"""


def dial():
    """Show x times tilt as a dot, a number and a line; `how` says what drawing it is like."""
    import time
    from typing import NamedTuple

    from matplotlib.figure import Figure

    from lessonkit.live import explore, lesson_style

    class Facts(NamedTuple):
        x: float
        tilt: int
        how: str
        product: float

    with lesson_style():
        figure = Figure(figsize=(5, 2))
        axes = figure.subplots()
        axes.set(xlim=(-6, 6), ylim=(-12, 12), title="$t$ times $x$")
        line = axes.plot([-6, 6], [-6, 6])[0]
        point = axes.plot([0], [0], "o", animated=True)[0]
        number = axes.text(0, 5, "", animated=True)

    def measure(x=0.0, tilt=1, how="quietly"):
        if how == "never":
            raise RuntimeError("it is not to be drawn")
        if how == "slowly":
            time.sleep(3.5)
        if how == "loudly":  # more than the server lets through
            for _ in range(60):
                print("x" * 60_000, flush=True)
        drawn.append((x, tilt, how))
        return Facts(x, tilt, how, x * tilt)

    def paint(facts):
        if line.get_ydata()[1] != 6 * facts.tilt:
            line.set_data([-6, 6], [-6 * facts.tilt, 6 * facts.tilt])
        point.set_data([facts.x], [facts.product])
        number.set(text=f"{facts.product:.1f}", x=facts.x)

    def say(facts):
        return f"{facts.tilt} times {facts.x:.1f} is {facts.product:.1f}, drawn {facts.how}."

    drawn = []
    hows = ["quietly", "slowly", "loudly", "never"]
    explorer = explore(measure, figure, paint, say, x=(-6.0, 6.0, 0.1), tilt=(-2, 2), how=hows)
    explorer.drawn = drawn
    return explorer


def caption(x, tilt=1, how="quietly"):
    """Return what the dial says of a state."""
    return f"{tilt} times {x:.1f} is {x * tilt:.1f}, drawn {how}."


@functools.cache
def _quiet():
    explorer = dial()
    explorer._on_message({"density": 1})
    return explorer


@functools.cache
def pixels(x, tilt=1):
    """Return the dial's picture as this process draws it, undisturbed: (H, W, 4) uint8."""
    _quiet().set(f"x={x:.1f} tilt={tilt}")
    return _quiet()._panels[0].pixels


def fingerprint(x, tilt=1):
    return hashlib.sha256(pixels(x, tilt).tobytes()).hexdigest()


@functools.cache
def png(x, tilt=1):
    """Return the picture of a state as a notebook keeps it."""
    _quiet().set(f"x={x:.1f} tilt={tilt}")
    return _quiet().png()


def press(explorer, *keys, name="x"):
    """Press keys on a slider, as fast as the page can take them."""
    explorer.slider(name).evaluate(PRESS, keys)


def value(explorer, name="x"):
    """Return what a slider of the page says now."""
    return round(float(explorer.slider(name).get_attribute("aria-valuenow")), 1) + 0.0


def assert_shows(explorer, x, tilt=1, how="quietly", timeout=10_000):
    """Assert that the page comes to show this state, rightly."""
    explorer.wait_for_caption(caption(x, tilt, how), timeout)
    np.testing.assert_array_equal(explorer.pixels(), pixels(x, tilt))


def assert_come_to_rest(*explorers, checks=5):
    """Assert that all come to show, rightly, what the sliders of the first say, and stay so."""
    first, right = explorers[0], 0
    for _ in range(100):
        state = value(first), int(value(first, "tilt"))
        shown = [(each.caption, each.pixels().tobytes()) for each in explorers]
        right = right + 1 if set(shown) == {(caption(*state), pixels(*state).tobytes())} else 0
        if right == checks:
            return
        first.page.wait_for_timeout(100)
    for explorer in explorers:
        assert_shows(explorer, *state, timeout=100)
    raise AssertionError("the pictures do not come to rest")
