#!/bin/sh
# Scenarios that run and check refuse: exit status 2 or 3, one line, nothing left behind.
. "$(dirname "$0")/lib.sh"

# bad LINE TEXT: both commands refuse the text.
bad() {
    printf '%b' "$2" >x.yaml
    refuses 2 "$1" "$MCASIM" check x.yaml
    refuses 2 "$1" "$MCASIM" run x.yaml
    refuses 2 "$1" "$MCASIM" run x.yaml -o out/of/here
}

bad 'x.yaml:2: chi.bits: 40 is out of range 8..32' 'chi:\n  bits: 40\n'
bad 'x.yaml:2: chi.bit: unknown key; did you mean chi.bits?' 'chi:\n  bit: 12\n'
bad 'x.yaml:1: seed: -1 is out of range 0..4503599627370495' 'seed: -1\n'
bad "x.yaml:2: train.epochs: 'ten' is not a whole number; allowed: 1..10000" 'train:\n  epochs: ten\n'
bad "x.yaml:1: dpu.rounding: 'up' is not one of nearest, stochastic" 'dpu: {rounding: up}\n'
bad 'x.yaml:1: chi.bits: chi.frac_bits must be below chi.bits; *' 'chi: {bits: 8}\n'
bad 'x.yaml:*: not valid YAML: *' 'chi: {bits: 8\n'
bad 'x.yaml:1: not a YAML text: *' '\001\002\377\376\n'
bad 'x.yaml:1: not a mapping of scenario keys' 'hello\n'
bad 'x.yaml:1: base: x.yaml is its own base: a circle' 'base: x.yaml\n'
head -c 1048577 /dev/zero | tr '\0' '#' >x.yaml
refuses 2 'x.yaml: larger than 1048576 bytes; no scenario is' "$MCASIM" run x.yaml
refuses 2 '/dev/zero: larger than 1048576 bytes; no scenario is' "$MCASIM" check /dev/zero

write_small_scenario s.yaml
refuses 2 '--set: chi.bits: 40 is out of range 8..32' "$MCASIM" run s.yaml --set chi.bits=40
refuses 2 '--set: chi.bit: unknown key; did you mean chi.bits?' \
    "$MCASIM" check s.yaml --set chi.bit=4
refuses 2 "--set: 'chi.bits' is not of the form KEY=VALUE" "$MCASIM" run s.yaml --set chi.bits
refuses 2 '--seed: seed: 4503599627370496 is out of range 0..4503599627370495' \
    "$MCASIM" run s.yaml --seed 4503599627370496
refuses 2 "--seed: seed: 'x' is not a whole number; allowed: 0..4503599627370495" \
    "$MCASIM" run s.yaml --seed x
refuses 3 'cannot open none.yaml: No such file or directory' "$MCASIM" run none.yaml
refuses 3 'cannot open s.yaml/x: Not a directory' "$MCASIM" check s.yaml/x
refuses 3 'cannot read .: Is a directory' "$MCASIM" check .
printf 'base: none.yaml\n' >x.yaml
refuses 3 'x.yaml:1: base: none.yaml: No such file or directory' "$MCASIM" run x.yaml
refuses 3 '*no-such-library*' "$MCASIM" run s.yaml --set cost.library=no-such-library
mkdir own && mkfifo own/mine.yaml
MCA_COMPONENTS_DIR=$PWD/own refuses 3 '*own/mine.yaml: not a regular file' timeout 10 "$MCASIM" check s.yaml --set cost.library=mine
rm -r own
refuses 3 '*no-such.yaml*' "$MCASIM" check s.yaml --set cost.library=no-such.yaml
# a pipe may be given by hand, but not stand in a file: it would be waited for
mkfifo pipe.yaml
echo 'base: pipe.yaml' >based.yaml
refuses 3 'based.yaml:1: base: pipe.yaml: not a regular file' timeout 10 "$MCASIM" check based.yaml
printf 'cost: {library: ./pipe.yaml}\n' >based.yaml
refuses 3 'based.yaml:1: cost.library: */pipe.yaml: not a regular file' timeout 10 "$MCASIM" check based.yaml
rm pipe.yaml
finish
