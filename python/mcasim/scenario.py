"""Scenarios: what is simulated, key by key, checked by libmca."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Any, Iterator, Mapping, Optional, Union

from . import _declarations as declared
from . import _values
from . import _keys
from ._library import call, lib, path_of, text_of

SOURCE = b"argument"
"""What messages name as the place of a key that Python set."""


class _Study:
    """What libmca keeps of a scenario, its data and its chip; freed when nothing refers to it."""

    def __init__(self, pointer: ctypes.c_void_p):
        self.pointer = pointer

    @classmethod
    def made(cls, function: Any, *arguments: Any) -> "_Study":
        pointer = ctypes.c_void_p()
        call(function, ctypes.byref(pointer), *arguments)
        return cls(pointer)

    def copy(self) -> "_Study":
        return _Study.made(lib.mca_study_copy, self.pointer)

    def __del__(self) -> None:
        if self.pointer:
            lib.mca_study_destroy(self.pointer)
            self.pointer = None


class Section:
    """The keys of a section of a scenario, as attributes.

    Made by `Scenario`; ``help`` of one, of ``Scenario().adc`` say, tells of each of its keys.
    """

    _name = ""
    _leaves: tuple = ()

    def __init__(self, scenario: "Scenario"):
        object.__setattr__(self, "_scenario", scenario)

    def __setattr__(self, leaf: str, value: Any) -> None:
        self._scenario[f"{self._name}.{leaf}"] = value

    def __delattr__(self, leaf: str) -> None:
        del self._scenario[f"{self._name}.{leaf}"]

    def __getattr__(self, leaf: str) -> Any:
        if leaf.startswith("_"):
            raise AttributeError(leaf)
        return self._scenario._get(f"{self._name}.{leaf}", AttributeError)

    def __dir__(self) -> list:
        return list(self._leaves)

    def __repr__(self) -> str:
        return f"{self._name}: {self.to_dict()}"

    def to_dict(self) -> dict:
        """Every key of the section with its value."""
        return {leaf: getattr(self, leaf) for leaf in self._leaves}


def _key_property(key: _keys.Key, of_section: bool) -> property:
    """A key as an attribute with its documentation."""

    def scenario_of(holder: Any) -> "Scenario":
        return holder._scenario if of_section else holder

    return property(
        lambda holder: scenario_of(holder)[key.name],
        lambda holder, value: scenario_of(holder).__setitem__(key.name, value),
        lambda holder: scenario_of(holder).__delitem__(key.name),
        key.doc,
    )


def _section_classes() -> dict:
    """A class for each section of the table, its keys as properties."""
    sections: dict = {}
    for key in _keys.table().values():
        if key.section:
            sections.setdefault(key.section, {})[key.leaf] = _key_property(key, True)
    return {
        name: type(
            f"{name.capitalize()}Section",
            (Section,),
            {"__doc__": f"Keys ``{name}.*`` of a scenario.", "_name": name, "_leaves": tuple(leaves), **leaves},
        )
        for name, leaves in sections.items()
    }


class Scenario(Mapping):
    """A scenario: every key with a value, checked as it is set.

    Parameters
    ----------
    source : str, path or Scenario, optional
        A file, the name of a scenario that comes with mcasim (``"mnist-mca"``), or another
        scenario, which is copied. Without it every key has its default: the reference chip.
    **changes
        Keys to set: ``seed=2``, sections as mappings, ``adc={"bits": 6}``, and whole names by
        ``**{"adc.bits": 6}``.

    Raises
    ------
    ContentError
        Where a key is unknown or a value not allowed; `key`, `file` and `line` name the place.
    SystemRefusedError
        Where a file cannot be read.

    Notes
    -----
    Sections are attributes, their keys attributes of these: ``scenario.adc.bits = 6``,
    ``del scenario.adc.bits`` for the default. The scenario is also a mapping from whole names to
    values. Combinations of keys that no chip can have are refused by `check`, which `run` and
    `Chip` call.

    Examples
    --------
    >>> s = Scenario("synthetic-quick", adc={"bits": 6})
    >>> s.adc.bits
    6
    >>> s["train.epochs"] = 1
    """

    _sections: dict = {}

    def __init__(
        self, source: Optional[Union[str, os.PathLike, "Scenario"]] = None, /, **changes: Any
    ):
        if isinstance(source, Scenario):
            study = source._study.copy()
        else:
            path = None if source is None else path_of(source)
            study = _Study.made(lib.mca_study_create, path)
        object.__setattr__(self, "_study", study)
        self.update(changes)

    @classmethod
    def _of_study(cls, study: _Study) -> "Scenario":
        scenario = cls.__new__(cls)
        object.__setattr__(scenario, "_study", study)
        return scenario

    @classmethod
    def from_yaml(cls, text: str, name: str = "yaml") -> "Scenario":
        """A scenario from the text of a file.

        Parameters
        ----------
        text : str
            YAML.
        name : str
            Stands for the file's name in messages, and its folder is what relative paths count from.
        """
        data = text.encode("utf-8")
        return cls._of_study(
            _Study.made(lib.mca_study_create_text, path_of(name), data, len(data))
        )

    # --- keys

    def _get(self, name: str, refusal: type) -> Any:
        size = declared.CONSTANTS["MCA_VALUE_TEXT_SIZE"]
        text = ctypes.create_string_buffer(size)
        error = declared.Error()
        status = lib.mca_study_get(
            self._study.pointer, str(name).encode(), text, size, ctypes.byref(error)
        )
        if status != declared.CONSTANTS["MCA_OK"]:
            raise refusal(text_of(error.message))
        key = _keys.key(name)
        if key is None:  # of one layer
            return _values.parsed(text_of(text.value), "")
        return _values.parsed(text_of(text.value), key.type, key.choices)

    def __getitem__(self, name: str) -> Any:
        return self._get(name, KeyError)

    def __setitem__(self, name: str, value: Any) -> None:
        key = _keys.key(name)
        is_text = key is not None and _values.is_text_type(key.type)
        assignment = f"{name}={_values.written(value, is_text)}"
        call(
            lib.mca_study_set,
            self._study.pointer,
            assignment.encode("utf-8", "surrogateescape"),
            SOURCE,
        )

    def __delitem__(self, name: str) -> None:
        key = _keys.key(name)
        if key is None:
            raise KeyError(name)
        self[name] = key.default

    def __iter__(self) -> Iterator[str]:
        return iter(_keys.table())

    def __len__(self) -> int:
        return len(_keys.table())

    def __getattr__(self, name: str) -> Any:
        section = self._sections.get(name)
        if section is not None:
            return section(self)
        if name.startswith("_"):
            raise AttributeError(name)
        return self._get(name, AttributeError)

    def __setattr__(self, name: str, value: Any) -> None:
        self.update({name: value})

    def __delattr__(self, name: str) -> None:
        if name not in self._sections:
            del self[name]
            return
        for leaf in self._sections[name]._leaves:
            del self[f"{name}.{leaf}"]

    def __dir__(self) -> list:
        bare = [key.name for key in _keys.table().values() if not key.section]
        methods = [name for name in dir(type(self)) if not name.startswith("_")]
        return sorted({*self._sections, *bare, *methods})

    def _ipython_key_completions_(self) -> list:
        return list(_keys.table())

    def update(self, changes: Mapping) -> None:
        """Sets keys.

        Parameters
        ----------
        changes : mapping
            Whole names to values, and sections to mappings of theirs. Where one is refused, those
            before it are set.
        """
        for name, value in changes.items():
            if name in self._sections and isinstance(value, Mapping):
                for leaf, item in value.items():
                    self[f"{name}.{leaf}"] = item
            else:
                self[name] = value

    def copy(self, /, **changes: Any) -> "Scenario":
        """A copy with these keys changed, which are given as to the class."""
        return Scenario(self, **changes)

    def changed(self) -> dict:
        """The keys that are not at their defaults, with their values."""
        return {
            name: value for name, value in self.items() if value != _keys.table()[name].default
        }

    def difference(self, other: "Scenario") -> dict:
        """The keys whose values differ: ``{name: (value, value of the other)}``."""
        return {name: (self[name], other[name]) for name in self if self[name] != other[name]}

    def origin(self, name: str) -> str:
        """Where a key got its value: ``"file.yaml:12"``, ``"argument"`` or ``"default"``."""
        size = declared.CONSTANTS["MCA_SOURCE_NAME_SIZE"] + 32
        text = ctypes.create_string_buffer(size)
        call(lib.mca_study_origin, self._study.pointer, name.encode(), text, size)
        return text_of(text.value)

    # --- as a whole

    def yaml(self) -> str:
        """Every key as YAML that loads to the same scenario."""
        text = ctypes.c_char_p()
        call(lib.mca_study_yaml, self._study.pointer, ctypes.byref(text))
        return text_of(text.value)

    def save(self, path: Union[str, os.PathLike]) -> None:
        """Writes `yaml` to a file."""
        Path(path).write_text(self.yaml(), encoding="utf-8", errors="surrogateescape")

    def hash(self) -> str:
        """16 hexadecimal digits that two scenarios share where all of their keys do."""
        value = ctypes.c_uint64()
        call(lib.mca_study_hash, self._study.pointer, ctypes.byref(value))
        return f"{value.value:016x}"

    def check(self) -> None:
        """Refuses combinations of keys that no chip can have, and a component library that is not there.

        Raises
        ------
        ContentError
            With the rule, and every value that takes part.
        """
        call(lib.mca_study_check, self._study.pointer)

    def notices(self) -> list:
        """What its author may not mean: keys without effect, values that lose what they are given."""
        lines: list = []

        def tell(_user: Any, line: bytes) -> None:
            lines.append(text_of(line))

        observer = declared.Observer(notice=declared.NoticeFunction(tell))
        call(lib.mca_study_tell, self._study.pointer, ctypes.byref(observer))
        return lines

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.hash() == other.hash()

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __copy__(self) -> "Scenario":
        return self.copy()

    def __deepcopy__(self, memo: dict) -> "Scenario":
        return self.copy()

    def __reduce__(self) -> tuple:
        return Scenario.from_yaml, (self.yaml(), f"{self.report.name or 'yaml'}")

    def __repr__(self) -> str:
        changes = ", ".join(f"{name}={value!r}" for name, value in self.changed().items())
        return f"Scenario({changes})"


def _complete_class() -> None:
    """Sections and bare keys become properties of the class, so that ``help`` and completion know them."""
    Scenario._sections = _section_classes()
    for name, section in Scenario._sections.items():
        doc = f"Keys ``{name}.*``: {', '.join(section._leaves)}."
        setattr(
            Scenario,
            name,
            property(section, lambda holder, value, name=name: holder.update({name: value}), doc=doc),
        )
    for key in _keys.table().values():
        if not key.section:
            setattr(Scenario, key.name, _key_property(key, False))


_complete_class()
