"""What tests of the package share: a small network on drawn images."""

import os
import subprocess

import mcasim

SMALL = {
    "network.layers": [784, 20, 10],
    "dataset.name": "synthetic-digits",
    "dataset.synthetic_train": 1000,
    "dataset.synthetic_test": 200,
    "train.epochs": 1,
}


def scenario(**changes):
    """The small network; changes are keys by their whole names."""
    return mcasim.Scenario(None, **{**SMALL, **changes})


def program(*arguments, **options):
    """What mcasim prints."""
    return subprocess.run(
        [os.environ["MCASIM"], *map(str, arguments)], check=True, text=True, capture_output=True, **options
    ).stdout
