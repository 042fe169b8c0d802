#!/bin/sh
# Searches: faults of the file, results, the same bytes after kills and over shards.
. "$(dirname "$0")/lib.sh"

cat >s.yaml <<'END'
network: {layers: [784, 10]}
dataset: {name: synthetic-digits, synthetic_train: 120, synthetic_test: 20}
train: {epochs: 1, images: 60, validation_images: 40, test_images: 20}
refresh: {every_images: 0}
END
results='optimise.json front.csv best.yaml sweep.csv groups.csv pareto.csv layers.csv sweep.json'
same_results() { # DIR
    for file in $results; do
        cmp -s "whole/$file" "$1/$file" || fail "$1: $file is not that of an undisturbed search"
    done
}

# --- faults of the file; nothing is made
refused() { # LINE
    refuses 2 "$1" "$MCASIM" optimise q.yaml -o out
}
search() { # the rest of a search file that has all it needs
    printf 'scenario: s.yaml\ngrid: {dpu.lanes: [4, 16], adc.bits: [4, 8]}\n%s\n' "$1" >q.yaml
}
asks='minimise: [energy]
budget: {images: 2000}'
search 'budget: {images: 2000}'
refused 'q.yaml:1: minimise: one or two figures are needed, e.g. minimise: [[]energy]'
search 'minimise: [enrgy]
budget: {images: 2000}'
refused "q.yaml:3: minimise: 'enrgy' is none of energy, latency, area, energy-delay, accuracy; did you mean energy[?]"
search 'minimise: [accuracy]
budget: {images: 2000}'
refused 'q.yaml:3: minimise: accuracy; bound it: subject_to: {accuracy: ">= 97 %"}'
search 'minimise: [energy, latency, area]
budget: {images: 2000}'
refused 'q.yaml:3: minimise: 3 figures; at most 2'
search 'minimise: [energy, energy]
budget: {images: 2000}'
refused 'q.yaml:3: minimise: energy twice'
search 'minimise: [energy]'
refused 'q.yaml:1: budget: images are needed, e.g. budget: {images: 1000000}'
search 'minimise: [energy]
budget: {images: 300}'
refused 'q.yaml:4: budget: images: 300; this search needs at least [0-9]*, and a run in full is 120'
for bound in '97' '>= 97 mm2' '<= 97 %' '>= many %'; do
    search "$asks
subject_to: {accuracy: \"$bound\"}"
    refused "q.yaml:5: subject_to: accuracy: '$bound' is no bound; one looks like \">= 97 %\""
done
search "$asks
subject_to: {accuracy: \">= 970 %\"}"
refused "q.yaml:5: subject_to: accuracy: '>= 970 %' is out of range >0..100 %"
search "$asks
subject_to: {latency: \"<= 5 uJ\"}"
refused "q.yaml:5: subject_to: latency: '<= 5 uJ' is no bound; one looks like \"<= 5 us\""
search "$asks
subject_to: {accuracy: \">= 30 %\"}
set: {train.validation_images: 0}"
refused 'q.yaml:5: subject_to: accuracy: train.validation_images is 0; *'
search "$asks
set: {train.images: 0}"
refused 'q.yaml:1: train.images: 0; a search counts images: set: {train.images: N}, of a run in full'
search "$asks
halving: {factor: 1}"
refused "q.yaml:5: halving: factor: '1' is not a whole number 2..16"
search "$asks
pareto: [[accuracy, energy]]"
refused 'q.yaml:5: pareto: unknown; *'
printf 'scenario: s.yaml\n%s\n' "$asks" >q.yaml
refused 'q.yaml:1: no axes; a search needs a space, e.g. grid:'
printf 'scenario: s.yaml\ngrid:\n  train.images: [10, 20]\n%s\n' "$asks" >q.yaml
refused 'q.yaml:3: train.images: the search goes by it; give it in set:'
# what nothing pays for
for key in dpu.clock_hz timing.set_pulse_ps timing.read_settle_ps timing.adc_conversion_ps device.read_noise; do
    printf 'scenario: s.yaml\ngrid:\n  %s: [1000000, 2000000]\n%s\n' "$key" "$asks" | sed '/device/s/\[.*/[0, 1]/' >q.yaml
    refused "q.yaml:3: $key: nothing pays for it, so that its best value would win; say within which bounds you stand for it: bounds: {$key: [[]LOW, HIGH]}"
done
printf 'scenario: s.yaml\ngrid:\n  timing.set_pulse_ps: [50000, 60000]\n%s\nbounds: {timing.set_pulse_ps: [55000, 60000]}\n' "$asks" >q.yaml
refused 'q.yaml:3: timing.set_pulse_ps: 50000 is outside its bounds 55000..60000'
sed -i 's/\[55000/[50000/' q.yaml
capture "$MCASIM" optimise q.yaml -n
[ "$status" -eq 0 ] || fail "bounds: $(cat "$cli_state/err")"
search "$asks
bounds: {tile.rows: [1, 2]}"
refused 'q.yaml:5: bounds: tile.rows: no key of the space'
search "$asks
bounds: {adc.bits: [4, 8], adc.bits: [4, 8]}"
refused 'q.yaml:5: bounds: adc.bits: given twice'
for ends in 4 '[4]' '[4, many]' '[4, 8, 9]' '[4, inf]'; do
    search "$asks
bounds: {adc.bits: $ends}"
    refused 'q.yaml:5: bounds: adc.bits: not [[]low, high[]], two numbers'
done
search "$asks
bounds: {adc.bits: [8, 4]}"
refused 'q.yaml:5: bounds: adc.bits: low is 8, high is 4'
printf 'scenario: s.yaml\ngrid: {adc.kind: [cco, sar], adc.bits: [4, 8]}\n%s\nbounds: {adc.kind: [1, 2]}\n' "$asks" >q.yaml
refused 'q.yaml:5: bounds: adc.kind: a choice; only numbers have bounds'
search "$asks
subject_to: {area: \"<= 2 mm2\", area: \"<= 3 mm2\"}"
refused 'q.yaml:5: subject_to: area: given twice'
search "$asks
subject_to: {speed: \"<= 2\"}"
refused "q.yaml:5: subject_to: 'speed' is none of energy, latency, area, energy-delay, accuracy*"
for bound in '<= 0 mm2' '<= 2 m2' '<= -1 mm2'; do
    search "$asks
subject_to: {area: \"$bound\"}"
    refused 'q.yaml:5: subject_to: area: *'
done
# the same bound in other units is the same search
for bound in '<= 300 nJ' '<= 0.3 uJ' '<= 0.3 µJ  ' '<= 3e-7' '<= 3e-7 J' '<=0.0003 mJ' '<= 300000 pJ'; do
    search "$asks
subject_to: {energy: \"$bound\", area: \"<= 90 mm²\"}"
    capture "$MCASIM" optimise q.yaml -n
    [ "$status" -eq 0 ] || fail "$bound: $(cat "$cli_state/err")"
done
refuses 2 'mcasim optimise: -o DIR is needed; see *' "$MCASIM" optimise q.yaml
refuses 2 's.yaml:1: a scenario, for mcasim run; a search file names one with *' "$MCASIM" optimise s.yaml -o out

# --- a search
cat >q.yaml <<'END'
scenario: s.yaml
grid:
  transfer.epsilon_us: [0.4, 0.77, 3]
  dpu.lanes: [4, 16]
  adc.bits: [4, 8, 8]
seeds: 2
minimise: [energy]
subject_to: {accuracy: ">= 30 %", area: "<= 50 mm2"}
budget: {images: 2600}
halving: {first_images: 20}
END
capture "$MCASIM" optimise q.yaml -n
[ "$status" -eq 0 ] || fail "-n: exit status $status: $(cat "$cli_state/err")"
grep -q '^18 chips, 2 seeds, 2 rungs of 20 to 60 training images; a budget of 2600 images, 60.2 % of what all of them would take$' \
    "$cli_state/err" || fail "-n: $(cat "$cli_state/err")"
grep -q '^6 of 18 chips are the same as others and are left out$' "$cli_state/err" || fail 'repeated chips'
[ "$(wc -l <"$cli_state/out")" -eq 13 ] || fail "first rung: $(cat "$cli_state/out")"
capture "$MCASIM" optimise q.yaml -o whole -j 2
[ "$status" -eq 0 ] || fail "search: exit status $status: $(cat "$cli_state/err")"
grep -q '^Bounds$' "$cli_state/out" || fail 'no bounds on the terminal'
grep -q '^The best chip is transfer.epsilon_us ' "$cli_state/out" || fail 'no paragraph'
cmp -s q.yaml whole/optimise.yaml || fail 'optimise.yaml is no copy'
capture "$MCASIM" check whole/best.yaml
[ "$status" -eq 0 ] || fail "best.yaml: $(cat "$cli_state/err")"
# what was run is within the budget, and the best one keeps to its bound by the runs' own figures
awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next }
    { images += $column["train.images"] + $column["train.validation_images"] + $column["train.test_images"] }
    END { if (images > 2600) print images " images" }' whole/sweep.csv >wrong
[ ! -s wrong ] || fail "budget: $(cat wrong)"
awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next }
    $column["is_best"] == 1 { ++best; if ($column["accuracy_validation_final"] < 0.3 || $column["seeds"] != 2) print }
    END { if (best != 1) print best " best" }' whole/front.csv >wrong
[ ! -s wrong ] || fail "front.csv: $(cat wrong)"
# a chip that differs in its name alone ties with the best one, those of other converters do not
printf 'scenario: s.yaml\ngrid: {adc.bits: [4, 8], report.name: [one, other]}\nminimise: [energy]\nbudget: {images: 2000}\n' >tie.yaml
capture "$MCASIM" optimise tie.yaml -o tie --quiet
[ "$status" -eq 0 ] || fail "ties: $(cat "$cli_state/err")"
grep -q 'The best chip is adc.bits 4, report.name one: .* 1 other ties with it: adc.bits 4, report.name other[.] ' tie/optimise.json ||
    fail "ties: $(grep '"text"' tie/optimise.json)"
# and so does one that is larger by a hundred-thousandth, which no spread of seeds covers
printf 'scenario: s.yaml\ngrid: {dpu.error_bits: [8, 9], dpu.lanes: [4, 16]}\nminimise: [area]\nbudget: {images: 2000}\n' >near.yaml
capture "$MCASIM" optimise near.yaml -o near --quiet
grep -q ' 1 other ties with it: dpu.error_bits 9, dpu.lanes 4[.] ' near/optimise.json || fail "near ties: $(grep '"text"' near/optimise.json)"
"$MCASIM" report whole || fail 'report'
capture "$MCASIM" optimise q.yaml -o again -j 1 --quiet
[ "$status" -eq 0 ] && [ ! -s "$cli_state/out" ] && [ ! -s "$cli_state/err" ] || fail "--quiet: $status, $(cat "$cli_state/err")"
same_results again

# --- the same command goes on: killed five times, at other moments of the search each time. One that came to its end before it
# was killed begins anew.
done_in() {
    set -- "$1"/points/????????????????/summary.json
    [ -e "$1" ] && echo $# || echo 0
}
kills=0
tries=0
mkdir -p killed/points
while [ $kills -lt 5 ] && [ $tries -lt 200 ]; do
    tries=$((tries + 1))
    if [ -e killed/optimise.json ]; then
        rm -rf killed
        mkdir -p killed/points
        kills=0
    fi
    wanted=$(($(done_in killed) + 1))
    setsid "$MCASIM" optimise q.yaml -o killed -j 2 >/dev/null 2>&1 &
    group=$!
    while kill -0 $group 2>/dev/null && [ "$(done_in killed)" -lt "$wanted" ]; do sleep 0.002; done
    kill -KILL -$group 2>/dev/null
    wait $group 2>/dev/null
    [ -e killed/optimise.json ] || kills=$((kills + 1))
done
[ $kills -eq 5 ] || fail "killed $kills times in $tries tries"
"$MCASIM" optimise q.yaml -o killed -j 2 --quiet || fail 'after five kills'
same_results killed

# --- results of another search, of a file as long, are gone while the new one runs
cp -r whole stale
sed 's/^seeds: 2$/seeds: 3/' q.yaml >three.yaml
before=$(done_in stale)
setsid "$MCASIM" optimise three.yaml -o stale -j 1 >/dev/null 2>&1 &
group=$!
while kill -0 $group 2>/dev/null && [ "$(done_in stale)" -le "$before" ]; do sleep 0.002; done
kill -KILL -$group 2>/dev/null
wait $group 2>/dev/null
[ ! -e stale/optimise.json ] || fail 'results of the search before it'

# --- two shards side by side; and one alone, which does the other's share too
"$MCASIM" optimise q.yaml -o shards -j 1 --shard 1/2 --quiet &
first=$!
"$MCASIM" optimise q.yaml -o shards -j 1 --shard 2/2 --quiet || fail 'shard 2/2'
wait $first || fail 'shard 1/2'
same_results shards

# --- other bounds over the same points: results of before go until there are new ones; nothing keeps to them
sed 's/30 %/99 %/' q.yaml >strict.yaml
capture "$MCASIM" optimise strict.yaml -o again -j 2
[ "$status" -eq 1 ] || fail "strict: exit status $status"
grep -q 'no chip that was run in full keeps to all bounds; the nearest has accuracy .* of >= 99.00 %' "$cli_state/err" || fail "strict: $(tail -n 1 "$cli_state/err")"
[ ! -e again/best.yaml ] || fail 'best.yaml of a search without a best chip'
grep -q '"best": null' again/optimise.json || fail 'a best chip that misses its bounds'

# --- two objectives
sed 's/minimise: .*/minimise: [energy, area]/' q.yaml >two.yaml
capture "$MCASIM" optimise two.yaml -o two -j 2
[ "$status" -eq 0 ] || fail "two objectives: $(cat "$cli_state/err")"
grep -q '^Front of energy and area: ' "$cli_state/out" || fail 'no front of energy and area'
sed 's/0.77/0.8/' q.yaml >other.yaml
refuses 2 'whole holds another sweep: *' "$MCASIM" optimise other.yaml -o whole --quiet
finish
