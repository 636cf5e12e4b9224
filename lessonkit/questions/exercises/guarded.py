"""Calls a learner's function so that nothing it does can stop or disturb the notebook."""

import contextlib
import dis
import functools
import io
import sys
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

MOST_STEPS = 50_000  # lines of Python; an honest answer on our cases takes a few thousand


class Outcome(NamedTuple):
    """What became of a call: a value, or what was raised."""

    value: Any = None
    error: BaseException | None = None
    printed: str = ""


class TooLong(BaseException):
    """The function has run for more lines than any honest answer needs.

    Python ends the tracing when a trace function raises. If the learner's own ``except:`` has
    caught this, it is dropped after that, and then the tracing begins again.
    """

    def __init__(self, counter: "_Counter", frames: list) -> None:
        super().__init__()
        self.counter, self.frames = counter, frames

    def __del__(self):
        self.counter.watch(self.frames)


def call(function: Callable, arguments: tuple) -> Outcome:
    """Call a function; return what it returned or raised, and what it printed.

    An endless loop is stopped by counting the lines that run, which works where there are no
    threads and no signals. Two are not stopped: one inside a single call of NumPy or of Python's
    own C code, such as ``sum(itertools.count())``, and one inside an ``except:`` that has caught
    the stopping of another. Ctrl-C passes through.
    """
    printed, before = io.StringIO(), sys.gettrace()
    counter, quiet = _Counter(), warnings.catch_warnings(action="ignore")
    with contextlib.redirect_stdout(printed), np.errstate(all="ignore"), quiet:
        counter.watch()
        try:
            outcome = Outcome(value=function(*arguments))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit and TooLong too
            outcome = Outcome(error=error)
        finally:
            counter.is_watching = False
            sys.settrace(before)
    return outcome._replace(printed=printed.getvalue())


class _Counter:
    """Counts lines as a trace function, and raises TooLong when there are too many."""

    def __init__(self):
        self.steps, self.most = 0, MOST_STEPS
        self.is_watching = True

    def watch(self, frames=()):
        """Trace what runs from now on, in these frames too."""
        if self.is_watching:
            for frame in frames:
                frame.f_trace = self.trace
            sys.settrace(self.trace)

    def trace(self, frame, event, argument):
        self.steps += event == "line"
        if self.steps > MOST_STEPS:
            frames = list(_stack(frame))
            # Best where the function cannot catch it; but not for ever.
            if self.steps > self.most + MOST_STEPS or not any(map(_may_catch, frames)):
                self.most = self.steps
                raise TooLong(self, frames)
        return self.trace


def _stack(frame):
    """Yield the frames from the learner's innermost one to the first one of theirs."""
    while frame is not None and frame.f_code is not call.__code__:
        yield frame
        frame = frame.f_back


def _may_catch(frame):
    """Tell whether a frame catches what is raised in it now."""
    return any(start <= frame.f_lasti < end for start, end in _tries(frame.f_code))


@functools.cache
def _tries(code):
    """Return where the bodies of a code's try statements begin and end.

    The entries with lasti are those of handlers: what is raised in one is not caught by it.
    """
    entries = dis.Bytecode(code).exception_entries
    return [(entry.start, entry.end) for entry in entries if not entry.lasti]
