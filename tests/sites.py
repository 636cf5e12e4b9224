"""Which pages the tests of the web edition build."""

from pathlib import Path

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
BUILT = ("01_nonlinearity", "06_whole_network")  # all chapters would take minutes
