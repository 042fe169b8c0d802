#!/bin/sh
# small-space, 450 chips, against a sweep of all of them: within 10 % of the best with at most a fifth of the images, and better
# than random search with the same budget, by the median of 20 seeds.
. "$(dirname "$0")/lib.sh"

space=$SOURCE_DIR/scenarios/optimise/small-space.yaml
# the same space as a sweep
awk '/^[a-z]/ { is_space = $1 ~ /^(scenario|set|grid|list|zip):/ } is_space' "$space" |
    sed "s|^scenario: \.\.|scenario: $SOURCE_DIR/scenarios|" >all.yaml
"$MCASIM" sweep all.yaml -o all --quiet || fail 'sweep of all chips'
[ "$(wc -l <all/sweep.csv)" -eq 451 ] || fail "$(wc -l <all/sweep.csv) lines"
# energy, accuracy on validation images, area of each chip
for point in all/points/*/summary.json; do
    awk -F'[:,]' '/"per_image":/ && !energy { energy = $2 } /"validation_final":/ { accuracy = $2 }
        /"area_mm2":/ { is_area = 1 } is_area && /"total":/ && !area { area = $2 } END { print energy, accuracy, area }' "$point"
done >chips
[ "$(awk 'NF == 3 && $1 > 0 && $2 > 0 && $3 > 0' chips | wc -l)" -eq 450 ] || fail "figures: $(head -n 3 chips)"
"$MCASIM" optimise "$space" -o found >found.txt || fail 'optimise'
cat found.txt
images=$(sed -n '/"spent"/,/}/s/.*"images": \([0-9]*\).*/\1/p' found/optimise.json)
found=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next } $column["is_best"] == 1 { print $column["energy_j_per_image"] }' found/front.csv)
# random search: as many chips in full as the budget has
awk -v found="$found" -v images="$images" -v full=3100 -v budget=200000 -v least=0.72 -v most=2 '
    { energy[NR] = $1; keeps[NR] = $2 >= least && $3 <= most; feasible += keeps[NR]
      if (keeps[NR] && (!best || $1 < best)) best = $1
      if (!cheapest || $1 < cheapest) cheapest = $1 }
    function sort(a, n,  i, j, t) { for (i = 2; i <= n; ++i) for (j = i; j > 1 && a[j - 1] > a[j]; --j) { t = a[j]; a[j] = a[j - 1]; a[j - 1] = t } }
    END {
        for (seed = 1; seed <= 20; ++seed) {
            srand(seed)
            for (i = 1; i <= NR; ++i) order[i] = i
            least_energy = 1e9
            for (i = 1; i <= int(budget / full); ++i) {
                j = i + int(rand() * (NR - i + 1)); t = order[i]; order[i] = order[j]; order[j] = t
                if (keeps[order[i]] && energy[order[i]] < least_energy) least_energy = energy[order[i]]
            }
            random[seed] = least_energy
        }
        sort(random, 20)
        median = (random[10] + random[11]) / 2
        printf "%d chips, %d keep to the bounds; cheapest %.4g, best %.4g J; found %.4g J with %.1f %% of the images; random search, median of 20: %.4g J\n",
            NR, feasible, cheapest, best, found, 100 * images / (NR * full), median
        if (!(found <= 1.1 * best)) print "FAIL: not within 10 %"
        if (!(images <= NR * full / 5)) print "FAIL: more than a fifth of the images"
        if (!(cheapest < best)) print "FAIL: the bound does not bind"
        if (!(found < median)) print "FAIL: random search is not beaten"
    }' chips >compared
cat compared
! grep -q FAIL compared || fail "against all chips: $(cat compared)"
finish
