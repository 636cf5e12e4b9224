"""A slider of ipywidgets, a picture that follows it and a Label below."""

import ipywidgets

from ways.numbers import KERNEL_SIZE, X, sentence, sigmoid


def plot_slider(x):
    return ipywidgets.FloatSlider(x, **X, description="x")


def mosaic_slider(kernel_size):
    return ipywidgets.IntSlider(kernel_size, **KERNEL_SIZE, description="kernel_size")


def plot_that_follows(x, *pictures, follow):
    """Return slider, pictures and sentence; `follow(x)` moves the pictures."""
    slider, label = plot_slider(x), ipywidgets.Label(sentence(x)).add_class("bench-sentence")

    def moved(change):
        follow(change.new)
        label.value = sentence(change.new)

    slider.observe(moved, "value")
    return ipywidgets.VBox([slider, *pictures, label])


def mosaic_that_follows(kernel_size, *pictures, follow):
    slider = mosaic_slider(kernel_size)
    slider.observe(lambda change: follow(change.new), "value")
    return ipywidgets.VBox([slider, *pictures])


def floor(x=0.0):
    """Return a slider and a Label that follows it: a round trip through the kernel, no more."""

    def text(x):
        return f"sigmoid({x:.1f}) = {sigmoid(x):.3f}"

    slider, label = plot_slider(x), ipywidgets.Label(text(x)).add_class("bench-label")
    slider.observe(lambda change: setattr(label, "value", text(change.new)), "value")
    return ipywidgets.VBox([slider, label])
