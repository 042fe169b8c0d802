#!/bin/sh
# PyTorch's classes from PyTorch's weights (weights_torch.py).
. "$SOURCE_DIR/tests/cli/lib.sh"
. "$SOURCE_DIR/tests/need.sh"
need /usr/bin/python3 "tools/setup --full installs it"
/usr/bin/python3 "$SOURCE_DIR/tests/cli/weights_torch.py" "$MCASIM"
