"""Call a learner's function so that nothing it does gets out of hand.

What it raises, prints and warns about is caught, and an endless loop is stopped by counting steps.
That takes no thread, no signal and no clock, so it works in the browser too.

What cannot be stopped is one call that never comes back by itself, such as
sum(itertools.count()) or time.sleep(1e9): no step of Python happens in it.
"""

import contextlib
import dis
import io
import linecache
import os
import sys
import warnings
from typing import NamedTuple

STEPS = 1_000_000  # instructions in one call; an honest answer to a small case takes thousands

OURS = os.path.dirname(os.path.dirname(os.path.dirname(__file__))) + os.sep
STANDARD_LIBRARY = os.path.dirname(os.__file__)


class Outcome(NamedTuple):
    """What came of a call: its value, or else what stopped it, in words."""

    value: object = None
    trouble: str = ""
    printed: str = ""


def guarded(function, *arguments, steps=STEPS):
    """Return the Outcome of function(*arguments).

    Raises nothing but a KeyboardInterrupt that comes from outside. The trace function of a
    debugger is put back afterwards.
    """
    printed, limit = io.StringIO(), _StepLimit(steps)
    value, trouble = None, ""
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            with limit:
                value = function(*arguments)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) and not _raised_by_statement(error):
            raise
        trouble = _in_words(error)
    if limit.left < 0:
        value, trouble = None, f"it was stopped after {steps:,} steps: a loop has no end"
    return Outcome(value, trouble, _text(printed))


class _Stop(BaseException):
    """The limit is reached."""


class _StepLimit:
    """Raise _Stop in whatever runs inside the `with`, at each step once the limit is reached.

    Python switches tracing off when a trace function raises. So `except BaseException: pass` in an
    endless loop would swallow a single _Stop and run on. But Python then also drops the frame's
    trace function, and its __del__ switches tracing on again.
    """

    def __init__(self, steps):
        self.left, self.open = steps, False

    def __enter__(self):
        self.before, self.open = sys.gettrace(), True
        sys.settrace(self.begin)

    def __exit__(self, *error):
        self.open = False
        sys.settrace(self.before)

    def begin(self, frame, event, argument):
        """Trace a frame that begins. This one never raises: nothing would switch it on again."""
        if frame.f_code.co_filename == __file__:
            return None
        frame.f_trace_opcodes = True  # by lines, `while True: pass` would be a single step
        return _FrameTracer(self)

    def arm(self, frame):
        """Trace again from here on. (The frames that wait for this one still have theirs.)"""
        if not self.open or sys.gettrace() is not None:
            return
        if frame.f_trace is None and frame.f_code.co_filename != __file__:
            frame.f_trace = _FrameTracer(self)
        sys.settrace(self.begin)


class _FrameTracer:
    """The trace function of one frame, which alone refers to it."""

    def __init__(self, limit):
        self.limit = limit

    def __call__(self, frame, event, argument):
        self.limit.left -= 1
        if self.limit.left < 0:
            del self  # else the exception's traceback would keep it alive
            raise _Stop
        return self

    def __del__(self):
        self.limit.arm(sys._getframe(1))


def _raised_by_statement(error):
    """Say whether code said `raise`, and not the user who pressed the button."""
    frame = _frames(error)[-1]
    code = frame.tb_frame.f_code
    instruction = dis.opname[code.co_code[frame.tb_lasti]]
    return instruction == "RAISE_VARARGS" and not _is_installed(code.co_filename)


def _frames(error):
    """Return the traceback's entries, outermost first."""
    found, entry = [], error.__traceback__
    while entry is not None:
        found.append(entry)
        entry = entry.tb_next
    return found


def _is_installed(filename):
    """Say whether a file is Python's own, a package's or ours, and so not the learner's."""
    return filename.startswith((OURS, STANDARD_LIBRARY, "<frozen", "<__array_function__")) or (
        "site-packages" in filename
    )


def _in_words(error):
    """Return the error's type and message, and the last line of the learner's code on its way."""
    try:
        message = " ".join(str(error).split())
    except Exception:  # their own exception may have a broken __str__
        message = ""
    told = f"{type(error).__name__}: {message}" if message else type(error).__name__
    for entry in reversed(_frames(error)):
        filename = entry.tb_frame.f_code.co_filename
        if not _is_installed(filename):
            line = linecache.getline(filename, entry.tb_lineno).strip()
            where = f" in line {entry.tb_lineno} of your code"
            return f"it raised {told[:200]},{where}" + (f": {line[:80]}" if line else "")
    return f"it raised {told[:200]}"


def _text(printed):
    """Return what was printed; the function may have closed the stream."""
    return "" if printed.closed else printed.getvalue()
