#!/bin/sh
# libmca as a shared library, in a tree that is moved: versioned names, a program that starts without LD_LIBRARY_PATH and finds its
# scenarios, a consumer elsewhere whose libmca finds its component libraries by its own place. And libmca alone: no C++, no Verilator.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
configure() { # NAME OPTION...
    name=$1
    shift
    cmake -S "$SOURCE_DIR" -B "$work/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMCA_BUILD_TESTS=OFF -DMCA_BUILD_SYSTEMC=OFF \
        -DMCA_BUILD_RTL=OFF "$@" >"$work/log" || { cat "$work/log"; exit 1; }
    cmake --build "$work/$name" >"$work/log" || { cat "$work/log"; exit 1; }
    cmake --install "$work/$name" --prefix "$work/$name-first" >/dev/null
    mv "$work/$name-first" "$work/$name-moved"
}
configure shared -DBUILD_SHARED_LIBS=ON
prefix=$work/shared-moved
library=$(find "$prefix" -name 'libmca.so')
version=$(sed -n 's/^project(mcasim VERSION \([0-9.]*\) .*/\1/p' "$SOURCE_DIR/CMakeLists.txt")
number=$(sed -n 's/^set(MCA_INTERFACE \([0-9]*\))$/\1/p' "$SOURCE_DIR/CMakeLists.txt")
readelf -d "$library" | grep -q "SONAME.*\[libmca\.so\.$number\]"
readelf -dW "$library" | grep -q 'BIND_NOW\|FLAGS.*NOW' || { echo "FAIL: libmca.so binds late"; exit 1; }
# users get the names of mca.h; what is libmca's own has a version that says so, for programs of the same build
symbols=$(nm -D --defined-only --with-symbol-versions "$library")
for name in "mca_chip_create@@MCA_$number" "mca_run_reports@@MCA_$number" "mca_progress_init@@MCA_PRIVATE_$version" "mca__page_css@@MCA_PRIVATE_$version"; do
    echo "$symbols" | grep -q " $name\$" || { echo "FAIL: no $name"; exit 1; }
done
if echo "$symbols" | grep -v '@@MCA_\|MCA_[0-9.]*$\|MCA_PRIVATE_[0-9.]*$'; then
    echo "FAIL: symbols without a version"
    exit 1
fi
[ -f "$library.$number" ] && [ -h "$library" ]
cd "$work"
unset LD_LIBRARY_PATH MCA_COMPONENTS_DIR MCA_DATA_DIR
sed -i 's/Reference chip, 14/of-the-moved-tree, 14/' "$prefix/share/mcasim/scenarios/components/mca-14nm.yaml"
"$prefix/bin/mcasim" components | grep -q 'of-the-moved-tree'
"$prefix/bin/mcasim" run "$prefix/share/mcasim/scenarios/synthetic-quick.yaml" --set train.epochs=1 --quiet -o run >/dev/null
cp "$SOURCE_DIR/tests/install/consumer.c" "$work/consumer.c"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name mca.pc)")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046
cc -o consumer consumer.c $(pkg-config --cflags --libs mca) "-Wl,-rpath,$(dirname "$library")"
test "$(./consumer mca-14nm)" = '1010 of-the-moved-tree'
# the program without the RTL says so
status=0
"$prefix/bin/mcasim" cosim x.yaml 2>error || status=$?
[ $status -eq 2 ] && grep -q 'built without the RTL' error

# a machine with neither C++ compiler nor Verilator
CXX=/nowhere VERILATOR_ROOT=/nowhere configure alone -DMCA_BUILD_CLI=OFF
[ ! -e "$work/alone-moved/bin" ]
status=0
cmake -S "$SOURCE_DIR" -B "$work/alone" -DMCA_BUILD_RTL=ON >log 2>&1 || status=$?
[ $status -ne 0 ] && grep -q 'MCA_BUILD_RTL=ON needs MCA_BUILD_CLI=ON' log
