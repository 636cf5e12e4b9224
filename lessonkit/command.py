"""The command `lessonkit`: copy the notebooks to a folder of your own and open JupyterLab there.

lessonkit [FOLDER] [--copy-only] [-- OPTIONS OF JUPYTERLAB]
"""

import argparse
import errno
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lessonkit.copies import copy_notebooks

FOLDER = "lessonkit-notebooks"


class Command(NamedTuple):
    """One thing that `lessonkit` can do."""

    summary: str  # a line for --help
    add_arguments: Callable  # is given the argparse parser
    run: Callable  # is given the parsed arguments; `further` are the words after --


def main(words=None):
    """Run the command that the first word names, or else the one that opens the notebooks.

    `words` are those of the command line, without the program's name.
    """
    words = sys.argv[1:] if words is None else list(words)
    further = []
    if "--" in words:
        end = words.index("--")
        words, further = words[:end], words[end + 1 :]
    name = words.pop(0) if words and words[0] in COMMANDS else DEFAULT
    command = COMMANDS[name]
    parser = argparse.ArgumentParser(
        prog="lessonkit" if name == DEFAULT else f"lessonkit {name}",
        description=command.summary,
        epilog=_other_commands() if name == DEFAULT else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_arguments(parser)
    if further and name != DEFAULT:
        parser.error(f"words after -- are for JupyterLab, which lessonkit {name} does not open")
    command.run(parser.parse_args(words, argparse.Namespace(further=further)))


def _other_commands():
    lines = [f"  lessonkit {name:<10} {COMMANDS[name].summary}" for name in COMMANDS]
    return "\n".join(["commands:", *lines]) if len(lines) > 1 else None


def _add_open_arguments(parser):
    parser.usage = "%(prog)s [-h] [--copy-only] [FOLDER] [-- OPTIONS OF JUPYTERLAB]"
    parser.add_argument(
        "folder",
        metavar="FOLDER",
        nargs="?",
        default=FOLDER,
        help=f"where your copies are to be (default: {FOLDER}, in the current folder); "
        "a notebook of yours is never overwritten",
    )
    parser.add_argument(
        "--copy-only", "--no-open", action="store_true", help="copy, but do not open JupyterLab"
    )


def _open(arguments):
    """Copy the notebooks, say what was done, and become JupyterLab."""
    folder = Path(arguments.folder)
    _say(_copies(folder), folder)
    if not arguments.copy_only:
        _run_jupyterlab(folder, arguments.further)


def _copies(folder):
    """Copy the notebooks; where that fails, end the program with a sentence that says why."""
    try:
        return copy_notebooks(folder)
    except OSError as error:
        sys.exit(_in_words(error, folder))


def _in_words(error, folder):
    at = Path(error.filename or folder).resolve()
    if error.errno is None:
        return f"lessonkit is not complete: {error}. Install it again."
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"{_file_on_the_way(folder)} is a file, not a folder. Give another: lessonkit FOLDER"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"You may not write to {at}. Give a folder of your own: lessonkit FOLDER"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full: {at} cannot be written. Make room, then run lessonkit again."
    return f"{at} cannot be written ({error.strerror}). Give another folder: lessonkit FOLDER"


def _file_on_the_way(folder):
    """Return the part of the path that is a file, where a folder was to be."""
    return next((path for path in (folder, *folder.parents) if path.is_file()), folder)


def _say(copies, folder):
    """Print what was copied and what differs; nothing if nothing was done."""
    if copies.copied:
        count = len(copies.copied)
        print(f"Copied {count} notebook{'s' if count > 1 else ''} to {folder.resolve()}")
    for yours, ours in copies.beside.items():
        print(f"{yours} differs from ours. It stays as it is; ours is beside it, as {ours}")


def _run_jupyterlab(folder, further):
    try:
        from jupyterlab.labapp import LabApp  # here, because copying does not need it
    except ImportError as error:
        sys.exit(
            f"JupyterLab cannot be started ({error}). Install it: pip install jupyterlab\n"
            f"Then run lessonkit again. The notebooks are in {folder.resolve()}"
        )
    # In this process, not in another: Ctrl and C then ends it in the same way on every system.
    LabApp.launch_instance([f"--ServerApp.root_dir={folder.resolve()}", *further])


def _pages():
    from lessonkit.site import serve  # here, because what builds pages is slow to import

    return serve


# A command of this name takes the place of a folder of this name: that is then ./open.
COMMANDS = {
    "open": Command(
        "Copy the notebooks to a folder of your own and open JupyterLab there.",
        _add_open_arguments,
        _open,
    ),
    "pages": Command(
        "Build the lessons as web pages and open them, on this machine alone.",
        lambda parser: _pages().add_arguments(parser),
        lambda arguments: _pages().run(arguments),
    ),
}
DEFAULT = "open"
