#!/bin/sh
# random_checks.sh PROGRAM [--renew]: what 8,000 random scenarios are refused for, or told of, is what random_checks.txt says: a line for each
# hundred of them, a checksum of their answers. What differs is seen with `PROGRAM 8000` of before and after; --renew writes the list, where
# messages, keys or rules are meant to change.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
list=$SOURCE_DIR/tests/scenario/random_checks.txt
"$1" 8000 >"$work/answers"
for kind in 'has no effect' '(default)'; do
    [ "$(grep -c "$kind" "$work/answers")" -gt 100 ] || { echo "FAIL: few answers with '$kind'"; exit 1; }
done
mkdir "$work/hundreds"
awk -v dir="$work/hundreds" '/^[0-9]+$/ { file = sprintf("%s/%04d", dir, $1 / 100) } { print >file }' "$work/answers"
for file in "$work"/hundreds/*; do
    echo "${file##*/}00 $(cksum <"$file")"
done >"$work/got"
if [ "${2:-}" = --renew ]; then
    cp "$work/got" "$list"
    exit 0
fi
diff "$list" "$work/got" >"$work/differences" && exit 0
echo "FAIL: random scenarios are answered otherwise than the list says"
head -n 20 "$work/differences"
exit 1
