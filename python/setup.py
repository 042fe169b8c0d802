"""Wheels that hold libmca, the program mcasim and its scenarios beside the package.

They are taken from the build tree that $MCASIM_BUILD names, or built by CMake into build/python of
the source tree; needed is what mcasim itself needs (tools/setup --demo). With MCASIM_BUILD=none the
wheel is of Python alone, for a system where libmca is installed.
"""

import os
import shutil
import subprocess
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.dist import Distribution
from wheel.bdist_wheel import bdist_wheel

PYTHON = Path(__file__).resolve().parent
SOURCE = PYTHON.parent
IS_PURE = os.environ.get("MCASIM_BUILD") == "none"


def built_tree() -> Path:
    """A build tree with mcasim and a shared libmca in it."""
    told = os.environ.get("MCASIM_BUILD")
    if told:
        return Path(told).resolve()
    tree = SOURCE / "build" / "python"
    options = ["-DCMAKE_BUILD_TYPE=Release", "-DMCA_BUILD_RTL=OFF", "-DMCA_BUILD_SYSTEMC=OFF", "-DMCA_BUILD_TESTS=OFF"]
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    subprocess.run(["cmake", "-S", SOURCE, "-B", tree, *generator, *options], check=True)
    subprocess.run(["cmake", "--build", tree, "--target", "mcasim", "mca_shared"], check=True)
    return tree


def library_of(tree: Path) -> Path:
    """libmca.so by its name with the number of the interface."""
    version = {}
    exec((PYTHON / "mcasim" / "_version.py").read_text(encoding="utf-8"), version)
    interface = version["INTERFACE"]
    found = sorted(tree.glob(f"lib*/**/libmca.so.{interface}"))
    if not found:
        raise SystemExit(f"{tree}: no libmca.so.{interface}; build it with MCA_BUILD_PYTHON=ON")
    return found[0]


class BuildWithLibrary(build_py):
    """The package, and what it loads and calls, laid out as an installation."""

    def run(self):
        super().run()
        tree = Path(self.build_lib) / "mcasim" / "_tree"
        if tree.exists():
            shutil.rmtree(tree)
        if IS_PURE:
            return
        build = built_tree()
        library = library_of(build)
        for file in (build / "bin" / "mcasim", library):
            to = tree / file.relative_to(build)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file.resolve(), to)
        for folder in ("scenarios", "schema"):
            shutil.copytree(SOURCE / folder, tree / "share" / "mcasim" / folder)


class Binary(Distribution):
    """Files for one machine where libmca is with them."""

    def has_ext_modules(self):
        return not IS_PURE


class OfAnyPython(bdist_wheel):
    """No part is compiled for one version of Python."""

    def get_tag(self):
        return ("py3", "none", "any" if IS_PURE else super().get_tag()[2])


setup(cmdclass={"build_py": BuildWithLibrary, "bdist_wheel": OfAnyPython}, distclass=Binary)
