"""What goes wrong, as exceptions."""

from __future__ import annotations

import re
from typing import Optional

from ._declarations import CONSTANTS


class Notice(UserWarning):
    """What is told of a scenario or a run that works: keys without effect, values that lose what they are given."""


class McasimError(Exception):
    """An error that libmca or the program mcasim tells.

    Attributes
    ----------
    message : str
        The line as it was told.
    status : int
        The exit status that ``mcasim`` has for it.
    file : str or None
        The file at fault, where the message names one with a line.
    line : int or None
        The line in that file.
    key : str or None
        The scenario key at fault.
    """

    def __init__(self, message: str, status: int = CONSTANTS["MCA_FAILED"]):
        super().__init__(message)
        self.message = message
        self.status = status
        self.file, self.line, self.key = _place(message)


class ContentError(McasimError, ValueError):
    """Bad content: a scenario, data, a component library, weights, or what a function was given."""


class SystemRefusedError(McasimError, OSError):
    """The operating system refused a file: it is missing, may not be read, or the disk is full."""

    def __str__(self) -> str:
        return self.message


class FailedError(McasimError, RuntimeError):
    """The job itself failed: memory is short, points of a sweep failed."""


class Interrupted(KeyboardInterrupt):
    """A run or a sweep was stopped by Ctrl-C, and can go on.

    Attributes
    ----------
    message : str
        What was told.
    checkpoint : str or None
        The file from which a run goes on with ``resume=True``; None where none was written.
    """

    def __init__(self, message: str, checkpoint: Optional[str] = None):
        super().__init__(message)
        self.message = message
        self.checkpoint = checkpoint


_WITH_LINE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]+): (?P<rest>.*)", re.DOTALL)
_KEY = re.compile(r"(?:.*?: )?(?P<key>[a-z][a-z0-9_]*(?:\.[A-Za-z0-9_]+)*): ", re.DOTALL)


def _place(message: str) -> tuple[Optional[str], Optional[int], Optional[str]]:
    """File, line and key that a message begins with."""
    from ._keys import is_key

    file, line = None, None
    found = _WITH_LINE.match(message)
    if found:
        file, line, message = found["file"], int(found["line"]), found["rest"]
    key = _KEY.match(message)
    while key:
        if is_key(key["key"]):
            return file, line, key["key"]
        message = message[key.end("key") + 2 :]
        key = _KEY.match(message)
    return file, line, None


def error_of(message: str, status: int) -> McasimError:
    """The exception for a status of libmca or an exit status of ``mcasim``."""
    if status == CONSTANTS["MCA_INVALID"]:
        return ContentError(message, status)
    if status == CONSTANTS["MCA_SYSTEM"]:
        return SystemRefusedError(message, status)
    return FailedError(message, status)


def is_interruption(status: int) -> bool:
    """Whether a status says that a job was stopped."""
    return status in (CONSTANTS["MCA_INTERRUPTED"], CONSTANTS["MCA_TERMINATED"])
