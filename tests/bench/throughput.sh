#!/bin/sh
# Throughput of the reference chip on one thread: median over repetitions of one epoch.
set -eu
program=${MCASIM:-build/release/bin/mcasim}
repetitions=${1:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
value() { sed -n "s/.*\"$1\": \([0-9.e+]*\).*/\1/p" "$2/summary.json"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
i=0
while [ "$i" -lt "$repetitions" ]; do
    "$program" run scenarios/mnist-mca.yaml --threads 1 --set train.epochs=1 -o "$work/$i" --quiet
    "$program" run scenarios/mnist-mca.yaml --threads 1 --set train.epochs=1 --set train.images=1 \
        --set train.test_images=1 -o "$work/start$i" --quiet
    value train_images_per_s "$work/$i" >>"$work/train"
    value test_images_per_s "$work/$i" >>"$work/test"
    value peak_rss_bytes "$work/$i" >>"$work/rss"
    value wall_s "$work/start$i" >>"$work/start"
    i=$((i + 1))
done
echo "training images/s   $(median <"$work/train")"
echo "test images/s       $(median <"$work/test")"
echo "peak resident bytes $(median <"$work/rss")"
echo "start-up s          $(median <"$work/start")  (data, initial weights, one image, results)"
