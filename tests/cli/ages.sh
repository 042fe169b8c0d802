#!/bin/sh
# mcasim infer --age: the finished chip at ages, each from the state in which the run left it; ages.csv, summary, report; hostile ages are refused.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
capture "$MCASIM" run s.yaml -o run --quiet
[ "$status" -eq 0 ] || fail "run: $(cat "$cli_state/err")"
drift='--set device.drift_nu=0.2 --set device.drift_nu_std=0.05 --set device.flicker_noise=1'
# shellcheck disable=SC2086
aged() { capture "$MCASIM" infer run $drift --age-seeds 3 "$@"; [ "$status" -eq 0 ] || fail "infer $*: $(cat "$cli_state/err")"; }
accuracy() { awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "test_accuracy") at = i } END { print $at }' "$1/epochs.csv"; }
row() { grep "^$2," "$1/ages.csv"; }

# without ages nothing of them is anywhere; at age 0 the first seed gives the run's own test
capture "$MCASIM" infer run -o plain --quiet
[ -e plain/ages.csv ] && fail "ages.csv without ages"
grep -q '"ageing": {$' plain/summary.json && fail "ages in a summary without"
grep -q '"ages"' plain/ledger.json && fail "ages in a ledger without"
aged -o old --age 1y,0,1d
head -1 old/ages.csv | grep -qx 'age_s,accuracy,low,high,seed_0,seed_1,seed_2' || fail "columns: $(head -1 old/ages.csv)"
[ "$(cut -d, -f1 old/ages.csv | tr '\n' ' ')" = "age_s 0 86400 31536000 " ] || fail "ages: $(cut -d, -f1 old/ages.csv | tr '\n' ' ')"
[ "$(row old 0 | cut -d, -f5)" = "$(accuracy run)" ] || fail "at age 0: $(row old 0), the run has $(accuracy run)"
grep -q 'Accuracy at ages, 3 tests each' "$cli_state/out" || fail "the terminal says nothing of ages"
grep -q ' 1 y  ' "$cli_state/out" || fail "a year is not told"
cmp -s plain/confusion.csv old/confusion.csv || fail "classes are those of another test than the young chip's"
for file in run/weights/*; do cmp -s "$file" "old/weights/$(basename "$file")" || fail "$file aged"; done
# the mean is that of the seeds, and is the summary's
awk -F, 'NR > 1 { d = $2 - ($5 + $6 + $7) / 3; if (d > 1e-12 || d < -1e-12 || ($3 != "" && ($3 > $2 || $4 < $2))) exit 1 }' old/ages.csv || fail "means: $(cat old/ages.csv)"
grep -q "\"accuracy\": $(row old 31536000 | cut -d, -f2)" old/summary.json || fail "the summary has another mean"

# an age's tests depend on no other age, nor on threads; a day is 86400 s, 24 h and 1440 min
aged -o one --age 86400 --threads 1 --quiet
aged -o two --age 24h --threads 2 --quiet
aged -o three --set 'ageing.ages_s=[86400]' --quiet
[ "$(row one 86400)" = "$(row old 86400)" ] || fail "a day after others: $(row old 86400), alone $(row one 86400)"
cmp -s one/ledger.json two/ledger.json || fail "ages depend on threads"
cmp -s one/ages.csv three/ages.csv || fail "the key and the option differ"

# a run with ages is replaced as any other, also by one without
cp -r three again
capture "$MCASIM" infer run -o again --force --quiet
[ "$status" -eq 0 ] && [ ! -e again/ages.csv ] || fail "--force: $(cat "$cli_state/err")"

# training can end with tests at ages; and a test of such a run has them again
# shellcheck disable=SC2086
capture "$MCASIM" run s.yaml $drift --set 'ageing.ages_s=[86400]' --set ageing.seeds=3 -o both --quiet
[ "$status" -eq 0 ] && cmp -s both/ages.csv one/ages.csv || fail "run with ages: $(cat "$cli_state/err")"
capture "$MCASIM" infer both -o anew --quiet
cmp -s both/ages.csv anew/ages.csv || fail "a test of a run with ages"

# without drift and noise nothing happens at any age; compensation is charged
capture "$MCASIM" infer run --age 1y --age-seeds 1 --set device.drift_nu=0 -o still --quiet
[ "$(row still 31536000 | cut -d, -f2)" = "$(accuracy run)" ] || fail "without drift: $(row still 31536000)"
[ "$(row still 31536000 | cut -d, -f3,4)" = "," ] || fail "an interval of one test: $(row still 31536000)"
reads() { awk '/"counts": \{/ { on = 1 } on && /"forward": \{/ { in_it = 1 } in_it && /"pcm_read":/ { sub(",", ""); print $2; exit }' "$1/ledger.json"; }
aged -o column --age 86400 --set dpu.drift_compensation=column --quiet
awk "BEGIN { exit !($(reads column) > $(reads one)) }" || fail "reference reads are not charged: $(reads column), $(reads one)"
cmp -s column/ages.csv one/ages.csv && fail "compensation changes nothing"

# many seeds
capture "$MCASIM" infer run --age 1d --age-seeds 300 --set train.test_images=1 -o many --quiet
[ "$status" -eq 0 ] && [ "$(head -1 many/ages.csv | tr ',' '\n' | wc -l)" -eq 304 ] || fail "300 seeds: $(cat "$cli_state/err")"
capture "$MCASIM" explain many ageing.1.accuracy
[ "$status" -eq 0 ] && grep -q 'seeds_16_and_on' "$cli_state/out" || fail "explain of 300 seeds: $(cat "$cli_state/out" "$cli_state/err")"

# all commands take such a run
capture "$MCASIM" explain old ageing.3.accuracy
[ "$status" -eq 0 ] && grep -q 'seed_2' "$cli_state/out" || fail "explain: $(cat "$cli_state/out" "$cli_state/err")"
capture "$MCASIM" report old
[ "$status" -eq 0 ] && grep -q '"name":"1 y"\|"name": "1 y"' old/report.html || fail "report: $(cat "$cli_state/err")"
capture "$MCASIM" compare plain old
[ "$status" -eq 0 ] && grep -q 'accuracy at age 3' "$cli_state/out" || fail "compare: $(cat "$cli_state/err")"
grep -q 'age 4' "$cli_state/out" && fail "compare tells an age that no run has"
capture "$MCASIM" compare plain old --json
[ "$status" -eq 0 ] && grep -q 'ageing.3.accuracy' "$cli_state/out" || fail "compare --json: $(cat "$cli_state/err")"
grep -q 'ageing.4' "$cli_state/out" && fail "compare --json tells an age that no run has"
capture "$MCASIM" compare run plain
grep -q 'at age' "$cli_state/out" && fail "compare tells ages of runs without"
capture "$MCASIM" price old --library mca-14nm -o priced --quiet
[ "$status" -eq 0 ] && cmp -s old/ages.csv priced/ages.csv || fail "price: $(cat "$cli_state/err")"

# hostile ages
for age in '' ' ' 1x 1dd d -d inf nan 0x10 1e '1 d' ' 1d' '1d,' ',1d' '1d,,1h' --1 +1 1_0 1D 1m; do
    refuses 2 "mcasim infer: --age: *is not an age: a number with s, min, h, d or y behind it, or nothing for seconds; see *" "$MCASIM" infer run "--age=$age" -o x
done
for age in -1 -1d -1e-300 1e11 1000y 1e308 1e400 1e308y 10000000001; do
    refuses 2 "mcasim infer: --age: '$age' is outside 0 .. 1e10 s; see *" "$MCASIM" infer run "--age=$age" -o x
done
refuses 2 "mcasim infer: --age: '24h' is given twice; see *" "$MCASIM" infer run --age=1d,24h -o x
refuses 2 "mcasim infer: --age: more than 16 ages; see *" "$MCASIM" infer run --age=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17 -o x
refuses 2 "mcasim infer: --age-seeds*" "$MCASIM" infer run --age=1d --age-seeds=0 -o x
refuses 2 "*ageing.ages_s*1 s stands twice*" "$MCASIM" infer run --set 'ageing.ages_s=[1, 2, 1]' -o x
refuses 2 "*ageing.ages_s*" "$MCASIM" infer run --set 'ageing.ages_s=[-1]' -o x
refuses 2 "*ageing.ages_s*" "$MCASIM" infer run --set 'ageing.ages_s=[.nan]' -o x
for edit in 's/"age_s": 0.0/"age_s": 90000/' 's/"ages": \[/"ages": [{}, /' 's/"ages": \[/"old": [/' \
    '/"ages"/,$s/^\( *\)0\./\1-0./' '/"ages"/,$s/^\( *\)0\./\11./'; do
    rm -rf bad && cp -r old bad && sed "$edit" old/ledger.json >bad/ledger.json && seal bad
    cmp -s old/ledger.json bad/ledger.json && fail "$edit edits nothing"
    refuses 2 "bad/ledger.json: ages: expected the scenario's ages, rising, with an accuracy a seed" "$MCASIM" infer bad -o x
done
finish
