#!/usr/bin/python3
"""Networks in PyTorch, fp32 at batch 1, to stand beside the chip's: Debian's python3-torch.

    tests/bench/torch_networks.py rate DATA [--threads N] [--images N] [--repetitions N]
    tests/bench/torch_networks.py accuracy DATA [--epochs N] [--rate R] [--decay D] [--seed N] [--validation N]

DATA is a folder with four IDX files named as those of MNIST and of Debian's dataset-fashion-mnist
(/usr/share/datasets/fashion-mnist), .gz or not; images of 3 dimensions, or of 4 (idx4) with their
channels last, as `write_colours` writes them. The network is LeNet, or --layers, written as `network.layers` of a scenario. Plain stochastic
gradient descent, learning rate R x D^epoch, softmax, pixels as 0 .. 1, every epoch in a new order.
`rate` prints training images per second of the clock and of the processor, one line a repetition;
`accuracy` the test accuracy after every epoch, with --validation also on the last N training images,
which are then not trained on.
"""
import argparse
import gzip
import pathlib
import time

import numpy
import torch
import yaml

LENET = """[conv2d: {filters: 16, kernel: 5, activation: relu}, max_pool: {kernel: 2},
            conv2d: {filters: 32, kernel: 5, activation: relu}, max_pool: {kernel: 2},
            dense: {units: 128, activation: relu}, dense: {units: 10, activation: identity}]"""


def idx(folder, name):
    """An IDX file of bytes as an array."""
    path = folder / name
    with (path.open("rb") if path.exists() else gzip.open(folder / (name + ".gz"))) as file:
        data = file.read()
    dimensions = data[3]
    shape = numpy.frombuffer(data, ">i4", dimensions, 4)
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * dimensions).reshape(shape)


def data_set(folder, part):
    dimensions = 4 if list(folder.glob(part + "-images-idx4-ubyte*")) else 3
    images = torch.from_numpy(idx(folder, f"{part}-images-idx{dimensions}-ubyte") / numpy.float32(255))
    labels = torch.from_numpy(idx(folder, part + "-labels-idx1-ubyte").astype(numpy.int64))
    images = images[..., None] if images.dim() == 3 else images
    # Channels first, as PyTorch has them; every image is a batch of one.
    return images.permute(0, 3, 1, 2)[:, None].contiguous(), labels[:, None]


def layer_of(kind, keys, values):
    """A layer of a scenario as modules, for inputs like `values`."""
    nn = torch.nn
    activation = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU, "identity": nn.Identity}
    flat = values.dim() == 2
    if kind in ("max_pool", "avg_pool"):
        pool = nn.MaxPool2d if kind == "max_pool" else nn.AvgPool2d
        modules = [pool(keys["kernel"], keys.get("stride", keys["kernel"]))]
    else:
        modules = [activation[keys.get("activation", "sigmoid")]()]
    if kind == "dense":
        return ([] if flat else [nn.Flatten()]) + [nn.Linear(values.numel(), keys["units"])] + modules
    if kind == "conv2d":
        window = keys["kernel"], keys.get("stride", 1), keys.get("padding", 0)
        modules = [nn.Conv2d(values.shape[1], keys["filters"], *window)] + modules
    return ([nn.Unflatten(1, (values.numel(), 1, 1))] if flat and kind != "residual_sum" else []) + modules


class Network(torch.nn.Module):
    """Layers as a scenario writes them, for images like `image`; PyTorch's own initial weights."""

    def __init__(self, layers, image):
        super().__init__()
        self.layers = torch.nn.ModuleList()
        self.added = []  # whose output each layer adds to its input, 0 the image; None: no other
        self.groups = {}  # weights by their factor on the learning rate
        outputs = [image]
        for layer in layers:
            (kind, keys), = layer.items()
            origin = keys.get("from")
            self.added.append(origin + 1 if isinstance(origin, int) else {"input": 0, None: None}[origin])
            self.layers.append(torch.nn.Sequential(*layer_of(kind, keys, outputs[-1])))
            with torch.no_grad():
                outputs.append(self.layers[-1](outputs[-1]))
            weights = list(self.layers[-1].parameters())
            if keys.get("frozen", False):
                self.layers[-1].requires_grad_(False)
            elif weights:
                self.groups.setdefault(keys.get("rate_factor", 1), []).extend(weights)

    def forward(self, image):
        outputs = [image]
        for layer, added in zip(self.layers, self.added):
            outputs.append(layer(outputs[-1] if added is None else outputs[-1] + outputs[added]))
        return outputs[-1].flatten(1)


def network_of(layers, image):
    """As one sequence where nothing is added, which PyTorch runs fastest."""
    network = Network(layers, image)
    if "dense" not in layers[-1] or any(added is not None for added in network.added):
        return network, network.groups
    return torch.nn.Sequential(*(module for layer in network.layers for module in layer)), network.groups


def train(network, groups, images, labels, rate, order):
    """Returns the mean loss."""
    descent = torch.optim.SGD(
        [{"params": weights, "lr": rate * factor} for factor, weights in groups.items()], lr=rate)
    loss_of = torch.nn.CrossEntropyLoss()
    total = 0.0
    for i in order:
        descent.zero_grad(set_to_none=True)
        loss = loss_of(network(images[i]), labels[i])
        loss.backward()
        descent.step()
        total += loss.item()
    return total / len(order)


def accuracy(network, images, labels):
    with torch.no_grad():
        right = sum((network(part).argmax(1) == truth).sum().item()
                    for part, truth in zip(images[:, 0].split(500), labels[:, 0].split(500)))
    return right / len(images)


def print_rate(arguments):
    images, labels = data_set(arguments.data, "train")
    network, groups = network_of(yaml.safe_load(arguments.layers), images[0])
    order = range(arguments.images)
    train(network, groups, images, labels, arguments.rate, order[:200])  # warm
    for _ in range(arguments.repetitions):
        clock, processor = time.perf_counter(), time.process_time()
        train(network, groups, images, labels, arguments.rate, order)
        clock, processor = time.perf_counter() - clock, time.process_time() - processor
        print(f"threads {arguments.threads}: {len(order) / clock:.0f} images/s, "
              f"{len(order) / processor:.0f} per second of processor time", flush=True)


def print_accuracy(arguments):
    images, labels = data_set(arguments.data, "train")
    test = data_set(arguments.data, "t10k")
    kept = len(images) - arguments.validation
    network, groups = network_of(yaml.safe_load(arguments.layers), images[0])
    for epoch in range(arguments.epochs):
        rate = arguments.rate * arguments.decay**epoch
        loss = train(network, groups, images, labels, rate, torch.randperm(kept))
        line = f"seed {arguments.seed} epoch {epoch + 1} rate {rate:.5f} training loss {loss:.5f}"
        if arguments.validation:
            line += f" validation {100 * accuracy(network, images[kept:], labels[kept:]):.2f} %"
        print(f"{line} test {100 * accuracy(network, *test):.2f} %", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=("rate", "accuracy"))
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--layers", default=LENET)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--decay", type=float, default=0.8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--validation", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    {"rate": print_rate, "accuracy": print_accuracy}[arguments.what](arguments)


main()
