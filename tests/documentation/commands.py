#!/usr/bin/env python3
"""Runs the commands of the documentation: each page's in their order, in an empty folder of its own.

    commands.py [--full] [--list] [PAGE...]     without a page README.md, CONTRIBUTING.md and all of docs/

Commands are lines of indented code, and of code fenced as sh or not at all, in a block that begins with a program's
name. What a page shows is held against what they do:

- code fenced as yaml becomes the file that the paragraph before it names last (`my-sweep.yaml`);
- code fenced as text quotes the command before it: each of its lines has to be printed, blanks aside.

The folder has the tree's folders, as pages name them from there, and `build/release`. What is installed in
/usr/local/share/mcasim is a copy of the build tree's. Without --full commands of mcasim are shortened, unless the
page is run as it is, and slow ones are left out: a run, a test and the bench take few images, those of drawn digits;
a sweep or a search shows its plan.

commands.txt says what is done otherwise, each with a reason; a line there that fits no command is an error.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(os.environ["SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["BUILD_DIR"])
PROGRAMS = """mcasim mcasim-sc make cmake ctest cp mkdir cd sed for export sudo apt apt-get python3 pip man jsonschema
sbatch srun mpirun parallel tar git cc gcc c++ g++ verilator iverilog yosys gtkwave awk docker podman dpkg curl wget""".split()
FOLDERS = re.compile(r"(\./)?(tools|tests|example|build|venv|prefix)/|\./|[A-Z][A-Z_]*=\S* ")
# what mcasim says begins like one
MESSAGE = re.compile(r"mcasim [a-z]+: ")
# `mcasim run SCENARIO [-o DIR]`: held against --help by tests/cli/usage_text.sh
USAGE = re.compile(r"mcasim(-sc)? .*(\[(-|[A-Z]+[\] ])|[a-z]\|[a-z])|mcasim report DIR( |$)")
INSTALLED = "/usr/local/share/mcasim"
FEW = """train.images=60 train.test_images=20 train.validation_images=0 dataset.synthetic_train=400
dataset.synthetic_test=50"""
QUICK = {"run": " ".join(f"--set {setting}" for setting in FEW.split()), "infer": "--set train.test_images=20", "sweep": "-n", "optimise": "-n", "bench": "--images 100 --repeat 1"}


class Block:
    def __init__(self, line, kind, text, before):
        self.line, self.kind, self.text, self.before = line, kind, text, before


def blocks_of(page):
    """Blocks of code: the line they begin at, the fence's word ("" without one), the lines, the paragraph before."""
    found, paragraph, code, fence = [], [], None, None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines() + [""], 1):
        mark = re.match(r"```(.*)$", line)
        if fence is not None:
            if mark:
                found.append(Block(start, fence, code, " ".join(paragraph)))
                code, fence = None, None
            else:
                code.append(line)
        elif mark:
            start, fence, code = number + 1, mark[1].strip(), []
        elif line.startswith("    ") and (code is not None or not paragraph or paragraph[-1] == "" or found_item(paragraph[-1])):
            if code is None:
                start, code = number, []
            code.append(line[4:])
        else:
            if code is not None:
                found.append(Block(start, "", code, " ".join(paragraph)))
                code = None
            if line == "":
                if paragraph and paragraph[-1] != "":
                    paragraph.append("")
            else:
                if paragraph and paragraph[-1] == "":
                    paragraph = []
                paragraph.append(line)
    return found


def found_item(line):
    """Code may follow a heading at once."""
    return line.startswith("#")


def is_command(line):
    word = line.split(" ")[0]
    return bool(word in PROGRAMS or FOLDERS.match(line)) and not MESSAGE.match(line)


def commands_of(block):
    """(line, command): an indented block, loops as a whole."""
    if block.kind not in ("", "sh", "bash", "console"):
        return []
    lines = [line for line in block.text if line.strip()]
    if not lines or not is_command(lines[0]):
        if block.kind in ("sh", "bash", "console") or any(re.search(r" --[a-z]+ [^-]*--[a-z]| --set ", line) for line in lines if not MESSAGE.match(line)):
            sys.exit(f"line {block.line}: is this a command? {lines[0]}")
        return []
    found, depth = [], 0
    for offset, line in enumerate(block.text):
        if not line.strip():
            continue
        if depth > 0 or (found and found[-1][1].endswith("\\")):
            found[-1] = (found[-1][0], found[-1][1] + "\n" + line)
        else:
            found.append((block.line + offset, line))
        depth += len(re.findall(r"^\s*for ", line)) - len(re.findall(r"^\s*done\b", line))
    return found


def plain(command):
    """Without the comment behind it."""
    return re.sub(r"\s{2,}#.*$|\s{4,}\S.*$", "", command) if "\n" not in command else command


class Rules:
    """commands.txt: sections of a kind, a line each."""

    KINDS = ("not run", "slow", "mnist", "needs", "fails", "before", "as it is")

    def __init__(self, path):
        self.entries, self.used = [], set()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            parts = [part.strip() for part in line.split(" | ")]
            if len(parts) != 4 or parts[0] not in self.KINDS:
                sys.exit(f"commands.txt:{number}: not 'KIND | PAGE | COMMAND | REASON'")
            self.entries.append((number, *parts))

    def find(self, kind, page, command=""):
        for number, of_kind, of_page, pattern, reason in self.entries:
            if of_kind == kind and of_page in (page, "*") and (pattern == "*" or pattern in command):
                self.used.add(number)
                return reason
        return None

    def all(self, kind, page):
        found = [entry for entry in self.entries if entry[1] == kind and entry[2] == page]
        self.used.update(entry[0] for entry in found)
        return [(entry[3], entry[4]) for entry in found]

    def unused(self, pages, is_all):
        return [e for e in self.entries if e[0] not in self.used and (is_all or e[2] in pages)]


def collapse(text):
    return " " + " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split()) + " "


class Page:
    def __init__(self, name, rules, full):
        self.name, self.rules, self.full = name, rules, full
        self.failures, self.ran, self.left = [], 0, []
        self.shortened = rules.find("as it is", name) is None and not full
        self.said = ""

    def furnish(self, folder):
        """What a page finds around it: the tree, but for what it writes itself."""
        for part in ("scenarios", "schema", "shim", "tests", "tools", "rtl", "docs", "python", "CMakeLists.txt"):
            (folder / part).symlink_to(SOURCE / part)
        (folder / "build").mkdir()
        (folder / "build" / "release").symlink_to(BUILD)
        (folder / "bin").mkdir()
        (folder / "bin" / "python3").symlink_to("/usr/bin/python3")  # Debian's, which has NumPy
        if INSTALLED in (SOURCE / self.name).read_text(encoding="utf-8"):
            shutil.copytree(BUILD / "share" / "mcasim", folder / "installed")
        if self.shortened:
            wrapper = folder / "bin" / "mcasim"
            words = " ".join(f"{command}) set -- \"$@\" {more} ;;" for command, more in QUICK.items())
            wrapper.write_text(f'#!/bin/sh\ncase $1 in {words} esac\nexec "{BUILD}/bin/mcasim" "$@"\n')
            wrapper.chmod(0o755)

    def environment(self, folder):
        env = {k: v for k, v in os.environ.items() if k not in ("MCA_COMPONENTS_DIR", "MCA_DATA_DIR")}
        if not self.full:
            for name in ("MNIST_DIR", "FASHION_MNIST_DIR", "CIFAR10_DIR"):
                env.pop(name, None)
        env["PATH"] = f"{folder}/bin:{BUILD}/bin:/usr/sbin:{env['PATH']}"
        env["PYTHONPATH"] = str(BUILD / "lib/python3/dist-packages")
        env["MANPATH"] = f"{BUILD}/share/man:"
        env["SYSTEMC_DISABLE_COPYRIGHT_MESSAGE"] = "1"
        return env

    def do(self, folder, command, line, status):
        script = command.replace(INSTALLED, f"{folder}/installed")
        start = time.monotonic()
        done = subprocess.run(["sh", "-ec", script], cwd=folder, env=self.environment(folder), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        self.said = done.stdout
        self.ran += 1
        print(f"{self.name}:{line}: {time.monotonic() - start:.1f} s: {command.splitlines()[0]}", flush=True)
        if done.returncode != status:
            tail = "\n    ".join(done.stdout.splitlines()[-4:])
            self.failures.append(f"{self.name}:{line}: exit status {done.returncode}, not {status}: {command}\n    {tail}")

    def run(self, folder):
        self.furnish(folder)
        for command, _ in self.rules.all("before", self.name):
            self.do(folder, command, 0, 0)
        is_quoted = False  # whether the last command ran
        for block in blocks_of(SOURCE / self.name):
            if block.kind == "yaml":
                names = re.findall(r"`([\w-]+\.yaml)`", block.before)
                head = re.match(r"# ([\w-]+\.yaml)$", block.text[0]) if block.text else None
                if names or head:
                    (folder / (head[1] if head else names[-1])).write_text("\n".join(block.text) + "\n")
            elif block.kind == "text":
                if is_quoted:
                    self.compare(block)
            for line, command in commands_of(block):
                is_quoted = self.consider(folder, line, plain(command))

    def compare(self, block):
        said = collapse(self.said)
        for offset, line in enumerate(block.text):
            if line.strip() and collapse(line) not in said:
                self.failures.append(f"{self.name}:{block.line + offset}: not said: {line.strip()}")

    def consider(self, folder, line, command):
        """Runs a command if it is to be run; whether it was, with all that it prints."""
        if USAGE.match(command):
            return False
        status = 0 if self.rules.find("fails", self.name, command) is None else 1
        for kind in ("not run", "slow", "mnist", "needs"):
            reason = self.rules.find(kind, self.name, command)
            if reason is None or (kind == "slow" and self.full) or (kind == "mnist" and self.has_mnist()):
                continue
            if kind == "needs":
                missing = reason.split(",")[0]
                if shutil.which(missing, path=self.environment(folder)["PATH"]) or pathlib.Path(missing).exists():
                    continue
                print(f"not run: in part: no {reason}: {command.splitlines()[0]}")
                if os.environ.get("CI") == "true":
                    self.failures.append(f"{self.name}:{line}: no {reason}")
            self.left.append((command.splitlines()[0], kind, reason))
            return False
        self.do(folder, command, line, status)
        return not self.shortened

    def has_mnist(self):
        return self.full and bool(os.environ.get("MNIST_DIR"))


def told(failures):
    for failure in failures:
        print(f"FAIL: {failure}", flush=True)
    return len(failures)


def main():
    options = [a for a in sys.argv[1:] if a.startswith("--")]
    pages = [a for a in sys.argv[1:] if not a.startswith("--")]
    if not set(options) <= {"--full", "--list"}:
        sys.exit("usage: commands.py [--full] [--list] [PAGE...]")
    is_all = not pages
    if is_all:
        pages = ["README.md", "CONTRIBUTING.md"] + sorted(str(p.relative_to(SOURCE)) for p in (SOURCE / "docs").rglob("*.md"))
    rules = Rules(pathlib.Path(__file__).with_name("commands.txt"))
    if "--list" in options:
        for page in pages:
            for block in blocks_of(SOURCE / page):
                for line, command in commands_of(block):
                    if not USAGE.match(plain(command)):
                        print(f"{page}:{line}: {plain(command)}")
        return
    failed, ran, left = 0, 0, []
    for name in pages:
        page = Page(name, rules, "--full" in options)
        with tempfile.TemporaryDirectory() as folder:
            page.run(pathlib.Path(folder))
        failed += told(page.failures)
        ran += page.ran
        left += [(name, *what) for what in page.left]
    for name, command, kind, reason in left:
        print(f"left out: {name}: {command}: {kind}: {reason}")
    failed += told([f"commands.txt:{e[0]}: fits no command: {e[3]}" for e in rules.unused(pages, is_all)])
    print(f"{ran} commands of {len(pages)} pages, {len(left)} left out, {failed} failures")
    sys.exit(failed > 0)


main()
