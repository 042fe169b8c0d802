#!/bin/sh
# mcasim validate: the table, JSON, rows that are not run without MNIST, exit 1 when an anchor is out.
mnist=${MNIST_DIR:-}
. "$(dirname "$0")/lib.sh"

mkdir empty
capture "$MCASIM" validate --data empty
[ "$status" -eq 0 ] || fail "validate without MNIST: $status, $(cat "$cli_state/err")"
grep -q '^28 pass, 0 explained, 0 fail, 6 not run$' "$cli_state/out" || fail "$(tail -1 "$cli_state/out")"
grep -q '  inference, efficiency of the core *calibrated .* pass$' "$cli_state/out" || fail "no silicon row"
for row in 'peak of the core  *calibrated  *1.008 TOPS' 'peak of the core per watt  *calibrated  *10.5 TOPS/W' 'peak of the core per area  *calibrated  *1.59 TOPS/mm²'; do
    grep -q "  $row .* pass\$" "$cli_state/out" || fail "no row $row: $(grep core "$cli_state/out")"
done

capture "$MCASIM" validate --json --data empty
[ "$status" -eq 0 ] || fail "validate --json: $status"
grep -q '"verdict": "not_run"' "$cli_state/out" && grep -q '"passed": 28' "$cli_state/out" || fail "JSON: $(tail -6 "$cli_state/out")"

# a conversion half as dear as measured: energies and efficiencies of silicon are out, and named as many
mkdir dear && sed '/^  adc_cco/s/energy_pj: 40.1/energy_pj: 20/' "$SOURCE_DIR/scenarios/components/hermes-14nm.yaml" >dear/hermes-14nm.yaml
capture env MCA_COMPONENTS_DIR="$PWD/dear" "$MCASIM" validate --data empty
[ "$status" -eq 1 ] || fail "a wrong library passes: $status"
[ "$(grep -c ' FAIL$' "$cli_state/out")" -eq 5 ] || fail "$(grep FAIL "$cli_state/out")"
grep -q 'validate: 5 of 34 anchors are out' "$cli_state/err" || fail "$(cat "$cli_state/err")"

refuses 2 "mcasim validate: no arguments are taken; see *" "$MCASIM" validate now
refuses 2 "mcasim validate: unknown option --fast; see *" "$MCASIM" validate --fast
refuses 3 "*" "$MCASIM" validate --full --data empty
# files that are there and no MNIST are an error, whatever is run
mkdir broken && for file in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do echo no >"broken/$file-ubyte"; done
refuses 2 "broken/*" "$MCASIM" validate --data broken

# with MNIST: every row but the accuracies, and only the energy study's digital design is explained
if [ -z "$mnist" ]; then
    . "$SOURCE_DIR/tests/need.sh"
    not_run_in_part "no MNIST in \$MNIST_DIR; tools/get-mnist downloads it"
else
    capture "$MCASIM" validate --data "$mnist"
    [ "$status" -eq 0 ] || fail "validate: $status, $(cat "$cli_state/err")"
    grep -q '^29 pass, 3 explained, 0 fail, 2 not run$' "$cli_state/out" || fail "$(grep pass, "$cli_state/out")"
    page=$(sed -n 's/^ *see \(docs.*\)$/\1/p' "$cli_state/out" | head -1)
    [ -f "$SOURCE_DIR/$page" ] || fail "page $page is not there"
    # the page's figures are those of the program
    for figure in "$(sed -n 's/.*per training image *predicted *83.2 nJ *\([0-9.]* nJ\).*/\1/p' "$cli_state/out")" \
        "$(sed -n -e 's/^Energy study: .* ratio \([0-9.]*\), published.*/\1/p' \
            -e "s/^  \([0-9.]* to [0-9.]*\) from the library's uncertainties.*/(\1)/p" "$cli_state/out" | paste -sd ' ')"; do
        [ -n "$figure" ] && grep -qF "$figure" "$SOURCE_DIR/$page" || fail "$page does not say '$figure'"
    done
    # a page explains its own figures and no others
    mkdir far && sed '/^  sram_read/s/energy_pj: 25.05/energy_pj: 250.5/' "$SOURCE_DIR/scenarios/components/mca-14nm.yaml" >far/mca-14nm.yaml
    capture env MCA_COMPONENTS_DIR="$PWD/far" "$MCASIM" validate --data "$mnist"
    [ "$status" -eq 1 ] || fail "a memory ten times as dear is explained: $(cat "$cli_state/out")"
    # JSON gives each constant of the study what the table does
    constants=$(grep -c '^  [a-z]*\.[a-z0-9_]* .* [+-][0-9.]*  ' "$cli_state/out")
    [ "$constants" -gt 2 ] || fail "constants of the study: $(cat "$cli_state/out")"
    capture "$MCASIM" validate --json --data "$mnist"
    [ "$status" -eq 0 ] || fail "validate --json with MNIST: $status"
    for key in value_j elasticity value_for_published_ratio_j; do
        [ "$(sed -n '/"constants"/,$p' "$cli_state/out" | grep -c "^ *\"$key\": \(null\|-*[0-9]\)")" -eq "$constants" ] ||
            fail "$key of the study's constants: $(cat "$cli_state/out")"
    done
    if [ "${1:-}" = full ]; then
        capture "$MCASIM" validate --full --data "$mnist"
        [ "$status" -eq 0 ] || fail "validate --full: $status"
        grep -q '^28 pass, 3 explained, 0 fail, 0 not run$' "$cli_state/out" || fail "$(grep pass, "$cli_state/out")"
    fi
fi
finish
