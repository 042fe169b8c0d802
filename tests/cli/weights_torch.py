#!/usr/bin/python3
"""Weights of PyTorch on ideal devices in real numbers give PyTorch's own classes: the labels of the images are what PyTorch
says, and the accuracy must be 1. In the working directory.

    weights_torch.py PROGRAM     PROGRAM: mcasim

Not run (exit status 77) without Debian's python3-torch."""
import json
import os
import subprocess
import sys

try:
    import numpy
    import torch
    from torch import nn
except ImportError:
    print("not run: no PyTorch; apt-get install python3-torch")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

IMAGES = 200
EXACT = """
train: {loss: softmax}
device: {model: ideal}
dac: {bits: 0}
adc: {bits: 0}
dpu: {arithmetic: float}
dataset: {name: npy, train_images: images.npy, train_labels: labels.npy, test_images: images.npy, test_labels: labels.npy}
"""

LENET = """
network:
  input: [1, 28, 28]
  layers:
    - conv2d: {filters: 6, kernel: 5, padding: 2, activation: relu}
    - max_pool: {kernel: 2}
    - conv2d: {filters: 16, kernel: 5, activation: relu}
    - max_pool: {kernel: 2}
    - dense: {units: 120, activation: relu}
    - dense: {units: 84, activation: tanh}
    - dense: {units: 10, activation: identity}
"""
COLOURS = """
network:
  input: [3, 8, 8]
  layers:
    - conv2d: {filters: 5, kernel: 3, stride: 2, padding: 1, activation: tanh}
    - avg_pool: {kernel: 2}
    - dense: {units: 7, activation: identity}
"""
FLAT = """
network:
  input: [3, 8, 8]
  layers:
    - dense: {units: 9, activation: sigmoid}
    - dense: {units: 7, activation: identity}
"""


def lenet():
    return nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(),
                         nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.Tanh(),
                         nn.Linear(84, 10))


def colours():
    return nn.Sequential(nn.Conv2d(3, 5, 3, stride=2, padding=1), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(20, 7))


def flat():
    return nn.Sequential(nn.Flatten(), nn.Linear(192, 9), nn.Sigmoid(), nn.Linear(9, 7))


def classes_of(net, images):
    """PyTorch's classes, of pixels 0 .. 1; every output is often the largest."""
    with torch.no_grad():
        values = torch.from_numpy(images.astype("f4") / 255)
        values = values[:, None] if values.dim() == 3 else values.permute(0, 3, 1, 2)
        outputs = net(values)
        net[-1].bias -= outputs.mean(0)
        return net(values).argmax(1).numpy()


def run(program, name, source):
    result = subprocess.run([program, "infer", f"{name}.yaml", "--weights", source, "-o", f"of-{source}"], capture_output=True,
                            text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{source}: {result.stderr}")
    with open(f"of-{source}/summary.json", encoding="utf-8") as file:
        accuracy = json.load(file)["accuracy"]["test_final"]
    if accuracy != 1:
        sys.exit(f"{source}: {accuracy} of the classes are PyTorch's")
    return result.stderr


def channels_last(state, shape):
    """The same weights as Keras has them; `shape`: channels, rows and columns before the first dense layer."""
    turned = {}
    for name, array in state.items():
        if array.ndim == 4:
            array = array.transpose(2, 3, 1, 0)
        elif array.ndim == 2 and shape:
            array = array.reshape(-1, *shape).transpose(2, 3, 1, 0).reshape(-1, len(array))
            shape = None
        elif array.ndim == 2:
            array = array.T
        turned[name] = array
    return turned


def try_network(program, name, scenario, net, images, window):
    numpy.save("images.npy", images)
    labels = classes_of(net, images)
    if len(set(labels)) < 6:
        sys.exit(f"{name}: only {len(set(labels))} classes")
    numpy.save("labels.npy", labels.astype("u1"))
    with open(f"{name}.yaml", "w", encoding="ascii") as file:
        file.write(scenario + EXACT)
    # as docs/guide/weights.md has it
    state = {name: tensor.numpy() for name, tensor in net.state_dict().items()}
    numpy.savez(f"{name}.npz", **state)
    run(program, name, f"{name}.npz")
    written = numpy.load(f"of-{name}.npz/weights.npz")
    for own, other in zip(written.files, state):
        if not numpy.array_equal(written[own], state[other]):
            sys.exit(f"{name}: {own} is not {other}")
    if window:
        numpy.savez(f"{name}-last.npz", **channels_last(state, window))
        notices = run(program, name, f"{name}-last.npz")
        if "is kernel x kernel x channels x filters, and is turned" not in notices:
            sys.exit(f"{name}: {notices}")


torch.manual_seed(1)
numpy.random.seed(1)
grey = numpy.random.randint(0, 256, (IMAGES, 28, 28)).astype("u1")
bright = numpy.random.randint(0, 256, (IMAGES, 8, 8, 3)).astype("u1")
try_network(sys.argv[1], "lenet", LENET, lenet(), grey, (16, 5, 5))
try_network(sys.argv[1], "colours", COLOURS, colours(), bright, (5, 2, 2))
try_network(sys.argv[1], "flat", FLAT, flat(), bright, None)
# inputs whose order nothing tells
numpy.savez("unnamed.npz", *[tensor.numpy() for tensor in flat().state_dict().values()])
refused = subprocess.run([sys.argv[1], "infer", "flat.yaml", "--weights", "unnamed.npz", "-o", "out"], capture_output=True,
                         text=True, check=False)
if refused.returncode != 2 or "does not tell the order of its inputs" not in refused.stderr:
    sys.exit(f"unnamed.npz: {refused.stderr}")
