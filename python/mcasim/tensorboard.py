"""Runs as event files of TensorBoard.

``python3 -m mcasim.tensorboard RUN... LOGDIR`` writes one event file a run into a folder of the
run's name. Tags are the columns of ``epochs.csv`` and the keys of ``summary.json``, steps are
epochs; a figure of the summary stands at the last one.

An event file is a series of records: the length of an event, its bytes as a protocol buffer, and a
checksum of each (TensorFlow's ``record_writer.h``, ``event.proto`` and ``summary.proto``). The few
fields that scalars need are written here, so that neither TensorFlow nor TensorBoard has to be
there. TensorBoard keeps scalars in 32 bits: figures have seven digits there.
"""

from __future__ import annotations

import argparse
import functools
import math
import os
import struct
import sys
from pathlib import Path
from typing import Any, Iterator, Optional, Sequence, Union

from .errors import ContentError, McasimError, SystemRefusedError
from .results import Run

PathText = Union[str, os.PathLike]

_VERSION = "brain.Event:2"  # of the format, in the first event of a file


@functools.lru_cache(maxsize=1)
def _crc_table() -> list:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


def crc32c(data: bytes) -> int:
    """The cyclic redundancy check of Castagnoli's polynomial (RFC 3720).

    Parameters
    ----------
    data : bytes

    Returns
    -------
    int

    Examples
    --------
    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    table, crc = _crc_table(), 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def _masked(data: bytes) -> bytes:
    """Its checksum as records have it: rotated, so that checksums of checksums are none of their own."""
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def _record(event: bytes) -> bytes:
    length = struct.pack("<Q", len(event))
    return length + _masked(length) + event + _masked(event)


def _varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def _field(number: int, content: bytes) -> bytes:
    """A text or a message."""
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _event(wall_time_s: float, step: int = 0, more: bytes = b"") -> bytes:
    """Event: wall_time 1, step 2, and what follows."""
    return b"\x09" + struct.pack("<d", wall_time_s) + (b"\x10" + _varint(step) if step else b"") + more


def _scalar(tag: str, value: float) -> bytes:
    """Event.summary 5 of one Summary.value 1: tag 1, simple_value 2."""
    return _field(5, _field(1, _field(1, tag.encode()) + b"\x15" + struct.pack("<f", value)))


def _fits(value: Any) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and (not math.isfinite(value) or abs(value) <= 3.4028234e38)


def _scalars(run: Run) -> Iterator[tuple]:
    """Step, tag and value of every number; what the summary has by the name of a column is that of the last epoch."""
    last, columns = 0, {}
    for columns in run.rows("epochs"):
        last = int(columns["epoch"])
        yield from ((last, tag, value) for tag, value in columns.items() if tag != "epoch" and _fits(value))
    yield from ((last, tag, value) for tag, value in run.figures().items() if tag not in columns and _fits(value))


def write(run: Union[PathText, Run], folder: PathText, *, force: bool = False) -> Path:
    """Writes a run as an event file of TensorBoard.

    Parameters
    ----------
    run : Run, str or path
        A finished run.
    folder : str or path
        The log directory; the file lies in a folder of the run's name in it.
    force : bool
        Replace the file where it exists: TensorBoard would show what both hold.

    Returns
    -------
    pathlib.Path
        The file. It is of the time at which the run was finished.
    """
    run = run if isinstance(run, Run) else Run(run)
    time_s = (run.path / "summary.json").stat().st_mtime
    events = [_record(_event(time_s, more=_field(3, _VERSION.encode())))]
    events += [_record(_event(time_s, step, _scalar(tag, value))) for step, tag, value in _scalars(run)]
    home = Path(folder) / run.path.resolve().name
    path = home / f"events.out.tfevents.{int(time_s)}.mcasim"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with open(path, "wb" if force else "xb") as file:
            file.write(b"".join(events))
    except FileExistsError:
        raise ContentError(f"{path}: exists already; force replaces it", 2) from None
    except OSError as fault:
        raise SystemRefusedError(f"{path}: {fault.strerror}", 3) from None
    return path


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """The command ``python3 -m mcasim.tensorboard``.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line.

    Returns
    -------
    int
        0 done; 2 wrong usage or bad content; 3 the system refused a file.
    """
    parser = argparse.ArgumentParser(prog="python3 -m mcasim.tensorboard", description="Runs as event files of TensorBoard.")
    parser.add_argument("runs", nargs="+", metavar="RUN", help="the directory of a finished run")
    parser.add_argument("folder", metavar="LOGDIR", help="a folder for each run is written in it")
    parser.add_argument("--force", action="store_true", help="replace what exists")
    options = parser.parse_args(arguments)
    try:
        for run in options.runs:
            print(write(run, options.folder, force=options.force))
    except McasimError as fault:
        print(f"mcasim.tensorboard: {fault}", file=sys.stderr)
        return fault.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
