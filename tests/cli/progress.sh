#!/bin/sh
# The bar: on a terminal only, without colours under NO_COLOR, and gone at the end. A sweep's row likewise.
. "$(dirname "$0")/lib.sh"

. "$SOURCE_DIR/tests/need.sh"
need script "Debian's package bsdutils has it"
script -qec true /dev/null >/dev/null 2>&1 || refused_here "script makes no terminal here"
write_small_scenario s.yaml
cat >job.sh <<END
exec "$MCASIM" run s.yaml --set train.epochs=200 --set dataset.synthetic_train=2000 -o out --force
END
escape=$(printf '\033')

TERM=xterm script -qec 'sh job.sh >/dev/null' /dev/null >"$cli_state/tty" </dev/null
grep -q '^.*train [0-9]*/200 .*\[#*-*\].* % .* images/s .* left' "$cli_state/tty" || fail 'no bar'
[ "$(tail -c 1 "$cli_state/tty")" = "$(printf '\r')" ] || fail 'the bar stays on the screen'
grep -q "$escape\[36m" "$cli_state/tty" || fail 'no colour on a terminal'

NO_COLOR=1 TERM=xterm script -qec 'sh job.sh' /dev/null >"$cli_state/tty" </dev/null
grep -q 'images/s' "$cli_state/tty" || fail 'no bar under NO_COLOR'
grep -q "$escape" "$cli_state/tty" && fail 'escapes under NO_COLOR'
tr '\r' '\n' <"$cli_state/tty" | grep -q ' left *[^ ]' && fail 'the summary begins behind the bar'

TERM=dumb script -qec 'sh job.sh >/dev/null' /dev/null >"$cli_state/tty" </dev/null
[ -s "$cli_state/tty" ] && fail 'a bar on a dumb terminal'

printf '%s\n' 'scenario: s.yaml' 'grid: {seed: [1, 2, 3]}' >sweep.yaml
echo "exec \"$MCASIM\" sweep sweep.yaml -o swept --jobs 1" >job.sh
TERM=xterm script -qec 'sh job.sh >/dev/null' /dev/null >"$cli_state/tty" </dev/null
tr '\r' '\n' <"$cli_state/tty" >rows
[ "$(grep -c 'done  running  failed      left  best accuracy so far' rows)" -eq 1 ] || fail "$(cat rows)"
grep -q '^ *0/3  *1  *0  *-:--  - *$' rows || fail "no first row: $(cat rows)"
grep -Eq '^ *3/3  *0  *0  *0:00  [0-9.]+ %  seed [123] *$' rows || fail "no last row: $(cat rows)"
finish
