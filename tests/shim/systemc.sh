#!/bin/sh
# mcasim-sc: over 1,000 images the same directory as mcasim run, with the C model and with the RTL inside; what it refuses; waveforms.
. "$(dirname "$0")/systemc_lib.sh"
reference=$SOURCE_DIR/scenarios/mnist-mca.yaml

images=1000 units="model rtl"
same "$reference"
images=200 units=model
same "$reference" train.batch=7 dac.drive=bipolar refresh.every_images=49 refresh.high_us=4 refresh.residual=chi
same "$reference" dpu.arithmetic=float train.loss=squared 'network.layers=[784,60,30,10]' tile.rows=200 tile.cols=50
same "$reference" dpu.arithmetic=float adc.bits=0 dac.bits=0
same "$reference" transfer.mode=direct transfer.fifo_depth=2 refresh.every_images=49 refresh.high_us=4
same "$reference" chi.layout=fewest-words dpu.lanes=64 transfer.fifo_depth=2
same "$reference" chi.layout=columns dpu.arithmetic=float train.batch=7
same "$reference" refresh.scan=programmed refresh.every_images=20 refresh.high_us=4
same "$reference" transfer.mode=direct dpu.arithmetic=float train.batch=7
same "$SOURCE_DIR/scenarios/mnist-float.yaml" train.batch=5
same "$SOURCE_DIR/scenarios/mnist-float.yaml"
images=100 units="model rtl"
same "$reference" refresh.sense=compare refresh.scan=programmed refresh.every_images=20 refresh.high_us=4
same "$reference" adc.bank=shared adc.share=2 adc.backward_share=16
same "$reference" refresh.layers=side-by-side refresh.every_images=20 refresh.high_us=4
same "$reference" dpu.rounding=nearest train.loss=squared transfer.epsilon_us=0.1 transfer.max_pulses=1 chi.bits=12 chi.frac_bits=9 dpu.lanes=8
same "$reference" device.endurance_pulses=3 device.endurance_spread=0.5 refresh.every_images=20 refresh.high_us=3 # devices stick
same "$reference" chi.layout=fewest-words 'network.layers=[784,16,10]' # by rows, which the RTL has
same "$reference" 'network.layers=[784,10]' transfer.drivers=2 transfer.epsilon_us=0.2

# several epochs: between two of them the chip is idle
epochs() { # ARGUMENTS for both
    "$MCASIM" run s.yaml -o c --quiet --set train.epochs=3 "$@" || fail "run $*"
    for unit in model rtl; do
        "$program" s.yaml -o sc --quiet --force --set train.epochs=3 --dpu $unit "$@" || fail "mcasim-sc --dpu $unit $*"
        facts c >c.txt
        facts sc >sc.txt
        cmp c.txt sc.txt && cmp c/epochs.csv sc/epochs.csv || fail "three epochs, --dpu $unit $*"
    done
    rm -rf c sc
}
write_small_scenario s.yaml
epochs
epochs --set train.batch=7
epochs --set 'network.layers=[784,40,10]' --set refresh.every_images=40

# run ahead of simulated time: the same times
for unit in model rtl; do
    "$program" s.yaml -o ahead --quiet --dpu $unit --quantum 1000000 || fail "--quantum"
    "$program" s.yaml -o exact --quiet --dpu $unit || fail "two epochs with $unit"
    facts ahead >ahead.txt
    facts exact >exact.txt
    cmp ahead.txt exact.txt || fail "--quantum: $(diff ahead.txt exact.txt | head -5)"
    rm -rf ahead exact
done

"$program" s.yaml -o run --quiet --images 5 --vcd wave || fail "--vcd"
for signal in irq image loading kind busy level reading converting words_read; do
    grep -q "var wire .* $signal " wave.vcd || fail "no signal $signal"
done
# every signal of the view is in the waveform
grep -v '^[@[]' wave.vcd.gtkw | sed 's/.* //; s/.*\.//; s/\[.*//' | sort -u >wanted
awk '$1 == "$var" { print $5 }' wave.vcd | sort -u >found
cmp wanted found || fail "view and waveform: $(diff wanted found)"
[ "$(grep -c . wanted)" -gt 8 ] || fail "few signals"
grep -q 'end of the simulation' wave.vcd || fail "waveform without its end"
rm -rf run wave.vcd wave.vcd.gtkw

# stopped by a signal: what there is of the waveform has its whole view
"$program" s.yaml -o run --quiet --set train.epochs=10000 --set train.learning_rate_decay=1 --vcd wave 2>err &
run=$!
while [ ! -s wave.vcd ] && kill -0 "$run" 2>/dev/null; do sleep 0.05; done
grep -q '^\[dumpfile\] "wave.vcd"$' wave.vcd.gtkw || fail "no view while the waveform is written"
kill -TERM "$run"
wait "$run"
status=$?
[ "$status" -eq 143 ] || fail "SIGTERM with --vcd: exit status $status: $(cat err)"
grep -v '^[@[]' wave.vcd.gtkw | sed 's/.* //; s/.*\.//; s/\[.*//' | sort -u >found
cmp wanted found || fail "the view of a stopped run: $(diff wanted found)"
rm -rf run run.partial wave.vcd wave.vcd.gtkw wanted found

refuses 2 "mcasim-sc: a scenario file is needed, or a name of 'mcasim scenarios'; see 'mcasim-sc --help'" "$program"
refuses 2 "mcasim-sc: --dpu: 'fpga' is neither model nor rtl; see 'mcasim-sc --help'" "$program" s.yaml --dpu fpga
refuses 2 "mcasim-sc: --images: '0' is not a whole number 1..*" "$program" s.yaml --images 0
printf 'adc: {bits: 99}\n' >bad.yaml
refuses 2 "bad.yaml:1: adc.bits: 99 is out of range 0..16" "$program" bad.yaml
refuses 2 "$(cat bad.yaml >/dev/null; "$MCASIM" run bad.yaml 2>&1)" "$program" bad.yaml --dpu rtl
refuses 2 "s.yaml: dpu.lanes: the RTL has at most 64 lanes; got 128" "$program" s.yaml --quiet --dpu rtl --set dpu.lanes=128
refuses 2 "s.yaml: dpu.arithmetic: the RTL is fixed-point; got float" "$program" s.yaml --quiet --dpu rtl --set dpu.arithmetic=float
refuses 2 "train.epochs is 0: a test alone is timed by mcasim infer, *" "$program" s.yaml --quiet --set train.epochs=0
refuses 2 "s.yaml: transfer.mode: the RTL's update engine needs chi; got direct" "$program" s.yaml --quiet --dpu rtl --set transfer.mode=direct
refuses 2 "s.yaml: device.drift_in_training: values would depend on times, and the modules' are their own; got true" \
    "$program" s.yaml --quiet --set device.drift_in_training=true
refuses 2 "s.yaml: timing.read_ahead: the RTL is done with an image before it asks for reads *" "$program" s.yaml --quiet --dpu rtl --set timing.read_ahead=true
refuses 2 "s.yaml: refresh.every_pulses: pulses of the RTL's commands show when they leave their queues, which is too late to ask for a refresh; got 200" \
    "$program" s.yaml --quiet --dpu rtl --set refresh.every_pulses=200
refuses 3 "cannot open no.yaml: No such file or directory" "$program" no.yaml
refuses 3 "no/wave.vcd: No such file or directory" "$program" s.yaml --quiet --vcd no/wave.vcd
ln -s /dev/full device.vcd # its header would be read back without end
refuses 2 "--vcd: device.vcd is no plain file" timeout 10 "$program" s.yaml --quiet --vcd device.vcd
rm device.vcd
refuses 2 "mcasim-sc: --images: 999 is more than the 400 of all epochs" "$program" s.yaml --quiet --compare --images 999
(
    ulimit -f 40
    capture "$program" s.yaml -o full --quiet --images 100 --vcd full.vcd
    [ "$status" -eq 3 ] && grep -q '^cannot write full.vcd: File too large$' "$cli_state/err"
) || fail "a full disk: $(cat "$cli_state/err")"
finish
