#!/bin/sh
# Killed before any of the system calls that sync, rename and remove: the old results or the new ones are whole, in DIR or, marked, in
# DIR.partial, and the next run goes on from there. `kill_windows.sh all` tries every call, writing and closing too, otherwise every third.
. "$(dirname "$0")/lib.sh"
. "$SOURCE_DIR/tests/need.sh"
need strace "tools/setup --tests installs it"
can_trace || refused_here "processes may not be traced here"
step=3
calls='rename renameat2 fsync unlinkat'
if [ "${1:-}" = all ]; then
    step=1
    calls="$calls unlink rmdir mkdir link openat write close"
fi
kills=0

write_tiny_scenario s.yaml
digest() { # of what depends on no clock
    (cd "$1" 2>/dev/null && tail -n 1 summary.json | grep -qx '}' && tail -n 1 report.html | grep -q '</html>' &&
        cat scenario.yaml epochs.csv energy.csv ledger.json chip.json weights/*.npy | cksum) 2>/dev/null
}
new_run() { "$MCASIM" run s.yaml --seed 2 --quiet "$@"; }

# Runs a command killed before its N-th call of each kind, N = 1, 1 + step .. until it is not killed any more; `prepare` and `check`
# around it. strace counts the calls of each kind by themselves. Names are changed in few calls: all of them are tried.
each_window() { # COMMAND ...
    for call in $calls; do
        n=1
        while :; do
            prepare
            strace -f -qq -o /dev/null -e trace="$call" -e inject="$call:signal=SIGKILL:when=$n" sh -c 'exec "$@"' - "$@" >"$cli_state/out" 2>&1
            status=$?
            # a sweep outlives its points and tells of them
            [ $status -eq 137 ] || grep -q 'ended by signal 9' "$cli_state/out" || break
            kills=$((kills + 1))
            check || fail "$what, killed before $call number $n: lost"
            case $call in rename*) n=$((n + 1)) ;; *) n=$((n + step)) ;; esac
        done
        [ $status -eq 0 ] || fail "$what, not killed: exit status $status: $(cat "$cli_state/out")"
        check || fail "$what, not killed: lost"
    done
}
no_remains() { # PATH: nothing but the results
    [ ! -e "$1.partial" ] && [ -z "$(find "$1" -name '.*' ! -path "$1")" ] && [ ! -e "$1/checkpoint" ]
}

"$MCASIM" run s.yaml --seed 1 -o old --quiet || fail 'old run'
new_run -o new || fail 'new run'
old=$(digest old)
new=$(digest new)
[ -n "$old" ] && [ -n "$new" ] && [ "$old" != "$new" ] || fail 'no two runs to tell apart'

# a run that replaces another one
what='run --force'
prepare() {
    rm -rf d d.partial
    cp -r old d
}
check() {
    found=$(digest d)
    [ "$found" = "$old" ] || [ "$found" = "$new" ] || return 1
    new_run -o d --force 2>"$cli_state/next" && [ "$(digest d)" = "$new" ] && no_remains d
}
each_window "$MCASIM" run s.yaml --seed 2 -o d --force --quiet

# a run that is new: what was whole is not done again
what='run'
prepare() { rm -rf d d.partial; }
check() {
    whole=no
    [ ! -e d.partial/.complete ] && [ "$(digest d)" != "$new" ] || whole=yes
    new_run -o d --resume 2>"$cli_state/next" && [ "$(digest d)" = "$new" ] && no_remains d || return 1
    # trained again, a run tells of what it cleared away; taken up, of that
    [ $whole = no ] || ! grep -q clearing "$cli_state/next"
}
each_window "$MCASIM" run s.yaml --seed 2 -o d --quiet

# a checkpoint that is replaced by the next one
what='checkpoints'
each_window "$MCASIM" run s.yaml --seed 2 -o d --quiet --checkpoint-every 0

what='price -o'
prepare() { rm -rf p p.partial; }
check() {
    [ "$(digest old)" = "$old" ] || return 1
    if [ -e p ] || [ -e p.partial/.complete ]; then # whole: a next one finds it
        "$MCASIM" price old --library isaac-32nm -o p --quiet 2>"$cli_state/next" && return 1
        grep -q 'p holds a finished run' "$cli_state/next" || return 1
    else
        "$MCASIM" price old --library isaac-32nm -o p --quiet 2>"$cli_state/next" || return 1
    fi
    grep -q isaac-32nm p/scenario.yaml && tail -n 1 p/summary.json | grep -qx '}' && no_remains p
}
each_window "$MCASIM" price old --library isaac-32nm -o p --quiet

what='report'
prepare() { :; }
check() { [ "$(digest old)" = "$old" ]; }
each_window "$MCASIM" report old

# over an older page: that one or the new one
what='compare -o'
"$MCASIM" compare old new -o page.html >/dev/null 2>&1 || fail 'compare'
"$MCASIM" compare new old -o other.html >/dev/null 2>&1 || fail 'compare'
prepare() { cp other.html c.html; }
check() { cmp -s c.html page.html || cmp -s c.html other.html; }
every=$calls
[ $step -eq 1 ] || calls="$every write" # it is written aside
each_window "$MCASIM" compare old new -o c.html --force --quiet
calls=$every
cmp -s c.html page.html || fail 'compare -o: not the new page'

# with a trace, which has no checkpoints
what='run --trace'
prepare() { rm -rf d d.partial; }
check() {
    new_run -o d --resume 2>"$cli_state/next" && [ "$(digest d)" = "$new" ] && no_remains d
}
each_window "$MCASIM" run s.yaml --seed 2 -o d --trace 1 --quiet

what='sweep'
cat >sweep.yaml <<'EOF'
scenario: s.yaml
seeds: [1, 2]
grid: {chi.bits: [15, 16]}
EOF
"$MCASIM" sweep sweep.yaml -o whole -j 1 --quiet >/dev/null || fail 'sweep'
prepare() { rm -rf w; }
check() {
    "$MCASIM" sweep sweep.yaml -o w -j 1 --quiet >/dev/null 2>"$cli_state/next" &&
        cmp -s w/sweep.csv whole/sweep.csv && cmp -s w/pareto.csv whole/pareto.csv
}
each_window "$MCASIM" sweep sweep.yaml -o w -j 1 --quiet
least=30
[ $step -ne 1 ] || least=200
[ "$kills" -ge $least ] || fail "only $kills kills"
echo "$kills kills"
rm -rf d d.partial p p.partial old new w whole
finish
