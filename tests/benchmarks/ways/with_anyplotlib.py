"""anyplotlib: point widgets are moved, and an image is given new data.

A widget's move is one short message. Markers that are set anew send the whole panel, ten times as
much.
"""

import anyplotlib

from ways.numbers import RANGES, XS, curves, heights, in_bytes, mosaic_of, photograph
from ways.sliders import mosaic_that_follows, plot_that_follows


def plot(x=0.0):
    figure, panels = anyplotlib.subplots(1, 2, figsize=(800, 300))
    dots = []
    for axes, (one, other), ends, height in zip(panels, curves(), RANGES, heights(x), strict=True):
        panel = axes.plot(one, axes=[XS], units="", color="#1f77b4")
        panel.add_line(other, XS, color="#ff7f0e")
        panel.set_ylim(*ends)
        dots.append(panel.add_point_widget(x, height, color="black", show_crosshair=False))

    def follow(x):
        for dot, height in zip(dots, heights(x), strict=True):
            dot.set(x=x, y=height)

    return plot_that_follows(x, figure, follow=follow)


def mosaic(kernel_size=1):
    figure, panels = anyplotlib.subplots(1, 2, figsize=(760, 374))
    shades = {"cmap": "gray", "vmin": 0, "vmax": 255}
    pictures = [in_bytes(photograph()), in_bytes(mosaic_of(kernel_size))]
    shown = [a.imshow(p, **shades) for a, p in zip(panels, pictures, strict=True)]
    for panel in shown:
        panel.set_axis_off()

    def follow(kernel_size):
        shown[1].set_data(in_bytes(mosaic_of(kernel_size)), clim=(0, 255))

    return mosaic_that_follows(kernel_size, figure, follow=follow)
