"""cosim_wave.py WAVE.vcd CLOCK_HZ [LINE]: a VCD of `mcasim cosim` is in the chip's time, its view names what it has, and at
the time that the line of a difference gives, the scope `cosim` shows what the line says."""

import re
import sys

KINDS = ["forward", "error", "update", "load"]


def fail(text):
    sys.exit(f"FAIL: {text}")


def check(is_right, text):
    if not is_right:
        fail(text)


def read_header(lines):
    """Bits of each signal by its name, as GTKWave writes it, and the signals of the scope `cosim` by their code."""
    scope, bits, codes = [], {}, {}
    for line in lines:
        word = line.split()
        if word[:1] == ["$scope"]:
            scope.append(word[2])
        elif word[:1] == ["$upscope"]:
            scope.pop()
        elif word[:1] == ["$var"]:
            name = ".".join(scope + [word[4]])
            bits[name + (word[5] if word[5] != "$end" else "")] = int(word[2])
            if scope == ["cosim"] or name == "dpu.clk_i":
                codes.setdefault(word[3], []).append((word[4], int(word[2])))
        elif word[:1] == ["$timescale"]:
            check("".join(word[1:]).startswith("1ps"), f"timescale: {line}")
        elif word[:1] == ["$enddefinitions"]:
            return bits, codes
    return fail("no end of the header")


def read_states(lines, codes):
    """Time and values of the scope after each time's changes."""
    time, values = None, {}
    for line in lines:
        if line[0] == "#":
            if time is not None:
                yield time, values
            check(time is None or int(line[1:]) > time, f"time {line[1:].strip()} after {time}")
            time = int(line[1:])
            continue
        value, code = line.split() if line[0] == "b" else (line[0], line[1:].strip())
        for name, _ in codes.get(code, ()):
            values[name] = int(value.lstrip("b"), 2)
    yield time, values


def signed(value, bits):
    return value - (1 << bits) if value >> bits - 1 else value


def text_of(value):
    return value.to_bytes(40, "big").lstrip(b"\0").decode()


def check_view(wave, bits):
    shown = open(wave + ".gtkw").read().split("\n")
    check(f'[dumpfile] "{wave}"' in shown, "the view is of another waveform")
    signals = [line for line in shown if re.match(r"[a-z_]+\.\w", line)]
    for name in signals:
        check(name in bits, f"the view names {name}, which the waveform does not have")
    for wanted in ("cosim.expected[63:0]", "cosim.compared[319:0]", "dpu.s_axis_adc_tvalid_i"):
        check(wanted in signals, f"the view lacks {wanted}")
    for group in ("cosim", "image port", "ADC stream", "drive stream", "chi", "commands"):
        check(shown.count("-" + group) == 2, f"no group {group}")
    named = [(shown[i][3:], shown[i + 1]) for i in range(len(shown)) if shown[i].startswith("^1 ")]
    check(len(named) >= 2, "no signal is shown by names")
    for path, name in named:
        digits = (bits[name] + 3) // 4
        for line in open(path):
            value, what = line.rstrip("\n").split(" ", 1)
            check(len(value) == digits and int(value, 16) >> bits[name] == 0 and what, f"{path}: {line}")
    check([line.split()[1] for line in open(wave + ".operation.txt")] == KINDS, "names of operations")
    return shown


def check_times(states, clock_hz):
    """Every cycle stands at its time, or behind the one before. Returns the last state and how many were at their time."""
    half, begin, exact, kinds, last, clock = 500000000000 // clock_hz, None, 0, set(), None, 0
    for time, values in states:
        is_edge = values["clk_i"] > clock
        clock = values["clk_i"]
        if is_edge:  # from which on the scope tells of it
            chip = values["cycle"] * 1000000000000 / clock_hz
            want = chip if begin is None else max(chip, begin + 2 * half)
            check(abs(time - half - want) <= 1, f"cycle {values['cycle']} is at {time}, not {want + half}")
            begin = time - half
            exact += abs(begin - chip) <= 1
            kinds.add(values["operation"])
            check(values["differs"] or values["expected"] == values["got"], f"a difference at {time} that is not told")
            check(last is None or not last["differs"], "the waveform goes on after a difference")
            last = dict(values, time=time)
    return last, exact, kinds


def check_difference(line, last, view):
    m = re.match(r"mcasim cosim: (.*): image (\d+), (\w+) of layer (\d+), row (\S+), column (\S+), cycle (\d+) of the operation "
                 r"\((\d+) of the chip\): expected (-?\d+), got (-?\d+); waveform of the image: \S+, at (\d+)\.(\d{3}) ns", line)
    if not m:
        fail(f"not understood: {line}")
    time = int(m[11]) * 1000 + int(m[12])
    check(last["differs"] == 1 and last["time"] == time, f"the waveform differs at {last['time']}, the line says {time}")
    told = {"compared": m[1], "image": int(m[2]), "operation": KINDS.index(m[3]), "layer": int(m[4]),
            "row": -1 if m[5] == "-" else int(m[5]), "column": -1 if m[6] == "-" else int(m[6]),
            "expected": int(m[9]), "got": int(m[10])}
    seen = {"compared": text_of(last["compared"]), "row": signed(last["row"], 32), "column": signed(last["column"], 32),
            "expected": signed(last["expected"], 64), "got": signed(last["got"], 64)}
    for name, value in told.items():
        value_seen = seen.get(name, last.get(name))
        check(value == value_seen, f"{name}: the line says {value}, the waveform {value_seen}")
    check(last["cycle"] == int(m[8]) and last["operation_cycle"] == int(m[7]), "another cycle than the line's")
    lanes = [i for i in range(64) if f"expected_lane_{i}" in last]
    apart = [i for i in lanes if last[f"expected_lane_{i}"] != last[f"got_lane_{i}"]]
    check(apart and signed(last[f"got_lane_{apart[0]}"], 32) == int(m[10]), "no lane differs as the line says")
    check(any(line.endswith(f" {time}") and line.startswith("*") for line in view), "the marker is elsewhere")


def main(wave, clock_hz, line=None):
    clock_hz = int(clock_hz)
    with open(wave) as lines:
        bits, codes = read_header(lines)
        last, exact, kinds = check_times(read_states(lines, codes), clock_hz)
    view = check_view(wave, bits)
    if line:
        check_difference(line, last, view)
        check(abs(last["time"] - last["cycle"] * 1000000000000 // clock_hz - 500000000000 // clock_hz) <= 1,
              "the difference is not at the chip's time")
    else:
        check(kinds == {0, 1, 2, 3}, f"kinds {kinds}")
    check(exact > 50, f"{exact} cycles are at the chip's time")
    print(f"{wave}: {exact} cycles at the chip's time")


if __name__ == "__main__":
    main(*sys.argv[1:])
