"""1,000 images trained through a chip in this process give what `mcasim run` gives: weights and ledger, to the byte."""

import filecmp
import json
import os
import tempfile
import unittest

import numpy as np
from small import program

import mcasim


class SameBytes(unittest.TestCase):
    def compare(self, **changes):
        s = mcasim.Scenario(
            "mnist-mca",
            **{
                "dataset.name": "synthetic-digits",
                "dataset.synthetic_train": 1000,
                "dataset.synthetic_test": 100,
                "train.epochs": 1,
                "train.shuffle": False,
                **changes,
            },
        )
        with tempfile.TemporaryDirectory() as folder:
            s.save(f"{folder}/s.yaml")
            program("run", f"{folder}/s.yaml", "-o", f"{folder}/run", "--quiet")
            chip = mcasim.Chip(s)
            data = mcasim.load_data(s)
            whole = len(data.train) - len(data.train) % s.train.batch
            chip.set_rate(s.train.learning_rate, s.train.batch)
            outcomes = chip.train(data.train.pixels[:whole], data.train.labels[:whole])
            chip.end_batch()
            if whole < len(data.train):  # the last mini-batch is averaged over its own images
                chip.set_rate(s.train.learning_rate, len(data.train) - whole)
                rest = chip.train(data.train.pixels[whole:], data.train.labels[whole:])
                outcomes = np.concatenate([outcomes, rest])
                chip.end_batch()
            predicted = chip.infer(data.test.pixels)
            chip.save_weights(f"{folder}/weights")
            names = sorted(os.listdir(f"{folder}/run/weights"))
            self.assertEqual(sorted(os.listdir(f"{folder}/weights")), names)
            same, different, lacking = filecmp.cmpfiles(f"{folder}/run/weights", f"{folder}/weights", names, shallow=False)
            self.assertEqual((different, lacking), ([], []))
            self.assertGreater(len(same), 7)
            with open(f"{folder}/run/ledger.json", encoding="utf-8") as file:
                ledger = json.load(file)
            mine = chip.ledger.snapshot()
            for name in ("counts", "busy_ps", "beside_ps"):
                for layer, told in zip(mine["layers"], ledger["layers"]):
                    self.assertEqual(layer[name], told[name])
            run = mcasim.Run(f"{folder}/run")
            self.assertEqual(mine["counts"], run.ledger["counts"])
            self.assertEqual(mine["busy_ps"], run.ledger["busy_ps"])
            self.assertEqual(mine["beside_ps"], run.ledger["beside_ps"])
            self.assertEqual(mine["critical_ps"], run.ledger["critical_ps"])
            self.assertEqual(chip.stats()["images"], 1000)
            self.assertEqual(run.accuracy, np.mean(predicted == data.test.labels))
            self.assertEqual(run.array("epochs", "train_accuracy")[0], np.mean(outcomes["predicted"] == data.train.labels))
            self.assertGreater(chip.ledger.count("pcm_set", "transfer"), 100)

    def test_reference_chip(self):
        self.compare()

    def test_mini_batches(self):
        self.compare(**{"train.batch": 64, "network.layers": [784, 30, 10]})

    def test_floating_point(self):
        self.compare(**{"dpu.arithmetic": "float", "network.layers": [784, 30, 10]})


if __name__ == "__main__":
    unittest.main()
