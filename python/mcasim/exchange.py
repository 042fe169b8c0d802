"""Component libraries to and from AccelForge.

AccelForge (the heir of Accelergy, Timeloop and CiMLoop) reads architectures in YAML, whose
components state the energy of their actions in joules, and leakage and area of an instance in watts
and square metres, or leave them to the models of hwcomponents, which are Python classes and no
data. `to_accelforge` writes a library of mcasim as such components, with every number stated;
`from_accelforge` makes a library of components whose numbers are stated. Both return what the other
format has no place for, a line each.

::

    python3 -m mcasim.exchange to-accelforge mca-14nm parts.yaml
    python3 -m mcasim.exchange from-accelforge parts.yaml mine.yaml

An energy of AccelForge is one number. A library of mcasim has for it a published value with node,
supply, source, kind, range, causes of error and the law by which it follows the design. They go
with it as ``extra_attributes_for_component_model``, which AccelForge keeps for others, so that the
way there and back loses nothing.
"""

from __future__ import annotations

import argparse
import ast
import json
import math
import operator
import os
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Iterator, Mapping, NamedTuple, Optional, Sequence, Union

from .errors import ContentError, McasimError, SystemRefusedError
from .program import _yaml, components

PathText = Union[str, os.PathLike]

_EXTRA = "extra_attributes_for_component_model"
_KEPT = "mcasim"  # what of it is ours
_MACRO_BYTES = 16384  # of an SRAM macro whose library names none: cost.sram_macro_bytes


class _Node(NamedTuple):
    """A component of AccelForge: what it is to it, and which figures of a library price it."""

    name: str
    tag: str  # !Memory holds values, !Toll is passed by them, !Compute works on them
    block: Optional[str]
    actions: Mapping[str, str]  # name of the action: entry
    more: Mapping[str, Any] = {}


_UP, _DOWN = {"direction": "up"}, {"direction": "down"}
_NODES = (
    _Node("Dram", "Toll", None, {"read": "dram_read"}, _DOWN),
    _Node("ImageNetwork", "Toll", None, {"read": "image_load"}, _DOWN),
    _Node("Sram", "Memory", "sram_bit", {"read": "sram_read", "write": "sram_write"}),
    _Node("Register", "Memory", "register_bit", {"write": "register_bit"}, {"size": 1}),
    _Node("DacPwm", "Toll", "dac_pwm", {"read": "dac_pwm"}, _DOWN),
    _Node("DacVoltage", "Toll", "dac_voltage", {"read": "dac_voltage"}, _DOWN),
    _Node("PcmDevice", "Memory", "pcm_device", {"read": "pcm_read", "write": "pcm_set", "reset": "pcm_reset"}, {"size": 1}),
    _Node("TileControl", "Toll", "tile_control", {}, _DOWN),
    _Node("ProgramDriver", "Toll", "program_driver", {}, _DOWN),
    _Node("SampleHold", "Toll", "sample_hold", {"read": "sample_hold"}, _UP),
    _Node("AdcCco", "Toll", "adc_cco", {"read": "adc_cco"}, _UP),
    _Node("AdcSar", "Toll", "adc_sar", {"read": "adc_sar"}, _UP),
    _Node("DpuLane", "Compute", "dpu_lane", {"compute": "int_multiply", "add": "int_add"}),
    _Node("Fp32Lane", "Compute", "fp32_lane", {"compute": "fp32_multiply", "add": "fp32_add"}),
    _Node("SigmoidUnit", "Compute", "sigmoid_unit", {"compute": "sigmoid"}),
    _Node("SoftmaxUnit", "Compute", "softmax_unit", {"compute": "softmax", "divide": "reciprocal"}),
    _Node("PoolUnit", "Compute", "pool_unit", {}),
    _Node("GatherUnit", "Compute", "gather_unit", {"compute": "gather"}),
)
_PER_BIT = ("dram_read", "image_load", "register_bit", "sram_read", "sram_write")
_PARTS = {"static": ("leak_power", "value_w", 1.0), "area": ("area", "value_um2", 1e-12)}


# --- to AccelForge


def _quoted(value: Any) -> str:
    """A value on one line, texts in quotes: AccelForge takes those without for expressions, and what opens a template of Jinja2
    must not stand anywhere."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("{{", "{\\u007b").replace("{%", "{\\u0025").replace("{#", "{\\u0023")


def _law(stated: Mapping) -> Optional[str]:
    """At what design a figure was stated, where it follows the design."""
    laws = (("at_pj", " pJ a conversion"), ("at_bits", " bits"), ("at_bytes", " bytes"), ("at_ps", " ps"), ("at_hz", " Hz"))
    return next((f"{stated[key]:g}{unit}" for key, unit in laws if key in stated), None)


def _bits_of(node: _Node, library: Mapping) -> int:
    """How many instances of its block a component is: an SRAM is a macro of bits."""
    if node.block != "sram_bit":
        return 1
    return round(8 * library["energy"]["sram_read"]["stated"].get("at_bytes", _MACRO_BYTES))


def _kept(figure: Mapping, **more: Any) -> str:
    return _quoted({_KEPT: {**more, "stated": figure["stated"]}})


def _node_lines(node: _Node, library: Mapping) -> Iterator[str]:
    bits = _bits_of(node, library)
    yield f"  - !{node.tag}"
    yield f"    name: {node.name}"
    yield "    component_class: Dummy"
    more = {"size": bits} if node.block == "sram_bit" else node.more
    yield from (f"    {key}: {value}" for key, value in more.items())
    kept = {}
    if node.block:
        for part, (key, value, unit) in _PARTS.items():
            figure = library["blocks"][node.block][part]
            yield f"    {key}: {figure[value] * unit * bits!r}"
            kept[part] = {"value": figure[value], "instances": bits, "stated": figure["stated"]}
        kept["block"] = node.block
    if node.block == "sram_bit":
        kept["access"] = library["timing"]["sram_access"]["stated"]
    if kept:
        yield f"    {_EXTRA}: {_quoted({_KEPT: kept})}"
    if not node.actions:
        return
    yield "    actions:"
    for action, entry in node.actions.items():
        figure = library["energy"][entry]
        yield f"    - name: {action} # {figure['per']}"
        yield f"      energy: {figure['value_j']!r}"
        if entry in _PER_BIT:
            yield "      bits_per_action: 1"
        yield f"      {_EXTRA}: {_kept(figure, entry=entry, value=figure['value_j'])}"


def _untold(library: Mapping) -> list:
    """What AccelForge has no place for."""
    fixed = {name: _law(f["stated"]) for name, f in library["energy"].items()}
    fixed = {name: law for name, law in fixed.items() if law}
    return [
        "ranges (uncertainty, causes), kinds, sources, nodes and laws are kept as extra attributes, and AccelForge does not use them",
        "energies do not follow the design there; they stand for " + ", ".join(f"{n} at {law}" for n, law in fixed.items()),
        "leakage and area of converters stand for the conversions of their own entry, and of an SRAM for "
        f"a macro of {_bits_of(_NODES[2], library) / 8:g} bytes",
        "actions take no time: times are the scenario's in mcasim; timing.sram_access is kept as an extra attribute of Sram",
        "which component stands above which, how often each is there, and what it holds (tensors) is left to the architecture",
    ]


def _written(path: PathText, text: str, force: bool) -> None:
    try:
        with open(path, "w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise ContentError(f"{os.fspath(path)}: exists already; force replaces it", 2) from None
    except OSError as fault:
        raise SystemRefusedError(f"{os.fspath(path)}: {fault.strerror}", 3) from None


def to_accelforge(library: PathText, path: PathText, *, force: bool = False) -> list:
    """Writes a component library as components of an AccelForge architecture.

    Parameters
    ----------
    library : str or path
        The path of a library, or the name of one that comes with mcasim.
    path : str or path
        The YAML file to be written.
    force : bool
        Replace it where it exists.

    Returns
    -------
    list of str
        What AccelForge has no place for, or does not use.
    """
    told = components(library)
    kept = {key: told[key] for key in ("name", "about", "node_nm", "voltage_v", "causes")}
    lines = [
        f"# {told['name']} of mcasim as components of AccelForge, to be put into an architecture. Energies are in J, leak_power in W,",
        "# area in m^2, of one action and one instance. Dummy: what is not stated is 0, and hwcomponents is not asked.",
        "variables:",
        f"  tech_node: {told['node_nm'] * 1e-9!r}",
        f"  voltage: {told['voltage_v']!r}",
        f"  {_KEPT}: {_quoted(kept)}",
        "arch:",
        "  nodes:",
    ]
    for node in _NODES:
        lines += _node_lines(node, told)
    _written(path, "\n".join(lines) + "\n", force)
    return _untold(told)


# --- from AccelForge


def _pyyaml() -> ModuleType:
    try:
        import yaml as module
    except ImportError:
        raise ImportError("files of AccelForge are read with PyYAML (Debian's python3-yaml)") from None
    return module


def _read(path: PathText) -> dict:
    """The file as dictionaries and lists, tags left out."""
    yaml = _pyyaml()
    name = os.fspath(path)

    class Loader(yaml.SafeLoader):
        """Any tag is taken for what it stands before."""

    def plain(loader: Any, _tag: str, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else loader.construct_scalar(node)

    Loader.add_multi_constructor("!", plain)
    # 1e-12 is a number to AccelForge (YAML 1.2), and a text to PyYAML (1.1)
    Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[-+]?[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789"))
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ContentError(f"{name}: no text in UTF-8", 2) from None
    except OSError as fault:
        raise SystemRefusedError(f"{name}: {fault.strerror}", 3) from None
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(r"\{[{%]", line.split("#")[0]):
            raise ContentError(f"{name}:{number}: a template of Jinja2; give the file as AccelForge has filled it in", 2)
    try:
        content = yaml.load(text, Loader)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f":{mark.line + 1}" if mark else ""
        raise ContentError(f"{name}{place}: no YAML: {getattr(fault, 'problem', None) or fault}", 2) from None
    except RecursionError:
        raise ContentError(f"{name}: nested too deep", 2) from None
    if not isinstance(content, dict):
        raise ContentError(f"{name}: a mapping with variables and arch is needed", 2)
    return content


_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def _calculated(node: ast.AST) -> float:
    """An expression of numbers alone."""
    if isinstance(node, ast.Expression):
        return _calculated(node.body)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return float(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_calculated(node.left), _calculated(node.right))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_calculated(node.operand))
    raise ValueError


class _Reader:
    """A file of AccelForge as figures of a library."""

    def __init__(self, path: PathText, names: Mapping[str, str], given: Mapping[str, Any]):
        self.name = os.fspath(path)
        self.content = _read(path)
        self.names = dict(names)  # "ADC.read": "adc_sar", "ADC": "adc_sar"
        self.given = given  # node_nm, uncertainty, kind, source of figures that have none
        self.figures: dict = {"energy": {}, "blocks": {}, "timing": {}}
        self.lines: list = []
        variables = self.content.get("variables")
        self.variables = variables if isinstance(variables, dict) else {}
        kept = self.variables.get(_KEPT)
        self.library = kept if isinstance(kept, dict) else {}

    def fail(self, message: str) -> ContentError:
        return ContentError(f"{self.name}: {message}", 2)

    def number(self, place: str, value: Any) -> float:
        """A number, or an expression of numbers."""
        try:
            number = _calculated(ast.parse(str(value).strip(), mode="eval"))
        except (ValueError, SyntaxError, ArithmeticError, RecursionError, MemoryError):
            raise self.fail(f"{place}: {str(value)[:60]!r} is no number; have AccelForge evaluate the file first") from None
        if not math.isfinite(number):
            raise self.fail(f"{place}: {value} is not finite")
        return number

    def product(self, place: str, *factors: tuple) -> float:
        """Of what stands under some keys, 1 where nothing does."""
        whole = 1.0
        for mapping, key in factors:
            if mapping.get(key) is not None:
                whole *= self.number(f"{place}.{key}", mapping[key])
        return whole

    def nodes(self) -> Iterator[dict]:
        """All components, those of forks and arrays among them."""
        arch = self.content.get("arch")
        waiting = [arch if isinstance(arch, dict) else {}]
        seen = set()
        while waiting:
            branch = waiting.pop()
            if id(branch) in seen:
                continue
            seen.add(id(branch))
            if "name" in branch and ("actions" in branch or "area" in branch or "leak_power" in branch):
                yield branch
            nodes = branch.get("nodes")
            waiting += [node for node in reversed(nodes if isinstance(nodes, list) else []) if isinstance(node, dict)]

    def kept_of(self, mapping: Mapping) -> dict:
        """What `to_accelforge` left with a component or an action."""
        extra = mapping.get(_EXTRA)
        kept = extra.get(_KEPT) if isinstance(extra, dict) else None
        return kept if isinstance(kept, dict) else {}

    def node_nm(self, node: Mapping, place: str) -> float:
        """The technology of a component: its own, the architecture's, or what was given."""
        arch = self.content.get("arch") or {}
        shared = arch.get("extra_attributes_for_all_component_models")
        for holder in (node.get(_EXTRA), shared, self.variables):
            value = holder.get("tech_node") if isinstance(holder, dict) else None
            if value is not None and value != "tech_node":
                return round(self.number(f"{place}.tech_node", value) * 1e9, 9)
        if self.given.get("node_nm") is None:
            raise self.fail(f"{place}: no tech_node; node_nm has to be given")
        return self.given["node_nm"]

    def restated(self, place: str, kept: Mapping, si: float, key: str) -> dict:
        """A figure that came from a library: as it was stated there, or with the number that it has now."""
        stated, before = kept.get("stated"), kept.get("value")
        if not isinstance(stated, dict) or not isinstance(before, (int, float)):
            raise self.fail(f"{place}: its attributes of mcasim are not whole")
        if math.isclose(si, before, rel_tol=1e-12):
            return dict(stated)
        units = ("energy_", "power_", "area_", "time_")
        figure = {k: v for k, v in stated.items() if not k.startswith(units) and k not in ("times", "scaling")}
        value = f"{si:.6g} in place of {before:.6g}"
        self.lines.append(f"{place}: {value}: taken at the library's node; range and source are those of before")
        if "at_pj" in figure:  # stated at the node of before
            del figure["at_pj"], figure["at_ps"]
            self.lines.append(f"{place}: no longer follows the energy of a conversion")
        figure["note"] = f"{value}, changed in {os.path.basename(self.name)}"
        figure["node_nm"] = self.library.get("node_nm", figure["node_nm"])
        if "voltage_v" in figure:
            figure["voltage_v"] = self.library.get("voltage_v", figure["voltage_v"])
        return {key: si, **figure}

    def stated(self, place: str, node: Mapping, si: float, key: str, times: float) -> dict:
        """A figure of another's."""
        if self.given.get("uncertainty") is None:
            raise self.fail(f"{place}: AccelForge has no ranges; uncertainty has to be given")
        figure = {key: si, "node_nm": self.node_nm(node, place), "uncertainty": self.given["uncertainty"]}
        if times != 1:
            figure["times"] = times
        figure["kind"] = self.given.get("kind") or "published"
        figure["source"] = self.given.get("source") or f"AccelForge, {os.path.basename(self.name)}, {place}"
        return figure

    def take_action(self, node: Mapping, action: Mapping) -> None:
        place = f"{node['name']}.{action.get('name')}"
        kept = self.kept_of(action)
        entry = self.names.pop(place, None) or kept.get("entry")
        if not entry:
            if action.get("energy") is not None:
                self.lines.append(f"{place}: left out: it is not said which energy of a library it is")
            return
        if action.get("energy") is None:
            raise self.fail(f"{place}: no energy is stated; have AccelForge evaluate it (component_class {node.get('component_class')})")
        si = self.product(place, (action, "energy"), (action, "energy_scale"), (node, "energy_scale"))
        bits = self.product(place, (action, "bits_per_action")) if entry in _PER_BIT else 1.0
        if "bits_per_action" not in action and entry in _PER_BIT:
            bits = self.product(place, (node, "bits_per_action"))
        if bits <= 0:
            raise self.fail(f"{place}.bits_per_action: {bits:g}; allowed: above 0")
        if kept.get("entry") == entry:
            figure = self.restated(place, kept, si / bits, "energy_j")
        else:
            figure = self.stated(place, node, si, "energy_j", 1 / bits)
        self.put("energy", entry, figure, place)
        for key in ("latency", "throughput"):
            if action.get(key) is not None:
                self.lines.append(f"{place}.{key}: left out: times are the scenario's in mcasim")

    def take_block(self, node: Mapping) -> None:
        place = str(node["name"])
        kept = self.kept_of(node)
        block = self.names.pop(place, None) or kept.get("block")
        if isinstance(kept.get("access"), dict):
            self.figures["timing"]["sram_access"] = kept["access"]
        present = [key for key, _, _ in _PARTS.values() if node.get(key) is not None]
        if not block:
            if any(self.number(f"{place}.{key}", node[key]) for key in present):
                self.lines.append(f"{place}: {' and '.join(present)} left out: it is not said which block of a library it is")
            return
        parts = {}
        for part, (key, _, unit) in _PARTS.items():
            if node.get(key) is None:
                self.lines.append(f"{place}: no {key}")
                continue
            si = self.product(place, (node, key), (node, f"{key}_scale")) / unit
            name = "power_w" if part == "static" else "area_um2"
            instances = self.product(place, (node, "size")) if block == "sram_bit" else 1.0
            if instances <= 0:
                raise self.fail(f"{place}.size: {instances:g}; allowed: above 0")
            if kept.get("block") == block and isinstance(kept.get(part), dict):
                parts[part] = self.restated(f"{place}.{key}", kept[part], si / instances, name)
            else:
                parts[part] = self.stated(f"{place}.{key}", node, si, name, 1 / instances)
        self.put("blocks", block, parts, place)
        if node.get("n_parallel_instances") is not None:
            self.lines.append(f"{place}.n_parallel_instances: left out: leakage and area are of one")

    def put(self, section: str, name: str, figure: dict, place: str) -> None:
        if name in self.figures[section]:
            raise self.fail(f"{place}: a second {section}.{name}; one is allowed")
        self.figures[section][name] = figure

    def take_all(self) -> None:
        for node in self.nodes():
            if node.get("total_area") is not None:
                raise self.fail(f"{node['name']}: total_area: it is evaluated, with its scales in its numbers; give the file of before")
            self.take_block(node)
            actions = node.get("actions")
            for action in actions if isinstance(actions, list) else []:
                if isinstance(action, dict):
                    self.take_action(node, action)
        if self.names:
            raise self.fail(f"no component or action is called {', '.join(map(repr, self.names))}")


def _library_text(reader: _Reader, name: str, base: Optional[str]) -> str:
    """A library file, a figure a line."""
    kept = reader.library
    lines = [f"name: {json.dumps(name)}"]
    about = kept.get("about") or f"Components of AccelForge, {os.path.basename(reader.name)}"
    lines.append(f"about: {json.dumps(str(about), ensure_ascii=False)}")
    if base:
        lines.append(f"base: {json.dumps(base)}")
    lines += [f"{key}: {kept[key]!r}" for key in ("node_nm", "voltage_v") if isinstance(kept.get(key), float)]
    if isinstance(kept.get("causes"), dict):
        lines.append("causes:")
        lines += [f"  {cause}: {_yaml(said)}" for cause, said in kept["causes"].items()]
    for section in ("energy", "timing"):
        if reader.figures[section]:
            lines.append(f"{section}:")
            lines += [f"  {entry}: {_yaml(figure)}" for entry, figure in reader.figures[section].items()]
    if reader.figures["blocks"]:
        lines.append("blocks:")
        for block, parts in reader.figures["blocks"].items():
            lines.append(f"  {block}:")
            lines += [f"    {part}: {_yaml(figure)}" for part, figure in parts.items()]
    return "\n".join(lines) + "\n"


def _is_whole(reader: _Reader) -> bool:
    wanted = components()
    return all(set(wanted[section]) <= set(reader.figures[section]) for section in ("energy", "blocks", "timing")) and all(
        len(parts) == len(_PARTS) for parts in reader.figures["blocks"].values()
    )


def from_accelforge(
    path: PathText,
    library: PathText,
    *,
    names: Optional[Mapping[str, str]] = None,
    base: Optional[str] = None,
    node_nm: Optional[float] = None,
    uncertainty: Optional[float] = None,
    kind: Optional[str] = None,
    source: Optional[str] = None,
    force: bool = False,
) -> list:
    """Makes a component library of an AccelForge architecture whose numbers are stated.

    Figures that `to_accelforge` wrote come back as they were; one whose number was changed is taken
    at the library's node. Of other files it has to be said what is what, and what AccelForge cannot
    say.

    Parameters
    ----------
    path : str or path
        A YAML file of AccelForge. Numbers may be expressions of numbers, not of names.
    library : str or path
        The library file to be written. It is loaded, and refused with what it lacks.
    names : mapping, optional
        ``{"ADC.read": "adc_sar", "ADC": "adc_sar"}``: which energy an action is, and which block a
        component.
    base : str, optional
        The library from which comes what the file does not state; ``mca-14nm`` where one is needed.
    node_nm, uncertainty, kind, source
        Of figures that were not written by `to_accelforge`: their node where the file has no
        ``tech_node``; their range, which has to be given; ``published``; the file's name.
    force : bool
        Replace the library where it exists.

    Returns
    -------
    list of str
        What was left out, or changed.
    """
    given = {"node_nm": node_nm, "uncertainty": uncertainty, "kind": kind, "source": source}
    reader = _Reader(path, names or {}, given)
    reader.take_all()
    if not reader.figures["energy"] and not reader.figures["blocks"]:
        raise reader.fail("nothing in it is a figure of a component library")
    if base is None and not _is_whole(reader):
        base = "mca-14nm"
        reader.lines.append(f"what the file does not state comes from {base}")
    name = str(reader.library.get("name") or Path(library).stem)
    _written(library, _library_text(reader, name, base), force)
    try:
        components(Path(library).absolute())
    except McasimError as fault:
        Path(library).unlink()
        raise ContentError(f"{reader.name}: makes no library: {fault}", 2) from None
    return reader.lines


# --- the command


def _named(text: str) -> tuple:
    place, found, name = text.partition("=")
    if not found or not place or not name:
        raise argparse.ArgumentTypeError(f"{text!r}: COMPONENT.ACTION=ENERGY or COMPONENT=BLOCK is needed")
    return place, name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m mcasim.exchange", description="Component libraries to and from AccelForge.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="to-accelforge|from-accelforge")
    there = commands.add_parser("to-accelforge", help="a library of mcasim as components of AccelForge")
    there.add_argument("library", help="a library's name (mcasim scenarios) or path")
    there.add_argument("path", metavar="file", help="the YAML file to be written")
    back = commands.add_parser("from-accelforge", help="components of AccelForge as a library of mcasim")
    back.add_argument("path", metavar="file", help="a YAML file of AccelForge")
    back.add_argument("library", help="the library file to be written")
    back.add_argument("--as", dest="names", type=_named, action="append", default=[], metavar="COMPONENT[.ACTION]=NAME",
                      help="which block a component is, which energy an action")
    back.add_argument("--base", help="where comes from what the file does not state (mca-14nm)")
    back.add_argument("--node-nm", type=float, metavar="NM", help="node of figures of others, where the file names none")
    back.add_argument("--uncertainty", type=float, metavar="FACTOR", help="range of figures of others")
    back.add_argument("--kind", choices=["measured", "published", "derived", "assumption"], help="of figures of others (published)")
    back.add_argument("--source", metavar="TEXT", help="of figures of others (the file's name)")
    for command in (there, back):
        command.add_argument("--force", action="store_true", help="replace what exists")
    return parser


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """The command ``python3 -m mcasim.exchange``.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the command line.

    Returns
    -------
    int
        0 done; 2 wrong usage or bad content; 3 the system refused a file.
    """
    options = vars(_parser().parse_args(arguments))
    command = options.pop("command")
    try:
        if command == "to-accelforge":
            lines = to_accelforge(**options)
        else:
            lines = from_accelforge(**{**options, "names": dict(options["names"])})
    except McasimError as fault:
        print(f"mcasim.exchange: {fault}", file=sys.stderr)
        return fault.status
    except (ImportError, FileNotFoundError) as fault:  # no PyYAML, no program
        print(f"mcasim.exchange: {fault}", file=sys.stderr)
        return 3
    for line in lines:
        print(f"note: {line}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
