#!/bin/sh
# Damage to a finished run is told, not used: bits turned over at random places in every file that is read back, files cut,
# lengthened, gone and added; runs of before there were checksums are taken with a notice.
. "${SOURCE_DIR:?}/tests/cli/lib.sh"
write_tiny_scenario tiny.yaml
for name in run base; do
    capture "$MCASIM" run tiny.yaml -o "$name" --quiet
    [ "$status" -eq 0 ] || fail "run: $(cat "$cli_state/err")"
done
"$MCASIM" compare run base -o page.html --quiet >/dev/null || fail 'compare'
files=$(cd run && ls ./*.json ./*.yaml epochs.csv weights/* | sed 's|^\./||')

# one that reads the file
reader() { # FILE
    case $1 in
    chip.json | timeline.json) set -- "$MCASIM" report run ;;
    epochs.csv) set -- "$MCASIM" compare base run -o other.html ;;
    ledger.json) case $((turn % 3)) in
        0) set -- "$MCASIM" report run ;;
        1) set -- "$MCASIM" explain run energy_j.total ;;
        *) set -- "$MCASIM" price run --library mca-14nm --set adc.kind=sar -o new --quiet ;;
        esac ;;
    weights/*) set -- "$MCASIM" run tiny.yaml --weights run/weights -o new --quiet ;;
    *) case $turn in
        0) set -- "$MCASIM" report run ;;
        1) set -- "$MCASIM" explain run energy_j.total ;;
        2) set -- "$MCASIM" price run --library mca-14nm --set adc.kind=sar -o new --quiet ;;
        3) set -- "$MCASIM" compare run base ;;
        *) set -- "$MCASIM" compare base run --json ;;
        esac ;;
    esac
    capture "$@"
    command=$*
}

used() { # FILE WHAT
    reader "$1"
    [ "$status" -eq 2 ] && [ "$(wc -l <"$cli_state/err")" -eq 1 ] && [ ! -s "$cli_state/out" ] && [ ! -e new ] && [ ! -e other.html ] ||
        fail "$2 in $1, $command: exit status $status: $(cat "$cli_state/err")"
    grep -q "$1" "$cli_state/err" || fail "$2 in $1, $command: the file is not named: $(cat "$cli_state/err")"
}

seed=20261128
count=0
for file in $files; do
    cp "run/$file" kept
    for number in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        seed=$(((seed * 1103515245 + 12345) % 2147483648))
        turn=$((number % 5))
        "$BUILD_DIR/bin/mca_run_files" flip "run/$file" "$seed" || fail "flip $file"
        cmp -s kept "run/$file" && fail "$file is not flipped"
        used "$file" 'a bit'
        cp kept "run/$file"
        count=$((count + 1))
    done
    turn=0
    # most flips end in what is no JSON and is refused as that; another digit leaves the file well-formed
    tr 4 5 <kept >"run/$file"
    cmp -s kept "run/$file" || used "$file" 'another digit'
    head -c -1 kept >"run/$file"
    used "$file" 'an end cut off'
    { cat kept && echo; } >"run/$file"
    used "$file" 'a line more'
    cp kept "run/$file"
done
[ "$count" -ge 250 ] || fail "only $count flips"

# of a run that is whole nothing is said
for turn in 0 1 3; do
    reader ledger.json
    [ "$status" -eq 0 ] && [ ! -s "$cli_state/err" ] || fail "$command: $(cat "$cli_state/err")"
done
for file in chip.json weights/layer0_chi.npy; do
    mv "run/$file" kept
    used "$file" 'nothing'
    grep -q 'found no such file' "$cli_state/err" || fail "$file gone: $(cat "$cli_state/err")"
    mv kept "run/$file"
done
cp run/weights/layer0_chi.npy run/weights/layer9_chi.npy
used weights/layer9_chi.npy 'another file'
rm run/weights/layer9_chi.npy

# weights that were copied out of a run are anybody's
cp -r run/weights mine
capture "$MCASIM" run tiny.yaml --weights mine -o new --quiet
[ "$status" -eq 0 ] || fail "weights of one's own: $(cat "$cli_state/err")"
rm -r new

# what writes a run writes its checksums: price, and report leaves them alone
capture "$MCASIM" price run --library mca-14nm --set adc.kind=sar -o priced --quiet
capture "$MCASIM" explain priced energy_j.total
[ "$status" -eq 0 ] || fail "a priced run: $(cat "$cli_state/err")"
cp run/summary.json kept
capture "$MCASIM" report run
cmp -s kept run/summary.json || fail 'report alters summary.json'
capture "$MCASIM" run tiny.yaml -o run --resume
[ "$status" -eq 0 ] || fail "--resume of a whole run: $(cat "$cli_state/err")"
"$BUILD_DIR/bin/mca_run_files" flip run/summary.json 4000
capture "$MCASIM" run tiny.yaml -o run --resume
[ "$status" -eq 2 ] || fail "--resume of a damaged run: exit status $status"
cp kept run/summary.json

# a run of before: told, and taken; one whose checksums were taken away is not such a run
cp -r run old
sed -e '/^  "files": {/,/^  },/d' -e '/^  "checksum"/d' -e 's/^\(  "runtime".*\)$/\1/' kept >old/cut.json
awk '{ line[NR] = $0 } END { for (i = 1; i <= NR; ++i) { if (i == NR - 1) sub(/,$/, "", line[i]); print line[i] } }' old/cut.json >old/summary.json
rm old/cut.json
refuses 2 "old/summary.json: checksum: expected 16 hexadecimal digits" "$MCASIM" explain old energy_j.total
# nor is a checksum that the file ends in
printf '{"schema_version": 2, "files": {}, "checksum": "0123456789abcd"}' >old/short.json
cp old/summary.json old/long.json && mv old/short.json old/summary.json
refuses 2 "old/summary.json: checksum: expected 16 hexadecimal digits" "$MCASIM" explain old energy_j.total
mv old/long.json old/summary.json
sed -i 's/^  "schema_version": 2/  "schema_version": 1/' old/summary.json
for turn in 0 1 2 3; do
    case $turn in
    0) capture "$MCASIM" report old ;;
    1) capture "$MCASIM" explain old energy_j.total ;;
    2) capture "$MCASIM" run tiny.yaml --weights old/weights -o new ;;
    3) capture "$MCASIM" price old --library mca-14nm ;;
    esac
    [ "$status" -eq 0 ] && grep -q '^old.*: of a version without checksums: damage to its files does not show$' "$cli_state/err" ||
        fail "a run of before: exit status $status: $(cat "$cli_state/err")"
done
capture "$MCASIM" price old --library mca-14nm --quiet
[ "$status" -eq 0 ] && [ ! -s "$cli_state/err" ] || fail "price --quiet of a run of before: exit status $status: $(cat "$cli_state/err")"
capture "$MCASIM" compare old run
[ "$status" -eq 0 ] && grep -q '^1 of 2 runs (old) of a version without checksums' "$cli_state/err" || fail "compare with a run of before: $(cat "$cli_state/err")"
# of several the first is named
cp -r old older
capture "$MCASIM" compare run older old
[ "$status" -eq 0 ] && grep -q '^2 of 3 runs (older, ...) of a version without checksums' "$cli_state/err" || fail "two runs of before: $(cat "$cli_state/err")"

# a damaged point of a sweep is told and run again
printf 'scenario: tiny.yaml\ngrid: {adc.bits: [6, 8]}\n' >sweep.yaml
capture "$MCASIM" sweep sweep.yaml -o points --quiet
[ "$status" -eq 0 ] || fail "sweep: $(cat "$cli_state/err")"
cp points/sweep.csv kept
for summary in points/points/*/summary.json; do
    "$BUILD_DIR/bin/mca_run_files" flip "$summary" 30000
    break
done
capture "$MCASIM" sweep sweep.yaml -o points
[ "$status" -eq 0 ] && grep -q 'summary.json.*running the point again' "$cli_state/err" || fail "a damaged point: exit status $status: $(cat "$cli_state/err")"
cmp -s kept points/sweep.csv || fail 'a damaged point changes the sweep'
finish
