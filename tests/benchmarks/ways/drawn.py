"""The plot and the mosaic as Matplotlib draws them, for the ways that use it."""

from ways.numbers import RANGES, XS, curves, heights, mosaic_of, photograph

PLOT, MOSAIC = ({"figsize": inches, "dpi": 100} for inches in ((8, 3), (7.6, 3.74)))


def draw_plot(figure, **look):
    """Draw the curves into a figure; return its two dots, which have `look`."""
    dots = []
    for axes, lines, ends in zip(figure.subplots(1, 2), curves(), RANGES, strict=True):
        for line in lines:
            axes.plot(XS, line)
        axes.set_ylim(ends)
        dots += axes.plot([0], [0], "o", **look)
    return dots


def move(dots, x):
    for dot, height in zip(dots, heights(x), strict=True):
        dot.set_data([x], [height])


def draw_mosaic(figure, kernel_size, **look):
    """Draw the photograph and its mosaic into a figure; return the mosaic, which has `look`."""
    for left, picture in ((0, photograph()), (386 / 760, mosaic_of(kernel_size))):
        axes = figure.add_axes((left, 0, 374 / 760, 1))
        image = axes.imshow(picture, cmap="gray", vmin=0, vmax=1)
        axes.axis("off")
    image.set(**look)
    return image
