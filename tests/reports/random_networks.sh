#!/bin/sh
# random_networks.sh PROGRAM COUNT [--renew]: the random networks hold what the program asks of each, end in the same bytes on every SIMD
# path, and the first of them in what random_networks.txt says: a line for how each ended, and one for its report, a checksum of each file.
# --renew writes that list, where results or reports are meant to change.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
list=$SOURCE_DIR/tests/reports/random_networks.txt
mkdir "$work/reports"
"$1" "$2" "$work/reports" >"$work/own" || { cat "$work/own"; exit 1; }
[ "$(grep -c ' chip ' "$work/own")" -eq "$2" ] || { echo "FAIL: not $2 networks"; exit 1; }
for kind in fixed-digital-dense fixed-digital-conv2d fixed-sums streams; do
    grep -q " $kind" "$work/own" || { echo "FAIL: no network has $kind"; exit 1; }
done
for path in plain avx2 avx512; do # a machine without one takes the next best
    MCA_SIMD=$path "$1" "$2" ends >"$work/$path"
    cmp "$work/own" "$work/$path" || { diff "$work/own" "$work/$path" | head; exit 1; }
done
grep ' chip ' "$work/own" | while read -r number end; do
    echo "$number $end"
    "${1%/*}/golden_lines" hashes "$number" "$work/reports/$number" | cut -d ' ' -f 2- >"$work/lines"
    echo "$number report$(sed 's/:.*//; s/ .*//' "$work/lines" | uniq | while read -r file; do
        printf ' %s %s' "$file" "$(grep "^$file[: ]" "$work/lines" | cksum | cut -d ' ' -f 1)"
    done) said $(cksum <"$work/reports/$number/said" | cut -d ' ' -f 1)"
done >"$work/got"
if [ "${3:-}" = --renew ]; then
    cp "$work/got" "$list"
    exit 0
fi
[ "$(wc -l <"$list")" -ge 40 ] || { echo "FAIL: the list has not two lines for each of 20 networks"; exit 1; }
head -n "$(wc -l <"$list")" "$work/got" | diff "$list" - >"$work/differences" && exit 0
echo "FAIL: networks end otherwise, or are reported otherwise, than the list says"
head -n 20 "$work/differences"
exit 1
