#!/bin/sh
# The table of paths without a register in docs/reference/rtl.md is that of the netlist, and a register taken out of a copy of the RTL is seen.
set -eu
: "${SOURCE_DIR:?the source tree}"
. "$SOURCE_DIR/tests/need.sh"
need yosys "tools/setup --full installs it"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$SOURCE_DIR"/rtl/*.v "$SOURCE_DIR"/rtl/*.vh "$work"
cd "$work"

outputs=$(sed -n 's/^ *output .* \([a-z_]*_o\),*\( .*\)*$/\1/p' dpu.v | grep -v -e '^trace_' -e '^chi_saturated')
registers='$dff,$adff,$dffe,$adffe,$sdff,$sdffe,$sdffce,$aldff,$mem_v2'
{
    echo "read_verilog -I. $(echo ./*.v)"
    echo 'chparam -set LANES 2 -set LANE_BITS 1 -set WORD_BITS 7 -set TILES 3 -set TILE_BITS 2 -set LAYERS 2 -set LAYER_BITS 1 dpu'
    echo 'chparam -set TABLE_BITS 2 -set ACT_BITS 8 -set ERR_BITS 8 -set CHI_BITS 8 -set DEPTH_BITS 2 -set ADDR_BITS 10 dpu'
    echo 'hierarchy -top dpu; proc; flatten; opt -full; memory_dff; memory_collect; opt_clean'
    for output in $outputs; do
        echo "tee -a paths log output $output"
        echo "tee -a paths select -list o:$output %ci*:-$registers i:* %i"
    done
} >script.ys
sed -n '/^| output | inputs |/,/^$/p' "$SOURCE_DIR/docs/reference/rtl.md" | sed '1,2d; /^$/d; s/[`|]//g; s/  */ /g; s/^ //; s/ $//' | sort >page
[ -s page ]

# "output input input ..." of the netlist of this directory, into netlist
read_paths() {
    rm -f paths
    yosys -q -s script.ys >log 2>&1 || { cat log; exit 1; }
    awk '/^output / { name = $2; next } { sub(/^dpu\//, ""); of[name] = of[name] " " $0 }
         END { for (name in of) print name of[name] }' paths | sort >netlist
}
read_paths
diff page netlist || { echo "FAIL: docs/reference/rtl.md has other paths"; exit 1; }

# a queue that is open when a command leaves
sed 's/count_q < limit_i/count_q < limit_i || ready_i/' "$SOURCE_DIR/rtl/pulse_fifo.v" >pulse_fifo.v
read_paths
grep -q '^m_axis_pulse_tvalid_o .*m_axis_pulse_tready_i' netlist || { echo "FAIL: a new path is not seen"; exit 1; }
