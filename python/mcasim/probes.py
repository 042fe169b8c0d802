"""Listening to a chip at work."""

from __future__ import annotations

import ctypes
import dataclasses
import weakref
from typing import Any, Callable, Optional

import numpy as np

from . import _declarations as declared
from ._library import lib, text_of
from ._views import view

NO_LAYER = declared.CONSTANTS["MCA_NO_LAYER"]


def layer_of(number: int) -> Optional[int]:
    """A layer's number, or None for what belongs to none."""
    return None if number == NO_LAYER else number


@dataclasses.dataclass(frozen=True)
class Occupied:
    """An operation as it is booked on the timeline: what, where, and when in picoseconds."""

    resource: str
    phase: str
    layer: Optional[int]
    unit: int
    name: str
    start_ps: int
    end_ps: int
    busy_ps: int
    queued_ps: int
    beside_ps: int


@dataclasses.dataclass(frozen=True)
class Codes:
    """A read of a tile: lines ``first ..`` of a layer, ADC codes, or with ideal converters sums in uS.

    `values` looks at the chip's own memory, which holds while the callback runs; copy what is to be kept.
    """

    layer: int
    backward: bool
    read: int
    sign: int
    first: int
    values: np.ndarray


@dataclasses.dataclass(frozen=True)
class Update:
    """An update of a layer before chi changes: the rows that are driven and their codes (fixed
    arithmetic) or values (float), and the errors times the rate. Arrays hold while the callback runs."""

    layer: int
    rows: np.ndarray
    codes: Optional[np.ndarray]
    values: Optional[np.ndarray]
    errors: Optional[np.ndarray]
    shift: int


@dataclasses.dataclass(frozen=True)
class Command:
    """A pulse command: pulses on G+ (above 0) or G- of a pair, and its cycles in the queue of its tile."""

    layer: int
    row: int
    col: int
    pulses: int
    taken_cycle: int
    left_cycle: int


@dataclasses.dataclass(frozen=True)
class DigitalOperation:
    """An operation of the digital unit, as it ends: ``forward``, ``error`` or ``update``."""

    kind: str
    layer: Optional[int]
    phase: str
    start_cycle: int
    cycles: int


def _array(owner: Any, address: Optional[int], dtype: Any, count: int) -> Optional[np.ndarray]:
    if not address:
        return None
    return view(owner, address, dtype, (count,)) if count else np.empty(0, dtype)


class _Ear:
    """What callbacks of C need: no reference to the functions of C themselves, so that all of it is
    freed as soon as it is given up."""

    def __init__(self, chip: Any):
        self._handle = chip._handle
        self._columns = [layer.outputs for layer in chip.layers]
        self.fault: Optional[BaseException] = None

    def guarded(self, translate: Callable, callback: Callable) -> Callable:
        def tell(_user: Any, *arguments: Any) -> None:
            if self.fault is None:
                try:
                    callback(translate(*arguments))
                except BaseException as fault:  # raised by raise_fault, in the caller's own call
                    self.fault = fault

        return tell

    def _occupied(self, operation: Any, occupation: Any) -> Occupied:
        what, when = operation.contents, occupation.contents
        return Occupied(
            text_of(lib.mca_resource_name(what.resource)),
            text_of(lib.mca_phase_name(what.phase)),
            layer_of(what.layer),
            what.unit,
            text_of(what.name),
            when.start_ps,
            when.end_ps,
            when.busy_ps,
            when.queued_ps,
            when.beside_ps,
        )

    def _codes(self, codes: Any) -> Codes:
        of = codes.contents
        values = _array(self._handle, of.code, np.int32, of.count)
        return Codes(of.layer, bool(of.backward), getattr(of, "pass"), of.sign, of.first, values)

    def _sums(self, codes: Any) -> Codes:
        of = codes.contents
        values = _array(self._handle, of.sum_us, np.float64, of.count)
        return Codes(of.layer, bool(of.backward), getattr(of, "pass"), of.sign, of.first, values)

    def _update(self, layer: int, update: Any) -> Update:
        of = update.contents
        columns = self._columns[layer]
        errors = (
            _array(self._handle, of.error_real, np.float64, columns)
            if of.error_real
            else _array(self._handle, of.error, np.int32, columns)
        )
        return Update(
            layer,
            _array(self._handle, of.row, np.uint32, of.count),
            _array(self._handle, of.code, np.int32, of.count),
            _array(self._handle, of.value, np.float64, of.count),
            errors,
            of.shift,
        )

    def _command(self, command: Any) -> Command:
        of = command.contents
        return Command(of.layer, of.row, of.col, of.pulses, of.taken_cycle, of.left_cycle)

    def _operation(self, operation: Any) -> DigitalOperation:
        of = operation.contents
        step = of.step.contents
        constants = declared.CONSTANTS
        kind = (
            "update"
            if step.kind == constants["MCA_STEP_UPDATE"]
            else "forward"
            if step.vector == constants["MCA_VECTOR_ACTIVATION"]
            else "error"
        )
        phase = text_of(lib.mca_phase_name(step.phase))
        return DigitalOperation(kind, layer_of(step.layer), phase, of.start_cycle, of.cycles)

    def _chi_written(self, layer: int, row: int, col: int) -> tuple:
        return layer, row, col


class Probe:
    """Callbacks of a chip's traffic, made by `Chip.probe`; a context manager that detaches.

    An exception in a callback is raised again by the call that trains, after the images of its
    block; nothing more is told until then.
    """

    def __init__(self, chip: Any, callbacks: dict):
        self._chip = weakref.ref(chip)
        self._handle = chip._handle
        self._ear = _Ear(chip)
        self._struct = declared.ChipProbe()
        kinds = dict(declared.ChipProbe._fields_[1:-1])
        self._kept = []  # functions of C live as long as the probe
        for name, callback in callbacks.items():
            if name not in kinds:
                raise TypeError(f"a probe hears {', '.join(kinds)}, not {name!r}")
            function = kinds[name](self._ear.guarded(getattr(self._ear, f"_{name}"), callback))
            self._kept.append(function)
            setattr(self._struct, name, function)
        lib.mca_chip_attach(self._handle.chip, ctypes.byref(self._struct))
        self._attached = True

    def raise_fault(self) -> None:
        """Raises what a callback raised, once."""
        fault, self._ear.fault = self._ear.fault, None
        if fault is not None:
            raise fault

    def detach(self) -> None:
        """Listens no longer; nothing to do where it does not."""
        if self._attached:
            self._attached = False
            lib.mca_chip_detach(self._handle.chip, ctypes.byref(self._struct))
            chip = self._chip()
            if chip is not None:
                chip._probes.remove(self)

    def __enter__(self) -> "Probe":
        return self

    def __exit__(self, *_: Any) -> None:
        self.detach()
