"""Event files of TensorBoard, read by protoc with the fields of its .proto files, and by nothing of the module's own."""

import csv
import math
import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest

from small import scenario

import mcasim
from mcasim import tensorboard

# names, numbers and types of tensorflow/core/util/event.proto and framework/summary.proto, those that scalars have
PROTO = """syntax = "proto3";
message Event { double wall_time = 1; int64 step = 2; oneof what { string file_version = 3; Summary summary = 5; } }
message Summary { repeated Value value = 1; message Value { string tag = 1; oneof value { float simple_value = 2; } } }
"""


def records(data):
    """The parts of a record file: length, checksum, event, checksum."""
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        yield data[:8], data[8:12], data[12 : 12 + length], data[12 + length : 16 + length]
        data = data[16 + length :]


def decoded(events, folder):
    """(time, step, version or tag, value) of events, by protoc: one message of the kind that repeats them."""
    with open(os.path.join(folder, "event.proto"), "w", encoding="utf-8") as file:
        file.write(PROTO + "message Events { repeated Event event = 1; }\n")
    whole = b"".join(b"\x0a" + length_of(len(event)) + event for event in events)
    told = subprocess.run(
        ["protoc", "--decode=Events", f"--proto_path={folder}", "event.proto"], input=whole, capture_output=True, check=True
    ).stdout.decode()
    for text in told.split("\nevent {"):
        assert not re.search(r"^\s*[0-9]+:", text, re.MULTILINE), text  # a field that the .proto does not have
        found = {name: value for name, value in re.findall(r"(\w+): (\S+)", text)}
        name = found.get("file_version") or found["tag"]
        yield float(found["wall_time"]), int(found.get("step", 0)), name.strip('"'), float(found.get("simple_value", 0))


def length_of(count):
    parts = []
    while count > 127:
        parts.append(count % 128 + 128)
        count //= 128
    return bytes([*parts, count])


class Tensorboard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.home = os.getcwd()
        os.chdir(cls.folder.name)
        small = scenario(**{"network.layers": [784, 10], "dataset.synthetic_train": 100, "train.epochs": 3})
        cls.run_of = mcasim.run(small, "a", progress=False)

    @classmethod
    def tearDownClass(cls):
        os.chdir(cls.home)
        cls.folder.cleanup()

    def test_checksum(self):
        """Known answers of RFC 3720, B.4, and of the catalogue of checksums; of a record its first 8 bytes and checksum as
        TensorFlow's own test has them: length 24 of the first event of any file."""
        known = {bytes(32): 0x8A9136AA, b"\xff" * 32: 0x62A8AB43, bytes(range(32)): 0x46DD794E, b"123456789": 0xE3069283}
        for data, crc in known.items():
            self.assertEqual(tensorboard.crc32c(data), crc)
        self.assertEqual(tensorboard.crc32c(b""), 0)
        # the beginning of every event file that TensorFlow writes: 24 bytes of an event with time and version
        self.assertEqual(tensorboard._record(bytes(24))[:12].hex(), "1800000000000000a37f4b22")

    def test_file(self):
        path = tensorboard.write(self.run_of, "logs")
        self.assertRegex(str(path), r"^logs/a/events\.out\.tfevents\.[0-9]+\.mcasim$")
        parts = list(records(path.read_bytes()))
        for length, first, event, second in parts:
            self.assertEqual((tensorboard._masked(length), tensorboard._masked(event)), (first, second))
        found = list(decoded([event for _, _, event, _ in parts], self.folder.name))
        self.assertEqual(len(found), len(parts))
        self.assertEqual(found[0][1:3], (0, "brain.Event:2"))
        self.assertEqual({time for time, _, _, _ in found}, {os.stat("a/summary.json").st_mtime})
        scalars = {(step, tag): value for _, step, tag, value in found[1:]}
        self.assertEqual(len(scalars), len(found) - 1)
        with open("a/epochs.csv", newline="", encoding="utf-8") as file:
            epochs = list(csv.DictReader(file))
        self.assertEqual([row["epoch"] for row in epochs], ["0", "1", "2", "3"][-len(epochs) :])
        count = 0
        for row in epochs:
            for tag, text in row.items():
                if tag != "epoch" and text:
                    self.assertTrue(math.isclose(scalars[int(row["epoch"]), tag], float(text), rel_tol=2e-6), tag)
                    count += 1
        last = int(epochs[-1]["epoch"])
        for tag, value in self.run_of.figures().items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                self.assertTrue(math.isclose(scalars[last, tag], value, rel_tol=2e-6, abs_tol=1e-44), tag)
                count += tag not in epochs[-1]
        self.assertEqual(count, len(scalars))
        self.assertIn((last, "energy_j.by_phase.forward"), scalars)

    def test_command(self):
        def told(*arguments):
            done = subprocess.run([sys.executable, "-m", "mcasim.tensorboard", *arguments], capture_output=True, text=True)
            return done.returncode, done.stdout, done.stderr

        status, out, err = told("a", "again")
        self.assertEqual((status, err), (0, ""))
        with open(out.strip(), "rb") as file:
            self.assertEqual(file.read(), tensorboard.write("a", "third").read_bytes())
        self.assertEqual(told("a", "again"), (2, "", f"mcasim.tensorboard: {out.strip()}: exists already; force replaces it\n"))
        self.assertEqual(told("a", "again", "--force")[0], 0)
        self.assertEqual(told("none", "again"), (3, "", "mcasim.tensorboard: none: no finished run: it has no summary.json\n"))
        status, _, err = told("a", "/proc/none")
        self.assertEqual((status, err.count("\n")), (3, 1))
        self.assertEqual(told("a")[0], 2)


if __name__ == "__main__":
    unittest.main()
