#!/bin/sh
# Other compilers, warnings as errors: all of it with clang; libmca and mcasim with gcc for aarch64, whose results under qemu are
# those of this machine, byte for byte.
set -eu
. "$SOURCE_DIR/tests/need.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build() { # NAME OPTION...
    name=$1
    shift
    cmake -S "$SOURCE_DIR" -B "$work/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release -DMCA_WERROR=ON "$@" >"$work/log" 2>&1 ||
        { cat "$work/log"; echo "FAIL: configuring for $name"; exit 1; }
    cmake --build "$work/$name" >"$work/log" 2>&1 || { grep -E 'error|FAILED' "$work/log"; echo "FAIL: building for $name"; exit 1; }
}
setup="tools/setup --full installs it"
need clang "$setup"
need clang++ "$setup"
need aarch64-linux-gnu-gcc "$setup"
need qemu-aarch64 "$setup"
root=$SOURCE_DIR/build/aarch64
[ -d "$root" ] || not_run "no libraries of aarch64 in build/aarch64; $setup"

build aarch64 -DCMAKE_TOOLCHAIN_FILE="$SOURCE_DIR/tools/cmake/aarch64.cmake" -DMCA_AARCH64_ROOT="$root" -DMCA_BUILD_RTL=OFF
cd "$work"
other() {
    qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH="$root/usr/lib/aarch64-linux-gnu:$root/lib/aarch64-linux-gnu" \
        aarch64/bin/mcasim "$@"
}
for scenario in synthetic-quick ideal-devices mnist-float; do
    for machine in "$MCASIM" other; do
        $machine run "$SOURCE_DIR/scenarios/$scenario.yaml" --quiet -o "$scenario-${machine##*/}" --set dataset.name=synthetic-digits \
            --set dataset.synthetic_train=300 --set dataset.synthetic_test=100 --set train.validation_images=0 --set train.epochs=2 >log
    done
    here=$scenario-mcasim there=$scenario-other
    weights=$(cd "$here" && find weights -name '*.npy')
    [ -n "$weights" ] || { echo "FAIL: $scenario: no weights to compare"; exit 1; }
    for file in $weights epochs.csv energy.csv chip.json ledger.json timeline.json; do
        cmp "$here/$file" "$there/$file" || { echo "FAIL: $scenario: $file differs on aarch64"; exit 1; }
    done
    for folder in "$here" "$there"; do # the program's own rates and its build differ
        sed -e '/"runtime": {/,/}/d' -e '/"commit"/d' -e '/^  "checksum"/d' "$folder/summary.json" >"$folder.rest"
    done
    cmp "$here.rest" "$there.rest" || { echo "FAIL: $scenario: summary.json differs on aarch64"; exit 1; }
done
mkdir programs
cat >programs/mcasim <<END
#!/bin/sh
exec qemu-aarch64 -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH="$root/usr/lib/aarch64-linux-gnu:$root/lib/aarch64-linux-gnu" \\
    "$work/aarch64/bin/mcasim" "\$@"
END
chmod +x programs/mcasim
MCASIM=$work/programs/mcasim "$SOURCE_DIR/tests/golden/golden.sh" || { echo "FAIL: golden runs on aarch64"; exit 1; }
echo "aarch64: the same bytes"

build clang -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++
"$work/clang/bin/mcasim" run "$SOURCE_DIR/scenarios/synthetic-quick.yaml" --quiet -o of-clang >log
"$MCASIM" run "$SOURCE_DIR/scenarios/synthetic-quick.yaml" --quiet -o of-gcc >log
cmp of-clang/chip.json of-gcc/chip.json && cmp of-clang/epochs.csv of-gcc/epochs.csv || { echo "FAIL: other results with clang"; exit 1; }
MCASIM=$work/clang/bin/mcasim "$SOURCE_DIR/tests/golden/golden.sh" || { echo "FAIL: golden runs with clang"; exit 1; }
echo "clang: the same bytes"
