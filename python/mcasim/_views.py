"""NumPy arrays on memory of libmca, without a copy."""

from __future__ import annotations

from typing import Any

import numpy as np


class _Memory:
    """What NumPy asks for memory, and what keeps it alive while an array looks at it."""

    def __init__(self, owner: Any, interface: dict):
        self.owner = owner
        self.__array_interface__ = interface


def view(owner: Any, address: int, dtype: Any, shape: tuple, strides: Any = None) -> np.ndarray:
    """A read-only array at an address; it keeps `owner` alive."""
    dtype = np.dtype(dtype)
    interface = {
        "version": 3,
        "data": (address, True),
        "typestr": dtype.str,
        "shape": tuple(shape),
        "strides": strides,
    }
    return np.asarray(_Memory(owner, interface))


def address_of(array: np.ndarray) -> int:
    """Where an array's elements are."""
    return array.ctypes.data
