"""Scenarios in Python against the program's own table, checks and files."""

import copy
import json
import os
import pickle
import pydoc
import rlcompleter
import tempfile
import unittest

import numpy
from small import program

import mcasim
from mcasim import Scenario


class Keys(unittest.TestCase):
    def test_table_is_that_of_the_program(self):
        told = [k for k in json.loads(program("keys", "--json"))["keys"] if not k["key"].startswith("network.layers.")]
        table = {k.name: k for k in mcasim.keys()}
        self.assertEqual([k["key"] for k in told], list(table))
        for k in told:
            mine = table[k["key"]]
            self.assertEqual((k["type"], k["unit"], k["meaning"]), (mine.type, mine.unit, mine.meaning))
            self.assertEqual(tuple(k["choices"] or ()), mine.choices)
            self.assertEqual(mine.default, Scenario()[mine.name], mine.name)
        self.assertEqual([k.name for k in mcasim.keys("chi.bits")], ["chi.bits", "chi.frac_bits"])
        self.assertEqual(mcasim.key("adc.bits").default, 8)

    def test_help_tells_of_keys(self):
        text = pydoc.plain(pydoc.render_doc(Scenario().adc))
        key = mcasim.key("adc.bits")
        self.assertIn(key.meaning.split(";")[0][:40], text)
        self.assertIn(f"{key.type} {key.allowed}", text)
        self.assertIn("Keys ``adc.*``", pydoc.plain(pydoc.render_doc(Scenario)))

    def test_completion(self):
        space = {"s": Scenario()}
        complete = rlcompleter.Completer(space).attr_matches
        self.assertIn("s.adc", [m.rstrip("(") for m in complete("s.ad")])
        self.assertEqual([m.rstrip("(") for m in complete("s.chi.frac")], ["s.chi.frac_bits"])
        self.assertIn("seed", dir(Scenario()))
        self.assertEqual(Scenario()._ipython_key_completions_(), list(Scenario()))


class Values(unittest.TestCase):
    def test_every_key_takes_its_own_value_back(self):
        for name in program("scenarios", "--json") and ("mnist-mca", "lenet-mnist", "hermes-core", "synthetic-quick"):
            s = Scenario(name)
            again = Scenario()
            again["network.layers"] = s["network.layers"]
            for key in s:
                again[key] = s[key]
            self.assertEqual(again.difference(s), {}, name)
            self.assertEqual(again, s)

    def test_yaml_is_the_text_of_check(self):
        for name in ("mnist-mca", "lenet-mnist"):
            whole = program("check", name)
            self.assertTrue(whole.startswith(Scenario(name).yaml()), name)
            self.assertEqual(Scenario.from_yaml(whole), Scenario(name))

    def test_forms(self):
        s = Scenario(seed=3, adc={"bits": 6}, **{"chi.bits": 12, "chi.frac_bits": 9})
        self.assertEqual((s.seed, s.adc.bits, s["chi.bits"]), (3, 6, 12))
        s.adc.bits = numpy.int64(5)
        s.train.learning_rate = numpy.float32(0.5)
        s.network.layers = numpy.array([784, 30, 10])
        s.timing.what_if = True
        s.report.name = "a: b, #c \"d\" é"
        s.train = {"epochs": 2}
        self.assertEqual((s["adc.bits"], s.train.learning_rate, s.train.epochs), (5, 0.5, 2))
        self.assertEqual((s.network.layers, s.timing.what_if), ([784, 30, 10], True))
        self.assertEqual(s.report.name, "a: b, #c \"d\" é")
        self.assertIsInstance(s.device.read_noise, float)
        del s.adc.bits
        self.assertEqual(s.adc.bits, 8)
        del s.train
        self.assertEqual(s.train.to_dict(), Scenario().train.to_dict())
        self.assertEqual(set(s.changed()), {"seed", "chi.bits", "chi.frac_bits", "network.layers", "timing.what_if", "report.name"})

    def test_layers(self):
        layers = [{"conv2d": {"filters": 4, "kernel": 5, "activation": "relu"}}, {"max_pool": {"kernel": 2}}, {"dense": {"units": 10}}]
        s = Scenario("synthetic-quick", **{"network.layers": layers})
        s["network.layers.0.filters"] = 6
        self.assertEqual(s["network.layers.0.filters"], 6)
        layers[0]["conv2d"]["filters"] = 6
        self.assertEqual(s.network.layers[0]["conv2d"], {**s.network.layers[0]["conv2d"], **layers[0]["conv2d"]})
        self.assertEqual(Scenario.from_yaml(s.yaml()), s)

    def test_copies(self):
        s = Scenario("synthetic-quick", seed=4)
        for other in (s.copy(), copy.copy(s), copy.deepcopy(s), pickle.loads(pickle.dumps(s)), Scenario(s)):
            self.assertEqual(other, s)
            other.seed = 5
            self.assertEqual(s.seed, 4)
        self.assertEqual(s.copy(seed=5).difference(s), {"seed": (5, 4)})
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "mine.yaml")
            s.save(path)
            self.assertEqual(Scenario(path), s)
            self.assertTrue(Scenario(path).origin("seed").startswith(f"{path}:"))
        self.assertEqual((s.origin("seed"), s.origin("adc.bits")), ("argument", "default"))

    def test_hash_is_that_of_a_run(self):
        s = Scenario("synthetic-quick", **{"train.epochs": 1, "network.layers": [784, 10], "dataset.synthetic_train": 50, "dataset.synthetic_test": 20})
        with tempfile.TemporaryDirectory() as folder:
            s.save(f"{folder}/s.yaml")
            program("run", f"{folder}/s.yaml", "-o", f"{folder}/run", "--quiet")
            with open(f"{folder}/run/summary.json", encoding="utf-8") as file:
                self.assertEqual(json.load(file)["scenario"]["hash"], s.hash())


class Refusals(unittest.TestCase):
    def refused(self, kind, function, *arguments, **options):
        with self.assertRaises(kind) as caught:
            function(*arguments, **options)
        return caught.exception

    def test_values(self):
        s = Scenario()
        fault = self.refused(mcasim.ContentError, setattr, s.adc, "bits", 99)
        self.assertEqual((fault.key, fault.file, fault.line, fault.status), ("adc.bits", None, None, 2))
        self.assertIn("99 is out of range 0..16", str(fault))
        self.assertIsInstance(fault, ValueError)
        self.assertEqual(s.adc.bits, 8)
        for name, value in (("adc.bits", "six"), ("train.loss", "none"), ("network.layers", [784]), ("seed", -1)):
            self.assertEqual(self.refused(mcasim.ContentError, s.__setitem__, name, value).key, name)
        self.assertIn("did you mean", str(self.refused(mcasim.ContentError, Scenario, None, **{"adc.bit": 6})))
        self.refused(AttributeError, getattr, s.adc, "bit")
        self.refused(AttributeError, getattr, s, "abc")
        self.refused(KeyError, s.__getitem__, "abc")
        self.refused(mcasim.ContentError, setattr, s, "adcc", 3)
        for value in (None, object(), {1, 2}):
            self.refused(TypeError, setattr, s.adc, "bits", value)
        self.refused(TypeError, setattr, s.report, "name", 3)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "bad.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write("seed: 2\nadc:\n  bits: 99\n")
            fault = self.refused(mcasim.ContentError, Scenario, path)
            self.assertEqual((fault.file, fault.line, fault.key), (path, 3, "adc.bits"))
            missing = os.path.join(folder, "none.yaml")
            fault = self.refused(mcasim.SystemRefusedError, Scenario, missing)
            self.assertEqual(fault.status, 3)
            self.assertIsInstance(fault, OSError)
            self.assertIn(missing, str(fault))
        fault = self.refused(mcasim.ContentError, Scenario.from_yaml, "adc: {bits: x}", "given.yaml")
        self.assertEqual((fault.file, fault.line, fault.key), ("given.yaml", 1, "adc.bits"))

    def test_combinations(self):
        s = Scenario(**{"chi.bits": 8})
        fault = self.refused(mcasim.ContentError, s.check)
        self.assertTrue(fault.key.startswith("chi."))
        Scenario().check()
        self.assertTrue(any("adc.kind" in n or "drift" in n for n in Scenario(**{"device.drift_nu": 0.1}).notices()))
        self.assertEqual(Scenario().notices(), [])


if __name__ == "__main__":
    unittest.main()
