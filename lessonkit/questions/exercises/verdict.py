"""What a learner is told about an answer: in words, and beside a coloured line in the notebook."""

import html
from dataclasses import dataclass

COLOURS = {  # JupyterLab's own, so that they suit its theme; the others are for other pages
    True: "var(--jp-success-color1, #388e3c)",
    False: "var(--jp-warn-color1, #f57c00)",
}


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and a sentence or two that say why.

    >>> Verdict(True, "It is right.")
    ✓ Right. It is right.
    """

    passed: bool
    message: str
    answered: bool = True

    def __repr__(self):
        if not self.answered:
            return self.message
        return f"✓ Right. {self.message}" if self.passed else f"✗ Not yet. {self.message}"

    def _repr_html_(self):
        """Return the sentence as a paragraph; its text takes the colour of the page."""
        colour = COLOURS[self.passed] if self.answered else "var(--jp-border-color1, #9e9e9e)"
        style = f"border-left: 4px solid {colour}; padding: 0.2em 0.8em; margin: 0.3em 0"
        return f'<p class="lessonkit-verdict" style="{style}">{html.escape(repr(self))}</p>'
