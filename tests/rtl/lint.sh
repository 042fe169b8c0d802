#!/bin/sh
# The RTL is clean under verilator -Wall and iverilog -Wall, for the built parameter sets and at the ends of the ranges.
set -eu
. "$SOURCE_DIR/tests/need.sh"
need iverilog "tools/setup --tests installs it"
cd "$SOURCE_DIR/rtl"
lint() { # lanes, log2, act, err, dac, chi, frac
    verilator --lint-only -Wall --top-module dpu "-GLANES=$1" "-GLANE_BITS=$2" "-GACT_BITS=$3" "-GERR_BITS=$4" \
        "-GDAC_BITS=$5" "-GCHI_BITS=$6" "-GFRAC_BITS=$7" ./*.v
}
lint 16 4 16 12 8 16 13
lint 8 3 16 12 8 12 9
lint 32 5 16 12 8 24 21
lint 16 4 12 10 6 16 13
lint 2 1 8 8 1 8 0
lint 64 6 16 16 12 32 30
verilator --lint-only -Wall --top-module dpu -GTILES=11 ./*.v
# not into /dev/null: iverilog makes its output a program, which for root takes the others' right to write there
compiled=$(mktemp)
said=$(iverilog -g2005 -Wall -s dpu -o "$compiled" ./*.v 2>&1)
rm -f "$compiled"
[ -z "$said" ] || { echo "$said"; exit 1; }
