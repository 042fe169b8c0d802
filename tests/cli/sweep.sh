#!/bin/sh
# Sweeps: faults of the plan, results, taking up again, points that fail, shards.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
results='sweep.csv groups.csv pareto.csv layers.csv sweep.json'
same_results() { # DIR DIR
    for file in $results; do
        cmp -s "$1/$file" "$2/$file" || fail "$1 and $2: $file differs"
    done
}

# refused LINE: what is in q.yaml is refused with that line, and nothing is made
refused() {
    refuses 2 "$1" "$MCASIM" sweep q.yaml -o out
}
plan() { # the rest of a sweep file
    printf 'scenario: s.yaml\n%s\n' "$1" >q.yaml
}

# --- faults of the plan
plan 'grid: {chi.bit: [12]}'
refused 'q.yaml:2: chi.bit: unknown key; did you mean chi.bits[?]'
plan 'grid:
  adc.bits: [8, 40]'
refused 'q.yaml:3: adc.bits: 40 is out of range 0..16'
plan 'set: {adc.bits: many}'
refused "q.yaml:2: adc.bits: 'many' is not a whole number; allowed: 0..16"
plan 'grid:
  adc.bits: []'
refused 'q.yaml:3: grid: adc.bits: \[\]: an empty list; at least one value is needed'
plan 'grid: {}'
refused 'q.yaml:2: grid: empty; at least one key is needed'
plan 'list: []'
refused 'q.yaml:2: list: \[\]: an empty list; at least one value is needed'
plan 'seeds: 0'
refused "q.yaml:2: seeds: '0' is not a whole number 1..100000"
plan 'seeds: [3, 1, 3]'
refused 'q.yaml:2: seeds: 3 twice'
plan 'zip:
  adc.bits: [4, 6]
  dpu.lanes: [4, 8, 16]'
refused 'q.yaml:4: zip: dpu.lanes: 3 values; adc.bits in line 3 has 2'
ten='[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]'
plan "grid:
  tile.rows: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
  train.epochs: $ten
  train.batch: $ten
  chi.banks: $ten
  adc.share: $ten
  dac.share: $ten"
refused 'q.yaml:3: grid: 1000000 points, 10 of them values of tile.rows; a sweep has at most 100000'
plan 'grid: {adc.bits: [4]}
list: [{adc.bits: 6}]'
refused 'q.yaml:3: adc.bits: swept twice; first in line 2'
plan 'grid: {adc.bits: [4]}
set: {adc.bits: 6}'
refused 'q.yaml:2: adc.bits: swept, but also fixed by set in line 3'
plan 'grids: {adc.bits: [4]}'
refused 'q.yaml:2: grids: unknown; did you mean grid[?]'
plan 'grid: {dpu.lanes: [16, 24]}'
refused 'q.yaml:2: dpu.lanes: not a power of two; dpu.lanes is 24'
plan 'grid: {train.images: [100, 201]}'
refused 'q.yaml:2: train.images: *has 200 training images*'
plan 'random: {samples: 3, keys: {adc.kind: {low: 1, high: 2}}}'
refused 'q.yaml:2: adc.kind: a choice; only numbers can be sampled'
plan 'random: {samples: 3, keys: {adc.bits: {low: 8, high: 4}}}'
refused 'q.yaml:2: adc.bits: low must be below high; low is 8, high is 4'
plan 'latin_hypercube: {samples: 3, keys: {device.read_noise: {low: 0, high: 4, scale: log}}}'
refused 'q.yaml:2: device.read_noise: scale log needs low above 0; low is 0'
plan 'pareto: [[accuracy, speed]]'
refused "q.yaml:2: pareto: 'speed' is none of accuracy, energy, latency, area"
plan 'pareto: [[accuracy, energy], [latency, area], [accuracy, energy]]'
refused 'q.yaml:2: pareto: [[]accuracy, energy[]] given twice'
plan 'pareto: [[energy, energy]]'
refused 'q.yaml:2: pareto: energy twice'
plan 'pareto: [energy]'
refused 'q.yaml:2: pareto: not a pair, e.g. [[]accuracy, energy[]]'
plan 'grid: {adc.bits: [4, 8]}
set: {dpu.lanes: 8, dpu.lanes: 16}'
refused 'q.yaml:3: set: dpu.lanes: given twice'
plan 'list: [{adc.bits: 4, adc.bits: 8}]'
refused 'q.yaml:2: list: adc.bits: given twice'
plan 'random: {samples: 3, keys: {adc.bits: {high: 8}}}'
refused 'q.yaml:2: adc.bits: low is needed'
plan "weights: ''"
refused 'q.yaml:2: weights: the path of weights is needed'
plan 'list: [{}, {}]'
refused 'q.yaml:2: list: no mapping has a key; at least one is needed'
plan 'zip:
  adc.bits: [4, 6]
  dpu.lanes: [4]'
refused 'q.yaml:4: zip: dpu.lanes: 1 value; adc.bits in line 3 has 2'
plan 'grid:
  cost.library: [mca-14nm, nowhere]'
refuses 3 'q.yaml:3: cost.library: component library "nowhere": no nowhere.yaml *' "$MCASIM" sweep q.yaml -o out
refuses 2 's.yaml:[0-9]*: a scenario, for mcasim run; *' "$MCASIM" sweep s.yaml -o out
refuses 2 'q.yaml:1: scenario: unknown key; is this a sweep file, for mcasim sweep[?]' "$MCASIM" run q.yaml -o out
echo 'scenario: none.yaml' >q.yaml
refuses 3 'q.yaml:1: scenario: *none.yaml*No such file*' "$MCASIM" sweep q.yaml -o out
mkfifo pipe.yaml
echo 'scenario: pipe.yaml' >q.yaml
refuses 3 'q.yaml:1: scenario: pipe.yaml: not a regular file' timeout 10 "$MCASIM" sweep q.yaml -o out
rm pipe.yaml
echo 'seeds: 2' >q.yaml
refused 'q.yaml:1: scenario: the path of a scenario file is needed'

plan 'grid:
  adc: {bits: [4, 6]}'
refused 'q.yaml:3: grid: adc: a mapping; keys are written in full here: adc.KEY'
plan 'zip: {adc.bits: 4}'
refused "q.yaml:2: zip: adc.bits: '4' is not a list; write [[]4[]]"

# --- usage
plan 'seeds: 2'
refuses 2 'mcasim sweep: -o DIR is needed; see *' "$MCASIM" sweep q.yaml
refuses 2 'mcasim sweep: a sweep file is needed, or a name of ?mcasim scenarios?; see *' "$MCASIM" sweep -o out
refuses 2 "mcasim sweep: -j: '0' is not a whole number 1..256; see *" "$MCASIM" sweep q.yaml -o out -j 0
for shard in 0/2 3/2 1 1/ /2 x/2 1/0 -1/2; do
    refuses 2 "mcasim sweep: --shard: '$shard' is not I/N *" "$MCASIM" sweep q.yaml -o out --shard $shard
done
mkdir mine && echo text >mine/file
refuses 2 "mine exists and is not a sweep's directory; use another -o" "$MCASIM" sweep q.yaml -o mine

# --- results: one process and two give the same bytes
cat >q.yaml <<'END'
scenario: s.yaml
set: {train.epochs: 1}
grid:
  adc.bits: [4, 8, 8]
list:
  - {network.layers: [784, 10]}
  - {network.layers: [784, 12, 10], chi.bits: 18}
seeds: [3, 5]
pareto: [[accuracy, energy], [latency, area]]
END
capture "$MCASIM" sweep q.yaml -o one -j 1
[ "$status" -eq 0 ] || fail "sweep: exit status $status: $(cat "$cli_state/err")"
grep -q '^4 of 12 points are the same as others and run once$' "$cli_state/err" || fail 'repeated points'
grep -q '^Pareto front of accuracy and energy: ' "$cli_state/out" || fail 'no Pareto front on the terminal'
capture "$MCASIM" sweep q.yaml -o two -j 2 --quiet
[ "$status" -eq 0 ] || fail "-j 2: exit status $status"
[ "$(cat "$cli_state/out" "$cli_state/err")" = '' ] || fail '--quiet says something'
same_results one two
cmp -s q.yaml one/sweep.yaml || fail 'sweep.yaml is no copy'
[ "$(wc -l <one/sweep.csv)" -eq 9 ] || fail "sweep.csv: $(wc -l <one/sweep.csv) lines"
[ "$(wc -l <one/groups.csv)" -eq 5 ] || fail "groups.csv: $(wc -l <one/groups.csv) lines"
[ "$(find one/points -mindepth 1 -maxdepth 1 | wc -l)" -eq 8 ] || fail "points: $(ls -A one/points)"
[ "$(sed -n 2p one/sweep.csv | cut -d, -f 2-8)" = '1,4,"[784, 10]",16,3,done' ] ||
    fail "first point: $(sed -n 2p one/sweep.csv)"

# layers.csv: the layers of a point and what they share, which sum up to the point
[ "$(wc -l <one/layers.csv)" -eq 21 ] || fail "layers.csv: $(wc -l <one/layers.csv) lines"
awk -F, '
    function from_end(name,  c) {
        for (c = 1; $c != name; ++c) {}
        return NF - c
    }
    FILENAME != file { # names count from the end: a list among the swept values holds commas
        file = FILENAME
        energy = from_end("energy_j_per_image")
        area = from_end(file ~ /layers/ ? "area_mm2_total" : "area_mm2")
        weights = file ~ /layers/ ? from_end("array_weights") : 0
        next
    }
    file ~ /layers/ {
        ++rows[$1]
        energies[$1] += $(NF - energy)
        areas[$1] += $(NF - area)
        count[$1] += $(NF - weights)
        next
    }
    {
        wanted = /784, 12, 10/ ? 785 * 12 + 13 * 10 : 785 * 10
        if (rows[$1] != (/784, 12, 10/ ? 3 : 2)) print $1 ": " rows[$1] " rows"
        if (count[$1] != wanted) print $1 ": weights " count[$1]
        if ((energies[$1] / $(NF - energy) - 1) ^ 2 > 1e-24) print $1 ": energy " energies[$1]
        if ((areas[$1] / $(NF - area) - 1) ^ 2 > 1e-24) print $1 ": area " areas[$1]
        ++points
    }
    END { if (points != 8) print points " points" }' one/layers.csv one/sweep.csv >wrong
[ ! -s wrong ] || fail "layers.csv: $(cat wrong)"

# a point is what `mcasim run` makes of its scenario
point=$(sed -n 2p one/sweep.csv | cut -d, -f 1)
"$MCASIM" run s.yaml --set train.epochs=1 --set adc.bits=4 --seed 3 --quiet -o run || fail 'run'
for file in epochs.csv confusion.csv energy.csv energy_layers.csv ledger.json scenario.yaml; do
    cmp -s "run/$file" "one/points/$point/$file" || fail "$file differs from that of mcasim run"
done
grep -q "\"test_final\": $(sed -n 2p one/sweep.csv | cut -d, -f 9 | sed 's/[0-9]$//')" run/summary.json ||
    fail 'accuracy of the first point'

for command in explain compare; do
    refuses 2 'one is a sweep: its runs are one/points/HASH, its page is sweep.html' "$MCASIM" $command one run
done

# --- a dry run tells the plan in the columns of sweep.csv, and makes nothing
sed 's/\[4, 8, 8\]/[6, 4, 8]/' q.yaml >grown.yaml
capture "$MCASIM" sweep q.yaml --dry-run
[ "$status" -eq 0 ] || fail "--dry-run: exit status $status"
grep -q '^8 points in 4 settings: 8 open, 0 done, 0 failed$' "$cli_state/err" || fail "plan: $(cat "$cli_state/err")"
cut -d, -f 1-8,9 one/sweep.csv | sed 's/\(,done\|,status\),.*/\1/; s/,done$/,open/' | cmp -s - "$cli_state/out" ||
    fail "--dry-run is not the plan of sweep.csv: $(cat "$cli_state/out")"
capture "$MCASIM" sweep grown.yaml -n -o one
grep -q '^12 points in 6 settings: 4 open, 8 done, 0 failed$' "$cli_state/err" || fail "plan: $(cat "$cli_state/err")"
[ "$(grep -c ',open$' "$cli_state/out")" -eq 4 ] || fail 'open points of the dry run'
capture "$MCASIM" sweep q.yaml -n -o nowhere
[ "$status" -eq 0 ] && [ ! -e nowhere ] || fail '--dry-run made something'
refuses 2 "mine exists and is not a sweep's directory; use another -o" "$MCASIM" sweep q.yaml -n -o mine

# --- texts as they are; {} is the scenario itself
printf 'scenario: s.yaml\nlist: [{}, {report.name: other}, {cost.library: hermes-14nm}]\n' >texts.yaml
"$MCASIM" sweep texts.yaml --dry-run --quiet | cut -d, -f 2-4 >"$cli_state/out"
printf 'setting,report.name,cost.library\n1,,mca-14nm\n2,other,mca-14nm\n3,,hermes-14nm\n' |
    sed "s/^\([13]\),,/\1,$("$MCASIM" check s.yaml | sed -n 's/^  name: "\(.*\)"$/\1/p'),/" |
    cmp -s - "$cli_state/out" || fail "texts: $(cat "$cli_state/out")"

# --- finished points are never run again, and the results are written again to the same bytes
find one/points -type f -exec ls -l --time-style=full-iso {} + | sort >before
for file in $results; do rm "one/$file"; done
capture "$MCASIM" sweep q.yaml -o one
[ "$status" -eq 0 ] || fail "again: exit status $status"
find one/points -type f -exec ls -l --time-style=full-iso {} + | sort >after
cmp -s before after || fail 'points were run again'
same_results one two
# ... but one that is damaged is
: >"one/points/$point/summary.json"
capture "$MCASIM" sweep q.yaml -o one
grep -q 'running the point again$' "$cli_state/err" || fail "a damaged point: $(cat "$cli_state/err")"
same_results one two

# --- a sweep that grew takes its points up; another one is refused
capture "$MCASIM" sweep grown.yaml -o one -j 2
[ "$status" -eq 0 ] || fail "grown: exit status $status: $(cat "$cli_state/err")"
grep -q '^one: 4 points join the 8 of before$' "$cli_state/err" || fail "grown: $(cat "$cli_state/err")"
grep -q '^12 points, 8 done before; 2 at a time$' "$cli_state/err" || fail 'points of before were not taken'
"$MCASIM" sweep grown.yaml -o fresh --quiet || fail 'fresh'
same_results one fresh
refuses 2 'one holds another sweep: 4 of its 12 points are not in this one; use another -o' \
    "$MCASIM" sweep q.yaml -o one

# --- shards: the last one writes the results; variables say the same as --shard
capture "$MCASIM" sweep q.yaml -o parts --shard 2/2
[ "$status" -eq 0 ] || fail "shard 2/2: exit status $status: $(cat "$cli_state/err")"
grep -q '^4 points of other shards are not finished' "$cli_state/err" || fail "shard: $(cat "$cli_state/err")"
[ ! -e parts/sweep.csv ] || fail 'results before all points are done'
"$MCASIM" sweep q.yaml -o parts --shard 1/2 --quiet || fail 'shard 1/2'
same_results parts two
for task in 12 10; do
    SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_STEP=2 SLURM_ARRAY_TASK_COUNT=2 \
        "$MCASIM" sweep q.yaml -o slurm 2>"$cli_state/err" >/dev/null || fail 'Slurm'
    grep -q "^shard $((task / 2 - 4))/2 of 8 points (SLURM_ARRAY_TASK_ID)$" "$cli_state/err" ||
        fail "Slurm: $(cat "$cli_state/err")"
done
same_results slurm two
for rank in 0 1; do
    OMPI_COMM_WORLD_RANK=$rank OMPI_COMM_WORLD_SIZE=2 "$MCASIM" sweep q.yaml -o mpi --quiet || fail 'MPI'
done
same_results mpi two
# ... also of points that failed before and are tried again while the other shard works
cat >slow.yaml <<'END'
scenario: s.yaml
list: [{train.epochs: 1000}, {train.epochs: 1}, {train.epochs: 1001}, {train.epochs: 2}]
END
"$MCASIM" sweep slow.yaml -o again -n --quiet | sed -n 3p | cut -d, -f 1 >point.txt
mkdir -p "again/points/$(cat point.txt)/foreign"
capture "$MCASIM" sweep slow.yaml -o again --shard 2/2 --quiet
[ "$status" -eq 1 ] && [ -e "again/points/$(cat point.txt).failed" ] || fail "the point in the way does not fail: $status"
rm -r "again/points/$(cat point.txt)"
"$MCASIM" sweep slow.yaml -o again --shard 1/2 -j 1 --quiet >first.out 2>&1 &
first=$!
sleep 0.3 # it has seen what failed before
"$MCASIM" sweep slow.yaml -o again --shard 2/2 -j 1 --quiet || fail 'shard 2/2, again'
wait $first || fail "shard 1/2, again: $(cat first.out)"
[ "$(grep -c ',done,' again/sweep.csv)" -eq 4 ] || fail "a finished point counts as failed: $(cat again/sweep.csv)"
# a process of a point that somebody stops is started again
"$MCASIM" sweep slow.yaml -o ended -j 1 --quiet 2>ended.err &
sweeper=$!
tries=0
until child=$(pgrep -P $sweeper) || [ $tries -gt 500 ]; do sleep 0.01 && tries=$((tries + 1)); done
kill -TERM "$child"
wait $sweeper || fail "a stopped process: $(cat ended.err)"
[ "$(grep -c ',done,' ended/sweep.csv)" -eq 4 ] || fail 'a stopped process: not all points are done'
# at the same time
"$MCASIM" sweep q.yaml -o both --quiet &
"$MCASIM" sweep q.yaml -o both --quiet || fail 'two sweeps in one directory'
wait $! || fail 'two sweeps in one directory: the other one'
same_results both two

# --- the hashes follow the versions of a run's files; no pipe is waited for
schema=$(sed -n 's/^  "schema_version": \([0-9]*\),$/\1/p' "two/points/$(sed -n 2p two/points.txt)/summary.json")
grep -q ", summary $schema, " two/points.txt || fail "summaries of schema '$schema': $(head -n 1 two/points.txt)"
cp -r two piped && rm piped/points.txt && mkfifo piped/points.txt
refuses 3 'piped/points.txt: not a regular file' timeout 10 "$MCASIM" sweep q.yaml -o piped

# --- the claim of a process that is gone is taken over, and its shard with it
"$MCASIM" sweep q.yaml -o dead --shard 1/2 --quiet || fail 'shard'
other=$(sed -n 3p dead/points.txt)
host=$(hostname)
boot=$(cat /proc/sys/kernel/random/boot_id)
echo "$host $boot $(readlink /proc/self/ns/pid) 999999999 1" >"dead/points/$other.lock"
capture "$MCASIM" sweep q.yaml -o dead --shard 1/2
grep -q '^shard 2/2 died; taking its points over$' "$cli_state/err" || fail "dead shard: $(cat "$cli_state/err")"
same_results dead two
# ... of another machine only when it is old
"$MCASIM" sweep q.yaml -o far --shard 1/2 --quiet || fail 'shard'
echo 'far 1 1 1 1' >"far/points/$other.lock"
capture "$MCASIM" sweep q.yaml -o far --shard 1/2
[ ! -e far/sweep.csv ] || fail 'a fresh claim was taken over'
touch -d '3 minutes ago' "far/points/$other.lock"
capture "$MCASIM" sweep q.yaml -o far --shard 1/2
same_results far two

# --- a point that fails does not stop the rest
plan 'grid: {adc.bits: [4, 6, 8]}
set: {train.epochs: 1}'
mkdir -p bad/points
"$MCASIM" sweep q.yaml -o good --quiet || fail 'good'
second=$(sed -n 3p good/points.txt)
mkdir -p bad/points/"$second" && echo text >bad/points/"$second"/mine
capture "$MCASIM" sweep q.yaml -o bad -j 2
[ "$status" -eq 1 ] || fail "a failed point: exit status $status"
grep -q "^point $second failed (adc.bits 6, seed 1): bad/points/$second exists and is not a run's" "$cli_state/err" ||
    fail "a failed point: $(cat "$cli_state/err")"
[ "$(tail -n 1 "$cli_state/err")" = '1 of 3 points failed: bad/points/*.failed; the same command tries them again' ] ||
    fail "a failed point: $(tail -n 1 "$cli_state/err")"
empty=$(head -n 1 bad/sweep.csv | sed 's/.*,status//; s/[^,]//g') # what a failed point has of figures
grep -q "^$second,2,6,1,failed$empty$" bad/sweep.csv || fail "a failed point: $(cat bad/sweep.csv)"
[ "$(grep -c ',done,' bad/sweep.csv)" -eq 2 ] || fail 'a failed point stopped others'
[ -s "bad/points/$second.log" ] || fail 'a failed point has no log'
rm -r "bad/points/$second"
capture "$MCASIM" sweep q.yaml -o bad
[ "$status" -eq 0 ] || fail "tried again: exit status $status"
same_results bad good
[ "$(find bad/points -mindepth 1 -maxdepth 1 | wc -l)" -eq 3 ] || fail "left in points: $(ls -A bad/points)"

# --- random samples: the same every time, whole numbers where they must be
plan 'latin_hypercube:
  samples: 4
  seed: 7
  keys:
    adc.bits: {low: 4, high: 9}
    device.read_noise: {low: 0.1, high: 10, scale: log}
set: {train.epochs: 1}'
"$MCASIM" sweep q.yaml -o lhs1 --quiet -j 2 || fail 'latin_hypercube'
"$MCASIM" sweep q.yaml -o lhs2 --quiet -j 1 || fail 'latin_hypercube'
same_results lhs1 lhs2
[ "$(cut -d, -f 3 lhs1/sweep.csv | tail -n 4 | grep -Ec '^[4-9]$')" -eq 4 ] || fail 'adc.bits is not whole'

# --- every point's state, as in the table
[ "$(grep -c '"status": "done"' lhs1/sweep.json)" -eq "$(($(wc -l <lhs1/sweep.csv) - 1))" ] || fail 'states of points'

# --- the page again from sweep.json alone
mkdir page
cp lhs1/sweep.json page
"$MCASIM" report page || fail 'report of a sweep'
cmp lhs1/sweep.html page/sweep.html || fail 'another page from the same sweep.json'
echo '{}' >page/sweep.json
refuses 2 "page/sweep.json: not a sweep of schema_version 1" "$MCASIM" report page
for edit in 's/"schema_version": 1,/"schema_version": 2,/' '/^  "scenario": /d'; do # another version, or no name
    sed "$edit" lhs1/sweep.json >page/sweep.json
    cmp -s lhs1/sweep.json page/sweep.json && fail "'$edit' changes nothing"
    refuses 2 "page/sweep.json: not a sweep of schema_version 1" "$MCASIM" report page
done

# --- a point with the summary of another one is run again
find lhs1/points -name summary.json | sort >"$cli_state/summaries"
cp "$(sed -n 1p "$cli_state/summaries")" "$(sed -n 2p "$cli_state/summaries")"
rm lhs1/sweep.csv
capture "$MCASIM" sweep q.yaml -o lhs1 --quiet -j 1
[ "$status" -eq 0 ] || fail "a foreign summary: $(cat "$cli_state/err")"
same_results lhs1 lhs2

# --- signals: processes stopped, one line, resumable
plan 'seeds: 4
set: {train.epochs: 10000, train.learning_rate_decay: 1}'
for pair in INT:130 TERM:143; do
    "$MCASIM" sweep q.yaml -o stopped -j 2 >"$cli_state/out" 2>"$cli_state/err" &
    sweep=$!
    tries=0
    while [ "$(find stopped/points -maxdepth 1 -name '*.lock' 2>/dev/null | wc -l)" -lt 2 ] && [ $tries -lt 300 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    sleep 1 # they train
    kill -"${pair%:*}" $sweep
    wait $sweep
    status=$?
    [ "$status" -eq "${pair#*:}" ] || fail "SIG${pair%:*}: exit status $status"
    [ "$(tail -n 1 "$cli_state/err")" = 'interrupted: 0 of 4 points are done; the same command resumes' ] ||
        fail "SIG${pair%:*}: $(cat "$cli_state/err")"
    # what runs leave to go on from
    [ -z "$(find stopped/points -mindepth 1 -maxdepth 1 ! -name '*.partial')" ] || fail "SIG${pair%:*} left $(ls -A stopped/points)"
    [ "$(find stopped/points -name checkpoint | wc -l)" -eq 2 ] || fail "SIG${pair%:*}: no checkpoints"
done
# ... and a parent that is killed takes its processes along
"$MCASIM" sweep q.yaml -o stopped -j 2 >/dev/null 2>&1 &
sweep=$!
sleep 1
children=$(pgrep -P $sweep)
[ "$(echo "$children" | wc -l)" -eq 2 ] || fail "the sweep runs: $children"
kill -KILL $sweep
wait $sweep 2>/dev/null
sleep 0.5
for child in $children; do
    # it may wait for somebody to ask for its exit status
    grep -q '^State:.[^ZX]' "/proc/$child/status" 2>/dev/null && fail "process $child outlived the sweep"
done

# links that somebody planted are not followed
printf 'scenario: s.yaml\ngrid: {chi.bits: [15, 16]}\n' >links.yaml
mkdir -p planted elsewhere
echo precious >victim
ln -s "$PWD/elsewhere" planted/points
refuses 2 'planted/points is no directory of its own; use another -o' "$MCASIM" sweep links.yaml -o planted --quiet
[ -z "$(ls elsewhere)" ] || fail 'a sweep wrote through a link'
rm planted/points && mkdir planted/points
"$MCASIM" sweep links.yaml -o planted --dry-run 2>/dev/null | sed -n '2,$s/,.*//p' | while read -r point; do
    ln -s "$PWD/victim" "planted/points/$point.log"
done
"$MCASIM" sweep links.yaml -o planted --quiet >/dev/null || fail 'a sweep beside planted links'
[ "$(cat victim)" = precious ] || fail 'a log was written through a link'
# one in the place of a claim is no claim of somebody who works
rm -rf planted/points/* planted/sweep.csv
point=$("$MCASIM" sweep links.yaml -o planted --dry-run 2>/dev/null | sed -n '2s/,.*//p')
for target in "$PWD/victim" none /dev/zero; do
    ln -sf "$target" "planted/points/$point.lock"
    refuses 2 "planted/points/$point.lock is no file of a sweep; remove it" timeout 60 "$MCASIM" sweep links.yaml -o planted --quiet
done
rm "planted/points/$point.lock" && mkfifo "planted/points/$point.lock"
refuses 2 "planted/points/$point.lock is no file of a sweep; remove it" timeout 60 "$MCASIM" sweep links.yaml -o planted --quiet
[ "$(cat victim)" = precious ] || fail 'a claim was written through a link'
finish
