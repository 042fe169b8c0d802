#!/usr/bin/python3
"""PyTorch's LeNet in fp32 at batch 1, to stand beside the chip's: Debian's python3-torch.

    tests/bench/torch_networks.py rate DATA [--threads N] [--images N] [--repetitions N]
    tests/bench/torch_networks.py accuracy DATA [--epochs N] [--rate R] [--decay D] [--seed N] [--validation N]

DATA is a folder with the four IDX files of MNIST or of Debian's dataset-fashion-mnist
(/usr/share/datasets/fashion-mnist), .gz or not. Plain stochastic gradient descent, learning rate
R x D^epoch, softmax, pixels as 0 .. 1, every epoch in a new order. `rate` prints training images per
second of the clock and of the processor, one line a repetition; `accuracy` the test accuracy after
every epoch, with --validation also on the last N training images, which are then not trained on.
"""
import argparse
import gzip
import pathlib
import time

import numpy
import torch


def idx(folder, name):
    """An IDX file of bytes as an array."""
    path = folder / name
    with (path.open("rb") if path.exists() else gzip.open(folder / (name + ".gz"))) as file:
        data = file.read()
    dimensions = data[3]
    shape = numpy.frombuffer(data, ">i4", dimensions, 4)
    return numpy.frombuffer(data, numpy.uint8, offset=4 + 4 * dimensions).reshape(shape)


def data_set(folder, part):
    images = torch.from_numpy(idx(folder, part + "-images-idx3-ubyte") / numpy.float32(255))
    labels = torch.from_numpy(idx(folder, part + "-labels-idx1-ubyte").astype(numpy.int64))
    return images[:, None, None], labels[:, None]  # every image is a batch of one


def lenet():
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(1, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(512, 128), nn.ReLU(), nn.Linear(128, 10))


def train(network, images, labels, rate, order):
    """Returns the mean loss."""
    descent = torch.optim.SGD(network.parameters(), lr=rate)
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
    network = lenet()
    order = range(arguments.images)
    train(network, images, labels, arguments.rate, order[:200])  # warm
    for _ in range(arguments.repetitions):
        clock, processor = time.perf_counter(), time.process_time()
        train(network, images, labels, arguments.rate, order)
        clock, processor = time.perf_counter() - clock, time.process_time() - processor
        print(f"threads {arguments.threads}: {len(order) / clock:.0f} images/s, "
              f"{len(order) / processor:.0f} per second of processor time", flush=True)


def print_accuracy(arguments):
    images, labels = data_set(arguments.data, "train")
    test = data_set(arguments.data, "t10k")
    kept = len(images) - arguments.validation
    network = lenet()
    for epoch in range(arguments.epochs):
        rate = arguments.rate * arguments.decay**epoch
        loss = train(network, images, labels, rate, torch.randperm(kept))
        line = f"seed {arguments.seed} epoch {epoch + 1} rate {rate:.5f} training loss {loss:.5f}"
        if arguments.validation:
            line += f" validation {100 * accuracy(network, images[kept:], labels[kept:]):.2f} %"
        print(f"{line} test {100 * accuracy(network, *test):.2f} %", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=("rate", "accuracy"))
    parser.add_argument("data", type=pathlib.Path)
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
