#!/bin/sh
# sweep.html of a small sweep in headless Chromium; pictures stay in build/browser.
set -eu
modules=$SOURCE_DIR/build/browser # by tools/setup --tests
[ -d "$modules/node_modules" ] || { echo "no playwright-core in $modules; tools/setup --tests installs it"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$MCASIM" sweep "$SOURCE_DIR/scenarios/sweeps/quick.yaml" -o "$work/sweep" --quiet >"$work/out"
NODE_PATH=$modules/node_modules node "$SOURCE_DIR/tests/browser/sweep_page.js" "$work/sweep" "$modules/pictures"
