#!/bin/sh
# mcasim bench: the table, the JSON, what is refused. No time is asserted.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"

capture "$MCASIM" bench --images 100 --repeat 1
! grep -q 'OpenBLAS cannot be loaded' "$cli_state/err" || not_run "no OpenBLAS; tools/setup --tests installs libopenblas0"
[ "$status" -eq 0 ] || fail "bench: $status, $(cat "$cli_state/err")"
[ "$(grep -c '  \(training\|testing\)  ' "$cli_state/out")" -eq 9 ] || fail "$(cat "$cli_state/out")"
# of one repetition the median, the least and the most are the same; each ratio is to the row it is set against
awk '/  (training|testing)  / { gsub(",", ""); n = NF; if ($(n - 3) <= 0 || $(n - 3) != $(n - 2) || $(n - 2) != $(n - 1)) bad = 1; rate[++rows] = $(n - 3); ratio[rows] = $n }
    END { split("5 7 5 7 5 5 7 9 9", against, " ")
          for (i = 1; i <= 9; ++i) { off = ratio[i] * rate[against[i]] / rate[i] - 1; if (off * ratio[i] > 0.006 || off * ratio[i] < -0.006) bad = 1 }
          exit bad || rows != 9 }' "$cli_state/out" || fail "$(cat "$cli_state/out")"
grep -q 'synthetic-digits, 100 images a repetition, 1 repetitions' "$cli_state/out" || fail "$(head -1 "$cli_state/out")"

capture "$MCASIM" bench --images 100 --repeat 2 --json --quiet
[ "$status" -eq 0 ] || fail "bench --json: $status"
for key in chip_train blas_train_batch_1 train_ratio test_ratio lenet_train lenet_blas_train lenet_train_ratio blas_share update copy_L2_bytes_per_s fma_per_s peak_rss_bytes; do
    grep -q "\"$key\":" "$cli_state/out" || fail "no $key"
done
[ -s "$cli_state/err" ] && fail "bench --quiet says $(cat "$cli_state/err")"
# OpenBLAS does work of its loop, how much is the clock's; the chip's stages are all of its time
awk -F'[:,]' '/"blas_share"/ { share = $2 } /"(forward|error|update|rest)"/ { sum += $2 }
    END { exit !(share > 0 && share <= 1 && sum > 0.999999 && sum < 1.000001) }' "$cli_state/out" ||
    fail "$(cat "$cli_state/out")"

# of medians
awk -F'[:,]' '/"(lenet_train|lenet_blas_train)"/ { name = $1 } /"median"/ && name { rate[name] = $2; name = "" } /"lenet_train_ratio"/ { ratio = $2 }
    END { for (n in rate) if (n ~ /blas/) blas = rate[n]; else chip = rate[n]; share = ratio * blas / chip
          exit !(chip > 0 && blas > 0 && share > 0.999999 && share < 1.000001) }' "$cli_state/out" || fail "$(cat "$cli_state/out")"

# the split round multiplies as a run over the same images does, but for activations that later rounds change: at most 0.1 %
multiplied=$(sed -n 's/.*"multiply_adds_per_image": \([0-9.]*\).*/\1/p' "$cli_state/out")
"$MCASIM" run "$SOURCE_DIR/scenarios/mnist-mca.yaml" --set train.images=100 --set train.epochs=1 --set train.test_images=100 --quiet -o run ||
    fail 'run'
awk -F'[:,]' -v multiplied="$multiplied" '/"forward_macs_nonzero"/ { sum += 2 * $2 } /"update_macs_nonzero"/ { sum += $2 }
    END { share = multiplied * 100 / sum; exit !(share > 0.999 && share < 1.001) }' run/ledger.json || fail "$multiplied multiply-adds per image"

# a program that was copied away looks for the scenario in every place, and without one (nothing is installed) names them all
mkdir bin && cp "$MCASIM" bin/mcasim || fail 'a copy'
capture bin/mcasim bench --images 100 --repeat 1 --quiet
[ "$status" -eq 0 ] || grep -q "scenario mnist-mca: no mnist-mca.yaml in .*${PWD##*/}/share/mcasim/scenarios or " "$cli_state/err" || fail "$(cat "$cli_state/err")"

refuses 2 "mcasim bench: --images: '10' is not a whole number 100..60000; see *" "$MCASIM" bench --images 10
refuses 2 "mcasim bench: no arguments are taken; see *" "$MCASIM" bench fast
finish
