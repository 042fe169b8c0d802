"""Component libraries to AccelForge and back, against the libraries and against what AccelForge takes a file for."""

import contextlib
import io
import math
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import yaml
from small import scenario

import mcasim
from mcasim import exchange

LIBRARIES = ("mca-14nm", "mca-14nm-rtl", "hermes-14nm", "isaac-32nm")
PER_BIT = {"dram_read", "image_load", "register_bit", "sram_read", "sram_write"}

THEIRS = """
variables: {tech_node: 22e-9, base: 2}
arch:
  nodes:
  - !Memory
    name: GlobalBuffer
    size: 128 * 1024
    area: 3e-8
    leak_power: 2e-4
    leak_power_scale: 0.5
    energy_scale: 3
    actions:
    - {name: read, energy: 9e-12 / 2, bits_per_action: 64, throughput: inf}
    - {name: write, energy: 5e-12, energy_scale: 2, bits_per_action: 64}
  - !Fork
    nodes:
    - !Toll
      name: ADC
      direction: up
      area: 1.2e-9
      leak_power: 0
      n_parallel_instances: 4
      extra_attributes_for_component_model: {tech_node: 32e-9}
      actions: [{name: read, energy: 1.5e-12, latency: 1e-9}]
  - !Compute {name: MAC, area: 1e-10, leak_power: 0, actions: [{name: compute, energy: 8e-14}]}
"""
NAMES = {"GlobalBuffer": "sram_bit", "GlobalBuffer.read": "sram_read", "GlobalBuffer.write": "sram_write", "ADC": "adc_sar", "ADC.read": "adc_sar"}


def prices(library):
    """All of a library but where it was read from."""
    told = mcasim.components(library)

    def walk(value):
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items() if key not in ("file", "line")}
        return value

    return walk(told)


def quoted_texts(node):
    """Texts of a YAML tree that are no keys, and how they are written."""
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from quoted_texts(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from quoted_texts(value)
    else:
        yield node


class Exchange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.home = os.getcwd()
        os.chdir(cls.folder.name)
        small = scenario(**{"network.layers": [784, 10], "dataset.synthetic_train": 100, "dataset.synthetic_test": 20})
        cls.run_of = mcasim.run(small, "run", progress=False)

    @classmethod
    def tearDownClass(cls):
        os.chdir(cls.home)
        cls.folder.cleanup()

    def test_there_and_back(self):
        for name in LIBRARIES:
            with self.subTest(library=name):
                lines = exchange.to_accelforge(name, f"{name}.yaml")
                self.assertEqual(len(lines), 5)
                self.assertEqual(exchange.from_accelforge(f"{name}.yaml", f"back-{name}.yaml"), [])
                self.assertEqual(prices(f"back-{name}.yaml"), prices(name))
                for library, output in ((name, "first"), (f"back-{name}.yaml", "again")):
                    mcasim.price(self.run_of, f"{output}-{name}", library=library)
                figures = [mcasim.Run(f"{output}-{name}").figures() for output in ("first", "again")]
                numbers = [{k: v for k, v in told.items() if isinstance(v, (int, float)) and not k.startswith("files.")} for told in figures]
                self.assertEqual(*numbers)
                self.assertGreater(len(numbers[0]), 200)

    def test_what_accelforge_reads(self):
        """Every figure once, in joules, watts and square metres; texts quoted, which it takes for expressions else; its fields."""
        exchange.to_accelforge("mca-14nm", "parts.yaml")
        text = Path("parts.yaml").read_text(encoding="utf-8")
        self.assertNotRegex(text, r"\{[{%#]")
        told = mcasim.components("mca-14nm")

        class Loader(yaml.SafeLoader):
            pass

        Loader.add_multi_constructor("!", lambda loader, tag, node: {**loader.construct_mapping(node, deep=True), "tag": tag})
        nodes = yaml.load(text, Loader)["arch"]["nodes"]
        needed = {"Memory": ({"size"}, {"read", "write"}), "Toll": ({"direction"}, {"read"}), "Compute": (set(), {"compute"})}
        fields = {"name", "component_class", "size", "direction", "area", "leak_power", "actions", "extra_attributes_for_component_model", "tag"}
        entries, blocks = {}, {}
        for node in nodes:
            self.assertLessEqual(set(node), fields)
            self.assertLessEqual(needed[node["tag"]][0], set(node))
            self.assertEqual(node["component_class"], "Dummy")
            for action in node.get("actions", []):
                self.assertLessEqual(set(action), {"name", "energy", "bits_per_action", "extra_attributes_for_component_model"})
                kept = action["extra_attributes_for_component_model"]["mcasim"]
                self.assertNotIn(kept["entry"], entries)
                entries[kept["entry"]] = float(action["energy"])
                self.assertEqual("bits_per_action" in action, kept["entry"] in PER_BIT)
            if "area" in node:
                kept = node["extra_attributes_for_component_model"]["mcasim"]
                self.assertNotIn(kept["block"], blocks)
                bits = node["size"] if kept["block"] == "sram_bit" else 1
                blocks[kept["block"]] = (float(node["leak_power"]) / bits, float(node["area"]) / bits * 1e12)
        self.assertEqual(entries, {name: figure["value_j"] for name, figure in told["energy"].items()})
        self.assertEqual(set(blocks), set(told["blocks"]))
        for name, (power, area) in blocks.items():
            self.assertTrue(math.isclose(power, told["blocks"][name]["static"]["value_w"], rel_tol=1e-12, abs_tol=0), name)
            self.assertTrue(math.isclose(area, told["blocks"][name]["area"]["value_um2"], rel_tol=1e-12, abs_tol=0), name)
        words = {"Dummy", "up", "down"} | {node["name"] for node in nodes} | {a["name"] for n in nodes for a in n.get("actions", [])}
        for scalar in quoted_texts(yaml.compose(text)):
            is_number = re.fullmatch(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?", scalar.value)
            self.assertTrue(is_number or scalar.style == '"' or scalar.value in words, scalar.value)

    def test_templates_in_texts(self):
        """What opens a template of Jinja2 stays text on the way, and comes back."""
        text = "a {{ b }} {% c %} {# d #} é"
        Path("odd.yaml").write_text(
            f"name: odd\nabout: '{text}'\nbase: mca-14nm\nenergy:\n  sigmoid: {{energy_pj: 1, node_nm: 14, uncertainty: 2, kind: assumption, source: '{text}'}}\n",
            encoding="utf-8",
        )
        exchange.to_accelforge("./odd.yaml", "odd-parts.yaml")
        self.assertNotRegex(Path("odd-parts.yaml").read_text(encoding="utf-8"), r"\{[{%#]")
        exchange.from_accelforge("odd-parts.yaml", "odd-back.yaml")
        self.assertEqual(prices("./odd-back.yaml"), prices("./odd.yaml"))

    def test_changed_there(self):
        """A number that was changed counts; its range stays, and the change is told and noted."""
        exchange.to_accelforge("mca-14nm", "before.yaml")
        text = Path("before.yaml").read_text(encoding="utf-8")
        power = mcasim.components()["blocks"]["adc_sar"]["static"]["value_w"]
        self.assertEqual(text.count("energy: 4.01e-11"), 1)
        changed = text.replace("energy: 4.01e-11", "energy: 3.0e-11").replace(f"leak_power: {power!r}", "leak_power: 1e-5")
        Path("after.yaml").write_text(changed, encoding="utf-8")
        lines = exchange.from_accelforge("after.yaml", "changed.yaml")
        self.assertEqual(len(lines), 3)
        self.assertIn("AdcCco.read: 3e-11 in place of 4.01e-11: taken at the library's node; range and source are those of before", lines)
        was, now = prices("mca-14nm"), prices("changed.yaml")
        entry = now["energy"]["adc_cco"]
        self.assertEqual((entry["value_j"], entry["scale"]), (3e-11, 1))
        for key in ("uncertainty", "kind", "source", "law", "at_bits"):
            self.assertEqual(entry["stated"][key], was["energy"]["adc_cco"]["stated"][key])
        self.assertIn("changed in after.yaml", entry["stated"]["note"])
        static = now["blocks"]["adc_sar"]["static"]
        self.assertEqual(static["value_w"], 1e-5)
        self.assertNotIn("at_pj", static["stated"])
        for told in (was, now):
            del told["energy"]["adc_cco"], told["blocks"]["adc_sar"]["static"]
        self.assertEqual(was, now)

    def test_components_of_others(self):
        Path("theirs.yaml").write_text(THEIRS, encoding="utf-8")
        lines = exchange.from_accelforge("theirs.yaml", "theirs-14.yaml", names=NAMES, uncertainty=3, source="a chip")
        self.assertEqual(
            sorted(lines),
            [
                "ADC.n_parallel_instances: left out: leakage and area are of one",
                "ADC.read.latency: left out: times are the scenario's in mcasim",
                "GlobalBuffer.read.throughput: left out: times are the scenario's in mcasim",
                "MAC.compute: left out: it is not said which energy of a library it is",
                "MAC: leak_power and area left out: it is not said which block of a library it is",
                "what the file does not state comes from mca-14nm",
            ],
        )
        told, base = prices("./theirs-14.yaml"), prices("mca-14nm")
        self.assertTrue(math.isclose(told["energy"]["sram_read"]["value_j"], 3 * 4.5e-12 / 64, rel_tol=1e-12))
        self.assertTrue(math.isclose(told["energy"]["sram_write"]["value_j"], 3 * 2 * 5e-12 / 64, rel_tol=1e-12))
        self.assertEqual(told["energy"]["adc_sar"]["value_j"], 1.5e-12)
        self.assertTrue(math.isclose(told["blocks"]["sram_bit"]["static"]["value_w"], 1e-4 / 131072, rel_tol=1e-12))
        self.assertTrue(math.isclose(told["blocks"]["sram_bit"]["area"]["value_um2"], 3e-8 * 1e12 / 131072, rel_tol=1e-12))
        self.assertTrue(math.isclose(told["blocks"]["adc_sar"]["area"]["value_um2"], 1200, rel_tol=1e-12))
        self.assertEqual(told["energy"]["sram_read"]["stated"]["node_nm"], 22)
        self.assertEqual(told["energy"]["adc_sar"]["stated"]["node_nm"], 32)
        self.assertEqual((told["energy"]["adc_sar"]["stated"]["uncertainty"], told["energy"]["adc_sar"]["stated"]["source"]), (3, "a chip"))
        self.assertEqual(told["energy"]["adc_cco"], base["energy"]["adc_cco"])

    def refused(self, content, said, **options):
        Path("bad.yaml").write_text(content, encoding="utf-8")
        with self.assertRaises(mcasim.ContentError) as caught:
            exchange.from_accelforge("bad.yaml", "none.yaml", **options)
        self.assertIn(said, str(caught.exception))
        self.assertNotIn("\n", str(caught.exception))
        self.assertFalse(Path("none.yaml").exists())

    def test_refused(self):
        ok = {"names": NAMES, "uncertainty": 2}
        self.refused("- 1\n", "bad.yaml: a mapping with variables and arch is needed")
        self.refused("a: [\n", "bad.yaml:2: no YAML: ")
        self.refused("arch: {nodes: []}\n", "bad.yaml: nothing in it is a figure of a component library")
        self.refused("arch:\n  nodes: {{ nodes }}\n", "bad.yaml:2: a template of Jinja2")
        self.refused(THEIRS, "GlobalBuffer.leak_power: AccelForge has no ranges; uncertainty has to be given", names=NAMES)
        self.refused(THEIRS.replace("tech_node: 22e-9", "a: 1"), "GlobalBuffer.leak_power: no tech_node; node_nm has to be given", **ok)
        self.refused(THEIRS.replace("128 * 1024", "base * 1024"), "GlobalBuffer.size: 'base * 1024' is no number", **ok)
        self.refused(THEIRS.replace("9e-12 / 2", "9e-12 / 0"), "GlobalBuffer.read.energy: '9e-12 / 0' is no number", **ok)
        self.refused(THEIRS.replace("9e-12 / 2", "__import__('os')"), "is no number", **ok)
        self.refused(THEIRS.replace("9e-12 / 2", "inf"), "'inf' is no number", **ok)
        self.refused(THEIRS.replace("9e-12 / 2", "1e308 * 10"), "1e308 * 10 is not finite", **ok)
        self.refused(THEIRS.replace("energy: 1.5e-12, ", ""), "ADC.read: no energy is stated", **ok)
        self.refused(THEIRS.replace("bits_per_action: 64, throughput", "bits_per_action: 0, throughput"), "GlobalBuffer.read.bits_per_action: 0; allowed: above 0", **ok)
        self.refused(THEIRS.replace("128 * 1024", "0"), "GlobalBuffer.size: 0; allowed: above 0", **ok)
        self.refused(THEIRS.replace("n_parallel_instances: 4", "total_area: 1"), "ADC: total_area: it is evaluated", **ok)
        self.refused(THEIRS, "no component or action is called 'Adc'", names={**NAMES, "Adc": "adc_sar"}, uncertainty=2)
        self.refused(THEIRS, "MAC.compute: a second energy.adc_sar; one is allowed", names={**NAMES, "MAC.compute": "adc_sar"}, uncertainty=2)
        self.refused(THEIRS, "bad.yaml: makes no library: ", names={**NAMES, "MAC.compute": "lunch"}, uncertainty=2)
        self.refused(THEIRS, "uncertainty", names=NAMES, uncertainty=0.5)
        exchange.to_accelforge("mca-14nm", "whole.yaml")
        text = Path("whole.yaml").read_text(encoding="utf-8")
        self.refused(text.replace('"entry": "sigmoid", "value"', '"entry": "sigmoid", "was"'), "SigmoidUnit.compute: its attributes of mcasim are not whole")
        self.refused("a: &a {name: x, area: 1, nodes: [*a]}\narch: {nodes: [*a]}\n", "nothing in it is a figure")
        Path("bad.yaml").write_bytes(b"\xff\xfe")
        with self.assertRaises(mcasim.ContentError):
            exchange.from_accelforge("bad.yaml", "none.yaml")

    def test_command(self):
        def told(*arguments):
            done = subprocess.run([sys.executable, "-m", "mcasim.exchange", *arguments], capture_output=True, text=True)
            return done.returncode, done.stdout, done.stderr

        status, out, err = told("to-accelforge", "isaac-32nm", "command.yaml")
        self.assertEqual((status, out), (0, ""))
        self.assertEqual(err, "".join(f"note: {line}\n" for line in exchange.to_accelforge("isaac-32nm", "function.yaml")))
        self.assertEqual(Path("command.yaml").read_bytes(), Path("function.yaml").read_bytes())
        exists = (2, "", "mcasim.exchange: command.yaml: exists already; force replaces it\n")
        self.assertEqual(told("to-accelforge", "isaac-32nm", "command.yaml"), exists)
        self.assertEqual(told("to-accelforge", "isaac-32nm", "command.yaml", "--force")[0], 0)
        self.assertEqual(told("from-accelforge", "command.yaml", "command-back.yaml"), (0, "", ""))
        self.assertEqual(prices("./command-back.yaml"), prices("isaac-32nm"))
        Path("theirs2.yaml").write_text(THEIRS, encoding="utf-8")
        given = [part for name, figure in NAMES.items() for part in ("--as", f"{name}={figure}")]
        self.assertEqual(told("from-accelforge", "theirs2.yaml", "theirs2-14.yaml", "--uncertainty", "2", "--source", "them", *given)[0], 0)
        self.assertEqual(told("from-accelforge", "nowhere.yaml", "x.yaml"), (3, "", "mcasim.exchange: nowhere.yaml: No such file or directory\n"))
        self.assertEqual(told("to-accelforge", "nowhere", "x.yaml")[0], 3)
        self.assertEqual(told("to-accelforge", "mca-14nm", "/nowhere/x.yaml"), (3, "", "mcasim.exchange: /nowhere/x.yaml: No such file or directory\n"))
        with contextlib.redirect_stderr(io.StringIO()) as said, self.assertRaises(SystemExit) as caught:
            exchange.main(["from-accelforge", "a", "b", "--as", "ADC"])
        self.assertEqual(caught.exception.code, 2)
        self.assertIn("'ADC': COMPONENT.ACTION=ENERGY or COMPONENT=BLOCK is needed", said.getvalue())


if __name__ == "__main__":
    unittest.main()
