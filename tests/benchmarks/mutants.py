"""python tests/benchmarks/mutants.py [FILE …]: change the code in small ways; do tests notice?

A mutant is a module with one change: another operator, number or comparison, a condition turned
round, a statement or a result left out. It is killed if a test fails (or hangs), and survives if
all pass: then a test is missing, or it makes no difference, which equivalent_mutants.json explains.

    --share 1/4   only the first quarter of the mutants, to share them between processes
    --every N     one mutant of N, spread evenly over each module (default 1: all of them)
    --offset K    leave out the first K of each module, for another sample
    --list        only count them

Each mutant runs in a fork of this process, so that NumPy, Matplotlib and pytest are imported once.
It needs a system that forks: Linux or macOS.
"""

import argparse
import ast
import contextlib
import importlib
import importlib.abc
import importlib.util
import json
import os
import signal
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 1_200  # seconds that the tests of a module may take
NOT_TRIED = 99  # what a process ends with whose tests never saw the change
EQUIVALENT = json.loads(Path(__file__).with_name("equivalent_mutants.json").read_text("utf-8"))
MATHS = ("activations", "convolution", "digit_network", "fitting", "network", "pooling", "softmax")
OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


# -- mutants ---------------------------------------------------------------------------------------


def mutants(source):
    """Yield (line, what is changed, which) for each mutant of a source; `mutated` makes it.

    Texts stay as they are, and with them messages and documentation; so do annotations, and what is
    raised.
    """
    for number, there in enumerate(_places(ast.parse(source))):
        for nth, (words, _) in enumerate(_changes(_get(*there))):
            yield _line(*there), words, (number, nth)


def mutated(source, which):
    """Return the tree of a mutant's module."""
    tree, (number, nth) = ast.parse(source), which
    there = list(_places(tree))[number]
    _, new = list(_changes(_get(*there)))[nth]
    _set(*there, ast.copy_location(new, there[0]))
    return ast.fix_missing_locations(tree)


def _line(place, field, index):
    return getattr(_get(place, field, index), "lineno", getattr(place, "lineno", 1))


def _places(tree):
    """Yield (node, field, index or None) of all that may change, in the order of the source."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list") or isinstance(tree, ast.Raise):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield tree, field, index
                yield from _places(child)


def _get(place, field, index):
    value = getattr(place, field)
    return value if index is None else value[index]


def _set(place, field, index, new):
    if index is None:
        setattr(place, field, new)
    else:
        getattr(place, field)[index] = new


def _changes(node):
    """Yield (words, what may stand in the place of a node)."""
    if type(node) in OPERATORS:
        new = OPERATORS[type(node)]()
        yield f"{type(node).__name__} → {type(new).__name__}", new
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} → {not node.value}", ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        yield f"{node.value} → {node.value + 1}", ast.Constant(node.value + 1)
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.operand, ast.Constant):
        yield f"without {type(node.op).__name__}", node.operand
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        new = type(node)(**dict(ast.iter_fields(node)))
        new.test = ast.UnaryOp(ast.Not(), node.test)
        yield "condition turned round", new
    elif isinstance(node, ast.Return) and not _is_none(node.value):
        yield "returns None", ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Expr | ast.AugAssign) and not _is_text(node.value):
        yield "statement left out", ast.Pass()


def _is_none(node):
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _is_text(node):
    return isinstance(node, ast.Constant | ast.Yield | ast.YieldFrom)


# -- running tests ---------------------------------------------------------------------------------


def tests_of(path):
    """Return what pytest runs for a module, its own tests first: paths, and options that choose."""
    name, folder = path.stem, path.parent.name
    if folder == "live":
        own = [ROOT / f"tests/live/test_{name}.py", ROOT / f"tests/test_every_explorer_{name}.py"]
        return [*(test for test in own if test.exists()), ROOT / "tests/live", path]
    if folder == "exercises":
        return [ROOT / "tests/questions/exercises", path]
    if "questions" in path.parts:
        chapter = [] if folder == "questions" else ["-k", f"{folder} or test_beliefs"]
        return [*chapter, *sorted((ROOT / "tests/questions").glob("test_*.py")), path]
    return [ROOT / f"tests/test_{name}.py", path]


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports a changed tree in place of a module's file."""

    def __init__(self, path, tree):
        parts = path.relative_to(ROOT).with_suffix("").parts
        self.name, self.path, self.tree = ".".join(parts).removesuffix(".__init__"), path, tree

    def find_spec(self, name, path, target=None):
        if name != self.name:
            return None
        within = [str(self.path.parent)] if self.path.stem == "__init__" else None
        return importlib.util.spec_from_file_location(
            name, self.path, loader=self, submodule_search_locations=within
        )

    def exec_module(self, module):
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)


def survives(path, tree, longest):
    """Tell whether all tests of a module pass when its tree is another, in a process of its own.

    longest: seconds after which a mutant is said to hang, and its tests to fail.
    """
    child = os.fork()
    if child == 0:
        signal.alarm(longest)
        code = 1
        with contextlib.suppress(BaseException), open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            code = _run_tests(path, tree)
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) == NOT_TRIED:
        sys.exit(f"The tests imported the unchanged {path.relative_to(ROOT)}")
    return status == 0


def _run_tests(path, tree):
    """Return 0 if all tests of a module pass when its tree is another."""
    import pytest

    changed = _Changed(path, tree)
    sys.meta_path.insert(0, changed)
    # Now, as pytest imports what it is asked to run by a loader of its own.
    module = importlib.import_module(changed.name)
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:nbval"]
    options += ["--hypothesis-seed=0", "-m", "not browser", "-o", f"addopts={ADDOPTS}"]
    code = int(pytest.main([*options, *map(str, tests_of(path))]))
    is_tried = module.__loader__ is changed and sys.modules[changed.name] is module
    return code if is_tried or code else NOT_TRIED


def time_of(path, source):
    """Return how many seconds the tests of a module take as it is."""
    began = time.monotonic()
    if not survives(path, ast.parse(source), LONGEST):
        sys.exit(f"Its tests fail although nothing is changed: {path.relative_to(ROOT)}")
    return round(time.monotonic() - began)


ADDOPTS = "--import-mode=importlib --doctest-modules"


def imported_once():
    """Import what is dear and not ours, before forking."""
    import hypothesis.strategies
    import ipywidgets
    import matplotlib.figure
    import numpy
    import PIL.Image
    import pytest
    import scipy.ndimage
    import scipy.signal

    return hypothesis, ipywidgets, matplotlib, numpy, PIL, pytest, scipy


# -- the command -----------------------------------------------------------------------------------


def all_modules():
    folders = [ROOT / "lessonkit" / name for name in ("live", "questions")]
    own = [ROOT / "lessonkit" / f"{name}.py" for name in MATHS]
    return [*own, *sorted(path for folder in folders for path in folder.rglob("*.py"))]


def described(path, line, words):
    """Return what a mutant changes, and why that makes no difference if EQUIVALENT says so.

    It lists, for each reason, how such a description begins: of one change, or of all in a line.
    """
    what = f"{path.relative_to(ROOT).as_posix()}: {line.strip()}: {words}"
    return what, next((why for why, some in EQUIVALENT.items() if what.startswith(tuple(some))), "")


def main():
    parser = argparse.ArgumentParser(description="Do the tests notice changes of the code?")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--share", default="1/1")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--offset", type=int, default=0)
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    part, parts = map(int, arguments.share.split("/"))
    paths = [path.resolve() for path in arguments.files] or all_modules()
    cases = []
    for path in paths:
        found = list(mutants(path.read_text("utf-8")))[arguments.offset :: arguments.every]
        cases += [(path, *mutant) for mutant in found]
        if arguments.list:
            print(f"{len(found):5} {path.relative_to(ROOT)}")
    cases = cases[part - 1 :: parts]
    print(f"{len(cases)} mutants")
    if arguments.list:
        return
    imported_once()
    killed, explained, survivors, began = 0, 0, 0, time.monotonic()
    longest = {}  # module → seconds
    for path, line, words, which in cases:
        source = path.read_text("utf-8")
        if path not in longest:
            longest[path] = 10 + 3 * time_of(path, source)
        if not survives(path, mutated(source, which), longest[path]):
            killed += 1
            continue
        what, why = described(path, source.splitlines()[line - 1], words)
        explained, survivors = explained + bool(why), survivors + (not why)
        print(f"survives, line {line}: {what}{why and f' ({why})'}", flush=True)
    print(f"{killed} of {len(cases)} killed ({killed / max(1, len(cases)):.1%})")
    print(f"{survivors} survive, and {explained} more as explained")
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
