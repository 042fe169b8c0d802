#!/bin/sh
# Installs into a prefix that is then moved, and builds consumers by find_package and by pkg-config in C and C++20; in C++20 the
# chip in SystemC is refused with the reason.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$BUILD_DIR" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix"
mkdir "$work/consumer"
cp "$SOURCE_DIR/tests/install/consumer.c" "$work/consumer/"
cp "$SOURCE_DIR/tests/install/consumer.c" "$work/consumer/consumer.cpp"
cp "$SOURCE_DIR/tests/install/consumer.txt" "$work/consumer/CMakeLists.txt"
printf '#include <mca_chip.hpp>\nint sc_main(int, char **) { mca::chip chip("chip", "x"); return 0; }\n' >"$work/consumer/chip.cpp"
cmake -S "$work/consumer" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" >/dev/null
cmake --build "$work/build" >"$work/log" || { cat "$work/log"; exit 1; }
test "$("$work/build/consumer")" = 4.56005
test "$("$work/build/consumer_cxx20")" = 4.56005
! cmake --build "$work/build" --target chip_cxx20 >"$work/log" 2>&1
grep -q 'error.*C++17' "$work/log" || { cat "$work/log"; exit 1; }

PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name mca.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046  # options are words
cc -o "$work/linked" "$work/consumer/consumer.c" $(pkg-config --cflags --libs mca)
test "$("$work/linked")" = 4.56005
# a static libmca is told where its component libraries are, and says where it looked
components=$(pkg-config --variable=components mca)
test "$(cd "$components" && pwd)" = "$(cat "$work/build/components")"
sed -i 's/Reference chip, 14/of-the-moved-tree, 14/' "$components/mca-14nm.yaml"
test "$(MCA_COMPONENTS_DIR=$components "$work/linked" mca-14nm)" = '4.56005 of-the-moved-tree'
status=0
env -u MCA_COMPONENTS_DIR "$work/linked" no-such 2>"$work/error" >/dev/null || status=$?
test $status -eq 3
grep -q "no no-such.yaml in \$MCA_COMPONENTS_DIR, .*/share/mcasim/scenarios/components" "$work/error"
"$work/prefix/bin/mcasim" --version
