#!/bin/sh
# A converter of one's own is one entry of a library: 12 pJ at 6 bits, 22 nm and 0.8 V. Dynamic energy, static power and area follow it, its width
# and its rate, and explain says so. Expected values by hand from the published laws.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
cat >mine.yaml <<END
name: mine
about: my converter
base: mca-14nm
energy:
  adc_cco: {energy_pj: 12, node_nm: 22, voltage_v: 0.8, scaling: stillmaker-baas, at_bits: 6, law: levels, uncertainty: 1.3, kind: measured,
            source: "our test chip"}
END
one() { # DIR LIBRARY SETTINGS...: J of a conversion, W and um2 of a converter
    dir=$1 && shift
    set_library=$1 && shift
    capture "$MCASIM" run s.yaml -o "$dir" --quiet --set cost.library="$set_library" "$@"
    [ "$status" -eq 0 ] || fail "run $dir: $(cat "$cli_state/err")"
    joules=$(awk -F, '$1 == "forward" && $2 == "adc_conversion" { print $4 }' "$dir/energy.csv")
    watts=$(awk -F, '$1 == "forward" && $2 == "static_adc" { print $4 }' "$dir/energy.csv")
    converters=$(sed -n 's/.*"adcs": \([0-9]*\).*/\1/p' "$dir/ledger.json")
    capture "$MCASIM" explain "$dir" area_mm2.by_component.adc
    um2=$(awk -v n="$converters" 'NR == 1 { printf "%.12g", $3 * 1e6 / n }' "$cli_state/out")
}
near() { # WHAT GOT WANTED
    awk "BEGIN { r = ($2) / ($3); exit !(r > 1 - 1e-9 && r < 1 + 1e-9) }" || fail "$1: $2 instead of $3"
}
# energy of a gate, a V^2 + b V + c: 22 nm is five sixths of the way from 32 to 20 nm
e14=$(awk 'BEGIN { printf "%.17g", 0.2363 * 0.64 - 0.09675 * 0.8 + 0.02239 }')
e22=$(awk 'BEGIN { printf "%.17g", (0.9559 * 0.64 - 0.7823 * 0.8 + 0.471) / 6 + 5 * (0.373 * 0.64 - 0.1582 * 0.8 + 0.04104) / 6 }')
mine="(12e-12 * $e14 / $e22)"

one at6 ./mine.yaml --set adc.bits=6
near 'conversion, 6 bits' "$joules" "$mine"
near 'static, 6 bits' "$watts" "(5.2e-6 * $mine / 40.1e-12)"
near 'area, 6 bits' "$um2" "(1400 * ($mine / 40.1e-12) ^ 0.3)"
one at9 ./mine.yaml --set adc.bits=9 --set timing.adc_conversion_ps=616000 # eight times the levels, one at a time
near 'conversion, 9 bits' "$joules" "(8 * $mine)"
near 'static, 9 bits' "$watts" "(5.2e-6 * $mine / 40.1e-12)"
near 'area, 9 bits' "$um2" "(1400 * (8 * $mine / 40.1e-12) ^ 0.3 * (77 / 616) ^ 0.2)"

for key in energy_j.by_component.adc_conversion energy_j.by_component.static_adc area_mm2.by_component.adc; do
    capture "$MCASIM" explain at6 "$key"
    [ "$status" -eq 0 ] || fail "explain $key: $(cat "$cli_state/err")"
    grep -q 'source: our test chip' "$cli_state/out" || fail "$key does not name the converter: $(cat "$cli_state/out")"
done
grep -q 'follows the conversions of energy.adc_cco: 1.2.*e-11 J at 22 nm' "$cli_state/out" || fail "no entry: $(cat "$cli_state/out")"
grep -q 'area by energy^0.3 x rate^0.2' "$cli_state/out" || fail "no law: $(cat "$cli_state/out")"

# the base's own converter: what mca-14nm says, and a slower one of the same bits draws and takes less
one base mca-14nm
near 'static' "$watts" 5.2e-6
near 'area' "$um2" 1400
one slow mca-14nm --set timing.adc_conversion_ps=154000
near 'static, half the rate' "$watts" 2.6e-6
near 'area, half the rate' "$um2" '(1400 * 0.5 ^ 0.2)'

# converters that nothing reads are built on demand: 785 x 10 weights on four tiles of 256 x 256
grep -q '"adcs": 40,' base/ledger.json && grep -q '"dacs": 785,' base/ledger.json || fail "used: $(grep -E 'adcs|dacs' base/ledger.json)"
one all mca-14nm --set adc.build=all --set dac.build=all
grep -q '"adcs": 2048,' all/ledger.json && grep -q '"dacs": 2048,' all/ledger.json || fail "all: $(grep -E 'adcs|dacs' all/ledger.json)"
cmp -s base/epochs.csv all/epochs.csv && fail "converters that are built cost nothing"
[ "$(cut -d, -f1-3 base/epochs.csv)" = "$(cut -d, -f1-3 all/epochs.csv)" ] || fail "what is built changes values"
finish
