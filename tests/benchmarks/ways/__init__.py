"""One plot and one mosaic that follow a slider, made in the kernel by each way to make them.

Used by bench_live.py. Each `with_….py` has `plot(x)` and `mosaic(kernel_size)`: what a cell shows,
a slider and its picture, in the fast manner that the documentation of that library recommends.
The numbers are the same for all: `numbers.py`.
"""
