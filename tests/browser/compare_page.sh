#!/bin/sh
# The page of mcasim compare in headless Chromium: three runs, and 32; pictures stay in BUILD/pictures.
set -eu
. "$SOURCE_DIR/tests/browser/need_browser.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
run() { # DIR OPTION...
    dir=$1
    shift
    "$MCASIM" run "$SOURCE_DIR/scenarios/synthetic-quick.yaml" -o "$dir" --quiet --set train.epochs=3 "$@"
}
run reference
run coarse-converters --set adc.bits=5
run longer --set train.epochs=4 --set refresh.every_images=250 --seed 2
"$MCASIM" compare reference coarse-converters longer --json -o three.html --quiet >three.json
# the second is quicker, and pays for it
"$MCASIM" compare coarse-converters longer -o two.html --quiet >/dev/null
# made up: less energy than the reference, and more writes
mkdir worn
cp reference/scenario.yaml reference/epochs.csv worn
node -e 'const [from, to] = process.argv.slice(1), fs = require("fs"), s = JSON.parse(fs.readFileSync(from, "utf8"));
    s.energy_j.per_image *= 0.5; s.writes.max_per_device *= 2; fs.writeFileSync(to, JSON.stringify(s));' reference/summary.json worn/summary.json
"$BUILD_DIR/bin/mca_run_files" seal worn
"$MCASIM" compare reference worn -o worn.html --quiet >/dev/null
many="reference coarse-converters longer"
for n in 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32; do
    mkdir "run-$n"
    # a run's files are enough; the accuracies make 32 lines out of one
    cp reference/scenario.yaml reference/summary.json "run-$n"
    awk -F, -v OFS=, -v n="$n" 'NR > 1 { $7 = $7 - n / 100 } { print }' reference/epochs.csv >"run-$n/epochs.csv"
    "$BUILD_DIR/bin/mca_run_files" seal "run-$n"
    many="$many run-$n"
done
# shellcheck disable=SC2086
"$MCASIM" compare $many -o many.html --quiet >/dev/null
node "$SOURCE_DIR/tests/browser/compare_page.js" "$work" "$BUILD_DIR/pictures" reference coarse-converters longer
