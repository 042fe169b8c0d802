#!/bin/sh
# Instructions of fixed work, counted by callgrind: a guard that no clock decides. Fails where a count has grown by more than 3 % against
# instructions.txt, or fallen by more than 10 % (then the figure is out of date). `instructions.sh --renew` prints a new file.
#
# The counts are those of the AVX2 path: valgrind knows no AVX-512. Compiler and flags are Debian 12's release build.
. "$(dirname "$0")/../cli/lib.sh"
stored=$(dirname "$0")/instructions.txt
command -v valgrind >/dev/null || { echo "valgrind is missing: tools/setup installs it"; exit 1; }

count() { # NAME FUNCTION SETTINGS...: instructions within the function per image
    name=$1
    function=$2
    shift 2
    sets=""
    for setting; do sets="$sets --set $setting"; done
    # shellcheck disable=SC2086  # settings are words
    MCA_SIMD=avx2 valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect="$function" \
        "$MCASIM" run "$SOURCE_DIR/scenarios/mnist-mca.yaml" -o run --force --quiet --threads 1 --seed 1 \
        --set dataset.name=synthetic-digits --set dataset.synthetic_train=300 --set dataset.synthetic_test=300 \
        --set train.epochs=1 $sets >log 2>&1 || fail "$name: $(tail -2 log)"
    echo "$name $(awk '/Collected :/ { printf "%d\n", $NF / 300 }' log)"
}

{
    count train mca_chip_train_image
    count train_batch_10 mca_chip_train_image train.batch=10
    count train_ideal mca_chip_train_image device.model=ideal device.read_noise=0
    count train_24_bits mca_chip_train_image chi.bits=24 chi.frac_bits=21
    count test mca_chip_infer
} >counted
if [ "${1:-}" = --renew ]; then
    cat counted
    finish
fi
cat counted
[ "$(wc -l <counted)" -eq "$(wc -l <"$stored")" ] || fail "not as many counts as figures"
awk 'NR == FNR { was[$1] = $2; next }
    !($1 in was) || $2 <= 0 { print $1 ": no figure"; bad = 1; next }
    $2 > 1.03 * was[$1] { printf "%s: %d instructions an image, stored %d: %+.1f %%\n", $1, $2, was[$1], 100 * ($2 / was[$1] - 1); bad = 1 }
    $2 < 0.90 * was[$1] { printf "%s: %d instructions an image, stored %d: renew the figure\n", $1, $2, was[$1]; bad = 1 }
    END { exit bad }' "$stored" counted || fail "instruction counts"
finish
