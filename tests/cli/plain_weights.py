#!/usr/bin/python3
"""Files of plain weights for tests: `forms DIR` writes the same weights in every form that is read (NumPy writes them), `hostile
DIR` what is refused, each with the line that is expected, `same A B` compares two .npz files. The network is 6-4-3."""
import io
import os
import struct
import sys
import warnings
import zipfile

INPUTS, HIDDEN, OUTPUTS = 6, 4, 3


def forms(folder):
    import numpy as np

    generator = np.random.default_rng(3)
    # exact in every float type
    w = [np.round(generator.normal(size=shape) * 64) / 64 for shape in ((HIDDEN, INPUTS), (OUTPUTS, HIDDEN))]
    b = [np.round(generator.normal(size=size) * 64) / 64 for size in (HIDDEN, OUTPUTS)]
    np.savez(f"{folder}/wanted.npz", **{"layer0.weight": w[0].astype("f4"), "layer0.bias": b[0].astype("f4"),
                                        "layer1.weight": w[1].astype("f4"), "layer1.bias": b[1].astype("f4")})

    def write(name, arrays):
        np.savez(f"{folder}/{name}.npz", **arrays)
        np.savez_compressed(f"{folder}/{name}-deflated.npz", **arrays)
        os.mkdir(f"{folder}/{name}")
        for key, array in arrays.items():
            np.save(f"{folder}/{name}/{key}.npy", array)

    for kind in "<f2", ">f2", "<f4", ">f4", "<f8", ">f8":
        for order in "C", "F":
            def cast(array):
                return np.asarray(array, dtype=kind, order=order)
            tag = {"<": "little", ">": "big"}[kind[0]] + kind[1:] + order
            write(f"torch-{tag}", {"fc1.weight": cast(w[0]), "fc1.bias": cast(b[0]), "fc2.weight": cast(w[1]),
                                   "fc2.bias": cast(b[1])})
            write(f"turned-{tag}", {"fc1.weight": cast(w[0].T), "fc1.bias": cast(b[0]), "fc2.weight": cast(w[1].T),
                                    "fc2.bias": cast(b[1])})
            write(f"rows-{tag}", {"arr_0": cast(np.vstack([w[0].T, b[0]])), "arr_1": cast(np.vstack([w[1].T, b[1]]))})
            write(f"columns-{tag}", {"arr_0": cast(np.column_stack([w[0], b[0]])), "arr_1": cast(np.column_stack([w[1], b[1]]))})
    write("pairs", {"arr_0": w[0].T, "arr_1": b[0], "arr_2": w[1].T, "arr_3": b[1][None, :][0]})
    # the project's own names count, not their order
    write("own", {"layer1.bias": b[1], "layer1.weight": w[1], "layer0.weight": w[0], "layer0.bias": b[0]})
    # numbers in names count by value, where a directory has no order; version 2.0 of the format
    os.mkdir(f"{folder}/numbers")
    for key, array in ("fc9.weight", w[0]), ("fc9.bias", b[0]), ("fc10.weight", w[1]), ("fc10.bias", b[1]):
        with open(f"{folder}/numbers/{key}.npy", "wb") as file:
            np.lib.format.write_array(file, array, version=(2, 0))


def npy(shape, values=None, descr="<f4", header=None, version=1):
    text = header or f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    count = 1
    for size in shape:
        count *= size
    values = struct.pack(f"<{count}f", *([0.25] * count)) if values is None else values
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H", len(text)) + text.encode() + values


GOOD = {"fc1.weight": npy((HIDDEN, INPUTS)), "fc1.bias": npy((HIDDEN,)), "fc2.weight": npy((OUTPUTS, HIDDEN)),
        "fc2.bias": npy((OUTPUTS,))}


def archive(changes=(), method=zipfile.ZIP_STORED, drop=(), names=None):
    buffer = io.BytesIO()
    entries = [(key + ".npy", value) for key, value in GOOD.items() if key not in drop]
    entries = [(names.get(key, key) if names else key, dict(changes).get(key[:-4], value)) for key, value in entries]
    entries += [(key + ".npy", value) for key, value in dict(changes).items() if key not in GOOD]
    with zipfile.ZipFile(buffer, "w", method) as file:
        for key, value in entries:
            file.writestr(key, value)
    return buffer.getvalue()


def floats(count, **at):
    values = [0.25] * count
    for place, value in at.items():
        values[int(place[1:])] = value
    return struct.pack(f"<{count}f", *values)


def patched(data, find, replace, which=None):
    assert find in data, find
    return data.replace(find, replace) if which is None else replace.join(data.rsplit(find, which))


def stated_larger(data, size):
    """The first entry's size in the central directory and its local header."""
    at = data.index(b"PK\x01\x02")
    data = data[:at + 24] + struct.pack("<I", size) + data[at + 28:]
    return data[:22] + struct.pack("<I", size) + data[26:]


def bombs():
    with_zeros = npy((HIDDEN, INPUTS), b"\0" * (1 << 26))
    yield "bomb", archive({"fc1.weight": with_zeros}, zipfile.ZIP_DEFLATED), "*too long: 67108992 bytes found*"
    wide = npy((1 << 16, 1 << 16), b"\0" * 1024)
    yield "bomb-header", archive({"fc1.weight": wide}, zipfile.ZIP_DEFLATED), "*truncated: 1152 bytes found, its header states 17179869312"
    yield "bomb-product", archive({"fc1.weight": npy((1,), b"", header="{'descr': '<f8', 'fortran_order': False, "
                                                     "'shape': (99999999999, 99999999999, 99999999999), }")}), "*: no layer has so many weights"
    yield "bomb-stated", stated_larger(archive(method=zipfile.ZIP_DEFLATED), 0xfffffff0), "*"
    right = npy((1 << 12, 1 << 12), b"\0" * (1 << 26))
    yield "bomb-honest", archive({"fc1.weight": right}, zipfile.ZIP_DEFLATED), "*(4096, 4096) for layer 0 (dense), expected (4, 6)"
    yield "bomb-many", archive({f"x{i}.weight": npy((1, 1)) for i in range(300)}), "*304 arrays, expected at most 256"


def hostile_archives():
    size = HIDDEN * INPUTS
    shape = (HIDDEN, INPUTS)
    nan, inf = float("nan"), float("inf")
    yield "nan", archive({"fc1.weight": npy(shape, floats(size, a7=nan))}), "*fc1.weight: element 7 is *nan*"
    yield "infinite", archive({"fc1.weight": npy(shape, floats(size, a0=inf))}), "*element 0 is inf*"
    yield "minus-infinite", archive({"fc2.bias": npy((OUTPUTS,), floats(3, a2=-inf))}), "*fc2.bias*element 2 is -inf*"
    yield "huge", archive({"fc1.weight": npy(shape, floats(size, a1=2e9))}), "*element 1 is 2e+09, expected *+-1e+09*"
    half = npy((OUTPUTS,), struct.pack("<3H", 0x3400, 0x7c00, 0x3400), "<f2")
    yield "half-infinite", archive({"fc2.bias": half}), "*element 1 is inf*"
    yield "shape", archive({"fc1.weight": npy((5, 6))}), "*'fc1.weight': (5, 6) for layer 0 (dense), expected (4, 6)"
    yield "shape-flat", archive({"fc1.weight": npy((24,))}), "*(24,) for layer 0 (dense), expected (4, 6)"
    yield "shape-three", archive({"fc1.weight": npy((4, 6, 1))}), "*(4, 6, 1) for layer 0*"
    yield "shape-five", archive({"fc1.weight": npy((4, 6, 1, 1, 1))}), "*more than 4 dimensions"
    yield "shape-bias", archive({"fc2.bias": npy((4,))}), "*'fc2.bias': (4,) for layer 1 (dense), expected (3,)"
    yield "empty-shape", archive({"fc1.weight": npy((0, 6))}), "*(0, 6): no elements*"
    yield "scalar", archive({"fc2.bias": npy((), b"\0\0\0\0")}), "*a single number, not an array"
    yield "integers", archive({"fc1.weight": npy(shape, descr="<i4")}), "*32-bit signed integers, expected floats"
    yield "truth", archive({"fc2.bias": npy((3,), b"\0\1\0", "|b1")}), "*expected floats"
    yield "complex", archive({"fc2.bias": npy((3,), b"\0" * 24, "<c8")}), "*elements of type '<c8'*"
    yield "object", archive({"fc2.bias": npy((3,), b"\0" * 24, "|O")}), "*elements of type '?O'*"
    yield "long-double", archive({"fc2.bias": npy((3,), b"\0" * 48, "<f16")}), "*elements of type '<f16'*"
    yield "missing-weight", archive(drop=("fc2.weight",)), "*'fc2.bias' has no fc2.weight beside it"
    yield "missing-layer", archive(drop=("fc2.weight", "fc2.bias")), "*weights of 1 layers*the network has 2*"
    yield "extra", archive({"fc3.weight": npy((3, 3))}), "*weights of 3 layers ('fc1.weight' to 'fc3.weight'), the network has 2*"
    yield "norm", archive({"bn1.running_mean": npy((4,))}), "*'bn1.running_mean' is of a batch normalisation*"
    yield "norm-alone", archive({"running_var": npy((4,))}), "*'running_var' is of a batch normalisation*"
    yield "unnamed", archive({"arr_0": npy((3, 4))}), "*'fc1.weight' is named NAME.weight or NAME.bias and 'arr_0' is not"
    yield "same-twice", archive({"fc1_weight": npy(shape)}), "*'fc1.weight' and 'fc1_weight' are the same"
    yield "lonely-bias", archive({"x": npy((4,))}, drop=GOOD), "*'x' has one dimension*"
    yield "both-ways", archive({"arr_0": npy((4, 6)), "arr_1": npy((5, 5))}, drop=GOOD), "*(5, 5) for layer 1*"
    yield "no-array", archive(drop=GOOD), "*no array in it"
    yield "folder", archive(names={"fc1.bias.npy": "sub/fc1.bias.npy"}), "*'sub/fc1.bias.npy' is a path*"
    yield "path", archive(names={"fc1.bias.npy": "../../fc1.bias.npy"}), "*is a path*"
    yield "absolute", archive(names={"fc1.bias.npy": "/etc/fc1.bias.npy"}), "*is a path*"
    yield "backslash", archive(names={"fc1.bias.npy": "..\\fc1.bias.npy"}), "*is a path*"
    yield "long-name", archive(names={"fc1.bias.npy": "x" * 500 + ".npy"}), "*a name of more than 127 bytes"
    yield "torch-file", archive(names={"fc1.bias.npy": "archive/data.pkl"}), "*'archive/data.pkl' is a path*"
    yield "pickle", archive(names={"fc1.bias.npy": "data.pkl"}), "*'data.pkl' is no .npy array"
    yield "control", archive(names={"fc1.bias.npy": "fc1\n\033[31mbias.npy"}), "*is named NAME.weight or NAME.bias and *31mbias' is not"
    yield "twice", archive(names={"fc1.bias.npy": "fc2.bias.npy"}), "*: two entries have one name"
    yield "header-version", archive({"fc1.weight": npy(shape, version=9)}), "*not a .npy file of format*"
    yield "header-text", archive({"fc1.weight": npy(shape, header="{'descr': __import__('os'), }")}), "*damaged .npy header*"
    yield "header-long", archive({"fc1.weight": b"\x93NUMPY\x02\0" + struct.pack("<I", 1 << 30)}), "*header of 1073741824 bytes*"
    yield "no-npy", archive({"fc1.weight": b"not an array"}), "*not a .npy file*|*truncated*"
    yield "empty-entry", archive({"fc1.weight": b""}), "*truncated: the file is empty"
    yield "short", archive({"fc1.weight": GOOD["fc1.weight"][:-4]}), "*truncated: 220 bytes found, its header states 224"
    yield "long", archive({"fc1.weight": GOOD["fc1.weight"] + b"more"}), "*too long: 228 bytes found*"


def hostile_containers():
    whole = archive()
    yield "no-zip", b"weights\n" * 100, "*not an .npz: Not a zip archive"
    yield "empty", b"", "*not an .npz*"
    yield "npy", GOOD["fc1.weight"], "*not an .npz*"
    yield "cut", whole[:len(whole) // 2], "*not an .npz*"
    yield "cut-end", whole[:-1], "*not an .npz*"
    yield "bits", patched(whole, struct.pack("<f", 0.25), struct.pack("<f", 0.5), 1), "*CRC error*"
    at = whole.index(b"PK\x01\x02")
    locked = bytearray(whole)
    locked[6] |= 1
    locked[at + 8] |= 1
    yield "encrypted", bytes(locked), "*'fc1.weight' is encrypted"
    method = bytearray(whole)
    method[8:10] = b"\x0c\0"
    method[at + 10:at + 12] = b"\x0c\0"
    yield "method", bytes(method), "*compressed by method 12, expected stored or deflated"
    deflated = bytearray(archive(method=zipfile.ZIP_DEFLATED))
    deflated[60:64] = b"\xff\xff\xff\xff"
    yield "deflate", bytes(deflated), "*"


def hostile(folder):
    with open(f"{folder}/lines", "w", encoding="ascii") as lines:
        for source in hostile_archives(), hostile_containers(), bombs():
            for name, data, line in source:
                with open(f"{folder}/{name}.npz", "wb") as file:
                    file.write(data)
                lines.write(f"{name}.npz\t{line}\n")
        # and the files of a directory
        for name, change, line in (("cut", GOOD["fc1.weight"][:-1], "*truncated: 223 bytes found*"),
                                   ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\0\0", "*"), ("empty", b"", "*truncated*"),
                                   ("shape", npy((6, 5)), "*(6, 5) for layer 0*")):
            os.mkdir(f"{folder}/dir-{name}")
            for key, value in GOOD.items():
                with open(f"{folder}/dir-{name}/{key}.npy", "wb") as file:
                    file.write(change if key == "fc1.weight" else value)
            lines.write(f"dir-{name}\t{line}\n")


def same(first, second):
    def content(path):
        with zipfile.ZipFile(path) as file:
            return {name: file.read(name) for name in sorted(file.namelist())}
    a, b = content(first), content(second)
    if {k: v[-64:] for k, v in a.items()} != {k: v[-64:] for k, v in b.items()} or list(a) != list(b):
        sys.exit(f"{first} and {second} differ")


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # two entries of one name
    globals()[sys.argv[1]](*sys.argv[2:])
