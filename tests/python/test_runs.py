"""Runs in this process against those of the program: the same files; Ctrl-C, checkpoints, errors, progress."""

import filecmp
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import types
import unittest
import unittest.mock
import warnings

import numpy as np
from small import program, scenario

import mcasim

# the same bytes but for what summary.json says of the process (and its checksum), and the page that shows it
SAME = ["scenario.yaml", "ledger.json", "epochs.csv", "energy.csv", "energy_layers.csv", "chip.json", "timeline.json", "confusion.csv", "weights.npz"]


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)

    def same(self, a, b, more=()):
        names = [*SAME, *more, *(f"weights/{name}" for name in os.listdir(f"{a}/weights"))]
        names = [name for name in names if os.path.exists(f"{b}/{name}")]  # tests alone have no timeline
        self.assertGreater(len(names), 15)
        self.assertEqual(filecmp.cmpfiles(a, b, names, shallow=False)[1:], ([], []))


class Runs(InFolder):
    def test_run_and_infer_are_those_of_the_program(self):
        s = scenario(**{"report.name": "mine"})
        s.save("mine.yaml")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            run = mcasim.run(s, progress=False)
        self.assertEqual(str(run.path), "runs/mine-1")
        program("run", "mine.yaml", "-o", "other", "--quiet")
        self.same(run.path, "other")
        self.assertTrue((run.path / "report.html").is_file())
        self.assertFalse(os.path.exists("runs/mine-1.partial"))
        tested = run.infer(ages=["1d", 30 * 86400, "1y"], age_seeds=2, progress=False)
        self.assertEqual(str(tested.path), "runs/mine-1-infer")
        program("infer", "other", "-o", "tested", "--age", "1d,30d,1y", "--age-seeds", "2", "--quiet")
        self.same(tested.path, "tested", ["ages.csv"])
        self.assertEqual(tested.accuracy, run.accuracy)
        again = mcasim.infer("mine.yaml", "again", weights=run.path / "weights", page=False, progress=False)
        self.assertFalse((again.path / "report.html").exists())
        with self.assertRaises(TypeError):
            mcasim.infer("mine.yaml")
        with self.assertRaises(TypeError):
            run.infer(train={"epochs": 2})

    def test_results(self):
        run = mcasim.run(scenario(), "run", progress=False)
        with open("run/summary.json", encoding="utf-8") as file:
            summary = json.load(file)
        self.assertEqual(run.summary, summary)
        self.assertEqual(run["energy_j.total"], summary["energy_j"]["total"])
        self.assertEqual(run["layers.0.kind"], "dense")
        self.assertEqual(run.figures()["layers.1.rows"], 21)
        with self.assertRaises(KeyError):
            run["energy_j.lunch"]
        self.assertEqual((run.accuracy, run.time_s), (summary["accuracy"]["test_final"], summary["latency_s"]["total"]))
        self.assertEqual(run.scenario, scenario(**{"report.name": run.scenario.report.name}))
        self.assertEqual(len(run.epochs), 1)
        self.assertEqual(run.epochs.energy_j[0], run.array("epochs", "energy_j")[0])
        self.assertEqual(run.rows("epochs")[0]["epoch"], 1)
        self.assertEqual(len(run.layers), 3)
        self.assertEqual(run.confusion.sum(), 200)
        self.assertEqual(np.trace(run.confusion) / 200, run.accuracy)
        weights = run.weights()
        self.assertEqual(weights["layer0.weight"].shape, (20, 784))
        chip = mcasim.Chip(run.scenario, weights="run/weights")
        np.testing.assert_array_equal(chip.layers[0].weights[:-1].T.astype(np.float32), weights["layer0.weight"])
        np.testing.assert_array_equal(run.state(0, "g_plus"), chip.layers[0].conductance_codes.plus)
        self.assertIn("accuracy", run._repr_html_())
        self.assertEqual(os.fspath(run), "run")
        for name in ("none", "run/weights"):
            with self.assertRaises(mcasim.SystemRefusedError):
                mcasim.Run(name)

    def test_refusals(self):
        mcasim.run(scenario(), "run", progress=False)
        with self.assertRaises(mcasim.ContentError) as caught:
            mcasim.run(scenario(), "run", progress=False)
        self.assertIn("use another output, or run with force=True to replace it", str(caught.exception))
        mcasim.run(scenario(), "run", force=True, progress=False)
        self.assertEqual(mcasim.run(scenario(), "run", resume=True, progress=False).accuracy, mcasim.Run("run").accuracy)
        with self.assertRaises(mcasim.ContentError) as caught:
            mcasim.run(scenario(seed=2), "run", resume=True, progress=False)
        self.assertIn("seed", str(caught.exception))
        with self.assertRaises(mcasim.ContentError) as caught:
            mcasim.run(scenario(**{"train.images": 5000}), "none", progress=False)
        self.assertEqual(caught.exception.key, "train.images")
        with self.assertRaises(mcasim.McasimError):
            mcasim.run(scenario(), "none", weights="nowhere", progress=False)
        with self.assertRaises(ValueError):
            mcasim.run(scenario(), "none", trace=(3, 2))
        self.assertEqual(os.listdir(), ["run"])
        for age in ("3w", "", "x"):
            with self.assertRaises(ValueError):
                mcasim.infer("run", "none", ages=age)

    def test_notices_are_warnings(self):
        with self.assertWarnsRegex(mcasim.Notice, "device.drift_nu"):
            mcasim.run(scenario(**{"device.drift_nu": 0.1}), "run", progress=False)

    def test_trace(self):
        run = mcasim.run(scenario(), "run", trace=7, progress=False)
        self.assertTrue((run.path / "trace.json").is_file())
        self.assertEqual(run.timeline["image"], 7)

    def test_progress(self):
        told = []
        mcasim.run(scenario(**{"train.epochs": 3}), "run", progress=told.append)
        self.assertEqual((told[-1].done, told[-1].total, told[-1].epochs), (3000, 3000, 3))
        self.assertEqual(sorted(p.done for p in told), [p.done for p in told])
        self.assertIn("[########################] 100.0 %", told[-1].line())

        def fails(_progress):
            raise ZeroDivisionError("seen enough")

        with self.assertRaisesRegex(ZeroDivisionError, "seen enough"):
            mcasim.run(scenario(**{"train.epochs": 1000}), "other", progress=fails)

    def test_in_a_notebook(self):
        """As IPython's kernels have it: a display that is written anew."""
        told = []

        class Handle:
            def update(self, data, raw):
                told.append((data, raw))

        shell = types.SimpleNamespace(kernel=object())
        module = types.ModuleType("IPython")
        module.get_ipython = lambda: shell
        module.display = types.ModuleType("IPython.display")
        module.display.display = lambda data, raw, display_id: Handle()
        with unittest.mock.patch.dict(sys.modules, {"IPython": module, "IPython.display": module.display}):
            mcasim.run(scenario(), "run")
        data, raw = told[-1]
        self.assertTrue(raw)
        self.assertIn("100.0 %", data["text/plain"])
        self.assertIn('<progress value="1000" max="1000"', data["text/html"])

    def test_in_other_threads(self):
        results = {}

        def work(seed):
            results[seed] = mcasim.run(scenario(seed=seed), f"run{seed}", threads=1, progress=False)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        alone = mcasim.run(scenario(seed=2), "alone", progress=False)
        self.same(results[2].path, alone.path)


class Interruption(InFolder):
    """Ctrl-C ends a run after the image that it is at, with a checkpoint; resumed it ends as one that was not stopped."""

    CHILD = """
import os, signal, sys
import mcasim
from small import scenario
handler = signal.getsignal(signal.SIGINT)
try:
    mcasim.run(scenario(**{"train.epochs": 400}), "run", progress=lambda p: print(p.done, flush=True))
except mcasim.Interrupted as stop:
    assert isinstance(stop, KeyboardInterrupt)
    assert signal.getsignal(signal.SIGINT) is handler
    assert os.path.isfile(stop.checkpoint), stop
    assert "resume=True goes on from" in stop.message, stop
    print("stopped", flush=True)
"""

    def test_ctrl_c(self):
        child = subprocess.Popen([sys.executable, "-c", self.CHILD], stdout=subprocess.PIPE, text=True)
        for line in child.stdout:
            if 1000 < int(line):
                break
        child.send_signal(signal.SIGINT)
        self.assertEqual(child.communicate(timeout=120)[0].split()[-1], "stopped")
        self.assertEqual(child.returncode, 0)
        self.assertTrue(os.path.isfile("run.partial/checkpoint"))
        self.assertFalse(os.path.exists("run"))
        with self.assertRaises(mcasim.ContentError) as caught:
            mcasim.run(scenario(**{"train.epochs": 400}), "run", progress=False)
        self.assertIn("resume=True", str(caught.exception))

    def test_resumed_runs_end_the_same(self):
        s = scenario(**{"train.epochs": 40})

        def stop(progress):
            if progress.done > 2000:
                raise KeyboardInterrupt

        stops = 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", mcasim.Notice)
                mcasim.run(s, "run", progress=stop)
        except mcasim.Interrupted as interruption:
            stops = interruption.checkpoint is not None
        self.assertEqual(stops, 1)
        with self.assertWarnsRegex(mcasim.Notice, "going on in epoch"):
            resumed = mcasim.run(s, "run", resume=True, progress=False)
        self.same(resumed.path, mcasim.run(s, "whole", progress=False).path)

    def test_chip_stays_whole(self):
        chip = mcasim.Chip(scenario())
        data = mcasim.load_data(chip.scenario)
        pixels, labels = data.train.pixels, data.train.labels
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        previous = signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        try:
            with self.assertRaises(KeyboardInterrupt):
                for _ in range(10000):
                    chip.train(pixels, labels)
        finally:
            signal.signal(signal.SIGALRM, previous)
        images = chip.stats()["images"]
        other = mcasim.Chip(scenario())
        order = np.arange(images + 40) % len(labels)
        other.train(pixels, labels, order=order)
        chip.train(pixels, labels, order=order[images:])
        self.assertEqual(chip.ledger.snapshot(), other.ledger.snapshot())


if __name__ == "__main__":
    unittest.main()
