#!/bin/sh
# Signals: exit status 130 or 143, one line, nothing left behind but a checkpoint; remains of a killed run.
. "$(dirname "$0")/lib.sh"

write_small_scenario s.yaml
# Starts a run that would take very long, with further options, and waits until it trains. Its process: $run. Signals do what they
# do by default, or as $signals says: a test under nohup would hand on that SIGHUP is ignored.
signals=--default-signal=HUP,INT,TERM
start() {
    env $signals "$MCASIM" run s.yaml "$@" --set train.epochs=10000 --set train.learning_rate_decay=1 \
        --set network.layers='[784, 500, 10]' -o deep/run >"$cli_state/out" 2>"$cli_state/err" &
    run=$!
    tries=0
    while [ ! -s deep/run.partial/scenario.yaml ] && [ $tries -lt 300 ] &&
        kill -0 "$run" 2>/dev/null; do
        sleep 0.1
        tries=$((tries + 1))
    done
    sleep 0.3
}
for pair in INT:130 TERM:143 HUP:143; do
    start --no-checkpoint
    kill -"${pair%:*}" "$run"
    wait "$run"
    status=$?
    [ "$status" -eq "${pair#*:}" ] || fail "SIG${pair%:*}: exit status $status"
    [ "$(wc -l <"$cli_state/err")" -eq 1 ] || fail "SIG${pair%:*}: $(cat "$cli_state/err")"
    [ ! -s "$cli_state/out" ] || fail "SIG${pair%:*}: text on stdout"
    [ ! -e deep ] || fail "SIG${pair%:*}: left $(find deep)"
done

# nohup stays in force
signals=--ignore-signal=HUP
start --no-checkpoint
kill -HUP "$run"
sleep 0.5
kill -0 "$run" 2>/dev/null || fail 'SIGHUP ends a run that ignores it'
kill -TERM "$run"
wait "$run"
status=$?
[ "$status" -eq 143 ] || fail "SIGTERM after SIGHUP: exit status $status"
signals=--default-signal=HUP,INT,TERM

# with checkpoints, which is what happens, the run can go on, and that is told
start --checkpoint-every 0
while [ ! -e deep/run.partial/checkpoint ] && kill -0 "$run" 2>/dev/null; do sleep 0.05; done
kill -TERM "$run"
wait "$run"
status=$?
[ "$status" -eq 143 ] || fail "with a checkpoint: exit status $status"
grep -Eq '^interrupted in epoch [0-9]+; --resume goes on from deep/run.partial/checkpoint$' "$cli_state/err" ||
    fail "with a checkpoint: $(cat "$cli_state/err")"
[ "$(find deep -type f | sort | tr '\n' ' ')" = 'deep/run.partial/.lock deep/run.partial/checkpoint deep/run.partial/scenario.yaml ' ] ||
    fail "with a checkpoint: $(find deep)"
rm -r deep

# a second run keeps out of a living one's way
start --no-checkpoint
refuses 2 'deep/run.partial: another run is working there; use another -o' \
    "$MCASIM" run s.yaml -o deep/run
kill -KILL "$run"
wait "$run" 2>/dev/null
[ -e deep/run.partial ] || fail 'the killed run left nothing to clear'

# ... and takes over from a killed one
capture "$MCASIM" run s.yaml -o deep/run
[ "$status" -eq 0 ] || fail "after a killed run: $(cat "$cli_state/err")"
[ "$(cat "$cli_state/err")" = 'deep/run.partial: clearing what an unfinished run left' ] ||
    fail "after a killed run: '$(cat "$cli_state/err")'"
[ "$(ls -A deep)" = run ] || fail "after a killed run: $(ls -A deep)"
[ ! -e deep/run/.lock ] || fail 'the lock is left in the results'
finish
