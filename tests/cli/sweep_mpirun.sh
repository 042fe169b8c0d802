#!/bin/sh
# Ranks of Open MPI as shards: four ranks make the results of one process.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"

need mpirun "tools/setup --full installs openmpi-bin"
sweep=$SOURCE_DIR/scenarios/sweeps/quick.yaml
"$MCASIM" sweep "$sweep" -o whole --quiet || fail 'one process'
capture mpirun --allow-run-as-root --oversubscribe -np 4 "$MCASIM" sweep "$sweep" -o ranks -j 1
[ "$status" -eq 0 ] || fail "mpirun: exit status $status: $(cat "$cli_state/err")"
for rank in 1 2 3 4; do
    grep -q "^shard $rank/4 of 64 points (OMPI_COMM_WORLD_RANK)$" "$cli_state/err" ||
        fail "rank $rank: $(cat "$cli_state/err")"
done
for file in sweep.csv groups.csv pareto.csv layers.csv sweep.json; do
    cmp -s "whole/$file" "ranks/$file" || fail "$file differs"
done
finish
