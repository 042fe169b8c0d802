#!/bin/sh
# Settings that say nothing: each has its line in check, run and sweep. A key that is said to have no effect has none: not a byte of
# the results changes with it. A key of which nothing is said changes something. Every key of the table is tried on six scenarios.
. "$(dirname "$0")/lib.sh"

cat >s.yaml <<END
network: {layers: [784, 12, 10]}
dataset: {name: synthetic-digits, synthetic_train: 40, synthetic_test: 20}
train: {epochs: 2, learning_rate: 2}
refresh: {every_images: 4, high_us: 2, difference_us: 4}
END

# --- one line each, in check and in run, on stderr alone
tells() { # LINE SETTINGS...: nothing but that line, or nothing where it is empty
    line=$1 && shift
    capture "$MCASIM" check s.yaml "$@"
    [ "$status" -eq 0 ] || fail "check $*: status $status"
    [ "$(cat "$cli_state/err")" = "$line" ] || fail "check $*: $(cat "$cli_state/err")"
    capture "$MCASIM" run s.yaml "$@" -o told --force
    [ "$(cat "$cli_state/err")" = "$line" ] || fail "run $*: $(cat "$cli_state/err")"
}
tells ''
tells 'device.drift_nu has no effect: no command ages a chip' --set device.drift_nu=0.1
tells '' --set device.drift_nu=0 # no drift is what it gets
tells 'device.linear_std_us has no effect: device.model is not linear' --set device.linear_std_us=1
tells 'dataset.test_labels has no effect: dataset.name is not idx' --set dataset.test_labels=x
tells 'network.layers: 20 outputs, but the labels of synthetic-digits use 10' --set 'network.layers=[784, 20]'
tells 'train.batch is 41, but an epoch has 40 images: each is one mini-batch' --set train.batch=41
tells '' --set train.batch=40
tells 'train.batch is 40, but an epoch has 39 images: each is one mini-batch' --set train.batch=40 --set train.validation_images=1
tells 'refresh.high_us is 0.1, not above the least conductance of a written device (0.1 uS): pairs that differ by less than refresh.difference_us are rewritten every time' \
    --set refresh.high_us=0.1
tells '' --set refresh.high_us=0.11
# full scale 16 in 2^(bits - 1) steps: 1 at 5 bits, half of it at 6; errors, of 4, half at 4 bits
set_5='--set adc.bits=5 --set timing.adc_conversion_ps=9600'
# shellcheck disable=SC2086
tells 'adc.forward_range: +-16 at 5 bits (adc.bits) makes steps of 1; what is smaller than half a step is lost' $set_5
# shellcheck disable=SC2086
tells '' $set_5 --set 'adc.forward_range=[8]'
tells 'adc.backward_range: +-4 at 4 bits (adc.bits) makes steps of 0.5; what is smaller than half a step is lost' \
    --set adc.bits=4 --set timing.adc_conversion_ps=4800 --set 'adc.forward_range=[4]'
printf 'name: old\nabout: an older node\nbase: mca-14nm\nnode_nm: 22\nvoltage_v: 0.8\n' >old.yaml
node='cost.library old is at 22 nm, but dpu.clock_hz and timing.\* are still those of 14 nm; prices follow the node, times do not'
capture "$MCASIM" check s.yaml --set cost.library=./old.yaml
grep -q "^$node$" "$cli_state/err" || fail "node: $(cat "$cli_state/err")"
capture "$MCASIM" check s.yaml --set cost.library=./old.yaml --set dpu.clock_hz=500000000
grep -q 'cost.library old' "$cli_state/err" && fail 'a clock that was given is meant'

# a batch larger than the epoch, as it was found
cat >batch.yaml <<END
network: {layers: [784, 50, 10]}
dataset: {name: synthetic-digits, synthetic_train: 500, synthetic_test: 100}
train: {epochs: 3, batch: 1000, learning_rate: 500, learning_rate_decay: 1}
refresh: {every_images: 100, high_us: 4, difference_us: 4}
END
capture "$MCASIM" check batch.yaml
[ "$(cat "$cli_state/err")" = 'train.batch is 1000, but an epoch has 500 images: each is one mini-batch' ] || fail "batch: $(cat "$cli_state/err")"

# --- check refuses what run refuses, in its words
for sets in 'network.layers=[785,10]' 'network.layers=[784,9]' 'train.images=41' 'train.validation_images=40' 'train.test_images=21'; do
    refuses 2 '--set: *' "$MCASIM" check s.yaml --set "$sets"
    cp "$cli_state/err" check.err
    refuses 2 '--set: *' "$MCASIM" run s.yaml --set "$sets" -o never
    cmp -s check.err "$cli_state/err" || fail "$sets: check and run differ"
done
capture "$MCASIM" check s.yaml --set dataset.name=mnist # data of another machine
[ "$status" -eq 0 ] && grep -q '^data are not checked: dataset.name: mnist: ' "$cli_state/err" || fail "no data: $status $(cat "$cli_state/err")"
refuses 3 '.: MNIST not found there*' "$MCASIM" check s.yaml --set dataset.name=mnist --data .

# --- sweep: each line once, with how many points tell it; on its page too
printf 'scenario: s.yaml\nset: {device.drift_nu: 0.1}\ngrid: {device.linear_std_us: [0, 1, 2]}\n' >q.yaml
cat >lines <<END
device.drift_nu has no effect: no command ages a chip
2 of 3 points: device.linear_std_us has no effect: device.model is not linear
END
for flags in '--dry-run' ''; do
    # shellcheck disable=SC2086
    capture "$MCASIM" sweep q.yaml -o sweep $flags
    grep 'no effect' "$cli_state/err" | cmp -s - lines || fail "sweep $flags: $(cat "$cli_state/err")"
done
tr -d '\n' <sweep/sweep.json | grep -q '"text": "device.linear_std_us has no effect: device.model is not linear", *"points": 2' || fail 'sweep.json has no notices'
grep -q 'device.linear_std_us has no effect' sweep/sweep.html || fail 'the page has no notices'

# --- every key: another value than the scenarios have
cat >values <<END
seed 2
network.layers [784,11,10]
network.init_gain 0.5
train.epochs 3
train.images 30
train.test_images 10
train.test_every 2
train.validation_images 5
train.batch 3
train.learning_rate 3
train.learning_rate_decay 0.5
train.loss squared
train.shuffle false
dataset.train_images x
dataset.train_labels x
dataset.test_images x
dataset.test_labels x
dataset.synthetic_train 39
dataset.synthetic_test 19
dataset.synthetic_seed 3
device.gmin_us 0.3
device.gmax_us 9
device.mean_slope -0.05
device.mean_offset_us 1
device.mean_history_us 2
device.mean_decay_pulses 4
device.std_slope 0.2
device.std_offset_us 0.5
device.std_history_us 1
device.std_decay_pulses 4
device.linear_step_us 0.5
device.linear_std_us 0.2
device.reset_mean_us 0.5
device.reset_std_us 0.05
device.read_noise 2
device.read_noise_slope 0.1
device.read_noise_offset_us 0.3
device.step_spread 0.2
device.gmax_spread 0.2
device.drift_nu 0.1
device.drift_t0_s 5
tile.rows 128
tile.cols 8
tile.unit_weight_us 6
dac.kind voltage
dac.bits 5
dac.drive bipolar
dac.share 4
dac.build all
adc.kind sar
adc.bits 7
adc.share 4
adc.build all
adc.forward_range [4]
adc.backward_range [1]
adc.stuck_low_mask 3
dpu.rounding nearest
dpu.activation_bits 12
dpu.error_bits 10
dpu.lanes 4
dpu.clock_hz 500000000
chi.bits 20
chi.frac_bits 10
chi.ports 1
chi.banks 4
chi.access_cycles 3
transfer.epsilon_us 0.5
transfer.max_pulses 1
transfer.drivers 4
transfer.fifo_depth 1
refresh.every_images 7
refresh.high_us 3
refresh.difference_us 2
refresh.max_pulses 1
refresh.residual chi
timing.image_load_ps_per_byte 300
timing.dac_load_ps 3000
timing.read_ps_per_level 900
timing.read_settle_ps 5000
timing.adc_conversion_ps 50000
timing.set_pulse_ps 90000
timing.reset_pulse_ps 90000
cost.sram_macro_bytes 1024
cost.weight_macro_bytes 1024
cost.dram true
END
# these choose between models and data, name files, or equal one another without noise (tile.read_path)
others='dataset.name device.model tile.read_path dpu.arithmetic cost.library report.name'
"$MCASIM" keys | grep -oE '^[a-z]+(\.[a-z0-9_]+)?' | sort >all
{ cut -d ' ' -f 1 values && printf '%s\n' $others; } | sort >tried
missing=$(grep -E '^(seed|[a-z]+\.)' all | grep -vxFf tried | tr '\n' ' ')
[ -z "$missing" ] || fail "keys that this test does not try: $missing"

results() { # DIR: all that a run says, but for its scenario and its times
    (cd "$1" && find . -type f ! -name scenario.yaml ! -name report.html ! -name '*.json' -exec sha256sum {} + | sort -k 2
    for json in *.json; do sed '/"runtime": {/,/}/d; /"[a-z_]*hash"/d' "$json"; done)
}
try_all() { # NAME SETTINGS...: every key on that scenario
    name=$1 && shift
    "$MCASIM" run s.yaml "$@" -o ref --quiet --force || fail "$name"
    results ref >ref.results
    while read -r key value; do
        "$MCASIM" run s.yaml "$@" --set "$key=$value" -o changed --force >/dev/null 2>notices
        status=$?
        [ "$status" -ne 2 ] || continue # refused
        [ "$status" -eq 0 ] || fail "$name: $key: $(cat notices)"
        cmp -s changed/scenario.yaml ref/scenario.yaml && continue # what the scenario has
        results changed | cmp -s - ref.results
        differs=$?
        grep -q "^$key has no effect" notices
        silent=$?
        [ "$differs" -eq 1 ] || [ "$silent" -eq 0 ] || fail "$name: $key=$value changes nothing and nobody says so"
        [ "$differs" -eq 0 ] || [ "$silent" -eq 1 ] || fail "$name: $key=$value changes results and is said not to"
    done <values
}
try_all pcm
try_all one-layer --set 'network.layers=[784,10]' --set chi.access_cycles=2 --set train.epochs=1
try_all no-refresh --set refresh.every_images=0 --set device.mean_history_us=0 --set device.read_noise=0 --set chi.ports=1
try_all linear --set device.model=linear --set dpu.arithmetic=float --set device.linear_std_us=0.1 --set refresh.high_us=1 --set device.std_history_us=0
try_all ideal --set device.model=ideal --set adc.bits=0 --set dac.bits=0 --set dpu.arithmetic=float
try_all through --set device.model=ideal --set transfer.epsilon_us=0 --set dpu.arithmetic=float --set train.batch=4
finish
