"""Bokeh: a ColumnDataSource is given new data, and `push_notebook` sends it.

jupyter_bokeh's `BokehModel` sends the same change in somewhat longer messages. Panel shows Bokeh's
figures and sends their changes as Bokeh does, so it is not measured apart.
"""

from bokeh.io import output_notebook, push_notebook, show
from bokeh.layouts import row
from bokeh.models import ColumnDataSource, LinearColorMapper
from bokeh.palettes import Greys256
from bokeh.plotting import figure
from bokeh.resources import INLINE
from IPython.display import display

from ways.numbers import RANGES, XS, curves, heights, in_bytes, mosaic_of, photograph
from ways.sliders import mosaic_that_follows, plot_that_follows

output_notebook(INLINE, hide_banner=True)


def dots_at(x):
    left, right = heights(x)
    return {"x": [x], "left": [left], "right": [right]}


def curves_and_dots(x):
    """Return the plot and the source of its two dots."""
    dots, axes = ColumnDataSource(dots_at(x)), []
    for side, lines, ends in zip(("left", "right"), curves(), RANGES, strict=True):
        panel = figure(width=400, height=300, y_range=ends, toolbar_location=None)
        for line, colour in zip(lines, ("#1f77b4", "#ff7f0e"), strict=True):
            panel.line(XS, line, color=colour, line_width=2)
        panel.scatter("x", side, source=dots, size=8, color="black")
        axes.append(panel)
    return row(axes), dots


def bytes_of(picture):
    return {"image": [in_bytes(picture)]}


def photograph_and_mosaic(kernel_size):
    """Return the two pictures and the source of the mosaic."""
    shades = LinearColorMapper(Greys256, low=0, high=255)
    panels = []
    for picture in (photograph(), mosaic_of(kernel_size)):
        source = ColumnDataSource(bytes_of(picture))
        panel = figure(width=374, height=374, x_range=(0, 1), y_range=(1, 0), toolbar_location=None)
        panel.axis.visible = panel.grid.visible = False
        panel.image("image", 0, 0, 1, 1, color_mapper=shades, source=source)
        panels.append(panel)
    return row(panels), source


def plot(x=0.0):
    picture, dots = curves_and_dots(x)

    def follow(x):
        dots.data = dots_at(x)
        push_notebook(handle=handle)

    display(plot_that_follows(x, follow=follow))
    handle = show(picture, notebook_handle=True)


def mosaic(kernel_size=1):
    picture, mosaic = photograph_and_mosaic(kernel_size)

    def follow(kernel_size):
        mosaic.data = bytes_of(mosaic_of(kernel_size))
        push_notebook(handle=handle)

    display(mosaic_that_follows(kernel_size, follow=follow))
    handle = show(picture, notebook_handle=True)
