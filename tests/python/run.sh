#!/bin/sh
# run.sh TEST.py [PROGRAM]...: a test of the Python package, with the Python that Debian has and the package of the build tree; it
# needs the programs.
set -eu
. "$SOURCE_DIR/tests/need.sh"
python=/usr/bin/python3
need "$python" "tools/setup --tests"
"$python" -c 'import numpy, pandas' 2>/dev/null || not_run "no numpy or pandas for $python; tools/setup --tests"
test=$1
shift
for program in "$@"; do
    need "$program" "tools/setup --tests"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PYTHONPATH=$BUILD_DIR/lib/python3/dist-packages:$SOURCE_DIR/tests/python
PYTHONDONTWRITEBYTECODE=1 PYTHONWARNINGS=default
export PYTHONPATH PYTHONDONTWRITEBYTECODE PYTHONWARNINGS
unset MCASIM_LIBRARY PYTHONHOME
cd "$work"
"$python" -X faulthandler "$SOURCE_DIR/tests/python/$test" -v
