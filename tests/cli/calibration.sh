#!/bin/sh
# Full scales that layers leave open are found from training images: what is found is written down, given it makes the same run, on any
# number of threads, resumed and priced again; weights given are those that count.
. "$(dirname "$0")/lib.sh"

network() { # KEYS OF EACH MATRIX'S LAYER
    cat <<END
network:
  layers:
    - conv2d: {filters: 3, kernel: 5, stride: 3, activation: relu$1}
    - max_pool: {kernel: 2}
    - dense: {units: 8, activation: tanh$2}
    - dense: {units: 10, activation: identity$3}
train: {epochs: 2, images: 300, test_images: 100, loss: softmax, learning_rate: 0.02}
dataset: {name: synthetic-digits, synthetic_train: 300, synthetic_test: 100}
calibration: {images: 20}
END
}
run() { # SCENARIO DIR ARGUMENTS...
    scenario=$1 && dir=$2 && shift 2
    capture "$MCASIM" run "$scenario" -o "$dir" "$@"
    [ "$status" -eq 0 ] || fail "run $dir: $(cat "$cli_state/err")"
}
number() { # LAYER KEY: of summary.json
    awk -v layer="$1" -v key="\"$2\":" '/"layer_numbers"/ { inside = 1 } inside && $1 == "\"layer\":" { at = $2 + 0 }
        inside && at == layer && $1 == key { sub(/,$/, ""); sub(/^[^:]*: /, ""); print; exit }' found/summary.json
}
same() { # DIR DIR: but for the scenario in it
    cmp -s "$1/epochs.csv" "$2/epochs.csv" || fail "$2 has other epochs than $1"
    cmp -s "$1/energy.csv" "$2/energy.csv" || fail "$2 has other energies than $1"
    diff -r "$1/weights" "$2/weights" >/dev/null || fail "$2 has other weights than $1"
}

network "" "" "" >open.yaml
run open.yaml found --threads 1
grep -q 'Numbers of the layers' "$cli_state/out" || fail 'no numbers on the terminal'
[ "$(number 0 activation_scale_from)" = '"training images"' ] || fail "scale of layer 0 is from $(number 0 activation_scale_from)"
[ "$(number 2 activation_scale)" = null ] || fail 'tanh has a full scale of its own'
[ "$(number 0 adc_backward_range)" = null ] || fail 'layer 0 is read backward'
[ "$(number 3 unit_weight_us_from)" = '"initial weights"' ] || fail "unit weight is from $(number 3 unit_weight_us_from)"
# sqrt(6 / (25 + 3)) = 0.46, 0.77 x 4 / 0.46 = 6.7: 8; sqrt(6 / (48 + 8)) = 0.33, 9.4: 16; sqrt(6 / 18) = 0.58, 5.3: 8
for pair in 0:8.0 2:16.0 3:8.0; do
    [ "$(number "${pair%:*}" unit_weight_us)" = "${pair#*:}" ] || fail "unit weight of layer ${pair%:*} is $(number "${pair%:*}" unit_weight_us)"
done

keys() { # LAYER
    echo ", unit_weight_us: $(number "$1" unit_weight_us), adc_forward_range: $(number "$1" adc_forward_range)"
}
network "$(keys 0), activation_scale: $(number 0 activation_scale)" "$(keys 2), adc_backward_range: $(number 2 adc_backward_range)" \
    "$(keys 3), adc_backward_range: $(number 3 adc_backward_range)" >given.yaml
run given.yaml given
grep -q 'calibration.images has no effect' "$cli_state/err" || fail 'nobody says that nothing is left to be found'
same found given
run open.yaml threads --threads 3 --quiet
same found threads
run open.yaml wide --quiet --set calibration.margin=64
cmp -s found/epochs.csv wide/epochs.csv && fail 'the margin changes nothing'

# killed and resumed: found again, the same
run open.yaml long --quiet --set train.epochs=40
"$MCASIM" run open.yaml -o cut --quiet --set train.epochs=40 --checkpoint-every 0 &
killed=$!
while [ ! -e cut.partial/checkpoint ] && kill -0 $killed 2>/dev/null; do sleep 0.01; done
kill -KILL $killed 2>/dev/null || fail 'the run had ended'
wait $killed 2>/dev/null
run open.yaml cut --resume --set train.epochs=40
grep -q 'going on in epoch' "$cli_state/err" || fail "not resumed: $(cat "$cli_state/err")"
same long cut
cmp -s long/ledger.json cut/ledger.json || fail 'resumed, the ledger is another one'

# priced again and written again, the numbers stay
capture "$MCASIM" price found --set cost.dram=true -o priced --quiet
[ "$status" -eq 0 ] || fail "price: $(cat "$cli_state/err")"
section() { sed -n '/"layer_numbers"/,/^  *\],*$/p' "$1/summary.json"; }
[ -n "$(section found)" ] || fail 'no layer_numbers'
[ "$(section found)" = "$(section priced)" ] || fail 'price has other numbers'

# weights that are given count: twenty times as large, they need more
network "" "" "" | sed 's/^network:/network:\n  init_gain: 4/; s/{filters/{unit_weight_us: 2, filters/; s/{units/{unit_weight_us: 2, units/' >large.yaml
run large.yaml large --quiet
sed 's/init_gain: 4/init_gain: 0.1/' large.yaml >small.yaml
run small.yaml small --quiet
run small.yaml loaded --quiet --weights large/weights
ranges() { sed -n 's/.*"adc_forward_range": \([0-9.]*\).*/\1/p' "$1/summary.json" | tr '\n' ' '; }
[ "$(ranges small)" != "$(ranges loaded)" ] || fail "ranges $(ranges loaded) do not follow the weights that are given"
finish
