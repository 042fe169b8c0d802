"""How far a job is, shown where somebody looks: in a notebook, on a terminal, or by a function of the caller's."""

from __future__ import annotations

import dataclasses
import sys
import time
from typing import Any, Callable, Optional, Union


@dataclasses.dataclass(frozen=True)
class Progress:
    """Where a job stands.

    Attributes
    ----------
    stage : str
        What ended last: ``init``, ``train`` or ``test``.
    epoch, epochs : int
    done, total : int
        Images of the whole job.
    seconds : float
        Since the job began.
    """

    stage: str
    epoch: int
    epochs: int
    done: int
    total: int
    seconds: float

    @property
    def fraction(self) -> float:
        """From 0 to 1."""
        return self.done / self.total if self.total else 0.0

    def line(self, cells: int = 24) -> str:
        """One line with a bar."""
        full = int(self.fraction * cells)
        rate = self.done / self.seconds if self.seconds > 0 else 0.0
        left = f"{(self.total - self.done) / rate:.0f} s left" if rate > 0 else ""
        bar = "#" * full + "-" * (cells - full)
        return f"{self.stage:5} {self.epoch}/{self.epochs} [{bar}] {100 * self.fraction:5.1f} % {rate:.0f} images/s {left}".rstrip()


Shown = Optional[Union[bool, Callable[[Progress], Any]]]
"""None: where somebody looks; True, False; or a function that gets each `Progress`."""


def _in_notebook() -> bool:
    """Whether a notebook's kernel runs this; IPython is not imported for that."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


class _Notebook:
    """A line of output that is written anew."""

    def __init__(self) -> None:
        from IPython.display import display

        self._handle = display({"text/plain": ""}, raw=True, display_id=True)

    def show(self, progress: Progress) -> None:
        bar = f'<progress value="{progress.done}" max="{progress.total}" style="width: 20em"></progress>'
        html = f"{bar} <code>{progress.line(0).replace('[] ', '')}</code>"
        self._handle.update({"text/plain": progress.line(), "text/html": html}, raw=True)

    def end(self) -> None:
        pass


class _Terminal:
    """The last line of a terminal."""

    def __init__(self) -> None:
        self._width = 0

    def show(self, progress: Progress) -> None:
        line = progress.line()
        print(f"\r{line:{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def end(self) -> None:
        if self._width:
            print(f"\r{'':{self._width}}\r", end="", file=sys.stderr, flush=True)


class _Called:
    def __init__(self, function: Callable[[Progress], Any]):
        self.show = function

    def end(self) -> None:
        pass


class _Nobody:
    def show(self, _progress: Progress) -> None:
        pass

    def end(self) -> None:
        pass


def shown(how: Shown) -> Any:
    """Who shows progress; has `show` and `end`."""
    if callable(how):
        return _Called(how)
    if how is not False and _in_notebook():
        return _Notebook()
    if how is True or (how is None and sys.stderr is not None and sys.stderr.isatty()):
        return _Terminal()
    return _Nobody()


class Clock:
    """Seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._start
