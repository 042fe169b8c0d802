#!/usr/bin/env python3
"""Files against schemas: schema_check.py SCHEMA valid|refused FILE...

Each file has to be valid, or each refused. YAML is read as YAML 1.2 has it, as editors and mcasim do: 1e6 is a number, yes a text.
Prints the files for which that is not so, with the reason, and how many there were."""
import json
import re
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}


def resolve(tag, pattern, first):
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + tag, re.compile("^(?:" + pattern + ")$"), list(first))


resolve("null", "~|null|", "~n")
Loader.yaml_implicit_resolvers.setdefault("", []).append(("tag:yaml.org,2002:null", re.compile("^$")))
resolve("bool", "true|false|True|False|TRUE|FALSE", "tfTF")
resolve("int", "[-+]?[0-9]+|0x[0-9a-fA-F]+", "-+0123456789")
resolve("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789")
# numbers of YAML 1.1 have other digits: read them as Python does
Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node), 16 if "x" in node.value else 10))
Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(loader.construct_scalar(node)))


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file) if path.endswith(".json") else yaml.load(file, Loader)


def main():
    schema, expected, paths = read(sys.argv[1]), sys.argv[2], sys.argv[3:]
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    faults = 0
    for path in paths:
        error = jsonschema.exceptions.best_match(validator.iter_errors(read(path)))
        if (error is None) != (expected == "valid"):
            faults += 1
            where = ".".join(str(part) for part in error.absolute_path) if error else ""
            print(f"{path}: {where}: {error.message[:300]}" if error else f"{path}: is valid")
    print(f"{len(paths)} files, {faults} not {expected}")
    return 1 if faults or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
