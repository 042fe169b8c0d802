#!/bin/sh
# Latency of the C timeline against SystemC with the RTL: equal image by image.
# With `full`, the whole table.
. "$(dirname "$0")/../cli/lib.sh"
mode=${1:-quick}
[ "$mode" = full ] && mode=""
# shellcheck disable=SC2086  # a word or none
"$SOURCE_DIR/tools/systemc-table" $mode "$BUILD_DIR/bin/mcasim-sc" >table || fail "tools/systemc-table"
cat table
rows=$(awk -F'|' 'NR > 2' table | wc -l)
[ "$rows" -eq 28 ] || fail "$rows rows"
awk -F'|' 'NR > 2 {
    if ($6 != 0 || $7 != 0 || $8 != 0 || $9 != 0) { print "not equal:" $0; bad = 1 }
    if ($4 <= 0 || $5 <= 0) { print "no time:" $0; bad = 1 }
} END { exit bad }' table || fail "the timeline is not that of the reference"
finish
