"""1,000 chips, trained and looked at, leave the process as large as it was."""

import gc
import unittest

import numpy as np
from small import scenario

import mcasim


def resident_bytes():
    with open("/proc/self/statm", encoding="utf-8") as file:
        return int(file.read().split()[1]) * 4096


class Leaks(unittest.TestCase):
    def use(self, count):
        s = scenario(**{"network.layers": [784, 8, 10]})
        image = np.full((2, 784), 99, np.uint8)
        for _ in range(count):
            chip = mcasim.Chip(s)
            told = []
            with chip.probe(operation=told.append):
                chip.train(image, [1, 2])
            chip.infer(image, threads=1)
            kept = chip.layers[0].conductance_codes.plus
            chip.ledger.snapshot()
            self.assertGreater(len(told), 0)
            self.assertGreater(int(kept.max()), 0)
        gc.collect()

    def test_chips(self):
        self.use(100)
        chip_bytes = 785 * 32 * 16  # of the first layer alone, with its stride
        grown = []
        for _ in range(2):  # what the C library takes once, sooner or later, is no leak: that goes on
            before = resident_bytes()
            self.use(1000)
            grown.append(resident_bytes() - before)
            print(f"RSS {before} bytes, {grown[-1]:+d} after 1,000 chips of more than {chip_bytes} bytes")
        self.assertLess(min(grown), 4 << 20)  # one in a hundred chips that stayed would be 4 MB

    def test_scenarios_and_errors(self):
        def use():
            for _ in range(300):
                s = scenario()
                s.yaml()
                s.copy().notices()
                with self.assertRaises(mcasim.ContentError):
                    s.adc.bits = 99
                with self.assertRaises(mcasim.ContentError):
                    mcasim.Scenario.from_yaml("adc: {bits: 99}")

        use()
        before = resident_bytes()
        use()
        self.assertLess(resident_bytes() - before, 4 << 20)


if __name__ == "__main__":
    unittest.main()
