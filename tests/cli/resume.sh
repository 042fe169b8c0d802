#!/bin/sh
# Checkpoints: a run that was stopped and killed again and again ends with the same bytes as one that was not; what does
# not fit is refused, and nothing is lost.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
cat >>s.yaml <<'END'
refresh: {every_images: 30}
END
training='--set train.epochs=400 --set train.learning_rate_decay=1 --set train.batch=3 --set train.augment_shift=3 --set train.augment_flip=true'
# Files of a run but for those with the wall clock.
same_run() { # DIR DIR
    for file in $(cd "$1" && find . -type f ! -name report.html ! -name summary.json | sort); do
        cmp -s "$1/$file" "$2/$file" || fail "$2/$file is not that of a run that was never stopped"
    done
    for dir in "$1" "$2"; do sed -e '/"runtime"/,/}/d' -e '/^  "checksum"/d' "$dir/summary.json" >"$cli_state/$(basename "$dir").json"; done
    cmp -s "$cli_state/$(basename "$1").json" "$cli_state/$(basename "$2").json" || fail "$2/summary.json is another one"
}

# shellcheck disable=SC2086
"$MCASIM" run s.yaml $training -o whole --quiet || fail 'a run that is not stopped'

inode() { stat -c %i "$1" 2>/dev/null || echo none; }
# kill_after_checkpoint SIGNAL DIR PID: when there is another checkpoint than now, and a little later
kill_after_checkpoint() {
    before=$(inode "$2.partial/checkpoint")
    while [ "$(inode "$2.partial/checkpoint")" = "$before" ] && kill -0 "$3" 2>/dev/null; do sleep 0.01; done
    sleep 0.02
    kill "-$1" "$3" 2>/dev/null
}

# stopped_and_killed DIR SIGNAL... -- ARGUMENT...: a run that is stopped (SIGINT) and killed (SIGKILL) in turn, then left alone
stopped_and_killed() {
    dir=$1
    shift
    signals=
    while [ "$1" != -- ]; do
        signals="$signals $1"
        shift
    done
    shift
    for signal in $signals; do
        "$MCASIM" run "$@" -o "$dir" --resume --checkpoint-every 0 >"$cli_state/out" 2>"$cli_state/err" &
        run=$!
        kill_after_checkpoint "$signal" "$dir" $run || fail "$dir, SIG$signal: the run had ended"
        wait $run 2>/dev/null
    done
    capture "$MCASIM" run "$@" -o "$dir" --resume
}
# shellcheck disable=SC2086
stopped_and_killed part INT KILL INT KILL INT KILL -- s.yaml $training
[ "$status" -eq 0 ] || fail "resumed: exit status $status: $(cat "$cli_state/err")"
grep -Eq '^part.partial/checkpoint: going on in epoch [0-9]+ after [0-9]+ of 200 images$' "$cli_state/err" ||
    fail "going on: $(cat "$cli_state/err")"
[ ! -e part.partial ] || fail 'part.partial is left'
[ ! -e part/checkpoint ] || fail 'the checkpoint is left in the results'
same_run whole part

# layers of every kind, their full scales found again from images
cat >layers.yaml <<'END'
base: s.yaml
network:
  layers:
    - conv2d: {filters: 3, kernel: 5, stride: 3, activation: relu}
    - max_pool: {kernel: 2}
    - conv2d: {filters: 3, kernel: 3, padding: 1, activation: tanh}
    - residual_sum: {from: 1, activation: identity}
    - avg_pool: {kernel: 2}
    - dense: {units: 10}
train: {epochs: 80, loss: softmax, learning_rate_decay: 1}
END
"$MCASIM" run layers.yaml -o layers --quiet || fail 'layers, not stopped'
stopped_and_killed layers_part INT KILL INT KILL -- layers.yaml
[ "$status" -eq 0 ] || fail "layers: exit status $status: $(cat "$cli_state/err")"
grep -Eq '^layers_part.partial/checkpoint: going on in epoch [0-9]+ after [0-9]+ of 200 images$' "$cli_state/err" ||
    fail "layers, going on: $(cat "$cli_state/err")"
same_run layers layers_part

# none there: from the beginning
capture "$MCASIM" run s.yaml -o fresh --resume
[ "$status" -eq 0 ] || fail "--resume without a checkpoint: exit status $status"
grep -qx 'fresh.partial/checkpoint: there is none; starting from the beginning' "$cli_state/err" || fail "none: $(cat "$cli_state/err")"

# a checkpoint is neither lost nor taken for another run's
# shellcheck disable=SC2086
"$MCASIM" run s.yaml $training -o held --checkpoint-every 0 --quiet 2>"$cli_state/err" &
run=$!
kill_after_checkpoint INT held $run
wait $run
# shellcheck disable=SC2086
go() { "$MCASIM" run s.yaml $training -o held "$@"; }
refuses 2 'held.partial holds a checkpoint of a run that has not ended; --resume goes on from it, --force starts anew' go
find held.partial -type f | sort | xargs cksum >held.sums
untouched() {
    find held.partial -type f | sort | xargs cksum | cmp -s - held.sums || fail "what was refused has changed held.partial: $*"
}
# told with the key that differs, before anything is cleared or written over
for try in 1 2; do
    refuses 2 'held.partial/checkpoint: made with seed=1, this run asks 9; --force starts anew' go --seed 9 --resume --quiet
    untouched "seed, try $try"
done
refuses 2 'held.partial/checkpoint: made with train.learning_rate_decay=1, this run asks 0.5; --force starts anew' \
    go --set train.learning_rate_decay=0.5 --resume --quiet
untouched learning_rate_decay
cp held.partial/scenario.yaml good.yaml
rm held.partial/scenario.yaml # nothing to compare: the checkpoint itself knows that it is another one
refuses 2 'held.partial/checkpoint: of another scenario or seed; --force starts anew' go --seed 9 --resume --quiet
cp good.yaml held.partial/scenario.yaml
refuses 2 'held.partial/checkpoint: of another set of initial weights; --force starts anew' go --weights fresh/weights --resume --quiet
refuses 2 'mcasim run: --resume and --trace exclude each other; *' go --resume --trace 1
refuses 2 'mcasim run: --resume and --force exclude each other; *' go --resume --force
refuses 2 "mcasim run: --checkpoint-every: 'often' is not a whole number 0..1000000; *" go --checkpoint-every often
cp held.partial/checkpoint good
head -c 5000 good >held.partial/checkpoint
refuses 2 'held.partial/checkpoint: not a whole checkpoint; --force starts anew' go --resume --quiet
: >held.partial/checkpoint
refuses 2 'held.partial/checkpoint: not a whole checkpoint; --force starts anew' go --resume --quiet
# shellcheck disable=SC2086
rm held.partial/checkpoint && mkfifo held.partial/checkpoint
refuses 3 'held.partial/checkpoint: not a regular file' timeout 10 "$MCASIM" run s.yaml $training -o held --resume --quiet
rm held.partial/checkpoint && cp good held.partial/checkpoint
# shellcheck disable=SC2086
"$MCASIM" run s.yaml $training -o held --resume --quiet || fail 'after all that'
same_run whole held
# what --force forgets
mkdir forced.partial && touch forced.partial/.lock && cp good forced.partial/checkpoint
"$MCASIM" run s.yaml -o forced --force --quiet || fail '--force over a checkpoint'
same_run fresh forced

# a run that was to replace a finished one goes on to do so; one that writes no more checkpoints goes on too
"$MCASIM" run s.yaml -o forced --force --quiet || fail 'forced'
# shellcheck disable=SC2086
"$MCASIM" run s.yaml $training -o forced --force --checkpoint-every 0 --quiet 2>/dev/null &
run=$!
kill_after_checkpoint INT forced $run
wait $run
# shellcheck disable=SC2086
capture "$MCASIM" run s.yaml $training -o forced --resume --no-checkpoint
[ "$status" -eq 0 ] || fail "replacing: $(cat "$cli_state/err")"
same_run whole forced

# a signal that comes twice at once is one request
# shellcheck disable=SC2086
"$MCASIM" run s.yaml $training -o twice --checkpoint-every 1000 --quiet 2>"$cli_state/err" &
run=$!
while [ ! -e twice.partial/scenario.yaml ]; do sleep 0.01; done
sleep 0.1
kill -TERM $run
kill -TERM $run
wait $run
status=$?
[ "$status" -eq 143 ] && [ -e twice.partial/checkpoint ] || fail "twice at once: exit status $status: $(cat "$cli_state/err")"

# results that cannot be renamed are not lost
"$MCASIM" run s.yaml --set train.epochs=300 -o taken --quiet 2>"$cli_state/err" &
run=$!
while [ ! -e taken.partial/scenario.yaml ]; do sleep 0.01; done
mkdir taken && touch taken/note
wait $run
status=$?
[ "$status" -eq 3 ] || fail "in the way: exit status $status"
grep -q '^cannot rename taken.partial: .*; the results are there$' "$cli_state/err" || fail "in the way: $(cat "$cli_state/err")"
[ -e taken.partial/summary.json ] || fail 'in the way: the results are lost'

# no room for one: told, and the run goes on. The limit leaves room for the results.
capture sh -c 'ulimit -f 2000 && exec "$MCASIM" run s.yaml --set network.layers="[784, 100, 10]" -o full --checkpoint-every 0'
[ "$status" -eq 0 ] || fail "no room: exit status $status: $(cat "$cli_state/err")"
grep -q '^full.partial/checkpoint: cannot be written: File too large$' "$cli_state/err" || fail "no room: $(cat "$cli_state/err")"

# a run that is whole needs nothing more, so that `until mcasim run --resume ..` ends
cp -r full kept
capture "$MCASIM" run s.yaml --set 'network.layers=[784, 100, 10]' -o full --resume
[ "$status" -eq 0 ] && [ "$(cat "$cli_state/out")" = 'full holds this run, finished' ] || fail "a whole run: exit status $status: $(cat "$cli_state/out" "$cli_state/err")"
diff -r full kept >/dev/null && [ ! -e full.partial ] || fail 'a whole run was touched'
refuses 2 'full holds a finished run of another scenario, made with network.layers=\[784, 100, 10\], this run asks *; use another -o, or run --force to replace it' "$MCASIM" run s.yaml -o full --resume

# ... nor is a run on other data the same, though its scenario is: two images of two pixels, their labels 0 and 1
printf '\000\000\010\003\000\000\000\002\000\000\000\001\000\000\000\002\001\002\003\004' >images
printf '\000\000\010\001\000\000\000\002\000\001' >labels
cat >own.yaml <<END
network: {layers: [2, 2]}
dataset: {name: idx, train_images: images, train_labels: labels, test_images: images, test_labels: labels}
END
"$MCASIM" run own.yaml -o own --quiet || fail 'a run on data of its own'
"$MCASIM" run own.yaml -o own --resume --quiet || fail 'the same data'
printf '\000\000\010\003\000\000\000\002\000\000\000\001\000\000\000\002\001\002\003\005' >images
refuses 2 'own holds a finished run on other data; use another -o, or run --force to replace it' \
    "$MCASIM" run own.yaml -o own --resume --quiet

# a checkpoint is not dropped for weights that cannot be read
mkdir -p kept.partial && : >kept.partial/.lock && echo x >kept.partial/checkpoint
capture "$MCASIM" run s.yaml -o kept --force --weights none
[ "$status" -eq 3 ] && [ -s kept.partial/checkpoint ] || fail "--force --weights none: exit status $status"
finish
