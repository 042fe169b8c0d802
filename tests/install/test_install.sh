#!/bin/sh
# Installs into an empty prefix and builds a consumer by find_package and by pkg-config; the installed program finds its components.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$BUILD_DIR" --prefix "$work/prefix" >/dev/null
mkdir "$work/consumer"
cp "$SOURCE_DIR/tests/install/consumer.c" "$work/consumer/"
cp "$SOURCE_DIR/tests/install/consumer.txt" "$work/consumer/CMakeLists.txt"
cmake -S "$work/consumer" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" >/dev/null
cmake --build "$work/build" >/dev/null
test "$("$work/build/consumer")" = 4.56005
PKG_CONFIG_PATH=$(dirname "$(find "$work/prefix" -name mca.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046  # options are words
cc -o "$work/linked" "$work/consumer/consumer.c" $(pkg-config --define-variable=prefix="$work/prefix" --cflags --libs mca)
test "$("$work/linked")" = 4.56005
"$work/prefix/bin/mcasim" --version
