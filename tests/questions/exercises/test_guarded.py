"""The guarded call: endless loops end, errors are told, and a debugger's tracing comes back."""

import contextlib
import signal
import sys
import threading

import pytest

from lessonkit.questions.exercises.guarded import guarded

FEW = 20_000


def forever():
    while True:
        pass


def swallowed():
    while True:
        try:  # noqa: SIM105
            forever()
        except BaseException:
            pass


def swallowed_in_one_frame():
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722
            pass


def kept_without_a_call():
    kept = None
    while True:
        try:
            while True:
                pass
        except BaseException as error:
            kept = error
    return kept


def finally_again():
    while True:
        try:
            forever()
        finally:
            continue  # noqa: B012


def suppressed():
    while True:
        with contextlib.suppress(BaseException):
            forever()


def swallowed_at_the_end():
    with contextlib.suppress(BaseException):
        forever()
    return 3


def recursion_again_and_again():
    while True:
        with contextlib.suppress(RecursionError):
            deep()


def deep():
    return deep()


def comprehension():
    return [0 for _ in iter(int, 1)]


def generator():
    return sum(1 for _ in iter(int, 1))


ENDLESS = [
    *(forever, swallowed, swallowed_in_one_frame, kept_without_a_call, finally_again, suppressed),
    *(swallowed_at_the_end, recursion_again_and_again, comprehension, generator),
]


@pytest.mark.parametrize("function", ENDLESS, ids=lambda function: function.__name__)
def test_an_endless_loop_is_stopped(function):
    outcome = guarded(function, steps=FEW)
    assert outcome.value is None
    assert outcome.trouble == "it was stopped after 20,000 steps: a loop has no end"


def test_an_honest_loop_is_not():
    assert guarded(lambda: sum(i for i in range(20_000))).value == 199_990_000


def test_the_last_step_that_is_allowed_may_be_taken():
    def few():
        return sum([1, 2, 3])

    steps = []

    def count(frame, event, argument):
        steps.append(event)
        return count

    def begin(frame, event, argument):
        if frame.f_code is not few.__code__:
            return None
        frame.f_trace_opcodes = True
        return count

    outer = sys.gettrace()
    sys.settrace(begin)
    few()
    sys.settrace(outer)
    assert guarded(few, steps=len(steps)).value == 6
    assert guarded(few, steps=len(steps) - 1).trouble.startswith("it was stopped after ")


def tracer(frame, event, argument):
    return tracer


@pytest.mark.parametrize("function", [deep, *ENDLESS], ids=lambda function: function.__name__)
@pytest.mark.parametrize("before", [None, tracer])
def test_the_trace_function_comes_back(function, before):
    outer = sys.gettrace()
    sys.settrace(before)
    try:
        guarded(function, steps=FEW)
        assert sys.gettrace() is before
    finally:
        sys.settrace(outer)


def test_nothing_is_traced_afterwards():
    guarded(swallowed, steps=FEW)
    before = sys.gettrace()
    for _ in range(3 * FEW):
        pass
    assert sys.gettrace() is before


def leaves():
    sys.exit(3)


def interrupts_itself():
    raise KeyboardInterrupt


def divides():
    return 1 / 0


def broken_message():
    class OddError(Exception):
        def __str__(self):
            raise ValueError

    raise OddError


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (leaves, "it raised SystemExit: 3, in line {} of your code: sys.exit(3)"),
        (
            interrupts_itself,
            "it raised KeyboardInterrupt, in line {} of your code: raise KeyboardI",
        ),
        (divides, "it raised ZeroDivisionError: division by zero, in line {} of your code: return"),
        (deep, "it raised RecursionError: maximum recursion depth exceeded"),
    ],
)
def test_an_error_is_told_with_its_line(function, told):
    line = function.__code__.co_firstlineno + 1
    assert guarded(function).trouble.startswith(told.format(line))


def test_a_long_line_and_a_long_message_are_cut():
    def fails():
        raise ValueError("x" * 300, "and so on", "and so on", "and so on", "and so on", "and so")

    told, line = guarded(fails).trouble.split(", in line ")
    assert told == f"it raised ValueError: ('{'x' * 300}"[: len("it raised ") + 200]
    whole = 'raise ValueError("x" * 300, "and so on", "and so on", "and so on", "and so on", "and'
    assert line.partition(": ")[2] == whole[:80]


def test_an_error_without_words_has_a_name():
    assert guarded(broken_message).trouble.startswith("it raised OddError, in line ")


def test_an_error_deep_in_a_library_is_told_with_the_line_that_called_it():
    import numpy as np

    def stacks():
        return np.concatenate([np.zeros(2), np.zeros((2, 2))])

    line = stacks.__code__.co_firstlineno + 1
    assert f"in line {line} of your code: return np.concatenate" in guarded(stacks).trouble


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to oneself")
def test_an_interrupt_from_outside_passes():
    before = sys.gettrace()
    # Whoever runs the tests in the background has it ignored.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            guarded(forever, steps=10**9)
    finally:
        timer.join()
        signal.signal(signal.SIGINT, handler)
    assert sys.gettrace() is before


def test_what_is_printed_and_warned_about_is_kept(capsys, recwarn):
    import warnings

    def talks():
        print("hello")
        print("oh", file=sys.stderr)
        warnings.warn("careful", stacklevel=1)
        return 3

    outcome = guarded(talks)
    assert (outcome.value, outcome.printed) == (3, "hello\n")
    assert capsys.readouterr() == ("", "")
    assert not recwarn.list
