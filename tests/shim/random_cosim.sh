#!/bin/sh
# Scenarios drawn at random over everything that the RTL has: random_cosim.sh [SETS [SCENARIOS-OF-EACH [SEED]]]. A set is one unit
# that is built; the seed is drawn anew and printed, so that what was found can be found again. Lanes 1 to 64, 1 to 8 layers whose
# widths are no multiples of them, tiles past 64, all widths of the arithmetic.
. "$(dirname "$0")/../cli/lib.sh"
sets=${1:-25}
each=${2:-12}
seed=${3:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
export XDG_CACHE_HOME="$PWD/cache" # of units that nobody wants again
echo "seed $seed: $sets sets of $each scenarios"
awk -v seed="$seed" -v sets="$sets" -v each="$each" '
function draw(least, most) { return least + int(rand() * (most - least + 1)) }
function one_of(words,  n, word) { n = split(words, word, " "); return word[draw(1, n)] }
function parts(size, of) { return int((size + of - 1) / of) }
# of all layers, each with a bias row
function tiles_of(widths, rows, cols,  n, width, l, sum) {
    n = split(widths, width, ",")
    for (l = 1; l < n; ++l) sum += parts(width[l] + 1, rows) * parts(width[l + 1], cols)
    return sum
}
BEGIN {
    srand(seed)
    for (s = 1; s <= sets; ++s) {
        lanes = 2 ^ ((s - 1) % 7) # each number of lanes in turn
        act = draw(8, 16); err = draw(8, 16); dac = draw(1, act < 12 ? act : 12)
        chi = draw(8, 32); frac = draw(chi > 12 ? chi - 10 : 2, chi - 1 < 30 ? chi - 1 : 30)
        many = s % 5 == 0 # tiles
        for (i = 1; i <= each; ++i) {
            # the sizes of the first decide how large the unit is built: the others are of its kind
            layers = i == 1 ? (s % 3 == 0 ? draw(5, 8) : draw(1, 4)) : draw(1, layers)
            do { # again where there are more tiles than the RTL holds
                widths = "784"
                for (l = 1; l < layers; ++l) widths = widths "," draw(2, 45)
                widths = widths ",10"
                rows = lanes * parts(many ? draw(16, 31) : draw(100, 300), lanes)
                cols = lanes * parts(many ? draw(5, 16) : draw(30, 300), lanes)
            } while (tiles_of(widths, rows, cols) > 256)
            interval = one_of("1 2 4")
            printf "dpu.lanes=%d dpu.activation_bits=%d dpu.error_bits=%d dac.bits=%d chi.bits=%d chi.frac_bits=%d ", lanes, act, err, dac, chi, frac
            printf "network.layers=[%s] tile.rows=%d tile.cols=%d ", widths, rows, cols
            printf "dpu.rounding=%s dac.drive=%s train.loss=%s train.batch=%d ", one_of("stochastic nearest"), dac < 2 ? "two-phase" : one_of("two-phase bipolar"),
                one_of("cross-entropy squared"), one_of("1 1 1 4")
            printf "transfer.max_pulses=%d transfer.fifo_depth=%d transfer.epsilon_us=%s adc.bits=%d ", one_of("1 3 7 255"), one_of("1 2 16 64"), one_of("0.1 0.4 1"), draw(4, 12)
            printf "chi.access_cycles=%d chi.banks=%d refresh.every_images=%d seed=%d\n", draw(1, interval), interval, one_of("0 3"), draw(1, 1000000)
        }
    }
}' >drawn
cat >s.yaml <<'YAML'
dataset: {name: synthetic-digits, synthetic_train: 40, synthetic_test: 20}
train: {epochs: 1}
YAML
count=0 refused=0
while read -r settings; do
    options=$(printf ' --set %s' $settings)
    # shellcheck disable=SC2086  # options are words
    capture "$MCASIM" cosim s.yaml --quiet --images 8 $options
    case $status in
    0) count=$((count + 1)) ;;
    2) # a scenario that is none; the RTL has to have all that is drawn
        refused=$((refused + 1))
        ! grep -q 'the RTL' "$cli_state/err" || fail "$options: $(cat "$cli_state/err")"
        ;;
    *) fail "status $status: mcasim cosim s.yaml --images 8$options: $(cat "$cli_state/err")" ;;
    esac
    # builds aside, only the unit at work is kept
    [ "$(find cache -name '*.so' 2>/dev/null | wc -l)" -lt 8 ] || rm -rf cache
done <drawn
echo "$count equal, $refused were no scenarios"
[ "$((count + refused))" -eq "$((sets * each))" ] || fail "not $sets sets of $each"
[ "$((10 * refused))" -le "$((sets * each))" ] || fail "too many are no scenarios"
finish
