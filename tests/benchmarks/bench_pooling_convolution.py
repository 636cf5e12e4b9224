"""Pooling and correlation beside PyTorch, scikit-image, SciPy and sliding_window_view.

Run: python tests/benchmarks/bench_pooling_convolution.py
A ratio above 1 means that ours is faster. Results are compared before anything is timed. Run it on
an idle machine: PyTorch's threads wait for each other, so other work slows them a lot.
"""

import importlib
import math

import numpy as np
from side_by_side import side_by_side

from lessonkit.convolution import correlate2d, correlate2d_backward
from lessonkit.pooling import output_shape, pool, pool_backward

THREADS = 2


def peer(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed: left out")
        return None


torch = peer("torch")
measure = peer("skimage.measure")
signal = peer("scipy.signal")
if torch:
    torch.set_num_threads(THREADS)
    print(f"PyTorch {torch.__version__}, {THREADS} threads")

NUMPY_REDUCE = {"max": np.max, "mean": np.mean, "sum": np.sum}
RNG = np.random.default_rng(0)


def same(a, b, name):
    np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4, err_msg=name)


def race(title, contenders):
    """Check that all contenders give what "lessonkit" gives, then time them."""
    ours = contenders["lessonkit"]()
    for name, run in contenders.items():
        for one, other in zip(as_arrays(run()), as_arrays(ours), strict=True):
            same(one, other, name)
    side_by_side(title, contenders, "lessonkit")


def as_arrays(result):
    return [np.asarray(r) for r in (result if isinstance(result, tuple) else (result,))]


def random(shape, dtype):
    x = RNG.normal(size=shape) if np.dtype(dtype).kind == "f" else RNG.integers(0, 256, size=shape)
    return x.astype(dtype)


def by_sliding_windows(x, k, stride, statistic):
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(-2, -1))
    windows = windows[..., ::stride, ::stride, :, :]
    return NUMPY_REDUCE[statistic](windows, axis=(-2, -1), **keep_float32(x, statistic))


def keep_float32(x, statistic):
    return {"dtype": x.dtype} if statistic != "max" and x.dtype.kind == "f" else {}


def torch_pool(t, k, stride, padding, statistic):
    f = torch.nn.functional
    if statistic == "max":
        return f.max_pool2d(t, k, stride, padding)
    if statistic == "l2":
        return f.lp_pool2d(t, 2, k, stride)
    return f.avg_pool2d(t, k, stride, padding, count_include_pad=False)


def bench_pool(shape, dtype, k, stride, padding, statistic):
    x = random(shape, dtype)
    contenders = {"lessonkit": lambda: pool(x, k, stride, padding, statistic=statistic)}
    if torch and (dtype != "uint8" or statistic == "max"):
        t = torch.from_numpy(x)
        contenders["PyTorch"] = lambda: torch_pool(t, k, stride, padding, statistic)
    if padding == 0 and statistic in NUMPY_REDUCE:
        if measure and stride == k and all(n % k == 0 for n in shape[-2:]):
            block = (1,) * (len(shape) - 2) + (k, k)
            reduce = NUMPY_REDUCE[statistic]
            contenders["scikit-image block_reduce"] = lambda: measure.block_reduce(x, block, reduce)
        contenders["sliding_window_view"] = lambda: by_sliding_windows(x, k, stride, statistic)
    race(f"{statistic} pooling {shape} {dtype}, kernel {k}, stride {stride}", contenders)


def bench_pool_backward(shape, k, stride, padding, statistic):
    x = random(shape, "float32")
    grad = random(output_shape(shape, k, stride, padding), "float32")
    contenders = {"lessonkit": lambda: pool_backward(grad, x, k, stride, padding, False, statistic)}
    if torch:
        t, g = torch.from_numpy(x).requires_grad_(), torch.from_numpy(grad)
        kept = torch_pool(t, k, stride, padding, statistic)
        # PyTorch's backward alone starts from the maxima's places, which its forward keeps. Ours
        # starts from x, so the fair rival is forward and backward together.
        contenders["PyTorch, forward and backward"] = lambda: torch.autograd.grad(
            torch_pool(t, k, stride, padding, statistic), t, g
        )
        contenders["PyTorch, backward alone"] = lambda: torch.autograd.grad(
            kept, t, g, retain_graph=True
        )
    race(f"{statistic} pooling's gradient {shape}, kernel {k}, stride {stride}", contenders)


def bench_correlate(images, kernels, stride, padding, dtype):
    x, w = random(images, dtype), random(kernels, dtype) / math.prod(kernels[1:])
    w = w.astype(dtype)
    contenders = {"lessonkit": lambda: correlate2d(x, w, stride, padding)}
    if torch:
        tx, tw = torch.from_numpy(x), torch.from_numpy(w)
        contenders["PyTorch conv2d"] = lambda: torch.nn.functional.conv2d(
            tx, tw, stride=stride, padding=padding
        )
    if signal and images[:2] == kernels[:2] == (1, 1) and (stride, padding) == (1, 0):
        contenders["SciPy correlate2d"] = lambda: signal.correlate2d(x[0, 0], w[0, 0], "valid")[
            np.newaxis, np.newaxis
        ]
    race(f"correlation {images} with {kernels} {dtype}, stride {stride}", contenders)


def bench_correlate_backward(images, kernels, stride, padding, dtype):
    x, w = random(images, dtype), random(kernels, dtype) / math.prod(kernels[1:])
    w = w.astype(dtype)
    grad = random(correlate2d(x, w, stride, padding).shape, dtype)
    grad /= math.prod(grad.shape[2:])
    contenders = {"lessonkit": lambda: correlate2d_backward(grad, x, w, stride, padding)}
    if torch:
        tx, tw = torch.from_numpy(x).requires_grad_(), torch.from_numpy(w).requires_grad_()
        kept = torch.nn.functional.conv2d(tx, tw, stride=stride, padding=padding)
        g = torch.from_numpy(grad)
        contenders["PyTorch, backward alone"] = lambda: torch.autograd.grad(
            kept, (tx, tw), g, retain_graph=True
        )
    race(f"correlation's gradients {images} with {kernels} {dtype}", contenders)


def main():
    batch, photo = (64, 16, 28, 28), (1, 3, 512, 512)
    for shape, dtype, k, stride, padding in [
        (batch, "float32", 2, 2, 0),
        (batch, "float32", 3, 2, 1),
        (photo, "float32", 2, 2, 0),
        (photo, "float32", 8, 8, 0),
        (photo, "float32", 16, 16, 0),
        ((3, 512, 512), "uint8", 2, 2, 0),
    ]:
        bench_pool(shape, dtype, k, stride, padding, "max")
    for statistic in ("mean", "l2"):
        bench_pool(batch, "float32", 2, 2, 0, statistic)
        bench_pool(photo, "float32", 8, 8, 0, statistic)
    for shape, k, stride, padding in [(batch, 2, 2, 0), (batch, 3, 2, 1), (photo, 8, 8, 0)]:
        bench_pool_backward(shape, k, stride, padding, "max")
    bench_pool_backward(batch, 2, 2, 0, "mean")
    layers = [
        ((1, 1, 512, 512), (1, 1, 3, 3), 1, 0, "float64"),
        ((64, 1, 28, 28), (8, 1, 5, 5), 1, 0, "float32"),
        ((64, 8, 12, 12), (16, 8, 5, 5), 1, 0, "float32"),
        ((8, 16, 28, 28), (32, 16, 3, 3), 2, 1, "float32"),
    ]
    for layer in layers:
        bench_correlate(*layer)
    for layer in layers:
        bench_correlate_backward(*layer)


if __name__ == "__main__":
    main()
