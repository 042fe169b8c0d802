#!/bin/sh
# Advice where a run goes wrong: planted faults are told by their cause, to follow it helps, and healthy runs are told nothing.
# The rules at the edges of their thresholds: tests/reports/test_advice.c.
. "$(dirname "$0")/lib.sh"

cat >s.yaml <<END
network: {layers: [784, 50, 10]}
dataset: {name: synthetic-digits, synthetic_train: 2000, synthetic_test: 500}
train: {epochs: 2}
END

rules() { # "RULE KEY RULE KEY ..." of out/summary.json
    awk -F '"' '$2 == "rule" || $2 == "key" { printf "%s%s", n++ ? " " : "", $4 }' out/summary.json
}
accuracy() {
    awk -F '[:, ]+' '$2 == "\"test_final\"" { print $3 }' out/summary.json
}
runs() { # WHAT ARGUMENTS...
    what=$1 && shift
    capture "$MCASIM" "$@" -o out --force
    [ "$status" -eq 0 ] || fail "$what: status $status: $(cat "$cli_state/err")"
}

runs 'no fault' run s.yaml
[ -z "$(rules)" ] || fail "no fault: $(rules)"
base=$(accuracy)

# --- NAME "RULE KEY ..." SETTINGS / SETTINGS THAT FOLLOW IT / GAIN: the likeliest cause first, and what its key gives back; the run
# without the fault where that is what following the advice makes
planted() {
    name=$1 wanted=$2 fault=$3 cure=$4 gain=$5
    # shellcheck disable=SC2086
    runs "$name" run s.yaml $fault
    got=$(rules)
    case $got in
    "$wanted" | "$wanted "*) ;;
    *) fail "$name: '$got', expected '$wanted'" ;;
    esac
    grep -q '^Advice, the likeliest cause first$' "$cli_state/out" || fail "$name: nothing on the terminal"
    before=$(accuracy)
    [ -n "$cure" ] || return 0
    after=$base
    if [ "$cure" != default ]; then
        # shellcheck disable=SC2086
        runs "$name, followed" run s.yaml $fault $cure
        after=$(accuracy)
    fi
    awk "BEGIN { exit !($after - $before >= $gain) }" || fail "$name: $before, and $after when its advice is followed"
}
planted '3-bit converters' 'converter_coarse adc.bits guessing adc.bits' '--set adc.bits=3' '--set adc.bits=6' 0.5
planted 'rate 1000' 'rate_high train.learning_rate' '--set train.learning_rate=1000' '--set train.learning_rate=0.1' 0.5
planted 'epsilon too large' 'epsilon_large transfer.epsilon_us guessing transfer.epsilon_us' '--set transfer.epsilon_us=100' \
    '--set transfer.epsilon_us=1' 0.5
planted 'batch 8 at rate 0.01' 'rate_low_in_batches train.learning_rate guessing train.learning_rate' \
    '--set train.batch=8 --set train.learning_rate=0.01' '--set train.learning_rate=0.4' 0.5
planted 'all clipped' 'converter_clipped adc.forward_range guessing adc.forward_range' '--set adc.forward_range=[0.0078125]' default 0.5
planted 'errors clipped' 'converter_clipped adc.backward_range' '--set adc.backward_range=[0.0009765625]' default 0.2
planted 'range too wide' 'converter_wide adc.forward_range guessing adc.forward_range' '--set adc.forward_range=[4096]' \
    '--set adc.forward_range=[64]' 0.5
planted 'range of errors too wide' 'converter_wide adc.backward_range' '--set adc.backward_range=[1024]' default 0.2
planted 'chi saturates' 'chi_saturated train.learning_rate' \
    '--set chi.frac_bits=15 --set transfer.max_pulses=1 --set train.learning_rate=0.4' '--set train.learning_rate=0.05' 0.05
planted 'devices full' 'refresh_missing refresh.high_us' '--set device.gmax_us=2' \
    '--set refresh.high_us=1.6 --set refresh.difference_us=1.2' 0.2
planted 'no refresh' 'refresh_missing refresh.every_images guessing refresh.every_images' \
    '--set train.epochs=4 --set train.learning_rate=0.2 --set refresh.every_images=0' '--set refresh.every_images=100' 0.5
planted 'products rounded away' 'products_lost dpu.rounding guessing dpu.rounding' \
    '--set dpu.rounding=nearest --set chi.bits=8 --set chi.frac_bits=2 --set train.learning_rate=0.02' '--set dpu.rounding=stochastic' 0.4
planted 'epsilon too small' 'epsilon_small transfer.epsilon_us' '--set transfer.epsilon_us=0.05' default 0.5
planted 'rate too low' 'rate_low train.learning_rate guessing train.learning_rate' '--set train.learning_rate=0.0001' default 0.5
planted 'no pulse' 'no_pulse train.learning_rate guessing train.learning_rate' '--set train.learning_rate=1e-6' default 0.5
planted 'too short' 'few_images train.epochs guessing train.epochs' '--set train.epochs=1 --set train.images=100' \
    '--set train.epochs=10' 0.3
planted 'pulses lost' 'rate_high train.learning_rate pulses_lost transfer.max_pulses' \
    '--set transfer.mode=direct --set train.learning_rate=1' '' 0
planted 'float, rate 10' 'loss_high train.learning_rate guessing train.learning_rate' \
    '--set device.model=ideal --set dpu.arithmetic=float --set transfer.epsilon_us=0 --set adc.bits=0 --set dac.bits=0 --set train.learning_rate=10' \
    '--set train.learning_rate=0.05' 0.5
planted 'nothing trained' 'untrained train.epochs' '--set train.epochs=0' default 0.5

# labels that belong to other images: noise with labels in turn
noise() { # FILE IMAGES SEED: 8 x 8
    LC_ALL=C awk -v n="$2" -v x="$3" 'BEGIN {
        printf "%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c%c", 0, 0, 8, 3, 0, 0, int(n / 256), n % 256, 0, 0, 0, 8, 0, 0, 0, 8
        for (i = 0; i < n * 64; ++i) { x = (x * 1103515245 + 12345) % 2147483648; printf "%c", int(x / 65536) % 256 } }' >"$1"
    LC_ALL=C awk -v n="$2" 'BEGIN {
        printf "%c%c%c%c%c%c%c%c", 0, 0, 8, 1, 0, 0, int(n / 256), n % 256
        for (i = 0; i < n; ++i) printf "%c", (i * 7 + int(i / 10)) % 10 }' >"$1.labels"
}
noise train 2000 1
noise test 500 2
planted 'labels of others' 'labels dataset.name' '--set dataset.name=idx --set dataset.train_images=train --set dataset.train_labels=train.labels
    --set dataset.test_images=test --set dataset.test_labels=test.labels --set network.layers=[64,50,10]' '' 0

# --- healthy: the list is there, and empty; nothing on the terminal
healthy() { # WHAT ARGUMENTS...
    runs "$@"
    [ -z "$(rules)" ] || fail "healthy: $1: $(rules)"
    grep -q '"advice": \[\]' out/summary.json || fail "$1: no list"
    grep -q '^Advice' "$cli_state/out" && fail "$1: advice on the terminal"
}
quick='--set network.layers=[784,50,10] --set dataset.name=synthetic-digits --set dataset.synthetic_train=2000 --set dataset.synthetic_test=500
    --set train.epochs=2'
for scenario in mnist-mca adc-4bit adc-6bit chi-12bit linear-devices nearest-rounding no-read-noise ideal-devices isaac-32nm mca-tuned mnist-float mnist-hardware-aware; do
    # shellcheck disable=SC2086
    healthy $scenario run "$SOURCE_DIR/scenarios/$scenario.yaml" $quick
    rm -rf $scenario
    mv out $scenario
done
healthy 'test of the chip' infer mnist-mca
healthy 'other weights' infer s.yaml --weights mnist-float/weights.npz
healthy 'refresh is not needed' run s.yaml --set refresh.every_images=0
healthy 'batch 8 at its rate' run s.yaml --set train.batch=8 --set train.learning_rate=0.4
healthy 'convolution' run s.yaml --set 'network.layers=[conv2d: {filters: 6, kernel: 5, stride: 2, activation: relu}, dense: {units: 10}]' --set train.learning_rate=0.01

# --- tests alone
runs 'reads clipped' infer mnist-mca --set 'adc.forward_range=[0.0078125]'
[ "$(rules)" = 'reads_clipped adc.forward_range guessing adc.forward_range' ] || fail "reads clipped: $(rules)"
runs 'weights clipped' infer s.yaml --weights mnist-float/weights.npz --set weights.scale=given --set tile.unit_weight_us=500
case $(rules) in 'import_clipped weights.scale'*) ;; *) fail "weights clipped: $(rules)" ;; esac

# --- told again of the finished run: explained, priced, on the page
runs 'again' run s.yaml --set adc.bits=3
rm -rf bad priced
mv out bad
capture "$MCASIM" explain bad advice
grep -q '^   converter_coarse: 0\.[0-9]* measured, threshold 1$' "$cli_state/out" || fail "explain: $(cat "$cli_state/out")"
grep -q '^   adc.bits is 3: ' "$cli_state/out" || fail "explain: no key: $(cat "$cli_state/out")"
capture "$MCASIM" explain mnist-mca advice
[ "$(cat "$cli_state/out")" = 'advice: none, no figure of the run asks for any' ] || fail "explain: $(cat "$cli_state/out")"
capture "$MCASIM" price bad --library isaac-32nm -o priced
grep -q '^Advice' "$cli_state/out" || fail "price is silent"
for run in bad priced; do
    sed -n '/"advice"/,/\]/p' $run/summary.json >$run.advice
    [ "$(wc -l <$run.advice)" -gt 10 ] || fail "$run: no advice"
done
cmp -s bad.advice priced.advice || fail "price gives other advice"
grep -q 'too few bits' priced/report.html || fail "nothing on the page"

# --quiet says nothing, and keeps it
capture "$MCASIM" run s.yaml --set adc.bits=3 -o out --force --quiet
[ -z "$(cat "$cli_state/out" "$cli_state/err")" ] || fail "--quiet: $(cat "$cli_state/out" "$cli_state/err")"
[ -n "$(rules)" ] || fail "--quiet: none in the summary"

# a run of before has none
sed '/"advice"/,/\],/d' bad/summary.json >bad/cut && mv bad/cut bad/summary.json
seal bad
capture "$MCASIM" report bad
[ "$status" -eq 0 ] || fail "report of a run of before: $(cat "$cli_state/err")"
capture "$MCASIM" explain bad advice
[ "$(cat "$cli_state/out")" = 'advice: none, no figure of the run asks for any' ] || fail "of before: $(cat "$cli_state/out")"

# --- the page has every rule
sed -n 's/^    {"\([a-z_]*\)", mca__look_at.*/\1/p' "$SOURCE_DIR/reports/figures/advice.c" >rules
[ "$(wc -l <rules)" -gt 20 ] || fail "few rules found"
while read -r rule; do
    grep -q "^| \`$rule\` | " "$SOURCE_DIR/docs/guide/when-a-run-goes-wrong.md" || fail "$rule has no row in when-a-run-goes-wrong.md"
done <rules
finish
