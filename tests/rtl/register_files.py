"""register_files.py HEADER RDL XML: the SystemRDL and the IP-XACT of a block say what its C header says, of every
register, array, reset and field, and nothing in them lies over another. Each of the three is read by itself."""

import re
import sys
import xml.etree.ElementTree

faults = []


def wrong(text):
    faults.append(text)


def read_header(path):
    """Registers by name: address, access, bits, stride, count, window, reset, fields (word, least bit, bits)."""
    registers, name = {}, ""
    for line in open(path):
        if m := re.match(r"enum { MCA_[A-Z]+?_(\w+)_ADDRESS = 0x([0-9a-f]+) }; /\* (\w+) \*/$", line):
            name = m[1]
            registers[name] = {"address": int(m[2], 16), "access": m[3], "bits": 32, "stride": None, "count": 1,
                               "window": 0, "reset": None, "fields": {}}
        elif line.startswith("enum"):
            for key, value in re.findall(rf"MCA_[A-Z]+?_{name}_([A-Z]+) = (\w+)", line):
                registers[name][key.lower()] = int(value, 0)
        elif m := re.match(rf"static const .* MCA_[A-Z]+?_{name}_(\w+) = {{0x(\w+)(?: \+ 4 \* (\d+))?, (\d+), (\d+)}};", line):
            if int(m[2], 16) != registers[name]["address"]:
                wrong(f"{path}: {name}.{m[1]} has another address than {name}")
            registers[name]["fields"][m[1]] = (int(m[3] or 0), int(m[4]), int(m[5]))
    return registers


# What a register is made of in the other two: (register, word, field) with first byte, elements, bytes from one to the
# next, bits of the register, least bit, bits, access, reset, cleared by any write. Windows: (name) with place and bytes.
def of_header(registers):
    fields, windows = {}, {}
    for name, r in registers.items():
        if r["window"]:
            windows[name] = (r["address"], r["window"], r["access"])
        for field, (word, least, bits) in r["fields"].items():
            reset = None if r["reset"] is None else r["reset"] >> least & (1 << bits) - 1
            stride = r["stride"] or r["bits"] // 8
            fields[name, word, field] = (r["address"] + 4 * word, r["count"], stride, r["bits"], least, bits,
                                         {"c": "r", "rwc": "rw"}.get(r["access"], r["access"]), reset,
                                         r["access"] == "rwc")
    return fields, windows


def of_ip_xact(path):
    space = {"": "http://www.accellera.org/XMLSchema/IPXACT/1685-2014"}
    names = {"read-only": "r", "write-only": "w", "read-write": "rw"}
    fields, windows = {}, {}

    def number(element, name, other=None):
        found = element.find(name, space)
        return other if found is None else int(found.text)

    def take(register, name, word, place, count, stride):
        for field in register.findall("field", space):
            reset = field.find("resets/reset/value", space)
            access = field.find("access", space).text
            if access != register.find("access", space).text:
                wrong(f"{path}: a field of {name} has another access than its register")
            cleared = field.find("modifiedWriteValue", space)
            fields[name, word, field.find("name", space).text] = (
                place + number(register, "addressOffset"), count, stride, number(register, "size"),
                number(field, "bitOffset"), number(field, "bitWidth"), names[access],
                None if reset is None else int(reset.text), cleared is not None and cleared.text == "clear")

    root = xml.etree.ElementTree.parse(path).getroot()
    for block in root.findall("memoryMaps/memoryMap/addressBlock", space):
        base, size = number(block, "baseAddress"), number(block, "range")
        if block.find("usage", space).text == "memory":
            windows[block.find("name", space).text] = (base, size, names[block.find("access", space).text])
        for r in block.findall("register", space):
            # IP-XACT puts the elements of an array side by side
            take(r, r.find("name", space).text, 0, base, number(r, "dim", 1), number(r, "size") // 8)
            if number(r, "addressOffset") + number(r, "dim", 1) * number(r, "size") // 8 > size:
                wrong(f"{path}: {r.find('name', space).text} is beyond its block")
            if number(r, "size") > number(block, "width"):
                wrong(f"{path}: {r.find('name', space).text} is wider than its block")
        for file in block.findall("registerFile", space):
            for r in file.findall("register", space):
                word = number(r, "addressOffset") // 4
                if r.find("name", space).text != f"WORD{word}":
                    wrong(f"{path}: word {word} is named {r.find('name', space).text}")
                take(r, file.find("name", space).text, word, base + number(file, "addressOffset"),
                     number(file, "dim"), number(file, "range"))
    return fields, windows


# SystemRDL 2.0, as much of its grammar as is used: components in braces with properties, instances, nothing else.
def tokens_of(path):
    text = open(path).read()
    pattern = re.compile(r'\s+|//[^\n]*|("(?:[^"\\]|\\.)*"|\d+\'[dh][0-9a-f]+|0x[0-9a-f]+|\d+|[A-Za-z_]\w*|\+=|[{}\[\]();:=@])')
    at = 0
    while at < len(text):
        m = pattern.match(text, at)
        if not m:
            sys.exit(f"{path}: not SystemRDL: {text[at:at + 40]!r}")
        if m[1]:
            yield m[1]
        at = m.end()


class Parser:
    KEYWORDS = set("""abstract accesstype addressingtype addrmap alias all bit boolean bothedge compact component
        componentwidth constraint default encode enum external false field fullalign hw inside internal level longint mem na
        named negedge nonsticky number onreadtype onwritetype posedge property r rclr ref reg regalign regfile rset ruser rw
        rw1 signal string struct sw this true type unsigned w w1 wclr woclr woset wot wr wset wuser wzc wzs wzt""".split())
    HOLDS = {"addrmap": {"reg", "regfile", "mem"}, "regfile": {"reg"}, "reg": {"field"}, "mem": set(), "field": set()}

    def __init__(self, path):
        self.path, self.tokens, self.at = path, list(tokens_of(path)), 0

    def fail(self, wanted):
        sys.exit(f"{self.path}: token {self.at}: {wanted} expected, got {' '.join(self.tokens[self.at:self.at + 5])}")

    def next(self, wanted=None):
        token = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if wanted and token != wanted:
            self.fail(wanted)
        self.at += 1
        return token

    def is_next(self, token):
        if self.at < len(self.tokens) and self.tokens[self.at] == token:
            self.at += 1
            return True
        return False

    def number(self):
        token = self.next()
        if m := re.match(r"(\d+)'([dh])([0-9a-f]+)$", token):
            value = int(m[3], 16 if m[2] == "h" else 10)
            if value >> int(m[1]):
                self.fail("a value of as many bits as it says, before which")
            return value
        if not re.match(r"(0x[0-9a-f]+|\d+)$", token):
            self.at -= 1
            self.fail("a number")
        return int(token, 0)

    def name(self):
        token = self.next()
        if token in self.KEYWORDS or not re.match(r"[A-Za-z_]", token):
            self.at -= 1
            self.fail("a name that is no keyword")
        return token

    def component(self, holder):
        """KIND { body } NAME[...] = ... @... += ...; or, of the root, KIND NAME { body };"""
        external = self.is_next("external")
        node = {"kind": self.next(), "properties": {}, "held": []}
        if holder is None:
            node["name"] = self.name()
        elif node["kind"] not in self.HOLDS[holder]:
            self.at -= 1
            self.fail(f"what a {holder} may hold")
        if external != (node["kind"] == "mem"):
            self.fail("external with memories, and only there; before which")
        self.next("{")
        while not self.is_next("}"):
            self.statement(node)
        if holder is not None:
            self.instance(node)
        self.next(";")
        if node["kind"] in ("reg", "addrmap", "regfile") and not node["held"]:
            self.fail("something within, before which")
        return node

    def statement(self, node):
        if self.tokens[self.at] in self.HOLDS or self.tokens[self.at] == "external":
            node["held"].append(self.component(node["kind"]))
            return
        self.is_next("default")
        key = self.next()
        if key not in ("desc", "sw", "hw", "onwrite", "regwidth", "accesswidth", "mementries", "memwidth"):
            self.fail("a property, before which")
        self.next("=")
        text = key in ("desc", "sw", "hw", "onwrite")
        node["properties"][key] = self.next() if text else self.number()
        self.next(";")

    def instance(self, node):
        node["name"] = self.name()
        if self.is_next("["):
            node["first"] = self.number()
            node["last"] = self.number() if self.is_next(":") else None
            self.next("]")
        if self.is_next("="):
            node["reset"] = self.number()
        if self.is_next("@"):
            node["address"] = self.number()
        if self.is_next("+="):
            node["stride"] = self.number()


def of_systemrdl(path):
    parser = Parser(path)
    root = parser.component(None)
    if parser.at != len(parser.tokens):
        parser.fail("the end")
    fields, windows = {}, {}

    def take(register, name, word, place, count, stride):
        for f in register["held"]:
            p = f["properties"]
            fields[name, word, f["name"]] = (
                place, count, stride, register["properties"].get("regwidth", root["properties"]["regwidth"]), f["last"],
                f["first"] - f["last"] + 1, p["sw"], f.get("reset"), p.get("onwrite") == "wclr")

    for node in root["held"]:
        count, p = node.get("first", 1), node["properties"]
        if node["kind"] == "mem":
            windows[node["name"]] = (node["address"], p["mementries"] * p["memwidth"] // 8, p["sw"])
        elif node["kind"] == "reg":
            stride = node.get("stride", p.get("regwidth", 32) // 8)
            take(node, node["name"], 0, node["address"], count, stride)
        else:
            for r in node["held"]:
                take(r, node["name"], r["address"] // 4, node["address"] + r["address"], count, node["stride"])
    return fields, windows


def compare(path, wanted, got):
    for what in sorted(wanted.keys() | got.keys(), key=str):
        if wanted.get(what) != got.get(what):
            wrong(f"{path}: {what} is {got.get(what)}, in the header {wanted.get(what)}")


def check_overlaps(path, fields, windows):
    taken = {}
    places = [(place, size, name) for name, (place, size, _) in windows.items()]
    for (name, word, field), (first, count, stride, size, least, bits, *_) in fields.items():
        if least + bits > size:
            wrong(f"{path}: {name}.{field} is wider than its register")
        for i in range(count):
            for bit in range(least, least + bits):
                at = (first + i * stride) * 8 + bit
                if taken.setdefault(at, (name, field)) != (name, field):
                    wrong(f"{path}: {name}.{field} lies over {taken[at]}")
                    break
        places.append((first, (count - 1) * stride + size // 8, name))
    for first, size, name in places:
        for other, _, its in places:
            if first < other < first + size and name != its:
                wrong(f"{path}: {name} reaches into {its}")


def main(header, rdl, ip_xact):
    fields, windows = of_header(read_header(header))
    for path, (its, its_windows) in ((rdl, of_systemrdl(rdl)), (ip_xact, of_ip_xact(ip_xact))):
        compare(path, fields, its)
        compare(path, windows, its_windows)
        check_overlaps(path, its, its_windows)
    for fault in faults:
        print(fault)
    print(f"{len(fields)} fields and {len(windows)} windows compared")
    return 1 if faults or not fields else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
