"""What Python adds to an image at calls of a batch: below 5 % of the processor's time."""

import ctypes
import time
import unittest

import numpy as np

import mcasim
from mcasim import _declarations as declared
from mcasim import _library


def median(values):
    return sorted(values)[len(values) // 2]


class Overhead(unittest.TestCase):
    def test_batches_of_a_hundred(self):
        """What a call costs where the chip has next to nothing to do, over what a hundred images of the reference chip take."""
        tiny = mcasim.Chip(None, **{"network.layers": [1, 2], "dataset.name": "npy", **{f"dataset.{half}_{what}": "x" for half in ("train", "test") for what in ("images", "labels")}})
        pixels, labels = np.zeros((100, 1), np.uint8), np.zeros(100, np.uint8)
        images = declared.ChipImages(pixels.ctypes.data, labels.ctypes.data, None, len(labels))
        done = ctypes.c_uint32()
        by_python, by_c = [], []
        for _ in range(300):
            start = time.process_time()
            tiny.train(pixels, labels)
            middle = time.process_time()
            _library.lib.mca_chip_train_images(tiny._handle.chip, ctypes.byref(images), None, ctypes.byref(done), None)
            by_c.append(time.process_time() - middle)
            by_python.append(middle - start)
        call_s = median(by_python) - median(by_c)

        s = mcasim.Scenario("mnist-mca", **{"dataset.name": "synthetic-digits", "dataset.synthetic_train": 1000, "dataset.synthetic_test": 10})
        data, chip = mcasim.load_data(s), mcasim.Chip(s)
        taken = []
        for first in range(0, 1000, 100):
            start = time.process_time()
            chip.train(data.train.pixels[first : first + 100], data.train.labels[first : first + 100])
            taken.append(time.process_time() - start)
        hundred_s = min(taken)
        print(f"{1e6 * call_s:.1f} us a call, {1e4 * hundred_s:.2f} us an image in calls of a hundred: {100 * call_s / hundred_s:.2f} %")
        self.assertLess(call_s, 0.05 * hundred_s)


if __name__ == "__main__":
    unittest.main()
