"""Images: those that a scenario names, and what arrays are taken for images."""

from __future__ import annotations

import ctypes
import dataclasses
import os
import warnings
from typing import Any, Optional, Union

import numpy as np

from . import _declarations as declared
from ._library import call, lib, optional_path, text_of
from ._views import view
from .errors import Notice
from .scenario import Scenario, _Study


@dataclasses.dataclass(frozen=True)
class Images:
    """Images with their labels.

    Attributes
    ----------
    pixels : numpy.ndarray of uint8
        ``[images][rows][columns][channels]``; flat images of n values are 1 x 1 x n.
    labels : numpy.ndarray of uint8
        Classes, ``[images]``.
    """

    pixels: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, which: Any) -> "Images":
        if isinstance(which, (int, np.integer)):
            which = slice(which, which + 1 or None)
        return Images(self.pixels[which], self.labels[which])


@dataclasses.dataclass(frozen=True)
class Data:
    """A data set.

    Attributes
    ----------
    name : str
        What was loaded: where a scenario says ``auto``, ``mnist`` or ``synthetic-digits``.
    train, test : Images
        Views of what libmca loaded.
    """

    name: str
    train: Images
    test: Images


def _images(study: _Study, are_test: int) -> Images:
    found = lib.mca_study_images(study.pointer, are_test)
    images = found.contents
    shape = (images.count, images.rows, images.cols, images.channels)
    return Images(
        view(study, images.pixels, np.uint8, shape),
        view(study, images.labels, np.uint8, shape[:1]),
    )


def _load_into(study: _Study, folder: Optional[Union[str, os.PathLike]]) -> None:
    """Loads the data of a study's scenario, and warns of what is told."""
    lines: list = []

    def tell(_user: Any, line: bytes) -> None:
        lines.append(text_of(line))

    observer = declared.Observer(notice=declared.NoticeFunction(tell))
    call(lib.mca_study_load_data, study.pointer, optional_path(folder), ctypes.byref(observer))
    for line in lines:
        warnings.warn(line, Notice, stacklevel=3)


def load_data(
    scenario: Union[str, os.PathLike, Scenario], folder: Optional[Union[str, os.PathLike]] = None
) -> Data:
    """The data set that a scenario names (``dataset.*``).

    Parameters
    ----------
    scenario : str, path or Scenario
    folder : str or path, optional
        Where the files of public data are; without it they are looked for in the usual places.

    Returns
    -------
    Data
    """
    study = Scenario(scenario)._study
    _load_into(study, folder)
    name = text_of(lib.mca_study_data_name(study.pointer))
    return Data(name, _images(study, 0), _images(study, 1))


def as_pixels(images: Any, inputs: int) -> np.ndarray:
    """Images as bytes one after the other, ``[images][inputs]``: the array itself where it is laid out so."""
    array = np.asarray(images)
    if array.dtype != np.uint8:
        raise TypeError(
            f"images are arrays of uint8, 0 to 255, not of {array.dtype}: bring values to that range and use astype(numpy.uint8)"
        )
    if array.ndim == 1 and array.size == inputs:
        array = array[np.newaxis]
    if array.ndim < 2 or (len(array) and array[0].size != inputs):
        raise ValueError(f"images of {inputs} values are needed, and the array has the shape {array.shape}")
    return np.ascontiguousarray(array).reshape(len(array), inputs)


def as_labels(labels: Any, count: int) -> np.ndarray:
    """Labels as bytes: the array itself where it is one of uint8."""
    array = np.atleast_1d(np.asarray(labels))
    if array.shape != (count,):
        raise ValueError(f"{count} labels are needed, and the array has the shape {array.shape}")
    if not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"labels are whole numbers, not {array.dtype}")
    if array.dtype != np.uint8:
        if count and (array.min() < 0 or array.max() > 255):
            raise ValueError("labels are 0 to 255")
        array = array.astype(np.uint8)
    return np.ascontiguousarray(array)
