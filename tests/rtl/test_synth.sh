#!/bin/sh
# test_synth.sh        the whole unit in yosys' generic cells: no latch, nothing unresolved, `check`
#                      clean, as many register bits as rtl/synth/results.md says; and, where the cell
#                      library is unpacked, a block mapped to it and proved equal to its RTL; the
#                      component library mca-14nm-rtl has the figures of results.md
# test_synth.sh full   all of rtl/synth/run on one image: the netlist shows what the RTL showed
# SOURCE_DIR: the source tree; MCASIM: the program; RTL_DIR: RTL other than SOURCE_DIR/rtl.
set -eu
: "${SOURCE_DIR:?the source tree}" "${MCASIM:?the program}"
flow=$SOURCE_DIR/rtl/synth
library=$SOURCE_DIR/build/osu018/usr/share/qflow/tech/osu018/osu018_stdcells.lib
export RTL="${RTL_DIR:-$SOURCE_DIR/rtl}"
. "$SOURCE_DIR/tests/need.sh"
need yosys "tools/setup --full installs it"
no_library="no cell library in build/osu018; tools/setup --full unpacks it"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"

fail() {
    echo "FAIL: $*"
    exit 1
}

if [ "${1:-}" = full ]; then
    need sta "tools/setup --full installs opensta"
    [ -f "$library" ] || not_run "$no_library"
    "$flow/run" -n 1 -o "$work" -r "$work/results.md" || fail "rtl/synth/run"
    grep '^equal' "$work/replay.txt"
    exit 0
fi

components=$SOURCE_DIR/scenarios/components
sed -n 's/^| \([a-z_0-9]*\), \([a-zA-Z0-9]*\)[^|]* | \([0-9]*\) | [0-9.]* |$/\1 \2 \3/p' "$flow/results.md" |
    sed 's/ fJ / energy_fj /; s/ uW / power_uw /; s/ um2 / area_um2 /' | sort >synthesized
awk '/^  [a-z_0-9]+:/ { entry = $1; sub(/:.*/, "", entry) }
     /\*rtl,/ && match($0, /(energy_fj|power_uw|area_um2): [0-9.]+/) {
         split(substr($0, RSTART, RLENGTH), figure, ": ")
         if (figure[2] > 0) print entry, figure[1], figure[2]
     }' "$components/mca-14nm-rtl.yaml" | sort >entered
[ -s entered ] || fail "mca-14nm-rtl has no synthesized figure"
diff synthesized entered || fail "mca-14nm-rtl has other figures than results.md"
TOP=dpu yosys -q -c "$flow/synth.tcl" >log 2>&1 || { cat log; fail "synthesis of the unit"; }
bits=$(awk '/^=== design/ { all = 1 } all && /DFF/ { bits += $2 } END { print bits }' generic.txt)
documented=$(sed -n 's/^Register bits of the unit: //p' "$flow/results.md")
[ "$bits" = "$documented" ] || fail "$bits register bits, rtl/synth/results.md says '$documented'"

[ -f "$library" ] || { not_run_in_part "$no_library"; exit 0; }
TOP=sequencer LIBERTY=$library yosys -q -c "$flow/synth.tcl" >log 2>&1 || { cat log; fail "mapping"; }
cat >prove.ys <<END
read_verilog $RTL/sequencer.v
prep -top sequencer
async2sync
design -stash rtl
read_liberty $library
read_verilog netlist.v
prep -flatten -top sequencer
async2sync
design -stash netlist
design -copy-from rtl -as rtl sequencer
design -copy-from netlist -as netlist sequencer
equiv_make rtl netlist both
hierarchy -top both
equiv_simple
equiv_induct
equiv_status -assert
END
yosys -q prove.ys >log 2>&1 || { tail -n 5 log; fail "the mapped sequencer differs from its RTL"; }
