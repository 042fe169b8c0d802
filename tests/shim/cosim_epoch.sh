#!/bin/sh
# A whole MNIST epoch of C model against RTL: cosim_epoch.sh [KEY=VALUE ...]. Skipped (77) without MNIST.
set -eu
. "$SOURCE_DIR/tests/need.sh"
data=${MNIST_DIR:-$SOURCE_DIR/data/mnist}
[ -d "$data" ] || not_run "no MNIST in \$MNIST_DIR or data/mnist; tools/get-mnist downloads it"
arguments="--data $data --set dataset.name=mnist"
for setting in "$@"; do
    arguments="$arguments --set $setting"
done
# shellcheck disable=SC2086  # options are words
said=$("$MCASIM" cosim "$SOURCE_DIR/scenarios/mnist-mca.yaml" --images 60000 $arguments)
echo "$said"
case $said in
"equal: 60000 images of mnist, "*) ;;
*) exit 1 ;;
esac
