"""The files of widgets' pages, as anywidget gets them."""

import os
from pathlib import Path

HERE = Path(__file__).parent


def page_file(name: str) -> str | Path:
    """Return a file of a widget's page for anywidget: its text.

    Given the path, anywidget would keep every widget ever made, each with its picture, to show the
    file anew when it changes. That is wanted only while one works on it, with ANYWIDGET_HMR=1.
    """
    path = HERE / name
    return path if os.environ.get("ANYWIDGET_HMR") == "1" else path.read_text(encoding="utf-8")
