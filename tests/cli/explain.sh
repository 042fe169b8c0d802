#!/bin/sh
# mcasim explain: the printed terms give the printed figure again, to the last digit; the list; what is refused.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"

write_small_scenario s.yaml
capture "$MCASIM" run s.yaml -o run --quiet --set timing.what_if=true
[ "$status" -eq 0 ] || fail "run: $(cat "$cli_state/err")"

capture "$MCASIM" explain run
[ "$status" -eq 0 ] || fail "explain run: $(cat "$cli_state/err")"
[ "$(wc -l <"$cli_state/out")" -gt 120 ] || fail "few figures listed"
grep -q '^baselines.digital_mixed.iso_area.area_mm2 ' "$cli_state/out" || fail "no digital designs listed"
grep -q '^what_if.program.speedup ' "$cli_state/out" || fail "no what-if listed"
awk '{ print $1 }' "$cli_state/out" >keys

# lines "NAME AMOUNT x EACH = VALUE" or "NAME VALUE"; "/ DIVISOR" below. Ends of ranges: "NAME moves SHARE by FACTOR VALUE",
# combined as the line above them says
while read -r key _; do
    capture "$MCASIM" explain run "$key"
    [ "$status" -eq 0 ] || fail "explain run $key: $(cat "$cli_state/err")"
    grep -q ' x 1 (' "$cli_state/out" && fail "$key: a step that changes nothing: $(cat "$cli_state/out")"
    case $key in *bottleneck) continue ;; esac
    awk '
        NR == 1 { wanted = $3; divisor = 1; next }
        /^the value x \(1 \+ square root/ { high = 1; next }
        /^the value \/ \(1 \+ square root/ { low = 1; next }
        /^  the value is / { middle = $4; next }
        /^  \/ / { divisor = $NF; next }
        (high || low) && / by [0-9.]+ +[-0-9.e+]+$/ { squares += $NF * $NF; next }
        /^  [a-z][a-z0-9_.]* +[-0-9.e+]+ x +[-0-9.e+]+ = +[-0-9.e+]+( +-?[0-9.]+ %)?$/ { if ($2 * $4 != $6) exit 1; sum += $2 * $4; next }
        /^  [a-z_]+[a-z0-9_.]* +[-0-9.e+]+( +-?[0-9.]+ %)?$/ { sum += $2 }
        END {
            got = high ? middle * (1 + sqrt(squares)) : low ? middle / (1 + sqrt(squares)) : sum / divisor
            exit got != wanted
        }' "$cli_state/out" || fail "$key: $(cat "$cli_state/out")"
done <keys

# as JSON: the list has the same keys, an explanation the same value, terms that give it again, and their sources
"$MCASIM" explain run --json >list.json || fail "list as JSON"
for figure in total:energy_j.total high:energy_j.high adc:energy_j.by_component.adc_conversion; do
    "$MCASIM" explain run "${figure#*:}" >"${figure%:*}.txt" || fail "explain $figure"
done
"$MCASIM" explain run energy_j.total --json >total.json && "$MCASIM" explain run energy_j.high --json >high.json &&
    "$MCASIM" explain run energy_j.by_component.adc_conversion --json >adc.json || fail "explanations as JSON"
cat >check.py <<'END'
import json, math, sys
summary = json.load(open("run/summary.json"))
assert [f["key"] for f in json.load(open("list.json"))["figures"]] == open(sys.argv[1]).read().split()
total, high, adc = (json.load(open(name + ".json")) for name in ("total", "high", "adc"))
assert all(f["meaning"] and " ".join(f["meaning"].split()) in " ".join(open(name + ".txt").read().split())
           for f, name in ((total, "total"), (high, "high"), (adc, "adc")))
assert total["value"] == summary["energy_j"]["total"] == sum(t["value"] for t in total["terms"]) / total["divisor"]
assert total["formula"] == "sum" and total["unit"] == "J" and all(t["key"] == t["name"] for t in total["terms"])
assert high["formula"] == "high" and high["value"] == high["middle"] * (1 + math.sqrt(sum(t["value"] ** 2 for t in high["terms"])))
assert all(t["amount"] * t["each"] == t["value"] and "Khaddam-Aljameh" in t["origin"] for t in adc["terms"])
END
if command -v python3 >/dev/null; then
    python3 check.py keys || fail "explanations as JSON"
else
    not_run_in_part "no python3, which looks at the JSON; tools/setup --tests"
fi
refuses 2 "mcasim explain: advice is no figure; *" "$MCASIM" explain run advice --json
capture "$MCASIM" explain run energy_j.by_component.adc_conversion
grep -q 'source: Khaddam-Aljameh' "$cli_state/out" || fail "no source"
# an area that follows the energy of a conversion names where that comes from
capture "$MCASIM" explain run area_mm2.by_component.adc
grep -q 'follows the conversions of energy.adc_cco: .* J at 14 nm' "$cli_state/out" || fail "adc: $(cat "$cli_state/out")"
refuses 2 "no figure 'energy_j.by_phase.lunch' to explain; *" "$MCASIM" explain run energy_j.by_phase.lunch
refuses 2 "mcasim explain: a run's directory is needed; see *" "$MCASIM" explain
refuses 3 "*none/scenario.yaml: No such file or directory" "$MCASIM" explain none

# a library that was changed since would explain other figures than the run's
cp "$SOURCE_DIR/scenarios/components/mca-14nm.yaml" mine.yaml
"$MCASIM" run s.yaml --set cost.library=./mine.yaml -o mine --quiet && "$MCASIM" explain mine energy_j.total >/dev/null || fail "own library"
echo >>mine.yaml
refuses 2 "*/mine.yaml is not the library that the run was priced with (mca-14nm): *" "$MCASIM" explain mine energy_j.total
finish
