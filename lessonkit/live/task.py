"""What an explorer draws for some values of its controls: at once, or piece by piece."""

import inspect
import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Recipe(NamedTuple):
    """How a picture is made: measure → paint → say, or one function `measure` that does it all."""

    measure: Callable
    paint: Callable | None = None
    say: Callable | None = None

    def show(self, result: Any) -> tuple[Any, str]:
        """Show what `measure` has returned; return its facts and the caption."""
        if self.paint is None:
            return None, _checked_caption(result, "draw must return")
        self.paint(result)
        return result, _checked_caption(self.say(result), "say must return")


class Task:
    """One call of a recipe's `measure`: its only piece, or the pieces that it yields.

    values: those of the controls. pieces: how many are done. share: of the work done, 0..1, where
    `measure` tells it. done: whether there are no more pieces.
    """

    def __init__(self, recipe: Recipe, values: dict[str, Any]) -> None:
        self.values = values
        self.pieces = 0
        self.share = None
        self.done = False
        self.began = time.perf_counter()
        self._recipe, self._rest = recipe, None

    def step(self) -> tuple[Any, str] | None:
        """Do one piece and show it. Return its facts and caption, or None if none was left."""
        self.pieces += 1
        if self._rest is None:
            result = self._recipe.measure(**self.values)
            if not inspect.isgenerator(result):
                self.done = True
                return self._recipe.show(result)
            self._rest = result
        try:
            piece = next(self._rest)
        except StopIteration:
            self.done = True
            if self.pieces == 1:
                raise TypeError("draw must yield a caption or facts; it yielded nothing") from None
            return None
        # Facts are a tuple with names, so a bare pair can only be (piece, share).
        piece, self.share = piece if type(piece) is tuple and len(piece) == 2 else (piece, None)
        if self.share is not None and not 0 <= self.share <= 1:
            raise ValueError(
                f"draw must yield the share done as a number in 0..1; got {self.share!r}"
            )
        return self._recipe.show(piece)

    def facts(self) -> Any:
        """Return the facts that all pieces end in; nothing is shown."""
        result = self._recipe.measure(**self.values)
        if inspect.isgenerator(result):
            for piece in result:
                result = piece[0] if type(piece) is tuple and len(piece) == 2 else piece
        return result

    def close(self) -> None:
        """Drop the pieces that are left."""
        if self._rest is not None:
            self._rest.close()


def _checked_caption(caption, who):
    if not isinstance(caption, str) or not caption.strip():
        raise TypeError(f"{who} the caption, a sentence with the numbers; got {caption!r}")
    return caption
