#!/bin/sh
# mcasim components: what stands under "stated" in its JSON makes a library file of the same prices, to the last digit; a word picks figures.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"
need python3 "Debian's package python3"
cat >restate.py <<'END'
import json, sys
told = json.load(sys.stdin)
figures = lambda o: {k: figures(v) if "stated" not in v else v["stated"] for k, v in o.items()}
print(json.dumps({"name": told["name"], "about": told["about"], "node_nm": told["node_nm"], "voltage_v": told["voltage_v"],
                  "causes": told["causes"], **{part: figures(told[part]) for part in ("energy", "blocks", "timing")}}))
END
# without files and lines, which are others'
figures() { grep -vE '^ *"(file|line)": '; }
for file in "$SOURCE_DIR"/scenarios/components/*.yaml; do
    name=$(basename "$file" .yaml)
    "$MCASIM" components "$file" --json >whole || fail "$name"
    python3 restate.py <whole >again.yaml # JSON is YAML
    "$MCASIM" components ./again.yaml --json | figures >stated || fail "$name: as it was stated"
    figures <whole | cmp -s - stated || fail "$name: another library: $(figures <whole | diff - stated | head -4)"
    [ "$(grep -c '"stated"' whole)" -eq "$("$MCASIM" components "$file" | grep -c '^ *source: ')" ] || fail "$name: figures are left out"
done
# --- a word, and what a library says on top of another one
printf 'name: mine\nabout: my converter\nbase: mca-14nm\nenergy:\n  adc_sar: {energy_pj: 1, node_nm: 14, uncertainty: 2, kind: measured, source: a chip}\n' >mine.yaml
capture "$MCASIM" components ./mine.yaml adc
[ "$status" -eq 0 ] || fail "components adc: $(cat "$cli_state/err")"
[ "$(grep -c '^ *source: ' "$cli_state/out")" -eq 6 ] || fail "energy, power and area of two converters: $(cat "$cli_state/out")" # and nothing else
[ "$(grep -c '^ *stated: ./mine.yaml:5$' "$cli_state/out")" -eq 1 ] || fail "what is stated: $(cat "$cli_state/out")"
"$MCASIM" components mca-14nm | grep -q 'stated: ' && fail "all figures are its own"
refuses 2 "mca-14nm: no figure has 'blimp' in its name" "$MCASIM" components mca-14nm blimp
refuses 2 'mcasim components: --json takes no WORD; *' "$MCASIM" components mca-14nm adc --json
refuses 2 "mcasim components: unexpected argument 'sar'; only one library and one word are allowed; *" "$MCASIM" components mca-14nm adc sar
refuses 3 'none.yaml: No such file or directory' "$MCASIM" components none.yaml --json
finish
