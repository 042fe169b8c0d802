#!/bin/sh
# report.html of small runs in headless Chromium; pictures stay in BUILD/pictures.
set -eu
. "$SOURCE_DIR/tests/browser/need_browser.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
look() { # NAME SCENARIO [ARGS...]
    name=$1 scenario=$2
    shift 2
    "$MCASIM" run "$SOURCE_DIR/scenarios/$scenario" -o "$work/$name" --quiet "$@"
    node "$SOURCE_DIR/tests/browser/report_page.js" "$work/$name" "$BUILD_DIR/pictures" "$name"
}
look report synthetic-quick.yaml --set train.epochs=3
# no pulses, no converters, one epoch: what a run may lack
look report-float mnist-float.yaml --set dataset.name=synthetic-digits --set dataset.synthetic_train=500 --set dataset.synthetic_test=100 \
    --set train.validation_images=0 --set train.epochs=1
# layers of every kind: some have no matrix, and nothing is built for them
look report-layers synthetic-quick.yaml --set train.epochs=1 --set train.images=200 --set train.test_images=50 \
    --set 'network.layers=[conv2d: {filters: 4, kernel: 5}, max_pool: {kernel: 2}, dense: {units: 10}]'
# a fault that there is advice on
look report-advice synthetic-quick.yaml --set adc.bits=3
