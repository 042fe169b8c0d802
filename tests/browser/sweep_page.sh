#!/bin/sh
# sweep.html of a small sweep in headless Chromium; pictures stay in BUILD/pictures.
set -eu
. "$SOURCE_DIR/tests/browser/need_browser.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$MCASIM" sweep "$SOURCE_DIR/scenarios/sweeps/quick.yaml" -o "$work/sweep" --quiet >"$work/out"
cat >"$work/sampled.yaml" <<END
scenario: $SOURCE_DIR/scenarios/synthetic-quick.yaml
set: {network.layers: [784, 10], dataset.synthetic_train: 100, dataset.synthetic_test: 100, train.epochs: 1}
latin_hypercube:
  samples: 30
  keys:
    transfer.epsilon_us: {low: 0.05, high: 3, scale: log}
    adc.bits: {low: 4, high: 9}
    device.read_noise: {low: 0, high: 2}
seeds: 2
pareto: [[accuracy, energy], [latency, area]]
END
"$MCASIM" sweep "$work/sampled.yaml" -o "$work/sampled" --quiet >"$work/out"
# wider words of chi take area and nothing else
cat >"$work/tied.yaml" <<END
scenario: $SOURCE_DIR/scenarios/synthetic-quick.yaml
set: {network.layers: [784, 10], dataset.synthetic_train: 100, dataset.synthetic_test: 100, train.epochs: 1}
grid: {adc.bits: [4, 6, 8], chi.bits: [14, 15, 16]}
END
"$MCASIM" sweep "$work/tied.yaml" -o "$work/tied" --quiet >"$work/out"
node "$SOURCE_DIR/tests/browser/sweep_page.js" "$work/tied" "$BUILD_DIR/pictures" tied
node "$SOURCE_DIR/tests/browser/sweep_page.js" "$work/sampled" "$BUILD_DIR/pictures" sampled
node "$SOURCE_DIR/tests/browser/sweep_page.js" "$work/sweep" "$BUILD_DIR/pictures"
