"""The keys of a scenario, from libmca's own table."""

from __future__ import annotations

import ctypes
import dataclasses
import functools
from typing import Any, Mapping, Optional

from . import _values


@dataclasses.dataclass(frozen=True)
class Key:
    """A key of a scenario.

    Attributes
    ----------
    name : str
        ``section.leaf``, or a bare name.
    type : str
        ``whole number``, ``number``, ``choice``, ``text``, ``path``, ``list of numbers`` ...
    unit : str
        Empty where it has none.
    allowed : str
        Range or choices, as messages tell them.
    choices : tuple of str
        Empty where the key is no choice.
    default : object
        The value where nothing is given.
    meaning : str
        One line.
    """

    name: str
    type: str
    unit: str
    allowed: str
    choices: tuple
    default: Any
    meaning: str

    @property
    def section(self) -> str:
        """The part before the dot, or an empty text."""
        return self.name.rpartition(".")[0]

    @property
    def leaf(self) -> str:
        """The part behind the dot."""
        return self.name.rpartition(".")[2]

    @property
    def doc(self) -> str:
        """What ``help`` shows."""
        allowed = f" {self.allowed}" if self.allowed and self.type != "choice" else ""
        choices = f" of {self.allowed}" if self.type == "choice" else ""
        unit = f", in {self.unit}" if self.unit else ""
        return f"{self.meaning}\n\n{self.type}{choices}{allowed}{unit}; default {self.default!r}"


def _choices(raw: Any) -> tuple:
    names = []
    while raw.choices and raw.choices[len(names)]:
        names.append(raw.choices[len(names)].decode())
    return tuple(names)


@functools.lru_cache(maxsize=None)
def table() -> Mapping[str, Key]:
    """All keys by their names, in the order of the table."""
    from ._library import lib, text_of

    count = ctypes.c_size_t()
    raw_keys = lib.mca_keys(ctypes.byref(count))
    keys = {}
    for i in range(count.value):
        raw = raw_keys[i]
        allowed = ctypes.create_string_buffer(1024)
        lib.mca_key_allowed(ctypes.byref(raw), allowed, len(allowed))
        type_name = text_of(lib.mca_key_type_name(ctypes.byref(raw)))
        choices = _choices(raw)
        keys[text_of(raw.name)] = Key(
            name=text_of(raw.name),
            type=type_name,
            unit=text_of(raw.unit),
            allowed=text_of(allowed.value),
            choices=choices,
            default=_values.parsed(text_of(raw.default_text), type_name, choices),
            meaning=text_of(raw.meaning),
        )
    return keys


def is_key(name: str) -> bool:
    """Whether a name is a key's; of a layer's keys any name counts."""
    return name in table() or name.startswith("network.layers.")


def key(name: str) -> Optional[Key]:
    """The key of that name, or None."""
    return table().get(name)


def keys(*words: str) -> list:
    """The keys that have every word in their name, meaning or choices; all of them without a word.

    Parameters
    ----------
    *words : str
        Parts of words, in any case; ``"chi."`` keeps a section.

    Returns
    -------
    list of Key
    """
    wanted = [word.lower() for word in words]
    return [
        k
        for k in table().values()
        if all(word in f"{k.name} {k.meaning} {' '.join(k.choices)}".lower() for word in wanted)
    ]
