#!/bin/sh
# Plants one fault at a time in a copy of the RTL, and wants `mcasim cosim --rtl` to stop at the fault with exit status 1, a message
# that leads to it, and a waveform of the image. Nothing is rebuilt but the unit.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$SOURCE_DIR/rtl" "$work/rtl"
export XDG_CACHE_HOME="$work/cache" # nobody else wants these

run_cosim() { # MORE ARGUMENTS
    status=0
    (cd "$work" && "$MCASIM" cosim "$SOURCE_DIR/scenarios/synthetic-quick.yaml" --rtl rtl --images 600 --quiet --set dpu.lanes=8 \
        --set chi.bits=12 --set chi.frac_bits=9 --set 'network.layers=[784,48,10]' "$@") >"$work/out" 2>"$work/err" || status=$?
    cat "$work/out" "$work/err"
}

planted() { # FILE SED-SCRIPT PATTERN-OF-THE-MESSAGE
    sed "$2" "$SOURCE_DIR/rtl/$1" >"$work/rtl/$1"
    if cmp -s "$SOURCE_DIR/rtl/$1" "$work/rtl/$1"; then
        echo "FAIL: $1: '$2' changes nothing"
        exit 1
    fi
    run_cosim --vcd "$work/wave.fst"
    [ "$status" -eq 1 ] || { echo "FAIL: $1: exit status $status"; exit 1; }
    grep -q 'waveform of the image: ' "$work/err" || { echo "FAIL: $1: the replay found something else"; exit 1; }
    grep -Eq "$3" "$work/err" || { echo "FAIL: $1: not '$3'"; exit 1; }
    [ "$(wc -c <"$work/wave.fst")" -gt 1000 ] || { echo "FAIL: $1: no waveform"; exit 1; }
    cp "$SOURCE_DIR/rtl/$1" "$work/rtl/$1"
}

if [ -c /dev/full ]; then # where its waveform has no room, none is promised
    ln -s /dev/full "$work/cosim-mismatch.vcd"
    sed "s/12'd2047 : 12'd2048/12'd2046 : 12'd2047/" "$SOURCE_DIR/rtl/error_lane.v" >"$work/rtl/error_lane.v"
    run_cosim
    [ "$status" -eq 1 ] && grep -q 'no waveform: cosim-mismatch.vcd: No space left on device' "$work/err" || { echo 'FAIL: a waveform without room'; exit 1; }
    cp "$SOURCE_DIR/rtl/error_lane.v" "$work/rtl/error_lane.v"
fi
# rounding: halves of the rated error go down; a DAC code rounds a unit later
planted error_lane.v "s/12'd2047 : 12'd2048/12'd2046 : 12'd2047/" \
    'rated error: image [0-9]+, error of layer [01], row -, column [0-9]+, cycle [0-9]+ .*: expected -?[0-9]+, got -?[0-9]+'
planted dac_code.v 's/HALF = 1 << (IN_BITS - OUT_BITS - 1)/HALF = (1 << (IN_BITS - OUT_BITS - 1)) - 1/' \
    'code to drive: image [0-9]+, (forward|error) of layer [01], row -, column [0-9]+'
# latency: an error operation, and every update, a cycle longer
planted vector_unit.v "s/gap_q == 2'd2) state_q <= SCALE/gap_q == 2'd3) state_q <= SCALE/" \
    'cycles of the operation: image 0, error of layer 1,.*: expected 12, got 13'
planted update_engine.v "s/filled = fill_q == 2'd2/filled = fill_q == 2'd3/" \
    'cycles of the operation: image 0, update of layer 1,.*: expected 105, got 106'
planted sequencer.v "s/wire ready = started_q ||/reg [3:0] wait_q; always @(posedge clk_i) wait_q <= error_o ? wait_q + {3'd0, !(\&wait_q)} : 4'd0; wire ready = started_q || (error_o ? \&wait_q : 1'b1) \&\&/" \
    'cycles of the operation: image 0, error of layer 1,'
# beats: the lone bias, errors to drive, the last beat's mark; a row, found late, in an image that was shuffled
planted vector_unit.v 's/out_sig6 = sig_last_q\[6\] && bias_alone/out_sig6 = 1'"'b0/" \
    'words to drive: image 0, forward of layer 0,'
planted vector_unit.v 's/out_scl = scl_q\[3\] && layer_i/out_scl = 1'"'b0 \&\& layer_i/" 'words to drive: image 0, error of layer 1,'
planted image_loader.v 's/m_axis_tlast_o  = at_bias/m_axis_tlast_o  = 1'"'b0/" 'last word of image codes: image 0, forward of layer 0,'
planted update_engine.v "s/tile_base_i, row, col_word,/tile_base_i, row ^ {{(COUNT_BITS - 1){1'b0}}, row[8]}, col_word,/" \
    'row of a command: image [0-9]+, update of layer 0'
