"""ipympl: a figure that stays, whose artists are given new data and blitted.

Blitting is Matplotlib's own recipe: a background without the moving artists is kept and put back.
`draw_idle` would draw the whole figure, and asks the page first: it takes twice as long.
"""

from ipympl.backend_nbagg import Canvas, FigureManager
from matplotlib.figure import Figure

from lessonkit.live import lesson_style
from ways import drawn
from ways.numbers import mosaic_of
from ways.sliders import mosaic_that_follows, plot_that_follows


def canvas_of(figure):
    canvas = Canvas(figure)
    FigureManager(canvas, 0)
    canvas.header_visible = canvas.footer_visible = canvas.toolbar_visible = False
    return canvas


@lesson_style()
def plot(x=0.0):
    canvas = canvas_of(Figure(**drawn.PLOT))
    dots = drawn.draw_plot(canvas.figure, animated=True)
    drawn.move(dots, x)
    blit = blitting(canvas, dots)

    def follow(x):
        drawn.move(dots, x)
        blit()

    return plot_that_follows(x, canvas, follow=follow)


@lesson_style()
def mosaic(kernel_size=1):
    canvas = canvas_of(Figure(**drawn.MOSAIC))
    image = drawn.draw_mosaic(canvas.figure, kernel_size, animated=True)
    blit = blitting(canvas, [image])

    def follow(kernel_size):
        image.set_data(mosaic_of(kernel_size))
        blit()

    return mosaic_that_follows(kernel_size, canvas, follow=follow)


def blitting(canvas, artists):
    """Return a function that draws the artists on the background of the last whole drawing."""
    background = None

    def draw_artists():
        for artist in artists:
            artist.axes.draw_artist(artist)

    def drawn_anew(event):
        nonlocal background
        background = canvas.copy_from_bbox(canvas.figure.bbox)
        draw_artists()

    def blit():
        canvas.restore_region(background)
        draw_artists()
        canvas.blit(canvas.figure.bbox)

    canvas.mpl_connect("draw_event", drawn_anew)
    return blit
