"""The ledger of a chip in this process."""

from __future__ import annotations

import functools
from typing import Any, Callable, Optional

import numpy as np

from . import _declarations as declared
from ._library import lib, text_of
from ._views import address_of, view


def _names(function: Callable[[int], bytes], count: int) -> tuple:
    return tuple(text_of(function(i)) for i in range(count))


@functools.lru_cache(maxsize=None)
def axes() -> dict:
    """Names along the axes of a ledger: ``phases``, ``components`` and ``resources``."""
    sizes = lib.mca_ledger_axes()
    return {
        "phases": _names(lib.mca_phase_name, sizes.phases),
        "components": _names(lib.mca_component_name, sizes.components),
        "resources": _names(lib.mca_resource_name, sizes.resources),
    }


class Ledger:
    """How often each component acted and how long each resource was busy.

    It looks at the chip's own counts and follows the training; `snapshot` keeps them.

    Attributes
    ----------
    phases, components, resources : tuple of str
        Names along the axes, as in ``ledger.json``.
    """

    def __init__(self, handle: Any, layer_count: int):
        self._handle = handle
        self.layer_count = layer_count
        self.phases = axes()["phases"]
        self.components = axes()["components"]
        self.resources = axes()["resources"]

    def _part(self, layer: Optional[int], times: Optional[int]) -> np.ndarray:
        """The counts of a layer, or the first or second table of times behind them."""
        if layer is not None and not 0 <= layer < self.layer_count:
            raise IndexError(f"the chip has layers 0 to {self.layer_count - 1}, and None for what belongs to none")
        number = declared.CONSTANTS["MCA_NO_LAYER"] if layer is None else layer
        address = lib.mca_chip_ledger_part(self._handle.chip, number)
        phases, row = len(self.phases), lib.mca_ledger_axes().component_stride
        if times is not None:
            shape = (phases, len(self.resources))
            before = phases * (row + times * len(self.resources))
            return view(self._handle, address + 8 * before, np.uint64, shape)
        # behind the chip's components are those of digital designs, which a chip never counts
        shape = (phases, len(self.components))
        return view(self._handle, address, np.uint64, shape, (8 * row, 8))

    def layer_counts(self, layer: Optional[int]) -> np.ndarray:
        """A view of a layer's counts, ``[phases][components]``; None: of what belongs to no layer."""
        return self._part(layer, None)

    def layer_busy_ps(self, layer: Optional[int]) -> np.ndarray:
        """A view of a layer's busy times in picoseconds, ``[phases][resources]``."""
        return self._part(layer, 0)

    def layer_beside_ps(self, layer: Optional[int]) -> np.ndarray:
        """The same of what others than the unit that works longest in each operation work: digital units of tiles."""
        return self._part(layer, 1)

    def _total(self, part: Callable[[Optional[int]], np.ndarray]) -> np.ndarray:
        return sum((part(layer) for layer in range(self.layer_count)), part(None).copy())

    @property
    def counts(self) -> np.ndarray:
        """The whole chip's counts, ``[phases][components]``, as they are now."""
        return self._total(self.layer_counts)

    @property
    def busy_ps(self) -> np.ndarray:
        """The whole chip's busy times, ``[phases][resources]``, as they are now."""
        return self._total(self.layer_busy_ps)

    @property
    def beside_ps(self) -> np.ndarray:
        """Of the busy times, what others than the unit that works longest in each operation work."""
        return self._total(self.layer_beside_ps)

    @property
    def critical_ps(self) -> np.ndarray:
        """Picoseconds of each phase on the critical path, as they are now."""
        times = np.empty(len(self.phases), np.uint64)
        lib.mca_chip_critical_ps(self._handle.chip, address_of(times))
        return times

    def count(self, component: str, phase: Optional[str] = None) -> int:
        """How often a component acted, in a phase or in all of them."""
        column = self.counts[:, self.components.index(component)]
        return int(column.sum() if phase is None else column[self.phases.index(phase)])

    def snapshot(self) -> dict:
        """The counts as ``ledger.json`` of a run has them: dictionaries by phase and component or resource."""

        def named(table: np.ndarray, names: tuple) -> dict:
            return {
                phase: {name: int(value) for name, value in zip(names, row)}
                for phase, row in zip(self.phases, table)
            }

        return {
            "counts": named(self.counts, self.components),
            "busy_ps": named(self.busy_ps, self.resources),
            "critical_ps": {p: int(ps) for p, ps in zip(self.phases, self.critical_ps)},
            "beside_ps": named(self.beside_ps, self.resources),
            "layers": [
                {
                    "layer": layer,
                    "counts": named(self.layer_counts(layer), self.components),
                    "busy_ps": named(self.layer_busy_ps(layer), self.resources),
                    "beside_ps": named(self.layer_beside_ps(layer), self.resources),
                }
                for layer in (*range(self.layer_count), None)
            ],
        }

    def frame(self) -> Any:
        """Every count above 0 as a pandas frame: layer, phase, component, count."""
        from .results import pandas

        rows = [
            (layer, phase, component, int(count))
            for layer in (*range(self.layer_count), None)
            for phase, row in zip(self.phases, self.layer_counts(layer))
            for component, count in zip(self.components, row)
            if count
        ]
        return pandas().DataFrame(rows, columns=["layer", "phase", "component", "count"])
