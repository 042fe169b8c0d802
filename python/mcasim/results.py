"""Results: runs, sweeps and comparisons as dictionaries, pandas frames and NumPy arrays."""

from __future__ import annotations

import csv
import difflib
import functools
import json
import math
import os
from pathlib import Path
from types import ModuleType
from typing import Any, Mapping, NamedTuple, Optional, Union

import numpy as np

from .errors import ContentError, SystemRefusedError
from .scenario import Scenario

PathText = Union[str, os.PathLike]


def pandas() -> ModuleType:
    """pandas, or an error that says what to do."""
    try:
        import pandas as module
    except ImportError:
        raise ImportError("frames need pandas (Debian's python3-pandas); arrays and dictionaries do not") from None
    return module


def _number(text: str) -> Any:
    """A cell of a table: a whole number, a number, nothing, or a text."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text if text else None


class _Directory:
    """A directory of results; files are read when they are asked for, and once."""

    _whole = ""  # the file without which it is none
    _what = ""

    def __init__(self, path: PathText):
        self.path = Path(path)
        if not (self.path / self._whole).is_file():
            raise SystemRefusedError(f"{self.path}: no {self._what}: it has no {self._whole}", 3)

    def json(self, name: str) -> Any:
        """A file of JSON, as dictionaries and lists."""
        try:
            return json.loads((self.path / name).read_text(encoding="utf-8"))
        except json.JSONDecodeError as fault:
            raise ContentError(f"{self.path / name}:{fault.lineno}: no JSON: {fault.msg}", 2) from None
        except FileNotFoundError:
            raise SystemRefusedError(f"{self.path / name}: No such file or directory", 3) from None

    def rows(self, name: str) -> list:
        """A table, ``"epochs"`` for ``epochs.csv``: a dictionary a row; numbers are numbers, empty cells None."""
        try:
            with open(self.path / f"{name}.csv", newline="", encoding="utf-8") as file:
                return [{k: _number(v) for k, v in row.items()} for row in csv.DictReader(file)]
        except FileNotFoundError:
            raise SystemRefusedError(f"{self.path / name}.csv: No such file or directory", 3) from None

    def array(self, name: str, column: str) -> np.ndarray:
        """A column of a table as numbers; empty cells are NaN."""
        rows = self.rows(name)
        if rows and column not in rows[0]:
            raise KeyError(column)
        return np.array([np.nan if row[column] is None else row[column] for row in rows], float)

    def frame(self, name: str) -> Any:
        """A table as a pandas frame."""
        path = self.path / f"{name}.csv"
        if not path.is_file():
            raise SystemRefusedError(f"{path}: No such file or directory", 3)
        return pandas().read_csv(path)

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.path)!r})"


class Range(NamedTuple):
    """A figure, and the least and most that it may be."""

    value: float
    low: float
    high: float


class Run(_Directory):
    """A finished run.

    Parameters
    ----------
    path : str or path
        Its directory.

    Attributes
    ----------
    path : pathlib.Path
    """

    _whole = "summary.json"
    _what = "finished run"

    @functools.cached_property
    def summary(self) -> dict:
        """``summary.json``: every result."""
        return self.json("summary.json")

    @functools.cached_property
    def ledger(self) -> dict:
        """``ledger.json``: everything that was counted."""
        return self.json("ledger.json")

    @functools.cached_property
    def chip(self) -> dict:
        """``chip.json``: distributions and wear."""
        return self.json("chip.json")

    @functools.cached_property
    def timeline(self) -> dict:
        """``timeline.json``: the operations of one image."""
        return self.json("timeline.json")

    @property
    def scenario(self) -> Scenario:
        """The scenario as it was run."""
        return Scenario(self.path / "scenario.yaml")

    @property
    def accuracy(self) -> Optional[float]:
        """Of the last test; None where nothing was tested."""
        return self["accuracy.test_final"]

    @property
    def energy_j(self) -> float:
        """Of the training, dynamic and static; of a test alone, of the test."""
        return self["energy_j.total"]

    @property
    def energy_per_image_j(self) -> Range:
        """The same per image, with the range of the library's figures."""
        images = self["energy_j.total"] / self["energy_j.per_image"]
        return Range(self["energy_j.per_image"], self["energy_j.low"] / images, self["energy_j.high"] / images)

    @property
    def time_s(self) -> float:
        """The chip's own time."""
        return self["latency_s.total"]

    @property
    def area_mm2(self) -> float:
        """Of the whole chip."""
        return self["area_mm2.total"]

    def __getitem__(self, key: str) -> Any:
        """A figure of `summary` by its key: ``run["energy_j.by_phase.forward"]``, ``run["layers.0.kind"]``."""
        value: Any = self.summary
        for part in key.split("."):
            try:
                value = value[int(part)] if isinstance(value, list) else value[part]
            except (KeyError, IndexError, ValueError, TypeError):
                raise KeyError(key + self._meant(key)) from None
        return value

    def _meant(self, key: str) -> str:
        keys = difflib.get_close_matches(key, self.figures(), 1)
        return f"; did you mean {keys[0]}?" if keys else "; run.figures() has all"

    def figures(self) -> dict:
        """Every number and text of `summary` by its key, on one level."""
        flat: dict = {}

        def walk(prefix: str, value: Any) -> None:
            if isinstance(value, Mapping):
                for name, item in value.items():
                    walk(f"{prefix}.{name}" if prefix else name, item)
            elif isinstance(value, list):
                for i, item in enumerate(value):
                    walk(f"{prefix}.{i}", item)
            else:
                flat[prefix] = value

        walk("", self.summary)
        return flat

    @property
    def epochs(self) -> Any:
        """``epochs.csv`` as a pandas frame; `rows` and `array` have it without pandas."""
        return self.frame("epochs")

    @property
    def energy(self) -> Any:
        """``energy.csv`` as a pandas frame."""
        return self.frame("energy")

    @property
    def layers(self) -> Any:
        """The figures of each layer as a pandas frame, a row a layer; the last is what belongs to none."""
        return pandas().json_normalize(self.summary["layers"])

    @functools.cached_property
    def confusion(self) -> np.ndarray:
        """Images of the last test, ``[class][what they were taken for]``."""
        counts = np.array(self.ledger["confusion"], np.int64)
        classes = math.isqrt(counts.size)
        return counts.reshape(classes, classes)

    def weights(self) -> dict:
        """The trained weights, ``weights.npz``, as arrays by PyTorch's names."""
        with np.load(self.path / "weights.npz") as file:
            return {name: file[name] for name in file.files}

    def state(self, layer: int, name: str) -> np.ndarray:
        """An array of a layer's exact state: ``g_plus``, ``chi`` ... of ``weights/``."""
        return np.load(self.path / "weights" / f"layer{layer}_{name}.npy")

    def explain(self, key: Optional[str] = None) -> Any:
        """`mcasim.explain` of this run."""
        from .program import explain

        return explain(self, key)

    def infer(self, output: Optional[PathText] = None, **options: Any) -> "Run":
        """`mcasim.infer` of this run's chip."""
        from .runs import infer

        return infer(self, output, **options)

    def _repr_html_(self) -> str:
        def cell(label: str, value: Any, unit: str) -> str:
            text = "" if value is None else f"{value:.4g} {unit}"
            return f"<tr><td>{label}</td><td>{text}</td></tr>"

        return (
            f"<table><caption>{self.path}</caption>"
            + cell("accuracy", self.accuracy, "")
            + cell("energy", self.energy_j, "J")
            + cell("time", self.time_s, "s")
            + cell("area", self.area_mm2, "mm2")
            + "</table>"
        )


class Sweep(_Directory):
    """A sweep whose points are done.

    Parameters
    ----------
    path : str or path
        Its directory.
    """

    _whole = "sweep.json"
    _what = "finished sweep"

    @functools.cached_property
    def result(self) -> dict:
        """``sweep.json``: plan and results."""
        return self.json("sweep.json")

    @property
    def points(self) -> Any:
        """``sweep.csv`` as a pandas frame, a row a point."""
        return self.frame("sweep")

    @property
    def groups(self) -> Any:
        """``groups.csv`` as a pandas frame: means and intervals over seeds."""
        return self.frame("groups")

    @property
    def pareto(self) -> Any:
        """``pareto.csv`` as a pandas frame: what no other setting beats."""
        return self.frame("pareto")

    @property
    def layers(self) -> Any:
        """``layers.csv`` as a pandas frame: a row a point and layer."""
        return self.frame("layers")

    def runs(self) -> list:
        """The runs of the points that are done, in the order of ``sweep.csv``."""
        return [
            Run(folder)
            for folder in (self.path / "points" / name for name in self._hashes())
            if (folder / Run._whole).is_file()
        ]

    def _hashes(self) -> list:
        with open(self.path / "sweep.csv", newline="", encoding="utf-8") as file:
            return [row["point"] for row in csv.DictReader(file)]  # texts: one of digits is no number


class Comparison(dict):
    """What ``mcasim compare --json`` tells of runs: `dict`, with a frame."""

    def frame(self) -> Any:
        """The figures as a pandas frame: a row a figure, a column a run."""
        names = [run["dir"] for run in self["runs"]]
        rows = {figure["name"]: figure["values"] for figure in self["results"]}
        return pandas().DataFrame.from_dict(rows, orient="index", columns=names)


class Explanation(dict):
    """A figure taken apart: ``key``, ``value``, ``unit``, ``meaning``, ``terms`` ... as ``mcasim explain --json`` has it."""

    @property
    def value(self) -> Any:
        """The figure."""
        return self["value"]

    def frame(self) -> Any:
        """The terms as a pandas frame."""
        return pandas().DataFrame(self["terms"])

    def __str__(self) -> str:
        lines = [f"{self['key']} = {self['value']} {self['unit']}", self["meaning"] or ""]
        lines += [f"  {term['name']} {term['value']}" for term in self["terms"]]
        return "\n".join(lines)
