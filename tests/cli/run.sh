#!/bin/sh
# A run's results: files, reproducibility, and that the resolved scenario repeats it.
. "$(dirname "$0")/lib.sh"

# Everything in a run's directory but what was measured on this machine.
digest() {
    (cd "$1" && find . -type f ! -name summary.json ! -name scenario.yaml ! -name report.html | sort |
        xargs cksum && sed '/"runtime"/,$d' summary.json && sed '/^report:/,$d' scenario.yaml)
}

write_small_scenario s.yaml
capture "$MCASIM" run s.yaml --seed 7
[ "$status" -eq 0 ] || fail "run: exit status $status: $(cat "$cli_state/err")"
[ ! -s "$cli_state/err" ] || fail "run: text on stderr without a terminal"
[ -s "$cli_state/out" ] || fail 'run: no summary on stdout'
for file in scenario.yaml summary.json epochs.csv confusion.csv energy.csv energy_layers.csv ledger.json chip.json timeline.json report.html weights; do
    [ -e "runs/s-7/$file" ] || fail "runs/s-7/$file is missing"
done
grep -q '^seed: 7$' runs/s-7/scenario.yaml || fail 'the seed is not in scenario.yaml'
[ "$(ls -A runs)" = s-7 ] || fail "runs holds more than s-7: $(ls -A runs)"

for threads in 1 2 5; do
    capture "$MCASIM" run s.yaml --set seed=7 --threads $threads -o "threads$threads" --quiet
    [ ! -s "$cli_state/out" ] || fail 'a quiet run prints'
    digest "threads$threads" >"$cli_state/$threads"
done
digest runs/s-7 >"$cli_state/first"
for threads in 1 2 5; do
    cmp "$cli_state/first" "$cli_state/$threads" || fail "results differ with $threads threads"
done
capture "$MCASIM" run runs/s-7/scenario.yaml -o again --quiet
digest again >"$cli_state/again"
cmp "$cli_state/first" "$cli_state/again" || fail 'the resolved scenario gives another run'
cmp runs/s-7/scenario.yaml again/scenario.yaml || fail 'the resolved scenario resolves further'
capture "$MCASIM" run s.yaml --seed 8 -o other --quiet
digest other >"$cli_state/other"
cmp -s "$cli_state/first" "$cli_state/other" && fail 'another seed gives the same run'

# auto without MNIST's files: a notice, and the name of what was used in every output
capture "$MCASIM" run s.yaml --set dataset.name=auto -o auto
[ "$(grep -c synthetic-digits "$cli_state/err")" -eq 1 ] || fail 'no notice of synthetic data'
grep -q '^  name: synthetic-digits$' auto/scenario.yaml || fail 'scenario.yaml still says auto'
grep -q '"name": "synthetic-digits"' auto/summary.json || fail 'summary.json names other data'

# training goes on from the weights of a run
capture "$MCASIM" run s.yaml --weights runs/s-7/weights -o more --quiet
[ "$status" -eq 0 ] || fail "--weights: $(cat "$cli_state/err")"
cmp -s more/weights/layer0_g_plus.npy runs/s-7/weights/layer0_g_plus.npy && fail 'nothing trained'
# other converters in the time of the default one are told, and only those
notice='adc: 6 bits, but a conversion still takes 77000 ps, that of an 8-bit oscillator; timing.adc_conversion_ps sets it, adc.time: by-kind scales it'
capture "$MCASIM" run s.yaml --set adc.bits=6 -o bits
[ "$(cat "$cli_state/err")" = "$notice" ] || fail "6 bits: $(cat "$cli_state/err")"
for sets in '--set adc.bits=6 --set timing.adc_conversion_ps=19200' '--set adc.bits=8' '--set adc.bits=0 --set dac.bits=0 --set dpu.arithmetic=float'; do
    # shellcheck disable=SC2086
    capture "$MCASIM" run s.yaml $sets -o bits --force
    [ ! -s "$cli_state/err" ] || fail "$sets: $(cat "$cli_state/err")"
done
finish
