"""The readable network on real digits: how many it reads correctly, how fast, beside PyTorch.

Run: python tests/benchmarks/bench_network.py
The goal is 96 % of the test digits within 60 seconds on two cores. The recipe was chosen on 1,000
held-out training digits (learning rates 0.02 and 0.05, with and without dropout, up to 20 epochs),
never on the test digits. PyTorch begins with the same weights and takes turns with us, epoch by
epoch. Run it on an idle machine: the threads of both wait for each other, so other work slows them
a lot.
"""

import statistics
import time

import numpy as np

from lessonkit.activations import relu
from lessonkit.datasets import digits
from lessonkit.network import (
    HE,
    Activate,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    Network,
    Pool,
    evaluate,
    train,
)

try:
    import torch
except ImportError:
    torch = None

EPOCHS, LEARNING_RATE, BATCH, RATE, THREADS = 20, 0.02, 50, 0.5, 2


def new_network():
    rng = np.random.default_rng(0)
    return Network(
        *[Convolution(1, 16, 5, rng, weight_scale=HE), Activate(relu), Pool(2)],
        *[Convolution(16, 32, 5, rng, weight_scale=HE), Activate(relu), Pool(2)],
        *[Flatten(), Dropout(RATE, rng), Dense(32 * 4 * 4, 10, rng)],
    )


def the_same_in_torch(network):
    """Return PyTorch's network with the weights of ours."""
    theirs = torch.nn.Sequential(
        *[torch.nn.Conv2d(1, 16, 5), torch.nn.ReLU(), torch.nn.MaxPool2d(2)],
        *[torch.nn.Conv2d(16, 32, 5), torch.nn.ReLU(), torch.nn.MaxPool2d(2)],
        *[torch.nn.Flatten(), torch.nn.Dropout(RATE), torch.nn.Linear(32 * 4 * 4, 10)],
    )
    ours = [array for layer in network.layers for array in layer.parameters.values()]
    with torch.no_grad():
        for theirs_one, array in zip(theirs.parameters(), ours, strict=True):
            theirs_one.copy_(torch.from_numpy(array).reshape(theirs_one.shape))
    return theirs


def train_in_torch(network, x, labels):
    """Yield the training loss before the first epoch and after each, as `train` does."""
    x, labels = torch.from_numpy(x), torch.from_numpy(labels)
    optimizer = torch.optim.SGD(network.parameters(), LEARNING_RATE, momentum=0.9)
    loss_of = torch.nn.CrossEntropyLoss()
    for epoch in range(EPOCHS + 1):
        if epoch > 0:
            network.train()
            for batch in torch.randperm(len(x)).split(BATCH):
                optimizer.zero_grad()
                loss_of(network(x[batch]), labels[batch]).backward()
                optimizer.step()
        network.eval()
        with torch.no_grad():
            yield loss_of(torch.cat([network(part) for part in x.split(500)]), labels).item()


def race(contenders):
    """Let each take one epoch in turn; return name → seconds of each epoch."""
    seconds = {name: [] for name in contenders}
    for epoch in range(EPOCHS + 1):
        for name, reports in contenders.items():
            start = time.perf_counter()
            report = next(reports)
            seconds[name].append(time.perf_counter() - start)
            loss = report if isinstance(report, float) else report.loss
            print(f"epoch {epoch}  {name:<10} loss {loss:.3f}  {seconds[name][-1]:.2f} s")
    return {name: times[1:] for name, times in seconds.items()}


def main():
    data = digits()
    x, labels = data.train_images[:, np.newaxis], data.train_labels
    network = new_network()
    settings = {"epochs": EPOCHS, "learning_rate": LEARNING_RATE, "batch_size": BATCH}
    contenders = {"lessonkit": train(network, x, labels, **settings)}
    if torch:
        torch.set_num_threads(THREADS)
        torch.manual_seed(0)
        theirs = the_same_in_torch(network)
        before = evaluate(network, x[:500], labels[:500])[0]
        assert abs(next(train_in_torch(theirs, x[:500], labels[:500])) - before) < 1e-3
        contenders["PyTorch"] = train_in_torch(theirs, x, labels)
    else:
        print("torch is not installed: left out")
    seconds = race(contenders)
    _, accuracy = evaluate(network, data.test_images[:, np.newaxis], data.test_labels)
    print(f"\nlessonkit: {accuracy:.1%} of the test digits after {sum(seconds['lessonkit']):.0f} s")
    for name, times in seconds.items():
        ratio = statistics.median(times) / statistics.median(seconds["lessonkit"])
        print(f"  {name:<10} {statistics.median(times):6.2f} s per epoch   {ratio:.2f} × lessonkit")


if __name__ == "__main__":
    main()
