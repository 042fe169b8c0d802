#!/bin/sh
# 64 points, the process group killed at random times, five times: the same bytes as undisturbed; the
# same over two shards.
. "$(dirname "$0")/lib.sh"

sweep=$SOURCE_DIR/scenarios/sweeps/quick.yaml
results='sweep.csv groups.csv pareto.csv sweep.json'
same_results() { # DIR
    for file in $results; do
        cmp -s "whole/$file" "$1/$file" || fail "$1: $file is not that of an undisturbed sweep"
    done
    [ "$(find "$1/points" -mindepth 1 -maxdepth 1 | wc -l)" -eq 64 ] || fail "$1: points holds $(find "$1/points" -mindepth 1 -maxdepth 1 ! -type d)"
}
# kill_after SECONDS COMMAND...: in a process group of its own, all of which is killed
kill_after() {
    seconds=$1
    shift
    setsid "$@" >/dev/null 2>&1 &
    group=$!
    sleep "$seconds"
    kill -KILL -$group 2>/dev/null || fail "killed after $seconds s: it had ended"
    wait $group 2>/dev/null
}
done_in() {
    find "$1/points" -mindepth 2 -maxdepth 2 -name summary.json -not -path '*.partial/*' | wc -l
}

start=$(date +%s%N)
"$MCASIM" sweep "$sweep" -o whole -j 2 --quiet || fail 'undisturbed'
took=$((($(date +%s%N) - start) / 1000000)) # ms
[ "$(grep -c ',done,' whole/sweep.csv)" -eq 64 ] || fail 'not 64 points'

# five times at 2 .. 8 % of the whole time: at most 40 % of the work is done before the last start, and the clock may be
# wrong by a factor of two
times=$(awk -v took=$took 'BEGIN { srand(20); for (i = 0; i < 5; ++i) printf "%.3f ", took * (0.02 + 0.06 * rand()) / 1000 }')
for seconds in $times; do
    kill_after "$seconds" "$MCASIM" sweep "$sweep" -o killed -j 2
    [ -d killed/points ] && echo "killed after $seconds s: $(done_in killed) points done"
    [ ! -e killed/sweep.csv ] || fail 'results before all points were done'
done
[ "$(done_in killed)" -gt 0 ] || fail 'no kill found a finished point'
"$MCASIM" sweep "$sweep" -o killed -j 2 --quiet || fail 'after five kills'
same_results killed

# two shards side by side, one of them killed and started again
"$MCASIM" sweep "$sweep" -o shards -j 1 --shard 1/2 --quiet &
first=$!
kill_after "${times%% *}" "$MCASIM" sweep "$sweep" -o shards -j 1 --shard 2/2
"$MCASIM" sweep "$sweep" -o shards -j 1 --shard 2/2 --quiet || fail 'shard 2/2'
wait $first || fail 'shard 1/2'
same_results shards
finish
