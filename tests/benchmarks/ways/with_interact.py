"""What lessons use: `interact` and a new figure at every step."""

import ipywidgets
import matplotlib.pyplot as plt

from ways import drawn
from ways.sliders import mosaic_slider, plot_slider


def plot(x=0.0):
    def draw(x):
        drawn.move(drawn.draw_plot(plt.figure(**drawn.PLOT)), x)
        plt.show()

    ipywidgets.interact(draw, x=plot_slider(x))


def mosaic(kernel_size=1):
    def draw(kernel_size):
        drawn.draw_mosaic(plt.figure(**drawn.MOSAIC), kernel_size)
        plt.show()

    ipywidgets.interact(draw, kernel_size=mosaic_slider(kernel_size))
