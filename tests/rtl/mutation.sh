#!/bin/sh
# Injects the faults of mutants.txt into a copy of the RTL, one at a time, and runs the benches on it, those of the faulty block first.
# Fails when a fault is not found that is not marked as equivalent, or one is found that is. mutation.sh [PATTERN]: only lines with it.
set -eu
: "${SOURCE_DIR:?the source tree}" "${BUILD_DIR:?a build with tests}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
RTL_DIR=$work/rtl
export RTL_DIR
mkdir "$RTL_DIR"

# Whether a bench whose name fits fails; the first one that does is left in $finder.
found_by() {
    ctest --test-dir "$BUILD_DIR" -R "$1" -LE slow --stop-on-failure >"$work/log" 2>&1 && return 1
    finder=$(sed -n 's/.*Test *#[0-9]*: \([A-Za-z0-9_]*\) .*Failed.*/\1/p' "$work/log" | head -n 1)
    [ -n "$finder" ]
}

found=0
equivalent=0
wrong=0
grep -v '^#' "$SOURCE_DIR/tests/rtl/mutants.txt" | grep -e "${1:-.}" >"$work/mutants"
while read -r file rest; do
    reason=${rest#*equivalent: }
    [ "$reason" != "$rest" ] || reason=""
    fault=${rest% equivalent: *}
    cp "$SOURCE_DIR"/rtl/*.v "$SOURCE_DIR"/rtl/*.vh "$RTL_DIR"
    sed "$fault" "$SOURCE_DIR/rtl/$file" >"$RTL_DIR/$file"
    if cmp -s "$SOURCE_DIR/rtl/$file" "$RTL_DIR/$file"; then
        echo "NO CHANGE   $file  $fault"
        wrong=$((wrong + 1))
    elif found_by "^rtl_${file%.v*}" || found_by '^rtl_(vector_unit|update_engine|sequencer)' || found_by '^rtl_[^l]'; then
        found=$((found + 1))
        echo "found       $file  $fault  ($finder)"
        [ -z "$reason" ] || { echo "... but said to be equivalent: $reason"; wrong=$((wrong + 1)); }
    elif [ -n "$reason" ]; then
        equivalent=$((equivalent + 1))
        echo "equivalent  $file  $fault  ($reason)"
    else
        echo "NOT FOUND   $file  $fault"
        wrong=$((wrong + 1))
    fi
done <"$work/mutants"
echo "$found found, $equivalent equivalent, $wrong wrong"
[ "$wrong" -eq 0 ] && [ "$found" -gt 0 ]
