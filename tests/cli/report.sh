#!/bin/sh
# mcasim report: the page of a finished run is written again; what is refused. What the page shows is for tests/browser.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
capture "$MCASIM" run s.yaml -o run --quiet
[ "$status" -eq 0 ] || fail "run: $(cat "$cli_state/err")"
cp run/report.html first.html

capture "$MCASIM" report run
[ "$status" -eq 0 ] || fail "report run: $(cat "$cli_state/err")"
cmp first.html run/report.html || fail 'another page from the same files'
[ ! -s "$cli_state/out" ] && [ ! -s "$cli_state/err" ] || fail 'report has something to say'
[ -z "$(find run -name '.*' ! -path run)" ] || fail 'a partial page is left'

# the page's scripts are in it, each whole as far as its longest line tells
for script in page explain drawing report; do
    awk 'length > most { most = length; line = $0 } END { print line }' "$SOURCE_DIR/reports/page/$script.js" >line
    grep -qF -f line run/report.html || fail "the page lacks $script.js"
done
# nothing is asked of a network, and data cannot end their script
grep -Eq '(src|href)="?(https?:)?//' run/report.html && fail 'the page asks a network'
sed 's/^  hermes: .*"Khaddam-Aljameh/&, <\/script><b>/' "$SOURCE_DIR/scenarios/components/mca-14nm.yaml" >own.yaml
"$MCASIM" run s.yaml --set cost.library=./own.yaml -o own --quiet || fail 'own library'
sed -n 's/.*id="data">\(.*\)<\/script>.*/\1/p' own/report.html >data
[ "$(wc -l <data)" -eq 1 ] && [ "$(grep -c '<' data)" -eq 0 ] || fail 'a < in the data'
# the page has of a figure's constant what `mcasim explain` prints, with the < that the library brought
"$MCASIM" explain own energy_j.by_component.adc_conversion >explained
grep -q 'Aljameh, </script><b>' explained || fail "explain: $(cat explained)"
grep -q '"energy_j.by_component.adc_conversion":{' data || fail 'the page does not explain conversions'
sed -n '/^    [a-z]*, 14 nm/,$p' explained | awk '{ gsub(/"/, "\\\""); gsub(/</, "\\u003c"); printf "%s\\n", $0 }' >wanted
[ -s wanted ] && grep -qF "(energy.adc_cco)\\n$(cat wanted)\"" data || fail "the page does not explain: $(cat wanted)"
grep -q 'MIT License' run/report.html || fail 'Chart.js without its licence'

# distributions: every device and word is counted once
awk '/"conductance_us"|"weight_us"|"chi_epsilons"/ { name = $1 } /"bins"/ { sum = 0; within = 1; next }
    within && /\]/ { print name, sum; within = 0 } within { sub(",", ""); sum += $1 }' run/chip.json >sums
inputs=$(sed -n 's/.*"inputs": \([0-9]*\).*/\1/p' run/chip.json | head -1)
outputs=$(sed -n 's/.*"outputs": \([0-9]*\).*/\1/p' run/chip.json | head -1)
[ "$(head -3 sums | awk '{ print $2 }' | tr '\n' ' ')" = "$((2 * inputs * outputs)) $((inputs * outputs)) $((inputs * outputs)) " ] ||
    fail "counts: $(cat sums)"
worst=$(sed -n 's/.*"max_per_device": \([0-9]*\).*/\1/p' run/summary.json | head -1) # the chip's; then those of layers
[ "$(sed -n 's/.*"most": \([0-9]*\).*/\1/p' run/chip.json | sort -n | tail -1)" -eq "$worst" ] || fail 'the worst cell is not on a tile'

# conversions: images x columns x tiles above each other, and all of them in the bins
forward=$(awk '/"conversions"/ { sub(",", ""); print $2; exit }' run/chip.json)
[ $((forward % outputs)) -eq 0 ] || fail "$forward conversions of $outputs columns"
awk '/"conversions"/ { sub(",", ""); n = $2 } /"bins"/ { if (n) { sum = 0; within = 1; next } }
    within && /\]/ { if (sum != n) exit 1; within = n = 0 } within { sub(",", ""); sum += $1 }' run/chip.json || fail 'conversions are lost'

# a page is made aside and takes its name: a link there is replaced, not followed
ln -sf "$PWD/victim" run/report.html
capture "$MCASIM" report run
[ "$status" -eq 0 ] && [ ! -e victim ] && [ ! -L run/report.html ] || fail 'a link at report.html is followed'

# files that do not belong together, or are of another kind
cp run/summary.json good.json
sed 's/"hash": "[0-9a-f]*"/"hash": "0123456789abcdef"/' good.json >run/summary.json
seal run
refuses 2 "run/summary.json: scenario.hash: expected that of the scenario.yaml beside it, *" "$MCASIM" report run
echo '{}' >run/summary.json
refuses 2 "run/summary.json: schema_version: expected 2: *" "$MCASIM" report run
cp good.json run/summary.json
mv run/timeline.json .
echo '[]' >run/timeline.json
seal run
refuses 2 "run/timeline.json: schema_version: expected 1" "$MCASIM" report run
rm run/timeline.json
mkfifo run/timeline.json
refuses 3 "run/timeline.json: not a regular file" "$MCASIM" report run
rm run/timeline.json
mv timeline.json run
seal run

# a run that was made without chip.json
rm run/chip.json
seal run
capture "$MCASIM" report run
[ "$status" -eq 0 ] || fail "without chip.json: $(cat "$cli_state/err")"

echo '{"accuracy": ' >run/summary.json
cp run/report.html first.html
refuses 2 "run/summary.json:2: *" "$MCASIM" report run
cmp first.html run/report.html || fail 'a failed report touches the old one'
rm run/summary.json
refuses 3 "run/summary.json: No such file or directory" "$MCASIM" report run
mkfifo run/summary.json
refuses 3 "run/summary.json: not a regular file" timeout 10 "$MCASIM" report run
rm run/scenario.yaml
mkfifo run/scenario.yaml
refuses 3 "run/scenario.yaml: not a regular file" timeout 10 "$MCASIM" report run
refuses 2 "'' is not the name of a run's directory" "$MCASIM" report ''
refuses 2 'a/a/*[.][.][.]: the path is too long' "$MCASIM" report "$(printf 'a/%.0s' $(seq 3000))"
refuses 3 "*none/scenario.yaml: No such file or directory" "$MCASIM" report none
refuses 2 "mcasim report: a run's directory is needed; see *" "$MCASIM" report
refuses 2 "mcasim report: unexpected argument 'run'; only one run's directory is allowed; see *" "$MCASIM" report run run
finish
