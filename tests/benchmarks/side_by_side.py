"""Time several ways to do one thing, turn by turn in one run, and print their ratios.

The machine's noise falls on all contenders alike because they take turns; the median of many
turns forgets the outliers.
"""

import statistics
import time


def side_by_side(title, contenders, ours, rounds=31, seconds=0.02):
    """Print the median time of each contender and how many times slower than `ours` it is.

    contenders: name → function without arguments. ours: the name that the others are divided by.
    Each turn repeats its function for about `seconds`. Returns name → median seconds.
    """
    repeats = {name: _repeats(run, seconds) for name, run in contenders.items()}
    times = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.perf_counter()
            for _ in range(repeats[name]):
                run()
            times[name].append((time.perf_counter() - start) / repeats[name])
    medians = {name: statistics.median(turns) for name, turns in times.items()}
    print(f"\n{title}")
    for name, median in medians.items():
        ratio = median / medians[ours]
        print(f"  {name:<44} {median * 1e3:10.3f} ms   {ratio:6.2f} × {ours}")
    return medians


def _repeats(run, seconds):
    run()  # the first call pays for imports, caches and compilation
    start = time.perf_counter()
    run()
    return max(1, int(seconds / max(time.perf_counter() - start, 1e-7)))
