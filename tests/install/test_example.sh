#!/bin/sh
# The example platforms against an installed prefix, as C++17 and as C++20: both digital units learn the same, in the same time;
# a bad scenario is refused.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$BUILD_DIR" --prefix "$work/prefix" >/dev/null
cp -r "$work/prefix/share/mcasim/examples/systemc" "$work/source"
cmake -S "$work/source" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build "$work/build" >/dev/null
cmake -S "$work/source" -B "$work/later" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_CXX_STANDARD=20 >/dev/null
cmake --build "$work/later" --target two_chips >/dev/null
SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1
export SYSTEMC_DISABLE_COPYRIGHT_MESSAGE
scenario=$work/prefix/share/mcasim/scenarios/synthetic-quick.yaml
for platform in one_cpu two_chips; do
    "$work/build/$platform" "$scenario" model | tee "$work/model"
    "$work/build/$platform" "$scenario" rtl >"$work/rtl"
    cmp "$work/model" "$work/rtl"
    case $platform in
    one_cpu) grep -q '^accuracy 0\.[0-9]* before, 0\.[0-9]* after 600 images in ' "$work/model" ;;
    two_chips) grep -q '^accuracy 0\.[0-9]* and 0\.[0-9]*, together 0\.[0-9]* after 1500 images in .*: 7000 accesses, ' "$work/model" ;;
    esac || { echo "FAIL: $platform"; exit 1; }
done
"$work/later/two_chips" "$scenario" model | cmp - "$work/model"
# the smallest one, with a scenario by its name; the host's times and the chip's end together
"$work/build/one_chip" | tee "$work/small"
awk '/^image [0-9]+ of class [0-9] taken for [0-9], after [0-9.]+ ns$/ { ++images; total += $(NF - 1) }
     /^20 images, the chip.s time / { chip = $6; most = $(NF - 3) }
     END { exit !(images == 20 && chip > 0 && most < chip / 10 && total <= chip + 0.1 && total > 0.9 * chip) }' "$work/small" ||
    { echo "FAIL: one_chip: $(tail -n 2 "$work/small")"; exit 1; }
printf 'adc: {bits: 99}\n' >"$work/bad.yaml"
for platform in one_chip one_cpu two_chips; do
    status=0
    "$work/build/$platform" "$work/bad.yaml" 2>"$work/error" || status=$?
    test $status -eq 2
    test "$(cat "$work/error")" = "$work/bad.yaml:1: adc.bits: 99 is out of range 0..16"
done
