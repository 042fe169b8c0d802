#!/bin/sh
# weights_accuracy.sh SEED: how accurate a network stays that NumPy trained (weights_accuracy.py).
data=${MNIST_DIR:-$SOURCE_DIR/data/mnist}
. "$SOURCE_DIR/tests/cli/lib.sh"
. "$SOURCE_DIR/tests/need.sh"
need /usr/bin/python3 "tools/setup --full installs it"
[ -d "$data" ] || not_run "no MNIST in \$MNIST_DIR or data/mnist; tools/get-mnist downloads it"
/usr/bin/python3 "$SOURCE_DIR/tests/cli/weights_accuracy.py" "$MCASIM" "$data" "$1"
