#!/usr/bin/python3
"""The reference network against PyTorch in double precision, by automatic differentiation.

    reference_against_torch.py PROGRAM     PROGRAM: print_random_nets

Not run (exit status 77) without Debian's python3-torch.
"""
import json
import os
import subprocess
import sys

try:
    import torch
    from torch.nn import functional
except ImportError:
    print("not run: no PyTorch; apt-get install python3-torch")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

NETWORKS = 200
TOLERANCE = 1e-12
DENSE, CONV2D, MAX_POOL, AVG_POOL, RESIDUAL_SUM = range(5)
ACTIVATIONS = (torch.sigmoid, torch.tanh, torch.relu, lambda x: x)
LOGISTIC, SQUARED, SOFTMAX = range(3)


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def flat(values):
    """Channels, height, width as the reference lays them: channels last."""
    return values.permute(1, 2, 0).reshape(-1)


def padded(values, layer, filling):
    return functional.pad(values, 4 * (layer["padding"],), value=filling)[None]


def sums_of(layer, values, earlier, weights):
    """What enters the activation; values are channels x height x width."""
    kernel, stride = layer["kernel"], layer["stride"]
    if layer["kind"] == DENSE:
        return (flat(values) @ weights[:-1] + weights[-1])[:, None, None]
    if layer["kind"] == CONV2D:
        filters = weights[:-1].reshape(kernel, kernel, values.shape[0], -1).permute(3, 2, 0, 1)
        return functional.conv2d(padded(values, layer, 0.0), filters, weights[-1], stride)[0]
    if layer["kind"] == MAX_POOL:
        return functional.max_pool2d(padded(values, layer, -torch.inf), kernel, stride)[0]
    if layer["kind"] == AVG_POOL:
        return functional.avg_pool2d(padded(values, layer, 0.0), kernel, stride)[0]
    return values + earlier[layer["from"] + 1]


def loss_of(kind, sums, outputs, target):
    if kind == LOGISTIC:
        return functional.binary_cross_entropy_with_logits(sums, target, reduction="sum")
    if kind == SQUARED:
        return 0.5 * ((outputs - target) ** 2).sum()
    return functional.cross_entropy(sums[None], target[None])


def compare(network):
    """Largest difference, relative to the largest magnitude of its tensor or to 1."""
    height, width, channels = network["shape"]
    image = tensor(network["input"]).requires_grad_()
    outputs = [image.reshape(height, width, channels).permute(2, 0, 1)]
    sums, weights = [], []
    for layer in network["layers"]:
        matrix = tensor(layer["weights"])
        weights.append(matrix.reshape(-1, layer["cols"]).requires_grad_() if layer["cols"] else None)
        sums.append(sums_of(layer, outputs[-1], outputs, weights[-1]))
        sums[-1].retain_grad()
        outputs.append(ACTIVATIONS[layer["activation"]](sums[-1]))
    loss = loss_of(network["loss_kind"], flat(sums[-1]), flat(outputs[-1]), tensor(network["target"]))
    loss.backward()

    pairs = [(network["loss"], loss), (network["input_errors"], -image.grad)]
    for at, layer in enumerate(network["layers"]):
        last = network["loss_kind"] == SOFTMAX and at == len(sums) - 1
        pairs.append((layer["outputs"], flat(outputs[at + 1]).softmax(0) if last else flat(outputs[at + 1])))
        pairs.append((layer["errors"], -flat(sums[at].grad)))
        if weights[at] is not None:
            pairs.append((layer["gradients"], -weights[at].grad.reshape(-1)))
    return max(((tensor(got) - wanted).abs().max() / wanted.abs().max().clamp(min=1.0)).item()
               for got, wanted in pairs)


def main():
    lines = subprocess.run([sys.argv[1], str(NETWORKS)], check=True, capture_output=True).stdout.splitlines()
    assert len(lines) == NETWORKS
    torch.set_num_threads(1)
    differences = [compare(json.loads(line)) for line in lines]
    worst = max(differences)
    print(f"{NETWORKS} networks, largest difference {worst:.3g} (network {differences.index(worst) + 1})")
    sys.exit(0 if worst <= TOLERANCE else 1)


main()
