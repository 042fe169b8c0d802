"""What the program ``mcasim`` does for Python: sweeps, comparisons, explanations and prices.

Sweeps work in processes of their own, and the others read finished runs and files, so that nothing
of theirs has to be in this process.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Iterable, Mapping, Optional, Union

from ._library import prefixes
from ._version import __version__
from .errors import FailedError, Interrupted, error_of, is_interruption
from .results import Comparison, Explanation, Run, Sweep
from .scenario import Scenario

PathText = Union[str, os.PathLike]


def program() -> str:
    """The program: ``$MCASIM``, else beside the package, else on the path.

    Raises
    ------
    FileNotFoundError
        Where there is none.
    """
    told = os.environ.get("MCASIM")
    if told:
        return told
    for prefix in prefixes():
        path = prefix / "bin" / "mcasim"
        if os.access(path, os.X_OK):
            return str(path)
    found = shutil.which("mcasim")
    if not found:
        raise FileNotFoundError(
            "no program mcasim beside the package nor on the path; name it in $MCASIM"
        )
    return found


def _asked(arguments: list, shows: bool = False) -> str:
    """What the program prints. Its notices are shown on stderr where they are wanted."""
    process = subprocess.Popen(
        [program(), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="surrogateescape",
    )
    lines = []
    try:
        if shows and process.stderr is not None:
            for line in process.stderr:  # results are printed at the end
                lines.append(line)
                print(line, end="", file=sys.stderr, flush=True)
        out, rest = process.communicate()
    except KeyboardInterrupt:
        # where Ctrl-C went to this process alone, as in a notebook; two within a second are one
        process.send_signal(signal.SIGINT)
        out, rest = process.communicate()
    told = ("".join(lines) + rest).strip().splitlines()
    last = told[-1] if told else f"mcasim ended with the status {process.returncode}"
    if is_interruption(process.returncode) or process.returncode == -signal.SIGINT:
        raise Interrupted(last)
    if process.returncode != 0:
        raise error_of(last, process.returncode)
    return out


def _directory(run: Union[PathText, Run]) -> str:
    return os.fspath(run.path if isinstance(run, Run) else run)


def _sweep_file(plan: Mapping, folder: str) -> str:
    """A plan as a file, its scenario beside it; JSON is YAML."""
    content = dict(plan)
    scenario = content.get("scenario")
    if isinstance(scenario, Scenario):
        scenario.save(Path(folder) / "scenario.yaml")
        content["scenario"] = "scenario.yaml"
    elif scenario is not None and Path(scenario).exists():
        content["scenario"] = os.path.abspath(scenario)
    if "weights" in content:
        content["weights"] = os.path.abspath(content["weights"])
    path = Path(folder) / "sweep.yaml"
    path.write_text(_yaml(content), encoding="utf-8")
    return str(path)


def _yaml(value: Any) -> str:
    """Mappings and lists on one line: keys, numbers and words plain, what is no word quoted."""
    value = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_yaml(str(k))}: {_yaml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str):
        is_word = value.replace(".", "").replace("_", "").replace("-", "").isalnum() and not value[0].isdigit()
        return value if is_word else json.dumps(value, ensure_ascii=False)
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, Iterable):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    if hasattr(value, "__fspath__"):
        return json.dumps(os.fspath(value))
    raise TypeError(f"{type(value).__name__} has no place in a sweep: {value!r}")


def sweep(
    plan: Union[PathText, Mapping],
    output: PathText,
    *,
    jobs: Optional[int] = None,
    shard: Optional[str] = None,
    data: Optional[PathText] = None,
    progress: bool = True,
) -> Sweep:
    """Runs a scenario at many points, as ``mcasim sweep`` does, in processes of their own.

    Parameters
    ----------
    plan : str, path or mapping
        A sweep file, the name of one that comes with mcasim (``"quick"``), or what would stand in
        one: ``{"scenario": ..., "grid": {"adc.bits": [4, 6, 8]}, "seeds": 3}``. The scenario of a
        mapping may be a `Scenario`.
    output : str or path
        The directory of the sweep. The same call goes on with what is there.
    jobs : int, optional
        Points at a time; the machine's cores.
    shard : str, optional
        ``"I/N"``: only every N-th point from the I-th on.
    data : str or path, optional
        The folder of public data.
    progress : bool
        Show what the program tells on stderr.

    Returns
    -------
    Sweep

    Raises
    ------
    Interrupted
        After Ctrl-C; the same call resumes.
    FailedError
        Where points failed; ``output/points/*.failed`` say why.
    """
    with tempfile.TemporaryDirectory(prefix="mcasim-") as folder:
        path = _sweep_file(plan, folder) if isinstance(plan, Mapping) else os.fspath(plan)
        arguments = ["sweep", path, "-o", os.fspath(output)]
        arguments += ["-j", str(jobs)] if jobs is not None else []
        arguments += ["--shard", shard] if shard is not None else []
        arguments += ["--data", os.fspath(data)] if data is not None else []
        _asked(arguments if progress else [*arguments, "--quiet"], progress)
    return Sweep(output)


def compare(
    *runs: Union[PathText, Run], page: Optional[PathText] = None, force: bool = False
) -> Comparison:
    """Finished runs side by side, as ``mcasim compare`` has them.

    Parameters
    ----------
    *runs : Run, str or path
        2 to 32 runs; differences are from the first.
    page : str or path, optional
        Also write an HTML page.
    force : bool
        Replace the page where it exists.

    Returns
    -------
    Comparison
    """
    arguments = ["compare", "--json", *(_directory(run) for run in runs)]
    arguments += ["-o", os.fspath(page)] if page is not None else []
    arguments += ["--force"] if force else []
    return Comparison(json.loads(_asked(arguments)))


def explain(run: Union[PathText, Run], key: Optional[str] = None) -> Union[Explanation, dict]:
    """What a figure of a run is made of, as ``mcasim explain`` tells it.

    Parameters
    ----------
    run : Run, str or path
    key : str, optional
        A key of ``summary.json``: ``"energy_j.by_component.adc_conversion"``.

    Returns
    -------
    Explanation or dict
        Without a key the figures that can be explained, with their values.
    """
    arguments = ["explain", "--json", _directory(run), *([key] if key else [])]
    found = json.loads(_asked(arguments))
    return Explanation(found) if key else {f["key"]: f["value"] for f in found["figures"]}


def components(library: PathText = "mca-14nm") -> dict:
    """A component library, as ``mcasim components --json`` tells it.

    Parameters
    ----------
    library : str or path
        The path of a YAML file, or the name of one that comes with mcasim.

    Returns
    -------
    dict
        Figures under ``energy``, ``blocks`` and ``timing``, each with its value at the library's
        node and, under ``stated``, the keys with which a library file states it.

    Examples
    --------
    >>> adc = components("mca-14nm")["energy"]["adc_cco"]
    >>> adc["per"], adc["stated"]["energy_pj"], adc["stated"]["law"]
    ('conversion', 40.1, 'levels')
    """
    return json.loads(_asked(["components", os.fspath(library), "--json"]))


def price(
    run: Union[PathText, Run],
    output: PathText,
    *,
    library: Optional[PathText] = None,
    changes: Optional[Mapping] = None,
) -> Run:
    """A finished run under another component library, as ``mcasim price`` gives it: nothing is simulated again.

    Parameters
    ----------
    run : Run, str or path
    output : str or path
        The directory to be written; it must not exist.
    library : str or path, optional
        The path of a YAML file, or the name of one that comes with mcasim.
    changes : mapping, optional
        Keys that only prices depend on, by their whole names: ``cost.*``, ``adc.kind``,
        ``dac.kind``.

    Returns
    -------
    Run
        Figures of the same counts and times at other prices.
    """
    if library is None and not changes:
        raise TypeError("price: library or changes is needed")
    arguments = ["price", _directory(run), "-o", os.fspath(output), "--quiet"]
    arguments += ["--library", os.fspath(library)] if library is not None else []
    for key, value in (changes or {}).items():
        arguments += ["--set", f"{key}={_yaml(value)}"]
    _asked(arguments)
    return Run(output)


def version() -> str:
    """The version of the program that is used; it has to be that of the package.

    Raises
    ------
    FailedError
        Where it is another.
    """
    words = _asked(["--version"]).split()
    if len(words) < 2 or words[1] != __version__:
        raise FailedError(f"{program()} is {' '.join(words)}, and the package is {__version__}")
    return words[1]
