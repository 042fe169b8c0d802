#!/bin/sh
# mcasim components --json: what stands under "stated" makes a library file of the same prices, to the last digit.
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
refuses 3 'none.yaml: No such file or directory' "$MCASIM" components none.yaml --json
finish
