"""Ours: the plot with `explore`, and the mosaics of the lesson."""

from matplotlib.figure import Figure

from lessonkit.live import explore, lesson_style
from ways import drawn
from ways.numbers import sentence


@lesson_style()
def plot(x=0.0):
    figure = Figure(figsize=(8, 3))
    dots = drawn.draw_plot(figure, animated=True)
    first = x

    def draw(x=first):
        drawn.move(dots, x)
        return sentence(x)

    return explore(draw, figure, x=(-6, 6, 0.1))


def mosaic(kernel_size=1):
    from lessonkit.explorers.pooling import mosaics  # not above: the plot must not wait for it

    return at(mosaics(), f"photograph=camera kernel_size={kernel_size}")


def at(explorer, code):
    explorer.set(code)
    return explorer
