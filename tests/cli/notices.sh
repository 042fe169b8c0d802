#!/bin/sh
# Settings that say nothing: their lines in check, run and sweep. Which there are is tested in tests/scenario/test_notices.c, and
# that they tell the truth in test_idle_keys.c.
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
tells 'device.drift_nu has no effect: ageing.ages_s is empty' --set device.drift_nu=0.1
tells '' --set device.drift_nu=0 # no drift is what it gets
tells 'network.layers: 20 outputs, but the labels of synthetic-digits use 10' --set 'network.layers=[784, 20]'
tells 'adc: 6 bits, but a conversion still takes 77000 ps, that of an 8-bit oscillator; timing.adc_conversion_ps sets it, adc.time: by-kind scales it' --set adc.bits=6
printf 'name: old\nabout: an older node\nbase: mca-14nm\nnode_nm: 22\nvoltage_v: 0.8\n' >old.yaml
tells 'cost.library old is at 22 nm, but dpu.clock_hz and timing.* are those of 14 nm; timing.node_nm: 22 would bring them there' \
    --set cost.library=./old.yaml
tells '' --set cost.library=./old.yaml --set dpu.clock_hz=500000000 # a clock that was given is meant

# what a run finds out stands at the end of its summary: no pulse at all, and converters that only cut off; neither in check
ends() { # LINE SETTINGS...
    line=$1 && shift
    capture "$MCASIM" check s.yaml "$@"
    [ ! -s "$cli_state/err" ] || fail "check $*: $(cat "$cli_state/err")"
    capture "$MCASIM" run s.yaml --set train.learning_rate=0.05 "$@" -o told --force
    [ ! -s "$cli_state/err" ] || fail "run $*: $(cat "$cli_state/err")"
    # shellcheck disable=SC2254
    case $(sed '1,/^Advice/d; /^Results in/d' "$cli_state/out" | tr -s ' \n' ' ') in
    $line) ;;
    *) fail "run $*: $(cat "$cli_state/out")" ;;
    esac
}
ends ' 1. no pulse was sent in training on 80 images: no crossbar weight changed; raise train.learning_rate, or lower transfer.epsilon_us ' \
    --set train.learning_rate=1e-9
ends ' 1. layer 0 (dense) forward: * % of the conversions gave the least or largest code (more than 90 %): the range is too narrow; raise adc.forward_range ' \
    --set 'adc.forward_range=[0.0009765625, 16]'
ends ' 1. layer 1 (dense) backward: * % of the conversions gave *; raise network.layers.1.adc_backward_range ' \
    --set 'network.layers=[dense: {units: 12}, dense: {units: 10, adc_backward_range: 0.0009765625}]'
ends '' --set 'adc.forward_range=[4, 16]' # some, as good settings may

# a batch larger than the epoch, as it was found
cat >batch.yaml <<END
network: {layers: [784, 50, 10]}
dataset: {name: synthetic-digits, synthetic_train: 500, synthetic_test: 100}
train: {epochs: 3, batch: 1000, learning_rate: 500, learning_rate_decay: 1}
refresh: {every_images: 100, high_us: 4, difference_us: 4}
END
capture "$MCASIM" check batch.yaml
[ "$(cat "$cli_state/err")" = 'train.batch is 1000, but an epoch has 500 images: each is one mini-batch
refresh.every_images is 100, but a mini-batch has 500 images: a refresh comes after each' ] || fail "batch: $(cat "$cli_state/err")"

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
device.drift_nu has no effect: ageing.ages_s is empty
2 of 3 points: device.linear_std_us has no effect: device.model is not linear
END
for flags in '--dry-run' ''; do
    # shellcheck disable=SC2086
    capture "$MCASIM" sweep q.yaml -o sweep $flags
    grep 'no effect' "$cli_state/err" | cmp -s - lines || fail "sweep $flags: $(cat "$cli_state/err")"
done
cat >wanted <<END
"notices":[{"text":"device.drift_nu has no effect: ageing.ages_s is empty","points":3},
{"text":"device.linear_std_us has no effect: device.model is not linear","points":2}],
"notices_left_out":0
END
flat() { # FILE: JSON without the white space between its parts
    tr -d '\n' <"$1" | sed 's/\([]{}:,[]\) */\1/g; s/ *\([]{}]\)/\1/g; s/no effect:/no effect: /g'
}
flat sweep/sweep.json | grep -qF "$(tr -d '\n' <wanted)" || fail 'sweep.json has other notices'
grep -q 'device.linear_std_us has no effect' sweep/sweep.html || fail 'the page has no notices'
finish
