#!/bin/sh
# Waveforms of mcasim cosim (cosim_wave.py): the chip's time, the scope `cosim`, the view for GTKWave, and the time in the line of a
# difference; of our Verilog and of another's.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"
need python3 "Debian's package is python3"
wave() { # WAVE.vcd CLOCK_HZ [LINE]
    python3 "$SOURCE_DIR/tests/cli/cosim_wave.py" "$@" || fail "$1"
}
copy() { # FOLDER
    mkdir "$1"
    cp "$SOURCE_DIR"/rtl/*.v "$SOURCE_DIR"/rtl/*.vh "$1"
}

# halves of a rated error go down
copy rounds
sed "s/12'd2047 : 12'd2048/12'd2046 : 12'd2047/" "$SOURCE_DIR/rtl/error_lane.v" >rounds/error_lane.v
quick=$SOURCE_DIR/scenarios/synthetic-quick.yaml
capture "$MCASIM" cosim "$quick" --images 100 --quiet --rtl rounds --vcd rounds.vcd --set dpu.lanes=4 --set chi.bits=12 \
    --set chi.frac_bits=9 --set 'network.layers=[784,20,10]'
[ "$status" -eq 1 ] || fail "exit status $status: $(cat "$cli_state/err")"
wave rounds.vcd 1000000000 "$(cat "$cli_state/err")"

# another top, a clock whose period is no whole number of picoseconds, images that load for longer than the unit waits
copy other
sed -i 's/^module dpu /module my_unit /' other/dpu.v
write_tiny_scenario s.yaml
capture "$MCASIM" cosim s.yaml --images 3 --quiet --rtl other --top my_unit --vcd other.vcd --set dpu.lanes=1 \
    --set dpu.clock_hz=777777777 --set 'network.layers=[784,4,10]' --set transfer.epsilon_us=0.2
[ "$status" -eq 0 ] || fail "exit status $status: $(cat "$cli_state/err")"
wave other.vcd 777777777
grep -q 'scope module my_unit' other.vcd || fail "another module in the waveform"

# a view without room
if [ -c /dev/full ]; then
    ln -sf /dev/full other.vcd.gtkw
    capture "$MCASIM" cosim s.yaml --images 1 --quiet --rtl other --top my_unit --vcd other.vcd --set dpu.lanes=1 \
        --set 'network.layers=[784,4,10]'
    [ "$status" -eq 3 ] || fail "a view without room: exit status $status"
    grep -q '^other.vcd.gtkw: No space left on device' "$cli_state/err" || fail "a view without room: $(cat "$cli_state/err")"
fi
finish
