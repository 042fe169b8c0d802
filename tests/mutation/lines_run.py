#!/usr/bin/env python3
"""Which tests run which lines of model/, reports/ and cli/.

    lines_run.py SOURCE BUILD DIR < TESTS

Runs each test, a name a line, of a build with counters of lines (gcc's --coverage), and leaves in DIR a file of the
test's name with the lines PATH:LINE that it runs. `counted` has all lines that have a counter; so has the file of a
test that fails here, as those do that let no file grow: counters are files too.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE, BUILD, DIR = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])


def lines_of(counters):
    """Lines by whether they were run, of the counters below a folder."""
    run, counted = set(), set()
    files = [str(path) for path in counters.rglob("*.gcda")]
    for path in files:  # gcov looks for what the compiler left beside them
        notes = pathlib.Path(path[len(str(counters)):]).with_suffix(".gcno")
        pathlib.Path(path).with_suffix(".gcno").symlink_to(notes)
    if not files:
        return run, counted
    said = subprocess.run(["gcov", "--json-format", "--stdout", *files], capture_output=True, text=True, check=True)
    for text in said.stdout.splitlines():
        for file in json.loads(text)["files"]:
            path = pathlib.Path(os.path.normpath(SOURCE / file["file"]))  # names are those of the tree
            if SOURCE not in path.parents:
                continue
            for line in file["lines"]:
                place = f"{path.relative_to(SOURCE)}:{line['line_number']}"
                counted.add(place)
                if line["count"] > 0:
                    run.add(place)
    return run, counted


def run_test(test):
    with tempfile.TemporaryDirectory() as counters:
        done = subprocess.run(["ctest", "--test-dir", str(BUILD), "-R", f"^{test}$"], capture_output=True, text=True,
                              env={**os.environ, "GCOV_PREFIX": counters}, check=False)
        run, counted = lines_of(pathlib.Path(counters))
    return test, run if done.returncode == 0 else None, counted


def write(name, lines):
    (DIR / name).write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")


def main():
    DIR.mkdir(parents=True, exist_ok=True)
    all_counted, failed = set(), []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for test, run, counted in pool.map(run_test, sys.stdin.read().split()):
            all_counted |= counted
            if run is None:
                failed.append(test)
            else:
                write(test, run)
    for name in [*failed, "counted"]:
        write(name, all_counted)


main()
