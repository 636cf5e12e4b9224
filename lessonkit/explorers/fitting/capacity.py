"""Exact fits magnify errors, and too few samples underfit (section 12.2 of our source): do they?"""

import functools
from typing import NamedTuple

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from lessonkit.datasets import record, temperatures
from lessonkit.explorers.controls import show
from lessonkit.explorers.fitting.capacity_panels import ErrorPanel, FitPanel
from lessonkit.explorers.table import as_table
from lessonkit.explorers.words import number, scientific, several
from lessonkit.fitting import (
    fit_polynomial,
    fit_tree,
    mean_squared_error,
    noisy_sine,
    sine,
    training_and_test_errors,
)
from lessonkit.live import explore, in_pieces, lesson_style

DEGREES, DEPTHS = range(16), range(9)
RIDGES = (10, 1, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 0)  # strongest first
NEW_SEED = 99  # of the new points
KNOWN_DAYS = 273  # January to September: a model learns from these, and is tested on these
AS_GOOD = 1.1  # an error of up to this many times the best counts as good; so does 0.000


class Study(NamedTuple):
    """Points, and what models of each capacity make of them."""

    seen: tuple  # (x, y) of the points that a model learns from
    new: tuple  # (x, y) of the points that it is tested on
    beyond: tuple  # (x, y) of the truth, or of the days that are never used
    noise: float | None  # standard deviation of the errors in made-up points; None: measured data
    grid: np.ndarray  # the x at which the fits are drawn
    capacities: list
    curves: np.ndarray  # (capacities, grid): the fits
    errors: np.ndarray  # (2, capacities), root mean square: on the points seen, and on new ones


@as_table
class Facts(NamedTuple):
    """A model of one capacity, among all the capacities that it could have."""

    model: str  # polynomial, tree or network
    capacity: int  # its degree, its depth, or the epochs that it has been trained for
    ridge: float  # of a polynomial; 0: none
    # Errors are root mean squares, in the unit of y.
    seen_error: float  # on the points seen
    new_error: float  # on new points
    beyond_error: float  # from the truth, or on the days that are never used
    best: int  # the capacity with the smallest error on new points
    place: int  # of the capacity in study.capacities
    study: Study  # the points, and the fits and errors of each capacity
    ridge_errors: np.ndarray | None  # on new points, with each of RIDGES; None: no ridge


@lesson_style()
def capacity():
    """Show what more capacity does to a fit, and to its error on seen and on new points.

    Models: polynomials of degree 0 to 15, regression trees of depth 0 to 8, and a network after 1
    to 20,000 epochs (recorded). Data: points of a noisy sine, tested on 1,001 others; or the
    temperatures of evenly spaced days from January to September, tested on the other days of these
    months, while October to December is never used. An error is the root of the mean squared error.
    Controls: the model, the data, and what can be chosen for them: the capacity, the polynomial's
    ridge, the number of points, their noise, and its seed.
    """
    figure = Figure(figsize=(7.6, 3.7))
    in_pieces(figure, (0, 425), (420, 760))
    fit, errors = FitPanel(figure), ErrorPanel(figure)

    def paint(facts):
        fit.paint(facts.study, facts.place)
        errors.paint(facts)

    return explore(measure, figure, paint, say, **_controls()).recorded(
        "model=polynomial degree",
        "model=polynomial degree=15 points/5",
        "model=polynomial degree=15 noise",
        "model=polynomial degree=15 ridge",
        "model=tree points=16,200 depth degree=3,15",
        "model=network epoch degree=3,15",
    )


def _controls():
    """Return name → control, each shown only while the model and the data have a use for it."""
    epochs = [(f"{epoch:,}", epoch) for epoch in record("fitting_network")["epochs"]]
    controls = {
        "model": ipywidgets.Dropdown(options=["polynomial", "tree", "network"]),
        "data": ipywidgets.Dropdown(options=["noisy sine", "temperatures"]),
        "degree": ipywidgets.IntSlider(3, min=DEGREES[0], max=DEGREES[-1]),
        "depth": ipywidgets.IntSlider(2, min=DEPTHS[0], max=DEPTHS[-1]),
        "epoch": ipywidgets.SelectionSlider(options=epochs, value=500),
        "ridge": ipywidgets.SelectionSlider(options=[(f"{r:g}", r) for r in RIDGES[::-1]]),
        "points": ipywidgets.IntSlider(16, min=10, max=200),
        "noise": ipywidgets.FloatSlider(0.3, min=0, max=1, step=0.05),
        "seed": ipywidgets.IntSlider(2, min=1, max=20),
    }
    model, data = controls["model"], controls["data"]

    def follow(_=None):
        fits_now = model.value != "network"  # a recorded network has its own data
        makes_up = fits_now and data.value == "noisy sine"
        used = {"degree": model.value == "polynomial", "depth": model.value == "tree"}
        used |= {"ridge": used["degree"], "epoch": not fits_now, "data": fits_now}
        used |= {"points": fits_now, "noise": makes_up, "seed": makes_up}
        for name, on in used.items():
            show(controls[name], on)

    for chooser in (model, data):
        chooser.observe(follow, "value")
    follow()
    return controls


def measure(model, data, degree, depth, epoch, ridge, points, noise, seed):
    """Return the facts of a model; controls that it has no use for are ignored."""
    made_up = (noise, seed) if data == "noisy sine" else None
    ridge = ridge if model == "polynomial" else 0
    study = _recorded() if model == "network" else _fitted(model, points, made_up, ridge)
    now = {"polynomial": degree, "tree": depth, "network": epoch}[model]
    place, best = study.capacities.index(now), study.capacities[study.errors[1].argmin()]
    xs, ys = study.beyond
    beyond = np.sqrt(mean_squared_error(np.interp(xs, study.grid, study.curves[place]), ys))
    of_ridges = _errors_of_ridges(points, made_up, degree) if ridge else None
    errors = map(float, [*study.errors[:, place], beyond])
    return Facts(model, now, ridge, *errors, best, place, study, of_ridges)


# Nothing is fitted again while only the capacity moves.
@functools.lru_cache(maxsize=8)
def _fitted(model, points, made_up, ridge):
    """Return the study of a polynomial or a tree. made_up: noise and seed; None: temperatures."""
    data = _data(points, made_up)
    if model == "tree":
        capacities = list(DEPTHS)
        deepest = fit_tree(*data["seen"], DEPTHS[-1])
        fits = [deepest.pruned(depth) for depth in DEPTHS]
    else:
        capacities = list(DEGREES)
        fits = [fit_polynomial(*data["seen"], degree, ridge) for degree in DEGREES]
    errors = np.sqrt(training_and_test_errors(fits, data["seen"], data["new"]))
    curves = np.array([fit(data["grid"]) for fit in fits])
    return Study(**data, capacities=capacities, curves=curves, errors=errors)


@functools.lru_cache(maxsize=2 * len(DEGREES))
def _errors_of_ridges(points, made_up, degree):
    """Return the errors on new points of a polynomial with each of RIDGES."""
    data = _data(points, made_up)
    fits = [fit_polynomial(*data["seen"], degree, ridge) for ridge in RIDGES]
    return np.sqrt(training_and_test_errors(fits, data["seen"], data["new"])[1])


def _data(points, made_up):
    """Return the parts of a Study that no model makes."""
    if made_up:
        noise, seed = made_up
        seen, new = noisy_sine(points, noise, seed), noisy_sine(1001, noise, NEW_SEED)
        grid = np.linspace(0, 1, 501)
        truth = (grid, sine(grid))
        return {"seen": seen, "new": new, "beyond": truth, "noise": noise, "grid": grid}
    degrees, days = temperatures(), np.arange(365)
    chosen = np.linspace(0, KNOWN_DAYS - 1, points).round().astype(int)
    others = np.setdiff1d(days[:KNOWN_DAYS], chosen)
    groups = {"seen": chosen, "new": others, "beyond": days[KNOWN_DAYS:]}
    return {name: (x, degrees[x]) for name, x in groups.items()} | {"noise": None, "grid": days}


@functools.cache
def _recorded():
    """Return the study of the network whose training was recorded."""
    kept = record("fitting_network")
    data = _data(len(kept["x"]), (kept["noise"], kept["seed"]))
    curves = np.array(kept["curves"])
    grid = np.linspace(0, 1, curves.shape[1])
    data |= {"seen": (np.array(kept["x"]), np.array(kept["y"]))}
    data |= {"grid": grid, "beyond": (grid, sine(grid))}
    errors = np.sqrt([kept["training_errors"][0], kept["test_errors"][0]])
    return Study(**data, capacities=kept["epochs"], curves=curves, errors=errors)


def say(facts):
    """Return the caption: both errors, what they say of the capacity, and the error beyond."""
    now, study = facts.capacity, facts.study
    word, name = {
        "polynomial": ("degree", f"Degree {now}"),
        "tree": ("depth", f"A tree of depth {now}"),
        "network": ("epoch", f"After {several(now, 'epoch')} the network"),
    }[facts.model]
    unit = "" if study.noise is not None else " °C"
    given = "with this ridge" if facts.ridge else ""
    verdict = _verdict(word, study.capacities, facts.place, study.errors[1], unit, given)
    if facts.ridge:
        name += f" with ridge {facts.ridge:g}"
        chosen = RIDGES.index(facts.ridge)
        if not _is_good(facts.ridge_errors, chosen):
            given = f"for degree {now}"
            verdict = _verdict("ridge", RIDGES, chosen, facts.ridge_errors, unit, given)
    off = "From October to December, never seen, it is off by" if unit else "It misses the truth by"
    return (
        f"{name} is typically off by {_error(facts.seen_error)}{unit} on the {len(study.seen[0])} "
        f"points seen and by {_error(facts.new_error)}{unit} on new ones: {verdict}. "
        f"{off} {_error(facts.beyond_error)}{unit}."
    )


def _is_good(on_new, place):
    return on_new[place] <= max(AS_GOOD * on_new.min(), 0.0005)


def _verdict(word, choices, place, on_new, unit, given):
    """Judge the choice at this place in a list that begins with the one that can fit least.

    given: what is the same for all choices, in words, where that is not plain.
    """
    best = on_new.argmin()
    at_best = f"{word} {choices[best]:,} is best, {_error(on_new[best])}{unit}"
    if given:
        at_best = f"{given}, {at_best}"
    if place == best:
        return f"no other {word} does better {given}".strip()
    if _is_good(on_new, place):
        return f"about as good as it gets ({at_best})"
    if place > best:
        return f"it overfits ({at_best})"
    if any(_is_good(on_new, smaller) for smaller in range(place)):
        return at_best  # what can fit even less does well: to say "underfits" would mislead
    return f"it underfits ({at_best})"


def _error(value):
    return scientific(value) if value >= 1000 else number(value)
