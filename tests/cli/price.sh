#!/bin/sh
# mcasim price: the same library gives the same bytes, another one other energies; DIR stays as it is; bad runs are refused.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
capture "$MCASIM" run s.yaml -o first --quiet
[ "$status" -eq 0 ] || fail "run: $(cat "$cli_state/err")"

capture "$MCASIM" price first --library mca-14nm -o again --quiet
[ "$status" -eq 0 ] || fail "price: $(cat "$cli_state/err")"
grep -q "</html>" again/report.html || fail "price writes no page"
for file in scenario.yaml epochs.csv energy.csv energy_layers.csv ledger.json; do
    cmp -s "first/$file" "again/$file" || fail "$file differs under the same library"
done
sed '/"runtime"/,$d' first/summary.json >first.json
sed '/"runtime"/,$d' again/summary.json >again.json
cmp -s first.json again.json || fail "summary.json differs under the same library"
grep -q '"wall_s": null' again/summary.json || fail "a priced run has a run time"

# conversions twice as dear: their row doubles, accuracy and latency stay
sed '/adc_cco/s/energy_pj: 40.1/energy_pj: 80.2/' "$SOURCE_DIR/scenarios/components/mca-14nm.yaml" >dear.yaml
capture "$MCASIM" price again --library dear.yaml -o dear
[ "$status" -eq 0 ] || fail "price dear: $(cat "$cli_state/err")"
grep -q 'Results in dear' "$cli_state/out" || fail "no summary on stdout"
awk '/^As it was run, under mca-14nm: .* per image, now .* \(\+[0-9.]+ %\); / { seen = 1 } END { exit !seen }' "$cli_state/out" ||
    fail "no difference from the run: $(tail -n 3 "$cli_state/out")"
[ ! -s "$cli_state/err" ] || fail "price dear: $(cat "$cli_state/err")"
# a converter of another kind than the chip's changes nothing, and that is told
printf 'name: other\nabout: my converter\nbase: mca-14nm\nenergy: {adc_sar: {energy_pj: 1, node_nm: 14, uncertainty: 2, kind: measured, source: mine}}\n' >other.yaml
capture "$MCASIM" price first --library ./other.yaml
grep -qx 'cost.library other states adc_sar, but adc.kind is cco: .*' "$cli_state/err" || fail "no notice: $(cat "$cli_state/err")"
grep -q '^As it was run, .* per image, now .* (+0.0 %); .* (+0.0 %)$' "$cli_state/out" || fail "not the same: $(tail -n 3 "$cli_state/out")"
capture "$MCASIM" price first --library ./other.yaml --quiet
[ ! -s "$cli_state/err" ] || fail "price --quiet: $(cat "$cli_state/err")"
joules() { awk -F, '$1 == "forward" && $2 == "adc_conversion" { print $5 }' "$1/energy.csv"; }
awk "BEGIN { a = $(joules first); b = $(joules dear); exit !(a > 0 && b / a > 2 - 1e-12 && b / a < 2 + 1e-12) }" ||
    fail "conversions cost $(joules first) and $(joules dear)"
# so it does in the table of layers; what belongs to none of them converts nothing
by_layer() { awk -v n="$2" '/^  "layers"/ { on = 1 } on && /"layer":/ { ++seen } on && seen == n && /"adc_conversion"/ { getline; sub(",", ""); print $2; exit }' "$1/summary.json"; }
awk "BEGIN { a = $(by_layer first 1); b = $(by_layer dear 1); exit !(a > 0 && b / a > 2 - 1e-12 && b / a < 2 + 1e-12) }" ||
    fail "conversions of layer 0 cost $(by_layer first 1) and $(by_layer dear 1)"
[ -z "$(by_layer first 2)" ] || fail "conversions that belong to no layer"
for key in test_final time_s; do
    [ "$(grep "\"$key\"" first/summary.json)" = "$(grep "\"$key\"" dear/summary.json)" ] || fail "$key changed"
done
grep -q 'library: .*dear.yaml' dear/scenario.yaml || fail "scenario.yaml names the old library"

refuses 2 "first/sub lies in first, which is never altered" "$MCASIM" price first --library mca-14nm -o first/sub
refuses 2 "first/page.html lies in first, which is never altered" "$MCASIM" compare first dear -o first/page.html
refuses 2 "dear/summary.json lies in dear, which is never altered" "$MCASIM" compare first dear -o dear/summary.json --force
refuses 2 "first/weights/../sub lies in first/, *" "$MCASIM" price first/ --library mca-14nm -o first/weights/../sub
cp -r first mixed && sed 's/^seed: .*/seed: 99/' first/scenario.yaml >mixed/scenario.yaml && seal mixed
refuses 2 "mixed/ledger.json: scenario_hash: the ledger is of another scenario *" "$MCASIM" price mixed --library mca-14nm
cp dear.yaml 'dear #1.yaml'
refuses 3 "*/dear #2.yaml: No such file or directory; did you mean */dear #1.yaml[?]" "$MCASIM" price first --library './dear #2.yaml'
capture "$MCASIM" price first --library './dear #1.yaml' --quiet
[ "$status" -eq 0 ] || fail "a blank and a # in a path: $(cat "$cli_state/err")"
refuses 2 "mcasim price: a run's directory is needed; see *" "$MCASIM" price --library dear.yaml
refuses 2 "mcasim price: --library or --set is needed; see *" "$MCASIM" price first
refuses 2 "mcasim price: --set: 'dac.bits' changes more than prices; *" "$MCASIM" price first --set dac.bits=4
refuses 2 "mcasim price: --set: 'adc' changes more than prices; *" "$MCASIM" price first --set adc=sar
refuses 2 "mcasim price: --set: 'cost.dram, adc.kind' changes more than prices; *" "$MCASIM" price first --set 'cost.dram, adc.kind=1'
refuses 2 "--set: cost.sram_macro_bytes: *" "$MCASIM" price first --set cost.sram_macro_bytes=1

# larger macros make chi dearer, another converter's price is taken, and the resolved scenario says so
capture "$MCASIM" price first --set cost.sram_macro_bytes=1048576 --set adc.kind=sar -o large --quiet
[ "$status" -eq 0 ] || fail "price --set: $(cat "$cli_state/err")"
each() { awk -F, -v c="$2" '$1 == "update" && $2 == c || $1 == "forward" && $2 == c { print $4; exit }' "$1/energy.csv"; }
awk "BEGIN { exit !($(each large adc_conversion) < $(each first adc_conversion) / 50) }" || fail "adc.kind=sar costs what cco does"
grep -q 'sram_macro_bytes: 1048576' large/scenario.yaml || fail "scenario.yaml keeps the old macros"
refuses 2 "first holds a finished run; *" "$MCASIM" price first --library dear.yaml -o first
refuses 3 "*none/scenario.yaml: No such file or directory" "$MCASIM" price none --library dear.yaml
refuses 3 "*none.yaml*No such file or directory" "$MCASIM" price first --library none.yaml
broken() { # SED-SCRIPT LINE
    rm -rf bad && cp -r first bad && sed "$1" first/ledger.json >bad/ledger.json && seal bad
    refuses 2 "$2" "$MCASIM" price bad --library mca-14nm
}
broken 's/"schema_version": 10/"schema_version": 9/' "bad/ledger.json: schema_version: expected 10: *"
broken 's/"devices": [0-9]*/"devices": -5/' "bad/ledger.json: devices: expected a whole number, 0 or more"
broken 's/"critical_ps"/"critical"/' "bad/ledger.json: critical_ps: expected an object"
broken 's/"test_accuracy": [0-9.]*/"test_accuracy": "high"/' "bad/ledger.json: test_accuracy: expected a number or null"
broken 's/"train": [0-9]*/"train": 4294967496/' "bad/ledger.json: train: expected a whole number below 2^32"
broken 's/"scenario_hash": "....../"scenario_hash": "  -0x1/' "bad/ledger.json: scenario_hash: expected 16 hexadecimal digits"
layers="bad/ledger.json: layers: expected a list of the network's layers and of what has none"
sums="bad/ledger.json: layers: expected counts and times that add up to those of all"
broken 's/"layers"/"strata"/' "$layers"
broken 's/"layer": null/"layer": 2/' "$layers"
broken '0,/"layer": 0/s/"layer": 0/"layer": 1/' "$layers"
broken '/"layers"/,$s/"adc_conversion": [1-9][0-9]*/"adc_conversion": 1/' "$sums"
broken '/"layers"/,$s/"adc": [1-9][0-9]*/"adc": 9223372036854775807/' "$sums"
broken '/"layers"/,$s/"tiles": [1-9]/"tiles": 9/' "$sums"
broken '/"layers"/,$s/"max_writes_per_device": [0-9]*/"max_writes_per_device": 1/' "$sums"
broken '/"layers"/,$s/"devices_at_gmax"/"devices"/' "bad/ledger.json: devices_at_gmax: expected a whole number, 0 or more"
broken '/"layers"/,$s/"first_worn_before": [0-9]*/"first_worn_before": 100000001/' "bad/ledger.json: first_worn_before: expected at most first_worn_endurance"
broken 's/"epochs": \[/"epochs": 3, "others": [/' "bad/ledger.json: epochs: expected a list"
broken '5,$d' "bad/ledger.json:*"
# a name is quoted as it stands
refuses 3 '*component library "a\\b"*' "$MCASIM" price first --library 'a\b'
rm -rf bad && cp -r first bad && rm bad/ledger.json && mkdir bad/ledger.json
refuses 3 "bad/ledger.json: not a regular file" "$MCASIM" price bad --library mca-14nm
finish
