"""Runs: what ``mcasim run`` and ``mcasim infer`` do, in this process."""

from __future__ import annotations

import ctypes
import os
import queue
import re
import threading
import warnings
from pathlib import Path
from typing import Any, Iterable, Optional, Union

from . import _declarations as declared
from . import _progress
from ._library import lib, optional_path, path_of, text_of, variable
from .errors import Interrupted, Notice, error_of, is_interruption
from .results import Run
from .scenario import Scenario, _Study

PathText = Union[str, os.PathLike]

_UNITS = {"": 1.0, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "y": 365 * 86400.0}


def _for_python(message: str) -> str:
    """A message that advises an option of the command line, as it is called here."""
    for option, argument in (
        ("--resume", "resume=True"),
        ("run --force", "run with force=True"),
        ("--force", "force=True"),
        ("another -o", "another output"),
        ("--weights", "weights"),
        ("--trace", "trace"),
    ):
        message = message.replace(option, argument)
    return message


class _Job:
    """A call of libmca that takes long, in a thread of its own: this one shows progress and hears Ctrl-C."""

    def __init__(self, progress: _progress.Shown):
        self._shown = _progress.shown(progress)
        self._clock = _progress.Clock()
        self._stop = ctypes.c_int(0)
        self._told: queue.SimpleQueue = queue.SimpleQueue()
        self._last: Optional[_progress.Progress] = None
        self._notice = declared.NoticeFunction(lambda _user, line: self._told.put(text_of(line)))
        self._progress = declared.ProgressFunction(self._note)
        self.observer = declared.Observer(
            ctypes.addressof(self._stop),
            self._notice,
            self._progress,
            ctypes.cast(lib.mca_stop_flag, ctypes.c_void_p),
        )

    def _note(self, _user: Any, progress: Any) -> None:
        p = progress.contents
        self._last = _progress.Progress(
            text_of(p.stage), p.epoch, p.epochs, p.done, p.total, self._clock.seconds()
        )

    def _show(self, before: Optional[_progress.Progress]) -> Optional[_progress.Progress]:
        while not self._told.empty():
            warnings.warn(_for_python(self._told.get()), Notice, stacklevel=5)
        last = self._last
        if last is not None and last is not before:
            self._shown.show(last)
        return last

    def perform(self, study: _Study, job: declared.RunJob) -> None:
        """Runs the job to its end, or to where it is stopped, and raises what went wrong."""
        error = declared.Error()
        status = []
        done = threading.Event()

        def work() -> None:
            try:
                status.append(lib.mca_study_run(study.pointer, ctypes.byref(job), ctypes.byref(error)))
            finally:
                done.set()

        worker = threading.Thread(target=work, name="mcasim run", daemon=False)
        worker.start()
        fault: Optional[BaseException] = None
        shown = None
        while not done.is_set():
            try:
                done.wait(0.1)
                shown = self._show(shown)
            except BaseException as interruption:  # Ctrl-C, or what a function of the caller's raised
                fault = fault or interruption
                self._stop.value = declared.CONSTANTS["MCA_INTERRUPTED"]
        worker.join()
        try:
            if fault is None:
                self._show(shown)
        finally:
            self._shown.end()
        if fault is not None and not isinstance(fault, KeyboardInterrupt):
            raise fault
        if not status:
            raise RuntimeError("the run ended without a status")
        message = _for_python(text_of(error.message))
        if is_interruption(status[0]):
            found = re.search(r"goes on from (.*)$", message, re.DOTALL)
            raise Interrupted(message, found[1] if found else None) from None
        if status[0] != declared.CONSTANTS["MCA_OK"]:
            raise error_of(message, status[0])
        if fault is not None:  # too late to stop anything
            raise Interrupted("interrupted; the run was finished before") from None


def _output(scenario: Scenario, output: Optional[PathText], suffix: str = "") -> str:
    """The directory of a run, whose scenario gets a name where it has none, as files give theirs."""
    if not scenario["report.name"]:
        scenario["report.name"] = "scenario"
    if output is not None:
        return os.fspath(output)
    return f"runs/{scenario['report.name']}-{scenario['seed']}{suffix}"


def _perform(
    scenario: Scenario,
    output: str,
    progress: _progress.Shown,
    **how: Any,
) -> Run:
    job = _Job(progress)
    how["threads"] = how.get("threads") or lib.mca_default_threads()
    request = declared.RunJob(
        reporter=variable("mca_run_reports"),
        output=path_of(output),
        observer=ctypes.pointer(job.observer),
        checkpoint_every_s=how.pop("checkpoint_every_s", declared.CONSTANTS["MCA_CHECKPOINT_EVERY_S"]),
        **how,
    )
    job.perform(scenario._study.copy(), request)
    return Run(output)


def _traced(trace: Any) -> tuple:
    if trace is None:
        return 0, 0
    first, last = (trace, trace) if isinstance(trace, int) else trace
    if not 1 <= first <= last:
        raise ValueError(f"trace is an image from 1 on, or a pair of a first and a last: {trace}")
    return first, last


def run(
    scenario: Optional[Union[PathText, Scenario]] = None,
    /,
    output: Optional[PathText] = None,
    *,
    data: Optional[PathText] = None,
    weights: Optional[PathText] = None,
    threads: Optional[int] = None,
    resume: bool = False,
    force: bool = False,
    trace: Optional[Union[int, tuple]] = None,
    checkpoint: bool = True,
    checkpoint_every_s: int = 60,
    page: bool = True,
    progress: _progress.Shown = None,
    **changes: Any,
) -> Run:
    """Trains and tests a scenario's chip, as ``mcasim run`` does, and writes a run's directory.

    Parameters
    ----------
    scenario : str, path or Scenario, optional
        As for `Scenario`.
    output : str or path, optional
        The directory of the results; without it ``runs/NAME-SEED``, NAME being ``report.name``, or
        ``scenario`` where that is empty.
    data : str or path, optional
        The folder of public data.
    weights : str or path, optional
        Weights to begin with: an ``.npz``, a directory of ``.npy`` files, or the ``weights/`` of a run.
    threads : int, optional
        The machine's cores; results do not depend on it.
    resume : bool
        Go on from the checkpoint of a run that was stopped; a whole run of the same scenario is
        taken as it is.
    force : bool
        Replace a finished run, and forget a checkpoint.
    trace : int or pair of int, optional
        The image, or the first and the last, whose timeline is written; there are no checkpoints then.
    checkpoint : bool
        Write checkpoints, every `checkpoint_every_s` seconds and where the run is stopped.
    page : bool
        Write ``report.html``.
    progress : bool or callable, optional
        Whether progress is shown; without it in notebooks and on terminals. A function gets each
        `Progress`, at most ten a second.
    **changes
        Keys of the scenario to change, as for `Scenario`.

    Returns
    -------
    Run

    Raises
    ------
    Interrupted
        After Ctrl-C, between two images; its `checkpoint` is what ``resume=True`` goes on from.
    McasimError
        What ``mcasim run`` would tell.

    Warns
    -----
    Notice
        What ``mcasim run`` tells on stderr.
    """
    chosen = Scenario(scenario, **changes)
    first, last = _traced(trace)
    return _perform(
        chosen,
        _output(chosen, output),
        progress,
        data=optional_path(data),
        weights=optional_path(weights),
        threads=threads,
        resume=declared.CONSTANTS["MCA_RESUME" if resume else "MCA_RESUME_NO"],
        force=force,
        trace_first=first,
        trace_last=last,
        without_checkpoints=not checkpoint,
        checkpoint_every_s=checkpoint_every_s,
        without_page=not page,
    )


def seconds_of(age: Union[float, str]) -> float:
    """An age in seconds: a number, or a text such as ``"30d"`` with s, min, h, d or y (365 days)."""
    if not isinstance(age, str):
        return float(age)
    found = re.fullmatch(r"\s*([0-9.eE+-]+?)\s*(s|min|h|d|y|)\s*", age)
    try:
        return float(found[1]) * _UNITS[found[2]] if found else float("nan" if not age else age)
    except ValueError:
        raise ValueError(f"no age: {age!r}; ages are seconds, or have one of the units s, min, h, d, y") from None


def infer(
    source: Union[PathText, Run, Scenario],
    /,
    output: Optional[PathText] = None,
    *,
    weights: Optional[PathText] = None,
    ages: Optional[Union[float, str, Iterable]] = None,
    age_seeds: Optional[int] = None,
    data: Optional[PathText] = None,
    threads: Optional[int] = None,
    force: bool = False,
    page: bool = True,
    progress: _progress.Shown = None,
    **changes: Any,
) -> Run:
    """Tests a trained chip and trains nothing, as ``mcasim infer`` does.

    Parameters
    ----------
    source : Run, str, path or Scenario
        A finished run or its directory, whose chip is tested; or a scenario, with `weights`.
    output : str or path, optional
        The directory of the results; without it ``runs/NAME-SEED-infer``.
    weights : str or path, optional
        As for `run`; without it those of the run.
    ages : float, str or list of these, optional
        Test the chip also so long after the run: seconds, or texts as ``"30d"`` (``ageing.ages_s``).
    age_seeds : int, optional
        Tests at each age (``ageing.seeds``).
    data, threads, force, page, progress, **changes
        As for `run`.

    Returns
    -------
    Run
    """
    if isinstance(source, Run):
        source = source.path
    if "train.epochs" in changes or "epochs" in dict(changes.get("train", {})):
        raise TypeError("train.epochs: nothing is trained")
    if not isinstance(source, Scenario) and Path(source).is_dir():
        chosen = Scenario._of_study(_Study.made(lib.mca_study_create_trained, path_of(source)))
        weights = Path(source) / "weights" if weights is None else weights
    else:
        chosen = Scenario(source)
        if weights is None:
            raise TypeError("a scenario is tested with weights, which are not given")
        chosen["train.epochs"] = 0
    chosen.update(changes)
    if ages is not None:
        several = [ages] if isinstance(ages, (str, int, float)) else ages
        chosen["ageing.ages_s"] = [seconds_of(age) for age in several]
    if age_seeds is not None:
        chosen["ageing.seeds"] = age_seeds
    return _perform(
        chosen,
        _output(chosen, output, "-infer"),
        progress,
        data=optional_path(data),
        weights=path_of(weights),
        threads=threads,
        force=force,
        without_checkpoints=True,
        without_page=not page,
    )
