#!/bin/sh
# What the machinery of a sweep costs: 8 points of a few seconds as a sweep with one process, and with two, against the same runs by
# hand, one after the other and two side by side. Ratios of one run; on a quiet machine.
set -eu
program=${MCASIM:-build/release/bin/mcasim}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
now() { date +%s.%N; }
cat >"$work/sweep.yaml" <<END
scenario: $PWD/scenarios/mnist-mca.yaml
set: {train.epochs: 2}
seeds: 8
END
by_hand() { # seeds
    for seed in "$@"; do
        "$program" run scenarios/mnist-mca.yaml --set train.epochs=2 --seed "$seed" --threads 1 --quiet -o "$work/$seed" --force
    done
}
a=$(now)
by_hand 1 2 3 4 5 6 7 8
b=$(now)
"$program" sweep "$work/sweep.yaml" -o "$work/one" -j 1 --quiet >"$work/out"
c=$(now)
by_hand 1 3 5 7 &
by_hand 2 4 6 8
wait
d=$(now)
"$program" sweep "$work/sweep.yaml" -o "$work/two" -j 2 --quiet >"$work/out"
e=$(now)
echo "$a $b $c $d $e" | awk '{
    printf "one process:   %.2f s by hand, %.2f s as a sweep: %+.1f %%\n", $2 - $1, $3 - $2, 100 * (($3 - $2) / ($2 - $1) - 1)
    printf "two processes: %.2f s by hand, %.2f s as a sweep: %.3f of the rate by hand\n", $4 - $3, $5 - $4, ($4 - $3) / ($5 - $4)
}'
