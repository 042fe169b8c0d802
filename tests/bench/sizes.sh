#!/bin/sh
# From 10^4 to 10^8 weights on one thread: time and memory of the reference chip with hidden layers of many sizes, on synthetic
# digits. The largest takes 3 GB of memory, a minute and 2 GB of disk for its results.
set -eu
program=${MCASIM:-build/release/bin/mcasim}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
value() { sed -n "s/.*\"$1\": \([0-9.e+]*\).*/\1/p" "$work/run/summary.json"; }
printf '%12s %8s %16s %22s %14s %10s\n' weights hidden 'training us' 'ns a weight and image' 'memory MB' 'bytes/wt'
for size in 13:20000 126:20000 1258:4000 12580:400 125800:100; do
    hidden=${size%:*} images=${size#*:}
    rm -rf "$work/run"
    "$program" run scenarios/mnist-mca.yaml --threads 1 --quiet -o "$work/run" --set "network.layers=[784, $hidden, 10]" \
        --set train.epochs=1 --set train.validation_images=0 --set dataset.name=synthetic-digits \
        --set dataset.synthetic_train=20000 --set dataset.synthetic_test=10 --set "train.images=$images"
    echo "$hidden $(value train_images_per_s) $(value peak_rss_bytes)" >>"$work/figures"
done
awk '{
    weights = 785 * $1 + ($1 + 1) * 10
    if (NR == 1) constant = $3 # the program, its libraries and 20,000 digits
    printf "%12d %8d %16.1f %22.3f %14.1f %10s\n", weights, $1, 1e6 / $2, 1e9 / $2 / weights, $3 / 1e6,
        NR == 1 ? "" : sprintf("%.1f", ($3 - constant) / weights)
}' "$work/figures"
