"""The pages of the web edition, which tests build and look at."""

from pathlib import Path

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
BUILT = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))  # all: minutes, but once
