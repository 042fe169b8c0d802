#!/bin/sh
# Final test accuracy of a scenario for a seed: test_accuracy.sh SCENARIO SEED LEAST [OPTION]..., with options of `mcasim run`.
# Skipped (77) where it needs MNIST and there is none.
set -eu
scenario=$1 seed=$2 least=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
"$MCASIM" run "$SOURCE_DIR/scenarios/$scenario" --seed "$seed" -o "$work/run" --quiet --threads 1 "$@" >"$work/out" 2>"$work/err" || status=$?
if [ "$status" -eq 3 ] && grep -q -i mnist "$work/err"; then
    . "$SOURCE_DIR/tests/need.sh"
    not_run "$(cat "$work/err")"
fi
tail -n 2 "$work/out"
test "$status" -eq 0
accuracy=$(sed -n 's/.*"test_final": \([0-9.]*\).*/\1/p' "$work/run/summary.json")
echo "final test accuracy $accuracy, at least $least wanted"
awk "BEGIN { exit !($accuracy >= $least) }"
