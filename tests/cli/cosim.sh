#!/bin/sh
# mcasim cosim: the reference chip over 200 images, other parameter sets, what it refuses, waveforms.
. "$(dirname "$0")/lib.sh"

equal() { # IMAGES ARGUMENTS...
    images=$1
    shift
    capture "$MCASIM" cosim "$@" --images "$images" --quiet
    [ "$status" -eq 0 ] || fail "cosim $*: exit status $status: $(cat "$cli_state/err")"
    grep -Eq "^equal: $images images of .*, [0-9]+ operations, [0-9]+ words, [0-9]+ commands .*cycles; [1-9][0-9]* images/s, [0-9.]+ Mcycles/s$" \
        "$cli_state/out" || fail "cosim $*: '$(cat "$cli_state/out")'"
}

reference=$SOURCE_DIR/scenarios/mnist-mca.yaml
equal 200 "$reference"
cat "$cli_state/out"

write_small_scenario s.yaml
equal 30 s.yaml --set 'network.layers=[784,40,30,10]'
equal 30 s.yaml --set dpu.lanes=8 --set chi.bits=12 --set chi.frac_bits=9
equal 30 s.yaml --set dpu.lanes=32 --set chi.bits=24 --set chi.frac_bits=21 --set dac.drive=bipolar
equal 30 s.yaml --set dpu.activation_bits=12 --set dpu.error_bits=10 --set dac.bits=6 \
    --set train.loss=squared --set 'network.layers=[784,20,10]' --set tile.rows=256 --set tile.cols=16
# a lane; as many layers as there may be, on more than 64 tiles, with queues deeper than the usual build's
equal 10 s.yaml --set dpu.lanes=1
equal 10 s.yaml --set dpu.lanes=8 --set chi.bits=12 --set chi.frac_bits=9 --set 'network.layers=[784,30,20,20,20,20,20,20,10]' \
    --set tile.rows=32 --set tile.cols=16 --set transfer.fifo_depth=100
equal 60 s.yaml --set device.endurance_pulses=3 --set device.endurance_spread=0.5 # devices stick
equal 450 s.yaml # more than its epochs: rates decay on the way

# a signal that it waits for ends it between two images, in one line
"$MCASIM" cosim s.yaml --images 1000000 >"$cli_state/out" 2>"$cli_state/err" &
cosim=$!
tries=0
while [ $((0x$(sed -n 's/^SigCgt:[[:space:]]*//p' "/proc/$cosim/status") & 0x4000)) -eq 0 ] && [ $tries -lt 200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -TERM "$cosim"
status=0
wait "$cosim" || status=$?
[ "$status" -eq 143 ] || fail "SIGTERM: exit status $status"
grep -Eqx 'interrupted (in epoch [0-9]+|before the first image)' "$cli_state/err" && [ "$(wc -l <"$cli_state/err")" -eq 1 ] || fail "SIGTERM: $(cat "$cli_state/err")"

equal 2 s.yaml --vcd two.vcd
grep -q 'scope module dpu' two.vcd || fail "no unit in the VCD"
equal 2 s.yaml --vcd two.fst
[ "$(wc -c <two.fst)" -gt 10000 ] || fail "FST is empty"
[ "$(wc -c <two.fst)" -lt "$(wc -c <two.vcd)" ] || fail "FST is larger than VCD"
rm -f two.vcd two.fst

refuses 2 "s.yaml: dpu.lanes: the RTL has at most 64 lanes; got 128" "$MCASIM" cosim s.yaml --set dpu.lanes=128
refuses 2 "s.yaml: dpu.arithmetic: the RTL is fixed-point; got float" \
    "$MCASIM" cosim s.yaml --set dpu.arithmetic=float
refuses 2 "s.yaml: transfer.mode: the RTL's update engine needs chi; got direct" \
    "$MCASIM" cosim s.yaml --set transfer.mode=direct
refuses 2 "s.yaml: device.drift_in_training: values would depend on times, and the RTL's are its own; got true" \
    "$MCASIM" cosim s.yaml --set device.drift_in_training=true
refuses 2 "s.yaml: interconnect.kind: the RTL takes codes as they are converted; got tree" "$MCASIM" cosim s.yaml --set interconnect.kind=tree
refuses 2 "s.yaml: timing.read_ahead: the RTL is done with an image before it asks for reads of the next; got true" \
    "$MCASIM" cosim s.yaml --set timing.read_ahead=true
refuses 2 "s.yaml: network.layers: the RTL's registers hold at most 8 layers, 256 tiles, *; here: 9, *" \
    "$MCASIM" cosim s.yaml --set 'network.layers=[784,10,10,10,10,10,10,10,10,10]'
refuses 2 "s.yaml: adc.forward_range: the RTL takes ADC steps *" \
    "$MCASIM" cosim s.yaml --set adc.bits=16 --set 'adc.forward_range=[1.9073486328125e-06]'
[ ! -c /dev/full ] || refuses 3 "/dev/full: No space left on device" "$MCASIM" cosim s.yaml --images 2 --quiet --vcd /dev/full
refuses 3 "no/a.vcd: No such file or directory" "$MCASIM" cosim s.yaml --vcd no/a.vcd
refuses 3 "no/a.fst: No such file or directory" "$MCASIM" cosim s.yaml --vcd no/a.fst
refuses 2 "mcasim cosim: --images: '0' is not a whole number 1..*" "$MCASIM" cosim s.yaml --images 0
refuses 2 "mcasim cosim: a scenario file is needed, or a name of 'mcasim scenarios'; see 'mcasim cosim --help'" "$MCASIM" cosim
finish
