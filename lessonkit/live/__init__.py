"""Live pictures: a function that draws, and controls that call it, become an explorer.

Who knows ``ipywidgets.interact`` knows ``explore``. The difference is speed: the figure is drawn
once, then only what moved is drawn again, and only the rectangles that changed travel to the page.

explorer.py is the kernel's half and page.js the page's; controls.py turns widgets into values and
text, messages.py drops what no page of ours says, canvas.py draws, narrow.py takes apart what has
no room on a page, pad.py with pad.js is a pad to draw on. What others keep private and we use all
the same stands in internals.py.
"""

from lessonkit.live.canvas import Pixels
from lessonkit.live.explorer import Explorer, explore
from lessonkit.live.look import lesson_style
from lessonkit.live.narrow import in_pieces

__all__ = ["Explorer", "Pixels", "explore", "in_pieces", "lesson_style"]
