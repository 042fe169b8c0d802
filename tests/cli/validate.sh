#!/bin/sh
# mcasim validate: the table, JSON, rows that are not run without MNIST, exit 1 when an anchor is out.
mnist=${MNIST_DIR:-}
. "$(dirname "$0")/lib.sh"

# FILE: NAME|UNIT|BASIS|RULE|EXPECTED|TOLERANCE|GOT of its anchors
anchors() {
    awk '
        { value = $0; sub(/^ *"[a-z_]*": "?/, "", value); sub(/"?,?$/, "", value); split($0, part, "\""); v[part[2]] = value }
        /^      "page"/ {
            allowed = v["tolerance"] == "null" ? "null" : sprintf("%.9g", v["tolerance"])
            printf "%s|%s|%s|%s|%.9g|%s|%s\n", v["name"], v["unit"], v["basis"], v["rule"], v["expected"], allowed, v["got"]
        }' "$1"
}

# JSON FAR CSV LEDGER: what the study of JSON should be and is not, by one where multiplications are ten times as dear, and by the run's own
# energies and counts; and the lines of the table, after "text: ".
study() {
    awk -F '[:,]' '
        function near(what, got, wanted) { if (!(got / wanted > 0.999999999 && got / wanted < 1.000000001)) print what ": " got ", not " wanted }
        function si(x,    i) { # J
            if (x == "null") return "none"
            x += 0
            for (i = 0; x < 0.9995; ++i) x *= 1000
            return sprintf(x < 9.995 ? "%.2f" : x < 99.95 ? "%.1f" : "%.0f", x) " " substr(" mun" "pf", i + 1, 1) "J"
        }
        FNR == 1 { ++file }
        file <= 2 && /^  "study"/ { inside = 1 }
        file <= 2 && inside && /^    "[a-z_]*": [0-9]/ { split($1, part, "\""); v[file, part[2]] = $2 + 0 }
        file <= 2 && inside && /^      "[a-z0-9_.]*": \{/ { split($1, part, "\""); name = part[2]; if (file == 1) names[++count] = name }
        file <= 2 && inside && /^        "[a-z_]*": / { split($1, part, "\""); x = $2; sub(/ /, "", x); c[file, name, part[2]] = x }
        file <= 2 && /^}/ { inside = 0 }
        file == 3 && !/^[a-z]*,static/ { split($0, cell, ","); if (cell[1] == "update") update += cell[5]; if (cell[6] != "") total += cell[5] }
        file == 4 && /^    "weights":/ { weights = $2 }
        file == 4 && /^    "chi_bits":/ { bits = $2 / weights }
        file == 4 && /^    "[a-z]*": \{/ { split($1, part, "\""); phase = part[2] }
        file == 4 && phase == "update" && /"chi_write":/ && !words { words = $2 }
        END {
            T = v[1, "digital_j"]; B = v[1, "chip_j"]; words_each = v[1, "chi_words_per_image"]; each = v[1, "update_j_per_word"]
            visits = 2 * (785 * 250 + 251 * 10) + 250 * 10 # forward and update, biases too; back through the last layer
            near("visits", v[1, "visits_per_image"], visits)
            near("ratio", v[1, "ratio"], T / B)
            near("words", words_each * images * bits, words)
            near("energy", B * images, total)
            near("update", each * words_each * images, update)
            k = "energy.fp32_multiply"; value = c[1, k, "value_j"]
            t = (v[2, "digital_j"] - T) / 9; b = (v[2, "chip_j"] - B) / 9
            near("ten times", c[2, k, "value_j"], 10 * value)
            near("elasticity", c[1, k, "elasticity"], t / T - b / B)
            near("for 172", c[1, k, "value_for_published_ratio_j"], value * (1 + (172 * B - T) / (t - 172 * b)))
            for (i = 1; i <= count; ++i) { # of the chip alone: its share is what the ratio loses by it
                k = names[i]; b = -c[1, k, "elasticity"] * B; factor = 1 - (172 * B - T) / (172 * b)
                if (k !~ /adc|dac|pcm/) continue
                ++of_chip
                if (factor > 0) near(k " for 172", c[1, k, "value_for_published_ratio_j"], factor * c[1, k, "value_j"])
                else if (c[1, k, "value_for_published_ratio_j"] != "null") print k " gives 172"
            }
            if (!of_chip) print "no constant of the chip alone"
            for (i = 2; i <= count; ++i) if (c[1, names[i], "elasticity"] ^ 2 > c[1, names[i - 1], "elasticity"] ^ 2) print names[i] " after " names[i - 1]
            grouped = int(words_each); sub(/...$/, ",&", grouped)
            printf "text: Energy study: %s against %s, ratio %.3g, published 172\n", si(T), si(B), T / B
            printf "text:   %.3g to %.3g from the library'"'"'s uncertainties, at this organisation of memories and these converters\n", v[1, "ratio_low"], v[1, "ratio_high"]
            printf "text:   published 14.35 µJ over 400,020 visits of a weight are %s each; here %s\n", si(14.35e-6 / visits), si(T / visits)
            printf "text:   published 62 to 74 nJ of updates over %s words of chi are %s to %s each; here %s\n", grouped, si(62e-9 / words_each), si(73.8e-9 / words_each), si(each)
            for (i = 1; i <= count; ++i) printf "text:   %-26s%12s%+14.3f   %s\n", names[i], si(c[1, names[i], "value_j"]), c[1, names[i], "elasticity"], si(c[1, names[i], "value_for_published_ratio_j"])
        }' "$@"
}

mkdir empty
capture "$MCASIM" validate --data empty
[ "$status" -eq 0 ] || fail "validate without MNIST: $status, $(cat "$cli_state/err")"
grep -q '^28 pass, 0 explained, 0 fail, 6 not run$' "$cli_state/out" || fail "$(tail -1 "$cli_state/out")"
grep -q '  inference, efficiency of the core *calibrated .* pass$' "$cli_state/out" || fail "no silicon row"
for row in 'peak of the core  *calibrated  *1.008 TOPS' 'peak of the core per watt  *calibrated  *10.5 TOPS/W' 'peak of the core per area  *calibrated  *1.59 TOPS/mm²'; do
    grep -q "  $row .* pass\$" "$cli_state/out" || fail "no row $row: $(grep core "$cli_state/out")"
done

capture "$MCASIM" validate --json --data empty
[ "$status" -eq 0 ] || fail "validate --json: $status"
grep -q '"verdict": "not_run"' "$cli_state/out" && grep -q '"passed": 28' "$cli_state/out" || fail "JSON: $(tail -6 "$cli_state/out")"

# moments of 20,000 devices are allowed four standard errors, of a deviation 1.2 times as much for its kurtosis; published figures beside
anchors "$cli_state/out" >found
awk -F '|' 'BEGIN { OFS = "|" }
    function differs(a, b) { return !(a / b > 0.999999 && a / b < 1.000001) }
    /^(mean|std) after / {
        if (/^mean/) { mean = $6; next }
        if (differs(mean, 4 * $5 / sqrt(20000)) || differs($6, 4.8 * $5 / sqrt(40000))) print "allowed of " $1 ": " mean ", " $6
        next
    }
    { $7 = ""; sub(/\|$/, "") } NR <= 28' found >got
cat >wanted <<'END'
inference, efficiency of the core|TOPS/W|calibrated|relative|10.5|0.1
inference, latency of the core|s|calibrated|relative|1.3e-07|0.1
peak of the core|TOPS|calibrated|relative|1.008|0.1
peak of the core per watt|TOPS/W|calibrated|relative|10.5|0.1
peak of the core per area|TOPS/mm²|calibrated|relative|1.59|0.1
energy, one phase|J|calibrated|relative|1.34e-08|0.1
time, one phase|s|calibrated|relative|1.33e-07|0.1
energy, four phases (4 products)|J|calibrated|relative|5.29e-08|0.1
time, four phases (4 products)|s|calibrated|relative|5.21e-07|0.1
update of a 512 x 512 tile|s|predicted|relative|3e-06|0.1
END
cmp -s got wanted || fail "anchors: $(cat got)"
sed -n 's/^.* after .*|\([0-9.]*\)|[0-9.]*|[0-9.]*$/\1/p' found | paste -sd ' ' >got
echo '0.1 0.01 2.055 1.52 3.431 1.971 4.467 2.198 5.914 2.379 7.236 2.443 7.827 2.465 8.804 2.55 9.397 2.661' | cmp -s - got || fail "moments: $(cat got)"
# the core's figures hang together: 2 x 256 x 256 operations of an inference, four phases of one
awk -F '|' '
    function differs(a, b) { return !(a / b > 0.999999 && a / b < 1.000001) }
    { got[$1] = $7 }
    END {
        e = got["energy, one phase"]; t = got["time, one phase"]
        exit differs(got["inference, efficiency of the core"], 131072 / e / 1e12) || differs(got["inference, latency of the core"], t) ||
            differs(got["energy, four phases (4 products)"], 4 * e) || differs(got["time, four phases (4 products)"], 4 * t)
    }' found || fail "silicon: $(cat found)"

# a conversion half as dear as measured: energies and efficiencies of silicon are out, and named as many
mkdir dear && sed '/^  adc_cco/s/energy_pj: 40.1/energy_pj: 20/' "$SOURCE_DIR/scenarios/components/hermes-14nm.yaml" >dear/hermes-14nm.yaml
capture env MCA_COMPONENTS_DIR="$PWD/dear" "$MCASIM" validate --data empty
[ "$status" -eq 1 ] || fail "a wrong library passes: $status"
[ "$(grep -c ' FAIL$' "$cli_state/out")" -eq 5 ] || fail "$(grep FAIL "$cli_state/out")"
grep -q 'validate: 5 of 34 anchors are out' "$cli_state/err" || fail "$(cat "$cli_state/err")"

refuses 2 "mcasim validate: unexpected argument 'now'; no arguments are taken; see *" "$MCASIM" validate now
refuses 2 "mcasim validate: unknown option --fast; see *" "$MCASIM" validate --fast
refuses 3 "*" "$MCASIM" validate --full --data empty
# files that are there and no MNIST are an error, whatever is run
mkdir broken && for file in train-images-idx3 train-labels-idx1 t10k-images-idx3 t10k-labels-idx1; do echo no >"broken/$file-ubyte"; done
refuses 2 "broken/*" "$MCASIM" validate --data broken

# DATA: the study is the scenario's run, its sums by hand, and the table shows what JSON gives; one where multiplications are ten times as dear
mkdir far && sed '/^  fp32_multiply/s/energy_pj: 3.7/energy_pj: 37/' "$SOURCE_DIR/scenarios/components/mca-14nm.yaml" >far/mca-14nm.yaml
check_study() {
    for name in table near.json far.json; do
        option=--json library=$SOURCE_DIR/scenarios/components
        [ $name != table ] || option=
        [ $name != far.json ] || library=$PWD/far
        # shellcheck disable=SC2086 # an option or none
        MCA_COMPONENTS_DIR=$library "$MCASIM" validate $option --data "$1" >$name 2>"$cli_state/err" || [ $? -eq 1 ] || fail "validate: $(cat "$cli_state/err")"
    done
    "$MCASIM" run "$SOURCE_DIR/scenarios/frontiers2020.yaml" --set dataset.name=mnist --data "$1" --quiet --force -o study || fail 'run of the study'
    images=$(sed -n 's/^  "images": \([0-9]*\),$/\1/p' study/summary.json)
    study near.json far.json study/energy.csv study/ledger.json images="$images" >found
    grep '^text: ' found | cut -c 7- | while IFS= read -r line; do grep -qxF -- "$line" table || echo "not in the table: $line"; done >missing
    [ "$(grep -c '^text: ' found)" -eq 9 ] && ! grep -v '^text: ' found && [ ! -s missing ] || fail "study: $(cat found missing table)"
}
# on a made-up set in MNIST's files, whose figures are as far out as they please
mkdir made-up && python3 - <<'END' || fail 'made-up set'
import random, struct
random.seed(1)
mostly_dark = bytes(192) + bytes(range(192, 256))
for name, count in ("train", 10000), ("t10k", 2000):
    labels = [random.randrange(10) for _ in range(count)]
    pixels = random.randbytes(784 * count).translate(mostly_dark)
    with open(f"made-up/{name}-images-idx3-ubyte", "wb") as file:
        file.write(struct.pack(">4I", 2051, count, 28, 28) + pixels)
    with open(f"made-up/{name}-labels-idx1-ubyte", "wb") as file:
        file.write(struct.pack(">2I", 2049, count) + bytes(labels))
END
check_study made-up

# with MNIST: every row but the accuracies, and only the energy study's digital design is explained
if [ -z "$mnist" ]; then
    . "$SOURCE_DIR/tests/need.sh"
    not_run_in_part "no MNIST in \$MNIST_DIR; tools/get-mnist downloads it"
else
    capture "$MCASIM" validate --data "$mnist"
    [ "$status" -eq 0 ] || fail "validate: $status, $(cat "$cli_state/err")"
    grep -q '^29 pass, 3 explained, 0 fail, 2 not run$' "$cli_state/out" || fail "$(grep pass, "$cli_state/out")"
    page=$(sed -n 's/^ *see \(docs.*\)$/\1/p' "$cli_state/out" | head -1)
    [ -f "$SOURCE_DIR/$page" ] || fail "page $page is not there"
    # the page's figures are those of the program
    for figure in "$(sed -n 's/.*per training image *predicted *83.2 nJ *\([0-9.]* nJ\).*/\1/p' "$cli_state/out")" \
        "$(sed -n -e 's/^Energy study: .* ratio \([0-9.]*\), published.*/\1/p' \
            -e "s/^  \([0-9.]* to [0-9.]*\) from the library's uncertainties.*/(\1)/p" "$cli_state/out" | paste -sd ' ')"; do
        [ -n "$figure" ] && grep -qF "$figure" "$SOURCE_DIR/$page" || fail "$page does not say '$figure'"
    done
    # a page explains its own figures and no others
    capture env MCA_COMPONENTS_DIR="$PWD/far" "$MCASIM" validate --json --data "$mnist"
    [ "$status" -eq 1 ] || fail "a multiplication ten times as dear is explained: $(cat "$cli_state/out")"
    capture "$MCASIM" validate --json --data "$mnist"
    [ "$status" -eq 0 ] || fail "validate --json with MNIST: $status"
    mv "$cli_state/out" near.json
    cat >wanted <<'END'
chip, per training image|J|predicted|relative|8.32e-08|0.3
32-bit digital, per training image|J|predicted|relative|1.435e-05|0.3
ratio||predicted|relative|172|0.25
weight updates per pulse||predicted|at least|1000|null
MNIST test set, the chip|%|predicted|at least|97.4|null
MNIST test set, floating point|%|predicted|at least|98.2|null
END
    anchors near.json | tail -n 6 | cut -d '|' -f 1-6 | cmp -s - wanted || fail "anchors of MNIST: $(anchors near.json)"
    check_study "$mnist"
    if [ "${1:-}" = full ]; then
        capture "$MCASIM" validate --full --data "$mnist"
        [ "$status" -eq 0 ] || fail "validate --full: $status"
        grep -q '^31 pass, 3 explained, 0 fail, 0 not run$' "$cli_state/out" || fail "$(grep pass, "$cli_state/out")"
    fi
fi
finish
