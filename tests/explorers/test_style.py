"""The colours: text in them can be read."""

import numpy as np
import pytest

from lessonkit.explorers.style import COLOURS, ink


@pytest.mark.parametrize("colour", COLOURS.values())
def test_ink_is_readable_on_white(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in ink(colour)]
    luminance = np.dot([0.2126, 0.7152, 0.0722], linear)  # WCAG 2.2, relative luminance
    assert 1.05 / (luminance + 0.05) >= 4.5
