#!/usr/bin/python3
"""A 784-250-10 network that NumPy trains on MNIST, on the chip: on ideal devices it is as accurate within 0.1 points, on PCM
programmed with reads within 1; programmed blindly it loses more, for the reason that is measured.

    weights_accuracy.py PROGRAM DIR SEED     PROGRAM: mcasim; DIR: MNIST's files

Not run (exit status 77) without Debian's python3-numpy."""
import gzip
import json
import os
import subprocess
import sys

try:
    import numpy
except ImportError:
    print("not run: no NumPy; apt-get install python3-numpy")
    sys.exit(1 if os.environ.get("CI") == "true" else 77)

HIDDEN, EPOCHS, BATCH = 250, 8, 32


def read(folder, name):
    path = f"{folder}/{name}"
    with (gzip.open(path + ".gz") if os.path.exists(path + ".gz") else open(path, "rb")) as file:
        data = file.read()
    return numpy.frombuffer(data, "u1", offset=4 + 4 * data[3])


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def train(images, labels, generator):
    w = [generator.uniform(-1, 1, shape) * numpy.sqrt(6 / sum(shape)) for shape in ((784, HIDDEN), (HIDDEN, 10))]
    b = [numpy.zeros(HIDDEN), numpy.zeros(10)]
    for epoch in range(EPOCHS):
        rate = 0.5 * 0.75**epoch / BATCH
        order = generator.permutation(len(images))
        for first in range(0, len(images), BATCH):
            x = images[order[first:first + BATCH]] / 255
            h = sigmoid(x @ w[0] + b[0])
            error = numpy.eye(10)[labels[order[first:first + BATCH]]] - sigmoid(h @ w[1] + b[1])
            back = error @ w[1].T * h * (1 - h)
            w[1] += rate * h.T @ error
            b[1] += rate * error.sum(0)
            w[0] += rate * x.T @ back
            b[0] += rate * back.sum(0)
    return w, b


def run(program, folder, seed, *sets):
    command = [program, "infer", "net.yaml", "--weights", "net.npz", "--data", folder, "--seed", seed, "-o", "out", "--force",
               "--quiet"]
    for one in sets:
        command += ["--set", one]
    subprocess.run(command, check=True)
    with open("out/summary.json", encoding="utf-8") as file:
        summary = json.load(file)
    with open("out/ledger.json", encoding="ascii") as file:
        time_s = json.load(file)["result"]["init_time_ps"] / 1e12
    imported = summary["import"]
    print(f"  {' '.join(sets) or 'verify'}: {summary['accuracy']['test_final']:.4f}, rms {imported['error_rms_us']} uS, "
          f"{imported['pulses_mean']} pulses, {time_s:.4f} s")
    return summary["accuracy"]["test_final"], imported


def main(program, folder, seed):
    generator = numpy.random.default_rng(int(seed))
    images = read(folder, "train-images-idx3-ubyte").reshape(-1, 784)
    w, b = train(images, read(folder, "train-labels-idx1-ubyte"), generator)
    test = read(folder, "t10k-images-idx3-ubyte").reshape(-1, 784) / 255
    scores = sigmoid(test @ w[0] + b[0]) @ w[1] + b[1]
    own = (scores.argmax(1) == read(folder, "t10k-labels-idx1-ubyte")).mean()
    numpy.savez("net.npz", w[0], b[0], w[1], b[1])
    with open("net.yaml", "w", encoding="ascii") as file:
        file.write("network: {layers: [784, 250, 10]}\ndataset: {name: mnist}\n")
    print(f"seed {seed}: NumPy {own:.4f}")
    real = run(program, folder, seed, "device.model=ideal", "dpu.arithmetic=float", "adc.bits=0", "dac.bits=0")[0]
    converters = run(program, folder, seed, "device.model=ideal")[0]
    verified, with_reads = run(program, folder, seed)
    run(program, folder, seed, "weights.programming=published")
    blind, without = run(program, folder, seed, "weights.programming=blind")
    faults = []
    if not own > 0.97:
        faults.append("NumPy has not learnt")
    if abs(real - own) > 0.001 or abs(converters - own) > 0.002:
        faults.append("ideal devices are not as accurate")
    if own - verified > 0.01:
        faults.append("verified weights lose more than a point")
    # blind pulses miss by more than five times as much, and that shows
    if not (verified - blind > 0.005 and without["error_rms_us"] > 5 * with_reads["error_rms_us"] > 0):
        faults.append("blind weights lose nothing")
    sys.exit("; ".join(faults) or 0)


main(*sys.argv[1:])
