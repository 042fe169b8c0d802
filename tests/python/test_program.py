"""Sweeps, comparisons and explanations in Python against the program's own."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from small import program, scenario

import mcasim

PLAN = {"grid": {"adc.bits": [4, 8]}, "zip": {"chi.bits": [12, 16], "chi.frac_bits": [9, 13]}, "seeds": 2}


def small():
    return scenario(**{"network.layers": [784, 10], "dataset.synthetic_train": 100, "dataset.synthetic_test": 20})


class Program(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.home = os.getcwd()
        os.chdir(cls.folder.name)
        cls.first = mcasim.run(small(), "first", progress=False)
        cls.second = mcasim.run(small(), "second", progress=False, adc={"bits": 6})

    @classmethod
    def tearDownClass(cls):
        os.chdir(cls.home)
        cls.folder.cleanup()

    def test_explain(self):
        whole = mcasim.explain(self.first)
        self.assertEqual(whole["energy_j.total"], self.first.energy_j)
        for key in ("energy_j.total", "energy_j.by_component.adc_conversion", "latency_s.total", "area_mm2.total"):
            told = self.first.explain(key)
            figure = self.first[key]
            self.assertEqual(told.value, figure["total"] if isinstance(figure, dict) else figure)
            self.assertEqual(sum(t["value"] for t in told["terms"]) / told["divisor"], told.value)
            self.assertEqual(list(told.frame().name), [t["name"] for t in told["terms"]])
            self.assertIn(f"{key} = ", str(told))
        with self.assertRaises(mcasim.ContentError) as caught:
            mcasim.explain("first", "energy_j.lunch")
        self.assertIn("no figure 'energy_j.lunch'", str(caught.exception))
        with self.assertRaises(mcasim.SystemRefusedError):
            mcasim.explain("none", "energy_j.total")

    def test_compare(self):
        told = mcasim.compare(self.first, "second", page="page.html")
        self.assertEqual(told, json.loads(program("compare", "--json", "first", "second")))
        self.assertTrue(os.path.isfile("page.html"))
        frame = told.frame()
        self.assertEqual(list(frame.columns), ["first", "second"])
        self.assertEqual(frame.loc["energy_j.total", "second"], self.second.energy_j)
        with self.assertRaises(mcasim.ContentError):
            mcasim.compare("first")

    def test_components(self):
        told = mcasim.components()
        self.assertEqual(told, json.loads(program("components", "mca-14nm", "--json")))
        self.assertEqual(told["energy"]["adc_cco"]["value_j"], 40.1e-12)
        with self.assertRaises(mcasim.SystemRefusedError):
            mcasim.components("nowhere.yaml")

    def test_price(self):
        told = mcasim.price(self.first, "priced", library="isaac-32nm", changes={"adc.kind": "sar", "cost.dram": True})
        program("price", "first", "--library", "isaac-32nm", "--set", "adc.kind=sar", "--set", "cost.dram=true", "-o", "by_price", "--quiet")
        for name in ("summary.json", "energy.csv", "scenario.yaml"):
            with open(f"priced/{name}", "rb") as one, open(f"by_price/{name}", "rb") as other:
                self.assertEqual(one.read(), other.read(), name)
        self.assertNotEqual(told.energy_j, self.first.energy_j)
        self.assertEqual(told.accuracy, self.first.accuracy)
        self.assertEqual(mcasim.price("first", "same", library="mca-14nm").energy_j, self.first.energy_j)
        with self.assertRaises(TypeError):
            mcasim.price("first", "none")
        with self.assertRaises(mcasim.ContentError) as caught:
            mcasim.price(self.first, "none", changes={"adc.bits": 4})
        self.assertIn("adc.bits", str(caught.exception))
        self.assertFalse(os.path.exists("none"))

    def test_sweep(self):
        small().save("small.yaml")
        with open("plan.yaml", "w", encoding="utf-8") as file:
            json.dump({"scenario": "small.yaml", **PLAN}, file)
        program("sweep", "plan.yaml", "-o", "by_program", "-j", "2", "--quiet")
        swept = mcasim.sweep({"scenario": small(), **PLAN}, "by_python", jobs=2, progress=False)
        self.assertEqual(len(swept.points), 8)
        self.assertEqual(len(swept.groups), 4)
        other = mcasim.Sweep("by_program")
        columns = [c for c in swept.points.columns if c != "point"]
        self.assertTrue(swept.points[columns].equals(other.points[columns]))
        self.assertEqual(len(swept.runs()), 8)
        self.assertEqual(swept.runs()[0].accuracy, swept.points.accuracy_test_final[0])
        self.assertGreaterEqual(len(swept.pareto), 1)
        self.assertEqual(len(swept.layers), 16)
        self.assertEqual(len(swept.result["points"]), 8)
        with self.assertRaises(mcasim.ContentError) as caught:
            mcasim.sweep({"scenario": small(), "grid": {"adc.bits": [99]}}, "none", progress=False)
        self.assertEqual(caught.exception.key, "adc.bits")
        self.assertFalse(os.path.exists("none"))
        with self.assertRaises(mcasim.SystemRefusedError):
            mcasim.Sweep("first")

    def test_interrupted_sweep(self):
        code = """
import mcasim, sys
from small import scenario
try:
    mcasim.sweep({"scenario": scenario(**{"train.epochs": 200}), "seeds": 8}, "long", jobs=1, progress=False)
except mcasim.Interrupted as stop:
    print("stopped:", stop.message)
"""
        child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(600):
            if os.path.isdir("long/points") and os.listdir("long/points"):
                break
            time.sleep(0.1)
        child.send_signal(signal.SIGINT)  # this process alone, as a notebook does
        self.assertIn("stopped: ", child.communicate(timeout=200)[0])

    def test_program_that_is_not_there(self):
        environment = {**os.environ, "MCASIM": "/nowhere/mcasim"}
        code = "import mcasim; mcasim.explain('first')"
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
        self.assertIn("FileNotFoundError", done.stderr)
        self.assertIn("/nowhere/mcasim", done.stderr)


if __name__ == "__main__":
    unittest.main()
