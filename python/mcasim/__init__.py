"""mcasim in Python: chips that train neural networks inside memory.

`Scenario` says what is simulated. `run` and `infer` train and test it and give a `Run`; `sweep`,
`compare`, `explain`, `components` and `price` do what the commands of these names do. A `Chip` is one in this process:
trained on arrays, its conductances, weights and counts arrays again.

Everything is libmca's own: the package calls it, and has no model of its own. docs/guide/python.md
is a tutorial.
"""

from ._progress import Progress
from ._version import __version__
from .chip import Chip, Layer, Pair
from .data import Data, Images, load_data
from .errors import (
    ContentError,
    FailedError,
    Interrupted,
    McasimError,
    Notice,
    SystemRefusedError,
)
from ._keys import Key, key, keys
from .ledger import Ledger
from .probes import Codes, Command, DigitalOperation, Occupied, Probe, Update
from .program import compare, components, explain, price, sweep
from .results import Comparison, Explanation, Range, Run, Sweep
from .runs import infer, run
from .scenario import Scenario, Section

__all__ = [
    "Chip",
    "Codes",
    "Command",
    "Comparison",
    "ContentError",
    "Data",
    "DigitalOperation",
    "Explanation",
    "FailedError",
    "Images",
    "Interrupted",
    "Key",
    "Layer",
    "Ledger",
    "McasimError",
    "Notice",
    "Occupied",
    "Pair",
    "Probe",
    "Progress",
    "Range",
    "Run",
    "Scenario",
    "Section",
    "Sweep",
    "SystemRefusedError",
    "Update",
    "__version__",
    "compare",
    "components",
    "explain",
    "infer",
    "key",
    "keys",
    "load_data",
    "price",
    "run",
    "sweep",
]
