"""The three classes of this chapter's examples: their bars, and how their numbers are written."""

from matplotlib.transforms import offset_copy

from lessonkit.explorers.style import COLOURS
from lessonkit.explorers.words import joined, scientific

CLASSES = ("cat", "dog", "ship")
ROWS = range(len(CLASSES))
SOFTMAX = COLOURS["sigmoid"]  # softmax is the sigmoid of several classes


class ClassBars:
    """A bar for each class, with its number in a column on the right."""

    def __init__(self, axes, title, limits, colour="0.65"):
        self.axes = axes
        axes.set(xlim=limits, ylim=(2.5, -0.5), xticks=[], yticks=ROWS, yticklabels=CLASSES)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_title(title, pad=5)
        axes.axvline(0, color="0.6", lw=1)
        self.bars = axes.barh(ROWS, 0, height=0.62, color=colour, ec="white", lw=0, animated=True)
        self.numbers = [self.text_beside(row) for row in ROWS]

    def text_beside(self, row):
        """Return an empty text in the column of numbers."""
        look = {"ha": "right", "va": "center_baseline", "animated": True}
        place = offset_copy(self.axes.get_yaxis_transform(), self.axes.figure, x=0.9)  # inches
        return self.axes.text(1, row, "", transform=place, **look)

    def draw(self, widths, texts):
        """Show a width and a text for each class, (3,)."""
        for bar, label, width, text in zip(self.bars, self.numbers, widths, texts, strict=True):
            bar.set_width(width)
            label.set_text(text)
            label.set_weight("bold" if text == "nan" else "normal")


def exact(value):
    """Return a number with the four decimals of our source's example, or with a power of ten.

    >>> exact(0.9503), exact(54.598), exact(9.4e-14)
    ('0.9503', '54.5980', '9.4 × 10⁻¹⁴')
    """
    return f"{value:.4f}" if 0.00005 <= value < 9999.99995 else scientific(value)


def highest(values):
    """Return the class with the largest value, or all of them if it is a tie.

    >>> highest([4, 1, -2]), highest([4, 4, -2])
    ('cat', 'cat and dog')
    """
    return joined([name for name, v in zip(CLASSES, values, strict=True) if v == max(values)])
