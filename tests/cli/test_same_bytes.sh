#!/bin/sh
# The same scenario and seed give the same summary.json but for `runtime`: on 1 and 2 threads, with another OpenBLAS kernel, and
# with a C library that sees no AVX2 and no FMA.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run() { # name, threads
    "$MCASIM" run "$SOURCE_DIR/scenarios/mnist-mca.yaml" -o "$work/$1" --threads "$2" --quiet \
        --set dataset.name=synthetic-digits --set dataset.synthetic_train=3000 \
        --set dataset.synthetic_test=500 --set train.epochs=2 --set train.validation_images=200 >/dev/null
    # runtime is the last object: everything before it must agree
    sed '/"runtime"/,$d' "$work/$1/summary.json" >"$work/$1.head"
    (cd "$work/$1" && sha256sum epochs.csv energy.csv ledger.json weights/*) >>"$work/$1.head"
}
run one 1
run two 2
OPENBLAS_CORETYPE=Haswell run haswell 2
OPENBLAS_CORETYPE=Nehalem run nehalem 1
GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA run plain 1
MCA_SIMD=avx2 run avx2 1
MCA_SIMD=avx512 run avx512 2
MCA_SIMD=plain run scalar 2
test "$(wc -l <"$work/one.head")" -gt 100
grep -q '"test_final": 0' "$work/one.head"
for other in two haswell nehalem plain avx2 avx512 scalar; do
    cmp "$work/one.head" "$work/$other.head"
done
