"""A chip in the process: what it holds and does, against NumPy and closed forms."""

import gc
import tempfile
import unittest

import numpy as np
from small import SMALL, scenario

import mcasim
from mcasim import Chip

IDEAL = {
    "device.model": "ideal",
    "dac.bits": 0,
    "adc.bits": 0,
    "dpu.arithmetic": "float",
    "transfer.epsilon_us": 0,
}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def forward(weights, pixels):
    """Activations of each layer for one image, in NumPy."""
    values = [pixels / 255.0]
    for matrix in weights:
        values.append(sigmoid(np.append(values[-1], 1.0) @ matrix))
    return values


class Ideal(unittest.TestCase):
    """Without noise, converters and pulses a chip is a network in floating point."""

    def setUp(self):
        self.chip = Chip(scenario(**IDEAL))
        self.data = mcasim.load_data(self.chip.scenario)

    def test_forward_pass(self):
        weights = [layer.difference_us / layer.weight_unit for layer in self.chip.layers]
        for layer, matrix in zip(self.chip.layers, weights):
            np.testing.assert_allclose(layer.weights, matrix, rtol=1e-15)
        self.chip.set_rate(0.0)  # weights stay
        pixels = self.data.train.pixels[:50]
        labels = self.data.train.labels[:50]
        outcomes = self.chip.train(pixels, labels)
        for image, label, outcome in zip(pixels, labels, outcomes):
            out = forward(weights, image.ravel())[-1]
            target = np.eye(10)[label]
            loss = -np.sum(target * np.log(out) + (1 - target) * np.log(1 - out))
            self.assertEqual(outcome["predicted"], np.argmax(out))
            self.assertAlmostEqual(outcome["loss"], loss, delta=1e-9 * loss)
        predicted = self.chip.infer(pixels)
        np.testing.assert_array_equal(predicted, outcomes["predicted"])

    def test_gradient_step(self):
        before = [layer.weights for layer in self.chip.layers]
        image, label = self.data.train.pixels[3], self.data.train.labels[3]
        self.chip.set_rate(0.25)
        self.chip.train(image.ravel(), label)
        x, hidden, out = forward(before, image.ravel())
        error = np.eye(10)[label] - out
        below = (before[1][:-1] @ error) * hidden * (1 - hidden)
        wanted = [
            before[0] + 0.25 * np.outer(np.append(x, 1.0), below),
            before[1] + 0.25 * np.outer(np.append(hidden, 1.0), error),
        ]
        for layer, matrix in zip(self.chip.layers, wanted):
            np.testing.assert_allclose(layer.weights, matrix, atol=1e-9)

    def test_mini_batch_is_the_mean(self):
        before = self.chip.layers[1].weights
        self.chip.set_rate(0.5, 4)
        self.chip.train(self.data.train.pixels[:2], self.data.train.labels[:2])
        np.testing.assert_array_equal(self.chip.layers[1].weights, before)
        self.chip.end_batch()
        self.assertFalse(np.array_equal(self.chip.layers[1].weights, before))


class Views(unittest.TestCase):
    def setUp(self):
        self.chip = Chip(scenario())
        self.data = mcasim.load_data(self.chip.scenario)

    def test_they_follow_the_chip_and_cannot_be_written(self):
        layer = self.chip.layers[1]
        codes = layer.conductance_codes
        before = codes.plus.copy()
        words = layer.chi_words.copy()
        self.chip.train(self.data.train.pixels[:200], self.data.train.labels[:200])
        self.assertFalse(np.array_equal(codes.plus, before))
        self.assertFalse(np.array_equal(layer.chi_words, words))
        for array in (*codes, *layer.writes, *layer.pulses, layer.chi_words, self.chip.ledger.layer_counts(0)):
            self.assertFalse(array.flags.owndata)
            with self.assertRaises(ValueError):
                array[0, 0] = 1
        self.assertEqual(codes.plus.__array_interface__["data"], layer.conductance_codes.plus.__array_interface__["data"])

    def test_shapes_and_units(self):
        for layer, (inputs, outputs) in zip(self.chip.layers, ((785, 20), (21, 10))):
            self.assertEqual((layer.inputs, layer.outputs), (inputs, outputs))
            for array in (*layer.conductance_codes, *layer.writes, *layer.pulses, layer.chi_words, layer.weights):
                self.assertEqual(array.shape, (inputs, outputs))
            pair = layer.conductances_us
            np.testing.assert_allclose(layer.weights * 8, pair.plus - pair.minus, atol=1e-12)
            self.assertLess(pair.plus.max(), 40)  # uS
        self.assertEqual(self.chip.layers[0].weight_unit, 8)  # tile.unit_weight_us
        self.assertEqual(self.chip.layers[0].chi_words.dtype, np.int16)
        self.assertEqual(np.log2(self.chip.layers[0].conductance_step_us) % 1, 0)
        self.chip.train(self.data.train.pixels[:20], self.data.train.labels[:20])
        layer = self.chip.layers[1]
        np.testing.assert_array_equal(layer.chi, layer.chi_words / 2.0**13)  # chi.frac_bits
        self.assertLess(abs(layer.chi).max(), 4)

    def test_they_outlive_the_chip(self):
        codes = self.chip.layers[0].conductance_codes.plus
        kept = codes.copy()
        self.chip.close()
        del self.chip
        gc.collect()
        Chip(scenario(seed=9)).close()
        np.testing.assert_array_equal(codes, kept)

    def test_kinds_of_devices(self):
        ideal = Chip(scenario(**IDEAL)).layers[0]
        self.assertIsNone(ideal.conductance_codes)
        self.assertIsNone(ideal.writes)
        self.assertFalse(ideal.difference_us.flags.owndata)
        direct = Chip(scenario(**{"transfer.mode": "direct"})).layers[0]
        self.assertIsNone(direct.chi)
        wide = Chip(scenario(**{"chi.bits": 24})).layers[0]
        self.assertEqual(wide.chi_words.dtype, np.int32)
        layers = [{"dense": {"units": 20, "digital": True}}, {"dense": {"units": 10}}]
        digital = Chip(scenario(**{"network.layers": layers})).layers[0]
        self.assertIsNone(digital.conductance_codes)
        np.testing.assert_allclose(digital.chi, digital.weights, rtol=1e-15)


class Counts(unittest.TestCase):
    def setUp(self):
        self.chip = Chip(scenario())
        self.data = mcasim.load_data(self.chip.scenario)
        self.chip.train(self.data.train.pixels[:100], self.data.train.labels[:100])

    def test_ledger_in_closed_form(self):
        ledger = self.chip.ledger
        # a converter for each column of each tile: 785 rows are 4 tiles of 20 columns, 21 rows one of 10
        self.assertEqual(ledger.count("adc_conversion", "forward"), 100 * (4 * 20 + 10))
        per_layer = [ledger.layer_counts(i)[1, ledger.components.index("adc_conversion")] for i in (0, 1)]
        self.assertEqual(per_layer, [100 * 80, 100 * 10])
        parts = sum(ledger.layer_counts(i).astype(object) for i in (0, 1, None))
        np.testing.assert_array_equal(parts, ledger.counts)
        training = [ledger.phases.index(p) for p in ledger.phases if p not in ("init", "test")]
        self.assertEqual(ledger.critical_ps[training].sum(), self.chip.time_ps)
        self.assertEqual(ledger.critical_ps[ledger.phases.index("init")], self.chip.init_time_ps)
        with self.assertRaises(IndexError):
            ledger.layer_counts(2)

    def test_pulses_are_writes(self):
        ledger = self.chip.ledger
        pulses = ledger.count("pcm_set") + ledger.count("pcm_reset")
        writes = sum(int(a.sum()) for layer in self.chip.layers for a in layer.writes)
        self.assertEqual(writes, pulses)

    def test_stats_and_frames(self):
        self.assertEqual(self.chip.stats()["images"], 100)
        frame = self.chip.ledger.frame()
        sums = frame[frame.component == "adc_conversion"].groupby("phase")["count"].sum()
        self.assertEqual(sums["forward"], 100 * 90)
        snapshot = self.chip.ledger.snapshot()
        self.chip.train(self.data.train.pixels[:1], self.data.train.labels[:1])
        self.assertEqual(snapshot["counts"]["forward"]["adc_conversion"], 100 * 90)
        self.assertEqual(self.chip.ledger.count("adc_conversion", "forward"), 101 * 90)


class Training(unittest.TestCase):
    def setUp(self):
        self.scenario = scenario()
        self.data = mcasim.load_data(self.scenario)

    def weights(self, chip):
        return [layer.weights for layer in chip.layers]

    def same(self, a, b):
        for x, y in zip(a.layers, b.layers):
            np.testing.assert_array_equal(x.conductance_codes.plus, y.conductance_codes.plus)
            np.testing.assert_array_equal(x.conductance_codes.minus, y.conductance_codes.minus)
            np.testing.assert_array_equal(x.chi_words, y.chi_words)
        self.assertEqual(a.ledger.snapshot(), b.ledger.snapshot())
        self.assertEqual((a.time_ps, a.stats()), (b.time_ps, b.stats()))

    def test_calls_may_be_cut_anywhere(self):
        one, many, ordered = Chip(self.scenario), Chip(self.scenario), Chip(self.scenario)
        pixels, labels = self.data.train.pixels[:150], self.data.train.labels[:150]
        whole = one.train(pixels, labels)
        parts = [many.train(pixels[a:b], labels[a:b]) for a, b in ((0, 1), (1, 70), (70, 150))]
        np.testing.assert_array_equal(np.concatenate(parts), whole)
        self.same(one, many)
        turned = ordered.train(pixels[::-1], labels[::-1].astype(int), order=range(149, -1, -1))
        np.testing.assert_array_equal(turned, whole)
        self.same(one, ordered)

    def test_state_and_restore(self):
        pixels, labels = self.data.train.pixels, self.data.train.labels
        one, other = Chip(self.scenario), Chip(self.scenario)
        one.train(pixels[:130], labels[:130])
        state = one.state()
        one.train(pixels[130:300], labels[130:300])
        other.train(pixels[:7], labels[:7])
        other.restore(state)
        other.train(pixels[130:300], labels[130:300])
        self.same(one, other)
        for wrong in (state[:-1], state + b"x", b""):
            broken = Chip(self.scenario)
            with self.assertRaises(mcasim.ContentError):
                broken.restore(wrong)
            with self.assertRaises(ValueError):
                broken.train(pixels[:1], labels[:1])

    def test_weights_in_files(self):
        one, other = Chip(self.scenario), Chip(self.scenario.copy(seed=2))
        one.train(self.data.train.pixels[:100], self.data.train.labels[:100])
        with tempfile.TemporaryDirectory() as folder:
            one.save_weights(f"{folder}/weights")
            other.load_weights(f"{folder}/weights")
            third = Chip(self.scenario, weights=f"{folder}/weights")
            with self.assertRaises(mcasim.McasimError):
                Chip(self.scenario).load_weights(f"{folder}/none")
            with self.assertRaises(mcasim.McasimError):
                Chip(self.scenario, weights=f"{folder}/none")
        for chip in (other, third):
            for x, y in zip(one.layers, chip.layers):
                np.testing.assert_array_equal(x.conductance_codes.plus, y.conductance_codes.plus)
                np.testing.assert_array_equal(x.chi_words, y.chi_words)
        fourth = Chip(self.scenario)
        fourth.copy_weights(one)
        np.testing.assert_array_equal(fourth.layers[0].weights, one.layers[0].weights)

    def test_tests_change_nothing_and_do_not_depend_on_threads(self):
        chip = Chip(self.scenario)
        chip.train(self.data.train.pixels, self.data.train.labels)
        before = self.weights(chip)
        images = self.data.test.pixels
        first = chip.infer(images, threads=1, test=0)
        np.testing.assert_array_equal(chip.infer(images, threads=3, test=0), first)
        noise = [chip.infer(images) for _ in range(2)]
        self.assertFalse(np.array_equal(*noise))
        np.testing.assert_array_equal(noise[0], first)
        for a, b in zip(before, self.weights(chip)):
            np.testing.assert_array_equal(a, b)
        self.assertGreater(chip.accuracy(images, self.data.test.labels), 0.5)
        self.assertGreater(chip.test_latency_ps, 0)
        self.assertEqual(len(chip.infer(images[:0])), 0)

    def test_age(self):
        chip = Chip(self.scenario.copy(**{"device.drift_nu": 0.1, "device.drift_nu_std": 0.0}))
        fresh = chip.layers[0].conductance_codes.plus.copy()
        with chip.aged(1e6):
            aged = chip.layers[0].conductance_codes.plus.copy()
        np.testing.assert_array_equal(chip.layers[0].conductance_codes.plus, fresh)
        large = fresh > 2000
        factor = (1e6 / chip.scenario["device.drift_t0_s"]) ** -0.1
        np.testing.assert_allclose(aged[large] / fresh[large], factor, rtol=1e-2)

    def test_convolutions_find_their_scales(self):
        layers = [{"conv2d": {"filters": 4, "kernel": 5, "stride": 2, "activation": "relu"}}, {"dense": {"units": 10}}]
        s = self.scenario.copy(**{"network.layers": layers, "dataset.synthetic_train": 100, "dataset.synthetic_test": 20})
        loaded, given = Chip(s), Chip(s, images=mcasim.load_data(s).train.pixels)
        data = mcasim.load_data(s)
        for chip in (loaded, given):
            chip.train(data.train.pixels[:20], data.train.labels[:20])
        self.same(loaded, given)
        with self.assertRaises(mcasim.ContentError) as caught:
            Chip(s, images=np.zeros((3, 5, 5), np.uint8))
        self.assertIn("25 values", str(caught.exception))


class Refusals(unittest.TestCase):
    def setUp(self):
        self.chip = Chip(scenario())

    def test_images_and_labels(self):
        image = np.zeros((1, 784), np.uint8)
        for images, labels, kind in (
            (image.astype(float), [0], TypeError),
            (image[:, :783], [0], ValueError),
            (np.uint8(3), [0], ValueError),
            (image, [0, 1], ValueError),
            (image, [0.5], TypeError),
            (image, [256], ValueError),
            (image, [-1], ValueError),
            (image, [10], mcasim.ContentError),
        ):
            with self.assertRaises(kind):
                self.chip.train(images, labels)
        for order in ([1], [-1], [[0]], [0.0]):
            with self.assertRaises((TypeError, ValueError)):
                self.chip.train(image, [0], order=order)
        for rate, batch in ((-1, 1), (float("nan"), 1), (0.1, 0)):
            with self.assertRaises(ValueError):
                self.chip.set_rate(rate, batch)
        self.assertEqual(self.chip.stats()["images"], 0)

    def test_closed_chips(self):
        with self.chip as chip:
            pass
        for function in (chip.state, chip.stats, chip.end_batch, lambda: chip.layers, lambda: chip.ledger):
            with self.assertRaises(ValueError):
                function()
        chip.close()
        self.assertEqual(repr(chip), "Chip(closed)")

    def test_work_within_work(self):
        image = np.full((1, 784), 200, np.uint8)
        with self.chip.probe(operation=lambda _: self.chip.train(image, [1])):
            with self.assertRaisesRegex(RuntimeError, "at work"):
                self.chip.train(image, [1])
        self.assertEqual(self.chip.stats()["images"], 1)
        with self.chip.aged(10.0):
            self.chip.infer(image)
            for function in (lambda: self.chip.train(image, [1]), self.chip.state, self.chip.end_batch):
                with self.assertRaisesRegex(RuntimeError, "aged"):
                    function()
        with self.chip.aged(10.0) as chip:
            chip.close()

    def test_chips_that_cannot_be(self):
        with self.assertRaises(mcasim.ContentError):
            Chip(scenario(**{"chi.bits": 8}))


class Probes(unittest.TestCase):
    def setUp(self):
        self.chip, self.silent = Chip(scenario()), Chip(scenario())
        data = mcasim.load_data(self.chip.scenario)
        self.pixels, self.labels = data.train.pixels[:120], data.train.labels[:120]

    def test_units_of_tiles_beside_the_longest(self):
        for units, has_others in ("per-tile", True), ("per-layer", False):
            chip = Chip(scenario(**{"dpu.units": units, "tile.rows": 128}))
            beside = np.zeros_like(chip.ledger.beside_ps)

            def add(o, beside=beside, ledger=chip.ledger):
                beside[ledger.phases.index(o.phase), ledger.resources.index(o.resource)] += o.beside_ps
                self.assertLessEqual(o.beside_ps, o.busy_ps)

            with chip.probe(occupied=add):
                chip.train(self.pixels, self.labels)
            self.assertEqual(beside[:, chip.ledger.resources.index("dpu")].sum() > 0, has_others)
            self.assertTrue(np.array_equal(beside, chip.ledger.beside_ps))

    def test_they_hear_what_is_counted(self):
        heard = {name: [] for name in ("occupied", "command", "operation", "codes", "update", "chi_written")}
        kept = {name: list.append.__get__(told) for name, told in heard.items()}
        kept["codes"] = lambda c: heard["codes"].append((c.layer, c.backward, c.values.copy()))
        kept["update"] = lambda u: heard["update"].append((u.layer, len(u.rows), u.errors.shape))
        with self.chip.probe(**kept):
            self.chip.train(self.pixels, self.labels)
        ledger = self.chip.ledger
        busy = {}
        for o in heard["occupied"]:
            busy[o.phase, o.resource] = busy.get((o.phase, o.resource), 0) + o.busy_ps
            self.assertLessEqual(o.start_ps, o.end_ps)
        for (phase, resource), ps in busy.items():
            place = ledger.phases.index(phase), ledger.resources.index(resource)
            self.assertEqual(ps, ledger.busy_ps[place], (phase, resource))
        self.assertEqual(len(heard["command"]), self.chip.stats()["commands"])
        pulses = sum(abs(c.pulses) for c in heard["command"])
        self.assertEqual(pulses, ledger.count("pcm_set", "transfer"))
        forward = sum(len(v) for _, backward, v in heard["codes"] if not backward)
        self.assertEqual(forward, ledger.count("adc_conversion", "forward"))
        self.assertLessEqual(max(abs(v).max() for _, _, v in heard["codes"]), 128)
        self.assertEqual({u[0]: u[2] for u in heard["update"]}, {0: (20,), 1: (10,)})
        self.assertEqual({o.kind for o in heard["operation"]}, {"forward", "error", "update"})
        self.silent.train(self.pixels, self.labels)
        self.assertEqual(self.silent.ledger.snapshot(), ledger.snapshot())
        for a, b in zip(self.chip.layers, self.silent.layers):
            np.testing.assert_array_equal(a.conductance_codes.plus, b.conductance_codes.plus)

    def test_ideal_sums_are_products(self):
        chip = Chip(scenario(**IDEAL))
        told = []
        matrix = chip.layers[0].difference_us.copy()
        with chip.probe(sums=lambda c: told.append((c.layer, c.backward, c.first, c.values.copy()))):
            chip.train(self.pixels[:1], self.labels[:1])
        total = np.zeros(20)
        for layer, backward, first, values in told:
            if layer == 0 and not backward:
                total[first : first + len(values)] += values
        wanted = np.append(self.pixels[0].ravel() / 255.0, 1.0) @ matrix
        np.testing.assert_allclose(total, wanted, atol=1e-9)

    def test_exceptions_and_detaching(self):
        def fails(_command):
            raise ZeroDivisionError("heard enough")

        calls = []
        probe = self.chip.probe(command=fails, operation=calls.append)
        with self.assertRaisesRegex(ZeroDivisionError, "heard enough"):
            self.chip.train(self.pixels, self.labels)
        trained = self.chip.stats()["images"]
        self.assertGreater(trained, 0)
        probe.detach()
        probe.detach()
        before = len(calls)
        self.chip.train(self.pixels[trained:], self.labels[trained:])
        self.assertEqual(len(calls), before)
        self.silent.train(self.pixels, self.labels)
        self.assertEqual(self.silent.ledger.snapshot(), self.chip.ledger.snapshot())
        with self.assertRaisesRegex(TypeError, "not 'heard'"):
            self.chip.probe(heard=print)


if __name__ == "__main__":
    unittest.main()
