"""Activations and softmax beside SciPy and PyTorch, as far as they are installed.

python tests/benchmarks/bench_activations_softmax.py
"""

import importlib
from functools import partial

import numpy as np
from side_by_side import side_by_side

from lessonkit.activations import ACTIVATIONS
from lessonkit.softmax import log_softmax, softmax


def optional(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed: left out")
        return None


special, torch = optional("scipy.special"), optional("torch")
if torch:
    torch.set_num_threads(2)


def compare(title, ours, others):
    """Check that the others give what ours gives, then time ours beside each of them.

    One other at a time: PyTorch's threads spin for a while after its turn, in the next one's.
    """
    expected = ours()
    tolerance = 50 * np.finfo(expected.dtype).eps
    for name, other in others.items():
        got = np.asarray(other())
        assert got.dtype == expected.dtype, name
        np.testing.assert_allclose(got, expected, tolerance, tolerance, err_msg=name)
        side_by_side(title, {"lessonkit": ours, name: other}, "lessonkit")


def bench_activations(shape, dtype):
    x = np.random.default_rng(0).normal(0, 3, shape).astype(dtype)
    for name, function in ACTIVATIONS.items():
        others = {}
        if special and name == "sigmoid":
            others["scipy.special.expit"] = partial(special.expit, x)
        if torch:
            others[f"torch {name}"] = partial(torch_activation(name), torch.from_numpy(x))
        compare(f"{name}, {shape} × {x.dtype}", partial(function, x), others)


def torch_activation(name):
    if name == "prelu":
        return lambda x: torch.prelu(x, torch.tensor([0.25], dtype=x.dtype))
    return getattr(torch, name, None) or getattr(torch.nn.functional, name)


def bench_softmax(shape, dtype):
    z = np.random.default_rng(0).normal(0, 3, shape).astype(dtype)
    for function in (softmax, log_softmax):
        name = function.__name__
        others = {}
        if special:
            others[f"scipy.special.{name}"] = partial(getattr(special, name), z, axis=-1)
        if torch:
            others[f"torch.{name}"] = partial(getattr(torch, name), torch.from_numpy(z), -1)
        compare(f"{name}, {shape} × {z.dtype}", partial(function, z), others)


if __name__ == "__main__":
    # First what the lessons use: a curve, the feature maps of a training batch; its scores, and
    # those of all digits that a network is judged by.
    bench_activations((1201,), np.float64)
    bench_activations((50, 6, 24, 24), np.float32)
    for shape in ((50, 10), (1000, 10)):
        bench_softmax(shape, np.float32)
    for dtype in (np.float32, np.float64):
        bench_activations((1_000_000,), dtype)
        bench_softmax((1000, 1000), dtype)
