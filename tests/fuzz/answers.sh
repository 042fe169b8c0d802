#!/bin/sh
# answers.sh [--renew] NAME PROGRAM COUNT FILE...: a fuzz target on its seeds and COUNT mutations of them. What it answers, what was read of
# an input or why it is refused, is what answers.txt says of NAME: a line for every 256 answers, a checksum of them. What differs is seen with
# `MCA_FUZZ_ANSWERS=FILE PROGRAM COUNT FILE...` of before and after; --renew writes NAME's lines anew, where answers are meant to change.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
list=$SOURCE_DIR/tests/fuzz/answers.txt
renew=0
[ "$1" != --renew ] || { renew=1; shift; }
name=$1
shift
MCA_FUZZ_ANSWERS=$work/answers "$@"
mkdir "$work/pieces"
split -l 256 -a 4 -d "$work/answers" "$work/pieces/"
for piece in "$work"/pieces/*; do
    echo "$name ${piece##*/} $(cksum <"$piece")"
done >"$work/got"
if [ "$renew" = 1 ]; then
    { grep -v "^$name " "$list" || true; cat "$work/got"; } | sort >"$work/list"
    cp "$work/list" "$list"
    exit 0
fi
grep "^$name " "$list" | diff - "$work/got" >"$work/differences" && exit 0
echo "FAIL: $name answers otherwise than the list says"
head -n 20 "$work/differences"
exit 1
