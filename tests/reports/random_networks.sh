#!/bin/sh
# random_networks.sh PROGRAM COUNT: the random networks hold what the program asks of each, and end
# in the same bytes on every SIMD path.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" "$2" >"$work/own" || { cat "$work/own"; exit 1; }
[ "$(grep -c ' chip ' "$work/own")" -eq "$2" ] || { echo "FAIL: not $2 networks"; exit 1; }
for kind in fixed-digital-dense fixed-digital-conv2d fixed-sums streams; do
    grep -q " $kind" "$work/own" || { echo "FAIL: no network has $kind"; exit 1; }
done
for path in plain avx2 avx512; do # a machine without one takes the next best
    MCA_SIMD=$path "$1" "$2" ends >"$work/$path"
    cmp "$work/own" "$work/$path" || { diff "$work/own" "$work/$path" | head; exit 1; }
done
