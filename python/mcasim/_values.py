"""Values of keys between Python and the YAML in which libmca takes and gives them."""

from __future__ import annotations

import json
import re
from typing import Any, Mapping, Sequence

_INTEGER = re.compile(r"[-+]?[0-9]+")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.+-]*")


def is_text_type(type_name: str) -> bool:
    """Whether values of a key are texts that are taken as they are."""
    return type_name in ("text", "path", "name or path")


def _numbers(value: Any) -> Any:
    """NumPy's scalars and arrays as Python's."""
    return value.tolist() if hasattr(value, "tolist") else value


def written(value: Any, is_text: bool = False) -> str:
    """A value as YAML on one line."""
    value = _numbers(value)
    if value is None:
        raise TypeError("None is no value of a key; `del` gives a key its default back")
    if is_text:
        if not isinstance(value, str) and not hasattr(value, "__fspath__"):
            raise TypeError(f"a text is needed, not {value!r}")
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        # what is no word is left to libmca to refuse, or to take, as in a file
        return value if value and "\n" not in value else json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {written(item)}" for name, item in value.items()) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(written(item) for item in value) + "]"
    raise TypeError(f"{type(value).__name__} is no value of a key: {value!r}")


class _Flow:
    """YAML as libmca writes values: scalars, lists and mappings on one line."""

    def __init__(self, text: str):
        self.text = text
        self.at = 0

    def skip(self) -> str:
        while self.at < len(self.text) and self.text[self.at] in " \n":
            self.at += 1
        return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        first = self.skip()
        if first == "[":
            return self.items("]", self.item)
        if first == "{":
            return dict(self.items("}", self.pair))
        if first in "\"'":
            return self.quoted(first)
        end = re.compile(r"[,\]}\n]|: |$").search(self.text, self.at)
        word = self.text[self.at : end.start()].strip()
        self.at = end.start()
        return scalar(word)

    def items(self, end: str, item: Any) -> list:
        found = []
        self.at += 1
        while self.skip() != end:
            found.append(item())
            if self.skip() not in (",", end):
                raise ValueError(f"no value of a key: {self.text!r}")
            self.at += self.skip() == ","
        self.at += 1
        return found

    def item(self) -> Any:
        """Of a list: a value, or a mapping of one name that is written without braces."""
        value = self.value()
        if self.skip() != ":":
            return value
        self.at += 1
        return {str(value): self.value()}

    def pair(self) -> tuple:
        name = self.value()
        self.skip()
        self.at += 1  # the colon
        return str(name), self.value()

    def quoted(self, quote: str) -> str:
        if quote == '"':
            value, self.at = json.JSONDecoder().raw_decode(self.text, self.at)
            return value
        end = re.compile(r"'(?!')").search(self.text.replace("''", "\0\0"), self.at + 1)
        value = self.text[self.at + 1 : end.start()].replace("''", "'")
        self.at = end.end()
        return value


def scalar(word: str) -> Any:
    """A plain word of YAML: a number, a truth value or a text."""
    if word in ("true", "false"):
        return word == "true"
    if _INTEGER.fullmatch(word):
        return int(word)
    if _PLAIN.fullmatch(word):
        return word
    try:
        return float(word)
    except ValueError:
        return word


def _real(value: Any) -> Any:
    """Numbers as floats, in lists too; words stay."""
    if isinstance(value, list):
        return [_real(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def parsed(text: str, type_name: str, choices: Sequence[str] = ()) -> Any:
    """The value that a text of libmca stands for."""
    text = text.strip()
    if is_text_type(type_name):
        return _Flow(text).value() if text[:1] in ('"', "'") else text
    if choices and set(choices) != {"false", "true"}:
        return text
    value = _Flow(text).value()
    return _real(value) if type_name in ("number", "list of numbers", "power of two") else value
