#!/bin/sh
# Pareto fronts and axes of a sweep, as pareto.csv and sweep.json have them, against fronts that are found pair by pair from the points in
# sweep.csv.
. "$(dirname "$0")/lib.sh"
write_tiny_scenario s.yaml
cat >q.yaml <<'END'
scenario: s.yaml
grid:
  adc.bits: [4, 6, 8]
  timing.adc_conversion_ps: [40000, 77000]
list:
  - {network.layers: [784, 10]}
  - {network.layers: [784, 12, 10], chi.bits: 18}
seeds: [3, 5]
pareto: [[accuracy, energy], [latency, area], [accuracy, area]]
END
"$MCASIM" sweep q.yaml -o out >terminal 2>/dev/null || fail 'sweep'

# FRONT SETTING, in the order of pareto.csv: a setting is on a front unless another is as good in both and better in one
awk -F, -v fronts='accuracy-energy latency-area accuracy-area' '
    function better(a, b, metric) { return metric == "accuracy" ? a > b : a < b }
    { gsub(/"[^"]*"/, "list") }
    NR == 1 {
        for (i = 1; i <= NF; ++i) column[$i] = i
        at["accuracy"] = column["accuracy_test_final"]; at["energy"] = column["energy_j_per_image"]
        at["latency"] = column["latency_s_per_image"]; at["area"] = column["area_mm2"]
        next
    }
    { s = $column["setting"]; ++points[s]; for (name in at) sum[name, s] += $at[name] }
    END {
        n = split(fronts, list, " ")
        for (f = 1; f <= n; ++f) {
            split(list[f], m, "-")
            used = 0
            for (s = 1; s in points; ++s) {
                on = 1
                for (t = 1; t in points; ++t) {
                    worse = better(sum[m[1], s], sum[m[1], t], m[1]) || better(sum[m[2], s], sum[m[2], t], m[2])
                    if (!worse && (sum[m[1], s] != sum[m[1], t] || sum[m[2], s] != sum[m[2], t])) on = 0
                }
                if (on) front[++used] = s
            }
            for (i = 2; i <= used; ++i) # best of the first objective first
                for (j = i; j > 1 && better(sum[m[1], front[j]], sum[m[1], front[j - 1]], m[1]); --j) {
                    s = front[j]; front[j] = front[j - 1]; front[j - 1] = s
                }
            for (i = 1; i <= used; ++i)
                printf "%s,%d,%.9g,%.9g,%.9g,%.9g\n", list[f], front[i], sum["accuracy", front[i]] / 2, sum["energy", front[i]] / 2,
                    sum["latency", front[i]] / 2, sum["area", front[i]] / 2
        }
    }' out/sweep.csv >wanted
awk -F, 'NR > 1 { gsub(/"[^"]*"/, "list"); printf "%s,%d,%.9g,%.9g,%.9g,%.9g\n", $1, $2, $(NF - 3), $(NF - 2), $(NF - 1), $NF }' out/pareto.csv >got
cmp -s wanted got || fail "pareto.csv: $(diff wanted got)"
[ "$(cut -d, -f 1 got | sort | uniq -c | awk '$1 > 1' | wc -l)" -ge 2 ] || fail "fronts of one setting show little: $(cat got)"

# the same members in sweep.json, and the axes that the file has
tr -d ' \n' <out/sweep.json >flat
awk -F, '
    $1 != front { printf "%s", front == "" ? "\"fronts\":[" : "]},"; split($1, m, "-"); printf "{\"x\":\"%s\",\"y\":\"%s\",\"settings\":[%d", m[1], m[2], $2; front = $1; next }
    { printf ",%d", $2 }
    END { print "]}]" }' wanted >wanted.fronts
grep -qF "$(cat wanted.fronts)" flat || fail "sweep.json has no $(cat wanted.fronts)"
axes='"axes":[{"section":"grid","rows":3,"keys":["adc.bits"]},{"section":"grid","rows":2,"keys":["timing.adc_conversion_ps"]},'
axes=$axes'{"section":"list","rows":2,"keys":["network.layers","chi.bits"]},{"section":"seeds","rows":2,"keys":["seed"]}]'
grep -qF "$axes" flat || fail "sweep.json: $(grep -o '"axes":.*"settings":' flat | head -c 400)"

# the terminal shows the same members, and of each objective the best setting, which is at an end of its fronts
setting_of() { sed -n 's/^.* \([0-9][0-9]*\)  adc\.bits .*$/\1/p'; }
for front in accuracy-energy latency-area accuracy-area; do
    title="^Pareto front of ${front%-*} and ${front#*-}: "
    [ "$(sed -n "/$title/,/^\$/p" terminal | setting_of)" = "$(grep "^$front," wanted | cut -d, -f 2)" ] || fail "terminal, $front: $(cat terminal)"
done
# ... each with its accuracy and half of the interval over seeds, energy, latency and area, as groups.csv has them
awk -F, '
    { gsub(/"[^"]*"/, "list") }
    NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i; next }
    {
        a = "accuracy_test_final_"
        spread = $column[a "high95"] - $column[a "low95"]
        interval = spread > 0 ? sprintf(" ± %.2f", 50 * spread) : ""
        ns = 1e9 * $column["latency_s_per_image_mean"] # 100 .. 9,999
        printf "%d|%.2f%s %%|%.1f nJ|%s|%.3f mm²\n", $1, 100 * $column[a "mean"], interval, 1e9 * $column["energy_j_per_image_mean"],
            ns < 999.5 ? sprintf("%.0f ns", ns) : sprintf("%.2f µs", ns / 1000), $column["area_mm2_mean"]
    }' out/groups.csv >rows
grep ' adc.bits ' terminal | while read -r row; do
    setting=$(echo "$row" | setting_of)
    for cell in 2 3 4 5; do
        text=$(grep "^$setting|" rows | cut -d '|' -f $cell)
        echo "$row" | grep -qF "  $text" || echo "$row" | grep -q "^$text" || echo "setting $setting: no '$text' in '$row'"
    done
done >missing
[ ! -s missing ] || fail "terminal: $(cat missing)"
grep -q ' ± ' rows && grep -q '|[0-9.]* %|' rows || fail "rows show little: $(cat rows)"
[ "$(sed -n '1,/^$/p' terminal | grep -c ' adc.bits ')" -eq 4 ] || fail "best settings: $(cat terminal)"
for pair in energy:accuracy-energy latency:latency-area; do
    member=$(grep "^${pair#*:}," wanted | cut -d, -f 2 | if [ "${pair%:*}" = latency ]; then head -n 1; else tail -n 1; fi)
    [ "$(sed -n "1,/^\$/s/^${pair%:*} /&/p" terminal | setting_of)" = "$member" ] || fail "best ${pair%:*}: $(cat terminal)"
done
finish
