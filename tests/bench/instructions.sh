#!/bin/sh
# Instructions of fixed workloads against stored figures: a change of speed shows on any machine, however noisy its clock.
# `instructions.sh --store` writes the figures anew. callgrind knows no AVX-512, so it counts what runs with AVX2.
set -eu
figures=$SOURCE_DIR/tests/bench/instructions.txt
tolerance=3 # percent, either way: a gain is stored too, or it would hide a later loss
. "$SOURCE_DIR/tests/need.sh"
grep -q avx2 /proc/cpuinfo || refused_here "no AVX2 here, counts are of AVX2"
need valgrind "tools/setup --tests installs it"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# NAME FUNCTION IMAGES SCENARIO [ARGS...]: thousands of instructions an image within FUNCTION, of so many images that go through it
count() {
    name=$1 function=$2 images=$3 scenario=$4
    shift 4
    MCA_SIMD=avx2 valgrind --tool=callgrind --callgrind-out-file="$work/$name.out" --toggle-collect="$function" \
        "$MCASIM" run "$SOURCE_DIR/scenarios/$scenario" --threads 1 --quiet -o "$work/$name" \
        --set dataset.name=synthetic-digits --set dataset.synthetic_train=400 --set dataset.synthetic_test=400 \
        --set train.validation_images=0 --set train.epochs=1 "$@" >/dev/null 2>"$work/log" ||
        { cat "$work/log" >&2; exit 1; }
    total=$(sed -n 's/^summary: \([0-9]*\).*/\1/p' "$work/$name.out")
    echo "$name $((total / images / 1000))"
}
{
    count test mca_chip_infer 400 mnist-mca.yaml --set train.images=1
    train="--set train.test_images=1"
    # shellcheck disable=SC2086 # two words
    {
        count train mca_chip_train_image 400 mnist-mca.yaml $train
        count train_ideal_devices mca_chip_train_image 400 ideal-devices.yaml $train
        count train_chi_of_24_bits mca_chip_train_image 400 mnist-mca.yaml $train --set chi.bits=24
        count train_float mca_chip_train_image 400 mnist-float.yaml $train
    }
} >"$work/got"
cat "$work/got"
if [ "${1:-}" = --store ]; then
    { grep '^#' "$figures"; cat "$work/got"; } >"$work/figures"
    cp "$work/figures" "$figures"
    exit 0
fi
awk -v tolerance="$tolerance" '
    /^#/ { next }
    NR == FNR { stored[$1] = $2; ++count; next }
    !($1 in stored) { print $1 ": no stored figure"; bad = 1; next }
    {
        --count
        change = 100 * ($2 / stored[$1] - 1)
        if (change > tolerance || change < -tolerance) {
            printf "%s: %d thousand instructions an image, stored %d: %+.1f %%\n", $1, $2, stored[$1], change
            bad = 1
        }
    }
    END { exit bad || count != 0 }' "$figures" "$work/got" ||
    { echo "where the change is meant: BUILD/bin/mcasim counted anew by tests/bench/instructions.sh --store"; exit 1; }
