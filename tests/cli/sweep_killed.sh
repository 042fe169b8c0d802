#!/bin/sh
# 64 points, the process group killed at random times, five times: the same bytes as undisturbed; the
# same over two shards.
. "$(dirname "$0")/lib.sh"

sweep=$SOURCE_DIR/scenarios/sweeps/quick.yaml
results='sweep.csv groups.csv pareto.csv layers.csv sweep.json'
same_results() { # DIR
    for file in $results; do
        cmp -s "whole/$file" "$1/$file" || fail "$1: $file is not that of an undisturbed sweep"
    done
    [ "$(find "$1/points" -mindepth 1 -maxdepth 1 | wc -l)" -eq 64 ] || fail "$1: points holds $(find "$1/points" -mindepth 1 -maxdepth 1 ! -type d)"
}
done_in() {
    find "$1/points" -mindepth 2 -maxdepth 2 -name summary.json -not -path '*.partial/*' 2>/dev/null | wc -l
}

# kill_at DIR POINTS SECONDS COMMAND...: in a process group of its own, all of which is killed the seconds after DIR has
# that many points
kill_at() {
    dir=$1
    points=$2
    seconds=$3
    shift 3
    setsid "$@" >/dev/null 2>&1 &
    group=$!
    until kill -0 -$group 2>/dev/null; do sleep 0.001; done # the group is there
    while [ "$(done_in "$dir")" -lt "$points" ] && kill -0 $group 2>/dev/null; do sleep 0.002; done
    sleep "$seconds"
    kill -KILL -$group 2>/dev/null || fail "killed at $points points: it had ended"
    wait $group 2>/dev/null
}

"$MCASIM" sweep "$sweep" -o whole -j 2 --quiet || fail 'undisturbed'
[ "$(grep -c ',done,' whole/sweep.csv)" -eq 64 ] || fail 'not 64 points'

# as it begins, and four times at random points and moments
mkdir -p killed/points
kill_at killed 0 0.005 "$MCASIM" sweep "$sweep" -o killed -j 2
for when in $(awk 'BEGIN { srand(20); for (i = 0; i < 4; ++i) printf "%d/%.3f ", 1 + 4 * rand(), 0.02 * rand() }'); do
    kill_at killed $(($(done_in killed) + ${when%/*})) "${when#*/}" "$MCASIM" sweep "$sweep" -o killed -j 2
    echo "killed: $(done_in killed) points done"
    [ ! -e killed/sweep.csv ] || fail 'results before all points were done'
done
for worker in killed/points/.worker.*; do : >"killed/points/.${worker##*/}.1"; done # killed as it wrote this
"$MCASIM" sweep "$sweep" -o killed -j 2 --quiet || fail 'after five kills'
same_results killed

# two shards side by side, one of them killed and started again
mkdir -p shards/points
"$MCASIM" sweep "$sweep" -o shards -j 1 --shard 1/2 --quiet &
first=$!
kill_at shards 2 0.01 "$MCASIM" sweep "$sweep" -o shards -j 1 --shard 2/2
"$MCASIM" sweep "$sweep" -o shards -j 1 --shard 2/2 --quiet || fail 'shard 2/2'
wait $first || fail 'shard 1/2'
same_results shards

# a checkpoint that a point cannot go on from is not dropped without a word
write_small_scenario s.yaml
printf 'scenario: s.yaml\ngrid: {chi.bits: [15]}\n' >one.yaml
point=$("$MCASIM" sweep one.yaml -o told --dry-run 2>/dev/null | sed -n '2s/,.*//p')
mkdir -p "told/points/$point.partial"
: >"told/points/$point.partial/.lock"
echo x >"told/points/$point.partial/checkpoint"
"$MCASIM" sweep one.yaml -o told -j 1 >"$cli_state/out" 2>&1 || fail "told: $(cat "$cli_state/out")"
grep -q "^point $point: told/points/$point.partial/checkpoint: not a whole checkpoint; starting from the beginning" "$cli_state/out" || fail "dropped silently: $(cat "$cli_state/out")"
finish
