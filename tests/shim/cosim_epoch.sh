#!/bin/sh
# A whole MNIST epoch of C model against RTL: cosim_epoch.sh [KEY=VALUE ...]. On synthetic digits where MNIST is not found.
set -eu
arguments=""
for setting in "$@"; do
    arguments="$arguments --set $setting"
done
# shellcheck disable=SC2086  # options are words
"$MCASIM" cosim "$SOURCE_DIR/scenarios/mnist-mca.yaml" --images 60000 $arguments
