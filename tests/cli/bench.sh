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
          for (i = 1; i <= 9; ++i) { # both rates are rounded to whole images
              off = ratio[i] * rate[against[i]] / rate[i] - 1; most = 0.006 + ratio[i] * 0.5 * (1 / rate[against[i]] + 1 / rate[i])
              if (off * ratio[i] > most || off * ratio[i] < -most) bad = 1 }
          exit bad || rows != 9 }' "$cli_state/out" || fail "$(cat "$cli_state/out")"
awk '/ median / { wide = length($0) } wide && /  (training|testing)  / && length($0) != wide { bad = 1 } END { exit bad || !wide }' "$cli_state/out" ||
    fail "columns: $(cat "$cli_state/out")"
grep -q '^A training image of the reference chip: [0-9.]* .*s$' "$cli_state/out" || fail "$(cat "$cli_state/out")"
awk '/%  [#.-]/ || /%  [^ ]*$/ { for (i = 1; i <= NF; ++i) if ($i == "%") { sum += $(i - 1); ++rows; break } } END { exit !(rows == 4 && sum > 99.7 && sum < 100.3) }' "$cli_state/out" ||
    fail "stages: $(cat "$cli_state/out")"
# a bar is of as many of 24 blocks as its share is, to a block
awk '/%  *[^ ]*$/ { for (i = 1; i <= NF; ++i) if ($i == "%") { off = gsub("\342\226\210", "") - 0.24 * $(i - 1); if (off > 1 || off < -1) exit 1; break } }' "$cli_state/out" ||
    fail "bars: $(cat "$cli_state/out")"
grep -q 'synthetic-digits, 100 images a repetition, 1 repetitions' "$cli_state/out" || fail "$(head -1 "$cli_state/out")"

# what stands below the table is to what is in it as bytes, multiply-adds and seconds are, to three digits each
awk 'function si(n, unit) { sub(/^[^0-9]*/, "", n); return n * (unit ~ /^n/ ? 1e-9 : unit ~ /^µ/ ? 1e-6 : unit ~ /^m/ ? 1e-3 : unit ~ /^k/ ? 1e3 : unit ~ /^M/ ? 1e6 : unit ~ /^G/ ? 1e9 : unit ~ /^T/ ? 1e12 : 1) }
    function differs(a, b) { return !(a > 0) || a / b > 1.015 || a / b < 0.985 }
    /^  reference chip .* training / { gsub(",", ""); rate = $(NF - 3) }
    /^A training image of the reference chip: / { time = si($(NF - 1), $NF) }
    / of weights, variances and chi and / {
        bytes = si($1, $2); speed = si($12, $13)
        if (differs(bytes, speed * time) || differs(si($9, $10), si($15, $16) * time) || differs(time, 1 / rate)) print "an image: " $0
    }
    /^  copy in / {
        ++levels
        share = speed / si($4, $5) * 100
        if ($9 - share > 0.015 * share + 0.06 || share - $9 > 0.015 * share + 0.06) print "share: " $0
        if (/ of it, where the 1.25 MB lie that images share$/) print "in " $3
        else if (!/ of it$/) print "level: " $0
    }
    /^  fused multiply-adds, fp32 / { if (!(si($4, $5) > si($12, $13) / time)) print "no rate" }
    /^  peak memory / { peak = si($3, $4) }
    END { if (levels != 4 || !(peak > 1.25e6)) print levels " levels, peak " peak }' "$cli_state/out" >below
[ "$(wc -l <below)" -eq 1 ] && grep -q '^in ' below || fail "below the table: $(cat below "$cli_state/out")"

capture "$MCASIM" bench --images 100 --repeat 2 --json --quiet
[ "$status" -eq 0 ] || fail "bench --json: $status"
for key in chip_train blas_train_batch_1 train_ratio test_ratio lenet_train lenet_blas_train lenet_train_ratio blas_share update copy_L2_bytes_per_s fma_per_s peak_rss_bytes; do
    grep -q "\"$key\":" "$cli_state/out" || fail "no $key"
done
for line in '"dataset": "synthetic-digits",' '"images": 100,' '"repetitions": 2,'; do
    grep -qxF "  $line" "$cli_state/out" || fail "no $line"
done
[ -s "$cli_state/err" ] && fail "bench --quiet says $(cat "$cli_state/err")"
# OpenBLAS does work of its loop, how much is the clock's; the chip's stages are all of its time
awk -F'[:,]' '/"blas_share"/ { share = $2 } /"(forward|error|update|rest)"/ { sum += $2 }
    END { exit !(share > 0 && share <= 1 && sum > 0.999999 && sum < 1.000001) }' "$cli_state/out" ||
    fail "$(cat "$cli_state/out")"

# rates in order, ratios of medians, and what all images share by hand: a cell of weight, variance and chi is 6 bytes, rows of 256 and 32
awk -F'[:,]' -v shared=$(((785 * 256 + 251 * 32) * 6)) '
    /^    "[a-z_0-9]*": \{/ { split($1, part, "\""); name = part[2] }
    /"(median|least|most)":/ { split($1, part, "\""); of[name, part[2]] = $2 + 0; names[name] = 1 }
    /^ *"[a-zA-Z_0-9]*": [0-9.e+-]*,?$/ { split($1, part, "\""); value[part[2]] = $2 + 0 }
    /"data_level"/ { gsub(/[ "]/, "", $2); level = $2 }
    function differs(a, b) { return !(a > 0) || a / b > 1.000001 || a / b < 0.999999 }
    END {
        for (n in names) { ++count; if (!(0 < of[n, "least"] && of[n, "least"] <= of[n, "median"] && of[n, "median"] <= of[n, "most"])) bad = n " in order" }
        for (n in names) if (differs(of[n, "least"] + of[n, "most"], 2 * of[n, "median"])) bad = n ": the median of two lies between them"
        if (differs(value["train_ratio"], of["chip_train", "median"] / of["blas_train_batch_1", "median"])) bad = "train_ratio"
        if (differs(value["test_ratio"], of["chip_test", "median"] / of["blas_test_batch_100", "median"])) bad = "test_ratio"
        if (value["data_bytes"] != shared) bad = "data_bytes " value["data_bytes"]
        if (differs(value["roofline_share"], value["bytes_per_image"] * of["chip_train", "median"] / value["copy_" level "_bytes_per_s"])) bad = "roofline_share"
        # an update reads and writes words of 2 bytes, two reads take weights of 4: at least as many bytes as multiply-adds
        if (!(value["bytes_per_image"] >= value["multiply_adds_per_image"] && value["bytes_per_image"] <= 4 * value["multiply_adds_per_image"])) bad = "bytes_per_image"
        if (!(value["fma_per_s"] > of["chip_train", "median"] * value["multiply_adds_per_image"])) bad = "fma_per_s"
        if (!(value["peak_rss_bytes"] > shared)) bad = "peak_rss_bytes"
        if (count != 9) bad = count " contests"
        if (bad) print bad
        exit bad != "" }' "$cli_state/out" || fail "$(cat "$cli_state/out")"

[ "in $(sed -n 's/^.*"data_level": "\(.*\)",*$/\1/p' "$cli_state/out")" = "$(cat below)" ] || fail "shared data: $(cat below)"

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
refuses 2 "mcasim bench: unexpected argument 'fast'; no arguments are taken; see *" "$MCASIM" bench fast
finish
