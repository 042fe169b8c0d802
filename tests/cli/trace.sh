#!/bin/sh
# run --trace: two more files and no other byte; ranges that cannot be are refused.
. "$(dirname "$0")/lib.sh"

digest() {
    (cd "$1" && find . -type f ! -name summary.json ! -name report.html ! -name timeline.json ! -name 'trace.*' | sort | xargs cksum &&
        sed '/"runtime"/,$d' summary.json)
}

write_small_scenario s.yaml
capture "$MCASIM" run s.yaml -o plain --quiet
[ "$status" -eq 0 ] || fail "run: $(cat "$cli_state/err")"
for file in plain/trace.*; do
    [ ! -e "$file" ] || fail "$file without --trace"
done
# the refresh after image 200 and the end of the epoch are image 200's
capture "$MCASIM" run s.yaml -o traced --quiet --trace 199-201
[ "$status" -eq 0 ] || fail "run --trace: $(cat "$cli_state/err")"
digest plain >"$cli_state/plain"
digest traced >"$cli_state/traced"
cmp "$cli_state/plain" "$cli_state/traced" || fail 'a traced run has other results'
grep -q trace traced/scenario.yaml && fail 'the resolved scenario speaks of the trace'

# a line is an event; times are microseconds with the digits of a picosecond
[ "$(tail -n 1 traced/trace.json)" = ']}' ] || fail 'trace.json is not whole'
for image in 199 200 201; do
    [ "$(grep -c "\"name\":\"image $image begins\"" traced/trace.json)" -eq 1 ] || fail "image $image does not begin"
    [ "$(grep -c "\"image\":$image,\"resource\":\"image_port\"" traced/trace.json)" -eq 1 ] || fail "image $image is not loaded"
done
grep -Eq '"image":(198|202)[,}]' traced/trace.json && fail 'other images are in the trace'
grep '"ph":"[BE]"' traced/trace.json | grep -Evq '"ts":[0-9]+\.[0-9]{6}[,}]' && fail 'times are not exact'
grep -q '"image":200,"resource":"tile","phase":"refresh"' traced/trace.json || fail 'no refresh'
grep -qFx "\$timescale 1 ps \$end" traced/trace.vcd || fail 'no timescale'

# the last training image's trace ends where the run does, and all images give the run's busy times
capture "$MCASIM" run s.yaml -o whole --quiet --trace 1-400
[ "$status" -eq 0 ] || fail "--trace 1-400: $(cat "$cli_state/err")"
busy() { sed -n "s/.*\"resource\":\"$1\",\"phase\":\"$2\".*\"busy_ps\":\([0-9]*\).*/\1/p" whole/trace.json | awk '{ n += $1 } END { printf "%.0f", n }'; }
ledger() { # RESOURCE PHASE, of the last "busy_ps" outside of the epochs
    awk -v phase="\"$2\":" -v resource="\"$1\":" '
        /"epochs"/ { exit }
        /"busy_ps"/ { inside = 1 }
        inside && $1 == phase { here = 1 }
        inside && here && $1 == resource { sub(",", "", $2); print $2; exit }' plain/ledger.json
}
for pair in 'dac forward' 'tile refresh' 'adc forward' 'dpu error' 'dpu update' 'chi update' 'program transfer' 'image_port forward'; do
    # shellcheck disable=SC2086
    [ "$(busy $pair)" = "$(ledger $pair)" ] || fail "$pair is busy $(busy $pair) ps in the trace, $(ledger $pair) ps in the ledger"
done
frontier=$(tail -n 1000000 whole/trace.vcd | sed -n 's/^#//p' | tail -n 1)
awk -v a="$frontier" -v b="$(sed -n 's/.*"time_ps": \([0-9]*\),.*/\1/p' plain/ledger.json | head -n 1)" 'BEGIN { exit !(a == b) }' ||
    fail "the trace ends at $frontier ps"
capture "$MCASIM" run s.yaml -o again --quiet --trace 1-400 --threads 1
cmp whole/trace.json again/trace.json || fail 'another trace.json from the same run'
cmp whole/trace.vcd again/trace.vcd || fail 'another trace.vcd from the same run'

for range in 0 0-3 x 3- -5 '' 1-2-3 1.5 99999999999999999999; do
    refuses 2 "mcasim run: --trace: '$range' is not IMAGE or IMAGE-IMAGE, counted from 1; see *" \
        "$MCASIM" run s.yaml -o no --trace "$range"
done
refuses 2 "mcasim run: --trace: '5-3' ends before it begins; see *" "$MCASIM" run s.yaml -o no --trace 5-3
refuses 2 "mcasim run: --trace: '1-1001' is 1001 images; at most 1000 can be traced; see *" "$MCASIM" run s.yaml -o no --trace 1-1001
refuses 2 "--trace: image 401 is beyond the 400 that are trained on in 2 epochs" "$MCASIM" run s.yaml -o no --trace 400-401
refuses 2 "mcasim run: option --trace needs a value; see *" "$MCASIM" run s.yaml -o no --trace

# A mini-batch that ends with more pulses than a trace can hold: the run is whole, its picture is cut; a trace that was asked for is refused.
cat >pulses.yaml <<'EOF'
network: {layers: [784, 250, 10]}
dataset: {name: synthetic-digits, synthetic_train: 1001, synthetic_test: 100}
train: {epochs: 1, batch: 1000, learning_rate: 25}
transfer: {epsilon_us: 0.05}
EOF
capture "$MCASIM" run pulses.yaml -o pulses --quiet
[ "$status" -eq 0 ] || fail "more pulses than a trace holds: exit status $status: $(cat "$cli_state/err")"
left_out=$(sed -n 's/.*"operations_left_out": \([0-9]*\).*/\1/p' pulses/timeline.json)
[ "$(grep -c '"start_ps"' pulses/timeline.json)" -eq 4000 ] && [ "$left_out" -gt 4000000 ] || fail "the picture is not cut: $left_out left out"
refuses 1 "--trace: images 1000-1000 have more than 4000000 operations; trace fewer*" "$MCASIM" run pulses.yaml -o no --quiet --trace 1000
finish
