"""libmca in this process: found, looked at, and its functions with their types."""

from __future__ import annotations

import ctypes
import glob
import os
import re
from pathlib import Path
from typing import Any, Callable, Iterator, Optional, Union

from . import _declarations as declared
from ._version import INTERFACE, __version__
from .errors import error_of

FILE = f"libmca.so.{INTERFACE}"

_SCALARS = {
    "void": None,
    "char": ctypes.c_char,
    "int": ctypes.c_int,
    "unsigned": ctypes.c_uint,
    "size_t": ctypes.c_size_t,
    "double": ctypes.c_double,
    "uint8_t": ctypes.c_uint8,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
    "int32_t": ctypes.c_int32,
}


def _type_of(words: str) -> Any:
    """The ctypes type of a C type; of pointers to what has no structure here an address."""
    stars = words.count("*")
    name = words.replace("*", " ").replace("const ", " ").strip()
    if name == "char" and stars == 1:
        return ctypes.c_char_p
    if name == "char" and stars == 2:
        return ctypes.POINTER(ctypes.c_char_p)
    kind, _, tag = name.partition(" ")
    if kind == "struct" and tag in declared.STRUCTS:
        structure = declared.STRUCTS[tag]
        return ctypes.POINTER(structure) if stars == 1 else structure
    if stars:
        return ctypes.c_void_p
    return ctypes.c_uint if kind == "enum" else _SCALARS[name]


def declarations() -> Iterator[tuple[str, Any, list[Any]]]:
    """Name, type of the result and types of the arguments of each declared function."""
    for text in re.findall(r"[^;]+;", declared.FUNCTIONS):
        match = re.fullmatch(r"(.*?[ *])(\w+)\((.*)\);", " ".join(text.split()))
        if not match:
            raise AssertionError(f"no declaration: {text}")
        result, name, arguments = match.groups()
        types = [
            _type_of(re.sub(r"\w+$", "", argument.strip()))
            for argument in arguments.split(",")
            if argument != "void"
        ]
        yield name, _type_of(result), types


def prefixes() -> list[Path]:
    """Where an installation may be that the package belongs to: its own, in a wheel, or the one around it."""
    package = Path(os.path.abspath(__file__)).parent
    return [package / "_tree", *list(package.parents)[3:4]]


def _candidates() -> Iterator[str]:
    told = os.environ.get("MCASIM_LIBRARY")
    if told:
        yield told
        return
    for prefix in prefixes():
        for folder in ("lib", "lib/*-linux-gnu", "lib64"):
            yield from sorted(glob.glob(str(prefix / folder / FILE)))
    yield FILE  # as the system's loader finds it


def _load() -> tuple[ctypes.CDLL, str]:
    reasons = []
    for path in _candidates():
        try:
            return ctypes.CDLL(path), path
        except OSError as error:
            reasons.append(str(error))
    raise ImportError(
        f"mcasim {__version__}: no {FILE}; install it beside the package, or name it in $MCASIM_LIBRARY ({'; '.join(reasons)})"
    )


def _checked(library: ctypes.CDLL, path: str) -> ctypes.CDLL:
    """The library with types, if it is the one that the package was written for."""
    try:
        library.mca_version.restype = ctypes.c_char_p
        version = library.mca_version().decode()
        interface = library.mca_interface()
    except AttributeError:
        raise ImportError(f"mcasim {__version__}: {path} is no libmca, or one before 0.1") from None
    if interface != INTERFACE:
        raise ImportError(
            f"mcasim {__version__} is written for interface {INTERFACE} of libmca, and {path}, libmca {version}, has {interface}; "
            "install the two of one version"
        )
    for name, result, arguments in declarations():
        try:
            function = getattr(library, name)
        except AttributeError:
            raise ImportError(f"mcasim {__version__}: {path}, libmca {version}, lacks {name}") from None
        function.restype = result
        function.argtypes = arguments
    return library


_loaded, PATH = _load()
lib: Any = _checked(_loaded, PATH)
"""The functions of libmca."""


def path_of(text: Union[str, os.PathLike]) -> bytes:
    """A path for libmca."""
    return os.fsencode(os.fspath(text))


def optional_path(text: Optional[Union[str, os.PathLike]]) -> Optional[bytes]:
    return None if text is None else path_of(text)


def text_of(data: Optional[bytes]) -> str:
    """A text of libmca; its files are UTF-8, paths may be anything."""
    return "" if data is None else data.decode("utf-8", "surrogateescape")


def call(function: Callable[..., int], *arguments: Any) -> None:
    """Calls what ends with a ``struct mca_error *``, and raises what it tells."""
    error = declared.Error()
    status = function(*arguments, ctypes.byref(error))
    if status != declared.CONSTANTS["MCA_OK"]:
        raise error_of(text_of(error.message), status)


def variable(name: str) -> int:
    """The address of data that libmca exports."""
    return ctypes.addressof(ctypes.c_char.in_dll(lib, name))
