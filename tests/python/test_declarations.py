"""What the package believes of libmca's interface, held against the headers by the C compiler."""

import ctypes
import os
import re
import shutil
import subprocess
import tempfile
import unittest

import mcasim
from mcasim import _declarations as declared
from mcasim import _library, _version

SCALARS = {
    ctypes.c_int: "int",
    ctypes.c_uint: "unsigned",
    ctypes.c_uint64: "uint64_t",
    ctypes.c_int64: "int64_t",
    ctypes.c_size_t: "size_t",
    ctypes.c_double: "double",
}


def c_program(functions, structs, constants):
    """C that compiles only where declarations, layouts and constants are those of the headers."""
    lines = ["#include <mca.h>", functions]
    for name, kind in declared.VARIABLES.items():
        lines.append(f"extern {kind} {name};")
    for name, value in constants.items():
        lines.append(f'_Static_assert((long long){name} == {value}, "{name}");')
    for tag, struct in structs.items():
        whole = f"struct {tag}"
        lines.append(f'_Static_assert(sizeof({whole}) == {ctypes.sizeof(struct)}, "{tag}");')
        for name, kind in struct._fields_:
            place, member = getattr(struct, name), f"((({whole} *)0)->{name})"
            lines.append(f'_Static_assert(offsetof({whole}, {name}) == {place.offset}, "{tag}.{name}");')
            lines.append(f'_Static_assert(sizeof({member}) == {place.size}, "{tag}.{name}: size");')
            if kind is ctypes.c_double:
                lines.append(f'_Static_assert(_Generic({member}, double: 1, default: 0), "{tag}.{name}: double");')
            elif kind in SCALARS and kind is not ctypes.c_size_t:
                sign = "< 0" if kind in (ctypes.c_int, ctypes.c_int64) else "> 0"
                lines.append(f'_Static_assert((__typeof__({member}))-1 {sign}, "{tag}.{name}: sign");')
    lines += [
        "typedef struct mca_ledger_part part;",
        '_Static_assert(offsetof(part, counts) == 0, "counts");',
        '_Static_assert(offsetof(part, busy_ps) == 8 * MCA_PHASE_COUNT * MCA_COMPONENT_COUNT, "busy");',
        '_Static_assert(offsetof(part, beside_ps) == '
        '8 * MCA_PHASE_COUNT * (MCA_COMPONENT_COUNT + MCA_RESOURCE_COUNT), "beside");',
        '_Static_assert(sizeof(part) == 8 * MCA_PHASE_COUNT * (MCA_COMPONENT_COUNT + 2 * MCA_RESOURCE_COUNT), "part");',
        '_Static_assert(_Generic(((part *)0)->counts[0][0], uint64_t: 1, default: 0), "count");',
    ]
    return "\n".join(lines) + "\n"


class Declarations(unittest.TestCase):
    def compile(self, functions=declared.FUNCTIONS, structs=None, constants=declared.CONSTANTS):
        source = os.environ["SOURCE_DIR"]
        with tempfile.NamedTemporaryFile("w", suffix=".c") as file:
            file.write(c_program(functions, declared.STRUCTS if structs is None else structs, constants))
            file.flush()
            return subprocess.run(
                ["cc", "-std=c11", "-Werror", f"-I{source}/model", f"-I{source}", "-fsyntax-only", file.name],
                capture_output=True,
                text=True,
            )

    @unittest.skipUnless(shutil.which("cc"), "no C compiler")
    def test_they_are_those_of_the_headers(self):
        done = self.compile()
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_what_differs_is_found(self):
        wrong = declared.FUNCTIONS.replace("uint32_t mca_chip_inputs", "uint64_t mca_chip_inputs")
        self.assertIn("conflicting types for ‘mca_chip_inputs’".split("‘")[0], self.compile(functions=wrong).stderr)
        self.assertNotEqual(self.compile(constants={"MCA_ELEMENT_F64": 4}).returncode, 0)

        class Drifted(ctypes.Structure):
            _fields_ = [("age_s", ctypes.c_double), ("more", ctypes.c_uint32), ("seed", ctypes.c_uint32)]

        class Turned(ctypes.Structure):
            _fields_ = [("predicted", ctypes.c_int), ("loss", ctypes.c_double)]

        self.assertNotEqual(self.compile(structs={"mca_ageing": Drifted}).returncode, 0)
        self.assertIn("sign", self.compile(structs={"mca_image_outcome": Turned}).stderr)

    def test_callbacks_are_those_of_the_headers(self):
        text = ""
        for folder in ("base/observer.h", "chip/probe.h", "chip/snapshot.h"):
            with open(os.path.join(os.environ["SOURCE_DIR"], "model", folder), encoding="utf-8") as file:
                text += file.read()
        for struct, name in (
            *((declared.ChipProbe, n) for n, _ in declared.ChipProbe._fields_[1:-1]),
            (declared.Observer, "notice"),
            (declared.Observer, "progress"),
            (declared.ChipVisitor, "part"),
        ):
            arguments = re.search(rf"\(\*{name}\)\(([^)]*)\)", text)[1]
            types = [_library._type_of(re.sub(r"\w+$", "", a.strip())) for a in arguments.split(",")]
            self.assertEqual(list(dict(struct._fields_)[name]._argtypes_), types, name)

    def test_every_declaration_is_read(self):
        names = re.findall(r"(\w+)\(", declared.FUNCTIONS)
        self.assertEqual([name for name, _, _ in _library.declarations()], names)
        self.assertGreater(len(names), 50)

    def test_version(self):
        with open(os.path.join(os.environ["SOURCE_DIR"], "CMakeLists.txt"), encoding="utf-8") as file:
            version = re.search(r"project\(mcasim VERSION ([0-9.]+)", file.read())[1]
        self.assertEqual(mcasim.__version__, version)
        self.assertEqual(_library.lib.mca_version().decode(), version)
        from mcasim import program

        self.assertEqual(program.version(), version)


class Loading(unittest.TestCase):
    """A library that is not the one that the package was written for is one clear ImportError."""

    def refused(self, library):
        code = "import mcasim"
        environment = {**os.environ, "MCASIM_LIBRARY": library}
        done = subprocess.run(
            ["/usr/bin/python3", "-c", code], env=environment, capture_output=True, text=True
        )
        self.assertNotEqual(done.returncode, 0)
        last = done.stderr.strip().splitlines()[-1]
        self.assertTrue(last.startswith("ImportError: mcasim "), done.stderr)
        return last

    def stub(self, folder, text):
        path = os.path.join(folder, "libmca.so")
        source = os.path.join(folder, "stub.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(text)
        subprocess.run(["cc", "-shared", "-fPIC", "-o", path, source], check=True)
        return path

    @unittest.skipUnless(shutil.which("cc"), "no C compiler")
    def test_other_libraries(self):
        with tempfile.TemporaryDirectory() as folder:
            text = 'const char *mca_version(void) { return "7.3.1"; }\nint mca_interface(void) { return %d; }\n'
            other = self.stub(folder, text % 70)
            self.assertIn("libmca 7.3.1, has 70; install the two of one version", self.refused(other))
            none = self.stub(folder, "int x;\n")
            self.assertIn("is no libmca", self.refused(none))
            lacking = self.stub(folder, text % _version.INTERFACE)  # of whatever version
            self.assertIn("libmca 7.3.1, lacks mca_commit", self.refused(lacking))
        self.assertIn("no libmca.so.", self.refused("/nowhere/libmca.so"))


if __name__ == "__main__":
    unittest.main()
