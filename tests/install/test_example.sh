#!/bin/sh
# The example platform against an installed prefix: both digital units learn the same, in the same time; a bad scenario is refused.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$BUILD_DIR" --prefix "$work/prefix" >/dev/null
cp -r "$SOURCE_DIR/shim/systemc/example" "$work/source"
cmake -S "$work/source" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$work/build" >/dev/null
SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1
export SYSTEMC_DISABLE_COPYRIGHT_MESSAGE
scenario=$work/prefix/share/mcasim/scenarios/synthetic-quick.yaml
"$work/build/example" "$scenario" model | tee "$work/model"
"$work/build/example" "$scenario" rtl >"$work/rtl"
cmp "$work/model" "$work/rtl"
grep -q '^accuracy 0\.[0-9]* before, 0\.[0-9]* after 600 images in ' "$work/model"
printf 'adc: {bits: 99}\n' >"$work/bad.yaml"
status=0
"$work/build/example" "$work/bad.yaml" 2>"$work/error" || status=$?
test $status -eq 2
test "$(cat "$work/error")" = "$work/bad.yaml:1: adc.bits: 99 is out of range 0..16"
