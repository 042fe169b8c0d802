#!/bin/sh
# report.html of a small run in headless Chromium; pictures stay in build/browser.
set -eu
modules=$SOURCE_DIR/build/browser # by tools/setup --tests
[ -d "$modules/node_modules" ] || { echo "no playwright-core in $modules; tools/setup --tests installs it"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$MCASIM" run "$SOURCE_DIR/scenarios/synthetic-quick.yaml" -o "$work/run" --quiet --set train.epochs=3
NODE_PATH=$modules/node_modules node "$SOURCE_DIR/tests/browser/report_page.js" "$work/run" "$modules/pictures"
