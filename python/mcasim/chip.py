"""A chip in this process."""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
import time
from typing import Any, Callable, Iterator, NamedTuple, Optional, Union

import numpy as np

from . import _declarations as declared
from ._library import call, lib, optional_path, path_of, text_of
from ._views import address_of, view
from .data import _load_into, as_labels, as_pixels
from .errors import ContentError
from .ledger import Ledger
from .probes import Probe
from .scenario import Scenario, _Study

OUTCOME = np.dtype(
    {
        "names": [name for name, _ in declared.ImageOutcome._fields_],
        "formats": [np.uint32, np.float64],
        "offsets": [declared.ImageOutcome.predicted.offset, declared.ImageOutcome.loss.offset],
        "itemsize": ctypes.sizeof(declared.ImageOutcome),
    }
)
"""What an image gave: ``predicted``, the class of the largest output, and ``loss``."""

BLOCK_S = 0.02
"""About as long a chip trains without a look at signals and probes; at most some times that."""

_ELEMENTS = {
    declared.CONSTANTS[f"MCA_ELEMENT_{name}"]: np.dtype(kind)
    for name, kind in {
        "U8": np.uint8,
        "U16": np.uint16,
        "U32": np.uint32,
        "I16": np.int16,
        "I32": np.int32,
        "F64": np.float64,
    }.items()
}


class _Handle:
    """A chip and the study that it belongs to: what views of it keep alive."""

    def __init__(self, study: _Study):
        self.study = study
        self.chip = lib.mca_study_chip(study.pointer)


class Pair(NamedTuple):
    """Arrays of the two devices of each weight, ``[inputs][outputs]``."""

    plus: np.ndarray
    minus: np.ndarray


class Layer:
    """A layer of a chip: what its devices and accumulators hold.

    Arrays are ``[inputs][outputs]``, the bias row last, and look at the chip's own memory: they are
    read only and follow the training. Copy what is to be kept.

    Attributes
    ----------
    index : int
    inputs, outputs : int
        Of its matrix; 0 of a layer without one.
    weight_unit : float
        The conductance difference of a weight of 1, in uS; of a digital layer what a unit of its
        words weighs.
    """

    def __init__(self, handle: _Handle, index: int):
        self._handle = handle
        self.index = index
        rows, cols = ctypes.c_uint32(), ctypes.c_uint32()
        lib.mca_chip_matrix_size(handle.chip, index, ctypes.byref(rows), ctypes.byref(cols))
        self.inputs, self.outputs = rows.value, cols.value
        self.weight_unit = lib.mca_chip_weight_unit(handle.chip, index)

    def _array(self, name: str) -> tuple:
        """An array by its name in libmca and what an element of 1 stands for; None where there is none."""
        found = declared.ArrayView()
        number = declared.CONSTANTS[f"MCA_CHIP_{name}"]
        if not lib.mca_chip_array(self._handle.chip, self.index, number, ctypes.byref(found)):
            return None, 1.0
        dtype = _ELEMENTS[found.element]
        strides = (found.stride * dtype.itemsize, found.step * dtype.itemsize)
        shape = (found.rows, found.cols)
        return view(self._handle, found.data, dtype, shape, strides), found.unit

    def _pair(self, name: str) -> Optional[Pair]:
        plus, minus = self._array(f"{name}_PLUS")[0], self._array(f"{name}_MINUS")[0]
        return None if plus is None else Pair(plus, minus)

    @property
    def conductance_codes(self) -> Optional[Pair]:
        """Views of what pulsed devices conduct, in steps of `conductance_step_us`; None of others."""
        return self._pair("G")

    @property
    def conductance_step_us(self) -> Optional[float]:
        """The conductance of a code of 1, in uS; None of other than pulsed devices."""
        array, unit = self._array("G_PLUS")
        return None if array is None else unit

    @property
    def conductances_us(self) -> Optional[Pair]:
        """What pulsed devices conduct without noise, in uS: new arrays; None of others."""
        codes = self.conductance_codes
        if codes is None:
            return None
        step = self.conductance_step_us
        return Pair(codes.plus * step, codes.minus * step)

    @property
    def difference_us(self) -> Optional[np.ndarray]:
        """G+ - G- in uS: of continuous devices a view, of pulsed ones a new array, None without devices."""
        continuous = self._array("WEIGHT_US")[0]
        if continuous is not None:
            return continuous
        pair = self.conductances_us
        return None if pair is None else pair.plus - pair.minus

    @property
    def weights(self) -> Optional[np.ndarray]:
        """The weights without noise, a new array of float64; None of a layer without any."""
        if not self.inputs:
            return None
        weights = np.empty((self.inputs, self.outputs))
        lib.mca_chip_weights(self._handle.chip, self.index, address_of(weights))
        return weights

    @property
    def pulses(self) -> Optional[Pair]:
        """Views of SET pulses since a device's last RESET, up to 255; None of other than pulsed devices."""
        return self._pair("PULSES")

    @property
    def writes(self) -> Optional[Pair]:
        """Views of SET and RESET pulses ever; None of other than pulsed devices."""
        return self._pair("WRITES")

    @property
    def chi_words(self) -> Optional[np.ndarray]:
        """A view of the accumulators, as they are held; None without chi."""
        return self._array("CHI")[0]

    @property
    def chi(self) -> Optional[np.ndarray]:
        """Chi in epsilons, a new array of float64 (of a digital layer its weights); None without chi."""
        words, unit = self._array("CHI")
        return None if words is None else words * unit

    def __repr__(self) -> str:
        return f"Layer({self.index}: {self.inputs} x {self.outputs})"


class Chip:
    """A chip: created with its initial weights programmed, to be trained and looked at.

    Parameters
    ----------
    scenario : str, path or Scenario, optional
        As for `Scenario`.
    weights : str or path, optional
        Weights to begin with, as ``mcasim run --weights`` takes them: an ``.npz``, a directory of
        ``.npy`` files, or the ``weights/`` of a run.
    images : array of uint8, optional
        Training images from which full scales are found that the network leaves open. Without them
        the data of the scenario are loaded where there is such.
    data : str or path, optional
        The folder of public data, where they are loaded.
    **changes
        Keys of the scenario to change, as for `Scenario`.

    Notes
    -----
    It is the chip that ``mcasim run`` trains: the same images in the same order give the same
    weights, counts and times, to the byte. One thread at a time may use it.

    Examples
    --------
    >>> chip = Chip("synthetic-quick")
    >>> data = load_data(chip.scenario)
    >>> chip.set_rate(0.05)
    >>> outcomes = chip.train(data.train.pixels, data.train.labels)
    >>> accuracy = chip.accuracy(data.test.pixels, data.test.labels)
    """

    def __init__(
        self,
        scenario: Optional[Union[str, os.PathLike, Scenario]] = None,
        /,
        *,
        weights: Optional[Union[str, os.PathLike]] = None,
        images: Any = None,
        data: Optional[Union[str, os.PathLike]] = None,
        **changes: Any,
    ):
        self._scenario = Scenario(scenario, **changes)
        study = self._scenario._study.copy()
        if images is not None:
            _give_images(study, images)
        elif lib.mca_study_needs_images(study.pointer):
            _load_into(study, data)
        call(lib.mca_study_create_chip, study.pointer, optional_path(weights), None)
        self._handle_or_none: Optional[_Handle] = _Handle(study)
        chip = self._handle.chip
        self.inputs: int = lib.mca_chip_inputs(chip)
        self.outputs: int = lib.mca_chip_outputs(chip)
        count = lib.mca_chip_layer_count(chip)
        self._layers = tuple(Layer(self._handle, i) for i in range(count))
        self._probes: list = []
        self._tests = 0
        self._block = 16  # images, until it is known what they take
        self._work = threading.Lock()
        self._is_aged = False
        self.set_rate(self._scenario["train.learning_rate"], self._scenario["train.batch"])

    @property
    def _handle(self) -> _Handle:
        if self._handle_or_none is None:
            raise ValueError("the chip is closed")
        return self._handle_or_none

    @property
    def scenario(self) -> Scenario:
        """A copy of the scenario that the chip was made of."""
        return self._scenario.copy()

    @property
    def layers(self) -> tuple:
        """The layers of the network, each a `Layer`."""
        self._handle
        return self._layers

    @contextlib.contextmanager
    def _at_work(self, changes: bool = True) -> Iterator[_Handle]:
        """The chip for one piece of work: neither another thread nor a probe's function may come between."""
        if not self._work.acquire(blocking=False):
            raise RuntimeError("the chip is at work, in another thread or for the probe that calls this")
        try:
            handle = self._handle
            if changes and self._is_aged:
                raise RuntimeError("the chip is aged, for tests alone")
            yield handle
        finally:
            self._work.release()

    # --- training and tests

    def set_rate(self, learning_rate: float, batch: int = 1) -> None:
        """Sets the learning rate of the images that follow, in mini-batches of `batch` images.

        A chip begins with the scenario's ``train.learning_rate`` and ``train.batch``.
        """
        if not learning_rate >= 0 or not 1 <= batch < 2**32:
            raise ValueError(f"no learning rate and batch: {learning_rate}, {batch}")
        with self._at_work() as handle:
            lib.mca_chip_set_rate(handle.chip, learning_rate, batch)

    def train(self, images: Any, labels: Any, *, order: Any = None) -> np.ndarray:
        """Trains on images, one after the other.

        Parameters
        ----------
        images : array of uint8
            ``[images][...]`` with `inputs` values each, 0 to 255, or one image. Used as it is where
            it is contiguous.
        labels : array of int
            A class for each.
        order : array of int, optional
            Which images, in which order; without it all of them, as they come.

        Returns
        -------
        numpy.ndarray
            ``predicted`` and ``loss`` of each image, as it was trained on.

        Raises
        ------
        ContentError
            Where a label is no output.
        KeyboardInterrupt
            Between two images; the chip is whole and can be trained on (``stats()["images"]`` says
            how many it was trained on).

        Notes
        -----
        A mini-batch that the images do not fill stays open; `end_batch` ends it.
        """
        pixels = as_pixels(images, self.inputs)
        classes = as_labels(labels, len(pixels))
        places = None if order is None else _as_order(order, len(pixels))
        count = len(pixels) if places is None else len(places)
        outcomes = np.empty(count, OUTCOME)
        with self._at_work() as handle:
            first = 0
            while first < count:
                first += self._train_block(handle, pixels, classes, places, outcomes, first)
                self._raise_faults()
        return outcomes

    def _train_block(
        self,
        handle: _Handle,
        pixels: np.ndarray,
        classes: np.ndarray,
        places: Optional[np.ndarray],
        outcomes: np.ndarray,
        first: int,
    ) -> int:
        """Trains on some of the images from the `first` on, and returns how many they were."""
        block = min(self._block, len(outcomes) - first)
        if places is None:
            from_image, from_class, order = first * self.inputs, first, None
        else:
            from_image, from_class, order = 0, 0, address_of(places) + 4 * first
        what = declared.ChipImages(
            address_of(pixels) + from_image, address_of(classes) + from_class, order, block
        )
        start = time.perf_counter()
        call(
            lib.mca_chip_train_images,
            handle.chip,
            ctypes.byref(what),
            declared.ImageOutcome.from_address(address_of(outcomes) + first * OUTCOME.itemsize),
            ctypes.byref(ctypes.c_uint32()),
        )
        taken = time.perf_counter() - start
        if taken > 2 * BLOCK_S:
            self._block = max(1, block // 2)
        elif taken < BLOCK_S / 2 and block == self._block:
            self._block *= 2
        return block

    def end_batch(self) -> None:
        """Ends a mini-batch early: its pulses are sent. Nothing to do when none are waiting."""
        with self._at_work() as handle:
            lib.mca_chip_end_batch(handle.chip)
            self._raise_faults()

    def infer(
        self, images: Any, *, threads: Optional[int] = None, test: Optional[int] = None
    ) -> np.ndarray:
        """Classifies images through the same noisy arrays as training.

        Parameters
        ----------
        images : array of uint8
            As for `train`.
        threads : int, optional
            The machine's cores; results do not depend on it.
        test : int, optional
            The number by which noise is drawn; without it one more than the last test's, from
            ``train.first_test`` on.

        Returns
        -------
        numpy.ndarray of uint16
            The class of each image.
        """
        pixels = as_pixels(images, self.inputs)
        predicted = np.empty(len(pixels), np.uint16)
        if not len(pixels):
            return predicted
        number = self._scenario["train.first_test"] + self._tests if test is None else test
        with self._at_work(changes=False) as handle:
            call(
                lib.mca_chip_infer,
                handle.chip,
                address_of(pixels),
                len(pixels),
                number,
                lib.mca_default_threads() if threads is None else threads,
                address_of(predicted),
            )
        self._tests += test is None
        return predicted

    def accuracy(self, images: Any, labels: Any, **options: Any) -> float:
        """The part of the images that `infer`, which takes the options, takes for what they are."""
        predicted = self.infer(images, **options)
        return float(np.mean(predicted == as_labels(labels, len(predicted))))

    @contextlib.contextmanager
    def aged(self, age_s: float, seed: int = 0) -> Iterator["Chip"]:
        """The chip as it is some seconds after it was programmed, for tests alone: a context manager.

        Parameters
        ----------
        age_s : float
        seed : int
            Which drift exponents and deviations of devices are drawn.
        """
        ageing = declared.Ageing(age_s, seed)
        with self._at_work() as handle:  # which stays while it is aged
            call(lib.mca_chip_age, handle.chip, ctypes.byref(ageing))
            self._is_aged = True
        try:
            yield self
        finally:
            self._is_aged = False
            lib.mca_chip_end_ageing(handle.chip)

    # --- what it has counted

    @property
    def ledger(self) -> Ledger:
        """How often each component acted and how long each resource was busy, by layer and phase."""
        return Ledger(self._handle, len(self._layers))

    def stats(self) -> dict:
        """Counters beside the ledger: images, pulse commands, clipped conversions, refreshes ..."""
        stats = lib.mca_chip_stats_of(self._handle.chip).contents
        return {name: getattr(stats, name) for name, _ in stats._fields_}

    @property
    def time_ps(self) -> int:
        """The chip's own time of training so far, in picoseconds."""
        return lib.mca_chip_time_ps(self._handle.chip)

    @property
    def init_time_ps(self) -> int:
        """What programming the initial weights took."""
        return lib.mca_chip_init_time_ps(self._handle.chip)

    @property
    def test_latency_ps(self) -> int:
        """Of an image of the last test, alone on a chip at rest; 0 before any."""
        return lib.mca_chip_test_latency_ps(self._handle.chip)

    # --- listening

    def probe(self, **callbacks: Callable) -> Probe:
        """Has functions called while the chip trains; values and times do not depend on it.

        Parameters
        ----------
        **callbacks
            ``occupied`` (`Occupied`: every operation as it is booked), ``codes`` and ``sums``
            (`Codes`: reads, with converters or ideal ones), ``update`` (`Update`), ``command``
            (`Command`), ``operation`` (`DigitalOperation`), ``chi_written`` (a tuple layer, row,
            column). Each gets one argument.

        Returns
        -------
        Probe
            To be used in a ``with`` statement, or to be detached.
        """
        probe = Probe(self, callbacks)
        self._probes.append(probe)
        return probe

    def _raise_faults(self) -> None:
        for probe in self._probes:
            probe.raise_fault()

    # --- keeping

    def save_weights(self, folder: Union[str, os.PathLike]) -> None:
        """Writes the exact state of devices and chi, as a run's ``weights/`` has it; the folder is made."""
        os.makedirs(folder, exist_ok=True)
        call(lib.mca_weights_save, self._handle.chip, path_of(folder))

    def load_weights(self, folder: Union[str, os.PathLike]) -> None:
        """Takes what `save_weights` of a chip of the same network, devices and arithmetic wrote.

        Where that fails the chip is closed: it would be neither the one nor the other.
        """
        with self._at_work() as handle:
            try:
                call(lib.mca_weights_load, handle.chip, path_of(folder))
            except BaseException:
                self.close()
                raise

    def copy_weights(self, chip: "Chip") -> None:
        """Takes the conductances of another chip of the same network and devices; nothing else of it."""
        if [(x.inputs, x.outputs) for x in chip.layers] != [(x.inputs, x.outputs) for x in self.layers]:
            raise ValueError("the chips are of different networks")
        if self._scenario["device.model"] != chip._scenario["device.model"]:
            raise ValueError("the chips are of different devices")
        with self._at_work() as handle:
            lib.mca_chip_copy_weights(handle.chip, chip._handle.chip)

    def state(self) -> bytes:
        """All that training changes, for `restore`: of a chip between two images."""
        parts: list = []

        def part(_user: Any, data: int, size: int) -> int:
            parts.append(size.to_bytes(8, "little"))
            parts.append(ctypes.string_at(data, size))
            return 1

        visitor = declared.ChipVisitor(part=declared.PartFunction(part))
        with self._at_work() as handle:
            lib.mca_chip_save_parts(handle.chip, ctypes.byref(visitor))
        return b"".join(parts)

    def restore(self, state: bytes) -> None:
        """Becomes the chip that `state` was taken of, which has the same scenario.

        It goes on as that one would have: the same values, counts and times. Where the state is of
        another chip this one is closed.
        """
        at = 0

        def part(_user: Any, data: int, size: int) -> int:
            nonlocal at
            if int.from_bytes(state[at : at + 8], "little") != size or len(state) < at + 8 + size:
                return 0
            ctypes.memmove(data, state[at + 8 : at + 8 + size], size)
            at += 8 + size
            return 1

        visitor = declared.ChipVisitor(part=declared.PartFunction(part))
        with self._at_work() as handle:
            try:
                call(lib.mca_chip_load_parts, handle.chip, ctypes.byref(visitor))
                if at != len(state):
                    raise ContentError("the state is of another chip", declared.CONSTANTS["MCA_INVALID"])
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Gives the chip up. Its memory is freed when no array looks at it any more."""
        if self._handle_or_none is not None:
            for probe in list(self._probes):
                probe.detach()
        self._handle_or_none = None
        self._layers = ()

    def __enter__(self) -> "Chip":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._handle_or_none is None:
            return "Chip(closed)"
        sizes = ", ".join(f"{layer.inputs} x {layer.outputs}" for layer in self._layers if layer.inputs)
        return f"Chip({self.inputs} values, {self.outputs} classes; {sizes})"


def _as_order(order: Any, count: int) -> np.ndarray:
    array = np.asarray(order)
    if array.ndim != 1 or not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"an order is a list of whole numbers, not an array of {array.dtype} of the shape {array.shape}")
    if array.size and (array.min() < 0 or array.max() >= count):
        raise ValueError(f"an order of {count} images is of numbers below {count}")
    return np.ascontiguousarray(array, np.uint32)


def _give_images(study: _Study, images: Any) -> None:
    """Training images of any shape, of which full scales are found; a copy is libmca's."""
    array = np.asarray(images)
    if array.ndim < 2 or len(array) == 0:
        raise ValueError(f"images are arrays [images][...], not of the shape {array.shape}")
    pixels = as_pixels(array, int(array[0].size))
    shape = array.shape[1:] if array.ndim == 4 else (*array.shape[1:], 1) if array.ndim == 3 else (1, 1, array[0].size)
    rows, cols, channels = shape if len(shape) == 3 else (1, 1, int(array[0].size))
    given = declared.ImageSet(len(pixels), rows, cols, address_of(pixels), None, channels)
    call(lib.mca_study_give_images, study.pointer, ctypes.byref(given))
